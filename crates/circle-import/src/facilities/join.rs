//! One place, one facility: the map's objects among themselves, own rows among themselves, then the map with own
//! rows, which win. What joins what is kept in the origins.

use super::alike::{Alike, PlainName, behind_gate};
use super::corrections::osm_object;
use super::kinds::Kinds;
use super::mapped::{Mapped, SAME_NAME_METRES, SAME_STOP_METRES};
use super::{Place, Skipped, metro, site};
use crate::classify::Classifier;
use crate::keys;
use crate::own::{DraftFinding, Own};
use circle_model::city::{FindingKind, Joined, OsmKind, Severity};
use circle_model::coordinates::Bounds;
use circle_model::grid::widened;
use circle_model::{Frame, Point, plane};
use rustc_hash::{FxHashMap, FxHashSet, FxHasher};
use std::hash::{Hash, Hasher};

/// Two rows of one file, which a planner lists apart on purpose, are one place only within this distance.
const SAME_FILE_METRES: f64 = 30.0;
/// Names that are alike are of one place within this distance.
const LIKE_NAME_METRES: f64 = 100.0;
/// Where one has no name, within this.
const UNNAMED_METRES: f64 = 30.0;
/// A gate called after a park belongs to it within this distance of its outline …
const GATE_METRES: f64 = 300.0;
/// … or of another gate, where no outline is known.
const GATES_APART_METRES: f64 = 1_000.0;

/// Joins records of one place; the first `own_rows` places are rows of own files. Says how many of the map's were joined.
pub(super) fn join(
    places: &mut Vec<Place>,
    own_rows: usize,
    own: &mut Own,
    classifier: &Classifier,
    kinds: &Kinds,
) -> Skipped {
    let mut gone = vec![false; places.len()];
    let generic = |name: &str| classifier.category_called(name).is_some();
    // Before namesakes: an entrance that is called like its station is its entrance all the same.
    let entrances = metro::fold(places, &mut gone, kinds);
    let mut mapped = Mapped::new(&mut places[own_rows..], &mut gone[own_rows..], kinds, generic);
    mapped.join();
    let duplicates = mapped.joined;
    for place in &mut places[own_rows..] {
        place.named_by = keys::naming_object(&place.origins, place.name.as_deref());
    }
    if own_rows > 0 {
        let names: Vec<PlainName> =
            places.iter().map(|place| PlainName::of(place.name.as_deref(), generic)).collect();
        let is_part =
            |place: &Place| kinds.part(&place.classified.categories, place.name.as_deref()).is_some();
        let parts: Vec<bool> = places.iter().map(is_part).collect();
        let (stop, cells) = (kinds.stop, Cells::default());
        let mut joining = Joining { places, gone: &mut gone, names, parts, stop, cells };
        joining.rows(own_rows, own);
        joining.gates(own_rows, own, classifier);
        joining.map_objects(own_rows);
    }
    let parts = entrances + site::fold(places, &mut gone, own, kinds, generic);
    let mut gone = gone.into_iter();
    places.retain(|_| !gone.next().unwrap_or(false));
    Skipped { duplicates, parts, ..Skipped::default() }
}

struct Joining<'a> {
    places: &'a mut Vec<Place>,
    gone: &'a mut [bool],
    names: Vec<PlainName>,
    /// Parts of a site, which are none of the places that they are called after.
    parts: Vec<bool>,
    stop: Option<u8>,
    /// Own rows that were kept.
    cells: Cells,
}

impl Joining<'_> {
    /// Rows that say the same thing twice, and places that two files list.
    fn rows(&mut self, own_rows: usize, own: &mut Own) {
        let mut identical: FxHashMap<(Point, u8, Box<str>), usize> = FxHashMap::default();
        let mut by_id: FxHashMap<(u32, Box<str>, Box<str>), usize> = FxHashMap::default();
        // Rows of one file are one place only by name, which is looked up.
        let file = |number: usize| self.places[number].origins[0].source;
        let several_files = (1..own_rows).any(|number| file(number) != file(0));
        for number in 0..own_rows {
            let place = &self.places[number];
            let first = &place.origins[0];
            if let Some(reference) = &first.reference {
                let key = (first.source, reference.clone(), place.name.clone().unwrap_or_default());
                let known = *by_id.entry(key).or_insert(number);
                let metres = self.places[known].point.distance_metres(place.point);
                let object = osm_object(reference).is_some();
                if known != number && !self.gone[known] && (object || metres <= SAME_NAME_METRES) {
                    own.count_merged(first.source);
                    self.take(known, number, Joined::Identical, metres);
                    continue;
                }
            }
            let key = (
                place.point,
                place.classified.categories.first().copied().unwrap_or(u8::MAX),
                place.name.clone().unwrap_or_default(),
            );
            let keeper = match identical.entry(key) {
                std::collections::hash_map::Entry::Occupied(entry) => {
                    Some((*entry.get(), Joined::Identical, 0.0))
                }
                std::collections::hash_map::Entry::Vacant(entry) => {
                    entry.insert(number);
                    if self.parts[number] { None } else { self.best(number, several_files) }
                }
            };
            match keeper {
                Some((keeper, joined, metres)) => {
                    own.count_merged(self.places[number].origins[0].source);
                    self.take(keeper, number, joined, metres);
                }
                None if self.parts[number] => {}
                None => self.cells.add(number, &self.places[number], &self.names[number]),
            }
        }
        self.cells.say_crowded(self.places, own);
    }

    /// Rows such as 人民公园东门 are entrances of 人民公园, where the kind has grounds; several without the place itself
    /// stand for it.
    fn gates(&mut self, own_rows: usize, own: &mut Own, classifier: &Classifier) {
        let inside_of = |place: &Place| {
            let main = *place.classified.categories.first()?;
            let inside = place.name.as_deref().and_then(behind_gate)?;
            classifier.has_grounds(main).then_some(inside)
        };
        let gates: Vec<(usize, String)> = (0..own_rows)
            .filter(|number| !self.gone[*number])
            .filter_map(|number| Some((number, inside_of(&self.places[number])?)))
            .collect();
        if gates.is_empty() {
            return;
        }
        let is_gate: FxHashSet<usize> = gates.iter().map(|(number, _)| *number).collect();
        let mut called: FxHashMap<Box<str>, Vec<usize>> = FxHashMap::default();
        for (number, name) in self.names.iter().enumerate() {
            if !self.gone[number] && !name.is_none() && !is_gate.contains(&number) {
                called.entry(name.stem.clone()).or_default().push(number);
            }
        }
        for (number, inside) in gates {
            let stem = PlainName::of(Some(&inside), |_| false).stem;
            let place = &self.places[number];
            let near = called.get(&stem).into_iter().flatten().take(MOST_NAMESAKES).filter_map(|other| {
                let that = &self.places[*other];
                let metres = metres_to(that, place.point);
                let reach = if that.area.polygons.is_empty() { GATES_APART_METRES } else { GATE_METRES };
                (shares(that, place) && metres <= reach).then_some((*other, metres))
            });
            let point = place.point;
            if let Some((keeper, metres)) = near.min_by(|a, b| a.1.total_cmp(&b.1)) {
                own.count_merged(place.origins[0].source);
                self.take(keeper, number, Joined::Entrance, metres);
                self.places[keeper].entrances.push(point);
            } else {
                // Its first gate stands for a place that nobody lists.
                self.places[number].entrances.push(point);
                self.places[number].name = Some(inside.as_str().into());
                self.names[number] = PlainName::of(Some(&inside), |_| false);
                called.entry(stem).or_default().push(number);
            }
        }
    }

    /// Every object of the map goes to the own row that it fits best.
    fn map_objects(&mut self, own_rows: usize) {
        let mut by_id: FxHashMap<(OsmKind, i64), usize> = FxHashMap::default();
        for number in (0..own_rows).filter(|number| !self.gone[*number]) {
            let object = self.places[number].origins[0].reference.as_deref().and_then(osm_object);
            if let Some(object) = object {
                by_id.entry(object).or_insert(number);
            }
        }
        for number in own_rows..self.places.len() {
            if self.gone[number] {
                continue;
            }
            let object = &self.places[number].origins[0];
            if let Some(keeper) = by_id.get(&(object.osm_kind, object.osm_id)).copied() {
                let metres = metres_to(&self.places[keeper], self.places[number].point);
                self.take(keeper, number, Joined::Identical, metres);
                continue;
            }
            if self.parts[number] {
                continue;
            }
            if let Some((keeper, joined, metres)) = self.best(number, true) {
                self.take(keeper, number, joined, metres);
            }
        }
    }

    /// The kept own row that a place is the same as: by name first, then by distance.
    fn best(&self, number: usize, scan: bool) -> Option<(usize, Joined, f64)> {
        let place = &self.places[number];
        let name = &self.names[number];
        let mut best: Option<(Alike, f64, usize, Joined)> = None;
        let points = place.area.polygons.is_empty();
        self.cells.near(place, name, &self.names, scan, |other| {
            if other == number || self.gone[other] || !shares(&self.places[other], place) {
                return;
            }
            let that = &self.places[other];
            if points && that.area.polygons.is_empty() && far(place.point, that.point) {
                return;
            }
            let apart = place.origins[0].source == that.origins[0].source;
            if apart && !name.has_stem_of(&self.names[other]) {
                return;
            }
            let alike = name.compare(&self.names[other]);
            if alike == Alike::Different {
                return;
            }
            let metres = metres_to(place, that.point).min(metres_to(that, place.point));
            let is_stop = self.stop.is_some_and(|stop| place.classified.categories.contains(&stop));
            let main = place.classified.categories.first() == that.classified.categories.first();
            let joined = match alike {
                Alike::Equal if apart => (metres <= SAME_FILE_METRES).then_some(Joined::SameName),
                Alike::Equal if is_stop => (metres <= SAME_STOP_METRES).then_some(Joined::SameName),
                Alike::Equal => (metres <= SAME_NAME_METRES).then_some(Joined::SameName),
                _ if apart || is_stop => None,
                Alike::Similar => (metres <= LIKE_NAME_METRES).then_some(Joined::LikeName),
                Alike::Unnamed if main && metres <= 0.0 => Some(Joined::Inside),
                Alike::Unnamed => (main && metres <= UNNAMED_METRES).then_some(Joined::SamePlace),
                Alike::Different => None,
            };
            let Some(joined) = joined else { return };
            let better = best.as_ref().is_none_or(|(like, least, at, _)| {
                (alike, metres, other).partial_cmp(&(*like, *least, *at)) == Some(std::cmp::Ordering::Less)
            });
            if better {
                best = Some((alike, metres, other, joined));
            }
        });
        best.map(|(_, metres, other, joined)| (other, joined, metres))
    }

    fn take(&mut self, keeper: usize, other: usize, joined: Joined, metres: f64) {
        take(self.places, self.gone, keeper, other, joined, metres);
    }
}

/// The record of `other` goes to `keeper`, which takes its outline where it has none of its own; that of a gate or part
/// is none of the whole.
pub(super) fn take(
    places: &mut [Place],
    gone: &mut [bool],
    keeper: usize,
    other: usize,
    joined: Joined,
    metres: f64,
) {
    gone[other] = true;
    let area = std::mem::take(&mut places[other].area);
    let line = std::mem::take(&mut places[other].line);
    let mut origins = std::mem::take(&mut places[other].origins);
    let mut entrances = std::mem::take(&mut places[other].entrances);
    if let Some(first) = origins.first_mut() {
        first.joined = joined;
        first.distance_metres = metres;
    }
    let (name, name_en) = (places[other].name.clone(), places[other].name_en.clone());
    let named_by = places[other].named_by;
    let aside = matches!(joined, Joined::Entrance | Joined::Part);
    origins.iter_mut().for_each(|origin| origin.aside |= aside);
    let place = &mut places[keeper];
    place.origins.append(&mut origins);
    place.entrances.append(&mut entrances);
    if aside {
        return;
    }
    place.named_by = place.named_by.or(named_by);
    if place.area.polygons.is_empty() {
        place.area = area;
        if place.line.is_empty() {
            place.line = line;
        }
    }
    place.name = place.name.take().or(name);
    place.name_en = place.name_en.take().or(name_en);
}

/// Own rows by category and cell of some 150 m, so that one point with 200,000 rows on it costs no more than others.
#[derive(Default)]
struct Cells {
    cells: FxHashMap<(u8, i32, i32), Vec<u32>>,
    /// The same by cell and name, as [`key`].
    named: FxHashMap<u64, Vec<u32>>,
    crowded: FxHashMap<(u8, i32, i32), (u32, u64)>,
}

/// 10⁻⁷ degrees.
const CELL: i32 = 15_000;
/// No street has more of one kind in a cell; more are a geocoder's default place.
const CROWDED: usize = 300;
/// Rows of one name in a cell that are compared.
const MOST_NAMESAKES: usize = 64;

impl Cells {
    fn add(&mut self, number: usize, place: &Place, name: &PlainName) {
        let (x, y) = (place.point.lon.div_euclid(CELL), place.point.lat.div_euclid(CELL));
        for category in &place.classified.categories {
            let key = (*category, x, y);
            let cell = self.cells.entry(key).or_default();
            if cell.len() < CROWDED {
                cell.push(number as u32);
            } else {
                self.crowded.entry(key).or_insert((number as u32, 0)).1 += 1;
            }
            let namesakes = self.named.entry(self::key(key, name)).or_default();
            if namesakes.len() < MOST_NAMESAKES {
                namesakes.push(number as u32);
            }
        }
    }

    /// Visits kept rows around a place: those of its name, and where `scan` all of its categories.
    fn near(
        &self,
        place: &Place,
        name: &PlainName,
        names: &[PlainName],
        scan: bool,
        mut visit: impl FnMut(usize),
    ) {
        let bounds = Bounds::of(place.area.corners().chain([place.point]));
        let around = widened(&bounds, SAME_NAME_METRES);
        let cells = |from: i32, to: i32| from.div_euclid(CELL)..=to.div_euclid(CELL);
        let (columns, rows) = (cells(around.west, around.east), cells(around.south, around.north));
        // An outline as large as a city is no facility to look around in.
        if columns.clone().count() * rows.clone().count() > 10_000 {
            return;
        }
        let all = scan && self.crowded.is_empty();
        for category in &place.classified.categories {
            for x in columns.clone().filter(|_| scan) {
                for y in rows.clone() {
                    let cell = self.cells.get(&(*category, x, y)).map(Vec::as_slice).unwrap_or_default();
                    if cell.len() < CROWDED {
                        cell.iter().for_each(|number| visit(*number as usize));
                    }
                }
            }
            if all {
                continue;
            }
            for x in columns.clone() {
                for y in rows.clone() {
                    let namesakes = self.named.get(&key((*category, x, y), name)).into_iter().flatten();
                    let called = namesakes.filter(|number| names[**number as usize].has_stem_of(name));
                    called.for_each(|number| visit(*number as usize));
                }
            }
        }
    }

    fn say_crowded(&self, places: &[Place], own: &mut Own) {
        let mut crowded: Vec<_> = self.crowded.values().collect();
        crowded.sort_unstable();
        for (number, count) in crowded {
            let place = &places[*number as usize];
            let source = &place.origins[0];
            own.findings.push(DraftFinding {
                severity: Severity::Warning,
                kind: FindingKind::OddRow,
                source: source.source,
                row: source.row,
                point: place.point,
                name: place.name.clone().unwrap_or_default(),
                message: format!(
                    "{} rows of one category lie within 150 m of here, as a geocoder's default place would have it; they \
                     were compared by name alone",
                    count + CROWDED as u64
                )
                .into(),
            });
        }
    }
}

/// Category, cell and name in one number. Names that share one by chance are told apart when they are compared.
fn key(cell: (u8, i32, i32), name: &PlainName) -> u64 {
    let mut hasher = FxHasher::default();
    (cell, &name.stem).hash(&mut hasher);
    hasher.finish()
}

/// Farther apart than records of one place ever are, north or south of each other: found without a square root.
fn far(a: Point, b: Point) -> bool {
    const METRES_PER_UNIT: f64 = 0.0111;
    f64::from(a.lat.abs_diff(b.lat)) * METRES_PER_UNIT > SAME_NAME_METRES + 5.0
}

/// Whether two places have a category in common.
fn shares(a: &Place, b: &Place) -> bool {
    a.classified.categories.iter().any(|category| b.classified.categories.contains(category))
}

/// Metres from a point to a place: none inside its outline.
pub(super) fn metres_to(place: &Place, point: Point) -> f64 {
    if place.area.polygons.is_empty() {
        return place.point.distance_metres(point);
    }
    if place.area.contains(point) {
        return 0.0;
    }
    let frame = Frame::at(point);
    let sides = place.area.polygons.iter().flatten().flat_map(|ring| ring.windows(2));
    sides
        .map(|side| plane::distance(frame.local(side[0]), frame.local(side[1])))
        .fold(f64::INFINITY, f64::min)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::areas::{Area, assemble};
    use crate::classify::Classified;
    use crate::facilities::DraftOrigin;
    use crate::own::{OwnFacility, Record};
    use circle_model::city::{Channel, FacilityFlags};
    use circle_model::{Catalogue, LonLat};

    fn classified(category: &str) -> Classified {
        let category = Catalogue::built_in().index_of(category).unwrap() as u8;
        let flags = FacilityFlags::empty();
        Classified { categories: vec![category], channel: Channel::Osm, confidence_percent: 70, flags }
    }

    fn mapped(kind: OsmKind, id: i64, category: &str, name: Option<&str>, area: Area) -> Place {
        let frame = Frame::at(LonLat { lon: 126.6, lat: 45.7 }.point());
        let source = DraftOrigin::mapped(kind, id, frame.point([100.0, 100.0]), name);
        Place { area, ..Place::mapped(source, None, &classified(category)) }
    }

    /// A ground without a name, and the school on it.
    fn school() -> Vec<Place> {
        let frame = Frame::at(LonLat { lon: 126.6, lat: 45.7 }.point());
        let corners = [[0.0, 0.0], [200.0, 0.0], [200.0, 200.0], [0.0, 200.0], [0.0, 0.0]];
        let ground = assemble(vec![corners.iter().map(|corner| frame.point(*corner)).collect()]);
        vec![
            mapped(OsmKind::Node, 5, "middle_school", Some("哈尔滨市第十三中学"), Area::default()),
            mapped(OsmKind::Way, 9, "school", None, ground),
        ]
    }

    fn joined(mut places: Vec<Place>, own_rows: usize) -> Vec<Place> {
        let catalogue = Catalogue::built_in();
        let (classifier, kinds) = (Classifier::new(&catalogue), Kinds::new(&catalogue));
        join(&mut places, own_rows, &mut Own::default(), &classifier, &kinds);
        places
    }

    #[test]
    fn own_rows_do_not_change_which_object_names_a_place() {
        let places = joined(school(), 0);
        let [only] = places.as_slice() else { panic!("{places:?}") };
        assert_eq!((only.origins[0].osm_id, only.named_by), (9, Some((OsmKind::Node, 5))));

        let name = Some("哈尔滨市第十三中学(南校区)".into());
        let record = Record { source: 1, row: 2, name, point: only.point, ..Record::default() };
        let row = OwnFacility { record, classified: classified("middle_school"), capacity: 0.0, hours: None };
        let with_own = std::iter::once(Place::own(row)).chain(school()).collect();
        let places = joined(with_own, 1);
        let [only] = places.as_slice() else { panic!("{places:?}") };
        assert_eq!((only.origins[0].source, only.origins.len()), (1, 3));
        assert_eq!(only.named_by, Some((OsmKind::Node, 5)));
    }
}
