//! The long form: a row for each compound and column. Its fields are defined once, for every format.

use super::CoverageReport;
use crate::number::Thousandths;
use crate::typed::{Kind, TableColumn};
use crate::words::AS_MAPPED;
use circle_model::city::GateProvenance;
use circle_model::{City, CompoundId, Point, RuleSet, UnitId};
use circle_plan::{Assumption, Nearest, Verdict};
use std::borrow::Cow;

/// A receiver of the cells of a row, in their order.
pub(super) trait Cells {
    fn text(&mut self, text: &str);
    /// A word of a fixed list; empty for no value.
    fn word(&mut self, word: &'static str);
    /// A key.
    fn id(&mut self, key: Option<&str>);
    fn whole(&mut self, number: Option<u32>);
    fn number(&mut self, number: Option<Thousandths>);
    /// Degrees, in units of 10⁻⁷ as points are stored.
    fn degrees(&mut self, degrees: Option<i32>);
}

/// The cells that a column has in every row: those of its line of the rule set.
pub(super) struct OfLine<'a> {
    line: &'a str,
    need: &'static str,
    source: &'a str,
    confidence: &'static str,
    to_check: &'static str,
}

/// Precedes figures that must be checked before they are quoted.
pub(super) const TO_CHECK: &str = "待核";

impl<'a> OfLine<'a> {
    const NONE: Self = Self { line: "", need: "", source: "", confidence: "", to_check: "" };

    pub(super) fn of(rules: &'a RuleSet, line: Option<usize>) -> Self {
        let Some(line) = line.and_then(|line| rules.lines.get(line)) else { return Self::NONE };
        Self {
            line: &line.zh,
            need: line.need.map_or("", |need| need.word()),
            source: &line.source,
            confidence: line.confidence.word(),
            to_check: if line.needs_check() { TO_CHECK } else { "" },
        }
    }
}

/// The columns of the long form, in the order in which [`row`] writes them.
pub(super) fn columns(report: &CoverageReport<'_>) -> Vec<TableColumn> {
    let column = |key: &'static str, heading: &str, kind| TableColumn::new(key, heading, kind);
    let mut columns = vec![
        column("compound_id", "小区编号 compound id", Kind::Text),
        column("compound_name", "小区 compound", Kind::Text),
        column("category", "类别 category", Kind::Text),
        column("tier", "时限 分钟 tier", Kind::Whole),
        column("nearest_facility_id", "最近设施编号 nearest id", Kind::Text),
        column("nearest_facility_name", "最近设施 nearest", Kind::Text),
        column("gate_id", "出入口编号 gate id", Kind::Text),
        column("walk_seconds", "步行 秒 walk s", Kind::Number),
        column("walk_metres", "步行 米 walk m", Kind::Number),
    ];
    for minutes in &report.coverage.minutes {
        let heading = format!("{minutes} 分钟内 within {minutes} min");
        columns.push(TableColumn::new(format!("count_{minutes}min"), heading, Kind::Whole));
    }
    columns.extend([
        column("verdict", "结论 verdict", Kind::Text),
        column("reason", "原因 reason", Kind::Text),
        column("beyond_seconds", "超出 秒 beyond s", Kind::Number),
        column("radius_metres", "服务半径 米 radius m", Kind::Whole),
        column("straight_metres", "直线 米 straight m", Kind::Number),
        column("straight_verdict", "直线结论 straight verdict", Kind::Text),
        column("line", "规则条目 line", Kind::Text),
        column("need", "要求 need", Kind::Text),
        column("source", "出处 source", Kind::Text),
        column("confidence", "可信度 confidence", Kind::Text),
        column("to_check", "待核 to check", Kind::Text),
        column("completeness", "数据完整度 completeness", Kind::Number).shown_as("0%"),
        column("known", "已知设施 known", Kind::Whole),
        column("expected", "应有设施 expected", Kind::Number).shown_as("0.0"),
        column("seconds_best", "最好出入口 秒 best s", Kind::Number),
        column("seconds_worst", "最差出入口 秒 worst s", Kind::Number),
        column("gate_provenance", "出入口来源 gate from", Kind::Text),
        column("beside_name", "附近另有 beside", Kind::Text),
        column("beside_seconds", "附近另有 秒 beside s", Kind::Number),
        basis(),
        column("district", "区 district", Kind::Text),
        column("subdistrict", "街道 subdistrict", Kind::Text),
        column("community", "社区 community", Kind::Text),
        column("grid", "网格 grid", Kind::Text),
        column("compound_lon", "小区经度 compound lon", Kind::Number),
        column("compound_lat", "小区纬度 compound lat", Kind::Number),
        column("gate_lon", "出入口经度 gate lon", Kind::Number),
        column("gate_lat", "出入口纬度 gate lat", Kind::Number),
        column("facility_lon", "设施经度 facility lon", Kind::Number),
        column("facility_lat", "设施纬度 facility lat", Kind::Number),
        column("facility_district", "设施所在区 facility district", Kind::Text),
        column("facility_subdistrict", "设施所在街道 facility subdistrict", Kind::Text),
    ]);
    if report.sensitivity.is_some() {
        columns.extend(Assumption::ALL.map(|assumption| {
            let heading = format!("{} {}", assumption.zh(), assumption.word());
            TableColumn::new(format!("verdict_{}", assumption.word()), heading, Kind::Text)
        }));
    }
    columns
}

/// The column that says whether the map was taken as complete.
pub(super) fn basis() -> TableColumn {
    TableColumn::new("basis", "判断依据 basis", Kind::Text)
}

/// Source of the gate where the walk begins; without a walk, that of the compound's most certain gate.
pub(super) fn gate_provenance(city: &City, compound: CompoundId, nearest: Option<Nearest>) -> &'static str {
    let gates = city.compounds()[compound.index()].gates.range();
    let surest = || city.gates()[gates].iter().map(|gate| gate.provenance).min();
    let used = nearest.map(|nearest| city.gates()[nearest.gate.index()].provenance);
    used.or_else(surest).map_or("", |code| GateProvenance::from_code(code).word())
}

/// The cells that a compound has in every row.
pub(super) struct OfCompound<'a> {
    compound: CompoundId,
    key: Cow<'a, str>,
    name: &'a str,
    units: [&'a str; 4],
    point: Point,
}

impl<'a> OfCompound<'a> {
    pub(super) fn of(city: &'a City, compound: CompoundId) -> Self {
        let row = &city.compounds()[compound.index()];
        let units = row.units().map(|unit| unit_name(city, unit));
        Self {
            compound,
            key: city.compound_key(compound),
            name: city.text(row.name),
            units,
            point: row.point,
        }
    }
}

/// The name of a unit; empty without one.
pub(super) fn unit_name(city: &City, unit: Option<UnitId>) -> &str {
    unit.map_or("", |unit| city.text(city.units()[unit.index()].name))
}

/// Writes the cells of one row.
pub(super) fn row(
    report: &CoverageReport<'_>,
    of_line: &OfLine<'_>,
    of_compound: &OfCompound<'_>,
    column: usize,
    cells: &mut impl Cells,
) {
    let (city, compound) = (report.city, of_compound.compound);
    let standing = report.coverage.at(compound, column);
    let nearest = standing.row.nearest;
    let facility = nearest.map(|nearest| &city.facilities()[nearest.facility.index()]);
    cells.id(Some(&of_compound.key));
    cells.text(of_compound.name);
    cells.text(&standing.column.name);
    cells.whole(standing.tier());
    cells.id(nearest.map(|nearest| city.facility_key(nearest.facility)).as_deref());
    cells.text(facility.map_or("", |facility| city.text(facility.name)));
    cells.id(nearest.map(|nearest| city.gate_key(nearest.gate)).as_deref());
    cells.number(nearest.map(|nearest| nearest.time.into()));
    cells.number(nearest.map(|nearest| nearest.length.into()));
    for count in standing.counts {
        cells.whole(Some(*count));
    }
    cells.word(standing.row.verdict.map_or("", Verdict::word));
    cells.word(standing.row.reason.map_or("", circle_plan::Reason::word));
    cells.number(standing.beyond().map(Thousandths::from));
    let distance = standing.distance;
    cells.whole(distance.map(|distance| distance.radius_metres));
    cells.number(distance.and_then(|distance| distance.nearest_straight).map(Thousandths::from));
    cells.word(distance.map_or("", |distance| distance.straight.word()));
    cells.text(of_line.line);
    cells.word(of_line.need);
    cells.text(of_line.source);
    cells.word(of_line.confidence);
    cells.word(of_line.to_check);
    let source = standing.source;
    let thousandths = |number: f64| Thousandths((number * 1000.0).round().clamp(0.0, 4e9) as u32);
    cells.number(source.completeness().map(thousandths));
    cells.whole(Some(source.known));
    cells.number(source.expected.map(thousandths));
    let is_walked = standing.column.is_walked();
    cells.number(nearest.filter(|_| is_walked).map(|nearest| nearest.time.into()));
    cells.number(standing.row.worst.map(Thousandths::from));
    cells.word(gate_provenance(city, compound, nearest));
    let beside = report.coverage.beside(compound, column);
    cells.text(beside.map_or("", |beside| city.text(city.facilities()[beside.facility.index()].name)));
    cells.number(beside.map(|beside| beside.time.into()));
    cells.word(if report.coverage.evidence.as_mapped { AS_MAPPED } else { "" });
    for unit in of_compound.units {
        cells.text(unit);
    }
    let gate = nearest.map(|nearest| city.gates()[nearest.gate.index()].point);
    for place in [Some(of_compound.point), gate, facility.map(|facility| facility.point)] {
        cells.degrees(place.map(|place| place.lon));
        cells.degrees(place.map(|place| place.lat));
    }
    for level in 0..2 {
        cells.text(facility.map_or("", |facility| unit_name(city, facility.units()[level])));
    }
    if let Some(sensitivity) = report.sensitivity {
        for assumption in Assumption::ALL {
            cells.word(sensitivity.verdict(assumption, compound, column).map_or("", Verdict::word));
        }
    }
}
