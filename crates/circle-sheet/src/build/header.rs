//! Finds the header among the first rows of a table.

use super::builder::MAX_COLUMNS;
use super::row::RowBuffer;
use crate::columns::ExpectedColumns;

/// Limit of rows of a header.
pub(super) const MAX_HEADER_ROWS: usize = 3;
/// Limit of the compared characters of a cell; a longer cell is not a heading.
const MAX_COMPARED_CHARS: usize = 100;

/// The index of the first row of the header, and the count of its rows; `None` if the row `header_row` does
/// not exist.
///
/// Tables of offices begin with a title, one cell over the whole width. Without expected columns the header
/// is the first row with two texts, unless an earlier row has as many cells: `小区,2020` is a header although
/// 2020 is a number. With expected columns, rows that contain more of them take precedence.
pub(super) fn find_header(
    rows: &[RowBuffer],
    header_row: Option<u32>,
    expected: Option<ExpectedColumns<'_>>,
) -> Option<(usize, usize)> {
    let filled_cells = |row: &RowBuffer| row.cells().filter(|cell| !cell.is_empty()).count();
    let usual = if let Some(number) = header_row {
        rows.iter().position(|row| row.number == number)?
    } else {
        let full = rows.iter().find(|row| text_cells(row) >= 2).map_or(2, filled_cells);
        rows.iter().position(|row| filled_cells(row) >= full).unwrap_or(0)
    };
    let Some(expected) = expected else { return Some((usual, 1)) };
    let score = |at: usize, depth: usize| {
        let headings = join_rows(&rows[at..at + depth]);
        expected.score(headings.iter().map(|(upper, lower)| (upper.as_str(), lower.as_str())))
    };
    let mut best = ((usual, 1), score(usual, 1));
    for at in 0..rows.len() {
        // Rows below the best header may be that of a second table.
        if best.1.suffices && best.0.0 < at {
            break;
        }
        for depth in 1..=max_depth(&rows[at..]) {
            // A row that the caller names is part of the header.
            let has_named = header_row.is_none_or(|_| (at..at + depth).contains(&usual) && depth > 1);
            if !has_named || rows[at].filled() > MAX_COLUMNS {
                continue;
            }
            let score = score(at, depth);
            let is_earlier = score.suffices && best.1.suffices && at + depth <= best.0.0;
            if is_earlier || score > best.1 && (score.roles >= 2 || score.named > 0) {
                best = ((at, depth), score);
            }
        }
    }
    // A title directly above the header is not part of it.
    let ((mut at, mut depth), best) = best;
    while depth > 1 && (header_row.is_none() || at < usual) && score(at + 1, depth - 1) >= best {
        (at, depth) = (at + 1, depth - 1);
    }
    Some((at, depth))
}

/// The largest count of rows that can form one header. Rows below the first contain only texts, each under a
/// merged or an empty cell.
fn max_depth(rows: &[RowBuffer]) -> usize {
    let mut depth = 1;
    while depth < MAX_HEADER_ROWS && depth < rows.len() {
        let (above, below) = (&rows[depth - 1], &rows[depth]);
        let upper: Vec<&str> = above.cells().collect();
        let is_empty = |column: usize| upper.get(column).is_none_or(|cell| cell.is_empty());
        let fits = |(column, cell): (usize, &str)| {
            cell.is_empty()
                || (is_empty(column) || is_empty(column + 1) || upper[column] == cell)
                    && cell.parse::<f64>().is_err()
        };
        let is_adjacent = below.number == above.number + 1 && below.fault.is_none();
        if !is_adjacent || below.is_blank() || !below.cells().enumerate().all(fits) {
            break;
        }
        depth += 1;
    }
    depth
}

/// The upper heading of each column, which may cover several columns, and its own.
pub(super) fn join_rows(rows: &[RowBuffer]) -> Vec<(String, String)> {
    let filled = rows.iter().map(RowBuffer::filled).max().unwrap_or(0).min(MAX_COLUMNS + 1);
    let cells: Vec<Vec<&str>> =
        rows.iter().map(|row| row.cells().take(filled).map(compared_part).collect()).collect();
    let cell = |row: usize, column: usize| cells[row].get(column).copied().unwrap_or_default();
    let mut headings = Vec::with_capacity(filled);
    // The cell of each row that covers the current column.
    let mut covering = vec![""; rows.len()];
    for column in 0..filled {
        let lowest = (0..rows.len()).rev().find(|row| !cell(*row, column).is_empty());
        for row in 0..rows.len() {
            if !cell(row, column).is_empty() {
                covering[row] = cell(row, column);
                covering[row + 1..].fill("");
            }
        }
        let lower = lowest.map_or("", |row| cell(row, column));
        let upper =
            covering[..lowest.unwrap_or(0)].iter().filter(|upper| !upper.is_empty() && **upper != lower);
        headings.push((upper.copied().collect::<Vec<_>>().join("/"), lower.to_owned()));
    }
    headings
}

fn compared_part(cell: &str) -> &str {
    cell.char_indices().nth(MAX_COMPARED_CHARS).map_or(cell, |(end, _)| &cell[..end])
}

/// Count of cells that are neither empty nor numbers.
pub(super) fn text_cells(row: &RowBuffer) -> usize {
    row.cells().filter(|cell| !cell.is_empty() && cell.parse::<f64>().is_err()).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_first_characters_of_long_cells_are_compared() {
        let long = "很".repeat(40_000);
        assert_eq!(compared_part(&long).chars().count(), MAX_COMPARED_CHARS);
        assert_eq!(compared_part("名称"), "名称");
    }
}
