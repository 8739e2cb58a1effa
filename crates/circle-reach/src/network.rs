//! The pedestrian network of a city with everything that access legs need.

use crate::access::Legs;
use crate::answers::Origin;
use crate::entrances::Entrances;
use crate::explain::opened;
use crate::graph::{Graph, Weights};
use crate::lattice::Lattice;
use crate::obstacles::Obstacles;
use crate::parts::SharedStreets;
use crate::reached_tiles::TilesNear;
use circle_model::city::{Compound, Edge, Slope};
use circle_model::coordinates::Bounds;
use circle_model::grid::{SegmentGrid, widened};
use circle_model::{City, ComponentId, CompoundId, FacilityId, LegLimits, Pace, Point, Profile, ZoneId};
use rayon::prelude::*;
use std::collections::HashMap;
use std::sync::{Arc, OnceLock, RwLock};

/// Paces whose times are kept.
const MOST_PACES: usize = 16;

/// Weights of the paces last asked for.
type KeptWeights = RwLock<Vec<(Pace, Arc<Weights>)>>;

/// A city made ready to be searched. Shared by all threads; what is costly is made when it is first asked for.
#[derive(Debug)]
pub struct Network {
    pub(crate) city: City,
    pub(crate) limits: LegLimits,
    pub(crate) graph: Graph,
    pub(crate) obstacles: Obstacles,
    /// All street segments.
    pub(crate) streets: Arc<SegmentGrid>,
    /// Edge and offset in millimetres of every street segment.
    pub(crate) segments: Arc<[(u32, u32)]>,
    /// Boxes of compounds with an outline, each as its diagonal.
    compounds: SegmentGrid,
    compound_rows: Vec<u32>,
    zones: HashMap<ZoneId, ZoneWays>,
    gate_legs: Vec<OnceLock<Legs>>,
    entrances: OnceLock<Entrances>,
    /// Of a network with its compounds open, the legs of access points with them closed, where these are known.
    legs_when_closed: Option<Arc<[Legs]>>,
    reversed: OnceLock<Graph>,
    shared_streets: OnceLock<SharedStreets>,
    /// Of the graph and of the reversed one.
    weights: [KeptWeights; 2],
    pub(crate) lattice: Lattice,
    tiles_near: OnceLock<TilesNear>,
    /// The city with its compounds open, and with its walls taken down as well.
    opened: [OnceLock<Box<Network>>; 2],
}

#[derive(Debug)]
struct ZoneWays {
    edges: Vec<u32>,
    bounds: Bounds,
}

impl Default for ZoneWays {
    fn default() -> Self {
        Self { edges: Vec::new(), bounds: Bounds::EMPTY }
    }
}

impl Network {
    /// Builds the network of a city.
    pub fn build(city: &City) -> Self {
        let ((graph, obstacles), (streets, segments)) = rayon::join(
            || rayon::join(|| Graph::build(city), || Obstacles::build(city)),
            || street_segments(city),
        );
        Self::of_parts(city, graph, obstacles, Arc::new(streets), segments.into())
    }

    fn of_parts(
        city: &City,
        graph: Graph,
        obstacles: Obstacles,
        streets: Arc<SegmentGrid>,
        segments: Arc<[(u32, u32)]>,
    ) -> Self {
        let mut zones: HashMap<ZoneId, ZoneWays> = HashMap::new();
        for (number, edge) in (0u32..).zip(city.edges()).filter(|(_, edge)| !edge.zone.is_public()) {
            let ways = zones.entry(edge.zone).or_default();
            ways.edges.push(number);
            city.line(edge.line).iter().for_each(|point| ways.bounds.include(*point));
        }
        let outlined = (0u32..).zip(city.compounds()).filter(|(_, compound)| compound.rings.len > 0);
        let compound_rows: Vec<u32> = outlined.map(|(number, _)| number).collect();
        let boxes: Vec<(Point, Point)> = compound_rows
            .iter()
            .map(|row| city.rings_bounds(city.compounds()[*row as usize].rings).diagonal())
            .collect();
        Self {
            limits: city.conditions().legs,
            graph,
            obstacles,
            streets,
            segments,
            compounds: SegmentGrid::build(boxes.iter().copied(), 300.0),
            compound_rows,
            zones,
            gate_legs: city.gates().iter().map(|_| OnceLock::new()).collect(),
            entrances: OnceLock::new(),
            legs_when_closed: None,
            reversed: OnceLock::new(),
            shared_streets: OnceLock::new(),
            weights: Default::default(),
            lattice: Lattice::new(city),
            tiles_near: OnceLock::new(),
            opened: [OnceLock::new(), OnceLock::new()],
            city: city.clone(),
        }
    }

    /// The same, keeping fewer parts of the lattice: for one of several networks of a city.
    #[must_use]
    pub fn small(mut self) -> Self {
        self.lattice.keep_few();
        self
    }

    /// The city it was built from.
    pub fn city(&self) -> &City {
        &self.city
    }

    /// The graph that is searched.
    pub fn graph(&self) -> &Graph {
        &self.graph
    }

    /// The graph with every arc turned round, for searches backwards.
    pub fn reversed(&self) -> &Graph {
        self.reversed.get_or_init(|| self.graph.reversed())
    }

    /// Where walks lead from and to the streets that most of the city shares: the public ways that hang together
    /// with most metres of each other.
    pub fn shared_streets(&self) -> &SharedStreets {
        self.shared_streets.get_or_init(|| SharedStreets::of(self))
    }

    /// The network as it were with every compound open and every gate unlocked.
    pub fn with_compounds_open(&self) -> &Self {
        self.opened(false)
    }

    /// The network as it were with every compound open and every gate unlocked, on demand with walls taken down too.
    pub(crate) fn opened(&self, walls: bool) -> &Self {
        self.opened[usize::from(walls)].get_or_init(|| {
            let city = opened(&self.city, walls);
            Box::new(if walls {
                Self::build(&city)
            } else {
                // Its ways, walls and buildings lie where they lay.
                let (streets, segments) = (self.streets.clone(), self.segments.clone());
                let obstacles = self.obstacles.without_outlines();
                Self {
                    legs_when_closed: self.entrances.get().map(|entrances| entrances.legs.clone()),
                    ..Self::of_parts(&city, Graph::build(&city), obstacles, streets, segments)
                }
            })
        })
    }

    /// The legs of an access point.
    pub(crate) fn access_legs(&self, access: usize) -> Legs {
        let point = self.city.access_points()[access].point;
        // Far from all compounds, and where every way is one's own already, opening them changes nothing.
        let as_closed = self.legs_when_closed.as_ref().map(|legs| &legs[access]).filter(|legs| {
            let around = widened(&Bounds::of([point]), self.limits.longest_metres);
            legs.legs.iter().all(|leg| leg.own) && !self.any_compound_near(&around)
        });
        as_closed.map_or_else(|| self.legs(point), Legs::clone)
    }

    /// The steps of [`Network::graph`] under a profile.
    pub fn weights(&self, profile: &Profile) -> Arc<Weights> {
        self.weights_of(&self.graph, &self.weights[0], profile.pace)
    }

    /// The steps of [`Network::reversed`] under a profile.
    pub fn reversed_weights(&self, profile: &Profile) -> Arc<Weights> {
        self.weights_of(self.reversed(), &self.weights[1], profile.pace)
    }

    fn weights_of(&self, graph: &Graph, kept: &KeptWeights, pace: Pace) -> Arc<Weights> {
        let find = |known: &[(Pace, Arc<Weights>)]| {
            known.iter().find(|(other, _)| *other == pace).map(|(_, weights)| weights.clone())
        };
        if let Some(known) = kept.read().ok().and_then(|known| find(&known)) {
            return known;
        }
        let made = Arc::new(Weights::new(&self.city, graph, &pace));
        if let Ok(mut known) = kept.write() {
            known.truncate(MOST_PACES - 1);
            known.insert(0, (pace, made.clone()));
        }
        made
    }

    /// Whether buildings hide every way from an origin, so that they are not counted there.
    pub fn through_buildings(&self, origin: Origin) -> bool {
        let starts = self.starts(origin);
        !starts.is_empty() && starts.iter().all(|start| start.legs.through_buildings)
    }

    /// Whether a facility is there for whoever starts at an origin: what serves a closed compound alone is not, unless
    /// the origin lies in it.
    pub(crate) fn serves(&self, facility: FacilityId, origin: Origin) -> bool {
        match origin {
            Origin::Place(point) => self.city.serves_at(facility, point),
            Origin::Compound(compound) => self.city.serves(facility, compound),
            Origin::Gate(gate) => self.city.serves(facility, self.city.gates()[gate.index()].compound),
        }
    }

    /// The compounds that whoever is at a place is at home in: the smallest whose outline holds it, and the smallest
    /// closed one.
    pub(crate) fn homes_at(&self, point: Point) -> Vec<CompoundId> {
        let closed = |compound: &Compound| compound.closed == 1;
        let mut homes: Vec<CompoundId> = self.smallest_at(point, |_| true).into_iter().collect();
        if homes.first().is_some_and(|home| !closed(&self.city.compounds()[home.index()])) {
            homes.extend(self.smallest_at(point, closed));
        }
        homes
    }

    /// The smallest compound whose outline holds a place.
    pub fn compound_at(&self, point: Point) -> Option<CompoundId> {
        self.smallest_at(point, |_| true)
    }

    /// Whether a compound with an outline may hold a place of a box.
    pub(crate) fn any_compound_near(&self, area: &Bounds) -> bool {
        let mut any = false;
        self.compounds.visit(area, |_| {
            any = true;
            false
        });
        any
    }

    fn smallest_at(&self, point: Point, accepts: impl Fn(&Compound) -> bool) -> Option<CompoundId> {
        let mut best: Option<(f32, u32)> = None;
        self.compounds.visit(&Bounds::of([point]), |entry| {
            let row = self.compound_rows[entry.id as usize];
            let compound = &self.city.compounds()[row as usize];
            let smaller = best.is_none_or(|(area, other)| (compound.area_square_metres, row) < (area, other));
            if smaller && accepts(compound) && self.city.rings_contain(compound.rings, point) {
                best = Some((compound.area_square_metres, row));
            }
            true
        });
        best.map(|(_, row)| CompoundId(row))
    }

    /// The fastest that a profile is anywhere, in metres a second: down a slope of 1 in 20, by the factor that is stored
    /// for it at the least.
    pub fn fastest(&self, profile: &Profile) -> f64 {
        let one = f64::from(Slope::ONE);
        let least = (one / (3.5f64 * 0.05).exp()).floor();
        let downhill = if self.city.slopes().is_empty() { 1.0 } else { one / least };
        profile.pace.speed.value() * downhill
    }

    /// Legs lead this far from the places that stand for a reached way.
    pub(crate) fn margin_metres(&self) -> f64 {
        self.limits.longest_metres + 40.0
    }

    pub(crate) fn tiles_near(&self) -> &TilesNear {
        self.tiles_near.get_or_init(|| TilesNear::build(self))
    }

    /// The legs of a gate, which counts as inside its compound and outside it.
    pub(crate) fn gate_legs(&self, gate: usize) -> &Legs {
        self.gate_legs[gate].get_or_init(|| {
            let row = &self.city.gates()[gate];
            self.legs_from(row.point, &self.homes_behind(row.compound), false)
        })
    }

    /// The compounds that the residents of a compound live in: that one and, where it is open, the smallest closed one
    /// around it, whose ways lead out.
    fn homes_behind(&self, compound: CompoundId) -> Vec<CompoundId> {
        let row = &self.city.compounds()[compound.index()];
        let around =
            |other: &Compound| other.closed == 1 && other.area_square_metres > row.area_square_metres;
        let around = if row.closed == 1 { None } else { self.smallest_at(row.point, around) };
        std::iter::once(compound).chain(around).collect()
    }

    /// Finds the legs of all facilities now rather than at the first question.
    pub fn prepare_facilities(&self) {
        self.entrances();
    }

    /// The same for all gates.
    pub fn prepare_gates(&self) {
        (0..self.gate_legs.len()).into_par_iter().for_each(|gate| {
            self.gate_legs(gate);
        });
    }

    /// The legs of every facility's access points, by node. Made outside the lock: who waits for a lock on a thread
    /// of the pool cannot help to find them, and two who make them at once make the same.
    pub(crate) fn entrances(&self) -> &Entrances {
        if let Some(known) = self.entrances.get() {
            return known;
        }
        let made = Entrances::build(self);
        self.entrances.get_or_init(|| made)
    }

    pub(crate) fn zone_edges(&self, zone: ZoneId) -> &[u32] {
        self.zones.get(&zone).map(|ways| ways.edges.as_slice()).unwrap_or_default()
    }

    /// The box of all ways of a zone, if it has any.
    pub(crate) fn zone_bounds(&self, zone: ZoneId) -> Option<Bounds> {
        self.zones.get(&zone).map(|ways| ways.bounds)
    }

    /// On a small part of the network that hangs together with nothing else.
    pub(crate) fn on_island(&self, edge: u32) -> bool {
        let component = self.component(edge);
        let metres = || f64::from(self.city.component_metres()[component.index()]);
        !component.is_largest() && metres() < self.limits.island_metres
    }

    /// The part of the network that an edge is in.
    pub(crate) fn component(&self, edge: u32) -> ComponentId {
        self.city.nodes()[self.city.edges()[edge as usize].from.index()].component
    }
}

fn street_segments(city: &City) -> (SegmentGrid, Vec<(u32, u32)>) {
    let edges = city.edges();
    let points =
        || edges.iter().flat_map(|edge| city.line(edge.line).windows(2).map(|pair| (pair[0], pair[1])));
    let mut segments = Vec::with_capacity(points().count());
    for (number, edge) in (0u32..).zip(edges) {
        segments.extend(offsets(city, edge).map(|offset| (number, offset)));
    }
    (SegmentGrid::build(points(), 50.0), segments)
}

/// Where each segment of an edge begins, in whole millimetres.
fn offsets(city: &City, edge: &Edge) -> impl Iterator<Item = u32> {
    let mut metres = 0.0;
    city.line(edge.line).windows(2).map(move |pair| {
        let start = metres;
        metres += pair[0].distance_metres(pair[1]);
        (start * 1000.0).round() as u32
    })
}
