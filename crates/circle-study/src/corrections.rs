//! What field corrections 更正 would change in the verdicts, before they are sent.

use crate::choices::Choices;
use crate::edition::CityEdition;
use crate::error::StudyError;
use crate::pool::Lane;
use crate::question::{CorrectionsQuestion, RefusedRow};
use crate::study::Study;
use bytes::Bytes;
use circle_model::city::FieldChanges;
use circle_model::{City, CompoundId};
use circle_plan::{Coverage, CoverageRow, Judging, Verdict};
use circle_reach::{Cancel, Cancelled};
use serde::Serialize;
use std::collections::HashSet;
use std::sync::Arc;

/// The answer.
#[derive(Debug, Serialize)]
struct Effect<'a> {
    /// The edition that the corrections were compared with.
    edition: String,
    /// Every line of a compound whose verdict or nearest walk changes.
    compounds: Vec<ChangedLine<'a>>,
    counts: EffectCounts,
    refused: Vec<Refused<'a>>,
}

#[derive(Debug, Serialize)]
struct ChangedLine<'a> {
    id: String,
    name: &'a str,
    line: &'a str,
    verdict_before: Option<&'static str>,
    verdict_after: Option<&'static str>,
    seconds_before: Option<f64>,
    seconds_after: Option<f64>,
}

/// Numbers of compounds.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize)]
struct EffectCounts {
    /// With a line that becomes covered.
    gained: usize,
    /// With a line that is no longer covered.
    lost: usize,
    /// With a line whose verdict or nearest walk changes.
    changed: usize,
}

#[derive(Debug, Serialize)]
struct Refused<'a> {
    row: usize,
    message: &'a str,
}

impl Study {
    /// What corrections would change, as JSON. The table without them is the cached one.
    ///
    /// # Errors
    /// As [`Study::search`]; when the answer cannot be written.
    pub async fn effect_of_corrections(
        self: &Arc<Self>,
        question: CorrectionsQuestion,
    ) -> Result<Bytes, StudyError> {
        let table = self.table(&question.coverage).await?;
        self.search(Lane::Dear, move |study, cancel| {
            let (before, _) = &*table;
            let edition = study.edition(question.coverage.at_time);
            let effect = effect(&edition, study.choices(), &question, before, cancel)?;
            let json = serde_json::to_vec(&effect);
            json.map(Bytes::from).map_err(|error| StudyError::unwritten("the effect of corrections", &error))
        })
        .await
    }
}

fn effect<'a>(
    edition: &'a CityEdition,
    choices: &Choices,
    question: &'a CorrectionsQuestion,
    before: &'a Coverage,
    cancel: &Cancel,
) -> Result<Effect<'a>, Cancelled> {
    let mut compounds = Vec::new();
    let mut counts = EffectCounts::default();
    if question.changes != FieldChanges::default() {
        let after = corrected(edition, choices, question, cancel)?;
        (compounds, counts) = changed_lines(&edition.city, before, &after);
    }
    let refused = |it: &'a RefusedRow| Refused { row: it.row, message: &it.message };
    let refused = question.refused.iter().map(refused).collect();
    Ok(Effect { edition: edition.edition.to_string(), compounds, counts, refused })
}

/// The verdicts in the corrected city. Its network shares streets and obstacles with the known one.
fn corrected(
    edition: &CityEdition,
    choices: &Choices,
    question: &CorrectionsQuestion,
    cancel: &Cancel,
) -> Result<Coverage, Cancelled> {
    let categories = &choices.catalogue.categories;
    let serves_residents =
        |category: u8| categories.get(usize::from(category)).is_some_and(|category| category.for_residents);
    let city = edition.network.city().with_field_changes(&question.changes, serves_residents);
    cancel.check()?;
    let network = edition.network.variant(&city);
    cancel.pause()?;
    // Nothing is counted within bands.
    let judging = Judging { minutes: &[], ..question.coverage.judging(&choices.catalogue) };
    circle_plan::coverage(&network, &judging, cancel)
}

/// The lines that change, by compound.
fn changed_lines<'a>(
    city: &'a City,
    before: &'a Coverage,
    after: &Coverage,
) -> (Vec<ChangedLine<'a>>, EffectCounts) {
    let mut lines = Vec::new();
    let (mut gained, mut lost, mut changed) = (HashSet::new(), HashSet::new(), HashSet::new());
    let judged = before.judged();
    for compound in (0..before.compounds() as u32).map(CompoundId) {
        for column in &judged {
            let [was, is] = [before, after].map(|table| table.at(compound, *column).row);
            if was.verdict == is.verdict && walk(was) == walk(is) {
                continue;
            }
            let is_covered = |row: &CoverageRow| row.verdict == Some(Verdict::Covered);
            match (is_covered(was), is_covered(is)) {
                (false, true) => gained.insert(compound),
                (true, false) => lost.insert(compound),
                _ => false,
            };
            changed.insert(compound);
            lines.push(ChangedLine {
                id: city.compound_key(compound).into_owned(),
                name: city.text(city.compounds()[compound.index()].name),
                line: &before.columns[*column].name,
                verdict_before: was.verdict.map(Verdict::word),
                verdict_after: is.verdict.map(Verdict::word),
                seconds_before: walk(was),
                seconds_after: walk(is),
            });
        }
    }
    (lines, EffectCounts { gained: gained.len(), lost: lost.len(), changed: changed.len() })
}

/// Seconds of the walk to the nearest facility.
fn walk(row: &CoverageRow) -> Option<f64> {
    row.nearest.map(|nearest| nearest.time.seconds())
}
