//! One place, one facility: the map's objects among themselves, own rows among themselves, then the map with own
//! rows, which win. What joins what is kept in the origins.

use super::alike::{Alike, PlainName, behind_gate};
use super::corrections::osm_object;
use super::{DraftOrigin, Place};
use crate::areas::polygons_square_metres;
use crate::classify::Classifier;
use crate::own::{DraftFinding, Own};
use circle_model::city::{FindingKind, Joined, OsmKind, Severity};
use circle_model::coordinates::Bounds;
use circle_model::grid::widened;
use circle_model::{Frame, Point, plane};
use rstar::primitives::GeomWithData;
use rstar::{AABB, RTree};
use rustc_hash::{FxHashMap, FxHashSet, FxHasher};
use std::hash::{Hash, Hasher};

/// Two records of one category and one name within this distance are one place …
const SAME_NAME_METRES: f64 = 150.0;
/// … stops, of which there is one on either side of the street, only within this …
const SAME_STOP_METRES: f64 = 25.0;
/// … and two rows of one file, which a planner lists apart on purpose, only within this.
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
pub(super) fn join(places: &mut Vec<Place>, own_rows: usize, own: &mut Own, classifier: &Classifier) -> u64 {
    let mut gone = vec![false; places.len()];
    let stop = classifier.category_called("bus_stop");
    let duplicates = join_mapped(places, &mut gone, own_rows, stop);
    if own_rows > 0 {
        let generic = |name: &str| classifier.category_called(name).is_some();
        let names: Vec<PlainName> =
            places.iter().map(|place| PlainName::of(place.name.as_deref(), generic)).collect();
        let mut joining = Joining { places, gone: &mut gone, names, stop, cells: Cells::default() };
        joining.rows(own_rows, own);
        joining.gates(own_rows, own, classifier);
        joining.map_objects(own_rows);
    }
    let mut gone = gone.into_iter();
    places.retain(|_| !gone.next().unwrap_or(false));
    duplicates
}

struct Joining<'a> {
    places: &'a mut Vec<Place>,
    gone: &'a mut [bool],
    names: Vec<PlainName>,
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
                    self.best(number, several_files)
                }
            };
            match keeper {
                Some((keeper, joined, metres)) => {
                    own.count_merged(self.places[number].origins[0].source);
                    self.take(keeper, number, joined, metres);
                }
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

    /// The record of `other` goes to `keeper`, which takes its outline where it has none of its own.
    fn take(&mut self, keeper: usize, other: usize, joined: Joined, metres: f64) {
        self.gone[other] = true;
        let area = std::mem::take(&mut self.places[other].area);
        let line = std::mem::take(&mut self.places[other].line);
        let mut origins = std::mem::take(&mut self.places[other].origins);
        let mut entrances = std::mem::take(&mut self.places[other].entrances);
        if let Some(first) = origins.first_mut() {
            first.joined = joined;
            first.distance_metres = metres;
        }
        let (name, name_en) = (self.places[other].name.clone(), self.places[other].name_en.clone());
        let place = &mut self.places[keeper];
        place.origins.append(&mut origins);
        place.entrances.append(&mut entrances);
        if joined == Joined::Entrance {
            return;
        }
        if place.area.polygons.is_empty() {
            place.area = area;
            if place.line.is_empty() {
                place.line = line;
            }
        }
        place.name = place.name.take().or(name);
        place.name_en = place.name_en.take().or(name_en);
    }
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
fn metres_to(place: &Place, point: Point) -> f64 {
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

/// One real place mapped twice counts once: an area swallows points and areas of its own category inside it
/// that have its name or none, and equal names close by are one place. The larger object stays.
fn join_mapped(places: &mut [Place], gone: &mut [bool], first: usize, stop: Option<u8>) -> u64 {
    let found = &places[first..];
    let entry = |(number, it): (usize, &Place)| {
        GeomWithData::new([f64::from(it.point.lon), f64::from(it.point.lat)], number)
    };
    let tree = RTree::bulk_load(found.iter().enumerate().map(entry).collect());
    let sizes: Vec<f64> = found.iter().map(|it| polygons_square_metres(&it.area.polygons)).collect();
    let mut order: Vec<usize> = (0..found.len()).collect();
    order.sort_by(|a, b| {
        sizes[*b]
            .total_cmp(&sizes[*a])
            .then(found[*b].name.is_some().cmp(&found[*a].name.is_some()))
            .then(a.cmp(b))
    });
    let mut joins: Vec<(usize, usize, Joined)> = Vec::new();
    for &keeper in &order {
        if gone[first + keeper] {
            continue;
        }
        let it = &found[keeper];
        let is_stop = stop.is_some_and(|stop| it.classified.categories.contains(&stop));
        let reach = if is_stop { SAME_STOP_METRES } else { SAME_NAME_METRES };
        let around = Bounds::of(it.area.corners().chain([it.point]));
        let around = widened(&around, reach);
        let box_ = AABB::from_corners(
            [f64::from(around.west), f64::from(around.south)],
            [f64::from(around.east), f64::from(around.north)],
        );
        let mut near: Vec<usize> = tree.locate_in_envelope(&box_).map(|entry| entry.data).collect();
        near.sort_unstable();
        for other in near {
            let that = &found[other];
            if other == keeper || gone[first + other] || !shares(it, that) {
                continue;
            }
            let inside = it.area.contains(that.point);
            let same_name = it.name.is_some() && it.name == that.name;
            let one_place = if same_name {
                inside || it.point.distance_metres(that.point) <= reach
            } else {
                inside && (that.name.is_none() || it.name.is_none()) && that.area.polygons.is_empty()
            };
            if one_place {
                gone[first + other] = true;
                joins.push((keeper, other, if same_name { Joined::SameName } else { Joined::Inside }));
            }
        }
    }
    let joined = joins.len() as u64;
    for (keeper, other, joined) in joins {
        let (keeper, other) = (first + keeper, first + other);
        let metres = places[keeper].point.distance_metres(places[other].point);
        let origins = std::mem::take(&mut places[other].origins);
        places[keeper].origins.extend(origins.into_iter().map(|origin| DraftOrigin {
            joined,
            distance_metres: metres,
            ..origin
        }));
    }
    joined
}
