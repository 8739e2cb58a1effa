//! Levels of district units.

use circle_model::city::Unit;

/// The level of a word: its Chinese or English name, or OSM's `admin_level`.
pub(in crate::own) fn unit_level(word: &str) -> Option<u8> {
    Some(match word.trim().to_lowercase().as_str() {
        "district" | "county" | "区" | "县" | "区县" | "6" => Unit::DISTRICT,
        "subdistrict" | "town" | "街道" | "镇" | "乡" | "乡镇" | "街道办" | "8" => Unit::SUBDISTRICT,
        "community" | "village" | "社区" | "居委会" | "村" | "村委会" | "10" => Unit::COMMUNITY,
        "grid" | "网格" | "12" => Unit::GRID,
        _ => return None,
    })
}

/// The level of the last word of a unit's name.
pub(super) fn level_by_name(name: &str) -> Option<u8> {
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
