//! Draws kerb distances, buildings and land use.

use circle_model::Point;
use circle_model::city::MapKind;
use circle_model::coordinates::Bounds;

/// A map feature to draw.
#[derive(Debug)]
pub struct GroundFeature<'a> {
    /// Its kind: ways, buildings, water, green and land use are drawn.
    pub kind: MapKind,
    /// Its class in the base map, such as `residential`.
    pub class: &'a str,
    /// Whether it is a tunnel; tunnels are not drawn.
    pub is_tunnel: bool,
    /// Lines of a way, closed rings of an area.
    pub lines: Vec<Vec<Point>>,
}

/// Codes of land use; 0 if the map has none. Water has the code of works, because facilities are as rare
/// there.
const HOMES: u8 = 1;
const TRADE: u8 = 2;
const GREEN: u8 = 3;
const WORKS: u8 = 4;
pub(super) const GROUNDS: u8 = 5;
/// Flag that is added to any code of land use.
pub(super) const BUILDING: u8 = 8;

/// Kerb distances are stored with this many metres added, so that those on a carriageway are positive too.
pub(super) const LOWEST_METRES: i32 = 16;
/// Stored kerb distance of cells far from all streets.
const FARTHEST: u8 = 200;

/// A raster under construction.
pub(super) struct RasterDrawing {
    bounds: Bounds,
    cells_per_unit: [f64; 2],
    columns: usize,
    rows: usize,
    /// Land use of each cell, with [`BUILDING`].
    pub(super) land_use: Vec<u8>,
    /// Metres to the nearest kerb, with [`LOWEST_METRES`] added.
    pub(super) kerb_metres: Vec<u8>,
    /// Row and column of each crossing of an outline with the middle of a row; reused.
    crossings: Vec<(i32, f64)>,
}

impl RasterDrawing {
    pub(super) fn new(bounds: Bounds, cells_per_unit: [f64; 2], columns: usize, rows: usize) -> Self {
        Self {
            bounds,
            cells_per_unit,
            columns,
            rows,
            land_use: vec![0; columns * rows],
            kerb_metres: vec![FARTHEST; columns * rows],
            crossings: Vec::new(),
        }
    }

    pub(super) fn draw(&mut self, features: &[GroundFeature<'_>]) {
        // A later pass overwrites an earlier one.
        for pass in 0..6 {
            for feature in features {
                let (of_pass, value) = match (feature.kind, feature.class) {
                    (MapKind::Way, _) if pass == 0 => {
                        self.draw_street(feature);
                        continue;
                    }
                    (MapKind::Landuse, "residential") => (0, HOMES),
                    (MapKind::Landuse, "industrial" | "railway") => (1, WORKS),
                    (MapKind::Green, _) => (2, GREEN),
                    (MapKind::Landuse, "commercial" | "retail") => (3, TRADE),
                    (MapKind::Landuse, "education" | "medical") => (4, GROUNDS),
                    (MapKind::Water, _) => (5, WORKS),
                    (MapKind::Building, _) => (5, BUILDING),
                    _ => continue,
                };
                if of_pass == pass {
                    self.fill_area(feature, value);
                }
            }
        }
    }

    /// Marks the cells of a street's axis with the negative of half its width.
    fn draw_street(&mut self, feature: &GroundFeature<'_>) {
        let half_width = match feature.class {
            "motorway" | "motorway_link" => return,
            "trunk" => 14,
            "primary" => 13,
            "secondary" => 11,
            "tertiary" => 8,
            "trunk_link" | "primary_link" | "secondary_link" | "tertiary_link" => 5,
            "residential" | "unclassified" | "pedestrian" => 4,
            "living_street" | "service" => 3,
            _ => 1,
        };
        if feature.is_tunnel {
            return;
        }
        let axis = (LOWEST_METRES - half_width) as u8;
        for line in &feature.lines {
            for pair in line.windows(2) {
                let ([ax, ay], [bx, by]) = (self.position(pair[0]), self.position(pair[1]));
                let is_outside = |a: f64, b: f64, limit: usize| a.max(b) < 0.0 || a.min(b) > limit as f64;
                if is_outside(ax, bx, self.columns) || is_outside(ay, by, self.rows) {
                    continue;
                }
                let steps = (bx - ax).abs().max((by - ay).abs()).ceil().clamp(1.0, 1e6);
                for step in 0..=steps as u32 {
                    let along = f64::from(step) / steps;
                    let (x, y) = (ax + (bx - ax) * along, ay + (by - ay) * along);
                    if x >= 0.0 && y >= 0.0 && (x as usize) < self.columns && (y as usize) < self.rows {
                        let kerb = &mut self.kerb_metres[y as usize * self.columns + x as usize];
                        *kerb = axis.min(*kerb);
                    }
                }
            }
        }
    }

    /// Fills the polygons of a feature without their holes, by scan lines.
    fn fill_area(&mut self, feature: &GroundFeature<'_>, value: u8) {
        let mut crossings = std::mem::take(&mut self.crossings);
        crossings.clear();
        for ring in &feature.lines {
            for pair in ring.windows(2) {
                let ([ax, ay], [bx, by]) = (self.position(pair[0]), self.position(pair[1]));
                let (low, high) = (ay.min(by), ay.max(by));
                let first = (low - 0.5).ceil().max(0.0) as i32;
                let end = (high - 0.5).ceil().min(self.rows as f64) as i32;
                crossings.extend((first..end).map(|row| {
                    let along = (f64::from(row) + 0.5 - ay) / (by - ay);
                    (row, ax + (bx - ax) * along)
                }));
            }
        }
        crossings.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
        for pair in crossings.chunk_by(|a, b| a.0 == b.0).flat_map(|row| row.chunks_exact(2)) {
            let start = pair[0].0 as usize * self.columns;
            let limit = |x: f64| ((x - 0.5).ceil().max(0.0) as usize).min(self.columns);
            for land_use in &mut self.land_use[start + limit(pair[0].1)..start + limit(pair[1].1)] {
                *land_use = if value == BUILDING { *land_use | BUILDING } else { value };
            }
        }
        self.crossings = crossings;
    }

    /// A point in cells from the south-west corner.
    fn position(&self, point: Point) -> [f64; 2] {
        [
            (f64::from(point.lon) - f64::from(self.bounds.west)) * self.cells_per_unit[0],
            (f64::from(point.lat) - f64::from(self.bounds.south)) * self.cells_per_unit[1],
        ]
    }

    /// Spreads distances from the axes of the streets: one pass northwards and one southwards, each cell from
    /// its neighbours (chamfer distance transform).
    pub(super) fn spread_kerb_distances(&mut self, cell_metres: f64) {
        let straight = cell_metres.round().min(100.0) as u8;
        let diagonal = (cell_metres * std::f64::consts::SQRT_2).round().min(100.0) as u8;
        let columns = self.columns;
        let mut copy = Vec::with_capacity(columns);
        for row in 0..self.rows {
            let (before, here) = self.kerb_metres.split_at_mut(row * columns);
            let before = before.get(before.len().wrapping_sub(columns)..).unwrap_or_default();
            sweep(before, &mut here[..columns], &mut copy, straight, diagonal);
        }
        for row in (0..self.rows).rev() {
            let (here, after) = self.kerb_metres.split_at_mut((row + 1) * columns);
            let after = after.get(..columns).unwrap_or_default();
            sweep(after, &mut here[row * columns..], &mut copy, straight, diagonal);
        }
    }
}

/// Lowers the distances of a row to those that its neighbour row and its own cells allow.
fn sweep(neighbour: &[u8], row: &mut [u8], before: &mut Vec<u8>, straight: u8, diagonal: u8) {
    if neighbour.len() == row.len() {
        lower(row, neighbour, straight);
        lower(&mut row[1..], neighbour, diagonal);
        lower(row, &neighbour[1..], diagonal);
    }
    // Strides of one, two, four … cells reach every cell, and each stride is one vectorised pass over the
    // row.
    let columns = row.len();
    for stride in [1, 2, 4, 8, 16, 32].into_iter().take_while(|stride| *stride < columns) {
        before.clear();
        before.extend_from_slice(row);
        let metres = straight.saturating_mul(stride as u8);
        lower(&mut row[stride..], before, metres);
        lower(row, &before[stride..], metres);
    }
}

/// Lowers cells to those of `others` plus `metres`.
fn lower(cells: &mut [u8], others: &[u8], metres: u8) {
    for (cell, other) in cells.iter_mut().zip(others) {
        *cell = (*cell).min(other.saturating_add(metres));
    }
}
