//! Which tiles of the lattice a search may have come to.

use crate::graph::Arc;
use crate::lattice::{Cell, TILE};
use crate::network::Network;
use crate::search::Search;
use crate::walks::Start;
use circle_model::coordinates::Bounds;
use circle_model::grid::widened;
use circle_model::{Frame, Point, Profile, plane};

/// From this length on an edge is gone along, stride by stride; all of a shorter one counts as reached with its end.
pub(crate) const LONG_METRES: f64 = 150.0;
/// Steps of the lattice are hardly ever below.
const LEAST_STEP_METRES: f64 = 9.0;
/// Places along a long edge that stand for it are this far apart.
const STRIDE_METRES: f64 = 60.0;

/// Tiles that a leg from a reached edge may lead into, row by row.
pub(crate) fn reached_tiles(
    network: &Network,
    search: &Search,
    profile: &Profile,
    starts: &[Start<'_>],
    limit: u32,
) -> Vec<Cell> {
    let near = network.tiles_near();
    let fastest = network.fastest(profile);
    let metres_left = |time: u32| f64::from(limit.saturating_sub(time)) / 1000.0 * fastest;
    let mut marked = Marked::around(network, starts, metres_left(0));
    for node in search.settled() {
        let junction = network.graph.junction(*node);
        marked.mark(near.junctions[junction as usize]);
        let metres = metres_left(search.time(*node));
        let within = grown(near.junctions[junction as usize], metres);
        near.compounds_at(junction).for_each(|tiles| marked.mark(common(*tiles, within)));
        if !network.graph.leads_far(*node) {
            continue;
        }
        let left = metres + STRIDE_METRES;
        for arc in network.graph.row(*node).map(|position| network.graph.arc(position)) {
            if arc.edge != Arc::NO_EDGE {
                let length = f64::from(network.city.edges()[arc.edge as usize].length_mm) / 1000.0;
                let walked = |metres: f64| if arc.against { length - metres } else { metres };
                let reached = near.along(arc.edge).filter(|(metres, _)| walked(*metres) <= left);
                reached.for_each(|(_, tiles)| marked.mark(*tiles));
            }
        }
    }
    for start in starts {
        let here = tiles_around(network, start.point);
        let within = grown(here, metres_left(0));
        marked.mark(here);
        for leg in &start.legs.legs {
            let edge = &network.city.edges()[leg.edge as usize];
            let offset = f64::from(leg.offset_mm) / 1000.0;
            let left = metres_left(0) + STRIDE_METRES;
            let reached = near.along(leg.edge).filter(|(metres, _)| (metres - offset).abs() <= left);
            reached.for_each(|(_, tiles)| marked.mark(*tiles));
            for end in [edge.from, edge.to] {
                marked.mark(near.junctions[end.index()]);
                near.compounds_at(end.0).for_each(|tiles| marked.mark(common(*tiles, within)));
            }
        }
    }
    marked.tiles()
}

/// West, south, east, north, in tiles.
type TileBox = [i32; 4];

/// The tiles that legs from a place may lead into.
fn tiles_around(network: &Network, point: Point) -> TileBox {
    let margin = (network.margin_metres() / LEAST_STEP_METRES) as i32 + 1;
    let [x, y] = network.lattice.cell(point);
    let low = |at: i32| (at - margin).div_euclid(TILE);
    let high = |at: i32| (at + margin + 1).div_euclid(TILE);
    [low(x), low(y), high(x), high(y)]
}

/// With so many metres added on every side.
fn grown([west, south, east, north]: TileBox, metres: f64) -> TileBox {
    let tiles = (metres / (LEAST_STEP_METRES * f64::from(TILE))) as i32 + 1;
    [west - tiles, south - tiles, east + tiles, north + tiles]
}

/// What lies in both; nothing where west is beyond east.
fn common(a: TileBox, b: TileBox) -> TileBox {
    [a[0].max(b[0]), a[1].max(b[1]), a[2].min(b[2]), a[3].min(b[3])]
}

fn joined(a: TileBox, b: TileBox) -> TileBox {
    [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])]
}

/// Marks on a rectangle of tiles that no walk leaves; what lies outside, beyond the antimeridian say, is none.
struct Marked {
    bounds: TileBox,
    columns: usize,
    marks: Vec<bool>,
}

impl Marked {
    /// As far as the crow flies.
    fn around(network: &Network, starts: &[Start<'_>], metres: f64) -> Self {
        let around = |start: &Start<'_>| {
            let area = widened(&Bounds::of([start.point]), metres + 2.0 * network.limits.longest_metres);
            let (low, high) = area.diagonal();
            joined(tiles_around(network, low), tiles_around(network, high))
        };
        let bounds = starts.iter().map(around).reduce(joined).unwrap_or([0, 0, -1, -1]);
        let columns = (bounds[2] - bounds[0] + 1).max(0) as usize;
        let rows = (bounds[3] - bounds[1] + 1).max(0) as usize;
        Self { bounds, columns, marks: vec![false; columns * rows] }
    }

    #[inline]
    fn mark(&mut self, tiles: TileBox) {
        let [west, south, east, north] = self.bounds;
        let (left, right) = (tiles[0].max(west), tiles[2].min(east));
        if left > right {
            return;
        }
        for y in tiles[1].max(south)..=tiles[3].min(north) {
            let row = (y - south) as usize * self.columns;
            self.marks[row + (left - west) as usize..=row + (right - west) as usize].fill(true);
        }
    }

    fn tiles(self) -> Vec<Cell> {
        let cell = |at: usize| {
            [self.bounds[0] + (at % self.columns) as i32, self.bounds[1] + (at / self.columns) as i32]
        };
        (0..self.marks.len()).filter(|at| self.marks[*at]).map(cell).collect()
    }
}

/// The tiles near every junction and the short edges there, and near places along every long edge.
#[derive(Debug)]
pub(crate) struct TilesNear {
    junctions: Vec<TileBox>,
    /// Where each edge's places begin in `strides`, one more at the end.
    starts: Vec<u32>,
    strides: Vec<TileBox>,
    /// By junction: compounds whose places have legs to the ways there, however long.
    compounds: Vec<(u32, TileBox)>,
    /// Whether a junction is among `compounds`.
    leads_in: Vec<bool>,
}

impl TilesNear {
    pub(crate) fn build(network: &Network) -> Self {
        let city = &network.city;
        let mut junctions: Vec<TileBox> =
            city.nodes().iter().map(|node| tiles_around(network, node.point)).collect();
        let (mut starts, mut strides) = (Vec::with_capacity(city.edges().len() + 1), Vec::new());
        for edge in city.edges() {
            starts.push(strides.len() as u32);
            let line = city.line(edge.line);
            if f64::from(edge.length_mm) >= LONG_METRES * 1000.0 {
                places_along(line, |point| strides.push(tiles_around(network, point)));
            } else {
                let corners = line.iter().map(|corner| tiles_around(network, *corner));
                let Some(all) = corners.reduce(joined) else { continue };
                for end in [edge.from, edge.to] {
                    junctions[end.index()] = joined(junctions[end.index()], all);
                }
            }
        }
        starts.push(strides.len() as u32);
        let compounds = compounds(network);
        let mut leads_in = vec![false; city.nodes().len()];
        compounds.iter().for_each(|(junction, _)| leads_in[*junction as usize] = true);
        Self { junctions, starts, strides, compounds, leads_in }
    }

    fn compounds_at(&self, junction: u32) -> impl Iterator<Item = &TileBox> {
        let start = if self.leads_in[junction as usize] {
            self.compounds.partition_point(|(other, _)| *other < junction)
        } else {
            self.compounds.len()
        };
        let at = self.compounds[start..].iter().take_while(move |(other, _)| *other == junction);
        at.map(|(_, tiles)| tiles)
    }

    /// Places along an edge, and how far they are from its beginning.
    fn along(&self, edge: u32) -> impl Iterator<Item = (f64, &TileBox)> {
        let places = self.starts[edge as usize] as usize..self.starts[edge as usize + 1] as usize;
        (1u32..).map(|stride| f64::from(stride) * STRIDE_METRES).zip(&self.strides[places])
    }
}

/// Inside a compound legs lead to its gates and its interior ways however far: from the junctions there, all of it may
/// be reached.
fn compounds(network: &Network) -> Vec<(u32, TileBox)> {
    let city = &network.city;
    let mut found: Vec<(u32, TileBox)> = Vec::new();
    for compound in city.compounds().iter().filter(|compound| compound.rings.len > 0) {
        let bounds = city.rings_bounds(compound.rings);
        let (low, high) = bounds.diagonal();
        let tiles = joined(tiles_around(network, low), tiles_around(network, high));
        let to_gates = compound.gates.range().flat_map(|gate| &network.gate_legs(gate).legs);
        let edges = to_gates.map(|leg| leg.edge).chain(network.zone_edges(compound.zone).iter().copied());
        let ends = edges.flat_map(|edge| [city.edges()[edge as usize].from, city.edges()[edge as usize].to]);
        found.extend(ends.map(|junction| (junction.0, tiles)));
    }
    found.sort_unstable();
    found.dedup();
    found
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
