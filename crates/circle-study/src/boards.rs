//! Boards 导视图: the gates that have one, and the drawing of one.

use crate::cache_keys::BoardKey;
use crate::choices::Choices;
use crate::edition::CityEdition;
use crate::error::StudyError;
use crate::pool::Lane;
use crate::question::BoardQuestion;
use crate::refusal::Refusal;
use crate::study::Study;
use bytes::Bytes;
use circle_model::{City, CompoundId, GateId};
use circle_print::{Board, Format, PrintError, Settings};
use circle_reach::Cancel;
use rayon::prelude::*;
use std::sync::Arc;

/// Height of a strip of the city, in 10⁻⁷ degrees of latitude: about 2.2 km.
const STRIP: i32 = 200_000;

impl Study {
    /// A board as a file, cached.
    ///
    /// # Errors
    /// As [`Study::search`]; [`Refusal::Board`] when it cannot be made, [`StudyError::Failed`] when it cannot
    /// be written.
    pub async fn board(self: &Arc<Self>, question: BoardQuestion) -> Result<Bytes, StudyError> {
        let key = BoardKey::of(self.edition_at(None), &question);
        let study = self.clone();
        let draw = async move {
            study
                .search(Lane::Dear, move |study, cancel| {
                    let board = draw_board(&study.edition(None), study.choices(), &question, cancel);
                    board.map(Bytes::from).map_err(|error| match error {
                        PrintError::Cancelled(_) => StudyError::Cancelled,
                        PrintError::Write { .. } => StudyError::unwritten("a board", &error),
                        other => Refusal::Board(other.to_string()).into(),
                    })
                })
                .await
        };
        self.boards.get_or_compute(key, draw).await
    }
}

/// Draws a board and writes it in the format of the question.
///
/// # Errors
/// When text cannot be typeset, the page is too small, the file cannot be written, or `cancel` is set.
pub fn draw_board(
    edition: &CityEdition,
    choices: &Choices,
    question: &BoardQuestion,
    cancel: &Cancel,
) -> Result<Vec<u8>, PrintError> {
    let BoardQuestion { gate, settings, format } = question;
    let board = Board::draw(&edition.network, &choices.catalogue, settings, *gate, cancel)?;
    cancel.pause()?;
    board.bytes(*format)
}

/// The boards of many gates.
#[derive(Debug, Default)]
pub struct DrawnBoards {
    /// Boards that were drawn and written.
    pub written: usize,
    /// Messages about the boards that could not be drawn, in the order of the gates.
    pub failures: Vec<String>,
}

/// Draws the board of every gate, on all cores, and calls `write` with its bytes. A board that cannot be
/// drawn does not stop the others.
///
/// # Errors
/// The first error of `write`, which stops the others.
pub fn draw_boards<E: Send>(
    study: &Study,
    settings: &Settings,
    format: Format,
    gates: &[GateId],
    write: impl Fn(GateId, &[u8]) -> Result<(), E> + Sync,
) -> Result<DrawnBoards, E> {
    let edition = study.edition(None);
    edition.network.prepare_facilities();
    let one = |gate: &GateId| -> Result<Option<String>, E> {
        let question = BoardQuestion { gate: *gate, settings: settings.clone(), format };
        match draw_board(&edition, study.choices(), &question, &Cancel::never()) {
            Ok(bytes) => write(*gate, &bytes).map(|()| None),
            Err(error) => Ok(Some(error.to_string())),
        }
    };
    let failures: Vec<Option<String>> = gates.par_iter().map(one).collect::<Result<_, E>>()?;
    let failures: Vec<String> = failures.into_iter().flatten().collect();
    Ok(DrawnBoards { written: gates.len() - failures.len(), failures })
}

/// The compounds that boards are made for: all named compounds, or the named compounds of `units`.
pub fn compounds_with_boards(city: &City, units: Option<&[u32]>) -> Vec<CompoundId> {
    let named = (0..).zip(city.compounds()).filter(|(_, compound)| compound.generated_name == 0);
    let inside = |of: &[u32; 4]| units.is_none_or(|units| of.iter().any(|unit| units.contains(unit)));
    named.filter(|(_, compound)| inside(&compound.units)).map(|(row, _)| CompoundId(row)).collect()
}

/// The gates of some compounds that boards are made for.
///
/// Neighbouring gates follow each other, so that a batch searches one part of the city at a time and finds
/// its cached tiles.
pub fn gates_with_boards(city: &City, compounds: &[CompoundId], inferred: bool) -> Vec<GateId> {
    let boards = |compound: &CompoundId| circle_print::boards_of(city, *compound, inferred);
    let mut gates: Vec<GateId> = compounds.iter().flat_map(boards).collect();
    gates.sort_by_key(|gate| {
        let at = city.gates()[gate.index()].point;
        let strip = at.lat.div_euclid(STRIP);
        (strip, if strip % 2 == 0 { at.lon } else { -at.lon })
    });
    gates
}
