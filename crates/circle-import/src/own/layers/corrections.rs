//! Reads a layer of field corrections 更正, each with its author and date.

use crate::own::fates::RejectReason;
use crate::own::records::OwnCorrection;
use crate::own::rows::{Rows, text};
use crate::own::store::{CorrectedThing, CorrectionAction};
use circle_model::LonLat;
use circle_sheet::{CellError, OwnLayer, Role, excerpt, name_list, parse_coordinates};

/// Reads a layer of corrections.
///
/// # Errors
/// If the file has no column of actions.
pub(super) fn read(rows: &mut Rows<'_, '_>) -> Result<Vec<OwnCorrection>, String> {
    if !rows.columns.has(Role::Action) {
        return Err(format!(
            "no column `action` (操作), which states what to correct; it has: {}",
            name_list(&rows.sheet.columns)
        ));
    }
    Ok((0..rows.sheet.len()).filter_map(|row| correction(rows, row)).collect())
}

fn correction(rows: &mut Rows<'_, '_>, row: usize) -> Option<OwnCorrection> {
    let number = rows.sheet.number(row);
    let name = rows.cell(row, Role::Name).to_owned();
    let word = rows.cell(row, Role::Action).to_lowercase();
    let Some(action) = CorrectionAction::parse(&word) else {
        let what = format!(
            "{}: `{}` is no correction; there are closed 已关闭, moved 已搬迁, new_gate 新增出入口, renamed 更名, \
             wrong_category 类别错误",
            rows.heading(Role::Action),
            excerpt(&word)
        );
        rows.reject(number, &name, RejectReason::NoAction, &what);
        return None;
    };
    let of = CorrectedThing::parse(rows.cell(row, Role::TargetLayer)).unwrap_or(match action {
        CorrectionAction::NewGate => CorrectedThing::Gate,
        _ => CorrectedThing::Facility,
    });
    let placed = rows.has_place(row);
    let (target, new_name) = (text(rows.cell(row, Role::Target)), text(rows.cell(row, Role::NewName)));
    let word = rows.cell(row, Role::NewCategory).to_owned();
    let new_category = rows.classifier.category_called(&word);
    let missing = match action {
        CorrectionAction::NewGate if !placed => Some((Role::Lon, "where the new gate is")),
        CorrectionAction::Renamed if new_name.is_none() => Some((Role::NewName, "the new name")),
        CorrectionAction::WrongCategory if new_category.is_none() => {
            Some((Role::NewCategory, "the right category, by id or name"))
        }
        _ if target.is_none() && name.is_empty() && !placed => {
            Some((Role::Target, "what it corrects: an id such as node/123, a name, or a place"))
        }
        _ => None,
    };
    if let Some((role, what)) = missing {
        let what = format!("{}: missing; state {what}", rows.heading(role));
        rows.reject(number, &name, RejectReason::Incomplete, &what);
        return None;
    }
    let new_point = match new_coordinates(rows, row) {
        None => None,
        Some(Err(error)) => {
            rows.reject(number, &name, RejectReason::NotANumber, &error.to_string());
            return None;
        }
        Some(Ok(at)) => {
            let point = rows.reading.and_then(|reading| reading.place(at)).map(LonLat::point);
            if point.is_none_or(|point| !rows.bounds.contains(point)) {
                let what =
                    format!("{}: {}, {} lies outside the city", rows.heading(Role::NewLon), at[0], at[1]);
                rows.reject(number, &name, RejectReason::OutsideTheCity, &what);
                return None;
            }
            point
        }
    };
    let record = if placed { rows.record(row)? } else { rows.unplaced(row) };
    if action == CorrectionAction::Moved
        && new_point.is_none()
        && !(placed && (target.is_some() || record.name.is_some()))
    {
        let what = "new_lon, new_lat: missing; state where it moved to";
        rows.reject_record(&record, RejectReason::Incomplete, what);
        return None;
    }
    let cells = [Role::Author, Role::Date, Role::Note].map(|role| rows.cell(row, role));
    let signature: Vec<String> =
        cells.iter().filter(|cell| !cell.is_empty()).map(|cell| excerpt(cell)).collect();
    Some(OwnCorrection {
        placed,
        action,
        of,
        target,
        compound: text(rows.cell(row, Role::Compound)),
        new_name,
        new_category,
        new_point,
        signature: signature.join(", ").into(),
        record,
    })
}

/// The new place in a correction; `None` if it has none.
///
/// # Errors
/// If a cell is not a coordinate.
pub(in crate::own) fn new_coordinates(
    rows: &Rows<'_, '_>,
    row: usize,
) -> Option<Result<[f64; 2], CellError>> {
    if rows.listed.layer != OwnLayer::Corrections {
        return None;
    }
    let cells = [Role::NewLon, Role::NewLat].map(|role| (role, rows.cell(row, role)));
    if cells.iter().all(|(_, cell)| cell.is_empty()) {
        return None;
    }
    Some(parse_coordinates(rows.sheet, rows.columns, cells))
}
