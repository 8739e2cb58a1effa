//! Fills the time field: from the nodes that a search reached, along the legs of the tiles.

use crate::cancel::{Cancel, Cancelled};
use crate::shape::field::{Field, UNREACHED, ticks};
use crate::shape::lattice::{BLOCK, BLOCK_PLACES, Cell, TILE, TILE_BLOCKS};
use crate::shape::remaining_times::{LegTicks, NEVER, RemainingTimes};
use crate::shape::tile::{CellLeg, Tile};
use crate::walk::search::Search;
use crate::walk::walker::Walker;
use circle_model::Milliseconds;
use std::sync::Arc;

/// A tile, and the remaining times in it at the pace of a walker.
#[derive(Debug, Clone)]
pub(crate) struct TileAtPace {
    pub(crate) tile: Arc<Tile>,
    pub(crate) remaining: Arc<RemainingTimes>,
}

/// Finds tiles, one for each cell and in the order of the cells.
pub(crate) type TileSource<'a> = dyn Fn(&[Cell]) -> Result<Vec<TileAtPace>, Cancelled> + 'a;

/// A tile with the times of the nodes from which walks enter it.
struct Reached {
    tile: TileAtPace,
    /// In ticks, by position in [`Tile::nodes`]; [`NEVER`] where a node is not reached.
    node_times: Vec<u32>,
}

/// The tiles that fill a field, by column and row.
pub(crate) struct Raster<'a> {
    /// The longest time that is filled.
    pub(crate) limit: Milliseconds,
    cancel: &'a Cancel,
    legs: LegTicks<'a>,
    south_west: Cell,
    columns: usize,
    tiles: Vec<Option<Reached>>,
}

impl<'a> Raster<'a> {
    /// Fetches the tiles at `cells` and looks up the times of their nodes in `search`.
    pub(crate) fn new(
        walker: Walker<'a>,
        search: &Search,
        tiles: &TileSource<'_>,
        cells: &[Cell],
        limit: Milliseconds,
    ) -> Result<Self, Cancelled> {
        let least = |axis: usize| cells.iter().map(|cell| cell[axis]).min().unwrap_or(0);
        let most = |axis: usize| cells.iter().map(|cell| cell[axis]).max().unwrap_or(-1);
        let columns = (most(0) - least(0) + 1) as usize;
        let rows = (most(1) - least(1) + 1) as usize;
        let mut raster = Self {
            limit,
            cancel: walker.cancel,
            legs: LegTicks::new(walker),
            south_west: [least(0), least(1)],
            columns,
            tiles: Vec::new(),
        };
        raster.tiles.resize_with(columns * rows, || None);
        for (cell, tile) in cells.iter().zip(tiles(cells)?) {
            let node_time = |node| search.time(node).map_or(NEVER, ticks);
            let node_times: Vec<u32> = tile.tile.nodes.iter().map(|node| node_time(*node)).collect();
            if let Some(position) = raster.position(*cell) {
                raster.tiles[position] = Some(Reached { tile, node_times });
            }
        }
        Ok(raster)
    }

    /// The tile at a cell; `None` if no such tile fills the field.
    pub(crate) fn tile(&self, cell: Cell) -> Option<&Tile> {
        Some(&self.reached(cell)?.tile.tile)
    }

    fn reached(&self, cell: Cell) -> Option<&Reached> {
        self.tiles.get(self.position(cell)?)?.as_ref()
    }

    fn position(&self, [x, y]: Cell) -> Option<usize> {
        let column = usize::try_from(x - self.south_west[0]).ok().filter(|column| *column < self.columns)?;
        let row = usize::try_from(y - self.south_west[1]).ok()?;
        Some(row * self.columns + column)
    }

    /// Fills the tiles at `cells`, block by block. Blocks beyond the limit stay unchanged.
    pub(crate) fn fill(&self, field: &mut Field, cells: &[Cell]) -> Result<(), Cancelled> {
        let limit = ticks(self.limit);
        let thresholds: Vec<u32> = field.bands.clone();
        for cell in cells {
            let Some(Reached { tile: TileAtPace { tile, remaining }, node_times }) = self.reached(*cell)
            else {
                continue;
            };
            self.cancel.check()?;
            for block in 0..TILE_BLOCKS {
                let rows = tile.block(block);
                let times = tile.block_nodes(rows.clone()).iter();
                let times = times.map(|node| node_times[usize::from(*node)]);
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
                if remaining.wide[block] || last - first > RemainingTimes::MOST {
                    self.fill_one_by_one(field, tile, node_times, block, corner);
                    continue;
                }
                let mut best = [RemainingTimes::NONE; BLOCK_PLACES];
                for row in rows {
                    let node = tile.block_nodes(row..row + 1)[0];
                    let time = node_times[usize::from(node)];
                    if time == NEVER {
                        continue;
                    }
                    let before = (time - first) as u16;
                    for (best, rest) in best.iter_mut().zip(&remaining.rows[row]) {
                        *best = (*best).min(rest.saturating_add(before));
                    }
                }
                let mut classes = [0u8; BLOCK_PLACES];
                for threshold in &thresholds {
                    let Some(left) = threshold.checked_sub(first) else {
                        classes.iter_mut().for_each(|class| *class += 1);
                        continue;
                    };
                    let left = left.min(u32::from(RemainingTimes::NONE - 1)) as u16;
                    for (class, best) in classes.iter_mut().zip(&best) {
                        *class += u8::from(*best > left);
                    }
                }
                let left = (limit - first).min(u32::from(RemainingTimes::NONE - 1)) as u16;
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
        Ok(())
    }

    /// Fills a block whose times do not fit into 16 bits.
    fn fill_one_by_one(
        &self,
        field: &mut Field,
        tile: &Tile,
        node_times: &[u32],
        block: usize,
        corner: Cell,
    ) {
        let start = field.position(corner);
        for at in 0..BLOCK_PLACES {
            let place = block * BLOCK_PLACES + at;
            let time = |leg: &CellLeg| {
                node_times[usize::from(leg.node)].saturating_add(self.legs.of(tile, place, *leg))
            };
            let best = tile.legs(place).iter().map(time).min().unwrap_or(UNREACHED);
            let here = start + at / BLOCK as usize * field.width + at % BLOCK as usize;
            field.set(here, if best <= ticks(self.limit) { best } else { UNREACHED });
        }
    }
}
