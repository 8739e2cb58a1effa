//! A lattice of places 10 m apart over the whole city, each with its access legs. Legs do not depend on who
//! walks, so they are found once for each tile of the lattice and kept.

use crate::access::{Leg, Legs, Surroundings};
use crate::entrances::arrivals;
use crate::filling::NEVER;
use crate::network::Network;
use crate::wanted::{check_wanted, wanted};
use circle_model::city::{Edge, EdgeFlags, Slope};
use circle_model::coordinates::Bounds;
use circle_model::{City, EdgeId, Frame, Pace, Point};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::sync::{Arc, RwLock};

/// Places on a side of a tile.
pub(crate) const TILE: i32 = 32;
/// No profile has a limit below; steeper edges are asked about one by one.
const STEEP: f64 = circle_model::profile::LEAST_MAX_GRADE;
/// Made at once for each thread.
const TILES_A_THREAD: usize = 4;
/// For one of several networks of a city.
const FEW_TILES: usize = 1024;
/// Distance between places; `walking.md` asks for 10 m at most for the shortest band.
const STEP_METRES: f64 = 9.95;
/// Tiles kept at once: some 60 KiB each in a city, enough for 1,600 km².
const MOST_TILES: usize = 16_384;

/// The best way from one node to a place of the lattice: what the field needs, and no more.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CellLeg {
    /// The node, by its position in [`Tile::nodes`].
    pub(crate) node: u16,
    /// [`CellLeg::PASSED`] and what is passed at the edge's end, as [`Edge::end`] has it; or, for an edge of steps or
    /// too steep for some, the position among the place's [`Tile::on_edges`].
    pub(crate) passed: u16,
    /// Millimetres along the edge and of the leg, as many on the flat as take as long.
    pub(crate) flat_mm: u32,
}

impl CellLeg {
    /// No edge of steps, nor a steep one.
    pub(crate) const PASSED: u16 = 1 << 15;
    /// Nor is anything passed: its time is its length by the speed.
    const FLAT: u16 = Self::PASSED;
}

/// A leg of a place in eight bytes, exact to two centimetres: for walks that begin on the same edge.
#[derive(Debug, Clone, Copy)]
struct EdgeLeg {
    /// The edge, by its position in [`Tile::edges`].
    edge: u16,
    /// Share of the edge's length in 65,535ths.
    offset: u16,
    length_cm: u16,
    end: u8,
    own: bool,
}

/// The number of the place at a column and row of a tile: block by block, row by row, from the south-west.
#[inline]
pub(crate) const fn number_of(x: i32, y: i32) -> usize {
    let block = (y / BLOCK * BLOCKS + x / BLOCK) * BLOCK * BLOCK;
    (block + y % BLOCK * BLOCK + x % BLOCK) as usize
}

/// Places on a side of a block, of which a tile has 4 × 4.
pub(crate) const BLOCK: i32 = 8;
/// Blocks on a side of a tile.
const BLOCKS: i32 = TILE / BLOCK;
/// Places of a block.
pub(crate) const BLOCK_PLACES: usize = (BLOCK * BLOCK) as usize;
/// Blocks of a tile.
pub(crate) const TILE_BLOCKS: usize = (BLOCKS * BLOCKS) as usize;
/// Paces whose times are kept for a tile.
const MOST_PACES: usize = 3;

/// The legs of a square of places.
#[derive(Debug, Default)]
pub(crate) struct Tile {
    /// The nodes that walks into the tile come from.
    pub(crate) nodes: Vec<u32>,
    /// Where each block's nodes begin in `block_nodes`, one more at the end.
    block_starts: Vec<u32>,
    /// The nodes that walks into each block come from, by their position in `nodes`.
    block_nodes: Vec<u16>,
    /// What is left of a walk, for the paces last asked for.
    rests: RwLock<Vec<(Pace, Arc<Rests>)>>,
    /// The edges that its places have legs to.
    pub(crate) edges: Vec<u32>,
    /// The blocks where places have legs to each of `edges`, a bit for each.
    pub(crate) edge_blocks: Vec<u16>,
    /// Where each place's rows begin in `legs` and `on_edges`, by [`number_of`] the place; one more at the end.
    starts: Vec<[u32; 2]>,
    legs: Vec<CellLeg>,
    on_edges: Vec<EdgeLeg>,
    /// Longest leg of each place in metres, and whether it is on a way of class tertiary or above.
    limits: Vec<(f32, bool)>,
}

impl Tile {
    #[inline]
    pub(crate) fn legs(&self, place: usize) -> &[CellLeg] {
        &self.legs[self.starts[place][0] as usize..self.starts[place + 1][0] as usize]
    }

    /// Rows of a block's nodes in [`Tile::block_nodes`] and [`Rests`].
    #[inline]
    pub(crate) fn block(&self, block: usize) -> std::ops::Range<usize> {
        self.block_starts[block] as usize..self.block_starts[block + 1] as usize
    }

    /// Positions in [`Tile::nodes`].
    #[inline]
    pub(crate) fn block_nodes(&self, rows: std::ops::Range<usize>) -> &[u16] {
        &self.block_nodes[rows]
    }

    fn sum_up_blocks(&mut self) {
        let mut seen = vec![usize::MAX; self.nodes.len()];
        self.block_starts = vec![0];
        for block in 0..TILE_BLOCKS {
            let places = self.starts[block * BLOCK_PLACES][0]..self.starts[(block + 1) * BLOCK_PLACES][0];
            for leg in &self.legs[places.start as usize..places.end as usize] {
                if std::mem::replace(&mut seen[usize::from(leg.node)], block) != block {
                    self.block_nodes.push(leg.node);
                }
            }
            self.block_starts.push(self.block_nodes.len() as u32);
        }
    }

    /// What is left of a walk from each node of a block to each of its places, at a pace. `rest` says it of a leg.
    pub(crate) fn rests(&self, pace: &Pace, rest: impl Fn(usize, CellLeg) -> u32) -> Arc<Rests> {
        let find = |known: &[(Pace, Arc<Rests>)]| {
            known.iter().find(|(other, _)| other == pace).map(|(_, rests)| rests.clone())
        };
        if let Some(known) = self.rests.read().ok().and_then(|known| find(&known)) {
            return known;
        }
        let made = Arc::new(Rests::build(self, rest));
        if let Ok(mut known) = self.rests.write() {
            known.truncate(MOST_PACES - 1);
            known.insert(0, (*pace, made.clone()));
        }
        made
    }

    /// The legs of a place in full, each with the legs `from` that are to the same edge, by its position in
    /// [`Tile::edges`]; none where there are none.
    pub(crate) fn on_edges<'a>(
        &'a self,
        network: &'a Network,
        place: usize,
        from: &'a [&'a [Leg]],
    ) -> impl Iterator<Item = (&'a [Leg], Leg)> + 'a {
        let rows = self.starts[place][1] as usize..self.starts[place + 1][1] as usize;
        self.on_edges[rows]
            .iter()
            .map(|leg| (from[usize::from(leg.edge)], leg))
            .filter(|(from, _)| !from.is_empty())
            .map(|(from, leg)| (from, self.full(network, *leg)))
    }

    /// The leg at a position among those of a place.
    pub(crate) fn on_edge(&self, network: &Network, place: usize, position: u16) -> Leg {
        self.full(network, self.on_edges[self.starts[place][1] as usize + usize::from(position)])
    }

    fn full(&self, network: &Network, leg: EdgeLeg) -> Leg {
        let edge = self.edges[usize::from(leg.edge)];
        let length = network.city.edges()[edge as usize].length_mm;
        Leg {
            edge,
            offset_mm: (f64::from(length) * f64::from(leg.offset) / f64::from(u16::MAX) + 0.5) as u32,
            length_mm: u32::from(leg.length_cm) * 10,
            end: leg.end,
            own: leg.own,
        }
    }

    /// Longest leg in metres, and whether the place is on a way of class tertiary or above.
    pub(crate) fn limit(&self, place: usize) -> (f64, bool) {
        let (metres, on_major) = self.limits[place];
        (f64::from(metres), on_major)
    }

    fn add(&mut self, network: &Network, legs: &Legs) {
        let [first, first_on_edge] = self.starts[self.starts.len() - 1];
        let block = (self.starts.len() - 1) / BLOCK_PLACES;
        for leg in &legs.legs {
            let edge = &network.city.edges()[leg.edge as usize];
            let along = if leg.end == 0 { leg.offset_mm } else { edge.length_mm - leg.offset_mm };
            let slope = network.city.slope(EdgeId(leg.edge));
            let flat_mm = f64::from(along) * slope.time_factor(leg.end == 1)
                + f64::from(leg.length_mm) * network.limits.off_network_factor;
            let flat_mm = crate::walks::rounded(flat_mm);
            let number = self.on_edges.len() - first_on_edge as usize;
            let passed = if edge.has(EdgeFlags::STEPS) || slope.steepest() > STEEP {
                number as u16 & !CellLeg::PASSED
            } else {
                CellLeg::PASSED | u16::from(edge.end(usize::from(leg.end)).bits())
            };
            let offset = f64::from(leg.offset_mm) / f64::from(edge.length_mm.max(1)) * f64::from(u16::MAX);
            let position = position_in(&mut self.edges, leg.edge);
            self.edge_blocks.resize(self.edges.len(), 0);
            self.edge_blocks[usize::from(position)] |= 1 << block;
            self.on_edges.push(EdgeLeg {
                edge: position,
                offset: offset.round() as u16,
                length_cm: (leg.length_mm / 10).min(u32::from(u16::MAX)) as u16,
                end: leg.end,
                own: leg.own,
            });
            for node in arrivals(network, leg).into_iter().flatten() {
                let node = position_in(&mut self.nodes, node);
                // Of several legs that come from one node the shortest is enough.
                let known = self.legs[first as usize..]
                    .iter_mut()
                    .find(|it| it.node == node && it.passed == passed && passed & CellLeg::PASSED != 0);
                match known {
                    Some(known) => known.flat_mm = known.flat_mm.min(flat_mm),
                    None => self.legs.push(CellLeg { node, passed, flat_mm }),
                }
            }
        }
        self.starts.push([self.legs.len() as u32, self.on_edges.len() as u32]);
        self.limits.push((legs.limit_metres as f32, legs.on_major));
    }

    /// Drops legs that are never the best: from their node the walk may go on to another one, along a flat way with
    /// nothing to wait for, whose own leg is shorter by at least that way. Near a junction most legs are such.
    fn drop_detours(&mut self, network: &Network) {
        let position_of: FxHashMap<u32, u16> = self.nodes.iter().copied().zip(0u16..).collect();
        let plain = |edge: &Edge, slope: &Slope| {
            !edge.has(EdgeFlags::STEPS)
                && slope.steepest() <= STEEP
                && edge.end(0).is_empty()
                && edge.end(1).is_empty()
        };
        let onward = |node: &u32| -> Vec<(u16, u32)> {
            let arcs = network.graph.row(*node).map(|position| network.graph.arc(position));
            arcs.filter_map(|arc| {
                let slope = network.city.slope(EdgeId(arc.edge));
                let length = match network.city.edges().get(arc.edge as usize) {
                    None => 0,
                    Some(edge) if plain(edge, &slope) => {
                        (f64::from(edge.length_mm) * slope.time_factor(arc.against)).ceil() as u32
                    }
                    Some(_) => return None,
                };
                Some((*position_of.get(&arc.to)?, length))
            })
            .collect()
        };
        let onward: Vec<Vec<(u16, u32)>> = self.nodes.iter().map(onward).collect();
        let mut flat_mm = vec![u32::MAX; self.nodes.len()];
        let mut kept: Vec<CellLeg> = Vec::with_capacity(self.legs.len());
        for place in 0..self.starts.len() - 1 {
            let range = self.starts[place][0] as usize..self.starts[place + 1][0] as usize;
            let legs = &self.legs[range];
            let is_flat = |leg: &&CellLeg| leg.passed == CellLeg::FLAT;
            legs.iter().filter(is_flat).for_each(|leg| flat_mm[usize::from(leg.node)] = leg.flat_mm);
            self.starts[place][0] = kept.len() as u32;
            for leg in legs {
                let detour = |(node, way): &(u16, u32)| {
                    flat_mm[usize::from(*node)].saturating_add(*way) <= leg.flat_mm && *node != leg.node
                };
                if leg.passed == CellLeg::FLAT && onward[usize::from(leg.node)].iter().any(detour) {
                    flat_mm[usize::from(leg.node)] = u32::MAX;
                } else {
                    kept.push(*leg);
                }
            }
            legs.iter().for_each(|leg| flat_mm[usize::from(leg.node)] = u32::MAX);
        }
        if let Some(end) = self.starts.last_mut() {
            end[0] = kept.len() as u32;
        }
        self.legs = kept;
    }
}

/// What is left of a walk from a node to the places of a block, in ticks: a row for each node of each block, so that
/// a block is filled row by row, many places at once.
#[derive(Debug)]
pub(crate) struct Rests {
    /// [`Rests::NONE`] where no leg leads from the node to the place.
    pub(crate) rows: Vec<[u16; BLOCK_PLACES]>,
    /// Blocks with a rest that no row can hold.
    pub(crate) wide: [bool; TILE_BLOCKS],
}

impl Rests {
    /// No leg.
    pub(crate) const NONE: u16 = u16::MAX;
    /// Longer rests are left to the wide blocks, so that one and the time before it fit in 16 bits.
    pub(crate) const MOST: u32 = 30_000;

    fn build(tile: &Tile, rest: impl Fn(usize, CellLeg) -> u32) -> Self {
        let mut rests = Self {
            rows: vec![[Self::NONE; BLOCK_PLACES]; tile.block_nodes.len()],
            wide: [false; TILE_BLOCKS],
        };
        let mut row_of = vec![0; tile.nodes.len()];
        for block in 0..TILE_BLOCKS {
            for row in tile.block(block) {
                row_of[usize::from(tile.block_nodes[row])] = row;
            }
            for place in 0..BLOCK_PLACES {
                let number = block * BLOCK_PLACES + place;
                for leg in tile.legs(number) {
                    let ticks = rest(number, *leg);
                    let known = &mut rests.rows[row_of[usize::from(leg.node)]][place];
                    if ticks <= Self::MOST {
                        *known = (*known).min(ticks as u16);
                    } else if ticks < NEVER {
                        rests.wide[block] = true;
                    }
                }
            }
        }
        rests
    }
}

/// Position of a value in a list of few, added where it is new. A tile of 320 m has far fewer than 65,536 edges.
fn position_in(list: &mut Vec<u32>, value: u32) -> u16 {
    // Neighbouring places share their legs: the value was most likely added last.
    let position = list.iter().rposition(|other| *other == value).unwrap_or_else(|| {
        list.push(value);
        list.len() - 1
    });
    position.min(usize::from(u16::MAX)) as u16
}

/// Column and row of a place, counted from longitude and latitude 0.
pub(crate) type Cell = [i32; 2];

/// The lattice, and the tiles that were asked for so far.
#[derive(Debug)]
pub(crate) struct Lattice {
    /// Steps in 10⁻⁷ degrees.
    step: [i32; 2],
    tiles: RwLock<FxHashMap<Cell, Arc<Tile>>>,
    most: usize,
}

impl Lattice {
    /// Its steps are fixed for a city, so that every isochrone of it is drawn on the same places.
    pub(crate) fn new(city: &City) -> Self {
        let bounds = Bounds::of(city.nodes().iter().map(|node| node.point));
        let frame = Frame::at(if bounds.is_empty() { Point::default() } else { bounds.centre() });
        let step = [STEP_METRES / frame.metres_per_lon.max(1e-5), STEP_METRES / frame.metres_per_lat]
            .map(|step| step as i32);
        Self { step, tiles: RwLock::default(), most: MOST_TILES }
    }

    pub(crate) fn keep_few(&mut self) {
        self.most = FEW_TILES;
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
        let moved = (share * f64::from(self.step[axis]) + 0.5) as i32;
        if axis == 0 {
            point.lon += moved;
        } else {
            point.lat += moved;
        }
        point
    }

    /// The tiles, made where they are not known yet.
    pub(crate) fn tiles(network: &Network, asked: &[Cell]) -> Vec<Arc<Tile>> {
        let lattice = &network.lattice;
        let known: Vec<Option<Arc<Tile>>> = match lattice.tiles.read() {
            Ok(tiles) => asked.iter().map(|cell| tiles.get(cell).cloned()).collect(),
            Err(_) => vec![None; asked.len()],
        };
        let missing: Vec<Cell> =
            asked.iter().zip(&known).filter(|(_, tile)| tile.is_none()).map(|(cell, _)| *cell).collect();
        if missing.is_empty() {
            return known.into_iter().flatten().collect();
        }
        let still = wanted();
        let make = |cell: &Cell| lattice.make(network, *cell, &*still).map(Arc::new);
        let mut made: Vec<Arc<Tile>> = Vec::with_capacity(missing.len());
        // Some at a time: the threads are others' too, who wait for no more than these.
        for missing in missing.chunks(TILES_A_THREAD * rayon::current_num_threads()) {
            let some: Vec<Option<Arc<Tile>>> = missing.par_iter().map(make).collect();
            lattice.keep(missing.iter().zip(&some).filter_map(|(cell, tile)| Some((*cell, tile.clone()?))));
            // What was made is kept also where the rest was given up.
            check_wanted();
            made.extend(some.into_iter().flatten());
        }
        let mut made = made.into_iter();
        known.into_iter().filter_map(|tile| tile.or_else(|| made.next())).collect()
    }

    fn keep(&self, made: impl Iterator<Item = (Cell, Arc<Tile>)>) {
        let Ok(mut tiles) = self.tiles.write() else { return };
        if tiles.len() >= self.most {
            // Half of them go, whichever: what is asked for often is soon back.
            let mut keep = false;
            tiles.retain(|_, _| {
                keep = !keep;
                keep
            });
        }
        tiles.extend(made);
    }

    /// A tile; `None` once nobody wants it.
    fn make(&self, network: &Network, [tile_x, tile_y]: Cell, still: &dyn Fn() -> bool) -> Option<Tile> {
        let places = (TILE * TILE) as usize;
        let mut tile = Tile { starts: vec![[0; 2]], limits: Vec::with_capacity(places), ..Tile::default() };
        for block in 0..BLOCKS * BLOCKS {
            if !still() {
                return None;
            }
            let place = |at: i32| {
                let (x, y) = (block % BLOCKS * BLOCK + at % BLOCK, block / BLOCKS * BLOCK + at / BLOCK);
                self.point([tile_x * TILE + x, tile_y * TILE + y])
            };
            let area = Bounds::of([place(0), place(BLOCK * BLOCK - 1)]);
            let around = Surroundings::of(network, &area);
            for at in 0..BLOCK * BLOCK {
                tile.add(network, &network.legs_among(place(at), &around));
            }
        }
        tile.drop_detours(network);
        tile.sum_up_blocks();
        tile.on_edges.shrink_to_fit();
        tile.legs.shrink_to_fit();
        Some(tile)
    }
}
