//! Resolves a key in a request: a row, a redirect (308) or gone (410).

use crate::parameters::Parameters;
use crate::problem::{Nearest, Problem};
use circle_export::Collection;
use circle_model::City;
use circle_model::city::{KeyOf, Named, Text};

/// Where in an address a key stands.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Slot<'a> {
    /// The last part of the path, with what follows it there.
    Path(&'a str),
    /// A parameter.
    Parameter(&'a str),
}

impl Slot<'_> {
    /// The address of this request with another key.
    fn with(self, parameters: &Parameters, key: &str) -> String {
        match self {
            Self::Path(ending) => parameters.with_last_part(&format!("{key}{ending}")),
            Self::Parameter(name) => parameters.with_parameter(name, key),
        }
    }
}

/// The record that a key names among those of a collection; `None` where it names nothing and never did.
///
/// # Errors
/// [`Problem::Moved`] to the same address with the present key, for a former one; [`Problem::Gone`] with the nearest thing
/// of its kind, for one of what is there no more.
pub(crate) fn row(
    city: &City,
    collection: Collection,
    key: &str,
    slot: Slot<'_>,
    parameters: &Parameters,
) -> Result<Option<u32>, Problem> {
    match collection.named(city, key) {
        Named::Present(row) => Ok(Some(row)),
        Named::Alias(row) => Err(Problem::Moved(slot.with(parameters, &collection.key(city, row as usize)))),
        Named::Gone(place) => {
            // Access points are known by their facility.
            let of = collection.key_of().unwrap_or(KeyOf::Facility);
            let nearest = city.nearest_row(of, place).map(|(row, metres)| Nearest {
                id: city.key_of(of, row).into_owned(),
                name: city.text_or_none(name(city, of, row)).map(str::to_owned),
                metres: metres.round() as u64,
                href: parameters.href(&address(city, of, row)),
            });
            Err(Problem::Gone { what: word(of), asked: key.to_owned(), nearest })
        }
        Named::Nothing => Ok(None),
    }
}

/// The address of a row's item: that of the collection which holds it.
fn address(city: &City, of: KeyOf, row: u32) -> String {
    let holds =
        |collection: &Collection| collection.key_of() == Some(of) && collection.has(city, row as usize);
    let collection = Collection::ALL.into_iter().find(holds).map_or(of.word(), Collection::id);
    format!("/api/collections/{collection}/items/{}", city.key_of(of, row))
}

fn name(city: &City, of: KeyOf, row: u32) -> Text {
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

const fn word(of: KeyOf) -> &'static str {
    match of {
        KeyOf::Compound => "compound",
        KeyOf::Gate => "gate",
        KeyOf::Facility => "facility",
        KeyOf::Unit => "unit",
        KeyOf::Candidate => "candidate space",
        KeyOf::Building => "building",
    }
}
