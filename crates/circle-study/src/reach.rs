//! The facilities within reach of a place, a compound or one of its gates.

use crate::cache_keys::WalksKey;
use crate::choices::Choices;
use crate::edition::CityEdition;
use crate::error::StudyError;
use crate::pool::Lane;
use crate::question::ReachQuestion;
use crate::study::Study;
use bytes::Bytes;
use circle_export::ReachAnswer;
use circle_model::Milliseconds;
use circle_plan::Source;
use circle_reach::{Cancel, Cancelled, Status};
use std::sync::Arc;

impl Study {
    /// The facilities within reach as `GeoJSON` points, nearest first; none where the origin is off the
    /// network.
    ///
    /// # Errors
    /// As [`Study::search`].
    pub async fn reach(self: &Arc<Self>, question: ReachQuestion) -> Result<Bytes, StudyError> {
        let key = WalksKey::of_reach(self.edition_at(question.at_time), &question);
        let lane = self.lane_at(question.at_time, Lane::within(&question.minutes));
        self.walks(key, lane, move |study, cancel| {
            let edition = study.edition(question.at_time);
            Ok(reach_geojson(&edition, study.choices(), study.sources(), &question, cancel)?.into())
        })
        .await
    }
}

/// The facilities within reach as `GeoJSON`. `sources` holds the completeness of each category.
///
/// # Errors
/// [`Cancelled`].
pub fn reach_geojson(
    edition: &CityEdition,
    choices: &Choices,
    sources: &[Source],
    question: &ReachQuestion,
    cancel: &Cancel,
) -> Result<Vec<u8>, Cancelled> {
    let (network, origin) = (&edition.network, question.origin);
    let limit = Milliseconds::from_minutes(question.minutes.last().copied().unwrap_or_default());
    let reached = circle_reach::reach(network, &question.profile, origin, limit, cancel)?;
    let answer = ReachAnswer {
        origin,
        status: if reached.is_some() { Status::Ok } else { Status::OffNetwork },
        through_buildings: network.through_buildings(origin),
        bands: &question.minutes,
        reached: reached.as_deref().unwrap_or_default(),
        sources,
    };
    Ok(circle_export::reach_geojson(&edition.city, &choices.catalogue, &question.profile, &answer))
}
