//! The pairing rule: which things of two cities are the same. The comparison of cities and the carrying on of
//! keys use it.

use circle_model::city::{Building, Compound, Facility, KeyOf, OsmKind, Text, Unit};
use circle_model::coordinates::Bounds;
use circle_model::grid::{SegmentGrid, widened};
use circle_model::{City, CompoundId, FacilityId, Point};
use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::Hash;
use std::ops::Range;

/// Maximum distance of two records of one compound, if their names are equal, metres.
const SAME_COMPOUND_METRES: f64 = 200.0;
/// Maximum distance of two records of one facility, if name and category are equal, and of one candidate
/// space, if their names are, metres.
const SAME_FACILITY_METRES: f64 = 150.0;
/// As [`SAME_FACILITY_METRES`], for records without a name, metres.
const SAME_NAMELESS_METRES: f64 = 30.0;
/// Maximum distance of two records with one own id and different names, metres. Beyond it the id was reused:
/// other files count from 1 as well, and lists are renumbered ([`Thing::is_one_record`]).
const SAME_ID_METRES: f64 = 300.0;
/// Maximum distance of two records of one gate, metres.
pub(crate) const SAME_GATE_METRES: f64 = 20.0;
/// Maximum distance of two records of one building, if their names are equal, metres. It is short because
/// every compound has a 1号楼.
const SAME_BUILDING_METRES: f64 = 30.0;
/// As [`SAME_BUILDING_METRES`], if one of the records has no name, metres.
const SAME_NAMELESS_BUILDING_METRES: f64 = 5.0;

/// The same things of two cities, by collection: for each row of `before`, the row of `after`.
///
/// Two facilities of `before` may have the same row, if one place was mapped twice. All others are
/// one-to-one.
pub(crate) fn same_rows(before: &City, after: &City) -> Vec<(KeyOf, Vec<Option<u32>>)> {
    let mut compounds = vec![None; before.compounds().len()];
    for (old, new) in same_compounds(before, after) {
        if let (Some(old), Some(new)) = (old, new) {
            compounds[old.index()] = Some(new.0);
        }
    }
    let rows = |of: KeyOf| match of {
        KeyOf::Compound => compounds.clone(),
        KeyOf::Gate => same_gates(before, after, &compounds),
        KeyOf::Facility => {
            same_facilities(before, after).into_iter().map(|same| same.map(|id| id.0)).collect()
        }
        KeyOf::Unit => same_units(before, after),
        KeyOf::Candidate => same_candidates(before, after),
        KeyOf::Building => same_buildings(before, after),
    };
    KeyOf::ALL.iter().map(|of| (*of, rows(*of))).collect()
}

/// The same compounds in both cities, by their row in `after`; then those that are gone.
pub(crate) fn same_compounds(before: &City, after: &City) -> Vec<(Option<CompoundId>, Option<CompoundId>)> {
    let name = |city: &City, compound: &Compound| {
        if compound.generated_name == 1 { String::new() } else { city.text(compound.name).to_owned() }
    };
    let record = |city: &City, it: &Compound| Record {
        origins: it.origins.range(),
        point: it.point,
        name: name(city, it),
    };
    let known = Known::of(before, before.compounds().iter().map(|it| record(before, it)));
    let mut taken = vec![false; before.compounds().len()];
    let mut found: Vec<Option<u32>> = vec![None; after.compounds().len()];
    // Records take precedence over names: a new compound next to an old one with its name is another one.
    for by_name in [false, true] {
        for (number, compound) in after.compounds().iter().enumerate() {
            if found[number].is_some() {
                continue;
            }
            let record = record(after, compound);
            let free = |row: u32| !taken[row as usize];
            let same = if by_name {
                let named = !record.name.is_empty();
                named.then(|| known.nearest(&record, SAME_COMPOUND_METRES, free)).flatten()
            } else {
                known.by_record(after, &record, free)
            };
            if let Some(row) = same {
                taken[row as usize] = true;
                found[number] = Some(row);
            }
        }
    }
    let here = (0u32..).zip(&found).map(|(new, old)| (old.map(CompoundId), Some(CompoundId(new))));
    let gone =
        (0u32..).zip(&taken).filter(|(_, taken)| !**taken).map(|(old, _)| (Some(CompoundId(old)), None));
    here.chain(gone).collect()
}

/// For each facility of `of`, the same one in `other`.
pub(crate) fn same_facilities(of: &City, other: &City) -> Vec<Option<FacilityId>> {
    let record = |city: &City, it: &Facility| Record {
        origins: it.origins.range(),
        point: it.point,
        name: city.text(it.name).to_owned(),
    };
    let known = Known::of(other, other.facilities().iter().map(|it| record(other, it)));
    let same = |facility: &Facility| {
        let record = record(of, facility);
        let categories = &of.facility_categories()[facility.categories.range()];
        let shared = |row: u32| {
            let found = &other.facilities()[row as usize];
            let of_found = &other.facility_categories()[found.categories.range()];
            of_found.iter().any(|category| categories.contains(category))
        };
        // A map id identifies an object whatever its tags are; an own id holds within one category.
        let is_map = of.origins()[record.origins.clone()].iter().any(|origin| origin.source == 0);
        let metres = if record.name.is_empty() { SAME_NAMELESS_METRES } else { SAME_FACILITY_METRES };
        known
            .by_record(of, &record, |row| is_map || shared(row))
            .or_else(|| known.nearest(&record, metres, shared))
            .map(FacilityId)
    };
    of.facilities().iter().map(same).collect()
}

/// Name and position of a row. They decide whether an own id, or a key made from one, still names the same
/// thing.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Thing<'a> {
    /// Empty if it has no name of its own.
    pub(crate) name: &'a str,
    pub(crate) point: Point,
}

impl<'a> Thing<'a> {
    /// The thing that a row's key names. For a gate whose key is made from that of its compound (`x….n`), it
    /// is the compound.
    pub(crate) fn of(city: &'a City, of: KeyOf, row: u32, key: &str) -> Self {
        let at = row as usize;
        let name = match of {
            KeyOf::Gate if key.contains('.') => {
                return Self::of(city, KeyOf::Compound, city.gates()[at].compound.0, key);
            }
            KeyOf::Compound if city.compounds()[at].generated_name == 1 => Text::default(),
            KeyOf::Compound => city.compounds()[at].name,
            KeyOf::Gate => city.gates()[at].name,
            KeyOf::Facility => city.facilities()[at].name,
            KeyOf::Unit => city.units()[at].name,
            KeyOf::Candidate => city.candidates()[at].name,
            KeyOf::Building => city.buildings()[at].name,
        };
        Self { name: city.text(name), point: city.point_of(of, row) }
    }

    /// Whether two records with one own id are the same: their names are equal, or they are at most
    /// [`SAME_ID_METRES`] apart.
    fn is_one_record(self, other: Self) -> bool {
        (!self.name.is_empty() && self.name == other.name)
            || self.point.distance_metres(other.point) <= SAME_ID_METRES
    }
}

/// Whether a key that both cities have names another thing in the second. Only an own key (`x…`) can, because
/// the same map object is the same thing.
pub(crate) fn is_reused(key: &str, before: Thing<'_>, after: Thing<'_>) -> bool {
    key.starts_with('x') && !before.is_one_record(after)
}

/// Pairs gates of the same compounds: by key, then by map node, then the nearest first.
fn same_gates(before: &City, after: &City, compounds: &[Option<u32>]) -> Vec<Option<u32>> {
    let mut pairs = Pairs::new(before, after, KeyOf::Gate);
    let node = |city: &City, row: u32| Some(city.gates()[row as usize].osm_id).filter(|id| *id != 0);
    for (compound, same) in before.compounds().iter().zip(compounds) {
        let Some(same) = same else { continue };
        let [old, new] = [compound, &after.compounds()[*same as usize]]
            .map(|compound| compound.gates.start..compound.gates.start + compound.gates.len);
        pairs.by_key(old.clone(), new.clone());
        pairs.by_value(old.clone(), new.clone(), |row| node(before, row), |row| node(after, row));
        let near = old.flat_map(|old| new.clone().map(move |new| (old, new)));
        pairs.by_distance(near.collect(), |_, _| Some(SAME_GATE_METRES));
    }
    pairs.after
}

/// Pairs units: by key, by map object, by official code, then by name if their boxes overlap.
fn same_units(before: &City, after: &City) -> Vec<Option<u32>> {
    let mut pairs = Pairs::new(before, after, KeyOf::Unit);
    let (old, new) = pairs.rows();
    let [units_before, units_after] = [before.units(), after.units()];
    let object = |unit: &Unit| osm_object(unit.osm_kind, unit.osm_id);
    pairs.by_key(old.clone(), new.clone());
    pairs.by_value(
        old.clone(),
        new.clone(),
        |row| object(&units_before[row as usize]),
        |row| object(&units_after[row as usize]),
    );
    pairs.by_value(
        old.clone(),
        new.clone(),
        |row| level_and_text(before, row, |unit| unit.code),
        |row| level_and_text(after, row, |unit| unit.code),
    );
    let mut named: HashMap<(u8, &str), Vec<u32>> = HashMap::new();
    for row in new {
        if let Some(name) = level_and_text(after, row, |unit| unit.name) {
            named.entry(name).or_default().push(row);
        }
    }
    let of_name = |old: u32| {
        let name = level_and_text(before, old, |unit| unit.name);
        let rows = name.and_then(|name| named.get(&name)).into_iter().flatten();
        rows.map(move |new| (old, *new)).collect::<Vec<_>>()
    };
    let overlapping = |old: u32, new: u32| {
        let [old, new] = [&units_before[old as usize], &units_after[new as usize]];
        old.bounds.intersects(&new.bounds).then_some(f64::INFINITY)
    };
    pairs.by_distance(old.flat_map(of_name).collect(), overlapping);
    pairs.after
}

/// Level of a unit, with one of its texts; `None` if that is empty.
fn level_and_text(city: &City, row: u32, text: impl Fn(&Unit) -> Text) -> Option<(u8, &str)> {
    let unit = &city.units()[row as usize];
    Some((unit.admin_level, city.text_or_none(text(unit))?))
}

/// Pairs candidate spaces: by key, which is that of the record, then by name and place.
fn same_candidates(before: &City, after: &City) -> Vec<Option<u32>> {
    let mut pairs = Pairs::new(before, after, KeyOf::Candidate);
    let (old, new) = pairs.rows();
    pairs.by_key(old, new);
    pairs.by_place(SAME_FACILITY_METRES, |old, new| {
        let name = before.text(before.candidates()[old as usize].name);
        let same = name == after.text(after.candidates()[new as usize].name);
        same.then_some(if name.is_empty() { SAME_NAMELESS_METRES } else { SAME_FACILITY_METRES })
    });
    pairs.after
}

/// Pairs buildings: by key, by map object, then by name and place.
fn same_buildings(before: &City, after: &City) -> Vec<Option<u32>> {
    let mut pairs = Pairs::new(before, after, KeyOf::Building);
    let (old, new) = pairs.rows();
    let object = |city: &City, building: &Building| {
        let feature = &city.features()[building.feature()?.index()];
        osm_object(feature.osm_kind, feature.osm_id)
    };
    pairs.by_key(old.clone(), new.clone());
    pairs.by_value(
        old,
        new,
        |row| object(before, &before.buildings()[row as usize]),
        |row| object(after, &after.buildings()[row as usize]),
    );
    pairs.by_place(SAME_BUILDING_METRES, |old, new| {
        let was = before.text(before.buildings()[old as usize].name);
        let is = after.text(after.buildings()[new as usize].name);
        if was.is_empty() || is.is_empty() {
            return Some(SAME_NAMELESS_BUILDING_METRES);
        }
        (was == is).then_some(SAME_BUILDING_METRES)
    });
    pairs.after
}

/// Kind and id of a map object.
fn osm_object(kind: u8, id: i64) -> Option<(u8, i64)> {
    (id != 0 && kind != OsmKind::None.code()).then_some((kind, id))
}

/// Pairs of rows of a collection; each row is in at most one pair.
struct Pairs<'a> {
    of: KeyOf,
    cities: [&'a City; 2],
    /// The row after, for each row before.
    after: Vec<Option<u32>>,
    /// Whether a row after is in a pair.
    taken: Vec<bool>,
}

impl<'a> Pairs<'a> {
    fn new(before: &'a City, after: &'a City, of: KeyOf) -> Self {
        let [was, is] = [before, after].map(|city| city.count_of(of) as usize);
        Self { of, cities: [before, after], after: vec![None; was], taken: vec![false; is] }
    }

    /// All rows before and all rows after.
    fn rows(&self) -> (Range<u32>, Range<u32>) {
        (0..self.after.len() as u32, 0..self.taken.len() as u32)
    }

    fn both_free(&self, old: u32, new: u32) -> bool {
        self.after[old as usize].is_none() && !self.taken[new as usize]
    }

    /// Pairs the free rows with equal values, in the order of rows.
    fn by_value<Value: Eq + Hash>(
        &mut self,
        old: Range<u32>,
        new: Range<u32>,
        before: impl Fn(u32) -> Option<Value>,
        after: impl Fn(u32) -> Option<Value>,
    ) {
        let mut free: HashMap<Value, Vec<u32>> = HashMap::new();
        // Rows are pushed in descending order, so that `pop` takes the first.
        for row in new.rev().filter(|row| !self.taken[*row as usize]) {
            if let Some(value) = after(row) {
                free.entry(value).or_default().push(row);
            }
        }
        for row in old {
            if self.after[row as usize].is_some() {
                continue;
            }
            let same = before(row).and_then(|value| free.get_mut(&value)).and_then(Vec::pop);
            if let Some(same) = same {
                self.after[row as usize] = Some(same);
                self.taken[same as usize] = true;
            }
        }
    }

    /// Pairs the free rows with equal keys, unless the key is reused.
    fn by_key(&mut self, old: Range<u32>, new: Range<u32>) {
        let ([before, after], of) = (self.cities, self.of);
        let mut rows: HashMap<Cow<'a, str>, u32> = HashMap::new();
        for row in new {
            rows.entry(after.key_of(of, row)).or_insert(row);
        }
        for row in old {
            let key = before.key_of(of, row);
            let Some(same) = rows.get(&key).copied().filter(|same| self.both_free(row, *same)) else {
                continue;
            };
            if !is_reused(&key, Thing::of(before, of, row, &key), Thing::of(after, of, same, &key)) {
                self.after[row as usize] = Some(same);
                self.taken[same as usize] = true;
            }
        }
    }

    /// Pairs the free rows among `pairs`, the nearest first. `within` returns the maximum distance at which
    /// two rows are one thing, in metres, `None` if they are not.
    fn by_distance(&mut self, pairs: Vec<(u32, u32)>, within: impl Fn(u32, u32) -> Option<f64>) {
        let [before, after] = self.cities;
        let distance = |(old, new): (u32, u32)| {
            let place = before.point_of(self.of, old);
            let metres = place.distance_metres(after.point_of(self.of, new));
            let near = self.both_free(old, new) && within(old, new).is_some_and(|most| metres <= most);
            near.then_some((metres, old, new))
        };
        let mut near: Vec<(f64, u32, u32)> = pairs.into_iter().filter_map(distance).collect();
        near.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then((a.1, a.2).cmp(&(b.1, b.2))));
        for (_, old, new) in near {
            if self.both_free(old, new) {
                self.after[old as usize] = Some(new);
                self.taken[new as usize] = true;
            }
        }
    }

    /// As [`Self::by_distance`], for all rows at most `metres` apart.
    fn by_place(&mut self, metres: f64, within: impl Fn(u32, u32) -> Option<f64>) {
        let ([before, after], of) = (self.cities, self.of);
        let (old, new) = self.rows();
        let free: Vec<u32> = new.filter(|row| !self.taken[*row as usize]).collect();
        let points: Vec<Point> = free.iter().map(|row| after.point_of(of, *row)).collect();
        let grid = SegmentGrid::build(points.iter().map(|point| (*point, *point)), 50.0);
        let mut near = Vec::new();
        for row in old.filter(|row| self.after[*row as usize].is_none()) {
            grid.visit(&widened(&Bounds::of([before.point_of(of, row)]), metres), |entry| {
                let other = free[entry.id as usize];
                // In a dense place most pairs are rejected, so they are not collected at all.
                if within(row, other).is_some() {
                    near.push((row, other));
                }
                true
            });
        }
        self.by_distance(near, within);
    }
}

/// The identifying properties of a compound or facility.
struct Record {
    /// Rows of the city's origins.
    origins: Range<usize>,
    point: Point,
    /// Empty if it has no name of its own.
    name: String,
}

impl Record {
    fn thing(&self) -> Thing<'_> {
        Thing { name: &self.name, point: self.point }
    }
}

/// An index of a city's records.
struct Known<'a> {
    records: Vec<Record>,
    /// Row by kind and id of the map object.
    by_map: HashMap<(u8, i64), u32>,
    /// Rows by own id.
    by_reference: HashMap<&'a str, Vec<u32>>,
    by_name: HashMap<String, Vec<u32>>,
    /// Rows without a name.
    nameless: SegmentGrid,
    nameless_rows: Vec<u32>,
}

impl<'a> Known<'a> {
    fn of(city: &'a City, records: impl Iterator<Item = Record>) -> Self {
        let mut known = Self {
            records: records.collect(),
            by_map: HashMap::new(),
            by_reference: HashMap::new(),
            by_name: HashMap::new(),
            nameless: SegmentGrid::default(),
            nameless_rows: Vec::new(),
        };
        for (row, record) in (0u32..).zip(&known.records) {
            for origin in &city.origins()[record.origins.clone()] {
                if origin.source == 0 && origin.osm_id != 0 {
                    known.by_map.entry((origin.osm_kind, origin.osm_id)).or_insert(row);
                }
                if let Some(reference) = city.text_or_none(origin.reference) {
                    known.by_reference.entry(reference).or_default().push(row);
                }
            }
            if record.name.is_empty() {
                known.nameless_rows.push(row);
            } else {
                known.by_name.entry(record.name.clone()).or_default().push(row);
            }
        }
        let points = known.nameless_rows.iter().map(|row| known.records[*row as usize].point);
        let points: Vec<(Point, Point)> = points.map(|point| (point, point)).collect();
        known.nameless = SegmentGrid::build(points.into_iter(), 50.0);
        known
    }

    /// The row of the same record that `accepts` allows: by map id, else by own id with the same name or
    /// nearby.
    fn by_record(&self, city: &City, record: &Record, accepts: impl Fn(u32) -> bool) -> Option<u32> {
        let origins = &city.origins()[record.origins.clone()];
        let on_map = origins.iter().filter(|origin| origin.source == 0);
        let mut on_map =
            on_map.filter_map(|origin| self.by_map.get(&(origin.osm_kind, origin.osm_id)).copied());
        let is_it =
            |row: &u32| record.thing().is_one_record(self.records[*row as usize].thing()) && accepts(*row);
        on_map.find(|row| accepts(*row)).or_else(|| {
            let references = origins.iter().filter_map(|origin| city.text_or_none(origin.reference));
            references.filter_map(|id| self.by_reference.get(id)).flatten().copied().find(is_it)
        })
    }

    /// The nearest row within `metres` with the same name, or without one too.
    fn nearest(&self, record: &Record, metres: f64, accepts: impl Fn(u32) -> bool) -> Option<u32> {
        let mut best: Option<(f64, u32)> = None;
        let mut offer = |row: u32| {
            let distance = record.point.distance_metres(self.records[row as usize].point);
            let nearer = best.is_none_or(|(least, other)| (distance, row) < (least, other));
            if distance <= metres && nearer && accepts(row) {
                best = Some((distance, row));
            }
        };
        if record.name.is_empty() {
            self.nameless.visit(&widened(&Bounds::of([record.point]), metres), |entry| {
                offer(self.nameless_rows[entry.id as usize]);
                true
            });
        } else {
            self.by_name.get(&record.name).into_iter().flatten().copied().for_each(offer);
        }
        best.map(|(_, row)| row)
    }
}

#[cfg(test)]
mod tests;
