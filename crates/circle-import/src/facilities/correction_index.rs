//! Finds the facility that a correction refers to.

use super::draft::DraftFacility;
use crate::classify::{Alike, PlainName};
use crate::keys;
use crate::own::{CorrectionAction, OwnCorrection, Report, osm_object, osm_of};
use circle_model::Point;
use circle_model::city::{Joined, KeyOf, OsmKind};
use circle_model::identity::may_be_key;
use circle_sheet::OwnLayer;
use rustc_hash::FxHashMap;

/// A name is searched for within this distance of the place in the correction …
const NAMED_METRES: f64 = 300.0;
/// … and a place without a name within this distance.
const PLACED_METRES: f64 = 30.0;
/// A facility that moved is searched for within this distance of its new place.
const MOVED_METRES: f64 = 3_000.0;

/// The kinds of keys that corrections name. Other keys are not computed, because they are hashes.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct KeysNeeded {
    /// Keys of own records.
    own: bool,
    /// Keys with a suffix by place.
    suffixed: bool,
}

impl KeysNeeded {
    pub(super) fn of<'a>(targets: impl Iterator<Item = &'a str>, report: &Report<'_>) -> Self {
        let mut needed = Self::default();
        let mut add = |key: &str| {
            let is_key = may_be_key(key);
            needed.own |= is_key && key.starts_with('x');
            needed.suffixed |= is_key && key.contains('-');
        };
        for target in targets {
            add(target);
            if let Some(present) = report.present_key(KeyOf::Facility, target) {
                add(present);
            }
        }
        // A key that is too long with its suffix is replaced by a hash.
        needed.suffixed |= needed.own;
        needed
    }
}

/// Facilities by the references that corrections use.
pub(super) struct CorrectionIndex<G> {
    by_osm: FxHashMap<(u8, i64), usize>,
    by_reference: FxHashMap<Box<str>, Vec<usize>>,
    by_stem: FxHashMap<Box<str>, Vec<usize>>,
    by_cell: FxHashMap<(i32, i32), Vec<usize>>,
    names: Vec<PlainName>,
    generic: G,
}

/// Limit of facilities of one name, id or cell.
const MOST: usize = 500;

fn push(numbers: &mut Vec<usize>, number: usize) {
    if numbers.len() < MOST {
        numbers.push(number);
    }
}

/// A cell of about 50 m, which is wider than [`PLACED_METRES`].
fn cell(point: Point) -> (i32, i32) {
    (point.lon.div_euclid(5_000), point.lat.div_euclid(5_000))
}

impl<G: Fn(&str) -> bool> CorrectionIndex<G> {
    pub(super) fn of(places: &[DraftFacility], needed: KeysNeeded, generic: G) -> Self {
        let mut index = Self {
            by_osm: FxHashMap::default(),
            by_reference: FxHashMap::default(),
            by_stem: FxHashMap::default(),
            by_cell: FxHashMap::default(),
            names: places.iter().map(|place| PlainName::of(place.name.as_deref(), &generic)).collect(),
            generic,
        };
        for (number, place) in places.iter().enumerate() {
            // A correction of a part does not apply to its site.
            for origin in place.origins.iter().filter(|origin| origin.joined != Joined::Part) {
                if origin.osm_kind != OsmKind::None {
                    index.by_osm.insert((origin.osm_kind.code(), origin.osm_id), number);
                }
                if let Some(reference) = &origin.reference {
                    push(index.by_reference.entry(reference.clone()).or_default(), number);
                }
                if needed.own && origin.osm_kind == OsmKind::None {
                    let (id, name) = (origin.reference.as_deref(), origin.name.as_deref());
                    let key = keys::of_row(OwnLayer::Facilities, id, name, origin.point);
                    index.add_reference(key, number);
                }
            }
            if needed.suffixed {
                let object = place.named_by.or(Some(osm_of(&place.origins)));
                let key = keys::of_place(&place.origins, object, OwnLayer::Facilities);
                index.add_reference(keys::with_place(&key, place.point), number);
            }
            push(index.by_cell.entry(cell(place.point)).or_default(), number);
            let stem = index.names[number].stem.clone();
            if !stem.is_empty() {
                push(index.by_stem.entry(stem).or_default(), number);
            }
        }
        index
    }

    fn add_reference(&mut self, reference: String, number: usize) {
        push(self.by_reference.entry(reference.into()).or_default(), number);
    }

    /// Positions of the facilities of an id, a key, or an OSM object.
    fn called(&self, target: &str) -> Vec<usize> {
        // An own id may look like an OSM object: n77.
        let of_map = || {
            let (kind, id) = osm_object(target)?;
            self.by_osm.get(&(kind.code(), id)).map(|number| vec![*number])
        };
        self.by_reference.get(target).cloned().or_else(of_map).unwrap_or_default()
    }

    /// The position of the facility that a correction refers to, closed facilities excluded.
    ///
    /// # Errors
    /// The reason why there is none, or that there are several.
    pub(super) fn find(
        &self,
        places: &[DraftFacility],
        closed: &[bool],
        correction: &OwnCorrection,
        report: &mut Report<'_>,
    ) -> Result<usize, String> {
        let gone = || "it matches nothing on the map or in own files".to_owned();
        if let Some(target) = correction.target.as_deref() {
            let mut numbers = self.called(target);
            let present = report.present_key(KeyOf::Facility, target).filter(|_| numbers.is_empty());
            if let Some(present) = present.map(str::to_owned) {
                numbers = self.called(&present);
                if !numbers.is_empty() {
                    report.follow(KeyOf::Facility, target, &present);
                }
            }
            let mut numbers = numbers.into_iter().filter(|number| !closed[*number]);
            return match (numbers.next(), numbers.next()) {
                (Some(number), None) => Ok(number),
                (Some(_), Some(_)) => Err(format!("several records have the id `{target}`")),
                (None, _) => Err(gone()),
            };
        }
        let record = &correction.record;
        let at = correction.placed.then_some(record.point);
        let moved = correction.action == CorrectionAction::Moved && correction.new_point.is_none();
        let reach = if moved { MOVED_METRES } else { NAMED_METRES };
        let near = |number: &usize| at.is_none_or(|at| places[*number].point.distance_metres(at) <= reach);
        let nearest = |numbers: Vec<usize>| {
            let metres = |number: &usize| at.map_or(0.0, |at| places[*number].point.distance_metres(at));
            numbers.into_iter().min_by(|a, b| metres(a).total_cmp(&metres(b)))
        };
        let name = PlainName::of(record.name.as_deref(), &self.generic);
        if !name.is_none() {
            let called = self.by_stem.get(&name.stem).cloned().unwrap_or_default();
            let fits = |number: &usize| {
                !closed[*number] && name.compare(&self.names[*number]) == Alike::Equal && near(number)
            };
            let numbers: Vec<usize> = called.into_iter().filter(fits).collect();
            if at.is_none() && numbers.len() > 1 {
                return Err(format!(
                    "{} facilities are called `{}`; give an id or place",
                    numbers.len(),
                    record.name.as_deref().unwrap_or_default()
                ));
            }
            return nearest(numbers).ok_or_else(gone);
        }
        let Some(at) = at else { return Err(gone()) };
        let (x, y) = cell(at);
        let around = (x - 1..=x + 1).flat_map(|x| (y - 1..=y + 1).map(move |y| (x, y)));
        let here =
            |number: &usize| !closed[*number] && places[*number].point.distance_metres(at) <= PLACED_METRES;
        let near = around.filter_map(|cell| self.by_cell.get(&cell)).flatten().copied();
        nearest(near.filter(here).collect()).ok_or_else(gone)
    }
}
