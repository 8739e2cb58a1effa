//! The quality report as a table, and as a page to read.

use crate::info::population_estimate;
use crate::statement::Statement;
use crate::table::{Table, text_cell};
use crate::typed::{Cell, Column, Kind, TableGeometry, TypedTable};
use crate::typed_geojson::{Collection, geometry};
use circle_model::city::{FindingKind, Severity};
use circle_model::{City, Point};
use circle_plan::Remark;
use serde_json::json;
use std::fmt::Write;

/// The table `severity, kind, id, name, lon, lat, message`, the gravest first.
pub fn quality_csv(remarks: &[Remark]) -> Vec<u8> {
    let mut table = Table::new(["severity", "kind", "id", "name", "lon", "lat", "message"]);
    for remark in remarks {
        let degrees = |point: Point| {
            let at = point.lon_lat();
            [at.lon.to_string(), at.lat.to_string()]
        };
        let [lon, lat] = remark.point.map_or_else(Default::default, degrees);
        table.row([
            remark.severity.word(),
            remark.kind.word(),
            &text_cell(&remark.id),
            &text_cell(&remark.name),
            &lon,
            &lat,
            &text_cell(&remark.message),
        ]);
    }
    table.finish()
}

/// The same as a typed table.
pub fn quality_table(remarks: &[Remark]) -> TypedTable {
    let columns = [
        ("severity", "程度 severity"),
        ("kind", "问题 kind"),
        ("id", "编号 id"),
        ("name", "名称 name"),
        ("message", "说明 message"),
    ];
    let columns = columns.map(|(key, heading)| Column::new(key, heading, Kind::Text)).to_vec();
    let mut table = TypedTable::new("quality", "数据质量 quality", columns).with_places();
    for remark in remarks {
        let words = [remark.severity.word(), remark.kind.word(), &remark.id, &remark.name, &remark.message];
        let cells = words.map(|word| if word.is_empty() { Cell::None } else { table.text(word) });
        match remark.point {
            Some(point) => table.push_at(TableGeometry::Point(point), &cells),
            None => table.push(&cells),
        }
    }
    table
}

/// The same as features, those that lie nowhere without a geometry.
pub fn quality_geojson(city: &City, remarks: &[Remark]) -> Vec<u8> {
    let mut collection = Collection::new();
    for remark in remarks {
        let geometry = remark.point.map(|point| geometry(&TableGeometry::Point(point)));
        collection.push(&json!({
            "type": "Feature",
            "geometry": geometry,
            "properties": {
                "severity": remark.severity.word(),
                "kind": remark.kind.word(),
                "id": remark.id,
                "name": remark.name,
                "message": remark.message,
            },
        }));
    }
    collection.finish(&Statement::of(city))
}

/// How many of each kind, with the first of them; and what became of the rows of own files.
pub fn quality_summary(city: &City, remarks: &[Remark]) -> String {
    const SHOWN: usize = 3;
    let mut text = String::new();
    let count = |severity: Severity| remarks.iter().filter(|remark| remark.severity == severity).count();
    let _ = writeln!(
        text,
        "{} errors, {} warnings, {} notes",
        count(Severity::Error),
        count(Severity::Warning),
        count(Severity::Info)
    );
    for severity in Severity::ALL {
        for kind in FindingKind::ALL {
            let of_kind: Vec<&Remark> =
                remarks.iter().filter(|it| it.severity == *severity && it.kind == *kind).collect();
            if of_kind.is_empty() {
                continue;
            }
            let _ =
                writeln!(text, "\n{} {}: {}", of_kind.len(), kind.word().replace('_', " "), severity.word());
            for remark in of_kind.iter().take(SHOWN) {
                let name =
                    if remark.name.is_empty() { String::new() } else { format!("{} — ", remark.name) };
                let _ = writeln!(text, "  {name}{}", remark.message);
            }
            if of_kind.len() > SHOWN {
                let _ = writeln!(text, "  … and {} more", of_kind.len() - SHOWN);
            }
        }
    }
    if let Some(estimate) = population_estimate(city) {
        let _ = writeln!(text, "\n{estimate}");
    }
    text.push_str(&own_files_summary(city));
    text
}

/// One line for each own file: rows = taken + merged + left out, with the reasons.
pub fn own_files_summary(city: &City) -> String {
    let mut text = String::new();
    for file in &city.meta().own {
        let rejected: u64 = file.rejected.values().sum();
        let reasons: Vec<String> = file
            .rejected
            .iter()
            .map(|(reason, count)| format!("{count} {}", reason.replace('_', " ")))
            .collect();
        let reasons = if reasons.is_empty() { String::new() } else { format!(" ({})", reasons.join(", ")) };
        let crs = if file.crs.is_empty() { String::new() } else { format!(", {}", file.crs) };
        let _ = writeln!(
            text,
            "{} ({}{crs}): {} rows = {} taken + {} merged + {rejected} left out{reasons}",
            file.name, file.layer, file.rows, file.accepted, file.merged
        );
        for said in &file.said {
            let _ = writeln!(text, "  {said}");
        }
    }
    text
}
