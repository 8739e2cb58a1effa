//! `circle build`

use crate::failure::{Outcome, is_quiet, summarize, tell};
use crate::{args, input, output};
use circle_export::counted;
use circle_import::Sources;
use circle_model::City;
use circle_model::city::{FindingKind, Severity};
use std::fmt::Write;
use std::path::{Path, PathBuf};

pub(crate) fn run(build: &args::Build) -> Outcome {
    let extracts: Vec<&Path> = build.extracts.iter().map(PathBuf::as_path).collect();
    let elevation: Vec<&Path> = build.elevation.iter().map(PathBuf::as_path).collect();
    let own: Vec<&Path> = build.own.iter().map(PathBuf::as_path).collect();
    let mut own_files: Vec<PathBuf> = Vec::new();
    for list in &own {
        own_files.extend(circle_import::own_files(list)?);
    }
    let own_files: Vec<&Path> = own_files.iter().map(PathBuf::as_path).collect();
    output::spares(Some(&build.output), &[extracts.as_slice(), &elevation, &own, &own_files].concat())?;
    let city = input::sources(&Sources {
        extracts: &extracts,
        elevation: &elevation,
        own: &own,
        closed_by_default: build.closed_by_default.into(),
    })?;
    output::write(Some(&build.output), city.as_bytes())?;
    summarize(&summary(&city, &build.output));
    tell(&warnings(&city));
    Ok(())
}

/// Warnings on own files as a whole, a line each. Unread rows and rejected claims change verdicts, so the warnings are
/// printed with `--quiet` too.
fn warnings(city: &City) -> String {
    let mut text = String::new();
    let of_file = city.findings().iter().filter(|finding| {
        (finding.severity, finding.kind) == (Severity::Warning.code(), FindingKind::OddRow.code())
            && finding.source > 0
            && finding.row == 0
    });
    for finding in of_file {
        let message = city.text(finding.message);
        // The summary has the remarks on each file.
        let said = city.meta().own.get(finding.source as usize - 1).map(|file| file.said.as_slice());
        let is_said = |said: &[String]| said.iter().any(|said| message.ends_with(said.as_str()));
        if is_quiet() || !said.is_some_and(is_said) {
            let _ = writeln!(text, "{message}");
        }
    }
    text
}

/// The answer first, then what was left out.
fn summary(city: &City, path: &Path) -> String {
    let meta = city.meta();
    let named = city.compounds().iter().filter(|compound| compound.generated_name == 0).count();
    let mut text = String::new();
    let mut line = |line: String| {
        let _ = writeln!(text, "{line}");
    };
    line(format!(
        "{} 小区 ({named} named), {} 出入口, {} 设施, {} 行政单位",
        counted(city.compounds().len(), "compound"),
        counted(city.gates().len(), "gate"),
        counted(city.facilities().len(), "facility"),
        counted(city.units().len(), "unit")
    ));
    let network = &meta.network;
    line(format!(
        "{:.0} km to walk on, {:.1} % of it in one piece; {}, {}",
        network.walkable_km,
        network.largest_component_share * 100.0,
        counted(network.nodes, "junction"),
        counted(network.edges, "edge")
    ));
    line(format!(
        "{} written; map data of {}",
        path.display(),
        meta.data_date.as_deref().unwrap_or("unknown date")
    ));
    let skipped: Vec<String> = meta
        .skipped
        .iter()
        .filter(|(_, count)| **count > 0)
        .map(|(reason, count)| format!("{count} {}", reason.replace('_', " ")))
        .collect();
    if !skipped.is_empty() {
        line(format!("left out or joined: {}", skipped.join(", ")));
    }
    if let Some(estimate) = circle_export::population_estimate(city) {
        let _ = writeln!(text, "{estimate}");
    }
    text.push_str(&circle_export::own_files_summary(city));
    let grave = || city.findings().iter().filter(|finding| finding.severity == Severity::Error.code());
    for finding in grave().take(MOST_ERRORS) {
        let _ = writeln!(text, "{}", city.text(finding.message));
    }
    let more = grave().count().saturating_sub(MOST_ERRORS);
    if more > 0 {
        let _ = writeln!(text, "… and {more} more; `circle check {}` lists them all", path.display());
    }
    text
}

/// Rows left out that are named at once; the rest are in the quality report.
const MOST_ERRORS: usize = 20;
