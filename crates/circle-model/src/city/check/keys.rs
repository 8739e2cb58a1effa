//! Checks that no two rows of a collection have one key; otherwise the first would answer for the others.
//!
//! Each key becomes a mark of 64 bits: kind and id of an object without formatting them, or the hash of a
//! text. Equal marks are found in a hash table with one row per slot. Rows whose slot is taken are sorted
//! instead, so a crafted file that maps all keys to one slot costs a sort.

use super::{At, Check, Checked};
use crate::city::key_records::KeyOf;
use crate::city::keys::osm_object;
use crate::city::records::{OsmKind, Text};
use xxhash_rust::xxh3::xxh3_64;

/// Slots of the hash table per row, before rounding up to a power of two.
const PLACES_FOR_EACH: usize = 4;
/// 2^64 divided by the golden ratio: multiplication spreads consecutive marks over the table.
const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;

impl Check<'_> {
    /// Rejects a key that two rows of a collection have. Two rows without a key are equal too, so the errors of the row
    /// checks come first.
    pub(super) fn keys(&self) -> Checked {
        let city = self.city;
        let (node, none) = (OsmKind::Node.code(), OsmKind::None.code());
        self.unique(KeyOf::Compound, city.compounds().iter().map(|it| (it.key, it.osm_kind, it.osm_id)))?;
        self.unique(KeyOf::Gate, city.gates().iter().map(|it| (it.key, node, it.osm_id)))?;
        self.unique(KeyOf::Facility, city.facilities().iter().map(|it| (it.key, it.osm_kind, it.osm_id)))?;
        self.unique(KeyOf::Unit, city.units().iter().map(|it| (it.key, it.osm_kind, it.osm_id)))?;
        self.unique(KeyOf::Candidate, city.candidates().iter().map(|it| (it.key, none, 0)))?;
        let features = city.features();
        let buildings = city.buildings().iter().map(|it| {
            let feature = it.feature().and_then(|feature| features.get(feature.index()));
            feature.map_or((it.key, none, 0), |feature| (it.key, feature.osm_kind, feature.osm_id))
        });
        self.unique(KeyOf::Building, buildings)
    }

    /// Checks keys as rows store them: a text, else kind and id of the map object.
    fn unique(&self, of: KeyOf, keys: impl Iterator<Item = (Text, u8, i64)>) -> Checked {
        let marks: Vec<u64> = keys.map(|(text, kind, id)| self.mark(text, kind, id)).collect();
        match repeated(&marks) {
            Some(row) => At { table: of.word(), row }.bad("key", "is that of another row"),
            None => Ok(()),
        }
    }

    fn mark(&self, text: Text, kind: u8, id: i64) -> u64 {
        if text.len == 0 {
            return mark_of_object(kind, id);
        }
        let key = self.texts.get(text.range()).unwrap_or_default();
        // The own key of a row may name another object.
        osm_object(key).map_or_else(|| xxh3_64(key.as_bytes()), |(kind, id)| mark_of_object(kind.code(), id))
    }
}

/// The mark of an object. Different objects have different marks as long as ids are below 2^61.
fn mark_of_object(kind: u8, id: i64) -> u64 {
    (id as u64).rotate_left(2) ^ u64::from(kind)
}

/// A row with the mark of an earlier row.
fn repeated(marks: &[u64]) -> Option<usize> {
    if marks.len() < 2 {
        return None;
    }
    let places = (marks.len() * PLACES_FOR_EACH).next_power_of_two();
    let shift = 64 - places.trailing_zeros();
    // Row numbers from 1; 0 is an empty slot.
    let mut first = vec![0u32; places];
    let mut others: Vec<(u64, usize)> = Vec::new();
    for (row, mark) in marks.iter().enumerate() {
        let place = &mut first[(mark.wrapping_mul(SPREAD) >> shift) as usize];
        match *place {
            0 => *place = row as u32 + 1,
            there if marks[there as usize - 1] == *mark => return Some(row),
            _ => others.push((*mark, row)),
        }
    }
    others.sort_unstable();
    let pair = others.windows(2).find(|pair| pair[0].0 == pair[1].0)?;
    Some(pair[1].1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pseudo-random numbers, the same in every run.
    fn numbers(seed: u64, count: usize) -> Vec<u64> {
        let next = |number: &u64| Some(number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(seed | 1));
        std::iter::successors(Some(seed), next).skip(1).take(count).collect()
    }

    #[test]
    fn a_repeated_mark_is_found_at_any_position() {
        assert_eq!([repeated(&[]), repeated(&[7]), repeated(&[7, 8])], [None; 3]);
        assert_eq!(repeated(&[7, 7]), Some(1));
        let consecutive: Vec<u64> = (0..1_000).collect();
        for marks in [consecutive, numbers(5, 1_000), numbers(6, 1_023)] {
            assert_eq!(repeated(&marks), None);
            for (one, other) in [(0, 1), (0, marks.len() - 1), (300, 700), (998, 999)] {
                let mut marks = marks.clone();
                marks[other] = marks[one];
                assert_eq!(repeated(&marks), Some(other), "{one} and {other}");
            }
        }
    }

    #[test]
    fn marks_with_one_slot_are_distinguished() {
        // Multiples of 2^40 times the inverse of the multiplier: all products are below the bits that select
        // the slot.
        let inverse = (0..6)
            .fold(SPREAD, |inverse, _| inverse.wrapping_mul(2u64.wrapping_sub(SPREAD.wrapping_mul(inverse))));
        assert_eq!(SPREAD.wrapping_mul(inverse), 1);
        let mut marks: Vec<u64> = (0..5_000u64).map(|product| product.wrapping_mul(inverse)).collect();
        assert_eq!(repeated(&marks), None);
        marks[4_000] = marks[1_000];
        assert_eq!(repeated(&marks), Some(4_000));
    }

    #[test]
    fn objects_have_different_marks() {
        let mut marks: Vec<u64> = Vec::new();
        for id in [1, 2, 3, 4, -1, -2, i64::from(u32::MAX), 1 << 60, -(1 << 60)] {
            marks.extend((0..3).map(|kind| mark_of_object(kind, id)));
        }
        marks.sort_unstable();
        assert!(marks.is_sorted_by(|a, b| a < b));
    }
}
