//! Where a walk starts or ends: `at=LON,LAT`, `compound=ID_OR_NAME`, `gate=ID`, `facility=ID_OR_NAME`.

use super::key::row_of_key;
use crate::parameters::{Parameters, parse_place};
use crate::refusal::{KeySlot, NamedCompound, Refusal};
use circle_export::Collection;
use circle_model::{City, CompoundId, FacilityId, GateId, Point};
use circle_reach::Origin;

/// The origin in `at`, `compound` or `gate`.
///
/// # Errors
/// When none or several of them are given, the place is not on the globe or is far outside of the city's
/// data, several compounds have the name, or the compound or gate does not exist; as [`row_of_key`] for
/// former keys.
pub fn origin(city: &City, parameters: &Parameters) -> Result<Origin, Refusal> {
    match ["at", "compound", "gate"].map(|name| parameters.text(name)) {
        [Some(at), None, None] => place_in_city(city, "at", parse_place("at", at)?).map(Origin::Place),
        [None, Some(asked), None] => {
            compound(city, asked, KeySlot::parameter("compound")).map(Origin::Compound)
        }
        [None, None, Some(asked)] => gate(city, asked).map(Origin::Gate),
        _ => Err(Refusal::parameter("at", "give either `at=LON,LAT`, `compound=ID_OR_NAME` or `gate=ID`")),
    }
}

/// The place in the parameter `name`.
///
/// # Errors
/// [`Refusal::Outside`] when it is far outside of the city's data: no walk leads there.
pub fn place_in_city(city: &City, name: &'static str, place: Point) -> Result<Point, Refusal> {
    match city.outside_message(place) {
        Some(message) => Err(Refusal::Outside { name, message }),
        None => Ok(place),
    }
}

/// The id of an origin in answers: the compound's or gate's key, or the place as `LON,LAT`, rounded to 10⁻⁷
/// degrees.
pub fn origin_id(city: &City, origin: Origin) -> String {
    match origin {
        Origin::Place(point) => {
            let place = point.lon_lat();
            format!("{},{}", place.lon, place.lat)
        }
        Origin::Compound(id) => city.compound_key(id).into_owned(),
        Origin::Gate(id) => city.gate_key(id).into_owned(),
    }
}

/// The compound with this key or exactly this name.
///
/// # Errors
/// When there is none, or several have the name; as [`row_of_key`] for former keys.
pub fn compound(city: &City, asked: &str, slot: KeySlot) -> Result<CompoundId, Refusal> {
    if let Some(row) = row_of_key(city, Collection::Compounds, asked, slot)? {
        return Ok(CompoundId(row));
    }
    match city.compounds_called(asked).as_slice() {
        [] => Err(Refusal::NotFound(format!(
            "there is no compound `{asked}`; /api/collections/compounds/items lists them"
        ))),
        [id] => Ok(*id),
        several => Err(Refusal::Ambiguous {
            asked: asked.to_owned(),
            compounds: several.iter().map(|id| named_compound(city, *id)).collect(),
        }),
    }
}

/// The gate with this key, the value of the parameter `gate`.
///
/// # Errors
/// When there is none; as [`row_of_key`] for former keys.
pub fn gate(city: &City, asked: &str) -> Result<GateId, Refusal> {
    let row = row_of_key(city, Collection::Gates, asked, KeySlot::parameter("gate"))?;
    row.map(GateId).ok_or_else(|| {
        Refusal::NotFound(format!("there is no gate `{asked}`; /api/collections/gates/items lists them"))
    })
}

/// The facility with this key or exactly this name, the value of the parameter `facility`.
///
/// # Errors
/// When there is none, or several have the name; as [`row_of_key`] for former keys.
pub fn facility(city: &City, asked: &str) -> Result<FacilityId, Refusal> {
    if let Some(row) = row_of_key(city, Collection::Facilities, asked, KeySlot::parameter("facility"))? {
        return Ok(FacilityId(row));
    }
    match city.facilities_called(asked).as_slice() {
        [] => Err(Refusal::NotFound(format!(
            "there is no facility `{asked}`; /api/collections/facilities/items lists them"
        ))),
        [id] => Ok(*id),
        several => Err(Refusal::parameter(
            "facility",
            format!("`{asked}` fits {} facilities; ask for one of them by its id", several.len()),
        )),
    }
}

fn named_compound(city: &City, id: CompoundId) -> NamedCompound {
    let compound = &city.compounds()[id.index()];
    let place = compound.point.lon_lat();
    NamedCompound {
        id: city.compound_key(id).into_owned(),
        name: city.text(compound.name).to_owned(),
        lon: place.lon,
        lat: place.lat,
    }
}
