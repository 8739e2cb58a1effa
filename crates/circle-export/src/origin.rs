//! Where an answer starts: the foreign member `origin`.

use circle_model::{City, CompoundId, GateId, Point, city::GateProvenance};
use circle_reach::{Origin, Status};
use serde::Serialize;

/// The start of a walk, as the page and GIS programs read it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OriginSummary {
    /// Degrees east; of a compound, where its label stands.
    pub lon: f64,
    /// Degrees north.
    pub lat: f64,
    /// `ok` or `off_network`.
    pub status: &'static str,
    /// Buildings hide every way from it and were not counted.
    pub through_buildings: bool,
    /// The compound, where the walk starts at one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compound_id: Option<String>,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compound_name: Option<String>,
    /// Its gates; none for a place.
    pub gates: Vec<OriginGate>,
}

/// A gate that a walk may start at.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OriginGate {
    /// Its id.
    pub id: String,
    /// Degrees east.
    pub lon: f64,
    /// Degrees north.
    pub lat: f64,
    /// Its name or number.
    pub name: Option<String>,
    /// Where it is known from.
    pub provenance: &'static str,
}

impl OriginSummary {
    /// Describes `origin` in `city`, given how the search for it went.
    pub fn of(city: &City, origin: Origin, status: Status, through_buildings: bool) -> Self {
        let place = point_of(city, origin).lon_lat();
        let mut summary = Self {
            lon: place.lon,
            lat: place.lat,
            status: status.word(),
            through_buildings,
            compound_id: None,
            compound_name: None,
            gates: Vec::new(),
        };
        if let Origin::Compound(id) = origin
            && let Some(compound) = city.compounds().get(id.index())
        {
            summary.compound_id = Some(id.to_string());
            summary.compound_name = city.text_or_none(compound.name).map(str::to_owned);
            summary.gates =
                compound.gates.range().map(|row| OriginGate::of(city, GateId(row as u32))).collect();
        }
        summary
    }
}

impl OriginGate {
    pub(crate) fn of(city: &City, id: GateId) -> Self {
        let gate = &city.gates()[id.index()];
        let place = gate.point.lon_lat();
        Self {
            id: id.to_string(),
            lon: place.lon,
            lat: place.lat,
            name: city.text_or_none(gate.name).map(str::to_owned),
            provenance: GateProvenance::from_code(gate.provenance).word(),
        }
    }
}

/// The place of an origin; a compound's is where its label stands.
pub(crate) fn point_of(city: &City, origin: Origin) -> Point {
    match origin {
        Origin::Place(point) => point,
        Origin::Gate(gate) => city.gates().get(gate.index()).map_or_else(Point::default, |gate| gate.point),
        Origin::Compound(CompoundId(row)) => {
            city.compounds().get(row as usize).map_or_else(Point::default, |compound| compound.point)
        }
    }
}
