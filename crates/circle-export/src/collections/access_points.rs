//! Access points 出入点: where facilities are entered.

use super::value::{Value, row_id};
use circle_model::City;
use circle_model::city::AccessKind;

pub(super) const NAMES: [&str; 5] = ["id", "facility_id", "facility_name", "kind", "closed"];

pub(super) fn values(city: &City, row: usize) -> [Value<'_>; NAMES.len()] {
    let access = &city.access_points()[row];
    // Facilities follow the order of their access points.
    let number = city.facilities().partition_point(|facility| facility.access.range().end <= row);
    let facility = city.facilities().get(number);
    [
        row_id(row as u32),
        row_id(number as u32),
        facility.and_then(|facility| city.text_or_none(facility.name)).into(),
        Value::Text(u8::try_from(access.kind).map_or("", |kind| AccessKind::from_code(kind).word())),
        Value::Flag(facility.is_some_and(|facility| facility.closed != 0)),
    ]
}
