//! `/api/isochrones`: the shapes reached from a place, a compound or one of its gates.

use super::{GEOJSON, start, typed};
use crate::parameters::{BANDS, Parameters};
use crate::problem::Problem;
use crate::served::Pinned;
use crate::state::{State, WalksAsked};
use axum::response::Response;
use circle_export::IsochroneAnswer;
use circle_reach::Form;

pub(super) const PARAMETERS: [&str; 7] = ["at", "compound", "gate", "minutes", "profile", "form", "at_time"];
/// What `form` takes; the first is the default.
pub(crate) const FORMS: [(&str, Form); 3] =
    [("discs", Form::Discs), ("rings", Form::Rings), ("lines", Form::Lines)];

/// A `FeatureCollection`, a feature per band; none off the network, which `origin.status` says.
pub(crate) async fn isochrones(Pinned(state): Pinned, parameters: Parameters) -> Result<Response, Problem> {
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
        edition: state.edition_at(time),
        form: Some(form),
    };
    let search = move |state: &State| {
        let (network, city) = state.at(time);
        let isochrones = circle_reach::isochrones(&network, &profile, origin, &minutes, form);
        let answer = IsochroneAnswer { id: start::origin_id(&city, origin), origin, isochrones };
        circle_export::isochrones(&city, &profile, form, &answer)
    };
    Ok(typed(GEOJSON, state.walks(asked, search).await?))
}
