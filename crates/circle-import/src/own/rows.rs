//! The rows of one own file: where they are, what they say, and why some are left out.

use super::columns::{Columns, Role, list};
use super::detect::Reading;
use super::findings::{DraftFinding, Findings};
use super::list::Source;
use super::number::parse_number;
use super::places::Place;
use super::sheet::{HOLLOW, Sheet};
use super::{OwnCandidate, OwnCompound, OwnGate, short};
use crate::Classifier;
use crate::areas::Area;
use crate::compounds;
use circle_model::Point;
use circle_model::city::{Finding, FindingKind, OwnFile, Severity};
use circle_model::coordinates::Bounds;
use std::collections::BTreeMap;

/// What every row has.
#[derive(Debug, Clone, Default)]
pub(crate) struct Record {
    /// Number of its file, from 1.
    pub(crate) source: u32,
    /// As a person counts.
    pub(crate) row: u32,
    /// The planner's own id.
    pub(crate) reference: Option<Box<str>>,
    pub(crate) name: Option<Box<str>>,
    pub(crate) name_en: Option<Box<str>>,
    pub(crate) point: Point,
    /// Its outline, empty for points.
    pub(crate) area: Area,
}

/// One file while its rows are read.
pub(super) struct Rows<'a> {
    pub(super) source: u32,
    pub(super) listed: &'a Source,
    pub(super) sheet: &'a Sheet,
    pub(super) columns: &'a Columns,
    pub(super) classifier: &'a Classifier,
    pub(super) bounds: Bounds,
    /// Where every row is, WGS 84, as far as it says so.
    pub(super) places: Vec<Place>,
    /// How its numbers are read, once that is known.
    pub(super) reading: Option<Reading>,
    /// Whether the file as a whole is of another city, which is said once.
    pub(super) elsewhere: bool,
    /// Cells that are no numbers, by their column.
    pub(super) unread: BTreeMap<Role, usize>,
    pub(super) file: &'a mut OwnFile,
    pub(super) findings: &'a mut Findings,
}

/// The longest name that is kept, in characters.
const LONGEST_NAME: usize = 200;

impl Rows<'_> {
    /// Passes on what the reader could not make out.
    pub(super) fn say_unreadable(&mut self) {
        let sheet = self.sheet;
        for rejected in &sheet.rejected {
            let field =
                if rejected.field.is_empty() { String::new() } else { format!("{}: ", rejected.field) };
            self.reject(rejected.row, "", "unreadable", &format!("{field}{}", rejected.what));
        }
    }

    /// Counts the rows of sheets that were not read among those left out, and says them and what else is lost.
    pub(super) fn say_lost(&mut self) {
        let sheet = self.sheet;
        let of_sheet =
            if sheet.name.is_empty() { String::new() } else { format!("sheet `{}`: ", short(&sheet.name)) };
        for lost in &sheet.lost {
            self.warn(&format!("{}: {of_sheet}{lost}", self.file.name));
        }
        let unread: u64 = sheet.unread.iter().map(|(_, rows)| *rows as u64).sum();
        if unread > 0 {
            self.file.rows += unread;
            *self.file.rejected.entry("sheet_not_read".to_owned()).or_default() += unread;
            let names: Vec<String> =
                sheet.unread.iter().map(|(name, _)| format!("`{}`", short(name))).collect();
            let what = format!(
                "{}: {unread} rows on other sheets with the same header were not read: {}; only sheet `{}` was. Put all \
                 rows on one sheet, or list the file in OWN.toml once for each of them, each with `sheet = \"…\"`",
                self.file.name,
                list(&names),
                short(&sheet.name)
            );
            self.warn(&what);
        }
    }

    /// Something of the file as a whole that is to be mended.
    pub(super) fn warn(&mut self, message: &str) {
        self.say_of_file(Severity::Warning, message);
    }

    /// As [`Rows::warn`], of what is no fault.
    pub(super) fn note(&mut self, message: &str) {
        self.say_of_file(Severity::Info, message);
    }

    fn say_of_file(&mut self, severity: Severity, message: &str) {
        let kind = FindingKind::OddRow;
        self.findings.push(DraftFinding::of_file(self.source, self.file, severity, kind, message));
    }

    /// A file without rows.
    pub(super) fn say_empty(&mut self) {
        let no_rows = || format!("{}: it has no rows", self.file.name);
        let what = self.file.said.last().cloned().unwrap_or_else(no_rows);
        self.warn(&what);
    }

    /// Names the columns that nothing is read from.
    pub(super) fn say_unused(&mut self) {
        let unused: Vec<String> = self.columns.unused(self.sheet).cloned().collect();
        if !unused.is_empty() {
            self.file.said.push(format!("columns not read: {}", list(&unused)));
        }
    }

    pub(super) fn cell(&self, row: usize, role: Role) -> &str {
        self.columns.cell(self.sheet, row, role)
    }

    /// Whether a row has a place in the city.
    pub(super) fn in_city(&self, row: usize) -> bool {
        matches!(&self.places[row], Place::At(point, _) if self.bounds.contains(*point))
    }

    /// A row with its place; `None` where it has to be left out, which is said.
    pub(super) fn record(&mut self, row: usize) -> Option<Record> {
        let number = self.sheet.number(row);
        let name = self.cell(row, Role::Name).to_owned();
        match std::mem::replace(&mut self.places[row], Place::Nowhere) {
            Place::Nowhere if self.sheet.hollow => {
                self.reject(number, &name, "no_position", &format!("no coordinates: {HOLLOW}"));
                None
            }
            Place::Nowhere => {
                self.reject(number, &name, "no_position", "no coordinates");
                None
            }
            Place::Wrong(reason, what) => {
                self.reject(number, &name, reason, &what);
                None
            }
            Place::At(point, area) => {
                let extent = area.as_ref().map_or(Bounds::of([point]), |area| area.bounds());
                // What an outline has beyond the data's edge is not lost: a district is larger than its extract.
                if !self.bounds.intersects(&extent) {
                    if self.elsewhere {
                        // Said once of the whole file.
                        *self.file.rejected.entry("outside_the_city".to_owned()).or_default() += 1;
                        return None;
                    }
                    let at = point.lon_lat();
                    let what = format!("{:.5},{:.5} lies outside the city", at.lon, at.lat);
                    self.reject(number, &name, "outside_the_city", &what);
                    return None;
                }
                Some(Record { point, area: area.map(|area| *area).unwrap_or_default(), ..self.unplaced(row) })
            }
        }
    }

    /// A row whose place does not matter.
    pub(super) fn unplaced(&mut self, row: usize) -> Record {
        let number = self.sheet.number(row);
        let name = self.cell(row, Role::Name);
        let length = name.chars().nth(LONGEST_NAME).map(|_| name.chars().count());
        let (name, name_en, reference) =
            (text(name), text(self.cell(row, Role::NameEn)), text(self.cell(row, Role::Id)));
        if let Some(length) = length {
            let column = self.columns.called(self.sheet, Role::Name);
            let what = format!("{column}: {length} characters, cut to {LONGEST_NAME}");
            self.odd(number, name.as_deref().unwrap_or_default(), &what);
        }
        self.file.accepted += 1;
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

    /// Says that a row is left out.
    pub(super) fn reject(&mut self, row: u32, name: &str, reason: &str, what: &str) {
        *self.file.rejected.entry(reason.to_owned()).or_default() += 1;
        let kind = match reason {
            "no_category" => FindingKind::NoCategory,
            _ => FindingKind::RejectedRow,
        };
        self.say(row, name, Severity::Error, kind, what);
    }

    /// Takes a row back that was accepted.
    pub(super) fn withdraw(&mut self, record: &Record, reason: &str, what: &str) {
        self.file.accepted = self.file.accepted.saturating_sub(1);
        self.reject(record.row, record.name.as_deref().unwrap_or_default(), reason, what);
    }

    /// Says that something about a row is odd.
    pub(super) fn odd(&mut self, row: u32, name: &str, what: &str) {
        self.say(row, name, Severity::Warning, FindingKind::OddRow, what);
    }

    fn say(&mut self, row: u32, name: &str, severity: Severity, kind: FindingKind, what: &str) {
        let message = format!("{} row {row}: {what}", self.file.name);
        self.findings.push(DraftFinding {
            severity,
            kind,
            source: self.source,
            row,
            point: Finding::NOWHERE,
            name: short(name).into(),
            message: message.into(),
        });
    }

    /// The number in a cell; what cannot be read is said.
    pub(super) fn number(&mut self, row: usize, role: Role, allowed: std::ops::Range<f64>) -> Option<f64> {
        let cell = self.cell(row, role);
        if cell.is_empty() || is_blank_mark(cell) {
            return None;
        }
        let number = parse_number(cell).filter(|number| allowed.contains(number));
        if number.is_none() {
            let what = format!("{}: `{}` is not a number that can be", self.called(role), short(cell));
            let name = self.cell(row, Role::Name).to_owned();
            *self.unread.entry(role).or_default() += 1;
            self.odd(self.sheet.number(row), &name, &what);
        }
        number
    }

    /// How many cells were no numbers, by column.
    pub(super) fn say_unread(&mut self) {
        for (role, count) in std::mem::take(&mut self.unread) {
            let cells = if count == 1 { "1 cell is" } else { &format!("{count} cells are") };
            let said = format!("{}: {cells} no number that can be, and left open", self.called(role));
            self.file.said.push(said);
        }
    }

    /// Yes or no in Chinese or English; `None` where the cell says neither.
    fn flag(&mut self, row: usize, role: Role) -> Option<bool> {
        let cell = self.cell(row, role).to_lowercase();
        match cell.as_str() {
            "" => None,
            "1" | "yes" | "true" | "y" | "是" | "封闭" | "锁闭" | "常闭" => Some(true),
            "0" | "no" | "false" | "n" | "否" | "开放" | "常开" => Some(false),
            other => {
                let column = self.columns.called(self.sheet, role);
                let what = format!("{column}: `{}` is neither 是 nor 否", short(other));
                self.odd(self.sheet.number(row), "", &what);
                None
            }
        }
    }

    pub(super) fn compounds(&mut self) -> Vec<OwnCompound> {
        let mut compounds = Vec::new();
        for row in 0..self.sheet.len() {
            if self.is_of_other_type(row) {
                continue;
            }
            let Some(record) = self.record(row) else { continue };
            if record.name.is_none() && record.area.polygons.is_empty() {
                let what = format!("{}: a compound without outline needs a name", self.called(Role::Name));
                self.withdraw(&record, "no_name", &what);
                continue;
            }
            if !record.area.polygons.is_empty() && compounds::too_large(&record.area.bounds()) {
                let kilometres = compounds::MOST_METRES / 1000.0;
                let what =
                    format!("its outline is more than {kilometres} km across; look for a stray corner");
                self.withdraw(&record, "too_large", &what);
                continue;
            }
            let closed = self.flag(row, Role::Closed);
            let population = self.population(row);
            compounds.push(OwnCompound { record, closed, population });
        }
        compounds
    }

    /// Rejects a row whose type of Amap's is no homes: an export of outlines has offices and works too.
    fn is_of_other_type(&mut self, row: usize) -> bool {
        let (code, kind) = (self.cell(row, Role::Code), self.cell(row, Role::Kind));
        let Some(other) = self.classifier.type_without_homes(code, kind) else { return false };
        let column = self.called(if code.is_empty() { Role::Kind } else { Role::Code });
        let what =
            format!("{column}: {} is no compound; name it in a file without types if it is", short(&other));
        let name = self.cell(row, Role::Name).to_owned();
        self.reject(self.sheet.number(row), &name, "no_homes", &what);
        true
    }

    pub(super) fn gates(&mut self) -> Vec<OwnGate> {
        let mut gates = Vec::new();
        for row in 0..self.sheet.len() {
            if let Some(record) = self.record(row) {
                gates.push(self.gate(row, record, true));
            }
        }
        gates
    }

    pub(super) fn gate(&mut self, row: usize, record: Record, listed: bool) -> OwnGate {
        OwnGate {
            compound: text(self.cell(row, Role::Compound)),
            locked: self.flag(row, Role::Locked).unwrap_or(false),
            hours: text(self.cell(row, Role::Hours)),
            record,
            listed,
        }
    }

    pub(super) fn candidates(&mut self) -> Vec<OwnCandidate> {
        let mut candidates = Vec::new();
        for row in 0..self.sheet.len() {
            if let Some(record) = self.record(row) {
                candidates.push(OwnCandidate { record, note: text(self.cell(row, Role::Note)) });
            }
        }
        candidates
    }

    pub(super) fn called(&self, role: Role) -> &str {
        self.columns.called(self.sheet, role)
    }
}

/// What people write where there is nothing to write.
fn is_blank_mark(cell: &str) -> bool {
    matches!(cell, "-" | "—" | "——" | "/" | "\\" | "无" | "暂无" | "－" | "／")
}

/// A name as it is kept: no control characters, no blanks around it, not too long.
pub(crate) fn text(cell: &str) -> Option<Box<str>> {
    let clean = circle_model::files::clean(cell, LONGEST_NAME);
    Some(clean.trim()).filter(|text| !text.is_empty()).map(Into::into)
}
