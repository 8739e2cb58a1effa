//! Reads the files of the lists, before the city is known.

use super::error::OwnError;
use super::list::{ListedFile, read_list};
use super::source::OwnSource;
use super::store::Corrections;
use crate::classify::Classifier;
use circle_model::city::Input;
use circle_model::files::{clean, open_regular};
use circle_sheet::{Columns, ExpectedColumns, ReadOptions, Sheet, SheetError, datum, read_sheet};
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Limit of the bytes of a file that are hashed; no larger file is read.
const MOST_BYTES: u64 = 2 << 30;
/// Limit of a remark on a file, in characters: a workbook may have 60,000 sheets, each with its name.
pub(super) const LONGEST_REMARK: usize = 600;
/// Limit of own files of a city.
const MOST_FILES: usize = 1_000;

/// Own files that have been read, but not yet located on the city.
#[derive(Debug, Default)]
pub(crate) struct OpenedFiles {
    lists: Vec<Input>,
    pub(super) files: Vec<OpenedFile>,
}

/// A file that has been read.
#[derive(Debug)]
pub(super) struct OpenedFile {
    pub(super) listed: ListedFile,
    pub(super) sheet: Sheet,
    pub(super) columns: Columns,
    pub(super) input: Input,
}

impl OpenedFiles {
    pub(crate) fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Names of the files, by number from 1.
    pub(crate) fn names(&self) -> Vec<String> {
        self.files.iter().map(|opened| opened.input.name.clone()).collect()
    }

    /// Names and hashes of the lists and their files.
    pub(crate) fn inputs(&self) -> Vec<Input> {
        self.lists.iter().chain(self.files.iter().map(|opened| &opened.input)).cloned().collect()
    }
}

/// Reads the lists and every file in them.
///
/// # Errors
/// If a list or one of its files cannot be used.
pub(crate) fn open(sources: &[OwnSource<'_>], classifier: &Classifier) -> Result<OpenedFiles, OwnError> {
    let is_category = |word: &str| classifier.category_called(word).is_some();
    let (mut lists, mut listed) = (Vec::with_capacity(sources.len()), Vec::new());
    for source in sources {
        match source {
            OwnSource::List(path) => {
                let (input, files) = read_list(path, &is_category)?;
                lists.push(input);
                listed.extend(files.into_iter().map(|file| Unopened::File(Box::new(file))));
            }
            OwnSource::Corrections(corrections) => listed.push(Unopened::Corrections(corrections)),
        }
    }
    if listed.len() > MOST_FILES {
        let what = format!("lists {} files; the limit is {MOST_FILES}", listed.len());
        return Err(OwnError::List { path: last_list(sources), what });
    }
    let files = listed.into_par_iter().map(open_one).collect::<Result<_, _>>()?;
    Ok(OpenedFiles { lists, files })
}

/// A source of rows that has not been read.
enum Unopened<'a> {
    File(Box<ListedFile>),
    Corrections(&'a Corrections),
}

fn last_list(sources: &[OwnSource<'_>]) -> PathBuf {
    let lists = sources.iter().rev().filter_map(|source| match source {
        OwnSource::List(path) => Some(path.to_path_buf()),
        OwnSource::Corrections(_) => None,
    });
    lists.into_iter().next().unwrap_or_default()
}

fn open_one(unopened: Unopened<'_>) -> Result<OpenedFile, OwnError> {
    match unopened {
        Unopened::File(listed) => open_file(*listed),
        Unopened::Corrections(corrections) => {
            let (sheet, sha256) = corrections.sheet();
            let input = Input { name: clean(&corrections.name, LONGEST_REMARK), sha256 };
            with_columns(corrections.listed(), sheet, input)
        }
    }
}

fn open_file(listed: ListedFile) -> Result<OpenedFile, OwnError> {
    let options = ReadOptions {
        sheet: listed.sheet.as_deref(),
        encoding: listed.encoding.as_deref(),
        header_row: listed.header_row,
        expected: Some(ExpectedColumns { layer: listed.layer, named: &listed.columns }),
    };
    // A form without rows is not an error.
    let sheet = match read_sheet(&listed.path, &options) {
        Err(empty @ SheetError::Empty { .. }) => Sheet::empty(empty.to_string()),
        sheet => sheet?,
    };
    // After it was read, so that a file that is too large is not hashed.
    let input = Input { name: file_name(&listed.path), sha256: hash(&listed.path)? };
    with_columns(listed, sheet, input)
}

fn with_columns(listed: ListedFile, sheet: Sheet, input: Input) -> Result<OpenedFile, OwnError> {
    if sheet.is_empty() && sheet.rejected.is_empty() {
        return Ok(OpenedFile { listed, sheet, columns: Columns::default(), input });
    }
    let crs = listed.crs.as_deref().and_then(|crs| datum::Crs::parse(crs).ok());
    let columns = Columns::find_in(&sheet, listed.layer, &listed.columns, crs)
        .map_err(|error| OwnError::File { path: listed.path.clone(), what: error.to_string() })?;
    Ok(OpenedFile { listed, sheet, columns, input })
}

fn file_name(path: &Path) -> String {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    clean(&name, LONGEST_REMARK)
}

/// SHA-256 of a file, and of the further files of a Shapefile, in hex.
fn hash(path: &Path) -> Result<String, OwnError> {
    let mut hash = Sha256::new();
    let mut add = |path: &Path, file: std::io::Result<File>| {
        let copied = file.and_then(|file| std::io::copy(&mut file.take(MOST_BYTES), &mut hash));
        copied.map_err(|reason| OwnError::Io { path: path.to_owned(), reason: reason.to_string() })
    };
    add(path, open_regular(path))?;
    let is_shape = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("shp"));
    for ending in ["dbf", "DBF", "prj", "PRJ", "cpg", "CPG"].into_iter().filter(|_| is_shape) {
        let part = path.with_extension(ending);
        if let Ok(file) = open_regular(&part) {
            add(&part, Ok(file))?;
        }
    }
    Ok(format!("{:x}", hash.finalize()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_recorded_with_the_hash_of_the_bytes_that_were_read() {
        let folder = tempfile::tempdir().unwrap();
        let list = folder.path().join("OWN.toml");
        let text = "[[source]]\npath = 'a.csv'\nlayer = 'gates'\ncrs = 'wgs84'\n";
        std::fs::write(&list, text).unwrap();
        std::fs::write(folder.path().join("a.csv"), "name,lon,lat\n东门,126.6,45.7\n").unwrap();
        let classifier = Classifier::new(&circle_model::Catalogue::built_in());
        let opened = open(&[OwnSource::List(&list)], &classifier).unwrap();
        // A second read would fail.
        std::fs::remove_file(&list).unwrap();
        let inputs = opened.inputs();
        assert_eq!(inputs[0], Input::of(&list, text.as_bytes()));
        assert_eq!((inputs.len(), inputs[1].name.as_str()), (2, "a.csv"));
        let file = folder.path().join("a.csv");
        assert_eq!(inputs[1], Input::of(&file, &std::fs::read(&file).unwrap()));
        assert_eq!(inputs[1], Input::of_file(&file).unwrap());
    }
}
