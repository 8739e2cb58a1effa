//! The long form: a row per compound and category.

use super::{CoverageSelection, count_names};
use crate::number::Thousandths;
use crate::table::{Table, text_cell};
use circle_model::City;
use circle_plan::{Coverage, Verdict};

/// The table `compound_id, compound_name, category, tier, nearest_facility_id, nearest_facility_name,
/// gate_id, walk_seconds, walk_metres, count_…min, verdict, reason`, by compound, then category.
///
/// The counts are named after the bands of `coverage`. Cells are empty where there is nothing to say.
pub fn coverage_csv(city: &City, coverage: &Coverage, selection: CoverageSelection<'_>) -> Vec<u8> {
    let counts = count_names(coverage);
    let before = [
        "compound_id",
        "compound_name",
        "category",
        "tier",
        "nearest_facility_id",
        "nearest_facility_name",
        "gate_id",
        "walk_seconds",
        "walk_metres",
    ];
    let counts = counts.iter().map(String::as_str);
    let mut table = Table::new(before.into_iter().chain(counts).chain(AFTER));
    let columns = selection.columns(coverage);
    for compound in selection.compounds(city) {
        let id = compound.to_string();
        let name = text_cell(city.text(city.compounds()[compound.index()].name));
        let rows = coverage.of(compound);
        for &column in &columns {
            let row = &rows[column];
            let nearest = row.nearest;
            let facility = nearest.map(|nearest| &city.facilities()[nearest.facility.index()]);
            let mut cells = vec![
                id.clone(),
                name.to_string(),
                text_cell(&coverage.categories[column]).into_owned(),
                cell(row.tier),
                cell(nearest.map(|nearest| nearest.facility)),
                facility
                    .map_or_else(String::new, |facility| text_cell(city.text(facility.name)).into_owned()),
                cell(nearest.and_then(|nearest| nearest.gate)),
                cell(nearest.map(|nearest| Thousandths::from(nearest.time))),
                cell(nearest.map(|nearest| Thousandths::from(nearest.length))),
            ];
            cells.extend(row.counts.iter().map(ToString::to_string));
            cells.push(row.verdict.map_or("", Verdict::word).to_owned());
            cells.push(row.reason.to_owned());
            cells.push(cell(row.beyond.map(Thousandths::from)));
            cells.push(cell(row.distance.map(|distance| distance.radius_metres)));
            cells.push(cell(
                row.distance.and_then(|distance| distance.nearest_straight).map(Thousandths::from),
            ));
            cells.push(row.distance.map_or("", |distance| distance.straight.word()).to_owned());
            table.row(&cells);
        }
    }
    table.finish()
}

/// What a row says after its counts.
const AFTER: [&str; 6] =
    ["verdict", "reason", "beyond_seconds", "radius_metres", "straight_metres", "straight_verdict"];

fn cell(value: Option<impl ToString>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}
