//! The street segments of a city, in a grid that finds those near a place.

use crate::ground::sharing::equal;
use circle_model::city::Edge;
use circle_model::grid::SegmentGrid;
use circle_model::{City, EdgeId, Millimetres};

/// Side of a cell of the grid.
const CELL_METRES: f64 = 50.0;

/// All street segments. They do not depend on zones, gates or profiles.
#[derive(Debug)]
pub(crate) struct Streets {
    pub(crate) grid: SegmentGrid,
    /// Edge and offset of each segment, by its number in the grid.
    segments: Vec<(EdgeId, Millimetres)>,
}

impl Streets {
    pub(crate) fn build(city: &City) -> Self {
        let edges = city.edges();
        let points =
            || edges.iter().flat_map(|edge| city.line(edge.line).windows(2).map(|pair| (pair[0], pair[1])));
        let mut segments = Vec::with_capacity(points().count());
        for (id, edge) in (0u32..).map(EdgeId).zip(edges) {
            segments.extend(offsets(city, edge).map(|offset| (id, offset)));
        }
        Self { grid: SegmentGrid::build(points(), CELL_METRES), segments }
    }

    /// The edge of a segment, and where on it the segment begins.
    #[inline]
    pub(crate) fn segment(&self, number: u32) -> (EdgeId, Millimetres) {
        self.segments[number as usize]
    }

    /// Whether two cities have the same segments, so that they can share them.
    pub(crate) fn are_equal(a: &City, b: &City) -> bool {
        equal(a.points(), b.points())
            && a.edges().len() == b.edges().len()
            && a.edges().iter().zip(b.edges()).all(|(a, b)| a.line == b.line)
    }
}

/// Where each segment of an edge begins.
fn offsets(city: &City, edge: &Edge) -> impl Iterator<Item = Millimetres> {
    let mut metres = 0.0;
    city.line(edge.line).windows(2).map(move |pair| {
        let start = metres;
        metres += pair[0].distance_metres(pair[1]);
        Millimetres((start * 1000.0).round() as u32)
    })
}
