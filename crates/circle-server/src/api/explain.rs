//! `/api/explain`: a walk in full, and what kept it from being shorter.

use super::{GEOJSON, start, typed};
use crate::parameters::{Parameters, whole};
use crate::problem::Problem;
use crate::state::State;
use axum::extract::State as Shared;
use axum::response::Response;
use circle_model::{City, FacilityId, Milliseconds};
use circle_reach::{Destination, Origin};
use std::sync::Arc;

pub(super) const PARAMETERS: [&str; 6] = ["from", "compound", "to", "facility", "profile", "at_time"];
/// Walks that take longer are `beyond`.
const MOST_MINUTES: u32 = 60;

/// A `FeatureCollection` of the legs and ways of the walk.
pub(crate) async fn explain(
    Shared(state): Shared<Arc<State>>,
    parameters: Parameters,
) -> Result<Response, Problem> {
    parameters.expect_only(&PARAMETERS)?;
    let from = match (parameters.text("from"), parameters.text("compound")) {
        (Some(from), None) => Origin::Place(start::place("from", from)?),
        (None, Some(compound)) => Origin::Compound(start::compound(state.city(), compound)?),
        _ => return Err(Problem::parameter("from", "give either `from=LON,LAT` or `compound=ID_OR_NAME`")),
    };
    let to = match (parameters.text("to"), parameters.text("facility")) {
        (Some(to), None) => Destination::Place(start::place("to", to)?),
        (None, Some(facility)) => Destination::Facility(known_facility(state.city(), facility)?),
        _ => return Err(Problem::parameter("to", "give either `to=LON,LAT` or `facility=ID`")),
    };
    let profile = state.profile(parameters.text("profile"))?.clone();
    let time = parameters.at_time()?;
    let search = move |state: &State| {
        let (network, city) = state.at(time);
        let limit = Milliseconds::from_minutes(MOST_MINUTES);
        let explained = circle_reach::explain(&network, &profile, from, to, limit);
        circle_export::explain_geojson(&city, &profile, &explained)
    };
    Ok(typed(GEOJSON, state.search(search).await?))
}

/// The facility of an id.
fn known_facility(city: &City, asked: &str) -> Result<FacilityId, Problem> {
    let id = whole(asked).filter(|id| (*id as usize) < city.facilities().len());
    id.map(FacilityId).ok_or_else(|| {
        Problem::NotFound(format!(
            "there is no facility `{asked}`; /api/collections/facilities/items lists them"
        ))
    })
}
