//! `/api/reach`: every facility within reach of a place, a compound or one of its gates.

use super::{GEOJSON, start, typed};
use crate::parameters::{BANDS, Parameters};
use crate::problem::Problem;
use crate::served::Pinned;
use crate::state::{State, WalksAsked};
use axum::response::Response;
use circle_export::ReachAnswer;
use circle_model::Milliseconds;
use circle_reach::Status;

pub(super) const PARAMETERS: [&str; 6] = ["at", "compound", "gate", "minutes", "profile", "at_time"];

/// A `FeatureCollection` of points, nearest first; none off the network, which `origin.status` says.
pub(crate) async fn reach(Pinned(state): Pinned, parameters: Parameters) -> Result<Response, Problem> {
    parameters.expect_only(&PARAMETERS)?;
    let origin = start::origin(state.city(), &parameters)?;
    let bands = bands(parameters.minutes()?.as_deref());
    let profile = state.profile(parameters.text("profile"))?.clone();
    let time = parameters.at_time()?;
    let asked = WalksAsked {
        origin,
        minutes: bands.clone(),
        profile: profile.id.clone(),
        edition: state.edition_at(time),
        form: None,
    };
    let search = move |state: &State| {
        let (network, city) = state.at(time);
        let limit = Milliseconds::from_minutes(bands.last().copied().unwrap_or_default());
        let found = circle_reach::reach(&network, &profile, origin, limit);
        let (status, reached) = match found {
            Ok(reached) => (Status::Ok, reached),
            Err(status) => (status, Vec::new()),
        };
        let through_buildings = network.through_buildings(origin);
        let answer = ReachAnswer {
            origin,
            status,
            through_buildings,
            bands: &bands,
            reached: &reached,
            sources: state.sources(),
        };
        circle_export::reach_geojson(&city, &state.catalogue, &profile, &answer)
    };
    Ok(typed(GEOJSON, state.walks(asked, search).await?))
}

/// A single number is how far to look, told apart by the usual bands; several are the bands.
fn bands(asked: Option<&[u32]>) -> Vec<u32> {
    match asked {
        None => BANDS.to_vec(),
        Some([limit]) => BANDS.into_iter().filter(|band| band < limit).chain([*limit]).collect(),
        Some(bands) => bands.to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use super::bands;

    #[test]
    fn one_number_is_a_limit_and_several_are_bands() {
        assert_eq!(bands(None), [5, 10, 15]);
        assert_eq!(bands(Some(&[15])), [5, 10, 15]);
        assert_eq!(bands(Some(&[7])), [5, 7]);
        assert_eq!(bands(Some(&[30])), [5, 10, 15, 30]);
        assert_eq!(bands(Some(&[8, 20])), [8, 20]);
    }
}
