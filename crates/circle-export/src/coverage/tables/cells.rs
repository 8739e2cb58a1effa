//! Columns and cells that several tables share.

use crate::coverage::CoverageReport;
use crate::typed::{Cell, Kind, TableColumn, TypedTable};
use circle_model::CompoundId;
use circle_model::city::Population;

/// The columns of [`unit_names`].
pub(super) fn unit_columns() -> [TableColumn; 4] {
    let columns = [
        ("district", "区 district"),
        ("subdistrict", "街道 subdistrict"),
        ("community", "社区 community"),
        ("grid", "网格 grid"),
    ];
    columns.map(|(key, heading)| TableColumn::new(key, heading, Kind::Text))
}

/// The names of the units of a compound, 区 to 网格.
pub(super) fn unit_names(
    table: &mut TypedTable,
    report: &CoverageReport<'_>,
    compound: CompoundId,
) -> [Cell; 4] {
    let city = report.city;
    city.compounds()[compound.index()].units().map(|unit| {
        let name = unit.and_then(|unit| city.text_or_none(city.units()[unit.index()].name));
        name.map_or(Cell::None, |name| table.text(name))
    })
}

/// A number of people; empty if it is unknown.
pub(super) fn people(count: u32) -> Cell {
    if count == Population::UNKNOWN { Cell::None } else { count.into() }
}

/// Seconds as minutes with one decimal, rounded up, so that no walk takes longer than stated.
pub(super) fn minutes_up(seconds: f64) -> f64 {
    (seconds / 6.0).ceil() / 10.0
}
