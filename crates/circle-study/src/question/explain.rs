//! The question of one walk in full.

use super::origin::{compound, facility, gate};
use crate::choices::Choices;
use crate::parameters::{Parameters, parse_place};
use crate::refusal::{KeySlot, Refusal};
use circle_model::{Milliseconds, Profile, WeekTime};
use circle_reach::{Destination, Origin};

/// Walks that take longer have the status `beyond`.
const MOST_MINUTES: u32 = 60;

/// The walk between two places, and the barriers of a shorter one.
#[derive(Debug, Clone)]
pub struct ExplainQuestion {
    /// Where the walk starts.
    pub(crate) from: Origin,
    /// Where the walk ends.
    pub(crate) to: Destination,
    /// The walking profile.
    pub(crate) profile: Profile,
    /// The time to which opening hours are applied; everything is open if `None`.
    pub(crate) at_time: Option<WeekTime>,
    /// A walk that takes longer has the status `beyond`.
    pub(crate) limit: Milliseconds,
    /// Whether to search for the barriers of a shorter walk; this costs two more searches.
    pub(crate) barred: bool,
}

impl ExplainQuestion {
    /// Names of the parameters.
    pub const PARAMETERS: [&str; 8] =
        ["from", "compound", "gate", "to", "facility", "profile", "at_time", "barred"];

    /// The walk of at most `minutes`, with the barriers of a shorter one.
    pub fn new(
        from: Origin,
        to: Destination,
        profile: Profile,
        at_time: Option<WeekTime>,
        minutes: u32,
    ) -> Self {
        Self { from, to, profile, at_time, limit: Milliseconds::from_minutes(minutes), barred: true }
    }

    /// Parses the question.
    ///
    /// # Errors
    /// When a parameter is unknown or invalid, or names something that does not exist.
    pub fn parse(choices: &Choices, parameters: &Parameters) -> Result<Self, Refusal> {
        parameters.expect_only(&Self::PARAMETERS)?;
        let city = &choices.city;
        let from = match ["from", "compound", "gate"].map(|name| parameters.text(name)) {
            [Some(from), None, None] => Origin::Place(parse_place("from", from)?),
            [None, Some(asked), None] => {
                Origin::Compound(compound(city, asked, KeySlot::parameter("compound"))?)
            }
            [None, None, Some(asked)] => Origin::Gate(gate(city, asked)?),
            _ => {
                let message = "give either `from=LON,LAT`, `compound=ID_OR_NAME` or `gate=ID`";
                return Err(Refusal::parameter("from", message));
            }
        };
        let to = match (parameters.text("to"), parameters.text("facility")) {
            (Some(to), None) => Destination::Place(parse_place("to", to)?),
            (None, Some(asked)) => Destination::Facility(facility(city, asked)?),
            _ => {
                return Err(Refusal::parameter("to", "give either `to=LON,LAT` or `facility=ID_OR_NAME`"));
            }
        };
        Ok(Self {
            from,
            to,
            profile: choices.profile(parameters.text("profile"))?.clone(),
            at_time: parameters.at_time()?,
            limit: Milliseconds::from_minutes(MOST_MINUTES),
            barred: parameters.word("barred", &[("true", true), ("false", false)])?,
        })
    }
}
