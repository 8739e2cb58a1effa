//! Verdicts drawn at random, with all that is needed to refute each by hand.

use crate::choices::Choices;
use crate::coverage::{judge, report};
use crate::edition::CityEdition;
use crate::question::CoverageQuestion;
use circle_export::Audit;
use circle_plan::{Coverage, Sample};
use circle_reach::{Cancel, Cancelled};

/// A sample of the verdicts of a city.
#[derive(Debug)]
pub struct DrawnAudit {
    coverage: Coverage,
    /// The drawn verdicts, with the number of verdicts in each stratum.
    pub sample: Sample,
    seed: u64,
}

impl DrawnAudit {
    /// Judges all compounds and draws `count` verdicts. The same seed draws the same ones.
    ///
    /// # Errors
    /// [`Cancelled`].
    pub fn draw(
        edition: &CityEdition,
        choices: &Choices,
        question: &CoverageQuestion,
        count: usize,
        seed: u64,
        cancel: &Cancel,
    ) -> Result<Self, Cancelled> {
        let coverage = judge(edition, choices, question, cancel)?;
        let sample = Sample::draw(&coverage, count, seed);
        Ok(Self { coverage, sample, seed })
    }

    /// The sheet to be filled in, with the walk behind each verdict.
    ///
    /// # Errors
    /// [`Cancelled`].
    pub fn sheet<'a>(
        &'a self,
        edition: &'a CityEdition,
        choices: &'a Choices,
        question: &'a CoverageQuestion,
        cancel: &Cancel,
    ) -> Result<Audit<'a>, Cancelled> {
        let report = report(&edition.city, choices, question, &self.coverage);
        Audit::of(report, &edition.network, &self.sample, self.seed, cancel)
    }

    /// A line of text per stratum, with the number of drawn verdicts and of all verdicts.
    pub fn strata<'a>(&'a self, question: &'a CoverageQuestion) -> impl Iterator<Item = String> + use<'a> {
        self.sample.strata.iter().map(|stratum| {
            let line = self.coverage.columns[stratum.column].line;
            let line =
                line.and_then(|line| question.rules.lines.get(line)).map_or("", |line| line.zh.as_str());
            let (word, zh) = (stratum.verdict.word(), stratum.verdict.zh());
            format!("{line} {zh} {word}: {} of {}", stratum.drawn, stratum.size)
        })
    }
}
