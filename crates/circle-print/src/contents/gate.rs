//! What a gate is called.

use crate::fonts::without_emoji;
use circle_model::{City, GateId};

/// The name of a gate as boards print it: its own, else that of its side of the compound, 西北侧出入口.
pub fn gate_name(city: &City, gate: GateId) -> String {
    let row = &city.gates()[gate.index()];
    let own = city.text_or_none(row.name).map(without_emoji).filter(|name| !name.is_empty());
    let compound = &city.compounds()[row.compound.index()];
    own.unwrap_or_else(|| format!("{}侧出入口", side_of(compound.point.bearing_degrees(row.point)).0))
}

/// The side of the compound that a direction points to, in Chinese and English.
pub(super) fn side_of(degrees: f64) -> (&'static str, &'static str) {
    const SIDES: [(&str, &str); 8] = [
        ("北", "North"),
        ("东北", "Northeast"),
        ("东", "East"),
        ("东南", "Southeast"),
        ("南", "South"),
        ("西南", "Southwest"),
        ("西", "West"),
        ("西北", "Northwest"),
    ];
    SIDES[((degrees / 45.0).round() as usize) % 8]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sides_are_named_clockwise_from_north() {
        for (degrees, zh) in [(0.0, "北"), (44.0, "东北"), (170.0, "南"), (315.0, "西北"), (359.0, "北")]
        {
            assert_eq!(side_of(degrees).0, zh, "{degrees}");
        }
    }
}
