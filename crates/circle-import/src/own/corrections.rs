//! Field corrections 更正: what people have found to be otherwise, each with who found it and when.

use super::columns::{Role, list};
use super::findings::DraftFinding;
use super::list::Layer;
use super::places::Place;
use super::rows::{Record, Rows, text};
use super::{Own, short};
use crate::facilities::DraftOrigin;
use circle_model::city::{FindingKind, Joined, Severity};
use circle_model::{LonLat, Point};

/// A field correction.
#[derive(Debug)]
pub(crate) struct OwnCorrection {
    pub(crate) record: Record,
    /// Whether the row has a place.
    pub(crate) placed: bool,
    pub(crate) action: Action,
    pub(crate) of: CorrectionOf,
    pub(crate) target: Option<Box<str>>,
    pub(crate) compound: Option<Box<str>>,
    pub(crate) new_name: Option<Box<str>>,
    pub(crate) new_category: Option<u8>,
    pub(crate) new_point: Option<Point>,
    pub(crate) signed: Box<str>,
}

/// What a correction does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    Closed,
    Moved,
    NewGate,
    Renamed,
    WrongCategory,
}

/// What a correction is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CorrectionOf {
    Facility,
    Compound,
    Gate,
}

/// Reads a layer of corrections.
pub(super) fn read(rows: &mut Rows<'_>) -> Result<Vec<OwnCorrection>, String> {
    if !rows.columns.has(Role::Action) {
        return Err(format!(
            "no column `action` (操作) that says what to correct; it has: {}",
            list(&rows.sheet.columns)
        ));
    }
    Ok((0..rows.sheet.len()).filter_map(|row| correction(rows, row)).collect())
}

fn correction(rows: &mut Rows<'_>, row: usize) -> Option<OwnCorrection> {
    let number = rows.sheet.number(row);
    let name = rows.cell(row, Role::Name).to_owned();
    let word = rows.cell(row, Role::Action).to_lowercase();
    let Some(action) = Action::called(&word) else {
        let what = format!(
            "{}: `{}` is no correction; there are closed 已关闭, moved 已搬迁, new_gate 新增出入口, renamed 更名, \
             wrong_category 类别错误",
            rows.called(Role::Action),
            short(&word)
        );
        rows.reject(number, &name, "no_action", &what);
        return None;
    };
    let of = match rows.cell(row, Role::TargetLayer).to_lowercase().as_str() {
        "compound" | "compounds" | "小区" => CorrectionOf::Compound,
        "gate" | "gates" | "出入口" | "大门" => CorrectionOf::Gate,
        _ if action == Action::NewGate => CorrectionOf::Gate,
        _ => CorrectionOf::Facility,
    };
    let placed = !matches!(rows.places[row], Place::Nowhere);
    let (target, new_name) = (text(rows.cell(row, Role::Target)), text(rows.cell(row, Role::NewName)));
    let word = rows.cell(row, Role::NewCategory).to_owned();
    let new_category = rows.classifier.category_called(&word);
    let missing = match action {
        Action::NewGate if !placed => Some((Role::Lon, "where the new gate is")),
        Action::Renamed if new_name.is_none() => Some((Role::NewName, "the new name")),
        Action::WrongCategory if new_category.is_none() => {
            Some((Role::NewCategory, "the right category, by id or name"))
        }
        _ if target.is_none() && name.is_empty() && !placed => {
            Some((Role::Target, "what it is of: an id such as node/123, a name, or a place"))
        }
        _ => None,
    };
    if let Some((role, what)) = missing {
        let what = format!("{}: missing; it has to say {what}", rows.called(role));
        rows.reject(number, &name, "incomplete", &what);
        return None;
    }
    let new_point = match new_numbers(rows, row) {
        None => None,
        Some(Err(what)) => {
            rows.reject(number, &name, "not_a_number", &what);
            return None;
        }
        Some(Ok(at)) => {
            let point = rows.reading.and_then(|reading| reading.place(at)).map(LonLat::point);
            if point.is_none_or(|point| !rows.bounds.contains(point)) {
                let what =
                    format!("{}: {}, {} lies outside the city", rows.called(Role::NewLon), at[0], at[1]);
                rows.reject(number, &name, "outside_the_city", &what);
                return None;
            }
            point
        }
    };
    let record = if placed { rows.record(row)? } else { rows.unplaced(row) };
    if action == Action::Moved
        && new_point.is_none()
        && !(placed && (target.is_some() || record.name.is_some()))
    {
        rows.withdraw(&record, "incomplete", "new_lon, new_lat: missing; it has to say where it moved to");
        return None;
    }
    let said = [Role::Author, Role::Date, Role::Note].map(|role| rows.cell(row, role));
    let signed: Vec<String> = said.iter().filter(|cell| !cell.is_empty()).map(|cell| short(cell)).collect();
    Some(OwnCorrection {
        placed,
        action,
        of,
        target,
        compound: text(rows.cell(row, Role::Compound)),
        new_name,
        new_category,
        new_point,
        signed: signed.join(", ").into(),
        record,
    })
}

/// Where a correction says that something is now; `None` where it does not say, an error where it is no number.
pub(super) fn new_numbers(rows: &Rows<'_>, row: usize) -> Option<Result<[f64; 2], String>> {
    if rows.listed.layer != Layer::Corrections {
        return None;
    }
    let cells = [Role::NewLon, Role::NewLat].map(|role| (role, rows.cell(row, role)));
    if cells.iter().all(|(_, cell)| cell.is_empty()) {
        return None;
    }
    Some(rows.numbers(cells))
}

impl Action {
    fn called(word: &str) -> Option<Self> {
        Some(match word {
            "closed" | "关闭" | "已关闭" | "停业" | "已停业" | "撤销" => Self::Closed,
            "moved" | "移位" | "搬迁" | "已搬迁" | "位置错误" => Self::Moved,
            "new_gate" | "new gate" | "新增出入口" | "新门" | "新增大门" => Self::NewGate,
            "renamed" | "更名" | "已更名" | "名称错误" => Self::Renamed,
            "wrong_category" | "wrong category" | "类别错误" | "分类错误" => Self::WrongCategory,
            _ => return None,
        })
    }

    /// Its name in files and messages.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Moved => "moved",
            Self::NewGate => "new_gate",
            Self::Renamed => "renamed",
            Self::WrongCategory => "wrong_category",
        }
    }
}

impl Own {
    /// A correction that was applied.
    pub(crate) fn applied(&mut self, correction: &OwnCorrection, at: Point, said: &str) {
        let record = Record { point: at, ..correction.record.clone() };
        let said = format!("{said} ({})", correction.signed);
        self.say(&record, Severity::Info, FindingKind::CorrectionApplied, &said);
    }

    /// A correction that fits nothing any more.
    pub(crate) fn stale(&mut self, correction: &OwnCorrection, why: &str) {
        let said = format!("`{}` no longer applies: {why} ({})", correction.action.word(), correction.signed);
        self.say(&correction.record, Severity::Warning, FindingKind::CorrectionStale, &said);
        self.count_rejected(correction.record.source, "no_longer_applies");
    }

    /// An own row that a correction closed. Rows that were merged stay counted as such.
    pub(crate) fn close(&mut self, origin: &DraftOrigin, by: &str) {
        if origin.source == 0 {
            return;
        }
        if origin.joined == Joined::Kept {
            self.count_rejected(origin.source, "closed_by_correction");
        }
        self.findings.push(DraftFinding {
            severity: Severity::Info,
            kind: FindingKind::RejectedRow,
            source: origin.source,
            row: origin.row,
            point: origin.point,
            name: origin.name.clone().unwrap_or_default(),
            message: format!("{}: {by}", self.label(origin.source, origin.row)).into(),
        });
    }
}
