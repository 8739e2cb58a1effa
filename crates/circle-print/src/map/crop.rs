//! The part of the city that the map shows: as large as possible around the bands and the compound. The tips
//! of the longest band are cut off where most of the map would be ground that nobody reaches.

use crate::path::Xy;

/// What the map shows, in metres to the right of and above the gate.
#[derive(Debug)]
pub(super) struct Shown {
    /// The longest band and the compound, each area as its rings.
    pub(super) reached: Vec<Vec<Vec<Xy>>>,
    /// Areas of water.
    pub(super) water: Vec<Vec<Vec<Xy>>>,
    /// Places that the map must hold: the gate, the outline of the compound, the listed facilities.
    pub(super) needed: Vec<Xy>,
}

/// The space for the map, millimetres.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sheet {
    pub(super) width: f64,
    pub(super) height: f64,
    /// Least distance of the reached area and of the needed places from the frame.
    pub(super) padding: f64,
    /// Largest scale, page millimetres per metre.
    pub(super) closest: f64,
}

/// Scale, in page millimetres per metre, and centre.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Crop {
    pub(super) scale: f64,
    pub(super) centre: Xy,
}

/// Largest share of the map that may be unreachable ground, if cutting off tips can achieve it.
const UNREACHABLE: f64 = 0.25;
/// Smallest share of the reached area that stays on the map.
const KEPT: f64 = 0.88;
/// Ratio between two scales that are tried.
const STEP: f64 = 1.04;
/// Number of positions that are tried along each side of the map.
const POSITIONS: usize = 17;
/// Number of cells along the longer side of the area that is examined.
const CELLS: f64 = 120.0;
/// What a square metre of water counts against one of unreachable land.
const WATER: f64 = 0.4;
/// What a shift of the map by its own side costs, in maps. The cost grows with the square of the shift.
const SHIFT: f64 = 1.5;

/// Chooses scale and centre.
pub(super) fn crop(shown: &Shown, sheet: &Sheet) -> Crop {
    let all = Area::of(shown.reached.iter().flatten().flatten().chain(&shown.needed));
    let needed = Area::of(&shown.needed);
    let fits = |area: &Area| {
        let [width, height] = area.sides();
        let scale = |side: f64, space: f64| (space - 2.0 * sheet.padding) / side.max(1.0);
        scale(width, sheet.width).min(scale(height, sheet.height)).min(sheet.closest)
    };
    let (widest, narrowest) = (fits(&all), fits(&needed));
    let view = |scale: f64| [sheet.width / scale, sheet.height / scale];
    // Every view lies in this area.
    let [width, height] = view(widest);
    let region = Area {
        low: [all.high[0].min(all.low[0] + width) - width, all.high[1].min(all.low[1] + height) - height],
        high: [all.low[0].max(all.high[0] - width) + width, all.low[1].max(all.high[1] - height) + height],
    };
    let reached = Cells::of(&shown.reached, &region);
    let water = Cells::of(&shown.water, &region);
    let total = reached.count(&region).max(1.0);
    let middle = all.centre();
    let mut best = Crop { scale: widest, centre: middle };
    let mut scale = widest;
    while scale <= narrowest * 1.0001 {
        let padding = sheet.padding / scale;
        // The whole reached area has to fit only at the first scale.
        let inside = if scale > widest { &needed } else { &all };
        let centres = centres(inside, &region, view(scale), padding);
        let value = |centre: &Xy| {
            let seen = Area::around(*centre, view(scale));
            let shift = [0, 1].map(|axis| (centre[axis] - middle[axis]) / view(scale)[axis]);
            let shift = shift[0] * shift[0] + shift[1] * shift[1];
            reached.count(&seen) - WATER * water.count(&seen) - SHIFT * shift * reached.cells_in(&seen)
        };
        let Some(centre) = centres.into_iter().max_by(|a, b| value(a).total_cmp(&value(b))) else { break };
        let seen = Area::around(centre, view(scale));
        let kept = reached.count(&seen);
        if kept < KEPT * total {
            break;
        }
        best = Crop { scale, centre };
        if kept >= (1.0 - UNREACHABLE) * reached.cells_in(&seen) {
            break;
        }
        scale *= STEP;
    }
    best
}

/// Centres of views in a region that hold an area with a padding, the middle one last, so that it wins against
/// equal ones.
fn centres(inside: &Area, region: &Area, view: Xy, padding: f64) -> Vec<Xy> {
    let along = |axis: usize| -> Vec<f64> {
        let middle = f64::midpoint(inside.low[axis], inside.high[axis]);
        let slack = (view[axis] / 2.0 - padding - (inside.high[axis] - middle)).max(0.0);
        let half = (POSITIONS / 2) as f64;
        let mut steps: Vec<f64> = (0..POSITIONS).map(|at| (at as f64 - half) / half).collect();
        steps.sort_by(|a, b| b.abs().total_cmp(&a.abs()));
        let (low, high) = (region.low[axis] + view[axis] / 2.0, region.high[axis] - view[axis] / 2.0);
        steps.into_iter().map(|step| (middle + step * slack).min(high).max(low)).collect()
    };
    let across = along(1);
    along(0).into_iter().flat_map(|x| across.iter().map(move |y| [x, *y]).collect::<Vec<_>>()).collect()
}

/// A rectangle with level sides.
#[derive(Debug, Clone, Copy)]
struct Area {
    low: Xy,
    high: Xy,
}

impl Area {
    fn of<'a>(points: impl IntoIterator<Item = &'a Xy>) -> Self {
        let mut area = Self { low: [0.0; 2], high: [0.0; 2] };
        for point in points {
            area.low = [0, 1].map(|axis| area.low[axis].min(point[axis]));
            area.high = [0, 1].map(|axis| area.high[axis].max(point[axis]));
        }
        area
    }

    fn around(centre: Xy, sides: Xy) -> Self {
        Self {
            low: [0, 1].map(|axis| centre[axis] - sides[axis] / 2.0),
            high: [0, 1].map(|axis| centre[axis] + sides[axis] / 2.0),
        }
    }

    fn sides(&self) -> Xy {
        [0, 1].map(|axis| self.high[axis] - self.low[axis])
    }

    fn centre(&self) -> Xy {
        [0, 1].map(|axis| f64::midpoint(self.low[axis], self.high[axis]))
    }
}

/// The cells of a region whose centres lie in some areas, with their sums, so that those in a rectangle are
/// counted at once (Crow 1984).
struct Cells {
    low: Xy,
    side: f64,
    columns: usize,
    rows: usize,
    /// Number of cells to the left and below, one row and column more than there are cells.
    sums: Vec<u32>,
}

impl Cells {
    fn of(areas: &[Vec<Vec<Xy>>], region: &Area) -> Self {
        let [width, height] = region.sides();
        let side = (width.max(height) / CELLS).max(1e-6);
        let [columns, rows] = [width, height].map(|length| (length / side).ceil().max(1.0) as usize);
        let mut sums = vec![0; (columns + 1) * (rows + 1)];
        let mut crossings: Vec<f64> = Vec::new();
        for row in 0..rows {
            let y = region.low[1] + (row as f64 + 0.5) * side;
            let mut is_in = vec![false; columns];
            // Each area is filled by itself: areas may overlap.
            for rings in areas {
                crossings.clear();
                for ring in rings {
                    for (a, b) in ring.iter().zip(ring.iter().cycle().skip(1)) {
                        if (a[1] > y) != (b[1] > y) {
                            crossings.push(a[0] + (y - a[1]) / (b[1] - a[1]) * (b[0] - a[0]));
                        }
                    }
                }
                crossings.sort_by(f64::total_cmp);
                for pair in crossings.chunks_exact(2) {
                    let column =
                        |x: f64| ((x - region.low[0]) / side - 0.5).ceil().clamp(0.0, columns as f64);
                    is_in[column(pair[0]) as usize..column(pair[1]) as usize].fill(true);
                }
            }
            let mut in_row = 0;
            for (column, is_in) in is_in.into_iter().enumerate() {
                in_row += u32::from(is_in);
                sums[(row + 1) * (columns + 1) + column + 1] =
                    sums[row * (columns + 1) + column + 1] + in_row;
            }
        }
        Self { low: region.low, side, columns, rows, sums }
    }

    /// Number of cells of the areas in a rectangle.
    fn count(&self, area: &Area) -> f64 {
        let [[left, bottom], [right, top]] = self.range(area);
        let sum = |column: usize, row: usize| i64::from(self.sums[row * (self.columns + 1) + column]);
        (sum(right, top) - sum(left, top) - sum(right, bottom) + sum(left, bottom)) as f64
    }

    /// Number of all cells in a rectangle.
    fn cells_in(&self, area: &Area) -> f64 {
        let [[left, bottom], [right, top]] = self.range(area);
        ((right - left) * (top - bottom)) as f64
    }

    fn range(&self, area: &Area) -> [[usize; 2]; 2] {
        let most = [self.columns, self.rows];
        [area.low, area.high].map(|corner| {
            [0, 1].map(|axis| {
                let at = (corner[axis] - self.low[axis]) / self.side;
                at.round().clamp(0.0, most[axis] as f64) as usize
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHEET: Sheet = Sheet { width: 400.0, height: 300.0, padding: 10.0, closest: 10.0 };

    fn ring(points: &[Xy]) -> Vec<Xy> {
        points.to_vec()
    }

    fn holds(crop: Crop, at: Xy) -> bool {
        let sides = [SHEET.width, SHEET.height];
        (0..2).all(|axis| (at[axis] - crop.centre[axis]).abs() * crop.scale <= sides[axis] / 2.0 + 1e-6)
    }

    #[test]
    fn the_tips_of_a_diamond_are_cut_but_no_needed_place_is() {
        let diamond = ring(&[[-1000.0, 0.0], [0.0, 1000.0], [1000.0, 0.0], [0.0, -1000.0]]);
        let shown =
            |needed: Vec<Xy>| Shown { reached: vec![vec![diamond.clone()]], water: Vec::new(), needed };
        let cut = crop(&shown(vec![[0.0, 0.0], [300.0, 300.0]]), &SHEET);
        let whole = (SHEET.height - 2.0 * SHEET.padding) / 2000.0;
        assert!(cut.scale > whole * 1.1, "{cut:?}");
        assert!(!holds(cut, [0.0, 1000.0]));
        let needed = [[0.0, 0.0], [0.0, 990.0], [0.0, -990.0]];
        let kept = crop(&shown(needed.to_vec()), &SHEET);
        assert!(needed.iter().all(|at| holds(kept, *at)), "{kept:?}");
    }

    #[test]
    fn a_compound_beyond_the_bands_is_on_the_map() {
        let band = ring(&[[-100.0, -100.0], [100.0, -100.0], [100.0, 100.0], [-100.0, 100.0]]);
        let compound = ring(&[[50.0, -900.0], [60.0, -900.0], [60.0, 0.0], [50.0, 0.0]]);
        let shown = Shown {
            reached: vec![vec![band], vec![compound.clone()]],
            water: Vec::new(),
            needed: compound.clone(),
        };
        let crop = crop(&shown, &SHEET);
        assert!(compound.iter().all(|at| holds(crop, *at)), "{crop:?}");
    }

    #[test]
    fn free_room_is_on_the_side_without_water() {
        let band = ring(&[[-100.0, -500.0], [100.0, -500.0], [100.0, 500.0], [-100.0, 500.0]]);
        let river = ring(&[[120.0, -2000.0], [2000.0, -2000.0], [2000.0, 2000.0], [120.0, 2000.0]]);
        let shown = Shown { reached: vec![vec![band.clone()]], water: vec![vec![river]], needed: band };
        let crop = crop(&shown, &SHEET);
        assert!((-400.0..-100.0).contains(&crop.centre[0]), "{crop:?}");
    }

    #[test]
    fn cells_of_overlapping_rings_count_once() {
        let square = ring(&[[0.0, 0.0], [60.0, 0.0], [60.0, 60.0], [0.0, 60.0]]);
        let region = Area { low: [0.0; 2], high: [120.0, 120.0] };
        let cells = Cells::of(&[vec![square.clone()], vec![square]], &region);
        assert!((cells.count(&region) - 3600.0).abs() < 1.0, "{}", cells.count(&region));
        let half = Area { low: [0.0; 2], high: [30.0, 120.0] };
        assert!((cells.count(&half) - 1800.0).abs() < 1.0);
        assert!((cells.cells_in(&half) - 3600.0).abs() < 1.0);
    }
}
