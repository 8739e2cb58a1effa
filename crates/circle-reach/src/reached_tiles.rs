//! Which tiles of the lattice a search may have come to.

use crate::graph::Arc;
use crate::lattice::{Cell, TILE};
use crate::network::Network;
use crate::search::Search;
use crate::walks::Start;
use circle_model::grid::crosses_antimeridian;
use circle_model::{Frame, Point, Profile, plane};

/// Places along a way that stand for it: no farther apart than a leg is long.
pub(crate) const STRIDE_METRES: f64 = 150.0;

/// Tiles that a leg from a reached edge may lead into, row by row.
pub(crate) fn reached_tiles(
    network: &Network,
    search: &Search,
    profile: &Profile,
    starts: &[Start<'_>],
    limit: u32,
) -> Vec<Cell> {
    let mut found: Vec<[i32; 4]> = Vec::new();
    let Some(first) = starts.first() else { return Vec::new() };
    // Steps of the lattice are hardly ever below 9 m.
    let margin_steps = (network.margin_metres() / 9.0) as i32 + 1;
    let mut add = |point: Point| {
        // The other side of the antimeridian would make a field round the globe.
        if crosses_antimeridian(point, first.point) {
            return;
        }
        let [x, y] = network.lattice.cell(point);
        let low = |at: i32| (at - margin_steps).div_euclid(TILE);
        let high = |at: i32| (at + margin_steps + 1).div_euclid(TILE);
        let box_ = [low(x), low(y), high(x), high(y)];
        // Neighbours on a way mostly lie in the same tiles.
        if found.last() != Some(&box_) {
            found.push(box_);
        }
    };
    let fastest = network.fastest(profile);
    let metres_left = |time: u32| f64::from(limit.saturating_sub(time)) / 1000.0 * fastest;
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
