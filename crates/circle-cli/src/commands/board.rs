//! `circle board`

use crate::args::{self, BoardFormat};
use crate::failure::{Failure, Outcome, summarize, tell};
use crate::{input, output};
use anyhow::{Context, anyhow};
use circle_model::city::KeyOf;
use circle_model::{Catalogue, City, CompoundId, GateId};
use circle_print::{Board, Format, PrintError, Settings};
use circle_reach::Network;
use rayon::prelude::*;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

pub(crate) fn run(asked: &args::Board) -> Outcome {
    let catalogue = Catalogue::built_in();
    let settings = settings(asked, &catalogue)?;
    let profile = asked.profile.as_deref().and_then(input::profile_path);
    let files = [Some(asked.city.clone()), asked.board.clone(), settings.logo_file.clone(), profile];
    output::spares(Some(&asked.output), &files.into_iter().flatten().collect::<Vec<_>>())?;
    let folder = asked.which.compound.is_none() || (asked.gate.is_none() && names_folder(&asked.output));
    if folder && asked.output.is_file() {
        let output = asked.output.display();
        return Err(Failure::Usage(format!("{output} is a file; several boards go into a folder")));
    }
    if !folder && asked.output.is_dir() {
        let output = asked.output.display();
        return Err(Failure::Usage(format!(
            "{output} is a folder; one board goes into a file, such as board.pdf"
        )));
    }
    let format = format(asked, folder)?;
    let city = input::city(&asked.city)?;
    if !folder {
        let called = asked.which.compound.as_deref().unwrap_or_default();
        let compound = input::compound(&city, called)?;
        if let Some(gate) = &asked.gate {
            // Says what a former key is now, or that it is gone.
            input::by_key(&city, KeyOf::Gate, gate)?;
        }
        let gate = circle_print::gate_of(&city, compound, asked.gate.as_deref(), settings.inferred)?;
        let network = Network::build(&city).small();
        let bytes = Board::draw(&network, &catalogue, &settings, gate)?.bytes(format)?;
        return Ok(output::write(Some(&asked.output), &bytes)?);
    }
    let gates = gates(&city, &asked.which, settings.inferred)?;
    many(&city, &catalogue, &settings, &gates, format, &asked.output)
}

/// A folder that is there, or a name that ends as a folder's.
fn names_folder(output: &Path) -> bool {
    output.is_dir() || output.as_os_str().to_string_lossy().ends_with(std::path::MAIN_SEPARATOR)
}

/// The board file, and what the command line says otherwise.
fn settings(asked: &args::Board, catalogue: &Catalogue) -> Result<Settings, Failure> {
    let mut settings = input::boards(asked.board.as_deref(), catalogue)?;
    if let Some(size) = asked.size {
        settings.page = size;
    }
    settings.landscape |= asked.landscape;
    settings.bleed |= asked.bleed;
    settings.crop_marks |= asked.crop_marks;
    settings.inferred |= asked.inferred;
    settings.north_up |= asked.north_up;
    settings.dots_per_inch = f64::from(asked.dpi);
    if asked.faces.is_some() {
        settings.faces_asked = asked.faces;
        settings.north_up = false;
    }
    if let Some(profile) = &asked.profile {
        settings.profile = input::profile(profile)?;
    }
    if !asked.minutes.is_empty() {
        let minutes = input::bands(&asked.minutes)?;
        settings = settings.with_minutes(&minutes).map_err(usage)?;
    }
    if let Some(address) = &asked.address {
        settings = settings.with_address(address).map_err(usage)?;
    }
    if !asked.categories.is_empty() {
        settings = settings.with_categories(&asked.categories, catalogue).map_err(usage)?;
    }
    Ok(settings)
}

#[expect(clippy::needless_pass_by_value, reason = "it is what `map_err` gives")]
fn usage(error: PrintError) -> Failure {
    Failure::Usage(error.to_string())
}

fn format(asked: &args::Board, folder: bool) -> Result<Format, Failure> {
    if let Some(format) = asked.format {
        return Ok(match format {
            BoardFormat::Pdf => Format::Pdf,
            BoardFormat::Svg => Format::Svg,
            BoardFormat::Png => Format::Png,
        });
    }
    if folder {
        return Ok(Format::Pdf);
    }
    let ending = asked.output.extension().and_then(|ending| ending.to_str());
    ending.and_then(Format::of_ending).ok_or_else(|| {
        Failure::Usage(format!(
            "{}: end the name in .pdf, .svg or .png, or say --format; for all gates of a compound give a folder",
            asked.output.display()
        ))
    })
}

/// The gates asked for, by compound.
fn gates(city: &City, which: &args::WhichBoards, inferred: bool) -> Result<Vec<GateId>, Failure> {
    let compounds: Vec<CompoundId> = if let Some(called) = &which.compound {
        vec![input::compound(city, called)?]
    } else {
        let named = (0..).zip(city.compounds()).filter(|(_, compound)| compound.generated_name == 0);
        let unit = which.unit.as_deref().map(|name| units(city, name)).transpose()?;
        let inside =
            |units: &[u32; 4]| unit.as_ref().is_none_or(|of| units.iter().any(|unit| of.contains(unit)));
        named.filter(|(_, compound)| inside(&compound.units)).map(|(row, _)| CompoundId(row)).collect()
    };
    let mut gates: Vec<GateId> = compounds
        .into_iter()
        .flat_map(|compound| circle_print::boards_of(city, compound, inferred))
        .collect();
    // Neighbours one after the other, so that the part of the city that is being walked is all that is kept.
    gates.sort_by_key(|gate| {
        let at = city.gates()[gate.index()].point;
        let strip = at.lat.div_euclid(STRIP);
        (strip, if strip % 2 == 0 { at.lon } else { -at.lon })
    });
    Ok(gates)
}

/// Height of a strip of the city, in 10⁻⁷ degrees: about two kilometres.
const STRIP: i32 = 200_000;

/// The unit of a key, else those of a name.
fn units(city: &City, name: &str) -> anyhow::Result<Vec<u32>> {
    if let Some(row) = input::by_key(city, KeyOf::Unit, name)? {
        return Ok(vec![row]);
    }
    let rows = (0u32..).zip(city.units()).filter(|(_, unit)| city.text(unit.name) == name);
    let found: Vec<u32> = rows.map(|(row, _)| row).collect();
    if found.is_empty() {
        let mut known: Vec<&str> =
            city.units().iter().filter_map(|unit| city.text_or_none(unit.name)).collect();
        known.sort_unstable();
        known.dedup();
        return Err(anyhow!("no 区, 街道 or 社区 `{name}`; there are: {}", known.join(", ")));
    }
    Ok(found)
}

/// One bad board does not keep the others from being made.
fn many(
    city: &City,
    catalogue: &Catalogue,
    settings: &Settings,
    gates: &[GateId],
    format: Format,
    folder: &Path,
) -> Outcome {
    if let Some(what) = input::no_compounds(city) {
        return Err(anyhow!(what).into());
    }
    if gates.is_empty() {
        return Err(anyhow!(
            "no gate to make a board for: those that were only inferred have none, unless --inferred is said"
        )
        .into());
    }
    std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    let network = Network::build(city).small();
    network.prepare_facilities();
    let written = AtomicUsize::new(0);
    let failed: Vec<String> = gates
        .par_iter()
        .map(|gate| -> anyhow::Result<Option<String>> {
            let board = Board::draw(&network, catalogue, settings, *gate);
            let bytes = match board.and_then(|board| board.bytes(format)) {
                Ok(bytes) => bytes,
                Err(error) => return Ok(Some(error.to_string())),
            };
            let path = folder.join(format!("{}.{}", file_name(city, *gate), format.ending()));
            output::write(Some(&path), &bytes)?;
            written.fetch_add(1, Ordering::Relaxed);
            Ok(None)
        })
        .collect::<anyhow::Result<Vec<_>>>()?
        .into_iter()
        .flatten()
        .collect();
    for what in failed.iter().take(20) {
        tell(&format!("{}\n", circle_model::files::clean(what, 500)));
    }
    if failed.len() > 20 {
        tell(&format!("… and {} more\n", failed.len() - 20));
    }
    let written = written.into_inner();
    summarize(&format!(
        "{} 导视图 in {}, {} left out\n",
        circle_export::counted(written, "board"),
        folder.display(),
        failed.len()
    ));
    if written == 0 { Err(anyhow!("no board could be made").into()) } else { Ok(()) }
}

/// Keys of the compound and the gate, and the compound's name, as far as file systems take them.
fn file_name(city: &City, gate: GateId) -> String {
    let compound = city.gates()[gate.index()].compound;
    let name = city.text(city.compounds()[compound.index()].name);
    let safe = |text: &str, also: &str| -> String {
        let allowed = |character: char| character.is_alphanumeric() || also.contains(character);
        text.chars().map(|it| if allowed(it) { it } else { '_' }).take(40).collect()
    };
    let keys = [city.compound_key(compound), city.gate_key(gate)].map(|key| safe(&key, ".-"));
    format!("{}-{}-{}", keys[0], keys[1], safe(name, "-_()（）"))
}
