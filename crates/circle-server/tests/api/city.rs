//! One street of 1.2 km from west to east with three compounds and twelve facilities.

use circle_model::{
    Catalogue, City, Point,
    city::{
        Access, CityTables, Compound, Edge, Facility, FormerKey, Gate, Input, KeyOf, MapFeature, MapKind,
        Meta, Node, OsmKind, Ring, RingRole, Span, Unit, Zone,
    },
    coordinates::Bounds,
};
use circle_model::{CompoundId, NodeId};
use circle_server::Served;
use circle_study::{Choices, Study};
use zerocopy::FromZeros;

/// The west end of the street.
pub(crate) const WEST: Point = Point { lon: 1_266_400_000, lat: 457_500_000 };
/// 10⁻⁷ degrees of longitude in 100 m of the street.
const STEP: i32 = 12_850;
const JUNCTIONS: u32 = 13;

/// `steps` × 100 m along the street, `north` × 10⁻⁷ degrees beside it.
pub(crate) fn along(steps: i32, north: i32) -> Point {
    Point { lon: WEST.lon + steps * STEP, lat: WEST.lat + north }
}

/// `LON,LAT` as in addresses.
pub(crate) fn at(point: Point) -> String {
    let place = point.lon_lat();
    format!("{},{}", place.lon, place.lat)
}

#[derive(Default)]
struct Builder(CityTables);

impl Builder {
    fn text(&mut self, text: &str) -> Span {
        let start = self.0.texts.len() as u32;
        self.0.texts.extend_from_slice(text.as_bytes());
        Span { start, len: text.len() as u32 }
    }

    fn line(&mut self, points: &[Point]) -> Span {
        let start = self.0.points.len() as u32;
        self.0.points.extend_from_slice(points);
        Span { start, len: points.len() as u32 }
    }

    fn ring(&mut self, role: RingRole, points: &[Point]) -> Span {
        let ring = Ring { line: self.line(points), role: u32::from(role.code()) };
        self.0.rings.push(ring);
        Span { start: self.0.rings.len() as u32 - 1, len: 1 }
    }

    fn street(&mut self) {
        let points: Vec<Point> = (0..JUNCTIONS as i32).map(|step| along(step, 0)).collect();
        let (rings, class, name) =
            (self.ring(RingRole::Line, &points), self.text("residential"), self.text("中山路"));
        self.0.features.push(MapFeature {
            osm_id: 1,
            bounds: Bounds::of(points.iter().copied()),
            name,
            class,
            rings,
            kind: MapKind::Way.code(),
            osm_kind: OsmKind::Way.code(),
            ..MapFeature::new_zeroed()
        });
        self.0.zones.push(Zone::new(None, Zone::RESTRICTED_WAYS));
        self.0.nodes = points.iter().map(|point| Node { point: *point, ..Node::new_zeroed() }).collect();
        let mut length = 0.0;
        for from in 0..JUNCTIONS - 1 {
            let ends = [points[from as usize], points[from as usize + 1]];
            let metres = ends[0].distance_metres(ends[1]);
            length += metres;
            let line = self.line(&ends);
            let length_mm = (metres * 1000.0).round() as u32;
            self.0.edges.push(Edge {
                from: NodeId(from),
                to: NodeId(from + 1),
                length_mm,
                line,
                ..Edge::new_zeroed()
            });
        }
        self.0.component_metres = vec![length as u32];
    }

    fn compound(&mut self, name: &str, middle: i32, gates: &[&str]) {
        let outline = [(-1, 200), (1, 200), (1, 5_000), (-1, 5_000), (-1, 200)]
            .map(|(east, north)| along(middle + east, north));
        let (name, rings) = (self.text(name), self.ring(RingRole::Outer, &outline));
        let row = self.0.compounds.len() as u32;
        let span = Span { start: self.0.gates.len() as u32, len: gates.len() as u32 };
        for (position, gate) in gates.iter().enumerate() {
            let name = self.text(gate);
            let point = along(middle + position as i32, 200);
            let osm_id = 700 + self.0.gates.len() as i64;
            let gate =
                Gate { osm_id, name, point, compound: CompoundId(row), provenance: 1, ..Gate::new_zeroed() };
            self.0.gates.push(gate);
        }
        self.0.compounds.push(Compound {
            osm_id: 500 + i64::from(row),
            point: along(middle, 2_500),
            name,
            rings,
            gates: span,
            area_square_metres: 10_000.0,
            units: [0, u32::MAX, u32::MAX, u32::MAX],
            osm_kind: OsmKind::Way.code(),
            ..Compound::new_zeroed()
        });
    }

    fn facility(&mut self, name: &str, category: usize, step: i32) {
        let (name, point) = (self.text(name), along(step, -100));
        let access = Span { start: self.0.access_points.len() as u32, len: 1 };
        self.0.access_points.push(Access { point, kind: 3 });
        let categories = Span { start: self.0.facility_categories.len() as u32, len: 1 };
        self.0.facility_categories.push(category as u8);
        self.0.facilities.push(Facility {
            osm_id: 900 + self.0.facilities.len() as i64,
            osm_kind: OsmKind::Node.code(),
            name,
            point,
            access,
            categories,
            ..Facility::new_zeroed()
        });
    }

    /// A key of an earlier edition, of a row or of a thing that is gone.
    fn former(&mut self, of: KeyOf, key: &str, point: Point, row: u32) {
        let text = self.text(key);
        self.0.former_keys.push(FormerKey { text, point, row, of: of.code(), spare: [0; 3] });
    }
}

/// The city; `meta` names a data date, so that another one is other data.
///
/// Compounds are `w500` to `w502`, gates `n700` to `n703`, facilities `n900` to `n911`, the unit is `r300`. `w400`, `n600`,
/// `n800` and `r200` are former keys of `w500`, `n701`, `n903` and `r300`; `w401`, `n601`, `n801` and `r201` are gone.
pub(crate) fn city(data_date: &str) -> City {
    let catalogue = Catalogue::built_in();
    let category = |id: &str| catalogue.index_of(id).unwrap();
    let mut builder = Builder::default();
    builder.street();
    let district = builder.text("道里区");
    builder.0.units.push(Unit {
        osm_id: 300,
        osm_kind: OsmKind::Relation.code(),
        name: district,
        point: along(6, 400),
        admin_level: 6,
        parent: u32::MAX,
        ..Unit::new_zeroed()
    });
    builder.compound("甲小区", 2, &["东门", "北门"]);
    builder.compound("同名小区", 6, &["门"]);
    builder.compound("同名小区", 10, &["门"]);
    for step in 0..6 {
        builder.facility(&format!("诊所{step}"), category("clinic"), step);
        builder.facility(&format!("公园 & 园{step}"), category("park"), step + 6);
    }
    for (of, key, row) in [
        (KeyOf::Compound, "w400", 0),
        (KeyOf::Compound, "w401", FormerKey::GONE),
        (KeyOf::Gate, "n600", 1),
        (KeyOf::Gate, "n601", FormerKey::GONE),
        (KeyOf::Facility, "n800", 3),
        (KeyOf::Facility, "n801", FormerKey::GONE),
        (KeyOf::Unit, "r200", 0),
        (KeyOf::Unit, "r201", FormerKey::GONE),
    ] {
        builder.former(of, key, along(6, 300), row);
    }
    let meta = Meta {
        inputs: vec![Input { name: "made-up".into(), sha256: "00".repeat(32) }],
        data_date: Some(data_date.into()),
        bounds: Some([126.6, 45.7, 126.7, 45.8]),
        ..Meta::default()
    };
    City::from_tables(builder.0, &meta).unwrap()
}

/// Serves the city.
pub(crate) fn served_city(data_date: &str) -> Served {
    Served::new(study(city(data_date)))
}

pub(crate) fn study(city: City) -> Study {
    Study::new(Choices::built_in(city))
}
