//! Makes keys unique.

use super::forms;
use crate::own::osm_object;
use circle_model::Point;
use circle_model::city::OsmKind;
use circle_model::identity::osm_key;
use rustc_hash::{FxHashMap, FxHashSet};

/// A key; keys of objects are stored without text.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Key {
    Object(u8, i64),
    Text(Box<str>),
}

impl Key {
    pub(crate) fn of(text: &str) -> Self {
        let object = osm_object(text);
        object.map_or_else(|| Self::Text(text.into()), |(kind, id)| Self::Object(kind.code(), id))
    }

    pub(super) fn text(&self) -> String {
        match self {
            Self::Object(kind, id) => osm_key(OsmKind::from_code(*kind), *id).unwrap_or_default(),
            Self::Text(text) => text.to_string(),
        }
    }
}

/// A row's key, place, and source and row number in an own file.
#[derive(Debug)]
pub(crate) struct Keyed {
    pub(crate) key: Key,
    pub(crate) point: Point,
    pub(crate) from: (u32, u32),
}

/// New keys, by position, for all rows that share their key: with a suffix by place, and `.2`, `.3`, … by
/// source and row number if the place is the same, too.
pub(crate) fn distinguish(rows: &[Keyed]) -> Vec<(usize, String)> {
    let mut counts: FxHashMap<&Key, u32> = FxHashMap::default();
    counts.reserve(rows.len());
    for row in rows {
        *counts.entry(&row.key).or_default() += 1;
    }
    if counts.len() == rows.len() {
        return Vec::new();
    }
    let (alike, alone): (Vec<usize>, Vec<usize>) = (0..rows.len()).partition(|at| counts[&rows[*at].key] > 1);
    let mut taken: FxHashSet<Key> = alone.into_iter().map(|at| rows[at].key.clone()).collect();
    let with_place = |at: usize| {
        let Keyed { key, point, from } = &rows[at];
        (forms::with_place(&key.text(), *point), *from, at)
    };
    let mut alike: Vec<(String, (u32, u32), usize)> = alike.into_iter().map(with_place).collect();
    alike.sort_unstable();
    let mut changed = Vec::with_capacity(alike.len());
    for same in alike.chunk_by(|a, b| a.0 == b.0) {
        let mut number = 0;
        for (with_place, _, at) in same {
            let key = loop {
                number += 1;
                let key = match number {
                    1 => with_place.clone(),
                    _ => forms::fitting(format!("{with_place}.{number}")),
                };
                if taken.insert(Key::of(&key)) {
                    break key;
                }
            };
            changed.push((*at, key));
        }
    }
    changed
}

#[cfg(test)]
mod tests {
    use super::*;
    use circle_model::identity::{MOST_CHARACTERS, may_be_key, place_suffix};

    const HERE: Point = Point { lon: 1_266_000_000, lat: 457_000_000 };
    const THERE: Point = Point { lon: 1_266_100_000, lat: 457_000_000 };

    fn distinct(rows: &[(&str, Point, (u32, u32))]) -> Vec<String> {
        let keyed = |(key, point, from): &(&str, Point, (u32, u32))| Keyed {
            key: Key::of(key),
            point: *point,
            from: *from,
        };
        let mut keys: Vec<String> = rows.iter().map(|(key, ..)| (*key).to_owned()).collect();
        for (at, key) in distinguish(&rows.iter().map(keyed).collect::<Vec<_>>()) {
            keys[at] = key;
        }
        keys
    }

    #[test]
    fn all_rows_of_one_key_get_a_suffix_by_place_and_no_others() {
        let keys = distinct(&[
            ("n1", HERE, (0, 0)),
            ("xabc", HERE, (1, 2)),
            ("n2", THERE, (0, 0)),
            ("xabc", THERE, (2, 2)),
        ]);
        assert_eq!([&keys[0], &keys[2]], ["n1", "n2"]);
        assert_eq!(keys[1], format!("xabc{}", place_suffix(HERE)));
        assert_eq!(keys[3], format!("xabc{}", place_suffix(THERE)));
        assert!(distinct(&[]).is_empty());
    }

    #[test]
    fn rows_of_one_key_and_place_are_numbered_by_source_and_row() {
        let suffixed = format!("xabc{}", place_suffix(HERE));
        let keys = distinct(&[("xabc", HERE, (2, 1)), ("xabc", HERE, (1, 9)), ("xabc", HERE, (1, 3))]);
        assert_eq!(keys, [format!("{suffixed}.3"), format!("{suffixed}.2"), suffixed.clone()]);
        // A key of another row is skipped.
        let second = format!("{suffixed}.2");
        let keys =
            distinct(&[(second.as_str(), THERE, (0, 0)), ("xabc", HERE, (1, 1)), ("xabc", HERE, (1, 2))]);
        assert_eq!(keys, [second, suffixed.clone(), format!("{suffixed}.3")]);
    }

    #[test]
    fn distinct_keys_are_still_keys() {
        let long = "w1234567890123.w1234567890123-12";
        assert_eq!(long.len(), MOST_CHARACTERS);
        let keys = distinct(&[(long, HERE, (0, 0)), (long, THERE, (0, 0)), (long, THERE, (0, 0))]);
        assert!(keys.iter().all(|key| may_be_key(key)), "{keys:?}");
        assert_eq!(keys.iter().collect::<FxHashSet<_>>().len(), 3);
    }
}
