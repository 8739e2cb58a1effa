//! Finds the compound that a row of an own file refers to.

use super::draft::DraftCompound;
use super::keys::key_of;
use super::similar::{NAMED_METRES, SimilarNames};
use crate::own::{Record, Report, osm_object};
use circle_model::Point;
use circle_model::city::{KeyOf, OsmKind};
use circle_sheet::excerpt;
use rustc_hash::FxHashMap;
use std::cell::OnceCell;

/// Limit of compounds of one name that are compared.
const MOST_NAMESAKES: usize = 64;

/// The compound that a row refers to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CompoundMatch {
    /// Position of the compound.
    pub(crate) number: usize,
    /// Whether its name is only similar to that in the row.
    pub(crate) by_similarity: bool,
}

/// Compounds by the references that own files use: names, ids, keys and OSM objects.
pub(crate) struct CompoundNames {
    words: FxHashMap<Box<str>, Vec<usize>>,
    /// Built when the first name is not found.
    similar: OnceCell<SimilarNames>,
}

impl CompoundNames {
    pub(crate) fn of(found: &[DraftCompound], keys: &[String]) -> Self {
        let mut words: FxHashMap<Box<str>, Vec<usize>> = FxHashMap::default();
        let mut add = |word: &str, number: usize| {
            let numbers = words.entry(word.into()).or_default();
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
            add(&key_of(compound), number);
            // Differs from the key above if several compounds would have the same.
            add(key, number);
        }
        Self { words, similar: OnceCell::new() }
    }

    /// As [`find`](Self::find), or the compound with a similar name if there is only one candidate.
    ///
    /// # Errors
    /// The reason why there is none, with a suggestion.
    pub(crate) fn find_similar(
        &self,
        found: &[DraftCompound],
        name: &str,
        at: Option<Point>,
    ) -> Result<CompoundMatch, String> {
        match self.find(found, Some(name), at) {
            Ok(number) => Ok(CompoundMatch { number, by_similarity: false }),
            Err(several) if at.is_none() && self.words.contains_key(name) => Err(several),
            Err(_) => {
                let similar = self.similar.get_or_init(|| SimilarNames::of(found));
                similar.find(found, name, at).map(|number| CompoundMatch { number, by_similarity: true })
            }
        }
    }

    /// As [`find`](Self::find), for the target of a correction, which may be a former key.
    ///
    /// # Errors
    /// The reason why there is none, or that there are several.
    pub(crate) fn find_target(
        &self,
        found: &[DraftCompound],
        target: &str,
        at: Option<Point>,
        report: &mut Report<'_>,
    ) -> Result<usize, String> {
        let present = self.present_key(target, report);
        self.find(found, Some(present.as_deref().unwrap_or(target)), at)
    }

    /// The present key of the former key `target`; `None` if a compound has the reference `target` itself.
    pub(crate) fn present_key(&self, target: &str, report: &mut Report<'_>) -> Option<Box<str>> {
        if !self.lookup(target).is_empty() {
            return None;
        }
        let present: Box<str> = report.present_key(KeyOf::Compound, target)?.into();
        if self.lookup(&present).is_empty() {
            return None;
        }
        report.follow(KeyOf::Compound, target, &present);
        Some(present)
    }

    /// The compounds with this name, id, key or OSM object.
    fn lookup(&self, name: &str) -> &[usize] {
        let object = || osm_object(name).map(|(kind, id)| format!("{}/{id}", kind.word()));
        let called = self.words.get(name).or_else(|| self.words.get(object()?.as_str()));
        called.map(Vec::as_slice).unwrap_or_default()
    }

    /// The compound of a name, of several the nearest to `at`; without a name the smallest one that contains
    /// `at`.
    ///
    /// # Errors
    /// The reason why there is none, or that there are several.
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
        let near = self.lookup(name).iter().copied().filter(|number| metres(number) <= NAMED_METRES);
        let mut near: Vec<usize> = near.collect();
        near.sort_by(|a, b| metres(a).total_cmp(&metres(b)));
        match near.as_slice() {
            [] => Err(format!(
                "no compound `{}`{}",
                excerpt(name),
                if at.is_some() { " near there" } else { "" }
            )),
            [_, _, ..] if at.is_none() => {
                Err(format!("{} compounds are called `{}`; give an id or place", near.len(), excerpt(name)))
            }
            [nearest, ..] => Ok(*nearest),
        }
    }
}

/// Reports that the compound of a row has another name than in the row.
pub(crate) fn note_similarity(
    report: &mut Report<'_>,
    record: &Record,
    name: &str,
    compound: &DraftCompound,
) {
    let theirs = compound.name.as_deref().map_or_else(
        || "the compound without a name that it lies in".to_owned(),
        |name| format!("`{}`", excerpt(name)),
    );
    report.note(record, &format!("its compound `{}` was taken for {theirs}", excerpt(name)));
}
