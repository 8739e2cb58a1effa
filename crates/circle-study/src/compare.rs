//! What changed between two cities.

use crate::coverage::judge;
use crate::question::CoverageQuestion;
use crate::study::Study;
use circle_model::City;
use circle_plan::{Comparison, Coverage, Judged};
use circle_reach::{Cancel, Cancelled};

/// A city with its verdicts.
#[derive(Debug)]
pub struct JudgedCity {
    /// The city, at the time of the question.
    pub city: City,
    /// Its verdicts.
    pub coverage: Coverage,
}

impl JudgedCity {
    /// Judges a city.
    ///
    /// # Errors
    /// [`Cancelled`].
    pub fn of(study: &Study, question: &CoverageQuestion, cancel: &Cancel) -> Result<Self, Cancelled> {
        let edition = study.edition(question.at_time);
        let coverage = judge(&edition, study.choices(), question, cancel)?;
        Ok(Self { city: edition.city, coverage })
    }

    /// A borrowed view for [`circle_plan::compare()`].
    pub const fn judged(&self) -> Judged<'_> {
        Judged { city: &self.city, coverage: &self.coverage }
    }
}

/// The changes from one city to another.
pub fn compare(before: &JudgedCity, after: &JudgedCity) -> Comparison {
    circle_plan::compare(before.judged(), after.judged())
}

/// Whether the bounding boxes of two cities meet; a city without one may lie anywhere.
pub fn overlap(one: &City, other: &City) -> bool {
    let (Some([west, south, east, north]), Some([w, s, e, n])) = (one.meta().bounds, other.meta().bounds)
    else {
        return true;
    };
    west <= e && w <= east && south <= n && s <= north
}
