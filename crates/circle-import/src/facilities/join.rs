//! One facility for each place: joins objects of the map with each other, own rows with each other, then
//! objects of the map with own rows, which win. The origins record what was joined.

use super::cells::{Cells, MOST_NAMESAKES};
use super::draft::{DraftFacility, SkippedFacilities};
use super::duplicates::{Duplicates, SAME_NAME_METRES, SAME_STOP_METRES};
use super::kinds::Kinds;
use super::merge::{merge, metres_to};
use super::{sites, stations};
use crate::classify::{Alike, Classifier, PlainName, behind_gate};
use crate::keys::naming_object;
use crate::own::{Report, osm_object};
use circle_model::Point;
use circle_model::city::{Joined, OsmKind};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::hash_map::Entry;

/// Two rows of one file are one place only within this distance, because a file lists distinct places on
/// purpose.
const SAME_FILE_METRES: f64 = 30.0;
/// Similar names are of one place within this distance.
const SIMILAR_NAME_METRES: f64 = 100.0;
/// Two records, one of them without a name, are one place within this distance.
const UNNAMED_METRES: f64 = 30.0;
/// A gate named after a park belongs to it within this distance of its outline …
const GATE_METRES: f64 = 300.0;
/// … or of another gate if no outline is known.
const GATES_APART_METRES: f64 = 1_000.0;

/// Joins records of one place. The first `own_rows` places are rows of own files. Returns counts of joined
/// objects.
pub(super) fn join(
    places: &mut Vec<DraftFacility>,
    own_rows: usize,
    report: &mut Report<'_>,
    classifier: &Classifier,
    kinds: &Kinds,
) -> SkippedFacilities {
    let mut gone = vec![false; places.len()];
    let generic = |name: &str| classifier.category_called(name).is_some();
    // Done before namesakes are joined, because an entrance may have the name of its station.
    let entrances = stations::fold(places, &mut gone, kinds);
    let mut mapped = Duplicates::new(&mut places[own_rows..], &mut gone[own_rows..], kinds, generic);
    mapped.join();
    let duplicates = mapped.joined;
    for place in &mut places[own_rows..] {
        place.named_by = naming_object(&place.origins, place.name.as_deref());
    }
    if own_rows > 0 {
        let names: Vec<PlainName> =
            places.iter().map(|place| PlainName::of(place.name.as_deref(), generic)).collect();
        let is_part =
            |place: &DraftFacility| kinds.part(&place.classified.categories, place.name.as_deref()).is_some();
        let parts: Vec<bool> = places.iter().map(is_part).collect();
        let (stop, cells) = (kinds.stop, Cells::default());
        let mut joining = Joining { places, gone: &mut gone, names, parts, stop, cells };
        joining.rows(own_rows, report);
        joining.gates(own_rows, report, classifier);
        joining.map_objects(own_rows);
    }
    let parts = entrances + sites::fold(places, &mut gone, report, kinds, generic);
    let mut gone = gone.into_iter();
    places.retain(|_| !gone.next().unwrap_or(false));
    SkippedFacilities { duplicates, parts, ..SkippedFacilities::default() }
}

struct Joining<'a> {
    places: &'a mut Vec<DraftFacility>,
    gone: &'a mut [bool],
    names: Vec<PlainName>,
    /// Parts of a site, which are not the places that they are named after.
    parts: Vec<bool>,
    stop: Option<u8>,
    /// Own rows that are places of their own so far.
    cells: Cells,
}

impl Joining<'_> {
    /// Joins repeated rows, and places that two files list.
    fn rows(&mut self, own_rows: usize, report: &mut Report<'_>) {
        let mut identical: FxHashMap<(Point, u8, Box<str>), usize> = FxHashMap::default();
        let mut by_id: FxHashMap<(u32, Box<str>, Box<str>), usize> = FxHashMap::default();
        // Rows of one file are joined only by name, so no scan is needed.
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
                    report.merge(first);
                    self.merge(known, number, Joined::Identical, metres);
                    continue;
                }
            }
            let key = (
                place.point,
                place.classified.categories.first().copied().unwrap_or(u8::MAX),
                place.name.clone().unwrap_or_default(),
            );
            let keeper = match identical.entry(key) {
                Entry::Occupied(entry) => Some((*entry.get(), Joined::Identical, 0.0)),
                Entry::Vacant(entry) => {
                    entry.insert(number);
                    if self.parts[number] { None } else { self.best(number, several_files) }
                }
            };
            match keeper {
                Some((keeper, joined, metres)) => {
                    report.merge(&self.places[number].origins[0]);
                    self.merge(keeper, number, joined, metres);
                }
                None if self.parts[number] => {}
                None => self.cells.add(number, &self.places[number], &self.names[number]),
            }
        }
        self.cells.warn_of_crowds(self.places, report);
    }

    /// Joins rows such as 人民公园东门, which are entrances of 人民公园, if the category has grounds. The first gate
    /// represents a place that is missing itself.
    fn gates(&mut self, own_rows: usize, report: &mut Report<'_>, classifier: &Classifier) {
        let inside_of = |place: &DraftFacility| {
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
                let reach = if that.has_outline() { GATE_METRES } else { GATES_APART_METRES };
                (shares(that, place) && metres <= reach).then_some((*other, metres))
            });
            let point = place.point;
            if let Some((keeper, metres)) = near.min_by(|a, b| a.1.total_cmp(&b.1)) {
                report.merge(&place.origins[0]);
                self.merge(keeper, number, Joined::Entrance, metres);
                self.places[keeper].entrances.push(point);
            } else {
                // The first gate represents a place that is not listed.
                self.places[number].entrances.push(point);
                self.places[number].name = Some(inside.as_str().into());
                self.names[number] = PlainName::of(Some(&inside), |_| false);
                called.entry(stem).or_default().push(number);
            }
        }
    }

    /// Joins every object of the map with the own row that fits best.
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
                self.merge(keeper, number, Joined::Identical, metres);
                continue;
            }
            if self.parts[number] {
                continue;
            }
            if let Some((keeper, joined, metres)) = self.best(number, true) {
                self.merge(keeper, number, joined, metres);
            }
        }
    }

    /// The earlier own row of the same place: by name first, then by distance.
    fn best(&self, number: usize, scan: bool) -> Option<(usize, Joined, f64)> {
        let place = &self.places[number];
        let name = &self.names[number];
        let mut best: Option<(Alike, f64, usize, Joined)> = None;
        let points = !place.has_outline();
        self.cells.near(place, name, &self.names, scan, |other| {
            if other == number || self.gone[other] || !shares(&self.places[other], place) {
                return;
            }
            let that = &self.places[other];
            if points && !that.has_outline() && far(place.point, that.point) {
                return;
            }
            let is_same_file = place.origins[0].source == that.origins[0].source;
            if is_same_file && !name.has_stem_of(&self.names[other]) {
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
                Alike::Equal if is_same_file => (metres <= SAME_FILE_METRES).then_some(Joined::SameName),
                Alike::Equal if is_stop => (metres <= SAME_STOP_METRES).then_some(Joined::SameName),
                Alike::Equal => (metres <= SAME_NAME_METRES).then_some(Joined::SameName),
                _ if is_same_file || is_stop => None,
                Alike::Similar => (metres <= SIMILAR_NAME_METRES).then_some(Joined::LikeName),
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

    fn merge(&mut self, keeper: usize, other: usize, joined: Joined, metres: f64) {
        merge(self.places, self.gone, keeper, other, joined, metres);
    }
}

/// Whether two points are farther apart in latitude than records of one place can be; computed without a
/// square root.
fn far(a: Point, b: Point) -> bool {
    const METRES_PER_UNIT: f64 = 0.0111;
    f64::from(a.lat.abs_diff(b.lat)) * METRES_PER_UNIT > SAME_NAME_METRES + 5.0
}

/// Whether two places have a common category.
fn shares(a: &DraftFacility, b: &DraftFacility) -> bool {
    a.classified.categories.iter().any(|category| b.classified.categories.contains(category))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classify::Classified;
    use crate::geometry::{Area, assemble};
    use crate::own::{DraftOrigin, OwnFacility, Record};
    use circle_model::city::{Channel, FacilityFlags};
    use circle_model::{Catalogue, Frame, LonLat};

    fn classified(category: &str) -> Classified {
        let category = Catalogue::built_in().index_of(category).unwrap() as u8;
        let flags = FacilityFlags::empty();
        Classified { categories: vec![category], channel: Channel::Osm, confidence_percent: 70, flags }
    }

    fn mapped(kind: OsmKind, id: i64, category: &str, name: Option<&str>, area: Area) -> DraftFacility {
        let frame = Frame::at(LonLat { lon: 126.6, lat: 45.7 }.point());
        let source = DraftOrigin::mapped(kind, id, frame.point([100.0, 100.0]), name);
        DraftFacility { area, ..DraftFacility::mapped(source, None, &classified(category)) }
    }

    /// Grounds without a name, and the school on them.
    fn school() -> Vec<DraftFacility> {
        let frame = Frame::at(LonLat { lon: 126.6, lat: 45.7 }.point());
        let corners = [[0.0, 0.0], [200.0, 0.0], [200.0, 200.0], [0.0, 200.0], [0.0, 0.0]];
        let ground = assemble(vec![corners.iter().map(|corner| frame.point(*corner)).collect()]);
        vec![
            mapped(OsmKind::Node, 5, "middle_school", Some("哈尔滨市第十三中学"), Area::default()),
            mapped(OsmKind::Way, 9, "school", None, ground),
        ]
    }

    fn joined(mut places: Vec<DraftFacility>, own_rows: usize) -> Vec<DraftFacility> {
        let catalogue = Catalogue::built_in();
        let (classifier, kinds) = (Classifier::new(&catalogue), Kinds::new(&catalogue));
        join(&mut places, own_rows, &mut Report::empty(), &classifier, &kinds);
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
        let with_own = std::iter::once(DraftFacility::own(row)).chain(school()).collect();
        let places = joined(with_own, 1);
        let [only] = places.as_slice() else { panic!("{places:?}") };
        assert_eq!((only.origins[0].source, only.origins.len()), (1, 3));
        assert_eq!(only.named_by, Some((OsmKind::Node, 5)));
    }
}
