//! Reads a layer of district units: 区, 街道, 社区, 网格.

use super::levels::{level_by_name, unit_level};
use crate::own::fates::RejectReason;
use crate::own::records::OwnUnit;
use crate::own::rows::{Rows, text};
use circle_sheet::{Role, excerpt, name_list};

/// Reads a layer of units.
///
/// # Errors
/// If the file has neither names nor codes.
pub(super) fn read(rows: &mut Rows<'_, '_>) -> Result<Vec<OwnUnit>, String> {
    if !rows.columns.has(Role::Name) && !rows.columns.has(Role::UnitCode) {
        return Err(format!(
            "no column for the units' names (名称); it has: {}",
            name_list(&rows.sheet.columns)
        ));
    }
    let constant = rows.listed.level.clone().unwrap_or_default();
    let mut units = Vec::new();
    for row in 0..rows.sheet.len() {
        let Some(record) = rows.record(row) else { continue };
        if record.area.polygons.is_empty() {
            let what = "geometry: a unit needs an outline";
            rows.reject_record(&record, RejectReason::NoOutline, what);
            continue;
        }
        let word = Some(rows.cell(row, Role::Level)).filter(|cell| !cell.is_empty()).unwrap_or(&constant);
        let found = unit_level(word).or_else(|| level_by_name(record.name.as_deref().unwrap_or_default()));
        let Some(level) = found else {
            let what =
                format!("{}: `{}` is none of 区, 街道, 社区, 网格", rows.heading(Role::Level), excerpt(word));
            rows.reject_record(&record, RejectReason::NoLevel, &what);
            continue;
        };
        let code = text(rows.cell(row, Role::UnitCode));
        let parent = text(rows.cell(row, Role::Parent));
        units.push(OwnUnit { record, level, code, parent });
    }
    Ok(units)
}
