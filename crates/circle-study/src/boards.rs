//! Boards 导视图: one or many, checked and drawn.

mod check;
mod csv;

pub use csv::{findings_csv, left_out_csv};

use crate::cache_keys::BoardKey;
use crate::choices::Choices;
use crate::edition::CityEdition;
use crate::error::StudyError;
use crate::finished_board::FinishedBoard;
use crate::pool::Lane;
use crate::question::{BoardQuestion, LeftOutBoard, LeftOutReason};
use crate::refusal::Refusal;
use crate::study::Study;
use circle_model::files::clean;
use circle_model::{City, GateId};
use circle_print::{Board, BoardFinding, Format, PrintError, Settings};
use circle_reach::Cancel;
use rayon::prelude::*;
use std::sync::Arc;

/// Most characters of a name in the name of a file.
const LONGEST_NAME: usize = 40;
/// Most characters of the message about a board that could not be made.
const LONGEST_FAULT: usize = 500;

impl Study {
    /// A board as a file, cached. One with errors is marked 样张.
    ///
    /// # Errors
    /// As [`Study::search`]; [`Refusal::Board`] when it cannot be made, [`StudyError::Failed`] when it cannot
    /// be written.
    pub async fn board(self: &Arc<Self>, question: BoardQuestion) -> Result<FinishedBoard, StudyError> {
        let key = BoardKey::of(self.edition_at(None), &question);
        let study = self.clone();
        let draw = async move {
            study
                .search(Lane::Dear, move |study, cancel| {
                    let board = draw_board(&study.edition(None), study.choices(), &question, cancel);
                    board.map_err(|error| study_error(&error))
                })
                .await
        };
        self.boards.get_or_compute(key, draw).await
    }
}

/// Why a board cannot be made or checked.
pub(crate) fn study_error(error: &PrintError) -> StudyError {
    match error {
        PrintError::Cancelled(_) => StudyError::Cancelled,
        PrintError::Write { .. } => StudyError::unwritten("a board", error),
        other => Refusal::Board(other.to_string()).into(),
    }
}

/// Draws a board and writes it in the format of the question. One with errors is marked 样张.
///
/// # Errors
/// When text cannot be typeset, the page is too small, there are errors and the settings are strict, the file cannot be
/// written, or `cancel` is set.
pub fn draw_board(
    edition: &CityEdition,
    choices: &Choices,
    question: &BoardQuestion,
    cancel: &Cancel,
) -> Result<FinishedBoard, PrintError> {
    let BoardQuestion { gate, settings, format } = question;
    cancel.pause()?;
    let board = Board::draw(&edition.network, &choices.catalogue, settings, *gate, cancel)?;
    cancel.pause()?;
    let is_marked = !settings.sample && board.findings().iter().any(BoardFinding::is_error);
    Ok(FinishedBoard { bytes: board.bytes(*format)?.into(), findings: board.findings().into(), is_marked })
}

/// What stands against printing the board of a gate.
///
/// # Errors
/// When there is no board to check, or `cancel` is set.
pub fn check_board(
    edition: &CityEdition,
    choices: &Choices,
    settings: &Settings,
    gate: GateId,
    cancel: &Cancel,
) -> Result<Vec<BoardFinding>, PrintError> {
    circle_print::check(&edition.network, &choices.catalogue, settings, gate, cancel)
}

/// The boards of many gates.
#[derive(Debug, Default)]
pub struct DrawnBoards {
    /// Boards that were drawn and written.
    pub written: usize,
    /// Of these, boards that are marked 样张 because of errors.
    pub marked: usize,
    /// Boards that could not be made, in the order of the gates.
    pub left_out: Vec<LeftOutBoard>,
}

/// What the check of a board found.
#[derive(Debug, Clone)]
pub struct CheckedBoard {
    /// The gate.
    pub gate: GateId,
    /// The findings.
    pub findings: Arc<[BoardFinding]>,
}

/// Draws the board of every gate, on all cores, and calls `write` with its bytes. A board that cannot be
/// drawn does not stop the others.
///
/// # Errors
/// The first error of `write`, which stops the others.
pub fn draw_boards<E: Send>(
    study: &Study,
    (settings, format): (&Settings, Format),
    gates: &[GateId],
    write: impl Fn(GateId, &[u8]) -> Result<(), E> + Sync,
) -> Result<DrawnBoards, E> {
    let edition = study.edition(None);
    edition.network.prepare_facilities();
    let one = |gate: &GateId| -> Result<Result<bool, PrintError>, E> {
        let question = BoardQuestion { gate: *gate, settings: settings.clone(), format };
        match draw_board(&edition, study.choices(), &question, &Cancel::never()) {
            Ok(board) => write(*gate, &board.bytes).map(|()| Ok(board.is_marked)),
            Err(fault) => Ok(Err(fault)),
        }
    };
    let drawn: Vec<Result<bool, PrintError>> = gates.par_iter().map(one).collect::<Result<_, E>>()?;
    let mut boards = DrawnBoards::default();
    for (gate, drawn) in gates.iter().zip(drawn) {
        match drawn {
            Ok(is_marked) => {
                boards.written += 1;
                boards.marked += usize::from(is_marked);
            }
            Err(fault) => boards.left_out.push(failed(study.city(), *gate, &fault.to_string())),
        }
    }
    Ok(boards)
}

/// Checks the boards of many gates, on all cores: their findings, or the fault of those that cannot be made.
pub fn check_boards(
    study: &Study,
    settings: &Settings,
    gates: &[GateId],
) -> (Vec<CheckedBoard>, Vec<LeftOutBoard>) {
    let edition = study.edition(None);
    edition.network.prepare_facilities();
    let one = |gate: &GateId| check_board(&edition, study.choices(), settings, *gate, &Cancel::never());
    let all: Vec<Result<Vec<BoardFinding>, PrintError>> = gates.par_iter().map(one).collect();
    let (mut checked, mut left_out) = (Vec::new(), Vec::new());
    for (&gate, found) in gates.iter().zip(all) {
        match found {
            Ok(findings) => checked.push(CheckedBoard { gate, findings: findings.into() }),
            Err(error) => left_out.push(failed(study.city(), gate, &error.to_string())),
        }
    }
    (checked, left_out)
}

/// The errors among findings, in one line; `None` if there is none.
pub fn errors_of(findings: &[BoardFinding]) -> Option<String> {
    let errors: Vec<&str> = findings
        .iter()
        .filter(|finding| finding.is_error())
        .map(|finding| finding.message_en.as_str())
        .collect();
    (!errors.is_empty()).then(|| errors.join("; "))
}

/// A board that could not be made.
pub fn failed(city: &City, gate: GateId, fault: &str) -> LeftOutBoard {
    LeftOutBoard {
        compound: city.gates()[gate.index()].compound,
        gate: Some(gate),
        reason: LeftOutReason::Failed,
        message: Some(clean(fault, LONGEST_FAULT)),
    }
}

/// The name of a board's file: keys of compound and gate and the compound's name, each in at most 40 characters that file
/// systems accept.
pub fn board_file_name(city: &City, gate: GateId, format: Format) -> String {
    let compound = city.gates()[gate.index()].compound;
    let name = city.text(city.compounds()[compound.index()].name);
    let safe = |text: &str, also: &str| -> String {
        let allowed = |character: char| character.is_alphanumeric() || also.contains(character);
        text.chars().map(|it| if allowed(it) { it } else { '_' }).take(LONGEST_NAME).collect()
    };
    let keys = [city.compound_key(compound), city.gate_key(gate)].map(|key| safe(&key, ".-"));
    format!("{}-{}-{}.{}", keys[0], keys[1], safe(name, "-_()（）"), format.ending())
}
