//! Ways outside the largest connected component, and facilities whose access points lead only to them.

use super::draft::DraftFacility;
use crate::network::{BaseMap, Network, StreetGrid};
use circle_model::city::EdgeFlags;
use circle_model::coordinates::Bounds;
use circle_model::grid::{SegmentGrid, widened};
use circle_model::{Frame, LegLimits, Point, plane};
use rustc_hash::FxHashSet;

/// Step of the distances to ways when they are compared: only the nearest point of a side counts.
const STEP_METRES: f64 = 0.1;

/// The ways outside the largest connected component.
pub(super) struct Islands {
    /// Those of components that are large enough for access legs.
    ways: SegmentGrid,
    /// All of them, each segment in both directions.
    segments: FxHashSet<(Point, Point)>,
    limits: LegLimits,
}

impl Islands {
    pub(super) fn find(network: &Network, map: &BaseMap<'_>) -> Self {
        let limits = LegLimits::default();
        let mut segments = FxHashSet::default();
        let mut ways = Vec::new();
        for edge in &network.edges {
            let component = network.component(edge);
            if component.is_largest() {
                continue;
            }
            let on_ground = !edge.has(EdgeFlags::BRIDGE) && !edge.has(EdgeFlags::TUNNEL);
            let reached = f64::from(network.component_metres[component.index()]) >= limits.island_metres;
            for pair in network.line(map, edge).windows(2) {
                segments.extend([(pair[0], pair[1]), (pair[1], pair[0])]);
                if on_ground && reached {
                    ways.push((pair[0], pair[1]));
                }
            }
        }
        Self { ways: SegmentGrid::build(ways.iter().copied(), 100.0), segments, limits }
    }

    /// Points of the outline next to ways of the largest component, one for each side. Empty if the facility
    /// has no outline, or a leg from one of its access points may lead to that component.
    pub(super) fn ways_out(
        &self,
        place: &DraftFacility,
        points: &[Point],
        grid: &StreetGrid<'_>,
    ) -> Vec<Point> {
        let leads_out = |point: &Point| self.leads_out(*point, grid);
        if !place.has_outline() || points.iter().any(leads_out) {
            return Vec::new();
        }
        let rings = place.area.polygons.iter().filter_map(|polygon| polygon.first());
        let on_island = |a: Point, b: Point| self.segments.contains(&(a, b));
        grid.sides(rings, place.area.bounds().centre(), STEP_METRES, |a, b| !on_island(a, b))
    }

    /// Whether the largest component is near enough for a leg, ignoring obstacles.
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
