//! Compounds, gates, facilities, units, buildings, candidates and access points as features with flat properties.

mod access_points;
mod buildings;
mod candidates;
mod compounds;
mod facilities;
mod gates;
mod table;
mod units;
mod value;

pub(crate) use facilities::categories_of;
pub use value::Value;

use crate::statement::Statement;
use circle_model::{Catalogue, City, Point, city::Span, coordinates::Bounds};
use geojson::{Feature, Geometry, JsonObject, feature::Id};
use serde::Serialize;
use serde::ser::{SerializeSeq, Serializer};

/// A layer of the city that can be listed and filtered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Collection {
    /// Compounds 小区, by outline where there is one.
    Compounds,
    /// Gates 小区出入口.
    Gates,
    /// Facilities 设施.
    Facilities,
    /// District units 区, 街道, 社区, 网格.
    Units,
    /// Residential buildings 楼栋.
    Buildings,
    /// Spaces that a facility could be put in 可盘活闲置空间.
    Candidates,
    /// Where facilities are entered 出入点.
    AccessPoints,
}

impl Collection {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Compounds,
        Self::Gates,
        Self::Facilities,
        Self::Units,
        Self::Buildings,
        Self::Candidates,
        Self::AccessPoints,
    ];

    /// Its id in addresses.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Compounds => "compounds",
            Self::Gates => "gates",
            Self::Facilities => "facilities",
            Self::Units => "units",
            Self::Buildings => "buildings",
            Self::Candidates => "candidates",
            Self::AccessPoints => "access_points",
        }
    }

    /// Its title, Chinese first.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Compounds => "小区 Compounds",
            Self::Gates => "小区出入口 Gates",
            Self::Facilities => "设施 Facilities",
            Self::Units => "行政单元 District units",
            Self::Buildings => "楼栋 Residential buildings",
            Self::Candidates => "可盘活闲置空间 Candidate spaces",
            Self::AccessPoints => "设施出入点 Access points",
        }
    }

    /// The collection of that id.
    pub fn find(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|collection| collection.id() == id)
    }

    /// Number of features.
    pub fn len(self, city: &City) -> usize {
        match self {
            Self::Compounds => city.compounds().len(),
            Self::Gates => city.gates().len(),
            Self::Facilities => city.facilities().len(),
            Self::Units => city.units().len(),
            Self::Buildings => city.buildings().len(),
            Self::Candidates => city.candidates().len(),
            Self::AccessPoints => city.access_points().len(),
        }
    }

    /// Names of the properties that every feature has.
    pub const fn properties(self) -> &'static [&'static str] {
        match self {
            Self::Compounds => &compounds::NAMES,
            Self::Gates => &gates::NAMES,
            Self::Facilities => &facilities::NAMES,
            Self::Units => &units::NAMES,
            Self::Buildings => &buildings::NAMES,
            Self::Candidates => &candidates::NAMES,
            Self::AccessPoints => &access_points::NAMES,
        }
    }

    /// The values of the properties of feature `row`, in the order of [`Collection::properties`].
    ///
    /// # Panics
    /// When `row` is not below [`Collection::len`].
    pub fn values<'a>(self, city: &'a City, catalogue: &'a Catalogue, row: usize) -> Vec<Value<'a>> {
        match self {
            Self::Compounds => compounds::values(city, row).into(),
            Self::Gates => gates::values(city, row).into(),
            Self::Facilities => facilities::values(city, catalogue, row).into(),
            Self::Units => units::values(city, row).into(),
            Self::Buildings => buildings::values(city, row).into(),
            Self::Candidates => candidates::values(city, row).into(),
            Self::AccessPoints => access_points::values(city, row).into(),
        }
    }

    /// The box around feature `row`.
    ///
    /// # Panics
    /// When `row` is not below [`Collection::len`].
    pub fn bounds(self, city: &City, row: usize) -> Bounds {
        let at = |point: Point| Bounds::of([point]);
        let shape = |rings: Span, point: Point| {
            let bounds = city.rings_bounds(rings);
            if bounds.is_empty() { at(point) } else { bounds }
        };
        match self {
            Self::Compounds => shape(city.compounds()[row].rings, city.compounds()[row].point),
            Self::Gates => at(city.gates()[row].point),
            Self::Facilities => at(city.facilities()[row].point),
            Self::Units => city.units()[row].bounds,
            Self::Buildings => shape(buildings::rings(city, row), city.buildings()[row].point),
            Self::Candidates => shape(city.candidates()[row].rings, city.candidates()[row].point),
            Self::AccessPoints => at(city.access_points()[row].point),
        }
    }

    fn geometry(self, city: &City, row: usize) -> Geometry {
        match self {
            Self::Compounds => compounds::geometry(city, row),
            Self::Gates => gates::geometry(city, row),
            Self::Facilities => facilities::geometry(city, row),
            Self::Units => units::geometry(city, row),
            Self::Buildings => buildings::geometry(city, row),
            Self::Candidates => candidates::geometry(city, row),
            Self::AccessPoints => access_points::geometry(city, row),
        }
    }

    fn feature(self, city: &City, catalogue: &Catalogue, row: usize) -> Feature {
        let values = self.values(city, catalogue, row).into_iter().map(Into::into);
        let properties: JsonObject = self.properties().iter().map(ToString::to_string).zip(values).collect();
        Feature {
            bbox: None,
            geometry: Some(self.geometry(city, row)),
            id: Some(Id::String(row.to_string())),
            properties: Some(properties),
            foreign_members: None,
        }
    }

    /// One feature, with `foreign` members and `statement`.
    ///
    /// # Panics
    /// When `row` is not below [`Collection::len`].
    pub fn feature_json(
        self,
        city: &City,
        catalogue: &Catalogue,
        row: usize,
        foreign: JsonObject,
    ) -> Vec<u8> {
        let mut feature = self.feature(city, catalogue, row);
        feature.foreign_members = Some(with_statement(city, foreign));
        line(&feature)
    }

    /// The features `rows` as a `FeatureCollection`, with `foreign` members and `statement`.
    ///
    /// # Panics
    /// When a row is not below [`Collection::len`].
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
        line(&Page { r#type: "FeatureCollection", foreign: with_statement(city, foreign), features })
    }
}

struct Selected<'a> {
    collection: Collection,
    city: &'a City,
    catalogue: &'a Catalogue,
    rows: &'a [u32],
}

/// Ten thousand outlines need not be in memory twice.
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
    let statement = serde_json::to_value(Statement::of(city)).unwrap_or_default();
    foreign.insert("statement".into(), statement);
    foreign
}

fn line(value: &impl Serialize) -> Vec<u8> {
    let mut out = serde_json::to_vec(value).unwrap_or_default();
    out.push(b'\n');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use circle_model::city::{Access, Building, Candidate, CityTables, Compound, Facility, Gate, Meta, Unit};
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
            assert!(read.foreign_members.unwrap().contains_key("statement"));
        }
    }

    #[test]
    fn properties_are_words_not_codes() {
        let (city, catalogue) = (city(), Catalogue::built_in());
        let property = |collection: Collection, name: &str| {
            let column = collection.properties().iter().position(|property| *property == name).unwrap();
            serde_json::Value::from(collection.values(&city, &catalogue, 0)[column].clone())
        };
        assert_eq!(property(Collection::Gates, "provenance"), "crossing");
        assert_eq!(property(Collection::Gates, "compound_id"), "0");
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
