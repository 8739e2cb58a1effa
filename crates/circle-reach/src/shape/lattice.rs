//! The lattice: places about 10 m apart over the whole city, in tiles and blocks.

use circle_model::coordinates::Bounds;
use circle_model::{City, Frame, Point};

/// Places on a side of a tile.
pub(crate) const TILE: i32 = 32;
/// Places on a side of a block. A tile has 4 × 4 blocks.
pub(crate) const BLOCK: i32 = 8;
/// Blocks on a side of a tile.
pub(crate) const BLOCKS: i32 = TILE / BLOCK;
/// Places of a block.
pub(crate) const BLOCK_PLACES: usize = (BLOCK * BLOCK) as usize;
/// Blocks of a tile.
pub(crate) const TILE_BLOCKS: usize = (BLOCKS * BLOCKS) as usize;
/// Distance between places; `walking.md` asks for 10 m at most for the shortest band.
const STEP_METRES: f64 = 9.95;

/// Column and row of a place, counted from longitude and latitude 0; of a tile, in tiles.
pub(crate) type Cell = [i32; 2];

/// The number of the place at a column and row of a tile: block by block, row by row, from the south-west.
#[inline]
pub(crate) const fn number_of(x: i32, y: i32) -> usize {
    let block = (y / BLOCK * BLOCKS + x / BLOCK) * BLOCK * BLOCK;
    (block + y % BLOCK * BLOCK + x % BLOCK) as usize
}

/// Where the places of the lattice are.
#[derive(Debug)]
pub(crate) struct Lattice {
    /// Distance between places in 10⁻⁷ degrees, along longitude and latitude.
    step: [i32; 2],
}

impl Lattice {
    /// The lattice of a city. Its steps depend on the city alone, so that all isochrones use the same places.
    pub(crate) fn new(city: &City) -> Self {
        let bounds = Bounds::of(city.nodes().iter().map(|node| node.point));
        let frame = Frame::at(if bounds.is_empty() { Point::default() } else { bounds.centre() });
        let step = [STEP_METRES / frame.metres_per_lon.max(1e-5), STEP_METRES / frame.metres_per_lat]
            .map(|step| step as i32);
        Self { step }
    }

    pub(crate) fn point(&self, [x, y]: Cell) -> Point {
        Point { lon: x.saturating_mul(self.step[0]), lat: y.saturating_mul(self.step[1]) }
    }

    /// The place at a point, or the next place to its south-west.
    pub(crate) fn cell(&self, point: Point) -> Cell {
        [point.lon.div_euclid(self.step[0]), point.lat.div_euclid(self.step[1])]
    }

    /// The point between a place and the next one along an axis (0 east, 1 north), at a share of the step.
    pub(crate) fn between(&self, [x, y]: Cell, axis: usize, share: f64) -> Point {
        let mut point = self.point([x, y]);
        let moved = (share * f64::from(self.step[axis]) + 0.5) as i32;
        if axis == 0 {
            point.lon += moved;
        } else {
            point.lat += moved;
        }
        point
    }
}
