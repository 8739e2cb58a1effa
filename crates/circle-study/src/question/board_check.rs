//! The question of whether a board can be printed.

use super::board::{BoardQuestion, gate_in, settings};
use super::origin::compound;
use crate::choices::Choices;
use crate::parameters::Parameters;
use crate::refusal::{KeySlot, Refusal};
use circle_model::{CompoundId, GateId};
use circle_print::Settings;

/// Whether a board can be printed as it is.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct BoardCheckQuestion {
    /// The compound.
    pub compound: CompoundId,
    /// The gate.
    pub gate: GateId,
    /// Page, contents and style of the board. Inferred gates are accepted: the check says that they are.
    pub settings: Settings,
}

impl BoardCheckQuestion {
    /// How the file of a check ends.
    pub const ENDING: &str = ".json";

    /// Parses the question. `file` is `COMPOUND_KEY.json`; parameters and `address` are those of a [`BoardQuestion`].
    ///
    /// # Errors
    /// As [`BoardQuestion::parse`], but for inferred gates.
    pub fn parse(
        choices: &Choices,
        file: &str,
        address: &str,
        parameters: &Parameters,
    ) -> Result<Self, Refusal> {
        parameters.expect_only(&BoardQuestion::PARAMETERS)?;
        // The answer needs it last, and must not be made for one that is no switch.
        parameters.switch("download", false)?;
        let city = &choices.city;
        let key = file.strip_suffix(Self::ENDING).unwrap_or(file);
        let compound = compound(city, key, KeySlot::Path { ending: Self::ENDING.to_owned() })?;
        let gate = gate_in(city, parameters)?;
        let mut settings = settings(choices, address, parameters)?;
        settings.inferred = true;
        let gate = circle_print::gate_of(city, compound, gate, true);
        let gate = gate.map_err(|error| Refusal::Board(error.to_string()))?;
        Ok(Self { compound, gate, settings })
    }
}
