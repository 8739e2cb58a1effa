//! Looks up records that the command line names.

use crate::failure::{Failure, summarize};
use circle_model::city::KeyOf;
use circle_model::{City, CompoundId};
use circle_study::question::{Resolved, find_compound, find_row};
use circle_study::{Refusal, parameters};

/// Accepts a record, and prints the note about the text that named it.
pub(crate) fn accept<T>(found: Result<Resolved<T>, Refusal>) -> Result<T, Failure> {
    let Resolved { value, note } = found.map_err(Failure::refused)?;
    if let Some(note) = note {
        summarize(&format!("{note}\n"));
    }
    Ok(value)
}

/// The compound with this key or name, else the only one whose name contains the text.
pub(crate) fn compound(city: &City, id_or_name: &str) -> Result<CompoundId, Failure> {
    accept(find_compound(city, id_or_name))
}

/// The row that a present or former key names; `None` if the text is not a key of the collection.
pub(crate) fn row_of_key(city: &City, of: KeyOf, text: &str) -> Result<Option<u32>, Failure> {
    find_row(city, of, text).map_err(Failure::refused)?.map(|row| accept(Ok(row))).transpose()
}

/// Bands in minutes: ascending, without duplicates.
pub(crate) fn bands(minutes: &[u32]) -> Result<Vec<u32>, Failure> {
    parameters::bands_of(minutes).map_err(Failure::refused)
}
