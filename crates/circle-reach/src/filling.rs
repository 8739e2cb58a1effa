//! Least times at places of the lattice: from the nodes that a search reached, along the legs of their tiles.

use crate::access::Leg;
use crate::field::{FINE_MILLISECONDS, Field, UNASKED};
use crate::graph::passing_milliseconds;
use crate::lattice::{BLOCK, Cell, CellLeg, Lattice, TILE, Tile, number_of};
use crate::network::Network;
use crate::search::{Search, UNREACHED};
use circle_model::Profile;

/// The time of a node that is not reached: to be added to without a check.
const NEVER: u32 = u32::MAX / 2 - 1;

/// A tile of the lattice with the times of the nodes that walks into it come from.
pub(crate) struct Filled {
    pub(crate) tile: std::sync::Arc<Tile>,
    node_times: Vec<u32>,
}

/// What fills a field: the tiles, by column and row.
pub(crate) struct Filling<'a> {
    pub(crate) network: &'a Network,
    pub(crate) profile: &'a Profile,
    pub(crate) limit: u32,
    /// Milliseconds for a millimetre, in 2⁻³².
    per_mm: u64,
    /// Milliseconds for what is passed at an end, by the bits of [`Edge::end`].
    waits: [u32; 32],
    south_west: Cell,
    columns: usize,
    tiles: Vec<Option<Filled>>,
}

impl<'a> Filling<'a> {
    pub(crate) fn new(
        network: &'a Network,
        profile: &'a Profile,
        search: &Search,
        wanted: &[Cell],
        limit: u32,
    ) -> Self {
        let least = |axis: usize| wanted.iter().map(|cell| cell[axis]).min().unwrap_or(0);
        let most = |axis: usize| wanted.iter().map(|cell| cell[axis]).max().unwrap_or(-1);
        let columns = (most(0) - least(0) + 1) as usize;
        let rows = (most(1) - least(1) + 1) as usize;
        let mut filling = Self {
            network,
            profile,
            limit,
            waits: std::array::from_fn(|passed| passing_milliseconds(passed as u32, &profile.pace)),
            per_mm: ((1u64 << 32) as f64 / profile.pace.speed.value()) as u64,
            south_west: [least(0), least(1)],
            columns,
            tiles: Vec::new(),
        };
        filling.tiles.resize_with(columns * rows, || None);
        for (cell, tile) in wanted.iter().zip(Lattice::tiles(network, wanted)) {
            let node_times: Vec<u32> = tile.nodes.iter().map(|node| search.time(*node).min(NEVER)).collect();
            if let Some(position) = filling.position(*cell) {
                filling.tiles[position] = Some(Filled { tile, node_times });
            }
        }
        filling
    }

    fn position(&self, [x, y]: Cell) -> Option<usize> {
        let column = usize::try_from(x - self.south_west[0]).ok().filter(|column| *column < self.columns)?;
        let row = usize::try_from(y - self.south_west[1]).ok()?;
        Some(row * self.columns + column)
    }

    pub(crate) fn tile(&self, cell: Cell) -> Option<&Filled> {
        self.tiles.get(self.position(cell)?)?.as_ref()
    }

    /// Fills the tiles, block by block: those that may hold a place within five minutes, and those around the starts,
    /// place by place; others every second place; those beyond the limit not at all.
    pub(crate) fn fill(&self, field: &mut Field, wanted: &[Cell], near: &[[Cell; 2]]) {
        let is_near = |west: i32, south: i32| {
            near.iter().any(|[low, high]| {
                west <= high[0] && low[0] < west + BLOCK && south <= high[1] && low[1] < south + BLOCK
            })
        };
        let mut fine: Vec<Cell> = Vec::new();
        for cell in wanted {
            let Some(filled) = self.tile(*cell) else { continue };
            for (column, row) in
                (0..TILE / BLOCK).flat_map(|row| (0..TILE / BLOCK).map(move |column| (column, row)))
            {
                let (west, south) = (cell[0] * TILE + column * BLOCK, cell[1] * TILE + row * BLOCK);
                let nodes = filled.tile.block(column, row).iter();
                let first = nodes
                    .map(|it| filled.node_times[usize::from(it.node)] + self.rest(it.least_mm))
                    .min()
                    .unwrap_or(NEVER);
                let is_fine = first <= FINE_MILLISECONDS || is_near(west, south);
                if is_fine {
                    fine.push([west, south]);
                } else if first > self.limit {
                    continue;
                }
                let stride = if is_fine { 1 } else { 2 };
                self.fill_block(field, filled, [west, south], stride);
            }
        }
        let squares = field.width / 2;
        for [west, south] in fine {
            // The squares that share a place with the block; its own corner is even.
            let (left, bottom) = ((west - field.corner[0]) / 2 - 1, (south - field.corner[1]) / 2 - 1);
            for row in bottom..=bottom + BLOCK / 2 {
                for column in left..=left + BLOCK / 2 {
                    let square = row as usize * squares + column as usize;
                    if !std::mem::replace(&mut field.fine[square], true) {
                        field.fine_squares.push(square as u32);
                        field.ask_square(self, square);
                    }
                }
            }
        }
    }

    fn fill_block(&self, field: &mut Field, filled: &Filled, [west, south]: Cell, stride: usize) {
        let start = field.position([west, south]);
        let (column, line) = (west.rem_euclid(TILE), south.rem_euclid(TILE));
        for y in 0..BLOCK as usize {
            let row = &mut field.times[start + y * field.width..][..BLOCK as usize];
            if stride == 2 {
                row.fill(UNASKED);
            }
            if y % stride == 0 {
                for x in (0..BLOCK as usize).step_by(stride) {
                    let place = number_of(column + x as i32, line + y as i32);
                    row[x] = self.time_in(filled, place);
                }
            }
        }
    }

    /// Least milliseconds to a place of the lattice; [`UNREACHED`] beyond the limit.
    pub(crate) fn time(&self, [x, y]: Cell) -> u32 {
        let Some(filled) = self.tile([x.div_euclid(TILE), y.div_euclid(TILE)]) else { return UNREACHED };
        self.time_in(filled, number_of(x.rem_euclid(TILE), y.rem_euclid(TILE)))
    }

    #[inline]
    fn time_in(&self, filled: &Filled, place: usize) -> u32 {
        let mut best = UNREACHED;
        for leg in filled.tile.legs(place) {
            let rest = if leg.passed & CellLeg::PASSED == 0 {
                let leg = filled.tile.on_edge(self.network, place, leg.passed);
                leg_time(self.network, self.profile, &leg)
            } else {
                self.rest(leg.flat_mm).saturating_add(self.waits[usize::from(leg.passed & 31)])
            };
            best = best.min(filled.node_times[usize::from(leg.node)].saturating_add(rest));
        }
        if best <= self.limit { best } else { UNREACHED }
    }

    /// Milliseconds for millimetres of flat way, at most [`NEVER`].
    #[inline]
    fn rest(&self, flat_mm: u32) -> u32 {
        ((u64::from(flat_mm) * self.per_mm + (1 << 31)) >> 32).min(u64::from(NEVER)) as u32
    }
}

fn leg_time(network: &Network, profile: &Profile, leg: &Leg) -> u32 {
    network.inward(leg, profile).1.saturating_add(network.leg_milliseconds(leg.length_mm, profile)).min(NEVER)
}
