//! `/api/coverage`: how every compound stands in every category.

use super::{formats, marked, offered, start, typed};
use crate::keys::Slot;
use crate::parameters::{BANDS, Parameters};
use crate::problem::Problem;
use crate::served::Pinned;
use crate::state::{CoverageAsked, CoveragePart, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::Response;
use circle_export::FileFormat;
use circle_model::City;
use circle_plan::{Level, Resolution};
use std::fmt::Write;

pub(super) const PARAMETERS: [&str; 11] = [
    "rules",
    "by",
    "line",
    "only",
    "compound",
    "profile",
    "minutes",
    "at_time",
    "as_mapped",
    "format",
    "download",
];
/// The levels that results roll up to; compounds stand for themselves.
pub(super) const LEVELS: [(&str, Option<Level>); 7] = [
    ("compound", None),
    ("grid", Some(Level::Grid)),
    ("community", Some(Level::Community)),
    ("subdistrict", Some(Level::Subdistrict)),
    ("district", Some(Level::District)),
    ("city", Some(Level::City)),
    ("h3", Some(Level::H3(Resolution::Eight))),
];

/// A `FeatureCollection`, a feature per compound or unit, or the same as a file of another format; the long table where
/// `Accept` names `text/csv`.
pub(crate) async fn coverage(
    Pinned(state): Pinned,
    headers: HeaderMap,
    parameters: Parameters,
) -> Result<Response, Problem> {
    parameters.expect_only(&PARAMETERS)?;
    let asked = asked(&state, &parameters)?;
    let part = part(&state, &parameters, &headers)?;
    let (format, of_units) = match &part {
        CoveragePart::Units { format, .. } => (*format, true),
        CoveragePart::Compounds { format, .. } => (*format, false),
        CoveragePart::Verdicts => (FileFormat::Geojson, false),
    };
    let basis = if asked.as_mapped { "-as-mapped" } else { "" };
    let name = format!("coverage-{}-{}{basis}.{}", asked.rules.id, asked.profile.id, format.word());
    let stated = (format == FileFormat::Csv).then(|| asked.clone());
    let written = state.written_coverage(asked, part).await?;
    let mut answer = typed(format.media_type(), marked(written, format, &parameters)?);
    // A table has no place for it.
    if let Some(asked) = stated {
        let statement = state.search(move |state| state.statement(&asked, of_units)).await?;
        let unwritten = |error: &dyn std::fmt::Display| Problem::unwritten("a statement", error);
        let statement = serde_json::to_string(&statement).map_err(|error| unwritten(&error))?;
        let statement = HeaderValue::try_from(in_ascii(&statement)).map_err(|error| unwritten(&error))?;
        answer.headers_mut().insert(STATEMENT, statement);
    }
    offered(answer, &parameters, &name)
}

/// What is judged, by what, for whom, and when.
///
/// # Errors
/// When there is no such rule set, profile, band or time.
pub(super) fn asked(state: &State, parameters: &Parameters) -> Result<CoverageAsked, Problem> {
    let at_time = parameters.at_time()?;
    Ok(CoverageAsked {
        rules: state.rules(parameters.text("rules"))?.clone(),
        profile: state.profile(parameters.text("profile"))?.clone(),
        minutes: parameters.minutes()?.unwrap_or_else(|| BANDS.to_vec()),
        at_time,
        edition: state.edition_at(at_time),
        as_mapped: parameters.word("as_mapped", &[("false", false), ("true", true)])?,
    })
}

/// Which part is wanted, and as what.
fn part(state: &State, parameters: &Parameters, headers: &HeaderMap) -> Result<CoveragePart, Problem> {
    let level = parameters.word("by", &LEVELS)?;
    let only_rules = parameters.text("only").is_some();
    parameters.word("only", &[("rules", ())])?;
    let line = parameters.text("line").map(str::to_owned);
    let known = |asked| start::compound(state.city(), asked, Slot::Parameter("compound"), parameters);
    let compound = parameters.text("compound").map(known).transpose()?;
    let format = formats::asked(parameters, headers)?;
    let Some(level) = level else {
        if !matches!(format, FileFormat::Csv | FileFormat::Geojson) && compound.is_some() {
            let message = "files of this format hold every compound; `compound` goes with geojson and csv";
            return Err(Problem::parameter("format", message));
        }
        return Ok(CoveragePart::Compounds { only_rules, line, compound, format });
    };
    if compound.is_some() || only_rules {
        let message = "units are added up over all compounds and the rule set's lines; `compound` and `only` do not \
                       go with it";
        return Err(Problem::parameter("by", message.to_owned()));
    }
    if level.groups(state.city()).is_empty() {
        return Err(Problem::NoSuch {
            what: "level with units in this city",
            asked: parameters.text("by").unwrap_or_default().to_owned(),
            choices: levels(state.city()).map(|(word, _)| word.to_owned()).collect(),
        });
    }
    Ok(CoveragePart::Units { level, line, format })
}

/// The levels that this city has anything of.
pub(super) fn levels(city: &City) -> impl Iterator<Item = (&'static str, Option<Level>)> {
    LEVELS.into_iter().filter(move |(_, level)| level.is_none_or(|level| !level.groups(city).is_empty()))
}

/// Where a CSV answer says what was assumed, as JSON.
pub(crate) const STATEMENT: HeaderName = HeaderName::from_static("circle-statement");

/// JSON with everything but ASCII escaped, as headers want it.
fn in_ascii(json: &str) -> String {
    let mut ascii = String::new();
    for char in json.chars() {
        if char.is_ascii() {
            ascii.push(char);
        } else {
            for unit in char.encode_utf16(&mut [0; 2]) {
                // Writing to memory cannot fail.
                let _ = write!(ascii, "\\u{unit:04x}");
            }
        }
    }
    ascii
}
