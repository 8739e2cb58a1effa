//! Facilities 设施.

use super::value::{Value, key, osm_id, sources, unit};
use crate::categories::categories_of;
use crate::number::whole_square_metres;
use circle_model::{
    Catalogue, City,
    city::{Channel, FacilityFlags, KeyOf, OsmKind},
};

pub(super) const NAMES: [&str; 20] = [
    "id",
    "osm_type",
    "osm_id",
    "name",
    "name_en",
    "category",
    "categories",
    "group",
    "confidence",
    "channel",
    "halal",
    "level_uncertain",
    "only_for",
    "capacity",
    "area_square_metres",
    "access_points",
    "merged",
    "district",
    "subdistrict",
    "sources",
];

pub(super) fn values<'a>(city: &'a City, catalogue: &'a Catalogue, row: usize) -> [Value<'a>; NAMES.len()] {
    let facility = &city.facilities()[row];
    let categories = categories_of(city, catalogue, facility);
    let main = categories.first();
    [
        key(city, KeyOf::Facility, row as u32),
        Value::Text(OsmKind::from_code(facility.osm_kind).word()),
        osm_id(facility.osm_id),
        city.text_or_none(facility.name).into(),
        city.text_or_none(facility.name_en).into(),
        main.map(|category| category.id.as_str()).into(),
        Value::List(categories.iter().map(|category| category.id.as_str().into()).collect()),
        main.map(|category| category.group.as_str()).into(),
        Value::Number(f64::from(facility.confidence_percent) / 100.0),
        Value::Text(Channel::from_code(facility.channel).word()),
        Value::Flag(facility.has(FacilityFlags::HALAL)),
        Value::Flag(facility.has(FacilityFlags::LEVEL_UNCERTAIN)),
        facility.only_for().map_or(Value::Null, |compound| key(city, KeyOf::Compound, compound.0)),
        if facility.capacity > 0.0 { Value::Number(f64::from(facility.capacity)) } else { Value::Null },
        Value::Whole(whole_square_metres(f64::from(facility.area_square_metres))),
        Value::Whole(i64::from(facility.access.len)),
        Value::Whole(i64::from(facility.origins.len.saturating_sub(1))),
        unit(city, facility.units()[0]),
        unit(city, facility.units()[1]),
        sources(city, facility.origins),
    ]
}
