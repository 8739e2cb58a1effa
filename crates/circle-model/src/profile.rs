//! Walking profiles 步行画像, from `data/profiles.toml` or a user's file.

use crate::city::EdgeEndFlags;
use crate::files::toml_message;
use crate::units::{MetresPerSecond, Milliseconds};
use serde::Deserialize;

/// A walking profile.
#[derive(Debug, Clone)]
pub struct Profile {
    /// Its id in commands and fields.
    pub id: String,
    /// Chinese name.
    pub zh: String,
    /// English name.
    pub en: String,
    /// The parameters of walking times.
    pub pace: Pace,
    /// Source of the figures.
    pub src: String,
    /// The file that it was read from; `None` for a built-in one.
    pub read_from: Option<crate::city::Input>,
}

/// The parameters of walking times.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pace {
    /// Speed on level ground.
    pub speed: MetresPerSecond,
    /// Ratio of the time on steps to that on level ground; infinite if steps are impassable.
    pub stairs_factor: f64,
    /// Wait at a crossing with signals, once for each junction.
    pub signal: Milliseconds,
    /// Wait at a crossing of a way of class tertiary or above without signals.
    pub unsignalised: Milliseconds,
    /// Time to climb a footbridge and descend, in addition to its steps.
    pub footbridge_extra: Milliseconds,
    /// Time to open a gate.
    pub gate: Milliseconds,
    /// Time to wait for a lift and to ride in it.
    pub lift: Milliseconds,
    /// Steepest passable slope, metres up for each metre along; infinite for any.
    pub max_grade: f64,
    /// Features at an end of an edge that are impassable.
    pub impassable: EdgeEndFlags,
}

impl Pace {
    /// Whether anything is impassable.
    pub fn has_limits(&self) -> bool {
        self.stairs_factor.is_infinite() || self.max_grade.is_finite() || !self.impassable.is_empty()
    }

    /// The same pace with nothing impassable; steps take five times as long as level ground.
    pub fn without_limits(&self) -> Self {
        let stairs_factor = if self.stairs_factor.is_finite() { self.stairs_factor } else { 5.0 };
        Self { stairs_factor, max_grade: f64::INFINITY, impassable: EdgeEndFlags::empty(), ..*self }
    }
}

impl Profiles {
    /// Records the file that they were read from.
    #[must_use]
    pub fn read_from(mut self, file: &crate::city::Input) -> Self {
        self.0.iter_mut().for_each(|profile| profile.read_from = Some(file.clone()));
        self
    }
}

/// All profiles, in the order of the file. The default is [`Profiles::DEFAULT`].
#[derive(Debug, Clone)]
pub struct Profiles(Vec<Profile>);

/// The error of a profile file.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    /// Not TOML, or not of the expected form.
    #[error("profiles: {}", .0.trim_end())]
    Form(String),
    /// A value outside its range.
    #[error("profiles: `{profile}`: {field} = {value} is not possible; {expected}")]
    Value {
        /// The profile's id.
        profile: String,
        /// The field.
        field: &'static str,
        /// The value.
        value: String,
        /// The allowed values.
        expected: &'static str,
    },
    /// The file has no profile, or two with one id.
    #[error("profiles: {0}")]
    Ids(String),
}

/// Minimum of `max_grade`.
pub const LEAST_MAX_GRADE: f64 = 0.02;
/// Steps are impassable from this factor on.
const IMPASSABLE_STAIRS: f64 = 1e6;

/// Features that a profile may avoid, as OSM tags; steps have a factor of their own.
const AVOIDABLE: [(&str, EdgeEndFlags); 3] = [
    ("highway=steps", EdgeEndFlags::empty()),
    ("barrier=kerb kerb=raised", EdgeEndFlags::RAISED_KERB),
    ("barrier=cycle_barrier|stile|turnstile", EdgeEndFlags::NARROW),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    profile: Vec<Block>,
}

/// A `[[profile]]` block. Seconds are waited once for each junction, crossing or footbridge.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Block {
    id: String,
    zh: String,
    #[serde(default)]
    en: String,
    speed_mps: f64,
    #[serde(default = "one")]
    stairs_factor: f64,
    #[serde(default)]
    signal_s: f64,
    #[serde(default)]
    unsignalised_s: f64,
    #[serde(default)]
    footbridge_extra_s: f64,
    #[serde(default)]
    gate_s: f64,
    #[serde(default)]
    lift_s: f64,
    max_grade: Option<f64>,
    #[serde(default)]
    avoid: Vec<String>,
    #[serde(default)]
    src: String,
}

fn one() -> f64 {
    1.0
}

impl Profiles {
    /// Id of the default.
    pub const DEFAULT: &'static str = "adult";
    /// Id of the profile for the elderly 一老.
    pub const ELDERLY: &'static str = "elderly";
    /// Id of the profile for children with their companions 一小.
    pub const CHILDREN: &'static str = "child_with_carer";

    /// The built-in profiles.
    ///
    /// # Panics
    ///
    /// Never: the file is part of the binary and tested.
    pub fn built_in() -> Self {
        #[expect(clippy::expect_used, reason = "the file is compiled in and a test reads it")]
        Self::parse(include_str!("../../../data/profiles.toml")).expect("data/profiles.toml")
    }

    /// Parses `[[profile]]` blocks.
    ///
    /// # Errors
    ///
    /// When the text is not TOML, has no profile, or a value is invalid.
    pub fn parse(text: &str) -> Result<Self, ProfileError> {
        // The message contains the parser's text, so the parser's error is not a `source` too.
        let file: File =
            toml::from_str(text).map_err(|error| ProfileError::Form(toml_message(text, &error)))?;
        let profiles = file.profile.into_iter().map(profile).collect::<Result<Vec<_>, _>>()?;
        if profiles.is_empty() {
            return Err(ProfileError::Ids("there is no [[profile]] in it".to_owned()));
        }
        Self::of(profiles)
    }

    /// Joins two sets of profiles.
    ///
    /// # Errors
    ///
    /// When two profiles have one id.
    pub fn joined_with(self, more: Self) -> Result<Self, ProfileError> {
        Self::of(self.0.into_iter().chain(more.0).collect())
    }

    fn of(profiles: Vec<Profile>) -> Result<Self, ProfileError> {
        for (number, profile) in profiles.iter().enumerate() {
            if profiles[..number].iter().any(|other| other.id == profile.id) {
                return Err(ProfileError::Ids(format!("there are two called `{}`", profile.id)));
            }
        }
        Ok(Self(profiles))
    }

    /// The profile with an id.
    pub fn find(&self, id: &str) -> Option<&Profile> {
        self.0.iter().find(|profile| profile.id == id)
    }

    /// All profiles, in the order of the file.
    pub fn iter(&self) -> std::slice::Iter<'_, Profile> {
        self.0.iter()
    }
}

fn profile(block: Block) -> Result<Profile, ProfileError> {
    let wrong = |field, value: String, expected| ProfileError::Value {
        profile: block.id.clone(),
        field,
        value,
        expected,
    };
    let seconds = |field, seconds: f64| {
        if (0.0..=3600.0).contains(&seconds) {
            Ok(Milliseconds((seconds * 1000.0).round() as u32))
        } else {
            Err(wrong(field, seconds.to_string(), "it takes 0 to 3600 s"))
        }
    };
    let speed = MetresPerSecond::new(block.speed_mps)
        .ok_or_else(|| wrong("speed_mps", block.speed_mps.to_string(), "it takes 0.2 to 3 m/s"))?;
    let mut stairs_factor = block.stairs_factor;
    if stairs_factor >= IMPASSABLE_STAIRS {
        stairs_factor = f64::INFINITY;
    } else if !(1.0..=100.0).contains(&stairs_factor) {
        let expected = "it takes 1 to 100, or 1e9 for steps that cannot be passed";
        return Err(wrong("stairs_factor", stairs_factor.to_string(), expected));
    }
    let max_grade = block.max_grade.unwrap_or(f64::INFINITY);
    if max_grade.is_nan() || max_grade < LEAST_MAX_GRADE {
        return Err(wrong(
            "max_grade",
            max_grade.to_string(),
            "it takes metres up for each metre along, 0.02 or more, such as 0.083",
        ));
    }
    let mut impassable = EdgeEndFlags::empty();
    for avoided in &block.avoid {
        let Some((what, bits)) = AVOIDABLE.iter().find(|(what, _)| what == avoided) else {
            let expected = "it takes \"highway=steps\", \"barrier=kerb kerb=raised\" and \"barrier=cycle_barrier|stile|turnstile\"";
            return Err(wrong("avoid", format!("\"{avoided}\""), expected));
        };
        if *what == "highway=steps" {
            stairs_factor = f64::INFINITY;
        }
        impassable |= *bits;
    }
    let pace = Pace {
        speed,
        stairs_factor,
        signal: seconds("signal_s", block.signal_s)?,
        unsignalised: seconds("unsignalised_s", block.unsignalised_s)?,
        footbridge_extra: seconds("footbridge_extra_s", block.footbridge_extra_s)?,
        gate: seconds("gate_s", block.gate_s)?,
        lift: seconds("lift_s", block.lift_s)?,
        max_grade,
        impassable,
    };
    let en = if block.en.is_empty() { block.id.clone() } else { block.en };
    Ok(Profile { pace, id: block.id, zh: block.zh, en, src: block.src, read_from: None })
}

impl<'a> IntoIterator for &'a Profiles {
    type Item = &'a Profile;
    type IntoIter = std::slice::Iter<'a, Profile>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn built_in_profiles_have_the_documented_values() {
        let profiles = Profiles::built_in();
        let pace = |id: &str| profiles.find(id).unwrap().pace;
        // One kilometre in 15 minutes.
        assert!((pace("planning").speed.value() * 15.0 * 60.0 - 1000.0).abs() < 1e-9);
        assert!((pace(Profiles::DEFAULT).speed.kilometres_per_hour() - 4.5).abs() < 1e-9);
        let waits =
            |id: &str| [pace(id).signal, pace(id).unsignalised, pace(id).footbridge_extra].map(|wait| wait.0);
        assert_eq!(waits("planning"), [0; 3]);
        assert_eq!(waits("adult"), [30_000, 5_000, 45_000]);
        assert_eq!(waits("elderly"), [45_000, 10_000, 120_000]);
        let wheelchair = pace("wheelchair");
        assert!(wheelchair.stairs_factor.is_infinite() && (wheelchair.max_grade - 0.083).abs() < 1e-9);
        assert_eq!(wheelchair.impassable, EdgeEndFlags::RAISED_KERB | EdgeEndFlags::NARROW);
        let ids: Vec<&str> = profiles.iter().map(|profile| profile.id.as_str()).collect();
        assert_eq!(ids, ["planning", "adult", "elderly", "frail", "child_with_carer", "wheelchair"]);
    }

    #[test]
    fn invalid_values_name_the_profile_the_field_and_the_limit() {
        for (line, words) in [
            ("speed_mps = 0.0", ["speed_mps", "0.2 to 3"]),
            ("speed_mps = nan", ["speed_mps", "0.2 to 3"]),
            ("speed_mps = 3.1", ["speed_mps", "0.2 to 3"]),
            ("speed_mps = 1.0\nstairs_factor = 0.5", ["stairs_factor", "1 to 100"]),
            ("speed_mps = 1.0\nstairs_factor = nan", ["stairs_factor", "1 to 100"]),
            ("speed_mps = 1.0\nsignal_s = -1", ["signal_s", "0 to 3600"]),
            ("speed_mps = 1.0\nmax_grade = 0", ["max_grade", "0.083"]),
            ("speed_mps = 1.0\navoid = [\"surface=sand\"]", ["surface=sand", "highway=steps"]),
        ] {
            let text = format!("[[profile]]\nid = \"snail\"\nzh = \"蜗牛\"\n{line}\n");
            let message = Profiles::parse(&text).unwrap_err().to_string();
            assert!(
                message.contains("snail") && words.iter().all(|word| message.contains(word)),
                "{message}"
            );
        }
        let two = "[[profile]]\nid = \"a\"\nzh = \"甲\"\nspeed_mps = 1.0\n".repeat(2);
        assert!(Profiles::parse(&two).unwrap_err().to_string().contains("two called `a`"));
        assert!(Profiles::parse("profile = []").is_err() && Profiles::parse("profile = 3").is_err());
    }

    /// A misspelt limit would be ignored, and the times would be wrong without a trace.
    #[test]
    fn unknown_keys_are_rejected_with_the_known_ones() {
        let profile = "[[profile]]\nid = \"a\"\nzh = \"甲\"\nspeed_mps = 1.0\n";
        for (text, words) in [
            (format!("{profile}signal_seconds = 30\n"), ["`signal_seconds`", "`signal_s`", "line 5"]),
            (format!("speed = 1.0\n{profile}"), ["`speed`", "`profile`", "line 1"]),
        ] {
            let message = Profiles::parse(&text).unwrap_err().to_string();
            assert!(words.iter().all(|word| message.contains(word)), "{message}");
        }
        assert!(Profiles::parse(profile).is_ok());
    }
}
