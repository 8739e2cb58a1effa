//! What the command line of `circle board` selects: the settings and the gates.

use crate::args;
use crate::failure::Failure;
use crate::input;
use anyhow::anyhow;
use circle_model::{Catalogue, City};
use circle_print::{PrintError, Settings};
use circle_study::question::{
    BoardOverrides, BoardSelection, LeftOutReason, compounds_within, find_units, no_compounds,
};

/// The settings of the board file, overridden by the command line.
pub(super) fn settings(asked: &args::Board, catalogue: &Catalogue) -> Result<Settings, Failure> {
    let settings = input::boards(asked.board.as_deref(), catalogue)?;
    let mut settings = overrides(asked)?.apply(settings).map_err(usage)?;
    settings.dots_per_inch = f64::from(asked.dpi);
    settings.strict = asked.strict;
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
        sample: asked.sample.then_some(true),
    })
}

#[expect(clippy::needless_pass_by_value, reason = "`map_err` passes it by value")]
fn usage(error: PrintError) -> Failure {
    Failure::Usage(error.to_string())
}

/// The gates that the command line selects, at least one, and the compounds without any.
pub(super) fn gates(
    city: &City,
    which: &args::WhichBoards,
    inferred: bool,
) -> Result<BoardSelection, Failure> {
    let selection = if let Some(called) = &which.compound {
        BoardSelection::of(city, &[input::compound(city, called)?], true, inferred)
    } else {
        let units = |name| input::accept(find_units(city, name));
        let units = which.unit.as_deref().map(units).transpose()?;
        BoardSelection::of(city, &compounds_within(city, units.as_deref()), false, inferred)
    };
    if let Some(advice) = no_compounds(city) {
        return Err(anyhow!(advice).into());
    }
    if selection.gates.is_empty() {
        return Err(anyhow!("no gate to make a board for: {}", no_gates(&selection)).into());
    }
    Ok(selection)
}

/// The reason why none of the compounds has a gate with a board.
fn no_gates(selection: &BoardSelection) -> &'static str {
    let has = |reason| selection.left_out.iter().any(|it| it.reason == reason);
    if selection.left_out.iter().all(|it| it.reason == LeftOutReason::Unnamed) {
        "none of the compounds has a name of its own; a board at one of them is made with --compound ID"
    } else if has(LeftOutReason::InferredOnly) {
        "all gates are inferred, nobody has mapped them; they get boards with --inferred"
    } else {
        "every gate is locked, or the compounds have none"
    }
}
