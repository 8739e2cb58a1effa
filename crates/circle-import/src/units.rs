//! District units 区, 街道, 社区, from administrative boundaries. Where the extract cuts a boundary, the cut
//! ends are joined along the extract's box and the unit is marked as clipped.

use crate::areas::{Area, label_point, polygons_square_metres};
use crate::census::match_districts;
use crate::clip::close_along_box;
use crate::describe::Described;
use crate::keys;
use crate::located::Located;
use crate::outlines::Boxes;
use crate::own::{DraftFinding, Layer, Own, OwnUnit, short};
use crate::shapes::Draft;
use circle_model::Point;
use circle_model::city::{FindingKind, OsmKind, Severity, Unit, ring_contains};
use circle_model::coordinates::Bounds;
use rayon::prelude::*;
use std::collections::HashMap;

/// Levels of units that hold anything of a city: from the prefecture's districts down.
const LEVELS: std::ops::RangeInclusive<u8> = 5..=11;
/// No place has more own units of one level over one another.
const MOST_HERE: u32 = 16;
/// 10⁻⁷ degrees, about 50 m.
const CELL: i32 = 5_000;

struct Found {
    osm_id: i64,
    osm_kind: OsmKind,
    /// That of its row in an own file, where the map does not have it.
    key: Option<String>,
    source: u32,
    row: u32,
    level: u8,
    name: Option<Box<str>>,
    name_en: Option<Box<str>>,
    code: Option<Box<str>>,
    /// Residents, as the map says.
    population: Option<u32>,
    /// The unit above it, by name or code, where its own file says it.
    parent: Option<Box<str>>,
    area: Area,
    clipped: bool,
}

impl Found {
    /// A whole unit of the map, still without its area.
    fn mapped(osm_kind: OsmKind, osm_id: i64, level: u8, described: &Described) -> Self {
        Self {
            osm_id,
            osm_kind,
            key: None,
            source: 0,
            row: 0,
            level,
            name: described.name.clone(),
            name_en: described.name_en.clone(),
            code: described.code.clone(),
            population: described.population,
            parent: None,
            area: Area::default(),
            clipped: false,
        }
    }
}

/// Writes the units, by level and OSM id, then those of own files; says how many have no outline.
pub(crate) fn write(draft: &mut Draft, located: &Located, own: &mut Own, extract: Bounds) -> u64 {
    let mut without_outline = 0;
    let mut found = Vec::new();
    for way in &located.scan.ways {
        let Some(described) = way.described.as_deref() else { continue };
        let Some(level) = described.unit.filter(|level| LEVELS.contains(level)) else { continue };
        let (kind, area) = (OsmKind::Way, located.way_area(way));
        found.push(Found { area, ..Found::mapped(kind, way.id, level, described) });
    }
    find_relations(located, extract, &mut found);
    join(&mut found, own, extract);
    found.sort_by_key(|unit| (unit.level, unit.osm_kind, unit.osm_id, unit.source, unit.row));
    let mut parents_said: Vec<Option<&str>> = Vec::new();
    for unit in &found {
        let Some(point) = label_point(&unit.area.polygons) else {
            without_outline += 1;
            continue;
        };
        let rings = draft.polygons(&unit.area);
        let row = Unit {
            osm_id: unit.osm_id,
            bounds: unit.area.bounds(),
            point,
            name: draft.texts.add_some(unit.name.as_deref()),
            name_en: draft.texts.add_some(unit.name_en.as_deref()),
            key: draft.texts.add_some(unit.key.as_deref()),
            rings,
            parent: u32::MAX,
            area_square_metres: polygons_square_metres(&unit.area.polygons) as f32,
            code: draft.texts.add_some(unit.code.as_deref()),
            source: unit.source,
            row: unit.row,
            admin_level: unit.level,
            clipped: u8::from(unit.clipped),
            osm_kind: unit.osm_kind.code(),
            census: 0,
            spare: 0,
        };
        draft.tables.units.push(row);
        draft.unit_residents.push(unit.population.filter(|_| !unit.clipped).unwrap_or(0));
        parents_said.push(unit.parent.as_deref());
    }
    let holders = Holders::new(draft);
    let parents: Vec<u32> = draft
        .tables
        .units
        .iter()
        .map(|unit| holders.smallest(draft, unit.point, |level| level < unit.admin_level))
        .collect();
    let mut called: HashMap<Box<str>, Vec<u32>> = HashMap::new();
    for (number, unit) in (0u32..).zip(&draft.tables.units) {
        for word in [plain_name(draft.texts.text(unit.name)), draft.texts.text(unit.code).into()] {
            called.entry(word).or_default().push(number);
        }
    }
    // The lowest unit above that has the name or code.
    let above = |said: &str, level: u8| {
        let numbers = called.get(said).or_else(|| called.get(&plain_name(said)))?;
        let above =
            numbers.iter().copied().filter(|number| draft.tables.units[*number as usize].admin_level < level);
        above.max_by_key(|number| draft.tables.units[*number as usize].admin_level)
    };
    say_odd(draft, &called, &parents_said, &above, own);
    let said: Vec<u32> = parents_said
        .iter()
        .zip(&draft.tables.units)
        .zip(parents)
        .map(|((said, unit), lies_in)| said.and_then(|said| above(said, unit.admin_level)).unwrap_or(lies_in))
        .collect();
    draft.tables.units.iter_mut().zip(said).for_each(|(unit, parent)| unit.parent = parent);
    match_districts(draft);
    let units = draft.tables.units.iter();
    own.say_missing_units(&units.map(|unit| draft.texts.text(unit.name)).collect());
    without_outline
}

/// Says of the planner's own units what can be meant by nobody: parents that are none, codes that two have, and units
/// without name and code.
fn say_odd(
    draft: &Draft,
    called: &HashMap<Box<str>, Vec<u32>>,
    parents: &[Option<&str>],
    above: &dyn Fn(&str, u8) -> Option<u32>,
    own: &mut Own,
) {
    let mut odd = |unit: &Unit, what: &str| {
        let message = format!("{}: {what}", own.label(unit.source, unit.row));
        own.findings.push(DraftFinding {
            severity: Severity::Warning,
            kind: FindingKind::OddRow,
            source: unit.source,
            row: unit.row,
            point: unit.point,
            name: draft.texts.text(unit.name).into(),
            message: message.into(),
        });
    };
    let mut coded: HashMap<&str, &Unit> = HashMap::new();
    for (unit, parent) in draft.tables.units.iter().zip(parents) {
        let (name, code) = (draft.texts.text(unit.name), draft.texts.text(unit.code));
        if let Some(said) = parent.filter(|said| above(said, unit.admin_level).is_none()) {
            let why = if plain_name(said) == plain_name(name) || said == code {
                "is the unit itself"
            } else if called.contains_key(said) || called.contains_key(&plain_name(said)) {
                "is no unit of a higher level"
            } else {
                "is the name or code of no unit"
            };
            let what = format!(
                "parent 上级: `{}` {why}; it was placed below the unit that it lies in. Write the name or code of the \
                 unit above it, or leave the cell empty",
                short(said)
            );
            odd(unit, &what);
        }
        if unit.source > 0 && name.is_empty() && code.is_empty() {
            odd(
                unit,
                "a unit with neither name (名称) nor code (代码); nobody can refer to it, give it one of them",
            );
        }
        if code.is_empty() {
            continue;
        }
        let first = *coded.entry(code).or_insert(unit);
        if std::ptr::eq(first, unit) || first.source == 0 && unit.source == 0 {
            continue;
        }
        let (later, other) = if unit.source > 0 { (unit, first) } else { (first, unit) };
        let what = format!(
            "code 代码: `{}` is the code of `{}` as well; correct the one that is wrong",
            short(code),
            short(draft.texts.text(other.name))
        );
        odd(later, &what);
    }
}

/// Adds the boundaries that are relations, those that the extract cut closed along its edge.
fn find_relations(located: &Located, extract: Bounds, found: &mut Vec<Found>) {
    let mut cut = Vec::new();
    for relation in &located.scan.relations {
        let described = &relation.described;
        let Some(level) = described.unit.filter(|level| LEVELS.contains(level)) else { continue };
        let (area, missing) = located.relation_area(relation);
        let clipped = missing > 0 || !area.open.is_empty();
        let unit = Found { area, clipped, ..Found::mapped(OsmKind::Relation, relation.id, level, described) };
        if clipped { cut.push(unit) } else { found.push(unit) }
    }
    // Units of one level do not overlap, so what lies in a whole one tells where a cut one does not lie.
    let whole: Vec<(u8, Point)> =
        found.iter().filter_map(|unit| Some((unit.level, label_point(&unit.area.polygons)?))).collect();
    for unit in cut {
        let others: Vec<Point> =
            whole.iter().filter(|(level, _)| *level == unit.level).map(|(_, point)| *point).collect();
        let inside = places_called(located, unit.name.as_deref());
        found.push(Found { area: close_along_box(unit.area, extract, &inside, &others), ..unit });
    }
}

/// The planner's own units go before the map's of the same level and name or code. The same row twice is merged.
fn join(found: &mut Vec<Found>, own: &mut Own, extract: Bounds) {
    let mut by_name: HashMap<(u8, Box<str>), usize> = HashMap::new();
    let mut crowd: HashMap<(u8, i32, i32), u32> = HashMap::new();
    for (number, unit) in found.iter().enumerate() {
        for word in words_of(unit) {
            by_name.entry((unit.level, word)).or_insert(number);
        }
    }
    for OwnUnit { record, level, code, parent } in std::mem::take(&mut own.units) {
        let words = [code.as_deref().map(plain_code), record.name.as_deref().map(plain_name)];
        let known = words.into_iter().flatten().find_map(|word| by_name.get(&(level, word)).copied());
        // Communities of one name in two subdistricts are two.
        let same = known.filter(|number| {
            found[*number].area.contains(record.point)
                || found[*number].clipped
                || code.as_deref().map(plain_code) == found[*number].code.as_deref().map(plain_code)
        });
        if let Some(first) = same.map(|number| &found[number]).filter(|first| first.source > 0) {
            let first = own.label(first.source, first.row);
            own.merge_into(&record, &format!("the unit of {first} has its name or code"));
            continue;
        }
        let here = (level, record.point.lon.div_euclid(CELL), record.point.lat.div_euclid(CELL));
        let count = crowd.entry(here).or_default();
        *count += 1;
        if *count > MOST_HERE {
            let what = format!(
                "more than {MOST_HERE} units of a level lie within 50 m of here; this one was left out"
            );
            own.reject(&record, "crowded", &what);
            continue;
        }
        let clipped = record.area.corners().any(|corner| !extract.contains(corner));
        let id = code.as_deref().or(record.reference.as_deref());
        let unit = Found {
            osm_id: 0,
            osm_kind: OsmKind::None,
            key: Some(keys::of_row(Layer::Units, id, record.name.as_deref(), record.point)),
            source: record.source,
            row: record.row,
            level,
            name: record.name,
            name_en: record.name_en,
            code,
            population: None,
            parent,
            clipped,
            area: record.area,
        };
        if let Some(number) = same {
            let of_map = &mut found[number];
            *of_map = Found {
                osm_id: of_map.osm_id,
                osm_kind: of_map.osm_kind,
                key: None,
                name: unit.name.or(of_map.name.take()),
                name_en: unit.name_en.or(of_map.name_en.take()),
                code: unit.code.or(of_map.code.take()),
                population: of_map.population,
                ..unit
            };
        } else {
            let number = found.len();
            for word in words_of(&unit) {
                by_name.entry((level, word)).or_insert(number);
            }
            found.push(unit);
        }
    }
}

/// 哈西街道办事处 and 哈西街道 are one.
fn plain_name(name: &str) -> Box<str> {
    name.trim_end_matches("办事处").into()
}

/// Codes of higher levels are filled up with zeros.
fn plain_code(code: &str) -> Box<str> {
    format!("#{}", code.trim_end_matches('0')).into()
}

fn words_of(unit: &Found) -> impl Iterator<Item = Box<str>> {
    let words = [unit.name.as_deref().map(plain_name), unit.code.as_deref().map(plain_code)];
    words.into_iter().flatten()
}

/// Writes the units that hold each facility.
pub(crate) fn hold_facilities(draft: &mut Draft) {
    let holders = Holders::new(draft);
    let points: Vec<Point> = draft.tables.facilities.iter().map(|facility| facility.point).collect();
    let held: Vec<[u32; 4]> = points.par_iter().map(|point| holders.by_level(draft, *point)).collect();
    draft.tables.facilities.iter_mut().zip(held).for_each(|(facility, units)| facility.units = units);
}

/// Finds the units that hold a place.
#[derive(Debug)]
pub(crate) struct Holders(Boxes);

impl Holders {
    pub(crate) fn new(draft: &Draft) -> Self {
        Self(Boxes::of(draft.tables.units.iter().map(|unit| unit.bounds)))
    }

    /// The units that hold `point`, by level 区, 街道, 社区, 网格; `u32::MAX` for none.
    pub(crate) fn by_level(&self, draft: &Draft, point: Point) -> [u32; 4] {
        let held = self.holding(draft, point);
        let unit = |levels: &[u8]| lowest(draft, &held, |level| levels.contains(&level));
        [unit(&[5, 6, 7]), unit(&[8]), unit(&[9, 10, 11]), unit(&[Unit::GRID])]
    }

    /// The lowest and smallest unit of an accepted level that holds `point`; `u32::MAX` for none.
    pub(crate) fn smallest(&self, draft: &Draft, point: Point, accepts: impl Fn(u8) -> bool) -> u32 {
        lowest(draft, &self.holding(draft, point), accepts)
    }

    /// The lowest and smallest unit that holds `point` and of which the map says how many people live there; `u32::MAX`
    /// for none.
    pub(crate) fn smallest_counted(&self, draft: &Draft, point: Point) -> u32 {
        let mut held = self.holding(draft, point);
        held.retain(|number| draft.unit_residents[*number as usize] > 0);
        lowest(draft, &held, |_| true)
    }

    /// The units whose outlines hold `point`, ascending.
    fn holding(&self, draft: &Draft, point: Point) -> Vec<u32> {
        let tables = &draft.tables;
        let mut held = self.0.at(point);
        held.retain(|number| {
            let rings = &tables.rings[tables.units[*number as usize].rings.range()];
            let holds =
                |ring: &&circle_model::city::Ring| ring_contains(&tables.points[ring.line.range()], point);
            rings.iter().filter(holds).count() % 2 == 1
        });
        held
    }
}

/// The lowest and smallest unit of an accepted level; `u32::MAX` for none.
fn lowest(draft: &Draft, held: &[u32], accepts: impl Fn(u8) -> bool) -> u32 {
    let units = &draft.tables.units;
    let accepted = held.iter().copied().filter(|number| accepts(units[*number as usize].admin_level));
    let rank = |number: &u32| {
        let unit = &units[*number as usize];
        (std::cmp::Reverse(unit.admin_level), unit.area_square_metres as u64)
    };
    accepted.min_by_key(rank).unwrap_or(u32::MAX)
}

/// Place names that begin as the unit's does.
fn places_called(located: &Located, name: Option<&str>) -> Vec<Point> {
    let Some(name) = name else { return Vec::new() };
    let stem = name.trim_end_matches("街道").trim_end_matches('区').trim_end_matches('镇');
    let called = |other: &str| !stem.is_empty() && other.starts_with(stem);
    let nodes = located.scan.nodes.iter().filter(|node| node.place.is_some());
    nodes.filter(|node| node.name.as_deref().is_some_and(called)).map(|node| node.point).collect()
}
