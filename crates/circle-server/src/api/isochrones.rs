//! `/api/isochrones`: the shapes reached from a place or a compound.

use super::{GEOJSON, start, typed};
use crate::parameters::{BANDS, Parameters};
use crate::problem::Problem;
use crate::state::{State, WalksAsked};
use axum::extract::State as Shared;
use axum::response::Response;
use circle_export::IsochroneAnswer;
use circle_reach::Form;
use std::sync::Arc;

const PARAMETERS: [&str; 6] = ["at", "compound", "minutes", "profile", "form", "at_time"];
/// What `form` takes; the first is the default.
pub(crate) const FORMS: [(&str, Form); 3] =
    [("discs", Form::Discs), ("rings", Form::Rings), ("lines", Form::Lines)];

/// A `FeatureCollection`, a feature per band; none off the network, which `origin.status` says.
pub(crate) async fn isochrones(
    Shared(state): Shared<Arc<State>>,
    parameters: Parameters,
) -> Result<Response, Problem> {
    parameters.expect_only(&PARAMETERS)?;
    let origin = start::origin(state.city(), &parameters)?;
    let minutes = parameters.minutes()?.unwrap_or_else(|| BANDS.to_vec());
    let form = parameters.word("form", &FORMS)?;
    let profile = state.profile(parameters.text("profile"))?.clone();
    let time = parameters.at_time()?;
    let asked = WalksAsked {
        origin,
        minutes: minutes.clone(),
        profile: profile.id.clone(),
        at_time: time.map(|time| time.to_string()),
        form: Some(form),
    };
    let search = move |state: &State| {
        let (network, city) = state.at(time);
        let isochrones = circle_reach::isochrones(&network, &profile, origin, &minutes, form);
        let answer = IsochroneAnswer { id: start::origin_id(origin), origin, isochrones };
        circle_export::isochrones(&city, &profile, form, &answer)
    };
    Ok(typed(GEOJSON, state.walks(asked, search).await?))
}
