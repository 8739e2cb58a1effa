//! Rows of an earlier ledger that are not in the present one.

use super::cells::minutes_up;
use crate::coverage::{CarriedLedger, CoverageReport, FilledRow};
use crate::typed::{Cell, Kind, TableColumn, TypedTable};
use circle_plan::{Reason, Verdict};

/// A table of the gaps that are closed 已销号, and one of the rows without a match; neither if it is empty.
pub(super) fn tables(report: &CoverageReport<'_>, carried: &CarriedLedger) -> Vec<TypedTable> {
    let mut tables = Vec::new();
    if carried.settled().len() > 0 {
        tables.push(closed(report, carried));
    }
    if carried.unmatched().len() + carried.doubled().len() > 0 {
        tables.push(unmatched(carried));
    }
    tables
}

impl CarriedLedger {
    /// All rows of an earlier ledger that are not in the present one, as one table, for formats with room for
    /// one more table only.
    pub fn left_over(&self, report: &CoverageReport<'_>) -> TypedTable {
        let mut columns = vec![
            TableColumn::new("place", "上期位置 place", Kind::Text),
            TableColumn::new("compound_id", "小区编号 compound id", Kind::Text),
            TableColumn::new("compound_name", "小区 compound", Kind::Text),
            TableColumn::new("line", "条目 line", Kind::Text),
            TableColumn::new("now", "现状 now", Kind::Text),
            TableColumn::new("why", "原因 why", Kind::Text),
        ];
        columns.extend(filled_in_columns());
        let mut table = TypedTable::new("carried", "上期台账余项 carried", columns);
        for (row, compound, column) in self.settled() {
            let standing = report.coverage.at(compound, column);
            let id = report.city.compound_key(compound);
            let name = report.city.text(report.city.compounds()[compound.index()].name);
            let why = standing.row.reason.map_or("", Reason::zh);
            let line = report.title(column);
            let given = [row.place.as_str(), &*id, name, line, now(standing.row.verdict), why];
            push(&mut table, row, given);
        }
        for (row, why) in self.unmatched() {
            push(&mut table, row, unmatched_cells(row, "未对上", why));
        }
        for (row, why) in self.doubled() {
            push(&mut table, row, unmatched_cells(row, "重复", why));
        }
        table
    }
}

fn unmatched_cells<'a>(row: &'a FilledRow, now: &'a str, why: &'a str) -> [&'a str; 6] {
    [row.place.as_str(), row.compound_id.as_str(), row.compound_name.as_str(), row.line.as_str(), now, why]
}

/// Adds a row: the given cells, then those that were filled in.
fn push<const N: usize>(table: &mut TypedTable, row: &FilledRow, given: [&str; N]) {
    let mut cells: Vec<Cell> = given.map(|words| text(table, words)).to_vec();
    cells.extend(filled_in(table, row));
    table.push(&cells);
}

/// The present verdict on an earlier gap, as text.
fn now(verdict: Option<Verdict>) -> &'static str {
    match verdict {
        Some(Verdict::Covered) => "已达标，可销号",
        Some(Verdict::Unknown) | None => "现为未知，未销号",
        Some(Verdict::Gap) => "缺口",
    }
}

/// A covered row is closed. One that is unknown now is not, and its text says so.
fn closed(report: &CoverageReport<'_>, carried: &CarriedLedger) -> TypedTable {
    let mut columns = vec![
        TableColumn::new("number", "序号 number", Kind::Whole),
        TableColumn::new("compound_name", "小区 compound", Kind::Text),
        TableColumn::new("line", "条目 line", Kind::Text),
        TableColumn::new("now", "现状 now", Kind::Text),
        TableColumn::new("reason", "原因 reason", Kind::Text),
        TableColumn::new("nearest_facility_name", "最近设施 nearest", Kind::Text),
        TableColumn::new("walk_minutes", "步行 分钟 walk min", Kind::Number).shown_as("0.0"),
    ];
    columns.extend(filled_in_columns());
    columns.push(TableColumn::new("compound_id", "小区编号 compound id", Kind::Text));
    columns.push(TableColumn::new("place", "上期位置 place", Kind::Text));
    let printed = columns.len() - 2;
    let mut table = TypedTable::new("closed", "已销号 closed", columns).with_printed_columns(printed);
    for (number, (row, compound, column)) in (1u32..).zip(carried.settled()) {
        let standing = report.coverage.at(compound, column);
        let now = now(standing.row.verdict);
        let nearest = standing.row.nearest;
        let facility = nearest
            .map_or("", |nearest| report.city.text(report.city.facilities()[nearest.facility.index()].name));
        let compound_row = &report.city.compounds()[compound.index()];
        let mut cells = vec![
            number.into(),
            text(&mut table, report.city.text(compound_row.name)),
            text(&mut table, report.title(column)),
            text(&mut table, now),
            text(&mut table, standing.row.reason.map_or("", Reason::zh)),
            text(&mut table, facility),
            nearest.map(|nearest| minutes_up(nearest.time.seconds())).into(),
        ];
        cells.extend(filled_in(&mut table, row));
        cells.push(text(&mut table, &report.city.compound_key(compound)));
        cells.push(text(&mut table, &row.place));
        table.push(&cells);
    }
    table
}

fn unmatched(carried: &CarriedLedger) -> TypedTable {
    let mut columns = vec![
        TableColumn::new("place", "上期位置 place", Kind::Text),
        TableColumn::new("compound_id", "小区编号 compound id", Kind::Text),
        TableColumn::new("compound_name", "小区 compound", Kind::Text),
        TableColumn::new("line", "条目 line", Kind::Text),
        TableColumn::new("why", "为何对不上 why", Kind::Text),
    ];
    columns.extend(filled_in_columns());
    let mut table = TypedTable::new("unmatched", "未对上 unmatched", columns);
    for (row, why) in carried.unmatched().chain(carried.doubled()) {
        let given = [&row.place, &row.compound_id, &row.compound_name, &row.line, why];
        push(&mut table, row, given);
    }
    table
}

fn filled_in_columns() -> [TableColumn; 4] {
    [
        TableColumn::new("measure", "整改措施 measure", Kind::Text),
        TableColumn::new("responsible", "责任人 responsible", Kind::Text),
        TableColumn::new("deadline", "完成时限 deadline", Kind::Date),
        TableColumn::new("status", "进展 status", Kind::Text),
    ]
}

fn filled_in(table: &mut TypedTable, row: &FilledRow) -> [Cell; 4] {
    [text(table, &row.measure), text(table, &row.responsible), row.deadline.into(), text(table, &row.status)]
}

fn text(table: &mut TypedTable, words: &str) -> Cell {
    if words.is_empty() { Cell::None } else { table.text(words) }
}
