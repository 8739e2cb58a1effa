//! KML and KMZ, as Google Earth and GIS programs write them: each Placemark is a row.

use crate::build::builder::{MAX_HEADING_CHARS, SheetBuilder};
use crate::build::row::RowBuffer;
use crate::build::shape_parts::ShapeParts;
use crate::error::SheetError;
use crate::options::ReadOptions;
use crate::quote::{excerpt, name_list};
use crate::sheet::{DeclaredCrs, Sheet};
use crate::source::archive::check_unpacked;
use crate::source::encoding::EncodedText;
use crate::source::file::read_bytes;
use crate::source::xml::{XmlEvents, append_text, attribute};
use circle_model::files::clean;
use quick_xml::events::{BytesStart, Event};
use std::io::{Cursor, Read};
use std::path::Path;

/// Limit of characters of a folder's name, because each of its placemarks repeats it.
const MAX_FOLDER_CHARS: usize = 200;
/// Limit of the bytes of a list of coordinates, which takes several times as much memory when parsed.
const MAX_COORDINATES_BYTES: usize = 32 << 20;

pub(crate) fn read(path: &Path, options: &ReadOptions<'_>) -> Result<Sheet, SheetError> {
    let bytes = read_bytes(path)?;
    let (bytes, others) = if bytes.starts_with(b"PK") { unpacked(path, &bytes)? } else { (bytes, None) };
    let text = EncodedText::new(&bytes, options.encoding, path)?;
    let mut builder = SheetBuilder::new(path);
    text.assumption.iter().for_each(|assumption| builder.remark(assumption.clone()));
    others.into_iter().for_each(|others| builder.remark(others));
    let utf8 = text.into_utf8();
    let text = String::from_utf8_lossy(&utf8);
    let mut placemarks =
        PlacemarkReader { builder, row: RowBuffer::default(), count: 0, folders: Vec::new() };
    placemarks.builder.declare_crs(Some(DeclaredCrs::Epsg(4326)));
    placemarks.read(path, &text)?;
    placemarks.builder.finish("the document")
}

/// The KML in a KMZ: `doc.kml`, the name in Google Earth, else the first one; and the remark on the others.
fn unpacked(path: &Path, bytes: &[u8]) -> Result<(Vec<u8>, Option<String>), SheetError> {
    check_unpacked(path, bytes)?;
    let mut archive =
        zip::ZipArchive::new(Cursor::new(bytes)).map_err(|error| damaged(path, error.to_string()))?;
    let name_of = |at: usize| Some(String::from(archive.name_for_index(at)?.ok()?));
    let named = (0..archive.len()).filter_map(|at| Some((at, name_of(at)?)));
    let mut found: Vec<(usize, String)> =
        named.filter(|(_, name)| name.to_lowercase().ends_with(".kml")).collect();
    if found.is_empty() {
        return Err(damaged(path, "it contains no .kml"));
    }
    let main = found.iter().position(|(_, name)| name.eq_ignore_ascii_case("doc.kml")).unwrap_or(0);
    let (index, name) = found.remove(main);
    let others: Vec<String> = found.into_iter().map(|(_, name)| name).collect();
    let name = excerpt(&name);
    let remark = format!(
        "{name} was read; there is also {}, which must be a separate file to be read",
        name_list(&others)
    );
    let remark = (!others.is_empty()).then_some(remark);
    let mut file = archive.by_index(index).map_err(|error| damaged(path, error.to_string()))?;
    let mut unpacked = Vec::new();
    file.read_to_end(&mut unpacked).map_err(|error| damaged(path, error.to_string()))?;
    Ok((unpacked, remark))
}

fn damaged(path: &Path, reason: impl Into<String>) -> SheetError {
    SheetError::damaged(path, "KML", reason)
}

/// A placemark that is being read.
#[derive(Default)]
struct Placemark {
    depth: usize,
    /// Name and text of each cell.
    cells: Vec<(String, String)>,
    parts: ShapeParts,
    /// The fault of its geometry.
    fault: Option<String>,
    /// Rings of the open polygon.
    rings: Option<Vec<Vec<[f64; 2]>>>,
}

/// Reads the placemarks of a document into a sheet.
struct PlacemarkReader<'a> {
    builder: SheetBuilder<'a>,
    row: RowBuffer,
    /// Count of placemarks so far.
    count: u32,
    /// Depth and name of each open folder.
    folders: Vec<(usize, String)>,
}

impl PlacemarkReader<'_> {
    fn read(&mut self, path: &Path, text: &str) -> Result<(), SheetError> {
        let mut events = XmlEvents::new(text);
        // Names of the open elements, the outermost first.
        let mut names: Vec<String> = Vec::new();
        let mut data_name = String::new();
        let mut content = String::new();
        let mut placemark: Option<Placemark> = None;
        while let Some(event) = events.next().map_err(|what| damaged(path, what))? {
            match &event {
                Event::Start(element) => {
                    let name = element.local_name().as_ref().to_owned();
                    if names.is_empty() && name != "kml" {
                        let reason = format!("it begins with <{}> instead of <kml>", excerpt(&name));
                        return Err(damaged(path, reason));
                    }
                    content.clear();
                    open_element(&name, element, &mut data_name, &mut placemark, events.depth);
                    if name == "Folder" {
                        self.folders.push((events.depth, String::new()));
                    }
                    names.push(name);
                }
                Event::End(_) => {
                    let name = names.pop().unwrap_or_default();
                    let parent = names.last().map(String::as_str).unwrap_or_default();
                    let text = content.trim();
                    if let Some(mark) = &mut placemark {
                        mark.close_element(&name, parent, text, &data_name);
                    } else if name == "name" && parent == "Folder" {
                        let name = clean(text, MAX_FOLDER_CHARS);
                        if let Some(folder) = self.folders.last_mut() {
                            folder.1 = name;
                        }
                    }
                    self.folders.pop_if(|(depth, _)| events.depth < *depth);
                    content.clear();
                    if let Some(mark) = placemark.take_if(|mark| events.depth < mark.depth) {
                        self.add(mark)?;
                    }
                }
                other => append_text(other, &mut content),
            }
        }
        Ok(())
    }

    fn add(&mut self, placemark: Placemark) -> Result<(), SheetError> {
        self.count += 1;
        let Placemark { mut cells, parts, fault, .. } = placemark;
        if let Some((_, folder)) = self.folders.last().filter(|(_, name)| !name.is_empty()) {
            cells.push(("folder".to_owned(), folder.clone()));
        }
        let shape = match fault {
            Some(reason) => Err(reason),
            None => parts.into_shape(&mut self.builder).map_err(str::to_owned),
        };
        self.row.start(self.count);
        let mut filled: Vec<String> = Vec::new();
        for (name, value) in cells {
            let column = self.builder.column_of(&name)?;
            if filled.len() <= column {
                filled.resize(column + 1, String::new());
            }
            filled[column] = value;
        }
        filled.iter().for_each(|cell| self.row.push(cell));
        match shape {
            Ok(shape) => self.builder.add(&self.row, Some(shape)),
            Err(reason) => self.builder.reject(self.count, "geometry", reason),
        }
    }
}

fn open_element(
    name: &str,
    element: &BytesStart<'_>,
    data_name: &mut String,
    placemark: &mut Option<Placemark>,
    depth: usize,
) {
    match name {
        "Placemark" if placemark.is_none() => {
            let mut mark = Placemark { depth, ..Placemark::default() };
            attribute(element, "id").into_iter().for_each(|id| mark.cells.push(("id".to_owned(), id)));
            *placemark = Some(mark);
        }
        "Data" | "SimpleData" => {
            *data_name = clean(&attribute(element, "name").unwrap_or_default(), MAX_HEADING_CHARS);
        }
        "Polygon" => placemark.iter_mut().for_each(|mark| mark.rings = Some(Vec::new())),
        _ => {}
    }
}

impl Placemark {
    /// Adds the text of a completed element.
    fn close_element(&mut self, name: &str, parent: &str, text: &str, data_name: &str) {
        let column = match name {
            "name" | "description" | "address" if parent == "Placemark" => name,
            "value" if parent == "Data" => data_name,
            "SimpleData" => data_name,
            "coordinates" => return self.add_coordinates(parent, text),
            "Polygon" => return self.parts.polygons.extend(self.rings.take()),
            _ => return,
        };
        if !column.is_empty() && !text.is_empty() {
            self.cells.push((column.to_owned(), text.to_owned()));
        }
    }

    fn add_coordinates(&mut self, parent: &str, text: &str) {
        if text.len() > MAX_COORDINATES_BYTES {
            let most = MAX_COORDINATES_BYTES >> 20;
            self.fault.get_or_insert_with(|| {
                format!("its coordinates are longer than {most} MiB; simplify its shape")
            });
            return;
        }
        let Some(positions) = text.split_ascii_whitespace().map(parse_position).collect::<Option<Vec<_>>>()
        else {
            let reason = format!("`{}` is not `lon,lat`", excerpt(text));
            self.fault.get_or_insert(reason);
            return;
        };
        match (parent, &mut self.rings) {
            ("LinearRing", Some(rings)) => rings.push(positions),
            ("LineString" | "LinearRing", _) => self.parts.lines.push(positions),
            _ => self.parts.points.extend(positions),
        }
    }
}

/// `126.63,45.75` or `126.63,45.75,120`.
fn parse_position(text: &str) -> Option<[f64; 2]> {
    let mut numbers = text.split(',').map(|number| number.parse::<f64>().ok());
    Some([numbers.next()??, numbers.next()??])
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::sheet::Shape;

    fn sheet(text: &str) -> Result<Sheet, SheetError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("own.kml");
        std::fs::write(&path, text).unwrap();
        read(&path, &ReadOptions::default())
    }

    pub(crate) const MARKS: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>all</name><Folder><name>诊所</name>
<Placemark id="p1"><name>康民 &amp; 诊所</name><ExtendedData><Data name="床位"><displayName>x</displayName><value>12</value></Data>
<SchemaData schemaUrl="s"><SimpleData name="类别">clinic</SimpleData></SchemaData></ExtendedData>
<Point><coordinates> 126.63,45.75,0 </coordinates></Point></Placemark>
<Placemark><name><![CDATA[和平<里>]]></name><Polygon><outerBoundaryIs><LinearRing><coordinates>
126.60,45.70 126.61,45.70 126.61,45.71 126.60,45.70</coordinates></LinearRing></outerBoundaryIs><innerBoundaryIs><LinearRing>
<coordinates>126.602,45.701 126.603,45.701 126.603,45.702</coordinates></LinearRing></innerBoundaryIs></Polygon></Placemark>
</Folder><Placemark><name>线</name><LineString><coordinates>1,2 3,4</coordinates></LineString></Placemark>
<Placemark><name>坏</name><Point><coordinates>126.6 45.7</coordinates></Point></Placemark>
<Placemark><name>空</name></Placemark></Document></kml>"#;

    #[test]
    fn placemarks_are_rows_and_their_data_are_columns() {
        let sheet = sheet(MARKS).unwrap();
        assert_eq!(sheet.columns, ["id", "name", "床位", "类别", "folder"]);
        let cells: Vec<&str> = (0..5).map(|column| sheet.cell(0, column)).collect();
        assert_eq!(cells, ["p1", "康民 & 诊所", "12", "clinic", "诊所"]);
        assert_eq!(sheet.shape(0), &Shape::Point([126.63, 45.75]));
        let Shape::Polygons(polygons) = sheet.shape(1) else { panic!("{:?}", sheet.shape(1)) };
        assert_eq!((polygons.len(), polygons[0].len(), polygons[0][1].len()), (1, 2, 4));
        assert_eq!((sheet.cell(1, 1), sheet.cell(2, 4)), ("和平<里>", ""));
        assert_eq!(sheet.shape(2), &Shape::Lines(vec![vec![[1.0, 2.0], [3.0, 4.0]]]));
        assert_eq!((sheet.len(), sheet.rejected.len(), sheet.rejected[0].row), (4, 1, 4));
        assert_eq!((sheet.shape(3), sheet.number(3)), (&Shape::None, 5));
    }

    #[test]
    fn a_list_of_coordinates_that_is_too_long_is_rejected_before_it_is_parsed() {
        let line = |coordinates: &str| {
            format!(
                "<Placemark><LineString><coordinates>{coordinates}</coordinates></LineString></Placemark>"
            )
        };
        let long = line(&"1,2 ".repeat(MAX_COORDINATES_BYTES / 4 + 1));
        let sheet = sheet(&format!("<kml>{long}{}</kml>", line("1,2 3,4"))).unwrap();
        assert_eq!((sheet.len(), sheet.rejected.len(), sheet.rejected[0].row), (1, 1, 1));
        assert!(sheet.rejected[0].reason.contains("longer than 32 MiB"), "{:?}", sheet.rejected);
    }

    #[test]
    fn long_names_of_folders_are_cut() {
        let name = "很".repeat(1_000);
        let mark = "<Placemark><name>a</name></Placemark>";
        let sheet = sheet(&format!("<kml><Folder><name>{name}</name>{mark}</Folder></kml>")).unwrap();
        assert_eq!(
            (sheet.columns[1].as_str(), sheet.cell(0, 1).chars().count()),
            ("folder", MAX_FOLDER_CHARS)
        );
    }

    #[test]
    fn the_main_document_of_an_archive_is_read_and_the_others_are_named() {
        use std::io::Write;
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (file, name) in [("files/doc.kml", "甲"), ("doc.kml", "乙"), ("other.kml", "丙")] {
            zip.start_file(file, zip::write::SimpleFileOptions::default()).unwrap();
            let text = format!("<kml><Placemark><name>{name}</name></Placemark></kml>");
            zip.write_all(text.as_bytes()).unwrap();
        }
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("own.kmz");
        std::fs::write(&path, zip.finish().unwrap().into_inner()).unwrap();
        let sheet = read(&path, &ReadOptions::default()).unwrap();
        assert_eq!((sheet.len(), sheet.cell(0, 0), sheet.remarks.len()), (1, "乙", 1));
        assert!(sheet.remarks[0].contains("files/doc.kml, other.kml"), "{:?}", sheet.remarks);
    }

    #[test]
    fn declared_entities_and_deep_nesting_are_rejected() {
        let bomb = "<?xml version=\"1.0\"?><!DOCTYPE kml [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]>\
                    <kml><Placemark><name>&b;</name></Placemark></kml>";
        assert!(sheet(bomb).unwrap_err().to_string().contains("entities"));
        let deep = format!("<kml>{}", "<Folder>".repeat(100_000));
        assert!(sheet(&deep).unwrap_err().to_string().contains("nested"));
        for text in ["<kml><Placemark>", "<html></html>", "x", "<kml></kml>"] {
            assert!(sheet(text).is_err(), "{text}");
        }
    }
}
