//! A key in a question: the row that it names, or a refusal with the present key or the nearest record.

use crate::refusal::{KeySlot, NearestRecord, Refusal};
use circle_export::Collection;
use circle_model::city::{KeyOf, Named, Text};
use circle_model::{City, Point};

/// The row that a key names in a collection; `None` where the key never named anything.
///
/// # Errors
/// [`Refusal::Moved`] with the present key for a former one; [`Refusal::Gone`] with the nearest record of its
/// kind for a key whose thing no longer exists.
pub fn row_of_key(
    city: &City,
    collection: Collection,
    key: &str,
    slot: KeySlot,
) -> Result<Option<u32>, Refusal> {
    match collection.named(city, key) {
        Named::Present(row) => Ok(Some(row)),
        Named::Alias(row) => {
            Err(Refusal::Moved { slot, present: collection.key(city, row as usize).into_owned() })
        }
        Named::Gone(place) => {
            // Access points have no keys of their own; their facility has one.
            let of = collection.key_of().unwrap_or(KeyOf::Facility);
            Err(Refusal::Gone { of, asked: key.to_owned(), nearest: nearest_record(city, of, place) })
        }
        Named::Nothing => Ok(None),
    }
}

/// The row of the item that the last part of a path names.
///
/// # Errors
/// When the collection has no such item; the refusal names another collection that lists it. As
/// [`row_of_key`] for former keys.
pub fn item_row(city: &City, collection: Collection, key: &str) -> Result<usize, Refusal> {
    let row = row_of_key(city, collection, key, KeySlot::path())?.map(|row| row as usize);
    if let Some(row) = row.filter(|row| collection.has(city, *row)) {
        return Ok(row);
    }
    let id = collection.id();
    let elsewhere = row.and_then(|row| collection.other_half().filter(|other| other.has(city, row)));
    Err(Refusal::NotFound(match elsewhere {
        Some(other) => format!(
            "there is no `{key}` among the {id}; it is at /api/collections/{}/items/{key}",
            other.id()
        ),
        None => format!("there is no `{key}` among the {id}"),
    }))
}

/// The record of a kind that is nearest to a place; `None` if the city has none of the kind.
pub(super) fn nearest_record(city: &City, of: KeyOf, place: Point) -> Option<NearestRecord> {
    city.nearest_row(of, place).map(|(row, metres)| NearestRecord {
        id: city.key_of(of, row).into_owned(),
        name: city.text_or_none(name_of(city, of, row)).map(str::to_owned),
        metres: metres.round() as u64,
        collection: collection_of(city, of, row),
    })
}

/// The name of a record.
fn name_of(city: &City, of: KeyOf, row: u32) -> Text {
    let at = row as usize;
    match of {
        KeyOf::Compound => city.compounds()[at].name,
        KeyOf::Gate => city.gates()[at].name,
        KeyOf::Facility => city.facilities()[at].name,
        KeyOf::Unit => city.units()[at].name,
        KeyOf::Candidate => city.candidates()[at].name,
        KeyOf::Building => city.buildings()[at].name,
    }
}

/// The collection that lists a record.
fn collection_of(city: &City, of: KeyOf, row: u32) -> &'static str {
    let lists =
        |collection: &Collection| collection.key_of() == Some(of) && collection.has(city, row as usize);
    Collection::ALL.into_iter().find(lists).map_or(of.word(), Collection::id)
}
