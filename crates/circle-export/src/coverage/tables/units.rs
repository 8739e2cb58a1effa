//! Verdicts added up over units.

use super::{CoverageTables, minutes_up};
use crate::typed::{Bar, Cell, Column, Kind, TableGeometry, TypedTable};
use crate::typed_geojson::{Collection, geometry, value};
use circle_plan::{Counted, Group, Key, Level, People, RollUp, RolledLine, ShareRange, Tally, Verdict};
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// A row per unit and line.
pub(super) fn table(tables: &CoverageTables<'_>, levels: &[&RollUp]) -> TypedTable {
    let mut table = TypedTable::new("units", "分级汇总 units", columns()).with_places();
    for roll_up in levels {
        for (number, group) in roll_up.groups.iter().enumerate() {
            let place = place(tables, group);
            for (line, tally) in roll_up.lines.iter().zip(roll_up.of_group(number)) {
                let cells = cells(tables, &mut table, roll_up.level, group, line, tally);
                match &place {
                    Some(place) => table.push_at(place.clone(), &cells),
                    None => table.push(&cells),
                }
            }
        }
    }
    table
}

/// The units of one level as a layer: what is asked for in all, as far as the data can tell.
pub(super) fn layer(tables: &CoverageTables<'_>, roll_up: &RollUp) -> TypedTable {
    let name = format!("units_{}", roll_up.level.word());
    let title = format!("{}达标率 {}", roll_up.level.zh(), roll_up.level.word());
    let mut table = TypedTable::new(name, title, columns()).with_places();
    let Some(last) = roll_up.lines.len().checked_sub(1) else { return table };
    for (number, group) in roll_up.groups.iter().enumerate() {
        let (line, tally) = (&roll_up.lines[last], &roll_up.of_group(number)[last]);
        if let Some(place) = place(tables, group) {
            let cells = cells(tables, &mut table, roll_up.level, group, line, tally);
            table.push_at(place, &cells);
        }
    }
    table
}

/// The whole city in a few columns, the lines that most people lack first.
pub(super) fn summary(tables: &CoverageTables<'_>) -> TypedTable {
    let columns = vec![
        Column::new("line", "条目 line", Kind::Text),
        Column::new("compounds_covered", "达标小区 covered", Kind::Whole),
        Column::new("compounds_gap", "缺口小区 gap", Kind::Whole),
        Column::new("compounds_unknown", "未知小区 unknown", Kind::Whole),
        Column::new("compounds_share_proven", "小区达标率 已证实 proven", Kind::Number).shown_as("0.0%"),
        Column::new("compounds_share_possible", "小区达标率 至多 possible", Kind::Number).shown_as("0.0%"),
        Column::new("residents_gap", "缺口居民 residents lacking", Kind::Whole),
        Column::new("residents_gap_estimated", "其中估算 of these estimated", Kind::Whole),
        Column::new("compounds_gap_without_population", "缺口小区中人口未知 unknown", Kind::Whole),
        Column::new("residents_share_proven", "居民达标率 已证实 proven", Kind::Number).shown_as("0.0%"),
        Column::new("residents_share_possible", "居民达标率 至多 possible", Kind::Number).shown_as("0.0%"),
        Column::new("completeness", "数据完整度 completeness", Kind::Number).shown_as("0%"),
        Column::new("elderly_gap", "缺口老年人 elderly lacking", Kind::Whole),
        Column::new("children_gap", "缺口儿童 children lacking", Kind::Whole),
        Column::new("median_minutes", "最近步行 中位 分钟 median", Kind::Number).shown_as("0.0"),
        Column::new("p90_minutes", "最近步行 九成 分钟 p90", Kind::Number).shown_as("0.0"),
    ];
    let colours = crate::look::day().verdict;
    let bars = [(1, colours.covered), (2, colours.gap), (3, colours.unknown)];
    let bars = bars.into_iter().map(|(column, colour)| Bar { column, colour }).collect();
    let mut table = TypedTable::new("summary", "概要 summary", columns).with_bars(bars);
    let Some(city) = tables.levels.iter().find(|it| it.level == Level::City) else { return table };
    if city.groups.is_empty() {
        return table;
    }
    let mut lines: Vec<(&RolledLine, &Tally)> = city.lines.iter().zip(city.of_group(0)).collect();
    // Stable, so the rule set's order decides among equals; what is asked for in all comes last.
    lines.sort_by_key(|(line, tally)| {
        (line.of, std::cmp::Reverse((tally.residents.known.gap, tally.compounds.gap)))
    });
    for (line, tally) in lines {
        // How far it is to what the map hardly holds is no fact.
        let spread = tally.spread.filter(|_| line.has_source);
        let [compounds_proven, compounds_possible] = range(tally.compounds.range());
        let [residents_proven, residents_possible] = range(tally.residents.range());
        let row = [
            table.text(tables.report.title_of(line)),
            whole(tally.compounds.covered),
            whole(tally.compounds.gap),
            whole(tally.compounds.unknown),
            compounds_proven,
            compounds_possible,
            people(tally.residents, Verdict::Gap),
            whole(tally.residents_estimated.gap),
            whole(tally.residents.without.gap),
            residents_proven,
            residents_possible,
            completeness(tables, line, &city.groups[0]).into(),
            people(tally.elderly, Verdict::Gap),
            people(tally.children, Verdict::Gap),
            spread.map(|spread| minutes_up(spread.median_seconds)).into(),
            spread.map(|spread| minutes_up(spread.p90_seconds)).into(),
        ];
        table.push(&row);
    }
    table
}

/// What is counted, and whether it is people.
const COUNTED: [(&str, &str, bool); 7] = [
    ("compounds", "小区", false),
    ("households", "户", true),
    ("residents", "居民", true),
    ("elderly_compounds", "老年人步行 小区", false),
    ("elderly", "老年人", true),
    ("children_compounds", "带小孩步行 小区", false),
    ("children", "儿童", true),
];

fn columns() -> Vec<Column> {
    let mut columns = vec![
        Column::new("level", "级别 level", Kind::Text),
        Column::new("level_zh", "级别", Kind::Text),
        Column::new("unit_id", "单元编号 unit id", Kind::Text),
        Column::new("unit_name", "单元 unit", Kind::Text),
        Column::new("unit_code", "代码 code", Kind::Text),
        Column::new("parent_name", "上级 parent", Kind::Text),
        Column::new("partial", "不完整 partial", Kind::Flag),
        Column::new("category", "类别 category", Kind::Text),
        Column::new("line", "条目 line", Kind::Text),
        Column::new("has_source", "全市数据足以判断缺口 has source", Kind::Flag),
        Column::new("completeness", "数据完整度 completeness", Kind::Number).shown_as("0%"),
    ];
    for (key, zh, is_people) in COUNTED {
        for (word, meaning) in [("covered", "达标"), ("gap", "缺口"), ("unknown", "未知")] {
            columns.push(Column::new(format!("{key}_{word}"), format!("{zh} {meaning} {word}"), Kind::Whole));
        }
        for (word, heading) in [
            ("share_proven", format!("{zh} 达标率 已证实 proven")),
            ("share_possible", format!("{zh} 达标率 至多 possible")),
            ("share", format!("{zh} 达标率（未知不到 5%）share")),
        ] {
            columns.push(Column::new(format!("{key}_{word}"), heading, Kind::Number).shown_as("0.0%"));
        }
        if is_people {
            let heading = format!("{zh}数未知的小区 without {key}");
            columns.push(Column::new(format!("compounds_without_{key}"), heading, Kind::Whole));
        }
    }
    columns.extend([
        Column::new("residents_estimated", "居民 其中估算 estimated", Kind::Whole),
        Column::new("residents_gap_low", "缺口居民 至少 gap low", Kind::Whole),
        Column::new("residents_gap_high", "缺口居民 至多 gap high", Kind::Whole),
        Column::new("straight_covered", "直线 达标小区 straight covered", Kind::Whole),
        Column::new("straight_gap", "直线 缺口小区 straight gap", Kind::Whole),
        Column::new("straight_unknown", "直线 未知小区 straight unknown", Kind::Whole),
        Column::new("compounds_walked", "能走到的小区 walked", Kind::Whole),
        Column::new("median_seconds", "最近步行 中位 秒 median", Kind::Number),
        Column::new("p90_seconds", "最近步行 九成 秒 p90", Kind::Number),
        Column::new("gini", "最近步行 基尼系数 gini", Kind::Number).shown_as("0.000"),
        Column::new("unit_lon", "单元经度 unit lon", Kind::Number),
        Column::new("unit_lat", "单元纬度 unit lat", Kind::Number),
    ]);
    columns
}

pub(super) fn whole(count: u64) -> Cell {
    Cell::Whole(i64::try_from(count).unwrap_or(i64::MAX))
}

/// A number of people; nothing where such compounds are there and of none of them is it known.
fn people(of: People, verdict: Verdict) -> Cell {
    of.of(verdict).map_or(Cell::None, whole)
}

/// What is proven and what is possible.
fn range(shares: Option<ShareRange>) -> [Cell; 2] {
    [shares.map(|it| rounded(it.proven)).into(), shares.map(|it| rounded(it.possible)).into()]
}

/// How complete a line's data is where the group lies; nothing for several lines together, and where a group lies in
/// several areas.
fn completeness(tables: &CoverageTables<'_>, line: &RolledLine, group: &Group) -> Option<f64> {
    let coverage = tables.report.coverage;
    let column = &coverage.columns[line.column()?];
    let mut areas = group.compounds.iter().map(|compound| coverage.areas.of_compound(*compound));
    let first = areas.next()?;
    let area = if group.key == Key::City { 0 } else { areas.all(|area| area == first).then_some(first)? };
    column.sources.get(area)?.completeness().map(rounded)
}

/// Shares and the like, with the digits that anybody reads.
pub(super) fn rounded(share: f64) -> f64 {
    (share * 1e6).round() / 1e6
}

fn cells(
    tables: &CoverageTables<'_>,
    table: &mut TypedTable,
    level: Level,
    group: &Group,
    line: &RolledLine,
    tally: &Tally,
) -> Vec<Cell> {
    let report = &tables.report;
    let city = report.city;
    let unit = match group.key {
        Key::Unit(unit) => Some(&city.units()[unit.index()]),
        Key::City | Key::Cell(_) | Key::Outside => None,
    };
    let parent = unit.and_then(|unit| Some(&city.units()[unit.parent()?.index()]));
    let mut text = |text: &str| if text.is_empty() { Cell::None } else { table.text(text) };
    let mut cells = vec![
        text(level.word()),
        text(level.zh()),
        text(&group.id(city)),
        text(&group.name(city)),
        text(unit.map_or("", |unit| city.text(unit.code))),
        text(parent.map_or("", |parent| city.text(parent.name))),
        group.partial.into(),
        text(line.word(report.coverage)),
        text(report.title_of(line)),
        line.has_source.into(),
        completeness(tables, line, group).into(),
    ];
    let compounds = |counted: Counted, cells: &mut Vec<Cell>| {
        cells.extend([counted.covered, counted.gap, counted.unknown].map(whole));
        cells.extend(range(counted.range()));
        cells.push(counted.share().map(rounded).into());
    };
    let persons = |people_of: People, cells: &mut Vec<Cell>| {
        cells.extend(Verdict::ALL.map(|verdict| people(people_of, verdict)));
        cells.extend(range(people_of.range()));
        cells.push(people_of.share().map(rounded).into());
        cells.push(whole(people_of.without.total()));
    };
    compounds(tally.compounds, &mut cells);
    persons(tally.households, &mut cells);
    persons(tally.residents, &mut cells);
    compounds(tally.elderly_compounds, &mut cells);
    persons(tally.elderly, &mut cells);
    compounds(tally.children_compounds, &mut cells);
    persons(tally.children, &mut cells);
    cells.push(whole(tally.residents_estimated.total()));
    cells.extend(tally.residents_range.map(|range| whole(range.gap)));
    let straight = |verdict: Verdict| tally.straight.map_or(Cell::None, |counted| whole(counted.of(verdict)));
    cells.extend(Verdict::ALL.map(straight));
    let spread = tally.spread.filter(|_| line.has_source);
    cells.push(spread.map_or(Cell::None, |spread| whole(spread.compounds)));
    cells.push(spread.map(|spread| (spread.median_seconds * 1000.0).round() / 1000.0).into());
    cells.push(spread.map(|spread| spread.p90_seconds).into());
    cells.push(spread.map(|spread| rounded(spread.gini)).into());
    let middle = unit.map(|unit| unit.point.lon_lat());
    cells.push(middle.map(|middle| middle.lon).into());
    cells.push(middle.map(|middle| middle.lat).into());
    cells
}

fn place(tables: &CoverageTables<'_>, group: &Group) -> Option<TableGeometry> {
    let city = tables.report.city;
    match group.key {
        Key::Unit(unit) => {
            let unit = &city.units()[unit.index()];
            Some(TableGeometry::of(city, unit.rings, unit.point))
        }
        Key::Cell(_) => group.cell().map(|ring| TableGeometry::Polygons(Arc::from(vec![vec![ring]]))),
        Key::City | Key::Outside => None,
    }
}

/// Features of one level: what a row says of the unit as properties, its lines, or the one asked for, under `coverage`.
pub fn roll_up_geojson(tables: &CoverageTables<'_>, level: Level, line: Option<&str>) -> Vec<u8> {
    let table = tables.of_level(level);
    let table = match line {
        Some(line) => table.only("category", line),
        None => table,
    };
    let keys: Vec<&str> = table.columns().iter().map(|column| column.key.as_ref()).collect();
    let at = |key: &str| keys.iter().position(|other| *other == key);
    let of_unit = at("category").unwrap_or_default();
    // The place is the geometry.
    let of_line = of_unit..at("unit_lon").unwrap_or(keys.len());
    let mut collection = Collection::new();
    let mut unit: Option<(Vec<Value>, Value)> = None;
    for (number, row) in table.rows().enumerate() {
        let values: Vec<Value> = row.iter().map(|cell| value(&table, *cell)).collect();
        let member = |range: std::ops::Range<usize>| -> Map<String, Value> {
            range.map(|at| (keys[at].to_owned(), values[at].clone())).collect()
        };
        if unit.as_ref().is_none_or(|(id, _)| id[..] != values[..of_unit]) {
            if let Some((_, feature)) = unit.take() {
                collection.push(&feature);
            }
            let mut properties = member(0..of_unit);
            if let Some(basis) = at("basis") {
                properties.insert("basis".to_owned(), values[basis].clone());
            }
            properties.insert("coverage".to_owned(), json!({}));
            let geometry = table.place(number).map_or(Value::Null, geometry);
            let mut feature = json!({ "type": "Feature", "geometry": geometry, "properties": properties });
            if let Some(id) = at("unit_id").and_then(|at| values[at].as_str()) {
                feature["id"] = id.into();
            }
            unit = Some((values[..of_unit].to_vec(), feature));
        }
        if let Some((_, feature)) = &mut unit {
            let category = values[of_unit].as_str().unwrap_or_default().to_owned();
            feature["properties"]["coverage"][category] = Value::Object(member(of_line.clone()));
        }
    }
    if let Some((_, feature)) = unit {
        collection.push(&feature);
    }
    collection.finish(&tables.statement())
}
