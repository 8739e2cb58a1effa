//! The question of isochrones.

use super::origin::origin;
use crate::choices::Choices;
use crate::parameters::{Parameters, bands_of};
use crate::refusal::Refusal;
use circle_model::bands::BANDS;
use circle_model::{Profile, WeekTime};
use circle_reach::{Form, Origin};

/// The values of the parameter `form`; the first is the default.
pub const FORMS: [(&str, Form); 3] = [("discs", Form::Discs), ("rings", Form::Rings), ("lines", Form::Lines)];

/// The shapes within some minutes of an origin.
#[derive(Debug, Clone)]
pub struct IsochronesQuestion {
    /// Where walks start.
    pub(crate) origin: Origin,
    /// The shapes.
    pub(crate) shapes: ShapesQuestion,
}

impl IsochronesQuestion {
    /// Names of the parameters.
    pub const PARAMETERS: [&str; 7] = ["at", "compound", "gate", "minutes", "profile", "form", "at_time"];

    /// Parses the question.
    ///
    /// # Errors
    /// When a parameter is unknown or invalid, or names something that does not exist.
    pub fn parse(choices: &Choices, parameters: &Parameters) -> Result<Self, Refusal> {
        parameters.expect_only(&Self::PARAMETERS)?;
        let origin = origin(&choices.city, parameters)?;
        let shapes = ShapesQuestion {
            minutes: parameters.minutes()?.unwrap_or_else(|| BANDS.to_vec()),
            form: parameters.word("form", &FORMS)?,
            profile: choices.profile(parameters.text("profile"))?.clone(),
            at_time: parameters.at_time()?,
        };
        Ok(Self { origin, shapes })
    }
}

/// The shapes within some minutes, from any origin.
#[derive(Debug, Clone)]
pub struct ShapesQuestion {
    /// Bands in minutes, ascending.
    pub(crate) minutes: Vec<u32>,
    /// The walking profile.
    pub(crate) profile: Profile,
    /// The time to which opening hours are applied; everything is open if `None`.
    pub(crate) at_time: Option<WeekTime>,
    /// Discs, rings or lines.
    pub(crate) form: Form,
}

impl ShapesQuestion {
    /// The question with these bands, in any order.
    ///
    /// # Errors
    /// As [`bands_of`].
    pub fn new(
        minutes: &[u32],
        profile: Profile,
        at_time: Option<WeekTime>,
        form: Form,
    ) -> Result<Self, Refusal> {
        Ok(Self { minutes: bands_of(minutes)?, profile, at_time, form })
    }
}
