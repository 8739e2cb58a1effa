//! The survey list: the compounds whose verdicts depend on unmapped gates.

use super::cells::{people, unit_columns, unit_names};
use super::input::CoverageTables;
use crate::typed::{Kind, TableColumn, TableGeometry, TypedTable};
use circle_model::city::{GateProvenance, Population};
use circle_plan::survey;

/// A row for each compound, the most important first.
pub(super) fn table(tables: &CoverageTables<'_>) -> TypedTable {
    let mut columns = vec![
        TableColumn::new("rank", "名次 rank", Kind::Whole),
        TableColumn::new("compound_id", "小区编号 compound id", Kind::Text),
        TableColumn::new("compound_name", "小区 compound", Kind::Text),
    ];
    columns.extend(unit_columns());
    columns.extend([
        TableColumn::new("lines", "取决于出入口的条目 lines", Kind::Text),
        TableColumn::new("verdicts", "结论数 verdicts", Kind::Whole),
        TableColumn::new("residents", "居民 residents", Kind::Whole),
        TableColumn::new("gates", "推断的出入口 gates", Kind::Whole),
        TableColumn::new("gate_provenance", "出入口来源 gate from", Kind::Text),
        TableColumn::new("compound_lon", "小区经度 compound lon", Kind::Number),
        TableColumn::new("compound_lat", "小区纬度 compound lat", Kind::Number),
    ]);
    let mut table = TypedTable::new("survey", "出入口踏勘清单 survey", columns).with_places();
    let report = &tables.report;
    for (rank, it) in (1u32..).zip(survey(report.city, report.coverage, report.within)) {
        let compound = &report.city.compounds()[it.compound.index()];
        let [district, subdistrict, community, grid] = unit_names(&mut table, report, it.compound);
        let lines: Vec<&str> = it.columns.iter().map(|column| report.title(*column)).collect();
        let place = compound.point.lon_lat();
        let row = [
            rank.into(),
            table.text(&report.city.compound_key(it.compound)),
            table.text(report.city.text(compound.name)),
            district,
            subdistrict,
            community,
            grid,
            table.text(&lines.join("、")),
            (it.columns.len() as u32).into(),
            people(it.residents.unwrap_or(Population::UNKNOWN)),
            compound.gates.len.into(),
            table.text(GateProvenance::Inferred.word()),
            place.lon.into(),
            place.lat.into(),
        ];
        table.push_at(TableGeometry::Point(compound.point), &row);
    }
    table
}
