//! Errors of an import. Each message says what to do.

use std::path::PathBuf;

/// The reason why an extract could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// The file system reported an error.
    #[error("{}: {reason}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        reason: std::io::Error,
    },
    /// An empty file.
    #[error("{}: the file is empty", path.display())]
    Empty {
        /// The file.
        path: PathBuf,
    },
    /// Not an OSM extract.
    #[error("{}: not an OpenStreetMap extract in PBF form (.osm.pbf): {reason}", path.display())]
    NotPbf {
        /// The file.
        path: PathBuf,
        /// What was found instead.
        reason: String,
    },
    /// The older form of extracts.
    #[error(
        "{}: {what}, not an OpenStreetMap extract in PBF form (.osm.pbf); convert it: osmium cat {name} -o {to}.osm.pbf",
        path.display()
    )]
    Xml {
        /// The file.
        path: PathBuf,
        /// The format that was found.
        what: &'static str,
        /// Its name, for the command.
        name: String,
        /// Its name without endings.
        to: String,
    },
    /// A file of changes, from which no city can be built.
    #[error(
        "{}: a file of changes (.osc), not an OpenStreetMap extract; apply it to the extract that it goes with: \
         osmium apply-changes OLD.osm.pbf {name} -o NEW.osm.pbf",
        path.display()
    )]
    Changes {
        /// The file.
        path: PathBuf,
        /// Its name, for the command.
        name: String,
    },
    /// Ends too early, or a block does not decode.
    #[error("{}: block {block} at byte {offset}: {reason}; the file is truncated or damaged, download it again", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Number of the block, from 0.
        block: usize,
        /// Offset of the block in bytes.
        offset: u64,
        /// The fault.
        reason: String,
    },
    /// Compressed by a method that is not supported.
    #[error(
        "{}: block {block} is compressed with {method}; recompress the file: osmium cat {name} -o zlib.osm.pbf -f pbf,pbf_compression=zlib",
        path.display()
    )]
    Compression {
        /// The file.
        path: PathBuf,
        /// Its name, for the command.
        name: String,
        /// Number of the block, from 0.
        block: usize,
        /// The method.
        method: &'static str,
    },
    /// Heights that cannot be read.
    #[error("{}: no heights in it: {reason}", path.display())]
    Elevation {
        /// The file.
        path: PathBuf,
        /// The fault.
        reason: String,
    },
    /// A history file.
    #[error("{}: contains the history of its objects, not one state; extract one: osmium time-filter {name} -o now.osm.pbf", path.display())]
    History {
        /// The file.
        path: PathBuf,
        /// Its name, for the command.
        name: String,
    },
    /// Needs a feature that is not supported.
    #[error("{}: needs the feature `{feature}`, which this program does not read", path.display())]
    Feature {
        /// The file.
        path: PathBuf,
        /// The feature.
        feature: String,
    },
    /// The planner's own files.
    #[error(transparent)]
    Own(#[from] crate::own::OwnError),
    /// No walkable way.
    #[error("{}: no walkable way in it ({nodes} nodes, {ways} ways, {relations} relations read)", path.display())]
    NothingToWalk {
        /// The file.
        path: PathBuf,
        /// Nodes read.
        nodes: u64,
        /// Ways read.
        ways: u64,
        /// Relations read.
        relations: u64,
    },
    /// More rows than the city file can hold.
    #[error(transparent)]
    City(#[from] circle_model::city::CityFileError),
    /// Rows that the check of the city file rejects, because of extreme input.
    #[error(
        "the input gives a city that cannot be opened: {0}; split the extract or remove the extreme object"
    )]
    Extreme(#[from] circle_model::city::BadRow),
}
