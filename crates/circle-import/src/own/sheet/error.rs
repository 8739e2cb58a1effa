//! Why a planner's file could not be read as a whole, each with what to do about it.

use std::path::{Path, PathBuf};

/// Trouble with a whole file; trouble with one row is [`Rejected`](super::Rejected).
#[derive(Debug, thiserror::Error)]
pub(crate) enum SheetError {
    /// The file system said no.
    #[error("{}: {reason}", path.display())]
    Io { path: PathBuf, reason: std::io::Error },
    /// A kind of file that is not read.
    #[error("{}: {}", path.display(), unread(ending))]
    Ending { path: PathBuf, ending: String },
    /// Damaged, or not what its ending says.
    #[error("{}: not {form} that can be read: {reason}", path.display())]
    Damaged { path: PathBuf, form: &'static str, reason: String },
    /// No row in it.
    #[error("{}: {what} is empty, there is no row in it", path.display())]
    Empty { path: PathBuf, what: String },
    /// No row that could name the columns.
    #[error(
        "{}: no header in {what}; the first row is to name the columns, and the rows follow it",
        path.display()
    )]
    NoHeader { path: PathBuf, what: String },
    /// An encoding that nobody knows.
    #[error(
        "{}: no encoding is called `{encoding}`; try utf-8, gb18030, gbk, big5 or utf-16le",
        path.display()
    )]
    UnknownEncoding { path: PathBuf, encoding: String },
    /// Read in an encoding that it is not in.
    #[error(
        "{}: {reason}; say which encoding it is in, or save it again as UTF-8 (in Excel: CSV UTF-8)",
        path.display()
    )]
    WrongEncoding { path: PathBuf, reason: String },
    /// A sheet or a layer that is not there.
    #[error("{}: no {kind} `{wanted}` in it; there {}", path.display(), those(present))]
    NoLayer { path: PathBuf, kind: &'static str, wanted: String, present: Vec<String> },
    /// A Shapefile without its table.
    #[error(
        "{}: {} is not beside it; a Shapefile is at least the files .shp and .dbf of one name, copy both",
        path.display(),
        missing.display()
    )]
    NoTable { path: PathBuf, missing: PathBuf },
    /// More than is ever read.
    #[error("{}: {what}; cut the file into several", path.display())]
    TooLarge { path: PathBuf, what: String },
}

impl SheetError {
    pub(super) fn damaged(path: &Path, form: &'static str, reason: impl Into<String>) -> Self {
        Self::Damaged { path: path.to_owned(), form, reason: reason.into() }
    }
}

/// Bytes of a file, which are not taken where they would fill the memory.
pub(super) fn read_bytes(path: &Path) -> Result<Vec<u8>, SheetError> {
    let failed = |reason| SheetError::Io { path: path.to_owned(), reason };
    let bytes = std::fs::metadata(path).map_err(failed)?.len();
    if bytes > MOST_BYTES {
        let what = format!("{bytes} bytes are more than the {MOST_BYTES} that are read");
        return Err(SheetError::TooLarge { path: path.to_owned(), what });
    }
    circle_model::files::read_whole(path, MOST_BYTES).map_err(failed)
}

/// A city of 20 million has some 100 MB of buildings.
const MOST_BYTES: u64 = 1 << 31;

/// What to do about an ending that is not read.
fn unread(ending: &str) -> String {
    let read = "read are .csv, .xlsx, .xls, .ods, .geojson, .kml, .gpkg and .shp";
    match ending {
        "xlsb" | "numbers" | "xlt" | "fods" => {
            format!("workbooks are read from .xlsx, .xls and .ods; open it and save it as .xlsx ({read})")
        }
        "osm" | "osc" | "pbf" => {
            format!("an extract of OpenStreetMap is no own file; give it to `circle build` itself ({read})")
        }
        "dbf" | "shx" | "prj" | "cpg" => format!("a part of a Shapefile; name its .shp ({read})"),
        "zip" | "rar" | "7z" | "gz" | "bz2" => {
            format!("an archive; unpack it and name the file in it ({read})")
        }
        "" => format!("no ending that says what is in it; {read}"),
        _ => format!("files ending in .{ending} are not read; {read}"),
    }
}

/// What there is instead, as far as it fits on a line.
fn those(present: &[String]) -> String {
    const MOST: usize = 20;
    match present {
        [] => "is none".to_owned(),
        [one] => format!("is `{one}`"),
        _ => {
            let names: Vec<String> = present.iter().take(MOST).map(|name| format!("`{name}`")).collect();
            let more = if present.len() > MOST { ", …" } else { "" };
            format!("are {}{more}", names.join(", "))
        }
    }
}
