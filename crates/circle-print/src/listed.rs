//! The entries that a board lists, under their headings, and the order in which they get room.

use crate::contents::Entry;
use crate::settings::GroupBy;

/// The listed entries, with the number of omitted ones for each heading.
#[derive(Debug, Default)]
pub(crate) struct Listed {
    /// One section for each heading that has entries, in reading order.
    pub(crate) sections: Vec<Section>,
}

#[derive(Debug, Clone)]
pub(crate) struct Section {
    pub(crate) heading: Heading,
    /// The entries with their numbers, the nearest first.
    pub(crate) entries: Vec<(u32, Entry)>,
    /// Number of omitted entries.
    pub(crate) more: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Heading {
    /// Row of the bands.
    Band(usize),
    /// Row of the catalogue's groups.
    Group(usize),
}

impl Heading {
    pub(crate) fn of(entry: &Entry, by: GroupBy) -> Self {
        match by {
            GroupBy::Band => Self::Band(entry.band),
            GroupBy::Theme => Self::Group(entry.group),
        }
    }
}

/// The headings that have an entry, in reading order. A heading without places would only take their room.
pub(crate) fn headings(entries: &[Entry], by: GroupBy) -> Vec<Heading> {
    let mut headings: Vec<Heading> = entries.iter().map(|entry| Heading::of(entry, by)).collect();
    headings.sort_unstable();
    headings.dedup();
    headings
}

/// Rows of `entries` in the order in which they get room: the nearest of each heading, the nearest of each
/// requirement, the nearest ones with a name of their own, the rest.
pub(crate) fn priority(entries: &[Entry], by: GroupBy) -> Vec<usize> {
    let mut first: Vec<usize> = headings(entries, by)
        .into_iter()
        .filter_map(|heading| entries.iter().position(|entry| Heading::of(entry, by) == heading))
        .collect();
    let kinds = entries.iter().map(|entry| entry.requirement + 1).max().unwrap_or(0);
    let mut of_each: Vec<usize> =
        (0..kinds).filter_map(|kind| entries.iter().position(|entry| entry.requirement == kind)).collect();
    of_each.sort_unstable();
    first.extend(of_each);
    for named in [true, false] {
        first.extend((0..entries.len()).filter(|at| entries[*at].named == named));
    }
    let mut seen = vec![false; entries.len()];
    first.retain(|at| !std::mem::replace(&mut seen[*at], true));
    first
}

/// Puts the chosen entries under their headings and numbers them in reading order.
pub(crate) fn listed(entries: &[Entry], chosen: &[bool], by: GroupBy) -> Listed {
    let mut number = 0;
    let sections = headings(entries, by)
        .into_iter()
        .map(|heading| {
            let of_heading =
                || entries.iter().zip(chosen).filter(move |(entry, _)| Heading::of(entry, by) == heading);
            let entries: Vec<(u32, Entry)> = of_heading()
                .filter(|(_, chosen)| **chosen)
                .map(|(entry, _)| {
                    number += 1;
                    (number, entry.clone())
                })
                .collect();
            let more = of_heading().count() - entries.len();
            Section { heading, entries, more }
        })
        .collect();
    Listed { sections }
}
