//! The headings of a ledger.

use circle_model::files::clean;
use circle_sheet::{PREVIEW_ROWS, PreviewRow};

/// Columns by their headings: the key first, then Chinese names.
const COMPOUND_ID: [&str; 2] = ["compound_id", "小区编号"];
const COMPOUND_NAME: [&str; 3] = ["compound_name", "小区", "小区名称"];
const SUBDISTRICT: [&str; 2] = ["subdistrict", "街道"];
const LINE: [&str; 3] = ["line", "缺口条目", "条目"];
const ASKED: [&str; 2] = ["asked", "标准"];
const MEASURE: [&str; 3] = ["measure", "整改措施", "措施"];
const RESPONSIBLE: [&str; 2] = ["responsible", "责任人"];
const DEADLINE: [&str; 3] = ["deadline", "完成时限", "时限"];
const STATUS: [&str; 3] = ["status", "进展", "状态"];
/// All columns, in the order of the fields of a row.
pub(super) const COLUMNS: [&[&str]; 9] =
    [&COMPOUND_ID, &COMPOUND_NAME, &SUBDISTRICT, &LINE, &ASKED, &MEASURE, &RESPONSIBLE, &DEADLINE, &STATUS];
/// The first of [`COLUMNS`] that offices fill in.
pub(super) const FIRST_FILLED_IN: usize = 5;
/// Headings of the program's own tables of rows that are no longer gaps. A ledger does not have them, but an
/// office may add a column `现状`.
const NOT_OPEN: [&str; 5] = ["now", "why", "现状 now", "为何对不上 why", "为何对不上"];

/// The place of the headings.
#[derive(Debug, Clone, Copy)]
pub(super) struct SheetHeading<'a> {
    /// The sheet of a workbook; `None` for a CSV file.
    pub(super) sheet: Option<&'a str>,
    /// The row of the headings; `None` for the row that the reader finds.
    pub(super) header_row: Option<u32>,
}

/// The row of the headings, or the first of two such rows.
///
/// # Errors
/// The reason why there is no ledger below any of the rows.
pub(super) fn find_header(top: &[PreviewRow]) -> Result<u32, String> {
    let mut nearly = None;
    for (at, row) in top.iter().enumerate() {
        let mut headings: Vec<&str> = row.cells.iter().map(String::as_str).collect();
        if !is_ledger(&headings) {
            let [id, name, _, line, _, filled_in @ ..] = COLUMNS.map(|names| has(&headings, names));
            nearly = nearly.or_else(|| missing_column(row, &headings, [id || name, line], filled_in));
            // A header of two rows has the compound or line in its first row.
            let below = top.get(at + 1).filter(|below| below.number == row.number + 1);
            let Some(below) = below.filter(|_| id || name || line) else { continue };
            headings.extend(below.cells.iter().map(String::as_str));
            if !is_ledger(&headings) {
                continue;
            }
        }
        let closed = headings.iter().find(|heading| is_not_open(heading));
        return match closed {
            None => Ok(row.number),
            Some(heading) => Err(format!(
                "its column `{}` marks rows that are closed gaps or have no match; rename that column to read them",
                clean(heading, 50)
            )),
        };
    }
    Err(nearly.unwrap_or_else(|| format!("none of its first {PREVIEW_ROWS} rows has a ledger's headings")))
}

/// A message about the heading that is missing, if a row has several other headings of a ledger.
fn missing_column(
    row: &PreviewRow,
    headings: &[&str],
    [has_compound, has_line]: [bool; 2],
    filled_in: [bool; 4],
) -> Option<String> {
    let filled_in = filled_in.into_iter().filter(|has| *has).count();
    if filled_in == 0 || usize::from(has_compound) + usize::from(has_line) + filled_in <= 1 {
        return None;
    }
    let missing = match (has_compound, has_line) {
        (true, _) => "缺口条目 (line)",
        (false, true) => "小区 (compound_name) or 小区编号 (compound_id)",
        (false, false) => "小区 (compound_name) and none 缺口条目 (line)",
    };
    let there = clean(&headings.join(", "), 200);
    Some(format!("row {} has no heading {missing}; it has: {there}. Name the column so", row.number))
}

fn has(headings: &[&str], names: &[&str]) -> bool {
    headings.iter().any(|heading| is_named(heading, names))
}

fn is_ledger(headings: &[&str]) -> bool {
    let [id, name, _, line, _, filled_in @ ..] = COLUMNS.map(|names| has(headings, names));
    (id || name) && line && filled_in.contains(&true)
}

fn is_not_open(heading: &str) -> bool {
    NOT_OPEN.iter().any(|name| name.eq_ignore_ascii_case(heading.trim()))
}

/// Whether a heading is one of `names`: `整改措施`, `measure`, or both as the program writes them.
pub(super) fn is_named(heading: &str, names: &[&str]) -> bool {
    let heading = heading.trim();
    let (first, rest) = heading.split_once(' ').unwrap_or((heading, ""));
    let same = |word: &str| names.iter().any(|name| name.eq_ignore_ascii_case(word));
    // The program's own heading of the compound's name is shorter than its key.
    same(heading) || (same(first) && (same(&rest.replace(' ', "_")) || rest == "compound"))
}

/// A heading without the number that distinguishes it from an equal one.
pub(super) fn unnumbered(heading: &str) -> &str {
    let parts = heading.strip_suffix(')').and_then(|heading| heading.rsplit_once(" ("));
    parts.filter(|(_, number)| number.parse::<u32>().is_ok()).map_or(heading, |(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_of_the_program_and_of_offices_are_found() {
        for heading in ["整改措施 measure", "整改措施", "measure", "Measure", " 措施 "] {
            assert!(is_named(heading, &MEASURE), "{heading}");
        }
        assert!(is_named("小区 compound", &COMPOUND_NAME) && is_named("小区编号 compound id", &COMPOUND_ID));
        assert!(!is_named("小区编号 compound id", &COMPOUND_NAME));
        assert!(!is_named("标准出处 source", &ASKED) && !is_named("条目数 lines", &LINE));
    }
}
