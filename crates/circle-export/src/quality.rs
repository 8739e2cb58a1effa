//! The quality report as a table, and as a page to read.

use crate::info::population_estimate;
use crate::number::counted;
use crate::statement::Statement;
use crate::table::{Table, text_cell};
use crate::typed::{Cell, Column, Kind, TableGeometry, TypedTable};
use crate::typed_geojson::{Collection, geometry};
use crate::words::{KINDS, SEVERITIES, dictionary, zh};
use circle_model::city::{FindingKind, Severity};
use circle_model::{City, Point};
use circle_plan::Remark;
use serde_json::json;
use std::fmt::Write;
use std::sync::Arc;

/// The table `severity, kind, id, name, lon, lat, message`, in the order of the findings.
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
    table.set_words("severity", Arc::new(dictionary(&SEVERITIES)));
    table.set_words("kind", Arc::new(dictionary(&KINDS)));
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

/// The sheets of a workbook of the report: how many findings there are of each kind, own files first; then the findings.
pub fn quality_tables(remarks: &[Remark]) -> [TypedTable; 2] {
    let findings = quality_table(remarks).with_coordinates(|row| remarks[row].point);
    [quality_counts(remarks), findings.with_printed_columns(5)]
}

fn quality_counts(remarks: &[Remark]) -> TypedTable {
    let columns = vec![
        Column::new("of", "来自 of", Kind::Text),
        Column::new("severity", "程度 severity", Kind::Text),
        Column::new("kind", "问题 kind", Kind::Text),
        Column::new("findings", "条数 findings", Kind::Whole),
        Column::new("first", "例 first", Kind::Text),
    ];
    let mut table = TypedTable::new("summary", "概要 summary", columns);
    for (first, count) in counts(remarks) {
        let of = if first.is_of_own_file() { "自有文件" } else { "地图" };
        let cells = [
            table.text(of),
            table.text(zh(&SEVERITIES, first.severity.word())),
            table.text(zh(&KINDS, first.kind.word())),
            (count as u32).into(),
            table.text(&first.message),
        ];
        table.push(&cells);
    }
    table
}

/// The first finding of each kind, and how many there are, in the order of the report.
fn counts(remarks: &[Remark]) -> Vec<(&Remark, usize)> {
    let mut counts: Vec<(&Remark, usize)> = Vec::new();
    for remark in remarks {
        let same = |other: &Remark| {
            (other.is_of_own_file(), other.severity, other.kind)
                == (remark.is_of_own_file(), remark.severity, remark.kind)
        };
        match counts.iter_mut().find(|(first, _)| same(first)) {
            Some((_, count)) => *count += 1,
            None => counts.push((remark, 1)),
        }
    }
    counts
}

/// A screenful: how many of each kind, the first of what is of own files, and what became of their rows.
pub fn quality_summary(city: &City, remarks: &[Remark]) -> String {
    const SHOWN: usize = 3;
    let mut text = String::new();
    let count = |severity: Severity| remarks.iter().filter(|remark| remark.severity == severity).count();
    let _ = writeln!(
        text,
        "{}, {}, {}",
        counted(count(Severity::Error), "error"),
        counted(count(Severity::Warning), "warning"),
        counted(count(Severity::Info), "note")
    );
    let is_own = |of: &&(&Remark, usize)| of.0.is_of_own_file();
    let counts = counts(remarks);
    if counts.iter().any(|it| is_own(&it)) {
        let _ = writeln!(text, "of your own files 自有文件:");
    }
    for (first, count) in counts.iter().filter(is_own) {
        let _ = writeln!(text, "  {:<8}{count:>6} {}", first.severity.word(), in_words(first.kind));
        let of_kind = remarks
            .iter()
            .filter(|it| it.is_of_own_file() && (it.severity, it.kind) == (first.severity, first.kind))
            .filter(|it| it.severity != Severity::Info);
        for remark in of_kind.take(SHOWN) {
            let name = if remark.name.is_empty() { String::new() } else { format!("{} — ", remark.name) };
            let _ = writeln!(text, "    {name}{}", remark.message);
        }
    }
    if counts.iter().any(|it| !is_own(&it)) {
        let _ = writeln!(text, "of the map 地图:");
    }
    for (first, count) in counts.iter().filter(|it| !is_own(it)) {
        let _ = writeln!(text, "  {:<8}{count:>6} {}", first.severity.word(), in_words(first.kind));
    }
    if let Some(estimate) = population_estimate(city) {
        let _ = writeln!(text, "{estimate}");
    }
    text.push_str(&own_files_summary(city));
    text
}

fn in_words(kind: FindingKind) -> String {
    kind.word().replace('_', " ")
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
            "{} ({}{crs}): {} = {} taken + {} merged + {rejected} left out{reasons}",
            file.name,
            file.layer,
            counted(usize::try_from(file.rows).unwrap_or(usize::MAX), "row"),
            file.accepted,
            file.merged
        );
        for said in &file.said {
            let _ = writeln!(text, "  {said}");
        }
    }
    text
}
