//! Writes the quality report as a table, and as a page of text.

use crate::info::population_estimate;
use crate::number::counted;
use crate::statement::Statement;
use crate::table::{Table, text_cell};
use crate::typed::{Cell, Kind, TableColumn, TableGeometry, TypedTable};
use crate::typed_geojson::{Collection, geometry};
use crate::words::{KINDS, SEVERITIES, dictionary, zh};
use circle_model::city::{FindingKind, KeyOf, Severity};
use circle_model::{City, Point};
use circle_plan::Remark;
use serde_json::json;
use std::fmt::Write;
use std::sync::Arc;

/// Writes the table `severity, kind, id, name, lon, lat, message, district, subdistrict, message_zh`, in the
/// order of the entries.
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
            sentence(remark),
        ]);
    }
    table.finish()
}

/// The report as a typed table.
pub fn quality_table(city: &City, remarks: &[Remark]) -> TypedTable {
    let columns = [
        ("severity", "程度 severity"),
        ("kind", "问题 kind"),
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
        let words =
            [severity.word(), kind.word(), id, name, sentence(remark), message, district, subdistrict];
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
                "message_zh": sentence(remark),
            },
        }));
    }
    collection.finish(&Statement::of(city))
}

/// The report as two sheets of a workbook: the number of entries of each kind, own files first; then the
/// entries.
pub fn quality_tables(city: &City, remarks: &[Remark]) -> [TypedTable; 2] {
    let findings = quality_table(city, remarks).with_coordinates(|row| remarks[row].point);
    [quality_counts(remarks), findings.with_printed_columns(8)]
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
            table.text(zh(&KINDS, first.kind.word())),
            (count as u32).into(),
            table.text(sentence(first)),
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

/// The Chinese explanation of a kind of entry, with what to do. Figures are in the entry's message.
fn sentence(remark: &Remark) -> &'static str {
    match remark.kind {
        FindingKind::NoCategory if remark.is_of_own_file() => {
            "这一行没有类别，从名称和代码也看不出类别，没有采用；请补上类别"
        }
        // An entry without a thing is a sum over the whole city.
        FindingKind::Merged if remark.about.is_none() => {
            "合计：合并的同一处要素、并入主体的组成部分，或只供本小区居民使用的公园；条数见详情"
        }
        FindingKind::Island if remark.point.is_none() => "其余较短的孤立路段，合计见详情",
        kind => zh(&SENTENCES, kind.word()),
    }
}

/// Explanations by kind, as the page has them; those for own files are here only.
const SENTENCES: [(&str, &str); 21] = [
    ("rejected_row", "自有文件里的这一行没有采用，原因见详情；请改正后重新生成"),
    ("odd_row", "自有文件里的这一行已经采用，但有可疑之处，见详情；请核对"),
    ("coordinates", "自有文件的坐标系或坐标有疑问，见详情；请核对位置"),
    ("correction_applied", "这一条更正已经应用"),
    ("correction_stale", "这一条更正已不适用：对象在数据里找不到，或已经改过；请核对后删去"),
    ("compound_on_island", "出入口只通向一段孤立的路；请在地图上把它和街道连起来"),
    (
        "compound_shut_in",
        "封闭小区、限行道路或上锁的门挡住了所有出来的路；请改正地图，或在自有数据里给它一个出入口",
    ),
    ("compound_off_network", "没有路通到这里，什么也算不出；请在自有数据里给它一个出入口"),
    ("possible_duplicate", "附近有同名设施，可能是同一处；两处都保留了"),
    ("island", "这段路和别的路都不相连；地图上少了一个路口或大门"),
    ("no_mapped_gate", "没有测绘或登记的出入口，由附近的路代替；请在自有数据里列出"),
    ("gate_to_survey", "没有测绘的出入口，有的结论取决于门在哪一侧；请现场踏勘，并在自有数据里列出"),
    ("facility_on_island", "到这里的路和别的路都不相连，别处的人谁也算不进；请在地图上把它和街道连起来"),
    (
        "facility_shut_in",
        "封闭小区、限行道路或上锁的门挡住了所有通往它的路；请改正地图，或在自有数据里说明它对外开放",
    ),
    ("facility_off_network", "没有路通到这里，谁也算不进；请改正位置或补画周围的路"),
    ("category_without_source", "整份数据里一处也没有，缺了不说明问题；请提供自有数据"),
    ("few_records", "和别处相比记录明显偏少，缺口可能是数据的缺口；请提供自有数据"),
    ("no_category", "地图上有名字的地点，类别表里没有对应的类"),
    ("merged", "几条记录是同一处，已合并"),
    ("clipped_boundary", "边界被数据范围裁断，沿边缘合拢；数字只代表范围内的部分"),
    ("no_population", "自有数据没有人口，地图上也没有画出住宅楼"),
];

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

    fn remark(kind: FindingKind, id: &str) -> Remark {
        let (name, message) = (String::new(), "in English".to_owned());
        Remark { severity: Severity::Info, kind, about: None, id: id.to_owned(), name, point: None, message }
    }

    #[test]
    fn every_kind_has_a_chinese_explanation() {
        for kind in FindingKind::ALL {
            assert!(!sentence(&remark(*kind, "1")).is_ascii(), "{}", kind.word());
            assert!(!sentence(&remark(*kind, "")).is_ascii(), "{}", kind.word());
        }
        assert_eq!(SENTENCES.len(), FindingKind::ALL.len());
    }
}
