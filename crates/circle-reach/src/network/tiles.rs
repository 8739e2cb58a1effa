//! A cache of tiles, and of the remaining times in them by pace.

use crate::cancel::{Cancel, Cancelled};
use crate::network::by_pace::ByPace;
use crate::shape::lattice::Cell;
use crate::shape::raster::TileAtPace;
use crate::shape::remaining_times::{LegTicks, RemainingTimes};
use crate::shape::tile::Tile;
use crate::walk::walker::Walker;
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::sync::{Arc, RwLock};

/// Capacity of the cache of a base network, in tiles: about 60 KiB each in a city, enough for 1,600 km².
const MOST_TILES: usize = 16_384;
/// Capacity of a small cache, in tiles.
const FEW_TILES: usize = 1024;
/// Capacity of a tile's cache of remaining times, in paces.
const MOST_PACES: usize = 3;
/// Tiles in a batch, for each thread. Threads are shared by all requests: another request waits for at most
/// one batch.
const TILES_A_THREAD: usize = 4;

/// A bounded cache of tiles. When it is full, every other tile is evicted.
#[derive(Debug)]
pub(crate) struct TileCache {
    tiles: RwLock<FxHashMap<Cell, Arc<CachedTile>>>,
    most: usize,
}

#[derive(Debug)]
struct CachedTile {
    tile: Arc<Tile>,
    remaining: ByPace<RemainingTimes>,
}

impl TileCache {
    pub(crate) fn large() -> Self {
        Self { tiles: RwLock::default(), most: MOST_TILES }
    }

    pub(crate) fn small() -> Self {
        Self { tiles: RwLock::default(), most: FEW_TILES }
    }

    /// The tiles at `cells` with the remaining times at the walker's pace. `make` computes a tile.
    pub(crate) fn get_or_make(
        &self,
        cells: &[Cell],
        walker: Walker<'_>,
        make: impl Fn(Cell) -> Result<Tile, Cancelled> + Sync,
    ) -> Result<Vec<TileAtPace>, Cancelled> {
        let legs = LegTicks::new(walker);
        let at_pace = |cached: Arc<CachedTile>| {
            walker.cancel.check()?;
            let build = || RemainingTimes::build(&cached.tile, &legs);
            let remaining = cached.remaining.get_or_make(&walker.profile.pace, build);
            Ok(TileAtPace { tile: cached.tile.clone(), remaining })
        };
        self.tiles(cells, walker.cancel, make)?.into_iter().map(at_pace).collect()
    }

    fn tiles(
        &self,
        cells: &[Cell],
        cancel: &Cancel,
        make: impl Fn(Cell) -> Result<Tile, Cancelled> + Sync,
    ) -> Result<Vec<Arc<CachedTile>>, Cancelled> {
        let known: Vec<Option<Arc<CachedTile>>> = match self.tiles.read() {
            Ok(tiles) => cells.iter().map(|cell| tiles.get(cell).cloned()).collect(),
            Err(_) => vec![None; cells.len()],
        };
        let missing: Vec<Cell> =
            cells.iter().zip(&known).filter(|(_, tile)| tile.is_none()).map(|(cell, _)| *cell).collect();
        if missing.is_empty() {
            return Ok(known.into_iter().flatten().collect());
        }
        let make = |cell: &Cell| {
            let tile = Arc::new(make(*cell)?);
            Ok(Arc::new(CachedTile { tile, remaining: ByPace::new(MOST_PACES) }))
        };
        let mut made: Vec<Arc<CachedTile>> = Vec::with_capacity(missing.len());
        for missing in missing.chunks(TILES_A_THREAD * rayon::current_num_threads()) {
            let some: Vec<Result<Arc<CachedTile>, Cancelled>> = missing.par_iter().map(make).collect();
            // Finished tiles are cached even if the others were cancelled.
            self.insert(
                missing.iter().zip(&some).filter_map(|(cell, tile)| Some((*cell, tile.clone().ok()?))),
            );
            cancel.check()?;
            for tile in some {
                made.push(tile?);
            }
        }
        let mut made = made.into_iter();
        Ok(known.into_iter().filter_map(|tile| tile.or_else(|| made.next())).collect())
    }

    fn insert(&self, made: impl Iterator<Item = (Cell, Arc<CachedTile>)>) {
        let Ok(mut tiles) = self.tiles.write() else { return };
        if tiles.len() >= self.most {
            // Tiles in frequent use soon come back.
            let mut keep = false;
            tiles.retain(|_, _| {
                keep = !keep;
                keep
            });
        }
        tiles.extend(made);
    }
}
