//! Files of the user: profiles, rule sets, limits of access legs, settings of boards.

use crate::args::{Judging, Walking};
use crate::failure::Failure;
use anyhow::{Context, bail};
use circle_model::city::Input;
use circle_model::files::read_text;
use circle_model::{Catalogue, LegLimits, Profile, Profiles, RuleSet};
use circle_print::Settings;
use circle_study::question::CoverageQuestion;
use circle_study::{find_profile, find_rules};
use std::path::{Path, PathBuf};

/// The question about coverage that the command line asks.
pub(crate) fn coverage_question(judging: &Judging) -> Result<CoverageQuestion, Failure> {
    let profile = profile(&judging.walking.profile)?;
    let rules = rules(&judging.rules)?;
    CoverageQuestion::new(rules, profile, &judging.minutes, judging.walking.at_time, judging.evidence())
        .map_err(Failure::refused)
}

/// All files that a command reads: the profile, rule set and limits that are files of the user, and `others`.
/// No output may replace them.
pub(crate) fn files(
    walking: &Walking,
    rules: Option<&str>,
    others: impl IntoIterator<Item = impl AsRef<Path>>,
) -> Vec<PathBuf> {
    let profile = profile_path(&walking.profile);
    let rules = rules.map(PathBuf::from).filter(|path| is_toml(path));
    let of_user = profile.into_iter().chain(rules).chain(walking.legs.clone());
    of_user.chain(others.into_iter().map(|path| path.as_ref().to_owned())).collect()
}

/// Limits of access legs from a file, or the default limits.
pub(crate) fn legs(path: Option<&Path>) -> anyhow::Result<LegLimits> {
    let Some(path) = path else { return Ok(LegLimits::default()) };
    let text = read_text(path).with_context(|| path.display().to_string())?;
    LegLimits::parse(&text).with_context(|| path.display().to_string())
}

/// A profile by its id, or from a file of the user: `mine.toml`, or `mine.toml:ID` if the file holds several.
pub(crate) fn profile(id_or_file: &str) -> Result<Profile, Failure> {
    let (file, id) = profile_file(id_or_file);
    let profiles = match &file {
        Some(file) => profiles(Path::new(file))?,
        None => Profiles::built_in(),
    };
    let Some(id) = id.or_else(|| match profiles.iter().as_slice() {
        [one] => Some(one.id.as_str()),
        _ => None,
    }) else {
        let ids = profiles.iter().map(|profile| format!("{id_or_file}:{}", profile.id));
        return Err(Failure::Usage(format!(
            "{id_or_file} holds several profiles; ask for one: {}",
            ids.collect::<Vec<_>>().join(", ")
        )));
    };
    find_profile(&profiles, id).cloned().map_err(Failure::refused)
}

/// The file of a profile; `None` for a built-in one.
pub(crate) fn profile_path(id_or_file: &str) -> Option<PathBuf> {
    profile_file(id_or_file).0.map(PathBuf::from)
}

/// File and id of a profile; no file for a built-in one.
fn profile_file(id_or_file: &str) -> (Option<String>, Option<&str>) {
    match id_or_file.rsplit_once(".toml") {
        Some((stem, "")) => (Some(format!("{stem}.toml")), None),
        Some((stem, id)) if id.starts_with(':') => (Some(format!("{stem}.toml")), Some(&id[1..])),
        _ => (None, Some(id_or_file)),
    }
}

/// The profiles of a file.
pub(crate) fn profiles(path: &Path) -> anyhow::Result<Profiles> {
    let text = read_text(path).with_context(|| path.display().to_string())?;
    let profiles = Profiles::parse(&text).with_context(|| path.display().to_string())?;
    Ok(profiles.read_from(&Input::of(path, text.as_bytes())))
}

/// A rule set by its id, or from a file of the user.
pub(crate) fn rules(id: &str) -> Result<RuleSet, Failure> {
    let path = Path::new(id);
    if is_toml(path) {
        return Ok(read_rules(path)?);
    }
    find_rules(&RuleSet::built_in(), id).cloned().map_err(Failure::refused)
}

/// The built-in rule sets, then those of the user's files. Their ids are unique.
pub(crate) fn rule_sets(paths: &[PathBuf]) -> anyhow::Result<Vec<RuleSet>> {
    let mut sets = RuleSet::built_in();
    for path in paths {
        let rules = read_rules(path)?;
        if sets.iter().any(|other| other.id == rules.id) {
            bail!(
                "{}: another rule set has `id = \"{}\"` already; choose another id",
                path.display(),
                rules.id
            );
        }
        sets.push(rules);
    }
    Ok(sets)
}

fn read_rules(path: &Path) -> anyhow::Result<RuleSet> {
    let text = read_text(path).with_context(|| path.display().to_string())?;
    let rules = RuleSet::parse(&text).with_context(|| path.display().to_string())?;
    Ok(RuleSet { read_from: Some(Input::of(path, text.as_bytes())), ..rules })
}

/// Settings of boards from a board file, or the built-in ones. The path of the logo is relative to the board
/// file.
pub(crate) fn boards(path: Option<&Path>, catalogue: &Catalogue) -> anyhow::Result<Settings> {
    let Some(path) = path else { return Ok(Settings::built_in(catalogue)) };
    let text = read_text(path).with_context(|| path.display().to_string())?;
    let folder = path.parent().unwrap_or(Path::new(""));
    Settings::parse(&text, folder, catalogue).with_context(|| path.display().to_string())
}

fn is_toml(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("toml"))
}
