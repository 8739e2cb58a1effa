//! The settings of boards: page size, language, categories, issuer. A district keeps one board file for all
//! its boards.

mod file;
mod languages;
mod names;
mod requirements;

pub use file::{DIRECTION_PATTERN, GroupBy, parse_direction};
pub(crate) use languages::Language;
pub use requirements::NOT_SHOWN;
pub(crate) use requirements::Requirement;

use crate::error::PrintError;
use crate::logo::Logo;
use crate::look::Look;
use crate::page::PageSize;
use circle_model::city::KeyOf;
use circle_model::{Catalogue, City, CompoundId, GateId, Profile, Profiles};
use file::{BoardEntry, BoardFile, Colours, LONGEST, in_line};
use languages::languages;
use names::BoardNames;
use requirements::{by_rules, categories};
use std::borrow::Cow;
use std::path::{Path, PathBuf};

/// The settings of boards.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a line of the board file, none a state")]
pub struct Settings {
    /// The trimmed page.
    pub page: PageSize,
    /// Whether the page is landscape.
    pub landscape: bool,
    /// Whether there are 3 mm of bleed on every side.
    pub bleed: bool,
    /// Whether there are crop marks.
    pub crop_marks: bool,
    /// Resolution of a PNG, dots per inch.
    pub dots_per_inch: f64,
    /// Bands, in minutes, ascending.
    pub minutes: Vec<u32>,
    /// The walking profile.
    pub profile: Profile,
    /// Whether boards are made for inferred gates too.
    pub inferred: bool,
    /// Whether north is up, whatever the reader faces.
    pub north_up: bool,
    /// The direction that the reader faces, degrees clockwise from north, unless the entry of a board says
    /// otherwise.
    pub faces: Option<f64>,
    /// The direction that the reader faces, given on the command line; takes precedence over the board file.
    pub faces_asked: Option<f64>,
    /// The headings of the list.
    pub group_by: GroupBy,
    /// Address of the page for the QR code, without a trailing slash.
    pub address: Option<String>,
    pub(crate) requirements: Vec<Requirement>,
    pub(crate) languages: Vec<Language>,
    pub(crate) issuer: Option<String>,
    pub(crate) hotline: Option<String>,
    pub(crate) approval_number: Option<String>,
    pub(crate) note: Option<String>,
    pub(crate) logo: Option<Logo>,
    /// Path of the logo file.
    pub logo_file: Option<PathBuf>,
    pub(crate) colours: Colours,
    pub(crate) boards: Vec<BoardEntry>,
}

/// Minimum contrast of text with its ground (WCAG 2).
pub(crate) const LEAST_CONTRAST: f64 = 4.5;
/// Maximum number of bands; patterns and colours of more are hard to tell apart.
pub const MOST_BANDS: usize = 3;
/// A regular expression (ECMA 262) of exactly the addresses of the web that a board accepts: `https://` or `http://`,
/// a host, and what may follow it.
pub const ADDRESS_PATTERN: &str = concat!(
    "^https?://",
    r#"[^/?#:@\u0000-\u0020\u007F-\u00A0"<>\\^`{|}\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000\uFEFF]"#,
    r#"[^\u0000-\u0020\u007F-\u00A0"<>\\^`{|}\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000\uFEFF]{0,199}$"#
);

impl Settings {
    /// Parses a board file.
    ///
    /// # Errors
    ///
    /// A message that names the field. The path of a logo is relative to `folder`.
    pub fn parse(text: &str, folder: &Path, catalogue: &Catalogue) -> Result<Self, PrintError> {
        let file: BoardFile =
            toml::from_str(text).map_err(|error| PrintError::BoardFile { what: in_line(text, &error) })?;
        resolve(file, folder, catalogue).map_err(|error| match error {
            Rejection::Field(what) => PrintError::BoardFile { what },
            Rejection::Print(error) => error,
        })
    }

    /// The default settings.
    #[expect(
        clippy::expect_used,
        clippy::missing_panics_doc,
        reason = "nothing of it is the user's and a test makes them"
    )]
    pub fn built_in(catalogue: &Catalogue) -> Self {
        Self::parse("", Path::new(""), catalogue).expect("settings of an empty board file")
    }

    /// The page in its orientation.
    pub fn paper(&self) -> PageSize {
        if self.landscape { self.page.landscape() } else { self.page }
    }

    /// Lists these categories and no others.
    ///
    /// # Errors
    ///
    /// As [`Settings::parse`].
    pub fn with_categories(mut self, ids: &[String], catalogue: &Catalogue) -> Result<Self, PrintError> {
        self.requirements = categories(ids, catalogue).map_err(|what| PrintError::BoardFile { what })?;
        Ok(self)
    }

    /// Sets the bands, in minutes, ascending, and drops the colours of the previous bands.
    ///
    /// # Errors
    ///
    /// When there are more than `MOST_BANDS`.
    pub fn with_minutes(mut self, minutes: &[u32]) -> Result<Self, PrintError> {
        self.minutes = most_bands(minutes.to_vec()).map_err(|what| PrintError::BoardFile { what })?;
        self.colours.bands.clear();
        Ok(self)
    }

    /// Sets the address of the page.
    ///
    /// # Errors
    ///
    /// When it is not an address of the web.
    pub fn with_address(mut self, address: &str) -> Result<Self, PrintError> {
        self.address = Some(web_address(address).map_err(|what| PrintError::BoardFile { what })?);
        Ok(self)
    }

    /// Whether English is one of the languages.
    pub(crate) fn has_english(&self) -> bool {
        self.languages.iter().any(|language| language.code == "en")
    }

    /// The Chinese title.
    pub(crate) fn title(&self) -> &str {
        self.languages.iter().find(|language| language.code == "zh").map_or("", |language| &language.title)
    }

    pub(crate) fn names_of(&self, city: &City, compound: CompoundId, gate: GateId) -> BoardNames {
        let mut names = BoardNames::default();
        for entry in self.entries(city, compound, gate) {
            let set = |to: &mut Option<String>, from: &Option<String>| {
                if from.is_some() {
                    to.clone_from(from);
                }
            };
            set(&mut names.compound, &entry.name);
            set(&mut names.compound_en, &entry.name_en);
            set(&mut names.gate, &entry.gate_name);
            set(&mut names.gate_en, &entry.gate_name_en);
            names.other.extend(entry.other.clone());
        }
        names
    }

    /// The direction that the reader at a gate faces, if it is given.
    pub(crate) fn faces(&self, city: &City, compound: CompoundId, gate: GateId) -> Option<f64> {
        let of_entry = self.entries(city, compound, gate).filter_map(|entry| entry.faces).last();
        self.faces_asked.or(of_entry).or(self.faces)
    }

    /// The entries for a compound, then those for the gate.
    fn entries<'a>(
        &'a self,
        city: &'a City,
        compound: CompoundId,
        gate: GateId,
    ) -> impl Iterator<Item = &'a BoardEntry> {
        let name = city.text(city.compounds()[compound.index()].name);
        let gate_name = city.text(city.gates()[gate.index()].name);
        let keys = keys_of(city, KeyOf::Compound, compound.0);
        let gate_keys = keys_of(city, KeyOf::Gate, gate.0);
        let names = |written: &str, keys: &[Cow<'_, str>], name: &str| {
            keys.iter().any(|key| *key == written) || (!name.is_empty() && written == name)
        };
        let fits = |entry: &&BoardEntry| names(&entry.compound, &keys, name);
        let fits_gate =
            |entry: &&BoardEntry| entry.gate.as_ref().is_none_or(|gate| names(gate, &gate_keys, gate_name));
        let mut found: Vec<&BoardEntry> = self.boards.iter().filter(fits).filter(fits_gate).collect();
        found.sort_by_key(|entry| entry.gate.is_some());
        found.into_iter()
    }
}

/// The key of a row, then its former keys: a board file outlives the city that it was written for.
fn keys_of(city: &City, of: KeyOf, row: u32) -> Vec<Cow<'_, str>> {
    let former = city.former_keys().iter().filter(|former| former.of == of.code() && former.row == row);
    let former = former.map(|former| Cow::Borrowed(city.text(former.text)));
    std::iter::once(city.key_of(of, row)).chain(former).collect()
}

/// Why a board file is rejected.
enum Rejection {
    /// A message that names the field.
    Field(String),
    Print(PrintError),
}

impl From<String> for Rejection {
    fn from(what: String) -> Self {
        Self::Field(what)
    }
}

fn resolve(file: BoardFile, folder: &Path, catalogue: &Catalogue) -> Result<Settings, Rejection> {
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
    let requirements = match (&file.categories, &file.rules) {
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
    let logo = logo_file.as_deref().map(Logo::read).transpose().map_err(Rejection::Print)?;
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
        requirements,
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

/// Removes trailing slashes and validates the scheme.
fn web_address(address: &str) -> Result<String, String> {
    let host = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"));
    let shown: String = address.chars().take(60).collect();
    let Some(host) = host.filter(|host| !host.is_empty() && !host.starts_with(['/', '?', '#', ':', '@']))
    else {
        return Err(format!("`{shown}` is not https://HOST or http://HOST"));
    };
    let is_wrong = |it: char| it.is_whitespace() || it.is_control() || "<>\"\\^`{}|\u{feff}".contains(it);
    if host.chars().count() > LONGEST || host.contains(is_wrong) {
        return Err(format!("`{shown}` has signs that an address cannot have, or too many"));
    }
    Ok(address.trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Settings, PrintError> {
        Settings::parse(text, Path::new("."), &Catalogue::built_in())
    }

    #[test]
    fn an_empty_board_file_lists_the_five_requirements_of_the_built_in_board() {
        let settings = Settings::built_in(&Catalogue::built_in());
        assert_eq!(settings.requirements.len(), 5);
        assert_eq!(settings.minutes, [5, 10, 15]);
        assert_eq!(settings.page, PageSize::A1);
    }

    #[test]
    fn errors_name_the_field_or_the_valid_values() {
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
    fn directions_are_compass_points_or_degrees() {
        assert_eq!(parse("faces = \"ne\"").unwrap().faces, Some(45.0));
        assert_eq!(parse("faces = 270").unwrap().faces, Some(270.0));
        assert!(parse("faces = 400").is_err());
    }
}
