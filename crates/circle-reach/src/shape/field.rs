//! The time field: least walking times on a rectangle of the lattice, in ticks of 32 ms (about 4 cm of walk).

use crate::shape::lattice::{Cell, TILE};
use circle_model::{Milliseconds, Point};
use std::cell::RefCell;

/// Milliseconds of a tick. A minute is a whole number of ticks.
pub(crate) const TICK_MILLISECONDS: u32 = 32;

/// Ticks of a place that is not reached within the limit.
pub(crate) const UNREACHED: u32 = u32::MAX;

/// A time in ticks, rounded.
#[inline]
pub(crate) const fn ticks(time: Milliseconds) -> u32 {
    time.0.saturating_add(TICK_MILLISECONDS / 2) / TICK_MILLISECONDS
}

/// Times on a rectangle of the lattice.
#[derive(Debug)]
pub(crate) struct Field {
    /// South-west place.
    pub(crate) corner: Cell,
    /// Places in a row.
    pub(crate) width: usize,
    /// Rows.
    pub(crate) height: usize,
    /// The bands in ticks, ascending.
    pub(crate) bands: Vec<u32>,
    /// Ticks, row by row from the south; [`UNREACHED`] beyond the limit.
    pub(crate) times: Vec<u32>,
    /// By place, the count of bands whose limit its time exceeds; padded by eight, so that eight can be read
    /// at once.
    pub(crate) classes: Vec<u8>,
    /// Junctions where walks leave the data, and the times there.
    pub(crate) exits: Vec<(Point, Milliseconds)>,
}

/// Most places of a field whose buffers a thread reuses: allocating new memory costs more than filling it.
const MOST_PLACES_REUSED: usize = 1 << 20;

thread_local! {
    static BUFFERS: RefCell<(Vec<u32>, Vec<u8>)> = RefCell::default();
}

impl Drop for Field {
    fn drop(&mut self) {
        if self.times.capacity() <= MOST_PLACES_REUSED {
            BUFFERS.set((std::mem::take(&mut self.times), std::mem::take(&mut self.classes)));
        }
    }
}

impl Field {
    /// An unreached field around some tiles; `bands` are ascending.
    pub(crate) fn around(tiles: &[Cell], bands: &[Milliseconds]) -> Self {
        let least = |axis: usize| tiles.iter().map(|cell| cell[axis]).min().unwrap_or(0);
        let most = |axis: usize| tiles.iter().map(|cell| cell[axis]).max().unwrap_or(-1);
        // One more place on every side, so that every contour closes inside the field.
        let size = |axis: usize| ((most(axis) - least(axis) + 1) * TILE + 2) as usize;
        let (width, height) = (size(0), size(1));
        let (mut times, mut classes) = BUFFERS.take();
        times.clear();
        times.resize(width * height, UNREACHED);
        classes.clear();
        classes.resize(width * height + 8, bands.len() as u8);
        Self {
            corner: [least(0) * TILE - 1, least(1) * TILE - 1],
            width,
            height,
            bands: bands.iter().map(|band| ticks(*band)).collect(),
            times,
            classes,
            exits: Vec::new(),
        }
    }

    #[inline]
    pub(crate) fn position(&self, [x, y]: Cell) -> usize {
        (y - self.corner[1]) as usize * self.width + (x - self.corner[0]) as usize
    }

    /// Sets the time of one place, in ticks.
    pub(crate) fn set(&mut self, place: usize, time: u32) {
        self.times[place] = time;
        self.classes[place] = self.bands.iter().filter(|band| time > **band).count() as u8;
    }
}
