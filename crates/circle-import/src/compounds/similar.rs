//! Finds compounds whose names are only similar to the name in a row: `哈尔滨市南岗区X小区（一期）` for X.

use super::draft::DraftCompound;
use super::name_core::NameCore;
use crate::classify::{Alike, PlainName};
use crate::geometry::Boxes;
use circle_model::coordinates::Bounds;
use circle_model::{Frame, Point};
use circle_sheet::excerpt;
use rustc_hash::FxHashMap;
use std::cell::Cell;

/// The compound named in a row lies within this distance of the row's own place.
pub(super) const NAMED_METRES: f64 = 1_000.0;
/// A compound's outline contains the place of a row, or lies within this distance of it.
const BESIDE_METRES: f64 = 60.0;
/// Similar names are compared within this distance of a place.
const SIMILAR_METRES: f64 = 300.0;
/// Limit of names with the same core that are compared.
const MOST_OF_CORE: usize = 64;
/// Limit of rows without a place whose names are compared with all compounds.
const MOST_SEARCHES: u32 = 300;

/// Compounds by the cores of their names and by their outlines.
pub(super) struct SimilarNames {
    by_core: FxHashMap<Box<str>, Vec<(usize, Box<str>)>>,
    boxes: Boxes,
    searches: Cell<u32>,
}

impl SimilarNames {
    pub(super) fn of(found: &[DraftCompound]) -> Self {
        let mut by_core: FxHashMap<Box<str>, Vec<(usize, Box<str>)>> = FxHashMap::default();
        for (number, compound) in found.iter().enumerate() {
            let names = compound.origins.iter().map(|origin| &origin.name).chain([&compound.name]);
            for name in names.flatten() {
                let core = NameCore::of(name);
                for variant in core.variants {
                    let called = by_core.entry(variant.into()).or_default();
                    let known =
                        called.last().is_some_and(|(last, phase)| *last == number && **phase == *core.phase);
                    if !known && called.len() < MOST_OF_CORE {
                        called.push((number, core.phase.as_str().into()));
                    }
                }
            }
        }
        Self {
            by_core,
            boxes: Boxes::new(found.iter().map(|compound| compound.bounds)),
            searches: Cell::new(0),
        }
    }

    /// The compound that a row refers to, if only one is possible.
    ///
    /// # Errors
    /// A message that suggests a compound.
    pub(super) fn find(
        &self,
        found: &[DraftCompound],
        name: &str,
        at: Option<Point>,
    ) -> Result<usize, String> {
        let core = NameCore::of(name);
        let metres = |number: usize| {
            let compound = &found[number];
            at.map_or(0.0, |at| if compound.contains(at) { 0.0 } else { compound.point.distance_metres(at) })
        };
        // Sorted by the count of stripped places, then the same phase first, then by distance.
        let mut same: Vec<(usize, usize, f64, usize)> = Vec::new();
        let mut other_phase = None;
        for (stripped, variant) in core.variants.iter().enumerate() {
            for (number, phase) in self.by_core.get(variant.as_str()).into_iter().flatten() {
                let metres = metres(*number);
                if metres > NAMED_METRES {
                    continue;
                }
                match (**phase == *core.phase, phase.is_empty() || core.phase.is_empty()) {
                    (true, _) => same.push((stripped, 0, metres, *number)),
                    (false, true) => same.push((stripped, 1, metres, *number)),
                    (false, false) => other_phase = other_phase.or(Some(*number)),
                }
            }
        }
        same.sort_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)).then(a.2.total_cmp(&b.2)).then(a.3.cmp(&b.3)));
        let first = same.first().map(|(stripped, phase, ..)| (*stripped, *phase));
        let mut best: Vec<usize> = Vec::new();
        for (stripped, phase, _, number) in &same {
            if Some((*stripped, *phase)) == first && !best.contains(number) {
                best.push(*number);
            }
        }
        match (best.as_slice(), at) {
            ([only], _) => return Ok(*only),
            ([nearest, ..], Some(_)) => return Ok(*nearest),
            ([a, b, ..], None) => {
                let (a, b) = (quoted_name(&found[*a]), quoted_name(&found[*b]));
                return Err(format!(
                    "no compound `{}`; it may be {a} or {b}: write its exact name",
                    excerpt(name)
                ));
            }
            ([], _) => {}
        }
        let plain = PlainName::of(Some(core.whole()), |_| false);
        let Some(at) = at else {
            let like = other_phase.or_else(|| self.search(found, &plain));
            return Err(unknown(
                name,
                "",
                like.map(|number| format!("did you mean {}?", quoted_name(&found[number]))),
            ));
        };
        let holders = self.holders(found, at);
        // A nameless outline counts only if it is the first.
        let mut ranked = holders.iter().copied().enumerate();
        let sure = ranked.find(|(rank, number)| match found[*number].name.as_deref() {
            Some(theirs) => core.is_part_of(&NameCore::of(theirs)) || alike(&plain, theirs),
            None => *rank == 0,
        });
        let sure = sure.map(|(_, number)| number);
        if let Some(number) = sure.filter(|_| other_phase.is_none()) {
            return Ok(number);
        }
        let lies_in = holders.first().filter(|number| found[**number].contains(at));
        let hint = if let Some(number) = lies_in {
            Some(format!(
                "the place lies in {}: if that is meant, write its name",
                quoted_name(&found[*number])
            ))
        } else {
            let near = other_phase.or_else(|| self.near(found, at, &plain)).or(holders.first().copied());
            near.map(|number| {
                format!("near there is {}: if that is meant, write its name", quoted_name(&found[number]))
            })
        };
        Err(unknown(name, " near there", hint))
    }

    /// Compounds that contain a place or lie beside it, those that contain it first, then by size.
    fn holders(&self, found: &[DraftCompound], at: Point) -> Vec<usize> {
        let mut holders: Vec<usize> = around(at, BESIDE_METRES)
            .into_iter()
            .flat_map(|point| self.boxes.at(point).into_iter().map(move |number| (number as usize, point)))
            .filter(|(number, point)| found[*number].contains(*point))
            .map(|(number, _)| number)
            .collect();
        holders.sort_unstable();
        holders.dedup();
        holders.retain(|number| found[*number].has_outline());
        let rank =
            |number: &usize| (!found[*number].contains(at), found[*number].square_metres as u64, *number);
        holders.sort_by_key(rank);
        holders
    }

    /// The nearest compound with a similar name.
    fn near(&self, found: &[DraftCompound], at: Point, plain: &PlainName) -> Option<usize> {
        let corners = around(at, SIMILAR_METRES);
        let near = self.boxes.meeting(&Bounds::of(corners)).into_iter().map(|number| number as usize);
        let like =
            near.filter(|number| found[*number].name.as_deref().is_some_and(|theirs| alike(plain, theirs)));
        like.min_by(|a, b| {
            let metres = |number: &usize| found[*number].point.distance_metres(at);
            metres(a).total_cmp(&metres(b))
        })
    }

    /// The first compound with a similar name anywhere.
    fn search(&self, found: &[DraftCompound], plain: &PlainName) -> Option<usize> {
        self.searches.set(self.searches.get() + 1);
        if self.searches.get() > MOST_SEARCHES {
            return None;
        }
        let like =
            |compound: &DraftCompound| compound.name.as_deref().is_some_and(|theirs| alike(plain, theirs));
        found.iter().position(like)
    }
}

fn alike(plain: &PlainName, theirs: &str) -> bool {
    let theirs = PlainName::of(Some(NameCore::of(theirs).whole()), |_| false);
    matches!(plain.compare(&theirs), Alike::Equal | Alike::Similar)
}

fn quoted_name(compound: &DraftCompound) -> String {
    compound
        .name
        .as_deref()
        .map_or_else(|| "a compound without a name".to_owned(), |name| format!("`{}`", excerpt(name)))
}

fn unknown(name: &str, place: &str, hint: Option<String>) -> String {
    let hint = hint.map(|hint| format!("; {hint}")).unwrap_or_default();
    format!("no compound `{}`{place}{hint}", excerpt(name))
}

/// A point, and the points at `metres` in eight directions from it.
fn around(at: Point, metres: f64) -> Vec<Point> {
    let frame = Frame::at(at);
    let (east, north) = ((metres / frame.metres_per_lon) as i32, (metres / frame.metres_per_lat) as i32);
    let steps = [-1, 0, 1];
    let moved = |x: i32, y: i32| Point {
        lon: at.lon.saturating_add(x * east),
        lat: at.lat.saturating_add(y * north),
    };
    steps.into_iter().flat_map(|y| steps.into_iter().map(move |x| (x, y))).map(|(x, y)| moved(x, y)).collect()
}
