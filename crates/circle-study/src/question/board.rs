//! The question of a board 导视图: its gate, page and contents.

use super::key::row_of_key;
use super::origin::compound;
use crate::choices::Choices;
use crate::parameters::Parameters;
use crate::refusal::{KeySlot, Refusal};
use circle_export::Collection;
use circle_model::{City, CompoundId, GateId, Profile};
use circle_print::{Format, GroupBy, MOST_BANDS, PageSize, PrintError, Settings};
use std::ops::RangeInclusive;

/// Default resolution of a PNG: enough for a screen.
const DOTS_PER_INCH: usize = 60;
/// Most pixels of a PNG over HTTP; the command makes larger ones.
const MOST_PIXELS: f64 = 40e6;

/// A board at a gate.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct BoardQuestion {
    /// The gate.
    pub gate: GateId,
    /// Page, contents and style of the board.
    pub settings: Settings,
    /// The file format.
    pub format: Format,
}

impl BoardQuestion {
    /// Longest band of a board over HTTP, in minutes: a board of an hour occupies a core for seconds.
    pub const LONGEST_BAND: u32 = 30;
    /// Least and most dots per inch of a PNG over HTTP.
    pub const DOTS_PER_INCH: RangeInclusive<usize> = 20..=150;

    /// Names of the parameters.
    pub const PARAMETERS: [&str; 15] = [
        "gate",
        "size",
        "landscape",
        "bleed",
        "crop_marks",
        "categories",
        "group_by",
        "minutes",
        "profile",
        "faces",
        "north_up",
        "inferred",
        "address",
        "dpi",
        "download",
    ];

    /// The board at a gate of a compound, by the gate's key or name, or at the most certain gate.
    ///
    /// # Errors
    /// When the compound has no such gate, or no board is made for it.
    pub fn new(
        city: &City,
        compound: CompoundId,
        gate: Option<&str>,
        settings: Settings,
        format: Format,
    ) -> Result<Self, PrintError> {
        let gate = circle_print::gate_of(city, compound, gate, settings.inferred)?;
        Ok(Self { gate, settings, format })
    }

    /// Parses the question. `file` is `COMPOUND_KEY.pdf`, `.svg` or `.png`; `address` is the address of the
    /// page for the QR code, empty if it is unknown.
    ///
    /// # Errors
    /// When a parameter is unknown or invalid, or the compound has no such gate; as [`row_of_key`] for former
    /// keys.
    pub fn parse(
        choices: &Choices,
        file: &str,
        address: &str,
        parameters: &Parameters,
    ) -> Result<Self, Refusal> {
        parameters.expect_only(&Self::PARAMETERS)?;
        // The answer needs it last, and must not be made for one that is no switch.
        parameters.switch("download", false)?;
        let (key, kind) = file.rsplit_once('.').unwrap_or((file, ""));
        let known = Format::of_ending(kind).filter(|format| format.ending() == kind);
        let Some(format) = known else {
            return Err(Refusal::NotFound(format!(
                "there is no board `{file}`; boards are /api/boards/COMPOUND_KEY.svg, .pdf and .png"
            )));
        };
        let city = &choices.city;
        let compound = compound(city, key, KeySlot::Path { ending: file[key.len()..].to_owned() })?;
        let gate = parameters.text("gate");
        if let Some(key) = gate {
            // Rejects former keys only: `gate_of` accepts names, and rejects gates of other compounds.
            row_of_key(city, Collection::Gates, key, KeySlot::parameter("gate"))?;
        }
        let settings = settings(choices, address, parameters)?;
        Self::new(city, compound, gate, settings, format).map_err(|error| Refusal::Board(error.to_string()))
    }
}

/// Settings that replace those of a board file; `None` leaves the setting as it is.
#[derive(Debug, Clone, Default)]
pub struct BoardOverrides {
    /// The trimmed page.
    pub page: Option<PageSize>,
    /// Whether the page is landscape.
    pub landscape: Option<bool>,
    /// Whether there is bleed on every side.
    pub bleed: Option<bool>,
    /// Whether there are crop marks.
    pub crop_marks: Option<bool>,
    /// Whether inferred gates get boards.
    pub inferred: Option<bool>,
    /// Whether north is up.
    pub north_up: Option<bool>,
    /// The direction that the reader faces; it takes precedence over `north_up`.
    pub faces: Option<f64>,
    /// The headings of the list.
    pub group_by: Option<GroupBy>,
    /// The walking profile.
    pub profile: Option<Profile>,
    /// Bands in minutes, ascending.
    pub minutes: Option<Vec<u32>>,
}

impl BoardOverrides {
    /// The settings with these overrides.
    ///
    /// # Errors
    /// When there are more bands than a board shows.
    pub fn apply(self, mut settings: Settings) -> Result<Settings, PrintError> {
        settings.page = self.page.unwrap_or(settings.page);
        settings.landscape = self.landscape.unwrap_or(settings.landscape);
        settings.bleed = self.bleed.unwrap_or(settings.bleed);
        settings.crop_marks = self.crop_marks.unwrap_or(settings.crop_marks);
        settings.inferred = self.inferred.unwrap_or(settings.inferred);
        settings.north_up = self.north_up.unwrap_or(settings.north_up);
        if self.faces.is_some() {
            settings.faces_asked = self.faces;
            settings.north_up = false;
        }
        settings.group_by = self.group_by.unwrap_or(settings.group_by);
        if let Some(profile) = self.profile {
            settings.profile = profile;
        }
        match self.minutes {
            Some(minutes) => settings.with_minutes(&minutes),
            None => Ok(settings),
        }
    }
}

/// The settings of the board file, overridden by the parameters.
fn settings(choices: &Choices, page: &str, parameters: &Parameters) -> Result<Settings, Refusal> {
    let wrong = |name: &'static str| move |error: PrintError| Refusal::parameter(name, error.to_string());
    let overrides = overrides(choices, parameters)?;
    let mut settings = overrides.apply(choices.boards.clone()).map_err(wrong("minutes"))?;
    if let Some(ids) = parameters.text("categories") {
        let ids: Vec<String> = ids.split(',').map(|id| id.trim().to_owned()).collect();
        settings = settings.with_categories(&ids, &choices.catalogue).map_err(wrong("categories"))?;
    }
    if let Some(address) = parameters.text("address") {
        settings = settings.with_address(address).map_err(wrong("address"))?;
    } else if settings.address.is_none() && !page.is_empty() {
        settings = settings.with_address(page).map_err(wrong("address"))?;
    }
    settings.dots_per_inch = dots_per_inch(settings.page, parameters)?;
    Ok(settings)
}

/// The overrides in the parameters.
fn overrides(choices: &Choices, parameters: &Parameters) -> Result<BoardOverrides, Refusal> {
    let wrong = |name: &'static str| move |what: String| Refusal::parameter(name, what);
    let switch =
        |name: &'static str| parameters.text(name).map(|_| parameters.switch(name, false)).transpose();
    let group_by = || parameters.word("group_by", &[("band", GroupBy::Band), ("theme", GroupBy::Theme)]);
    // In the order in which the members are checked: the first that is wrong is reported.
    Ok(BoardOverrides {
        page: parameters.text("size").map(PageSize::parse).transpose().map_err(wrong("size"))?,
        landscape: switch("landscape")?,
        bleed: switch("bleed")?,
        crop_marks: switch("crop_marks")?,
        inferred: switch("inferred")?,
        north_up: switch("north_up")?,
        faces: parameters
            .text("faces")
            .map(circle_print::parse_direction)
            .transpose()
            .map_err(wrong("faces"))?,
        group_by: parameters.text("group_by").map(|_| group_by()).transpose()?,
        profile: parameters.text("profile").map(|id| choices.profile(Some(id)).cloned()).transpose()?,
        minutes: minutes(parameters)?,
    })
}

/// The bands of a board over HTTP.
fn minutes(parameters: &Parameters) -> Result<Option<Vec<u32>>, Refusal> {
    const LONGEST: u32 = BoardQuestion::LONGEST_BAND;
    let minutes = parameters.minutes()?;
    if parameters.text("minutes").is_some_and(|text| text.split(',').count() > MOST_BANDS) {
        return Err(Refusal::parameter("minutes", format!("a board has at most {MOST_BANDS} bands")));
    }
    if minutes.iter().flatten().any(|minutes| *minutes > LONGEST) {
        let message =
            format!("boards over HTTP reach up to {LONGEST} minutes; the command makes larger ones");
        return Err(Refusal::parameter("minutes", message));
    }
    Ok(minutes)
}

/// Resolution of a PNG of the page.
fn dots_per_inch(page: PageSize, parameters: &Parameters) -> Result<f64, Refusal> {
    let (least, most) = BoardQuestion::DOTS_PER_INCH.into_inner();
    let dots = parameters.whole("dpi", least)?.unwrap_or(DOTS_PER_INCH);
    if dots > most {
        return Err(Refusal::parameter("dpi", format!("it takes {least} to {most}")));
    }
    let dots = dots as f64;
    let pixels = page.width * page.height * (dots / 25.4).powi(2);
    if pixels > MOST_PIXELS {
        let message = format!("{:.0} million pixels are too many; ask for fewer dots per inch", pixels / 1e6);
        return Err(Refusal::parameter("dpi", message));
    }
    Ok(dots)
}

#[cfg(test)]
mod tests {
    use super::*;
    use circle_model::Catalogue;

    #[test]
    fn a_direction_takes_precedence_over_north_and_the_other_settings_stay() {
        let before = Settings::built_in(&Catalogue::built_in());
        let overrides =
            BoardOverrides { north_up: Some(true), faces: Some(90.0), ..BoardOverrides::default() };
        let after = overrides.apply(before.clone()).unwrap();
        assert_eq!((after.north_up, after.faces_asked), (false, Some(90.0)));
        assert_eq!((after.page, after.minutes), (before.page, before.minutes));
    }
}
