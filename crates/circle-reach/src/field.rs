//! The time field: least walking times on the lattice, every 10 m, from the same search and legs as every other
//! answer, in ticks of 32 ms (4 cm of way). A shape never depends on what else was asked.

use crate::access::Leg;
use crate::filling::{Filled, Filling};
use crate::lattice::{BLOCK_PLACES, Cell, TILE, number_of};
use crate::network::Network;
use crate::reached_tiles::reached_tiles;
use crate::search::{Search, UNREACHED};
use crate::walks::Start;
use crate::wanted::check_wanted;
use circle_model::city::NodeFlags;
use circle_model::coordinates::Bounds;
use circle_model::grid::widened;
use circle_model::{Frame, Profile};
use circle_model::{Point, plane};
use std::cell::RefCell;

/// Milliseconds of a tick. A minute is a whole number of them.
pub(crate) const TICK_MILLISECONDS: u32 = 32;

/// Milliseconds in ticks, rounded.
#[inline]
pub(crate) const fn ticks(milliseconds: u32) -> u32 {
    milliseconds.saturating_add(TICK_MILLISECONDS / 2) / TICK_MILLISECONDS
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
    /// How many bands do not hold each place; a few more at the end, to be read eight at a time.
    pub(crate) classes: Vec<u8>,
    /// Where walks leave the data, and when, in milliseconds.
    pub(crate) exits: Vec<(Point, u32)>,
}

/// Places of a field whose room a thread keeps for the next one: new memory costs more than what is done with it.
const MOST_PLACES_KEPT: usize = 1 << 20;

thread_local! {
    static ROOM: RefCell<(Vec<u32>, Vec<u8>)> = RefCell::default();
}

impl Drop for Field {
    fn drop(&mut self) {
        if self.times.capacity() <= MOST_PLACES_KEPT {
            ROOM.set((std::mem::take(&mut self.times), std::mem::take(&mut self.classes)));
        }
    }
}

impl Field {
    /// Searches and fills the field up to `limit` milliseconds, for shapes of `bands` (ascending, milliseconds).
    pub(crate) fn new(
        network: &Network,
        profile: &Profile,
        starts: &[Start<'_>],
        bands: &[u32],
        limit: u32,
    ) -> Self {
        Search::with(|search| {
            network.search(search, profile, starts, limit);
            let wanted = reached_tiles(network, search, profile, starts, limit);
            let mut field = Self::around(&wanted, bands);
            field.exits = exits(network, search);
            let filling = Filling::new(network, profile, search, &wanted, limit);
            filling.fill(&mut field, &wanted);
            let settled = bands.first().map_or(0, |band| band.saturating_sub(jump(network, profile)));
            field.add_near_starts(&filling, starts, settled);
            field
        })
    }

    fn around(tiles: &[Cell], bands: &[u32]) -> Self {
        let least = |axis: usize| tiles.iter().map(|cell| cell[axis]).min().unwrap_or(0);
        let most = |axis: usize| tiles.iter().map(|cell| cell[axis]).max().unwrap_or(-1);
        // One more place on every side, so that every shape closes inside the field.
        let size = |axis: usize| ((most(axis) - least(axis) + 1) * TILE + 2) as usize;
        let (width, height) = (size(0), size(1));
        let (mut times, mut classes) = ROOM.take();
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

    /// The time of one place.
    pub(crate) fn set(&mut self, place: usize, time: u32) {
        self.times[place] = time;
        self.classes[place] = self.bands.iter().filter(|band| time > **band).count() as u8;
    }

    /// What search and single legs leave out: walks along the first edge alone, and straight to a place in sight.
    /// Places that are `settled` already, within every band by more than a jump, are left as they are: their rim
    /// is elsewhere.
    fn add_near_starts(&mut self, filling: &Filling<'_>, starts: &[Start<'_>], settled: u32) {
        let (network, profile, limit) = (filling.network, filling.profile, filling.limit);
        let settled = ticks(settled);
        // No walk of more millimetres is within a time; the times of its parts are rounded one by one.
        let fastest = network.fastest(profile);
        let farthest = |milliseconds: u32| ((f64::from(milliseconds) + 2.0) * fastest) as u32;
        for ((number, start), [low, high]) in (0u32..).zip(starts).zip(near_starts(network, starts)) {
            let low = [0, 1].map(|axis| low[axis].max(self.corner[axis] + 1));
            let high = [
                high[0].min(self.corner[0] + self.width as i32 - 2),
                high[1].min(self.corner[1] + self.height as i32 - 2),
            ];
            let frame = Frame::at(start.point);
            // From an end of an edge with nothing to pass there, the walk along it is found as one from a junction.
            let within = |leg: &&Leg| {
                let edge = &network.city.edges()[leg.edge as usize];
                !((leg.offset_mm == 0 && edge.end(0).is_empty())
                    || (leg.offset_mm == edge.length_mm && edge.end(1).is_empty()))
            };
            let mut first_legs: Vec<Leg> = start.legs.legs.iter().filter(within).copied().collect();
            first_legs.sort_by_key(|leg| leg.edge);
            for tile_cell in tiles_between(low, high) {
                let Some(Filled { tile, .. }) = filling.tile(tile_cell) else { continue };
                check_wanted();
                let [west, south] = tile_cell.map(|at| at * TILE);
                let columns = low[0].max(west)..=high[0].min(west + TILE - 1);
                let unsettled = |y: i32| {
                    let row = self.position([*columns.start(), y]);
                    self.times[row..=row + (columns.end() - columns.start()) as usize]
                        .iter()
                        .any(|time| *time > settled)
                };
                if columns.is_empty() || !(low[1].max(south)..=high[1].min(south + TILE - 1)).any(unsettled) {
                    continue;
                }
                // The first legs to each edge of the tile, and the blocks with legs to any of these edges.
                let from_edge = |edge: &u32| {
                    let begin = first_legs.partition_point(|leg| leg.edge < *edge);
                    let on_edge = first_legs[begin..].iter().take_while(|leg| leg.edge == *edge);
                    &first_legs[begin..begin + on_edge.count()]
                };
                let from_edges: Vec<&[Leg]> = tile.edges.iter().map(from_edge).collect();
                let blocks = from_edges.iter().zip(&tile.edge_blocks).filter(|(from, _)| !from.is_empty());
                let start_blocks = blocks.fold(0, |all, (_, blocks)| all | blocks);
                for y in low[1].max(south)..=high[1].min(south + TILE - 1) {
                    for x in columns.clone() {
                        let here = self.position([x, y]);
                        let place = number_of(x - west, y - south);
                        if self.times[here] <= settled || tile.legs(place).is_empty() {
                            continue;
                        }
                        let mut best = match self.times[here] {
                            UNREACHED => UNREACHED,
                            time => time * TICK_MILLISECONDS,
                        };
                        let before = best;
                        if start_blocks >> (place / BLOCK_PLACES) & 1 == 1 {
                            let mut most = farthest(best);
                            for (first, leg) in tile.on_edges(network, place, &from_edges) {
                                for from in first {
                                    let along = leg.offset_mm.abs_diff(from.offset_mm);
                                    let legs_mm = from.length_mm.saturating_add(leg.length_mm);
                                    if along.saturating_add(legs_mm) > most {
                                        continue;
                                    }
                                    let arrival = network.arrive_on_edge(profile, number, from, &leg);
                                    best = arrival.map_or(best, |arrival| best.min(arrival.time));
                                    most = farthest(best);
                                }
                            }
                        }
                        let point = network.lattice.point([x, y]);
                        let metres = plane::norm(frame.local(point));
                        if metres <= network.limits.longest_metres
                            && network.leg_milliseconds((metres * 1000.0) as u32, profile) < best.min(limit)
                        {
                            let (longest, on_major) = tile.limit(place);
                            let arrival =
                                network.arrive_straight(profile, number, start, point, longest, on_major);
                            best = arrival.map_or(best, |arrival| best.min(arrival.time));
                        }
                        if best <= limit && best < before {
                            self.set(here, ticks(best));
                        }
                    }
                }
            }
        }
    }
}

/// Where reached ways go on beyond the data, and when they are there.
fn exits(network: &Network, search: &Search) -> Vec<(Point, u32)> {
    let exit = |node: &u32| {
        let junction = &network.city.nodes()[network.graph.junction(*node) as usize];
        junction.flags.contains(NodeFlags::CUT).then(|| (junction.point, search.time(*node)))
    };
    let mut exits: Vec<(Point, u32)> = search.settled().iter().filter_map(exit).collect();
    exits.sort_unstable();
    exits.dedup_by_key(|(point, _)| *point);
    exits
}

/// Times of neighbours that differ by more than this, in milliseconds, have a barrier between them: a step over
/// open ground and a quarter.
pub(crate) fn jump(network: &Network, profile: &Profile) -> u32 {
    let step = network.leg_milliseconds(10_000, profile).max(1);
    step + step / 4
}

/// The rectangles of the lattice, by their corners, that walks reach from each start by its first edge alone or straight.
fn near_starts(network: &Network, starts: &[Start<'_>]) -> Vec<[Cell; 2]> {
    let edge_points =
        |leg: &Leg| network.city.line(network.city.edges()[leg.edge as usize].line).iter().copied();
    let around = |start: &Start<'_>| {
        let bounds = Bounds::of(start.legs.legs.iter().flat_map(edge_points).chain([start.point]));
        let bounds = widened(&bounds, network.margin_metres());
        [
            network.lattice.cell(Point { lon: bounds.west, lat: bounds.south }),
            network.lattice.cell(Point { lon: bounds.east, lat: bounds.north }),
        ]
    };
    starts.iter().map(around).collect()
}

/// The tiles of a rectangle of the lattice.
fn tiles_between(low: Cell, high: Cell) -> impl Iterator<Item = Cell> {
    let range = move |axis: usize| low[axis].div_euclid(TILE)..=high[axis].div_euclid(TILE);
    range(1).flat_map(move |y| range(0).map(move |x| [x, y]))
}
