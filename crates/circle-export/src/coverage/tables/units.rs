//! Tables of verdicts summed over units.

use super::cells::minutes_up;
use super::input::CoverageTables;
use crate::typed::{Bar, Cell, Kind, TableColumn, TableGeometry, TypedTable};
use crate::typed_geojson::{Collection, geometry, value};
use circle_plan::{
    CompoundGroup, Counted, Key, Level, People, RollUp, RolledLine, ShareRange, Tally, Verdict,
};
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// A row for each unit and line.
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

/// The units of one level as a layer: the verdicts on all required lines, as far as the data allows.
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
        TableColumn::new("line", "条目 line", Kind::Text),
        TableColumn::new("compounds_covered", "达标小区 covered", Kind::Whole),
        TableColumn::new("compounds_gap", "缺口小区 gap", Kind::Whole),
        TableColumn::new("compounds_unknown", "未知小区 unknown", Kind::Whole),
        TableColumn::new("compounds_share_proven", "小区达标率 已证实 proven", Kind::Number).shown_as("0.0%"),
        TableColumn::new("compounds_share_possible", "小区达标率 至多 possible", Kind::Number)
            .shown_as("0.0%"),
        TableColumn::new("residents_gap", "缺口居民 residents lacking", Kind::Whole),
        TableColumn::new("residents_gap_estimated", "其中估算 of these estimated", Kind::Whole),
        TableColumn::new("compounds_gap_without_population", "缺口小区中人口未知 unknown", Kind::Whole),
        TableColumn::new("residents_share_proven", "居民达标率 已证实 proven", Kind::Number).shown_as("0.0%"),
        TableColumn::new("residents_share_possible", "居民达标率 至多 possible", Kind::Number)
            .shown_as("0.0%"),
        TableColumn::new("completeness", "数据完整度 completeness", Kind::Number).shown_as("0%"),
        TableColumn::new("elderly_gap", "缺口老年人 elderly lacking", Kind::Whole),
        TableColumn::new("children_gap", "缺口儿童 children lacking", Kind::Whole),
        TableColumn::new("median_minutes", "最近步行 中位 分钟 median", Kind::Number).shown_as("0.0"),
        TableColumn::new("p90_minutes", "最近步行 九成 分钟 p90", Kind::Number).shown_as("0.0"),
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
    // The sort is stable, so equal lines keep the order of the rule set. All required lines together come
    // last.
    lines.sort_by_key(|(line, tally)| {
        (line.of, std::cmp::Reverse((tally.residents.known.gap, tally.compounds.gap)))
    });
    for (line, tally) in lines {
        // Walking times to a category with incomplete data are meaningless.
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

/// The columns of counts, and whether they count people.
const COUNTED: [(&str, &str, bool); 7] = [
    ("compounds", "小区", false),
    ("households", "户", true),
    ("residents", "居民", true),
    ("elderly_compounds", "老年人步行 小区", false),
    ("elderly", "老年人", true),
    ("children_compounds", "带小孩步行 小区", false),
    ("children", "儿童", true),
];

fn columns() -> Vec<TableColumn> {
    let mut columns = vec![
        TableColumn::new("level", "级别 level", Kind::Text),
        TableColumn::new("level_zh", "级别", Kind::Text),
        TableColumn::new("unit_id", "单元编号 unit id", Kind::Text),
        TableColumn::new("unit_name", "单元 unit", Kind::Text),
        TableColumn::new("unit_code", "代码 code", Kind::Text),
        TableColumn::new("parent_name", "上级 parent", Kind::Text),
        TableColumn::new("partial", "不完整 partial", Kind::Flag),
        TableColumn::new("category", "类别 category", Kind::Text),
        TableColumn::new("line", "条目 line", Kind::Text),
        TableColumn::new("has_source", "全市数据足以判断缺口 has source", Kind::Flag),
        TableColumn::new("completeness", "数据完整度 completeness", Kind::Number).shown_as("0%"),
    ];
    for (key, zh, is_people) in COUNTED {
        for (word, meaning) in [("covered", "达标"), ("gap", "缺口"), ("unknown", "未知")] {
            columns.push(TableColumn::new(
                format!("{key}_{word}"),
                format!("{zh} {meaning} {word}"),
                Kind::Whole,
            ));
        }
        for (word, heading) in [
            ("share_proven", format!("{zh} 达标率 已证实 proven")),
            ("share_possible", format!("{zh} 达标率 至多 possible")),
            ("share", format!("{zh} 达标率（未知不到 5%）share")),
        ] {
            columns.push(TableColumn::new(format!("{key}_{word}"), heading, Kind::Number).shown_as("0.0%"));
        }
        if is_people {
            let heading = format!("{zh}数未知的小区 without {key}");
            columns.push(TableColumn::new(format!("compounds_without_{key}"), heading, Kind::Whole));
        }
    }
    columns.extend([
        TableColumn::new("residents_estimated", "居民 其中估算 estimated", Kind::Whole),
        TableColumn::new("residents_gap_low", "缺口居民 至少 gap low", Kind::Whole),
        TableColumn::new("residents_gap_high", "缺口居民 至多 gap high", Kind::Whole),
        TableColumn::new("straight_covered", "直线 达标小区 straight covered", Kind::Whole),
        TableColumn::new("straight_gap", "直线 缺口小区 straight gap", Kind::Whole),
        TableColumn::new("straight_unknown", "直线 未知小区 straight unknown", Kind::Whole),
        TableColumn::new("compounds_walked", "能走到的小区 walked", Kind::Whole),
        TableColumn::new("median_seconds", "最近步行 中位 秒 median", Kind::Number),
        TableColumn::new("p90_seconds", "最近步行 九成 秒 p90", Kind::Number),
        TableColumn::new("gini", "最近步行 基尼系数 gini", Kind::Number).shown_as("0.000"),
        TableColumn::new("unit_lon", "单元经度 unit lon", Kind::Number),
        TableColumn::new("unit_lat", "单元纬度 unit lat", Kind::Number),
    ]);
    columns
}

pub(super) fn whole(count: u64) -> Cell {
    Cell::Whole(i64::try_from(count).unwrap_or(i64::MAX))
}

/// A number of people; empty if there are such compounds and the population of none is known.
fn people(of: People, verdict: Verdict) -> Cell {
    of.of(verdict).map_or(Cell::None, whole)
}

/// The lower and the upper bound of a share.
fn range(shares: Option<ShareRange>) -> [Cell; 2] {
    [shares.map(|it| rounded(it.proven)).into(), shares.map(|it| rounded(it.possible)).into()]
}

/// Completeness of a line's data in the area of the group; empty for several lines together and for a group
/// in several areas.
fn completeness(tables: &CoverageTables<'_>, line: &RolledLine, group: &CompoundGroup) -> Option<f64> {
    let coverage = tables.report.coverage;
    let column = &coverage.columns[line.column()?];
    let mut areas = group.compounds.iter().map(|compound| coverage.areas.of_compound(*compound));
    let first = areas.next()?;
    let area = if group.key == Key::City { 0 } else { areas.all(|area| area == first).then_some(first)? };
    column.sources.get(area)?.completeness().map(rounded)
}

/// Rounds shares and the like to the digits that are read.
pub(super) fn rounded(share: f64) -> f64 {
    (share * 1e6).round() / 1e6
}

fn cells(
    tables: &CoverageTables<'_>,
    table: &mut TypedTable,
    level: Level,
    group: &CompoundGroup,
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

fn place(tables: &CoverageTables<'_>, group: &CompoundGroup) -> Option<TableGeometry> {
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

/// Writes the features of one level: the columns of the unit as properties, its lines (all, or one) under
/// `coverage`.
pub fn roll_up_geojson(tables: &CoverageTables<'_>, level: Level, line: Option<&str>) -> Vec<u8> {
    let table = tables.of_level(level);
    let table = match line {
        Some(line) => table.only("category", line),
        None => table,
    };
    let keys: Vec<&str> = table.columns().iter().map(|column| column.key.as_ref()).collect();
    let at = |key: &str| keys.iter().position(|other| *other == key);
    let of_unit = at("category").unwrap_or_default();
    // The geometry has the position.
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
