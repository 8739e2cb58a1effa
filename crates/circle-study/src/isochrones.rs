//! Isochrones 等时圈: the shapes reached from a place, a compound or one of its gates.

use crate::cache_keys::WalksKey;
use crate::edition::CityEdition;
use crate::error::StudyError;
use crate::pool::Lane;
use crate::question::{IsochronesQuestion, ShapesQuestion, origin_id};
use crate::study::Study;
use bytes::Bytes;
use circle_export::IsochroneAnswer;
use circle_reach::{Cancel, Cancelled, Origin};
use std::sync::Arc;

impl Study {
    /// The isochrones as `GeoJSON`: a feature per band, none where the origin is off the network.
    ///
    /// # Errors
    /// As [`Study::search`].
    pub async fn isochrones(self: &Arc<Self>, question: IsochronesQuestion) -> Result<Bytes, StudyError> {
        let key = WalksKey::of_isochrones(self.edition_at(question.shapes.at_time), &question);
        let lane = self.lane_at(question.shapes.at_time, Lane::within(&question.shapes.minutes));
        self.walks(key, lane, move |study, cancel| {
            let IsochronesQuestion { origin, shapes } = question;
            let edition = study.edition(shapes.at_time);
            let answer = isochrones(&edition, &shapes, origin, None, cancel)?;
            Ok(isochrones_geojson(&edition, &shapes, &answer).into())
        })
        .await
    }

    /// Cached bytes of an answer about the walks from one origin.
    pub(crate) async fn walks(
        self: &Arc<Self>,
        key: WalksKey,
        lane: Lane,
        search: impl FnOnce(&Self, &Cancel) -> Result<Bytes, StudyError> + Send + 'static,
    ) -> Result<Bytes, StudyError> {
        let study = self.clone();
        self.walks.get_or_compute(key, async move { study.search(lane, search).await }).await
    }
}

/// The isochrones of one origin. Its id in the answer is `id`, or else that of [`origin_id`].
///
/// # Errors
/// [`Cancelled`].
pub fn isochrones(
    edition: &CityEdition,
    shapes: &ShapesQuestion,
    origin: Origin,
    id: Option<String>,
    cancel: &Cancel,
) -> Result<IsochroneAnswer, Cancelled> {
    let ShapesQuestion { profile, minutes, form, .. } = shapes;
    let isochrones = circle_reach::isochrones(&edition.network, profile, origin, minutes, *form, cancel)?;
    let id = id.unwrap_or_else(|| origin_id(&edition.city, origin));
    Ok(IsochroneAnswer { id, origin, isochrones })
}

/// The isochrones of one origin as `GeoJSON`.
pub fn isochrones_geojson(
    edition: &CityEdition,
    shapes: &ShapesQuestion,
    answer: &IsochroneAnswer,
) -> Vec<u8> {
    circle_export::isochrones(&edition.city, &shapes.profile, shapes.form, answer)
}

/// The isochrones of many origins, each with its id, as one `GeoJSON`.
///
/// # Errors
/// [`Cancelled`].
pub fn isochrones_of_many(
    edition: &CityEdition,
    shapes: &ShapesQuestion,
    origins: impl IntoIterator<Item = (String, Origin)>,
    cancel: &Cancel,
) -> Result<Vec<u8>, Cancelled> {
    let mut ended = Ok(());
    let answers = origins.into_iter().map_while(|(id, origin)| {
        isochrones(edition, shapes, origin, Some(id), cancel).map_err(|cancelled| ended = Err(cancelled)).ok()
    });
    let bytes = circle_export::isochrones_from_many(&edition.city, &shapes.profile, shapes.form, answers);
    ended.map(|()| bytes)
}
