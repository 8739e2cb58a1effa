//! GeoPackage: a database of layers. It comes from anywhere, so nothing in it is run: only real tables are read,
//! no view and no column that is computed.

use super::error::SheetError;
use super::parts::Parts;
use super::{Builder, Declared, Row, Sheet, SheetOptions, write_number};
use geozero::GeomProcessor;
use geozero::error::{GeozeroError, Result as GeoResult};
use geozero::wkb::process_gpkg_geom;
use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags, OptionalExtension};
use std::fmt::Write;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// More bytes than a text or a shape ever has.
const MOST_VALUE_BYTES: i32 = 1 << 28;
/// Collections in collections: nobody draws more.
const MOST_NESTED: usize = 8;

pub(super) fn read(path: &Path, options: &SheetOptions) -> Result<Sheet, SheetError> {
    let failed = |error: rusqlite::Error| damaged(path, error.to_string());
    let bytes = check_beginning(path)?;
    let database = open(path, bytes).map_err(failed)?;
    let layer = find_layer(path, &database, options.layer)?;
    let mut builder = Builder::new(path);
    if !layer.others.is_empty() {
        let others = layer.others.join("`, `");
        builder.say(format!("layer `{}` was read; there is also `{others}`", layer.table));
    }
    let unsaved = beside(path, "-wal");
    if std::fs::metadata(&unsaved).is_ok_and(|file| file.len() > 0) {
        builder.say(format!(
            "changes in {} were not read; close the program that has the file open",
            unsaved.display()
        ));
    }
    let geometry = geometry_column(&database, &layer.table).map_err(failed)?;
    builder.declare(match &geometry {
        Some((_, system)) => declared(&database, *system).map_err(failed)?,
        None => None,
    });
    let geometry = geometry.as_ref().map(|(column, _)| column.as_str());
    read_rows(path, &database, &layer.table, geometry, bytes.saturating_mul(2), &mut builder)?;
    builder.finish(&format!("layer `{}`", layer.table))
}

fn damaged(path: &Path, reason: impl Into<String>) -> SheetError {
    SheetError::damaged(path, "a GeoPackage", reason)
}

/// Looks whether it is a database at all; the result is how many bytes it has.
fn check_beginning(path: &Path) -> Result<u64, SheetError> {
    let failed = |reason| SheetError::Io { path: path.to_owned(), reason };
    let file = File::open(path).map_err(failed)?;
    let bytes = file.metadata().map_err(failed)?.len();
    let mut beginning = Vec::new();
    file.take(16).read_to_end(&mut beginning).map_err(failed)?;
    if beginning == b"SQLite format 3\0" {
        Ok(bytes)
    } else {
        Err(damaged(path, "it does not begin as a database of SQLite does"))
    }
}

/// Opens for reading alone: no lock, no file beside it, no trust in what its schema would run.
fn open(path: &Path, bytes: u64) -> rusqlite::Result<Connection> {
    let mut address = String::from("file:");
    for byte in std::path::absolute(path).as_deref().unwrap_or(path).as_os_str().as_encoded_bytes() {
        if byte.is_ascii_alphanumeric() || b"/-_.~".contains(byte) {
            address.push(char::from(*byte));
        } else {
            // Writing to a string does not fail.
            let _ = write!(address, "%{byte:02X}");
        }
    }
    address.push_str("?mode=ro&immutable=1");
    let flags =
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let database = Connection::open_with_flags(address, flags)?;
    database.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    database.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    database.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false)?;
    database.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
    // No value is longer than its file, but for texts in UTF-16.
    let most = i32::try_from(bytes.saturating_mul(2)).unwrap_or(i32::MAX);
    database.set_limit(Limit::SQLITE_LIMIT_LENGTH, most.clamp(1 << 16, MOST_VALUE_BYTES))?;
    database.pragma_update(None, "cell_size_check", true)?;
    Ok(database)
}

/// The table that is read, and what else could have been.
struct Layer {
    table: String,
    others: Vec<String>,
}

fn find_layer(path: &Path, database: &Connection, wanted: Option<&str>) -> Result<Layer, SheetError> {
    let failed = |error: rusqlite::Error| damaged(path, error.to_string());
    if real_table(database, "gpkg_contents").map_err(failed)?.is_none() {
        return Err(damaged(path, "it has no table gpkg_contents, which lists the layers"));
    }
    let layers = || {
        let sql = "SELECT table_name, data_type, identifier FROM gpkg_contents \
            WHERE data_type IN ('features', 'attributes') ORDER BY data_type DESC, rowid";
        let mut statement = database.prepare(sql)?;
        let layers = statement.query_map([], |row| {
            let text = |at| row.get_ref(at).map(|text| text.as_str().unwrap_or_default().to_owned());
            Ok((text(0)?, text(2)?))
        })?;
        layers.take(1000).collect::<rusqlite::Result<Vec<(String, String)>>>()
    };
    let layers = layers().map_err(failed)?;
    let present = || layers.iter().map(|(table, _)| table.clone()).collect::<Vec<_>>();
    let chosen = match wanted {
        Some(wanted) => {
            let named = |name: &str| name.trim().to_lowercase() == wanted.trim().to_lowercase();
            layers.iter().find(|(table, _)| named(table)).or(layers.iter().find(|(_, title)| named(title)))
        }
        None => layers.first(),
    };
    let Some((table, _)) = chosen else {
        let (kind, wanted) = ("layer", wanted.unwrap_or("of features").to_owned());
        return Err(SheetError::NoLayer { path: path.to_owned(), kind, wanted, present: present() });
    };
    let Some(table) = real_table(database, table).map_err(failed)? else {
        return Err(damaged(path, format!("layer `{table}` is no table; save it as a layer of its own")));
    };
    let others = if wanted.is_some() { Vec::new() } else { present() };
    Ok(Layer {
        others: others.into_iter().filter(|other| !other.eq_ignore_ascii_case(&table)).collect(),
        table,
    })
}

/// The name of a table as it is spelt, if it is one: views and virtual tables run what the file says.
fn real_table(database: &Connection, name: &str) -> rusqlite::Result<Option<String>> {
    let sql =
        "SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage > 0 AND lower(name) = lower(?1)";
    database.query_row(sql, [name], |row| row.get(0)).optional()
}

/// The column of the shapes and the number of their reference system.
fn geometry_column(database: &Connection, table: &str) -> rusqlite::Result<Option<(String, i64)>> {
    if real_table(database, "gpkg_geometry_columns")?.is_none() {
        return Ok(None);
    }
    let sql = "SELECT column_name, srs_id FROM gpkg_geometry_columns WHERE lower(table_name) = lower(?1)";
    database.query_row(sql, [table], |row| Ok((row.get(0)?, row.get(1)?))).optional()
}

fn declared(database: &Connection, system: i64) -> rusqlite::Result<Option<Declared>> {
    if real_table(database, "gpkg_spatial_ref_sys")?.is_none() {
        return Ok(None);
    }
    let sql = "SELECT organization, organization_coordsys_id, definition FROM gpkg_spatial_ref_sys WHERE srs_id = ?1";
    let read = |row: &rusqlite::Row| {
        let (organization, code) = (row.get_ref(0)?, row.get_ref(1)?);
        let is_epsg = organization.as_str().is_ok_and(|name| name.trim().eq_ignore_ascii_case("epsg"));
        let code = code.as_i64().ok().and_then(|code| u32::try_from(code).ok());
        let text = row.get_ref(2)?.as_str().unwrap_or_default().trim().to_owned();
        let text = (!text.is_empty() && text != "undefined").then_some(Declared::Wkt(text));
        Ok(code.filter(|code| is_epsg && *code > 0).map(Declared::Epsg).or(text))
    };
    database.query_row(sql, [system], read).optional().map(Option::flatten)
}

/// Reads all rows. A damaged file can have all of them share their bytes: they are not to be more than `left`.
fn read_rows(
    path: &Path,
    database: &Connection,
    table: &str,
    geometry: Option<&str>,
    mut left: u64,
    builder: &mut Builder,
) -> Result<(), SheetError> {
    let failed = |error: rusqlite::Error| damaged(path, error.to_string());
    let columns = columns(database, table).map_err(failed)?;
    let geometry =
        geometry.and_then(|name| columns.iter().position(|column| column.name.eq_ignore_ascii_case(name)));
    for (at, column) in columns.iter().enumerate() {
        if Some(at) != geometry {
            builder.add_column(&column.name)?;
        }
    }
    let names: Vec<String> = columns.iter().map(|column| quoted(&column.name)).collect();
    let sql = format!("SELECT {} FROM {}", names.join(", "), quoted(table));
    let mut statement = database.prepare(&sql).map_err(failed)?;
    let mut rows = statement.query([]).map_err(failed)?;
    let (mut row, mut number, mut scratch) = (Row::default(), 0u32, String::new());
    while let Some(values) = rows.next().map_err(failed)? {
        number = number.saturating_add(1);
        row.start(number);
        for (at, column) in columns.iter().enumerate().filter(|(at, _)| Some(*at) != geometry) {
            let value = values.get_ref(at).map_err(failed)?;
            match text_of(value, column.is_boolean, &mut scratch) {
                Ok(text) => row.push(text),
                Err(what) => {
                    row.fail(Some(row.len()), what);
                    row.push("");
                }
            }
        }
        for at in 0..columns.len() {
            let (ValueRef::Text(bytes) | ValueRef::Blob(bytes)) = values.get_ref(at).map_err(failed)? else {
                continue;
            };
            let shared = || damaged(path, format!("from row {number} on its rows are longer than the file"));
            left = left.checked_sub(bytes.len() as u64).ok_or_else(shared)?;
        }
        let Some(at) = geometry else {
            builder.add(&row, None)?;
            continue;
        };
        let shape = parts_of(values.get_ref(at).map_err(failed)?);
        match shape.and_then(|parts| parts.into_shape(builder).map_err(str::to_owned)) {
            Ok(shape) => builder.add(&row, Some(shape))?,
            Err(what) if row.trouble.is_none() => builder.reject(number, "geometry", what)?,
            Err(_) => builder.add(&row, None)?,
        }
    }
    Ok(())
}

struct Column {
    name: String,
    is_boolean: bool,
}

/// The columns that are stored; those that are computed are not among what this statement lists.
fn columns(database: &Connection, table: &str) -> rusqlite::Result<Vec<Column>> {
    let mut statement = database.prepare(&format!("PRAGMA table_info({})", quoted(table)))?;
    let columns = statement.query_map([], |row| {
        let kind = row.get_ref(2)?.as_str().unwrap_or_default().eq_ignore_ascii_case("boolean");
        Ok(Column { name: row.get(1)?, is_boolean: kind })
    })?;
    columns.collect()
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn text_of<'a>(
    value: ValueRef<'a>,
    is_boolean: bool,
    scratch: &'a mut String,
) -> Result<&'a str, &'static str> {
    scratch.clear();
    match value {
        // Pictures and such are no text.
        ValueRef::Null | ValueRef::Blob(_) => {}
        ValueRef::Integer(number @ (0 | 1)) if is_boolean => {
            scratch.push_str(["false", "true"][number as usize]);
        }
        ValueRef::Integer(number) => scratch.push_str(&number.to_string()),
        ValueRef::Real(number) => write_number(number, scratch),
        ValueRef::Text(bytes) => {
            return std::str::from_utf8(bytes).map_err(|_| "its bytes are not in UTF-8");
        }
    }
    Ok(scratch)
}

fn parts_of(value: ValueRef) -> Result<Parts, String> {
    match value {
        ValueRef::Null => Ok(Parts::default()),
        ValueRef::Blob(mut bytes) => {
            let mut collector = Collector::default();
            process_gpkg_geom(&mut bytes, &mut collector).map_err(|error| error.to_string())?;
            Ok(collector.parts)
        }
        _ => Err("it is no shape".to_owned()),
    }
}

/// Takes the parts of a shape as they come. Counts in the file are not believed, so no memory is set aside for them.
#[derive(Default)]
struct Collector {
    parts: Parts,
    /// Points of the line or ring that is being read.
    line: Vec<[f64; 2]>,
    rings: Vec<Vec<[f64; 2]>>,
    place: Place,
    nested: usize,
}

#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Place {
    #[default]
    Alone,
    Line,
    Ring,
    LineOfRing,
}

impl Collector {
    fn curves() -> GeoResult<()> {
        Err(GeozeroError::Geometry("curves are not read; turn them into straight parts".to_owned()))
    }
}

impl GeomProcessor for Collector {
    fn xy(&mut self, x: f64, y: f64, _: usize) -> GeoResult<()> {
        let points = if self.place == Place::Alone { &mut self.parts.points } else { &mut self.line };
        points.push([x, y]);
        Ok(())
    }

    fn empty_point(&mut self, _: usize) -> GeoResult<()> {
        Ok(())
    }

    fn linestring_begin(&mut self, _: bool, _: usize, _: usize) -> GeoResult<()> {
        self.place = if self.place == Place::Ring { Place::LineOfRing } else { Place::Line };
        Ok(())
    }

    fn linestring_end(&mut self, _: bool, _: usize) -> GeoResult<()> {
        let line = std::mem::take(&mut self.line);
        if self.place == Place::LineOfRing {
            self.rings.push(line);
            self.place = Place::Ring;
        } else {
            self.parts.lines.push(line);
            self.place = Place::Alone;
        }
        Ok(())
    }

    fn polygon_begin(&mut self, _: bool, _: usize, _: usize) -> GeoResult<()> {
        self.place = Place::Ring;
        Ok(())
    }

    fn polygon_end(&mut self, _: bool, _: usize) -> GeoResult<()> {
        self.parts.polygons.push(std::mem::take(&mut self.rings));
        self.place = Place::Alone;
        Ok(())
    }

    fn triangle_begin(&mut self, tagged: bool, size: usize, idx: usize) -> GeoResult<()> {
        self.polygon_begin(tagged, size, idx)
    }

    fn triangle_end(&mut self, tagged: bool, idx: usize) -> GeoResult<()> {
        self.polygon_end(tagged, idx)
    }

    fn geometrycollection_begin(&mut self, _: usize, _: usize) -> GeoResult<()> {
        // Each goes one call deeper.
        self.nested += 1;
        if self.nested > MOST_NESTED {
            return Err(GeozeroError::Geometry("collections in collections in collections".to_owned()));
        }
        Ok(())
    }

    fn geometrycollection_end(&mut self, _: usize) -> GeoResult<()> {
        self.nested -= 1;
        Ok(())
    }

    fn circularstring_begin(&mut self, _: usize, _: usize) -> GeoResult<()> {
        Self::curves()
    }

    fn compoundcurve_begin(&mut self, _: usize, _: usize) -> GeoResult<()> {
        Self::curves()
    }
}

/// The file of the same name with something behind it.
fn beside(path: &Path, behind: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(behind);
    PathBuf::from(name)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::own::sheet::Shape;

    /// A file with the tables that each GeoPackage has, and what the statements add.
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
        read(&path, &SheetOptions { layer, ..SheetOptions::default() })
    }

    /// Well-known binary behind the header of `GeoPackages`, as the literal of a statement.
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
        let endless = blob(&wkb(1, &[&[f64::INFINITY, 1.0]]));
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
                (6, NULL, '', NULL, NULL, NULL), (7, {arc}, '', NULL, NULL, NULL), (8, {endless}, '', NULL, NULL, NULL),
                (9, {deep}, '', NULL, NULL, NULL), (10, {much}, '', NULL, NULL, NULL), (11, X'00', '', NULL, NULL, NULL),
                (12, NULL, CAST(X'ff' AS TEXT), NULL, NULL, NULL);
            CREATE TABLE 表 (a TEXT); INSERT INTO 表 VALUES ('only');"
        ))
    }

    /// A layer of two features.
    pub(in super::super) fn small() -> Vec<u8> {
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
    fn features_are_read_with_their_shapes() {
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
            (6, 6, Some(Declared::Epsg(4490)))
        );
        let rejected: Vec<(u32, &str)> =
            sheet.rejected.iter().map(|it| (it.row, it.field.as_str())).collect();
        let geometry = (7..12).map(|row| (row, "geometry"));
        assert_eq!(rejected, geometry.chain([(12, "名称")]).collect::<Vec<_>>());
        assert_eq!(sheet.said.len(), 2, "{:?}", sheet.said);
    }

    #[test]
    fn layers_are_taken_by_name() {
        let bytes = facilities();
        let table = sheet(&bytes, Some("表")).unwrap();
        assert_eq!((table.cell(0, 0), table.shapes.len(), table.declared_crs.clone()), ("only", 0, None));
        assert_eq!(sheet(&bytes, Some("facilities")).unwrap().len(), 6);
        let missing = sheet(&bytes, Some("小区")).unwrap_err().to_string();
        assert!(missing.contains("no layer `小区`") && missing.contains("`表`"), "{missing}");
        let none = sheet(&package(""), None).unwrap_err();
        assert!(matches!(none, SheetError::NoLayer { .. }), "{none}");
        let empty =
            package("CREATE TABLE a (b); INSERT INTO gpkg_contents VALUES ('a', 'attributes', '', 0)");
        assert!(matches!(sheet(&empty, None), Err(SheetError::Empty { .. })));
    }

    #[test]
    fn systems_without_a_code_are_given_as_text() {
        let of = |system: i64| {
            let statements = format!(
                "CREATE TABLE a (g BLOB); INSERT INTO a VALUES (NULL);
                INSERT INTO gpkg_contents VALUES ('a', 'features', '', {system});
                INSERT INTO gpkg_geometry_columns VALUES ('a', 'g', {system})"
            );
            sheet(&package(&statements), None).unwrap().declared_crs
        };
        assert_eq!(of(9), Some(Declared::Wkt("LOCAL_CS[\"x\"]".to_owned())));
        assert_eq!((of(0), of(77)), (None, None));
    }

    #[test]
    fn views_are_not_run() {
        let endless = "WITH RECURSIVE n(a) AS (SELECT 1 UNION ALL SELECT a + 1 FROM n) SELECT a FROM n";
        let layer = format!(
            "CREATE VIEW a AS {endless}; INSERT INTO gpkg_contents VALUES ('a', 'attributes', '', 0)"
        );
        assert!(sheet(&package(&layer), None).unwrap_err().to_string().contains("no table"));
        let list = format!("DROP TABLE gpkg_contents; CREATE VIEW gpkg_contents AS {endless}");
        assert!(matches!(sheet(&package(&list), None), Err(SheetError::Damaged { .. })));
    }

    #[test]
    fn other_files_are_refused() {
        for bytes in [b"".as_slice(), b"a,b\n", b"SQLite format 3\0"] {
            assert!(matches!(
                sheet(bytes, None),
                Err(SheetError::Damaged { .. } | SheetError::NoLayer { .. })
            ));
        }
        assert!(matches!(
            read(Path::new("/none.gpkg"), &SheetOptions::default()),
            Err(SheetError::Io { .. })
        ));
    }

    /// Run by hand: `cargo test --release -p circle-import speed_of_gpkg -- --ignored --nocapture`.
    #[test]
    #[ignore = "a measurement"]
    fn speed_of_gpkg() {
        let a = [116.4, 39.9];
        let mut parts: Vec<&dyn Part> = vec![&1u32, &20u32];
        parts.extend([&a as &dyn Part; 20]);
        let polygon = blob(&wkb(3, &parts));
        let bytes = package(&format!(
            "CREATE TABLE a (fid INTEGER PRIMARY KEY, g BLOB, 名称 TEXT, 主管 TEXT, b REAL, c REAL, d INTEGER, e TEXT);
            INSERT INTO gpkg_contents VALUES ('a', 'features', '', 4490);
            INSERT INTO gpkg_geometry_columns VALUES ('a', 'g', 4490);
            WITH RECURSIVE n(a) AS (SELECT 1 UNION ALL SELECT a + 1 FROM n WHERE a < 100000)
            INSERT INTO a SELECT a, {polygon}, '和平里养老服务驿站' || a, '街道办事处', a * 0.001, 120.5, a, '备注' FROM n;"
        ));
        let begin = std::time::Instant::now();
        assert_eq!(sheet(&bytes, None).unwrap().len(), 100_000);
        println!("{} bytes: {:?}", bytes.len(), begin.elapsed());
    }
}
