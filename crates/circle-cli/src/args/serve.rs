//! Arguments of `circle serve`, `circle openapi` and `circle completions`.

use super::examples;
use clap::{Args, ValueEnum};
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;

/// `circle serve`
#[derive(Debug, Clone, Args)]
#[command(after_help = examples::SERVE)]
pub(crate) struct Serve {
    /// City file from `circle build` (.circle), or extract (.osm.pbf), which starts more slowly
    pub(crate) city: PathBuf,
    /// A file of profiles to offer beside the built-in ones
    #[arg(long, value_name = "FILE.toml")]
    pub(crate) profiles: Option<PathBuf>,
    /// A rule set of your own to offer beside the built-in ones; repeat for each file
    #[arg(long, value_name = "FILE.toml")]
    pub(crate) rules: Vec<PathBuf>,
    /// Settings of boards: title, issuer, languages, colours, logo, categories
    #[arg(long, value_name = "BOARD.toml")]
    pub(crate) board: Option<PathBuf>,
    /// A file with limits of access legs, such as `longest_metres = 60`
    #[arg(long, value_name = "FILE.toml")]
    pub(crate) legs: Option<PathBuf>,
    /// Format of the log
    #[arg(long, value_enum, default_value_t = Log::Text)]
    pub(crate) log: Log,
    /// Requests that get a line in the log
    #[arg(long, value_enum, value_name = "LINES", default_value_t = AccessLog::Problems)]
    pub(crate) access_log: AccessLog,
    /// Address and port to listen on: 0.0.0.0:8080 for access from other machines, port 0 for any free port
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8080")]
    pub(crate) listen: SocketAddr,
    /// Most requests per second from one address, with bursts of ten seconds' worth; more are answered with
    /// 429. Default: no limit. Programs on this machine are never limited
    #[arg(long, value_name = "REQUESTS_PER_SECOND")]
    pub(crate) rate_limit: Option<NonZeroU32>,
    /// Most seconds that the searches of one address may cost in a minute, a minute's worth at once; more is answered with
    /// 429. A table, a workbook or a board costs processor time, a walk or a tile the time that it takes.
    /// Default: no limit, only fair turns. Programs on this machine are never limited
    #[arg(long, value_name = "SECONDS_PER_MINUTE")]
    pub(crate) search_limit: Option<NonZeroU32>,
    /// Tell clients apart by the address that a reverse proxy appends to X-Forwarded-For
    #[arg(long)]
    pub(crate) trust_proxy: bool,
    /// Memory that the service keeps to, in MiB. A sixth of it is for answers that wait for their clients. Caches do not
    /// follow it below the default
    #[arg(long, value_name = "MIB", default_value = "3072")]
    pub(crate) memory: NonZeroU32,
}

/// Formats of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Log {
    /// Readable lines
    Text,
    /// A JSON object per line
    Json,
}

/// Requests that get a line in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum AccessLog {
    /// None
    Off,
    /// Status 5xx or 429, an answer that was not sent to its end, or one that began after more than a second
    Problems,
    /// All
    All,
}

/// `circle openapi`
#[derive(Debug, Args)]
#[command(after_help = examples::OPENAPI)]
pub(crate) struct OpenApi {
    /// A city file or an extract; without it the built-in profiles and rule sets are listed, and no bounds
    pub(crate) city: Option<PathBuf>,
    /// The file to write; standard output without it
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

/// `circle completions`
#[derive(Debug, Args)]
#[command(after_help = examples::COMPLETIONS)]
pub(crate) struct Completions {
    /// The shell
    pub(crate) shell: clap_complete::Shell,
}
