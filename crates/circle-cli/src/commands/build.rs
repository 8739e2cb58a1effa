//! `circle build`

use super::compare::overlap;
use crate::failure::{Outcome, is_quiet, summarize, tell};
use crate::{args, input, output};
use anyhow::anyhow;
use circle_export::counted;
use circle_import::Sources;
use circle_model::City;
use circle_model::city::{Carried, FindingKind, FollowedKeys, FormerKey, KeyOf, Severity, Since};
use circle_model::files::clean;
use circle_plan::carry_keys;
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
    // Opened first, so that one that cannot be used is refused before any work, and before it is replaced, where it is
    // the output. It may have another catalogue: categories are added at the end, so that their positions stay.
    let since = match &build.since {
        Some(path) => Some((path, City::open(path)?)),
        None => None,
    };
    let sources = Sources {
        extracts: &extracts,
        elevation: &elevation,
        own: &own,
        closed_by_default: build.closed_by_default.into(),
        former_keys: since.as_ref().map(|(_, since)| &since.meta().followed_keys),
    };
    let mut city = input::sources(&sources)?;
    if let Some((path, since)) = &since {
        if !overlap(since, &city) {
            return Err(anyhow!(
                "{}: it shares no ground with the extract; --since takes an earlier city file of the same place",
                path.display()
            )
            .into());
        }
        city = carry_keys(&city, since)?.0;
        // What a former key is now is known only here, and a correction may name one.
        let stale = city.findings().iter().any(|finding| finding.kind == FindingKind::CorrectionStale.code());
        let former_keys = former_keys(&city, &since.meta().followed_keys);
        if stale && former_keys != since.meta().followed_keys {
            let again = input::sources(&Sources { former_keys: Some(&former_keys), ..sources })?;
            city = carry_keys(&again, since)?.0;
        }
    }
    output::write(Some(&build.output), city.as_bytes())?;
    summarize(&summary(&city, &build.output));
    tell(&warnings(&city));
    tell(&city.meta().since.as_ref().map_or_else(String::new, reused_keys));
    Ok(())
}

/// What former keys are now. Those that corrections followed in the earlier edition go on from where they led: what was
/// left out there has no alias.
fn former_keys(city: &City, followed: &FollowedKeys) -> FollowedKeys {
    let mut aliases = FollowedKeys::default();
    for former in city.former_keys().iter().filter(|former| former.row != FormerKey::GONE) {
        let of = KeyOf::from_code(former.of);
        aliases.add(of, city.text(former.text), &city.key_of(of, former.row));
    }
    let mut keys = aliases.clone();
    for of in KeyOf::ALL.iter().copied() {
        for (former, present) in followed.pairs(of) {
            keys.add(of, former, aliases.get(of, present).unwrap_or(present));
        }
    }
    keys
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

/// Warns of reused keys: links, boards and files that hold one now lead to another thing, and nothing else says so.
/// Printed with `--quiet` too. Empty where there is none.
fn reused_keys(since: &Since) -> String {
    let count = KeyOf::ALL.iter().map(|of| since.keys.of(*of).reused).fold(0, usize::saturating_add);
    if count == 0 {
        return String::new();
    }
    let mut text = format!(
        "编号重复使用 {} reused since edition {}: links, boards, ledgers and corrections with them now name \
         another thing; give new records new ids\n",
        counted(count, "key"),
        since.edition
    );
    let or_none = |name: &str| if name.is_empty() { "(no name)".to_owned() } else { name.to_owned() };
    for reused in &since.reused {
        let [before, after] = [reused.name_before.as_str(), reused.name_after.as_str()].map(or_none);
        let (collection, key, metres) = (&reused.collection, &reused.key, reused.distance_metres);
        let line = format!("{collection} {key}: {before} is now {after}, {metres} m away");
        let _ = writeln!(text, "  {}", clean(&line, LONGEST_LINE));
    }
    let more = count.saturating_sub(since.reused.len());
    if more > 0 {
        let _ = writeln!(text, "  … and {more} more");
    }
    text
}

/// Characters of a line on a reused key: names come from files.
const LONGEST_LINE: usize = 300;

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
    if let Some(since) = &meta.since {
        line(carried_on(since));
    }
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

/// What became of the keys of an earlier edition, in one line: collections that neither edition has anything of are
/// left out.
fn carried_on(since: &Since) -> String {
    let zh = |of: KeyOf| match of {
        KeyOf::Compound => "小区",
        KeyOf::Gate => "出入口",
        KeyOf::Facility => "设施",
        KeyOf::Unit => "行政单位",
        KeyOf::Candidate => "闲置空间",
        KeyOf::Building => "楼栋",
    };
    let counts = KeyOf::ALL.iter().map(|of| (*of, *since.keys.of(*of)));
    let counts = counts.filter(|(_, counts)| *counts != Carried::default());
    let parts: Vec<String> = counts
        .map(|(of, Carried { kept, aliased, new, gone, reused })| {
            let reused = if reused > 0 { format!(", {reused} reused") } else { String::new() };
            format!("{} {} {kept} kept, {aliased} aliased, {new} new, {gone} gone{reused}", of.word(), zh(of))
        })
        .collect();
    format!("keys since edition {}: {}", since.edition, parts.join("; "))
}

/// Rows left out that are named at once; the rest are in the quality report.
const MOST_ERRORS: usize = 20;
