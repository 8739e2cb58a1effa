//! The command line.

mod board;
mod city;
mod coverage;
mod examples;
mod formats;
mod minutes;
mod serve;
mod values;
mod walking;
mod walks;

pub(crate) use board::{Board, WhichBoards};
pub(crate) use city::{Build, Check, Classify, Export, Info};
pub(crate) use coverage::{Audit, Compare, Coverage, Level, Table};
pub(crate) use formats::{CoverageFormat, ReportFormat, ShapeFormat, TimesFormat};
pub(crate) use serve::{AccessLog, Completions, Log, OpenApi, Serve};
pub(crate) use walking::{CsvFiles, Judging, Walking};
pub(crate) use walks::{Explain, Isochrone, Times};

use clap::{CommandFactory, Parser, Subcommand};

/// 15-minute living circles: the facilities that residents reach on foot, compound by compound.
///
/// CITY is a city file (.circle) or an extract (.osm.pbf), which is then built in memory.
#[derive(Debug, Parser)]
#[command(name = "circle", version, arg_required_else_help = true, after_help = examples::CIRCLE)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
    /// Print no progress and no summary; errors and rejected rows are still printed
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,
}

impl Cli {
    /// The description of the command line, for completions.
    pub(crate) fn described() -> clap::Command {
        Self::command()
    }
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Read extracts and write the city file
    Build(Build),
    /// Describe a city as JSON
    Info(Info),
    /// The data-quality report: missing, doubtful and merged records
    Check(Check),
    /// Classify the rows of a file by the catalogue, and measure its accuracy
    Classify(Classify),
    /// Walking times between two lists of places, as CSV
    Times(Times),
    /// The shapes reached within some minutes, as GeoJSON
    Isochrone(Isochrone),
    /// One walk in full, and the barriers of a shorter one, as GeoJSON
    Explain(Explain),
    /// A random sample of verdicts with the evidence to check each by hand, and the share that stood
    Audit(Audit),
    /// The coverage table: every compound over every category, units, gaps
    Coverage(Coverage),
    /// Compare two cities: verdicts gained and lost, with the cause
    Compare(Compare),
    /// A layer of the city as a file: compounds, gates, facilities, units, …
    Export(Export),
    /// The printed board at a gate: one, or all of a compound, a unit or the city
    Board(Board),
    /// Serve the map page and the API
    Serve(Serve),
    /// Describe the API in OpenAPI, as JSON
    #[command(name = "openapi")]
    OpenApi(OpenApi),
    /// Completions of the command line for a shell
    Completions(Completions),
}

/// Reads the command line.
///
/// # Errors
/// The text to print and the exit status, on `--help`, `--version` and wrong usage.
pub(crate) fn parse() -> Result<Cli, clap::Error> {
    Cli::try_parse_from(minutes::joined(std::env::args_os()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }
}
