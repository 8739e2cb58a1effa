//! Carries on the keys of an earlier edition: each key stays, becomes an alias, or is recorded as gone
//! (`docs/identity.md`).

use crate::pairing::{Thing, is_reused, same_rows};
use circle_model::city::{
    Carried, CarriedKeys, ChangedTables, CityFileError, FormerKey, KeyOf, Meta, Since, Text,
};
use circle_model::{City, Point};
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

/// Returns the city with the keys of `since` added, and the counts of what became of them. The result has
/// them in [`Meta::since`] too; if no key changed, it has the record of `since` instead.
///
/// A key that both cities have stays, even if it names another thing now (an own id that is used again): a
/// key names one thing only, the present one. Such keys are counted as reused, and the first ones are listed.
/// Any other key becomes an alias of the row that the pairing rule finds, or is gone.
///
/// # Errors
///
/// When the city is too large for a city file.
pub fn carry_keys(city: &City, since: &City) -> Result<(City, CarriedKeys), CityFileError> {
    let mut carried_on = Since { edition: since.edition().to_string(), ..Since::default() };
    let mut texts = city.texts().to_vec();
    let mut rows = Vec::new();
    for (of, paired) in same_rows(since, city) {
        let former = carry_collection(of, city, since, &paired, &mut carried_on);
        for (key, Former { row, point }) in former {
            let text = Text { start: texts.len() as u32, len: key.len() as u32 };
            texts.extend_from_slice(key.as_bytes());
            rows.push(FormerKey { text, point, row, of: of.code(), spare: [0; 3] });
        }
    }
    let tables = ChangedTables { texts: Some(texts), former_keys: Some(rows), ..ChangedTables::default() };
    let counts = carried_on.keys;
    // An unchanged map must give the same city again, with the same edition.
    let is_same = KeyOf::ALL.iter().all(|of| {
        let carried = counts.of(*of);
        (carried.aliased, carried.new, carried.gone, carried.reused) == (0, 0, 0, 0)
    });
    let since = if is_same { since.meta().since.clone() } else { Some(carried_on) };
    let meta = Meta { since, ..city.meta().clone() };
    Ok((city.changed(tables).with_meta(&meta)?, counts))
}

/// The target of a key that the city no longer has.
#[derive(Clone, Copy)]
struct Former {
    /// The row that it is an alias of, or [`FormerKey::GONE`].
    row: u32,
    /// Last known position of the thing.
    point: Point,
}

/// Returns the former keys of a collection, and adds the counts for `since` to `carried_on`. `paired` has,
/// for each row of `since`, the row of the city by the pairing rule.
fn carry_collection(
    of: KeyOf,
    city: &City,
    since: &City,
    paired: &[Option<u32>],
    carried_on: &mut Since,
) -> BTreeMap<String, Former> {
    let mut present: HashMap<Cow<'_, str>, u32> = HashMap::new();
    for row in 0..city.count_of(of) {
        present.entry(city.key_of(of, row)).or_insert(row);
    }
    let mut carried = Carried::default();
    let mut former: BTreeMap<String, Former> = BTreeMap::new();
    let mut add = |key: &str, entry: Former| {
        if present.contains_key(key) { None } else { Some(*former.entry(key.to_owned()).or_insert(entry)) }
    };
    // Former keys of the city itself take precedence.
    for own in city.former_keys().iter().filter(|own| own.of == of.code()) {
        add(city.text(own.text), Former { row: own.row, point: own.point });
    }
    // Whether a key of row `old` of `since`, present or former, now names another thing, at row `new`.
    let mut names_another = |key: &str, old: u32, new: u32| {
        let [before, after] = [Thing::of(since, of, old, key), Thing::of(city, of, new, key)];
        let is_reused = is_reused(key, before, after);
        if is_reused {
            let metres = before.point.distance_metres(after.point);
            carried_on.list_reused(of, key, [before.name, after.name], metres);
        }
        is_reused
    };
    let mut is_known = vec![false; city.count_of(of) as usize];
    let mut now: Vec<Option<u32>> = Vec::with_capacity(paired.len());
    for (row, paired) in (0..).zip(paired) {
        let key = since.key_of(of, row);
        let entry = Former { row: paired.unwrap_or(FormerKey::GONE), point: since.point_of(of, row) };
        // The row that the thing has now. A reused key belongs to another row.
        let (thing, count) = match add(&key, entry) {
            None => {
                let holder = present.get(&*key).copied();
                let other = holder.filter(|new| *paired != Some(*new) && names_another(&key, row, *new));
                if other.is_some() { (*paired, &mut carried.reused) } else { (holder, &mut carried.kept) }
            }
            Some(Former { row: FormerKey::GONE, .. }) => (None, &mut carried.gone),
            Some(Former { row, .. }) => (Some(row), &mut carried.aliased),
        };
        *count += 1;
        for found in [thing, *paired].into_iter().flatten() {
            is_known[found as usize] = true;
        }
        now.push(thing);
    }
    // An alias follows its row. A key that was gone stays gone until a thing has it again.
    for old in since.former_keys().iter().filter(|old| old.of == of.code()) {
        let key = since.text(old.text);
        let thing = now.get(old.row as usize);
        let entry = match thing {
            Some(Some(row)) => Former { row: *row, point: old.point },
            Some(None) => Former { row: FormerKey::GONE, point: since.point_of(of, old.row) },
            None => Former { row: FormerKey::GONE, point: old.point },
        };
        add(key, entry);
        if let (Some(thing), Some(new)) = (thing, present.get(key))
            && *thing != Some(*new)
            && names_another(key, old.row, *new)
        {
            carried.reused += 1;
        }
    }
    carried.new = is_known.iter().filter(|known| !**known).count();
    *carried_on.keys.of_mut(of) = carried;
    former
}

#[cfg(test)]
mod tests;
