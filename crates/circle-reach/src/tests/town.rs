//! A small town in metres, turned into a city and its network.

use crate::Network;
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

#[derive(Debug, Clone)]
pub(super) struct Street {
    pub(super) from: u32,
    pub(super) to: u32,
    /// Both junctions included.
    pub(super) line: Vec<Xy>,
    pub(super) flags: EdgeFlags,
    /// What is passed at its ends.
    pub(super) ends: [EdgeEndFlags; 2],
    pub(super) zone: u32,
}

#[derive(Debug, Clone)]
pub(super) struct Estate {
    pub(super) outline: Vec<Xy>,
    pub(super) zone: u32,
    /// Zone of the estate around it; 0 for none.
    pub(super) parent: u32,
    pub(super) gates: Vec<Xy>,
}

/// East and north of its origin, in metres.
#[derive(Debug, Clone)]
pub(super) struct Town {
    pub(super) origin: LonLat,
    /// Place and flags.
    pub(super) junctions: Vec<(Xy, NodeFlags)>,
    /// Junctions that nobody passes.
    pub(super) shut: Vec<u32>,
    pub(super) streets: Vec<Street>,
    pub(super) obstacles: Vec<(MapKind, Vec<Xy>)>,
    pub(super) estates: Vec<Estate>,
    /// Access points of each.
    pub(super) facilities: Vec<Vec<Xy>>,
    /// By facility, the estate that it serves alone, from 1; those that are not named serve everybody.
    pub(super) only_for: Vec<u32>,
    /// Metres up along each street; none where heights are not known.
    pub(super) rises: Vec<f64>,
    /// Small parts of the network count as the islands that they are.
    pub(super) islands: bool,
}

pub(super) fn profile(id: &str) -> Profile {
    Profiles::built_in().find(id).unwrap().clone()
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
    /// Longitude by the frame of the place's own latitude: streets that run east keep their length.
    pub(super) fn point(&self, [x, y]: Xy) -> Point {
        let north = Frame::at(self.origin.point()).point([0.0, y]);
        Frame::at(north).point([x, 0.0])
    }

    pub(super) fn junction(&mut self, at: Xy) -> u32 {
        self.junctions.push((at, NodeFlags::empty()));
        self.junctions.len() as u32 - 1
    }

    /// A straight street.
    pub(super) fn street(&mut self, from: u32, to: u32, flags: EdgeFlags, zone: u32) {
        let line = vec![self.junctions[from as usize].0, self.junctions[to as usize].0];
        self.streets.push(Street { from, to, line, flags, ends: [EdgeEndFlags::empty(); 2], zone });
    }

    pub(super) fn network(&self) -> Network {
        Network::build(&self.city())
    }

    pub(super) fn city(&self) -> City {
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
        let mut shut = vec![false; self.junctions.len()];
        self.shut.iter().for_each(|junction| shut[*junction as usize] = true);
        let city = City::from_tables(tables, &Meta::default()).unwrap();
        city.with_shut(Shut { nodes: shut, ..Shut::default() })
    }

    fn add_streets(&self, tables: &mut CityTables) {
        let mut parts = UnionFind::<u32>::new(self.junctions.len());
        let mut metres = vec![0.0; self.junctions.len()];
        for (number, street) in self.streets.iter().enumerate() {
            let line = self.add_line(tables, &street.line);
            let points = &tables.points[line.range()];
            let length: f64 = points.windows(2).map(|pair| pair[0].distance_metres(pair[1])).sum();
            let bounds = Bounds::of(points.iter().copied());
            if let Some(rise) = self.rises.get(number) {
                tables.slopes.push(Slope::of(&[(length, *rise)]));
            }
            parts.union(street.from, street.to);
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
        let labels = parts.into_labeling();
        let mut of_part = vec![0.0; labels.len()];
        labels.iter().zip(metres).for_each(|(part, metres)| of_part[*part as usize] += metres);
        let mut largest_first: Vec<u32> =
            (0..labels.len() as u32).filter(|it| labels[*it as usize] == *it).collect();
        largest_first.sort_by(|a, b| of_part[*b as usize].total_cmp(&of_part[*a as usize]));
        for ((at, flags), part) in self.junctions.iter().zip(&labels) {
            let component = ComponentId(largest_first.iter().position(|it| it == part).unwrap() as u32);
            tables.nodes.push(Node { point: self.point(*at), osm_id: 0, flags: *flags, component });
        }
        let least = if self.islands { 0 } else { 500 };
        let metres = |part: &u32| (of_part[*part as usize].round() as u32).max(least);
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
            area_square_metres: crate::contour::signed_square_metres(
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
