//! The gates to survey 踏勘: inferred ones whose place decides verdicts.

use crate::coverage::report;
use crate::error::StudyError;
use crate::pool::Lane;
use crate::question::SurveyQuestion;
use crate::study::Study;
use circle_export::{CoverageReport, survey_geojson};
use circle_plan::Within;
use std::sync::Arc;

impl Study {
    /// The gates as `GeoJSON` points; none for a unit without compounds.
    ///
    /// # Errors
    /// As [`Study::search`].
    pub async fn survey(self: &Arc<Self>, question: SurveyQuestion) -> Result<Vec<u8>, StudyError> {
        let table = self.table(&question.judged).await?;
        self.search(Lane::Cheap, move |study, _| {
            let SurveyQuestion { judged, limit, unit } = &question;
            let within = unit.and_then(|unit| Within::unit(study.city(), unit));
            // A unit without compounds has no gates.
            let limit = if unit.is_some() && within.is_none() { 0 } else { *limit };
            let report = report(study.city(), study.choices(), judged, &table.0);
            Ok(survey_geojson(&CoverageReport { within: within.as_ref(), ..report }, limit))
        })
        .await
    }
}
