//! `/api/explain`: a walk in full, and what kept it from being shorter.

use super::{GEOJSON, start, typed};
use crate::parameters::Parameters;
use crate::problem::Problem;
use crate::state::State;
use axum::extract::State as Shared;
use axum::response::Response;
use circle_model::{Milliseconds, Point};
use std::sync::Arc;

const PARAMETERS: [&str; 4] = ["from", "to", "profile", "at_time"];
/// Walks that take longer are `beyond`.
const MOST_MINUTES: u32 = 60;

/// A `FeatureCollection` of the legs and ways of the walk.
pub(crate) async fn explain(
    Shared(state): Shared<Arc<State>>,
    parameters: Parameters,
) -> Result<Response, Problem> {
    parameters.expect_only(&PARAMETERS)?;
    let place = |name: &'static str| -> Result<Point, Problem> {
        let text = parameters.text(name);
        text.map_or_else(
            || Err(Problem::parameter(name, "give `from=LON,LAT` and `to=LON,LAT`")),
            |text| start::place(name, text),
        )
    };
    let (from, to) = (place("from")?, place("to")?);
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
