//! Finds what a correction is about, under the rules of a build.

use circle_model::city::{Facility, Joined, OsmKind, SourceRecord};
use circle_model::coordinates::Bounds;
use circle_model::grid::widened;
use circle_model::identity::osm_key;
use circle_model::{City, CompoundId, FacilityId, Frame, Point, plane};

/// A name is searched for within this distance of the place in the correction …
const NAMED_METRES: f64 = 300.0;
/// … and a place without a name within this distance.
const PLACED_METRES: f64 = 30.0;
/// A facility that moved is searched for within this distance of its new place.
const MOVED_METRES: f64 = 3_000.0;
/// A gate that names no compound belongs to an outline within this distance …
const OWN_METRES: f64 = 60.0;
/// … and one that names a compound is within this distance of it.
pub(super) const COMPOUND_METRES: f64 = 150.0;

/// What a correction names.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sought<'a> {
    /// A key, an id of an own file, or an object of the map such as `node/123`.
    pub(super) target: Option<&'a str>,
    pub(super) name: Option<&'a str>,
    pub(super) place: Option<Point>,
}

const NOTHING: &str = "it matches nothing on the map or in own files";

/// The facility that a correction names, among those that `is_open`. One that `is_far` may be far from the place.
///
/// # Errors
/// The reason why there is none, or that there are several.
pub(super) fn facility(
    city: &City,
    sought: Sought<'_>,
    is_far: bool,
    is_open: impl Fn(FacilityId) -> bool,
) -> Result<FacilityId, String> {
    let rows = || (0..).map(FacilityId).zip(city.facilities()).filter(|(id, _)| is_open(*id));
    let metres =
        |facility: &Facility| sought.place.map_or(0.0, |place| facility.point.distance_metres(place));
    if let Some(target) = sought.target {
        if let Some(id) = city.facility_named(target).found().filter(|id| is_open(*id)) {
            return Ok(id);
        }
        let is_of = |row: &Facility| is_called(&city.origins()[row.origins.range()], city, target);
        let called: Vec<FacilityId> = rows().filter(|(_, row)| is_of(row)).map(|(id, _)| id).collect();
        return match called.as_slice() {
            [one] => Ok(*one),
            [] => Err(NOTHING.to_owned()),
            _ => Err(format!("several records have the id `{target}`")),
        };
    }
    let reach = if is_far { MOVED_METRES } else { NAMED_METRES };
    let (within, name) = match (sought.name, sought.place) {
        (None, None) => return Err(NOTHING.to_owned()),
        (None, Some(_)) => (PLACED_METRES, None),
        (Some(name), None) => (f64::INFINITY, Some(name)),
        (Some(name), Some(_)) => (reach, Some(name)),
    };
    let fits = |row: &Facility| name.is_none_or(|name| city.text(row.name) == name) && metres(row) <= within;
    let found: Vec<(FacilityId, &Facility)> = rows().filter(|(_, row)| fits(row)).collect();
    if let (Some(name), None, true) = (name, sought.place, found.len() > 1) {
        return Err(format!("{} facilities are called `{name}`; give an id or place", found.len()));
    }
    let nearest = found.into_iter().min_by(|(_, a), (_, b)| metres(a).total_cmp(&metres(b)));
    nearest.map(|(id, _)| id).ok_or_else(|| NOTHING.to_owned())
}

/// Whether one of the records of a thing has this id, or is this object of the map. Those of its parts do not count.
fn is_called(origins: &[SourceRecord], city: &City, target: &str) -> bool {
    let object = target.split_once('/');
    origins.iter().filter(|origin| Joined::from_code(origin.joined) != Joined::Part).any(|origin| {
        let kind = OsmKind::from_code(origin.osm_kind);
        let is_object = match object {
            Some((word, id)) => word == kind.word() && id.parse() == Ok(origin.osm_id),
            None => osm_key(kind, origin.osm_id).is_some_and(|key| key == target),
        };
        is_object || city.text_or_none(origin.reference) == Some(target)
    })
}

/// The compound that a correction names.
///
/// # Errors
/// The reason why there is none, or that there are several.
pub(super) fn compound(city: &City, sought: Sought<'_>) -> Result<CompoundId, String> {
    let Some(called) = sought.target.or(sought.name) else {
        let place = sought.place.ok_or_else(|| NOTHING.to_owned())?;
        return containing(city, place).ok_or_else(|| "no compound is there".to_owned());
    };
    let mut found = city.compounds_called(called);
    if found.is_empty() {
        let rows = (0..).map(CompoundId).zip(city.compounds());
        let is_of = |origins| is_called(origins, city, called);
        found =
            rows.filter(|(_, row)| is_of(&city.origins()[row.origins.range()])).map(|(id, _)| id).collect();
    }
    let metres = |id: &CompoundId| {
        let point = city.compounds()[id.index()].point;
        sought.place.map_or(0.0, |place| point.distance_metres(place))
    };
    match found.as_slice() {
        [] => Err(format!("no compound `{called}`")),
        [_, _, ..] if sought.place.is_none() => {
            Err(format!("{} compounds are called `{called}`; give an id or place", found.len()))
        }
        several => {
            let nearest = several.iter().min_by(|a, b| metres(a).total_cmp(&metres(b)));
            nearest.copied().ok_or_else(|| NOTHING.to_owned())
        }
    }
}

/// The smallest compound whose outline contains a place.
fn containing(city: &City, place: Point) -> Option<CompoundId> {
    let rows = (0..).map(CompoundId).zip(city.compounds());
    let around = rows.filter(|(_, row)| city.rings_contain(row.rings, place));
    let smallest = around.min_by(|(_, a), (_, b)| a.area_square_metres.total_cmp(&b.area_square_metres));
    smallest.map(|(id, _)| id)
}

/// The compound with the nearest outline to a gate that names none.
///
/// # Errors
/// When none is near.
pub(super) fn nearest_compound(city: &City, point: Point) -> Result<CompoundId, String> {
    let around = widened(&Bounds::of([point]), OWN_METRES);
    let near = (0..)
        .map(CompoundId)
        .zip(city.compounds())
        .filter(|(_, row)| row.rings.len > 0 && city.rings_bounds(row.rings).intersects(&around));
    let nearest = near.map(|(id, _)| (metres_to(city, id, point), id)).min_by(|a, b| a.0.total_cmp(&b.0));
    nearest.filter(|(metres, _)| *metres <= OWN_METRES).map(|(_, id)| id).ok_or_else(|| {
        format!("no compound's outline within {OWN_METRES} m; name its compound in `compound`")
    })
}

/// Metres from a place to the outline of a compound, or to its point if it has none.
pub(super) fn metres_to(city: &City, compound: CompoundId, point: Point) -> f64 {
    let row = &city.compounds()[compound.index()];
    let frame = Frame::at(point);
    let lines = city.rings_of(row.rings).iter().map(|ring| city.line(ring.line));
    let sides = lines.flat_map(|line| line.windows(2));
    let metres = sides.map(|side| plane::distance(frame.local(side[0]), frame.local(side[1])));
    let nearest = metres.fold(f64::INFINITY, f64::min);
    if nearest.is_finite() { nearest } else { row.point.distance_metres(point) }
}
