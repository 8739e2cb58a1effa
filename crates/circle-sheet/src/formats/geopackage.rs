//! `GeoPackage`: an `SQLite` database of layers from an untrusted source. No SQL of the file is executed:
//! only real tables are read, no views and no generated columns.

mod geometry;

use crate::build::builder::SheetBuilder;
use crate::build::cell::write_number;
use crate::build::row::RowBuffer;
use crate::error::SheetError;
use crate::options::ReadOptions;
use crate::sheet::{DeclaredCrs, Sheet};
use crate::source::file::check_size;
use circle_model::files::open_regular;
use geometry::parts_of;
use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags, OptionalExtension};
use std::fmt::Write;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Limit of the bytes of a file, of which only pages are in memory.
const MAX_BYTES: u64 = 2 << 30;
/// Range of the limit of a text or geometry in bytes; the limit is twice the size of the file.
const MIN_VALUE_BYTES: i32 = 1 << 16;
const MAX_VALUE_BYTES: i32 = 1 << 28;
/// Limit of listed layers.
const MAX_LAYERS: usize = 1_000;

pub(crate) fn read(path: &Path, options: &ReadOptions<'_>) -> Result<Sheet, SheetError> {
    let failed = |error: rusqlite::Error| damaged(path, error.to_string());
    let bytes = check_magic(path)?;
    let database = open(path, bytes).map_err(failed)?;
    let layer = find_layer(path, &database, options.sheet)?;
    let mut builder = SheetBuilder::new(path);
    if !layer.others.is_empty() {
        let others = layer.others.join("`, `");
        builder.remark(format!("layer `{}` was read; there is also `{others}`", layer.table));
    }
    let write_ahead_log = with_suffix(path, "-wal");
    if std::fs::metadata(&write_ahead_log).is_ok_and(|file| file.len() > 0) {
        builder.remark(format!(
            "changes in {} were not read; close the program that has the file open",
            write_ahead_log.display()
        ));
    }
    let geometry = geometry_column(&database, &layer.table).map_err(failed)?;
    builder.declare_crs(match &geometry {
        Some((_, system)) => declared_crs(&database, *system).map_err(failed)?,
        None => None,
    });
    let geometry = geometry.as_ref().map(|(column, _)| column.as_str());
    read_rows(path, &database, &layer.table, geometry, bytes.saturating_mul(2), &mut builder)?;
    builder.finish(&format!("layer `{}`", layer.table))
}

fn damaged(path: &Path, reason: impl Into<String>) -> SheetError {
    SheetError::damaged(path, "a GeoPackage", reason)
}

/// Checks that the file is an `SQLite` database that is not too large. Returns its size in bytes.
fn check_magic(path: &Path) -> Result<u64, SheetError> {
    let failed = |reason| SheetError::Io { path: path.to_owned(), reason };
    let file = open_regular(path).map_err(failed)?;
    let bytes = file.metadata().map_err(failed)?.len();
    check_size(path, bytes, MAX_BYTES)?;
    let mut magic = Vec::new();
    file.take(16).read_to_end(&mut magic).map_err(failed)?;
    if magic == b"SQLite format 3\0" { Ok(bytes) } else { Err(damaged(path, "it is not an SQLite database")) }
}

/// Opens a database read-only: without locks, without files beside it, with an untrusted schema.
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
    // No value is longer than its file, except texts in UTF-16.
    let max = i32::try_from(bytes.saturating_mul(2)).unwrap_or(i32::MAX);
    database.set_limit(Limit::SQLITE_LIMIT_LENGTH, max.clamp(MIN_VALUE_BYTES, MAX_VALUE_BYTES))?;
    database.pragma_update(None, "cell_size_check", true)?;
    Ok(database)
}

/// The table of the layer that is read, and those of the other layers.
struct LayerChoice {
    table: String,
    others: Vec<String>,
}

fn find_layer(
    path: &Path,
    database: &Connection,
    requested: Option<&str>,
) -> Result<LayerChoice, SheetError> {
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
        layers.take(MAX_LAYERS).collect::<rusqlite::Result<Vec<(String, String)>>>()
    };
    let layers = layers().map_err(failed)?;
    let present = || layers.iter().map(|(table, _)| table.clone()).collect::<Vec<_>>();
    let chosen = match requested {
        Some(requested) => {
            let is_named = |name: &str| name.trim().to_lowercase() == requested.trim().to_lowercase();
            let by_title = || layers.iter().find(|(_, title)| is_named(title));
            layers.iter().find(|(table, _)| is_named(table)).or_else(by_title)
        }
        None => layers.first(),
    };
    let Some((table, _)) = chosen else {
        let (kind, requested) = ("layer", requested.unwrap_or("of features").to_owned());
        return Err(SheetError::NoSheet { path: path.to_owned(), kind, requested, present: present() });
    };
    let Some(table) = real_table(database, table).map_err(failed)? else {
        return Err(damaged(path, format!("layer `{table}` is not a table; save it as a separate layer")));
    };
    let others = if requested.is_some() { Vec::new() } else { present() };
    Ok(LayerChoice {
        others: others.into_iter().filter(|other| !other.eq_ignore_ascii_case(&table)).collect(),
        table,
    })
}

/// The exact name of a table; `None` for views and virtual tables, which execute SQL of the file.
fn real_table(database: &Connection, name: &str) -> rusqlite::Result<Option<String>> {
    let sql =
        "SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage > 0 AND lower(name) = lower(?1)";
    database.query_row(sql, [name], |row| row.get(0)).optional()
}

/// The column of the geometries and the number of their reference system.
fn geometry_column(database: &Connection, table: &str) -> rusqlite::Result<Option<(String, i64)>> {
    if real_table(database, "gpkg_geometry_columns")?.is_none() {
        return Ok(None);
    }
    let sql = "SELECT column_name, srs_id FROM gpkg_geometry_columns WHERE lower(table_name) = lower(?1)";
    database.query_row(sql, [table], |row| Ok((row.get(0)?, row.get(1)?))).optional()
}

fn declared_crs(database: &Connection, system: i64) -> rusqlite::Result<Option<DeclaredCrs>> {
    if real_table(database, "gpkg_spatial_ref_sys")?.is_none() {
        return Ok(None);
    }
    let sql = "SELECT organization, organization_coordsys_id, definition FROM gpkg_spatial_ref_sys WHERE srs_id = ?1";
    let read = |row: &rusqlite::Row| {
        let (organization, code) = (row.get_ref(0)?, row.get_ref(1)?);
        let is_epsg = organization.as_str().is_ok_and(|name| name.trim().eq_ignore_ascii_case("epsg"));
        let code = code.as_i64().ok().and_then(|code| u32::try_from(code).ok());
        let text = row.get_ref(2)?.as_str().unwrap_or_default().trim().to_owned();
        let text = (!text.is_empty() && text != "undefined").then_some(DeclaredCrs::Wkt(text));
        Ok(code.filter(|code| is_epsg && *code > 0).map(DeclaredCrs::Epsg).or(text))
    };
    database.query_row(sql, [system], read).optional().map(Option::flatten)
}

/// Reads all rows. The rows of a damaged file can share their bytes, so `left` bounds the bytes of all
/// values.
fn read_rows(
    path: &Path,
    database: &Connection,
    table: &str,
    geometry: Option<&str>,
    mut left: u64,
    builder: &mut SheetBuilder<'_>,
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
    let (mut row, mut number, mut scratch) = (RowBuffer::default(), 0u32, String::new());
    while let Some(values) = rows.next().map_err(failed)? {
        number = number.saturating_add(1);
        row.start(number);
        for (at, column) in columns.iter().enumerate().filter(|(at, _)| Some(*at) != geometry) {
            let value = values.get_ref(at).map_err(failed)?;
            match text_of(value, column.is_boolean, &mut scratch) {
                Ok(text) => row.push(text),
                Err(reason) => {
                    row.fail(Some(row.len()), reason);
                    row.push("");
                }
            }
        }
        for at in 0..columns.len() {
            let (ValueRef::Text(bytes) | ValueRef::Blob(bytes)) = values.get_ref(at).map_err(failed)? else {
                continue;
            };
            let too_long =
                || damaged(path, format!("from row {number} on its rows are longer than the file"));
            left = left.checked_sub(bytes.len() as u64).ok_or_else(too_long)?;
        }
        let Some(at) = geometry else {
            builder.add(&row, None)?;
            continue;
        };
        let shape = parts_of(values.get_ref(at).map_err(failed)?);
        match shape.and_then(|parts| parts.into_shape(builder).map_err(str::to_owned)) {
            Ok(shape) => builder.add(&row, Some(shape))?,
            Err(reason) if row.fault.is_none() => builder.reject(number, "geometry", reason)?,
            Err(_) => builder.add(&row, None)?,
        }
    }
    Ok(())
}

struct TableColumn {
    name: String,
    is_boolean: bool,
}

/// The stored columns: this statement does not list generated ones.
fn columns(database: &Connection, table: &str) -> rusqlite::Result<Vec<TableColumn>> {
    let mut statement = database.prepare(&format!("PRAGMA table_info({})", quoted(table)))?;
    let columns = statement.query_map([], |row| {
        let kind = row.get_ref(2)?.as_str().unwrap_or_default().eq_ignore_ascii_case("boolean");
        Ok(TableColumn { name: row.get(1)?, is_boolean: kind })
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
        // Blobs are pictures and the like.
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

/// The file with a suffix after its whole name.
fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

#[cfg(test)]
pub(crate) mod tests;
