//! Settles the keys of every collection: every row gets a key, and keys are unique.

use super::unique::{Key, Keyed, distinguish};
use circle_model::Point;
use circle_model::city::{FollowedKeys, KeyOf, OsmKind};
use circle_model::identity::{may_be_key, own_key_by_place};
use rustc_hash::FxHashMap;

/// The fields that the key of a row depends on.
#[derive(Debug)]
pub(crate) struct KeyRow<'a> {
    /// Its key, unless it is that of its object.
    pub(crate) key: Option<&'a str>,
    /// Its object on the map; id 0 for none.
    pub(crate) object: (OsmKind, i64),
    pub(crate) name: &'a str,
    pub(crate) point: Point,
    /// Own file and row.
    pub(crate) from: (u32, u32),
}

/// Keys that differ from those of the rows.
#[derive(Debug, Default)]
pub(crate) struct SettledKeys {
    /// For each collection, in the order of [`KeyOf::ALL`], positions of rows and their keys.
    pub(crate) changed: Vec<(KeyOf, Vec<(usize, String)>)>,
    /// Keys of an earlier edition that still lead to rows.
    pub(crate) former: Vec<DraftFormerKey>,
}

/// A key of an earlier edition.
#[derive(Debug)]
pub(crate) struct DraftFormerKey {
    pub(crate) of: KeyOf,
    pub(crate) text: String,
    pub(crate) point: Point,
    /// Position of the row that has its present key.
    pub(crate) row: u32,
}

/// Distinguishes equal keys of each collection, and gives a key to rows that have neither key nor object.
///
/// Former keys that corrections name lead to the rows with the present keys: a renamed place is not found by
/// its former name.
pub(crate) fn settle<'a>(rows_of: impl Fn(KeyOf) -> Vec<KeyRow<'a>>, followed: &FollowedKeys) -> SettledKeys {
    let mut settled = SettledKeys::default();
    for of in KeyOf::ALL.iter().copied() {
        let mut changed = Vec::new();
        let mut keyed: Vec<Keyed> = Vec::new();
        for (at, row) in rows_of(of).into_iter().enumerate() {
            let key = match (row.key, row.object.1) {
                (None, 0) => {
                    let key = own_key_by_place(of.word(), row.name, row.point);
                    changed.push((at, key.clone()));
                    Key::Text(key.into())
                }
                (None, id) => Key::Object(row.object.0.code(), id),
                (Some(text), _) => Key::of(text),
            };
            keyed.push(Keyed { key, point: row.point, from: row.from });
        }
        let distinct = distinguish(&keyed);
        distinct.iter().for_each(|(at, key)| keyed[*at].key = Key::of(key));
        changed.extend(distinct);
        settled.changed.push((of, changed));
        settled.former.extend(former_keys(of, &keyed, followed));
    }
    settled
}

fn former_keys(of: KeyOf, keyed: &[Keyed], followed: &FollowedKeys) -> Vec<DraftFormerKey> {
    let pairs: Vec<(&str, &str)> = followed.pairs(of).collect();
    if pairs.is_empty() {
        return Vec::new();
    }
    let rows: FxHashMap<&Key, (u32, Point)> =
        (0u32..).zip(keyed).map(|(row, keyed)| (&keyed.key, (row, keyed.point))).collect();
    let mut former_keys = Vec::new();
    for (former, present) in pairs {
        // A key names one row only: a former key that a row of this edition has is dropped.
        let found = rows.get(&Key::of(present)).filter(|_| !rows.contains_key(&Key::of(former)));
        if let Some((row, point)) = found.filter(|_| may_be_key(former)) {
            former_keys.push(DraftFormerKey { of, text: former.to_owned(), point: *point, row: *row });
        }
    }
    former_keys
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: Point = Point { lon: 1_266_000_000, lat: 457_000_000 };

    /// Settles candidates of these keys and names.
    fn settled(rows: &[(Option<&'static str>, &'static str)], followed: &FollowedKeys) -> SettledKeys {
        let row = |(key, name): &(Option<&'static str>, &'static str)| KeyRow {
            key: *key,
            object: (OsmKind::None, 0),
            name,
            point: HERE,
            from: (0, 0),
        };
        settle(
            |of| if of == KeyOf::Candidate { rows.iter().map(row).collect() } else { Vec::new() },
            followed,
        )
    }

    #[test]
    fn a_row_without_key_and_object_gets_one_by_its_place() {
        let settled = settled(&[(None, "旧锅炉房")], &FollowedKeys::default());
        let changed: Vec<_> = settled.changed.iter().flat_map(|(_, changed)| changed).collect();
        assert_eq!(changed, [&(0, own_key_by_place("candidates", "旧锅炉房", HERE))]);
    }

    #[test]
    fn keys_that_corrections_followed_lead_to_present_rows() {
        let mut followed = FollowedKeys::default();
        for (former, present) in [("w1", "w5"), ("w2", "w6"), ("x1", "w5"), ("不", "w5")] {
            followed.add(KeyOf::Candidate, former, present);
        }
        let settled = settled(&[(Some("x1"), ""), (Some("w5"), "")], &followed);
        let [only] = settled.former.as_slice() else { panic!("{:?}", settled.former) };
        assert_eq!((only.text.as_str(), only.row, only.point), ("w1", 1, HERE));
    }
}
