//! The rows of the census for the districts of a city.

use super::draft::DraftUnit;
use circle_model::UnitId;
use circle_model::census::{County, counties, county};
use circle_model::city::Unit;
use circle_model::mainland::in_mainland_china;
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};

/// The census code of every unit that is a district of the census.
///
/// A district is found by its own code; else by its name in the city of a unit above it; else by a name that
/// only one county has; else the county in the city of most other districts is taken.
pub(super) fn codes(units: &[DraftUnit]) -> Vec<Option<u32>> {
    if !units.iter().any(may_be_district) {
        return vec![None; units.len()];
    }
    let mut named = Named::default();
    for county in counties() {
        named.entry(county.name).or_default().push(county);
    }
    let rows: Vec<Vec<&County>> = units.iter().map(|unit| counties_of(units, unit, &named)).collect();
    let mut cities: BTreeMap<u32, usize> = BTreeMap::new();
    for rows in &rows {
        if let [only] = rows.as_slice() {
            *cities.entry(only.code / 100).or_default() += 1;
        }
    }
    let best = |rows: &Vec<&County>| match rows.as_slice() {
        [only] => Some(only.code),
        several => {
            let others = |county: &&&County| cities.get(&(county.code / 100)).copied().unwrap_or(0);
            let best = several.iter().max_by_key(|county| (others(county), u32::MAX - county.code));
            best.filter(|county| others(county) > 0).map(|county| county.code)
        }
    };
    // A district that is drawn twice counts once.
    let mut taken = BTreeSet::new();
    rows.iter().map(|rows| best(rows).filter(|code| *code > 0 && taken.insert(*code))).collect()
}

/// Counties by name.
type Named = FxHashMap<&'static str, Vec<&'static County>>;

fn may_be_district(unit: &DraftUnit) -> bool {
    unit.level == Unit::DISTRICT && in_mainland_china(unit.point.lon_lat())
}

/// The counties that a unit may be.
fn counties_of(units: &[DraftUnit], unit: &DraftUnit, named: &Named) -> Vec<&'static County> {
    if !may_be_district(unit) {
        return Vec::new();
    }
    let digits = unit.code.as_deref().and_then(|code| code.get(..6)?.parse().ok());
    if let Some(own) = digits.and_then(county).filter(|county| !county.is_city()) {
        return vec![own];
    }
    let called = |unit: &DraftUnit| {
        let name = unit.name.as_deref().unwrap_or_default();
        named.get(without_brackets(name)).into_iter().flatten().copied()
    };
    let mut found: Vec<&County> = called(unit).filter(|county| !county.is_city()).collect();
    let mut above = unit.parent;
    // Every parent is of a higher level, so the count of levels bounds the chain.
    for _ in 0..=Unit::GRID {
        let Some(parent) = above.map(UnitId::index).and_then(|at| units.get(at)) else { break };
        if let Some(city) = called(parent).find(|county| county.is_city()) {
            let width = if city.code.is_multiple_of(10_000) { 10_000 } else { 100 };
            found.retain(|county| county.code / width == city.code / width);
            break;
        }
        above = parent.parent;
    }
    found
}

/// A name without the text in brackets after it: `金牛区 (Jinniu)`.
fn without_brackets(name: &str) -> &str {
    name.split([' ', '(', '（']).next().unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use circle_model::LonLat;

    /// Codes of units at 45.7° N 126.6° E, or at Heidelberg, each with level, name, code and position of its
    /// parent.
    fn matched(units: &[(u8, &str, &str, Option<u32>)], at: [f64; 2]) -> Vec<u32> {
        let text = |text: &str| Some(text).filter(|text| !text.is_empty()).map(Into::into);
        let unit = |(level, name, code, parent): &(u8, &str, &str, Option<u32>)| DraftUnit {
            name: text(name),
            code: text(code),
            point: LonLat { lon: at[0], lat: at[1] }.point(),
            parent: parent.map(UnitId),
            ..DraftUnit::of_level(*level)
        };
        let units: Vec<DraftUnit> = units.iter().map(unit).collect();
        codes(&units).into_iter().map(|code| code.unwrap_or(0)).collect()
    }

    const HERE: [f64; 2] = [126.6, 45.7];

    #[test]
    fn districts_are_found_by_code_by_name_and_by_their_neighbours() {
        // There are four 鼓楼区 and one 玄武区: Nanjing's.
        assert_eq!(matched(&[(6, "鼓楼区", "", None)], HERE), [0]);
        assert_eq!(matched(&[(6, "鼓楼区", "", None), (6, "玄武区", "", None)], HERE), [320_106, 320_102]);
        assert_eq!(
            matched(&[(5, "福州市", "", None), (6, "鼓楼区 (Gulou)", "", Some(0))], HERE),
            [0, 350_102]
        );
        assert_eq!(matched(&[(6, "Gulou", "350102000000", None)], HERE), [350_102]);
        // The city above it has no such district.
        assert_eq!(matched(&[(5, "哈尔滨市", "", None), (6, "玄武区", "", Some(0))], HERE), [0, 0]);
        // Drawn twice; a subdistrict of that name; not in China.
        assert_eq!(matched(&[(6, "南岗区", "", None), (6, "南岗区", "", None)], HERE), [230_103, 0]);
        assert_eq!(matched(&[(8, "南岗区", "", None)], HERE), [0]);
        assert_eq!(matched(&[(6, "南岗区", "", None)], [8.7, 49.4]), [0]);
    }
}
