//! The time field: least walking times on the lattice, from the same search and legs as every other answer.
//!
//! Most of a shape lies far from its rim, so few places are asked. Up to five minutes every place of the lattice is;
//! beyond, every second one in each direction (20 m), and the ones between only where the rim passes. Which class
//! an unasked place has follows from its neighbours alone ([`Field::holds`]), so a shape never depends on what else
//! was asked.

use crate::access::Leg;
use crate::filling::{Filled, Filling};
use crate::lattice::{Cell, TILE, number_of};
use crate::network::Network;
use crate::reached_tiles::reached_tiles;
use crate::search::{Search, UNREACHED};
use crate::walks::Start;
use circle_model::city::Node;
use circle_model::coordinates::Bounds;
use circle_model::grid::widened;
use circle_model::{Frame, Profile};
use circle_model::{Point, plane};

/// Up to here every place of the lattice counts for itself (`walking.md`: 10 m up to 5 minutes, 20 m beyond).
pub(crate) const FINE_MILLISECONDS: u32 = 300_000;
/// A place that was not asked.
pub(crate) const UNASKED: u32 = UNREACHED - 1;

/// Times on a rectangle of the lattice whose corner has even coordinates.
#[derive(Debug)]
pub(crate) struct Field {
    /// South-west place.
    pub(crate) corner: Cell,
    /// Places in a row; odd.
    pub(crate) width: usize,
    /// Rows; odd.
    pub(crate) height: usize,
    /// Milliseconds, row by row from the south; [`UNREACHED`] beyond the limit, or [`UNASKED`].
    pub(crate) times: Vec<u32>,
    /// Squares of 2 × 2 steps, row by row: whether every place of it counts for itself.
    pub(crate) fine: Vec<bool>,
    /// Those squares.
    pub(crate) fine_squares: Vec<u32>,
    /// For each band, the squares that its rim may pass through.
    pub(crate) rims: Vec<Vec<u32>>,
    /// Where walks leave the data, and when.
    pub(crate) exits: Vec<(Point, u32)>,
}

impl Field {
    /// Searches and fills the field up to `limit` milliseconds, for shapes of `bands` (ascending).
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
            let mut field = Self::around(&wanted);
            field.exits = exits(network, search);
            let filling = Filling::new(network, profile, search, &wanted, limit);
            let near = near_starts(network, starts);
            filling.fill(&mut field, &wanted, &near);
            let settled = bands.first().map_or(0, |band| band.saturating_sub(jump(network, profile)));
            field.add_near_starts(&filling, starts, &near, settled);
            field.rims = bands.iter().map(|band| field.squares_at_the_rim(&filling, *band)).collect();
            field
        })
    }

    fn around(tiles: &[Cell]) -> Self {
        let least = |axis: usize| tiles.iter().map(|cell| cell[axis]).min().unwrap_or(0);
        let most = |axis: usize| tiles.iter().map(|cell| cell[axis]).max().unwrap_or(-1);
        // One more square on every side, so that every shape closes inside the field.
        let size = |axis: usize| ((most(axis) - least(axis) + 1) * TILE + 5).max(5) as usize;
        let (width, height) = (size(0), size(1));
        Self {
            corner: [least(0) * TILE - 2, least(1) * TILE - 2],
            width,
            height,
            times: vec![UNREACHED; width * height],
            fine: vec![false; (width / 2) * (height / 2)],
            fine_squares: Vec::new(),
            rims: Vec::new(),
            exits: Vec::new(),
        }
    }

    /// Which of the nine places of a square of two steps are within `limit`, row by row. Beyond five minutes the
    /// places between the corners follow these where they agree.
    #[inline]
    pub(crate) fn holds(&self, south_west: usize, limit: u32) -> [bool; 9] {
        let rows = [0, 1, 2].map(|row| &self.times[south_west + row * self.width..][..3]);
        let mut within = [false; 9];
        for (row, times) in rows.iter().enumerate() {
            for (column, time) in times.iter().enumerate() {
                within[3 * row + column] = *time <= limit;
            }
        }
        if limit > FINE_MILLISECONDS {
            let by_itself = |place: usize| rows[place / 3][place % 3] <= FINE_MILLISECONDS;
            for (place, a, b) in [(1, 0, 2), (3, 0, 6), (5, 2, 8), (7, 6, 8)] {
                if within[a] == within[b] {
                    within[place] = within[a] || by_itself(place);
                }
            }
            let corners = [0, 2, 6, 8].into_iter().filter(|corner| within[*corner]).count();
            if corners % 4 == 0 {
                within[4] = corners == 4 || by_itself(4);
            }
        }
        within
    }

    #[inline]
    pub(crate) fn position(&self, [x, y]: Cell) -> usize {
        (y - self.corner[1]) as usize * self.width + (x - self.corner[0]) as usize
    }

    fn cell(&self, place: usize) -> Cell {
        [self.corner[0] + (place % self.width) as i32, self.corner[1] + (place / self.width) as i32]
    }

    /// The squares that the rim of a band may pass through, their places asked.
    fn squares_at_the_rim(&mut self, filling: &Filling<'_>, band: u32) -> Vec<u32> {
        let mut found = self.fine_squares.clone();
        if band <= FINE_MILLISECONDS {
            return found;
        }
        let squares = self.width / 2;
        for row in 0..self.height / 2 {
            let lower = 2 * row * self.width;
            let (lower, upper) =
                (&self.times[lower..][..self.width], &self.times[lower + 2 * self.width..][..self.width]);
            let within = |time: u32| usize::from(time <= band);
            let mut west = within(lower[0]) + within(upper[0]);
            for column in 0..squares {
                let east = within(lower[2 * column + 2]) + within(upper[2 * column + 2]);
                if !matches!(west + east, 0 | 4) && !self.fine[row * squares + column] {
                    found.push((row * squares + column) as u32);
                }
                west = east;
            }
        }
        for square in &found[self.fine_squares.len()..] {
            self.ask_square(filling, *square as usize);
        }
        found
    }

    /// The south-western place of a square.
    #[inline]
    pub(crate) fn corner_of(&self, square: usize) -> usize {
        let squares = self.width as u32 / 2;
        let (row, column) = (square as u32 / squares, square as u32 % squares);
        2 * row as usize * self.width + 2 * column as usize
    }

    /// Asks the five places of a square that are none of its corners.
    pub(crate) fn ask_square(&mut self, filling: &Filling<'_>, square: usize) {
        let (width, south_west) = (self.width, self.corner_of(square));
        for place in [1, width, width + 1, width + 2, 2 * width + 1].map(|step| south_west + step) {
            if self.times[place] == UNASKED {
                self.times[place] = filling.time(self.cell(place));
            }
        }
    }

    /// What search and single legs leave out: walks along the first edge alone, and straight to a place in sight.
    /// Places that are `settled` already, within every band by more than a jump, are left as they are: their rim
    /// is elsewhere.
    fn add_near_starts(
        &mut self,
        filling: &Filling<'_>,
        starts: &[Start<'_>],
        near: &[[Cell; 2]],
        settled: u32,
    ) {
        let (network, profile, limit) = (filling.network, filling.profile, filling.limit);
        for ((number, start), [low, high]) in (0u32..).zip(starts).zip(near) {
            let low = [0, 1].map(|axis| low[axis].max(self.corner[axis] + 2));
            let high = [
                high[0].min(self.corner[0] + self.width as i32 - 3),
                high[1].min(self.corner[1] + self.height as i32 - 3),
            ];
            let frame = Frame::at(start.point);
            // From an end of an edge with nothing to pass there, the walk along it is found as one from a junction.
            let within = |leg: &&Leg| {
                let edge = &network.city.edges()[leg.edge as usize];
                !((leg.offset_mm == 0 && edge.end(0) == 0)
                    || (leg.offset_mm == edge.length_mm && edge.end(1) == 0))
            };
            let first_legs: Vec<Leg> = start.legs.legs.iter().filter(within).copied().collect();
            let mut edges: Vec<u32> = first_legs.iter().map(|leg| leg.edge).collect();
            edges.sort_unstable();
            for tile_cell in tiles_between(low, high) {
                let Some(Filled { tile, .. }) = filling.tile(tile_cell) else { continue };
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
                let start_edges: Vec<bool> =
                    tile.edges.iter().map(|edge| edges.binary_search(edge).is_ok()).collect();
                let on_start_edge = start_edges.contains(&true);
                for y in low[1].max(south)..=high[1].min(south + TILE - 1) {
                    for x in columns.clone() {
                        let here = self.position([x, y]);
                        let place = number_of(x - west, y - south);
                        if self.times[here] <= settled || tile.legs(place).is_empty() {
                            continue;
                        }
                        let mut best = self.times[here];
                        if on_start_edge {
                            for leg in tile.on_edges(network, place, &start_edges) {
                                for from in first_legs.iter().filter(|from| from.edge == leg.edge) {
                                    let arrival = network.arrive_on_edge(profile, number, from, &leg);
                                    best = arrival.map_or(best, |arrival| best.min(arrival.time));
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
                        if best <= limit {
                            self.times[here] = best;
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
        (junction.flags & Node::CUT != 0).then(|| (junction.point, search.time(*node)))
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
