//! Tables in the format that the file's name asks for.

use crate::args::CoverageFormat;
use crate::failure::Failure;
use crate::output;
use circle_export::{
    Column, Statement, TypedTable, csv_metadata, geopackage, geoparquet, typed_csv, typed_geojson, workbook,
};
use std::path::Path;

/// A table as it is written.
#[derive(Debug)]
pub(crate) enum Written {
    /// A file that carries the statement itself.
    Bytes(Vec<u8>),
    /// CSV has no place for it, so it goes beside the table.
    Csv { bytes: Vec<u8>, columns: Vec<Column>, title: String },
}

/// The format asked for, else that of the file's name, else CSV.
pub(crate) fn format(asked: Option<CoverageFormat>, path: Option<&Path>) -> Result<CoverageFormat, Failure> {
    if let Some(format) = asked {
        return Ok(format);
    }
    let path = path.filter(|path| *path != Path::new("-"));
    let ending = path.and_then(Path::extension).map(|ending| ending.to_string_lossy().to_lowercase());
    match ending.as_deref() {
        Some("geojson" | "json") => Ok(CoverageFormat::Geojson),
        Some("csv") => Ok(CoverageFormat::Csv),
        Some("xlsx") => Ok(CoverageFormat::Xlsx),
        Some("gpkg") => Ok(CoverageFormat::Gpkg),
        Some("parquet") => Ok(CoverageFormat::Parquet),
        None if path.is_none() => Ok(CoverageFormat::Csv),
        _ => Err(Failure::Usage(
            "the file's name says no format that is written: .csv, .geojson, .xlsx, .gpkg or .parquet"
                .to_owned(),
        )),
    }
}

/// Some tables as one file; formats of a single table get the first.
pub(crate) fn encode(
    tables: &[TypedTable],
    format: CoverageFormat,
    statement: &Statement,
) -> anyhow::Result<Written> {
    let lines = statement.lines();
    let first = tables.first().ok_or_else(|| anyhow::anyhow!("no table to write"))?;
    Ok(match format {
        CoverageFormat::Csv => Written::Csv {
            bytes: typed_csv(first),
            columns: first.columns().to_vec(),
            title: first.title().to_owned(),
        },
        CoverageFormat::Geojson => Written::Bytes(typed_geojson(first, statement)),
        CoverageFormat::Xlsx => Written::Bytes(workbook(tables, &lines)?),
        CoverageFormat::Gpkg => Written::Bytes(geopackage(tables, &lines)?),
        CoverageFormat::Parquet => Written::Bytes(geoparquet(first, &lines)?),
    })
}

/// Writes a table, and beside a CSV file its `-metadata.json` with the statement; of CSV on standard output the
/// statement goes to standard error.
pub(crate) fn write(path: Option<&Path>, written: &Written, statement: &Statement) -> anyhow::Result<()> {
    match written {
        Written::Bytes(bytes) => output::write(path, bytes),
        Written::Csv { bytes, columns, title } => {
            output::write(path, bytes)?;
            let file = path.filter(|path| *path != Path::new("-"));
            let Some((path, name)) = file.and_then(|path| Some((path, path.file_name()?))) else {
                eprintln!("{statement}");
                return Ok(());
            };
            let metadata = csv_metadata(&name.to_string_lossy(), title, columns, statement);
            let mut beside = name.to_owned();
            beside.push("-metadata.json");
            output::write(Some(&path.with_file_name(beside)), &metadata)
        }
    }
}
