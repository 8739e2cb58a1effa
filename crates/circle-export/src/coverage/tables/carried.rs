//! Rows of an earlier ledger that the next one has no more.

use super::minutes_up;
use crate::coverage::{Carried, CoverageReport, FilledRow};
use crate::typed::{Cell, Column, Kind, TypedTable};
use circle_plan::{Reason, Verdict};

/// What is no gap any more 已销号, and what nothing fits; nothing where there is none of it.
pub(super) fn tables(report: &CoverageReport<'_>, carried: &Carried) -> Vec<TypedTable> {
    let mut tables = Vec::new();
    if carried.settled().len() > 0 {
        tables.push(closed(report, carried));
    }
    if carried.unmatched().len() + carried.doubled().len() > 0 {
        tables.push(unmatched(carried));
    }
    tables
}

impl Carried {
    /// All of an earlier ledger that the next one has no more, as one table: for files that have no room for more than the
    /// ledger.
    pub fn left_over(&self, report: &CoverageReport<'_>) -> TypedTable {
        let mut columns = vec![
            Column::new("place", "上期位置 place", Kind::Text),
            Column::new("compound_id", "小区编号 compound id", Kind::Text),
            Column::new("compound_name", "小区 compound", Kind::Text),
            Column::new("line", "条目 line", Kind::Text),
            Column::new("now", "现状 now", Kind::Text),
            Column::new("why", "原因 why", Kind::Text),
        ];
        columns.extend(filled_in_columns());
        let mut table = TypedTable::new("carried", "上期台账余项 carried", columns);
        for (row, compound, column) in self.settled() {
            let standing = report.coverage.at(compound, column);
            let id = report.city.compound_key(compound);
            let name = report.city.text(report.city.compounds()[compound.index()].name);
            let why = standing.row.reason.map_or("", Reason::zh);
            let line = report.title(column);
            let said = [row.place.as_str(), &*id, name, line, now(standing.row.verdict), why];
            push(&mut table, row, said);
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
fn push<const N: usize>(table: &mut TypedTable, row: &FilledRow, said: [&str; N]) {
    let mut cells: Vec<Cell> = said.map(|words| text(table, words)).to_vec();
    cells.extend(filled_in(table, row));
    table.push(&cells);
}

/// The verdict of today on an earlier gap, in words.
fn now(verdict: Option<Verdict>) -> &'static str {
    match verdict {
        Some(Verdict::Covered) => "已达标，可销号",
        Some(Verdict::Unknown) | None => "现为未知，未销号",
        Some(Verdict::Gap) => "缺口",
    }
}

/// Covered is closed; what is not known any more is not, and says so.
fn closed(report: &CoverageReport<'_>, carried: &Carried) -> TypedTable {
    let mut columns = vec![
        Column::new("number", "序号 number", Kind::Whole),
        Column::new("compound_name", "小区 compound", Kind::Text),
        Column::new("line", "条目 line", Kind::Text),
        Column::new("now", "现状 now", Kind::Text),
        Column::new("reason", "原因 reason", Kind::Text),
        Column::new("nearest_facility_name", "最近设施 nearest", Kind::Text),
        Column::new("walk_minutes", "步行 分钟 walk min", Kind::Number).shown_as("0.0"),
    ];
    columns.extend(filled_in_columns());
    columns.push(Column::new("compound_id", "小区编号 compound id", Kind::Text));
    columns.push(Column::new("place", "上期位置 place", Kind::Text));
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

fn unmatched(carried: &Carried) -> TypedTable {
    let mut columns = vec![
        Column::new("place", "上期位置 place", Kind::Text),
        Column::new("compound_id", "小区编号 compound id", Kind::Text),
        Column::new("compound_name", "小区 compound", Kind::Text),
        Column::new("line", "条目 line", Kind::Text),
        Column::new("why", "为何对不上 why", Kind::Text),
    ];
    columns.extend(filled_in_columns());
    let mut table = TypedTable::new("unmatched", "未对上 unmatched", columns);
    for (row, why) in carried.unmatched().chain(carried.doubled()) {
        let said = [&row.place, &row.compound_id, &row.compound_name, &row.line, why];
        push(&mut table, row, said);
    }
    table
}

fn filled_in_columns() -> [Column; 4] {
    [
        Column::new("measure", "整改措施 measure", Kind::Text),
        Column::new("responsible", "责任人 responsible", Kind::Text),
        Column::new("deadline", "完成时限 deadline", Kind::Date),
        Column::new("status", "进展 status", Kind::Text),
    ]
}

fn filled_in(table: &mut TypedTable, row: &FilledRow) -> [Cell; 4] {
    [text(table, &row.measure), text(table, &row.responsible), row.deadline.into(), text(table, &row.status)]
}

fn text(table: &mut TypedTable, words: &str) -> Cell {
    if words.is_empty() { Cell::None } else { table.text(words) }
}
