//! A small town in metres, from which a city and its network are built.

use crate::network::Network;
use crate::shape::contour::signed_square_metres;
use circle_model::city::{
    Access, City, CityTables, Compound, Edge, EdgeEndFlags, EdgeFlags, Facility, FacilityFlags, Gate,
    MapFeature, MapFeatureFlags, MapKind, Meta, Node, NodeFlags, Population, Ring, RingRole, Shut, Slope,
    Span, Zone,
};
use circle_model::coordinates::Bounds;
use circle_model::plane::Xy;
use circle_model::{
    ComponentId, CompoundId, FeatureId, Frame, LonLat, Millimetres, NodeId, Point, Profile, Profiles, ZoneId,
};
use petgraph::unionfind::UnionFind;

/// A street between two junctions: an edge of the city.
#[derive(Debug, Clone)]
pub struct Street {
    /// Number of the junction that it begins at.
    pub from: u32,
    /// Number of the junction that it ends at.
    pub to: u32,
    /// Its line, both junctions included.
    pub line: Vec<Xy>,
    /// The flags of its edge.
    pub flags: EdgeFlags,
    /// What is passed at its ends.
    pub ends: [EdgeEndFlags; 2],
    /// Its zone; 0 is public.
    pub zone: u32,
}

/// A compound.
#[derive(Debug, Clone)]
pub struct Estate {
    /// Its outline, closed.
    pub outline: Vec<Xy>,
    /// Its zone, if it is closed; 0 if it is open.
    pub zone: u32,
    /// Zone of the estate around it; 0 for none.
    pub parent: u32,
    /// Its gates.
    pub gates: Vec<Xy>,
}

/// A town. Places are metres east and north of its origin.
#[derive(Debug, Clone)]
pub struct Town {
    /// Position of its origin on the earth.
    pub origin: LonLat,
    /// Place and flags of each junction.
    pub junctions: Vec<(Xy, NodeFlags)>,
    /// Numbers of the shut junctions, which no walk passes.
    pub shut: Vec<u32>,
    /// Its streets, in the order of the city's edges.
    pub streets: Vec<Street>,
    /// Walls, rails, water and buildings.
    pub obstacles: Vec<(MapKind, Vec<Xy>)>,
    /// Its compounds.
    pub estates: Vec<Estate>,
    /// Access points of each facility.
    pub facilities: Vec<Vec<Xy>>,
    /// By facility, the estate that it serves alone, from 1; facilities without an entry serve everybody.
    pub only_for: Vec<u32>,
    /// Metres up along each street; empty if heights are not known.
    pub rises: Vec<f64>,
    /// `true` if connected components have their true size; otherwise each counts as at least 500 m, so that
    /// none is an island.
    pub islands: bool,
}

/// A built-in profile.
///
/// # Panics
/// If there is no profile with this id.
pub fn profile(id: &str) -> Profile {
    Profiles::built_in().find(id).unwrap_or_else(|| panic!("no profile {id}")).clone()
}

impl Default for Town {
    fn default() -> Self {
        let origin = LonLat { lon: 126.6, lat: 45.7 };
        let (junctions, streets, obstacles) = (Vec::new(), Vec::new(), Vec::new());
        Self {
            origin,
            junctions,
            shut: Vec::new(),
            streets,
            obstacles,
            estates: Vec::new(),
            facilities: Vec::new(),
            only_for: Vec::new(),
            rises: Vec::new(),
            islands: false,
        }
    }
}

impl Town {
    /// The place at metres east and north of the origin. Metres east are measured at the place's own
    /// latitude, so that streets that run east keep their length.
    pub fn point(&self, [x, y]: Xy) -> Point {
        let north = Frame::at(self.origin.point()).point([0.0, y]);
        Frame::at(north).point([x, 0.0])
    }

    /// Adds a junction and returns its number.
    pub fn junction(&mut self, at: Xy) -> u32 {
        self.junctions.push((at, NodeFlags::empty()));
        self.junctions.len() as u32 - 1
    }

    /// Adds a straight street.
    pub fn street(&mut self, from: u32, to: u32, flags: EdgeFlags, zone: u32) {
        let line = vec![self.junctions[from as usize].0, self.junctions[to as usize].0];
        self.streets.push(Street { from, to, line, flags, ends: [EdgeEndFlags::empty(); 2], zone });
    }

    /// The network of [`Town::city`].
    pub fn network(&self) -> Network {
        Network::build(&self.city())
    }

    /// The town as a city.
    ///
    /// # Panics
    /// If the number of a junction or zone is out of range.
    pub fn city(&self) -> City {
        let mut shut = vec![false; self.junctions.len()];
        self.shut.iter().for_each(|junction| shut[*junction as usize] = true);
        let city =
            City::from_tables(self.tables(), &Meta::default()).expect("rows within the limits of a city");
        city.with_shut(Shut { nodes: shut, ..Shut::default() })
    }

    /// The tables of the city, for tests that change them; [`Town::shut`] is not in them.
    ///
    /// # Panics
    /// As [`Town::city`].
    pub fn tables(&self) -> CityTables {
        let mut tables = CityTables::default();
        self.add_streets(&mut tables);
        for (kind, line) in &self.obstacles {
            let closed = line.first() == line.last();
            let rings =
                self.add_ring(&mut tables, line, if closed { RingRole::Outer } else { RingRole::Line });
            let bounds = Bounds::of(line.iter().map(|at| self.point(*at)));
            tables.features.push(feature(*kind, MapFeatureFlags::OBSTACLE, rings, bounds));
        }
        for (number, estate) in self.estates.iter().enumerate() {
            self.add_estate(&mut tables, number as u32, estate);
        }
        for (number, places) in self.facilities.iter().enumerate() {
            let access = Span { start: tables.access_points.len() as u32, len: places.len() as u32 };
            tables.access_points.extend(places.iter().map(|at| Access { point: self.point(*at), kind: 3 }));
            tables.facilities.push(Facility {
                osm_id: 0,
                point: self.point(places[0]),
                name: Span::default(),
                name_en: Span::default(),
                key: Span::default(),
                access,
                categories: Span::default(),
                area_square_metres: 0.0,
                osm_kind: 0,
                confidence_percent: 100,
                origins: Span::default(),
                units: [u32::MAX; 4],
                capacity: 0.0,
                channel: 0,
                flags: FacilityFlags::empty(),
                only_for: self.only_for.get(number).copied().unwrap_or(0),
                spare: [0; 8],
            });
        }
        tables
    }

    fn add_streets(&self, tables: &mut CityTables) {
        let mut joined = UnionFind::<u32>::new(self.junctions.len());
        let mut metres = vec![0.0; self.junctions.len()];
        for (number, street) in self.streets.iter().enumerate() {
            let line = self.add_line(tables, &street.line);
            let points = &tables.points[line.range()];
            let length: f64 = points.windows(2).map(|pair| pair[0].distance_metres(pair[1])).sum();
            let bounds = Bounds::of(points.iter().copied());
            if let Some(rise) = self.rises.get(number) {
                tables.slopes.push(Slope::of(&[(length, *rise)]));
            }
            joined.union(street.from, street.to);
            metres[street.from as usize] += length;
            tables.edges.push(Edge {
                from: NodeId(street.from),
                to: NodeId(street.to),
                length_mm: Millimetres::from_metres(length).0,
                way: FeatureId(number as u32),
                zone: ZoneId(street.zone),
                flags: street.flags,
                ends: street.ends,
                line,
            });
            tables.features.push(feature(MapKind::Way, MapFeatureFlags::empty(), Span::default(), bounds));
        }
        let labels = joined.into_labeling();
        let mut of_component = vec![0.0; labels.len()];
        labels.iter().zip(metres).for_each(|(label, metres)| of_component[*label as usize] += metres);
        let mut largest_first: Vec<u32> =
            (0..labels.len() as u32).filter(|it| labels[*it as usize] == *it).collect();
        largest_first.sort_by(|a, b| of_component[*b as usize].total_cmp(&of_component[*a as usize]));
        for ((at, flags), label) in self.junctions.iter().zip(&labels) {
            let component = largest_first.iter().position(|it| it == label).unwrap_or_default();
            let component = ComponentId(component as u32);
            tables.nodes.push(Node { point: self.point(*at), osm_id: 0, flags: *flags, component });
        }
        let least = if self.islands { 0 } else { 500 };
        let metres = |label: &u32| (of_component[*label as usize].round() as u32).max(least);
        tables.component_metres = largest_first.iter().map(metres).collect();
        let zones = self.streets.iter().map(|it| it.zone).chain(self.estates.iter().map(|it| it.zone)).max();
        tables.zones = vec![Zone::new(None, Zone::RESTRICTED_WAYS); zones.unwrap_or(0) as usize + 1];
    }

    fn add_estate(&self, tables: &mut CityTables, number: u32, estate: &Estate) {
        let rings = self.add_ring(tables, &estate.outline, RingRole::Outer);
        let gates = Span { start: tables.gates.len() as u32, len: estate.gates.len() as u32 };
        tables.gates.extend(estate.gates.iter().map(|at| Gate {
            osm_id: 0,
            point: self.point(*at),
            name: Span::default(),
            key: Span::default(),
            compound: CompoundId(number),
            provenance: 0,
            locked: 0,
            spare: [0; 2],
            source: 0,
            row: 0,
        }));
        if estate.zone != 0 {
            let inside = Zone::new(Some(CompoundId(number)), Zone::COMPOUND);
            tables.zones[estate.zone as usize] = Zone { parent: ZoneId(estate.parent), ..inside };
        }
        tables.compounds.push(Compound {
            osm_id: 0,
            point: self.point(estate.outline[0]),
            name: Span::default(),
            name_en: Span::default(),
            key: Span::default(),
            rings,
            gates,
            area_square_metres: signed_square_metres(
                &estate.outline.iter().map(|at| self.point(*at)).collect::<Vec<_>>(),
            )
            .abs() as f32,
            zone: ZoneId(estate.zone),
            units: [u32::MAX; 4],
            origins: Span::default(),
            population: Population::NONE,
            population_from: 3,
            spare: [0; 3],
            osm_kind: 0,
            closed: u8::from(estate.zone != 0),
            evidence: 0,
            generated_name: 0,
        });
    }

    fn add_line(&self, tables: &mut CityTables, line: &[Xy]) -> Span {
        let start = tables.points.len() as u32;
        tables.points.extend(line.iter().map(|at| self.point(*at)));
        Span { start, len: line.len() as u32 }
    }

    fn add_ring(&self, tables: &mut CityTables, line: &[Xy], role: RingRole) -> Span {
        let ring = Ring { line: self.add_line(tables, line), role: u32::from(role.code()) };
        tables.rings.push(ring);
        Span { start: tables.rings.len() as u32 - 1, len: 1 }
    }
}

fn feature(kind: MapKind, flags: MapFeatureFlags, rings: Span, bounds: Bounds) -> MapFeature {
    MapFeature {
        osm_id: 0,
        bounds,
        name: Span::default(),
        name_en: Span::default(),
        rings,
        class: Span::default(),
        area_square_metres: 0.0,
        kind: kind.code(),
        osm_kind: 0,
        layer: 0,
        flags,
    }
}
