//! Reads a layer of population: counts of compounds and of their buildings.

use crate::own::fates::RejectReason;
use crate::own::records::OwnPeople;
use crate::own::rows::{Rows, text};
use circle_model::city::Population;
use circle_sheet::{Role, excerpt, name_list, parse_number};

/// Reads a layer of population.
///
/// # Errors
/// If the file has neither households nor residents.
pub(super) fn read(rows: &mut Rows<'_, '_>) -> Result<Vec<OwnPeople>, String> {
    if !rows.columns.has(Role::Households) && !rows.columns.has(Role::Residents) {
        return Err(format!(
            "no column for households (户数) or residents (人口); it has: {}",
            name_list(&rows.sheet.columns)
        ));
    }
    let mut people = Vec::new();
    for row in 0..rows.sheet.len() {
        let placed = rows.has_place(row);
        let compound = text(rows.cell(row, Role::Compound));
        let number = rows.sheet.number(row);
        if !placed && compound.is_none() {
            let what = format!("{}: neither a compound nor coordinates", rows.heading(Role::Compound));
            rows.reject(number, "", RejectReason::NoPosition, &what);
            continue;
        }
        // A row that names its compound needs no place.
        let placed = placed && (compound.is_none() || rows.is_in_city(row));
        let record = if placed { rows.record(row) } else { Some(rows.unplaced(row)) };
        let Some(record) = record else { continue };
        let population = population(rows, row);
        if population.households == Population::UNKNOWN && population.residents == Population::UNKNOWN {
            let cells: Vec<String> = [Role::Households, Role::Residents]
                .into_iter()
                .filter(|role| rows.columns.has(*role))
                .map(|role| format!("{} `{}`", rows.heading(role), excerpt(rows.cell(row, role))))
                .collect();
            let what = format!("neither households nor residents: {}", cells.join(", "));
            rows.reject_record(&record, RejectReason::NoCount, &what);
            continue;
        }
        let levels = rows.number(row, Role::Levels, 0.0..200.0);
        people.push(OwnPeople {
            record,
            placed,
            compound,
            building: text(rows.cell(row, Role::Building)),
            cells: rows.sheet.row_hash(row),
            levels: levels.unwrap_or(0.0) as f32,
            population,
        });
    }
    Ok(people)
}

/// The counts of a row.
pub(super) fn population(rows: &mut Rows<'_, '_>, row: usize) -> Population {
    let (households, residents) = (count(rows, row, Role::Households), count(rows, row, Role::Residents));
    let elderly = part(rows, row, Role::Elderly, residents);
    let children = part(rows, row, Role::Children, residents);
    Population { households, residents, elderly, children, ..Population::NONE }
}

/// A whole number of people or households.
fn count(rows: &mut Rows<'_, '_>, row: usize, role: Role) -> u32 {
    rows.number(row, role, 0.0..1e7).map_or(Population::UNKNOWN, |number| number.round() as u32)
}

/// A part of the residents: a count, or a share as `23%` or `0.23`.
fn part(rows: &mut Rows<'_, '_>, row: usize, role: Role, residents: u32) -> u32 {
    let cell = rows.cell(row, role);
    let share = match cell.strip_suffix(['%', '％']) {
        Some(percent) => parse_number(percent).map(|percent| percent / 100.0),
        None => parse_number(cell).filter(|number| number.fract() != 0.0 && *number < 1.0),
    };
    let part = match share {
        Some(share) if !(0.0..=1.0).contains(&share) || residents == Population::UNKNOWN => {
            Population::UNKNOWN
        }
        Some(share) => (f64::from(residents) * share).round() as u32,
        None => count(rows, row, role),
    };
    let wrong = share.is_some() && part == Population::UNKNOWN;
    if wrong || (part != Population::UNKNOWN && residents != Population::UNKNOWN && part > residents) {
        let what = format!(
            "{}: `{}` is no part of the residents",
            rows.heading(role),
            excerpt(rows.cell(row, role))
        );
        rows.warn_of_row(rows.sheet.number(row), "", &what);
        return Population::UNKNOWN;
    }
    part
}
