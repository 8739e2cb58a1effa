//! Compounds of the planner's own, joined with the map's: their names, outlines and counts win.

use super::DraftCompound;
use super::likeness::Likeness;
use crate::areas::{Area, polygons_square_metres};
use crate::facilities::alike::{Alike, PlainName};
use crate::facilities::{DraftOrigin, osm_object};
use crate::keys;
use crate::outlines::Boxes;
use crate::own::{Action, CorrectionOf, Layer, Own, OwnCompound, Record};
use circle_model::Point;
use circle_model::city::{Joined, KeyOf, OsmKind, Population};
use circle_model::coordinates::Bounds;
use rustc_hash::{FxHashMap, FxHashSet};
use std::cell::OnceCell;

/// Points of one name within this distance are one compound.
const SAME_NAME_METRES: f64 = 300.0;
/// A compound that a row names lies within this distance of the row's own place.
pub(super) const NAMED_METRES: f64 = 1_000.0;
/// Compounds of one name that are compared.
const MOST_NAMESAKES: usize = 64;
/// Nor more of their outlines over one another.
const MOST_OVERLAPS: usize = 64;
/// No place has more compounds of a planner's own over one another.
const MOST_HERE: u32 = 32;
/// 10⁻⁷ degrees, about 50 m.
const CELL: i32 = 5_000;

/// Joins own compounds with the map's and with each other, or adds them.
pub(super) fn join(found: &mut Vec<DraftCompound>, own: &mut Own) {
    let compounds = std::mem::take(&mut own.compounds);
    if compounds.is_empty() {
        return;
    }
    let mapped = Mapped::of(found, &compounds);
    let outlines = Boxes::of(compounds.iter().map(|compound| compound.record.area.bounds()));
    let mut placed = Placed::default();
    let mut taken: FxHashSet<usize> = FxHashSet::default();
    let mut crowd: FxHashMap<(i32, i32), u32> = FxHashMap::default();
    for compound in compounds {
        let record = &compound.record;
        let name = PlainName::of(record.name.as_deref(), |_| false);
        if let Some((keeper, joined)) = placed.same(found, &compound, &name) {
            own.merge(record);
            absorb(&mut found[keeper], compound, joined);
            continue;
        }
        if outlines.more_than(MOST_OVERLAPS, record.point) {
            let what = format!(
                "more than {MOST_OVERLAPS} outlines of own files lie over one another here; it was left out"
            );
            own.reject(record, "crowded", &what);
            continue;
        }
        let here = (record.point.lon.div_euclid(CELL), record.point.lat.div_euclid(CELL));
        let count = crowd.entry(here).or_default();
        *count += 1;
        if *count > MOST_HERE {
            let what =
                format!("more than {MOST_HERE} compounds lie within 50 m of here; this one was left out");
            own.reject(record, "crowded", &what);
            continue;
        }
        let same = mapped.same(found, &compound, &name, &taken);
        if same.is_none()
            && let Some(several) = mapped.shared(record)
        {
            let message =
                format!("its outline on the map has no name and holds {several} rows, so none takes it");
            own.odd(record, &message);
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

/// Own compounds that have their place.
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

    /// The same row again; or one of its name that holds it, or, in another file, that is close by.
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
            let apart = first.source == record.source;
            let near = that.contains(record.point)
                || own.record.area.contains(that.point)
                || (!apart && that.point.distance_metres(record.point) <= SAME_NAME_METRES);
            near && name.compare(other) == Alike::Equal
        };
        let keeper = called.iter().find(fits)?.0;
        let identical = found[keeper].origins[0].point == record.point;
        Some((keeper, if identical { Joined::Identical } else { Joined::SameName }))
    }
}

/// A further row of a compound: its outline and counts where they were missing.
fn absorb(that: &mut DraftCompound, own: OwnCompound, joined: Joined) {
    let OwnCompound { record, closed, population } = own;
    let metres = that.point.distance_metres(record.point);
    that.origins.push(DraftOrigin { joined, distance_metres: metres, ..DraftOrigin::own(&record) });
    that.closed = that.closed.or(closed);
    that.name_en = that.name_en.take().or(record.name_en);
    fill(&mut that.population, population);
    if that.area.polygons.is_empty() && !record.area.polygons.is_empty() {
        outline(that, record.area, record.point);
    }
}

fn outline(that: &mut DraftCompound, area: Area, point: Point) {
    that.bounds = area.bounds();
    that.square_metres = polygons_square_metres(&area.polygons);
    that.area = area;
    that.point = point;
}

/// The map's compounds by outline and name.
struct Mapped {
    boxes: Boxes,
    names: Vec<PlainName>,
    by_stem: FxHashMap<Box<str>, Vec<usize>>,
    /// Outlines without a name, and the names of the own points in each.
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
        let boxes = Boxes::new(found);
        let mut claimed: FxHashMap<usize, FxHashSet<Box<str>>> = FxHashMap::default();
        for compound in own.iter().filter(|compound| compound.record.area.polygons.is_empty()) {
            for number in boxes.containing(found, compound.record.point) {
                if names[number as usize].is_none() {
                    let name = compound.record.name.clone().unwrap_or_default();
                    claimed.entry(number as usize).or_default().insert(name);
                }
            }
        }
        Self { boxes, names, by_stem, claimed }
    }

    /// How many rows an outline without a name holds, where it is more than one.
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

    /// The map's compound that an own one is: it holds the other's point, and their names do not speak against it;
    /// or it has the same name close by.
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
                // Two outlines are of one compound when each holds the other's middle and they are of a size.
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
            // A named estate inside a larger one of another name is an estate of its own.
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
        // Phases of an estate differ in what stands in brackets: 沙曼小区(三街区).
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

/// The own record goes before the map's.
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

/// Counts that are not known yet.
pub(crate) fn fill(counts: &mut Population, more: Population) {
    let fill = |count: &mut u32, more: u32| {
        if *count == Population::UNKNOWN {
            *count = more;
        }
    };
    fill(&mut counts.households, more.households);
    fill(&mut counts.residents, more.residents);
    fill(&mut counts.elderly, more.elderly);
    fill(&mut counts.children, more.children);
}

/// Corrections of compounds: renamed, or gone.
pub(super) fn correct(found: &mut Vec<DraftCompound>, keys: &mut Vec<String>, own: &mut Own) {
    let corrections = std::mem::take(&mut own.corrections);
    let (mine, others): (Vec<_>, Vec<_>) =
        corrections.into_iter().partition(|correction| correction.of == CorrectionOf::Compound);
    own.corrections = others;
    if mine.is_empty() {
        return;
    }
    let called = Called::of(found, keys);
    let mut gone = vec![false; found.len()];
    for correction in &mine {
        let target = correction.target.as_deref().or(correction.compound.as_deref());
        let at = correction.placed.then_some(correction.record.point);
        let means = match target {
            Some(target) => called.find_target(found, target, at, own),
            None => called.find(found, correction.record.name.as_deref(), at),
        };
        let number = match means {
            Ok(number) if !gone[number] => number,
            Ok(_) => {
                own.stale(correction, "another correction has left it out");
                continue;
            }
            Err(why) => {
                own.stale(correction, &why);
                continue;
            }
        };
        let compound = &mut found[number];
        let called = compound.name.clone().unwrap_or_default();
        match (correction.action, &correction.new_name) {
            (Action::Renamed, Some(new)) if *new != called => {
                compound.name = Some(new.clone());
                own.applied(correction, compound.point, &format!("`{called}` is called `{new}` now"));
            }
            (Action::Renamed, _) => own.stale(correction, &format!("it is called `{called}` by now")),
            (Action::Closed, _) => {
                own.applied(correction, compound.point, &format!("`{called}` is gone and left out"));
                gone[number] = true;
                for origin in &compound.origins {
                    own.close(origin, &format!("left out by a field correction ({})", correction.signed));
                }
            }
            _ => own.stale(correction, "a compound can be renamed or closed"),
        }
    }
    let mut of_keys = gone.iter();
    keys.retain(|_| of_keys.next() != Some(&true));
    let mut gone = gone.into_iter();
    found.retain(|_| !gone.next().unwrap_or(false));
}

/// The compound that a row means.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Match {
    pub(crate) number: usize,
    /// Whether it is called a little otherwise.
    pub(crate) by_likeness: bool,
}

/// Compounds by what own files call them: their names, ids, keys, and OSM objects.
pub(crate) struct Called {
    words: FxHashMap<Box<str>, Vec<usize>>,
    likeness: OnceCell<Likeness>,
}

impl Called {
    pub(crate) fn of(found: &[DraftCompound], keys: &[String]) -> Self {
        let mut called: FxHashMap<Box<str>, Vec<usize>> = FxHashMap::default();
        let mut add = |word: &str, number: usize| {
            let numbers = called.entry(word.into()).or_default();
            if numbers.last() != Some(&number) && numbers.len() < MOST_NAMESAKES {
                numbers.push(number);
            }
        };
        for (number, (compound, key)) in found.iter().zip(keys).enumerate() {
            let names = compound.origins.iter().flat_map(|origin| [&origin.name, &origin.reference]);
            for word in names.chain([&compound.name]).flatten() {
                add(word, number);
            }
            for origin in compound.origins.iter().filter(|origin| origin.osm_kind != OsmKind::None) {
                add(&format!("{}/{}", origin.osm_kind.word(), origin.osm_id), number);
            }
            let object = keys::naming_object(&compound.origins, compound.name.as_deref());
            add(&keys::of_place(&compound.origins, object, Layer::Compounds), number);
            // Where several would have that key, each has a suffix.
            add(key, number);
        }
        Self { words: called, likeness: OnceCell::new() }
    }

    /// As [`find`](Self::find); where nothing is called so, the compound that the name and the place surely mean.
    ///
    /// # Errors
    /// Says why there is none, and which may be meant.
    pub(crate) fn find_like(
        &self,
        found: &[DraftCompound],
        name: &str,
        at: Option<Point>,
    ) -> Result<Match, String> {
        match self.find(found, Some(name), at) {
            Ok(number) => Ok(Match { number, by_likeness: false }),
            Err(several) if at.is_none() && self.words.contains_key(name) => Err(several),
            Err(_) => {
                let likeness = self.likeness.get_or_init(|| Likeness::of(found));
                likeness.find(found, name, at).map(|number| Match { number, by_likeness: true })
            }
        }
    }

    /// As [`find`](Self::find), of a correction's target, which may be a former key.
    ///
    /// # Errors
    /// Says why there is none, or that there are several.
    pub(crate) fn find_target(
        &self,
        found: &[DraftCompound],
        target: &str,
        at: Option<Point>,
        own: &mut Own,
    ) -> Result<usize, String> {
        let present = self.present_key(target, own);
        self.find(found, Some(present.as_deref().unwrap_or(target)), at)
    }

    /// The key that a former one is now, where nothing else is called so.
    pub(crate) fn present_key(&self, target: &str, own: &mut Own) -> Option<Box<str>> {
        if !self.called(target).is_empty() {
            return None;
        }
        let present: Box<str> = own.former_keys.get(KeyOf::Compound, target)?.into();
        if self.called(&present).is_empty() {
            return None;
        }
        own.followed_keys.add(KeyOf::Compound, target, &present);
        Some(present)
    }

    /// The compounds of a name, id, key, or OSM object.
    fn called(&self, name: &str) -> &[usize] {
        let object = || osm_object(name).map(|(kind, id)| format!("{}/{id}", kind.word()));
        let called = self.words.get(name).or_else(|| self.words.get(object()?.as_str()));
        called.map(Vec::as_slice).unwrap_or_default()
    }

    /// The compound of a name, the nearest to `at` where several have it; without a name the one that holds `at`.
    ///
    /// # Errors
    /// Says why there is none, or that there are several.
    pub(crate) fn find(
        &self,
        found: &[DraftCompound],
        name: Option<&str>,
        at: Option<Point>,
    ) -> Result<usize, String> {
        let metres = |number: &usize| {
            let compound = &found[*number];
            at.map_or(0.0, |at| if compound.contains(at) { 0.0 } else { compound.point.distance_metres(at) })
        };
        let Some(name) = name else {
            let holders = (0..found.len()).filter(|number| at.is_some_and(|at| found[*number].contains(at)));
            let smallest = |a: &usize, b: &usize| found[*a].square_metres.total_cmp(&found[*b].square_metres);
            return holders.min_by(smallest).ok_or_else(|| "no compound lies there".to_owned());
        };
        let near = self.called(name).iter().copied().filter(|number| metres(number) <= NAMED_METRES);
        let mut near: Vec<usize> = near.collect();
        near.sort_by(|a, b| metres(a).total_cmp(&metres(b)));
        match near.as_slice() {
            [] => Err(format!(
                "no compound `{}`{}",
                crate::own::short(name),
                if at.is_some() { " near there" } else { "" }
            )),
            [_, _, ..] if at.is_none() => Err(format!(
                "{} compounds are called `{}`; say which by id or place",
                near.len(),
                crate::own::short(name)
            )),
            [nearest, ..] => Ok(*nearest),
        }
    }
}

impl Own {
    /// Says that a row's compound is called otherwise than the row says.
    pub(crate) fn note_likeness(&mut self, record: &Record, name: &str, compound: &DraftCompound) {
        let theirs = compound.name.as_deref().map_or_else(
            || "the compound without a name that it lies in".to_owned(),
            |name| format!("`{}`", crate::own::short(name)),
        );
        self.note(record, &format!("its compound `{}` was taken for {theirs}", crate::own::short(name)));
    }
}
