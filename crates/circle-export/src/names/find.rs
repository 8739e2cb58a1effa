//! Search for compounds and units by what people type: a name, a part of it, its pinyin or its initials.

use super::pinyin_of;
use circle_model::city::KeyOf;
use circle_model::{City, CompoundId};
use std::collections::HashSet;
use unicode_normalization::UnicodeNormalization;

/// The matches of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameMatches<T> {
    /// The matches, the closest first.
    pub fits: Vec<T>,
    /// The kind of match.
    pub how: Fit,
}

/// The kind of match of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// The key, a former key, or the whole name, regardless of case and width of letters.
    Whole,
    /// A part of the name, of its pinyin or of its initials.
    Part,
    /// A similar name.
    Alike,
}

/// Maximum length of a query, characters.
const LONGEST: usize = 100;
/// Minimum share of equal characters of similar names.
const ALIKE: f64 = 0.6;

/// Finds compounds by key, present or former, or whole name; else by a part of the name, in characters or
/// pinyin; else by a similar name. Generated names match only as a whole.
pub fn find_compounds(city: &City, text: &str) -> NameMatches<CompoundId> {
    let whole = city.compounds_called(text);
    let query = fold(text);
    if !whole.is_empty() || query.is_empty() || query.chars().count() > LONGEST {
        return NameMatches { fits: whole, how: Fit::Whole };
    }
    let named = (0u32..).zip(city.compounds()).filter(|(_, compound)| compound.generated_name == 0);
    let names = named.map(|(id, compound)| {
        (CompoundId(id), [city.text_or_none(compound.name), city.text_or_none(compound.name_en)])
    });
    find(names, &query)
}

/// Finds rows of units, as [`find_compounds`].
pub fn find_units(city: &City, text: &str) -> NameMatches<u32> {
    if let Some(row) = city.named(KeyOf::Unit, text).found() {
        return NameMatches { fits: vec![row], how: Fit::Whole };
    }
    let query = fold(text);
    if query.is_empty() || query.chars().count() > LONGEST {
        return NameMatches { fits: Vec::new(), how: Fit::Whole };
    }
    let units = (0u32..).zip(city.units());
    find(units.map(|(row, unit)| (row, [city.text_or_none(unit.name), None])), &query)
}

/// Finds the names that match a folded query.
fn find<'a, T: Copy + Ord>(
    names: impl Iterator<Item = (T, [Option<&'a str>; 2])>,
    query: &str,
) -> NameMatches<T> {
    let letters: String = query.chars().filter(|char| !"'’".contains(*char)).collect();
    let in_pinyin = (1..=40).contains(&letters.len()) && letters.bytes().all(|it| it.is_ascii_alphanumeric());
    let mut ranked: Vec<(usize, usize, T)> = Vec::new();
    let mut alike: Vec<(u32, T)> = Vec::new();
    for (which, names) in names {
        let folded = names.map(|name| name.map(fold).unwrap_or_default());
        let by_name = folded.iter().filter_map(|name| rank(name, query)).min();
        let by_pinyin =
            names[0].filter(|_| in_pinyin).and_then(|name| spelled_at(&pinyin_of(name), &letters));
        let by_pinyin = by_pinyin.map(|at| if at == 0 { 3 } else { 4 });
        if let Some(rank) = [by_name, by_pinyin].into_iter().flatten().min() {
            ranked.push((rank, folded[0].chars().count(), which));
        } else if ranked.is_empty() {
            let most = folded.iter().map(|name| likeness(name, query)).fold(0.0, f64::max);
            if most >= ALIKE {
                // The most similar first, in thousandths, so that equally similar ones keep their order.
                alike.push((1000 - (most * 1000.0) as u32, which));
            }
        }
    }
    ranked.sort_unstable();
    let whole: Vec<T> = ranked.iter().filter(|(rank, _, _)| *rank == 0).map(|(_, _, it)| *it).collect();
    if !whole.is_empty() {
        return NameMatches { fits: whole, how: Fit::Whole };
    }
    if !ranked.is_empty() {
        return NameMatches { fits: ranked.into_iter().map(|(_, _, it)| it).collect(), how: Fit::Part };
    }
    alike.sort_unstable();
    NameMatches { fits: alike.into_iter().map(|(_, it)| it).collect(), how: Fit::Alike }
}

/// Folds a text: full width to half width, upper case to lower case, no white space.
fn fold(text: &str) -> String {
    text.nfkc().flat_map(char::to_lowercase).filter(|char| !char.is_whitespace()).collect()
}

/// The rank of a match: 0 the whole name, 1 a prefix, 2 another part.
fn rank(name: &str, query: &str) -> Option<usize> {
    match name.find(query)? {
        0 if name.len() == query.len() => Some(0),
        0 => Some(1),
        _ => Some(2),
    }
}

/// The first syllable of a pinyin (`chang/zhang chun`) from which `letters` spell it, each syllable in full
/// or by its initial; the last may be incomplete.
fn spelled_at(pinyin: &str, letters: &str) -> Option<usize> {
    let syllables: Vec<Vec<&str>> = pinyin.split(' ').map(|readings| readings.split('/').collect()).collect();
    let mut tried = HashSet::new();
    (0..syllables.len()).find(|at| spells(&syllables, *at, letters, &mut tried))
}

/// `tried` holds positions that failed, since names with a repeated character have exponentially many ways to
/// fail.
fn spells(name: &[Vec<&str>], at: usize, letters: &str, tried: &mut HashSet<(usize, usize)>) -> bool {
    let Some(first) = letters.get(..1) else { return true };
    let Some(readings) = name.get(at) else { return false };
    if tried.contains(&(at, letters.len())) {
        return false;
    }
    let found = readings.iter().filter(|reading| !reading.is_empty()).any(|reading| {
        reading.starts_with(letters)
            || letters.strip_prefix(reading).is_some_and(|rest| spells(name, at + 1, rest, tried))
            || (reading.starts_with(first) && spells(name, at + 1, &letters[1..], tried))
    });
    if !found {
        tried.insert((at, letters.len()));
    }
    found
}

/// The share of characters that need no edit to turn one text into the other: 1 if they are equal.
fn likeness(one: &str, other: &str) -> f64 {
    let (one, other): (Vec<char>, Vec<char>) =
        (one.chars().take(LONGEST).collect(), other.chars().take(LONGEST).collect());
    let longest = one.len().max(other.len());
    if longest == 0 || one.len().abs_diff(other.len()) * 2 > longest {
        return 0.0;
    }
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (at, char) in one.iter().enumerate() {
        let mut before = std::mem::replace(&mut row[0], at + 1);
        for (column, expected) in other.iter().enumerate() {
            let changed = before + usize::from(char != expected);
            before = row[column + 1];
            row[column + 1] = changed.min(before + 1).min(row[column] + 1);
        }
    }
    1.0 - row[other.len()] as f64 / longest as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [(u32, [Option<&str>; 2]); 6] = [
        (0, [Some("荣耀世纪小区"), None]),
        (1, [Some("长春花园"), Some("Spring Garden")]),
        (2, [Some("花园小区"), None]),
        (3, [Some("花园"), None]),
        (4, [Some("城东新居-B区"), None]),
        (5, [Some("金色莱茵"), Some("Rhine")]),
    ];

    fn found(text: &str) -> (Vec<u32>, Fit) {
        let found = find(NAMES.into_iter(), &fold(text));
        (found.fits, found.how)
    }

    #[test]
    fn names_match_whole_then_in_part_then_by_similarity() {
        assert_eq!(found("花园"), (vec![3], Fit::Whole));
        assert_eq!(found("Ｓpring  garden"), (vec![1], Fit::Whole));
        assert_eq!(found("荣耀"), (vec![0], Fit::Part));
        // Names with the prefix come before those that contain it.
        assert_eq!(found("花"), (vec![3, 2, 1], Fit::Part));
        assert_eq!(found("b区"), (vec![4], Fit::Part));
        assert_eq!(found("荣耀世记小区"), (vec![0], Fit::Alike));
        assert_eq!(found("nowhere"), (vec![], Fit::Alike));
    }

    #[test]
    fn pinyin_matches_by_syllables_and_by_initials() {
        for text in ["rongyao", "rysj", "RongYaoShiJi", "shiji", "rong'yao", "rongysjxq"] {
            assert_eq!(found(text), (vec![0], Fit::Part), "{text}");
        }
        // 长 has both readings.
        assert_eq!((found("changchun"), found("zhangch")), ((vec![1], Fit::Part), (vec![1], Fit::Part)));
        assert_eq!(found("rhine"), (vec![5], Fit::Whole));
    }

    #[test]
    fn similarity_is_the_share_of_unedited_characters() {
        // Two of six characters differ, and one of four is missing.
        assert!((likeness("荣耀世纪小区", "荣誉世记小区") - 4.0 / 6.0).abs() < 1e-12);
        assert!((likeness("abcd", "abd") - 0.75).abs() < 1e-12);
        assert_eq!(likeness("", "").to_bits(), 0f64.to_bits());
    }

    #[test]
    fn keys_present_and_former_match_and_row_numbers_do_not() {
        use circle_model::city::{CityTables, Compound, FormerKey, Meta, OsmKind, Span, Unit};
        use zerocopy::FromZeros;
        let former = FormerKey {
            text: Span { start: 0, len: 2 },
            of: KeyOf::Compound.code(),
            row: 1,
            ..FormerKey::new_zeroed()
        };
        let compound = |osm_id| Compound { osm_kind: OsmKind::Way.code(), osm_id, ..Compound::new_zeroed() };
        let tables = CityTables {
            texts: b"w9".to_vec(),
            compounds: vec![compound(1), compound(2)],
            units: vec![Unit { osm_kind: OsmKind::Relation.code(), osm_id: 3, ..Unit::new_zeroed() }],
            former_keys: vec![former],
            ..CityTables::default()
        };
        let city = City::from_tables(tables, &Meta::default()).unwrap();
        for (text, fits) in [("w1", vec![CompoundId(0)]), ("w9", vec![CompoundId(1)]), ("0", vec![])] {
            assert_eq!(find_compounds(&city, text).fits, fits, "{text}");
        }
        assert_eq!((find_units(&city, "r3").fits, find_units(&city, "0").fits), (vec![0], vec![]));
    }

    #[test]
    fn the_search_of_a_repeated_character_terminates() {
        let name = pinyin_of(&"啊".repeat(200));
        assert_eq!(spelled_at(&name, &format!("{}b", "a".repeat(39))), None);
    }
}
