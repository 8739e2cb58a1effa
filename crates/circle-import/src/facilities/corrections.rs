//! Field corrections of facilities: closed, moved, renamed, of another category.

use super::alike::{Alike, PlainName};
use super::{Place, osm_of};
use crate::areas::Area;
use crate::classify::Classifier;
use crate::keys;
use crate::own::{Action, CorrectionOf, Layer, Own, OwnCorrection};
use circle_model::Point;
use circle_model::city::{Channel, Joined, KeyOf, OsmKind};
use circle_model::identity::may_be_key;
use rustc_hash::FxHashMap;

/// A name is looked for this far from where the correction says it is …
const NAMED_METRES: f64 = 300.0;
/// … and a place without a name this far.
const PLACED_METRES: f64 = 30.0;
/// A facility that moved is looked for this far from its new place.
const MOVED_METRES: f64 = 3_000.0;
/// A move this short is done already.
const DONE_METRES: f64 = 10.0;

/// Applies the corrections of facilities; those that fit nothing any more are reported.
pub(super) fn apply(places: &mut Vec<Place>, own: &mut Own, classifier: &Classifier) {
    let corrections = std::mem::take(&mut own.corrections);
    let (facilities, others): (Vec<_>, Vec<_>) =
        corrections.into_iter().partition(|correction| correction.of == CorrectionOf::Facility);
    own.corrections = others;
    if facilities.is_empty() {
        return;
    }
    let generic = |name: &str| classifier.category_called(name).is_some();
    let keyed = Keyed::of(facilities.iter().filter_map(|correction| correction.target.as_deref()), own);
    let index = Index::of(places, keyed, generic);
    let mut closed = vec![false; places.len()];
    for correction in &facilities {
        let found = index.find(places, &closed, correction, own);
        let outcome = found.and_then(|number| {
            correct(&mut places[number], correction, classifier).map(|said| (number, said))
        });
        match outcome {
            Ok((number, said)) => {
                own.applied(correction, places[number].point, &said);
                if correction.action == Action::Closed {
                    closed[number] = true;
                    let by = format!("closed by a field correction ({})", correction.signed);
                    places[number].origins.iter().for_each(|origin| own.close(origin, &by));
                }
            }
            Err(why) => own.stale(correction, &why),
        }
    }
    let mut closed = closed.into_iter();
    places.retain(|_| !closed.next().unwrap_or(false));
}

/// Changes one place, and says what was changed; says why where nothing is left to change.
fn correct(place: &mut Place, correction: &OwnCorrection, classifier: &Classifier) -> Result<String, String> {
    let name = place.name.clone().unwrap_or_default();
    match correction.action {
        Action::Closed => Ok(format!("`{name}` is closed and left out")),
        Action::Renamed => {
            let new = correction.new_name.clone().unwrap_or_default();
            if new == name {
                return Err(format!("it is called `{new}` by now"));
            }
            place.name = Some(new.clone());
            Ok(format!("`{name}` is called `{new}` now"))
        }
        Action::Moved => {
            let new = correction.new_point.unwrap_or(correction.record.point);
            let metres = place.point.distance_metres(new);
            if metres <= DONE_METRES {
                return Err(format!("it is within {DONE_METRES} m of there by now"));
            }
            place.point = new;
            place.area = Area::default();
            place.line = Vec::new();
            place.entrances = Vec::new();
            Ok(format!("`{name}` moved by {metres:.0} m"))
        }
        Action::WrongCategory => {
            let Some(category) = correction.new_category else { return Err("no category".to_owned()) };
            if place.classified.categories.first() == Some(&category) {
                return Err("it is of that category by now".to_owned());
            }
            place.classified.categories = vec![category];
            place.classified.channel = Channel::User;
            place.classified.confidence_percent = 100;
            let called = classifier.category_name(category).unwrap_or_default();
            Ok(format!("`{name}` is of the category {called}"))
        }
        Action::NewGate => Err("a new gate is of a compound".to_owned()),
    }
}

/// Which keys corrections ask for: the others are not made, since they are hashes.
#[derive(Debug, Clone, Copy, Default)]
struct Keyed {
    /// Those of own records.
    own: bool,
    /// Those with a suffix by place.
    suffixed: bool,
}

impl Keyed {
    fn of<'a>(targets: impl Iterator<Item = &'a str>, own: &Own) -> Self {
        let mut keyed = Self::default();
        let mut ask = |key: &str| {
            let is_key = may_be_key(key);
            keyed.own |= is_key && key.starts_with('x');
            keyed.suffixed |= is_key && key.contains('-');
        };
        for target in targets {
            ask(target);
            if let Some(present) = own.former_keys.get(KeyOf::Facility, target) {
                ask(present);
            }
        }
        // What is too long with its suffix becomes a hash.
        keyed.suffixed |= keyed.own;
        keyed
    }
}

/// Places by what corrections name them by.
struct Index<G> {
    by_osm: FxHashMap<(u8, i64), usize>,
    by_reference: FxHashMap<Box<str>, Vec<usize>>,
    by_stem: FxHashMap<Box<str>, Vec<usize>>,
    by_cell: FxHashMap<(i32, i32), Vec<usize>>,
    names: Vec<PlainName>,
    generic: G,
}

/// No name and no place has more records that a correction could mean.
const MOST: usize = 500;

fn push(numbers: &mut Vec<usize>, number: usize) {
    if numbers.len() < MOST {
        numbers.push(number);
    }
}

/// Cells of some 50 m: wider than [`PLACED_METRES`].
fn cell(point: Point) -> (i32, i32) {
    (point.lon.div_euclid(5_000), point.lat.div_euclid(5_000))
}

impl<G: Fn(&str) -> bool> Index<G> {
    fn of(places: &[Place], keyed: Keyed, generic: G) -> Self {
        let mut index = Self {
            by_osm: FxHashMap::default(),
            by_reference: FxHashMap::default(),
            by_stem: FxHashMap::default(),
            by_cell: FxHashMap::default(),
            names: places.iter().map(|place| PlainName::of(place.name.as_deref(), &generic)).collect(),
            generic,
        };
        for (number, place) in places.iter().enumerate() {
            // A part that closes or moves is not its site.
            for origin in place.origins.iter().filter(|origin| origin.joined != Joined::Part) {
                if origin.osm_kind != OsmKind::None {
                    index.by_osm.insert((origin.osm_kind.code(), origin.osm_id), number);
                }
                if let Some(reference) = &origin.reference {
                    push(index.by_reference.entry(reference.clone()).or_default(), number);
                }
                if keyed.own && origin.osm_kind == OsmKind::None {
                    let (id, name) = (origin.reference.as_deref(), origin.name.as_deref());
                    let key = keys::of_row(Layer::Facilities, id, name, origin.point);
                    index.add_reference(key, number);
                }
            }
            if keyed.suffixed {
                let object = place.named_by.or(Some(osm_of(&place.origins)));
                let key = keys::of_place(&place.origins, object, Layer::Facilities);
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

    /// The places of an id, a key, or an OSM object.
    fn called(&self, target: &str) -> Vec<usize> {
        // An own id may look like an object of the map's: n77.
        let of_map = || {
            let (kind, id) = osm_object(target)?;
            self.by_osm.get(&(kind.code(), id)).map(|number| vec![*number])
        };
        self.by_reference.get(target).cloned().or_else(of_map).unwrap_or_default()
    }

    fn find(
        &self,
        places: &[Place],
        closed: &[bool],
        correction: &OwnCorrection,
        own: &mut Own,
    ) -> Result<usize, String> {
        let gone = || "nothing fits it any more: not on the map and in no own file".to_owned();
        if let Some(target) = correction.target.as_deref() {
            let mut numbers = self.called(target);
            let present = own.former_keys.get(KeyOf::Facility, target).filter(|_| numbers.is_empty());
            if let Some(present) = present.map(str::to_owned) {
                numbers = self.called(&present);
                if !numbers.is_empty() {
                    own.followed_keys.add(KeyOf::Facility, target, &present);
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
        let moved = correction.action == Action::Moved && correction.new_point.is_none();
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
                    "{} facilities are called `{}`; say which by id or place",
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

/// `node/123`, `way/123`, `relation/123`, or `n123`, `w123`, `r123`.
pub(crate) fn osm_object(text: &str) -> Option<(OsmKind, i64)> {
    let (kind, id) = text.split_once('/').or_else(|| text.split_at_checked(1))?;
    let kind = match kind {
        "node" | "n" => OsmKind::Node,
        "way" | "w" => OsmKind::Way,
        "relation" | "r" => OsmKind::Relation,
        _ => return None,
    };
    id.parse().ok().map(|id| (kind, id))
}
