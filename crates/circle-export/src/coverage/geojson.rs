//! Writes coverage as `GeoJSON`: a feature for each compound, with its categories under `coverage`.

use super::rows::{Cells, OfCompound, OfLine, columns, row};
use super::{CoverageReport, CoverageSelection};
use crate::geometry::shape_or_point;
use crate::number::Thousandths;
use crate::statement::Statement;
use crate::typed::TableColumn;
use crate::written::written;
use circle_model::CompoundId;
use geojson::Geometry;
use serde::Serialize;
use serde::ser::{SerializeMap, SerializeSeq, Serializer};
use std::borrow::Cow;
use std::io::{self, Write};

/// Writes the coverage table as a `FeatureCollection` with `edition` and `statement`.
///
/// Properties: `compound_id, compound_name, compound_name_en, generated_name, closed, gates, coverage`, where
/// `coverage` maps the id of a category, or the name of a line, to the fields of the CSV.
pub fn coverage_geojson(report: &CoverageReport<'_>, selection: CoverageSelection) -> Vec<u8> {
    let mut out = Vec::new();
    written(write_coverage_geojson(report, selection, &mut out));
    out
}

/// As [`coverage_geojson`], to a file or stream.
///
/// # Errors
///
/// When `out` fails.
pub fn write_coverage_geojson(
    report: &CoverageReport<'_>,
    selection: CoverageSelection,
    mut out: impl Write,
) -> io::Result<()> {
    #[derive(Serialize)]
    struct Collection<'a> {
        r#type: &'static str,
        features: Features<'a>,
        edition: String,
        statement: Statement,
    }
    let selected = selection.columns(report.coverage).into_iter();
    let table = Table {
        report,
        selected: selected
            .map(|column| (column, OfLine::of(report.rules, report.coverage.columns[column].line)))
            .collect(),
        columns: columns(report),
    };
    let collection = Collection {
        r#type: "FeatureCollection",
        features: Features { table: &table, selection },
        edition: report.city.edition().to_string(),
        statement: report.statement(),
    };
    serde_json::to_writer(&mut out, &collection)?;
    out.write_all(b"\n")
}

struct Table<'a> {
    report: &'a CoverageReport<'a>,
    selected: Vec<(usize, OfLine<'a>)>,
    columns: Vec<TableColumn>,
}

/// Features are created one at a time: all categories of all compounds together would exhaust the memory.
struct Features<'a> {
    table: &'a Table<'a>,
    selection: CoverageSelection,
}

impl Serialize for Features<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(None)?;
        for compound in self.table.report.selected(self.selection) {
            list.serialize_element(&feature(self.table, compound))?;
        }
        list.end()
    }
}

#[derive(Serialize)]
struct Feature<'a> {
    r#type: &'static str,
    id: Cow<'a, str>,
    geometry: Geometry,
    properties: Properties<'a>,
}

#[derive(Serialize)]
struct Properties<'a> {
    compound_id: Cow<'a, str>,
    compound_name: &'a str,
    compound_name_en: Option<&'a str>,
    generated_name: bool,
    closed: bool,
    gates: u32,
    coverage: Categories<'a>,
}

fn feature<'a>(table: &'a Table<'a>, id: CompoundId) -> Feature<'a> {
    let city = table.report.city;
    let compound = &city.compounds()[id.index()];
    let key = city.compound_key(id);
    Feature {
        r#type: "Feature",
        id: key.clone(),
        geometry: shape_or_point(city, compound.rings, compound.point),
        properties: Properties {
            compound_id: key,
            compound_name: city.text(compound.name),
            compound_name_en: city.text_or_none(compound.name_en),
            generated_name: compound.generated_name != 0,
            closed: compound.closed != 0,
            gates: compound.gates.len,
            coverage: Categories { table, id },
        },
    }
}

struct Categories<'a> {
    table: &'a Table<'a>,
    id: CompoundId,
}

impl Serialize for Categories<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Table { report, selected, .. } = self.table;
        let of_compound = OfCompound::of(report.city, self.id);
        let mut map = serializer.serialize_map(Some(selected.len()))?;
        for (column, of_line) in selected {
            let name = &report.coverage.columns[*column].name;
            map.serialize_entry(
                name,
                &Entry { table: self.table, of_line, of_compound: &of_compound, column: *column },
            )?;
        }
        map.end()
    }
}

struct Entry<'a> {
    table: &'a Table<'a>,
    of_line: &'a OfLine<'a>,
    of_compound: &'a OfCompound<'a>,
    column: usize,
}

/// Number of columns that identify the compound; the feature has them already.
const OF_COMPOUND: usize = 2;

impl Serialize for Entry<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let columns = &self.table.columns;
        let mut members = Members { map: serializer.serialize_map(None)?, columns, at: 0, failed: None };
        row(self.table.report, self.of_line, self.of_compound, self.column, &mut members);
        match members.failed {
            Some(error) => Err(error),
            None => members.map.end(),
        }
    }
}

/// The members of one entry, named as the columns of the table.
struct Members<'a, M: SerializeMap> {
    map: M,
    columns: &'a [TableColumn],
    at: usize,
    failed: Option<M::Error>,
}

impl<M: SerializeMap> Members<'_, M> {
    fn member(&mut self, value: impl Serialize) {
        let key = &self.columns[self.at].key;
        self.at += 1;
        if self.at > OF_COMPOUND && self.failed.is_none() {
            self.failed = self.map.serialize_entry(key, &value).err();
        }
    }
}

impl<M: SerializeMap> Cells for Members<'_, M> {
    fn text(&mut self, text: &str) {
        self.member(Some(text).filter(|text| !text.is_empty()));
    }

    fn word(&mut self, word: &'static str) {
        self.text(word);
    }

    fn id(&mut self, key: Option<&str>) {
        self.member(key);
    }

    fn whole(&mut self, number: Option<u32>) {
        self.member(number);
    }

    fn number(&mut self, number: Option<Thousandths>) {
        self.member(number);
    }

    fn degrees(&mut self, degrees: Option<i32>) {
        self.member(degrees.map(|stored| f64::from(stored) / 1e7));
    }
}
