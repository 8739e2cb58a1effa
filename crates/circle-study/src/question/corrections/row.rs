//! One correction as it is written.

use super::find::Sought;
use crate::choices::Choices;
use crate::refusal::Refusal;
use circle_model::corrections::{CorrectedThing, CorrectionAction};
use circle_model::files::clean;
use circle_model::{Catalogue, City, LonLat, Point};
use serde_json::{Map, Value};

/// The columns of a file of corrections.
const COLUMNS: [&str; 14] = [
    "action",
    "of",
    "target",
    "name",
    "compound",
    "lon",
    "lat",
    "new_name",
    "new_category",
    "new_lon",
    "new_lat",
    "author",
    "date",
    "note",
];
/// Longest cell, in characters.
const LONGEST: usize = 200;

/// A correction as it is written.
#[derive(Debug)]
pub(super) struct CorrectionRow {
    pub(super) action: CorrectionAction,
    pub(super) of: CorrectedThing,
    pub(super) target: Option<String>,
    pub(super) name: Option<String>,
    pub(super) compound: Option<String>,
    pub(super) place: Option<Point>,
    pub(super) new_name: Option<String>,
    pub(super) new_place: Option<Point>,
    new_category: Option<String>,
    /// Position of the new category in the catalogue.
    category: Option<u8>,
}

impl CorrectionRow {
    /// Reads a correction; the inner error is the reason why its contents cannot be used.
    ///
    /// # Errors
    /// When it has a column that a file of corrections has not, or a cell is neither text nor a number.
    pub(super) fn parse(
        choices: &Choices,
        row: usize,
        members: &Map<String, Value>,
    ) -> Result<Result<Self, String>, Refusal> {
        let mut cells = [const { None::<String> }; COLUMNS.len()];
        for (name, value) in members {
            let Some(column) = COLUMNS.iter().position(|column| column == name) else {
                let choices = COLUMNS.map(str::to_owned).into();
                return Err(Refusal::UnknownParameter { name: name.clone(), choices });
            };
            cells[column] = match value {
                Value::String(text) => Some(text.clone()),
                Value::Number(number) => Some(number.to_string()),
                _ => {
                    let message = format!("row {row}, `{name}`: it takes text or a number");
                    return Err(Refusal::parameter("corrections", message));
                }
            };
        }
        Ok(Self::of_cells(choices, cells))
    }

    fn of_cells(choices: &Choices, cells: [Option<String>; COLUMNS.len()]) -> Result<Self, String> {
        let cells = cells.map(|cell| {
            let text = clean(&cell?, LONGEST).trim().to_owned();
            Some(text).filter(|text| !text.is_empty())
        });
        let [action, of, target, name, compound, lon, lat, new_name, new_category, new_lon, new_lat, ..] =
            cells;
        let word = action.ok_or_else(|| missing("action", CorrectionAction::LIST))?;
        let action = CorrectionAction::parse(&word.to_lowercase()).ok_or_else(|| {
            format!("`action`: `{word}` is no correction; there are {}", CorrectionAction::LIST)
        })?;
        let city = &choices.city;
        Ok(Self {
            action,
            of: of.as_deref().and_then(CorrectedThing::parse).unwrap_or(action.usual_thing()),
            target,
            name,
            compound,
            place: place(city, ["lon", "lat"], [lon, lat])?,
            new_name,
            new_place: place(city, ["new_lon", "new_lat"], [new_lon, new_lat])?,
            category: new_category.as_deref().and_then(|word| category(&choices.catalogue, word)),
            new_category,
        })
    }

    /// What a correction of a facility names.
    pub(super) fn sought(&self) -> Sought<'_> {
        Sought { target: self.target.as_deref(), name: self.name.as_deref(), place: self.place }
    }

    /// What a correction of a compound names.
    pub(super) fn sought_compound(&self) -> Sought<'_> {
        let target = self.target.as_deref().or(self.compound.as_deref());
        Sought { target, ..self.sought() }
    }

    /// The place of a new thing.
    ///
    /// # Errors
    /// When it is missing.
    pub(super) fn new_thing_at(&self, what: &str) -> Result<Point, String> {
        self.place.ok_or_else(|| missing("lon", &format!("where {what} is")))
    }

    /// The place that a thing moved to: the new one, else that of the row.
    ///
    /// # Errors
    /// When it is missing.
    pub(super) fn moved_to(&self) -> Result<Point, String> {
        let is_named = self.target.is_some() || self.name.is_some();
        let to = self.new_place.or(self.place.filter(|_| is_named));
        to.ok_or_else(|| missing("new_lon", "where it moved to"))
    }

    /// The new category.
    ///
    /// # Errors
    /// When it is missing or does not exist.
    pub(super) fn category(&self) -> Result<u8, String> {
        self.category.ok_or_else(|| match &self.new_category {
            Some(word) => format!("`new_category`: there is no category `{word}`"),
            None => missing("new_category", "the right category, by id or name"),
        })
    }
}

/// The message about a missing cell.
pub(super) fn missing(column: &str, what: &str) -> String {
    format!("`{column}`: missing; state {what}")
}

/// The place in two cells; `None` if both are empty.
///
/// # Errors
/// When one is missing or no number, or the place lies outside of the city.
fn place(city: &City, names: [&str; 2], cells: [Option<String>; 2]) -> Result<Option<Point>, String> {
    if cells.iter().all(Option::is_none) {
        return Ok(None);
    }
    let mut degrees = [0.0; 2];
    for ((degrees, name), cell) in degrees.iter_mut().zip(names).zip(&cells) {
        let cell = cell.as_ref().ok_or_else(|| missing(name, "both coordinates, WGS 84"))?;
        *degrees = cell.parse::<f64>().map_err(|_| format!("`{name}`: `{cell}` is not a number"))?;
    }
    let [lon, lat] = degrees;
    let point = LonLat::new(lon, lat).map(LonLat::point);
    let point = point.ok_or_else(|| format!("`{}`: {lon}, {lat} is not on the globe", names[0]))?;
    match city.outside_message(point) {
        Some(message) => Err(format!("`{}`: {message}", names[0])),
        None => Ok(Some(point)),
    }
}

/// The category with this id or name.
fn category(catalogue: &Catalogue, word: &str) -> Option<u8> {
    let named = || {
        let fits = |names: [&String; 3]| names.iter().any(|name| name.to_lowercase() == word.to_lowercase());
        catalogue.categories.iter().position(|it| fits([&it.zh, &it.short, &it.en]))
    };
    catalogue.index_of(word).or_else(named).and_then(|row| u8::try_from(row).ok())
}
