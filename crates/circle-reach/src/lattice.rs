//! A lattice of places 10 m apart over the whole city, each with its access legs. Legs do not depend on who
//! walks, so they are found once for each tile of the lattice and kept.

use crate::access::Leg;
use crate::entrances::arrivals;
use crate::network::Network;
use circle_model::city::Edge;
use circle_model::coordinates::Bounds;
use circle_model::{City, Frame, Point};
use rayon::prelude::*;
use std::collections::HashMap;
use std::sync::{Arc, RwLock};

/// Places on a side of a tile.
pub(crate) const TILE: i32 = 32;
/// Distance between places; `walking.md` asks for 10 m at most for the shortest band.
const STEP_METRES: f64 = 9.95;
/// Tiles kept at once: some 90 KiB each.
const MOST_TILES: usize = 2048;

/// One leg of one place of the lattice, as a walk comes to it: what the field needs, and no more.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CellLeg {
    /// The node the walk comes from, by its position in [`Tile::nodes`].
    pub(crate) node: u32,
    /// Millimetres along the edge and 1.5 times the leg; [`CellLeg::STEPS`] where the edge is one of steps.
    pub(crate) flat_mm: u32,
}

impl CellLeg {
    pub(crate) const STEPS: u32 = u32::MAX;
}

/// The legs of a square of places.
#[derive(Debug, Default)]
pub(crate) struct Tile {
    /// The nodes that walks into the tile come from.
    pub(crate) nodes: Vec<u32>,
    /// Where each place's legs begin, one more at the end; row by row from the south-west.
    starts: Vec<u32>,
    legs: Vec<CellLeg>,
    /// The same legs in full.
    full: Vec<Leg>,
    /// Longest leg of each place in metres, and whether it is on a way of class tertiary or above.
    limits: Vec<(f32, bool)>,
}

impl Tile {
    #[inline]
    pub(crate) fn legs(&self, place: usize) -> &[CellLeg] {
        &self.legs[self.starts[place] as usize..self.starts[place + 1] as usize]
    }

    #[inline]
    pub(crate) fn full_legs(&self, place: usize) -> &[Leg] {
        &self.full[self.starts[place] as usize..self.starts[place + 1] as usize]
    }

    /// Longest leg in metres, and whether the place is on a way of class tertiary or above.
    pub(crate) fn limit(&self, place: usize) -> (f64, bool) {
        let (metres, on_major) = self.limits[place];
        (f64::from(metres), on_major)
    }
}

/// Column and row of a place, counted from longitude and latitude 0.
pub(crate) type Cell = [i32; 2];

/// The lattice, and the tiles that were asked for so far.
#[derive(Debug)]
pub(crate) struct Lattice {
    /// Steps in 10⁻⁷ degrees.
    step: [i32; 2],
    tiles: RwLock<HashMap<Cell, Arc<Tile>>>,
}

impl Lattice {
    /// Its steps are fixed for a city, so that every isochrone of it is drawn on the same places.
    pub(crate) fn new(city: &City) -> Self {
        let bounds = Bounds::of(city.nodes().iter().map(|node| node.point));
        let frame = Frame::at(if bounds.is_empty() { Point::default() } else { bounds.centre() });
        let step = [STEP_METRES / frame.metres_per_lon.max(1e-5), STEP_METRES / frame.metres_per_lat]
            .map(|step| step as i32);
        Self { step, tiles: RwLock::default() }
    }

    pub(crate) fn point(&self, [x, y]: Cell) -> Point {
        Point { lon: x.saturating_mul(self.step[0]), lat: y.saturating_mul(self.step[1]) }
    }

    /// The last place south-west of a point.
    pub(crate) fn cell(&self, point: Point) -> Cell {
        [point.lon.div_euclid(self.step[0]), point.lat.div_euclid(self.step[1])]
    }

    /// A point between two neighbours: `share` thousandths of a step from `cell` towards the next along an axis.
    pub(crate) fn between(&self, [x, y]: Cell, axis: usize, share: f64) -> Point {
        let mut point = self.point([x, y]);
        let moved = (share * f64::from(self.step[axis])).round() as i32;
        if axis == 0 {
            point.lon += moved
        } else {
            point.lat += moved
        }
        point
    }

    /// The tiles, made where they are not known yet.
    pub(crate) fn tiles(network: &Network, wanted: &[Cell]) -> Vec<Arc<Tile>> {
        let lattice = &network.lattice;
        let known: Vec<Option<Arc<Tile>>> = match lattice.tiles.read() {
            Ok(tiles) => wanted.iter().map(|cell| tiles.get(cell).cloned()).collect(),
            Err(_) => vec![None; wanted.len()],
        };
        let missing: Vec<Cell> =
            wanted.iter().zip(&known).filter(|(_, tile)| tile.is_none()).map(|(cell, _)| *cell).collect();
        if missing.is_empty() {
            return known.into_iter().flatten().collect();
        }
        let made: Vec<Arc<Tile>> =
            missing.par_iter().map(|cell| Arc::new(lattice.make(network, *cell))).collect();
        if let Ok(mut tiles) = lattice.tiles.write() {
            if tiles.len() + made.len() > MOST_TILES {
                tiles.clear();
            }
            tiles.extend(missing.iter().copied().zip(made.iter().cloned()));
        }
        let mut made = made.into_iter();
        known.into_iter().filter_map(|tile| tile.or_else(|| made.next())).collect()
    }

    fn make(&self, network: &Network, [tile_x, tile_y]: Cell) -> Tile {
        let places = (TILE * TILE) as usize;
        let mut tile = Tile { starts: vec![0], limits: Vec::with_capacity(places), ..Tile::default() };
        let mut positions: HashMap<u32, u32> = HashMap::new();
        for place in 0..TILE * TILE {
            let point = self.point([tile_x * TILE + place % TILE, tile_y * TILE + place / TILE]);
            let legs = network.legs(point);
            for leg in &legs.legs {
                let edge = &network.city.edges()[leg.edge as usize];
                let along = if leg.end == 0 { leg.offset_mm } else { edge.length_mm - leg.offset_mm };
                let flat_mm = if edge.has(Edge::STEPS) {
                    CellLeg::STEPS
                } else {
                    along + leg.length_mm + leg.length_mm / 2
                };
                for node in arrivals(network, leg).into_iter().flatten() {
                    let position = *positions.entry(node).or_insert_with(|| {
                        tile.nodes.push(node);
                        tile.nodes.len() as u32 - 1
                    });
                    tile.legs.push(CellLeg { node: position, flat_mm });
                    tile.full.push(*leg);
                }
            }
            tile.starts.push(tile.legs.len() as u32);
            tile.limits.push((legs.limit_metres as f32, legs.on_major));
        }
        tile.full.shrink_to_fit();
        tile.legs.shrink_to_fit();
        tile
    }
}
