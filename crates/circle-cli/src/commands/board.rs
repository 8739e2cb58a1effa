//! `circle board`

mod check;
mod left_out;
mod selected;

use crate::args;
use crate::failure::{Failure, Outcome, notify, summarize};
use crate::{input, output};
use anyhow::{Context, anyhow};
use circle_model::Catalogue;
use circle_model::city::KeyOf;
use circle_model::files::clean;
use circle_print::{Format, PrintError, Settings};
use circle_reach::Cancel;
use circle_study::Study;
use circle_study::boards::{DrawnBoards, board_file_name, draw_board, draw_boards, errors_of};
use circle_study::question::{BoardQuestion, BoardSelection};
use selected::{gates, settings};
use std::path::{Path, PathBuf};

pub(crate) fn run(asked: &args::Board) -> Outcome {
    let settings = settings(asked, &Catalogue::built_in())?;
    check_output(asked, &settings)?;
    if asked.check {
        let study = input::study(&asked.city, None)?.with_small_tile_cache();
        return check::run(&study, asked, &settings);
    }
    let output = asked.output.as_deref().unwrap_or(Path::new(""));
    let into_folder = asked.which.compound.is_none() || (asked.gate.is_none() && names_folder(output));
    check_kind(output, into_folder)?;
    let format = format(asked, output, into_folder)?;
    let study = input::study(&asked.city, None)?.with_small_tile_cache();
    if into_folder {
        let selection = gates(study.city(), &asked.which, settings.inferred)?;
        return many(&study, (&settings, format), selection, output);
    }
    one(&study, asked, (settings, format), output)
}

/// Checks that the output replaces none of the files that the command reads.
fn check_output(asked: &args::Board, settings: &Settings) -> Result<(), Failure> {
    let profile = asked.profile.as_deref().and_then(input::profile_path);
    let files = [Some(asked.city.clone()), asked.board.clone(), settings.logo_file.clone(), profile];
    output::check_output(asked.output.as_deref(), &files.into_iter().flatten().collect::<Vec<PathBuf>>())
}

/// Writes the board of one gate. One with errors is marked 样张, or refused.
fn one(study: &Study, asked: &args::Board, (settings, format): (Settings, Format), output: &Path) -> Outcome {
    let city = study.city();
    let compound = input::compound(city, asked.which.compound.as_deref().unwrap_or_default())?;
    if let Some(gate) = &asked.gate {
        // Prints the present key of a former one, and rejects a key whose gate no longer exists.
        input::row_of_key(city, KeyOf::Gate, gate)?;
    }
    let question = BoardQuestion::new(city, compound, asked.gate.as_deref(), settings, format)?;
    let board = draw_board(&study.edition(None), study.choices(), &question, &Cancel::never());
    let board = board.map_err(|error| match error {
        PrintError::NotPrintable { .. } => anyhow!("{error}; without --strict it is made and marked 样张"),
        error => error.into(),
    })?;
    output::write(Some(output), &board.bytes)?;
    if board.is_marked {
        let reasons = errors_of(&board.findings).unwrap_or_default();
        let reasons = clean(&reasons, 1_000);
        notify(&format!("marked 样张: {reasons}; --check lists it, --strict makes no such board\n"));
    }
    Ok(())
}

/// Whether the output is an existing folder, or a name that ends in a path separator.
fn names_folder(output: &Path) -> bool {
    output.is_dir() || output.as_os_str().to_string_lossy().ends_with(std::path::MAIN_SEPARATOR)
}

/// Rejects a file, device or pipe as output for several boards, and a folder for one.
fn check_kind(output: &Path, into_folder: bool) -> Result<(), Failure> {
    if into_folder && output.exists() && !output.is_dir() {
        let kind = if output.is_file() { "a file" } else { "a device or pipe" };
        let output = output.display();
        return Err(Failure::Usage(format!("{output} is {kind}; several boards go into a folder")));
    }
    if !into_folder && output.is_dir() {
        let output = output.display();
        return Err(Failure::Usage(format!(
            "{output} is a folder; one board goes into a file, such as board.pdf"
        )));
    }
    Ok(())
}

fn format(asked: &args::Board, output: &Path, into_folder: bool) -> Result<Format, Failure> {
    if let Some(format) = asked.format {
        return Ok(format.into());
    }
    if into_folder {
        return Ok(Format::Pdf);
    }
    let ending = output.extension().and_then(|ending| ending.to_str());
    ending.and_then(Format::of_ending).ok_or_else(|| {
        Failure::Usage(format!(
            "{}: end the name in .pdf, .svg or .png, or give --format; for all gates of a compound give a folder",
            output.display()
        ))
    })
}

/// Writes the boards of the selected gates into a folder. A board that fails does not stop the others.
fn many(
    study: &Study,
    (settings, format): (&Settings, Format),
    selection: BoardSelection,
    folder: &Path,
) -> Outcome {
    std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    let path = |gate| folder.join(board_file_name(study.city(), gate, format));
    let write = |gate, bytes: &[u8]| output::write(Some(&path(gate)), bytes);
    let BoardSelection { gates, mut left_out } = selection;
    let drawn = draw_boards(study, (settings, format), &gates, write)?;
    left_out.extend_from_slice(&drawn.left_out);
    left_out::write(study.city(), &left_out, folder)?;
    left_out::report(study.city(), &left_out);
    report(&drawn, left_out.len(), folder);
    if drawn.written == 0 { Err(anyhow!("no board could be made").into()) } else { Ok(()) }
}

fn report(drawn: &DrawnBoards, left_out: usize, folder: &Path) {
    let DrawnBoards { written, marked, .. } = drawn;
    if *marked > 0 {
        let boards = circle_export::counted(*marked, "board");
        notify(&format!(
            "{boards} marked 样张 because of errors; --check lists them, --strict makes none of them\n"
        ));
    }
    let boards = circle_export::counted(*written, "board");
    summarize(&format!("{boards} 导视图 in {}, {left_out} left out (left-out.csv)\n", folder.display()));
}
