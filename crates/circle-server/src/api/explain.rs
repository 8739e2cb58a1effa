//! `/api/explain`: a walk in full, and what kept it from being shorter.

use super::{GEOJSON, start, typed};
use crate::keys::Slot;
use crate::parameters::Parameters;
use crate::problem::Problem;
use crate::served::Pinned;
use crate::state::State;
use axum::response::Response;
use circle_model::Milliseconds;
use circle_reach::{Destination, Origin};

pub(super) const PARAMETERS: [&str; 7] = ["from", "compound", "gate", "to", "facility", "profile", "at_time"];
/// Walks that take longer are `beyond`.
const MOST_MINUTES: u32 = 60;

/// A `FeatureCollection` of the legs and ways of the walk.
pub(crate) async fn explain(Pinned(state): Pinned, parameters: Parameters) -> Result<Response, Problem> {
    parameters.expect_only(&PARAMETERS)?;
    let city = state.city();
    let from = match ["from", "compound", "gate"].map(|name| parameters.text(name)) {
        [Some(from), None, None] => Origin::Place(start::place("from", from)?),
        [None, Some(asked), None] => {
            Origin::Compound(start::compound(city, asked, Slot::Parameter("compound"), &parameters)?)
        }
        [None, None, Some(asked)] => Origin::Gate(start::gate(city, asked, &parameters)?),
        _ => {
            let message = "give either `from=LON,LAT`, `compound=ID_OR_NAME` or `gate=ID`";
            return Err(Problem::parameter("from", message));
        }
    };
    let to = match (parameters.text("to"), parameters.text("facility")) {
        (Some(to), None) => Destination::Place(start::place("to", to)?),
        (None, Some(asked)) => Destination::Facility(start::facility(city, asked, &parameters)?),
        _ => return Err(Problem::parameter("to", "give either `to=LON,LAT` or `facility=ID_OR_NAME`")),
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
