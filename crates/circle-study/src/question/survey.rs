//! The question of the gates to survey.

use super::coverage::CoverageQuestion;
use super::key::row_of_key;
use crate::choices::Choices;
use crate::parameters::Parameters;
use crate::refusal::{KeySlot, Refusal};
use circle_export::Collection;
use circle_model::UnitId;

/// The inferred gates that decide most people's verdicts, by the default rule set and profile.
#[derive(Debug, Clone)]
pub struct SurveyQuestion {
    /// How the city is judged.
    pub(crate) judged: CoverageQuestion,
    /// Most gates.
    pub(crate) limit: usize,
    /// The unit that the gates lie in; the whole city if `None`.
    pub(crate) unit: Option<UnitId>,
}

impl SurveyQuestion {
    /// Names of the parameters.
    pub const PARAMETERS: [&str; 2] = ["limit", "unit"];
    /// Most gates if `limit` is not given.
    pub const DEFAULT_LIMIT: usize = 100;
    /// The largest `limit`.
    pub const LARGEST_LIMIT: usize = 1000;

    /// Parses the question.
    ///
    /// # Errors
    /// When a parameter is unknown or invalid, or there is no such unit; as [`row_of_key`] for former keys.
    pub fn parse(choices: &Choices, parameters: &Parameters) -> Result<Self, Refusal> {
        parameters.expect_only(&Self::PARAMETERS)?;
        let limit = parameters.whole("limit", 1)?.unwrap_or(Self::DEFAULT_LIMIT);
        if limit > Self::LARGEST_LIMIT {
            let most = Self::LARGEST_LIMIT;
            return Err(Refusal::parameter("limit", format!("it takes at most {most}, not {limit}")));
        }
        let unit = |asked: &str| {
            let row = row_of_key(&choices.city, Collection::Units, asked, KeySlot::parameter("unit"))?;
            row.map(UnitId).ok_or_else(|| {
                let message = format!("there is no unit `{asked}`; /api/collections/units/items lists them");
                Refusal::NotFound(message)
            })
        };
        let unit = parameters.text("unit").map(unit).transpose()?;
        let judged = CoverageQuestion::parse(choices, &Parameters::default())?;
        Ok(Self { judged, limit, unit })
    }
}
