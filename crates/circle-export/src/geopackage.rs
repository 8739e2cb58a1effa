//! Writes tables as a `GeoPackage` 1.3, which GIS programs open: <https://www.geopackage.org/spec130/>.

mod layer;
mod names;
mod style;

use crate::error::ExportError;
use crate::statement::titled;
use crate::typed::{Cell, Kind, MapStyle, StyledBy, TableGeometry, TypedTable};
use crate::wkb::{Bounds, write_wkb};
use layer::{FileTable, Shape, layers_of};
use names::column_name;
use rusqlite::types::{ToSqlOutput, Value, ValueRef};
use rusqlite::{Connection, params};
use std::borrow::Cow;
use std::fmt::Write;
use style::{Symbols, styled, unstyled};

/// The tables that every file has.
const SCHEMA: &str = include_str!("geopackage/schema.sql");
/// The table in which QGIS looks for styles.
const STYLES: &str = include_str!("geopackage/styles.sql");
/// The triggers that update the index of a layer when other programs edit it, as the standard has them.
const RTREE: &str = include_str!("geopackage/rtree.sql");
/// The same input must give the same bytes, so the date of change is fixed.
const MADE: &str = "2000-01-01T00:00:00.000Z";
/// The id of WGS 84 in the file.
const WGS_84: i32 = 4326;

/// Writes a `GeoPackage` with a layer for each table with geometries, an attribute table for each other
/// table, and `sources` 说明 with the lines of `statement`, which are the file's metadata too.
///
/// GIS programs need one geometry type per layer: if a table has polygons and points, the points are in a
/// second layer `…_points`. Layers have a spatial index and the styles of their table (by default one by the
/// column `verdict` or `compounds_share_proven`), with the headings as aliases of columns. QGIS opens them
/// with the first style. Columns whose key is reserved in SQL have another name.
///
/// # Errors
///
/// When a table has more columns than the database allows.
///
/// ```
/// use circle_export::{Cell, Kind, TableColumn, TypedTable, geopackage};
///
/// let mut table = TypedTable::new("lines", "条目", vec![TableColumn::new("minutes", "分钟", Kind::Whole)]);
/// table.push(&[Cell::Whole(15)]);
/// let file = geopackage(&[table], &["statement".to_owned()])?;
/// assert!(file.starts_with(b"SQLite format 3\0"));
/// # Ok::<(), circle_export::ExportError>(())
/// ```
pub fn geopackage(tables: &[TypedTable], statement: &[String]) -> Result<Vec<u8>, ExportError> {
    let mut database = Connection::open_in_memory()?;
    database.execute_batch(
        "PRAGMA application_id = 0x47504B47; PRAGMA user_version = 10300; PRAGMA journal_mode = OFF;
         PRAGMA temp_store = MEMORY; BEGIN;",
    )?;
    database.execute_batch(SCHEMA)?;
    let mut layers: Vec<FileTable<'_>> = Vec::new();
    for table in tables {
        for layer in layers_of(table, &layers, statement) {
            write_layer(&database, &layer)?;
            layers.push(layer);
        }
    }
    write_styles(&database, &layers)?;
    write_sources(&database, statement)?;
    database.execute_batch("COMMIT")?;
    Ok(database.serialize("main")?.to_vec())
}

/// Writes the table in which QGIS looks for styles.
fn write_styles(database: &Connection, layers: &[FileTable<'_>]) -> Result<(), ExportError> {
    if layers.is_empty() {
        return Ok(());
    }
    database.execute_batch(STYLES)?;
    contain_attributes(database, "layer_styles", "样式 layer_styles", "")?;
    let mut insert = database
        .prepare("INSERT INTO layer_styles VALUES (NULL, '', '', ?, ?, ?, ?, NULL, ?, ?, '', NULL, ?)")?;
    for layer in layers {
        let table = layer.table;
        let symbols = match layer.shape {
            Some(Shape::Points) => Symbols::Points,
            Some(Shape::Polygons) => Symbols::Polygons,
            Some(Shape::Any) => continue,
            None => {
                let aliases = unstyled(table.columns());
                insert.execute(params![layer.name, "", "别名 aliases", aliases, true, "", MADE])?;
                continue;
            }
        };
        for (index, MapStyle { name, by }) in styles_of(table).iter().enumerate() {
            let style = styled(symbols, by, table.columns(), table.label());
            let about = table.description();
            insert.execute(params![layer.name, "geom", name, style, index == 0, about, MADE])?;
        }
    }
    Ok(())
}

/// The styles of a table: its own, else one by its most informative column.
fn styles_of(table: &TypedTable) -> Cow<'_, [MapStyle]> {
    let has = |key: &str| table.columns().iter().any(|column| column.key == key);
    let style = |name: &str, by| Cow::Owned(vec![MapStyle { name: name.to_owned(), by }]);
    match table.styles() {
        [] if has("verdict") => style("结论 verdict", StyledBy::Verdict("verdict".into())),
        [] if has("compounds_share_proven") => {
            style("达标率 share", StyledBy::Share("compounds_share_proven".into()))
        }
        styles => Cow::Borrowed(styles),
    }
}

/// Registers a table without geometries.
fn contain_attributes(
    database: &Connection,
    name: &str,
    title: &str,
    description: &str,
) -> Result<(), ExportError> {
    database.execute(
        "INSERT INTO gpkg_contents VALUES (?, 'attributes', ?, ?, ?, NULL, NULL, NULL, NULL, 0)",
        params![name, title, description, MADE],
    )?;
    Ok(())
}

fn write_sources(database: &Connection, statement: &[String]) -> Result<(), ExportError> {
    for line in statement {
        database.execute("INSERT INTO sources (line) VALUES (?)", [line])?;
    }
    contain_attributes(database, "sources", &titled("说明 statement", statement), "")?;
    database.execute(
        "INSERT INTO gpkg_metadata VALUES (1, 'dataset', 'https://www.iana.org/assignments/media-types/text/plain',
         'text/plain', ?)",
        [statement.join("\n")],
    )?;
    database.execute(
        "INSERT INTO gpkg_metadata_reference VALUES ('geopackage', NULL, NULL, NULL, ?, 1, NULL)",
        [MADE],
    )?;
    Ok(())
}

fn write_layer(database: &Connection, layer: &FileTable<'_>) -> Result<(), ExportError> {
    describe(database, layer)?;
    let (name, table) = (&layer.name, layer.table);
    let mut fields = String::new();
    for column in table.columns() {
        let _ = write!(fields, ", {} {}", quoted(&column_name(&column.key)), sql_type(column.kind));
    }
    let geometry = layer.shape.map_or_else(String::new, |shape| format!(", geom {}", shape.sql_name()));
    database.execute_batch(&format!(
        "CREATE TABLE {} (fid INTEGER PRIMARY KEY NOT NULL{geometry}{fields})",
        quoted(name)
    ))?;
    let values = table.columns().len() + usize::from(layer.shape.is_some());
    let marks = ", ?".repeat(values);
    let mut insert = database.prepare(&format!("INSERT INTO {} VALUES (NULL{marks})", quoted(name)))?;
    let mut blob = Vec::new();
    for (row, cells) in table.rows().enumerate().filter(|(row, _)| layer.has(*row)) {
        let mut parameter = 0;
        if layer.shape.is_some() {
            parameter += 1;
            match table.place(row) {
                Some(place) => {
                    write_blob(&mut blob, place);
                    insert.raw_bind_parameter(parameter, blob.as_slice())?;
                }
                None => insert.raw_bind_parameter(parameter, rusqlite::types::Null)?,
            }
        }
        for &cell in cells {
            parameter += 1;
            insert.raw_bind_parameter(parameter, bound(table, cell))?;
        }
        insert.raw_execute()?;
    }
    if layer.shape.is_some() {
        write_index(database, layer)?;
    }
    Ok(())
}

/// Registers the table in the contents of the file.
fn describe(database: &Connection, layer: &FileTable<'_>) -> Result<(), ExportError> {
    let places =
        (0..layer.table.len()).filter(|&row| layer.has(row)).filter_map(|row| layer.table.place(row));
    let [west, south, east, north] = match Bounds::around(places) {
        Some(bounds) => bounds.degrees().map(Some),
        None => [None; 4],
    };
    let (data_type, srs) = if layer.shape.is_some() { ("features", WGS_84) } else { ("attributes", 0) };
    // Identifiers must be unique in a file, titles need not be.
    let identifier = format!("{} {}", layer.name, layer.title);
    let description = match layer.table.description() {
        "" => layer.title.clone(),
        more => format!("{}。{more}", layer.title),
    };
    database.execute(
        "INSERT INTO gpkg_contents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        params![layer.name, data_type, identifier, description, MADE, west, south, east, north, srs],
    )?;
    let mut column_heading = database
        .prepare("INSERT OR IGNORE INTO gpkg_data_columns VALUES (?1, ?2, ?3, ?3, NULL, NULL, NULL)")?;
    for column in layer.table.columns() {
        column_heading.execute(params![layer.name, column_name(&column.key), column.heading])?;
    }
    let Some(shape) = layer.shape else { return Ok(()) };
    database.execute(
        "INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', ?, ?, 0, 0)",
        params![layer.name, shape.sql_name(), WGS_84],
    )?;
    Ok(())
}

fn write_index(database: &Connection, layer: &FileTable<'_>) -> Result<(), ExportError> {
    let index = quoted(&format!("rtree_{}_geom", layer.name));
    database
        .execute_batch(&format!("CREATE VIRTUAL TABLE {index} USING rtree(id, minx, maxx, miny, maxy)"))?;
    database.execute(
        "INSERT INTO gpkg_extensions VALUES (?, 'geom', 'gpkg_rtree_index',
         'http://www.geopackage.org/spec/#extension_rtree', 'write-only')",
        [&layer.name],
    )?;
    let mut insert = database.prepare(&format!("INSERT INTO {index} VALUES (?, ?, ?, ?, ?)"))?;
    for (fid, row) in (1_i64..).zip((0..layer.table.len()).filter(|&row| layer.has(row))) {
        if let Some(bounds) = Bounds::around(layer.table.place(row)) {
            let [west, south, east, north] = bounds.degrees();
            insert.execute(params![fid, west, east, south, north])?;
        }
    }
    database.execute_batch(&RTREE.replace("{t}", &layer.name))?;
    Ok(())
}

fn sql_type(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "TEXT",
        Kind::Whole => "INTEGER",
        Kind::Number => "REAL",
        Kind::Flag => "BOOLEAN",
        Kind::Date => "DATE",
    }
}

fn bound(table: &TypedTable, cell: Cell) -> ToSqlOutput<'_> {
    match cell {
        Cell::None => ToSqlOutput::Owned(Value::Null),
        Cell::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(table.words(text).as_bytes())),
        Cell::Whole(whole) => ToSqlOutput::Owned(Value::Integer(whole)),
        Cell::Number(number) => ToSqlOutput::Owned(Value::Real(number)),
        Cell::Flag(flag) => ToSqlOutput::Owned(Value::Integer(flag.into())),
        Cell::Date(date) => ToSqlOutput::Owned(Value::Text(date.to_string())),
    }
}

/// Writes a geometry as the standard defines it: a header with its bounding box, then well-known binary.
fn write_blob(blob: &mut Vec<u8>, place: &TableGeometry) {
    // Little-endian; for a point without a box.
    const POINT: u8 = 0b0000_0001;
    const WITH_BOX: u8 = 0b0000_0011;
    blob.clear();
    let bounds = match place {
        TableGeometry::Point(_) => None,
        TableGeometry::Polygons(_) => Bounds::around([place]),
    };
    blob.extend_from_slice(b"GP\0");
    blob.push(if bounds.is_some() { WITH_BOX } else { POINT });
    blob.extend_from_slice(&WGS_84.to_le_bytes());
    if let Some(bounds) = bounds {
        let [west, south, east, north] = bounds.degrees();
        [west, east, south, north].iter().for_each(|edge| blob.extend_from_slice(&edge.to_le_bytes()));
    }
    write_wkb(blob, place);
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::typed::{TableColumn, tests::compounds};

    fn opened(bytes: &[u8]) -> Connection {
        let mut database = Connection::open_in_memory().unwrap();
        database.deserialize_read_exact("main", bytes, bytes.len(), true).unwrap();
        database
    }

    fn statement() -> Vec<String> {
        vec!["数据 data 2024-11-01".to_owned(), "a line".to_owned()]
    }

    fn texts(database: &Connection, query: &str) -> Vec<String> {
        let mut statement = database.prepare(query).unwrap();
        let rows = statement.query_map([], |row| row.get::<_, String>(0)).unwrap();
        rows.map(Result::unwrap).collect()
    }

    #[test]
    fn the_file_is_marked_as_a_geopackage() {
        let bytes = geopackage(&[compounds()], &statement()).unwrap();
        assert_eq!(&bytes[68..72], b"GPKG");
        let database = opened(&bytes);
        assert_eq!(texts(&database, "PRAGMA integrity_check"), ["ok"]);
        assert_eq!(texts(&database, "SELECT 'bad' FROM pragma_foreign_key_check"), Vec::<String>::new());
        let version = database.query_row("PRAGMA user_version", [], |row| row.get::<_, i64>(0));
        assert_eq!(version, Ok(10_300));
    }

    #[test]
    fn values_are_read_back_unchanged() {
        let database = opened(&geopackage(&[compounds()], &[]).unwrap());
        let row = database.query_row("SELECT * FROM compounds WHERE fid = 1", [], |row| {
            Ok((
                row.get::<_, String>("compound_name")?,
                row.get::<_, i64>("residents")?,
                row.get::<_, f64>("walk_seconds")?,
                row.get::<_, bool>("closed")?,
                row.get::<_, String>("since")?,
            ))
        });
        let name = "=HYPERLINK(\"x\",\"y\")".to_owned();
        assert_eq!(row, Ok((name, 1204, 412.5, true, "2024-11-01".to_owned())));
        let none = "SELECT count(*) FROM compounds WHERE geom IS NULL AND verdict IS NULL";
        assert_eq!(database.query_row(none, [], |row| row.get::<_, i64>(0)), Ok(1));
    }

    #[test]
    fn polygons_and_points_are_separate_layers_with_a_style_each() {
        let database = opened(&geopackage(&[compounds()], &[]).unwrap());
        let kinds = "SELECT table_name || ' ' || geometry_type_name FROM gpkg_geometry_columns ORDER BY 1";
        assert_eq!(texts(&database, kinds), ["compounds MULTIPOLYGON", "compounds_points POINT"]);
        assert_eq!(texts(&database, "SELECT compound_name FROM compounds_points"), ["滨江小区"]);
        let styled = "SELECT f_table_name FROM layer_styles WHERE useAsDefault ORDER BY 1";
        assert_eq!(texts(&database, styled), ["compounds", "compounds_points"]);
        let fill = "SELECT f_table_name FROM layer_styles WHERE styleQML LIKE '%LinePatternFill%'";
        assert_eq!(texts(&database, fill), ["compounds"]);
    }

    #[test]
    fn a_layer_has_its_bounding_box_and_a_spatial_index() {
        let database = opened(&geopackage(&[compounds()], &[]).unwrap());
        let bounds = "SELECT min_x || ' ' || min_y || ' ' || max_x || ' ' || max_y FROM gpkg_contents
                      WHERE table_name = 'compounds'";
        assert_eq!(texts(&database, bounds), ["126.0 45.0 126.01 45.01"]);
        let found = "SELECT count(*) FROM rtree_compounds_geom WHERE maxx >= 126.005 AND minx <= 126.006
                     AND maxy >= 45.005 AND miny <= 45.006";
        assert_eq!(database.query_row(found, [], |row| row.get::<_, i64>(0)), Ok(1));
        let blob: Vec<u8> =
            database.query_row("SELECT geom FROM compounds WHERE fid = 1", [], |row| row.get(0)).unwrap();
        assert_eq!(blob[..8], [b'G', b'P', 0, 3, 0xE6, 0x10, 0, 0]);
        assert_eq!(blob[8..16], 126.0_f64.to_le_bytes());
        assert_eq!(blob[40..45], [1, 6, 0, 0, 0]);
    }

    #[test]
    fn tables_without_geometries_are_attributes_with_unique_names() {
        let table = |name: &str| {
            let mut table =
                TypedTable::new(name, "汇总", vec![TableColumn::new("say \"it\"", "话", Kind::Text)]);
            let cell = table.text("x");
            table.push(&[cell]);
            table
        };
        let tables = ["summary", "Summary", "sources", "gpkg_x", "it's \"so\""].map(table);
        let database = opened(&geopackage(&tables, &statement()).unwrap());
        let names = "SELECT table_name FROM gpkg_contents WHERE data_type = 'attributes' ORDER BY rowid";
        assert_eq!(
            texts(&database, names),
            ["summary", "Summary_2", "sources_2", "t_gpkg_x", "it's _so_", "layer_styles", "sources"]
        );
        assert_eq!(texts(&database, "SELECT \"say \"\"it\"\"\" FROM summary"), ["x"]);
        assert_eq!(texts(&database, "SELECT line FROM sources ORDER BY fid"), statement());
        assert_eq!(texts(&database, "SELECT metadata FROM gpkg_metadata"), [statement().join("\n")]);
        let heading = "SELECT title FROM gpkg_data_columns WHERE table_name = 'summary'";
        assert_eq!(texts(&database, heading), ["话"]);
    }

    #[test]
    fn a_layer_has_all_its_styles_and_opens_with_the_first() {
        let style = |name: &str, by| MapStyle { name: name.to_owned(), by };
        let table = compounds().with_description("着色 coloured by").with_styles(vec![
            style("全部", StyledBy::Verdict("verdict".into())),
            style("比例", StyledBy::Share("covered_share".into())),
        ]);
        let order = TypedTable::new("rules", "规则", vec![TableColumn::new("check", "待核", Kind::Text)]);
        let database = opened(&geopackage(&[table, order], &[]).unwrap());
        let styles =
            "SELECT f_table_name || ' ' || styleName || ' ' || useAsDefault FROM layer_styles ORDER BY id";
        let expected = [
            "compounds 全部 1",
            "compounds 比例 0",
            "compounds_points 全部 1",
            "compounds_points 比例 0",
            "rules 别名 aliases 1",
        ];
        assert_eq!(texts(&database, styles), expected);
        let about = "SELECT description FROM gpkg_contents WHERE table_name = 'compounds'";
        assert_eq!(texts(&database, about), ["小区结论 compounds。着色 coloured by"]);
        let columns = "SELECT name FROM pragma_table_info('rules')";
        assert_eq!(texts(&database, columns), ["fid", "to_check"]);
        let headed = "SELECT column_name || title FROM gpkg_data_columns WHERE table_name = 'rules'";
        assert_eq!(texts(&database, headed), ["to_check待核"]);
    }

    #[test]
    fn titles_begin_with_the_city_label() {
        let lines = ["★ 演示数据".to_owned(), "按地图所示：没有".to_owned()];
        let database = opened(&geopackage(&[compounds()], &lines).unwrap());
        let about = |of: &str| {
            let query = format!("SELECT {of} FROM gpkg_contents WHERE table_name = 'compounds'");
            texts(&database, &query).concat()
        };
        let title = "演示数据 · 小区结论 compounds · 按地图所示 as mapped";
        assert_eq!(
            (about("description"), about("identifier")),
            (title.to_owned(), format!("compounds {title}"))
        );
    }

    #[test]
    fn the_same_tables_give_the_same_bytes() {
        let make = || geopackage(&[compounds()], &statement()).unwrap();
        assert!(make() == make());
    }
}
