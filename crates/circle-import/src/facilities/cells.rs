//! Own rows by category and cell.

use super::draft::DraftFacility;
use super::duplicates::SAME_NAME_METRES;
use crate::classify::PlainName;
use crate::own::{DraftFinding, Report};
use circle_model::city::{FindingKind, Severity};
use circle_model::coordinates::Bounds;
use circle_model::grid::widened;
use rustc_hash::{FxHashMap, FxHasher};
use std::hash::{Hash, Hasher};

/// Own rows by category and cell, so that a point with 200,000 rows costs no more than others.
#[derive(Default)]
pub(super) struct Cells {
    cells: FxHashMap<(u8, i32, i32), Vec<u32>>,
    /// By [`name_key`].
    named: FxHashMap<u64, Vec<u32>>,
    /// The first row of a crowded cell that was not added, and the count of such rows.
    crowded: FxHashMap<(u8, i32, i32), (u32, u64)>,
}

/// Side of a cell in 10⁻⁷ degrees, about 150 m.
const CELL: i32 = 15_000;
/// Limit of rows of one category in a cell. No street has more: such rows share a geocoder's default place.
const CROWDED: usize = 300;
/// Limit of rows of one name that are compared.
pub(super) const MOST_NAMESAKES: usize = 64;

impl Cells {
    pub(super) fn add(&mut self, number: usize, place: &DraftFacility, name: &PlainName) {
        let (x, y) = (place.point.lon.div_euclid(CELL), place.point.lat.div_euclid(CELL));
        for category in &place.classified.categories {
            let key = (*category, x, y);
            let cell = self.cells.entry(key).or_default();
            if cell.len() < CROWDED {
                cell.push(number as u32);
            } else {
                self.crowded.entry(key).or_insert((number as u32, 0)).1 += 1;
            }
            let namesakes = self.named.entry(name_key(key, name)).or_default();
            if namesakes.len() < MOST_NAMESAKES {
                namesakes.push(number as u32);
            }
        }
    }

    /// Visits rows around a place: those of its name, and with `scan` all rows of its categories.
    pub(super) fn near(
        &self,
        place: &DraftFacility,
        name: &PlainName,
        names: &[PlainName],
        scan: bool,
        mut visit: impl FnMut(usize),
    ) {
        let bounds = Bounds::of(place.area.corners().chain([place.point]));
        let around = widened(&bounds, SAME_NAME_METRES);
        let cells = |from: i32, to: i32| from.div_euclid(CELL)..=to.div_euclid(CELL);
        let (columns, rows) = (cells(around.west, around.east), cells(around.south, around.north));
        // An outline of the size of a city is not searched.
        if columns.clone().count() * rows.clone().count() > 10_000 {
            return;
        }
        let all = scan && self.crowded.is_empty();
        for category in &place.classified.categories {
            for x in columns.clone().filter(|_| scan) {
                for y in rows.clone() {
                    let cell = self.cells.get(&(*category, x, y)).map(Vec::as_slice).unwrap_or_default();
                    if cell.len() < CROWDED {
                        cell.iter().for_each(|number| visit(*number as usize));
                    }
                }
            }
            if all {
                continue;
            }
            for x in columns.clone() {
                for y in rows.clone() {
                    let namesakes = self.named.get(&name_key((*category, x, y), name)).into_iter().flatten();
                    let called = namesakes.filter(|number| names[**number as usize].has_stem_of(name));
                    called.for_each(|number| visit(*number as usize));
                }
            }
        }
    }

    /// Warns of crowded cells.
    pub(super) fn warn_of_crowds(&self, places: &[DraftFacility], report: &mut Report<'_>) {
        let mut crowded: Vec<_> = self.crowded.values().collect();
        crowded.sort_unstable();
        for (number, count) in crowded {
            let place = &places[*number as usize];
            let source = &place.origins[0];
            report.push(DraftFinding {
                severity: Severity::Warning,
                kind: FindingKind::OddRow,
                source: source.source,
                row: source.row,
                point: place.point,
                name: place.name.clone().unwrap_or_default(),
                message: format!(
                    "{} rows of one category lie within 150 m of here, as at a geocoder's default place; they \
                     were compared by name alone",
                    count + CROWDED as u64
                )
                .into(),
            });
        }
    }
}

/// Hash of category, cell and name. Names of one hash are distinguished when they are compared.
fn name_key(cell: (u8, i32, i32), name: &PlainName) -> u64 {
    let mut hasher = FxHasher::default();
    (cell, &name.stem).hash(&mut hasher);
    hasher.finish()
}
