//! Ways that hang together with nothing else, and what is entered from them alone.

use super::Place;
use crate::sides::StreetGrid;
use circle_model::city::{CityTables, EdgeFlags};
use circle_model::coordinates::Bounds;
use circle_model::grid::{SegmentGrid, widened};
use circle_model::{Frame, LegLimits, Point, plane};
use rustc_hash::FxHashSet;

/// The nearest place of a side counts, and no other.
const NEAREST_METRES: f64 = 0.1;

/// The ways outside the largest part of the network.
pub(super) struct Islands {
    /// Those on parts so large that legs lead to them.
    ways: SegmentGrid,
    /// All of them, each segment both ways.
    segments: FxHashSet<(Point, Point)>,
    limits: LegLimits,
}

impl Islands {
    pub(super) fn find(tables: &CityTables) -> Self {
        let limits = LegLimits::default();
        let mut segments = FxHashSet::default();
        let mut ways = Vec::new();
        for edge in &tables.edges {
            let part = tables.nodes[edge.from.index()].component;
            if part.is_largest() {
                continue;
            }
            let on_ground = !edge.has(EdgeFlags::BRIDGE) && !edge.has(EdgeFlags::TUNNEL);
            let reached = f64::from(tables.component_metres[part.index()]) >= limits.island_metres;
            for pair in tables.points[edge.line.range()].windows(2) {
                segments.extend([(pair[0], pair[1]), (pair[1], pair[0])]);
                if on_ground && reached {
                    ways.push((pair[0], pair[1]));
                }
            }
        }
        Self { ways: SegmentGrid::build(ways.iter().copied(), 100.0), segments, limits }
    }

    /// Places of the outline next to public ways of the largest part, one for each side, for a place that has an
    /// outline and no access point from which a leg may lead there.
    pub(super) fn ways_out(&self, place: &Place, points: &[Point], grid: &StreetGrid<'_>) -> Vec<Point> {
        let leads_out = |point: &Point| self.leads_out(*point, grid);
        if place.area.polygons.is_empty() || points.iter().any(leads_out) {
            return Vec::new();
        }
        let rings = place.area.polygons.iter().filter_map(|polygon| polygon.first());
        let on_island = |a: Point, b: Point| self.segments.contains(&(a, b));
        grid.sides(rings, place.area.bounds().centre(), NEAREST_METRES, |a, b| !on_island(a, b))
    }

    /// Whether the largest part of the network is near enough for a leg, as far as that can be told without obstacles.
    fn leads_out(&self, point: Point, grid: &StreetGrid<'_>) -> bool {
        let longest = self.limits.longest_metres;
        let out = grid.nearest_of(point, longest, |a, b| !self.segments.contains(&(a, b)));
        let Some((metres, _)) = out else { return false };
        let frame = Frame::at(point);
        let mut nearest = metres;
        self.ways.visit(&widened(&Bounds::of([point]), metres), |way| {
            nearest = nearest.min(plane::distance(frame.local(way.a), frame.local(way.b)));
            true
        });
        metres <= self.limits.longest_from(nearest)
    }
}
