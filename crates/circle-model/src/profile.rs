//! Walking profiles 步行画像, from `data/profiles.toml`.

use crate::units::MetresPerSecond;
use serde::Deserialize;

/// How somebody walks.
#[derive(Debug, Clone)]
pub struct Profile {
    /// Its name in commands and fields.
    pub id: String,
    /// Chinese name.
    pub zh: String,
    /// English name.
    pub en: String,
    /// Speed on the flat.
    pub speed: MetresPerSecond,
    /// Time on steps is this many times the time on the flat.
    pub stairs_factor: f64,
    /// Where the figures come from.
    pub src: String,
}

/// All profiles, in the order of the file; the first is not special, [`Profiles::DEFAULT`] is.
#[derive(Debug, Clone)]
pub struct Profiles(Vec<Profile>);

/// What is wrong with a profile file.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    /// Not TOML, or not of this form.
    #[error("profiles: {0}")]
    Form(#[from] toml::de::Error),
    /// A value outside its range.
    #[error("profiles: `{profile}`: {field} = {value} is not possible; {expected}")]
    Value {
        /// The profile's id.
        profile: String,
        /// The field.
        field: &'static str,
        /// What it says.
        value: f64,
        /// What it may say.
        expected: &'static str,
    },
}

impl Profiles {
    /// Used where none is asked for.
    pub const DEFAULT: &'static str = "adult";

    /// The profiles that come with the product.
    ///
    /// # Panics
    /// Never: the file is part of the binary and tested.
    pub fn built_in() -> Self {
        #[expect(clippy::expect_used, reason = "the file is compiled in and a test reads it")]
        Self::parse(include_str!("../../../data/profiles.toml")).expect("data/profiles.toml")
    }

    /// Reads `[[profile]]` blocks.
    ///
    /// # Errors
    /// When the text is not TOML, or a speed or factor is impossible.
    pub fn parse(text: &str) -> Result<Self, ProfileError> {
        #[derive(Deserialize)]
        struct File {
            profile: Vec<Block>,
        }
        #[derive(Deserialize)]
        struct Block {
            id: String,
            zh: String,
            en: String,
            speed_mps: f64,
            stairs_factor: f64,
            #[serde(default)]
            src: String,
        }
        let file: File = toml::from_str(text)?;
        let profiles = file.profile.into_iter().map(|block| {
            let value = |field, value, expected| ProfileError::Value {
                profile: block.id.clone(),
                field,
                value,
                expected,
            };
            let speed = MetresPerSecond::new(block.speed_mps)
                .ok_or_else(|| value("speed_mps", block.speed_mps, "it takes 0.05 to 10 m/s"))?;
            if !(1.0..=100.0).contains(&block.stairs_factor) {
                return Err(value("stairs_factor", block.stairs_factor, "it takes 1 to 100"));
            }
            Ok(Profile {
                speed,
                stairs_factor: block.stairs_factor,
                id: block.id,
                zh: block.zh,
                en: block.en,
                src: block.src,
            })
        });
        profiles.collect::<Result<_, _>>().map(Self)
    }

    /// The profile of that id.
    pub fn find(&self, id: &str) -> Option<&Profile> {
        self.0.iter().find(|profile| profile.id == id)
    }

    /// All of them, in the order of the file.
    pub fn iter(&self) -> std::slice::Iter<'_, Profile> {
        self.0.iter()
    }
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
    use crate::units::{Millimetres, Milliseconds};

    #[test]
    fn the_built_in_profiles_walk_as_the_design_says() {
        let profiles = Profiles::built_in();
        let planning = profiles.find("planning").unwrap();
        assert_eq!(planning.speed.time_for(Millimetres(1_000_000)), Milliseconds::from_minutes(15));
        let adult = profiles.find(Profiles::DEFAULT).unwrap();
        assert!((adult.speed.kilometres_per_hour() - 4.5).abs() < 1e-9);
    }

    #[test]
    fn impossible_values_name_the_profile_and_the_field() {
        let text = "[[profile]]\nid = \"snail\"\nzh = \"蜗牛\"\nen = \"Snail\"\nspeed_mps = 0.0\nstairs_factor = 1.0\n";
        let message = Profiles::parse(text).unwrap_err().to_string();
        assert!(message.contains("snail") && message.contains("speed_mps"), "{message}");
    }
}
