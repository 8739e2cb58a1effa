//! Errors of a whole file, each with the step that repairs it.

use std::path::{Path, PathBuf};

/// A planner's file that cannot be read. A single row that cannot be read is a
/// [`RejectedRow`](crate::RejectedRow).
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SheetError {
    /// The file system returned an error.
    #[error("{}: {reason}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The system's error.
        reason: std::io::Error,
    },
    /// The extension belongs to no supported format.
    #[error("{}: {}", path.display(), unsupported(extension))]
    Extension {
        /// The file.
        path: PathBuf,
        /// Its extension in lower case, without the dot.
        extension: String,
    },
    /// The content is damaged or of another format than that of the extension.
    #[error("{}: not {format} that can be read: {}{reason}", path.display(), sheet_prefix(sheet.as_deref()))]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The expected format with its article, such as `a workbook`.
        format: &'static str,
        /// The damaged sheet of a workbook, if one is damaged.
        sheet: Option<String>,
        /// What is wrong, with the row if it is known.
        reason: String,
    },
    /// The file has no rows.
    #[error("{}: no rows in {what}", path.display())]
    Empty {
        /// The file.
        path: PathBuf,
        /// The empty part, such as a sheet.
        what: String,
    },
    /// No row can serve as the header.
    #[error(
        "{}: no header in {what}; the first row must name the columns",
        path.display()
    )]
    NoHeader {
        /// The file.
        path: PathBuf,
        /// The part without a header, such as a sheet.
        what: String,
    },
    /// The row that the caller names as the header does not exist or is empty.
    #[error(
        "{}: {what} has no headings in row {row}, which `header_row` names; it counts from 1, titles and empty rows too",
        path.display()
    )]
    NoHeaderRow {
        /// The file.
        path: PathBuf,
        /// The part without such a row, such as a sheet.
        what: String,
        /// The row.
        row: u32,
    },
    /// The requested encoding does not exist.
    #[error(
        "{}: unknown encoding `{encoding}`; try utf-8, gb18030, gbk, big5 or utf-16le",
        path.display()
    )]
    UnknownEncoding {
        /// The file.
        path: PathBuf,
        /// The name as given.
        encoding: String,
    },
    /// The bytes do not decode in the requested or guessed encoding.
    #[error(
        "{}: {reason}; state its encoding, or save it again as UTF-8 (in Excel: CSV UTF-8)",
        path.display()
    )]
    WrongEncoding {
        /// The file.
        path: PathBuf,
        /// What does not decode.
        reason: String,
    },
    /// The requested sheet or layer does not exist.
    #[error("{}: no {kind} `{requested}` in it; there {}", path.display(), list_present(present))]
    NoSheet {
        /// The file.
        path: PathBuf,
        /// `sheet` or `layer`.
        kind: &'static str,
        /// The requested name.
        requested: String,
        /// The names that exist.
        present: Vec<String>,
    },
    /// A Shapefile lacks its `.dbf`.
    #[error(
        "{}: {} does not exist; a Shapefile needs the files .shp and .dbf of one name, copy both",
        path.display(),
        missing.display()
    )]
    NoTable {
        /// The `.shp`.
        path: PathBuf,
        /// The missing `.dbf`.
        missing: PathBuf,
    },
    /// The file exceeds a limit of this crate.
    #[error("{}: {what}; split the file", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// What exceeds the limit, with the limit.
        what: String,
    },
}

impl SheetError {
    /// The file that cannot be read.
    pub fn path(&self) -> &Path {
        match self {
            Self::Io { path, .. }
            | Self::Extension { path, .. }
            | Self::Damaged { path, .. }
            | Self::Empty { path, .. }
            | Self::NoHeader { path, .. }
            | Self::NoHeaderRow { path, .. }
            | Self::UnknownEncoding { path, .. }
            | Self::WrongEncoding { path, .. }
            | Self::NoSheet { path, .. }
            | Self::NoTable { path, .. }
            | Self::TooLarge { path, .. } => path,
        }
    }

    pub(crate) fn damaged(path: &Path, format: &'static str, reason: impl Into<String>) -> Self {
        Self::Damaged { path: path.to_owned(), format, sheet: None, reason: reason.into() }
    }

    pub(crate) fn damaged_sheet(
        path: &Path,
        format: &'static str,
        sheet: &str,
        reason: impl Into<String>,
    ) -> Self {
        Self::Damaged { path: path.to_owned(), format, sheet: Some(sheet.to_owned()), reason: reason.into() }
    }
}

fn sheet_prefix(sheet: Option<&str>) -> String {
    sheet.map_or_else(String::new, |sheet| format!("sheet `{sheet}`: "))
}

/// The advice for an unsupported extension.
fn unsupported(extension: &str) -> String {
    let supported = "supported are .csv, .xlsx, .xls, .ods, .geojson, .kml, .gpkg and .shp";
    match extension {
        "xlsb" | "numbers" | "xlt" | "fods" => {
            format!("this type of workbook is not supported; open it and save it as .xlsx ({supported})")
        }
        "osm" | "osc" | "pbf" => {
            format!("an extract of OpenStreetMap is not an own file; pass it to `circle build` ({supported})")
        }
        "dbf" | "shx" | "prj" | "cpg" => format!("a part of a Shapefile; name its .shp ({supported})"),
        "zip" | "rar" | "7z" | "gz" | "bz2" => {
            format!("an archive; unpack it and name the file in it ({supported})")
        }
        "" => format!("it has no extension; {supported}"),
        _ => format!("files ending in .{extension} are not supported; {supported}"),
    }
}

/// The first 20 of the names that exist, with the verb.
fn list_present(present: &[String]) -> String {
    const MAX_NAMES: usize = 20;
    match present {
        [] => "is none".to_owned(),
        [one] => format!("is `{one}`"),
        _ => {
            let names: Vec<String> = present.iter().take(MAX_NAMES).map(|name| format!("`{name}`")).collect();
            let more = if present.len() > MAX_NAMES { ", …" } else { "" };
            format!("are {}{more}", names.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damage_in_a_sheet_names_file_and_sheet() {
        let error =
            SheetError::damaged_sheet(Path::new("own.xlsx"), "a workbook", "设施", "row 3 is cut off");
        assert_eq!(
            error.to_string(),
            "own.xlsx: not a workbook that can be read: sheet `设施`: row 3 is cut off"
        );
        assert_eq!(error.path(), Path::new("own.xlsx"));
    }

    #[test]
    fn the_error_for_a_missing_sheet_lists_the_existing_ones() {
        let error = SheetError::NoSheet {
            path: PathBuf::from("own.xlsx"),
            kind: "sheet",
            requested: "小区".to_owned(),
            present: ["a", "b"].map(str::to_owned).to_vec(),
        };
        assert_eq!(error.to_string(), "own.xlsx: no sheet `小区` in it; there are `a`, `b`");
    }
}
