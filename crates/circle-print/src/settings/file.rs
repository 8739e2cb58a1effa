//! The board file: its fields, and the parsing of its texts and directions.

use crate::colour::Colour;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The board file as it is written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is a line of the file, none a state")]
pub(super) struct BoardFile {
    pub(super) size: Option<String>,
    #[serde(default)]
    pub(super) landscape: bool,
    #[serde(default)]
    pub(super) bleed: bool,
    #[serde(default)]
    pub(super) crop_marks: bool,
    pub(super) minutes: Option<Vec<u32>>,
    pub(super) profile: Option<String>,
    pub(super) rules: Option<String>,
    pub(super) categories: Option<Vec<String>>,
    #[serde(default)]
    pub(super) group_by: GroupBy,
    #[serde(default)]
    pub(super) inferred: bool,
    #[serde(default)]
    pub(super) north_up: bool,
    #[serde(default, deserialize_with = "optional_direction")]
    pub(super) faces: Option<f64>,
    #[serde(default, deserialize_with = "visible_text")]
    pub(super) issuer: Option<String>,
    #[serde(default, deserialize_with = "visible_text")]
    pub(super) hotline: Option<String>,
    #[serde(default, deserialize_with = "visible_text")]
    pub(super) approval_number: Option<String>,
    #[serde(default, deserialize_with = "visible_text")]
    pub(super) note: Option<String>,
    #[serde(default, deserialize_with = "visible_text")]
    pub(super) address: Option<String>,
    pub(super) logo: Option<String>,
    pub(super) languages: Option<Vec<String>>,
    #[serde(default)]
    pub(super) text: BTreeMap<String, Texts>,
    #[serde(default)]
    pub(super) colours: Colours,
    #[serde(default)]
    pub(super) board: Vec<BoardEntry>,
}

/// The texts of one language.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Texts {
    #[serde(default, deserialize_with = "visible_text")]
    pub(super) title: Option<String>,
}

/// The headings of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum GroupBy {
    /// One heading per band: 5, 10, 15 minutes.
    #[default]
    Band,
    /// One heading per theme: 食 医 养 学 办 乐 行 服.
    Theme,
}

/// Colours of the publisher that replace those of the look.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Colours {
    /// Colour of titles and rules.
    pub(crate) accent: Option<Colour>,
    /// Colour of the position marker and the compound.
    pub(crate) here: Option<Colour>,
    /// Colours of the bands, the nearest first.
    #[serde(default)]
    pub(crate) bands: Vec<Colour>,
}

/// The entry for one board.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BoardEntry {
    /// Key or name of the compound.
    pub(super) compound: String,
    /// Key or name of the gate; without it, the entry is for all gates of the compound.
    pub(super) gate: Option<String>,
    /// The direction that the reader faces: `NE`, or degrees clockwise from north.
    #[serde(default, deserialize_with = "optional_direction")]
    pub(super) faces: Option<f64>,
    #[serde(default, deserialize_with = "visible_text")]
    pub(super) name: Option<String>,
    #[serde(default, deserialize_with = "visible_text")]
    pub(super) name_en: Option<String>,
    #[serde(default, deserialize_with = "visible_text")]
    pub(super) gate_name: Option<String>,
    #[serde(default, deserialize_with = "visible_text")]
    pub(super) gate_name_en: Option<String>,
    /// Names of the compound in other languages, by language code.
    #[serde(default, deserialize_with = "text_by_language")]
    pub(super) other: BTreeMap<String, String>,
}

/// Maximum length of a text in the file, characters.
pub(super) const LONGEST: usize = 200;

/// The parser's message, with the line number and the text of the line.
pub(super) fn in_line(text: &str, error: &toml::de::Error) -> String {
    let message = circle_model::files::clean(error.message(), 300);
    let Some(before) = error.span().and_then(|span| text.get(..span.start)) else { return message };
    let line = before.lines().count().max(1);
    let begin = text.lines().nth(line - 1).unwrap_or_default();
    let key = begin.split('=').next().unwrap_or_default().trim();
    match key.chars().count() {
        1..=40 => format!("line {line}, `{}`: {message}", circle_model::files::clean(key, 40)),
        _ => format!("line {line}: {message}"),
    }
}

/// Deserialises a text without invisible characters; `None` if nothing is left.
fn visible_text<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    checked_text(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
}

/// Deserialises texts by language code; empty ones are dropped.
fn text_by_language<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, String>, D::Error> {
    let written = BTreeMap::<String, String>::deserialize(deserializer)?;
    let mut texts = BTreeMap::new();
    for (code, text) in written {
        if let Some(text) = checked_text(&text).map_err(serde::de::Error::custom)? {
            texts.insert(code, text);
        }
    }
    Ok(texts)
}

/// Removes invisible characters and checks the length; `None` if nothing is left.
fn checked_text(text: &str) -> Result<Option<String>, String> {
    let text = crate::fonts::clean(text);
    if text.chars().count() > LONGEST {
        let begin: String = text.chars().take(20).collect();
        return Err(format!("`{begin}…` is longer than {LONGEST} characters"));
    }
    Ok(Some(text).filter(|text| !text.is_empty()))
}

/// Valid degrees.
const TURN: std::ops::RangeInclusive<f64> = 0.0..=360.0;
/// A regular expression (ECMA 262) of exactly the texts that [`parse_direction`] accepts.
pub const DIRECTION_PATTERN: &str =
    concat!("^([NnEeSsWw]|[NnSs][EeWw]|", "([0-2]?[0-9]{1,2}|3[0-5][0-9])(\\.[0-9]{1,6})?|360(\\.0{1,6})?)$");

/// Parses `N` to `NW`, or degrees clockwise from north with up to six decimals.
///
/// # Errors
///
/// A message that names the valid values.
pub fn parse_direction(text: &str) -> Result<f64, String> {
    const NAMED: [&str; 8] = ["N", "NE", "E", "SE", "S", "SW", "W", "NW"];
    if let Some(eighth) = NAMED.iter().position(|name| name.eq_ignore_ascii_case(text)) {
        return Ok(eighth as f64 * 45.0);
    }
    let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
    let are_digits = |text: &str, most: usize| {
        (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    let is_written = are_digits(whole, 3) && are_digits(decimals, 6);
    let degrees = is_written.then(|| text.parse().ok()).flatten().filter(|degrees| TURN.contains(degrees));
    let text: String = text.chars().take(40).collect();
    degrees.ok_or_else(|| format!("`{text}` is no direction; it is N, NE, … or degrees from 0 to 360"))
}

/// Deserialises a direction, written as text or as a number.
fn optional_direction<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Direction {
        Degrees(f64),
        Text(String),
    }
    let text = match Direction::deserialize(deserializer)? {
        Direction::Degrees(degrees) if TURN.contains(&degrees) => return Ok(Some(degrees)),
        Direction::Degrees(degrees) => degrees.to_string(),
        Direction::Text(text) => text,
    };
    parse_direction(&text).map(Some).map_err(serde::de::Error::custom)
}
