//! Tiles: squares of the lattice with the access legs of their places. Legs do not depend on the profile, so
//! a tile is computed once for all profiles.

use crate::cancel::{Cancel, Cancelled};
use crate::ground::Ground;
use crate::ground::numbering::NodeIndex;
use crate::ground::units::rounded;
use crate::legs::access::legs_among;
use crate::legs::ends::arrivals;
use crate::legs::interior::GateLegs;
use crate::legs::leg::{Leg, Legs};
use crate::legs::surroundings::Surroundings;
use crate::shape::lattice::{BLOCK, BLOCK_PLACES, BLOCKS, Cell, Lattice, TILE, TILE_BLOCKS};
use circle_model::city::{Edge, EdgeFlags, Slope};
use circle_model::coordinates::Bounds;
use circle_model::{EdgeId, Millimetres};
use rustc_hash::FxHashMap;

/// No profile has a limit below this slope. Times on steeper edges are computed leg by leg.
const STEEP: f64 = circle_model::profile::LEAST_MAX_GRADE;

/// The best way from one node to a place of the lattice, reduced to the fields that the time field needs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CellLeg {
    /// Position of the node in [`Tile::nodes`].
    pub(crate) node: u16,
    /// [`CellLeg::PASSED`] and the bits of [`Edge::end`] at the edge's end. Without `PASSED`, for an edge of
    /// steps or a steep edge, the position of the leg among the place's [`Tile::on_edges`].
    pub(crate) passed: u16,
    /// Millimetres along the edge and of the leg, converted to the length on the flat that takes as long.
    pub(crate) flat_mm: u32,
}

impl CellLeg {
    /// The edge has no steps and is not steep.
    pub(crate) const PASSED: u16 = 1 << 15;
    /// As [`CellLeg::PASSED`], without anything to pass: the time is `flat_mm` divided by the speed.
    const FLAT: u16 = Self::PASSED;
}

/// A leg of a place in eight bytes, exact to two centimetres: for walks that begin on the same edge.
#[derive(Debug, Clone, Copy)]
struct EdgeLeg {
    /// Position of the edge in [`Tile::edges`].
    edge: u16,
    /// Share of the edge's length in 65,535ths.
    offset: u16,
    length_cm: u16,
    end: u8,
    own: bool,
}

/// The legs of a square of [`TILE`] × [`TILE`] places.
#[derive(Debug, Default)]
pub(crate) struct Tile {
    /// The nodes from which walks enter the tile.
    pub(crate) nodes: Vec<NodeIndex>,
    /// Position in `block_nodes` of each block's first node; the last entry is the count of all.
    block_starts: Vec<u32>,
    /// The nodes from which walks enter each block, by their position in `nodes`.
    block_nodes: Vec<u16>,
    /// The edges that its places have legs to.
    pub(crate) edges: Vec<EdgeId>,
    /// By edge of `edges`, a bit for each block where places have legs to it.
    pub(crate) edge_blocks: Vec<u16>,
    /// Positions of each place's first rows in `legs` and `on_edges`, by
    /// [`number_of`](crate::shape::lattice::number_of) the place; the last entry has the counts.
    starts: Vec<[u32; 2]>,
    legs: Vec<CellLeg>,
    on_edges: Vec<EdgeLeg>,
    /// Longest leg of each place in metres, and whether it is on a way of class tertiary or above.
    limits: Vec<(f32, bool)>,
}

impl Tile {
    /// Finds the legs of all places of a tile.
    pub(crate) fn make(
        ground: &Ground,
        gate_legs: &dyn GateLegs,
        lattice: &Lattice,
        [tile_x, tile_y]: Cell,
        cancel: &Cancel,
    ) -> Result<Self, Cancelled> {
        let places = (TILE * TILE) as usize;
        let mut tile = Self { starts: vec![[0; 2]], limits: Vec::with_capacity(places), ..Self::default() };
        for block in 0..BLOCKS * BLOCKS {
            cancel.check()?;
            let place = |at: i32| {
                let (x, y) = (block % BLOCKS * BLOCK + at % BLOCK, block / BLOCKS * BLOCK + at / BLOCK);
                lattice.point([tile_x * TILE + x, tile_y * TILE + y])
            };
            let area = Bounds::of([place(0), place(BLOCK * BLOCK - 1)]);
            let around = Surroundings::of(ground, &area);
            for at in 0..BLOCK * BLOCK {
                tile.add(ground, &legs_among(ground, gate_legs, place(at), &around));
            }
        }
        tile.drop_detours(ground);
        tile.list_nodes_of_blocks();
        tile.on_edges.shrink_to_fit();
        tile.legs.shrink_to_fit();
        Ok(tile)
    }

    #[inline]
    pub(crate) fn legs(&self, place: usize) -> &[CellLeg] {
        &self.legs[self.starts[place][0] as usize..self.starts[place + 1][0] as usize]
    }

    /// Positions of a block's nodes among those of all blocks.
    #[inline]
    pub(crate) fn block(&self, block: usize) -> std::ops::Range<usize> {
        self.block_starts[block] as usize..self.block_starts[block + 1] as usize
    }

    /// The nodes at some positions among those of all blocks, as positions in [`Tile::nodes`].
    #[inline]
    pub(crate) fn block_nodes(&self, rows: std::ops::Range<usize>) -> &[u16] {
        &self.block_nodes[rows]
    }

    /// Count of the nodes of all blocks together.
    pub(crate) fn block_node_count(&self) -> usize {
        self.block_nodes.len()
    }

    /// The legs of a place in full, each with the legs of `from` to the same edge. `from` holds a list for
    /// each of [`Tile::edges`]; edges with an empty list are left out.
    pub(crate) fn on_edges<'a>(
        &'a self,
        ground: &'a Ground,
        place: usize,
        from: &'a [&'a [Leg]],
    ) -> impl Iterator<Item = (&'a [Leg], Leg)> + 'a {
        let rows = self.starts[place][1] as usize..self.starts[place + 1][1] as usize;
        self.on_edges[rows]
            .iter()
            .map(|leg| (from[usize::from(leg.edge)], leg))
            .filter(|(from, _)| !from.is_empty())
            .map(|(from, leg)| (from, self.full(ground, *leg)))
    }

    /// The leg at a position among those of a place.
    pub(crate) fn on_edge(&self, ground: &Ground, place: usize, position: u16) -> Leg {
        self.full(ground, self.on_edges[self.starts[place][1] as usize + usize::from(position)])
    }

    fn full(&self, ground: &Ground, leg: EdgeLeg) -> Leg {
        let edge = self.edges[usize::from(leg.edge)];
        let length = ground.edge(edge).length_mm;
        let offset = (f64::from(length) * f64::from(leg.offset) / f64::from(u16::MAX) + 0.5) as u32;
        Leg {
            edge,
            offset: Millimetres(offset),
            length: Millimetres(u32::from(leg.length_cm) * 10),
            end: leg.end,
            own: leg.own,
        }
    }

    /// Longest leg of a place in metres, and whether it is on a way of class tertiary or above.
    pub(crate) fn limit(&self, place: usize) -> (f64, bool) {
        let (metres, on_major) = self.limits[place];
        (f64::from(metres), on_major)
    }

    /// Adds the next place.
    fn add(&mut self, ground: &Ground, legs: &Legs) {
        let [first, first_on_edge] = self.starts[self.starts.len() - 1];
        let block = (self.starts.len() - 1) / BLOCK_PLACES;
        for leg in &legs.legs {
            let edge = ground.edge(leg.edge);
            let along = if leg.end == 0 { leg.offset.0 } else { edge.length_mm - leg.offset.0 };
            let slope = ground.city.slope(leg.edge);
            let flat_mm = f64::from(along) * slope.time_factor(leg.end == 1)
                + f64::from(leg.length.0) * ground.limits.off_network_factor;
            let flat_mm = rounded(flat_mm);
            let number = self.on_edges.len() - first_on_edge as usize;
            let passed = if edge.has(EdgeFlags::STEPS) || slope.steepest() > STEEP {
                number as u16 & !CellLeg::PASSED
            } else {
                CellLeg::PASSED | u16::from(edge.end(usize::from(leg.end)).bits())
            };
            let offset = f64::from(leg.offset.0) / f64::from(edge.length_mm.max(1)) * f64::from(u16::MAX);
            let position = position_in(&mut self.edges, leg.edge);
            self.edge_blocks.resize(self.edges.len(), 0);
            self.edge_blocks[usize::from(position)] |= 1 << block;
            self.on_edges.push(EdgeLeg {
                edge: position,
                offset: offset.round() as u16,
                length_cm: (leg.length.0 / 10).min(u32::from(u16::MAX)) as u16,
                end: leg.end,
                own: leg.own,
            });
            for node in arrivals(ground, leg).into_iter().flatten() {
                let node = position_in(&mut self.nodes, node);
                // Only the shortest of several legs from one node is needed.
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

    /// Drops legs that are never the best: from their node the walk may go on to another node, along a flat
    /// way without waits, whose own leg is shorter by at least the length of that way. Near a junction this
    /// is true of most legs.
    fn drop_detours(&mut self, ground: &Ground) {
        let position_of: FxHashMap<NodeIndex, u16> = self.nodes.iter().copied().zip(0u16..).collect();
        let is_plain = |edge: &Edge, slope: &Slope| {
            !edge.has(EdgeFlags::STEPS)
                && slope.steepest() <= STEEP
                && edge.end(0).is_empty()
                && edge.end(1).is_empty()
        };
        let onward = |node: &NodeIndex| -> Vec<(u16, u32)> {
            let arcs = ground.graph.row(*node).map(|position| ground.graph.arc(position));
            arcs.filter_map(|arc| {
                let length = match arc.edge() {
                    None => 0,
                    Some(id) => {
                        let (edge, slope) = (ground.edge(id), ground.city.slope(id));
                        if !is_plain(edge, &slope) {
                            return None;
                        }
                        (f64::from(edge.length_mm) * slope.time_factor(arc.against)).ceil() as u32
                    }
                };
                Some((*position_of.get(&arc.to)?, length))
            })
            .collect()
        };
        let onward: Vec<Vec<(u16, u32)>> = self.nodes.iter().map(onward).collect();
        let mut flat_mm = vec![u32::MAX; self.nodes.len()];
        let mut remaining: Vec<CellLeg> = Vec::with_capacity(self.legs.len());
        for place in 0..self.starts.len() - 1 {
            let range = self.starts[place][0] as usize..self.starts[place + 1][0] as usize;
            let legs = &self.legs[range];
            let is_flat = |leg: &&CellLeg| leg.passed == CellLeg::FLAT;
            legs.iter().filter(is_flat).for_each(|leg| flat_mm[usize::from(leg.node)] = leg.flat_mm);
            self.starts[place][0] = remaining.len() as u32;
            for leg in legs {
                let is_better = |(node, way): &(u16, u32)| {
                    flat_mm[usize::from(*node)].saturating_add(*way) <= leg.flat_mm && *node != leg.node
                };
                if leg.passed == CellLeg::FLAT && onward[usize::from(leg.node)].iter().any(is_better) {
                    flat_mm[usize::from(leg.node)] = u32::MAX;
                } else {
                    remaining.push(*leg);
                }
            }
            legs.iter().for_each(|leg| flat_mm[usize::from(leg.node)] = u32::MAX);
        }
        if let Some(end) = self.starts.last_mut() {
            end[0] = remaining.len() as u32;
        }
        self.legs = remaining;
    }

    fn list_nodes_of_blocks(&mut self) {
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
}

/// Position of a value in a short list; a new value is appended. A tile of 320 m has far fewer than 65,536
/// edges.
fn position_in<T: Copy + PartialEq>(list: &mut Vec<T>, value: T) -> u16 {
    // Neighbouring places share their legs: the value was most likely appended last.
    let position = list.iter().rposition(|other| *other == value).unwrap_or_else(|| {
        list.push(value);
        list.len() - 1
    });
    position.min(usize::from(u16::MAX)) as u16
}
