//! The planner's own files: lists and exports in whatever form they come, each row kept or said why not.
//!
//! `OWN.toml` → sheets (`sheet`) → coordinates (`crs`, `detect`) → rows by layer.

mod columns;
mod corrections;
mod crs;
mod detect;
mod facilities;
mod findings;
mod ground;
mod list;
mod notation;
mod number;
mod outlines;
mod people;
mod places;
mod rows;
mod sheet;
mod units;

pub(crate) use corrections::{Action, CorrectionOf, OwnCorrection};
pub(crate) use facilities::OwnFacility;
pub(crate) use findings::{DraftFinding, Findings};
pub(crate) use ground::Ground;
pub(crate) use list::Layer;
pub(crate) use people::OwnPeople;
pub(crate) use rows::Record;
pub(crate) use units::OwnUnit;

use crate::Classifier;
use circle_model::city::{FindingKind, FollowedKeys, Input, OwnFile, Population, Severity};
use circle_model::coordinates::Bounds;
use circle_model::files::{clean, read_whole};
use columns::Known;
pub(crate) use columns::{Columns, Role, list};
use list::Source;
use rayon::prelude::*;
use rows::Rows;
use sha2::{Digest, Sha256};
pub(crate) use sheet::{ROWS_OF_A_TOP, SheetOptions, SheetTop, TopRow, read_sheet, tops as sheet_tops};
use sheet::{Sheet, SheetError};
use std::collections::{BTreeMap, HashSet};
use std::ops::Deref;
use std::path::{Path, PathBuf};

/// What can be wrong with an own file as a whole. Single rows are reported and left out.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OwnError {
    /// The list itself.
    #[error("{}: {what}", path.display())]
    List {
        /// `OWN.toml`.
        path: PathBuf,
        /// What does not fit.
        what: String,
    },
    /// The file system said no.
    #[error("{}: {reason}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        reason: String,
    },
    /// A file that cannot be read.
    #[error(transparent)]
    Sheet(Box<dyn std::error::Error + Send + Sync>),
    /// A file without what its layer needs.
    #[error("{}: {what}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What is missing, and what to do.
        what: String,
    },
}

/// Everything that own files say, in WGS 84.
#[derive(Debug, Default)]
pub(crate) struct Own {
    /// In the order of the lists; rows name them by position, from 1.
    pub(crate) files: Vec<OwnFile>,
    pub(crate) facilities: Vec<OwnFacility>,
    pub(crate) compounds: Vec<OwnCompound>,
    pub(crate) gates: Vec<OwnGate>,
    pub(crate) units: Vec<OwnUnit>,
    pub(crate) people: Vec<OwnPeople>,
    pub(crate) candidates: Vec<OwnCandidate>,
    pub(crate) corrections: Vec<OwnCorrection>,
    pub(crate) findings: Findings,
    /// Keys of an earlier edition …
    pub(crate) former_keys: FollowedKeys,
    /// … and those of them that corrections named, where nothing else did.
    pub(crate) followed_keys: FollowedKeys,
}

/// A compound of the planner's own.
#[derive(Debug)]
pub(crate) struct OwnCompound {
    pub(crate) record: Record,
    pub(crate) closed: Option<bool>,
    pub(crate) population: Population,
}

/// A gate of the planner's own.
#[derive(Debug)]
pub(crate) struct OwnGate {
    pub(crate) record: Record,
    /// The compound it is of, by name or id, where the row says so.
    pub(crate) compound: Option<Box<str>>,
    pub(crate) locked: bool,
    pub(crate) hours: Option<Box<str>>,
    /// From a list of gates, which is taken for complete; gates among an export's facilities come beside the map's.
    pub(crate) listed: bool,
}

/// A space that a facility could be put in.
#[derive(Debug)]
pub(crate) struct OwnCandidate {
    pub(crate) record: Record,
    pub(crate) note: Option<Box<str>>,
}

/// A file that has been read and not yet been placed on the city.
#[derive(Debug)]
pub(crate) struct Opened {
    source: Source,
    sheet: Sheet,
    columns: Columns,
    input: Input,
}

/// The files that a list names.
///
/// # Errors
/// When the list cannot be read.
pub fn own_files(list: &Path) -> Result<Vec<PathBuf>, OwnError> {
    // What a category is called does not matter to where files are.
    let paths = list::read_list(list, &|_| true)?.1.into_iter().map(|source| source.path);
    // A Shapefile is several files.
    Ok(paths.flat_map(|path| [path.with_extension("dbf"), path.with_extension("prj"), path]).collect())
}

/// Reads the lists, of which the names and hashes are returned, and every file in them.
///
/// # Errors
/// When a list or one of its files cannot be used at all.
pub(crate) fn open(lists: &[&Path], classifier: &Classifier) -> Result<(Vec<Input>, Vec<Opened>), OwnError> {
    let is_category = |word: &str| classifier.category_called(word).is_some();
    let (mut inputs, mut sources) = (Vec::with_capacity(lists.len()), Vec::new());
    for path in lists {
        let (input, listed) = list::read_list(path, &is_category)?;
        inputs.push(input);
        sources.extend(listed);
    }
    if sources.len() > MOST_SOURCES {
        let what = format!("lists {} files; {MOST_SOURCES} are read at most", sources.len());
        return Err(OwnError::List {
            path: lists.last().map(|path| path.to_path_buf()).unwrap_or_default(),
            what,
        });
    }
    let opened = sources.into_par_iter().map(open_one).collect::<Result<_, _>>()?;
    Ok((inputs, opened))
}

fn open_one(source: Source) -> Result<Opened, OwnError> {
    let bytes = read_whole(&source.path, MOST_BYTES)
        .map_err(|reason| OwnError::Io { path: source.path.clone(), reason: reason.to_string() })?;
    let name = source.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let name = clean(&name, LONGEST_REMARK);
    let mut hash = Sha256::new_with_prefix(&bytes);
    drop(bytes);
    // A Shapefile is several files.
    let is_shape = source.path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("shp"));
    for ending in ["dbf", "DBF", "prj", "PRJ", "cpg", "CPG"].into_iter().filter(|_| is_shape) {
        if let Ok(bytes) = read_whole(&source.path.with_extension(ending), MOST_BYTES) {
            hash.update(&bytes);
        }
    }
    let input = Input { name, sha256: format!("{:x}", hash.finalize()) };
    let options = SheetOptions {
        layer: source.sheet.as_deref(),
        encoding: source.encoding.as_deref(),
        header_row: source.header_row,
        known: Some(Known { layer: source.layer, named: &source.columns }),
    };
    // A form that nobody has filled in yet is no fault.
    let sheet = match read_sheet(&source.path, &options) {
        Err(empty @ SheetError::Empty { .. }) => Sheet::empty(empty.to_string()),
        sheet => sheet?,
    };
    if sheet.len() == 0 && sheet.rejected.is_empty() {
        return Ok(Opened { source, sheet, columns: Columns::default(), input });
    }
    let crs = source.crs.as_deref().and_then(|crs| crs::Crs::parse(crs).ok());
    let columns = Columns::find_in(&sheet, source.layer, &source.columns, crs)
        .map_err(|what| OwnError::File { path: source.path.clone(), what })?;
    Ok(Opened { source, sheet, columns, input })
}

/// Names and hashes of the lists and their files.
pub(crate) fn inputs(lists: Vec<Input>, opened: &[Opened]) -> Vec<Input> {
    lists.into_iter().chain(opened.iter().map(|opened| opened.input.clone())).collect()
}

/// Most bytes of one own file.
const MOST_BYTES: u64 = 2 << 30;
/// Remarks on a file are cut to this many characters: it may have 60,000 sheets, each with its name.
const LONGEST_REMARK: usize = 600;
/// No planner has more files.
const MOST_SOURCES: usize = 1_000;

/// Places every row on the city and sorts it by layer. The ground is drawn when the first numbers are laid on it.
///
/// # Errors
/// When a file lacks what its layer needs, or nobody can say which coordinates it has.
pub(crate) fn place(
    opened: Vec<Opened>,
    classifier: &Classifier,
    ground: &dyn Deref<Target = Ground>,
    bounds: Bounds,
) -> Result<Own, OwnError> {
    let mut own = Own::default();
    for (source, opened) in (1u32..).zip(opened) {
        let Opened { source: listed, sheet, columns, input } = opened;
        let fault = |what: String| OwnError::File { path: listed.path.clone(), what };
        let mut file = OwnFile {
            name: input.name.clone(),
            sha256: input.sha256.clone(),
            layer: listed.layer.word().to_owned(),
            crs: String::new(),
            complete_for: listed.complete_for.clone(),
            complete_in: listed.complete_in.clone(),
            label: listed.label.clone(),
            said: sheet.said.clone(),
            rows: (sheet.len() + sheet.rejected.len()) as u64,
            accepted: 0,
            merged: 0,
            rejected: BTreeMap::new(),
        };
        let mut rows = Rows {
            source,
            listed: &listed,
            sheet: &sheet,
            columns: &columns,
            classifier,
            bounds,
            places: Vec::new(),
            reading: None,
            unread: BTreeMap::new(),
            elsewhere: false,
            file: &mut file,
            findings: &mut own.findings,
        };
        rows.say_unreadable();
        rows.say_lost();
        if sheet.len() == 0 {
            rows.say_empty();
            facilities::doubt_claims(&mut rows, &[], 0);
        } else {
            rows.say_unused();
            rows.locate(ground).map_err(fault)?;
            match listed.layer {
                Layer::Facilities => facilities::read(&mut rows, &mut own.facilities, &mut own.gates),
                Layer::Compounds => own.compounds.extend(rows.compounds()),
                Layer::Gates => own.gates.extend(rows.gates()),
                Layer::Units => own.units.extend(units::read(&mut rows).map_err(fault)?),
                Layer::Population => own.people.extend(people::read(&mut rows).map_err(fault)?),
                Layer::Candidates => own.candidates.extend(rows.candidates()),
                Layer::Corrections => own.corrections.extend(corrections::read(&mut rows).map_err(fault)?),
            }
            rows.say_unread();
        }
        for said in &mut file.said {
            *said = clean(said, LONGEST_REMARK);
        }
        own.files.push(file);
    }
    Ok(own)
}

impl From<SheetError> for OwnError {
    fn from(error: SheetError) -> Self {
        Self::Sheet(Box::new(error))
    }
}

impl Own {
    /// A row that became nothing of its own: taken for a place that another record stands for. Facilities and
    /// compounds keep it among their origins.
    pub(crate) fn merge(&mut self, record: &Record) {
        self.count_merged(record.source);
    }

    /// The same of a gate, a count, a unit or a space, which keep no origins: the report says it.
    pub(crate) fn merge_into(&mut self, record: &Record, into: &str) {
        self.count_merged(record.source);
        self.say(record, Severity::Info, FindingKind::Merged, &format!("merged: {into}"));
    }

    pub(crate) fn count_merged(&mut self, source: u32) {
        if let Some(file) = self.file_mut(source) {
            file.accepted = file.accepted.saturating_sub(1);
            file.merged += 1;
        }
    }

    /// Says which names in `complete_in` no unit has: what is listed completely there would count nowhere.
    pub(crate) fn say_missing_units(&mut self, names: &HashSet<&str>) {
        for (source, file) in (1u32..).zip(&self.files) {
            for name in file.complete_in.iter().filter(|name| !names.contains(name.as_str())) {
                let message = format!(
                    "{}: complete_in names `{}`, and no unit of the city is called so; write the name as the city has \
                     it, or add the unit with a file of the layer units",
                    file.name,
                    short(name)
                );
                let (severity, kind) = (Severity::Warning, FindingKind::OddRow);
                self.findings.push(DraftFinding::of_file(source, file, severity, kind, &message));
            }
        }
    }

    /// Something about a row that is odd.
    pub(crate) fn odd(&mut self, record: &Record, message: &str) {
        self.say(record, Severity::Warning, FindingKind::OddRow, message);
    }

    /// Something about a row that was made out and may be worth a look.
    pub(crate) fn note(&mut self, record: &Record, message: &str) {
        self.say(record, Severity::Info, FindingKind::OddRow, message);
    }

    /// A row that cannot be used after all, once the city is known.
    pub(crate) fn reject(&mut self, record: &Record, reason: &str, message: &str) {
        self.count_rejected(record.source, reason);
        self.say(record, Severity::Error, FindingKind::RejectedRow, message);
    }

    fn count_rejected(&mut self, source: u32, reason: &str) {
        if let Some(file) = self.file_mut(source) {
            file.accepted = file.accepted.saturating_sub(1);
            *file.rejected.entry(reason.to_owned()).or_default() += 1;
        }
    }

    fn say(&mut self, record: &Record, severity: Severity, kind: FindingKind, message: &str) {
        let message = format!("{}: {message}", self.label(record.source, record.row));
        self.findings.push(DraftFinding::of(record, severity, kind, &message));
    }

    /// A row as messages name it.
    pub(crate) fn label(&self, source: u32, row: u32) -> String {
        format!("{} row {row}", self.file_name(source))
    }

    /// A file by its number, from 1.
    pub(crate) fn file_name(&self, source: u32) -> &str {
        let file = source.checked_sub(1).and_then(|at| self.files.get(at as usize));
        file.map(|file| file.name.as_str()).unwrap_or_default()
    }

    fn file_mut(&mut self, source: u32) -> Option<&mut OwnFile> {
        self.files.get_mut(source.checked_sub(1)? as usize)
    }
}

/// A cell as it can be quoted in a message.
pub(crate) fn short(text: &str) -> String {
    const MOST: usize = 60;
    let cut = circle_model::files::clean(text, MOST);
    if text.chars().nth(MOST).is_some() { format!("{cut}…") } else { cut }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shapes::Draft;

    #[test]
    fn a_list_is_recorded_with_the_hash_of_the_bytes_that_were_read() {
        let folder = tempfile::tempdir().unwrap();
        let list = folder.path().join("OWN.toml");
        let text = "[[source]]\npath = 'a.csv'\nlayer = 'gates'\ncrs = 'wgs84'\n";
        std::fs::write(&list, text).unwrap();
        std::fs::write(folder.path().join("a.csv"), "name,lon,lat\n东门,126.6,45.7\n").unwrap();
        let classifier = Classifier::new(&circle_model::Catalogue::built_in());
        let (lists, opened) = open(&[list.as_path()], &classifier).unwrap();
        // Nobody can read it a second time.
        std::fs::remove_file(&list).unwrap();
        let inputs = inputs(lists, &opened);
        assert_eq!(inputs[0], Input::of(&list, text.as_bytes()));
        assert_eq!((inputs.len(), inputs[1].name.as_str()), (2, "a.csv"));
    }

    #[test]
    fn units_that_are_not_there_are_said() {
        let complete_in = ["南岗区", "南港区"].map(str::to_owned).to_vec();
        let file = OwnFile { name: "own.csv".to_owned(), complete_in, ..OwnFile::default() };
        let mut own = Own { files: vec![file], ..Own::default() };
        own.say_missing_units(&HashSet::from(["南岗区"]));
        let mut draft = Draft::default();
        own.findings.write(&mut draft, &own.files);
        let [only] = draft.tables.findings.as_slice() else { panic!("{:?}", draft.tables.findings) };
        assert!(draft.texts.text(only.message).contains("own.csv: complete_in names `南港区`"));
    }
}
