//! Left-over rows: rows of an earlier ledger that are not in the new one.

use crate::args::{self, CoverageFormat, CsvFiles};
use crate::failure::{Failure, notify};
use crate::{output, tabular};
use circle_export::{FileFormat, Statement, TypedTable};
use circle_model::files::open_regular;
use std::io::Read;
use std::path::{Path, PathBuf};

/// The first columns of a file of left-over rows; identifies such files.
const BEGINNING: &str = "place,compound_id,compound_name,line,now,why,";

/// Where left-over rows are written.
#[derive(Debug)]
pub(super) enum LeftOver {
    /// The file of the ledger has a table for them.
    InFile,
    /// A file beside the ledger.
    Beside(PathBuf),
    /// They are not written, because the ledger goes to standard output, a device or a pipe.
    Nowhere,
}

impl LeftOver {
    /// The place for left-over rows that the command line implies.
    ///
    /// # Errors
    /// When another kind of file has that name.
    pub(super) fn of(
        asked: &args::Coverage,
        format: CoverageFormat,
        inputs: &[PathBuf],
    ) -> Result<Self, Failure> {
        if FileFormat::from(format).holds_several() {
            return Ok(Self::InFile);
        }
        let ledger = asked.output.as_deref();
        let path = ledger.filter(|path| asked.ledger.is_some() && !output::is_stream(path)).and_then(beside);
        let Some(path) = path else { return Ok(Self::Nowhere) };
        tabular::check_output(Some(&path), CoverageFormat::Csv, inputs)?;
        if path.exists() && !holds_left_over(&path).unwrap_or(false) {
            return Err(Failure::Usage(format!(
                "{}: this file is for rows of the earlier ledger that are not in the new one, and another file has its \
                 name; choose another name for the ledger",
                path.display()
            )));
        }
        Ok(Self::Beside(path))
    }

    /// Writes the rows and prints the path. A file of an earlier run is replaced even if no row is left over.
    pub(super) fn write(
        &self,
        table: TypedTable,
        files: &CsvFiles,
        statement: &Statement,
    ) -> anyhow::Result<()> {
        let rows = table.len();
        match self {
            Self::Beside(path) if rows > 0 || path.exists() => {
                let written = tabular::encode(&[table], CoverageFormat::Csv, statement)?;
                tabular::write(Some(path), written, files, statement)?;
                notify(&format!(
                    "上期台账余项 {}: {rows} rows of the earlier ledger that are not in the new one, each with the reason\n",
                    path.display()
                ));
            }
            Self::Nowhere if rows > 0 => notify(&format!(
                "上期台账余项 {rows} rows of the earlier ledger that are not in the new one are not written: write a file, \
                 -o FILE.xlsx, or -o FILE.csv with a FILE-carried.csv beside it\n"
            )),
            Self::InFile | Self::Beside(_) | Self::Nowhere => {}
        }
        Ok(())
    }
}

fn beside(ledger: &Path) -> Option<PathBuf> {
    let mut name = ledger.file_stem()?.to_owned();
    name.push("-carried.csv");
    Some(ledger.with_file_name(name))
}

fn holds_left_over(path: &Path) -> std::io::Result<bool> {
    let mut head = Vec::new();
    open_regular(path)?.take(200).read_to_end(&mut head)?;
    Ok(String::from_utf8_lossy(&head).trim_start_matches('\u{feff}').starts_with(BEGINNING))
}
