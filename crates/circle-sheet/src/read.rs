//! Chooses the reader of a file by its extension.

use crate::error::SheetError;
use crate::formats::{csv, geojson, geopackage, kml, ods, shapefile, xls, xlsx};
use crate::options::ReadOptions;
use crate::sheet::Sheet;
use crate::source::file::read_bytes;
use std::path::Path;

/// Reads a file in the format of its extension, in either case: `.csv`, `.tsv`, `.txt`, `.xlsx`, `.xlsm`,
/// `.xls`, `.et`, `.ods`, `.kml`, `.kmz`, `.geojson`, `.json`, `.geojsonl`, `.ndjson`, `.gpkg`, `.shp` with
/// its `.dbf`.
///
/// Rows that cannot be read are in [`Sheet::rejected`] and do not stop the others.
///
/// # Errors
/// If the whole file cannot be read: it is missing, damaged, empty, too large, of another format or encoding,
/// or lacks the sheet or the header row of the options.
pub fn read_sheet(path: &Path, options: &ReadOptions<'_>) -> Result<Sheet, SheetError> {
    let extension =
        path.extension().map(|extension| extension.to_string_lossy().to_lowercase()).unwrap_or_default();
    match extension.as_str() {
        "csv" | "tsv" | "txt" => csv::read(path, options),
        "xlsx" | "xlsm" => read_workbook(path, false, options),
        "xls" | "et" => read_workbook(path, true, options),
        "ods" => ods::read(path, options),
        "kml" | "kmz" => kml::read(path, options),
        "geojson" | "json" | "geojsonl" | "ndjson" => geojson::read(path, options),
        "gpkg" => geopackage::read(path, options),
        "shp" => shapefile::read(path, options),
        _ => Err(SheetError::Extension { path: path.to_owned(), extension }),
    }
}

/// Reads a workbook of Excel by its content: files often have the extension of the other format, and a
/// workbook with a password is a container of the old one.
fn read_workbook(
    path: &Path,
    has_old_extension: bool,
    options: &ReadOptions<'_>,
) -> Result<Sheet, SheetError> {
    let bytes = read_bytes(path)?;
    if bytes.starts_with(b"\xd0\xcf\x11\xe0") || has_old_extension && !bytes.starts_with(b"PK") {
        xls::parse(path, &bytes, options)
    } else {
        xlsx::parse(path, &bytes, options)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str, bytes: &[u8]) -> SheetError {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        read_sheet(&path, &ReadOptions::default()).unwrap_err()
    }

    #[test]
    fn workbooks_are_read_by_their_content_not_their_extension() {
        let container = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
        for (name, bytes) in [
            ("own.xlsx", container.as_slice()),
            ("own.xls", container),
            ("own.xls", b"PK\x03\x04"),
            ("own.xlsx", b"PK\x03\x04"),
        ] {
            let error = read(name, bytes);
            assert!(matches!(error, SheetError::Damaged { .. }), "{name}: {error}");
        }
        assert!(read("own.xls", b"<html>").to_string().contains("web page"));
        assert!(read("own.xlsx", b"<html>").to_string().contains("of another format"));
    }

    #[test]
    fn a_file_that_is_too_large_is_rejected_by_its_size() {
        let folder = tempfile::tempdir().unwrap();
        for (name, bytes, words) in [
            (
                "own.csv",
                (512 << 20) + 1,
                "own.csv: it has 513 MiB; files of up to 512 MiB are read; split the file",
            ),
            ("own.geojson", 4 << 30, "it has 4096 MiB"),
            ("own.xlsx", 4 << 30, "it has 4096 MiB"),
            ("own.shp", 4 << 30, "it has 4096 MiB"),
            ("own.gpkg", 4 << 30, "files of up to 2048 MiB"),
        ] {
            let path = folder.path().join(name);
            std::fs::File::create(&path).unwrap().set_len(bytes).unwrap();
            let error = read_sheet(&path, &ReadOptions::default()).unwrap_err();
            assert!(matches!(error, SheetError::TooLarge { .. }), "{error}");
            assert!(error.to_string().contains(words), "{error}");
        }
    }

    /// Opening a pipe without a writer blocks for ever.
    #[test]
    fn a_pipe_is_rejected_in_every_format() {
        let folder = tempfile::tempdir().unwrap();
        for name in
            ["own.csv", "own.xlsx", "own.xls", "own.ods", "own.kml", "own.geojson", "own.gpkg", "own.shp"]
        {
            let path = folder.path().join(name);
            assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
            let error = read_sheet(&path, &ReadOptions::default()).unwrap_err().to_string();
            assert!(
                error.contains(name) && error.contains("it is no file but a folder, device or pipe"),
                "{error}"
            );
        }
    }

    #[test]
    fn the_error_for_other_extensions_lists_the_supported_ones() {
        let error = read("own.doc", b"");
        assert!(error.to_string().contains(".doc") && error.to_string().contains(".xlsx"), "{error}");
        assert!(read("own.PRJ", b"").to_string().contains("a part of a Shapefile"));
    }
}
