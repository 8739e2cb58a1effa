//! Who lives where, as own files count it.

use super::columns::{Role, list};
use super::number::parse_number;
use super::places::Place;
use super::rows::{Record, Rows, text};
use super::short;
use circle_model::city::Population;

/// Who lives in a compound, or in one of its buildings.
#[derive(Debug)]
pub(crate) struct OwnPeople {
    pub(crate) record: Record,
    /// Whether the row has a place.
    pub(crate) placed: bool,
    pub(crate) compound: Option<Box<str>>,
    pub(crate) building: Option<Box<str>>,
    pub(crate) levels: f32,
    pub(crate) population: Population,
    /// All of its row, in one number: rows that say the same are one.
    pub(crate) cells: u64,
}

/// Reads a layer of population.
pub(super) fn read(rows: &mut Rows<'_>) -> Result<Vec<OwnPeople>, String> {
    if !rows.columns.has(Role::Households) && !rows.columns.has(Role::Residents) {
        return Err(format!(
            "no column for households (户数) or residents (人口); it has: {}",
            list(&rows.sheet.columns)
        ));
    }
    let mut people = Vec::new();
    for row in 0..rows.sheet.len() {
        let placed = !matches!(rows.places[row], Place::Nowhere);
        let compound = text(rows.cell(row, Role::Compound));
        let number = rows.sheet.number(row);
        if !placed && compound.is_none() {
            let what = format!("{}: neither a compound nor coordinates", rows.called(Role::Compound));
            rows.reject(number, "", "no_position", &what);
            continue;
        }
        // Who names the compound needs no place.
        let placed = placed && (compound.is_none() || rows.in_city(row));
        let record = if placed { rows.record(row) } else { Some(rows.unplaced(row)) };
        let Some(record) = record else { continue };
        let population = rows.population(row);
        if population.households == Population::UNKNOWN && population.residents == Population::UNKNOWN {
            let said: Vec<String> = [Role::Households, Role::Residents]
                .into_iter()
                .filter(|role| rows.columns.has(*role))
                .map(|role| format!("{} `{}`", rows.called(role), short(rows.cell(row, role))))
                .collect();
            let what = format!("neither households nor residents: {}", said.join(", "));
            rows.withdraw(&record, "no_count", &what);
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

impl Rows<'_> {
    /// A whole number of people or households.
    fn count(&mut self, row: usize, role: Role) -> u32 {
        self.number(row, role, 0.0..1e7).map_or(Population::UNKNOWN, |number| number.round() as u32)
    }

    pub(super) fn population(&mut self, row: usize) -> Population {
        let (households, residents) = (self.count(row, Role::Households), self.count(row, Role::Residents));
        let elderly = self.part(row, Role::Elderly, residents);
        let children = self.part(row, Role::Children, residents);
        Population { households, residents, elderly, children, ..Population::NONE }
    }

    /// A part of the residents: a count, or a share as `23%` or `0.23`.
    fn part(&mut self, row: usize, role: Role, residents: u32) -> u32 {
        let cell = self.cell(row, role);
        let number = parse_number;
        let share = match cell.strip_suffix(['%', '％']) {
            Some(percent) => number(percent).map(|percent| percent / 100.0),
            None => number(cell).filter(|number| number.fract() != 0.0 && *number < 1.0),
        };
        let part = match share {
            Some(share) if !(0.0..=1.0).contains(&share) || residents == Population::UNKNOWN => {
                Population::UNKNOWN
            }
            Some(share) => (f64::from(residents) * share).round() as u32,
            None => self.count(row, role),
        };
        let wrong = share.is_some() && part == Population::UNKNOWN;
        if wrong || (part != Population::UNKNOWN && residents != Population::UNKNOWN && part > residents) {
            let column = self.columns.called(self.sheet, role);
            let what = format!("{column}: `{}` is no part of the residents", short(self.cell(row, role)));
            self.odd(self.sheet.number(row), "", &what);
            return Population::UNKNOWN;
        }
        part
    }
}
