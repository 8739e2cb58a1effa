//! What a city offers to compare points with: for every few metres, how such ground draws facilities.

use crate::located::Located;
use circle_model::city::{MapFeatureFlags, MapKind};
use circle_model::coordinates::Bounds;
use circle_model::{Frame, Point};

/// A raster of the city. A cell says how far the nearest kerb is, whether there is a building, and what the land is
/// used for: what sets the places of facilities apart from the same places moved by some hundred metres.
#[derive(Debug)]
pub(crate) struct Ground {
    bounds: Bounds,
    /// Cells in 10⁻⁷ degrees.
    per_unit: [f64; 2],
    /// Side of a cell.
    pub(crate) metres: f64,
    columns: usize,
    rows: usize,
    /// Each a [`Class`].
    cells: Vec<u8>,
}

/// A thing on the map that the ground is drawn from.
#[derive(Debug)]
pub(crate) struct Feature<'a> {
    pub(crate) kind: MapKind,
    pub(crate) class: &'a str,
    pub(crate) tunnel: bool,
    /// Its lines, or the rings of its polygons.
    pub(crate) lines: Vec<Vec<Point>>,
}

/// Kerb distance, building and use of one cell, packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Class(u8);

/// Upper limits of the steps of distance to the nearest kerb, in metres; negative on the carriageway.
const KERB_STEPS: [i32; 8] = [-2, 1, 5, 9, 14, 24, 48, 96];
/// How many values each of the three has.
pub(crate) const STEPS: [usize; 3] = [KERB_STEPS.len() + 1, 2, 6];

/// Sides of cells: buildings are some fifteen metres wide.
const CELL_METRES: f64 = 5.0;
/// Beyond this many, cells grow: a province needs no more memory than a city.
const MOST_CELLS: f64 = 24e6;

/// Distances are kept as whole metres above this, so that a carriageway's are positive too.
const LOWEST_METRES: i32 = 16;
const FARTHEST: u8 = 200;

impl Class {
    fn new(kerb: u8, building: u8, used: u8) -> Self {
        Self(kerb * 12 + building * 6 + used)
    }

    pub(crate) fn code(self) -> usize {
        usize::from(self.0)
    }

    pub(crate) fn of_code(code: usize) -> Self {
        Self(code as u8)
    }

    /// The step of each of the three.
    pub(crate) fn steps(self) -> [usize; 3] {
        let code = usize::from(self.0);
        [code / 12, code / 6 % 2, code % 6]
    }

    pub(crate) fn in_building(self) -> bool {
        self.steps()[1] == 1
    }

    /// From the kerb to the buildings' fronts.
    pub(crate) fn by_street(self) -> bool {
        (2..=5).contains(&self.steps()[0])
    }
}

impl Ground {
    /// The ground of what was read, before anything of the planner's is placed on it.
    pub(crate) fn of(located: &Located, bounds: Bounds) -> Self {
        let ways = located.scan.ways.iter().filter_map(|way| {
            let described = way.described.as_deref()?;
            let drawn = described.feature.as_ref()?;
            let lines = || located.runs(way).map(|run| located.points(run)).collect();
            Some(Feature {
                kind: drawn.kind,
                class: &drawn.class,
                tunnel: drawn.flags.contains(MapFeatureFlags::TUNNEL),
                lines: match drawn.kind {
                    MapKind::Way => lines(),
                    _ => located.clipped_way_area(way, bounds).polygons.into_iter().flatten().collect(),
                },
            })
        });
        let relations = located.scan.relations.iter().filter_map(|relation| {
            let drawn = relation.described.feature.as_ref()?;
            Some(Feature {
                kind: drawn.kind,
                class: &drawn.class,
                tunnel: false,
                lines: located.clipped_area(relation, bounds).polygons.into_iter().flatten().collect(),
            })
        });
        Self::new(&ways.chain(relations).collect::<Vec<_>>(), bounds)
    }

    /// Draws streets, buildings and areas.
    pub(crate) fn new(features: &[Feature<'_>], bounds: Bounds) -> Self {
        let frame = Frame::at(bounds.centre());
        let [east, north] = if bounds.is_empty() {
            [0.0; 2]
        } else {
            let (width, height) = (
                f64::from(bounds.east) - f64::from(bounds.west),
                f64::from(bounds.north) - f64::from(bounds.south),
            );
            [width * frame.metres_per_lon, height * frame.metres_per_lat]
        };
        let metres = CELL_METRES.max((east * north / MOST_CELLS).sqrt());
        let columns = (east / metres) as usize + 1;
        let rows = (north / metres) as usize + 1;
        let per_unit = [frame.metres_per_lon / metres, frame.metres_per_lat / metres];
        let mut drawing = Drawing {
            bounds,
            per_unit,
            columns,
            rows,
            used: vec![0; columns * rows],
            kerbs: vec![FARTHEST; columns * rows],
            crossings: Vec::new(),
        };
        drawing.draw(features);
        drawing.spread(metres);
        // In place: a fresh table would cost more than all of this.
        let limits = KERB_STEPS.map(|limit| (limit + LOWEST_METRES) as u8);
        let mut cells = drawing.kerbs;
        for (cell, used) in cells.iter_mut().zip(&drawing.used) {
            let kerb = limits.iter().map(|limit| u8::from(*cell >= *limit)).sum();
            *cell = Class::new(kerb, used / BUILDING, used % BUILDING).0;
        }
        Self { bounds, per_unit, metres, columns, rows, cells }
    }

    /// Whether the city holds `point`.
    pub(crate) fn holds(&self, point: Point) -> bool {
        self.bounds.contains(point)
    }

    /// Column and row.
    #[inline]
    pub(crate) fn cell(&self, point: Point) -> [i32; 2] {
        let x = (f64::from(point.lon) - f64::from(self.bounds.west)) * self.per_unit[0];
        let y = (f64::from(point.lat) - f64::from(self.bounds.south)) * self.per_unit[1];
        [x.floor() as i32, y.floor() as i32]
    }

    /// What is there; `None` outside the city.
    #[inline]
    pub(crate) fn class(&self, [x, y]: [i32; 2]) -> Option<Class> {
        let (x, y) = (usize::try_from(x).ok()?, usize::try_from(y).ok()?);
        (x < self.columns && y < self.rows).then(|| Class(self.cells[y * self.columns + x]))
    }

    /// Metres from the city's box to a place outside it.
    pub(crate) fn metres_to(&self, point: Point) -> f64 {
        let nearest = Point {
            lon: point.lon.clamp(self.bounds.west, self.bounds.east.max(self.bounds.west)),
            lat: point.lat.clamp(self.bounds.south, self.bounds.north.max(self.bounds.south)),
        };
        nearest.distance_metres(point)
    }

    /// The middle of the city.
    pub(crate) fn centre(&self) -> Point {
        self.bounds.centre()
    }
}

/// What land is used for, 0 where nobody says. Facilities are in water as seldom as in works.
const HOMES: u8 = 1;
const TRADE: u8 = 2;
const GREEN: u8 = 3;
const WORKS: u8 = 4;
const GROUNDS: u8 = 5;
/// Beside any of these.
const BUILDING: u8 = 8;

struct Drawing {
    bounds: Bounds,
    per_unit: [f64; 2],
    columns: usize,
    rows: usize,
    /// What the land is used for, and [`BUILDING`].
    used: Vec<u8>,
    kerbs: Vec<u8>,
    /// Row and column where an outline crosses a row's middle.
    crossings: Vec<(i32, f64)>,
}

impl Drawing {
    fn draw(&mut self, features: &[Feature<'_>]) {
        // What is drawn later covers what is drawn before.
        for pass in 0..6 {
            for feature in features {
                let (at, value) = match (feature.kind, feature.class) {
                    (MapKind::Way, _) if pass == 0 => {
                        self.street(feature);
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
                if at == pass {
                    self.area(feature, value);
                }
            }
        }
    }

    fn street(&mut self, feature: &Feature<'_>) {
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
        if feature.tunnel {
            return;
        }
        let middle = (LOWEST_METRES - half_width) as u8;
        for line in &feature.lines {
            for pair in line.windows(2) {
                let ([ax, ay], [bx, by]) = (self.place(pair[0]), self.place(pair[1]));
                let beyond = |a: f64, b: f64, limit: usize| a.max(b) < 0.0 || a.min(b) > limit as f64;
                if beyond(ax, bx, self.columns) || beyond(ay, by, self.rows) {
                    continue;
                }
                let steps = (bx - ax).abs().max((by - ay).abs()).ceil().clamp(1.0, 1e6);
                for step in 0..=steps as u32 {
                    let along = f64::from(step) / steps;
                    let (x, y) = (ax + (bx - ax) * along, ay + (by - ay) * along);
                    if x >= 0.0 && y >= 0.0 && (x as usize) < self.columns && (y as usize) < self.rows {
                        let kerb = &mut self.kerbs[y as usize * self.columns + x as usize];
                        *kerb = middle.min(*kerb);
                    }
                }
            }
        }
    }

    /// Fills the polygons of a feature, holes left out.
    fn area(&mut self, feature: &Feature<'_>, value: u8) {
        let mut crossings = std::mem::take(&mut self.crossings);
        crossings.clear();
        for ring in &feature.lines {
            for pair in ring.windows(2) {
                let ([ax, ay], [bx, by]) = (self.place(pair[0]), self.place(pair[1]));
                let (low, high) = (ay.min(by), ay.max(by));
                let first = (low - 0.5).ceil().max(0.0) as i32;
                let beyond = (high - 0.5).ceil().min(self.rows as f64) as i32;
                crossings.extend((first..beyond).map(|row| {
                    let along = (f64::from(row) + 0.5 - ay) / (by - ay);
                    (row, ax + (bx - ax) * along)
                }));
            }
        }
        crossings.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
        for pair in crossings.chunk_by(|a, b| a.0 == b.0).flat_map(|row| row.chunks_exact(2)) {
            let start = pair[0].0 as usize * self.columns;
            let limit = |x: f64| ((x - 0.5).ceil().max(0.0) as usize).min(self.columns);
            for used in &mut self.used[start + limit(pair[0].1)..start + limit(pair[1].1)] {
                *used = if value == BUILDING { *used | BUILDING } else { value };
            }
        }
        self.crossings = crossings;
    }

    fn place(&self, point: Point) -> [f64; 2] {
        [
            (f64::from(point.lon) - f64::from(self.bounds.west)) * self.per_unit[0],
            (f64::from(point.lat) - f64::from(self.bounds.south)) * self.per_unit[1],
        ]
    }

    /// Distances from the middles of the streets outwards: once down and once up, each cell from its neighbours.
    fn spread(&mut self, metres: f64) {
        let straight = metres.round().min(100.0) as u8;
        let across = (metres * std::f64::consts::SQRT_2).round().min(100.0) as u8;
        let columns = self.columns;
        let mut copy = Vec::with_capacity(columns);
        for row in 0..self.rows {
            let (before, here) = self.kerbs.split_at_mut(row * columns);
            let before = before.get(before.len().wrapping_sub(columns)..).unwrap_or_default();
            sweep(before, &mut here[..columns], &mut copy, straight, across);
        }
        for row in (0..self.rows).rev() {
            let (here, after) = self.kerbs.split_at_mut((row + 1) * columns);
            let after = after.get(..columns).unwrap_or_default();
            sweep(after, &mut here[row * columns..], &mut copy, straight, across);
        }
    }
}

/// Lowers a row to what its neighbour row and its own cells on either side allow.
fn sweep(neighbour: &[u8], row: &mut [u8], before: &mut Vec<u8>, straight: u8, across: u8) {
    if neighbour.len() == row.len() {
        lower(row, neighbour, straight);
        lower(&mut row[1..], neighbour, across);
        lower(row, &neighbour[1..], across);
    }
    // Steps of one, two, four … cells reach every cell, and all cells of a row take one at once.
    let columns = row.len();
    for cells in [1, 2, 4, 8, 16, 32].into_iter().take_while(|cells| *cells < columns) {
        before.clear();
        before.extend_from_slice(row);
        let metres = straight.saturating_mul(cells as u8);
        lower(&mut row[cells..], before, metres);
        lower(row, &before[cells..], metres);
    }
}

/// Lowers cells to those of `others` and `metres` more.
fn lower(cells: &mut [u8], others: &[u8], metres: u8) {
    for (cell, other) in cells.iter_mut().zip(others) {
        *cell = (*cell).min(other.saturating_add(metres));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use circle_model::LonLat;

    /// A secondary road along the middle, a school north of it with a building, which has a court.
    #[test]
    fn cells_know_kerbs_buildings_and_uses() {
        let origin = LonLat { lon: 126.6, lat: 45.75 }.point();
        let frame = Frame::at(origin);
        let at = |x: f64, y: f64| frame.point([x, y]);
        let mut features = Vec::new();
        let mut add = |kind: MapKind, class: &'static str, rings: &[&[[f64; 2]]]| {
            let line = |ring: &&[[f64; 2]]| ring.iter().map(|[x, y]| at(*x, *y)).collect();
            features.push(Feature { kind, class, tunnel: false, lines: rings.iter().map(line).collect() });
        };
        let square = |half: f64| {
            [
                [-half, 200.0 - half],
                [half, 200.0 - half],
                [half, 200.0 + half],
                [-half, 200.0 + half],
                [-half, 200.0 - half],
            ]
        };
        add(MapKind::Building, "building", &[&square(60.0), &square(20.0)]);
        add(MapKind::Landuse, "education", &[&square(100.0)]);
        add(MapKind::Way, "secondary", &[&[[-5000.0, 0.0], [5000.0, 0.0]]]);
        let bounds = Bounds::of([at(-500.0, -500.0), at(500.0, 500.0)]);
        let ground = Ground::new(&features, bounds);
        let class = |x: f64, y: f64| ground.class(ground.cell(at(x, y))).map(Class::steps);
        let school = usize::from(GROUNDS);
        assert_eq!(class(0.0, 0.0), Some([0, 0, 0]));
        assert_eq!(class(100.0, -40.0).map(|[kerb, ..]| kerb), Some(6));
        assert_eq!(class(400.0, 400.0), Some([8, 0, 0]));
        assert_eq!(class(0.0, 200.0), Some([8, 0, school]));
        assert_eq!(class(40.0, 200.0), Some([8, 1, school]));
        assert_eq!(class(80.0, 200.0), Some([8, 0, school]));
        assert_eq!(class(0.0, 600.0), None);
        assert_eq!(class(-600.0, 0.0), None);
        assert!(ground.holds(at(499.0, 0.0)) && !ground.holds(at(501.0, 0.0)));
        let nowhere = Ground::new(&features, Bounds::EMPTY);
        assert!(!nowhere.holds(origin));
    }
}
