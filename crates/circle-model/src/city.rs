//! A city: everything built from the inputs, as flat tables, which are also its file.

mod assumed;
mod at_time;
mod check;
mod columns;
mod conditions;
mod edition;
mod facilities;
mod file;
mod findings;
mod flags;
mod image;
mod key_records;
mod keys;
mod macros;
mod meta;
mod places;
mod records;
mod zones;

pub use check::BadRow;
pub use columns::{ChangedTables, City, CityTables};
pub use conditions::{Conditions, Shut};
pub use edition::Edition;
pub use facilities::{Access, AccessKind, Channel, Facility, Joined, SourceRecord};
pub use file::{CityFileError, write_atomically};
pub use findings::{Finding, FindingKind, Severity};
pub use flags::{EdgeEndFlags, EdgeFlags, FacilityFlags, MapFeatureFlags, NodeFlags};
pub use key_records::{FormerKey, KeyOf};
pub use keys::Named;
pub use meta::{
    Carried, CarriedKeys, CensusDistrict, ClosedByDefault, FollowedKeys, Input, Meta, NetworkSummary,
    OwnFile, Since, Skipped,
};
pub use places::{
    Building, Candidate, ClosureEvidence, Compound, Gate, GateProvenance, Hours, HoursOf, Population,
    PopulationFrom, Unit,
};
pub use records::{Edge, MapFeature, MapKind, Node, OsmKind, Ring, RingRole, Slope, Span, Text, Zone};

pub use zones::{
    ComputedZones, Enclosure, Zoned, ZonedEdge, ZonedNode, may_be_inside, middle, zone_compounds,
};

use crate::coordinates::{Bounds, LonLat, Point};
use crate::{CompoundId, EdgeId, FacilityId};

/// Distance outside the data, in metres, beyond which no walk leads to a place.
const OUTSIDE_METRES: f64 = 1_000.0;
/// Metres of a degree of latitude on a sphere of 6,371 km, accurate enough to sort out distant places.
const METRES_OF_DEGREE: f64 = 111_195.0;

impl City {
    /// The box of the places that walks may lead to: west, south, east, north in degrees. It extends a little
    /// beyond the data, and spans all longitudes if the data crosses the antimeridian. `None` if the extent of the data
    /// is unknown.
    pub fn near_bounds(&self) -> Option<[f64; 4]> {
        let [west, south, east, north] = self.meta().bounds?;
        let (south, north) = (south.min(north), north.max(south));
        let margin = OUTSIDE_METRES / METRES_OF_DEGREE;
        let (south, north) = ((south - margin).max(-90.0), (north + margin).min(90.0));
        let margin = margin / south.abs().max(north.abs()).to_radians().cos().max(f64::MIN_POSITIVE);
        let is_box = west <= east && east - west < 180.0;
        let [west, east] = if is_box { [west - margin, east + margin] } else { [-180.0, 180.0] };
        // Rounded outwards to the grid of points, so that the limits themselves are points.
        let [low, high] =
            [|degrees: f64| (degrees * 1e4).floor() / 1e4, |degrees: f64| (degrees * 1e4).ceil() / 1e4];
        Some([low(west).max(-180.0), low(south), high(east).min(180.0), high(north)])
    }

    /// A message with the distance of a place from the data and the data's extent; `None` for a place in
    /// [`Self::near_bounds`].
    pub fn outside_message(&self, place: Point) -> Option<String> {
        let [near_west, near_south, near_east, near_north] = self.near_bounds()?;
        let [west, south, east, north] = self.meta().bounds?;
        let at = place.lon_lat();
        if (near_west..=near_east).contains(&at.lon) && (near_south..=near_north).contains(&at.lat) {
            return None;
        }
        let nearest = LonLat {
            // Data on both sides of the antimeridian has a box around the globe.
            lon: if west <= east && east - west < 180.0 { at.lon.clamp(west, east) } else { at.lon },
            lat: at.lat.clamp(south.min(north), north.max(south)),
        };
        let [a, b] = [at, nearest].map(|it| [it.lon.to_radians(), it.lat.to_radians()]);
        let half = |difference: f64| (difference / 2.0).sin().powi(2);
        let angle =
            2.0 * (half(b[1] - a[1]) + a[1].cos() * b[1].cos() * half(b[0] - a[0])).sqrt().min(1.0).asin();
        let kilometres = angle.to_degrees() * METRES_OF_DEGREE / 1000.0;
        Some(format!(
            "{},{} lies {kilometres:.0} km outside of the city, whose data covers {west:.3} to {east:.3} degrees east and \
             {south:.3} to {north:.3} degrees north",
            at.lon, at.lat,
        ))
    }

    /// The text that a record refers to.
    pub fn text(&self, text: Text) -> &str {
        self.texts().get(text.range()).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default()
    }

    /// As [`City::text`], `None` where it is empty.
    pub fn text_or_none(&self, text: Text) -> Option<&str> {
        Some(self.text(text)).filter(|text| !text.is_empty())
    }

    /// The slope of an edge; level if heights are not known.
    #[inline]
    pub fn slope(&self, edge: EdgeId) -> Slope {
        self.slopes().get(edge.index()).copied().unwrap_or(Slope::FLAT)
    }

    /// The name of an own file by its number in records; empty for the map.
    pub fn own_file(&self, source: u32) -> &str {
        let file = source.checked_sub(1).and_then(|at| self.meta().own.get(at as usize));
        file.map_or("", |file| file.name.as_str())
    }

    /// A label to find a record by: `node/123`, or `clinics.csv:12`.
    pub fn origin_label(&self, origin: &SourceRecord) -> String {
        match self.own_file(origin.source) {
            "" => format!("{}/{}", OsmKind::from_code(origin.osm_kind).word(), origin.osm_id),
            file => format!("{file}:{}", origin.row),
        }
    }

    /// Whether a facility serves the residents of a compound.
    pub fn serves(&self, facility: FacilityId, compound: CompoundId) -> bool {
        let served = |row: &Compound| self.serves_at(facility, row.point);
        self.facilities()[facility.index()].only_for() == Some(compound)
            || self.compounds().get(compound.index()).is_none_or(served)
    }

    /// Whether a facility serves people at a place: one that serves only the residents of a closed compound
    /// does so within it.
    pub fn serves_at(&self, facility: FacilityId, point: Point) -> bool {
        let only = self.facilities()[facility.index()].only_for();
        let only = only.and_then(|compound| self.compounds().get(compound.index()));
        only.is_none_or(|only| only.closed == 0 || self.rings_contain(only.rings, point))
    }

    /// The points of a ring, a line or an edge.
    pub fn line(&self, span: Span) -> &[Point] {
        &self.points()[span.range()]
    }

    /// The rings that a record refers to.
    pub fn rings_of(&self, span: Span) -> &[Ring] {
        &self.rings()[span.range()]
    }

    /// Whether `point` is inside the polygons made of `rings`.
    pub fn rings_contain(&self, rings: Span, point: Point) -> bool {
        self.rings_of(rings).iter().filter(|ring| ring_contains(self.line(ring.line), point)).count() % 2 == 1
    }

    /// The bounding box of all rings of a record.
    pub fn rings_bounds(&self, rings: Span) -> Bounds {
        Bounds::of(self.rings_of(rings).iter().flat_map(|ring| self.line(ring.line)).copied())
    }

    /// The compounds with a key, present or former; else all with exactly that name.
    pub fn compounds_called(&self, key_or_name: &str) -> Vec<CompoundId> {
        if let Some(id) = self.compound_named(key_or_name).found() {
            return vec![id];
        }
        if key_or_name.is_empty() {
            return Vec::new();
        }
        let called = |compound: &Compound| {
            self.text(compound.name) == key_or_name || self.text(compound.name_en) == key_or_name
        };
        (0..).zip(self.compounds()).filter(|(_, it)| called(it)).map(|(id, _)| CompoundId(id)).collect()
    }

    /// As [`City::compounds_called`], of facilities.
    pub fn facilities_called(&self, key_or_name: &str) -> Vec<FacilityId> {
        if let Some(id) = self.facility_named(key_or_name).found() {
            return vec![id];
        }
        if key_or_name.is_empty() {
            return Vec::new();
        }
        let called = |facility: &Facility| {
            self.text(facility.name) == key_or_name || self.text(facility.name_en) == key_or_name
        };
        (0..).zip(self.facilities()).filter(|(_, it)| called(it)).map(|(id, _)| FacilityId(id)).collect()
    }
}

/// Whether a ring contains a point, by the even–odd rule in whole numbers, so that a point always has the
/// same answer.
#[inline]
pub fn ring_contains(ring: &[Point], point: Point) -> bool {
    let mut inside = false;
    for pair in ring.windows(2) {
        let (a, b) = (pair[0], pair[1]);
        if (a.lat > point.lat) == (b.lat > point.lat) {
            continue;
        }
        let (rise, run) = (i64::from(b.lat) - i64::from(a.lat), i64::from(b.lon) - i64::from(a.lon));
        let (up, across) = (i64::from(point.lat) - i64::from(a.lat), i64::from(point.lon) - i64::from(a.lon));
        let left = i128::from(across) * i128::from(rise) < i128::from(up) * i128::from(run);
        if left == (rise > 0) {
            inside = !inside;
        }
    }
    inside
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_square_contains_its_centre_and_no_point_outside() {
        let at = |lon, lat| Point { lon, lat };
        let ring = [at(0, 0), at(10, 0), at(10, 10), at(0, 10), at(0, 0)];
        assert!(ring_contains(&ring, at(5, 5)));
        for outside in [at(-1, 5), at(11, 5), at(5, -1), at(5, 11)] {
            assert!(!ring_contains(&ring, outside), "{outside:?}");
        }
        let reversed: Vec<_> = ring.into_iter().rev().collect();
        assert!(ring_contains(&reversed, at(5, 5)));
    }
}
