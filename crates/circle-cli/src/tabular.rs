//! Tables in the format that the file's name asks for.

use crate::args::{CoverageFormat, CsvFiles};
use crate::failure::{Failure, summarize};
use crate::output;
use circle_export::{Column, Statement, TypedTable, csv_metadata, table_file};
use std::io::Write;
use std::path::{Path, PathBuf};

/// What puts a table into a file.
type Writing<'a> = Box<dyn FnOnce(&mut dyn Write) -> std::io::Result<()> + 'a>;

/// A table as it is written.
pub(crate) struct Written<'a> {
    pub(crate) write: Writing<'a>,
    /// Columns and title of a table that has no place for the statement: of CSV.
    pub(crate) beside: Option<(Vec<Column>, String)>,
}

impl Written<'_> {
    pub(crate) fn whole(bytes: Vec<u8>) -> Self {
        Self { write: Box::new(move |out| out.write_all(&bytes)), beside: None }
    }
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

/// A result, and what goes beside it, never replaces what it was made from, or what is somebody else's.
pub(crate) fn spares(path: Option<&Path>, format: CoverageFormat, inputs: &[PathBuf]) -> Result<(), Failure> {
    output::spares(path, inputs)?;
    let Some(beside) = path.filter(|_| format == CoverageFormat::Csv).and_then(beside) else { return Ok(()) };
    output::spares(Some(&beside), inputs)?;
    if beside.exists() && !is_metadata(&beside) {
        return Err(Failure::Usage(format!(
            "{}: the statement of the table goes there, and something else is there; choose another name",
            beside.display()
        )));
    }
    Ok(())
}

/// Whether a file is of a table's statement.
fn is_metadata(path: &Path) -> bool {
    let text = circle_model::files::read_text(path).unwrap_or_default();
    text.get(..200).unwrap_or(&text).contains("http://www.w3.org/ns/csvw")
}

/// Some tables as one file; formats of a single table get the first.
pub(crate) fn encode(
    tables: &[TypedTable],
    format: CoverageFormat,
    statement: &Statement,
) -> anyhow::Result<Written<'static>> {
    let written = Written::whole(table_file(tables, format.into(), statement)?);
    let beside = tables.first().filter(|_| format == CoverageFormat::Csv);
    Ok(Written {
        beside: beside.map(|table| (table.columns().to_vec(), table.title().to_owned())),
        ..written
    })
}

/// Writes a table, and beside a CSV file its `-metadata.json` with the statement; of CSV on standard output the
/// statement goes to standard error.
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

/// Where the statement of a CSV file goes, as readers of CSV on the Web look for it; `None` where the table goes to
/// standard output, a device or a pipe.
fn beside(path: &Path) -> Option<PathBuf> {
    let mut name = path.file_name().filter(|_| !output::is_stream(path))?.to_owned();
    name.push("-metadata.json");
    Some(path.with_file_name(name))
}
