//! The rule set's lines by column: what a map colours, without shapes and names that are the same for every rule set.

use super::CoverageReport;
use crate::number::Thousandths;
use crate::statement::Statement;
use circle_model::CompoundId;
use circle_plan::{Coverage, Reason, Standing, Verdict};
use serde::Serialize;
use std::collections::BTreeMap;

#[derive(Serialize)]
struct Verdicts<'a> {
    compounds: usize,
    minutes: &'a [u32],
    lines: Vec<OfLine<'a>>,
    /// Names of the facilities that are nearest to somebody.
    facilities: BTreeMap<u32, Option<&'a str>>,
    statement: Statement,
}

#[derive(Serialize)]
struct OfLine<'a> {
    /// Its place in the rule set.
    line: usize,
    category: &'a str,
    has_source: bool,
    /// A letter for each compound.
    verdicts: String,
    reasons: Vec<&'static str>,
    nearest_facility_ids: Vec<Option<u32>>,
    walk_seconds: Vec<Option<Thousandths>>,
    walk_metres: Vec<Option<Thousandths>>,
    /// Facilities within the last band.
    counts: Vec<u32>,
}

/// As JSON: `compounds`, how many; `minutes`; `facilities`, names by id; `lines`, each with `line` (its place in the
/// rule set), `category`, `has_source` and, for the compounds in the order of their ids, `verdicts` (a text of one
/// letter each: `c` covered, `g` gap, `u` unknown), `reasons`, `nearest_facility_ids`, `walk_seconds`, `walk_metres`
/// and `counts` within the last band; `statement`.
pub fn verdicts_json(report: &CoverageReport<'_>) -> Vec<u8> {
    let coverage = report.coverage;
    let mut facilities = BTreeMap::new();
    let lines =
        coverage.judged().into_iter().map(|column| of_line(report, column, &mut facilities)).collect();
    let verdicts = Verdicts {
        compounds: coverage.compounds(),
        minutes: &coverage.minutes,
        lines,
        facilities,
        statement: report.statement(),
    };
    serde_json::to_vec(&verdicts).unwrap_or_default()
}

fn of_line<'a>(
    report: &CoverageReport<'a>,
    column: usize,
    facilities: &mut BTreeMap<u32, Option<&'a str>>,
) -> OfLine<'a> {
    let coverage: &'a Coverage = report.coverage;
    let standings = || (0..coverage.compounds() as u32).map(move |it| coverage.at(CompoundId(it), column));
    let nearest = |standing: &Standing<'_>| standing.row.nearest;
    for id in standings().filter_map(|it| Some(nearest(&it)?.facility)) {
        let facility = &report.city.facilities()[id.index()];
        facilities.entry(id.0).or_insert_with(|| report.city.text_or_none(facility.name));
    }
    let of_column = &coverage.columns[column];
    OfLine {
        line: of_column.line.unwrap_or_default(),
        category: &of_column.name,
        has_source: of_column.has_source,
        verdicts: standings().map(|it| it.row.verdict.map_or('-', letter)).collect(),
        reasons: standings().map(|it| it.row.reason.map_or("", Reason::word)).collect(),
        nearest_facility_ids: standings().map(|it| Some(nearest(&it)?.facility.0)).collect(),
        walk_seconds: standings().map(|it| Some(nearest(&it)?.time.into())).collect(),
        walk_metres: standings().map(|it| Some(nearest(&it)?.length.into())).collect(),
        counts: standings().map(|it| it.counts.last().copied().unwrap_or_default()).collect(),
    }
}

const fn letter(verdict: Verdict) -> char {
    match verdict {
        Verdict::Covered => 'c',
        Verdict::Gap => 'g',
        Verdict::Unknown => 'u',
    }
}
