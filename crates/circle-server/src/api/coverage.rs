//! `/api/coverage`: how every compound stands in every category.

use super::{CSV, GEOJSON, start, typed};
use crate::etag::wants_csv;
use crate::parameters::{BANDS, Parameters};
use crate::problem::Problem;
use crate::state::{CoverageAsked, CoverageForm, State};
use axum::body::Bytes;
use axum::extract::State as Shared;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::Response;
use circle_export::{CoverageSelection, Statement};
use circle_plan::{Level, Resolution};
use std::fmt::Write;
use std::sync::Arc;

const PARAMETERS: [&str; 7] = ["rules", "by", "only", "compound", "profile", "minutes", "at_time"];
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

/// A `FeatureCollection`, a feature per compound or unit, or the long table where `Accept` names `text/csv`.
pub(crate) async fn coverage(
    Shared(state): Shared<Arc<State>>,
    headers: HeaderMap,
    parameters: Parameters,
) -> Result<Response, Problem> {
    parameters.expect_only(&PARAMETERS)?;
    let level = parameters.word("by", &LEVELS)?;
    let only_rules = parameters.text("only").is_some();
    parameters.word("only", &[("rules", ())])?;
    let rules = state.rules(parameters.text("rules"))?.clone();
    let profile = state.profile(parameters.text("profile"))?.clone();
    let minutes = parameters.minutes()?.unwrap_or_else(|| BANDS.to_vec());
    let asked = CoverageAsked { rules, profile, minutes, at_time: parameters.at_time()? };
    let compound =
        parameters.text("compound").map(|asked| start::compound(state.city(), asked)).transpose()?;
    if level.is_some() && (compound.is_some() || only_rules) {
        let message = "units are added up over all compounds and the rule set's lines; `compound` and `only` do not \
                       go with it";
        return Err(Problem::parameter("by", message.to_owned()));
    }
    if level.is_some_and(|level| level.groups(state.city()).is_empty()) {
        let there = LEVELS
            .iter()
            .filter(|(_, level)| level.is_none_or(|level| !level.groups(state.city()).is_empty()));
        return Err(Problem::NoSuch {
            what: "level with units in this city",
            asked: parameters.text("by").unwrap_or_default().to_owned(),
            choices: there.map(|(word, _)| (*word).to_owned()).collect(),
        });
    }
    let csv = wants_csv(&headers);
    let said = asked.clone();
    let search = move |state: &State| {
        if let Some(level) = level {
            return state.written_roll_up(&asked, level, csv);
        }
        if compound.is_none() {
            return state.written_coverage(&asked, CoverageForm { csv, only_rules });
        }
        let selection = CoverageSelection { only_rules, compound };
        Bytes::from(state.write_coverage(&asked, csv, selection))
    };
    let statement = csv.then(|| state.statement(&said, level.is_some()));
    let mut answer = typed(if csv { CSV } else { GEOJSON }, state.search(search).await?);
    // A table has no place for it.
    if let Some(statement) = statement.and_then(|statement| HeaderValue::try_from(in_ascii(&statement)).ok())
    {
        answer.headers_mut().insert(STATEMENT, statement);
    }
    Ok(answer)
}

/// Where a CSV answer says what was assumed, as JSON.
const STATEMENT: HeaderName = HeaderName::from_static("circle-statement");

/// JSON with everything but ASCII escaped, as headers want it.
fn in_ascii(statement: &Statement) -> String {
    let mut ascii = String::new();
    for char in serde_json::to_string(statement).unwrap_or_default().chars() {
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
