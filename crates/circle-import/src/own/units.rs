//! District units of the planner's own: 区, 街道, 社区, 网格.

use super::columns::{Role, list};
use super::rows::{Record, Rows, text};
use super::short;
use circle_model::city::Unit;

/// A unit of the planner's own.
#[derive(Debug)]
pub(crate) struct OwnUnit {
    pub(crate) record: Record,
    /// As OSM's `admin_level`.
    pub(crate) level: u8,
    pub(crate) code: Option<Box<str>>,
    /// The unit above it, by name or code.
    pub(crate) parent: Option<Box<str>>,
}

/// The level that a word names: its Chinese or English name, or OSM's `admin_level`.
pub(crate) fn level(word: &str) -> Option<u8> {
    Some(match word.trim().to_lowercase().as_str() {
        "district" | "county" | "区" | "县" | "区县" | "6" => Unit::DISTRICT,
        "subdistrict" | "town" | "街道" | "镇" | "乡" | "乡镇" | "街道办" | "8" => Unit::SUBDISTRICT,
        "community" | "village" | "社区" | "居委会" | "村" | "村委会" | "10" => Unit::COMMUNITY,
        "grid" | "网格" | "12" => Unit::GRID,
        _ => return None,
    })
}

/// What a name ends in where no column says the level.
fn level_by_name(name: &str) -> Option<u8> {
    let ends = |ends: &[&str]| ends.iter().any(|end| name.ends_with(end));
    if ends(&["网格"]) {
        Some(Unit::GRID)
    } else if ends(&["社区", "居委会", "村", "嘎查"]) {
        Some(Unit::COMMUNITY)
    } else if ends(&["街道", "街道办事处", "镇", "乡", "苏木"]) {
        Some(Unit::SUBDISTRICT)
    } else if ends(&["区", "县", "旗"]) {
        Some(Unit::DISTRICT)
    } else {
        None
    }
}

/// Reads a layer of units.
pub(super) fn read(rows: &mut Rows<'_>) -> Result<Vec<OwnUnit>, String> {
    if !rows.columns.has(Role::Name) && !rows.columns.has(Role::UnitCode) {
        return Err(format!("no column for the units' names (名称); it has: {}", list(&rows.sheet.columns)));
    }
    let constant = rows.listed.level.clone().unwrap_or_default();
    let mut units = Vec::new();
    for row in 0..rows.sheet.len() {
        let Some(record) = rows.record(row) else { continue };
        if record.area.polygons.is_empty() {
            rows.withdraw(&record, "no_outline", "geometry: a unit needs an outline");
            continue;
        }
        let word = Some(rows.cell(row, Role::Level)).filter(|cell| !cell.is_empty()).unwrap_or(&constant);
        let found = level(word).or_else(|| level_by_name(record.name.as_deref().unwrap_or_default()));
        let Some(level) = found else {
            let column = rows.columns.called(rows.sheet, Role::Level);
            let what = format!("{column}: `{}` is none of 区, 街道, 社区, 网格", short(word));
            rows.withdraw(&record, "no_level", &what);
            continue;
        };
        let code = text(rows.cell(row, Role::UnitCode));
        let parent = text(rows.cell(row, Role::Parent));
        units.push(OwnUnit { record, level, code, parent });
    }
    Ok(units)
}
