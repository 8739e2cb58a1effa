//! Writes the quality report as a table, and as a page of text.

use crate::info::population_estimate;
use crate::number::counted;
use crate::statement::Statement;
use crate::table::{Table, text_cell};
use crate::typed::{Cell, Kind, TableColumn, TableGeometry, TypedTable};
use crate::typed_geojson::{Collection, geometry};
use crate::words::{SEVERITIES, dictionary, kind_zh, message_zh, zh};
use circle_model::city::{FindingKind, KeyOf, Severity};
use circle_model::{City, Point};
use circle_plan::Remark;
use serde_json::json;
use std::fmt::Write;
use std::sync::Arc;

/// Writes the table `severity, kind, id, name, lon, lat, message, district, subdistrict, message_zh, kind_zh`,
/// in the order of the entries.
pub fn quality_csv(city: &City, remarks: &[Remark]) -> Vec<u8> {
    let mut table = Table::new([
        "severity",
        "kind",
        "id",
        "name",
        "lon",
        "lat",
        "message",
        "district",
        "subdistrict",
        "message_zh",
        "kind_zh",
    ]);
    for remark in remarks {
        let degrees = |point: Point| {
            let at = point.lon_lat();
            [at.lon.to_string(), at.lat.to_string()]
        };
        let [lon, lat] = remark.point.map_or_else(Default::default, degrees);
        let [district, subdistrict] = units(city, remark);
        table.row([
            remark.severity.word(),
            remark.kind.word(),
            &text_cell(&remark.id),
            &text_cell(&remark.name),
            &lon,
            &lat,
            &text_cell(&remark.message),
            &text_cell(district),
            &text_cell(subdistrict),
            message_zh(remark),
            kind_zh(remark.kind),
        ]);
    }
    table.finish()
}

/// The report as a typed table.
pub fn quality_table(city: &City, remarks: &[Remark]) -> TypedTable {
    let columns = [
        ("severity", "程度 severity"),
        ("kind", "问题代码 kind"),
        ("kind_zh", "问题 kind_zh"),
        ("id", "编号 id"),
        ("name", "名称 name"),
        ("message_zh", "说明 message_zh"),
        ("message", "详情 message"),
        ("district", "区 district"),
        ("subdistrict", "街道 subdistrict"),
    ];
    let columns = columns.map(|(key, heading)| TableColumn::new(key, heading, Kind::Text)).to_vec();
    let mut table = TypedTable::new("quality", "数据质量 quality", columns).with_places();
    for remark in remarks {
        let Remark { severity, kind, id, name, message, .. } = remark;
        let [district, subdistrict] = units(city, remark);
        let (kind, kind_zh, message_zh) = (kind.word(), kind_zh(*kind), message_zh(remark));
        let words = [severity.word(), kind, kind_zh, id, name, message_zh, message, district, subdistrict];
        let cells = words.map(|word| if word.is_empty() { Cell::None } else { table.text(word) });
        match remark.point {
            Some(point) => table.push_at(TableGeometry::Point(point), &cells),
            None => table.push(&cells),
        }
    }
    table.set_words("severity", Arc::new(dictionary(&SEVERITIES)));
    table
}

/// The report as features; entries without a position have no geometry.
pub fn quality_geojson(city: &City, remarks: &[Remark]) -> Vec<u8> {
    let mut collection = Collection::new();
    for remark in remarks {
        let geometry = remark.point.map(|point| geometry(&TableGeometry::Point(point)));
        let [district, subdistrict] = units(city, remark).map(|name| (!name.is_empty()).then_some(name));
        collection.push(&json!({
            "type": "Feature",
            "geometry": geometry,
            "properties": {
                "severity": remark.severity.word(),
                "kind": remark.kind.word(),
                "id": remark.id,
                "name": remark.name,
                "message": remark.message,
                "district": district,
                "subdistrict": subdistrict,
                "message_zh": message_zh(remark),
                "kind_zh": kind_zh(remark.kind),
            },
        }));
    }
    collection.finish(&Statement::of(city))
}

/// Number of columns that are printed: all but the coordinates.
const PRINTED: usize = 9;

/// The report as two sheets of a workbook: the number of entries of each kind, own files first; then the
/// entries.
pub fn quality_tables(city: &City, remarks: &[Remark]) -> [TypedTable; 2] {
    let findings = quality_table(city, remarks).with_coordinates(|row| remarks[row].point);
    [quality_counts(remarks), findings.with_printed_columns(PRINTED)]
}

fn quality_counts(remarks: &[Remark]) -> TypedTable {
    let columns = vec![
        TableColumn::new("of", "来自 of", Kind::Text),
        TableColumn::new("severity", "程度 severity", Kind::Text),
        TableColumn::new("kind", "问题 kind", Kind::Text),
        TableColumn::new("findings", "条数 findings", Kind::Whole),
        TableColumn::new("message_zh", "说明 message_zh", Kind::Text),
        TableColumn::new("first", "例 first", Kind::Text),
    ];
    let mut table = TypedTable::new("summary", "概要 summary", columns);
    for (first, count) in counts(remarks) {
        let of = if first.is_of_own_file() { "自有文件" } else { "地图" };
        let cells = [
            table.text(of),
            table.text(zh(&SEVERITIES, first.severity.word())),
            table.text(kind_zh(first.kind)),
            (count as u32).into(),
            table.text(message_zh(first)),
            table.text(&first.message),
        ];
        table.push(&cells);
    }
    table
}

/// The first entry of each kind with the number of entries, in the order of the report.
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

/// A summary of one screen: the number of entries of each kind, the first entries about own files, and the
/// fate of their rows.
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

/// District and subdistrict of the compound or facility that an entry is about; empty for other entries.
fn units<'a>(city: &'a City, remark: &Remark) -> [&'a str; 2] {
    let units = match remark.about {
        Some((KeyOf::Compound, row)) => city.compounds()[row as usize].units(),
        Some((KeyOf::Facility, row)) => city.facilities()[row as usize].units(),
        _ => return [""; 2],
    };
    [units[0], units[1]].map(|unit| unit.map_or("", |unit| city.text(city.units()[unit.index()].name)))
}

fn in_words(kind: FindingKind) -> String {
    kind.word().replace('_', " ")
}

/// One line for each own file: rows = taken + merged + left out, with the reasons.
pub fn own_files_summary(city: &City) -> String {
    let mut text = String::new();
    for file in &city.meta().own {
        let rejected = file.rejected.values().fold(0u64, |sum, count| sum.saturating_add(*count));
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
        for remark in &file.remarks {
            let _ = writeln!(text, "  {remark}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use circle_model::city::{CityTables, Meta};

    #[test]
    fn findings_are_in_chinese_beside_their_codes() {
        let (name, message) = ("甲小区".to_owned(), "in English".to_owned());
        let (severity, kind) = (Severity::Warning, FindingKind::NoMappedGate);
        let remark = Remark { severity, kind, about: None, id: "w1".to_owned(), name, point: None, message };
        let city = City::from_tables(CityTables::default(), &Meta::default()).unwrap();
        let csv = String::from_utf8(quality_csv(&city, std::slice::from_ref(&remark))).unwrap();
        let row = csv.lines().nth(1).unwrap();
        assert!(
            row.starts_with("warning,no_mapped_gate,w1,甲小区,,,in English,,,没有测绘或登记的出入口"),
            "{row}"
        );
        assert!(row.ends_with(",没有测绘的出入口"), "{row}");
        let table = quality_table(&city, std::slice::from_ref(&remark));
        let cells = table.rows().next().unwrap();
        assert_eq!(table.words_at(cells, "kind"), Some("no_mapped_gate"));
        assert_eq!(table.words_at(cells, "kind_zh"), Some("没有测绘的出入口"));
        let [_, printed] = quality_tables(&city, &[remark]);
        assert_eq!(printed.columns().len(), printed.printed_columns().unwrap() + 2);
    }
}
