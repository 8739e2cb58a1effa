//! Joins own compounds with those of the map and with each other. Names, outlines and counts of own records
//! win.

use super::draft::{DraftCompound, fill_counts};
use crate::classify::{Alike, PlainName};
use crate::geometry::{Area, Boxes, polygons_square_metres};
use crate::own::{DraftOrigin, OwnCompound, Record, RejectReason, Report};
use circle_model::Point;
use circle_model::city::Joined;
use circle_model::coordinates::Bounds;
use rustc_hash::{FxHashMap, FxHashSet};

/// Points of one name within this distance are one compound.
const SAME_NAME_METRES: f64 = 300.0;
/// Limit of compounds of one name that are compared.
const MOST_NAMESAKES: usize = 64;
/// Limit of own outlines over one point.
const MOST_OVERLAPS: usize = 64;
/// Limit of own compounds in one cell.
const MOST_HERE: u32 = 32;
/// Side of a cell in 10⁻⁷ degrees, about 50 m.
const CELL: i32 = 5_000;

/// Joins own compounds with compounds of the map and with each other, or adds them to `found`.
pub(super) fn join(found: &mut Vec<DraftCompound>, compounds: Vec<OwnCompound>, report: &mut Report<'_>) {
    if compounds.is_empty() {
        return;
    }
    let mapped = Mapped::of(found, &compounds);
    let outlines = Boxes::new(compounds.iter().map(|compound| compound.record.area.bounds()));
    let mut placed = Placed::default();
    let mut taken: FxHashSet<usize> = FxHashSet::default();
    let mut crowd: FxHashMap<(i32, i32), u32> = FxHashMap::default();
    for compound in compounds {
        let record = &compound.record;
        let name = PlainName::of(record.name.as_deref(), |_| false);
        if let Some((keeper, joined)) = placed.same(found, &compound, &name) {
            report.merge(&DraftOrigin::own(record));
            absorb(&mut found[keeper], compound, joined);
            continue;
        }
        if outlines.more_than(MOST_OVERLAPS, record.point) {
            let what = format!(
                "more than {MOST_OVERLAPS} outlines of own files lie over one another here; it was left out"
            );
            report.reject(record, RejectReason::Crowded, &what);
            continue;
        }
        let here = (record.point.lon.div_euclid(CELL), record.point.lat.div_euclid(CELL));
        let count = crowd.entry(here).or_default();
        *count += 1;
        if *count > MOST_HERE {
            let what =
                format!("more than {MOST_HERE} compounds lie within 50 m of here; this one was left out");
            report.reject(record, RejectReason::Crowded, &what);
            continue;
        }
        let same = mapped.same(found, &compound, &name, &taken);
        if same.is_none()
            && let Some(several) = mapped.shared(record)
        {
            let message = format!(
                "its outline on the map has no name and contains {several} rows; none is assigned to it"
            );
            report.warn(record, &message);
        }
        let keeper = if let Some((same, joined)) = same {
            taken.insert(same);
            replace(&mut found[same], compound, joined);
            same
        } else {
            found.push(draft(compound));
            found.len() - 1
        };
        placed.add(keeper, name);
    }
}

/// Own compounds joined so far, by name.
#[derive(Default)]
struct Placed {
    by_stem: FxHashMap<Box<str>, Vec<(usize, PlainName)>>,
}

impl Placed {
    fn add(&mut self, keeper: usize, name: PlainName) {
        let called = self.by_stem.entry(name.stem.clone()).or_default();
        if called.len() < MOST_NAMESAKES {
            called.push((keeper, name));
        }
    }

    /// The compound that an own record repeats: of the same row again, of the same name and around it, or of
    /// the same name in another file close by.
    fn same(&self, found: &[DraftCompound], own: &OwnCompound, name: &PlainName) -> Option<(usize, Joined)> {
        let record = &own.record;
        let called = self.by_stem.get(&name.stem)?;
        let fits = |(keeper, other): &&(usize, PlainName)| {
            let that = &found[*keeper];
            let first = &that.origins[0];
            let identical = first.point == record.point && that.name.as_deref() == record.name.as_deref();
            if identical || name.is_none() {
                return identical;
            }
            let is_same_file = first.source == record.source;
            let near = that.contains(record.point)
                || own.record.area.contains(that.point)
                || (!is_same_file && that.point.distance_metres(record.point) <= SAME_NAME_METRES);
            near && name.compare(other) == Alike::Equal
        };
        let keeper = called.iter().find(fits)?.0;
        let identical = found[keeper].origins[0].point == record.point;
        Some((keeper, if identical { Joined::Identical } else { Joined::SameName }))
    }
}

/// Adds a further row to a compound: its outline and counts fill in what is missing.
fn absorb(that: &mut DraftCompound, own: OwnCompound, joined: Joined) {
    let OwnCompound { record, closed, population } = own;
    let metres = that.point.distance_metres(record.point);
    that.origins.push(DraftOrigin { joined, distance_metres: metres, ..DraftOrigin::own(&record) });
    that.closed = that.closed.or(closed);
    that.name_en = that.name_en.take().or(record.name_en);
    fill_counts(&mut that.population, population);
    if !that.has_outline() && !record.area.polygons.is_empty() {
        outline(that, record.area, record.point);
    }
}

fn outline(that: &mut DraftCompound, area: Area, point: Point) {
    that.bounds = area.bounds();
    that.square_metres = polygons_square_metres(&area.polygons);
    that.area = area;
    that.point = point;
}

/// The compounds of the map by outline and name.
struct Mapped {
    boxes: Boxes,
    names: Vec<PlainName>,
    by_stem: FxHashMap<Box<str>, Vec<usize>>,
    /// Outlines without a name, each with the names of the own points in it.
    claimed: FxHashMap<usize, FxHashSet<Box<str>>>,
}

impl Mapped {
    fn of(found: &[DraftCompound], own: &[OwnCompound]) -> Self {
        let names: Vec<PlainName> =
            found.iter().map(|it| PlainName::of(it.name.as_deref(), |_| false)).collect();
        let mut by_stem: FxHashMap<Box<str>, Vec<usize>> = FxHashMap::default();
        for (number, name) in names.iter().enumerate().filter(|(_, name)| !name.is_none()) {
            by_stem.entry(name.stem.clone()).or_default().push(number);
        }
        let boxes = Boxes::new(found.iter().map(|compound| compound.bounds));
        let mut claimed: FxHashMap<usize, FxHashSet<Box<str>>> = FxHashMap::default();
        for compound in own.iter().filter(|compound| compound.record.area.polygons.is_empty()) {
            let point = compound.record.point;
            for number in boxes.at(point).into_iter().map(|number| number as usize) {
                if names[number].is_none() && found[number].contains(point) {
                    let name = compound.record.name.clone().unwrap_or_default();
                    claimed.entry(number).or_default().insert(name);
                }
            }
        }
        Self { boxes, names, by_stem, claimed }
    }

    /// The count of rows in the nameless outline that contains the record, if it is more than one.
    fn shared(&self, record: &Record) -> Option<usize> {
        if !record.area.polygons.is_empty() {
            return None;
        }
        let around = self.boxes.at(record.point).into_iter();
        around
            .filter_map(|number| self.claimed.get(&(number as usize)))
            .map(FxHashSet::len)
            .find(|len| *len > 1)
    }

    /// The compound of the map that an own record describes: one that contains its point and has no
    /// contradicting name, or one of the same name close by.
    fn same(
        &self,
        found: &[DraftCompound],
        own: &OwnCompound,
        name: &PlainName,
        taken: &FxHashSet<usize>,
    ) -> Option<(usize, Joined)> {
        let record = &own.record;
        let outlined = !record.area.polygons.is_empty();
        let square_metres = polygons_square_metres(&record.area.polygons);
        let around = self.boxes.at(record.point).into_iter().map(|number| number as usize);
        let fits = |number: &usize| {
            let that = &found[*number];
            let both = !outlined || {
                // Outlines are of one compound if each contains the label point of the other and their sizes
                // are similar.
                let size = that.square_metres / square_metres.max(1.0);
                own.record.area.contains(that.point) && (0.5..2.0).contains(&size)
            };
            let alone = outlined || self.claimed.get(number).is_none_or(|names| names.len() < 2);
            that.contains(record.point)
                && (both || self.names[*number].compare(name) == Alike::Equal)
                && alone
                && !taken.contains(number)
        };
        let rank = |number: &usize| (self.names[*number].compare(name), found[*number].square_metres as u64);
        let inside = around.filter(fits).filter(|number| {
            // An own point of another name is a compound of its own.
            rank(number).0 != Alike::Different || outlined
        });
        if let Some(number) = inside.min_by_key(rank) {
            let joined = match self.names[number].compare(name) {
                Alike::Equal => Joined::SameName,
                Alike::Similar => Joined::LikeName,
                Alike::Unnamed | Alike::Different => Joined::Inside,
            };
            return Some((number, joined));
        }
        let called = self.by_stem.get(&name.stem).map(Vec::as_slice).unwrap_or_default();
        let metres = |number: &usize| found[*number].point.distance_metres(record.point);
        // Phases of a compound differ in the text in brackets: 沙曼小区(三街区).
        let near = called.iter().copied().take(MOST_NAMESAKES).filter(|number| {
            !taken.contains(number)
                && self.names[*number].compare(name) == Alike::Equal
                && (metres(number) <= SAME_NAME_METRES
                    || (outlined && own.record.area.contains(found[*number].point)))
        });
        let near = near.min_by(|a, b| metres(a).total_cmp(&metres(b)));
        near.map(|number| (number, Joined::SameName))
    }
}

/// Puts the own record before those of the map.
fn replace(that: &mut DraftCompound, own: OwnCompound, joined: Joined) {
    let OwnCompound { record, closed, population } = own;
    let origin = DraftOrigin::own(&record);
    let metres = that.point.distance_metres(record.point);
    for origin in &mut that.origins {
        origin.joined = joined;
        origin.distance_metres = metres;
    }
    that.origins.insert(0, origin);
    that.name = record.name.or(that.name.take());
    that.name_en = record.name_en.or(that.name_en.take());
    that.closed = closed.or(that.closed);
    that.population = population;
    if !record.area.polygons.is_empty() {
        outline(that, record.area, record.point);
    }
}

fn draft(own: OwnCompound) -> DraftCompound {
    let OwnCompound { record, closed, population } = own;
    let corners = record.area.corners();
    DraftCompound {
        origins: vec![DraftOrigin::own(&record)],
        bounds: Bounds::of(corners.chain([record.point])),
        square_metres: polygons_square_metres(&record.area.polygons),
        point: record.point,
        name: record.name,
        name_en: record.name_en,
        area: record.area,
        closed,
        population,
    }
}
