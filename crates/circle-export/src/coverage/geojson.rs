//! A feature per compound, its categories under `coverage`.

use super::{CoverageSelection, count_names};
use crate::geometry::shape_or_point;
use crate::number::Thousandths;
use crate::statement::Statement;
use circle_model::{City, CompoundId, Profile, RuleSet};
use circle_plan::{Coverage, Row, Verdict};
use geojson::Geometry;
use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

/// The coverage table as a `FeatureCollection` with `statement`.
///
/// Properties: `compound_id, compound_name, compound_name_en, generated_name, closed, gates, coverage`,
/// where `coverage` maps a category's id, or a line's name, to the fields of the CSV.
pub fn coverage_geojson(
    city: &City,
    coverage: &Coverage,
    profile: &Profile,
    rules: &RuleSet,
    selection: CoverageSelection<'_>,
) -> Vec<u8> {
    #[derive(serde::Serialize)]
    struct Collection<'a> {
        r#type: &'static str,
        features: Features<'a>,
        statement: Statement,
    }
    let columns = selection.columns(coverage);
    let table = Table { city, coverage, columns, counts: count_names(coverage) };
    let collection = Collection {
        r#type: "FeatureCollection",
        features: Features { table: &table, selection },
        statement: Statement::of(city).walked_as(profile).judged_by(rules),
    };
    let mut out = serde_json::to_vec(&collection).unwrap_or_default();
    out.push(b'\n');
    out
}

struct Table<'a> {
    city: &'a City,
    coverage: &'a Coverage,
    columns: Vec<usize>,
    counts: Vec<String>,
}

/// Features are made one at a time: all categories of all compounds together would fill the memory.
struct Features<'a> {
    table: &'a Table<'a>,
    selection: CoverageSelection<'a>,
}

impl Serialize for Features<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(None)?;
        for compound in self.selection.compounds(self.table.city) {
            list.serialize_element(&feature(self.table, compound))?;
        }
        list.end()
    }
}

#[derive(serde::Serialize)]
struct Feature<'a> {
    r#type: &'static str,
    id: String,
    geometry: Geometry,
    properties: Properties<'a>,
}

#[derive(serde::Serialize)]
struct Properties<'a> {
    compound_id: String,
    compound_name: &'a str,
    compound_name_en: Option<&'a str>,
    generated_name: bool,
    closed: bool,
    gates: u32,
    coverage: Categories<'a>,
}

fn feature<'a>(table: &'a Table<'a>, id: CompoundId) -> Feature<'a> {
    let city = table.city;
    let compound = &city.compounds()[id.index()];
    Feature {
        r#type: "Feature",
        id: id.to_string(),
        geometry: shape_or_point(city, compound.rings, compound.point),
        properties: Properties {
            compound_id: id.to_string(),
            compound_name: city.text(compound.name),
            compound_name_en: city.text_or_none(compound.name_en),
            generated_name: compound.generated_name != 0,
            closed: compound.closed != 0,
            gates: compound.gates.len,
            coverage: Categories { table, rows: table.coverage.of(id) },
        },
    }
}

struct Categories<'a> {
    table: &'a Table<'a>,
    rows: &'a [Row],
}

impl Serialize for Categories<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.table.columns.len()))?;
        for &column in &self.table.columns {
            let category = &self.table.coverage.categories[column];
            map.serialize_entry(category, &Entry { table: self.table, category, row: &self.rows[column] })?;
        }
        map.end()
    }
}

struct Entry<'a> {
    table: &'a Table<'a>,
    category: &'a str,
    row: &'a Row,
}

impl Serialize for Entry<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (city, nearest) = (self.table.city, self.row.nearest);
        let name =
            nearest.and_then(|nearest| city.text_or_none(city.facilities()[nearest.facility.index()].name));
        let gate = nearest.and_then(|nearest| nearest.gate);
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("category", self.category)?;
        map.serialize_entry("tier", &self.row.tier)?;
        map.serialize_entry("nearest_facility_id", &nearest.map(|nearest| nearest.facility.to_string()))?;
        map.serialize_entry("nearest_facility_name", &name)?;
        map.serialize_entry("gate_id", &gate.map(|gate| gate.to_string()))?;
        map.serialize_entry("walk_seconds", &nearest.map(|nearest| Thousandths::from(nearest.time)))?;
        map.serialize_entry("walk_metres", &nearest.map(|nearest| Thousandths::from(nearest.length)))?;
        for (name, count) in self.table.counts.iter().zip(&self.row.counts) {
            map.serialize_entry(name, count)?;
        }
        map.serialize_entry("verdict", self.row.verdict.map_or("", Verdict::word))?;
        map.serialize_entry("reason", self.row.reason)?;
        map.serialize_entry("beyond_seconds", &self.row.beyond.map(Thousandths::from))?;
        let distance = self.row.distance;
        let straight = distance.and_then(|distance| distance.nearest_straight);
        map.serialize_entry("radius_metres", &distance.map(|distance| distance.radius_metres))?;
        map.serialize_entry("straight_metres", &straight.map(Thousandths::from))?;
        map.serialize_entry("straight_verdict", distance.map_or("", |distance| distance.straight.word()))?;
        map.end()
    }
}
