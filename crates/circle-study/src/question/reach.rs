//! The question of the facilities within reach.

use super::origin::origin;
use crate::choices::Choices;
use crate::parameters::Parameters;
use crate::refusal::Refusal;
use circle_model::bands::BANDS;
use circle_model::{Profile, WeekTime};
use circle_reach::Origin;

/// The facilities within some minutes of an origin.
#[derive(Debug, Clone)]
pub struct ReachQuestion {
    /// Where walks start.
    pub(crate) origin: Origin,
    /// Bands in minutes, ascending; the last is the limit of the search.
    pub(crate) minutes: Vec<u32>,
    /// The walking profile.
    pub(crate) profile: Profile,
    /// The time to which opening hours are applied; everything is open if `None`.
    pub(crate) at_time: Option<WeekTime>,
}

impl ReachQuestion {
    /// Names of the parameters.
    pub const PARAMETERS: [&str; 6] = ["at", "compound", "gate", "minutes", "profile", "at_time"];

    /// Parses the question.
    ///
    /// # Errors
    /// When a parameter is unknown or invalid, or names something that does not exist.
    pub fn parse(choices: &Choices, parameters: &Parameters) -> Result<Self, Refusal> {
        parameters.expect_only(&Self::PARAMETERS)?;
        Ok(Self {
            origin: origin(&choices.city, parameters)?,
            minutes: bands(parameters.minutes()?.as_deref()),
            profile: choices.profile(parameters.text("profile"))?.clone(),
            at_time: parameters.at_time()?,
        })
    }
}

/// The bands of the parameter `minutes`. A single number is the limit of the search, with the default bands
/// below it.
fn bands(asked: Option<&[u32]>) -> Vec<u32> {
    match asked {
        None => BANDS.to_vec(),
        Some([limit]) => BANDS.into_iter().filter(|band| band < limit).chain([*limit]).collect(),
        Some(bands) => bands.to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use super::bands;

    #[test]
    fn one_number_is_a_limit_and_several_are_bands() {
        assert_eq!(bands(None), [5, 10, 15]);
        assert_eq!(bands(Some(&[15])), [5, 10, 15]);
        assert_eq!(bands(Some(&[7])), [5, 7]);
        assert_eq!(bands(Some(&[30])), [5, 10, 15, 30]);
        assert_eq!(bands(Some(&[8, 20])), [8, 20]);
    }
}
