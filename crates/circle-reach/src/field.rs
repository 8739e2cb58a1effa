//! The time field: least walking times on the lattice, from the same search and legs as every other answer.

use crate::access::Leg;
use crate::graph::Arc;
use crate::lattice::{Cell, CellLeg, Lattice, TILE, Tile};
use crate::network::Network;
use crate::search::{Search, UNREACHED};
use crate::walks::{Start, leg_milliseconds};
use circle_model::coordinates::Bounds;
use circle_model::grid::{crosses_antimeridian, widened};
use circle_model::{Frame, Profile};
use circle_model::{Point, plane};
use rayon::prelude::*;
use std::collections::BTreeSet;

/// Legs lead this far from a reached way; a little more, for those inside a compound.
const MARGIN_METRES: f64 = 160.0;
/// The same in steps of the lattice, which are hardly ever below 9 m.
const MARGIN_STEPS: i32 = 18;

/// Times on a rectangle of the lattice.
#[derive(Debug)]
pub(crate) struct Field {
    /// South-west place.
    pub(crate) corner: Cell,
    pub(crate) width: usize,
    pub(crate) height: usize,
    /// Milliseconds, row by row from the south; [`UNREACHED`] beyond the limit.
    pub(crate) times: Vec<u32>,
}

impl Field {
    /// Searches and fills the field up to `limit` milliseconds.
    pub(crate) fn new(network: &Network, profile: &Profile, starts: &[Start<'_>], limit: u32) -> Self {
        Search::with(|search| {
            network.search(search, profile, starts, limit);
            let wanted: Vec<Cell> = reached_tiles(network, search, profile, starts, limit)
                .into_iter()
                .map(|[y, x]| [x, y])
                .collect();
            let mut field = Self::around(&wanted);
            let search = &*search;
            let tiles = Lattice::tiles(network, &wanted);
            let filled: Vec<Option<Vec<u32>>> =
                tiles.par_iter().with_min_len(8).map(|tile| fill(network, profile, search, tile)).collect();
            for (cell, times) in wanted.iter().zip(filled) {
                for (row, times) in
                    times.iter().flat_map(|times| times.chunks_exact(TILE as usize)).enumerate()
                {
                    let at = field.position([cell[0] * TILE, cell[1] * TILE + row as i32]);
                    for (place, time) in field.times[at..].iter_mut().zip(times) {
                        *place = if *time <= limit { *time } else { UNREACHED };
                    }
                }
            }
            field.add_near_starts(network, profile, starts, limit);
            field
        })
    }

    fn around(tiles: &[Cell]) -> Self {
        let least = |axis: usize| tiles.iter().map(|cell| cell[axis]).min().unwrap_or(0);
        let most = |axis: usize| tiles.iter().map(|cell| cell[axis]).max().unwrap_or(-1);
        // One more place on every side, so that every shape closes inside the field.
        let size = |axis: usize| ((most(axis) - least(axis) + 1) * TILE + 2).max(2) as usize;
        let (width, height) = (size(0), size(1));
        Self {
            corner: [least(0) * TILE - 1, least(1) * TILE - 1],
            width,
            height,
            times: vec![UNREACHED; width * height],
        }
    }

    #[inline]
    fn position(&self, [x, y]: Cell) -> usize {
        (y - self.corner[1]) as usize * self.width + (x - self.corner[0]) as usize
    }

    /// What search and single legs leave out: walks along the first edge alone, and straight to a place in sight.
    fn add_near_starts(&mut self, network: &Network, profile: &Profile, starts: &[Start<'_>], limit: u32) {
        for (number, start) in (0u32..).zip(starts) {
            let around = Bounds::of(
                start
                    .legs
                    .legs
                    .iter()
                    .flat_map(|leg| {
                        network.city.line(network.city.edges()[leg.edge as usize].line).iter().copied()
                    })
                    .chain([start.point]),
            );
            let around = widened(&around, MARGIN_METRES);
            let (west, south, east, north) = (around.west, around.south, around.east, around.north);
            let low = network.lattice.cell(Point { lon: west, lat: south });
            let high = network.lattice.cell(Point { lon: east, lat: north });
            let (low, high) = (
                [low[0].max(self.corner[0] + 1), low[1].max(self.corner[1] + 1)],
                [
                    high[0].min(self.corner[0] + self.width as i32 - 2),
                    high[1].min(self.corner[1] + self.height as i32 - 2),
                ],
            );
            let mut tiles: Vec<Cell> = Vec::new();
            for y in low[1].div_euclid(TILE)..=high[1].div_euclid(TILE) {
                for x in low[0].div_euclid(TILE)..=high[0].div_euclid(TILE) {
                    tiles.push([x, y]);
                }
            }
            let frame = Frame::at(start.point);
            for (cell, tile) in tiles.iter().zip(Lattice::tiles(network, &tiles)) {
                let start_edges: Vec<bool> = tile
                    .edges
                    .iter()
                    .map(|edge| start.legs.legs.iter().any(|leg| leg.edge == *edge))
                    .collect();
                let on_start_edge = start_edges.contains(&true);
                for place in 0..(TILE * TILE) as usize {
                    let at = [cell[0] * TILE + place as i32 % TILE, cell[1] * TILE + place as i32 / TILE];
                    if at[0] < low[0] || at[0] > high[0] || at[1] < low[1] || at[1] > high[1] {
                        continue;
                    }
                    let here = self.position(at);
                    if tile.legs(place).is_empty() {
                        continue;
                    }
                    if on_start_edge {
                        for leg in tile.on_edges(network, place, &start_edges) {
                            for from in start.legs.legs.iter().filter(|from| from.edge == leg.edge) {
                                if let Some(arrival) = network.arrive_on_edge(profile, number, from, &leg)
                                    && arrival.time <= limit
                                {
                                    self.times[here] = self.times[here].min(arrival.time);
                                }
                            }
                        }
                    }
                    let point = network.lattice.point(at);
                    let [x, y] = frame.local(point);
                    let metres = (x * x + y * y).sqrt();
                    if metres <= 100.0
                        && leg_milliseconds((metres * 1000.0) as u32, profile) < self.times[here].min(limit)
                    {
                        let (longest, on_major) = tile.limit(place);
                        if let Some(arrival) =
                            network.arrive_straight(profile, number, start, point, longest, on_major)
                        {
                            self.times[here] = self.times[here].min(arrival.time);
                        }
                    }
                }
            }
        }
    }
}

/// Least times of a tile's places, row by row; `None` where no walk comes to it.
fn fill(network: &Network, profile: &Profile, search: &Search, tile: &Tile) -> Option<Vec<u32>> {
    let times: Vec<u32> = tile.nodes.iter().map(|node| search.time(*node)).collect();
    if times.iter().all(|time| *time == UNREACHED) {
        return None;
    }
    let per_mm = 1.0 / profile.speed.value();
    let place = |place: usize| {
        let mut best = UNREACHED;
        for leg in tile.legs(place) {
            let time = times[usize::from(leg.node)];
            if time < best {
                let rest = match leg.steps {
                    CellLeg::FLAT => (f64::from(leg.flat_mm) * per_mm + 0.5) as u32,
                    steps => steps_time(network, profile, &tile.on_edge(network, place, steps)),
                };
                best = best.min(time.saturating_add(rest));
            }
        }
        best
    };
    Some((0..(TILE * TILE) as usize).map(place).collect())
}

fn steps_time(network: &Network, profile: &Profile, leg: &Leg) -> u32 {
    network.along(leg, profile).1 + leg_milliseconds(leg.length_mm, profile)
}

/// Places along a way that stand for it: no farther apart than a leg is long.
const STRIDE_METRES: f64 = 150.0;

/// Tiles that a leg from a reached edge may lead into, by row and column.
fn reached_tiles(
    network: &Network,
    search: &Search,
    profile: &Profile,
    starts: &[Start<'_>],
    limit: u32,
) -> BTreeSet<Cell> {
    let mut tiles = BTreeSet::new();
    let Some(first) = starts.first() else { return tiles };
    let mut last = None;
    let mut add = |point: Point| {
        // The other side of the antimeridian would make a field round the globe.
        if crosses_antimeridian(point, first.point) {
            return;
        }
        let [x, y] = network.lattice.cell(point);
        let range = |at: i32| (at - MARGIN_STEPS).div_euclid(TILE)..=(at + MARGIN_STEPS + 1).div_euclid(TILE);
        let ranges = (range(x), range(y));
        // Neighbours on a way mostly lie in the same tiles.
        if last.as_ref() == Some(&ranges) {
            return;
        }
        for y in ranges.1.clone() {
            for x in ranges.0.clone() {
                tiles.insert([y, x]);
            }
        }
        last = Some(ranges);
    };
    let metres_left = |time: u32| f64::from(limit.saturating_sub(time)) / 1000.0 * profile.speed.value();
    for node in search.settled() {
        let junction = network.graph.junction(*node);
        add(network.city.nodes()[junction as usize].point);
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
    tiles
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
