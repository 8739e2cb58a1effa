//! Where a walk starts: `at=LON,LAT` or `compound=ID_OR_NAME`.

use crate::parameters::Parameters;
use crate::problem::{Candidate, Problem};
use circle_model::{City, CompoundId, LonLat, Point};
use circle_reach::Origin;

/// The origin asked for.
///
/// # Errors
/// When neither or both are given, the place is not on the globe or far outside of the city's data, or the compound does not exist or
/// is one of several of that name.
pub(crate) fn origin(city: &City, parameters: &Parameters) -> Result<Origin, Problem> {
    match (parameters.text("at"), parameters.text("compound")) {
        (Some(at), None) => {
            let point = place("at", at)?;
            match city.says_outside(point) {
                Some(what) => Err(Problem::parameter("at", what)),
                None => Ok(Origin::Place(point)),
            }
        }
        (None, Some(asked)) => compound(city, asked).map(Origin::Compound),
        _ => Err(Problem::parameter("at", "give either `at=LON,LAT` or `compound=ID_OR_NAME`")),
    }
}

/// The id of an origin in answers: the compound's, or the place as it was understood.
pub(crate) fn origin_id(origin: Origin) -> String {
    match origin {
        Origin::Place(point) => {
            let place = point.lon_lat();
            format!("{},{}", place.lon, place.lat)
        }
        Origin::Compound(id) => id.to_string(),
        Origin::Gate(id) => id.to_string(),
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

/// The one compound that `asked` names.
///
/// # Errors
/// When there is none, or more than one.
pub(crate) fn compound(city: &City, asked: &str) -> Result<CompoundId, Problem> {
    // Nothing is not the name of the compounds without an English one.
    let called = if asked.is_empty() { Vec::new() } else { city.compounds_called(asked) };
    match called.as_slice() {
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

fn candidate(city: &City, id: CompoundId) -> Candidate {
    let compound = &city.compounds()[id.index()];
    let place = compound.point.lon_lat();
    Candidate {
        id: id.to_string(),
        name: city.text(compound.name).to_owned(),
        lon: place.lon,
        lat: place.lat,
    }
}
