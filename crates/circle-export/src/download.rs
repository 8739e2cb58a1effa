//! Names of files to save, by city, contents and date.

use circle_model::census::county;
use circle_model::{City, GateId};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// Longest part of a name, characters: a file system takes 255 bytes.
const LONGEST_PART: usize = 24;

/// The name of a file about a city: its name and label, what the file holds, the date of the data, as
/// `哈尔滨-街道-卫生室-2026-11-30.xlsx`. Parts that are not known are left out.
pub fn download_name(city: &City, contents: &[&str], ending: &str) -> String {
    let meta = city.meta();
    let name = city_name(city);
    let date = meta.data_date.as_deref().and_then(|date| date.get(..10));
    let parts = [name.as_deref(), meta.label()].into_iter().flatten();
    let parts = parts.chain(contents.iter().copied()).chain(date);
    let parts: Vec<String> = parts.map(part).filter(|part| !part.is_empty()).collect();
    format!("{}.{ending}", parts.join("-"))
}

/// The name of a board's file: city, compound, gate by name or else by key, date of the data.
pub fn board_download_name(city: &City, gate: GateId, ending: &str) -> String {
    let row = &city.gates()[gate.index()];
    let compound = city.text(city.compounds()[row.compound.index()].name);
    let key = city.gate_key(gate);
    let gate = city.text_or_none(row.name).unwrap_or(&key);
    download_name(city, &[compound, gate, "导视图"], ending)
}

/// The name of a city: that of the city in the census whose districts in the data have most residents, else
/// that of its first input file without the ending.
pub fn city_name(city: &City) -> Option<String> {
    let of_file = || {
        let input = city.meta().inputs.first()?;
        input.name.split('.').next().filter(|stem| !stem.is_empty())
    };
    in_census(city).or_else(of_file).map(str::to_owned)
}

fn in_census(city: &City) -> Option<&'static str> {
    let mut residents: BTreeMap<u32, (u64, u32)> = BTreeMap::new();
    for district in &city.meta().census {
        let (count, first) = residents.entry(district.code / 100).or_insert((0, district.code));
        *count = count.saturating_add(district.estimated);
        *first = district.code.min(*first);
    }
    let most = residents.into_iter().max_by_key(|(code, (count, _))| (*count, Reverse(*code)));
    let (code, (_, district)) = most?;
    let row = match county(code * 100) {
        // The districts of 北京 and other municipalities.
        Some(of) if ["市辖区", "县"].contains(&of.name) => county(code / 100 * 10_000),
        Some(of) => Some(of),
        // A county of no city.
        None => county(district),
    }?;
    Some(row.name.strip_suffix('市').unwrap_or(row.name))
}

/// Invisible characters, some of which change the direction of writing.
const MARKS: [RangeInclusive<char>; 4] =
    ['\u{200b}'..='\u{200f}', '\u{202a}'..='\u{202e}', '\u{2060}'..='\u{206f}', '\u{feff}'..='\u{feff}'];

/// A part of a file name, without characters that a file system rejects.
fn part(text: &str) -> String {
    let is_mark = |char: &char| MARKS.iter().any(|marks| marks.contains(char));
    let plain = |char: char| {
        let is_rejected = char.is_control() || char.is_whitespace() || "/\\:*?\"<>|%".contains(char);
        if is_rejected { '_' } else { char }
    };
    let plain: String = text.chars().filter(|char| !is_mark(char)).map(plain).take(LONGEST_PART).collect();
    plain.trim_matches(['.', '-', '_']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use circle_model::city::{CensusDistrict, CityTables, Compound, Gate, Input, Meta, OwnFile, Span};
    use zerocopy::FromZeros;

    fn city(districts: &[(u32, u64)], label: Option<&str>) -> City {
        let district = |&(code, estimated): &(u32, u64)| CensusDistrict {
            code,
            name: String::new(),
            residents: 1,
            whole: false,
            estimated,
            scaled_by: None,
        };
        let own = OwnFile { label: label.map(str::to_owned), ..OwnFile::default() };
        let meta = Meta {
            inputs: vec![Input { name: "harbin.osm.pbf".into(), sha256: String::new() }],
            data_date: Some("2026-11-30T21:00:00Z".into()),
            census: districts.iter().map(district).collect(),
            own: vec![own],
            ..Meta::default()
        };
        City::from_tables(CityTables::default(), &meta).unwrap()
    }

    #[test]
    fn a_city_has_its_name_in_the_census() {
        let name = |districts: &[(u32, u64)]| city_name(&city(districts, None)).unwrap();
        assert_eq!(name(&[(230_103, 900), (230_102, 200), (130_102, 1000)]), "哈尔滨");
        assert_eq!(name(&[(110_108, 5)]), "北京");
        assert_eq!(name(&[]), "harbin");
    }

    #[test]
    fn a_file_is_named_by_city_contents_and_date() {
        let harbin = city(&[(230_103, 900)], None);
        let name = download_name(&harbin, &["街道", "卫生室"], "xlsx");
        assert_eq!(name, "哈尔滨-街道-卫生室-2026-11-30.xlsx");
        let labelled = city(&[(230_103, 900)], Some("演示数据"));
        let name = download_name(&labelled, &["..\\a/b\u{202e}:\"c\"", "", " "], "csv");
        assert_eq!(name, "哈尔滨-演示数据-a_b__c-2026-11-30.csv");
        let nameless = City::from_tables(CityTables::default(), &Meta::default()).unwrap();
        assert_eq!(download_name(&nameless, &["小区"], "csv"), "小区.csv");
    }

    #[test]
    fn a_board_is_named_by_compound_and_gate() {
        let name = |start, len| Span { start, len };
        let gate = |osm_id, name| Gate { osm_id, name, ..Gate::new_zeroed() };
        let tables = CityTables {
            texts: "甲小区东门".as_bytes().to_vec(),
            compounds: vec![Compound { name: name(0, 9), gates: name(0, 2), ..Compound::new_zeroed() }],
            gates: vec![gate(7, name(9, 6)), gate(8, name(0, 0))],
            ..CityTables::default()
        };
        let city = City::from_tables(tables, &Meta::default()).unwrap();
        assert_eq!(board_download_name(&city, GateId(0), "pdf"), "甲小区-东门-导视图.pdf");
        assert_eq!(board_download_name(&city, GateId(1), "pdf"), "甲小区-n8-导视图.pdf");
    }
}
