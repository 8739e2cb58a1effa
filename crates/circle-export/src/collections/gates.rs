//! Gates 小区出入口.

use super::value::{Value, key, osm_id, source, unit};
use circle_model::{
    City,
    city::{GateProvenance, KeyOf, OsmKind},
};

pub(super) const NAMES: [&str; 11] = [
    "id",
    "osm_type",
    "osm_id",
    "name",
    "compound_id",
    "compound_name",
    "district",
    "subdistrict",
    "provenance",
    "locked",
    "sources",
];

pub(super) fn values(city: &City, row: usize) -> [Value<'_>; NAMES.len()] {
    let gate = &city.gates()[row];
    let compound = city.compounds().get(gate.compound.index());
    let kind = if gate.osm_id == 0 { OsmKind::None } else { OsmKind::Node };
    [
        key(city, KeyOf::Gate, row as u32),
        Value::Text(kind.word()),
        osm_id(gate.osm_id),
        city.text_or_none(gate.name).into(),
        key(city, KeyOf::Compound, gate.compound.0),
        compound.and_then(|compound| city.text_or_none(compound.name)).into(),
        compound.map_or(Value::Null, |compound| unit(city, compound.units()[0])),
        compound.map_or(Value::Null, |compound| unit(city, compound.units()[1])),
        Value::Text(GateProvenance::from_code(gate.provenance).word()),
        Value::Flag(gate.locked != 0),
        source(city, gate.source, gate.row),
    ]
}
