//! Keys of an earlier edition carried on: each stays, or answers as an alias, or is known to be gone (`docs/identity.md`).

use crate::pairing::{Thing, is_reused, same_rows};
use circle_model::city::{
    Carried, CarriedKeys, ChangedTables, CityFileError, FormerKey, KeyOf, Meta, Since, Text,
};
use circle_model::{City, Point};
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

/// The city, which then also answers every key that `since` answers, and what became of those keys: [`Meta::since`] of
/// the result says that too, but where all of them are as they were, what `since` says.
///
/// A key that both cities have stays, even where it names another thing now, as of an own id that is used again: a key
/// names one thing only, and the present one has it. Such keys are counted as reused, and the first ones are listed.
/// Any other key is an alias of what the pairing rule finds, or gone.
///
/// # Errors
/// When the city is too large for one file.
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
    // A map that has not changed gives the same city again, and the same edition.
    let is_same = KeyOf::ALL.iter().all(|of| {
        let carried = counts.of(*of);
        (carried.aliased, carried.new, carried.gone, carried.reused) == (0, 0, 0, 0)
    });
    let since = if is_same { since.meta().since.clone() } else { Some(carried_on) };
    let meta = Meta { since, ..city.meta().clone() };
    Ok((city.changed(tables).with_meta(meta)?, counts))
}

/// What a key that the city does not have any more stands for.
#[derive(Clone, Copy)]
struct Former {
    /// The row that it is an alias of, or [`FormerKey::GONE`].
    row: u32,
    /// Where the thing was.
    point: Point,
}

/// Former keys of a collection; what became of those of `since` is counted in `carried_on`. `paired` has the row of the
/// city for each row of `since`, by the pairing rule.
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
    // What the city answers already stays as it is.
    for own in city.former_keys().iter().filter(|own| own.of == of.code()) {
        add(city.text(own.text), Former { row: own.row, point: own.point });
    }
    // Whether a key, present or former, of the row `old` of `since` names another thing now: that of the row `new`.
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
        // The row that the thing has now; a reused key is that of another row.
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
    // An alias follows the row that it stood for; a key that was gone stays so, until a thing has it again.
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
