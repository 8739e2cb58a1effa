//! `GeoJSON`: a collection of features, a single feature, or one feature on each line.
//!
//! Features are located by their brackets and parsed one by one, so that an invalid one does not reject the
//! file.

mod member;

use crate::build::builder::SheetBuilder;
use crate::build::row::RowBuffer;
use crate::build::shape_parts::ShapeParts;
use crate::error::SheetError;
use crate::options::ReadOptions;
use crate::sheet::{DeclaredCrs, Sheet};
use crate::source::encoding::EncodedText;
use crate::source::file::read_bytes;
use geojson::{Geometry, GeometryValue, Position};
use member::{CrsMember, PropertyText, RawFeature};
use serde::de::IgnoredAny;
use std::path::Path;

/// Limit of the bytes of a feature, which takes some ten times as much memory when parsed. The outline of a
/// province in full detail takes a tenth of it.
const MAX_FEATURE_BYTES: usize = 32 << 20;
/// Limit of the bytes of a member `crs`.
const MAX_CRS_BYTES: usize = 1 << 12;

pub(crate) fn read(path: &Path, options: &ReadOptions<'_>) -> Result<Sheet, SheetError> {
    let bytes = read_bytes(path)?;
    let text = EncodedText::new(&bytes, options.encoding, path)?;
    let mut features =
        FeatureReader { path, builder: SheetBuilder::new(path), row: RowBuffer::default(), count: 0 };
    text.assumption.iter().for_each(|assumption| features.builder.remark(assumption.clone()));
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

/// Reads the features of a file into a sheet.
struct FeatureReader<'a> {
    path: &'a Path,
    builder: SheetBuilder<'a>,
    row: RowBuffer,
    /// Count of features so far.
    count: u32,
}

impl FeatureReader<'_> {
    /// Reads a collection or a single feature. Returns the position of its end.
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

    /// Reads the members of a collection in any order. Returns the position of its end; `None` if it has no
    /// features.
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

    /// Reads the features of a list. Returns the position of its end.
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
        if json.len() > MAX_FEATURE_BYTES {
            let reason = format!("it is longer than {} MiB; simplify its shape", MAX_FEATURE_BYTES >> 20);
            return self.builder.reject(number, "", reason);
        }
        let feature = match serde_json::from_slice::<RawFeature<Geometry>>(json) {
            Ok(feature) if feature.kind == "Feature" => feature,
            Ok(feature) if feature.kind.is_empty() => {
                return self.builder.reject(number, "type", "it has no type");
            }
            Ok(RawFeature { kind, .. }) => return self.read_other(json, &kind),
            Err(error) => {
                // Perhaps only the geometry is wrong.
                let is_geometry = serde_json::from_slice::<RawFeature<IgnoredAny>>(json).is_ok();
                let field = if is_geometry { "geometry" } else { "" };
                return self.builder.reject(number, field, error.to_string());
            }
        };
        self.add(feature)
    }

    /// Reads a geometry outside a feature; rejects anything else.
    fn read_other(&mut self, json: &[u8], kind: &str) -> Result<(), SheetError> {
        match serde_json::from_slice::<Geometry>(json) {
            Ok(geometry) => self.add(RawFeature { geometry: Some(geometry), ..RawFeature::default() }),
            Err(error) if json.starts_with(b"{") && GEOMETRIES.contains(&kind) => {
                self.builder.reject(self.count, "geometry", error.to_string())
            }
            Err(_) => self.builder.reject(self.count, "type", format!("`{kind}` is not a feature")),
        }
    }

    fn add(&mut self, feature: RawFeature<Geometry>) -> Result<(), SheetError> {
        let mut parts = ShapeParts::default();
        let collected = feature.geometry.map_or(Ok(()), |geometry| collect(&geometry.value, &mut parts));
        let shape = match collected.and_then(|()| parts.into_shape(&mut self.builder)) {
            Ok(shape) => shape,
            Err(what) => return self.builder.reject(self.count, "geometry", what),
        };
        let mut properties = feature.properties.unwrap_or_default().0;
        // The id of the feature becomes a column, unless a property has its name.
        if let Some(id) = feature.id
            && properties.iter().all(|(name, _)| name != "id")
        {
            properties.insert(0, ("id".to_owned(), id));
        }
        let mut cells: Vec<&str> = Vec::with_capacity(self.builder.columns().len());
        for (name, PropertyText(text)) in &properties {
            let column = self.builder.column_of(name)?;
            cells.resize(cells.len().max(column + 1), "");
            cells[column] = text;
        }
        self.row.start(self.count);
        cells.iter().for_each(|cell| self.row.push(cell));
        self.builder.add(&self.row, Some(shape))
    }

    /// Reads the member `crs` of files from before RFC 7946.
    fn declare(&mut self, json: &[u8]) {
        let json = Some(json).filter(|json| json.len() <= MAX_CRS_BYTES).unwrap_or_default();
        let Ok(Some(crs)) = serde_json::from_slice::<Option<CrsMember>>(json) else {
            return self.builder.remark("its member `crs` is not understood");
        };
        let declared = epsg_of(&crs.properties.name);
        if declared.is_none() {
            self.builder.remark(format!("its member `crs` is not understood: {}", crs.properties.name));
        }
        self.builder.declare_crs(declared.map(DeclaredCrs::Epsg));
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

fn collect(geometry: &GeometryValue, parts: &mut ShapeParts) -> Result<(), &'static str> {
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
        _ => Err("one of its positions has fewer than two coordinates"),
    }
}

/// Skips white space and the record separator of RFC 8142.
fn skip_blank(json: &[u8], at: usize) -> usize {
    let rest = json.get(at..).unwrap_or_default();
    at + rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | 0x1e)).count()
}

/// The end of a value, found by its brackets and quotes; `None` if they are not closed.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sheet::Shape;

    fn sheet(json: &[u8]) -> Result<Sheet, SheetError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("own.geojson");
        std::fs::write(&path, json).unwrap();
        read(&path, &ReadOptions::default())
    }

    fn collection(features: &[&str]) -> Vec<u8> {
        format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(",\n")).into_bytes()
    }

    const POINT: &str = r#"{"type":"Feature","id":7,"geometry":{"type":"Point","coordinates":[116.4,39.9,50]},"properties":{"名称":"甲","b":null}}"#;

    #[test]
    fn properties_are_columns_in_the_order_of_the_file() {
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
    fn geometries_of_all_types_are_read() {
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
        assert_eq!(sheet.remarks.len(), 1, "{:?}", sheet.remarks);
    }

    #[test]
    fn only_invalid_features_are_rejected() {
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
        // One of the features contains bytes that are not UTF-8.
        let at = json.windows(3).position(|three| three == "甲".as_bytes()).unwrap();
        json[at] = 0xff;
        json.extend(format!("\n{POINT}\n{POINT}\n{POINT}").bytes());
        let broken = sheet(&json).unwrap();
        assert_eq!((broken.len(), broken.rejected.len()), (3, wrong.len() + 1));
    }

    #[test]
    fn a_feature_that_is_too_long_is_rejected_before_it_is_parsed() {
        let long = POINT.replacen('甲', &"很".repeat(MAX_FEATURE_BYTES / 3), 1);
        let sheet = sheet(&collection(&[POINT, &long, POINT])).unwrap();
        assert_eq!((sheet.len(), sheet.rejected.len(), sheet.rejected[0].row), (2, 1, 2));
        assert!(sheet.rejected[0].reason.contains("longer than 32 MiB"), "{:?}", sheet.rejected);
    }

    #[test]
    fn the_error_for_a_truncated_file_names_the_first_missing_feature() {
        let json = collection(&[POINT, POINT]);
        let error = sheet(&json[..json.len() - 20]).unwrap_err().to_string();
        assert!(error.contains("from feature 2 on"), "{error}");
        let error = sheet(&json[..json.len() - 1]).unwrap_err().to_string();
        assert!(error.contains("from feature 3 on"), "{error}");
    }

    #[test]
    fn single_features_and_features_on_lines_are_read() {
        assert_eq!(sheet(POINT.as_bytes()).unwrap().len(), 1);
        assert_eq!(
            sheet(format!("\u{feff}{POINT}\n{POINT}\r\n\u{1e}{POINT}\n").as_bytes()).unwrap().len(),
            3
        );
        let alone = sheet(br#"{"type":"Point","coordinates":[1,2]}"#).unwrap();
        assert_eq!((alone.shape(0), alone.columns.len()), (&Shape::Point([1.0, 2.0]), 0));
        let gb18030 = encoding_rs::GB18030.encode(POINT).0;
        let sheet = sheet(&gb18030).unwrap();
        assert_eq!((sheet.cell(0, 1), sheet.remarks.len()), ("甲", 1));
    }

    #[test]
    fn empty_and_other_files_are_rejected() {
        for json in ["", " \n", r#"{"type":"FeatureCollection","features":[]}"#] {
            assert!(matches!(sheet(json.as_bytes()), Err(SheetError::Empty { .. })), "{json}");
        }
        for json in ["[]", "a,b\n1,2", "{", r#"{"a"#] {
            assert!(matches!(sheet(json.as_bytes()), Err(SheetError::Damaged { .. })), "{json}");
        }
        assert_eq!(sheet(br#"{"type":"Topology","objects":{}}"#).unwrap().rejected.len(), 1);
    }

    #[test]
    fn the_member_crs_declares_the_reference_system() {
        let declared = |crs: &str| {
            let json = format!(r#"{{"features":[{POINT}],"crs":{crs},"type":"FeatureCollection"}}"#);
            let sheet = sheet(json.as_bytes()).unwrap();
            (sheet.declared_crs, sheet.remarks.len())
        };
        let named = |name: &str| declared(&format!(r#"{{"type":"name","properties":{{"name":"{name}"}}}}"#));
        assert_eq!(named("urn:ogc:def:crs:EPSG::4490"), (Some(DeclaredCrs::Epsg(4490)), 0));
        assert_eq!(named("urn:ogc:def:crs:OGC:1.3:CRS84"), (Some(DeclaredCrs::Epsg(4326)), 0));
        assert_eq!(named("Beijing"), (None, 1));
        assert_eq!(declared("7"), (None, 1));
    }
}
