//! Access points 出入点, where facilities are entered.

use super::value::{Value, key};
use circle_model::city::{AccessKind, KeyOf, Named};
use circle_model::{City, FacilityId};

pub(super) const NAMES: [&str; 5] = ["id", "facility_id", "facility_name", "kind", "closed"];

pub(super) fn values(city: &City, row: usize) -> [Value<'_>; NAMES.len()] {
    let access = &city.access_points()[row];
    let number = facility_of(city, row);
    let facility = city.facilities().get(number);
    [
        Value::Key(id(city, row).into()),
        key(city, KeyOf::Facility, number as u32),
        facility.and_then(|facility| city.text_or_none(facility.name)).into(),
        Value::Text(u8::try_from(access.kind).map_or("", |kind| AccessKind::from_code(kind).word())),
        Value::Flag(city.facility_is_shut(FacilityId(number as u32))),
    ]
}

/// Row of the facility of an access point. Facilities are in the order of their access points.
fn facility_of(city: &City, row: usize) -> usize {
    city.facilities().partition_point(|facility| facility.access.range().end <= row)
}

/// The facility's key and the number of the access point, from 1: `w123.2`.
pub(super) fn id(city: &City, row: usize) -> String {
    let number = facility_of(city, row);
    match city.facilities().get(number) {
        Some(facility) => {
            let first = facility.access.start as usize;
            format!("{}.{}", city.facility_key(FacilityId(number as u32)), row.saturating_sub(first) + 1)
        }
        None => String::new(),
    }
}

/// The row of an id, which may have a former key of the facility.
pub(super) fn named(city: &City, id: &str) -> Named<u32> {
    let Some((facility, number)) = id.rsplit_once('.') else { return Named::Nothing };
    let Some(place) = number.parse::<u32>().ok().filter(|it| *it > 0 && it.to_string() == number) else {
        return Named::Nothing;
    };
    let at = |facility: FacilityId| {
        let access = city.facilities()[facility.index()].access;
        (place <= access.len).then(|| access.start + place - 1)
    };
    match city.facility_named(facility) {
        Named::Present(facility) => at(facility).map_or(Named::Nothing, Named::Present),
        Named::Alias(facility) => at(facility).map_or(Named::Nothing, Named::Alias),
        Named::Gone(point) => Named::Gone(point),
        Named::Nothing => Named::Nothing,
    }
}
