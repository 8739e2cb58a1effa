//! What a straight leg over open ground may not cross (`walking.md`, "the access leg").

use crate::horizon::Horizon;
use circle_model::city::{EdgeFlags, MapFeature, MapFeatureFlags, MapKind, RingRole};
use circle_model::coordinates::Bounds;
use circle_model::grid::{SegmentGrid, widened};
use circle_model::plane::{self, Xy};
use circle_model::{City, CompoundId, Frame, Point};
use std::sync::Arc;

/// Crossings nearer than this to an end of the leg are touches.
const TOUCH_METRES: f64 = 0.05;

/// What one obstacle segment belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Obstacle {
    /// Wall, fence, rails, water.
    Barrier,
    /// A building, by its feature.
    Building(u32),
    /// The outline of a closed compound.
    Outline(u32),
    /// A way of class tertiary or above.
    Major,
}

/// All obstacles of a city. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub(crate) struct Obstacles {
    shapes: Arc<Shapes>,
    /// Outlines of closed compounds are none.
    ignores_outlines: bool,
}

#[derive(Debug, Default)]
struct Shapes {
    grid: SegmentGrid,
    obstacles: Vec<Obstacle>,
    /// Boxes of buildings, each as its diagonal.
    buildings: SegmentGrid,
    building_features: Vec<u32>,
}

/// Who looks: what does not stop their legs.
#[derive(Debug, Clone, Default)]
pub(crate) struct Viewer {
    /// Buildings that hold the viewer.
    pub(crate) buildings: Vec<u32>,
    /// Buildings do not count.
    pub(crate) through_buildings: bool,
    /// There is nothing in the way as far as legs go.
    pub(crate) open: bool,
    /// The compound whose outline the leg must not leave …
    pub(crate) stay_in: Option<u32>,
    /// … but for this much at its end.
    pub(crate) beyond_metres: f64,
}

impl Viewer {
    /// Who is inside a compound: its buildings do not stop their legs, its outline does.
    pub(crate) fn inside(compound: CompoundId) -> Self {
        Self { through_buildings: true, stay_in: Some(compound.0), ..Self::default() }
    }
}

impl Obstacles {
    pub(crate) fn build(city: &City) -> Self {
        // About as many segments as there are points.
        let room = city.points().len();
        let mut segments: Vec<(Point, Point)> = Vec::with_capacity(room);
        let mut obstacles = Vec::with_capacity(room);
        let mut add = |line: &[Point], obstacle: Obstacle| {
            for pair in line.windows(2) {
                segments.push((pair[0], pair[1]));
                obstacles.push(obstacle);
            }
        };
        for (number, feature) in (0u32..).zip(city.features()) {
            if !feature.has(MapFeatureFlags::OBSTACLE) {
                continue;
            }
            let obstacle = match feature.map_kind() {
                MapKind::Building => Obstacle::Building(number),
                MapKind::Way => Obstacle::Major,
                _ => Obstacle::Barrier,
            };
            for ring in city.rings_of(feature.rings) {
                add(city.line(ring.line), obstacle);
            }
        }
        for (number, compound) in (0u32..).zip(city.compounds()) {
            if compound.closed == 1 {
                for ring in city
                    .rings_of(compound.rings)
                    .iter()
                    .filter(|ring| ring.role != u32::from(RingRole::Point.code()))
                {
                    add(city.line(ring.line), Obstacle::Outline(number));
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
                .zip(city.features())
                .filter(|(_, it)| solid(it))
                .map(|(number, _)| number)
                .collect(),
        };
        Self { shapes: Arc::new(shapes), ignores_outlines: false }
    }

    /// The same, were every compound open.
    pub(crate) fn without_outlines(&self) -> Self {
        Self { ignores_outlines: true, ..self.clone() }
    }

    /// Whether there is none within `metres` of a box.
    pub(crate) fn none_near(&self, area: &Bounds, metres: f64) -> bool {
        let mut none = true;
        self.shapes.grid.visit(&widened(area, metres), |_| {
            none = false;
            false
        });
        none
    }

    /// Buildings that hold a place, ascending.
    pub(crate) fn buildings_at(&self, city: &City, point: Point) -> Vec<u32> {
        let mut found = Vec::new();
        self.shapes.buildings.visit(&Bounds::of([point]), |entry| {
            let feature = self.shapes.building_features[entry.id as usize];
            if city.rings_contain(city.features()[feature as usize].rings, point) {
                found.push(feature);
            }
            true
        });
        found.sort_unstable();
        found
    }

    /// What stops all legs from `p`, the frame's origin, within `metres`. Buildings and the outlines of others, which
    /// stop some, are left out.
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

    /// Whether a leg leads from `p`, the frame's origin, to `q`.
    pub(crate) fn sees(&self, city: &City, frame: &Frame, p: Point, q: Point, viewer: &Viewer) -> bool {
        let end = frame.local(q);
        let length = plane::norm(end);
        if viewer.open || length <= TOUCH_METRES {
            return true;
        }
        let touch = (TOUCH_METRES / length).min(0.4);
        let mut clear = true;
        let mut outlines: Vec<(u32, f64)> = Vec::new();
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
                    let feature = &city.features()[feature as usize];
                    clear = feature.bounds.contains(q) && city.rings_contain(feature.rings, q);
                }
                Obstacle::Barrier | Obstacle::Major => clear = false,
            }
            clear
        });
        clear && (outlines.is_empty() || outlines_allow(city, frame, end, length, &mut outlines, viewer))
    }
}

/// At most 30 m of a leg may lie inside each closed compound whose outline it crosses.
fn outlines_allow(
    city: &City,
    frame: &Frame,
    end: Xy,
    length: f64,
    crossings: &mut [(u32, f64)],
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
            if to - from > touch && city.rings_contain(city.compounds()[compound as usize].rings, middle) {
                inside += (to - from) * length;
            }
            from = to;
        }
        inside <= city.conditions().legs.inside_closed_metres
    })
}
