//! Where a walk starts: `at=LON,LAT`, `compound=ID_OR_NAME` or `gate=ID`.

use crate::keys::{self, Slot};
use crate::parameters::Parameters;
use crate::problem::{Candidate, Problem};
use circle_export::Collection;
use circle_model::{City, CompoundId, FacilityId, GateId, LonLat, Point};
use circle_reach::Origin;

/// The origin asked for.
///
/// # Errors
/// When none or several are given, the place is not on the globe or far outside of the city's data, or the compound or gate
/// does not exist, is called otherwise now, is gone, or is one of several of that name.
pub(crate) fn origin(city: &City, parameters: &Parameters) -> Result<Origin, Problem> {
    match ["at", "compound", "gate"].map(|name| parameters.text(name)) {
        [Some(at), None, None] => {
            let point = place("at", at)?;
            match city.says_outside(point) {
                Some(what) => Err(Problem::parameter("at", what)),
                None => Ok(Origin::Place(point)),
            }
        }
        [None, Some(asked), None] => {
            compound(city, asked, Slot::Parameter("compound"), parameters).map(Origin::Compound)
        }
        [None, None, Some(asked)] => gate(city, asked, parameters).map(Origin::Gate),
        _ => Err(Problem::parameter("at", "give either `at=LON,LAT`, `compound=ID_OR_NAME` or `gate=ID`")),
    }
}

/// The id of an origin in answers: the compound's or gate's, or the place as it was understood.
pub(crate) fn origin_id(city: &City, origin: Origin) -> String {
    match origin {
        Origin::Place(point) => {
            let place = point.lon_lat();
            format!("{},{}", place.lon, place.lat)
        }
        Origin::Compound(id) => city.compound_key(id).into_owned(),
        Origin::Gate(id) => city.gate_key(id).into_owned(),
    }
}

/// A place as `LON,LAT`.
///
/// # Errors
/// When it is none, or not on the globe.
pub(crate) fn place(parameter: &'static str, text: &str) -> Result<Point, Problem> {
    let mut numbers = text.split(',').map(|part| part.trim().parse::<f64>().ok());
    let place = match (numbers.next(), numbers.next(), numbers.next()) {
        (Some(Some(lon)), Some(Some(lat)), None) => LonLat::new(lon, lat),
        _ => None,
    };
    place.map(LonLat::point).ok_or_else(|| {
        Problem::parameter(
            parameter,
            format!("it takes LON,LAT in degrees, WGS 84, longitude first, not `{text}`"),
        )
    })
}

/// The one compound that `asked` names, by its key or exactly by its name.
///
/// # Errors
/// When there is none, or more than one; as [`keys::row`] for former keys.
pub(crate) fn compound(
    city: &City,
    asked: &str,
    slot: Slot<'_>,
    parameters: &Parameters,
) -> Result<CompoundId, Problem> {
    if let Some(row) = keys::row(city, Collection::Compounds, asked, slot, parameters)? {
        return Ok(CompoundId(row));
    }
    match city.compounds_called(asked).as_slice() {
        [] => Err(Problem::NotFound(format!(
            "there is no compound `{asked}`; /api/collections/compounds/items lists them"
        ))),
        [id] => Ok(*id),
        several => Err(Problem::Ambiguous {
            asked: asked.to_owned(),
            compounds: several.iter().map(|id| candidate(city, *id)).collect(),
        }),
    }
}

/// The gate of a key in `gate`.
///
/// # Errors
/// When there is none; as [`keys::row`] for former keys.
pub(crate) fn gate(city: &City, asked: &str, parameters: &Parameters) -> Result<GateId, Problem> {
    let row = keys::row(city, Collection::Gates, asked, Slot::Parameter("gate"), parameters)?;
    row.map(GateId).ok_or_else(|| {
        Problem::NotFound(format!("there is no gate `{asked}`; /api/collections/gates/items lists them"))
    })
}

/// The one facility that `facility` names, by its key or exactly by its name.
///
/// # Errors
/// When there is none, or more than one; as [`keys::row`] for former keys.
pub(crate) fn facility(city: &City, asked: &str, parameters: &Parameters) -> Result<FacilityId, Problem> {
    let slot = Slot::Parameter("facility");
    if let Some(row) = keys::row(city, Collection::Facilities, asked, slot, parameters)? {
        return Ok(FacilityId(row));
    }
    match city.facilities_called(asked).as_slice() {
        [] => Err(Problem::NotFound(format!(
            "there is no facility `{asked}`; /api/collections/facilities/items lists them"
        ))),
        [id] => Ok(*id),
        several => Err(Problem::parameter(
            "facility",
            format!("`{asked}` fits {} facilities; ask for one of them by its id", several.len()),
        )),
    }
}

fn candidate(city: &City, id: CompoundId) -> Candidate {
    let compound = &city.compounds()[id.index()];
    let place = compound.point.lon_lat();
    Candidate {
        id: city.compound_key(id).into_owned(),
        name: city.text(compound.name).to_owned(),
        lon: place.lon,
        lat: place.lat,
    }
}
