//! `GeoJSON`: a collection of features, a single one, or one on each line.
//!
//! The features are cut out by their brackets and read one by one, so that one that is wrong does not end the rest.

use super::encoding::Text;
use super::error::{SheetError, read_bytes};
use super::parts::Parts;
use super::{Builder, Declared, Row, Sheet, SheetOptions, write_number};
use geojson::{Geometry, GeometryValue, Position};
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, de};
use std::fmt;
use std::path::Path;

pub(super) fn read(path: &Path, options: &SheetOptions) -> Result<Sheet, SheetError> {
    let bytes = read_bytes(path)?;
    let text = Text::of(&bytes, options.encoding, path)?;
    let mut features = Features { path, builder: Builder::new(path), row: Row::default(), count: 0 };
    text.assumed.iter().for_each(|assumed| features.builder.say(assumed.clone()));
    let json = text.into_utf8();
    let mut at = skip_blank(&json, 0);
    if json.get(at).is_some_and(|byte| *byte != b'{') {
        return Err(damaged(path, "it does not begin with `{` as a collection of features does"));
    }
    while at < json.len() {
        at = skip_blank(&json, features.read_object(&json, at)?);
    }
    features.builder.finish("the collection")
}

fn damaged(path: &Path, reason: impl Into<String>) -> SheetError {
    SheetError::damaged(path, "GeoJSON", reason)
}

struct Features<'a> {
    path: &'a Path,
    builder: Builder<'a>,
    row: Row,
    /// How many there were so far.
    count: u32,
}

impl Features<'_> {
    /// Reads a collection or a single feature; the result is where it ends.
    fn read_object(&mut self, json: &[u8], begin: usize) -> Result<usize, SheetError> {
        if json[begin] == b'{'
            && let Some(end) = self.read_collection(json, begin + 1)?
        {
            return Ok(end);
        }
        let end = self.end_of(json, begin)?;
        self.read_feature(&json[begin..end])?;
        Ok(end)
    }

    /// Reads the members of a collection, in whatever order; nothing if it has no features.
    fn read_collection(&mut self, json: &[u8], begin: usize) -> Result<Option<usize>, SheetError> {
        let mut is_collection = false;
        let mut at = begin;
        loop {
            at = skip_blank(json, at);
            if json.get(at) != Some(&b'"') {
                break;
            }
            let key_end = self.end_of(json, at)?;
            let key = &json[at..key_end];
            at = skip_blank(json, key_end);
            if json.get(at) != Some(&b':') {
                break;
            }
            at = skip_blank(json, at + 1);
            if key == b"\"features\"" && json.get(at) == Some(&b'[') {
                is_collection = true;
                at = self.read_features(json, at + 1)?;
            } else {
                let end = self.end_of(json, at)?;
                if key == b"\"crs\"" {
                    self.declare(&json[at..end]);
                }
                at = end;
            }
            at = skip_blank(json, at);
            if json.get(at) != Some(&b',') {
                break;
            }
            at += 1;
        }
        match json.get(at) {
            _ if !is_collection => Ok(None),
            Some(b'}') => Ok(Some(at + 1)),
            _ => Err(self.broken("the collection does not end")),
        }
    }

    /// Reads the features of a list; the result is where it ends.
    fn read_features(&mut self, json: &[u8], begin: usize) -> Result<usize, SheetError> {
        let mut at = begin;
        loop {
            at = skip_blank(json, at);
            match json.get(at) {
                Some(b']') => return Ok(at + 1),
                Some(b',') => at += 1,
                Some(_) => {
                    let end = self.end_of(json, at)?;
                    self.read_feature(&json[at..end])?;
                    at = end;
                }
                None => return Err(self.broken("the list of features does not end")),
            }
        }
    }

    fn end_of(&self, json: &[u8], at: usize) -> Result<usize, SheetError> {
        end_of_value(json, at).ok_or_else(|| self.broken("a bracket or a quote is opened and never closed"))
    }

    fn broken(&self, what: &str) -> SheetError {
        let reason = format!("from feature {} on: {what}; the file is cut off or damaged", self.count + 1);
        damaged(self.path, reason)
    }

    fn read_feature(&mut self, json: &[u8]) -> Result<(), SheetError> {
        self.count += 1;
        let number = self.count;
        let feature = match serde_json::from_slice::<Feature<Geometry>>(json) {
            Ok(feature) if feature.kind == "Feature" => feature,
            Ok(feature) if feature.kind.is_empty() => {
                return self.builder.reject(number, "type", "it has no type");
            }
            Ok(Feature { kind, .. }) => return self.read_other(json, &kind),
            Err(error) => {
                // All but the geometry may be right.
                let is_geometry = serde_json::from_slice::<Feature<IgnoredAny>>(json).is_ok();
                let field = if is_geometry { "geometry" } else { "" };
                return self.builder.reject(number, field, error.to_string());
            }
        };
        self.add(feature)
    }

    /// What is no feature but a geometry alone, or something else.
    fn read_other(&mut self, json: &[u8], kind: &str) -> Result<(), SheetError> {
        match serde_json::from_slice::<Geometry>(json) {
            Ok(geometry) => self.add(Feature { geometry: Some(geometry), ..Feature::default() }),
            Err(error) if json.starts_with(b"{") && GEOMETRIES.contains(&kind) => {
                self.builder.reject(self.count, "geometry", error.to_string())
            }
            Err(_) => self.builder.reject(self.count, "type", format!("`{kind}` is no feature")),
        }
    }

    fn add(&mut self, feature: Feature<Geometry>) -> Result<(), SheetError> {
        let mut parts = Parts::default();
        let collected = feature.geometry.map_or(Ok(()), |geometry| collect(&geometry.value, &mut parts));
        let shape = match collected.and_then(|()| parts.into_shape(&mut self.builder)) {
            Ok(shape) => shape,
            Err(what) => return self.builder.reject(self.count, "geometry", what),
        };
        let mut properties = feature.properties.unwrap_or_default().0;
        // Ids beside the properties are a column too, unless that is taken.
        if let Some(id) = feature.id
            && properties.iter().all(|(name, _)| name != "id")
        {
            properties.insert(0, ("id".to_owned(), id));
        }
        let mut cells: Vec<&str> = Vec::with_capacity(self.builder.columns().len());
        for (name, Cell(text)) in &properties {
            let column = self.builder.column_of(name)?;
            cells.resize(cells.len().max(column + 1), "");
            cells[column] = text;
        }
        self.row.start(self.count);
        cells.iter().for_each(|cell| self.row.push(cell));
        self.builder.add(&self.row, Some(shape))
    }

    /// Old files say what their coordinates are; RFC 7946 has done away with it.
    fn declare(&mut self, json: &[u8]) {
        let Ok(Some(crs)) = serde_json::from_slice::<Option<Crs>>(json) else {
            return self.builder.say("its member `crs` says nothing that is understood");
        };
        let declared = epsg_of(&crs.properties.name);
        if declared.is_none() {
            self.builder.say(format!("its `crs` is not understood: {}", crs.properties.name));
        }
        self.builder.declare(declared.map(Declared::Epsg));
    }
}

const GEOMETRIES: [&str; 7] =
    ["Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection"];

/// The code in a name such as `urn:ogc:def:crs:EPSG::4490`.
fn epsg_of(name: &str) -> Option<u32> {
    if name.ends_with("CRS84") {
        return Some(4326);
    }
    let code = name.to_ascii_uppercase().contains("EPSG").then(|| name.rsplit([':', '/']).next())?;
    code?.parse().ok()
}

fn collect(geometry: &GeometryValue, parts: &mut Parts) -> Result<(), &'static str> {
    let line = |positions: &Vec<Position>| positions.iter().map(point).collect::<Result<Vec<_>, _>>();
    let polygon = |rings: &Vec<Vec<Position>>| rings.iter().map(line).collect::<Result<Vec<_>, _>>();
    match geometry {
        GeometryValue::Point { coordinates } => parts.points.push(point(coordinates)?),
        GeometryValue::MultiPoint { coordinates } => parts.points.extend(line(coordinates)?),
        GeometryValue::LineString { coordinates } => parts.lines.push(line(coordinates)?),
        GeometryValue::MultiLineString { coordinates } => parts.lines.extend(polygon(coordinates)?),
        GeometryValue::Polygon { coordinates } => parts.polygons.push(polygon(coordinates)?),
        GeometryValue::MultiPolygon { coordinates } => {
            coordinates.iter().try_for_each(|it| polygon(it).map(|it| parts.polygons.push(it)))?;
        }
        GeometryValue::GeometryCollection { geometries } => {
            geometries.iter().try_for_each(|geometry| collect(&geometry.value, parts))?;
        }
    }
    Ok(())
}

fn point(position: &Position) -> Result<[f64; 2], &'static str> {
    match position.as_slice() {
        [x, y, ..] => Ok([*x, *y]),
        _ => Err("a position of it has less than two coordinates"),
    }
}

/// Past white space, byte order marks between files that were joined, and what separates records in RFC 8142.
fn skip_blank(json: &[u8], at: usize) -> usize {
    let rest = json.get(at..).unwrap_or_default();
    at + rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | 0x1e)).count()
}

/// Where a value ends, by its brackets and quotes alone.
fn end_of_value(json: &[u8], begin: usize) -> Option<usize> {
    let mut depth = 0usize;
    let mut at = begin;
    loop {
        match *json.get(at)? {
            b'"' => {
                at += 1;
                loop {
                    match *json.get(at)? {
                        b'"' => break,
                        b'\\' => at += 2,
                        _ => at += 1,
                    }
                }
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ if depth == 0 => {
                // A number or a word.
                let rest = &json[at..];
                let ends = |byte: &u8| matches!(byte, b',' | b'{' | b'}' | b'[' | b']' | b'"' | b'\n');
                return Some(at + rest.iter().position(ends).unwrap_or(rest.len()).max(1));
            }
            _ => {}
        }
        at += 1;
        if depth == 0 {
            return Some(at);
        }
    }
}

#[derive(Deserialize)]
#[serde(bound = "G: Deserialize<'de>")]
struct Feature<G> {
    #[serde(rename = "type", default)]
    kind: String,
    id: Option<Cell>,
    geometry: Option<G>,
    properties: Option<Properties>,
}

impl<G> Default for Feature<G> {
    fn default() -> Self {
        Self { kind: String::new(), id: None, geometry: None, properties: None }
    }
}

#[derive(Deserialize)]
struct Crs {
    properties: CrsProperties,
}

#[derive(Deserialize)]
struct CrsProperties {
    name: String,
}

/// Properties in the order of the file.
#[derive(Default)]
struct Properties(Vec<(String, Cell)>);

impl<'de> Deserialize<'de> for Properties {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Properties;

            fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
                formatter.write_str("properties by name")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Properties, A::Error> {
                let mut properties = Vec::new();
                while let Some(property) = map.next_entry()? {
                    properties.push(property);
                }
                Ok(Properties(properties))
            }
        }
        deserializer.deserialize_map(InOrder)
    }
}

/// Any value as text: what is nested as JSON without blanks, null as nothing.
struct Cell(String);

impl<'de> Deserialize<'de> for Cell {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AsText;
        impl<'de> Visitor<'de> for AsText {
            type Value = Cell;

            fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
                formatter.write_str("any value")
            }

            fn visit_unit<E>(self) -> Result<Cell, E> {
                Ok(Cell(String::new()))
            }

            fn visit_bool<E>(self, value: bool) -> Result<Cell, E> {
                Ok(Cell(value.to_string()))
            }

            fn visit_u64<E>(self, value: u64) -> Result<Cell, E> {
                Ok(Cell(value.to_string()))
            }

            fn visit_i64<E>(self, value: i64) -> Result<Cell, E> {
                Ok(Cell(value.to_string()))
            }

            fn visit_f64<E>(self, value: f64) -> Result<Cell, E> {
                let mut text = String::new();
                write_number(value, &mut text);
                Ok(Cell(text))
            }

            fn visit_str<E>(self, value: &str) -> Result<Cell, E> {
                Ok(Cell(value.to_owned()))
            }

            fn visit_string<E>(self, value: String) -> Result<Cell, E> {
                Ok(Cell(value))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Cell, A::Error> {
                compact(SeqAccessDeserializer::new(seq))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Cell, A::Error> {
                compact(MapAccessDeserializer::new(map))
            }
        }
        deserializer.deserialize_any(AsText)
    }
}

fn compact<'de, D: Deserializer<'de>>(nested: D) -> Result<Cell, D::Error> {
    let value = serde_json::Value::deserialize(nested)?;
    serde_json::to_string(&value).map(Cell).map_err(de::Error::custom)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::own::sheet::Shape;

    fn sheet(json: &[u8]) -> Result<Sheet, SheetError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("own.geojson");
        std::fs::write(&path, json).unwrap();
        read(&path, &SheetOptions::default())
    }

    fn collection(features: &[&str]) -> Vec<u8> {
        format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(",\n")).into_bytes()
    }

    const POINT: &str = r#"{"type":"Feature","id":7,"geometry":{"type":"Point","coordinates":[116.4,39.9,50]},"properties":{"名称":"甲","b":null}}"#;

    #[test]
    fn properties_are_columns_in_their_order() {
        let second = r#"{"type":"Feature","properties":{"z":126.63,"a":310106,"名称":"乙","x":[1,{"k":"v"}],"t":true,"f":3.0,"z":1},"geometry":null}"#;
        let sheet = sheet(&collection(&[POINT, second])).unwrap();
        assert_eq!(sheet.columns, ["id", "名称", "b", "z", "a", "x", "t", "f"]);
        let cells = |row| (0..8).map(|column| sheet.cell(row, column)).collect::<Vec<_>>();
        assert_eq!(cells(0), ["7", "甲", "", "", "", "", "", ""]);
        assert_eq!(cells(1), ["", "乙", "", "1", "310106", r#"[1,{"k":"v"}]"#, "true", "3"]);
        assert_eq!((sheet.shape(0), sheet.shape(1)), (&Shape::Point([116.4, 39.9]), &Shape::None));
        assert_eq!((sheet.number(1), sheet.declared_crs.clone()), (2, None));
    }

    #[test]
    fn shapes_of_all_kinds() {
        let feature =
            |geometry: &str| format!(r#"{{"type":"Feature","geometry":{geometry},"properties":{{}}}}"#);
        let ring = "[[0,0],[1,0],[1,1]]";
        let features = [
            format!(r#"{{"type":"Polygon","coordinates":[{ring}]}}"#),
            format!(r#"{{"type":"MultiPolygon","coordinates":[[{ring}],[{ring},{ring}]]}}"#),
            format!(r#"{{"coordinates":{ring},"type":"LineString"}}"#),
            format!(r#"{{"type":"MultiPoint","coordinates":{ring}}}"#),
            r#"{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[5,6]}]}"#.to_owned(),
            r#"{"type":"Polygon","coordinates":[]}"#.to_owned(),
        ];
        let features: Vec<String> = features.iter().map(|geometry| feature(geometry)).collect();
        let sheet = sheet(&collection(&features.iter().map(String::as_str).collect::<Vec<_>>())).unwrap();
        let closed = vec![[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 0.0]];
        assert_eq!(sheet.shape(0), &Shape::Polygons(vec![vec![closed]]));
        assert!(matches!(sheet.shape(1), Shape::Polygons(polygons) if polygons[1].len() == 2));
        assert!(matches!(sheet.shape(2), Shape::Lines(lines) if lines[0].len() == 3));
        let rest = [sheet.shape(3), sheet.shape(4), sheet.shape(5)];
        assert_eq!(rest, [&Shape::Point([0.0, 0.0]), &Shape::Point([5.0, 6.0]), &Shape::None]);
        assert_eq!(sheet.said.len(), 1, "{:?}", sheet.said);
    }

    #[test]
    fn a_wrong_feature_does_not_end_the_rest() {
        let geometry =
            |text: &str| format!(r#"{{"type":"Feature","geometry":{text},"properties":{{"a":1}}}}"#);
        let wrong = [
            geometry(r#"{"type":"Point","coordinates":[NaN,1]}"#),
            geometry(r#"{"type":"Point","coordinates":[1e999,1]}"#),
            geometry(r#"{"type":"LineString","coordinates":[[1,2],[3]]}"#),
            geometry(r#"{"type":"Point","coordinates":["116","39"]}"#),
            geometry(r#"{"type":"Circle","coordinates":[1,2]}"#),
            geometry(&format!(r#"{{"type":"Point","coordinates":{}{}}}"#, "[".repeat(200), "]".repeat(200))),
            r#"{"type":"Feature","properties":{"a" 1},"geometry":null}"#.to_owned(),
            r#""text""#.to_owned(),
            "17".to_owned(),
            r#"{"type":"Topology"}"#.to_owned(),
            "{}".to_owned(),
        ];
        let mut features: Vec<&str> = wrong.iter().map(String::as_str).collect();
        features.push(POINT);
        let mut json = collection(&features);
        let sheet_of_all = sheet(&json).unwrap();
        assert_eq!((sheet_of_all.len(), sheet_of_all.rejected.len()), (1, wrong.len()));
        assert_eq!(sheet_of_all.number(0), wrong.len() as u32 + 1);
        assert_eq!(sheet_of_all.rejected[2].field, "geometry");
        // Bytes that are no UTF-8 are in one of the features too.
        let at = json.windows(3).position(|three| three == "甲".as_bytes()).unwrap();
        json[at] = 0xff;
        json.extend(format!("\n{POINT}\n{POINT}\n{POINT}").bytes());
        let broken = sheet(&json).unwrap();
        assert_eq!((broken.len(), broken.rejected.len()), (3, wrong.len() + 1));
    }

    #[test]
    fn a_file_cut_off_says_from_which_feature_on() {
        let json = collection(&[POINT, POINT]);
        let error = sheet(&json[..json.len() - 20]).unwrap_err().to_string();
        assert!(error.contains("from feature 2 on"), "{error}");
        let error = sheet(&json[..json.len() - 1]).unwrap_err().to_string();
        assert!(error.contains("from feature 3 on"), "{error}");
    }

    #[test]
    fn single_features_lines_of_them_and_marks() {
        assert_eq!(sheet(POINT.as_bytes()).unwrap().len(), 1);
        assert_eq!(
            sheet(format!("\u{feff}{POINT}\n{POINT}\r\n\u{1e}{POINT}\n").as_bytes()).unwrap().len(),
            3
        );
        let alone = sheet(br#"{"type":"Point","coordinates":[1,2]}"#).unwrap();
        assert_eq!((alone.shape(0), alone.columns.len()), (&Shape::Point([1.0, 2.0]), 0));
        let gb18030 = encoding_rs::GB18030.encode(POINT).0;
        let sheet = sheet(&gb18030).unwrap();
        assert_eq!((sheet.cell(0, 1), sheet.said.len()), ("甲", 1));
    }

    #[test]
    fn nothing_and_other_files_are_refused() {
        for json in ["", " \n", r#"{"type":"FeatureCollection","features":[]}"#] {
            assert!(matches!(sheet(json.as_bytes()), Err(SheetError::Empty { .. })), "{json}");
        }
        for json in ["[]", "a,b\n1,2", "{", r#"{"a"#] {
            assert!(matches!(sheet(json.as_bytes()), Err(SheetError::Damaged { .. })), "{json}");
        }
        assert_eq!(sheet(br#"{"type":"Topology","objects":{}}"#).unwrap().rejected.len(), 1);
    }

    #[test]
    fn old_files_say_what_their_coordinates_are() {
        let declared = |crs: &str| {
            let json = format!(r#"{{"features":[{POINT}],"crs":{crs},"type":"FeatureCollection"}}"#);
            let sheet = sheet(json.as_bytes()).unwrap();
            (sheet.declared_crs, sheet.said.len())
        };
        let named = |name: &str| declared(&format!(r#"{{"type":"name","properties":{{"name":"{name}"}}}}"#));
        assert_eq!(named("urn:ogc:def:crs:EPSG::4490"), (Some(Declared::Epsg(4490)), 0));
        assert_eq!(named("urn:ogc:def:crs:OGC:1.3:CRS84"), (Some(Declared::Epsg(4326)), 0));
        assert_eq!(named("Beijing"), (None, 1));
        assert_eq!(declared("7"), (None, 1));
    }
}
