//! Columns and cells of a filled-in audit.

use anyhow::Context;
use circle_import::TextTable;
use circle_model::files::clean;

/// Longest quote from a file in a message, in characters.
pub(super) const SHORT: usize = 60;
/// Upper bound of a stratum's size: more compounds than any city has.
pub(super) const MOST: u64 = 10_000_000;
/// The largest `--sample`.
pub(super) const MOST_DRAWN: u64 = 10_000;

/// The columns whose headings end with a key: `核查 finding` in workbooks and `finding` in CSV.
pub(super) fn columns(table: &TextTable, key: &str) -> impl Iterator<Item = usize> {
    let all = table.columns.iter().enumerate();
    all.filter(move |(_, heading)| heading.split_whitespace().last() == Some(key)).map(|(at, _)| at)
}

/// A cell as a whole number from 1 to `most`.
pub(super) fn whole(row: u32, field: &str, cell: &str, most: u64) -> anyhow::Result<u64> {
    let digits: String = cell.chars().filter(|char| *char != ',').collect();
    let number = digits.parse::<u64>().ok().filter(|number| (1..=most).contains(number));
    number.with_context(|| {
        format!("row {row}: {field} `{}` is not a whole number from 1 to {most}", clean(cell, SHORT))
    })
}
