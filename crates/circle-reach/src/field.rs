//! The time field: least walking times on the lattice, from the same search and legs as every other answer.
//!
//! Most of a shape lies far from its rim, so few places are asked. Up to five minutes every place of the lattice is;
//! beyond, every second one in each direction (20 m), and the ones between only where the rim passes. Which class
//! an unasked place has follows from its neighbours alone ([`Field::holds`]), so a shape never depends on what else
//! was asked.

use crate::access::Leg;
use crate::graph::{Arc, passing_milliseconds};
use crate::lattice::{BLOCK, Cell, CellLeg, Lattice, TILE, Tile, number_of};
use crate::network::Network;
use crate::search::{Search, UNREACHED};
use crate::walks::{Start, leg_milliseconds};
use circle_model::coordinates::Bounds;
use circle_model::grid::{crosses_antimeridian, widened};
use circle_model::{Frame, Profile};
use circle_model::{Point, plane};

/// Legs lead this far from a reached way; a little more, for those inside a compound.
const MARGIN_METRES: f64 = 160.0;
/// The same in steps of the lattice, which are hardly ever below 9 m.
const MARGIN_STEPS: i32 = 18;
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
}

/// The time of a node that is not reached: to be added to without a check.
const NEVER: u32 = u32::MAX / 2 - 1;

/// A tile of the lattice with the times of the nodes that walks into it come from.
struct Filled {
    tile: std::sync::Arc<Tile>,
    node_times: Vec<u32>,
}

/// What fills a field: the tiles, by column and row.
struct Filling<'a> {
    network: &'a Network,
    profile: &'a Profile,
    limit: u32,
    /// Milliseconds for a millimetre, in 2⁻³².
    per_mm: u64,
    /// Milliseconds for what is passed at an end, by the bits of [`Edge::end`].
    waits: [u32; 32],
    south_west: Cell,
    columns: usize,
    tiles: Vec<Option<Filled>>,
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
            let filling = Filling::new(network, profile, search, &wanted, limit);
            let near = near_starts(network, starts);
            filling.fill(&mut field, &wanted, &near);
            let settled = bands.first().map_or(0, |band| band.saturating_sub(jump(profile)));
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
    fn position(&self, [x, y]: Cell) -> usize {
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
    fn ask_square(&mut self, filling: &Filling<'_>, square: usize) {
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
                        if metres <= 100.0
                            && leg_milliseconds((metres * 1000.0) as u32, profile) < best.min(limit)
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

/// Times of neighbours that differ by more than this, in milliseconds, have a barrier between them: a step over
/// open ground and a quarter.
pub(crate) fn jump(profile: &Profile) -> u32 {
    let step = leg_milliseconds(10_000, profile).max(1);
    step + step / 4
}

/// The rectangles of the lattice, by their corners, that walks reach from each start by its first edge alone or straight.
fn near_starts(network: &Network, starts: &[Start<'_>]) -> Vec<[Cell; 2]> {
    let edge_points =
        |leg: &Leg| network.city.line(network.city.edges()[leg.edge as usize].line).iter().copied();
    let around = |start: &Start<'_>| {
        let bounds = Bounds::of(start.legs.legs.iter().flat_map(edge_points).chain([start.point]));
        let bounds = widened(&bounds, MARGIN_METRES);
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

impl<'a> Filling<'a> {
    fn new(network: &'a Network, profile: &'a Profile, search: &Search, wanted: &[Cell], limit: u32) -> Self {
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

    fn tile(&self, cell: Cell) -> Option<&Filled> {
        self.tiles.get(self.position(cell)?)?.as_ref()
    }

    /// Fills the tiles, block by block: those that may hold a place within five minutes, and those around the starts,
    /// place by place; others every second place; those beyond the limit not at all.
    fn fill(&self, field: &mut Field, wanted: &[Cell], near: &[[Cell; 2]]) {
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
    fn time(&self, [x, y]: Cell) -> u32 {
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
    network.along(leg, profile).1.saturating_add(leg_milliseconds(leg.length_mm, profile)).min(NEVER)
}

/// Places along a way that stand for it: no farther apart than a leg is long.
pub(crate) const STRIDE_METRES: f64 = 150.0;

/// Tiles that a leg from a reached edge may lead into, row by row.
fn reached_tiles(
    network: &Network,
    search: &Search,
    profile: &Profile,
    starts: &[Start<'_>],
    limit: u32,
) -> Vec<Cell> {
    let mut found: Vec<[i32; 4]> = Vec::new();
    let Some(first) = starts.first() else { return Vec::new() };
    let mut add = |point: Point| {
        // The other side of the antimeridian would make a field round the globe.
        if crosses_antimeridian(point, first.point) {
            return;
        }
        let [x, y] = network.lattice.cell(point);
        let low = |at: i32| (at - MARGIN_STEPS).div_euclid(TILE);
        let high = |at: i32| (at + MARGIN_STEPS + 1).div_euclid(TILE);
        let box_ = [low(x), low(y), high(x), high(y)];
        // Neighbours on a way mostly lie in the same tiles.
        if found.last() != Some(&box_) {
            found.push(box_);
        }
    };
    let metres_left = |time: u32| f64::from(limit.saturating_sub(time)) / 1000.0 * profile.pace.speed.value();
    for node in search.settled() {
        let junction = network.graph.junction(*node);
        add(network.city.nodes()[junction as usize].point);
        if !network.graph.leads_far(*node) {
            continue;
        }
        for position in network.graph.row(*node) {
            let arc = network.graph.arc(position);
            if arc.edge == Arc::NO_EDGE {
                continue;
            }
            let edge = &network.city.edges()[arc.edge as usize];
            let line = network.city.line(edge.line);
            let left = metres_left(search.time(*node));
            if edge.from == junction {
                along(line.iter().copied(), left, &mut add);
            }
            if edge.to == junction {
                along(line.iter().rev().copied(), left, &mut add);
            }
        }
    }
    for start in starts {
        add(start.point);
        let farthest = metres_left(0);
        for leg in &start.legs.legs {
            let line = network.city.line(network.city.edges()[leg.edge as usize].line);
            along(line.iter().copied(), f64::INFINITY, &mut |point| {
                if start.point.distance_metres(point) <= farthest + STRIDE_METRES {
                    add(point);
                }
            });
        }
    }
    let least = |axis: usize| found.iter().map(|box_| box_[axis]).min().unwrap_or(0);
    let most = |axis: usize| found.iter().map(|box_| box_[axis]).max().unwrap_or(-1);
    let (west, south, east, north) = (least(0), least(1), most(2), most(3));
    let columns = (east - west + 1) as usize;
    let mut wanted = vec![false; columns * (north - south + 1) as usize];
    for [left, bottom, right, top] in found {
        for y in bottom..=top {
            let row = (y - south) as usize * columns;
            wanted[row + (left - west) as usize..=row + (right - west) as usize].fill(true);
        }
    }
    let cell = |at: usize| [west + (at % columns) as i32, south + (at / columns) as i32];
    (0..wanted.len()).filter(|at| wanted[*at]).map(cell).collect()
}

/// Calls `visit` for places along a line, up to a length.
fn along(mut line: impl Iterator<Item = Point>, metres: f64, visit: &mut impl FnMut(Point)) {
    let Some(mut last) = line.next() else { return };
    let (mut walked, mut visited) = (0.0, 0.0);
    for next in line {
        let frame = Frame::at(last);
        let end = frame.local(next);
        let length = plane::norm(end);
        while visited + STRIDE_METRES <= walked + length {
            visited += STRIDE_METRES;
            if visited > metres {
                return;
            }
            visit(frame.point(plane::along([0.0, 0.0], end, (visited - walked) / length)));
        }
        walked += length;
        last = next;
    }
}
