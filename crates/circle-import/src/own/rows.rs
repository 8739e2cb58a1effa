//! The rows of one own file: their places and cells, and the rejection of rows.

use super::fates::{RejectReason, RowFate};
use super::files::FileSummary;
use super::findings::DraftFinding;
use super::list::ListedFile;
use super::records::Record;
use super::report::Report;
use crate::classify::Classifier;
use crate::geometry::Area;
use circle_model::Point;
use circle_model::city::{Finding, FindingKind, Severity};
use circle_model::coordinates::Bounds;
use circle_sheet::datum::Reading;
use circle_sheet::{
    Columns, FORMULAS_WITHOUT_VALUES, Role, Sheet, UnreadSheet, excerpt, name_list, parse_number,
};
use std::collections::BTreeMap;

/// One file while its rows are read.
pub(super) struct Rows<'a, 'r> {
    pub(super) source: u32,
    pub(super) listed: &'a ListedFile,
    pub(super) sheet: &'a Sheet,
    pub(super) columns: &'a Columns,
    pub(super) classifier: &'a Classifier,
    /// Records outside are rejected.
    pub(super) bounds: Bounds,
    /// The place of every row.
    pub(super) placements: Vec<Placement>,
    /// The interpretation of the file's coordinates, once it is known.
    pub(super) reading: Option<Reading>,
    /// Whether the whole file belongs to another city, which is reported once.
    pub(super) is_elsewhere: bool,
    /// Counts of cells that are not valid numbers, by column.
    pub(super) unread: BTreeMap<Role, usize>,
    pub(super) file: &'a mut FileSummary,
    pub(super) report: &'a mut Report<'r>,
}

/// The place of a row.
#[derive(Debug)]
pub(super) enum Placement {
    /// Its cells are empty.
    Missing,
    /// Its place cannot be used: the reason, and a message with the field and its contents.
    Invalid(RejectReason, String),
    /// A point, and the outline if the row has one.
    At(Point, Option<Box<Area>>),
}

/// Limit of a name, in characters.
const LONGEST_NAME: usize = 200;

impl Rows<'_, '_> {
    /// Rejects the rows that the reader could not read.
    pub(super) fn reject_unreadable(&mut self) {
        let sheet = self.sheet;
        for rejected in &sheet.rejected {
            let field =
                if rejected.field.is_empty() { String::new() } else { format!("{}: ", rejected.field) };
            let what = format!("{field}{}", rejected.reason);
            self.reject(rejected.row, "", RejectReason::Unreadable, &what);
        }
    }

    /// Warns of lost contents of the file, and of sheets that were not read.
    pub(super) fn warn_of_losses(&mut self) {
        let sheet = self.sheet;
        let of_sheet =
            if sheet.name.is_empty() { String::new() } else { format!("sheet `{}`: ", excerpt(&sheet.name)) };
        for loss in &sheet.losses {
            self.warn(&format!("{}: {of_sheet}{loss}", self.file.name));
        }
        let unread = unread_rows(sheet);
        if unread > 0 {
            let quoted = |unread: &UnreadSheet| format!("`{}`", excerpt(&unread.name));
            let names: Vec<String> = sheet.unread_sheets.iter().map(quoted).collect();
            let what = format!(
                "{}: {unread} rows on other sheets with the same header were not read: {}; only sheet `{}` was. Put all \
                 rows on one sheet, or list the file in OWN.toml once for each of them, each with `sheet = \"…\"`",
                self.file.name,
                name_list(&names),
                excerpt(&sheet.name)
            );
            self.warn(&what);
        }
    }

    /// Warns of a file without rows.
    pub(super) fn warn_of_no_rows(&mut self) {
        let no_rows = || format!("{}: it has no rows", self.file.name);
        let what = self.file.remarks.last().cloned().unwrap_or_else(no_rows);
        self.warn(&what);
    }

    /// Adds a warning on the whole file.
    pub(super) fn warn(&mut self, message: &str) {
        self.report.on_file(self.source, Severity::Warning, FindingKind::OddRow, message);
    }

    /// Adds a remark on the whole file.
    pub(super) fn note(&mut self, message: &str) {
        self.report.on_file(self.source, Severity::Info, FindingKind::OddRow, message);
    }

    /// Adds a remark on columns without a known role.
    pub(super) fn remark_unused_columns(&mut self) {
        let unused: Vec<String> = self.columns.unused(self.sheet).cloned().collect();
        if !unused.is_empty() {
            self.file.remarks.push(format!("columns not read: {}", name_list(&unused)));
        }
    }

    /// Adds remarks on cells that are not valid numbers, by column.
    pub(super) fn remark_unread_cells(&mut self) {
        for (role, count) in std::mem::take(&mut self.unread) {
            let fault = if count == 1 {
                "1 cell is not a valid number and counts as empty"
            } else {
                &format!("{count} cells are not valid numbers and count as empty")
            };
            let remark = format!("{}: {fault}", self.heading(role));
            self.file.remarks.push(remark);
        }
    }

    pub(super) fn cell(&self, row: usize, role: Role) -> &str {
        self.columns.cell(self.sheet, row, role)
    }

    pub(super) fn heading(&self, role: Role) -> &str {
        self.columns.heading(self.sheet, role)
    }

    /// Whether a row has a place in the city.
    pub(super) fn is_in_city(&self, row: usize) -> bool {
        matches!(&self.placements[row], Placement::At(point, _) if self.bounds.contains(*point))
    }

    /// Whether a row has a place, valid or not.
    pub(super) fn has_place(&self, row: usize) -> bool {
        !matches!(self.placements[row], Placement::Missing)
    }

    /// The record of a row with its place; `None` if the row is rejected.
    pub(super) fn record(&mut self, row: usize) -> Option<Record> {
        let number = self.sheet.number(row);
        let name = self.cell(row, Role::Name).to_owned();
        match std::mem::replace(&mut self.placements[row], Placement::Missing) {
            Placement::Missing if self.sheet.has_empty_formulas => {
                let what = format!("no coordinates: {FORMULAS_WITHOUT_VALUES}");
                self.reject(number, &name, RejectReason::NoPosition, &what);
                None
            }
            Placement::Missing => {
                self.reject(number, &name, RejectReason::NoPosition, "no coordinates");
                None
            }
            Placement::Invalid(reason, what) => {
                self.reject(number, &name, reason, &what);
                None
            }
            Placement::At(point, area) => {
                let extent = area.as_ref().map_or(Bounds::of([point]), |area| area.bounds());
                // An outline may extend beyond the data: a district may be larger than its extract.
                if !self.bounds.intersects(&extent) {
                    let reason = RejectReason::OutsideTheCity;
                    if self.is_elsewhere {
                        self.report.decide(self.source, number, RowFate::Rejected(reason));
                        return None;
                    }
                    let at = point.lon_lat();
                    let what = format!("{:.5},{:.5} lies outside the city", at.lon, at.lat);
                    self.reject(number, &name, reason, &what);
                    return None;
                }
                let area = area.map(|area| *area).unwrap_or_default();
                Some(Record { point, area, ..self.unplaced(row) })
            }
        }
    }

    /// The record of a row without its place.
    pub(super) fn unplaced(&mut self, row: usize) -> Record {
        let number = self.sheet.number(row);
        let name = self.cell(row, Role::Name);
        let length = name.chars().nth(LONGEST_NAME).map(|_| name.chars().count());
        let (name, name_en, reference) =
            (text(name), text(self.cell(row, Role::NameEn)), text(self.cell(row, Role::Id)));
        if let Some(length) = length {
            let what = format!("{}: {length} characters, cut to {LONGEST_NAME}", self.heading(Role::Name));
            self.warn_of_row(number, name.as_deref().unwrap_or_default(), &what);
        }
        Record {
            source: self.source,
            row: number,
            reference,
            name_en: name_en.filter(|english| name.as_ref() != Some(english)),
            name,
            point: Finding::NOWHERE,
            area: Area::default(),
        }
    }

    /// Rejects a row.
    pub(super) fn reject(&mut self, row: u32, name: &str, reason: RejectReason, what: &str) {
        self.report.decide(self.source, row, RowFate::Rejected(reason));
        let kind = match reason {
            RejectReason::NoCategory => FindingKind::NoCategory,
            _ => FindingKind::RejectedRow,
        };
        self.on_row(row, name, Severity::Error, kind, what);
    }

    /// Rejects a row after its record was read.
    pub(super) fn reject_record(&mut self, record: &Record, reason: RejectReason, what: &str) {
        self.reject(record.row, record.name.as_deref().unwrap_or_default(), reason, what);
    }

    /// Adds a warning on an accepted row.
    pub(super) fn warn_of_row(&mut self, row: u32, name: &str, what: &str) {
        self.on_row(row, name, Severity::Warning, FindingKind::OddRow, what);
    }

    fn on_row(&mut self, row: u32, name: &str, severity: Severity, kind: FindingKind, what: &str) {
        let message = format!("{} row {row}: {what}", self.file.name);
        self.report.push(DraftFinding {
            severity,
            kind,
            source: self.source,
            row,
            point: Finding::NOWHERE,
            name: excerpt(name).into(),
            message: message.into(),
        });
    }

    /// The number in a cell. A cell that is not a number in `allowed` is reported and counts as empty.
    pub(super) fn number(&mut self, row: usize, role: Role, allowed: std::ops::Range<f64>) -> Option<f64> {
        let cell = self.cell(row, role);
        if cell.is_empty() || is_blank_mark(cell) {
            return None;
        }
        let number = parse_number(cell).filter(|number| allowed.contains(number));
        if number.is_none() {
            let what = format!("{}: `{}` is not a valid number", self.heading(role), excerpt(cell));
            let name = self.cell(row, Role::Name).to_owned();
            *self.unread.entry(role).or_default() += 1;
            self.warn_of_row(self.sheet.number(row), &name, &what);
        }
        number
    }

    /// Yes or no in Chinese or English; `None` for an empty cell and for other text, which is reported.
    pub(super) fn flag(&mut self, row: usize, role: Role) -> Option<bool> {
        let cell = self.cell(row, role).to_lowercase();
        match cell.as_str() {
            "" => None,
            "1" | "yes" | "true" | "y" | "是" | "封闭" | "锁闭" | "常闭" => Some(true),
            "0" | "no" | "false" | "n" | "否" | "开放" | "常开" => Some(false),
            other => {
                let what = format!("{}: `{}` is neither 是 nor 否", self.heading(role), excerpt(other));
                self.warn_of_row(self.sheet.number(row), "", &what);
                None
            }
        }
    }
}

/// Count of the rows on sheets with the same header that were not read.
pub(super) fn unread_rows(sheet: &Sheet) -> u64 {
    sheet.unread_sheets.iter().map(|unread| unread.rows as u64).sum()
}

/// Whether a cell contains a mark for an empty value.
fn is_blank_mark(cell: &str) -> bool {
    matches!(cell, "-" | "—" | "——" | "/" | "\\" | "无" | "暂无" | "－" | "／")
}

/// A cell as it is stored: without control characters and surrounding blanks, of bounded length; `None` if
/// empty.
pub(super) fn text(cell: &str) -> Option<Box<str>> {
    let clean = circle_model::files::clean(cell, LONGEST_NAME);
    Some(clean.trim()).filter(|text| !text.is_empty()).map(Into::into)
}
