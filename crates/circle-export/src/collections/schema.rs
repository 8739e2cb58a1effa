//! The schema of collections: type, title and unit of each property.

use super::Collection;
use crate::typed::Kind;
use serde_json::{Map, Value, json};

/// A property of a collection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Property {
    /// Its name.
    pub name: &'static str,
    /// Title for readers, Chinese first.
    pub title: &'static str,
    /// Type of its values.
    pub kind: Kind,
    /// Unit by UCUM.
    pub unit: Option<&'static str>,
    /// Whether its values are lists of words.
    pub is_list: bool,
}

const fn of(name: &'static str, title: &'static str, kind: Kind) -> Property {
    Property { name, title, kind, unit: None, is_list: false }
}

const SQUARE_METRES: Option<&str> = Some("m2");

/// All properties, by name; a name has one meaning in every collection.
const PROPERTIES: [Property; 52] = [
    of("id", "编号 id", Kind::Text),
    of("osm_type", "OSM 要素类型 OSM type", Kind::Text),
    of("osm_id", "OSM 编号 OSM id", Kind::Text),
    of("name", "名称 name", Kind::Text),
    of("name_en", "英文名称 name in English", Kind::Text),
    of("generated_name", "名称为程序所拟 generated name", Kind::Flag),
    of("closed", "封闭 closed", Kind::Flag),
    of("evidence", "小区依据 evidence", Kind::Text),
    of("gates", "出入口数 gates", Kind::Whole),
    Property { unit: SQUARE_METRES, ..of("area_square_metres", "面积 平方米 area m²", Kind::Whole) },
    of("district_id", "区编号 district id", Kind::Text),
    of("district", "区 district", Kind::Text),
    of("subdistrict_id", "街道编号 subdistrict id", Kind::Text),
    of("subdistrict", "街道 subdistrict", Kind::Text),
    of("community_id", "社区编号 community id", Kind::Text),
    of("community", "社区 community", Kind::Text),
    of("grid_id", "网格编号 grid id", Kind::Text),
    of("grid", "网格 grid", Kind::Text),
    of("households", "户数 households", Kind::Number),
    of("residents", "居民 人 residents", Kind::Number),
    of("elderly", "老年人 人 elderly", Kind::Whole),
    of("children", "儿童 人 children", Kind::Whole),
    of("population_from", "人口来源 population from", Kind::Text),
    of("sources", "来源 sources", Kind::Text),
    of("compound_id", "小区编号 compound id", Kind::Text),
    of("compound_name", "小区 compound", Kind::Text),
    of("provenance", "出入口来源 provenance", Kind::Text),
    of("locked", "上锁 locked", Kind::Flag),
    of("category", "类别 category", Kind::Text),
    Property { is_list: true, ..of("categories", "全部类别 categories", Kind::Text) },
    of("group", "大类 group", Kind::Text),
    Property { unit: Some("1"), ..of("confidence", "可信度 0–1 confidence", Kind::Number) },
    of("channel", "开放方式 channel", Kind::Text),
    of("halal", "清真 halal", Kind::Flag),
    of("level_uncertain", "级别不确定 level uncertain", Kind::Flag),
    of("capacity", "容量 capacity", Kind::Number),
    of("access_points", "出入点数 access points", Kind::Whole),
    of("merged", "合并的记录数 merged records", Kind::Whole),
    of("code", "代码 code", Kind::Text),
    of("admin_level", "行政级别 admin level", Kind::Whole),
    of("parent", "上级编号 parent id", Kind::Text),
    of("parent_name", "上级 parent", Kind::Text),
    of("clipped", "数据不完整 clipped", Kind::Flag),
    of("levels", "层数 levels", Kind::Number),
    of("levels_assumed", "层数为假定 levels assumed", Kind::Flag),
    of("note", "说明 note", Kind::Text),
    of("facility_id", "设施编号 facility id", Kind::Text),
    of("facility_name", "设施 facility", Kind::Text),
    of("kind", "出入点类型 kind", Kind::Text),
    of("only_for", "仅限 only for", Kind::Text),
    of("residents_low", "居民下限 人 residents, low", Kind::Number),
    of("residents_high", "居民上限 人 residents, high", Kind::Number),
];

impl Collection {
    /// The properties, in the order of [`Collection::properties`].
    pub fn schema(self) -> Vec<Property> {
        // Numbers of people in compounds are whole; those in buildings are estimated with a decimal.
        let whole = |property: &Property| self != Self::Buildings && COUNTS.contains(&property.name);
        let described = |name: &&'static str| {
            let found = PROPERTIES.iter().find(|property| property.name == *name).copied();
            let property = found.unwrap_or(of(name, name, Kind::Text));
            let kind = match property.kind {
                // GDAL reads an integer of a schema as 32 bits, which the square metres of a county exceed.
                Kind::Whole if self == Self::Units && property.unit == SQUARE_METRES => Kind::Number,
                Kind::Number if whole(&property) => Kind::Whole,
                kind => kind,
            };
            Property { kind, ..property }
        };
        self.properties().iter().map(described).collect()
    }

    /// The properties and the geometry as in OGC API Features, Part 5.
    ///
    /// A property that may be missing is described by the type of its values, since GIS programs derive their
    /// columns from it.
    pub fn schema_json(self) -> Map<String, Value> {
        let mut members = properties_json(&self.schema(), |property, described| {
            if property.name == "id" {
                described.insert("x-ogc-role".into(), "id".into());
            }
        });
        let format = if self.is_of_areas() { "geometry-multipolygon" } else { "geometry-point" };
        members.insert(
            "geometry".into(),
            json!({ "title": "几何 geometry", "x-ogc-role": "primary-geometry", "format": format }),
        );
        let mut schema = Map::new();
        schema.insert("$schema".into(), "https://json-schema.org/draft/2020-12/schema".into());
        schema.insert("title".into(), self.title().into());
        schema.insert("type".into(), "object".into());
        schema.insert("properties".into(), members.into());
        schema
    }

    /// The `GeoJSON` features as a JSON Schema, from which GDAL derives its columns.
    pub fn feature_schema_json(self) -> Map<String, Value> {
        // GDAL takes the id from the feature itself, and would have two columns with that name.
        let schema: Vec<_> = self.schema().into_iter().filter(|property| property.name != "id").collect();
        let members = properties_json(&schema, |_, _| ());
        let geometry = if self.is_of_areas() { "MultiPolygon" } else { "Point" };
        let schema = json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": self.title(),
            "type": "object",
            "properties": {
                "type": { "type": "string", "const": "Feature" },
                "id": { "type": "string" },
                "geometry": { "type": "object", "properties": { "type": { "type": "string", "const": geometry } } },
                "properties": { "type": "object", "properties": members },
            },
        });
        if let Value::Object(schema) = schema { schema } else { Map::new() }
    }
}

/// Whole numbers in all collections but buildings.
const COUNTS: [&str; 4] = ["households", "residents", "residents_low", "residents_high"];

fn properties_json(
    properties: &[Property],
    more: impl Fn(&Property, &mut Map<String, Value>),
) -> Map<String, Value> {
    let describe = |(number, property): (usize, &Property)| {
        let mut described = Map::new();
        described.insert("title".into(), property.title.into());
        let (kind, format) = match property.kind {
            Kind::Text => ("string", None),
            Kind::Whole => ("integer", None),
            Kind::Number => ("number", None),
            Kind::Flag => ("boolean", None),
            Kind::Date => ("string", Some("date")),
        };
        if property.is_list {
            described.insert("type".into(), "array".into());
            described.insert("items".into(), json!({ "type": kind }));
        } else {
            described.insert("type".into(), kind.into());
            described.extend(format.map(|format| ("format".to_owned(), Value::from(format))));
        }
        if let Some(unit) = property.unit {
            described.insert("x-ogc-unit".into(), unit.into());
            described.insert("x-ogc-unitLang".into(), "UCUM".into());
        }
        described.insert("x-ogc-propertySeq".into(), (number + 1).into());
        more(property, &mut described);
        (property.name.to_owned(), Value::Object(described))
    };
    properties.iter().enumerate().map(describe).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_property_is_described() {
        for collection in Collection::ALL {
            for name in collection.properties() {
                let found = PROPERTIES.iter().filter(|property| property.name == *name).count();
                assert_eq!(found, 1, "{}: say in PROPERTIES what `{name}` is", collection.id());
            }
        }
        let chinese = |property: &Property| property.title.chars().any(|sign| ('一'..='龥').contains(&sign));
        assert!(PROPERTIES.iter().all(|property| chinese(property) || property.title.starts_with("OSM")));
    }

    #[test]
    fn types_are_json_schema_types_in_the_order_of_the_properties() {
        let schema = Collection::Compounds.schema_json();
        let properties = schema["properties"].as_object().unwrap();
        assert_eq!(properties["elderly"]["type"], "integer");
        assert_eq!(properties["closed"]["type"], "boolean");
        assert_eq!(properties["area_square_metres"]["x-ogc-unit"], "m2");
        assert_eq!(properties["geometry"]["format"], "geometry-multipolygon");
        assert!(properties["geometry"].get("type").is_none(), "a geometry with a type becomes a column");
        let names: Vec<_> = properties.keys().filter(|name| *name != "geometry").collect();
        assert_eq!(names, Collection::Compounds.properties());
        let of = |collection: Collection, name: &str| collection.schema_json()["properties"][name].clone();
        assert_eq!(of(Collection::CompoundPoints, "geometry")["format"], "geometry-point");
        assert_eq!(of(Collection::Facilities, "capacity")["type"], "number");
        assert_eq!(of(Collection::Buildings, "residents")["type"], "number");
        assert_eq!(of(Collection::Units, "area_square_metres")["type"], "number");
        assert_eq!(of(Collection::Facilities, "categories")["items"]["type"], "string");
        let feature = Collection::Facilities.feature_schema_json();
        let members = &feature["properties"]["properties"]["properties"];
        assert_eq!(members["capacity"]["type"], "number");
        assert!(members.get("id").is_none(), "it would be a column twice");
    }
}
