//! Writes tables in the format of `--format` or of the file name's ending.

use crate::args::{CoverageFormat, CsvFiles};
use crate::failure::{Failure, summarize};
use crate::output;
use circle_export::{Statement, TableColumn, TypedTable, csv_metadata, table_file};
use circle_reach::Cancel;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Writes a table to a file.
type Writing<'a> = Box<dyn FnOnce(&mut dyn Write) -> std::io::Result<()> + 'a>;

/// A table with its writer.
pub(crate) struct Written<'a> {
    pub(crate) write: Writing<'a>,
    /// Columns and title for the metadata file beside a CSV table, which has no place for the statement.
    pub(crate) beside: Option<(Vec<TableColumn>, String)>,
}

impl Written<'_> {
    pub(crate) fn whole(bytes: Vec<u8>) -> Self {
        Self { write: Box::new(move |out| out.write_all(&bytes)), beside: None }
    }
}

/// The format of `--format`, else that of the file name's ending; CSV for standard output.
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
            "the file name has no known ending: .csv, .geojson, .xlsx, .gpkg or .parquet".to_owned(),
        )),
    }
}

/// Checks, before any work, that the output and its metadata file replace no input and no other kind of file.
pub(crate) fn check_output(
    path: Option<&Path>,
    format: CoverageFormat,
    inputs: &[PathBuf],
) -> Result<(), Failure> {
    output::check_output(path, inputs)?;
    let Some(beside) = path.filter(|_| format == CoverageFormat::Csv).and_then(beside) else { return Ok(()) };
    output::check_output(Some(&beside), inputs)?;
    if beside.exists() && !is_metadata(&beside) {
        return Err(Failure::Usage(format!(
            "{}: this file is for the statement of the table, and another file has its name; choose another name",
            beside.display()
        )));
    }
    Ok(())
}

/// Whether a file holds the statement of a table.
fn is_metadata(path: &Path) -> bool {
    let text = circle_model::files::read_text(path).unwrap_or_default();
    text.get(..200).unwrap_or(&text).contains("http://www.w3.org/ns/csvw")
}

/// Encodes tables as one file; formats of a single table get the first.
pub(crate) fn encode(
    tables: &[TypedTable],
    format: CoverageFormat,
    statement: &Statement,
) -> anyhow::Result<Written<'static>> {
    let written = Written::whole(table_file(tables, format.into(), statement, &Cancel::never())?);
    let beside = tables.first().filter(|_| format == CoverageFormat::Csv);
    Ok(Written {
        beside: beside.map(|table| (table.columns().to_vec(), table.title().to_owned())),
        ..written
    })
}

/// Writes a table. A CSV file gets a `-metadata.json` with the statement beside it; CSV on standard output
/// gets its statement on standard error.
pub(crate) fn write(
    path: Option<&Path>,
    written: Written<'_>,
    files: &CsvFiles,
    statement: &Statement,
) -> anyhow::Result<()> {
    let Some((columns, title)) = written.beside else { return output::write_with(path, written.write) };
    output::write_csv(path, files, written.write)?;
    let beside = path.and_then(|path| Some((beside(path)?, path.file_name()?)));
    let Some((beside, name)) = beside else {
        summarize(&format!("{statement}\n"));
        return Ok(());
    };
    let metadata = csv_metadata(&name.to_string_lossy(), &title, &columns, statement);
    output::write(Some(&beside), &metadata)
}

/// The path of the metadata of a CSV file by the W3C's CSV on the Web; `None` if the table goes to standard
/// output, a device or a pipe.
fn beside(path: &Path) -> Option<PathBuf> {
    let mut name = path.file_name().filter(|_| !output::is_stream(path))?.to_owned();
    name.push("-metadata.json");
    Some(path.with_file_name(name))
}
