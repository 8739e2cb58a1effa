//! `circle compare`

use crate::args;
use crate::failure::{Failure, Outcome, summarize};
use crate::{input, tabular};
use anyhow::anyhow;
use circle_export::ComparisonReport;
use circle_reach::Cancel;
use circle_study::compare::{JudgedCity, compare, overlap};
use circle_study::question::CoverageQuestion;
use std::path::Path;

pub(crate) fn run(asked: &args::Compare) -> Outcome {
    let question = input::coverage_question(&asked.judging)?;
    let format = tabular::format(asked.format, asked.output.as_deref())?;
    let judging = &asked.judging;
    let inputs = input::files(&judging.walking, Some(&judging.rules), [&asked.before, &asked.after]);
    tabular::check_output(asked.output.as_deref(), format, &inputs)?;
    let (before, after) = judged(asked, &question)?;
    let comparison = compare(&before, &after);
    let report = ComparisonReport {
        before: before.judged(),
        after: after.judged(),
        profile: &question.profile,
        rules: &question.rules,
        comparison: &comparison,
    };
    let statement = report.statement();
    let written = tabular::encode(&[report.table()], format, &statement)?;
    tabular::write(asked.output.as_deref(), written, &asked.csv, &statement)?;
    if asked.output.is_some() {
        summarize(&report.summary());
    }
    Ok(())
}

/// The two cities with their verdicts; two that do not overlap are rejected.
fn judged(asked: &args::Compare, question: &CoverageQuestion) -> Result<(JudgedCity, JudgedCity), Failure> {
    let judge = |path: &Path| -> Result<JudgedCity, Failure> {
        let study = input::study(path, asked.judging.walking.legs.as_deref())?;
        Ok(JudgedCity::of(&study, question, &Cancel::never())?)
    };
    let (before, after) = (judge(&asked.before)?, judge(&asked.after)?);
    if overlap(&before.city, &after.city) {
        return Ok((before, after));
    }
    let (before, after) = (asked.before.display(), asked.after.display());
    Err(anyhow!("{before} and {after} do not overlap; compare two dates of one city").into())
}
