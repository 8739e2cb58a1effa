//! The network of a city: its ground and everything that is computed from it once. The only owner of caches.

mod by_edition;
mod by_pace;
pub(crate) mod entry_points;
mod tiles;

use crate::cancel::{Cancel, Cancelled};
use crate::ground::Ground;
use crate::ground::components::MainStreets;
use crate::ground::graph::Graph;
use crate::ground::weights::Weights;
use crate::ground::what_if::WhatIf;
use crate::legs::access::{legs_at, legs_of_gate};
use crate::legs::ends::{are_reached_from_main_streets, components, lead_to_main_streets};
use crate::legs::interior::GateLegs;
use crate::legs::leg::Legs;
use crate::shape::lattice::{Cell, Lattice};
use crate::shape::raster::TileAtPace;
use crate::shape::reached_tiles::TilesNear;
use crate::shape::tile::Tile;
use crate::walk::backwards::Backwards;
use crate::walk::ends::{Destination, End};
use crate::walk::entrances::{AccessIndex, Entrances};
use crate::walk::nearest::Departures;
use crate::walk::starts::{Origin, Start, are_through_buildings, starts};
use crate::walk::walker::Walker;
use by_edition::ByEdition;
use by_pace::ByPace;
use circle_model::city::Edition;
use circle_model::coordinates::Bounds;
use circle_model::grid::widened;
use circle_model::{City, ComponentId, CompoundId, FacilityId, GateId, Point, Profile};
use rayon::prelude::*;
use std::borrow::Cow;
use std::sync::{Arc, OnceLock};
use tiles::TileCache;

/// Capacity of the caches of weights, in paces.
const MOST_PACES: usize = 16;

/// A city prepared for searches, with its caches. Shared by all threads; costly parts are computed on first
/// use.
///
/// ```
/// use circle_model::city::{City, CityTables, Meta};
/// use circle_reach::Network;
///
/// let city = City::from_tables(CityTables::default(), &Meta::default())?;
/// let network = Network::build(&city);
/// assert!(network.graph().is_empty());
/// # Ok::<(), circle_model::city::CityFileError>(())
/// ```
#[derive(Debug)]
pub struct Network {
    pub(crate) ground: Ground,
    pub(crate) lattice: Lattice,
    gate_legs: Vec<OnceLock<Legs>>,
    entrances: OnceLock<Entrances>,
    /// Only in the variant with compounds open: the legs of access points in the network that it was derived
    /// from, if they were computed.
    legs_when_closed: Option<Arc<[Legs]>>,
    reversed: OnceLock<Graph>,
    main_streets: OnceLock<MainStreets>,
    weights: ByPace<Weights>,
    reversed_weights: ByPace<Weights>,
    tiles: TileCache,
    tiles_near: OnceLock<TilesNear>,
    /// The variants of [`WhatIf::ALL`].
    what_ifs: ByEdition<Network>,
    /// The edition of each of [`WhatIf::ALL`], once its city was built.
    editions_of_what_ifs: [OnceLock<Edition>; WhatIf::ALL.len()],
}

impl Network {
    /// Builds the network of a city.
    pub fn build(city: &City) -> Self {
        Self::of(Ground::build(city), TileCache::large(), None)
    }

    /// The network of another edition of the same city: at another time of day, with other limits of legs,
    /// with other gates, and so on. All variants are made here; the caller keeps what it uses again.
    ///
    /// A variant shares equal parts with this network, and has a small tile cache.
    ///
    /// ```
    /// use circle_model::LegLimits;
    /// use circle_reach::testing::Map;
    ///
    /// let network = Map::draw(10.0, "A----B").open().network;
    /// let limits = LegLimits { longest_metres: 60.0, ..LegLimits::default() };
    /// let variant = network.variant(&network.city().with_legs(limits));
    /// assert_ne!(variant.city().edition(), network.city().edition());
    /// ```
    #[must_use]
    pub fn variant(&self, city: &City) -> Self {
        self.build_variant(city, None)
    }

    /// The variant with every compound open and every gate unlocked, cached.
    pub fn with_compounds_open(&self) -> Arc<Self> {
        self.what_if(WhatIf::CompoundsOpen)
    }

    pub(crate) fn what_if(&self, what_if: WhatIf) -> Arc<Self> {
        let known = &self.editions_of_what_ifs[what_if as usize];
        let build = || {
            let city = what_if.apply(&self.ground.city);
            let edition = *known.get_or_init(|| city.edition());
            // Legs can be reused only if the walls stay: without walls other legs may be shorter.
            let legs = self.entrances.get().filter(|_| what_if == WhatIf::CompoundsOpen);
            let legs = legs.map(|entrances| entrances.all_legs().clone());
            (edition, self.build_variant(&city, legs))
        };
        self.what_ifs.get_or_build(|| known.get().copied(), build)
    }

    fn build_variant(&self, city: &City, legs_when_closed: Option<Arc<[Legs]>>) -> Self {
        Self::of(self.ground.variant(city), TileCache::small(), legs_when_closed)
    }

    fn of(ground: Ground, tiles: TileCache, legs_when_closed: Option<Arc<[Legs]>>) -> Self {
        Self {
            lattice: Lattice::new(&ground.city),
            gate_legs: ground.city.gates().iter().map(|_| OnceLock::new()).collect(),
            entrances: OnceLock::new(),
            legs_when_closed,
            reversed: OnceLock::new(),
            main_streets: OnceLock::new(),
            weights: ByPace::new(MOST_PACES),
            reversed_weights: ByPace::new(MOST_PACES),
            tiles,
            tiles_near: OnceLock::new(),
            what_ifs: ByEdition::new(WhatIf::ALL.len()),
            editions_of_what_ifs: [const { OnceLock::new() }; WhatIf::ALL.len()],
            ground,
        }
    }

    /// Limits the cache of isochrone tiles to about 60 MiB: for commands that draw each place once.
    #[must_use]
    pub fn with_small_tile_cache(mut self) -> Self {
        self.tiles = TileCache::small();
        self
    }

    /// The city that it was built from.
    pub fn city(&self) -> &City {
        &self.ground.city
    }

    /// Computes the legs of all facilities now, instead of on first use.
    pub fn prepare_facilities(&self) {
        self.entrances();
    }

    /// Computes the legs of all gates now, instead of on first use.
    pub fn prepare_gates(&self) {
        (0..self.gate_legs.len() as u32).into_par_iter().for_each(|gate| {
            self.of_gate(GateId(gate));
        });
    }

    /// The access legs of a place; none when it is off the network.
    pub fn legs(&self, point: Point) -> Legs {
        legs_at(&self.ground, self, point)
    }

    /// The smallest compound whose outline contains a place.
    pub fn compound_at(&self, point: Point) -> Option<CompoundId> {
        self.ground.compound_at(point)
    }

    /// Whether buildings hide every way from an origin, so that they are not counted as obstacles there.
    pub fn through_buildings(&self, origin: Origin) -> bool {
        are_through_buildings(&self.starts(origin))
    }

    /// The highest speed of a profile, in metres per second. With slopes it is the speed down a slope of 1 in
    /// 20.
    pub fn fastest(&self, profile: &Profile) -> f64 {
        self.ground.fastest(&profile.pace)
    }

    /// The walks from many origins to their first junctions, shared by searches for the nearest facilities.
    ///
    /// ```
    /// use circle_model::{FacilityId, Milliseconds};
    /// use circle_reach::testing::{Map, profile};
    /// use circle_reach::{Cancel, Origin};
    ///
    /// let scene = Map::draw(10.0, "A--p-----f--B").facility("f").open();
    /// let (adult, cancel) = (profile("adult"), Cancel::never());
    /// let departures = scene.network.departures(&adult, [Origin::Place(scene.point('p'))], &cancel);
    /// let (none, hour) = (Milliseconds(0), Milliseconds::from_minutes(60));
    /// let found = departures.nearest(&[FacilityId(0)], &[0], none, hour)?;
    /// assert_eq!(found[0].unwrap().length.metres().round(), 60.0);
    /// # Ok::<(), circle_reach::Cancelled>(())
    /// ```
    pub fn departures<'a>(
        &'a self,
        profile: &'a Profile,
        origins: impl IntoIterator<Item = Origin>,
        cancel: &'a Cancel,
    ) -> Departures<'a> {
        let walker = self.walker(profile, cancel);
        let backwards = self.backwards(profile);
        let starts = |origin| self.starts(origin);
        Departures::new(walker, backwards, self.entrances(), self.main_streets(), origins, starts)
    }

    /// The connected components that a compound's gates lead to, ascending; empty if no way leads to it.
    pub fn compound_components(&self, compound: CompoundId) -> Vec<ComponentId> {
        let gates = self.ground.compound(compound).gates;
        let gates = (gates.start..gates.start + gates.len).map(GateId);
        components(&self.ground, gates.map(|gate| self.of_gate(gate)))
    }

    /// The connected components that a facility's access points lead to, ascending; empty if no way leads to
    /// it or it is closed at the city's time of day.
    pub fn facility_components(&self, facility: FacilityId) -> Vec<ComponentId> {
        components(&self.ground, self.access_legs_of(facility))
    }

    /// Whether the residents of a compound can walk to the main streets: the largest connected component of
    /// public ways.
    pub fn leads_to_main_streets(&self, compound: CompoundId) -> bool {
        let main = self.main_streets();
        let leads_out = |gate| lead_to_main_streets(&self.ground, self.of_gate(gate), main);
        self.ground.open_gates(compound).any(leads_out)
    }

    /// Whether a walk from the main streets can reach a facility.
    pub fn is_reachable_from_main_streets(&self, facility: FacilityId) -> bool {
        let main = self.main_streets();
        self.access_legs_of(facility).any(|legs| are_reached_from_main_streets(&self.ground, legs, main))
    }

    /// The open gates of a compound that lead to the main streets; all open gates if none does.
    pub fn gates_to_main_streets(&self, compound: CompoundId) -> Vec<GateId> {
        let main = self.main_streets();
        let open: Vec<GateId> = self.ground.open_gates(compound).collect();
        let leads_out = |gate: &&GateId| lead_to_main_streets(&self.ground, self.of_gate(**gate), main);
        let out: Vec<GateId> = open.iter().filter(leads_out).copied().collect();
        if out.is_empty() { open } else { out }
    }

    /// The graph that is searched.
    pub fn graph(&self) -> &Graph {
        &self.ground.graph
    }

    /// The graph with every arc reversed, for searches backwards.
    pub fn reversed(&self) -> &Graph {
        self.reversed.get_or_init(|| self.ground.graph.reversed())
    }

    /// The weights of [`Network::graph`] under a profile.
    pub fn weights(&self, profile: &Profile) -> Arc<Weights> {
        let make = || Weights::new(&self.ground.city, &self.ground.graph, &profile.pace);
        self.weights.get_or_make(&profile.pace, make)
    }

    /// The weights of [`Network::reversed`] under a profile.
    pub fn reversed_weights(&self, profile: &Profile) -> Arc<Weights> {
        let make = || Weights::new(&self.ground.city, self.reversed(), &profile.pace);
        self.reversed_weights.get_or_make(&profile.pace, make)
    }

    pub(crate) fn walker<'a>(&'a self, profile: &'a Profile, cancel: &'a Cancel) -> Walker<'a> {
        Walker { ground: &self.ground, profile, cancel }
    }

    pub(crate) fn backwards(&self, profile: &Profile) -> Backwards<'_> {
        Backwards { graph: self.reversed(), weights: self.reversed_weights(profile) }
    }

    pub(crate) fn starts(&self, origin: Origin) -> Vec<Start<'_>> {
        starts(&self.ground, self, origin)
    }

    /// The places that a walk to a destination may end at, with or without legs.
    pub(crate) fn ends(&self, to: Destination) -> Vec<End<'_>> {
        match to {
            Destination::Place(point) => vec![End { point, legs: Cow::Owned(self.legs(point)) }],
            Destination::Facility(facility) => {
                let points = self.ground.city.access_points();
                let end = |access: AccessIndex| End {
                    point: points[access.index()].point,
                    legs: Cow::Borrowed(self.entrances().legs(access)),
                };
                self.access_points(facility).map(end).collect()
            }
        }
    }

    /// The entrances of all facilities. They are built outside the lock: a thread of rayon's pool that waits
    /// on the lock could not help to build them. Two threads that build them at once get equal results.
    pub(crate) fn entrances(&self) -> &Entrances {
        if let Some(known) = self.entrances.get() {
            return known;
        }
        let built = Entrances::build(&self.ground, |access| self.access_legs(access));
        self.entrances.get_or_init(|| built)
    }

    fn access_legs(&self, access: AccessIndex) -> Legs {
        let point = self.ground.city.access_points()[access.index()].point;
        // Opening the compounds does not change the legs of a place that is far from all compounds and whose
        // legs are all `own`.
        let known = self.legs_when_closed.as_ref().map(|legs| &legs[access.index()]).filter(|legs| {
            let around = widened(&Bounds::of([point]), self.ground.limits.longest_metres);
            legs.legs.iter().all(|leg| leg.own) && !self.ground.outlines.any_near(&around)
        });
        known.map_or_else(|| self.legs(point), Legs::clone)
    }

    fn access_points(&self, facility: FacilityId) -> impl Iterator<Item = AccessIndex> + use<> {
        let access = self.ground.city.facilities()[facility.index()].access;
        (access.start..access.start + access.len).map(AccessIndex)
    }

    fn access_legs_of(&self, facility: FacilityId) -> impl Iterator<Item = &Legs> {
        self.access_points(facility).map(|access| self.entrances().legs(access))
    }

    fn main_streets(&self) -> &MainStreets {
        let find = || MainStreets::find(&self.ground.city, &self.ground.graph, self.reversed());
        self.main_streets.get_or_init(find)
    }

    pub(crate) fn tiles_near(&self) -> &TilesNear {
        self.tiles_near.get_or_init(|| TilesNear::build(&self.ground, self, &self.lattice))
    }

    /// The tiles at `cells` with the remaining times at the walker's pace.
    pub(crate) fn tiles(&self, walker: Walker<'_>, cells: &[Cell]) -> Result<Vec<TileAtPace>, Cancelled> {
        let make = |cell| Tile::make(&self.ground, self, &self.lattice, cell, walker.cancel);
        self.tiles.get_or_make(cells, walker, make)
    }
}

impl GateLegs for Network {
    fn of_gate(&self, gate: GateId) -> &Legs {
        self.gate_legs[gate.index()].get_or_init(|| legs_of_gate(&self.ground, gate))
    }
}
