//! District units 区, 街道, 社区, from administrative boundaries and own files.

mod census;
mod draft;
mod join;
mod mapped;
mod parents;

pub(crate) use draft::{DraftUnit, UnitIndex, UnitsByLevel};

use crate::geometry::{label_point, polygons_square_metres};
use crate::own::{FileSummary, OwnUnit, Report};
use crate::scan::Located;
use circle_model::Point;
use circle_model::city::{FindingKind, Severity};
use circle_model::coordinates::Bounds;
use circle_sheet::excerpt;
use draft::FoundUnit;
use rayon::prelude::*;
use std::collections::HashSet;

/// All units.
#[derive(Debug, Default)]
pub(crate) struct Units {
    /// Sorted by level, OSM object, own file and row.
    pub(crate) list: Vec<DraftUnit>,
    /// Count of boundaries without outline.
    pub(crate) without_outline: u64,
}

/// Finds the units of the map, joins own rows with them, and finds the parent and census code of each.
pub(crate) fn find(
    located: &Located,
    own: Vec<OwnUnit>,
    files: &[FileSummary],
    extract: Bounds,
    report: &mut Report<'_>,
) -> Units {
    let mut found = mapped::find(located, extract);
    join::join(&mut found, own, extract, report);
    found.sort_by_key(|unit| (unit.level, unit.osm_kind, unit.osm_id, unit.source, unit.row));
    let all = found.len();
    let (mut list, named_parents): (Vec<DraftUnit>, Vec<Option<Box<str>>>) =
        found.into_iter().filter_map(with_label).unzip();
    let without_outline = (all - list.len()) as u64;
    let parents = parents::parents(&list, &named_parents, report);
    list.iter_mut().zip(parents).for_each(|(unit, parent)| unit.parent = parent);
    let codes = census::codes(&list);
    list.iter_mut().zip(codes).for_each(|(unit, code)| unit.census = code);
    warn_of_missing_units(files, &list, report);
    Units { list, without_outline }
}

/// A unit with its label point and its parent in its own file; `None` without outline.
fn with_label(mut unit: FoundUnit) -> Option<(DraftUnit, Option<Box<str>>)> {
    let point = label_point(&unit.area.polygons)?;
    unit.area.orient();
    let draft = DraftUnit {
        osm_id: unit.osm_id,
        osm_kind: unit.osm_kind,
        key: unit.key,
        source: unit.source,
        row: unit.row,
        level: unit.level,
        name: unit.name,
        name_en: unit.name_en,
        code: unit.code,
        residents: unit.population.filter(|count| !unit.clipped && *count > 0),
        point,
        bounds: unit.area.bounds(),
        square_metres: polygons_square_metres(&unit.area.polygons) as f32,
        area: unit.area,
        clipped: unit.clipped,
        parent: None,
        census: None,
    };
    Some((draft, unit.parent))
}

impl Units {
    /// The units that contain each of some points.
    pub(crate) fn at(&self, points: impl Iterator<Item = Point>) -> Vec<UnitsByLevel> {
        let index = UnitIndex::new(&self.list);
        let points: Vec<Point> = points.collect();
        points.par_iter().map(|point| index.by_level(*point)).collect()
    }
}

/// Warns of names in `complete_in` that no unit has: such a list would be complete nowhere.
fn warn_of_missing_units(files: &[FileSummary], units: &[DraftUnit], report: &mut Report<'_>) {
    let names: HashSet<&str> = units.iter().filter_map(|unit| unit.name.as_deref()).collect();
    for (source, file) in (1u32..).zip(files) {
        for name in file.complete_in.iter().filter(|name| !names.contains(name.as_str())) {
            let message = format!(
                "{}: complete_in names `{}`, but no unit of the city has this name; write the name of a unit, or add the \
                 unit with a file of the layer units",
                file.name,
                excerpt(name)
            );
            report.on_file(source, Severity::Warning, FindingKind::OddRow, &message);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use circle_model::city::{FollowedKeys, Unit};

    #[test]
    fn names_of_units_that_do_not_exist_are_reported() {
        let files = [FileSummary::complete_in("own.csv", &["南岗区", "南港区"])];
        let (names, keys) = (["own.csv".to_owned()], FollowedKeys::default());
        let mut report = Report::new(&names, &keys);
        let unit = DraftUnit { name: Some("南岗区".into()), ..DraftUnit::of_level(Unit::DISTRICT) };
        warn_of_missing_units(&files, &[unit], &mut report);
        let findings = report.finish([]).findings;
        let [only] = findings.as_slice() else { panic!("{findings:?}") };
        assert!(only.message.contains("own.csv: complete_in names `南港区`"));
    }
}
