//! Remaining times at a pace: from the nodes of a tile to its places, in ticks.

use crate::ground::weights::passing_time;
use crate::shape::field::ticks;
use crate::shape::lattice::{BLOCK_PLACES, TILE_BLOCKS};
use crate::shape::tile::{CellLeg, Tile};
use crate::walk::walker::Walker;
use circle_model::Milliseconds;
use circle_model::city::EdgeEndFlags;

/// Ticks of a node that is not reached, more than any leg takes. The sum of two such times does not overflow.
pub(crate) const NEVER: u32 = u32::MAX / 2 - 1;

/// Times from nodes to the places of a block: a row for each node of each block, so that a block is filled
/// row by row, many places at once.
#[derive(Debug)]
pub(crate) struct RemainingTimes {
    /// [`RemainingTimes::NONE`] where no leg leads from the node to the place.
    pub(crate) rows: Vec<[u16; BLOCK_PLACES]>,
    /// Blocks with a time that does not fit a row.
    pub(crate) wide: [bool; TILE_BLOCKS],
}

impl RemainingTimes {
    /// No leg.
    pub(crate) const NONE: u16 = u16::MAX;
    /// The longest time in a row, in ticks, so that its sum with the time of a node fits 16 bits.
    pub(crate) const MOST: u32 = 30_000;

    pub(crate) fn build(tile: &Tile, legs: &LegTicks<'_>) -> Self {
        let mut remaining = Self {
            rows: vec![[Self::NONE; BLOCK_PLACES]; tile.block_node_count()],
            wide: [false; TILE_BLOCKS],
        };
        let mut row_of = vec![0; tile.nodes.len()];
        for block in 0..TILE_BLOCKS {
            for row in tile.block(block) {
                row_of[usize::from(tile.block_nodes(row..row + 1)[0])] = row;
            }
            for place in 0..BLOCK_PLACES {
                let number = block * BLOCK_PLACES + place;
                for leg in tile.legs(number) {
                    let ticks = legs.of(tile, number, *leg);
                    let known = &mut remaining.rows[row_of[usize::from(leg.node)]][place];
                    if ticks <= Self::MOST {
                        *known = (*known).min(ticks as u16);
                    } else if ticks < NEVER {
                        remaining.wide[block] = true;
                    }
                }
            }
        }
        remaining
    }
}

/// Ticks of legs at a walker's pace.
pub(crate) struct LegTicks<'a> {
    walker: Walker<'a>,
    /// Milliseconds for a millimetre, in 2⁻³².
    per_mm: u64,
    /// Milliseconds of the waits at an end, by the bits of [`EdgeEndFlags`].
    waits: [u32; EdgeEndFlags::COMBINATIONS],
}

impl<'a> LegTicks<'a> {
    pub(crate) fn new(walker: Walker<'a>) -> Self {
        let pace = &walker.profile.pace;
        Self {
            walker,
            per_mm: ((1u64 << 32) as f64 / pace.speed.value()) as u64,
            waits: std::array::from_fn(|passed| {
                passing_time(EdgeEndFlags::from_bits_truncate(passed as u8), pace).0
            }),
        }
    }

    /// Ticks from a leg's node to its place; [`NEVER`] where the pace cannot pass.
    pub(crate) fn of(&self, tile: &Tile, place: usize, leg: CellLeg) -> u32 {
        let milliseconds = if leg.passed & CellLeg::PASSED == 0 {
            let leg = tile.on_edge(self.walker.ground, place, leg.passed);
            let (_, along) = self.walker.inward(&leg);
            (along + self.walker.leg_time(leg.length)).0
        } else {
            let flat =
                ((u64::from(leg.flat_mm) * self.per_mm + (1 << 31)) >> 32).min(u64::from(NEVER)) as u32;
            flat.saturating_add(self.waits[usize::from(leg.passed) % EdgeEndFlags::COMBINATIONS])
        };
        if milliseconds >= NEVER { NEVER } else { ticks(Milliseconds(milliseconds)) }
    }
}
