//! Arguments that several commands share: walking, judging, CSV files.

use super::values::{share, week_time};
use circle_model::WeekTime;
use circle_plan::Evidence;
use clap::Args;
use std::path::PathBuf;

/// Profile, time and limits of legs.
#[derive(Debug, Args)]
pub(crate) struct Walking {
    /// Walking profile, or a file of your own (FILE.toml, FILE.toml:ID)
    #[arg(long, default_value = circle_model::Profiles::DEFAULT)]
    pub(crate) profile: String,
    /// Apply opening hours at a time: HH:MM, "Sa HH:MM" or YYYY-MM-DDTHH:MM; default: everything is open
    #[arg(long, value_name = "TIME", value_parser = week_time)]
    pub(crate) at_time: Option<WeekTime>,
    /// A file with limits of access legs, such as `longest_metres = 60`
    #[arg(long, value_name = "FILE.toml")]
    pub(crate) legs: Option<PathBuf>,
}

/// Rule set, profile, bands and evidence of verdicts.
#[derive(Debug, Args)]
pub(crate) struct Judging {
    /// Rule set to judge by, or a file of your own (FILE.toml)
    #[arg(long, default_value = "board")]
    pub(crate) rules: String,
    #[command(flatten)]
    pub(crate) walking: Walking,
    /// Bands in minutes: `--minutes 5 10 15` or `--minutes 5,10,15`
    #[arg(long, value_delimiter = ',', default_values_t = [5, 10, 15])]
    pub(crate) minutes: Vec<u32>,
    /// Judge as if the map held every facility: a facility that is not on it is a gap 按地图所示
    #[arg(long)]
    pub(crate) as_mapped: bool,
    /// Least completeness of the data that a gap requires: known ÷ expected facilities
    #[arg(long, value_name = "SHARE", default_value_t = Evidence::LEAST_COMPLETENESS, value_parser = share)]
    pub(crate) completeness: f64,
}

impl Judging {
    /// The evidence that a gap requires.
    pub(crate) const fn evidence(&self) -> Evidence {
        Evidence { least_completeness: self.completeness, as_mapped: self.as_mapped }
    }
}

/// Options of CSV files.
#[derive(Debug, Args)]
pub(crate) struct CsvFiles {
    /// Write CSV files without a byte-order mark, for programs that read it as part of the first column's
    /// name
    #[arg(long)]
    pub(crate) no_bom: bool,
}
