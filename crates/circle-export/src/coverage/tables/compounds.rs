//! The worst-served list: a row for each compound.

use super::cells::{people, unit_columns, unit_names};
use super::input::CoverageTables;
use crate::coverage::rows::gate_provenance;
use crate::typed::{Cell, Kind, TableColumn, TableGeometry, TypedTable};
use circle_model::city::PopulationFrom;
use circle_plan::{Rolled, RolledLine, Verdict, worst_served};

/// All compounds, the worst-served first, with their outlines.
pub(super) fn table(tables: &CoverageTables<'_>) -> TypedTable {
    let mut columns = vec![
        TableColumn::new("rank", "名次 rank", Kind::Whole),
        TableColumn::new("compound_id", "小区编号 compound id", Kind::Text),
        TableColumn::new("compound_name", "小区 compound", Kind::Text),
    ];
    columns.extend(unit_columns());
    columns.extend([
        TableColumn::new("district_id", "区编号 district id", Kind::Text),
        TableColumn::new("subdistrict_id", "街道编号 subdistrict id", Kind::Text),
        TableColumn::new("community_id", "社区编号 community id", Kind::Text),
        TableColumn::new("grid_id", "网格编号 grid id", Kind::Text),
        TableColumn::new("verdict", "全部有数据的要求 all with a source", Kind::Text),
        TableColumn::new("verdict_zh", "结论", Kind::Text),
        TableColumn::new("lines_covered", "达标条目 covered", Kind::Whole),
        TableColumn::new("lines_gap", "缺口条目 gaps", Kind::Whole),
        TableColumn::new("lines_unknown", "未知条目 unknown", Kind::Whole),
        TableColumn::new("lacks", "缺 lacks", Kind::Text),
        TableColumn::new("elderly_lacks", "老年人走不到 elderly lack", Kind::Text),
        TableColumn::new("children_lack", "带小孩走不到 children lack", Kind::Text),
        TableColumn::new("households", "户数 households", Kind::Whole),
        TableColumn::new("residents", "居民 residents", Kind::Whole),
        TableColumn::new("residents_low", "居民 至少 residents low", Kind::Whole),
        TableColumn::new("residents_high", "居民 至多 residents high", Kind::Whole),
        TableColumn::new("elderly", "老年人 elderly", Kind::Whole),
        TableColumn::new("children", "儿童 children", Kind::Whole),
        TableColumn::new("population_from", "人口来源 population from", Kind::Text),
        TableColumn::new("closed", "封闭 closed", Kind::Flag),
        TableColumn::new("gates", "出入口 gates", Kind::Whole),
        TableColumn::new("gate_provenance", "出入口来源 gate from", Kind::Text),
        TableColumn::new("compound_lon", "小区经度 compound lon", Kind::Number),
        TableColumn::new("compound_lat", "小区纬度 compound lat", Kind::Number),
    ]);
    let mut table = TypedTable::new("compounds", "小区排名 compounds", columns).with_places();
    let report = &tables.report;
    let (city, coverage) = (report.city, report.coverage);
    // As for units: all required lines, without those that the data is incomplete for.
    let all = RolledLine::of(coverage, report.rules).into_iter().rfind(|line| line.of != Rolled::Line);
    let worst = worst_served(city, coverage, report.rules);
    for (rank, served) in (1u32..).zip(worst.into_iter().filter(|served| report.holds(served.compound))) {
        let compound = &city.compounds()[served.compound.index()];
        let [district, subdistrict, community, grid] = unit_names(&mut table, report, served.compound);
        let [district_id, subdistrict_id, community_id, grid_id] =
            compound.units().map(|unit| unit.map_or(Cell::None, |unit| table.text(&city.unit_key(unit))));
        let names = |columns: &[usize]| {
            columns.iter().map(|column| report.title(*column)).collect::<Vec<_>>().join("、")
        };
        let lacking = |of: Option<&circle_plan::Coverage>| -> Vec<usize> {
            let Some(of) = of else { return Vec::new() };
            let gap = |column: &usize| of.at(served.compound, *column).row.verdict == Some(Verdict::Gap);
            of.judged().into_iter().filter(gap).collect()
        };
        let lists = [
            names(&served.gaps),
            names(&lacking(tables.walkers.elderly)),
            names(&lacking(tables.walkers.children)),
        ];
        let verdict = all.as_ref().map_or(Verdict::Unknown, |all| all.verdict(coverage, served.compound));
        let [lacks, elderly_lacks, children_lack] =
            lists.map(|list| if list.is_empty() { Cell::None } else { table.text(&list) });
        let place = compound.point.lon_lat();
        let range = compound.population.residents_range();
        let whole = |count: Option<u64>| Cell::from(count.and_then(|count| u32::try_from(count).ok()));
        let row = [
            rank.into(),
            table.text(&city.compound_key(served.compound)),
            table.text(city.text(compound.name)),
            district,
            subdistrict,
            community,
            grid,
            district_id,
            subdistrict_id,
            community_id,
            grid_id,
            table.text(verdict.word()),
            table.text(verdict.zh()),
            (served.covered.len() as u32).into(),
            (served.gaps.len() as u32).into(),
            (served.unknown.len() as u32).into(),
            lacks,
            elderly_lacks,
            children_lack,
            people(compound.population.households),
            people(compound.population.residents),
            whole(range.map(|range| range.low)),
            whole(range.map(|range| range.high)),
            people(compound.population.elderly),
            people(compound.population.children),
            table.text(PopulationFrom::from_code(compound.population_from).word()),
            (compound.closed == 1).into(),
            compound.gates.len.into(),
            table.text(gate_provenance(city, served.compound, None)),
            place.lon.into(),
            place.lat.into(),
        ];
        table.push_at(TableGeometry::of(city, compound.rings, compound.point), &row);
    }
    table
}
