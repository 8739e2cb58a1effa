//! `/api/coverage`: how every compound stands in every category.

use super::{CSV, GEOJSON, start, typed};
use crate::etag::wants_csv;
use crate::parameters::{BANDS, Parameters};
use crate::problem::Problem;
use crate::state::{CoverageAsked, CoverageForm, State};
use axum::body::Bytes;
use axum::extract::State as Shared;
use axum::http::HeaderMap;
use axum::response::Response;
use circle_export::CoverageSelection;
use circle_plan::{Level, Resolution};
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
    let csv = wants_csv(&headers);
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
    Ok(typed(if csv { CSV } else { GEOJSON }, state.search(search).await?))
}
