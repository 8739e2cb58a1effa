//! Shapefiles assembled byte by byte or written by other crates.

use super::*;
use crate::sheet::Shape;
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
pub(crate) fn pair() -> (Vec<u8>, Vec<u8>) {
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
    read(&folder.path().join("设施.shp"), &ReadOptions::default())
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
    // A name that fills its column, with its last character cut.
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
    assert_eq!(cells(&sheet, 0), ["和平里", "126.63", "12345678901234567890", "2024-05-01", "true", "7", ""]);
    assert_eq!(cells(&sheet, 1), ["和平里", "10", "310106", "", "", "0", ""]);
    assert_eq!(cells(&sheet, 2), ["", "", "-1", "", "false", "-1", ""]);
    assert_eq!((sheet.rejected[0].row, sheet.rejected[0].field.as_str()), (4, "id"));
    assert_eq!((sheet.shape(1), sheet.remarks.len()), (&Shape::Point([117.0, 39.0]), 1));
}

#[test]
fn the_encoding_is_that_of_the_code_page_the_mark_or_a_guess() {
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
fn shapes_of_all_types_are_read() {
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
fn rows_without_shapes_and_shapes_without_rows_are_rejected() {
    let table = |rows: usize| dbf(&[(b"a", b'C', 1)], 0, &vec![[b"x".as_slice()].as_slice(); rows]);
    let more_rows = sheet(&[("shp", &points(2)), ("dbf", &table(3))]).unwrap();
    assert_eq!((more_rows.len(), more_rows.rejected[0].row, more_rows.rejected.len()), (2, 3, 1));
    let more_shapes = sheet(&[("shp", &points(3)), ("dbf", &table(2))]).unwrap();
    assert_eq!((more_shapes.len(), more_shapes.rejected[0].row, more_shapes.rejected.len()), (2, 3, 1));
    // Shapes after a deleted row keep their rows.
    let mut deleted = dbf(&[(b"a", b'C', 1)], 0, &[&[b"x"], &[b"y"], &[b"z"]]);
    deleted[65 + 2] = b'*';
    let rest = sheet(&[("shp", &points(3)), ("dbf", &deleted)]).unwrap();
    assert_eq!((rest.number(1), rest.cell(1, 0), rest.shape(1)), (3, "z", &Shape::Point([118.0, 39.0])));
    let mut cut = table(3);
    cut.truncate(65 + 2 * 2);
    let cut = sheet(&[("shp", &points(3)), ("dbf", &cut)]).unwrap();
    assert_eq!((cut.len(), cut.rejected.len(), cut.remarks.len()), (2, 1, 1));
}

#[test]
fn wrong_counts_in_a_shape_reject_it() {
    let table = dbf(&[(b"a", b'C', 1)], 0, &[&[b"x"], &[b"y"]]);
    let square = vec![Point::new(0.0, 0.0), Point::new(0.0, 1.0), Point::new(1.0, 1.0)];
    let two = shp(&[Polyline::new(square.clone()), Polyline::new(square)]);
    // Counts of parts and points, and begin of the first part, of the first record.
    for at in [144, 148, 152] {
        for wrong in [i32::MAX, -1, 1 << 20] {
            let mut bytes = two.clone();
            bytes[at..at + 4].copy_from_slice(&wrong.to_le_bytes());
            let sheet = sheet(&[("shp", &bytes), ("dbf", &table)]).unwrap();
            assert_eq!((sheet.len(), sheet.rejected.len(), sheet.rejected[0].row), (1, 1, 1), "{at} {wrong}");
        }
    }
    let cut = sheet(&[("shp", &two[..two.len() - 8]), ("dbf", &table)]).unwrap();
    assert_eq!((cut.len(), cut.rejected[0].row, cut.rejected[0].field.as_str()), (1, 2, "geometry"));
    let infinite = sheet(&[("shp", &shp(&[Point::new(f64::NAN, 1.0)])), ("dbf", &table)]).unwrap();
    assert_eq!(infinite.rejected.len(), 2);
}

#[test]
fn missing_and_damaged_parts_are_named() {
    let missing = sheet(&[("shp", &points(1))]).unwrap_err();
    assert!(
        matches!(&missing, SheetError::NoTable { .. }) && missing.to_string().contains("设施.dbf"),
        "{missing}"
    );
    let table = dbf(&[(b"a", b'C', 1)], 0, &[]);
    assert!(matches!(sheet(&[("shp", &points(0)), ("dbf", &table)]), Err(SheetError::Empty { .. })));
    for (shapes, table) in [(b"".as_slice(), table.as_slice()), (&points(0), b""), (&points(0), &[0; 64])] {
        assert!(matches!(sheet(&[("shp", shapes), ("dbf", table)]), Err(SheetError::Damaged { .. })));
    }
}

#[test]
fn the_prj_declares_the_reference_system() {
    let table = dbf(&[(b"a", b'C', 1)], 0, &[&[b"x"]]);
    let with = sheet(&[("shp", &points(1)), ("dbf", &table), ("PRJ", b" GEOGCS[\"CGCS2000\"]\n")]).unwrap();
    assert_eq!(with.declared_crs, Some(DeclaredCrs::Wkt("GEOGCS[\"CGCS2000\"]".to_owned())));
}

#[test]
fn tables_of_the_dbase_crate_are_read() {
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
