//! `circle board`

use crate::args;
use crate::failure::{Failure, Outcome, notify, summarize};
use crate::{input, output};
use anyhow::{Context, anyhow};
use circle_model::city::KeyOf;
use circle_model::files::clean;
use circle_model::{Catalogue, City, CompoundId, GateId};
use circle_print::{Format, PrintError, Settings};
use circle_reach::Cancel;
use circle_study::Study;
use circle_study::boards::{DrawnBoards, compounds_with_boards, draw_board, draw_boards, gates_with_boards};
use circle_study::question::{BoardOverrides, BoardQuestion, find_units, no_compounds};
use std::path::Path;

/// Most failures that are printed; the rest are counted.
const MOST_FAILURES: usize = 20;

pub(crate) fn run(asked: &args::Board) -> Outcome {
    let settings = settings(asked, &Catalogue::built_in())?;
    check_output(asked, &settings)?;
    let into_folder = asked.which.compound.is_none() || (asked.gate.is_none() && names_folder(&asked.output));
    check_kind(&asked.output, into_folder)?;
    let format = format(asked, into_folder)?;
    let study = input::study(&asked.city, None)?.with_small_tile_cache();
    if into_folder {
        let gates = gates(study.city(), &asked.which, settings.inferred)?;
        return many(&study, &settings, &gates, format, &asked.output);
    }
    one(&study, asked, settings, format)
}

/// Checks that the output replaces none of the files that the command reads.
fn check_output(asked: &args::Board, settings: &Settings) -> Result<(), Failure> {
    let profile = asked.profile.as_deref().and_then(input::profile_path);
    let files = [Some(asked.city.clone()), asked.board.clone(), settings.logo_file.clone(), profile];
    output::check_output(Some(&asked.output), &files.into_iter().flatten().collect::<Vec<_>>())
}

/// Writes the board of one gate.
fn one(study: &Study, asked: &args::Board, settings: Settings, format: Format) -> Outcome {
    let city = study.city();
    let compound = input::compound(city, asked.which.compound.as_deref().unwrap_or_default())?;
    if let Some(gate) = &asked.gate {
        // Prints the present key of a former one, and rejects a key whose gate no longer exists.
        input::row_of_key(city, KeyOf::Gate, gate)?;
    }
    let question = BoardQuestion::new(city, compound, asked.gate.as_deref(), settings, format)?;
    let bytes = draw_board(&study.edition(None), study.choices(), &question, &Cancel::never())?;
    Ok(output::write(Some(&asked.output), &bytes)?)
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

/// The settings of the board file, overridden by the command line.
fn settings(asked: &args::Board, catalogue: &Catalogue) -> Result<Settings, Failure> {
    let settings = input::boards(asked.board.as_deref(), catalogue)?;
    let mut settings = overrides(asked)?.apply(settings).map_err(usage)?;
    settings.dots_per_inch = f64::from(asked.dpi);
    if let Some(address) = &asked.address {
        settings = settings.with_address(address).map_err(usage)?;
    }
    if !asked.categories.is_empty() {
        settings = settings.with_categories(&asked.categories, catalogue).map_err(usage)?;
    }
    Ok(settings)
}

/// The overrides of the command line; a flag that is not given leaves the setting as it is.
fn overrides(asked: &args::Board) -> Result<BoardOverrides, Failure> {
    let minutes = Some(asked.minutes.as_slice()).filter(|minutes| !minutes.is_empty());
    Ok(BoardOverrides {
        page: asked.size,
        landscape: asked.landscape.then_some(true),
        bleed: asked.bleed.then_some(true),
        crop_marks: asked.crop_marks.then_some(true),
        inferred: asked.inferred.then_some(true),
        north_up: asked.north_up.then_some(true),
        faces: asked.faces,
        group_by: None,
        profile: asked.profile.as_deref().map(input::profile).transpose()?,
        minutes: minutes.map(input::bands).transpose()?,
    })
}

#[expect(clippy::needless_pass_by_value, reason = "`map_err` passes it by value")]
fn usage(error: PrintError) -> Failure {
    Failure::Usage(error.to_string())
}

fn format(asked: &args::Board, into_folder: bool) -> Result<Format, Failure> {
    if let Some(format) = asked.format {
        return Ok(format.into());
    }
    if into_folder {
        return Ok(Format::Pdf);
    }
    let ending = asked.output.extension().and_then(|ending| ending.to_str());
    ending.and_then(Format::of_ending).ok_or_else(|| {
        Failure::Usage(format!(
            "{}: end the name in .pdf, .svg or .png, or give --format; for all gates of a compound give a folder",
            asked.output.display()
        ))
    })
}

/// The gates that the command line selects; at least one.
fn gates(city: &City, which: &args::WhichBoards, inferred: bool) -> Result<Vec<GateId>, Failure> {
    let compounds: Vec<CompoundId> = if let Some(called) = &which.compound {
        vec![input::compound(city, called)?]
    } else {
        let units = |name| input::accept(find_units(city, name));
        let units = which.unit.as_deref().map(units).transpose()?;
        compounds_with_boards(city, units.as_deref())
    };
    if let Some(advice) = no_compounds(city) {
        return Err(anyhow!(advice).into());
    }
    let gates = gates_with_boards(city, &compounds, inferred);
    if gates.is_empty() {
        return Err(anyhow!("no gate to make a board for: {}", no_gates(city, &compounds)).into());
    }
    Ok(gates)
}

/// The reason why none of the compounds has a gate with a board.
fn no_gates(city: &City, compounds: &[CompoundId]) -> &'static str {
    if compounds.is_empty() {
        "none of the compounds has a name of its own; a board at one of them is made with --compound ID"
    } else if gates_with_boards(city, compounds, true).is_empty() {
        "every gate is locked, or the compounds have none"
    } else {
        "all gates are inferred, nobody has mapped them; they get boards with --inferred"
    }
}

/// Writes the boards of `gates` into a folder. A board that fails does not stop the others.
fn many(study: &Study, settings: &Settings, gates: &[GateId], format: Format, folder: &Path) -> Outcome {
    std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    let path = |gate| folder.join(file_name(study.city(), gate, format));
    let write = |gate, bytes: &[u8]| output::write(Some(&path(gate)), bytes);
    let drawn = draw_boards(study, settings, format, gates, write)?;
    report(&drawn, folder);
    if drawn.written == 0 { Err(anyhow!("no board could be made").into()) } else { Ok(()) }
}

fn report(drawn: &DrawnBoards, folder: &Path) {
    let DrawnBoards { written, failures } = drawn;
    for failure in failures.iter().take(MOST_FAILURES) {
        notify(&format!("{}\n", clean(failure, 500)));
    }
    if failures.len() > MOST_FAILURES {
        notify(&format!("… and {} more\n", failures.len() - MOST_FAILURES));
    }
    let boards = circle_export::counted(*written, "board");
    summarize(&format!("{boards} 导视图 in {}, {} left out\n", folder.display(), failures.len()));
}

/// Keys of compound and gate and the compound's name, each in at most 40 characters that file systems accept.
fn file_name(city: &City, gate: GateId, format: Format) -> String {
    let compound = city.gates()[gate.index()].compound;
    let name = city.text(city.compounds()[compound.index()].name);
    let safe = |text: &str, also: &str| -> String {
        let allowed = |character: char| character.is_alphanumeric() || also.contains(character);
        text.chars().map(|it| if allowed(it) { it } else { '_' }).take(40).collect()
    };
    let keys = [city.compound_key(compound), city.gate_key(gate)].map(|key| safe(&key, ".-"));
    format!("{}-{}-{}.{}", keys[0], keys[1], safe(name, "-_()（）"), format.ending())
}
