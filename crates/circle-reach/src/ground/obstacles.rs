//! Obstacles: the objects that a straight leg over open ground may not cross (`walking.md`, "the access
//! leg").

use crate::ground::horizon::Horizon;
use crate::ground::sharing::equal;
use circle_model::city::{EdgeFlags, MapFeature, MapFeatureFlags, MapKind, RingRole};
use circle_model::coordinates::Bounds;
use circle_model::grid::{SegmentGrid, widened};
use circle_model::plane::{self, Xy};
use circle_model::{City, CompoundId, FeatureId, Frame, Point};
use std::sync::Arc;

/// A crossing within this distance of either end of a leg is a touch and does not stop the leg.
const TOUCH_METRES: f64 = 0.05;

/// The flags of an edge that decide whether it is an obstacle.
const STOPPING_FLAGS: EdgeFlags = EdgeFlags::MAJOR.union(EdgeFlags::BRIDGE).union(EdgeFlags::TUNNEL);

/// The object that an obstacle segment belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Obstacle {
    /// A wall, a fence, rails or water.
    Barrier,
    /// A building.
    Building(FeatureId),
    /// The outline of a closed compound.
    Outline(CompoundId),
    /// A way of class tertiary or above.
    Major,
}

/// All obstacles of a city. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub(crate) struct Obstacles {
    shapes: Arc<Shapes>,
    /// Outlines of compounds do not stop legs.
    ignores_outlines: bool,
}

#[derive(Debug, Default)]
struct Shapes {
    grid: SegmentGrid,
    obstacles: Vec<Obstacle>,
    /// Bounding boxes of buildings, each as its diagonal.
    buildings: SegmentGrid,
    /// The feature of each building.
    building_features: Vec<FeatureId>,
}

/// The exceptions of a place that legs start at: the obstacles that do not stop its legs.
#[derive(Debug, Clone, Default)]
pub(crate) struct Viewer {
    /// The buildings that the place lies in.
    pub(crate) buildings: Vec<FeatureId>,
    /// Buildings do not stop legs.
    pub(crate) through_buildings: bool,
    /// No obstacle lies within the length of the longest leg.
    pub(crate) open: bool,
    /// The compound whose outline the leg must not leave …
    pub(crate) stay_in: Option<CompoundId>,
    /// … except for this length at its end, in metres.
    pub(crate) beyond_metres: f64,
}

impl Viewer {
    /// A place inside a compound: buildings do not stop its legs, the outline of the compound does.
    pub(crate) fn inside(compound: CompoundId) -> Self {
        Self { through_buildings: true, stay_in: Some(compound), ..Self::default() }
    }
}

impl Obstacles {
    pub(crate) fn build(city: &City) -> Self {
        // There are about as many segments as points.
        let room = city.points().len();
        let mut segments: Vec<(Point, Point)> = Vec::with_capacity(room);
        let mut obstacles = Vec::with_capacity(room);
        let mut add = |line: &[Point], obstacle: Obstacle| {
            for pair in line.windows(2) {
                segments.push((pair[0], pair[1]));
                obstacles.push(obstacle);
            }
        };
        for (id, feature) in (0u32..).map(FeatureId).zip(city.features()) {
            if !feature.has(MapFeatureFlags::OBSTACLE) {
                continue;
            }
            let obstacle = match feature.map_kind() {
                MapKind::Building => Obstacle::Building(id),
                MapKind::Way => Obstacle::Major,
                _ => Obstacle::Barrier,
            };
            for ring in city.rings_of(feature.rings) {
                add(city.line(ring.line), obstacle);
            }
        }
        for (id, compound) in (0u32..).map(CompoundId).zip(city.compounds()) {
            if compound.closed == 1 {
                for ring in city
                    .rings_of(compound.rings)
                    .iter()
                    .filter(|ring| ring.role != u32::from(RingRole::Point.code()))
                {
                    add(city.line(ring.line), Obstacle::Outline(id));
                }
            }
        }
        for edge in city.edges() {
            if edge.has(EdgeFlags::MAJOR) && !edge.has(EdgeFlags::BRIDGE) && !edge.has(EdgeFlags::TUNNEL) {
                add(city.line(edge.line), Obstacle::Major);
            }
        }
        let solid = |feature: &&MapFeature| {
            feature.has(MapFeatureFlags::OBSTACLE) && feature.map_kind() == MapKind::Building
        };
        let buildings = city.features().iter().filter(solid).map(|feature| feature.bounds.diagonal());
        let shapes = Shapes {
            grid: SegmentGrid::build(segments.iter().copied(), 50.0),
            obstacles,
            buildings: SegmentGrid::build(buildings, 100.0),
            building_features: (0u32..)
                .map(FeatureId)
                .zip(city.features())
                .filter(|(_, it)| solid(it))
                .map(|(id, _)| id)
                .collect(),
        };
        Self { shapes: Arc::new(shapes), ignores_outlines: false }
    }

    /// The obstacles of the city `after`, sharing the shapes of `self`, the obstacles of the city `before`;
    /// `None` if the shapes differ and must be built.
    pub(crate) fn of_variant(&self, before: &City, after: &City) -> Option<Self> {
        let is_same = equal(before.points(), after.points())
            && equal(before.rings(), after.rings())
            && equal(before.features(), after.features())
            && before.edges().len() == after.edges().len()
            && before
                .edges()
                .iter()
                .zip(after.edges())
                .all(|(a, b)| (a.line, a.flags & STOPPING_FLAGS) == (b.line, b.flags & STOPPING_FLAGS));
        if !is_same {
            return None;
        }
        if after.compounds().iter().all(|compound| compound.closed == 0) {
            return Some(Self { ignores_outlines: true, ..self.clone() });
        }
        let outlines =
            |city: &City| city.compounds().iter().map(|it| (it.rings, it.closed)).collect::<Vec<_>>();
        (!self.ignores_outlines && outlines(before) == outlines(after)).then(|| self.clone())
    }

    /// Whether no obstacle lies within `metres` of an area.
    pub(crate) fn none_near(&self, area: &Bounds, metres: f64) -> bool {
        let mut none = true;
        self.shapes.grid.visit(&widened(area, metres), |_| {
            none = false;
            false
        });
        none
    }

    /// The buildings that a place lies in, ascending.
    pub(crate) fn buildings_at(&self, city: &City, point: Point) -> Vec<FeatureId> {
        let mut found = Vec::new();
        self.shapes.buildings.visit(&Bounds::of([point]), |entry| {
            let feature = self.shapes.building_features[entry.id as usize];
            if city.rings_contain(city.features()[feature.index()].rings, point) {
                found.push(feature);
            }
            true
        });
        found.sort_unstable();
        found
    }

    /// The horizon of `p`, the frame's origin, from obstacles within `metres` that stop every leg. Buildings
    /// and the outlines of other compounds stop only some legs and are left out.
    pub(crate) fn horizon(&self, frame: &Frame, p: Point, metres: f64, viewer: &Viewer) -> Horizon {
        let mut stops = Vec::new();
        self.shapes.grid.visit_near(p, p, metres, |segment| {
            let stops_all = match self.shapes.obstacles[segment.id as usize] {
                Obstacle::Barrier | Obstacle::Major => true,
                Obstacle::Outline(compound) => !self.ignores_outlines && viewer.stay_in == Some(compound),
                Obstacle::Building(_) => false,
            };
            if stops_all {
                stops.push((frame.local(segment.a), frame.local(segment.b)));
            }
            true
        });
        Horizon::new(metres, stops.into_iter())
    }

    /// Whether no obstacle stops a leg from `p`, the frame's origin, to `q`.
    pub(crate) fn sees(&self, city: &City, frame: &Frame, p: Point, q: Point, viewer: &Viewer) -> bool {
        let end = frame.local(q);
        let length = plane::norm(end);
        if viewer.open || length <= TOUCH_METRES {
            return true;
        }
        let touch = (TOUCH_METRES / length).min(0.4);
        let mut clear = true;
        let mut outlines: Vec<(CompoundId, f64)> = Vec::new();
        self.shapes.grid.visit_along(frame, p, q, |segment| {
            let obstacle = self.shapes.obstacles[segment.id as usize];
            let passes = match obstacle {
                Obstacle::Building(feature) => {
                    viewer.through_buildings || viewer.buildings.contains(&feature)
                }
                Obstacle::Outline(_) => self.ignores_outlines,
                _ => false,
            };
            if passes {
                return true;
            }
            let Some(share) = plane::crossing(end, frame.local(segment.a), frame.local(segment.b)) else {
                return true;
            };
            match obstacle {
                Obstacle::Outline(compound) => {
                    outlines.push((compound, share));
                    return true;
                }
                _ if share < touch || share > 1.0 - touch => return true,
                Obstacle::Building(feature) => {
                    let feature = &city.features()[feature.index()];
                    clear = feature.bounds.contains(q) && city.rings_contain(feature.rings, q);
                }
                Obstacle::Barrier | Obstacle::Major => clear = false,
            }
            clear
        });
        clear && (outlines.is_empty() || outlines_allow(city, frame, end, length, &mut outlines, viewer))
    }
}

/// Whether a leg stays within the limit for closed compounds (30 m by default) inside each compound whose
/// outline it crosses. `crossings` are compounds and shares of the leg's length.
fn outlines_allow(
    city: &City,
    frame: &Frame,
    end: Xy,
    length: f64,
    crossings: &mut [(CompoundId, f64)],
    viewer: &Viewer,
) -> bool {
    crossings.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    crossings.chunk_by(|a, b| a.0 == b.0).all(|crossings| {
        let compound = crossings[0].0;
        let touch = TOUCH_METRES / length;
        if viewer.stay_in == Some(compound) {
            let last = 1.0 - touch.max(viewer.beyond_metres / length);
            return crossings.iter().all(|(_, share)| *share < touch || *share > last);
        }
        let mut inside = 0.0;
        let mut from = 0.0;
        for to in crossings.iter().map(|(_, share)| *share).chain([1.0]) {
            let middle = frame.point(plane::along([0.0, 0.0], end, f64::midpoint(from, to)));
            if to - from > touch && city.rings_contain(city.compounds()[compound.index()].rings, middle) {
                inside += (to - from) * length;
            }
            from = to;
        }
        inside <= city.conditions().legs.inside_closed_metres
    })
}
