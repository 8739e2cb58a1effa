//! Which compound a row means whose name is not written as the compound's: `哈尔滨市南岗区X小区（一期）` for X.

use super::DraftCompound;
use super::own::NAMED_METRES;
use crate::facilities::alike::{Alike, PlainName};
use crate::outlines::Boxes;
use crate::own::short;
use circle_model::coordinates::Bounds;
use circle_model::{Frame, Point};
use rustc_hash::FxHashMap;
use std::cell::Cell;
use unicode_normalization::UnicodeNormalization;

/// A gate stands on the outline, or a little outside of it.
const BESIDE_METRES: f64 = 60.0;
/// So far round a place names are compared that are only alike.
const LIKE_METRES: f64 = 300.0;
/// Names with the same core that are compared.
const MOST_OF_CORE: usize = 64;
/// Names are compared this far.
const LONGEST: usize = 60;
/// Rows without a place whose names are compared with all there are.
const MOST_SEARCHES: u32 = 300;

/// Compounds by the cores of their names and by their outlines.
pub(super) struct Likeness {
    by_core: FxHashMap<Box<str>, Vec<(usize, Box<str>)>>,
    boxes: Boxes,
    searches: Cell<u32>,
}

impl Likeness {
    pub(super) fn of(found: &[DraftCompound]) -> Self {
        let mut by_core: FxHashMap<Box<str>, Vec<(usize, Box<str>)>> = FxHashMap::default();
        for (number, compound) in found.iter().enumerate() {
            let names = compound.origins.iter().map(|origin| &origin.name).chain([&compound.name]);
            for name in names.flatten() {
                let core = Core::of(name);
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
        Self { by_core, boxes: Boxes::new(found), searches: Cell::new(0) }
    }

    /// The compound that a row surely means.
    ///
    /// # Errors
    /// Names the one that it may mean.
    pub(super) fn find(
        &self,
        found: &[DraftCompound],
        name: &str,
        at: Option<Point>,
    ) -> Result<usize, String> {
        let core = Core::of(name);
        let metres = |number: usize| {
            let compound = &found[number];
            at.map_or(0.0, |at| if compound.contains(at) { 0.0 } else { compound.point.distance_metres(at) })
        };
        // Least stripped first, the same phase first, the nearest first.
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
                let (a, b) = (called(&found[*a]), called(&found[*b]));
                return Err(format!(
                    "no compound `{}`; it may be {a} or {b}: say which by its name",
                    short(name)
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
                like.map(|number| format!("did you mean {}?", called(&found[number]))),
            ));
        };
        let holders = self.holders(found, at);
        // An outline without a name is taken where no other is more likely.
        let mut ranked = holders.iter().copied().enumerate();
        let sure = ranked.find(|(rank, number)| match found[*number].name.as_deref() {
            Some(theirs) => core.is_part_of(&Core::of(theirs)) || alike(&plain, theirs),
            None => *rank == 0,
        });
        let sure = sure.map(|(_, number)| number);
        if let Some(number) = sure.filter(|_| other_phase.is_none()) {
            return Ok(number);
        }
        let lies_in = holders.first().filter(|number| found[**number].contains(at));
        let hint = if let Some(number) = lies_in {
            Some(format!("the place lies in {}: if that is meant, write its name", called(&found[*number])))
        } else {
            let near = other_phase.or_else(|| self.near(found, at, &plain)).or(holders.first().copied());
            near.map(|number| {
                format!("near there is {}: if that is meant, write its name", called(&found[number]))
            })
        };
        Err(unknown(name, " near there", hint))
    }

    /// Compounds that hold a place or lie beside it, those that hold it first, the smallest first.
    fn holders(&self, found: &[DraftCompound], at: Point) -> Vec<usize> {
        let mut holders: Vec<usize> = around(at, BESIDE_METRES)
            .into_iter()
            .flat_map(|point| self.boxes.containing(found, point))
            .map(|number| number as usize)
            .collect();
        holders.sort_unstable();
        holders.dedup();
        holders.retain(|number| !found[*number].area.polygons.is_empty());
        let rank =
            |number: &usize| (!found[*number].contains(at), found[*number].square_metres as u64, *number);
        holders.sort_by_key(rank);
        holders
    }

    /// The nearest compound whose name is alike.
    fn near(&self, found: &[DraftCompound], at: Point, plain: &PlainName) -> Option<usize> {
        let corners = around(at, LIKE_METRES);
        let near = self.boxes.meeting(&Bounds::of(corners)).into_iter().map(|number| number as usize);
        let like =
            near.filter(|number| found[*number].name.as_deref().is_some_and(|theirs| alike(plain, theirs)));
        like.min_by(|a, b| {
            let metres = |number: &usize| found[*number].point.distance_metres(at);
            metres(a).total_cmp(&metres(b))
        })
    }

    /// The first compound of a name alike, wherever it is.
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
    let theirs = PlainName::of(Some(Core::of(theirs).whole()), |_| false);
    matches!(plain.compare(&theirs), Alike::Equal | Alike::Similar)
}

fn called(compound: &DraftCompound) -> String {
    compound
        .name
        .as_deref()
        .map_or_else(|| "a compound without a name".to_owned(), |name| format!("`{}`", short(name)))
}

fn unknown(name: &str, place: &str, hint: Option<String>) -> String {
    let hint = hint.map(|hint| format!("; {hint}")).unwrap_or_default();
    format!("no compound `{}`{place}{hint}", short(name))
}

/// A place, and those in eight directions from it.
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

/// What of a name tells it from others.
#[derive(Debug, PartialEq, Eq)]
struct Core {
    /// The name without what all compounds are called, then without the places before it, one after the other.
    variants: Vec<String>,
    /// What stands in brackets, or a phase at the end.
    phase: String,
}

/// What names of compounds may end in or not.
const KINDS: [&str; 4] = ["住宅小区", "居住小区", "居民小区", "小区"];
/// What the places before a name end in.
const PLACES: [&str; 11] = ["省", "自治区", "市", "区", "县", "旗", "街道办事处", "街道", "镇", "乡", "社区"];
/// The fewest characters that are a name.
const SHORTEST: usize = 2;

impl Core {
    fn of(name: &str) -> Self {
        let name: String = name.nfkc().flat_map(char::to_lowercase).take(LONGEST).collect();
        let (mut stem, mut phase, mut depth) = (String::new(), String::new(), 0u32);
        for c in name.chars() {
            match c {
                '(' | '[' | '【' => depth += 1,
                ')' | ']' | '】' => depth = depth.saturating_sub(1),
                c if !c.is_alphanumeric() => {}
                c if depth > 0 => phase.push(digit(c)),
                c => stem.push(c),
            }
        }
        if stem.is_empty() {
            std::mem::swap(&mut stem, &mut phase);
        }
        if phase.is_empty()
            && let Some(before) = before_phase(&stem)
        {
            phase = stem[before..].chars().map(digit).collect();
            stem.truncate(before);
        }
        let chars = |text: &str| text.chars().count();
        if let Some(bare) =
            KINDS.iter().find_map(|kind| stem.strip_suffix(kind)).filter(|bare| chars(bare) >= SHORTEST)
        {
            stem = bare.to_owned();
        }
        let mut variants = vec![stem.clone()];
        // Each place ends in its word; the name goes on behind it.
        for (at, _) in stem.char_indices().skip(1) {
            let ends =
                PLACES.iter().any(|word| stem[..at].ends_with(word) && chars(&stem[..at]) > chars(word));
            if ends && chars(&stem[at..]) >= SHORTEST {
                variants.push(stem[at..].to_owned());
            }
        }
        Self { variants, phase }
    }

    fn whole(&self) -> &str {
        &self.variants[0]
    }

    /// Whether one of the names is within the other: 城东新居 and 城东新居B区.
    fn is_part_of(&self, other: &Self) -> bool {
        let phases = self.phase.is_empty() || other.phase.is_empty() || self.phase == other.phase;
        let within = |a: &str, b: &str| a.chars().count() > SHORTEST && b.starts_with(a);
        phases && self.variants.iter().any(|name| within(name, other.whole()) || within(other.whole(), name))
    }
}

/// Where a phase at the end begins: 一期, 2期.
fn before_phase(stem: &str) -> Option<usize> {
    let before = stem.strip_suffix('期')?;
    let bare = before.trim_end_matches(|c: char| c.is_ascii_digit() || NUMERALS.contains(c));
    (bare.len() < before.len() && bare.chars().count() >= SHORTEST).then_some(bare.len())
}

const NUMERALS: &str = "一二三四五六七八九";

fn digit(c: char) -> char {
    let at = NUMERALS.chars().position(|numeral| numeral == c);
    at.and_then(|at| char::from_digit(at as u32 + 1, 10)).unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cores_of_names() {
        let core = |name: &str| Core::of(name);
        assert_eq!(core("城东新居-B区小区").variants, ["城东新居b区"]);
        assert_eq!(core("城东新居-B区").variants, ["城东新居b区"]);
        assert_eq!(
            core("哈尔滨市南岗区和平里小区").variants,
            ["哈尔滨市南岗区和平里", "南岗区和平里", "和平里"]
        );
        assert_eq!(
            (core("和平里（一期）").phase, core("和平里1期").phase),
            ("1期".to_owned(), "1期".to_owned())
        );
        assert_eq!(core("和平里小区一期").variants, ["和平里"]);
        // The kind alone is a name, and a district at the end is a part of it.
        assert_eq!(
            (core("小区").variants, core("东小区").variants),
            (vec!["小区".to_owned()], vec!["东小区".to_owned()])
        );
        assert_eq!(core("道外小区").variants, ["道外"]);
        assert!(core("城东新居").is_part_of(&core("城东新居-B区")));
        assert!(!core("和平里(一期)").is_part_of(&core("和平里(二期)")));
        assert!(!core("和平").is_part_of(&core("和平里")));
    }
}
