//! Residential buildings 楼栋.

use super::value::{Value, key};
use circle_model::City;
use circle_model::city::{KeyOf, PopulationFrom, Span};

pub(super) const NAMES: [&str; 11] = [
    "id",
    "name",
    "compound_id",
    "compound_name",
    "levels",
    "levels_assumed",
    "households",
    "residents",
    "residents_low",
    "residents_high",
    "population_from",
];

pub(super) fn values(city: &City, row: usize) -> [Value<'_>; NAMES.len()] {
    let building = &city.buildings()[row];
    let compound = building.compound().map(|compound| &city.compounds()[compound.index()]);
    let number = |number: f32, known: bool| {
        if known { Value::Number((f64::from(number) * 10.0).round() / 10.0) } else { Value::Null }
    };
    [
        key(city, KeyOf::Building, row as u32),
        city.text_or_none(building.name).into(),
        key(city, KeyOf::Compound, building.compound().map(|compound| compound.0)),
        compound.and_then(|compound| city.text_or_none(compound.name)).into(),
        number(building.levels, building.levels > 0.0),
        Value::Flag(building.levels_assumed != 0),
        number(building.households, building.households >= 0.0),
        number(building.residents, building.residents >= 0.0),
        number(building.residents_low, building.residents_low >= 0.0),
        number(building.residents_high, building.residents_high >= 0.0),
        Value::Text(PopulationFrom::from_code(building.population_from).word()),
    ]
}

pub(super) fn rings(city: &City, row: usize) -> Span {
    let feature = city.buildings()[row].feature().and_then(|id| city.features().get(id.index()));
    feature.map_or_else(Span::default, |feature| feature.rings)
}
