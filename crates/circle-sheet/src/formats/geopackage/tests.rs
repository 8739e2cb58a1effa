//! Packages created by SQL statements.

use super::*;
use crate::sheet::Shape;

/// A file with the tables that every `GeoPackage` has, and those of the statements.
fn package(statements: &str) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new.gpkg");
    let database = Connection::open(&path).unwrap();
    let tables = "
        CREATE TABLE gpkg_contents (table_name TEXT PRIMARY KEY, data_type TEXT, identifier TEXT, srs_id INTEGER);
        CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, srs_id INTEGER);
        CREATE TABLE gpkg_spatial_ref_sys (srs_id INTEGER PRIMARY KEY, organization TEXT,
            organization_coordsys_id INTEGER, definition TEXT);
        INSERT INTO gpkg_spatial_ref_sys VALUES (4490, 'EPSG', 4490, 'GEOGCS[]'), (9, 'NONE', 9, 'LOCAL_CS[\"x\"]'),
            (0, 'NONE', 0, 'undefined');";
    database.execute_batch(tables).unwrap();
    database.execute_batch(statements).unwrap();
    drop(database);
    std::fs::read(&path).unwrap()
}

fn sheet(bytes: &[u8], layer: Option<&str>) -> Result<Sheet, SheetError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("设施 50%?#.gpkg");
    std::fs::write(&path, bytes).unwrap();
    read(&path, &ReadOptions { sheet: layer, ..ReadOptions::default() })
}

/// Well-known binary after the header of `GeoPackages`, as a literal of SQL.
fn blob(wkb: &[u8]) -> String {
    let bytes = [b"GP\0\x01\x8a\x11\0\0", wkb].concat();
    bytes.iter().fold("X'".to_owned(), |text, byte| text + &format!("{byte:02x}")) + "'"
}

fn wkb(kind: u32, counts_and_points: &[&dyn Part]) -> Vec<u8> {
    let mut bytes = vec![1];
    bytes.extend(kind.to_le_bytes());
    counts_and_points.iter().for_each(|part| part.write(&mut bytes));
    bytes
}

trait Part {
    fn write(&self, bytes: &mut Vec<u8>);
}

impl Part for u32 {
    fn write(&self, bytes: &mut Vec<u8>) {
        bytes.extend(self.to_le_bytes());
    }
}

impl Part for [f64; 2] {
    fn write(&self, bytes: &mut Vec<u8>) {
        self.iter().for_each(|coordinate| bytes.extend(coordinate.to_le_bytes()));
    }
}

impl Part for [f64; 3] {
    fn write(&self, bytes: &mut Vec<u8>) {
        self.iter().for_each(|coordinate| bytes.extend(coordinate.to_le_bytes()));
    }
}

impl Part for Vec<u8> {
    fn write(&self, bytes: &mut Vec<u8>) {
        bytes.extend(self);
    }
}

fn facilities() -> Vec<u8> {
    let point = blob(&wkb(1001, &[&[116.4, 39.9, 50.0]]));
    let (a, b, c) = (&[0.0, 0.0], &[1.0, 0.0], &[1.0, 1.0]);
    let polygon = wkb(3, &[&2u32, &4u32, a, b, c, a, &3u32, a, b, c]);
    let polygons = blob(&wkb(6, &[&1u32, &polygon]));
    let line = blob(&wkb(2, &[&2u32, a, b]));
    let both = blob(&wkb(7, &[&2u32, &wkb(2, &[&2u32, a, b]), &wkb(1, &[c])]));
    let arc = blob(&wkb(8, &[&3u32, a, b, c]));
    let infinite = blob(&wkb(1, &[&[f64::INFINITY, 1.0]]));
    let missing = blob(&wkb(1, &[&[f64::NAN, f64::NAN]]));
    let deep = blob(&wkb(7, &[&1u32]).repeat(20_000));
    let much = blob(&wkb(2, &[&u32::MAX, a]));
    package(&format!(
        "CREATE TABLE \"设\"\"施\" (fid INTEGER PRIMARY KEY, geom BLOB, 名称 TEXT, 有 BOOLEAN, 面积 REAL, 图 BLOB,
            double REAL GENERATED ALWAYS AS (面积 * 2) VIRTUAL);
        INSERT INTO gpkg_contents VALUES ('表', 'attributes', '', 0), ('设\"施', 'features', 'Facilities', 4490);
        INSERT INTO gpkg_geometry_columns VALUES ('设\"施', 'geom', 4490);
        INSERT INTO \"设\"\"施\" VALUES (1, {point}, ' 甲 ', 1, 120.5, X'00'), (2, {polygons}, '乙', 0, 310106.0, NULL),
            (3, {line}, '', NULL, NULL, NULL), (4, {both}, '', NULL, NULL, NULL), (5, {missing}, '', NULL, NULL, NULL),
            (6, NULL, '', NULL, NULL, NULL), (7, {arc}, '', NULL, NULL, NULL), (8, {infinite}, '', NULL, NULL, NULL),
            (9, {deep}, '', NULL, NULL, NULL), (10, {much}, '', NULL, NULL, NULL), (11, X'00', '', NULL, NULL, NULL),
            (12, NULL, CAST(X'ff' AS TEXT), NULL, NULL, NULL);
        CREATE TABLE 表 (a TEXT); INSERT INTO 表 VALUES ('only');"
    ))
}

/// A layer of two features.
pub(crate) fn small() -> Vec<u8> {
    let (a, b) = (&[116.4, 39.9], &[116.5, 39.9]);
    let line = blob(&wkb(5, &[&1u32, &wkb(2, &[&2u32, a, b])]));
    package(&format!(
        "CREATE TABLE a (fid INTEGER PRIMARY KEY, g BLOB, 名称 TEXT);
        INSERT INTO gpkg_contents VALUES ('a', 'features', '', 4490);
        INSERT INTO gpkg_geometry_columns VALUES ('a', 'g', 4490);
        INSERT INTO a VALUES (1, {line}, '甲'), (2, {line}, '乙');"
    ))
}

#[test]
fn features_are_read_with_their_geometries() {
    let sheet = sheet(&facilities(), None).unwrap();
    assert_eq!(sheet.columns, ["fid", "名称", "有", "面积", "图"]);
    let cells = |row| (0..5).map(|column| sheet.cell(row, column)).collect::<Vec<_>>();
    assert_eq!(
        (cells(0), cells(1)),
        (vec!["1", "甲", "true", "120.5", ""], vec!["2", "乙", "false", "310106", ""])
    );
    assert_eq!(sheet.shape(0), &Shape::Point([116.4, 39.9]));
    assert!(
        matches!(sheet.shape(1), Shape::Polygons(polygons) if polygons[0].len() == 2 && polygons[0][1].len() == 4)
    );
    assert!(matches!((sheet.shape(2), sheet.shape(3)), (Shape::Lines(_), Shape::Lines(_))));
    assert_eq!((sheet.shape(4), sheet.shape(5)), (&Shape::None, &Shape::None));
    assert_eq!(
        (sheet.len(), sheet.shapes.len(), sheet.declared_crs.clone()),
        (6, 6, Some(DeclaredCrs::Epsg(4490)))
    );
    let rejected: Vec<(u32, &str)> = sheet.rejected.iter().map(|it| (it.row, it.field.as_str())).collect();
    let geometry = (7..12).map(|row| (row, "geometry"));
    assert_eq!(rejected, geometry.chain([(12, "名称")]).collect::<Vec<_>>());
    assert_eq!(sheet.remarks.len(), 2, "{:?}", sheet.remarks);
}

#[test]
fn layers_are_found_by_table_or_title() {
    let bytes = facilities();
    let table = sheet(&bytes, Some("表")).unwrap();
    assert_eq!((table.cell(0, 0), table.shapes.len(), table.declared_crs.clone()), ("only", 0, None));
    assert_eq!(sheet(&bytes, Some("facilities")).unwrap().len(), 6);
    let missing = sheet(&bytes, Some("小区")).unwrap_err().to_string();
    assert!(missing.contains("no layer `小区`") && missing.contains("`表`"), "{missing}");
    let none = sheet(&package(""), None).unwrap_err();
    assert!(matches!(none, SheetError::NoSheet { .. }), "{none}");
    let empty = package("CREATE TABLE a (b); INSERT INTO gpkg_contents VALUES ('a', 'attributes', '', 0)");
    assert!(matches!(sheet(&empty, None), Err(SheetError::Empty { .. })));
}

#[test]
fn systems_without_a_code_are_declared_as_wkt() {
    let of = |system: i64| {
        let statements = format!(
            "CREATE TABLE a (g BLOB); INSERT INTO a VALUES (NULL);
            INSERT INTO gpkg_contents VALUES ('a', 'features', '', {system});
            INSERT INTO gpkg_geometry_columns VALUES ('a', 'g', {system})"
        );
        sheet(&package(&statements), None).unwrap().declared_crs
    };
    assert_eq!(of(9), Some(DeclaredCrs::Wkt("LOCAL_CS[\"x\"]".to_owned())));
    assert_eq!((of(0), of(77)), (None, None));
}

#[test]
fn views_are_never_executed() {
    let endless = "WITH RECURSIVE n(a) AS (SELECT 1 UNION ALL SELECT a + 1 FROM n) SELECT a FROM n";
    let layer =
        format!("CREATE VIEW a AS {endless}; INSERT INTO gpkg_contents VALUES ('a', 'attributes', '', 0)");
    assert!(sheet(&package(&layer), None).unwrap_err().to_string().contains("not a table"));
    let list = format!("DROP TABLE gpkg_contents; CREATE VIEW gpkg_contents AS {endless}");
    assert!(matches!(sheet(&package(&list), None), Err(SheetError::Damaged { .. })));
}

#[test]
fn other_files_are_rejected() {
    for bytes in [b"".as_slice(), b"a,b\n", b"SQLite format 3\0"] {
        assert!(matches!(sheet(bytes, None), Err(SheetError::Damaged { .. } | SheetError::NoSheet { .. })));
    }
    assert!(matches!(read(Path::new("/none.gpkg"), &ReadOptions::default()), Err(SheetError::Io { .. })));
}
