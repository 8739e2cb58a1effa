//! Names for search: in Chinese, in English, in pinyin and by initials.

mod find;

pub use find::{Fit, NameMatches, find_compounds, find_units};

use crate::written::json;
use circle_model::{City, CompoundId};
use pinyin::ToPinyinMulti;
use serde::Serialize;

#[derive(Serialize)]
struct Names<'a> {
    edition: String,
    compounds: Vec<Name<'a>>,
}

#[derive(Serialize)]
struct Name<'a> {
    id: String,
    name: &'a str,
    name_en: Option<&'a str>,
    /// The readings of each character, separated by spaces; several readings of one character are separated
    /// by `/`.
    pinyin: String,
}

/// Writes the names of all named compounds as JSON: `edition`; `compounds`, each with `id`, `name`,
/// `name_en`, `pinyin`.
///
/// `pinyin` has no tones: `chang/zhang chun cheng`. Other characters stand for themselves.
pub fn names_json(city: &City) -> Vec<u8> {
    let named = (0..).zip(city.compounds()).filter(|(_, compound)| compound.generated_name == 0);
    let compounds = named.map(|(row, compound): (u32, _)| Name {
        id: city.compound_key(CompoundId(row)).into_owned(),
        name: city.text(compound.name),
        name_en: city.text_or_none(compound.name_en),
        pinyin: pinyin_of(city.text(compound.name)),
    });
    json(&Names { edition: city.edition().to_string(), compounds: compounds.collect() })
}

fn pinyin_of(name: &str) -> String {
    let mut syllables: Vec<String> = Vec::new();
    let mut in_letters = false;
    for (char, readings) in name.chars().zip(name.to_pinyin_multi()) {
        if let Some(readings) = readings {
            in_letters = false;
            let mut plain: Vec<&str> = Vec::new();
            for reading in readings.into_iter().map(pinyin::Pinyin::plain) {
                if !plain.contains(&reading) {
                    plain.push(reading);
                }
            }
            syllables.push(plain.join("/"));
        } else if char.is_alphanumeric() {
            let letter = char.to_lowercase();
            match syllables.last_mut().filter(|_| in_letters) {
                Some(word) => word.extend(letter),
                None => syllables.push(letter.collect()),
            }
            in_letters = true;
        } else {
            in_letters = false;
        }
    }
    syllables.join(" ")
}

#[cfg(test)]
mod tests {
    use super::pinyin_of;

    #[test]
    fn pinyin_has_all_readings_without_tones() {
        assert_eq!(pinyin_of("荣耀世纪小区"), "rong yao shi ji xiao qu/ou");
        assert_eq!(pinyin_of("A1 公寓·3号"), "a1 gong yu 3 hao/xiao");
        let long = pinyin_of("长春");
        assert!(long.starts_with("zhang/chang "), "{long}");
        assert_eq!(pinyin_of("⚽ \u{202e}"), "");
    }
}
