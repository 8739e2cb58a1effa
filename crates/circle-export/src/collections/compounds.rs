//! Compounds 小区.

use super::value::{Value, count, key, osm_id, sources, unit};
use crate::number::whole_square_metres;
use circle_model::{
    City,
    city::{ClosureEvidence, KeyOf, OsmKind, PopulationFrom},
};

pub(super) const NAMES: [&str; 26] = [
    "id",
    "osm_type",
    "osm_id",
    "name",
    "name_en",
    "generated_name",
    "closed",
    "evidence",
    "gates",
    "area_square_metres",
    "district_id",
    "district",
    "subdistrict_id",
    "subdistrict",
    "community_id",
    "community",
    "grid_id",
    "grid",
    "households",
    "residents",
    "residents_low",
    "residents_high",
    "elderly",
    "children",
    "population_from",
    "sources",
];

pub(super) fn values(city: &City, row: usize) -> [Value<'_>; NAMES.len()] {
    let compound = &city.compounds()[row];
    let unit_id = |level: usize| key(city, KeyOf::Unit, compound.units()[level].map(|unit| unit.0));
    let range = compound.population.residents_range();
    let whole = |count: Option<u64>| {
        count.and_then(|count| i64::try_from(count).ok()).map_or(Value::Null, Value::Whole)
    };
    [
        key(city, KeyOf::Compound, row as u32),
        Value::Text(OsmKind::from_code(compound.osm_kind).word()),
        osm_id(compound.osm_id),
        city.text_or_none(compound.name).into(),
        city.text_or_none(compound.name_en).into(),
        Value::Flag(compound.generated_name != 0),
        Value::Flag(compound.closed != 0),
        Value::Text(ClosureEvidence::from_code(compound.evidence).word()),
        Value::Whole(i64::from(compound.gates.len)),
        Value::Whole(whole_square_metres(f64::from(compound.area_square_metres))),
        unit_id(0),
        unit(city, compound.units()[0]),
        unit_id(1),
        unit(city, compound.units()[1]),
        unit_id(2),
        unit(city, compound.units()[2]),
        unit_id(3),
        unit(city, compound.units()[3]),
        count(compound.population.households),
        count(compound.population.residents),
        whole(range.map(|range| range.low)),
        whole(range.map(|range| range.high)),
        count(compound.population.elderly),
        count(compound.population.children),
        Value::Text(PopulationFrom::from_code(compound.population_from).word()),
        sources(city, compound.origins),
    ]
}
