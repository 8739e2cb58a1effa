//! The summary of a built city, and warnings.

use crate::failure::is_quiet;
use circle_export::counted;
use circle_model::City;
use circle_model::city::{Carried, FindingKind, KeyOf, Severity, Since};
use circle_model::files::clean;
use std::fmt::Write;
use std::path::Path;

/// The contents of the city, then the left-out records and the first errors.
pub(crate) fn summary(city: &City, path: &Path) -> String {
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
        line(carried_keys(since));
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
    let errors = || city.findings().iter().filter(|finding| finding.severity == Severity::Error.code());
    for finding in errors().take(MOST_ERRORS) {
        let _ = writeln!(text, "{}", city.text(finding.message));
    }
    let more = errors().count().saturating_sub(MOST_ERRORS);
    if more > 0 {
        let _ = writeln!(text, "… and {more} more; `circle check {}` lists them all", path.display());
    }
    text
}

/// A line with the counts of kept, aliased, new, gone and reused keys since an earlier edition, without the
/// collections that are empty in both editions.
fn carried_keys(since: &Since) -> String {
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

/// Most errors that are printed; the quality report has all of them.
const MOST_ERRORS: usize = 20;

/// Warnings about own files as a whole, a line each. Unread rows and rejected claims change verdicts, so the
/// warnings are printed with `--quiet` too.
pub(crate) fn warnings(city: &City) -> String {
    let mut text = String::new();
    let of_file = city.findings().iter().filter(|finding| {
        (finding.severity, finding.kind) == (Severity::Warning.code(), FindingKind::OddRow.code())
            && finding.source > 0
            && finding.row == 0
    });
    for finding in of_file {
        let message = city.text(finding.message);
        // The summary already has the remarks about each file.
        let remarks = city.meta().own.get(finding.source as usize - 1).map(|file| file.remarks.as_slice());
        let is_repeated =
            |remarks: &[String]| remarks.iter().any(|remark| message.ends_with(remark.as_str()));
        if is_quiet() || !remarks.is_some_and(is_repeated) {
            let _ = writeln!(text, "{message}");
        }
    }
    text
}

/// A warning about reused keys; empty if there are none. Links, boards and files with a reused key lead to
/// another thing, and nothing else reports it, so the warning is printed with `--quiet` too.
pub(crate) fn reused_keys(since: &Since) -> String {
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

/// Longest line about a reused key, in characters; names come from files.
const LONGEST_LINE: usize = 300;
