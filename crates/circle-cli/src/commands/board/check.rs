//! `circle board --check`: what stands against printing boards.

use super::left_out;
use super::selected::gates;
use crate::args::{self, CsvFiles};
use crate::failure::{Failure, Outcome, summarize};
use crate::{input, output};
use anyhow::anyhow;
use circle_model::GateId;
use circle_model::city::KeyOf;
use circle_print::{BoardFinding, Settings};
use circle_study::Study;
use circle_study::boards::{CheckedBoard, check_boards, findings_csv};

/// Checks the boards of the gates that the command line selects, and writes the findings.
pub(super) fn run(study: &Study, asked: &args::Board, settings: &Settings) -> Outcome {
    let city = study.city();
    let (gates, mut without) = match &asked.gate {
        Some(gate) => (vec![named(study, asked, gate)?], Vec::new()),
        None => {
            let selection = gates(city, &asked.which, settings.inferred)?;
            (selection.gates, selection.left_out)
        }
    };
    let (checked, failed) = check_boards(study, settings, &gates);
    let faults = failed.len();
    without.extend(failed);
    let table = findings_csv(city, &checked);
    output::write_csv(asked.output.as_deref(), &CsvFiles { no_bom: false }, |out| out.write_all(&table))?;
    left_out::report(city, &without);
    let has_errors = |board: &&CheckedBoard| board.findings.iter().any(BoardFinding::is_error);
    let wrong = checked.iter().filter(has_errors).count() + faults;
    let boards = circle_export::counted(gates.len(), "board");
    if wrong > 0 {
        return Err(anyhow!("{wrong} of {boards} 导视图 cannot be printed as they are").into());
    }
    summarize(&format!("{boards} 导视图 can be printed\n"));
    Ok(())
}

/// The gate of a compound that the command line names.
fn named(study: &Study, asked: &args::Board, gate: &str) -> Result<GateId, Failure> {
    let city = study.city();
    let compound = input::compound(city, asked.which.compound.as_deref().unwrap_or_default())?;
    // Prints the present key of a former one, and rejects a key whose gate no longer exists.
    input::row_of_key(city, KeyOf::Gate, gate)?;
    Ok(circle_print::gate_of(city, compound, Some(gate), true)?)
}
