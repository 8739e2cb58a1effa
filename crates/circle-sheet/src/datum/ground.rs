//! A raster of the city with the features that distinguish the positions of facilities from random points.

mod drawing;

pub use drawing::GroundFeature;

use circle_model::coordinates::Bounds;
use circle_model::{Frame, Point};
use drawing::{BUILDING, LOWEST_METRES, RasterDrawing};

/// A raster of the city in cells of at least 5 m. A cell contains the distance to the nearest kerb, whether
/// it lies in a building, and the land use: these distinguish the places of facilities from the same places
/// shifted by some hundred metres.
#[derive(Debug)]
pub struct GroundRaster {
    bounds: Bounds,
    /// Cells per 10⁻⁷ degree of longitude and of latitude.
    cells_per_unit: [f64; 2],
    /// Side of a cell in metres.
    pub(super) cell_metres: f64,
    columns: usize,
    rows: usize,
    /// The code of the [`GroundClass`] of each cell, row by row from the south-west.
    cells: Vec<u8>,
}

/// Kerb distance, building and land use of one cell, packed into a byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct GroundClass(u8);

/// Upper limits of the steps of distance to the nearest kerb, in metres; negative on the carriageway.
const KERB_STEPS: [i32; 8] = [-2, 1, 5, 9, 14, 24, 48, 96];
/// Counts of the values of kerb distance, building and land use.
pub(super) const STEPS: [usize; 3] = [KERB_STEPS.len() + 1, 2, 6];

/// Smallest side of a cell; buildings are about 15 m wide.
const MIN_CELL_METRES: f64 = 5.0;
/// Limit of cells: a larger area gets larger cells, so that a province needs no more memory than a city.
const MAX_CELLS: f64 = 24e6;

impl GroundClass {
    fn new(kerb: u8, building: u8, land_use: u8) -> Self {
        Self(kerb * 12 + building * 6 + land_use)
    }

    /// Below the product of [`STEPS`].
    pub(super) fn code(self) -> usize {
        usize::from(self.0)
    }

    pub(super) fn from_code(code: usize) -> Self {
        Self(code as u8)
    }

    /// The steps of kerb distance, building and land use.
    pub(super) fn steps(self) -> [usize; 3] {
        let code = usize::from(self.0);
        [code / 12, code / 6 % 2, code % 6]
    }

    pub(super) fn is_in_building(self) -> bool {
        self.steps()[1] == 1
    }

    /// Between the kerb and the fronts of the buildings.
    pub(super) fn is_beside_street(self) -> bool {
        (2..=5).contains(&self.steps()[0])
    }
}

impl GroundRaster {
    /// Draws streets, buildings and areas within `bounds`.
    pub fn draw(features: &[GroundFeature<'_>], bounds: Bounds) -> Self {
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
        let cell_metres = MIN_CELL_METRES.max((east * north / MAX_CELLS).sqrt());
        let columns = (east / cell_metres) as usize + 1;
        let rows = (north / cell_metres) as usize + 1;
        let cells_per_unit = [frame.metres_per_lon / cell_metres, frame.metres_per_lat / cell_metres];
        let mut drawing = RasterDrawing::new(bounds, cells_per_unit, columns, rows);
        drawing.draw(features);
        drawing.spread_kerb_distances(cell_metres);
        let RasterDrawing { kerb_metres, land_use, .. } = drawing;
        // The classes overwrite the distances: the allocation of a second table would take longer than
        // filling it.
        let limits = KERB_STEPS.map(|limit| (limit + LOWEST_METRES) as u8);
        let mut cells = kerb_metres;
        for (cell, land_use) in cells.iter_mut().zip(&land_use) {
            let kerb = limits.iter().map(|limit| u8::from(*cell >= *limit)).sum();
            *cell = GroundClass::new(kerb, land_use / BUILDING, land_use % BUILDING).0;
        }
        Self { bounds, cells_per_unit, cell_metres, columns, rows, cells }
    }

    /// Whether a point lies in the city.
    pub(super) fn contains(&self, point: Point) -> bool {
        self.bounds.contains(point)
    }

    /// Column and row of a point; out of range outside the city.
    #[inline]
    pub(super) fn cell(&self, point: Point) -> [i32; 2] {
        let x = (f64::from(point.lon) - f64::from(self.bounds.west)) * self.cells_per_unit[0];
        let y = (f64::from(point.lat) - f64::from(self.bounds.south)) * self.cells_per_unit[1];
        [x.floor() as i32, y.floor() as i32]
    }

    /// The class of a cell; `None` outside the city.
    #[inline]
    pub(super) fn class(&self, [x, y]: [i32; 2]) -> Option<GroundClass> {
        let (x, y) = (usize::try_from(x).ok()?, usize::try_from(y).ok()?);
        (x < self.columns && y < self.rows).then(|| GroundClass(self.cells[y * self.columns + x]))
    }

    /// Metres from the bounding box of the city to a point; 0 inside.
    pub(super) fn metres_to(&self, point: Point) -> f64 {
        let nearest = Point {
            lon: point.lon.clamp(self.bounds.west, self.bounds.east.max(self.bounds.west)),
            lat: point.lat.clamp(self.bounds.south, self.bounds.north.max(self.bounds.south)),
        };
        nearest.distance_metres(point)
    }

    /// The centre of the city's bounding box.
    pub(super) fn centre(&self) -> Point {
        self.bounds.centre()
    }
}

#[cfg(test)]
mod tests {
    use super::drawing::GROUNDS;
    use super::*;
    use circle_model::LonLat;
    use circle_model::city::MapKind;

    /// A secondary road along the middle; north of it a school with a building around a courtyard.
    #[test]
    fn cells_contain_kerb_distance_building_and_land_use() {
        let origin = LonLat { lon: 126.6, lat: 45.75 }.point();
        let frame = Frame::at(origin);
        let at = |x: f64, y: f64| frame.point([x, y]);
        let mut features = Vec::new();
        let mut add = |kind: MapKind, class: &'static str, rings: &[&[[f64; 2]]]| {
            let line = |ring: &&[[f64; 2]]| ring.iter().map(|[x, y]| at(*x, *y)).collect();
            let lines = rings.iter().map(line).collect();
            features.push(GroundFeature { kind, class, is_tunnel: false, lines });
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
        let ground = GroundRaster::draw(&features, bounds);
        let class = |x: f64, y: f64| ground.class(ground.cell(at(x, y))).map(GroundClass::steps);
        let school = usize::from(GROUNDS);
        assert_eq!(class(0.0, 0.0), Some([0, 0, 0]));
        assert_eq!(class(100.0, -40.0).map(|[kerb, ..]| kerb), Some(6));
        assert_eq!(class(400.0, 400.0), Some([8, 0, 0]));
        assert_eq!(class(0.0, 200.0), Some([8, 0, school]));
        assert_eq!(class(40.0, 200.0), Some([8, 1, school]));
        assert_eq!(class(80.0, 200.0), Some([8, 0, school]));
        assert_eq!(class(0.0, 600.0), None);
        assert_eq!(class(-600.0, 0.0), None);
        assert!(ground.contains(at(499.0, 0.0)) && !ground.contains(at(501.0, 0.0)));
        let nowhere = GroundRaster::draw(&features, Bounds::EMPTY);
        assert!(!nowhere.contains(origin));
    }
}
