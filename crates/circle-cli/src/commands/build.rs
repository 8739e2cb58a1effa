//! `circle build`

use crate::failure::{Failure, Outcome, notify, summarize};
use crate::report::build::{reused_keys, summary, warnings};
use crate::{args, input, output};
use anyhow::anyhow;
use circle_import::{OwnSource, Sources};
use circle_model::City;
use circle_model::city::{FindingKind, FollowedKeys, FormerKey, KeyOf};
use circle_plan::carry_keys;
use circle_study::compare::overlap;
use std::path::{Path, PathBuf};

pub(crate) fn run(build: &args::Build) -> Outcome {
    check_output(build)?;
    let city = read(build)?;
    output::write(Some(&build.output), city.as_bytes())?;
    summarize(&summary(&city, &build.output));
    notify(&warnings(&city));
    notify(&city.meta().since.as_ref().map_or_else(String::new, reused_keys));
    Ok(())
}

/// Reads the sources into a city, with the keys of an earlier edition.
fn read(build: &args::Build) -> Result<City, Failure> {
    // Opened first, so that an unusable file is rejected at once, and before the output replaces it. It may
    // have another catalogue: new categories are appended, so the positions of the others do not change.
    let since = match &build.since {
        Some(path) => Some((path, City::open(path)?)),
        None => None,
    };
    let extracts: Vec<&Path> = build.extracts.iter().map(PathBuf::as_path).collect();
    let elevation: Vec<&Path> = build.elevation.iter().map(PathBuf::as_path).collect();
    let own: Vec<OwnSource<'_>> = build.own.iter().map(|path| OwnSource::List(path)).collect();
    let sources = Sources {
        extracts: &extracts,
        elevation: &elevation,
        own: &own,
        closed_by_default: build.closed_by_default.into(),
        former_keys: since.as_ref().map(|(_, since)| &since.meta().followed_keys),
    };
    let city = input::sources(&sources)?;
    match &since {
        Some((path, since)) => since_earlier(&city, path, since, sources),
        None => Ok(city),
    }
}

/// Checks that the output replaces none of the inputs, the planner's own files included.
fn check_output(build: &args::Build) -> Result<(), Failure> {
    let mut inputs = [build.extracts.as_slice(), &build.elevation, &build.own].concat();
    for list in &build.own {
        inputs.extend(circle_import::own_files(list)?);
    }
    output::check_output(Some(&build.output), &inputs)
}

/// The city with the keys of an earlier edition carried over.
fn since_earlier(city: &City, path: &Path, since: &City, sources: Sources<'_>) -> Result<City, Failure> {
    if !overlap(since, city) {
        return Err(anyhow!(
            "{}: it does not overlap the extract; --since takes an earlier city file of the same place",
            path.display()
        )
        .into());
    }
    let carried = carry_keys(city, since)?.0;
    // A correction may name a former key, and the present key of a former one is only known from here on.
    let stale = carried.findings().iter().any(|finding| finding.kind == FindingKind::CorrectionStale.code());
    let followed = &since.meta().followed_keys;
    let former_keys = former_keys(&carried, followed);
    if !stale || former_keys == *followed {
        return Ok(carried);
    }
    let again = input::sources(&Sources { former_keys: Some(&former_keys), ..sources })?;
    Ok(carry_keys(&again, since)?.0)
}

/// The present keys of former ones. Keys that corrections followed in the earlier edition are followed
/// further, since records that the earlier edition left out have no alias.
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
