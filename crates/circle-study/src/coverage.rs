//! Coverage 覆盖: the verdict of every compound in every category, and the roll-up by unit.

mod compute;
mod encode;
mod write;

pub use compute::{JudgedTables, all_levels, judge, judge_with_supply, report, tables};
pub use encode::{ChosenTables, FileContents, RowFormat};

use crate::cache_keys::{CoverageKey, Gzip, WrittenKey};
use crate::error::StudyError;
use crate::pool::Lane;
use crate::question::{CoveragePart, CoverageQuestion};
use crate::study::Study;
use bytes::Bytes;
use circle_export::Statement;
use circle_model::Profiles;
use circle_plan::{Coverage, Supply, Walkers};
use circle_reach::Cancel;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::{self, Write};
use std::sync::Arc;

impl Study {
    /// The response bytes of a part of the coverage table. Both the table and the bytes are cached. A caller
    /// that waits for a table that another caller computes occupies no thread.
    ///
    /// # Errors
    /// As [`Study::search`]; when the line does not exist, or the file cannot be written.
    pub async fn coverage(
        self: &Arc<Self>,
        question: CoverageQuestion,
        part: CoveragePart,
    ) -> Result<Bytes, StudyError> {
        let key = self.written_key(&question, &part, Gzip(false));
        // Parts of single compounds are not cached: there are too many of them, and each is quick to write.
        let is_quick = part.is_of_one();
        let study = self.clone();
        let write = async move { study.write_part(question, part).await };
        if is_quick { write.await } else { self.written.get_or_compute(key, write).await }
    }

    /// As [`Self::coverage`], compressed by gzip. The compressed bytes are cached, so that a table is not compressed for
    /// every client.
    ///
    /// # Errors
    /// As [`Self::coverage`].
    pub async fn coverage_gzip(
        self: &Arc<Self>,
        question: CoverageQuestion,
        part: CoveragePart,
    ) -> Result<Bytes, StudyError> {
        let key = self.written_key(&question, &part, Gzip(true));
        let study = self.clone();
        let compress = async move {
            let bytes = study.coverage(question, part).await?;
            let gzip = move |_: &Self, _: &Cancel| {
                gzip(&bytes).map_err(|error| StudyError::unwritten("a compressed table", &error))
            };
            study.search(Lane::Dear, gzip).await
        };
        self.written.get_or_compute(key, compress).await
    }

    fn written_key(&self, question: &CoverageQuestion, part: &CoveragePart, gzip: Gzip) -> WrittenKey {
        (CoverageKey::of(self.edition_at(question.at_time), question), part.clone(), gzip)
    }

    async fn write_part(
        self: &Arc<Self>,
        question: CoverageQuestion,
        part: CoveragePart,
    ) -> Result<Bytes, StudyError> {
        let everyone = self.table(&question).await?;
        let (mut elderly, mut children) = (None, None);
        if part.counts_people() {
            elderly = self.table_of(&question, Profiles::ELDERLY).await?;
            children = self.table_of(&question, Profiles::CHILDREN).await?;
        }
        let lane = if part.is_of_one() { Lane::Cheap } else { Lane::Dear };
        self.search(lane, move |study, cancel| {
            let (everyone, supply) = &*everyone;
            let [elderly, children] = [&elderly, &children].map(|table| table.as_deref().map(|(it, _)| it));
            let walkers = Walkers { everyone, elderly, children };
            let city = study.edition(question.at_time).city;
            write::part(&city, study.choices(), &question, &part, walkers, supply, cancel).map(Bytes::from)
        })
        .await
    }

    /// The table of all compounds and the supply.
    async fn table(
        self: &Arc<Self>,
        question: &CoverageQuestion,
    ) -> Result<Arc<(Coverage, Supply)>, StudyError> {
        let key = CoverageKey::of(self.edition_at(question.at_time), question);
        let (study, question) = (self.clone(), question.clone());
        let compute = async move {
            study
                .search(Lane::Dear, move |study, cancel| {
                    let edition = study.edition(question.at_time);
                    Ok(Arc::new(judge_with_supply(&edition, study.choices(), &question, cancel)?))
                })
                .await
        };
        self.tables.get_or_compute(key, compute).await
    }

    /// The table for another profile, where it exists.
    async fn table_of(
        self: &Arc<Self>,
        question: &CoverageQuestion,
        profile: &str,
    ) -> Result<Option<Arc<(Coverage, Supply)>>, StudyError> {
        let Some(profile) = self.choices().profiles.find(profile) else { return Ok(None) };
        self.table(&question.walked_as(profile)).await.map(Some)
    }

    /// The statement of a table whose format has no place for one. That of a table of units also names the
    /// other profiles.
    ///
    /// # Errors
    /// As [`Study::search`].
    pub async fn coverage_statement(
        self: &Arc<Self>,
        question: CoverageQuestion,
        of_units: bool,
    ) -> Result<Statement, StudyError> {
        self.search(Lane::Cheap, move |study, _| {
            let city = study.edition(question.at_time).city;
            let statement = Statement::of(&city)
                .walked_as(&question.profile)
                .judged_by(&question.rules, &question.evidence);
            Ok(if of_units {
                statement.and_walked_as(&study.choices().other_profiles()).counting_people(&city)
            } else {
                statement
            })
        })
        .await
    }
}

fn gzip(bytes: &[u8]) -> io::Result<Bytes> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?.into())
}
