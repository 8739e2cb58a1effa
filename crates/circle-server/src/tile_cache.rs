//! Tiles that were made, in memory up to a limit.

use axum::body::Bytes;
use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

/// Zoom, column, row.
pub(crate) type Tile = (u32, u32, u32);

/// Tiles by place, the oldest of which go when there are too many bytes.
#[derive(Debug)]
pub(crate) struct TileCache {
    most_bytes: usize,
    tiles: Mutex<Tiles>,
}

#[derive(Debug, Default)]
struct Tiles {
    bytes: usize,
    by_place: HashMap<Tile, Bytes>,
    /// In the order they were made.
    made: VecDeque<Tile>,
}

/// What a tile costs besides its bytes.
const OVERHEAD: usize = 128;

impl TileCache {
    pub(crate) fn new(most_bytes: usize) -> Self {
        Self { most_bytes, tiles: Mutex::default() }
    }

    pub(crate) fn find(&self, place: Tile) -> Option<Bytes> {
        self.tiles.lock().unwrap_or_else(PoisonError::into_inner).by_place.get(&place).cloned()
    }

    pub(crate) fn keep(&self, place: Tile, tile: Bytes) {
        let mut tiles = self.tiles.lock().unwrap_or_else(PoisonError::into_inner);
        let cost = |tile: &Bytes| tile.len() + OVERHEAD;
        tiles.bytes += cost(&tile);
        match tiles.by_place.insert(place, tile) {
            Some(before) => tiles.bytes -= cost(&before),
            None => tiles.made.push_back(place),
        }
        while tiles.bytes > self.most_bytes
            && let Some(oldest) = tiles.made.pop_front()
        {
            let gone = tiles.by_place.remove(&oldest).map_or(0, |tile| cost(&tile));
            tiles.bytes -= gone;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_go_when_there_are_too_many_bytes() {
        let cache = TileCache::new(3 * (1000 + OVERHEAD));
        let tile = |fill: u8| Bytes::from(vec![fill; 1000]);
        for row in 0..3 {
            cache.keep((14, 0, row), tile(row as u8));
        }
        assert!(cache.find((14, 0, 0)).is_some());
        cache.keep((14, 0, 2), tile(9));
        assert_eq!(cache.find((14, 0, 2)), Some(tile(9)), "made anew, it is counted once");
        assert!(cache.find((14, 0, 0)).is_some());
        cache.keep((14, 0, 3), tile(3));
        assert_eq!(cache.find((14, 0, 0)), None);
        assert!((1..=3).all(|row| cache.find((14, 0, row)).is_some()));
        cache.keep((14, 0, 4), Bytes::from(vec![0; 10_000]));
        assert_eq!(cache.find((14, 0, 4)), None, "one larger than all is not kept");
    }
}
