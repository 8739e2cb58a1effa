//! The names of compounds, units, streets and facilities, prepared for a search that reads each once.

use super::find::{fold, letters_of};
use super::pinyin_of;
use super::spellings::{Spelled, Spellings};
use super::streets::{NamedStreet, Streets};
use circle_model::city::Text;
use circle_model::{City, Point};
use memchr::memmem::Finder;

/// The kind of a thing that is found by name. Of equally good matches, the first kinds come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NamedKind {
    /// A compound with a name of its own.
    Compound,
    /// A district unit.
    Unit,
    /// A street: connected ways of one name.
    Street,
    /// A facility.
    Facility,
}

impl NamedKind {
    /// All kinds.
    pub const ALL: [Self; 4] = [Self::Compound, Self::Unit, Self::Street, Self::Facility];

    /// The word in JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Compound => "compound",
            Self::Unit => "unit",
            Self::Street => "street",
            Self::Facility => "facility",
        }
    }
}

/// What of a name matches a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MatchedBy {
    /// The name, Chinese or English.
    Name,
    /// Its pinyin.
    Pinyin,
    /// The initials of its pinyin.
    Initials,
}

impl MatchedBy {
    /// The word in JSON.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Pinyin => "pinyin",
            Self::Initials => "initials",
        }
    }
}

/// A thing that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NameHit {
    pub(super) kind: NamedKind,
    /// Its row in the city; of a street, its position in the index.
    pub(super) row: u32,
    pub(super) by: MatchedBy,
}

/// The names of a city. Memory: the names, folded and as numbers of syllables, and the segments of named streets.
#[derive(Debug)]
pub struct NameIndex {
    entries: Vec<NameEntry>,
    /// Folded names, Chinese and English, each with a line feed, which no folded text has.
    folded: String,
    /// Start of each folded name, and its position in `entries`.
    starts: Vec<(usize, u32)>,
    /// The names of `entries` in pinyin, in the same order.
    spellings: Spellings,
    streets: Streets,
}

#[derive(Debug, Clone, Copy)]
struct NameEntry {
    kind: NamedKind,
    row: u32,
    /// Number of characters.
    length: u32,
}

/// The ranks of matches, the best first; `NONE` for no match.
const WHOLE: u8 = 0;
const START: u8 = 1;
const PART: u8 = 2;
const SPELLED_FROM_START: u8 = 3;
const SPELLED_WITHIN: u8 = 4;
const NONE: u8 = 5;

impl NameIndex {
    /// Indexes the names of a city. Generated names of compounds are left out.
    pub fn build(city: &City) -> Self {
        let streets = Streets::of(city);
        let mut index = Self {
            entries: Vec::new(),
            folded: String::new(),
            starts: Vec::new(),
            spellings: Spellings::default(),
            streets: Streets::default(),
        };
        for (row, compound) in (0u32..).zip(city.compounds()).filter(|(_, it)| it.generated_name == 0) {
            index.add(city, NamedKind::Compound, row, [compound.name, compound.name_en]);
        }
        for (row, unit) in (0u32..).zip(city.units()) {
            index.add(city, NamedKind::Unit, row, [unit.name, unit.name_en]);
        }
        for (row, street) in (0u32..).zip(&streets.all) {
            let way = &city.features()[street.way.index()];
            index.add(city, NamedKind::Street, row, [way.name, way.name_en]);
        }
        for (row, facility) in (0u32..).zip(city.facilities()) {
            index.add(city, NamedKind::Facility, row, [facility.name, facility.name_en]);
        }
        index.spellings.finish();
        Self { streets, ..index }
    }

    /// Adds a thing, unless it has no name.
    fn add(&mut self, city: &City, kind: NamedKind, row: u32, names: [Text; 2]) {
        let Some(name) = city.text_or_none(names[0]) else { return };
        let entry = self.entries.len() as u32;
        for name in names.into_iter().filter_map(|name| city.text_or_none(name)) {
            self.starts.push((self.folded.len(), entry));
            self.folded.push_str(&fold(name));
            self.folded.push('\n');
        }
        self.spellings.add(&pinyin_of(name));
        self.entries.push(NameEntry { kind, row, length: name.chars().count() as u32 });
    }

    /// The things of some kinds whose name has the text, the best match first: the whole name, its beginning, another
    /// part, its pinyin from the beginning or from another syllable; of these the shortest name.
    pub(super) fn search(&self, text: &str, kinds: &[NamedKind], limit: usize) -> Vec<NameHit> {
        let query = fold(text);
        if query.is_empty() {
            return Vec::new();
        }
        let letters = letters_of(&query);
        let mut ranks = vec![NONE; self.entries.len()];
        self.rank_by_name(&query, &mut ranks);
        if let Some(letters) = &letters {
            self.rank_by_pinyin(letters.as_bytes(), &mut ranks);
        }
        let ranked = ranks.iter().zip(&self.entries).zip(0u32..);
        let mut best: Vec<(u8, u32, NamedKind, u32)> = ranked
            .filter(|((rank, entry), _)| **rank != NONE && kinds.contains(&entry.kind))
            .map(|((rank, entry), number)| (*rank, entry.length, entry.kind, number))
            .collect();
        if limit < best.len() {
            best.select_nth_unstable(limit);
            best.truncate(limit);
        }
        best.sort_unstable();
        let hit = |(rank, _, kind, number): (u8, u32, NamedKind, u32)| {
            let has_initials =
                |letters: &String| self.spellings.has_initials(number as usize, letters.as_bytes());
            let by = match rank {
                WHOLE | START | PART => MatchedBy::Name,
                _ if letters.as_ref().is_some_and(has_initials) => MatchedBy::Initials,
                _ => MatchedBy::Pinyin,
            };
            NameHit { kind, row: self.entries[number as usize].row, by }
        };
        best.into_iter().map(hit).collect()
    }

    /// Lowers the ranks of entries with a name that contains the query.
    fn rank_by_name(&self, query: &str, ranks: &mut [u8]) {
        let mut name = 0;
        for at in Finder::new(query).find_iter(self.folded.as_bytes()) {
            while self.starts.get(name + 1).is_some_and(|(next, _)| *next <= at) {
                name += 1;
            }
            let (start, entry) = self.starts[name];
            let end = self.starts.get(name + 1).map_or(self.folded.len(), |(next, _)| *next) - 1;
            let rank = match at - start {
                0 if end - start == query.len() => WHOLE,
                0 => START,
                _ => PART,
            };
            let best = &mut ranks[entry as usize];
            *best = rank.min(*best);
        }
    }

    /// Lowers the ranks of entries whose pinyin is spelled by the letters.
    fn rank_by_pinyin(&self, letters: &[u8], ranks: &mut [u8]) {
        for (number, rank) in ranks.iter_mut().enumerate().filter(|(_, rank)| **rank == NONE) {
            *rank = match self.spellings.find(number, letters) {
                Some(Spelled::FromStart) => SPELLED_FROM_START,
                Some(Spelled::Within) => SPELLED_WITHIN,
                None => NONE,
            };
        }
    }

    /// A street of the index.
    pub(super) fn street(&self, row: u32) -> &NamedStreet {
        &self.streets.all[row as usize]
    }

    /// The street nearest to a place.
    pub(super) fn nearest_street(&self, place: Point) -> Option<&NamedStreet> {
        self.streets.nearest(place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use circle_model::city::{CityTables, Compound, Facility, Meta, Unit};
    use zerocopy::FromZeros;

    /// Compounds, a unit and facilities; the last compound has a generated name.
    fn index() -> NameIndex {
        let mut tables = CityTables::default();
        let mut text = |text: &str| {
            let start = tables.texts.len() as u32;
            tables.texts.extend_from_slice(text.as_bytes());
            Text { start, len: text.len() as u32 }
        };
        let compounds = [("荣耀世纪小区", ""), ("花园小区", "Garden Estate"), ("花园", ""), ("长春花园", "")]
            .map(|(name, name_en)| Compound {
                name: text(name),
                name_en: text(name_en),
                ..Compound::new_zeroed()
            });
        let generated =
            Compound { name: text("花园未命名"), generated_name: 1, ..Compound::new_zeroed() };
        let unit = Unit { name: text("花园街道"), ..Unit::new_zeroed() };
        let facilities =
            ["花园", "", "哈医大一院"].map(|name| Facility { name: text(name), ..Facility::new_zeroed() });
        tables.compounds = compounds.into_iter().chain([generated]).collect();
        tables.units = vec![unit];
        tables.facilities = facilities.into();
        NameIndex::build(&City::from_tables(tables, &Meta::default()).unwrap())
    }

    fn found(text: &str, limit: usize) -> Vec<(&'static str, u32, &'static str)> {
        let hits = index().search(text, &NamedKind::ALL, limit);
        hits.into_iter().map(|hit| (hit.kind.word(), hit.row, hit.by.word())).collect()
    }

    #[test]
    fn the_best_match_comes_first() {
        let all = [
            ("compound", 2, "name"),
            ("facility", 0, "name"),
            ("compound", 1, "name"),
            ("unit", 0, "name"),
            ("compound", 3, "name"),
        ];
        assert_eq!(found("花园", 50), all);
        assert_eq!(found("花 园", 2), all[..2]);
        assert_eq!(found("ＧＡＲＤＥＮ", 50), [("compound", 1, "name")]);
        assert_eq!(found("医大一院", 50), [("facility", 2, "name")]);
        assert!(found("没有", 50).is_empty() && found(" ", 50).is_empty() && found("园花", 50).is_empty());
    }

    #[test]
    fn pinyin_and_initials_are_told_apart() {
        assert_eq!(found("rysj", 50), [("compound", 0, "initials")]);
        assert_eq!(found("rongyao", 50), [("compound", 0, "pinyin")]);
        assert_eq!(found("ydyy", 50), [("facility", 2, "initials")]);
        let spelled: Vec<_> = found("huay", 50).into_iter().map(|(kind, row, _)| (kind, row)).collect();
        assert_eq!(
            spelled,
            [("compound", 2), ("facility", 0), ("compound", 1), ("unit", 0), ("compound", 3)]
        );
    }

    #[test]
    fn only_the_asked_kinds_are_found() {
        let hits = index().search("花园", &[NamedKind::Unit, NamedKind::Street], 50);
        assert_eq!(hits.iter().map(|hit| hit.kind).collect::<Vec<_>>(), [NamedKind::Unit]);
    }
}
