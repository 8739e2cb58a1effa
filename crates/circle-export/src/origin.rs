//! The origin of an answer: the foreign member `origin`.

use circle_model::{City, CompoundId, GateId, Point, city::GateProvenance};
use circle_reach::{Origin, Status};
use serde::Serialize;

/// The origin of walks.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OriginSummary {
    /// Degrees east; for a compound, the position of its label.
    pub lon: f64,
    /// Degrees north.
    pub lat: f64,
    /// `ok` or `off_network`.
    pub status: &'static str,
    /// Whether buildings hide every way from the origin, so that they were ignored.
    pub through_buildings: bool,
    /// Key of the compound, if the origin is a compound or a gate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compound_id: Option<String>,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compound_name: Option<String>,
    /// Gates of the compound, or the gate that is the origin; empty for other origins.
    pub gates: Vec<OriginGate>,
}

/// A gate where a walk may begin.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OriginGate {
    /// Its key.
    pub id: String,
    /// Degrees east.
    pub lon: f64,
    /// Degrees north.
    pub lat: f64,
    /// Its name or number.
    pub name: Option<String>,
    /// Source of the gate.
    pub provenance: &'static str,
}

impl OriginSummary {
    /// Describes an origin in `city`, with the status of the search from it.
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
        let (compound, gate) = match origin {
            Origin::Place(_) => return summary,
            Origin::Compound(compound) => (Some(compound), None),
            Origin::Gate(gate) => (city.gates().get(gate.index()).map(|row| row.compound), Some(gate)),
        };
        if let Some(id) = compound
            && let Some(compound) = city.compounds().get(id.index())
        {
            summary.compound_id = Some(city.compound_key(id).into_owned());
            summary.compound_name = city.text_or_none(compound.name).map(str::to_owned);
            summary.gates = match gate {
                Some(gate) => vec![OriginGate::of(city, gate)],
                None => compound.gates.range().map(|row| OriginGate::of(city, GateId(row as u32))).collect(),
            };
        }
        summary
    }
}

impl OriginGate {
    pub(crate) fn of(city: &City, id: GateId) -> Self {
        let gate = &city.gates()[id.index()];
        let place = gate.point.lon_lat();
        Self {
            id: city.gate_key(id).into_owned(),
            lon: place.lon,
            lat: place.lat,
            name: city.text_or_none(gate.name).map(str::to_owned),
            provenance: GateProvenance::from_code(gate.provenance).word(),
        }
    }
}

/// The position of an origin; for a compound, that of its label.
pub(crate) fn point_of(city: &City, origin: Origin) -> Point {
    match origin {
        Origin::Place(point) => point,
        Origin::Gate(gate) => city.gates().get(gate.index()).map_or_else(Point::default, |gate| gate.point),
        Origin::Compound(CompoundId(row)) => {
            city.compounds().get(row as usize).map_or_else(Point::default, |compound| compound.point)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use circle_model::city::{CityTables, Compound, Gate, Meta, OsmKind, Span};
    use zerocopy::FromZeros;

    #[test]
    fn a_compound_has_all_its_gates_and_a_gate_has_its_compound() {
        let gate = |osm_id| Gate { osm_id, ..Gate::new_zeroed() };
        let compound = Compound {
            osm_kind: OsmKind::Way.code(),
            osm_id: 5,
            gates: Span { start: 0, len: 2 },
            ..Compound::new_zeroed()
        };
        let tables =
            CityTables { compounds: vec![compound], gates: vec![gate(7), gate(8)], ..CityTables::default() };
        let city = City::from_tables(tables, &Meta::default()).unwrap();
        let of = |origin| {
            let OriginSummary { compound_id, gates, .. } =
                OriginSummary::of(&city, origin, Status::Ok, false);
            (compound_id, gates.into_iter().map(|gate| gate.id).collect::<Vec<_>>().join(" "))
        };
        let five = || Some("w5".to_owned());
        assert_eq!(of(Origin::Compound(CompoundId(0))), (five(), "n7 n8".to_owned()));
        assert_eq!(of(Origin::Gate(GateId(1))), (five(), "n8".to_owned()));
        assert_eq!(of(Origin::Place(Point::default())), (None, String::new()));
    }
}
