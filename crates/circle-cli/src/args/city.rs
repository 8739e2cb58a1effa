//! Arguments of the commands that build, describe and export a city.

use super::examples;
use super::formats::{CoverageFormat, ReportFormat};
use super::walking::CsvFiles;
use circle_export::Collection;
use circle_model::city::ClosedByDefault;
use clap::builder::PossibleValuesParser;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// `circle build`
#[derive(Debug, Args)]
#[command(after_help = examples::BUILD)]
pub(crate) struct Build {
    /// Extracts in PBF form (.osm.pbf); several are joined
    #[arg(required = true, value_name = "EXTRACT")]
    pub(crate) extracts: Vec<PathBuf>,
    /// A list of the planner's own files (OWN.toml): facilities, compounds, gates, units, population,
    /// corrections
    #[arg(long, value_name = "OWN.toml")]
    pub(crate) own: Vec<PathBuf>,
    /// Heights, for slopes: an SRTM tile (N45E126.hgt) or GeoTIFF in degrees; once for each file
    #[arg(long, value_name = "FILE")]
    pub(crate) elevation: Vec<PathBuf>,
    /// Where to treat compounds as closed if neither the map nor an own file states it: in mainland China,
    /// nowhere or everywhere. Applies to named compounds of 2 to 40 ha without a public street through them
    #[arg(long, value_enum, default_value_t, value_name = "WHERE")]
    pub(crate) closed_by_default: ClosedByDefaultArg,
    /// An earlier city file of the same place. Its keys (ids in links, QR codes and tables) stay valid: a
    /// record that `circle compare` pairs with an earlier one under another key gets that key as an alias.
    /// The file must have the format of this version; it may be the file of --output, which is replaced
    #[arg(long, value_name = "OLD.circle")]
    pub(crate) since: Option<PathBuf>,
    /// The city file to write
    #[arg(short, long, value_name = "CITY.circle")]
    pub(crate) output: PathBuf,
}

/// [`circle_model::city::ClosedByDefault`]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ClosedByDefaultArg {
    #[default]
    China,
    Never,
    Always,
}

impl From<ClosedByDefaultArg> for ClosedByDefault {
    fn from(arg: ClosedByDefaultArg) -> Self {
        match arg {
            ClosedByDefaultArg::China => Self::China,
            ClosedByDefaultArg::Never => Self::Never,
            ClosedByDefaultArg::Always => Self::Always,
        }
    }
}

/// `circle info`
#[derive(Debug, Args)]
#[command(after_help = examples::INFO)]
pub(crate) struct Info {
    /// City file or extract
    pub(crate) city: PathBuf,
    /// File to write; default: standard output
    #[arg(short, long)]
    pub(crate) output: Option<PathBuf>,
}

/// `circle check`
#[derive(Debug, Args)]
#[command(after_help = examples::CHECK)]
pub(crate) struct Check {
    /// City file or extract
    pub(crate) city: PathBuf,
    /// File to write: .csv, .xlsx or .geojson; default: CSV on standard output
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Format of a file whose name has no known ending
    #[arg(long, value_enum)]
    pub(crate) format: Option<ReportFormat>,
    #[command(flatten)]
    pub(crate) csv: CsvFiles,
}

/// `circle classify`
#[derive(Debug, Args)]
#[command(after_help = examples::CLASSIFY)]
pub(crate) struct Classify {
    /// A file of places: CSV, XLSX, XLS, ODS, GeoJSON, KML, GeoPackage or Shapefile
    pub(crate) file: PathBuf,
    /// The column with the true category, `other` for none: prints the accuracy of the catalogue
    #[arg(long, value_name = "COLUMN")]
    pub(crate) truth: Option<String>,
    /// CSV file for the rows; default: standard output, or no rows with --truth
    #[arg(short, long, value_name = "FILE.csv")]
    pub(crate) output: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) csv: CsvFiles,
}

/// `circle export`
#[derive(Debug, Args)]
#[command(after_help = examples::EXPORT)]
pub(crate) struct Export {
    /// City file or extract
    pub(crate) city: PathBuf,
    /// The layer; without it, the layers are listed
    #[arg(value_parser = PossibleValuesParser::new(Collection::ALL.map(Collection::id)))]
    pub(crate) layer: Option<String>,
    /// File to write: .csv, .geojson, .xlsx, .gpkg or .parquet; default: CSV on standard output
    #[arg(short, long, requires = "layer")]
    pub(crate) output: Option<PathBuf>,
    /// Format of a file whose name has no known ending
    #[arg(long, value_enum, requires = "layer")]
    pub(crate) format: Option<CoverageFormat>,
    #[command(flatten)]
    pub(crate) csv: CsvFiles,
}
