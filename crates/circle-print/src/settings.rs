//! How boards are made: size, language, which categories, who issues them. A district keeps one file for all of its boards.

use crate::colour::Colour;
use crate::error::PrintError;
use crate::fonts::is_mongolian;
use crate::logo::Logo;
use crate::look::Look;
use crate::page::PageSize;
use circle_model::city::KeyOf;
use circle_model::{Catalogue, City, CompoundId, GateId, Profile, Profiles, RuleSet};
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// How boards are made.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a line of the board file, none a state")]
pub struct Settings {
    /// The trimmed page.
    pub page: PageSize,
    /// Whether the page is wider than high.
    pub landscape: bool,
    /// 3 mm more on every side, to be cut off.
    pub bleed: bool,
    /// Marks where to cut.
    pub crop_marks: bool,
    /// Dots an inch of a PNG.
    pub dots_per_inch: f64,
    /// Bands, in minutes, ascending.
    pub minutes: Vec<u32>,
    /// Who walks.
    pub profile: Profile,
    /// Boards of gates that were only inferred are made.
    pub inferred: bool,
    /// North is up, whatever the reader faces.
    pub north_up: bool,
    /// What the reader of a board faces, degrees clockwise from north, where a board's own entry does not say.
    pub faces: Option<f64>,
    /// What the reader faces, whatever the board file says.
    pub faces_asked: Option<f64>,
    /// Headings of the list.
    pub group_by: GroupBy,
    /// The page's address, without a slash at its end, for the QR code.
    pub address: Option<String>,
    pub(crate) wanted: Vec<Wanted>,
    pub(crate) languages: Vec<Language>,
    pub(crate) issuer: Option<String>,
    pub(crate) hotline: Option<String>,
    pub(crate) approval_number: Option<String>,
    pub(crate) note: Option<String>,
    pub(crate) logo: Option<Logo>,
    /// Where the logo was read.
    pub logo_file: Option<PathBuf>,
    pub(crate) colours: Colours,
    pub(crate) boards: Vec<OfBoard>,
}

/// Headings of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum GroupBy {
    /// 5, 10, 15 minutes.
    #[default]
    Band,
    /// 食 医 养 学 办 乐 行 服.
    Theme,
}

/// Something that the board lists, met by any of its categories.
#[derive(Debug, Clone)]
pub(crate) struct Wanted {
    /// Rows of the catalogue.
    pub(crate) categories: Vec<usize>,
}

/// A language with the texts that are its own.
#[derive(Debug, Clone)]
pub(crate) struct Language {
    pub(crate) code: String,
    pub(crate) title: String,
}

impl Language {
    /// Set from top to bottom, columns from left to right.
    pub(crate) fn is_vertical(&self) -> bool {
        self.title.chars().any(is_mongolian)
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Colours {
    /// Titles and rules.
    pub(crate) accent: Option<Colour>,
    /// You are here, and the compound.
    pub(crate) here: Option<Colour>,
    /// Nearest first.
    #[serde(default)]
    pub(crate) bands: Vec<Colour>,
}

/// What is said of one board.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OfBoard {
    /// Key or name of the compound.
    compound: String,
    /// Key or name of the gate; all gates of the compound without it.
    gate: Option<String>,
    /// What the reader faces: `NE`, or degrees clockwise from north.
    #[serde(default, deserialize_with = "direction")]
    faces: Option<f64>,
    #[serde(default, deserialize_with = "words")]
    name: Option<String>,
    #[serde(default, deserialize_with = "words")]
    name_en: Option<String>,
    #[serde(default, deserialize_with = "words")]
    gate_name: Option<String>,
    #[serde(default, deserialize_with = "words")]
    gate_name_en: Option<String>,
    /// The compound's name in other languages, by code.
    #[serde(default, deserialize_with = "words_by_language")]
    other: BTreeMap<String, String>,
}

/// How a board names its place.
#[derive(Debug, Default)]
pub(crate) struct Called {
    pub(crate) compound: Option<String>,
    pub(crate) compound_en: Option<String>,
    pub(crate) gate: Option<String>,
    pub(crate) gate_en: Option<String>,
    pub(crate) other: BTreeMap<String, String>,
}

/// The file as it is written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is a line of the file, none a state")]
struct BoardFile {
    size: Option<String>,
    #[serde(default)]
    landscape: bool,
    #[serde(default)]
    bleed: bool,
    #[serde(default)]
    crop_marks: bool,
    minutes: Option<Vec<u32>>,
    profile: Option<String>,
    rules: Option<String>,
    categories: Option<Vec<String>>,
    #[serde(default)]
    group_by: GroupBy,
    #[serde(default)]
    inferred: bool,
    #[serde(default)]
    north_up: bool,
    #[serde(default, deserialize_with = "direction")]
    faces: Option<f64>,
    #[serde(default, deserialize_with = "words")]
    issuer: Option<String>,
    #[serde(default, deserialize_with = "words")]
    hotline: Option<String>,
    #[serde(default, deserialize_with = "words")]
    approval_number: Option<String>,
    #[serde(default, deserialize_with = "words")]
    note: Option<String>,
    #[serde(default, deserialize_with = "words")]
    address: Option<String>,
    logo: Option<String>,
    languages: Option<Vec<String>>,
    #[serde(default)]
    text: BTreeMap<String, Texts>,
    #[serde(default)]
    colours: Colours,
    #[serde(default)]
    board: Vec<OfBoard>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Texts {
    #[serde(default, deserialize_with = "words")]
    title: Option<String>,
}

/// Categories that maps for everybody do not show (地图管理条例).
const NOT_SHOWN: [&str; 1] = ["police_station"];
/// Most characters of a text of the file.
const LONGEST: usize = 200;
/// Contrast of text with its ground (WCAG 2).
pub(crate) const LEAST_CONTRAST: f64 = 4.5;
/// Bands of a board: so many can be told apart.
const MOST_BANDS: usize = 3;

impl Settings {
    /// Those of a board file.
    ///
    /// # Errors
    /// In words that name the field; a logo is looked for beside the file.
    pub fn parse(text: &str, folder: &Path, catalogue: &Catalogue) -> Result<Self, PrintError> {
        let file: BoardFile =
            toml::from_str(text).map_err(|error| PrintError::BoardFile { what: in_line(text, &error) })?;
        resolve(file, folder, catalogue).map_err(|error| match error {
            Wrong::Said(what) => PrintError::BoardFile { what },
            Wrong::Print(error) => error,
        })
    }

    /// Those that hold where nothing is said.
    #[expect(
        clippy::expect_used,
        clippy::missing_panics_doc,
        reason = "nothing of it is the user's and a test makes them"
    )]
    pub fn built_in(catalogue: &Catalogue) -> Self {
        Self::parse("", Path::new(""), catalogue).expect("settings of an empty board file")
    }

    /// The page as it lies.
    pub fn paper(&self) -> PageSize {
        if self.landscape { self.page.landscape() } else { self.page }
    }

    /// Lists these categories and no others.
    ///
    /// # Errors
    /// As [`Settings::parse`].
    pub fn with_categories(mut self, ids: &[String], catalogue: &Catalogue) -> Result<Self, PrintError> {
        self.wanted = categories(ids, catalogue).map_err(|what| PrintError::BoardFile { what })?;
        Ok(self)
    }

    /// With these bands, ascending, and no colours of their own.
    ///
    /// # Errors
    /// When there are more than a board can show.
    pub fn with_minutes(mut self, minutes: &[u32]) -> Result<Self, PrintError> {
        self.minutes = most_bands(minutes.to_vec()).map_err(|what| PrintError::BoardFile { what })?;
        self.colours.bands.clear();
        Ok(self)
    }

    /// With the page's address.
    ///
    /// # Errors
    /// When it is none.
    pub fn with_address(mut self, address: &str) -> Result<Self, PrintError> {
        self.address = Some(web_address(address).map_err(|what| PrintError::BoardFile { what })?);
        Ok(self)
    }

    /// Whether English stands beside the Chinese.
    pub(crate) fn has_english(&self) -> bool {
        self.languages.iter().any(|language| language.code == "en")
    }

    /// The Chinese title.
    pub(crate) fn title(&self) -> &str {
        self.languages.iter().find(|language| language.code == "zh").map_or("", |language| &language.title)
    }

    pub(crate) fn names_of(&self, city: &City, compound: CompoundId, gate: GateId) -> Called {
        let mut called = Called::default();
        for of in self.of(city, compound, gate) {
            let set = |to: &mut Option<String>, from: &Option<String>| {
                if from.is_some() {
                    to.clone_from(from);
                }
            };
            set(&mut called.compound, &of.name);
            set(&mut called.compound_en, &of.name_en);
            set(&mut called.gate, &of.gate_name);
            set(&mut called.gate_en, &of.gate_name_en);
            called.other.extend(of.other.clone());
        }
        called
    }

    /// What the reader at a gate faces, where it is said.
    pub(crate) fn faces(&self, city: &City, compound: CompoundId, gate: GateId) -> Option<f64> {
        let said = self.of(city, compound, gate).filter_map(|of| of.faces).last();
        self.faces_asked.or(said).or(self.faces)
    }

    /// Entries for a compound, then those for the gate.
    fn of<'a>(
        &'a self,
        city: &'a City,
        compound: CompoundId,
        gate: GateId,
    ) -> impl Iterator<Item = &'a OfBoard> {
        let name = city.text(city.compounds()[compound.index()].name);
        let gate_name = city.text(city.gates()[gate.index()].name);
        let keys = keys_of(city, KeyOf::Compound, compound.0);
        let gate_keys = keys_of(city, KeyOf::Gate, gate.0);
        let called = |said: &str, keys: &[Cow<'_, str>], name: &str| {
            keys.iter().any(|key| *key == said) || (!name.is_empty() && said == name)
        };
        let fits = |of: &&OfBoard| called(&of.compound, &keys, name);
        let fits_gate =
            |of: &&OfBoard| of.gate.as_ref().is_none_or(|gate| called(gate, &gate_keys, gate_name));
        let mut found: Vec<&OfBoard> = self.boards.iter().filter(fits).filter(fits_gate).collect();
        found.sort_by_key(|of| of.gate.is_some());
        found.into_iter()
    }
}

/// The key of a row, then those that earlier editions called it by: a board file is kept for years.
fn keys_of(city: &City, of: KeyOf, row: u32) -> Vec<Cow<'_, str>> {
    let former = city.former_keys().iter().filter(|former| former.of == of.code() && former.row == row);
    let former = former.map(|former| Cow::Borrowed(city.text(former.text)));
    std::iter::once(city.key_of(of, row)).chain(former).collect()
}

enum Wrong {
    Said(String),
    Print(PrintError),
}

impl From<String> for Wrong {
    fn from(what: String) -> Self {
        Self::Said(what)
    }
}

fn resolve(file: BoardFile, folder: &Path, catalogue: &Catalogue) -> Result<Settings, Wrong> {
    let page = file
        .size
        .as_deref()
        .map_or(Ok(PageSize::A1), PageSize::parse)
        .map_err(|what| format!("size: {what}"))?;
    let minutes = match &file.minutes {
        None => circle_model::bands::BANDS.to_vec(),
        Some(minutes) => circle_model::bands::bands(minutes).map_err(|error| format!("minutes: {error}"))?,
    };
    let minutes = most_bands(minutes).map_err(|what| format!("minutes: {what}"))?;
    let profiles = Profiles::built_in();
    let profile_id = file.profile.as_deref().unwrap_or(Profiles::DEFAULT);
    let profile = profiles.find(profile_id).cloned().ok_or_else(|| {
        let known: Vec<&str> = profiles.iter().map(|profile| profile.id.as_str()).collect();
        format!("profile: no `{profile_id}`; there are: {}", known.join(", "))
    })?;
    let wanted = match (&file.categories, &file.rules) {
        (Some(_), Some(_)) => return Err("rules and categories: give one of them".to_owned().into()),
        (Some(ids), None) => categories(ids, catalogue).map_err(|what| format!("categories: {what}"))?,
        (None, rules) => by_rules(rules.as_deref().unwrap_or("board"), catalogue)?,
    };
    if !file.colours.bands.is_empty() && file.colours.bands.len() != minutes.len() {
        return Err(format!(
            "colours.bands: {} of them for {} bands",
            file.colours.bands.len(),
            minutes.len()
        )
        .into());
    }
    let address =
        file.address.as_deref().map(web_address).transpose().map_err(|what| format!("address: {what}"))?;
    let paper = Look::built_in().page("paper");
    let named = [("colours.accent", file.colours.accent), ("colours.here", file.colours.here)];
    for (field, colour) in named.into_iter().filter_map(|(field, colour)| Some((field, colour?))) {
        if colour.contrast(paper) < LEAST_CONTRAST {
            return Err(
                format!("{field}: {colour} is too light to be read on {paper}; choose a darker one").into()
            );
        }
    }
    let logo_file = file.logo.filter(|path| !path.is_empty()).map(|path| folder.join(path));
    let logo = logo_file.as_deref().map(Logo::read).transpose().map_err(Wrong::Print)?;
    Ok(Settings {
        page,
        landscape: file.landscape,
        bleed: file.bleed,
        crop_marks: file.crop_marks,
        dots_per_inch: 150.0,
        minutes,
        profile,
        inferred: file.inferred,
        north_up: file.north_up,
        faces: file.faces,
        faces_asked: None,
        group_by: file.group_by,
        address,
        wanted,
        languages: languages(file.languages, &file.text)?,
        issuer: file.issuer,
        hotline: file.hotline,
        approval_number: file.approval_number,
        note: file.note,
        logo,
        logo_file,
        colours: file.colours,
        boards: file.board,
    })
}

fn most_bands(minutes: Vec<u32>) -> Result<Vec<u32>, String> {
    if minutes.len() > MOST_BANDS {
        return Err(format!("a board has at most {MOST_BANDS} bands"));
    }
    Ok(minutes)
}

/// Without slashes at its end.
fn web_address(address: &str) -> Result<String, String> {
    let host = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"));
    let shown: String = address.chars().take(60).collect();
    let Some(host) = host.filter(|host| !host.is_empty() && !host.starts_with('/')) else {
        return Err(format!("`{shown}` is not https://HOST or http://HOST"));
    };
    if host.len() > LONGEST
        || host.chars().any(|it| it.is_whitespace() || it.is_control() || "<>\"\\^`{}|".contains(it))
    {
        return Err(format!("`{shown}` has signs that an address cannot have, or too many"));
    }
    Ok(address.trim_end_matches('/').to_owned())
}

fn categories(ids: &[String], catalogue: &Catalogue) -> Result<Vec<Wanted>, String> {
    let wanted: Vec<Wanted> = ids
        .iter()
        .map(|id| {
            if NOT_SHOWN.contains(&id.as_str()) {
                return Err(format!("`{id}` is not shown on maps for everybody"));
            }
            let row =
                catalogue.categories.iter().position(|category| category.id == *id).ok_or_else(|| {
                    let known: Vec<&str> =
                        catalogue.categories.iter().map(|category| category.id.as_str()).collect();
                    format!("no category `{id}`; there are: {}", known.join(", "))
                })?;
            Ok(Wanted { categories: vec![row] })
        })
        .collect::<Result<_, String>>()?;
    if wanted.is_empty() { Err("none is given".to_owned()) } else { Ok(wanted) }
}

/// A thing for every line of a rule set that facilities can meet.
fn by_rules(id: &str, catalogue: &Catalogue) -> Result<Vec<Wanted>, String> {
    let sets = RuleSet::built_in();
    let rules = sets.iter().find(|rules| rules.id == id).ok_or_else(|| {
        let known: Vec<&str> = sets.iter().map(|rules| rules.id.as_str()).collect();
        format!("rules: no `{id}`; there are: {}", known.join(", "))
    })?;
    let row = |id: &String| catalogue.categories.iter().position(|category| category.id == *id);
    let shown = |id: &&String| !NOT_SHOWN.contains(&id.as_str());
    let wanted = rules.lines.iter().map(|line| line.any_of.iter().filter(shown).filter_map(row).collect());
    let wanted = wanted.filter(|categories: &Vec<usize>| !categories.is_empty());
    Ok(wanted.map(|categories| Wanted { categories }).collect())
}

fn languages(order: Option<Vec<String>>, texts: &BTreeMap<String, Texts>) -> Result<Vec<Language>, String> {
    let built_in = |code: &str| match code {
        "zh" => Some("一刻钟便民生活圈导视图"),
        "en" => Some("15-Minute Living Circle"),
        _ => None,
    };
    let order = order.unwrap_or_else(|| {
        let others = texts.keys().filter(|code| built_in(code).is_none()).cloned();
        ["zh", "en"].map(str::to_owned).into_iter().chain(others).collect()
    });
    if !order.iter().any(|code| code == "zh") {
        return Err("languages: `zh` has to be among them".to_owned());
    }
    if let Some(twice) = order.iter().enumerate().find(|(at, code)| order[..*at].contains(code)) {
        return Err(format!("languages: `{}` is there twice", twice.1));
    }
    let language = |code: &String| {
        let title = texts
            .get(code)
            .and_then(|texts| texts.title.clone())
            .or_else(|| built_in(code).map(str::to_owned));
        let title = title.ok_or_else(|| {
            format!("languages: nothing is translated by the program; give [text.{code}] a title, or leave `{code}` out")
        })?;
        Ok(Language { code: code.clone(), title })
    };
    order.iter().map(language).collect()
}

/// What the parser says, with the line and what is set there.
fn in_line(text: &str, error: &toml::de::Error) -> String {
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

/// A text without signs that nobody sees; nothing where nothing is left.
fn words<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    short(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
}

fn words_by_language<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, String>, D::Error> {
    let said = BTreeMap::<String, String>::deserialize(deserializer)?;
    let mut words = BTreeMap::new();
    for (code, text) in said {
        if let Some(text) = short(&text).map_err(serde::de::Error::custom)? {
            words.insert(code, text);
        }
    }
    Ok(words)
}

fn short(text: &str) -> Result<Option<String>, String> {
    let text = crate::fonts::clean(text);
    if text.chars().count() > LONGEST {
        let begin: String = text.chars().take(20).collect();
        return Err(format!("`{begin}…` is longer than {LONGEST} characters"));
    }
    Ok(Some(text).filter(|text| !text.is_empty()))
}

/// `N` to `NW`, or degrees clockwise from north.
///
/// # Errors
/// In words.
pub fn parse_direction(text: &str) -> Result<f64, String> {
    const NAMED: [&str; 8] = ["N", "NE", "E", "SE", "S", "SW", "W", "NW"];
    if let Some(eighth) = NAMED.iter().position(|name| name.eq_ignore_ascii_case(text)) {
        return Ok(eighth as f64 * 45.0);
    }
    let degrees = text.parse::<f64>().ok().filter(|degrees| (0.0..=360.0).contains(degrees));
    let text: String = text.chars().take(40).collect();
    degrees.ok_or_else(|| format!("`{text}` is no direction; it is N, NE, … or degrees from 0 to 360"))
}

fn direction<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Said {
        Degrees(f64),
        Text(String),
    }
    let text = match Said::deserialize(deserializer)? {
        Said::Degrees(degrees) => degrees.to_string(),
        Said::Text(text) => text,
    };
    parse_direction(&text).map(Some).map_err(serde::de::Error::custom)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Settings, PrintError> {
        Settings::parse(text, Path::new("."), &Catalogue::built_in())
    }

    #[test]
    fn nothing_said_is_the_five_of_the_board() {
        let settings = Settings::built_in(&Catalogue::built_in());
        assert_eq!(settings.wanted.len(), 5);
        assert_eq!(settings.minutes, [5, 10, 15]);
        assert_eq!(settings.page, PageSize::A1);
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (text, word) in [
            ("size = \"A9\"", "A9"),
            ("minutes = [1, 2, 3, 4]", "at most 3"),
            ("categories = [\"shop\"]", "fresh_supermarket"),
            ("categories = [\"police_station\"]", "not shown"),
            ("rules = \"x\"", "gb50180"),
            ("languages = [\"zh\", \"mn\"]", "[text.mn]"),
            ("languages = [\"en\"]", "zh"),
            ("colours = { accent = \"red\" }", "#RRGGBB"),
            ("faces = \"up\"", "NE"),
            ("address = \"javascript:1\"", "https://"),
            ("logo = \"nowhere.svg\"", "nowhere.svg"),
            ("issuer = 5", "string"),
            ("colour = 5", "colour"),
        ] {
            let error = parse(text).unwrap_err().to_string();
            assert!(error.contains(word), "{text}: {error}");
        }
    }

    #[test]
    fn directions_are_named_or_in_degrees() {
        assert_eq!(parse("faces = \"ne\"").unwrap().faces, Some(45.0));
        assert_eq!(parse("faces = 270").unwrap().faces, Some(270.0));
        assert!(parse("faces = 400").is_err());
    }
}
