//! Reads a filled-in audit sheet.

mod cells;
mod rows_above;
mod strata;

use anyhow::{Context, bail};
use cells::{MOST, MOST_DRAWN, SHORT, columns, whole};
use circle_import::{TextTable, read_text_table};
use circle_model::files::clean;
use circle_plan::{AuditFinding, AuditedRow, Verdict};
use rows_above::RowsAbove;
use std::collections::BTreeSet;
use std::path::Path;
use strata::Strata;

/// A filled-in audit.
#[derive(Debug)]
pub(crate) struct Findings {
    pub(crate) found: Vec<AuditedRow>,
    /// Lower bound of the number of drawn rows that are missing in the sheet.
    pub(crate) missing: u64,
    /// Warnings about the shares, a line each.
    pub(crate) warnings: Vec<String>,
}

/// The columns that a filled-in audit must have.
const NEEDED: [&str; 4] = ["line", "verdict", "stratum_size", "finding"];

/// Reads a filled-in audit.
pub(crate) fn findings(path: &Path) -> anyhow::Result<Findings> {
    let table = read_text_table(path, &NEEDED)?;
    parse(&table).with_context(|| path.display().to_string())
}

fn parse(table: &TextTable) -> anyhow::Result<Findings> {
    if let Some((row, what)) = table.rejected.first() {
        bail!("row {row}: {what}; repair the row");
    }
    let needed = |key: &str| needed_column(table, key);
    let (line, verdict) = (needed("line")?, needed("verdict")?);
    let (size, finding) = (needed("stratum_size")?, needed("finding")?);
    let (drawn, number) = (columns(table, "stratum_drawn").next(), columns(table, "number").next());
    let mut strata = Strata::default();
    let mut numbers = BTreeSet::new();
    let mut above = RowsAbove::of(table);
    let mut all = Vec::new();
    for (row, cells) in &table.rows {
        let cell = |at: usize| cells.get(at).map_or("", String::as_str);
        if cells.iter().all(String::is_empty) {
            continue;
        }
        let word = cell(verdict).split_whitespace().last().unwrap_or_default();
        let Some(verdict) = Verdict::ALL.into_iter().find(|it| it.word() == word || it.zh() == word) else {
            bail!(
                "row {row}: `{}` is not a verdict; use covered, gap or unknown",
                clean(cell(verdict), SHORT)
            );
        };
        let stratum_size = whole(*row, "stratum_size", cell(size), MOST)?;
        let drawn = drawn.map(|at| whole(*row, "stratum_drawn", cell(at), MOST_DRAWN)).transpose()?;
        let number = number.map(|at| whole(*row, "number", cell(at), MOST_DRAWN)).transpose()?;
        let line = cell(line).to_owned();
        if line.is_empty() {
            bail!("row {row}: line is empty; fill in the judged line of the rule set");
        }
        if let Some((same, what)) = above.find_same(*row, number, cells, &line) {
            bail!(
                "rows {same} and {row} are about the same verdict, {what}; each counts once: delete one of the two"
            );
        }
        numbers.extend(number);
        strata.add(*row, (&line, verdict), stratum_size, drawn)?;
        let finding = match cell(finding) {
            "" => None,
            text => Some(AuditFinding::parse(text).with_context(|| {
                format!(
                    "row {row}: unknown finding `{}`; use stands 成立, wrong 错误, not defensible 站不住, or leave it empty",
                    clean(text, SHORT)
                )
            })?),
        };
        all.push(AuditedRow { line, verdict, stratum_size, finding });
    }
    if all.is_empty() {
        bail!("it has no rows");
    }
    let (missing, mut warnings) = strata.missing(&numbers, all.len() as u64);
    if table.has_empty_formulas && all.iter().any(|it| it.finding.is_none()) {
        warnings.push(
            "cells hold formulas without values, and findings among them count as not filled in: open the file in \
             Excel or WPS and save it"
                .to_owned(),
        );
    }
    if drawn.is_none() {
        warnings.push(
            "no column `stratum_drawn`: only holes in the numbers show whether rows are missing".to_owned(),
        );
    }
    Ok(Findings { found: all, missing, warnings })
}

/// The column of a key.
///
/// # Errors
/// When there is none, or more than one.
fn needed_column(table: &TextTable, key: &str) -> anyhow::Result<usize> {
    let mut found = columns(table, key);
    let at = found.next().with_context(|| {
        let headings = clean(&table.columns.join(", "), 2 * SHORT);
        let sheets = match table.other_sheets.as_slice() {
            [] => String::new(),
            sheets => {
                format!("; visible sheets: {}", clean(&sheets.join(", "), 4 * SHORT))
            }
        };
        format!(
            "no column `{key}`, it has: {headings}{sheets}; use the sheet that `circle audit CITY -o FILE.xlsx` or .csv wrote"
        )
    })?;
    if found.next().is_some() {
        bail!("two columns are called `{key}`; keep one");
    }
    Ok(at)
}

#[cfg(test)]
mod tests;
