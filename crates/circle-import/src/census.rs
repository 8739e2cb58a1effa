//! Which rows of the census the districts of a city are.

use crate::shapes::Draft;
use circle_model::census::{County, counties, county};
use circle_model::city::Unit;
use circle_model::mainland::in_mainland_china;
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};

/// Writes the census code of every district that the census knows.
///
/// By its own code; else by its name, in the city that a unit above it is called; else by a name that is the only one of
/// its kind in the country; else, of several, the one in the city that most other districts are in.
pub(crate) fn match_districts(draft: &mut Draft) {
    let found: Vec<u32> = {
        let units = &draft.tables.units;
        if !units.iter().any(may_be_one) {
            return;
        }
        let mut named = Named::default();
        for county in counties() {
            named.entry(county.name).or_default().push(county);
        }
        let rows: Vec<Vec<&County>> = units.iter().map(|unit| rows_of(draft, unit, &named)).collect();
        let mut cities: BTreeMap<u32, usize> = BTreeMap::new();
        for rows in &rows {
            if let [only] = rows.as_slice() {
                *cities.entry(only.code / 100).or_default() += 1;
            }
        }
        let most = |rows: &Vec<&County>| match rows.as_slice() {
            [only] => only.code,
            several => {
                let others = |county: &&&County| cities.get(&(county.code / 100)).copied().unwrap_or(0);
                let best = several.iter().max_by_key(|county| (others(county), u32::MAX - county.code));
                best.filter(|county| others(county) > 0).map_or(0, |county| county.code)
            }
        };
        rows.iter().map(most).collect()
    };
    let mut taken = BTreeSet::new();
    for (unit, code) in draft.tables.units.iter_mut().zip(found) {
        // A district that is drawn twice is counted once.
        unit.census = if code > 0 && taken.insert(code) { code } else { 0 };
    }
}

/// Rows of the census by name.
type Named = FxHashMap<&'static str, Vec<&'static County>>;

fn may_be_one(unit: &Unit) -> bool {
    unit.admin_level == Unit::DISTRICT && in_mainland_china(unit.point.lon_lat())
}

/// The rows that a unit may be.
fn rows_of(draft: &Draft, unit: &Unit, named: &Named) -> Vec<&'static County> {
    if !may_be_one(unit) {
        return Vec::new();
    }
    let texts = &draft.texts;
    let digits = texts.text(unit.code).get(..6).and_then(|code| code.parse().ok());
    if let Some(own) = digits.and_then(county).filter(|county| !county.is_city()) {
        return vec![own];
    }
    let called = |name| named.get(plain(texts.text(name))).into_iter().flatten().copied();
    let mut found: Vec<&County> = called(unit.name).filter(|county| !county.is_city()).collect();
    let mut above = unit.parent;
    // Parents go up, so there are no more of them than levels.
    for _ in 0..=Unit::GRID {
        let Some(parent) = draft.tables.units.get(above as usize) else { break };
        if let Some(city) = called(parent.name).find(|county| county.is_city()) {
            let width = if city.code.is_multiple_of(10_000) { 10_000 } else { 100 };
            found.retain(|county| county.code / width == city.code / width);
            break;
        }
        above = parent.parent;
    }
    found
}

/// A name without what stands behind it in brackets: `金牛区 (Jinniu)`.
fn plain(name: &str) -> &str {
    name.split([' ', '(', '（']).next().unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use circle_model::LonLat;
    use circle_model::city::Span;
    use zerocopy::FromZeros;

    /// Units at 45.7° N 126.6° E, or at Heidelberg, each with level, name, code and the row above it.
    fn matched(units: &[(u8, &str, &str, u32)], at: [f64; 2]) -> Vec<u32> {
        let mut draft = Draft::default();
        for (admin_level, name, code, parent) in units {
            let unit = Unit {
                admin_level: *admin_level,
                name: draft.texts.add(name),
                code: if code.is_empty() { Span::default() } else { draft.texts.add(code) },
                parent: *parent,
                point: LonLat { lon: at[0], lat: at[1] }.point(),
                ..Unit::new_zeroed()
            };
            draft.tables.units.push(unit);
        }
        match_districts(&mut draft);
        draft.tables.units.iter().map(|unit| unit.census).collect()
    }

    const HERE: [f64; 2] = [126.6, 45.7];
    const NONE: u32 = u32::MAX;

    #[test]
    fn districts_are_found_by_code_by_name_and_by_their_neighbours() {
        // There are four 鼓楼区 and one 玄武区: Nanjing's.
        assert_eq!(matched(&[(6, "鼓楼区", "", NONE)], HERE), [0]);
        assert_eq!(matched(&[(6, "鼓楼区", "", NONE), (6, "玄武区", "", NONE)], HERE), [320_106, 320_102]);
        assert_eq!(matched(&[(5, "福州市", "", NONE), (6, "鼓楼区 (Gulou)", "", 0)], HERE), [0, 350_102]);
        assert_eq!(matched(&[(6, "Gulou", "350102000000", NONE)], HERE), [350_102]);
        // The city above it has no such district.
        assert_eq!(matched(&[(5, "哈尔滨市", "", NONE), (6, "玄武区", "", 0)], HERE), [0, 0]);
        // Drawn twice; a subdistrict of that name; not in China.
        assert_eq!(matched(&[(6, "南岗区", "", NONE), (6, "南岗区", "", NONE)], HERE), [230_103, 0]);
        assert_eq!(matched(&[(8, "南岗区", "", NONE)], HERE), [0]);
        assert_eq!(matched(&[(6, "南岗区", "", NONE)], [8.7, 49.4]), [0]);
    }
}
