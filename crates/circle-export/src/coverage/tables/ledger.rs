//! The ledger of problems 问题台账: a row for each gap, with the department in charge and columns to fill in. The
//! printed columns come first.

use super::cells::{minutes_up, people, unit_columns, unit_names};
use crate::coverage::CoverageReport;
use crate::coverage::rows::TO_CHECK;
use crate::typed::{Cell, Kind, TableColumn, TableGeometry, TypedTable};
use circle_model::city::{GateProvenance, Population, PopulationFrom};
use circle_model::{CompoundId, Millimetres};
use circle_plan::{Reason, Verdict};
use std::cmp::Reverse;

/// Every gap, by unit, those with the most residents first.
pub(super) fn table(report: &CoverageReport<'_>) -> TypedTable {
    let [district, subdistrict, community, grid] = unit_columns();
    let columns = vec![
        TableColumn::new("number", "序号 number", Kind::Whole),
        district,
        subdistrict,
        TableColumn::new("compound_name", "小区 compound", Kind::Text),
        TableColumn::new("line", "缺口条目 line", Kind::Text),
        TableColumn::new("asked", "标准 asked", Kind::Text),
        TableColumn::new("reason", "原因 reason", Kind::Text),
        TableColumn::new("nearest_facility_name", "最近设施 nearest", Kind::Text),
        TableColumn::new("walk_minutes", "步行 分钟 walk min", Kind::Number).shown_as("0.0"),
        TableColumn::new("residents", "涉及居民 residents", Kind::Whole),
        TableColumn::new("department", "责任部门 department", Kind::Text),
        TableColumn::new("measure", "整改措施 measure", Kind::Text),
        TableColumn::new("responsible", "责任人 responsible", Kind::Text),
        TableColumn::new("deadline", "完成时限 deadline", Kind::Date),
        TableColumn::new("status", "进展 status", Kind::Text),
        community,
        grid,
        TableColumn::new("compound_id", "小区编号 compound id", Kind::Text),
        TableColumn::new("need", "要求 need", Kind::Text),
        TableColumn::new("reason_word", "原因代码 reason word", Kind::Text),
        TableColumn::new("walk_metres", "步行 米 walk m", Kind::Number).shown_as("0"),
        TableColumn::new("beyond_seconds", "超出 秒 beyond s", Kind::Number).shown_as("0"),
        TableColumn::new("beyond_metres", "超出 米 beyond m", Kind::Number).shown_as("0"),
        TableColumn::new("straight_metres", "直线 米 straight m", Kind::Number).shown_as("0"),
        TableColumn::new("straight_verdict", "直线结论 straight verdict", Kind::Text),
        TableColumn::new("households", "涉及户数 households", Kind::Whole),
        TableColumn::new("elderly", "涉及老年人 elderly", Kind::Whole),
        TableColumn::new("children", "涉及儿童 children", Kind::Whole),
        TableColumn::new("population_from", "人口来源 population from", Kind::Text),
        TableColumn::new("source", "标准出处 source", Kind::Text),
        TableColumn::new("to_check", "待核 to check", Kind::Text),
        TableColumn::new("residents_low", "居民 至少 low", Kind::Number).shown_as("0"),
        TableColumn::new("residents_high", "居民 至多 high", Kind::Number).shown_as("0"),
        TableColumn::new("nearest_facility_id", "最近设施编号 nearest id", Kind::Text),
        TableColumn::new("gate_id", "出入口编号 gate id", Kind::Text),
        TableColumn::new("gate_provenance", "出入口来源 gate from", Kind::Text),
        TableColumn::new("seconds_best", "最好出入口 秒 best s", Kind::Number),
        TableColumn::new("seconds_worst", "最差出入口 秒 worst s", Kind::Number),
        TableColumn::new("completeness", "数据完整度 completeness", Kind::Number).shown_as("0%"),
        TableColumn::new("compound_lon", "小区经度 compound lon", Kind::Number),
        TableColumn::new("compound_lat", "小区纬度 compound lat", Kind::Number),
        TableColumn::new("gate_lon", "出入口经度 gate lon", Kind::Number),
        TableColumn::new("gate_lat", "出入口纬度 gate lat", Kind::Number),
        TableColumn::new("facility_lon", "设施经度 facility lon", Kind::Number),
        TableColumn::new("facility_lat", "设施纬度 facility lat", Kind::Number),
    ];
    let table = TypedTable::new("ledger", "问题台账 ledger", columns);
    let mut table = table.with_printed_columns(PRINTED).with_places();
    for (number, (compound, column)) in (1u32..).zip(gaps(report)) {
        let row = row(report, &mut table, number, compound, column);
        table.push_at(TableGeometry::Point(report.city.compounds()[compound.index()].point), &row);
    }
    table
}

/// Number of columns that fit on a page, up to those to fill in.
const PRINTED: usize = 15;

fn gaps(report: &CoverageReport<'_>) -> Vec<(CompoundId, usize)> {
    let (city, coverage) = (report.city, report.coverage);
    let judged = coverage.judged();
    let gap =
        |compound: CompoundId, column: usize| coverage.at(compound, column).row.verdict == Some(Verdict::Gap);
    let mut compounds: Vec<CompoundId> = report.compounds().collect();
    compounds.sort_by_key(|id| {
        let compound = &city.compounds()[id.index()];
        let residents = compound.population.residents;
        (compound.units, Reverse(if residents == Population::UNKNOWN { 0 } else { residents }), *id)
    });
    let of_compound = |compound: CompoundId| {
        judged
            .iter()
            .copied()
            .filter(move |column| gap(compound, *column))
            .map(move |column| (compound, column))
    };
    compounds.into_iter().flat_map(of_compound).collect()
}

fn row(
    report: &CoverageReport<'_>,
    table: &mut TypedTable,
    number: u32,
    compound: CompoundId,
    column: usize,
) -> Vec<Cell> {
    let city = report.city;
    let standing = report.coverage.at(compound, column);
    let line = report.line(column);
    let nearest = standing.row.nearest;
    let facility =
        nearest.and_then(|nearest| city.text_or_none(city.facilities()[nearest.facility.index()].name));
    let [district, subdistrict, community, grid] = unit_names(table, report, compound);
    let row = &city.compounds()[compound.index()];
    let asked = report.asked(column);
    let filled = report.carried.and_then(|carried| carried.filled_in(compound, column));
    let reason = standing.row.reason;
    let metres =
        |length: Option<Millimetres>| -> Cell { length.map(|length| f64::from(length.0) / 1000.0).into() };
    let departments = line.map(|line| line.departments(report.catalogue).join("、")).unwrap_or_default();
    let mut text = |text: &str| if text.is_empty() { Cell::None } else { table.text(text) };
    let range = row.population.residents_range();
    let gate = nearest.map(|nearest| &city.gates()[nearest.gate.index()]);
    let seconds = |time: circle_model::Milliseconds| time.seconds();
    let mut cells = vec![
        number.into(),
        district,
        subdistrict,
        text(city.text(row.name)),
        text(report.title(column)),
        text(&asked),
        text(reason.map_or("", Reason::zh)),
        text(facility.unwrap_or_default()),
        nearest.map(|nearest| minutes_up(nearest.time.seconds())).into(),
        people(row.population.residents),
        text(&departments),
        text(filled.map_or("", |filled| &filled.measure)),
        text(filled.map_or("", |filled| &filled.responsible)),
        filled.and_then(|filled| filled.deadline).into(),
        text(filled.map_or("", |filled| &filled.status)),
        community,
        grid,
        text(&city.compound_key(compound)),
        text(line.and_then(|line| line.need).map_or("", circle_model::rules::Need::zh)),
        text(reason.map_or("", Reason::word)),
        metres(nearest.map(|nearest| nearest.length)),
        standing.beyond().map(circle_model::Milliseconds::seconds).into(),
        metres(standing.beyond_metres()),
        metres(standing.distance.and_then(|distance| distance.nearest_straight)),
        text(standing.distance.map_or("", |distance| distance.straight.word())),
        people(row.population.households),
        people(row.population.elderly),
        people(row.population.children),
        text(PopulationFrom::from_code(row.population_from).word()),
        text(line.map_or("", |line| line.source.as_str())),
        text(if line.is_some_and(circle_model::rules::Line::needs_check) { TO_CHECK } else { "" }),
        range.map(|range| range.low as f64).into(),
        range.map(|range| range.high as f64).into(),
        nearest.map_or(Cell::None, |nearest| text(&city.facility_key(nearest.facility))),
        nearest.map_or(Cell::None, |nearest| text(&city.gate_key(nearest.gate))),
        gate.map_or(Cell::None, |gate| text(GateProvenance::from_code(gate.provenance).word())),
        nearest.map(|nearest| seconds(nearest.time)).into(),
        standing.row.worst.map(seconds).into(),
        standing.source.completeness().map(|share| (share * 1000.0).round() / 1000.0).into(),
    ];
    let facility = nearest.map(|nearest| city.facilities()[nearest.facility.index()].point);
    for place in [Some(row.point), gate.map(|gate| gate.point), facility] {
        let place = place.map(circle_model::Point::lon_lat);
        cells.push(place.map(|place| place.lon).into());
        cells.push(place.map(|place| place.lat).into());
    }
    cells
}
