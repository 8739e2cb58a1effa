//! District units 区, 街道, 社区.

use super::value::{Value, key, osm_id, source};
use crate::number::whole_square_metres;
use circle_model::City;
use circle_model::city::KeyOf;

pub(super) const NAMES: [&str; 11] = [
    "id",
    "osm_id",
    "name",
    "name_en",
    "code",
    "admin_level",
    "parent",
    "parent_name",
    "area_square_metres",
    "clipped",
    "sources",
];

pub(super) fn values(city: &City, row: usize) -> [Value<'_>; NAMES.len()] {
    let unit = &city.units()[row];
    let parent = unit.parent().map(|parent| &city.units()[parent.index()]);
    [
        key(city, KeyOf::Unit, row as u32),
        osm_id(unit.osm_id),
        city.text_or_none(unit.name).into(),
        city.text_or_none(unit.name_en).into(),
        city.text_or_none(unit.code).into(),
        Value::Whole(i64::from(unit.admin_level)),
        key(city, KeyOf::Unit, unit.parent().map(|parent| parent.0)),
        parent.and_then(|parent| city.text_or_none(parent.name)).into(),
        Value::Whole(whole_square_metres(f64::from(unit.area_square_metres))),
        Value::Flag(unit.clipped != 0),
        source(city, unit.source, unit.row),
    ]
}
