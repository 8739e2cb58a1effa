//! The strata of a filled-in audit: their figures must agree, and missing rows are counted.

use super::cells::SHORT;
use anyhow::bail;
use circle_model::files::clean;
use circle_model::ranges::in_ranges;
use circle_plan::Verdict;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// Most entries of a list in a message.
const MOST_NAMED: usize = 20;

/// The strata of a sheet, by line and verdict.
#[derive(Debug, Default)]
pub(super) struct Strata(BTreeMap<(String, Verdict), SheetStratum>);

/// The figures of a stratum in the sheet.
#[derive(Debug)]
struct SheetStratum {
    size: u64,
    drawn: Option<u64>,
    rows: u64,
}

impl Strata {
    /// Counts a row.
    ///
    /// # Errors
    /// When its figures differ from those of the rows above, or more rows are there than were drawn.
    pub(super) fn add(
        &mut self,
        row: u32,
        (line, verdict): (&str, Verdict),
        size: u64,
        drawn: Option<u64>,
    ) -> anyhow::Result<()> {
        let new = SheetStratum { size, drawn, rows: 0 };
        let known = self.0.entry((line.to_owned(), verdict)).or_insert(new);
        let above = "in a row above of the same line and verdict; fill in one sheet at a time";
        if known.size != size {
            bail!("row {row}: stratum_size {size} is {} {above}", known.size);
        }
        if let (Some(drawn), Some(before)) = (drawn, known.drawn) {
            if drawn != before {
                bail!("row {row}: stratum_drawn {drawn} is {before} {above}");
            }
            if drawn > size {
                bail!(
                    "row {row}: stratum_drawn {drawn} is more than stratum_size {size}; leave both as they were drawn"
                );
            }
            if known.rows == drawn {
                bail!(
                    "row {row}: stratum_drawn {drawn}, but {drawn} rows above are of the same line and verdict; leave \
                     the rows that were drawn"
                );
            }
        }
        known.rows += 1;
        Ok(())
    }

    /// A lower bound of the number of drawn rows that are missing, and a warning that names them.
    pub(super) fn missing(&self, numbers: &BTreeSet<u64>, rows: u64) -> (u64, Vec<String>) {
        let mut by_stratum = Vec::new();
        let mut drawn = 0;
        for ((line, verdict), stratum) in &self.0 {
            let of_stratum = stratum.drawn.unwrap_or(stratum.rows);
            drawn += of_stratum;
            if of_stratum > stratum.rows {
                let (line, word) = (clean(line, SHORT), verdict.word());
                by_stratum.push(format!("{line} {word} {}", of_stratum - stratum.rows));
            }
        }
        let last = numbers.last().copied().unwrap_or(0);
        // Rows are numbered from 1 without holes. Holes alone reveal a stratum without any row left.
        let of = drawn.max(last).max(rows);
        let missing = of - rows;
        if missing == 0 {
            return (0, Vec::new());
        }
        let elsewhere = missing.saturating_sub(drawn.saturating_sub(rows));
        if elsewhere > 0 && !by_stratum.is_empty() {
            by_stratum.push(format!("lines and verdicts without any row left {elsewhere}"));
        }
        let holes = (1..=last).filter(|number| !numbers.contains(number));
        let holes: Vec<u32> = holes.filter_map(|number| u32::try_from(number).ok()).collect();
        let mut text = format!("at least {missing} rows of {of} are missing");
        for (between, parts) in [(": ", by_stratum), ("; no number ", in_ranges(&holes))] {
            if !parts.is_empty() {
                let more = if parts.len() > MOST_NAMED { ", …" } else { "" };
                let named = &parts[..parts.len().min(MOST_NAMED)];
                let _ = write!(text, "{between}{}{more}", named.join(", "));
            }
        }
        text.push_str(
            "; they count as not filled in, and the shares are valid only if no row was removed for its finding",
        );
        (missing, vec![text])
    }
}
