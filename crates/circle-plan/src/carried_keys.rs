//! Keys of an earlier edition carried on: each stays, or answers as an alias, or is known to be gone (`docs/identity.md`).

use crate::pairing::same_rows;
use circle_model::city::{
    Carried, CarriedKeys, ChangedTables, CityFileError, FormerKey, KeyOf, Meta, Since, Text,
};
use circle_model::{City, Point};
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

/// The city, which then also answers every key that `since` answers, and what became of those keys: [`Meta::since`] of
/// the result says that too, but where all of them are as they were, what `since` says.
///
/// A key that both cities have stays, even where the pairing rule takes the two things for different ones, as of an
/// own id that is used again: a key names one thing only, and the present one has it. Any other key is an alias of
/// what the pairing rule finds, or gone.
///
/// # Errors
/// When the city is too large for one file.
pub fn carry_keys(city: &City, since: &City) -> Result<(City, CarriedKeys), CityFileError> {
    let mut counts = CarriedKeys::default();
    let mut texts = city.texts().to_vec();
    let mut rows = Vec::new();
    for (of, paired) in same_rows(since, city) {
        let (former, carried) = carry_collection(of, city, since, &paired);
        *counts.of_mut(of) = carried;
        for (key, Former { row, point }) in former {
            let text = Text { start: texts.len() as u32, len: key.len() as u32 };
            texts.extend_from_slice(key.as_bytes());
            rows.push(FormerKey { text, point, row, of: of.code(), spare: [0; 3] });
        }
    }
    let tables = ChangedTables { texts: Some(texts), former_keys: Some(rows), ..ChangedTables::default() };
    // A map that has not changed gives the same city again, and the same edition.
    let is_same = KeyOf::ALL.iter().all(|of| {
        let carried = counts.of(*of);
        (carried.aliased, carried.new, carried.gone) == (0, 0, 0)
    });
    let carried_on = Since { edition: since.edition().to_string(), keys: counts };
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

/// Former keys of a collection, and the counts. `paired` has the row of the city for each row of `since`, by the
/// pairing rule.
fn carry_collection(
    of: KeyOf,
    city: &City,
    since: &City,
    paired: &[Option<u32>],
) -> (BTreeMap<String, Former>, Carried) {
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
    let mut is_known = vec![false; city.count_of(of) as usize];
    let mut now: Vec<Option<u32>> = Vec::with_capacity(paired.len());
    for (row, paired) in (0..).zip(paired) {
        let key = since.key_of(of, row);
        let entry = Former { row: paired.unwrap_or(FormerKey::GONE), point: since.point_of(of, row) };
        let entry = add(&key, entry);
        let answered = match entry {
            None => present.get(&*key).copied(),
            Some(entry) => (entry.row != FormerKey::GONE).then_some(entry.row),
        };
        for found in [answered, *paired].into_iter().flatten() {
            is_known[found as usize] = true;
        }
        now.push(answered);
        match entry {
            None => carried.kept += 1,
            Some(entry) if entry.row == FormerKey::GONE => carried.gone += 1,
            Some(_) => carried.aliased += 1,
        }
    }
    // An alias follows the row that it stood for; a key that was gone stays so.
    for old in since.former_keys().iter().filter(|old| old.of == of.code()) {
        let entry = match now.get(old.row as usize) {
            Some(Some(row)) => Former { row: *row, point: old.point },
            Some(None) => Former { row: FormerKey::GONE, point: since.point_of(of, old.row) },
            None => Former { row: FormerKey::GONE, point: old.point },
        };
        add(since.text(old.text), entry);
    }
    carried.new = is_known.iter().filter(|known| !**known).count();
    (former, carried)
}

#[cfg(test)]
mod tests;
