//! Collections: compounds, gates, facilities, units, buildings, candidates and access points as features with
//! flat properties.

mod access_points;
mod buildings;
mod candidates;
mod compounds;
mod facilities;
mod gates;
mod schema;
mod table;
mod units;
mod value;

pub use schema::Property;
pub use value::Value;

use crate::geometry::{has_polygons, multi_polygon, polygons, position};
use crate::statement::Statement;
use crate::written::{json_line, written};
use circle_model::{
    Catalogue, City, Point,
    city::{KeyOf, Named, Span},
    coordinates::Bounds,
};
use geojson::{Feature, Geometry, GeometryValue, JsonObject, feature::Id};
use serde::Serialize;
use serde::ser::{SerializeSeq, Serializer};
use std::borrow::Cow;

/// A layer of the city that can be listed and filtered.
///
/// ```
/// use circle_export::Collection;
/// use circle_model::Catalogue;
/// use circle_reach::testing::Map;
///
/// let scene = Map::draw(10.0, "A----P----B").facility("P").open();
/// let (city, catalogue) = (scene.network.city(), Catalogue::built_in());
/// let facilities = Collection::find("facilities").ok_or("no such collection")?;
/// let rows: Vec<u32> = facilities.rows(city).collect();
/// let json = facilities.features_json(city, &catalogue, &rows, serde_json::Map::new());
///
/// let collection: serde_json::Value = serde_json::from_slice(&json)?;
/// assert_eq!(collection["features"][0]["geometry"]["type"], "Point");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Collection {
    /// Compounds 小区 with an outline.
    Compounds,
    /// Compounds 小区 without an outline.
    CompoundPoints,
    /// Gates 小区出入口.
    Gates,
    /// Facilities 设施.
    Facilities,
    /// District units 区, 街道, 社区, 网格.
    Units,
    /// Residential buildings 楼栋.
    Buildings,
    /// Candidate spaces 可盘活闲置空间 with an outline.
    Candidates,
    /// Candidate spaces without an outline.
    CandidatePoints,
    /// Access points of facilities 出入点.
    AccessPoints,
}

impl Collection {
    /// All collections.
    pub const ALL: [Self; 9] = [
        Self::Compounds,
        Self::CompoundPoints,
        Self::Gates,
        Self::Facilities,
        Self::Units,
        Self::Buildings,
        Self::Candidates,
        Self::CandidatePoints,
        Self::AccessPoints,
    ];

    /// Its id in URLs.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Compounds => "compounds",
            Self::CompoundPoints => "compound_points",
            Self::Gates => "gates",
            Self::Facilities => "facilities",
            Self::Units => "units",
            Self::Buildings => "buildings",
            Self::Candidates => "candidates",
            Self::CandidatePoints => "candidate_points",
            Self::AccessPoints => "access_points",
        }
    }

    /// Its title, Chinese first.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Compounds => "小区 Compounds",
            Self::CompoundPoints => "小区（只有点位） Compounds known as a point",
            Self::Gates => "小区出入口 Gates",
            Self::Facilities => "设施 Facilities",
            Self::Units => "行政单元 District units",
            Self::Buildings => "楼栋 Residential buildings",
            Self::Candidates => "可盘活闲置空间 Candidate spaces",
            Self::CandidatePoints => "可盘活闲置空间（只有点位） Candidate spaces known as a point",
            Self::AccessPoints => "设施出入点 Access points",
        }
    }

    /// The collection with an id.
    pub fn find(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|collection| collection.id() == id)
    }

    /// Number of features.
    pub fn len(self, city: &City) -> usize {
        self.rows(city).count()
    }

    /// The rows of its features, ascending. A row is that of the record: two collections share the compounds.
    pub fn rows(self, city: &City) -> impl Iterator<Item = u32> + use<'_> {
        (0..self.records(city) as u32).filter(move |row| self.has(city, *row as usize))
    }

    /// The kind of its keys; `None` for access points, whose ids contain the key of their facility.
    pub const fn key_of(self) -> Option<KeyOf> {
        match self {
            Self::Compounds | Self::CompoundPoints => Some(KeyOf::Compound),
            Self::Gates => Some(KeyOf::Gate),
            Self::Facilities => Some(KeyOf::Facility),
            Self::Units => Some(KeyOf::Unit),
            Self::Buildings => Some(KeyOf::Building),
            Self::Candidates | Self::CandidatePoints => Some(KeyOf::Candidate),
            Self::AccessPoints => None,
        }
    }

    /// The key of record `row`, which is the id of its feature.
    ///
    /// # Panics
    ///
    /// When there is no such record.
    pub fn key(self, city: &City, row: usize) -> Cow<'_, str> {
        match self.key_of() {
            Some(of) => city.key_of(of, row as u32),
            None => access_points::id(city, row).into(),
        }
    }

    /// The record that a key names, which may be a feature of [`Collection::other_half`].
    pub fn named(self, city: &City, key: &str) -> Named<u32> {
        match self.key_of() {
            Some(of) => city.named(of, key),
            None => access_points::named(city, key),
        }
    }

    /// Whether record `row` exists and is a feature of it.
    ///
    /// GIS programs need one geometry type per layer, so records with and without an outline are in two
    /// collections.
    pub fn has(self, city: &City, row: usize) -> bool {
        let outline = || has_polygons(city, self.outline(city, row));
        row < self.records(city)
            && match self {
                Self::Compounds | Self::Candidates => outline(),
                Self::CompoundPoints | Self::CandidatePoints => !outline(),
                _ => true,
            }
    }

    /// The collection with the other records of the same kind.
    pub const fn other_half(self) -> Option<Self> {
        match self {
            Self::Compounds => Some(Self::CompoundPoints),
            Self::CompoundPoints => Some(Self::Compounds),
            Self::Candidates => Some(Self::CandidatePoints),
            Self::CandidatePoints => Some(Self::Candidates),
            _ => None,
        }
    }

    /// Whether its features are areas: every geometry is a `MultiPolygon`, or missing if the outline is not
    /// known. Features of the others are points.
    pub const fn is_of_areas(self) -> bool {
        matches!(self, Self::Compounds | Self::Units | Self::Buildings | Self::Candidates)
    }

    fn records(self, city: &City) -> usize {
        match self {
            Self::Compounds | Self::CompoundPoints => city.compounds().len(),
            Self::Gates => city.gates().len(),
            Self::Facilities => city.facilities().len(),
            Self::Units => city.units().len(),
            Self::Buildings => city.buildings().len(),
            Self::Candidates | Self::CandidatePoints => city.candidates().len(),
            Self::AccessPoints => city.access_points().len(),
        }
    }

    /// Names of the properties that every feature has.
    pub const fn properties(self) -> &'static [&'static str] {
        match self {
            Self::Compounds | Self::CompoundPoints => &compounds::NAMES,
            Self::Gates => &gates::NAMES,
            Self::Facilities => &facilities::NAMES,
            Self::Units => &units::NAMES,
            Self::Buildings => &buildings::NAMES,
            Self::Candidates | Self::CandidatePoints => &candidates::NAMES,
            Self::AccessPoints => &access_points::NAMES,
        }
    }

    /// The values of the properties of feature `row`, in the order of [`Collection::properties`].
    ///
    /// # Panics
    ///
    /// When there is no such record.
    pub fn values<'a>(self, city: &'a City, catalogue: &'a Catalogue, row: usize) -> Vec<Value<'a>> {
        match self {
            Self::Compounds | Self::CompoundPoints => compounds::values(city, row).into(),
            Self::Gates => gates::values(city, row).into(),
            Self::Facilities => facilities::values(city, catalogue, row).into(),
            Self::Units => units::values(city, row).into(),
            Self::Buildings => buildings::values(city, row).into(),
            Self::Candidates | Self::CandidatePoints => candidates::values(city, row).into(),
            Self::AccessPoints => access_points::values(city, row).into(),
        }
    }

    /// The bounding box of feature `row`.
    ///
    /// # Panics
    ///
    /// When there is no such record.
    pub fn bounds(self, city: &City, row: usize) -> Bounds {
        if self == Self::Units {
            return city.units()[row].bounds;
        }
        let bounds = city.rings_bounds(self.outline(city, row));
        if bounds.is_empty() { Bounds::of([self.point(city, row)]) } else { bounds }
    }

    /// The point of record `row`.
    pub fn point(self, city: &City, row: usize) -> Point {
        match self {
            Self::Compounds | Self::CompoundPoints => city.compounds()[row].point,
            Self::Gates => city.gates()[row].point,
            Self::Facilities => city.facilities()[row].point,
            Self::Units => city.units()[row].point,
            Self::Buildings => city.buildings()[row].point,
            Self::Candidates | Self::CandidatePoints => city.candidates()[row].point,
            Self::AccessPoints => city.access_points()[row].point,
        }
    }

    /// The outline of record `row`; empty if it is not known.
    fn outline(self, city: &City, row: usize) -> Span {
        match self {
            Self::Compounds | Self::CompoundPoints => city.compounds()[row].rings,
            Self::Units => city.units()[row].rings,
            Self::Buildings => buildings::rings(city, row),
            Self::Candidates | Self::CandidatePoints => city.candidates()[row].rings,
            Self::Gates | Self::Facilities | Self::AccessPoints => Span::default(),
        }
    }

    fn geometry(self, city: &City, row: usize) -> Option<Geometry> {
        if self.is_of_areas() {
            multi_polygon(&polygons(city, self.outline(city, row)))
        } else {
            Some(Geometry::new(GeometryValue::new_point(position(self.point(city, row)))))
        }
    }

    fn feature(self, city: &City, catalogue: &Catalogue, row: usize) -> Feature {
        let values = self.values(city, catalogue, row).into_iter().map(Into::into);
        let properties: JsonObject = self.properties().iter().map(ToString::to_string).zip(values).collect();
        Feature {
            bbox: None,
            geometry: self.geometry(city, row),
            id: Some(Id::String(self.key(city, row).into_owned())),
            properties: Some(properties),
            foreign_members: None,
        }
    }

    /// Writes one feature, with `foreign` members, `edition` and `statement`.
    ///
    /// # Panics
    ///
    /// When there is no such record.
    pub fn feature_json(
        self,
        city: &City,
        catalogue: &Catalogue,
        row: usize,
        foreign: JsonObject,
    ) -> Vec<u8> {
        let mut feature = self.feature(city, catalogue, row);
        feature.foreign_members = Some(with_statement(city, foreign));
        json_line(&feature)
    }

    /// Writes the features `rows` as a `FeatureCollection`, with `foreign` members, `edition` and
    /// `statement`.
    ///
    /// # Panics
    ///
    /// When there is no record of a row.
    pub fn features_json(
        self,
        city: &City,
        catalogue: &Catalogue,
        rows: &[u32],
        foreign: JsonObject,
    ) -> Vec<u8> {
        #[derive(Serialize)]
        struct Page<'a> {
            r#type: &'static str,
            #[serde(flatten)]
            foreign: JsonObject,
            #[serde(serialize_with = "one_by_one")]
            features: Selected<'a>,
        }
        let features = Selected { collection: self, city, catalogue, rows };
        json_line(&Page { r#type: "FeatureCollection", foreign: with_statement(city, foreign), features })
    }
}

struct Selected<'a> {
    collection: Collection,
    city: &'a City,
    catalogue: &'a Catalogue,
    rows: &'a [u32],
}

/// Serialises features one by one, so that 10,000 outlines are not copied at once.
fn one_by_one<S: Serializer>(selected: &Selected<'_>, serializer: S) -> Result<S::Ok, S::Error> {
    let mut list = serializer.serialize_seq(Some(selected.rows.len()))?;
    for &row in selected.rows {
        list.serialize_element(&selected.collection.feature(
            selected.city,
            selected.catalogue,
            row as usize,
        ))?;
    }
    list.end()
}

fn with_statement(city: &City, mut foreign: JsonObject) -> JsonObject {
    let statement = Statement::of(city);
    foreign.insert("edition".into(), statement.edition.clone().into());
    foreign.insert("statement".into(), written(serde_json::to_value(statement)));
    foreign
}

#[cfg(test)]
mod tests {
    use super::*;
    use circle_model::city::{
        Access, Building, Candidate, CityTables, Compound, Facility, Gate, Meta, OsmKind, Unit,
    };
    use serde_json::json;
    use zerocopy::FromZeros;

    fn city() -> City {
        let mut tables = CityTables::default();
        tables.texts.extend_from_slice("某名".as_bytes());
        let name = Span { start: 0, len: 6 };
        let point = Point { lon: 1_266_400_000, lat: 457_500_000 };
        tables.units.push(Unit { name, admin_level: 6, parent: u32::MAX, clipped: 1, ..Unit::new_zeroed() });
        tables.compounds.push(Compound {
            name,
            osm_kind: OsmKind::Way.code(),
            osm_id: 5,
            point,
            units: [0, u32::MAX, u32::MAX, u32::MAX],
            area_square_metres: 1234.56,
            ..Compound::new_zeroed()
        });
        tables.gates.push(Gate { name, point, provenance: 2, ..Gate::new_zeroed() });
        tables.buildings.push(Building::new_zeroed());
        tables.candidates.push(Candidate::new_zeroed());
        tables.facility_categories = vec![5, 1];
        tables.access_points.push(Access::new_zeroed());
        tables.facilities.push(Facility {
            point,
            osm_id: 77,
            access: Span { start: 0, len: 1 },
            categories: Span { start: 0, len: 2 },
            confidence_percent: 95,
            ..Facility::new_zeroed()
        });
        City::from_tables(tables, &Meta::default()).unwrap()
    }

    #[test]
    fn every_feature_has_the_properties_of_its_collection() {
        let (city, catalogue) = (city(), Catalogue::built_in());
        for collection in Collection::ALL {
            assert_eq!(Collection::find(collection.id()), Some(collection));
            let values = collection.values(&city, &catalogue, 0);
            assert_eq!(values.len(), collection.properties().len());
            let text = collection.features_json(&city, &catalogue, &[0], JsonObject::new());
            let text = String::from_utf8(text).unwrap();
            let read =
                geojson::FeatureCollection::try_from(text.parse::<geojson::GeoJson>().unwrap()).unwrap();
            let names: Vec<_> = read.features[0].properties.as_ref().unwrap().keys().collect();
            assert_eq!(names, collection.properties());
            let foreign = read.foreign_members.unwrap();
            assert!(foreign.contains_key("statement"));
            assert_eq!(foreign["edition"], city.edition().to_string());
        }
    }

    #[test]
    fn ids_are_keys_and_name_their_record() {
        let (city, catalogue) = (city(), Catalogue::built_in());
        for (collection, key) in [
            (Collection::CompoundPoints, "w5"),
            (Collection::Facilities, "n77"),
            (Collection::AccessPoints, "n77.1"),
        ] {
            let feature = collection.feature_json(&city, &catalogue, 0, JsonObject::new());
            let feature: serde_json::Value = serde_json::from_slice(&feature).unwrap();
            assert_eq!((&feature["id"], &feature["properties"]["id"]), (&json!(key), &json!(key)));
            assert_eq!(collection.named(&city, key), Named::Present(0));
        }
        for nothing in ["0", "n77", "n77.0", "n77.01", "n77.2", "n78.1", ""] {
            assert_eq!(Collection::AccessPoints.named(&city, nothing), Named::Nothing, "{nothing}");
        }
    }

    #[test]
    fn properties_are_words_and_not_codes() {
        let (city, catalogue) = (city(), Catalogue::built_in());
        let property = |collection: Collection, name: &str| {
            let column = collection.properties().iter().position(|property| *property == name).unwrap();
            serde_json::Value::from(collection.values(&city, &catalogue, 0)[column].clone())
        };
        assert_eq!(property(Collection::Gates, "provenance"), "crossing");
        assert_eq!(property(Collection::Gates, "compound_id"), "w5");
        assert_eq!(property(Collection::Gates, "osm_id"), json!(null));
        assert_eq!(property(Collection::Facilities, "confidence"), 0.95);
        assert_eq!(property(Collection::Facilities, "osm_id"), "77");
        assert_eq!(property(Collection::Facilities, "category"), catalogue.categories[5].id);
        assert_eq!(
            property(Collection::Facilities, "categories"),
            json!([catalogue.categories[5].id, catalogue.categories[1].id])
        );
        assert_eq!(property(Collection::Compounds, "district"), "某名");
        assert_eq!(property(Collection::Compounds, "community"), json!(null));
        assert_eq!(property(Collection::Compounds, "area_square_metres"), 1235);
        assert_eq!(property(Collection::Units, "clipped"), true);
        assert_eq!(property(Collection::Units, "parent"), json!(null));
    }
}
