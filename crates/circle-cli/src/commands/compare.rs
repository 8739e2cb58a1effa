//! `circle compare`

use crate::args;
use crate::failure::{Outcome, summarize};
use crate::{input, tabular};
use anyhow::anyhow;
use circle_export::ComparisonReport;
use circle_model::{Catalogue, City};
use circle_plan::{Judged, Judging, compare};
use circle_reach::Network;

/// Whether the boxes of two cities meet; a city without a box may lie anywhere.
pub(super) fn overlap(one: &City, other: &City) -> bool {
    let (Some([west, south, east, north]), Some([w, s, e, n])) = (one.meta().bounds, other.meta().bounds)
    else {
        return true;
    };
    west <= e && w <= east && south <= n && s <= north
}

pub(crate) fn run(asked: &args::Compare) -> Outcome {
    let profile = input::profile(&asked.judging.walking.profile)?;
    let rules = input::rules(&asked.judging.rules)?;
    let minutes = input::bands(&asked.judging.minutes)?;
    let format = tabular::format(asked.format, asked.output.as_deref())?;
    let mut inputs = input::files(&asked.judging.walking, Some(&asked.judging.rules));
    inputs.extend([asked.before.clone(), asked.after.clone()]);
    tabular::spares(asked.output.as_deref(), format, &inputs)?;
    let catalogue = Catalogue::built_in();
    let judge = |path: &std::path::Path| -> Result<_, crate::failure::Failure> {
        let city = input::city_for(path, &asked.judging.walking)?;
        let judging = Judging {
            catalogue: &catalogue,
            profile: &profile,
            rules: &rules,
            minutes: &minutes,
            evidence: asked.judging.evidence(),
        };
        let coverage = circle_plan::coverage(&Network::build(&city), &judging);
        Ok((city, coverage))
    };
    let (before, after) = (judge(&asked.before)?, judge(&asked.after)?);
    if !overlap(&before.0, &after.0) {
        return Err(anyhow!(
            "{} and {} share no ground; two dates of one city are compared",
            asked.before.display(),
            asked.after.display()
        )
        .into());
    }
    let [before, after] = [&before, &after].map(|(city, coverage)| Judged { city, coverage });
    let comparison = compare(before, after);
    let report =
        ComparisonReport { before, after, profile: &profile, rules: &rules, comparison: &comparison };
    let statement = report.statement();
    let written = tabular::encode(&[report.table()], format, &statement)?;
    tabular::write(asked.output.as_deref(), written, &asked.csv, &statement)?;
    if asked.output.is_some() {
        summarize(&report.summary());
    }
    Ok(())
}
