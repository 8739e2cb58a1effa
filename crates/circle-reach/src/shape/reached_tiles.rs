//! The tiles of the lattice that a search may have reached.

use crate::ground::Ground;
use crate::ground::graph::LONG_METRES;
use crate::legs::interior::GateLegs;
use crate::shape::lattice::{Cell, Lattice, TILE};
use crate::walk::search::Search;
use crate::walk::starts::Start;
use crate::walk::walker::Walker;
use circle_model::coordinates::Bounds;
use circle_model::grid::widened;
use circle_model::{EdgeId, Frame, GateId, Milliseconds, NodeId, Point, plane};

/// Lower bound of the lattice's step.
const LEAST_STEP_METRES: f64 = 9.0;
/// Distance between the sample places of a long edge. A short edge counts as reached if one of its ends is.
const STRIDE_METRES: f64 = 60.0;

/// Metres around the sample places of a way that contain every place with a leg to the way.
pub(crate) fn margin_metres(ground: &Ground) -> f64 {
    ground.limits.longest_metres + 40.0
}

/// Tiles that a leg from a reached edge may lead into, row by row from the south.
pub(crate) fn reached_tiles(
    near: &TilesNear,
    walker: Walker<'_>,
    lattice: &Lattice,
    search: &Search,
    starts: &[Start<'_>],
    limit: Milliseconds,
) -> Vec<Cell> {
    let ground = walker.ground;
    let fastest = walker.fastest();
    let metres_left = |time: Milliseconds| (limit - time).seconds() * fastest;
    let nothing_walked = Milliseconds(0);
    let mut marked = Marked::around(ground, lattice, starts, metres_left(nothing_walked));
    for node in search.settled() {
        let junction = ground.graph.junction(*node);
        marked.mark(near.junctions[junction.index()]);
        let metres = metres_left(search.time(*node).unwrap_or(limit));
        let within = grown(near.junctions[junction.index()], metres);
        near.compounds_at(junction).for_each(|tiles| marked.mark(common(*tiles, within)));
        if !ground.graph.leads_far(*node) {
            continue;
        }
        let left = metres + STRIDE_METRES;
        for arc in ground.graph.row(*node).map(|position| ground.graph.arc(position)) {
            if let Some(edge) = arc.edge() {
                let length = f64::from(ground.edge(edge).length_mm) / 1000.0;
                let walked = |metres: f64| if arc.against { length - metres } else { metres };
                let reached = near.along(edge).filter(|(metres, _)| walked(*metres) <= left);
                reached.for_each(|(_, tiles)| marked.mark(*tiles));
            }
        }
    }
    for start in starts {
        let here = tiles_around(ground, lattice, start.point);
        let within = grown(here, metres_left(nothing_walked));
        marked.mark(here);
        for leg in &start.legs.legs {
            let edge = ground.edge(leg.edge);
            let offset = leg.offset.metres();
            let left = metres_left(nothing_walked) + STRIDE_METRES;
            let reached = near.along(leg.edge).filter(|(metres, _)| (metres - offset).abs() <= left);
            reached.for_each(|(_, tiles)| marked.mark(*tiles));
            for end in [edge.from, edge.to] {
                marked.mark(near.junctions[end.index()]);
                near.compounds_at(end).for_each(|tiles| marked.mark(common(*tiles, within)));
            }
        }
    }
    marked.tiles()
}

/// West, south, east, north, in tiles.
type TileBox = [i32; 4];

/// The tiles that legs from a place may lead into.
fn tiles_around(ground: &Ground, lattice: &Lattice, point: Point) -> TileBox {
    let margin = (margin_metres(ground) / LEAST_STEP_METRES) as i32 + 1;
    let [x, y] = lattice.cell(point);
    let low = |at: i32| (at - margin).div_euclid(TILE);
    let high = |at: i32| (at + margin + 1).div_euclid(TILE);
    [low(x), low(y), high(x), high(y)]
}

/// The box with `metres` added on every side.
fn grown([west, south, east, north]: TileBox, metres: f64) -> TileBox {
    let tiles = (metres / (LEAST_STEP_METRES * f64::from(TILE))) as i32 + 1;
    [west - tiles, south - tiles, east + tiles, north + tiles]
}

/// The intersection of two boxes; empty where west is beyond east.
fn common(a: TileBox, b: TileBox) -> TileBox {
    [a[0].max(b[0]), a[1].max(b[1]), a[2].min(b[2]), a[3].min(b[3])]
}

fn joined(a: TileBox, b: TileBox) -> TileBox {
    [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])]
}

/// Marks on a rectangle of tiles. No walk leaves the rectangle; tiles outside of it, for example beyond the
/// antimeridian, are ignored.
struct Marked {
    bounds: TileBox,
    columns: usize,
    marks: Vec<bool>,
}

impl Marked {
    /// The rectangle that straight lines of `metres` from the starts stay in.
    fn around(ground: &Ground, lattice: &Lattice, starts: &[Start<'_>], metres: f64) -> Self {
        let around = |start: &Start<'_>| {
            let area = widened(&Bounds::of([start.point]), metres + 2.0 * ground.limits.longest_metres);
            let (low, high) = area.diagonal();
            joined(tiles_around(ground, lattice, low), tiles_around(ground, lattice, high))
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
    /// Position in `strides` of each edge's first sample place; the last entry is the count of all.
    starts: Vec<u32>,
    strides: Vec<TileBox>,
    /// By junction: the tiles of compounds whose places have legs, of any length, to the ways there.
    compounds: Vec<(NodeId, TileBox)>,
    /// By junction, whether it occurs in `compounds`.
    leads_in: Vec<bool>,
}

impl TilesNear {
    pub(crate) fn build(ground: &Ground, gate_legs: &dyn GateLegs, lattice: &Lattice) -> Self {
        let city = &ground.city;
        let tiles_around = |point: Point| tiles_around(ground, lattice, point);
        let mut junctions: Vec<TileBox> = city.nodes().iter().map(|node| tiles_around(node.point)).collect();
        let (mut starts, mut strides) = (Vec::with_capacity(city.edges().len() + 1), Vec::new());
        for edge in city.edges() {
            starts.push(strides.len() as u32);
            let line = city.line(edge.line);
            if f64::from(edge.length_mm) >= LONG_METRES * 1000.0 {
                visit_places_along(line, |point| strides.push(tiles_around(point)));
            } else {
                let corners = line.iter().map(|corner| tiles_around(*corner));
                let Some(all) = corners.reduce(joined) else { continue };
                for end in [edge.from, edge.to] {
                    junctions[end.index()] = joined(junctions[end.index()], all);
                }
            }
        }
        starts.push(strides.len() as u32);
        let compounds = compounds(ground, gate_legs, tiles_around);
        let mut leads_in = vec![false; city.nodes().len()];
        compounds.iter().for_each(|(junction, _)| leads_in[junction.index()] = true);
        Self { junctions, starts, strides, compounds, leads_in }
    }

    fn compounds_at(&self, junction: NodeId) -> impl Iterator<Item = &TileBox> {
        let start = if self.leads_in[junction.index()] {
            self.compounds.partition_point(|(other, _)| *other < junction)
        } else {
            self.compounds.len()
        };
        let at = self.compounds[start..].iter().take_while(move |(other, _)| *other == junction);
        at.map(|(_, tiles)| tiles)
    }

    /// The sample places of an edge: metres from its beginning, and tiles.
    fn along(&self, edge: EdgeId) -> impl Iterator<Item = (f64, &TileBox)> {
        let places = self.starts[edge.index()] as usize..self.starts[edge.index() + 1] as usize;
        (1u32..).map(|stride| f64::from(stride) * STRIDE_METRES).zip(&self.strides[places])
    }
}

/// The tiles of each compound, by the junctions of its interior ways and near its gates. Legs lead from these
/// junctions to every place of the compound.
fn compounds(
    ground: &Ground,
    gate_legs: &dyn GateLegs,
    tiles_around: impl Fn(Point) -> TileBox,
) -> Vec<(NodeId, TileBox)> {
    let city = &ground.city;
    let mut found: Vec<(NodeId, TileBox)> = Vec::new();
    for compound in city.compounds().iter().filter(|compound| compound.rings.len > 0) {
        let bounds = city.rings_bounds(compound.rings);
        let (low, high) = bounds.diagonal();
        let tiles = joined(tiles_around(low), tiles_around(high));
        let gates = (compound.gates.start..compound.gates.start + compound.gates.len).map(GateId);
        let to_gates = gates.flat_map(|gate| &gate_legs.of_gate(gate).legs);
        let interior = ground.zones.edges(compound.zone).iter().copied();
        let edges = to_gates.map(|leg| leg.edge).chain(interior);
        let ends = edges.flat_map(|edge| [ground.edge(edge).from, ground.edge(edge).to]);
        found.extend(ends.map(|junction| (junction, tiles)));
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// Calls `visit` for a place at every stride of a line.
fn visit_places_along(line: &[Point], mut visit: impl FnMut(Point)) {
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
