//! The planner's own files: lists and exports in whatever form they come, each row kept or said why not.
//!
//! `OWN.toml` → sheets (`sheet`) → coordinates (`crs`, `detect`) → rows by layer.

mod columns;
mod crs;
mod detect;
mod facilities;
mod ground;
mod list;
mod notation;
mod outlines;
mod rows;
mod sheet;
mod units;

pub(crate) use facilities::OwnFacility;
pub(crate) use ground::Ground;
pub(crate) use list::Layer;
pub(crate) use rows::Record;
pub(crate) use units::OwnUnit;

use crate::Classifier;
use circle_model::Point;
use circle_model::city::{Finding, FindingKind, Input, OwnFile, Population, Severity};
use circle_model::coordinates::Bounds;
use circle_model::files::{MOST_WRITTEN, clean, read_whole};
pub(crate) use columns::{Columns, Role, list};
use list::Source;
use rayon::prelude::*;
use rows::Rows;
use sha2::{Digest, Sha256};
use sheet::{Sheet, SheetError};
pub(crate) use sheet::{SheetOptions, read_sheet};
use std::collections::BTreeMap;
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
    pub(crate) findings: Vec<Found>,
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

/// Who lives in a compound, or in one of its buildings.
#[derive(Debug)]
pub(crate) struct OwnPeople {
    pub(crate) record: Record,
    /// Whether the row has a place.
    pub(crate) placed: bool,
    pub(crate) compound: Option<Box<str>>,
    pub(crate) building: Option<Box<str>>,
    pub(crate) levels: f32,
    pub(crate) population: Population,
    /// All of its row, in one number: rows that say the same are one.
    pub(crate) cells: u64,
}

/// A space that a facility could be put in.
#[derive(Debug)]
pub(crate) struct OwnCandidate {
    pub(crate) record: Record,
    pub(crate) note: Option<Box<str>>,
}

/// A field correction.
#[derive(Debug)]
pub(crate) struct OwnCorrection {
    pub(crate) record: Record,
    /// Whether the row has a place.
    pub(crate) placed: bool,
    pub(crate) action: Action,
    pub(crate) of: CorrectionOf,
    pub(crate) target: Option<Box<str>>,
    pub(crate) compound: Option<Box<str>>,
    pub(crate) new_name: Option<Box<str>>,
    pub(crate) new_category: Option<u8>,
    pub(crate) new_point: Option<Point>,
    pub(crate) signed: Box<str>,
}

/// What a correction does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    Closed,
    Moved,
    NewGate,
    Renamed,
    WrongCategory,
}

/// What a correction is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CorrectionOf {
    Facility,
    Compound,
    Gate,
}

/// A finding on its way into the city.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    pub(crate) severity: Severity,
    pub(crate) kind: FindingKind,
    pub(crate) source: u32,
    pub(crate) row: u32,
    pub(crate) point: Point,
    pub(crate) name: Box<str>,
    pub(crate) message: Box<str>,
}

impl Found {
    /// Of a record of an own file.
    pub(crate) fn of(record: &Record, severity: Severity, kind: FindingKind, message: &str) -> Self {
        Self {
            severity,
            kind,
            source: record.source,
            row: record.row,
            point: record.point,
            name: record.name.clone().unwrap_or_default(),
            message: message.into(),
        }
    }
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
pub fn own_files(list: &Path, catalogue: &circle_model::Catalogue) -> Result<Vec<PathBuf>, OwnError> {
    let classifier = Classifier::new(catalogue);
    let is_category = |word: &str| classifier.category_called(word).is_some();
    let paths = list::read_list(list, &is_category)?.into_iter().map(|source| source.path);
    // A Shapefile is several files.
    Ok(paths.flat_map(|path| [path.with_extension("dbf"), path.with_extension("prj"), path]).collect())
}

/// Reads every file of the lists.
///
/// # Errors
/// When a list or one of its files cannot be used at all.
pub(crate) fn open(lists: &[&Path], classifier: &Classifier) -> Result<Vec<Opened>, OwnError> {
    let is_category = |word: &str| classifier.category_called(word).is_some();
    let mut sources = Vec::new();
    for path in lists {
        sources.extend(list::read_list(path, &is_category)?);
    }
    if sources.len() > MOST_SOURCES {
        let what = format!("lists {} files; {MOST_SOURCES} are read at most", sources.len());
        return Err(OwnError::List {
            path: lists.last().map(|path| path.to_path_buf()).unwrap_or_default(),
            what,
        });
    }
    sources.into_par_iter().map(open_one).collect()
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
    };
    // A form that nobody has filled in yet is no fault.
    let sheet = match read_sheet(&source.path, &options) {
        Err(empty @ SheetError::Empty { .. }) => Sheet::empty(empty.to_string()),
        sheet => sheet?,
    };
    if sheet.len() == 0 && sheet.rejected.is_empty() {
        return Ok(Opened { source, sheet, columns: Columns::default(), input });
    }
    let columns = Columns::find(&sheet, source.layer, &source.columns)
        .map_err(|what| OwnError::File { path: source.path.clone(), what })?;
    Ok(Opened { source, sheet, columns, input })
}

/// Names and hashes of the lists and their files.
pub(crate) fn inputs(lists: &[&Path], opened: &[Opened]) -> Vec<Input> {
    let list = |path: &&Path| Input {
        name: path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
        sha256: format!("{:x}", Sha256::digest(read_whole(path, MOST_WRITTEN).unwrap_or_default())),
    };
    lists.iter().map(list).chain(opened.iter().map(|opened| opened.input.clone())).collect()
}

/// Most bytes of one own file.
const MOST_BYTES: u64 = 2 << 30;
/// Remarks on a file are cut to this many characters: it may have 60,000 sheets, each with its name.
const LONGEST_REMARK: usize = 600;
/// No planner has more files.
const MOST_SOURCES: usize = 1_000;

/// Places every row on the city and sorts it by layer.
///
/// # Errors
/// When a file lacks what its layer needs, or nobody can say which coordinates it has.
pub(crate) fn place(
    opened: Vec<Opened>,
    classifier: &Classifier,
    ground: &Ground,
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
            said: 0,
            file: &mut file,
            findings: &mut own.findings,
        };
        rows.say_unreadable();
        if sheet.len() == 0 {
            rows.say_empty();
            own.files.push(file);
            continue;
        }
        rows.say_unused();
        rows.locate(ground).map_err(fault)?;
        match listed.layer {
            Layer::Facilities => facilities::read(&mut rows, &mut own.facilities, &mut own.gates),
            Layer::Compounds => own.compounds.extend(rows.compounds()),
            Layer::Gates => own.gates.extend(rows.gates()),
            Layer::Units => own.units.extend(units::read(&mut rows).map_err(fault)?),
            Layer::Population => own.people.extend(rows.people().map_err(fault)?),
            Layer::Candidates => own.candidates.extend(rows.candidates()),
            Layer::Corrections => own.corrections.extend(rows.corrections().map_err(fault)?),
        }
        rows.say_rest();
        for said in &mut file.said {
            *said = circle_model::files::clean(said, LONGEST_REMARK);
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
        if let Some(file) = source.checked_sub(1).and_then(|at| self.files.get_mut(at as usize)) {
            file.accepted = file.accepted.saturating_sub(1);
            file.merged += 1;
        }
    }

    /// Something about a row that is odd.
    pub(crate) fn odd(&mut self, record: &Record, message: &str) {
        self.say(record, Severity::Warning, FindingKind::OddRow, message);
    }

    fn say(&mut self, record: &Record, severity: Severity, kind: FindingKind, message: &str) {
        let file = self.files.get(record.source.saturating_sub(1) as usize);
        let file = file.map(|file| file.name.as_str()).unwrap_or_default();
        let message = format!("{file} row {}: {message}", record.row);
        self.findings.push(Found::of(record, severity, kind, &message));
    }

    /// A row as messages name it.
    pub(crate) fn label(&self, source: u32, row: u32) -> String {
        let file = self.files.get(source.saturating_sub(1) as usize);
        format!("{} row {row}", file.map(|file| file.name.as_str()).unwrap_or_default())
    }

    /// A row that cannot be used after all, once the city is known.
    pub(crate) fn reject(&mut self, record: &Record, reason: &str, message: &str) {
        let Some(file) = record.source.checked_sub(1).and_then(|at| self.files.get_mut(at as usize)) else {
            return;
        };
        file.accepted = file.accepted.saturating_sub(1);
        *file.rejected.entry(reason.to_owned()).or_default() += 1;
        let message = format!("{} row {}: {message}", file.name, record.row);
        self.findings.push(Found::of(record, Severity::Error, FindingKind::RejectedRow, &message));
    }
}

/// Writes what was found to the city's table.
pub(crate) fn write_findings(draft: &mut crate::shapes::Draft, findings: &[Found]) {
    for found in findings {
        let row = Finding {
            name: draft.texts.add(&found.name),
            message: draft.texts.add(&found.message),
            point: found.point,
            source: found.source,
            row: found.row,
            severity: found.severity.code(),
            kind: found.kind.code(),
            spare: [0; 6],
        };
        draft.tables.findings.push(row);
    }
}

/// A cell as it can be quoted in a message.
pub(crate) fn short(text: &str) -> String {
    const MOST: usize = 60;
    let cut = circle_model::files::clean(text, MOST);
    if text.chars().nth(MOST).is_some() { format!("{cut}…") } else { cut }
}
