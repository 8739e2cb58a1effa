//! Which tiles of the lattice a search may have come to.

use crate::graph::Arc;
use crate::lattice::{Cell, TILE};
use crate::network::Network;
use crate::search::Search;
use crate::walks::Start;
use circle_model::grid::crosses_antimeridian;
use circle_model::{Frame, Point, Profile, plane};

/// Places along a way that stand for it are this far apart: about as far as a leg is long.
pub(crate) const STRIDE_METRES: f64 = 150.0;

/// Tiles that a leg from a reached edge may lead into, row by row.
pub(crate) fn reached_tiles(
    network: &Network,
    search: &Search,
    profile: &Profile,
    starts: &[Start<'_>],
    limit: u32,
) -> Vec<Cell> {
    let mut found: Vec<TileBox> = Vec::new();
    let Some(first) = starts.first() else { return Vec::new() };
    let mut add = |around: &Around| {
        // The other side of the antimeridian would make a field round the globe. Neighbours mostly lie in the same
        // tiles.
        if found.last() != Some(&around.tiles) && !crosses_antimeridian(around.point, first.point) {
            found.push(around.tiles);
        }
    };
    let near = network.tiles_near();
    let fastest = network.fastest(profile);
    let metres_left = |time: u32| f64::from(limit.saturating_sub(time)) / 1000.0 * fastest + STRIDE_METRES;
    for node in search.settled() {
        let junction = network.graph.junction(*node);
        add(&near.junctions[junction as usize]);
        if !network.graph.leads_far(*node) {
            continue;
        }
        let left = metres_left(search.time(*node));
        for arc in network.graph.row(*node).map(|position| network.graph.arc(position)) {
            if arc.edge != Arc::NO_EDGE {
                let length = f64::from(network.city.edges()[arc.edge as usize].length_mm) / 1000.0;
                let walked = |metres: f64| if arc.against { length - metres } else { metres };
                near.along(arc.edge)
                    .filter(|(metres, _)| walked(*metres) <= left)
                    .for_each(|(_, it)| add(it));
            }
        }
    }
    for start in starts {
        add(&Around::new(network, start.point));
        for leg in &start.legs.legs {
            let edge = &network.city.edges()[leg.edge as usize];
            let offset = f64::from(leg.offset_mm) / 1000.0;
            let reached =
                near.along(leg.edge).filter(|(metres, _)| (metres - offset).abs() <= metres_left(0));
            reached.for_each(|(_, it)| add(it));
            [edge.from, edge.to].iter().for_each(|end| add(&near.junctions[*end as usize]));
        }
    }
    joined(found)
}

/// The tiles of all boxes, each once, row by row.
fn joined(boxes: Vec<TileBox>) -> Vec<Cell> {
    let least = |axis: usize| boxes.iter().map(|tiles| tiles[axis]).min().unwrap_or(0);
    let most = |axis: usize| boxes.iter().map(|tiles| tiles[axis]).max().unwrap_or(-1);
    let (west, south, east, north) = (least(0), least(1), most(2), most(3));
    let columns = (east - west + 1) as usize;
    let mut wanted = vec![false; columns * (north - south + 1) as usize];
    for [left, bottom, right, top] in boxes {
        for y in bottom..=top {
            let row = (y - south) as usize * columns;
            wanted[row + (left - west) as usize..=row + (right - west) as usize].fill(true);
        }
    }
    let cell = |at: usize| [west + (at % columns) as i32, south + (at / columns) as i32];
    (0..wanted.len()).filter(|at| wanted[*at]).map(cell).collect()
}

/// West, south, east, north, in tiles.
type TileBox = [i32; 4];

/// A place and the tiles that legs from it may lead into.
#[derive(Debug, Clone, Copy)]
struct Around {
    point: Point,
    tiles: TileBox,
}

impl Around {
    fn new(network: &Network, point: Point) -> Self {
        // Steps of the lattice are hardly ever below 9 m.
        let margin = (network.margin_metres() / 9.0) as i32 + 1;
        let [x, y] = network.lattice.cell(point);
        let low = |at: i32| (at - margin).div_euclid(TILE);
        let high = |at: i32| (at + margin + 1).div_euclid(TILE);
        Self { point, tiles: [low(x), low(y), high(x), high(y)] }
    }
}

/// The tiles near every junction, and near places along every long edge.
#[derive(Debug)]
pub(crate) struct TilesNear {
    junctions: Vec<Around>,
    /// Where each edge's places begin in `strides`, one more at the end.
    starts: Vec<u32>,
    strides: Vec<Around>,
}

impl TilesNear {
    pub(crate) fn build(network: &Network) -> Self {
        let city = &network.city;
        let junctions = city.nodes().iter().map(|node| Around::new(network, node.point)).collect();
        let (mut starts, mut strides) = (vec![0], Vec::new());
        for edge in city.edges() {
            if f64::from(edge.length_mm) >= STRIDE_METRES * 1000.0 {
                places_along(city.line(edge.line), |point| strides.push(Around::new(network, point)));
            }
            starts.push(strides.len() as u32);
        }
        Self { junctions, starts, strides }
    }

    /// Places along an edge, and how far they are from its beginning.
    fn along(&self, edge: u32) -> impl Iterator<Item = (f64, &Around)> {
        let places = self.starts[edge as usize] as usize..self.starts[edge as usize + 1] as usize;
        (1u32..).map(|stride| f64::from(stride) * STRIDE_METRES).zip(&self.strides[places])
    }
}

/// Calls `visit` for a place at every stride of a line.
fn places_along(line: &[Point], mut visit: impl FnMut(Point)) {
    let (mut walked, mut visited) = (0.0, 0.0);
    for pair in line.windows(2) {
        let frame = Frame::at(pair[0]);
        let end = frame.local(pair[1]);
        let length = plane::norm(end);
        while visited + STRIDE_METRES <= walked + length {
            visited += STRIDE_METRES;
            visit(frame.point(plane::along([0.0, 0.0], end, (visited - walked) / length)));
        }
        walked += length;
    }
}
