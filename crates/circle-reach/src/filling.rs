//! Least times at places of the lattice: from the nodes that a search reached, along the legs of their tiles.

use crate::field::{Field, ticks};
use crate::graph::passing_milliseconds;
use crate::lattice::{BLOCK, BLOCK_PLACES, Cell, CellLeg, Lattice, Rests, TILE, TILE_BLOCKS, Tile};
use crate::network::Network;
use crate::search::{Search, UNREACHED};
use crate::wanted::check_wanted;
use circle_model::Profile;
use circle_model::city::EdgeEndFlags;
use std::sync::Arc;

/// The ticks of a node that is not reached, and more than any leg takes: to be added to without a check.
pub(crate) const NEVER: u32 = u32::MAX / 2 - 1;

/// A tile of the lattice with the times of the nodes that walks into it come from.
pub(crate) struct Filled {
    pub(crate) tile: Arc<Tile>,
    rests: Arc<Rests>,
    /// Ticks.
    node_times: Vec<u32>,
}

/// What fills a field: the tiles, by column and row.
pub(crate) struct Filling<'a> {
    pub(crate) network: &'a Network,
    pub(crate) profile: &'a Profile,
    /// Milliseconds.
    pub(crate) limit: u32,
    /// Milliseconds for a millimetre, in 2⁻³².
    per_mm: u64,
    /// Milliseconds for what is passed at an end, by the bits of [`EdgeEndFlags`].
    waits: [u32; EdgeEndFlags::COMBINATIONS],
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
            waits: std::array::from_fn(|passed| {
                passing_milliseconds(EdgeEndFlags::from_bits_truncate(passed as u8), &profile.pace)
            }),
            per_mm: ((1u64 << 32) as f64 / profile.pace.speed.value()) as u64,
            south_west: [least(0), least(1)],
            columns,
            tiles: Vec::new(),
        };
        filling.tiles.resize_with(columns * rows, || None);
        for (cell, tile) in wanted.iter().zip(Lattice::tiles(network, wanted)) {
            check_wanted();
            let node_time = |node: &u32| match search.time(*node) {
                UNREACHED => NEVER,
                time => ticks(time),
            };
            let node_times: Vec<u32> = tile.nodes.iter().map(node_time).collect();
            let rests = tile.rests(&profile.pace, |place, leg| filling.rest(&tile, place, leg));
            if let Some(position) = filling.position(*cell) {
                filling.tiles[position] = Some(Filled { tile, rests, node_times });
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

    /// Fills the tiles, block by block, those beyond the limit not at all.
    pub(crate) fn fill(&self, field: &mut Field, wanted: &[Cell]) {
        let limit = ticks(self.limit);
        let thresholds: Vec<u32> = field.bands.clone();
        for cell in wanted {
            let Some(filled) = self.tile(*cell) else { continue };
            check_wanted();
            for block in 0..TILE_BLOCKS {
                let rows = filled.tile.block(block);
                let times = filled.tile.block_nodes(rows.clone()).iter();
                let times = times.map(|node| filled.node_times[usize::from(*node)]);
                let (first, last) = times.fold((NEVER, 0), |(first, last), time| {
                    (time.min(first), if time == NEVER { last } else { time.max(last) })
                });
                if first > limit {
                    continue;
                }
                let corner = [
                    cell[0] * TILE + block as i32 * BLOCK % TILE,
                    cell[1] * TILE + block as i32 * BLOCK / TILE * BLOCK,
                ];
                if filled.rests.wide[block] || last - first > Rests::MOST {
                    self.fill_one_by_one(field, filled, block, corner);
                    continue;
                }
                let mut best = [Rests::NONE; BLOCK_PLACES];
                for row in rows {
                    let node = filled.tile.block_nodes(row..row + 1)[0];
                    let time = filled.node_times[usize::from(node)];
                    if time == NEVER {
                        continue;
                    }
                    let before = (time - first) as u16;
                    for (best, rest) in best.iter_mut().zip(&filled.rests.rows[row]) {
                        *best = (*best).min(rest.saturating_add(before));
                    }
                }
                let mut classes = [0u8; BLOCK_PLACES];
                for threshold in &thresholds {
                    let Some(left) = threshold.checked_sub(first) else {
                        classes.iter_mut().for_each(|class| *class += 1);
                        continue;
                    };
                    let left = left.min(u32::from(Rests::NONE - 1)) as u16;
                    for (class, best) in classes.iter_mut().zip(&best) {
                        *class += u8::from(*best > left);
                    }
                }
                let left = (limit - first).min(u32::from(Rests::NONE - 1)) as u16;
                let start = field.position(corner);
                for y in 0..BLOCK as usize {
                    let from = start + y * field.width;
                    let line = y * BLOCK as usize..(y + 1) * BLOCK as usize;
                    field.classes[from..from + BLOCK as usize].copy_from_slice(&classes[line.clone()]);
                    for (time, best) in field.times[from..from + BLOCK as usize].iter_mut().zip(&best[line]) {
                        *time = if *best > left { UNREACHED } else { first + u32::from(*best) };
                    }
                }
            }
        }
    }

    /// A block whose times no 16 bits hold.
    fn fill_one_by_one(&self, field: &mut Field, filled: &Filled, block: usize, corner: Cell) {
        let start = field.position(corner);
        for at in 0..BLOCK_PLACES {
            let place = block * BLOCK_PLACES + at;
            let time = |leg: &CellLeg| {
                filled.node_times[usize::from(leg.node)].saturating_add(self.rest(&filled.tile, place, *leg))
            };
            let best = filled.tile.legs(place).iter().map(time).min().unwrap_or(UNREACHED);
            let here = start + at / BLOCK as usize * field.width + at % BLOCK as usize;
            field.set(here, if best <= ticks(self.limit) { best } else { UNREACHED });
        }
    }

    /// Ticks from a leg's node to its place, [`NEVER`] where nobody passes.
    fn rest(&self, tile: &Tile, place: usize, leg: CellLeg) -> u32 {
        let milliseconds = if leg.passed & CellLeg::PASSED == 0 {
            let leg = tile.on_edge(self.network, place, leg.passed);
            let (_, along) = self.network.inward(&leg, self.profile);
            along.saturating_add(self.network.leg_milliseconds(leg.length_mm, self.profile))
        } else {
            let flat =
                ((u64::from(leg.flat_mm) * self.per_mm + (1 << 31)) >> 32).min(u64::from(NEVER)) as u32;
            flat.saturating_add(self.waits[usize::from(leg.passed) % EdgeEndFlags::COMBINATIONS])
        };
        if milliseconds >= NEVER { NEVER } else { ticks(milliseconds) }
    }
}
