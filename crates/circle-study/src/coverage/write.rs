//! Writes a part of the coverage table in the requested format.

use super::compute::{all_levels, report, tables};
use super::encode::{ChosenTables, FileContents, RowFormat};
use crate::choices::Choices;
use crate::error::StudyError;
use crate::question::{CoveragePart, CoverageQuestion};
use crate::refusal::Refusal;
use circle_export::{CoverageSelection, CoverageTables, FileFormat, table_file, verdicts_json};
use circle_model::City;
use circle_plan::{Level, Supply, Walkers};
use circle_reach::Cancel;

/// A part of the coverage table as a file.
///
/// # Errors
/// When the line does not exist, the file cannot be written, or `cancel` is cancelled within a workbook.
pub(super) fn part(
    city: &City,
    choices: &Choices,
    question: &CoverageQuestion,
    part: &CoveragePart,
    walkers: Walkers<'_>,
    supply: &Supply,
    cancel: &Cancel,
) -> Result<Vec<u8>, StudyError> {
    let coverage = walkers.everyone;
    let report = report(city, choices, question, coverage);
    let from_tables = Tables { city, choices, question, walkers, supply };
    match part {
        CoveragePart::Verdicts => Ok(verdicts_json(&report)),
        CoveragePart::Compounds { only_rules, line, compound, format } => {
            let names = || coverage.columns.iter().map(|column| column.name.as_str());
            let column = line.as_deref().map(|line| position(line, names)).transpose()?;
            let selection = CoverageSelection { only_rules: *only_rules, column, compound: *compound };
            if let Some(rows) = RowFormat::of(*format) {
                let mut bytes = Vec::new();
                return match rows.write(&report, selection, &mut bytes) {
                    Ok(()) => Ok(bytes),
                    Err(error) => Err(StudyError::unwritten("a table", &error)),
                };
            }
            let (chosen, levels) = match (line.is_some() || *only_rules, format.holds_several()) {
                (true, _) => (ChosenTables::Verdicts(selection), Vec::new()),
                (false, true) => (ChosenTables::All, all_levels()),
                (false, false) => (ChosenTables::All, Vec::new()),
            };
            from_tables.write(&levels, |tables| file(chosen, tables, *format, cancel))
        }
        CoveragePart::Units { level, line, format } => from_tables.write(&[*level], |tables| {
            if let (Some(line), Some(level)) = (line, tables.levels.first()) {
                position(line, || level.lines.iter().map(|it| it.word(coverage)))?;
            }
            file(ChosenTables::Units(*level, line.as_deref()), tables, *format, cancel)
        }),
    }
}

/// The inputs of the tables of a file.
#[derive(Clone, Copy)]
struct Tables<'a> {
    city: &'a City,
    choices: &'a Choices,
    question: &'a CoverageQuestion,
    walkers: Walkers<'a>,
    supply: &'a Supply,
}

impl Tables<'_> {
    /// Builds the tables of `levels` and calls `write` with them. Only a file of several levels holds supply,
    /// and only tables of units have columns for other profiles.
    fn write(
        self,
        levels: &[Level],
        write: impl FnOnce(&CoverageTables<'_>) -> Result<Vec<u8>, StudyError>,
    ) -> Result<Vec<u8>, StudyError> {
        let Self { city, choices, question, walkers, supply } = self;
        let other_profiles = if levels.is_empty() { Vec::new() } else { choices.other_profiles() };
        let none = Supply::default();
        let supply = if levels.len() > 1 { supply } else { &none };
        let report = report(city, choices, question, walkers.everyone);
        write(&tables(report, walkers, levels, supply, &other_profiles))
    }
}

/// The position of `line` in `lines`.
fn position<'a, I: Iterator<Item = &'a str>>(line: &str, lines: impl Fn() -> I) -> Result<usize, Refusal> {
    lines().position(|other| other == line).ok_or_else(|| Refusal::no_such("line", line, lines()))
}

fn file(
    chosen: ChosenTables<'_>,
    tables: &CoverageTables<'_>,
    format: FileFormat,
    cancel: &Cancel,
) -> Result<Vec<u8>, StudyError> {
    match chosen.contents(tables, format) {
        FileContents::Features(bytes) => Ok(bytes),
        FileContents::Tables(chosen) => table_file(&chosen, format, &tables.statement(), cancel)
            .map_err(|error| StudyError::unencoded(&error)),
    }
}
