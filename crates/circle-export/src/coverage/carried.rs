//! What offices wrote into the ledger of an earlier run, carried on to the next.

use super::CoverageReport;
use super::tables::asked;
use circle_model::CompoundId;
use circle_plan::Verdict;
use jiff::civil::Date;
use std::collections::HashMap;

/// A row of a ledger that was filled in, as it was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FilledRow {
    /// Where it stands, for people: sheet and row.
    pub place: String,
    /// Key of the compound in the run that the ledger is of.
    pub compound_id: String,
    /// Name of the compound.
    pub compound_name: String,
    /// Its 街道, where it is said.
    pub subdistrict: String,
    /// The line's name.
    pub line: String,
    /// What the line asks for, which tells lines of one name apart.
    pub asked: String,
    /// 整改措施.
    pub measure: String,
    /// 责任人.
    pub responsible: String,
    /// 完成时限.
    pub deadline: Option<Date>,
    /// 进展.
    pub status: String,
}

impl FilledRow {
    fn is_filled_in(&self) -> bool {
        !(self.measure.is_empty() && self.responsible.is_empty() && self.status.is_empty())
            || self.deadline.is_some()
    }

    /// Whether the same is filled in.
    fn says_as(&self, other: &Self) -> bool {
        let said =
            |row: &Self| (row.measure.clone(), row.responsible.clone(), row.deadline, row.status.clone());
        said(self) == said(other)
    }
}

/// The rows of a ledger that was filled in, by what has become of them.
#[derive(Debug, Clone, Default)]
pub struct Carried {
    rows: Vec<FilledRow>,
    /// Rows that are gaps still.
    gaps: HashMap<(CompoundId, usize), usize>,
    /// Rows that are no gap any more, with what they are of, as they came.
    settled: Vec<(usize, CompoundId, usize)>,
    /// Rows that nothing fits, and why.
    unmatched: Vec<(usize, String)>,
    /// Compounds that the report is not about.
    elsewhere: usize,
    /// Rows that say otherwise than a later one of the same compound and line, and what became of them.
    doubled: Vec<(usize, String)>,
    /// These with the later ones.
    twice: Vec<String>,
}

impl Carried {
    /// Holds a ledger's rows against the verdicts of today: by the compound's key, present or former, and the line; by
    /// names where the city knows no such key.
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
            // Of two rows, that is taken which says something; of two that do, the last.
            match known.insert((compound, column), at) {
                Some(before) if rows[before].is_filled_in() => {
                    if !row.is_filled_in() {
                        known.insert((compound, column), before);
                    } else if !row.says_as(&rows[before]) {
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

    /// What was written beside a gap.
    pub(crate) fn filled_in(&self, compound: CompoundId, column: usize) -> Option<&FilledRow> {
        self.gaps.get(&(compound, column)).map(|at| &self.rows[*at])
    }

    /// Rows that are no gap any more, with the compound and the column.
    pub(crate) fn settled(&self) -> impl ExactSizeIterator<Item = (&FilledRow, CompoundId, usize)> {
        self.settled.iter().map(|(at, compound, column)| (&self.rows[*at], *compound, *column))
    }

    /// Rows that nothing fits, and why.
    pub(crate) fn unmatched(&self) -> impl ExactSizeIterator<Item = (&FilledRow, &str)> {
        self.unmatched.iter().map(|(at, why)| (&self.rows[*at], why.as_str()))
    }

    /// Rows that say otherwise than a later one, which was kept.
    pub(crate) fn doubled(&self) -> impl ExactSizeIterator<Item = (&FilledRow, &str)> {
        self.doubled.iter().map(|(at, why)| (&self.rows[*at], why.as_str()))
    }

    /// A line for the terminal: what has become of every row.
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
            let _ = write!(text, " + {other} of other units, or said twice");
        }
        text.push('\n');
        text
    }

    /// Lines for the terminal: rows that nothing fits, and those that are of one gap.
    pub fn troubles(&self) -> String {
        use std::fmt::Write;
        const SHOWN: usize = 10;
        let (lost, mut text) = (self.unmatched.len(), String::new());
        for (row, why) in self.unmatched().take(SHOWN) {
            let _ = writeln!(text, "  {}: {} {}: {why}", row.place, row.compound_name, row.line);
        }
        if lost > SHOWN {
            let _ = writeln!(text, "  … and {} more", lost - SHOWN);
        }
        for rows in self.twice.iter().take(SHOWN) {
            let _ = writeln!(text, "  {rows} are of one gap; the last is kept");
        }
        if self.twice.len() > SHOWN {
            let _ = writeln!(text, "  … and {} more pairs of one gap each", self.twice.len() - SHOWN);
        }
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
        // A key lasts while a name may change; only a ledger of an early version says otherwise, by row numbers.
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
            columns.retain(|column| asked(report, *column) == row.asked);
        }
        match columns.as_slice() {
            [one] => Ok(*one),
            [] => Err(format!("the rule set {} has no such line", report.rules.id)),
            _ => Err(format!("several lines of the rule set {} are called so", report.rules.id)),
        }
    }
}
