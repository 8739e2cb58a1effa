//! Matches the rows of an earlier ledger with the present verdicts.

use super::carried::{CarriedLedger, FilledRow};
use super::report::CoverageReport;
use circle_model::CompoundId;
use circle_plan::Verdict;
use std::collections::HashMap;

impl CarriedLedger {
    /// Matches the rows of a ledger with the present verdicts: by the compound's key, present or former, and
    /// the line; by names if the city does not know the key.
    pub fn of(report: &CoverageReport<'_>, rows: Vec<FilledRow>) -> Self {
        let mut carried = Self::default();
        let index = Index::of(report);
        let mut settled: HashMap<(CompoundId, usize), usize> = HashMap::new();
        for (at, row) in rows.iter().enumerate() {
            let found = index.compound(report, row).and_then(|id| Ok((id, index.column(report, row)?)));
            let (compound, column) = match found {
                Ok(found) => found,
                Err(why) => {
                    carried.unmatched.push((at, why));
                    continue;
                }
            };
            if !report.holds(compound) {
                carried.elsewhere += 1;
                continue;
            }
            let is_gap = report.coverage.at(compound, column).row.verdict == Some(Verdict::Gap);
            let known = if is_gap { &mut carried.gaps } else { &mut settled };
            // Of two rows for one gap, a filled-in one takes precedence; of two filled-in ones, the last.
            match known.insert((compound, column), at) {
                Some(before) if rows[before].is_filled_in() => {
                    if !row.is_filled_in() {
                        known.insert((compound, column), before);
                    } else if !row.has_same_contents(&rows[before]) {
                        carried.twice.push(format!("{} and {}", rows[before].place, row.place));
                        let why = format!("{} is of the same compound and line, and was kept", row.place);
                        carried.doubled.push((before, why));
                    }
                }
                Some(_) | None => {}
            }
        }
        carried.settled =
            settled.into_iter().map(|((compound, column), at)| (at, compound, column)).collect();
        carried.settled.sort_unstable();
        carried.rows = rows;
        carried
    }

    /// A line for the terminal with the fate of all rows.
    pub fn summary(&self, report: &CoverageReport<'_>) -> String {
        use std::fmt::Write;
        let covered = self
            .settled()
            .filter(|(_, compound, column)| {
                report.coverage.at(*compound, *column).row.verdict == Some(Verdict::Covered)
            })
            .count();
        let (rows, still) = (self.rows.len(), self.gaps.len());
        let (unknown, lost) = (self.settled.len() - covered, self.unmatched.len());
        let other = rows - still - self.settled.len() - lost;
        let mut text = format!(
            "上期台账 earlier ledger: {rows} rows = {still} still gaps + {covered} covered now 已销号 + {unknown} not \
             known any more + {lost} that nothing fits"
        );
        if other > 0 {
            let _ = write!(text, " + {other} of other units, or repeated");
        }
        text.push('\n');
        text
    }
}

/// Compounds by name, and the judged columns.
struct Index<'a> {
    named: HashMap<&'a str, Vec<CompoundId>>,
    judged: Vec<usize>,
}

impl<'a> Index<'a> {
    fn of(report: &CoverageReport<'a>) -> Self {
        let city = report.city;
        let mut named: HashMap<&str, Vec<CompoundId>> = HashMap::new();
        for (id, compound) in (0u32..).zip(city.compounds()) {
            named.entry(city.text(compound.name)).or_default().push(CompoundId(id));
        }
        Self { named, judged: report.coverage.judged() }
    }

    fn compound(&self, report: &CoverageReport<'_>, row: &FilledRow) -> Result<CompoundId, String> {
        let city = report.city;
        // A key is stable while a name may change. Only ledgers of early versions, which had row numbers,
        // need names.
        if let Some(id) = city.compound_named(&row.compound_id).found() {
            return Ok(id);
        }
        let mut called = self.named.get(row.compound_name.as_str()).cloned().unwrap_or_default();
        if called.len() > 1 && !row.subdistrict.is_empty() {
            called.retain(|id| {
                let unit = city.compounds()[id.index()].units()[1];
                unit.is_some_and(|unit| city.text(city.units()[unit.index()].name) == row.subdistrict)
            });
        }
        match called.as_slice() {
            [one] => Ok(*one),
            [] => Err("no compound of that id, nor of that name".to_owned()),
            several => Err(format!("{} compounds of that name, none of that id", several.len())),
        }
    }

    fn column(&self, report: &CoverageReport<'_>, row: &FilledRow) -> Result<usize, String> {
        let name = |column: usize| report.coverage.columns[column].name.as_str();
        let fits = |column: &usize| report.title(*column) == row.line || name(*column) == row.line;
        let mut columns: Vec<usize> = self.judged.iter().copied().filter(fits).collect();
        if columns.len() > 1 {
            columns.retain(|column| report.asked(*column) == row.asked);
        }
        match columns.as_slice() {
            [one] => Ok(*one),
            [] => Err(format!("the rule set {} has no such line", report.rules.id)),
            _ => Err(format!("several lines of the rule set {} are called so", report.rules.id)),
        }
    }
}
