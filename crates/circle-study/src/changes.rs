//! The earlier city 前期 that the served one is compared with, and what changed since.

use crate::cache_keys::{ChangesKey, CoverageKey};
use crate::coverage::judge_with_supply;
use crate::error::StudyError;
use crate::pool::Lane;
use crate::question::{ChangesQuestion, CoverageQuestion};
use crate::refusal::Refusal;
use crate::study::Study;
use bytes::Bytes;
use circle_export::{changes_json, city_name};
use circle_plan::{Coverage, Judged, Supply, compare_line};
use serde::Serialize;
use std::sync::Arc;

/// The earlier city, for the page.
#[derive(Debug, Serialize)]
struct EarlierCity<'a> {
    edition: String,
    before: EarlierSummary<'a>,
}

#[derive(Debug, Serialize)]
struct EarlierSummary<'a> {
    edition: String,
    data_date: Option<&'a str>,
    /// Name and label of the city.
    title: String,
}

impl Study {
    /// The earlier city as JSON.
    ///
    /// # Errors
    /// When there is none.
    pub fn earlier_city(&self) -> Result<Vec<u8>, StudyError> {
        let before = self.earlier()?;
        let city = before.city();
        let title = [city_name(city), city.meta().label().map(str::to_owned)];
        let answer = EarlierCity {
            edition: self.edition_at(None).to_string(),
            before: EarlierSummary {
                edition: before.edition_at(None).to_string(),
                data_date: city.meta().data_date.as_deref(),
                title: title.into_iter().flatten().collect::<Vec<_>>().join(" · "),
            },
        };
        serde_json::to_vec(&answer).map_err(|error| StudyError::unwritten("the earlier city", &error))
    }

    /// The changes on a line as JSON, cached.
    ///
    /// # Errors
    /// As [`Study::search`]; when there is no earlier city.
    pub async fn changes(self: &Arc<Self>, question: ChangesQuestion) -> Result<Bytes, StudyError> {
        let before = self.earlier()?.clone();
        let at_time = question.judged.at_time;
        let editions = [before.edition_at(at_time), self.edition_at(at_time)];
        let key = ChangesKey::of(editions, &question);
        let study = self.clone();
        let compute = async move { study.compare_line(before, question).await };
        self.changes.get_or_compute(key, compute).await
    }

    async fn compare_line(
        self: &Arc<Self>,
        before: Arc<Self>,
        question: ChangesQuestion,
    ) -> Result<Bytes, StudyError> {
        let was = self.earlier_table(&before, &question.judged).await?;
        let is = self.table(&question.judged).await?;
        self.search(Lane::Dear, move |study, cancel| {
            let at_time = question.judged.at_time;
            let cities = [before.edition(at_time).city, study.edition(at_time).city];
            let [before, after] =
                [(&cities[0], &was.0), (&cities[1], &is.0)].map(|(city, coverage)| Judged { city, coverage });
            let names = || after.coverage.columns.iter().map(|column| column.name.as_str());
            let Some(column) = names().position(|name| name == question.line) else {
                return Err(Refusal::no_such("line", &question.line, names()).into());
            };
            let comparison = compare_line(before, after, column);
            cancel.check()?;
            Ok(changes_json(before, after, column, &comparison).into())
        })
        .await
    }

    /// The table of the earlier city, by the catalogue of this one.
    async fn earlier_table(
        self: &Arc<Self>,
        before: &Arc<Self>,
        question: &CoverageQuestion,
    ) -> Result<Arc<(Coverage, Supply)>, StudyError> {
        let key = CoverageKey::of(before.edition_at(question.at_time), question);
        let (study, before, question) = (self.clone(), before.clone(), question.clone());
        let compute = async move {
            study
                .search(Lane::Dear, move |study, cancel| {
                    let edition = before.edition(question.at_time);
                    Ok(Arc::new(judge_with_supply(&edition, study.choices(), &question, cancel)?))
                })
                .await
        };
        self.tables.get_or_compute(key, compute).await
    }
}
