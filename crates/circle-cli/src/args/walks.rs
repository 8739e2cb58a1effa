//! Arguments of the commands about walks: times, isochrones, one walk in full.

use super::examples;
use super::formats::{ShapeFormat, TimesFormat};
use super::values::place;
use super::walking::{CsvFiles, Walking};
use circle_model::Point;
use circle_reach::Form;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// `circle times`
#[derive(Debug, Args)]
#[command(after_help = examples::TIMES)]
pub(crate) struct Times {
    /// City file or extract
    pub(crate) city: PathBuf,
    /// Where walks start: CSV with the columns id, lon, lat. An optional column `gate_id` names gates that
    /// residents leave by
    #[arg(long, value_name = "A.csv")]
    pub(crate) from: PathBuf,
    /// Where walks end: CSV with the columns id, lon, lat
    #[arg(long, value_name = "B.csv")]
    pub(crate) to: PathBuf,
    #[command(flatten)]
    pub(crate) walking: Walking,
    /// Longest walk in minutes; longer ones have the status `beyond`
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..=240))]
    pub(crate) max_minutes: u32,
    /// File to write; default: standard output
    #[arg(short, long)]
    pub(crate) output: Option<PathBuf>,
    /// Format
    #[arg(long, value_enum, default_value_t = TimesFormat::Csv)]
    pub(crate) format: TimesFormat,
    #[command(flatten)]
    pub(crate) csv: CsvFiles,
}

/// `circle isochrone`
#[derive(Debug, Args)]
#[command(after_help = examples::ISOCHRONE)]
pub(crate) struct Isochrone {
    /// City file or extract
    pub(crate) city: PathBuf,
    #[command(flatten)]
    pub(crate) origin: IsochroneOrigin,
    /// Bands in minutes: `--minutes 5 10 15` or `--minutes 5,10,15`
    #[arg(long, value_delimiter = ',', default_values_t = [5, 10, 15])]
    pub(crate) minutes: Vec<u32>,
    #[command(flatten)]
    pub(crate) walking: Walking,
    /// Form of the shapes
    #[arg(long, value_enum, default_value_t = FormArg::Discs)]
    pub(crate) form: FormArg,
    /// File to write; default: standard output
    #[arg(short, long)]
    pub(crate) output: Option<PathBuf>,
    /// Format
    #[arg(long, value_enum, default_value_t = ShapeFormat::Geojson)]
    pub(crate) format: ShapeFormat,
}

/// `circle explain`
#[derive(Debug, Args)]
#[command(after_help = examples::EXPLAIN)]
pub(crate) struct Explain {
    /// City file or extract
    pub(crate) city: PathBuf,
    #[command(flatten)]
    pub(crate) start: WalkStart,
    #[command(flatten)]
    pub(crate) end: WalkEnd,
    #[command(flatten)]
    pub(crate) walking: Walking,
    /// Longest walk in minutes; a longer one has the status `beyond`
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..=240))]
    pub(crate) max_minutes: u32,
    /// File to write; default: standard output
    #[arg(short, long)]
    pub(crate) output: Option<PathBuf>,
}

/// Where an explained walk starts.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(crate) struct WalkStart {
    /// Where the walk starts, WGS 84
    #[arg(long, value_name = "LON,LAT", value_parser = place, allow_hyphen_values = true)]
    pub(crate) from: Option<Point>,
    /// The compound where the walk starts, at its best gate, as in the coverage table: by id or name, else by
    /// a part of the name, in characters, pinyin or its first letters
    #[arg(long, value_name = "ID_OR_NAME")]
    pub(crate) compound: Option<String>,
}

/// Where an explained walk ends.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(crate) struct WalkEnd {
    /// Where the walk ends, WGS 84
    #[arg(long, value_name = "LON,LAT", value_parser = place, allow_hyphen_values = true)]
    pub(crate) to: Option<Point>,
    /// The facility where the walk ends, at its best entrance, as in the coverage table: by id or exact name
    #[arg(long, value_name = "ID_OR_NAME")]
    pub(crate) facility: Option<String>,
}

/// Where an isochrone starts.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(crate) struct IsochroneOrigin {
    /// A place, WGS 84
    #[arg(long, value_name = "LON,LAT", value_parser = place, allow_hyphen_values = true)]
    pub(crate) at: Option<Point>,
    /// A compound, all its gates: by id or name, else by a part of the name, in characters, pinyin or its
    /// first letters
    #[arg(long, value_name = "ID_OR_NAME")]
    pub(crate) compound: Option<String>,
    /// Many places: CSV with the columns id, lon, lat
    #[arg(long, value_name = "A.csv")]
    pub(crate) from: Option<PathBuf>,
}

/// Forms of isochrones.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum FormArg {
    /// Everything up to the band
    Discs,
    /// Each band without the previous one
    Rings,
    /// The reached ways
    Lines,
}

impl From<FormArg> for Form {
    fn from(form: FormArg) -> Self {
        match form {
            FormArg::Discs => Self::Discs,
            FormArg::Rings => Self::Rings,
            FormArg::Lines => Self::Lines,
        }
    }
}
