//! Joins own units with those of the map.

use super::draft::FoundUnit;
use crate::keys::of_row;
use crate::own::{OwnUnit, RejectReason, Report};
use circle_model::city::OsmKind;
use circle_model::coordinates::Bounds;
use circle_sheet::OwnLayer;
use std::collections::HashMap;

/// Limit of own units of one level in one cell.
const MOST_HERE: u32 = 16;
/// Side of a cell in 10⁻⁷ degrees, about 50 m.
const CELL: i32 = 5_000;

/// Joins own units with those of the map of the same level and name or code, or adds them. Own names, codes
/// and outlines take precedence, and repeated rows are merged.
pub(super) fn join(found: &mut Vec<FoundUnit>, own: Vec<OwnUnit>, extract: Bounds, report: &mut Report<'_>) {
    let mut by_name: HashMap<(u8, Box<str>), usize> = HashMap::new();
    let mut crowd: HashMap<(u8, i32, i32), u32> = HashMap::new();
    for (number, unit) in found.iter().enumerate() {
        for word in words_of(unit) {
            by_name.entry((unit.level, word)).or_insert(number);
        }
    }
    for OwnUnit { record, level, code, parent } in own {
        let words = [code.as_deref().map(plain_code), record.name.as_deref().map(plain_name)];
        let known = words.into_iter().flatten().find_map(|word| by_name.get(&(level, word)).copied());
        // Communities of one name in two subdistricts are two units.
        let same = known.filter(|number| {
            found[*number].area.contains(record.point)
                || found[*number].clipped
                || code.as_deref().map(plain_code) == found[*number].code.as_deref().map(plain_code)
        });
        if let Some(first) = same.map(|number| &found[number]).filter(|first| first.source > 0) {
            let first = report.label(first.source, first.row);
            report.merge_into(&record, &format!("the unit of {first} has its name or code"));
            continue;
        }
        let here = (level, record.point.lon.div_euclid(CELL), record.point.lat.div_euclid(CELL));
        let count = crowd.entry(here).or_default();
        *count += 1;
        if *count > MOST_HERE {
            let what = format!(
                "more than {MOST_HERE} units of a level lie within 50 m of here; this one was left out"
            );
            report.reject(&record, RejectReason::Crowded, &what);
            continue;
        }
        let clipped = record.area.corners().any(|corner| !extract.contains(corner));
        let id = code.as_deref().or(record.reference.as_deref());
        let unit = FoundUnit {
            osm_id: 0,
            osm_kind: OsmKind::None,
            key: Some(of_row(OwnLayer::Units, id, record.name.as_deref(), record.point)),
            source: record.source,
            row: record.row,
            level,
            name: record.name,
            name_en: record.name_en,
            code,
            population: None,
            parent,
            clipped,
            area: record.area,
        };
        if let Some(number) = same {
            let of_map = &mut found[number];
            *of_map = FoundUnit {
                osm_id: of_map.osm_id,
                osm_kind: of_map.osm_kind,
                key: None,
                name: unit.name.or(of_map.name.take()),
                name_en: unit.name_en.or(of_map.name_en.take()),
                code: unit.code.or(of_map.code.take()),
                population: of_map.population,
                ..unit
            };
        } else {
            let number = found.len();
            for word in words_of(&unit) {
                by_name.entry((level, word)).or_insert(number);
            }
            found.push(unit);
        }
    }
}

/// The name of a unit without the word for its office: 哈西街道办事处 is 哈西街道.
pub(super) fn plain_name(name: &str) -> Box<str> {
    name.trim_end_matches("办事处").into()
}

/// A code without its trailing zeros, which pad codes of higher levels.
fn plain_code(code: &str) -> Box<str> {
    format!("#{}", code.trim_end_matches('0')).into()
}

fn words_of(unit: &FoundUnit) -> impl Iterator<Item = Box<str>> {
    let words = [unit.name.as_deref().map(plain_name), unit.code.as_deref().map(plain_code)];
    words.into_iter().flatten()
}
