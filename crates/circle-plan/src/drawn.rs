//! Cities for the tests of pairing and keys. Positions are in metres.

use circle_model::city::{
    Building, Candidate, CityTables, Compound, Facility, Gate, GateProvenance, MapFeature, MapKind, Meta,
    OsmKind, OwnFile, Population, PopulationFrom, SourceRecord, Span, Text, Unit, Zone,
};
use circle_model::coordinates::Bounds;
use circle_model::{Catalogue, City, CompoundId, Point};
use circle_reach::Network;
use circle_reach::testing::Map;
use zerocopy::FromZeros;

/// The point at this offset, in metres east and north, from a reference point in Harbin.
pub(crate) fn at([x, y]: [i32; 2]) -> Point {
    Point { lon: 1_266_000_000 + x * 128, lat: 457_000_000 + y * 90 }
}

/// The network of a town drawn as text. Its facilities have the given categories, in their order; `change` may change its
/// tables further.
pub(crate) fn drawn_network(map: &Map, categories: &[&str], change: impl FnOnce(&mut CityTables)) -> Network {
    let catalogue = Catalogue::built_in();
    let mut tables = map.town.tables();
    tables.facility_categories = categories.iter().map(|id| catalogue.index_of(id).unwrap() as u8).collect();
    for (row, facility) in (0u32..).zip(&mut tables.facilities) {
        facility.categories = Span { start: row, len: 1 };
    }
    change(&mut tables);
    Network::build(&City::from_tables(tables, &Meta::default()).unwrap())
}

/// Builds a city. A key such as `w12` stands for that map object, any other key for an own record.
#[derive(Debug, Default)]
pub(crate) struct Sketch(CityTables);

impl Sketch {
    fn text(&mut self, text: &str) -> Text {
        let start = self.0.texts.len() as u32;
        self.0.texts.extend_from_slice(text.as_bytes());
        Text { start, len: text.len() as u32 }
    }

    /// Kind and id of the map object, and the text of any other key.
    fn key(&mut self, key: &str) -> (OsmKind, i64, Text) {
        let kind = match key.as_bytes()[0] {
            b'n' => OsmKind::Node,
            b'w' => OsmKind::Way,
            b'r' => OsmKind::Relation,
            _ => OsmKind::None,
        };
        match key[1..].parse::<i64>() {
            Ok(id) if kind != OsmKind::None => (kind, id, Text::default()),
            _ => (OsmKind::None, 0, self.text(key)),
        }
    }

    fn origin(&mut self, key: &str, name: Text, point: Point) -> Span {
        let (kind, osm_id, reference) = self.key(key);
        let own = u32::from(kind == OsmKind::None);
        let start = self.0.origins.len() as u32;
        self.0.origins.push(SourceRecord {
            osm_id,
            point,
            name,
            reference,
            source: own,
            row: own,
            osm_kind: kind.code(),
            ..SourceRecord::new_zeroed()
        });
        Span { start, len: 1 }
    }

    /// Adds a compound with its gates.
    pub(crate) fn compound(
        mut self,
        key: &str,
        name: &str,
        place: [i32; 2],
        gates: &[(&str, [i32; 2])],
    ) -> Self {
        let (kind, osm_id, key_text) = self.key(key);
        let name = self.text(name);
        let origins = self.origin(key, name, at(place));
        let row = self.0.compounds.len() as u32;
        let start = self.0.gates.len() as u32;
        for (key, place) in gates {
            let (kind, osm_id, key) = self.key(key);
            assert!(kind == OsmKind::Node || osm_id == 0, "gates are nodes");
            self.0.gates.push(Gate {
                osm_id,
                key,
                point: at(*place),
                compound: CompoundId(row),
                provenance: GateProvenance::Mapped.code(),
                ..Gate::new_zeroed()
            });
        }
        self.0.compounds.push(Compound {
            osm_id,
            osm_kind: kind.code(),
            key: key_text,
            name,
            origins,
            point: at(place),
            gates: Span { start, len: gates.len() as u32 },
            units: [u32::MAX; 4],
            population: Population::NONE,
            population_from: PopulationFrom::Unknown.code(),
            ..Compound::new_zeroed()
        });
        self
    }

    /// Adds a facility of the first category.
    pub(crate) fn facility(mut self, key: &str, name: &str, place: [i32; 2]) -> Self {
        let (kind, osm_id, key_text) = self.key(key);
        let name = self.text(name);
        let origins = self.origin(key, name, at(place));
        self.0.facility_categories = vec![0];
        self.0.facilities.push(Facility {
            osm_id,
            osm_kind: kind.code(),
            key: key_text,
            name,
            origins,
            point: at(place),
            categories: Span { start: 0, len: 1 },
            units: [u32::MAX; 4],
            ..Facility::new_zeroed()
        });
        self
    }

    /// Adds a unit with a box of 1 km around a place.
    pub(crate) fn unit(
        mut self,
        key: &str,
        level: u8,
        name: &str,
        code: &str,
        place @ [x, y]: [i32; 2],
    ) -> Self {
        let (kind, osm_id, key) = self.key(key);
        let [name, code] = [name, code].map(|text| self.text(text));
        self.0.units.push(Unit {
            osm_id,
            osm_kind: kind.code(),
            key,
            name,
            code,
            point: at(place),
            bounds: Bounds::of([at([x - 500, y - 500]), at([x + 500, y + 500])]),
            parent: u32::MAX,
            admin_level: level,
            ..Unit::new_zeroed()
        });
        self
    }

    /// Adds a candidate space.
    pub(crate) fn candidate(mut self, key: &str, name: &str, place: [i32; 2]) -> Self {
        let [key, name] = [key, name].map(|text| self.text(text));
        self.0.candidates.push(Candidate {
            key,
            name,
            point: at(place),
            source: 1,
            row: 1,
            compound: u32::MAX,
            ..Candidate::new_zeroed()
        });
        self
    }

    /// Adds a residential building.
    pub(crate) fn building(mut self, key: &str, name: &str, place: [i32; 2]) -> Self {
        let (kind, osm_id, key) = self.key(key);
        let name = self.text(name);
        let on_map = kind != OsmKind::None;
        let feature = if on_map { self.0.features.len() as u32 } else { u32::MAX };
        if on_map {
            self.0.features.push(MapFeature {
                osm_id,
                osm_kind: kind.code(),
                kind: MapKind::Building.code(),
                bounds: Bounds::of([at(place)]),
                ..MapFeature::new_zeroed()
            });
        }
        self.0.buildings.push(Building {
            key,
            name,
            feature,
            point: at(place),
            compound: u32::MAX,
            population_from: PopulationFrom::Unknown.code(),
            ..Building::new_zeroed()
        });
        self
    }

    /// Builds the city.
    pub(crate) fn city(mut self) -> City {
        self.0.zones = vec![Zone::new(None, Zone::RESTRICTED_WAYS)];
        City::from_tables(self.0, &Meta { own: vec![OwnFile::default()], ..Meta::default() }).unwrap()
    }
}
