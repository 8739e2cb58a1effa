//! Tables of supply by the two-step floating catchment area method.

use super::cells::{people, unit_columns, unit_names};
use super::input::CoverageTables;
use crate::coverage::rows::unit_name;
use crate::typed::{Cell, Kind, TableColumn, TableGeometry, TypedTable};
use circle_plan::SupplyColumn;

/// The second step: a row for each compound and column.
pub(super) fn compounds(tables: &CoverageTables<'_>) -> TypedTable {
    let mut columns = vec![
        TableColumn::new("compound_id", "小区编号 compound id", Kind::Text),
        TableColumn::new("compound_name", "小区 compound", Kind::Text),
    ];
    columns.extend(unit_columns());
    columns.extend([
        TableColumn::new("category", "类别 category", Kind::Text),
        TableColumn::new("minutes", "服务范围 分钟 minutes", Kind::Whole),
        TableColumn::new("residents", "居民 residents", Kind::Whole),
        TableColumn::new("capacity_per_thousand", "每千人容量 per 1,000", Kind::Number).shown_as("0.00"),
        TableColumn::new("near_without_capacity", "范围内容量未知的设施 unknown capacity", Kind::Whole),
        TableColumn::new("city_per_thousand", "全市每千人 city", Kind::Number).shown_as("0.00"),
        TableColumn::new("share_of_city", "与全市之比 share of city", Kind::Number).shown_as("0.00"),
        TableColumn::new("compound_lon", "小区经度 compound lon", Kind::Number),
        TableColumn::new("compound_lat", "小区纬度 compound lat", Kind::Number),
    ]);
    let title = "供给 2SFCA supply";
    let mut table = TypedTable::new("supply", title, columns).with_places();
    let city = tables.report.city;
    for column in &tables.supply.columns {
        let name = table.text(&name(tables, column));
        for id in tables.report.compounds() {
            let (compound, per_thousand) = (&city.compounds()[id.index()], &column.per_thousand[id.index()]);
            let [district, subdistrict, community, grid] = unit_names(&mut table, &tables.report, id);
            let place = compound.point.lon_lat();
            let share = match (per_thousand, column.city_per_thousand) {
                (Some(own), Some(city)) if city > 0.0 => Some(own / city),
                _ => None,
            };
            let row = [
                table.text(&city.compound_key(id)),
                table.text(city.text(compound.name)),
                district,
                subdistrict,
                community,
                grid,
                name,
                column.minutes.into(),
                people(compound.population.residents),
                per_thousand.map(rounded).into(),
                column.near_without_capacity[id.index()].into(),
                column.city_per_thousand.map(rounded).into(),
                share.map(rounded).into(),
                place.lon.into(),
                place.lat.into(),
            ];
            table.push_at(TableGeometry::Point(compound.point), &row);
        }
    }
    table
}

/// The first step: a row for each facility of known capacity, and column.
pub(super) fn facilities(tables: &CoverageTables<'_>) -> TypedTable {
    let columns = vec![
        TableColumn::new("facility_id", "设施编号 facility id", Kind::Text),
        TableColumn::new("facility_name", "设施 facility", Kind::Text),
        TableColumn::new("category", "类别 category", Kind::Text),
        TableColumn::new("minutes", "服务范围 分钟 minutes", Kind::Whole),
        TableColumn::new("capacity", "容量 capacity", Kind::Number),
        TableColumn::new("residents", "范围内居民 residents", Kind::Whole),
        TableColumn::new("compounds_without_population", "人口未知的小区 without population", Kind::Whole),
        TableColumn::new("capacity_per_thousand", "每千人容量 per 1,000", Kind::Number).shown_as("0.00"),
        TableColumn::new("facilities_without_capacity", "同类无容量 without capacity", Kind::Whole),
        TableColumn::new("facility_lon", "设施经度 facility lon", Kind::Number),
        TableColumn::new("facility_lat", "设施纬度 facility lat", Kind::Number),
        TableColumn::new("facility_district", "设施所在区 facility district", Kind::Text),
        TableColumn::new("facility_subdistrict", "设施所在街道 facility subdistrict", Kind::Text),
    ];
    let mut table = TypedTable::new("catchments", "设施服务范围 catchments", columns).with_places();
    let city = tables.report.city;
    for column in &tables.supply.columns {
        let name = table.text(&name(tables, column));
        for catchment in &column.facilities {
            let facility = &city.facilities()[catchment.facility.index()];
            let called = city.text_or_none(facility.name).map_or(Cell::None, |name| table.text(name));
            let [district, subdistrict] =
                [0, 1].map(|level| match unit_name(city, facility.units()[level]) {
                    "" => Cell::None,
                    unit => table.text(unit),
                });
            let row = [
                table.text(&city.facility_key(catchment.facility)),
                called,
                name,
                column.minutes.into(),
                catchment.capacity.into(),
                i64::try_from(catchment.residents).unwrap_or(i64::MAX).into(),
                catchment.without_population.into(),
                catchment.per_thousand().map(rounded).into(),
                u32::try_from(column.without_capacity).unwrap_or(u32::MAX).into(),
                facility.point.lon_lat().lon.into(),
                facility.point.lon_lat().lat.into(),
                district,
                subdistrict,
            ];
            table.push_at(TableGeometry::Point(facility.point), &row);
        }
    }
    table
}

fn name(tables: &CoverageTables<'_>, column: &SupplyColumn) -> String {
    tables.report.coverage.columns[column.column].name.clone()
}

/// Rounds to six decimals; sums of shares are not more precise.
fn rounded(number: f64) -> f64 {
    (number * 1e6).round() / 1e6
}
