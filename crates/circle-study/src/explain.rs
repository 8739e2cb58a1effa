//! One walk in full: its legs and ways, and what bars a shorter one.

use crate::edition::CityEdition;
use crate::error::StudyError;
use crate::pool::Lane;
use crate::question::ExplainQuestion;
use crate::study::Study;
use circle_reach::{Cancel, Cancelled};
use std::sync::Arc;

impl Study {
    /// The walk as `GeoJSON`: a feature for every leg and way.
    ///
    /// # Errors
    /// As [`Study::search`].
    pub async fn explain(self: &Arc<Self>, question: ExplainQuestion) -> Result<Vec<u8>, StudyError> {
        // What bars a shorter walk may need two more networks.
        let lane = if question.barred { Lane::Dear } else { self.lane_at(question.at_time, Lane::Cheap) };
        self.search(lane, move |study, cancel| {
            Ok(explain_geojson(&study.edition(question.at_time), &question, cancel)?)
        })
        .await
    }
}

/// The walk as `GeoJSON`, without the member `barred` where the question does not ask for it.
///
/// # Errors
/// [`Cancelled`].
pub fn explain_geojson(
    edition: &CityEdition,
    question: &ExplainQuestion,
    cancel: &Cancel,
) -> Result<Vec<u8>, Cancelled> {
    let ExplainQuestion { from, to, profile, limit, barred, .. } = question;
    let search = if *barred { circle_reach::explain } else { circle_reach::explain_walk };
    let explained = search(&edition.network, profile, *from, *to, *limit, cancel)?;
    Ok(circle_export::explain_geojson(&edition.city, profile, &explained, *barred))
}
