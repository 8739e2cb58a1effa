//! Shapefiles: shapes in `.shp`, their table in `.dbf`, and what the two are in beside them.

use super::dbf::Table;
use super::encoding::name_of;
use super::error::{SheetError, read_bytes};
use super::parts::Parts;
use super::{Builder, Declared, Row, Sheet, SheetOptions};
use encoding_rs::UTF_8;
use shapefile::record::polygon::GenericPolygon;
use shapefile::record::polyline::GenericPolyline;
use shapefile::record::traits::HasXY;
use shapefile::{PolygonRing, ReadableShape, Shape as Record};
use std::io::Cursor;
use std::path::{Path, PathBuf};

type Ring = Vec<[f64; 2]>;

/// Pairs of rings and holes that are compared in one shape at most.
const MOST_PAIRS: usize = 10_000_000;

pub(super) fn read(path: &Path, options: &SheetOptions) -> Result<Sheet, SheetError> {
    let shapes = read_bytes(path)?;
    if !shapes.starts_with(&9994i32.to_be_bytes()) || shapes.len() < HEADER {
        return Err(SheetError::damaged(path, "a Shapefile", "it does not begin as one does"));
    }
    let table_path = beside(path, "dbf")
        .ok_or_else(|| SheetError::NoTable { path: path.to_owned(), missing: path.with_extension("dbf") })?;
    let table_bytes = read_bytes(&table_path)?;
    let page = text_beside(path, "cpg");
    let table = Table::of(&table_path, &table_bytes, options.encoding, page.as_deref())?;
    let mut builder = Builder::new(path);
    if table.encoding != UTF_8 && options.encoding.is_none() {
        builder.say(format!("its table was read as {}", name_of(table.encoding)));
    }
    if table.told > table.rows {
        builder.say(format!("its table is cut off: it tells of {} rows and has {}", table.told, table.rows));
    }
    builder.declare(text_beside(path, "prj").map(Declared::Wkt));
    table.add_columns(&mut builder)?;
    read_rows(&shapes, &table, &mut builder)?;
    builder.finish("the Shapefile")
}

/// Bytes before the first record, and before each.
const HEADER: usize = 100;
const RECORD_HEADER: usize = 8;

fn read_rows(shapes: &[u8], table: &Table, builder: &mut Builder) -> Result<(), SheetError> {
    let (mut row, mut scratch) = (Row::default(), String::new());
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
            Err(what) => {
                // Nobody knows where the next would begin.
                at = shapes.len();
                Err(what)
            }
        });
        row.start(number as u32 + 1);
        number += 1;
        if number > table.rows {
            row.fail(None, "there is no row of the table for its shape");
        } else if !table.read(number - 1, &mut row, &mut scratch) {
            deleted += 1;
            continue;
        }
        let shape = shape.unwrap_or_else(|| Err("there is no shape for its row of the table".to_owned()));
        match shape.and_then(|parts| parts.into_shape(builder).map_err(str::to_owned)) {
            Ok(shape) => builder.add(&row, Some(shape))?,
            Err(what) if row.trouble.is_none() => builder.reject(row.number, "geometry", what)?,
            Err(_) => builder.add(&row, None)?,
        }
    }
    if deleted > 0 {
        builder.say(format!("{deleted} rows that are deleted in its table were passed over"));
    }
    Ok(())
}

/// What is in the record at a place; nothing at the end of the file.
fn record_at(shapes: &[u8], at: usize) -> Option<Result<&[u8], String>> {
    let header = shapes.get(at..)?.first_chunk::<RECORD_HEADER>()?;
    let words = u32::from_be_bytes([header[4], header[5], header[6], header[7]]) as usize;
    let begin = at + RECORD_HEADER;
    let content = shapes.get(begin..begin + 2 * words);
    Some(content.ok_or_else(|| "the file is cut off or damaged from its shape on".to_owned()))
}

fn parts_of(content: &[u8]) -> Result<Parts, String> {
    check_counts(content).ok_or("it tells of more points than it has")?;
    let record = Record::read_from(&mut Cursor::new(content), content.len() as i32);
    let record = record.map_err(|error| format!("its shape cannot be read: {error}"))?;
    let mut parts = Parts::default();
    match record {
        Record::NullShape => {}
        Record::Point(point) => parts.points.push([point.x, point.y]),
        Record::PointM(point) => parts.points.push([point.x, point.y]),
        Record::PointZ(point) => parts.points.push([point.x, point.y]),
        Record::Multipoint(points) => parts.points = plain(points.points()),
        Record::MultipointM(points) => parts.points = plain(points.points()),
        Record::MultipointZ(points) => parts.points = plain(points.points()),
        Record::Polyline(line) => parts.lines = lines(&line),
        Record::PolylineM(line) => parts.lines = lines(&line),
        Record::PolylineZ(line) => parts.lines = lines(&line),
        Record::Polygon(polygon) => parts.polygons = polygons(&polygon),
        Record::PolygonM(polygon) => parts.polygons = polygons(&polygon),
        Record::PolygonZ(polygon) => parts.polygons = polygons(&polygon),
        Record::Multipatch(_) => return Err("it is a body of patches; save its outline".to_owned()),
    }
    Ok(parts)
}

/// Checks the counts of a record against its length: the reader sets memory aside for as many as it is told.
fn check_counts(content: &[u8]) -> Option<()> {
    let count = |at: usize| {
        let bytes = content.get(at..)?.first_chunk::<4>()?;
        usize::try_from(i32::from_le_bytes(*bytes)).ok()
    };
    match count(0)? {
        // Lines, polygons, and patches: a box, how many parts and points, where each part begins, the points.
        3 | 5 | 13 | 15 | 23 | 25 | 31 => {
            let (parts, points) = (count(36)?, count(40)?);
            let fits =
                parts.saturating_mul(4).saturating_add(points.saturating_mul(16)) <= content.len() - 44;
            let mut before = 0;
            for part in 0..parts.min(content.len()) {
                let begins = count(44 + 4 * part)?;
                if begins < before || begins > points {
                    return None;
                }
                before = begins;
            }
            fits.then_some(())
        }
        8 | 18 | 28 => (count(36)?.saturating_mul(16) <= content.len() - 40).then_some(()),
        _ => Some(()),
    }
}

fn plain<P: HasXY>(points: &[P]) -> Ring {
    points.iter().map(|point| [point.x(), point.y()]).collect()
}

fn lines<P>(line: &GenericPolyline<P>) -> Vec<Ring>
where
    P: HasXY + shapefile::record::traits::ShrinkablePoint + shapefile::record::traits::GrowablePoint + Copy,
{
    line.parts().iter().map(|part| plain(part)).collect()
}

/// Polygons of the rings, whose sense of rotation tells what is a hole. Where all are holes the writer had it
/// the other way round.
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
    let own = |rings: Vec<&PolygonRing<P>>| rings.into_iter().map(|ring| plain(ring.points())).collect();
    let (outer, holes): (Vec<Ring>, Vec<Ring>) = (own(outer), own(holes));
    if outer.is_empty() {
        return holes.into_iter().map(|ring| vec![ring]).collect();
    }
    let pairs = outer.len().saturating_mul(holes.len());
    let mut polygons: Vec<Vec<Ring>> = outer.into_iter().map(|ring| vec![ring]).collect();
    let boxes: Vec<[f64; 4]> = polygons.iter().map(|polygon| box_of(&polygon[0])).collect();
    for hole in holes {
        let around = box_of(&hole);
        let holds = |at: &usize| {
            let [west, south, east, north] = boxes[*at];
            let within = west <= around[0] && south <= around[1] && east >= around[2] && north >= around[3];
            within && hole.first().is_some_and(|point| contains(&polygons[*at][0], *point))
        };
        let holder =
            if polygons.len() == 1 || pairs > MOST_PAIRS { None } else { (0..polygons.len()).find(holds) };
        polygons[holder.unwrap_or(0)].push(hole);
    }
    polygons
}

fn box_of(ring: &[[f64; 2]]) -> [f64; 4] {
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

/// The file of the same name and another ending, in letters of either case.
fn beside(path: &Path, ending: &str) -> Option<PathBuf> {
    let usual = path.with_extension(ending);
    if usual.is_file() {
        return Some(usual);
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let is_it = |file: &PathBuf| {
        let stems = [file.file_stem(), path.file_stem()].map(Option::unwrap_or_default);
        file.extension().is_some_and(|it| it.eq_ignore_ascii_case(ending))
            && stems[0].eq_ignore_ascii_case(stems[1])
    };
    let files = std::fs::read_dir(folder).ok()?.filter_map(|file| Some(file.ok()?.path()));
    files.filter(|file| file.is_file()).find(is_it)
}

/// The text of a file beside it; nothing where it is empty or too long to be what it should.
fn text_beside(path: &Path, ending: &str) -> Option<String> {
    const MOST: u64 = 1 << 16;
    let file = beside(path, ending)?;
    let bytes = (std::fs::metadata(&file).ok()?.len() <= MOST).then(|| std::fs::read(&file).ok())??;
    let text = String::from_utf8_lossy(&bytes).trim_start_matches('\u{feff}').trim().to_owned();
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::own::sheet::Shape;
    use encoding_rs::GB18030;
    use shapefile::dbase::{FieldName, FieldValue, Record as DbfRecord, TableWriterBuilder};
    use shapefile::record::EsriShape;
    use shapefile::{Multipoint, NO_DATA, Point, PointZ, Polygon, Polyline, ShapeWriter};

    /// The bytes of a `.shp`.
    fn shp<S: EsriShape>(shapes: &[S]) -> Vec<u8> {
        let mut bytes = Vec::new();
        ShapeWriter::new(Cursor::new(&mut bytes)).write_shapes(shapes).unwrap();
        bytes
    }

    /// The bytes of a `.dbf` of columns of a name, a kind and a width.
    fn dbf(fields: &[(&[u8], u8, u8)], mark: u8, rows: &[&[&[u8]]]) -> Vec<u8> {
        let row_bytes = 1 + fields.iter().map(|field| u16::from(field.2)).sum::<u16>();
        let mut bytes = vec![3, 0, 0, 0];
        bytes.extend((rows.len() as u32).to_le_bytes());
        bytes.extend((32 * (fields.len() as u16 + 1) + 1).to_le_bytes());
        bytes.extend(row_bytes.to_le_bytes());
        bytes.resize(32, 0);
        bytes[29] = mark;
        for (name, kind, width) in fields {
            let begin = bytes.len();
            bytes.extend(*name);
            bytes.resize(begin + 11, 0);
            bytes.push(*kind);
            bytes.resize(begin + 16, 0);
            bytes.push(*width);
            bytes.resize(begin + 32, 0);
        }
        bytes.push(0x0d);
        for row in rows {
            bytes.push(b' ');
            for (cell, (_, _, width)) in row.iter().zip(fields) {
                let begin = bytes.len();
                bytes.extend(*cell);
                bytes.resize(begin + usize::from(*width), b' ');
            }
        }
        bytes.push(0x1a);
        bytes
    }

    /// A `.shp` of three polygons and its `.dbf`.
    pub(in super::super) fn pair() -> (Vec<u8>, Vec<u8>) {
        let ring = |rest: &[(f64, f64)]| rest.iter().map(|(x, y)| Point::new(*x, *y)).collect::<Vec<_>>();
        let outer = PolygonRing::Outer(ring(&[(0.0, 0.0), (0.0, 9.0), (9.0, 9.0), (9.0, 0.0)]));
        let other = PolygonRing::Outer(ring(&[(20.0, 0.0), (20.0, 9.0), (29.0, 9.0)]));
        let hole = PolygonRing::Inner(ring(&[(4.0, 4.0), (5.0, 4.0), (5.0, 5.0)]));
        let shapes = shp(&vec![Polygon::with_rings(vec![outer, other, hole]); 3]);
        let fields: [(&[u8], u8, u8); 4] =
            [(b"name", b'C', 12), (b"n", b'N', 8), (b"d", b'D', 8), (b"i", b'I', 4)];
        let row: &[&[u8]] = &["和平里".as_bytes(), b"1.50", b"20240501", &[1, 0, 0, 0]];
        (shapes, dbf(&fields, 0, &[row; 3]))
    }

    fn sheet(files: &[(&str, &[u8])]) -> Result<Sheet, SheetError> {
        let folder = tempfile::tempdir().unwrap();
        files.iter().for_each(|(ending, bytes)| {
            std::fs::write(folder.path().join("设施").with_extension(ending), bytes).unwrap();
        });
        read(&folder.path().join("设施.shp"), &SheetOptions::default())
    }

    fn points(count: usize) -> Vec<u8> {
        shp(&(0..count).map(|at| Point::new(116.0 + at as f64, 39.0)).collect::<Vec<_>>())
    }

    fn cells(sheet: &Sheet, row: usize) -> Vec<&str> {
        (0..sheet.columns.len()).map(|column| sheet.cell(row, column)).collect()
    }

    #[test]
    fn cells_of_all_kinds_are_text() {
        let fields: [(&[u8], u8, u8); 7] = [
            ("名称".as_bytes(), b'C', 10),
            (b"lon", b'N', 20),
            (b"id", b'N', 20),
            (b"built", b'D', 8),
            (b"open", b'L', 1),
            (b"beds", b'I', 4),
            (b"memo", b'M', 10),
        ];
        // A name that fills its column with the last character cut through.
        let name = "和平里".as_bytes();
        let full: Vec<u8> = [name, &"东".as_bytes()[..1]].concat();
        let rows: [&[&[u8]]; 4] = [
            &[
                name,
                b"126.630000000000000",
                b"12345678901234567890",
                b"20240501",
                b"T",
                &7i32.to_le_bytes(),
                b"1",
            ],
            &[&full, b"1.0e+01", b" 310106", b"", b"?", &[0; 4], b""],
            &[b"", b"***", b"-1", b"00000000", b"f", &[255; 4], b""],
            &[b"", b"", b"12a", b"", b"", &[0; 4], b""],
        ];
        let sheet = sheet(&[("shp", &points(4)), ("dbf", &dbf(&fields, 0, &rows))]).unwrap();
        assert_eq!(sheet.columns, ["名称", "lon", "id", "built", "open", "beds", "memo"]);
        assert_eq!(
            cells(&sheet, 0),
            ["和平里", "126.63", "12345678901234567890", "2024-05-01", "true", "7", ""]
        );
        assert_eq!(cells(&sheet, 1), ["和平里", "10", "310106", "", "", "0", ""]);
        assert_eq!(cells(&sheet, 2), ["", "", "-1", "", "false", "-1", ""]);
        assert_eq!((sheet.rejected[0].row, sheet.rejected[0].field.as_str()), (4, "id"));
        assert_eq!((sheet.shape(1), sheet.said.len()), (&Shape::Point([117.0, 39.0]), 1));
    }

    #[test]
    fn the_encoding_is_that_of_the_page_the_mark_or_what_fits() {
        let text = "和平里";
        let gb18030 = GB18030.encode(text).0;
        let big5 = encoding_rs::BIG5.encode(text).0;
        let of = |bytes: &[u8], mark: u8, page: &str| {
            let table = dbf(&[(b"name", b'C', 20)], mark, &[&[bytes]]);
            let sheet = sheet(&[("shp", &points(1)), ("DBF", &table), ("Cpg", page.as_bytes())]).unwrap();
            assert_eq!(sheet.cell(0, 0), text, "{mark} {page}");
        };
        of(text.as_bytes(), 0, "");
        of(text.as_bytes(), 0x57, "UTF-8\r\n");
        of(&gb18030, 0, "");
        of(&gb18030, 0x57, "");
        of(&gb18030, 0x4d, "");
        for page in ["GBK", "gb2312", "936", "CP936", "ANSI 936", "Windows-936"] {
            of(&gb18030, 0, page);
        }
        of(&big5, 0x78, "");
        of(&big5, 0, "950");
        let table = dbf(&[(b"name", b'C', 4)], 0, &[&[b"ok"], &[b"\xff\xff"]]);
        let broken = sheet(&[("shp", &points(2)), ("dbf", &table), ("cpg", b"UTF-8")]).unwrap();
        assert_eq!((broken.len(), broken.rejected[0].field.as_str()), (1, "name"));
    }

    #[test]
    fn shapes_of_all_kinds() {
        let table = |rows: usize| dbf(&[(b"a", b'C', 1)], 0, &vec![[b"x".as_slice()].as_slice(); rows]);
        let of = |shapes: Vec<u8>| sheet(&[("shp", &shapes), ("dbf", &table(1))]).unwrap().shapes.remove(0);
        let square = |from: f64, to: f64| {
            vec![Point::new(from, from), Point::new(from, to), Point::new(to, to), Point::new(to, from)]
        };
        let polygon = Polygon::with_rings(vec![
            PolygonRing::Outer(square(20.0, 30.0)),
            PolygonRing::Outer(square(0.0, 10.0)),
            PolygonRing::Inner(square(4.0, 6.0)),
        ]);
        let Shape::Polygons(polygons) = of(shp(&[polygon])) else { panic!("no polygons") };
        assert_eq!((polygons.len(), polygons[0].len(), polygons[1].len()), (2, 1, 2));
        assert_eq!((polygons[1][0].len(), polygons[1][0][0], polygons[1][0][4]), (5, [0.0, 0.0], [0.0, 0.0]));
        let line = Polyline::with_parts(vec![square(0.0, 1.0), square(2.0, 3.0)]);
        assert!(matches!(of(shp(&[line])), Shape::Lines(lines) if lines.len() == 2));
        assert_eq!(of(shp(&[PointZ::new(1.0, 2.0, 3.0, NO_DATA)])), Shape::Point([1.0, 2.0]));
        assert_eq!(of(shp(&[Multipoint::new(square(1.0, 2.0))])), Shape::Point([1.0, 1.0]));
        let mut nothing = points(1);
        nothing[108..112].fill(0);
        assert_eq!(of(nothing), Shape::None);
    }

    #[test]
    fn rows_and_shapes_that_have_no_other_half_are_rejected() {
        let table = |rows: usize| dbf(&[(b"a", b'C', 1)], 0, &vec![[b"x".as_slice()].as_slice(); rows]);
        let more_rows = sheet(&[("shp", &points(2)), ("dbf", &table(3))]).unwrap();
        assert_eq!((more_rows.len(), more_rows.rejected[0].row, more_rows.rejected.len()), (2, 3, 1));
        let more_shapes = sheet(&[("shp", &points(3)), ("dbf", &table(2))]).unwrap();
        assert_eq!((more_shapes.len(), more_shapes.rejected[0].row, more_shapes.rejected.len()), (2, 3, 1));
        // Shapes after a deleted row keep their rows.
        let mut deleted = dbf(&[(b"a", b'C', 1)], 0, &[&[b"x"], &[b"y"], &[b"z"]]);
        deleted[65 + 2] = b'*';
        let kept = sheet(&[("shp", &points(3)), ("dbf", &deleted)]).unwrap();
        assert_eq!((kept.number(1), kept.cell(1, 0), kept.shape(1)), (3, "z", &Shape::Point([118.0, 39.0])));
        let mut cut = table(3);
        cut.truncate(65 + 2 * 2);
        let cut = sheet(&[("shp", &points(3)), ("dbf", &cut)]).unwrap();
        assert_eq!((cut.len(), cut.rejected.len(), cut.said.len()), (2, 1, 1));
    }

    #[test]
    fn counts_in_a_shape_are_not_believed() {
        let table = dbf(&[(b"a", b'C', 1)], 0, &[&[b"x"], &[b"y"]]);
        let square = vec![Point::new(0.0, 0.0), Point::new(0.0, 1.0), Point::new(1.0, 1.0)];
        let two = shp(&[Polyline::new(square.clone()), Polyline::new(square)]);
        // Parts, points and the beginning of the second part of the first record.
        for at in [144, 148, 152] {
            for wrong in [i32::MAX, -1, 1 << 20] {
                let mut bytes = two.clone();
                bytes[at..at + 4].copy_from_slice(&wrong.to_le_bytes());
                let sheet = sheet(&[("shp", &bytes), ("dbf", &table)]).unwrap();
                assert_eq!(
                    (sheet.len(), sheet.rejected.len(), sheet.rejected[0].row),
                    (1, 1, 1),
                    "{at} {wrong}"
                );
            }
        }
        let cut = sheet(&[("shp", &two[..two.len() - 8]), ("dbf", &table)]).unwrap();
        assert_eq!((cut.len(), cut.rejected[0].row, cut.rejected[0].field.as_str()), (1, 2, "geometry"));
        let endless = sheet(&[("shp", &shp(&[Point::new(f64::NAN, 1.0)])), ("dbf", &table)]).unwrap();
        assert_eq!(endless.rejected.len(), 2);
    }

    #[test]
    fn what_is_missing_is_named() {
        let missing = sheet(&[("shp", &points(1))]).unwrap_err();
        assert!(
            matches!(&missing, SheetError::NoTable { .. }) && missing.to_string().contains("设施.dbf"),
            "{missing}"
        );
        let table = dbf(&[(b"a", b'C', 1)], 0, &[]);
        assert!(matches!(sheet(&[("shp", &points(0)), ("dbf", &table)]), Err(SheetError::Empty { .. })));
        for (shapes, table) in [(b"".as_slice(), table.as_slice()), (&points(0), b""), (&points(0), &[0; 64])]
        {
            assert!(matches!(sheet(&[("shp", shapes), ("dbf", table)]), Err(SheetError::Damaged { .. })));
        }
    }

    #[test]
    fn the_projection_is_declared() {
        let table = dbf(&[(b"a", b'C', 1)], 0, &[&[b"x"]]);
        let with =
            sheet(&[("shp", &points(1)), ("dbf", &table), ("PRJ", b" GEOGCS[\"CGCS2000\"]\n")]).unwrap();
        assert_eq!(with.declared_crs, Some(Declared::Wkt("GEOGCS[\"CGCS2000\"]".to_owned())));
    }

    #[test]
    fn tables_of_another_writer_are_read() {
        let mut table = Cursor::new(Vec::new());
        let name = |name: &str| FieldName::try_from(name).unwrap();
        let builder = TableWriterBuilder::new().add_character_field(name("name"), 30);
        let mut writer = builder.add_numeric_field(name("beds"), 10, 2).build_with_dest(&mut table);
        let mut record = DbfRecord::default();
        record.insert("name".to_owned(), FieldValue::Character(Some("和平里".to_owned())));
        record.insert("beds".to_owned(), FieldValue::Numeric(Some(7.5)));
        writer.write_record(&record).unwrap();
        drop(writer);
        let sheet = sheet(&[("shp", &points(1)), ("dbf", &table.into_inner())]).unwrap();
        assert_eq!(cells(&sheet, 0), ["和平里", "7.5"]);
    }

    /// Run by hand: `cargo test --release -p circle-import speed_of_shp -- --ignored --nocapture`.
    #[test]
    #[ignore = "a measurement"]
    fn speed_of_shp() {
        let ring: Vec<Point> =
            (0..20).map(|at| Point::new(f64::from(at).sin(), f64::from(at).cos())).collect();
        let shapes = shp(&vec![Polygon::new(PolygonRing::Outer(ring)); 100_000]);
        let name = "和平里养老服务驿站".as_bytes();
        let fields: Vec<(&[u8], u8, u8)> =
            vec![(b"a", b'C', 80), (b"b", b'N', 20), (b"c", b'N', 10), (b"d", b'D', 8)];
        let row: &[&[u8]] = &[name, b"126.630000000000", b"310106", b"20240501"];
        let table = dbf(&fields, 0, &vec![row; 100_000]);
        let begin = std::time::Instant::now();
        assert_eq!(sheet(&[("shp", &shapes), ("dbf", &table)]).unwrap().len(), 100_000);
        println!("{} bytes: {:?}", shapes.len() + table.len(), begin.elapsed());
    }
}
