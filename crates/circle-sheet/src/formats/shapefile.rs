//! Shapefiles: shapes in `.shp`, their table in `.dbf`, its encoding in `.cpg`, the reference system in
//! `.prj`.

mod dbf;

use crate::build::builder::SheetBuilder;
use crate::build::row::RowBuffer;
use crate::build::shape_parts::ShapeParts;
use crate::error::SheetError;
use crate::options::ReadOptions;
use crate::sheet::{DeclaredCrs, Sheet};
use crate::source::encoding::name_of;
use crate::source::file::read_bytes;
use dbf::DbfTable;
use encoding_rs::UTF_8;
use shapefile::record::polygon::GenericPolygon;
use shapefile::record::polyline::GenericPolyline;
use shapefile::record::traits::HasXY;
use shapefile::{PolygonRing, ReadableShape, Shape as ShapeRecord};
use std::io::Cursor;
use std::path::{Path, PathBuf};

type Ring = Vec<[f64; 2]>;

/// Limit of pairs of an outer ring and a hole that are compared in one shape.
const MAX_PAIRS: usize = 10_000_000;

pub(crate) fn read(path: &Path, options: &ReadOptions<'_>) -> Result<Sheet, SheetError> {
    let shapes = read_bytes(path)?;
    if !shapes.starts_with(&9994i32.to_be_bytes()) || shapes.len() < HEADER {
        return Err(SheetError::damaged(path, "a Shapefile", "its content is of another format"));
    }
    let table_path = sibling(path, "dbf")
        .ok_or_else(|| SheetError::NoTable { path: path.to_owned(), missing: path.with_extension("dbf") })?;
    let table_bytes = read_bytes(&table_path)?;
    let code_page = text_of_sibling(path, "cpg");
    let table = DbfTable::parse(&table_path, &table_bytes, options.encoding, code_page.as_deref())?;
    let mut builder = SheetBuilder::new(path);
    if table.encoding != UTF_8 && options.encoding.is_none() {
        builder.remark(format!("its table was read as {}", name_of(table.encoding)));
    }
    if table.declared_rows > table.rows {
        builder.remark(format!(
            "its table is cut off: it declares {} rows and has {}",
            table.declared_rows, table.rows
        ));
    }
    builder.declare_crs(text_of_sibling(path, "prj").map(DeclaredCrs::Wkt));
    table.add_columns(&mut builder)?;
    read_rows(&shapes, &table, &mut builder)?;
    builder.finish("the Shapefile")
}

/// Bytes of the file's header, and of the header of each record.
const HEADER: usize = 100;
const RECORD_HEADER: usize = 8;

fn read_rows(shapes: &[u8], table: &DbfTable<'_>, builder: &mut SheetBuilder<'_>) -> Result<(), SheetError> {
    let (mut row, mut scratch) = (RowBuffer::default(), String::new());
    let (mut at, mut number, mut deleted) = (HEADER, 0, 0);
    loop {
        let record = record_at(shapes, at);
        if record.is_none() && number >= table.rows {
            break;
        }
        let shape = record.map(|record| match record {
            Ok(content) => {
                at += RECORD_HEADER + content.len();
                parts_of(content)
            }
            Err(reason) => {
                // The position of the next record is unknown.
                at = shapes.len();
                Err(reason)
            }
        });
        row.start(number as u32 + 1);
        number += 1;
        if number > table.rows {
            row.fail(None, "its shape has no row in the table");
        } else if !table.read(number - 1, &mut row, &mut scratch) {
            deleted += 1;
            continue;
        }
        let shape = shape.unwrap_or_else(|| Err("its row in the table has no shape".to_owned()));
        match shape.and_then(|parts| parts.into_shape(builder).map_err(str::to_owned)) {
            Ok(shape) => builder.add(&row, Some(shape))?,
            Err(reason) if row.fault.is_none() => builder.reject(row.number, "geometry", reason)?,
            Err(_) => builder.add(&row, None)?,
        }
    }
    if deleted > 0 {
        builder.remark(format!("{deleted} rows that are deleted in its table were skipped"));
    }
    Ok(())
}

/// The content of the record at a position; `None` at the end of the file.
fn record_at(shapes: &[u8], at: usize) -> Option<Result<&[u8], String>> {
    let header = shapes.get(at..)?.first_chunk::<RECORD_HEADER>()?;
    let words = u32::from_be_bytes([header[4], header[5], header[6], header[7]]) as usize;
    let begin = at + RECORD_HEADER;
    let content = shapes.get(begin..begin + 2 * words);
    Some(content.ok_or_else(|| "the file is cut off or damaged from its shape on".to_owned()))
}

fn parts_of(content: &[u8]) -> Result<ShapeParts, String> {
    check_counts(content).ok_or("it declares more points than it has")?;
    let record = ShapeRecord::read_from(&mut Cursor::new(content), content.len() as i32);
    let record = record.map_err(|error| format!("its shape cannot be read: {error}"))?;
    let mut parts = ShapeParts::default();
    match record {
        ShapeRecord::NullShape => {}
        ShapeRecord::Point(point) => parts.points.push([point.x, point.y]),
        ShapeRecord::PointM(point) => parts.points.push([point.x, point.y]),
        ShapeRecord::PointZ(point) => parts.points.push([point.x, point.y]),
        ShapeRecord::Multipoint(points) => parts.points = positions(points.points()),
        ShapeRecord::MultipointM(points) => parts.points = positions(points.points()),
        ShapeRecord::MultipointZ(points) => parts.points = positions(points.points()),
        ShapeRecord::Polyline(line) => parts.lines = lines(&line),
        ShapeRecord::PolylineM(line) => parts.lines = lines(&line),
        ShapeRecord::PolylineZ(line) => parts.lines = lines(&line),
        ShapeRecord::Polygon(polygon) => parts.polygons = polygons(&polygon),
        ShapeRecord::PolygonM(polygon) => parts.polygons = polygons(&polygon),
        ShapeRecord::PolygonZ(polygon) => parts.polygons = polygons(&polygon),
        ShapeRecord::Multipatch(_) => return Err("it is a multipatch; save its outline".to_owned()),
    }
    Ok(parts)
}

/// Checks the counts of a record against its length: the reader allocates memory for the counts.
fn check_counts(content: &[u8]) -> Option<()> {
    let count = |at: usize| {
        let bytes = content.get(at..)?.first_chunk::<4>()?;
        usize::try_from(i32::from_le_bytes(*bytes)).ok()
    };
    match count(0)? {
        // Lines, polygons and patches: bounding box, counts of parts and points, start of each part, points.
        3 | 5 | 13 | 15 | 23 | 25 | 31 => {
            let (parts, points) = (count(36)?, count(40)?);
            let fits =
                parts.saturating_mul(4).saturating_add(points.saturating_mul(16)) <= content.len() - 44;
            let mut previous = 0;
            for part in 0..parts.min(content.len()) {
                let begin = count(44 + 4 * part)?;
                if begin < previous || begin > points {
                    return None;
                }
                previous = begin;
            }
            fits.then_some(())
        }
        8 | 18 | 28 => (count(36)?.saturating_mul(16) <= content.len() - 40).then_some(()),
        _ => Some(()),
    }
}

fn positions<P: HasXY>(points: &[P]) -> Ring {
    points.iter().map(|point| [point.x(), point.y()]).collect()
}

fn lines<P>(line: &GenericPolyline<P>) -> Vec<Ring>
where
    P: HasXY + shapefile::record::traits::ShrinkablePoint + shapefile::record::traits::GrowablePoint + Copy,
{
    line.parts().iter().map(|part| positions(part)).collect()
}

/// Polygons of outer rings and holes, which have opposite orientations. If all rings are holes, the writer
/// has reversed the orientation, and all are outer rings.
fn polygons<P>(polygon: &GenericPolygon<P>) -> Vec<Vec<Ring>>
where
    P: HasXY
        + shapefile::record::traits::ShrinkablePoint
        + shapefile::record::traits::GrowablePoint
        + PartialEq
        + Copy,
{
    let (outer, holes): (Vec<_>, Vec<_>) =
        polygon.rings().iter().partition(|ring| matches!(ring, PolygonRing::Outer(_)));
    let own = |rings: Vec<&PolygonRing<P>>| rings.into_iter().map(|ring| positions(ring.points())).collect();
    let (outer, holes): (Vec<Ring>, Vec<Ring>) = (own(outer), own(holes));
    if outer.is_empty() {
        return holes.into_iter().map(|ring| vec![ring]).collect();
    }
    let pairs = outer.len().saturating_mul(holes.len());
    let mut polygons: Vec<Vec<Ring>> = outer.into_iter().map(|ring| vec![ring]).collect();
    let boxes: Vec<[f64; 4]> = polygons.iter().map(|polygon| bounding_box(&polygon[0])).collect();
    for hole in holes {
        let inner = bounding_box(&hole);
        let holds = |at: &usize| {
            let [west, south, east, north] = boxes[*at];
            let is_within = west <= inner[0] && south <= inner[1] && east >= inner[2] && north >= inner[3];
            is_within && hole.first().is_some_and(|point| contains(&polygons[*at][0], *point))
        };
        let holder =
            if polygons.len() == 1 || pairs > MAX_PAIRS { None } else { (0..polygons.len()).find(holds) };
        polygons[holder.unwrap_or(0)].push(hole);
    }
    polygons
}

fn bounding_box(ring: &[[f64; 2]]) -> [f64; 4] {
    ring.iter().fold([f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY], |it, [x, y]| {
        [it[0].min(*x), it[1].min(*y), it[2].max(*x), it[3].max(*y)]
    })
}

/// Whether a ray from the point crosses the ring an odd number of times.
fn contains(ring: &[[f64; 2]], [x, y]: [f64; 2]) -> bool {
    let crossings = ring.windows(2).filter(|pair| {
        let ([ax, ay], [bx, by]) = (pair[0], pair[1]);
        (ay > y) != (by > y) && x < (bx - ax) * (y - ay) / (by - ay) + ax
    });
    crossings.count() % 2 == 1
}

/// The file of the same name and another extension, in either case.
fn sibling(path: &Path, extension: &str) -> Option<PathBuf> {
    let usual = path.with_extension(extension);
    if usual.is_file() {
        return Some(usual);
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let matches = |file: &PathBuf| {
        let stems = [file.file_stem(), path.file_stem()].map(Option::unwrap_or_default);
        file.extension().is_some_and(|it| it.eq_ignore_ascii_case(extension))
            && stems[0].eq_ignore_ascii_case(stems[1])
    };
    let files = std::fs::read_dir(folder).ok()?.filter_map(|file| Some(file.ok()?.path()));
    files.filter(|file| file.is_file()).find(matches)
}

/// The text of a file of the same name; `None` if it is empty or longer than 64 KiB.
fn text_of_sibling(path: &Path, extension: &str) -> Option<String> {
    const MAX_BYTES: u64 = 1 << 16;
    let file = sibling(path, extension)?;
    let bytes = circle_model::files::read_whole(&file, MAX_BYTES).ok()?;
    let text = String::from_utf8_lossy(&bytes).trim_start_matches('\u{feff}').trim().to_owned();
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
pub(crate) mod tests;
