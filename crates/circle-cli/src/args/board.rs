//! Arguments of `circle board`.

use super::examples;
use super::formats::BoardFormat;
use circle_print::PageSize;
use clap::Args;
use std::path::PathBuf;

/// `circle board`
#[derive(Debug, Args)]
#[command(after_help = examples::BOARD)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line, none a state")]
pub(crate) struct Board {
    /// City file or extract
    pub(crate) city: PathBuf,
    #[command(flatten)]
    pub(crate) which: WhichBoards,
    /// Gate, by id or name; default: the most certain gate of the compound
    #[arg(long, value_name = "ID_OR_NAME", requires = "compound", conflicts_with_all = ["all", "unit"])]
    pub(crate) gate: Option<String>,
    /// Title, issuer, languages, colours, logo, categories: one file for all boards of a district
    #[arg(long, value_name = "BOARD.toml")]
    pub(crate) board: Option<PathBuf>,
    /// A0 to A4, or millimetres such as 800x1200; A1 unless the board file says otherwise
    #[arg(long, value_parser = PageSize::parse)]
    pub(crate) size: Option<PageSize>,
    /// Landscape format: the longer side is horizontal
    #[arg(long)]
    pub(crate) landscape: bool,
    /// Bleed: 3 mm more on every side, to be cut off
    #[arg(long)]
    pub(crate) bleed: bool,
    /// Crop marks
    #[arg(long)]
    pub(crate) crop_marks: bool,
    /// Categories to list; default: the five of the built-in board
    #[arg(long, value_delimiter = ',', value_name = "ID")]
    pub(crate) categories: Vec<String>,
    /// Walking profile, or a file of your own (FILE.toml, FILE.toml:ID)
    #[arg(long)]
    pub(crate) profile: Option<String>,
    /// Bands in minutes, at most three: `5 10 15` or `5,10,15`; 5, 10 and 15 unless the board file says
    /// otherwise
    #[arg(long, value_delimiter = ',')]
    pub(crate) minutes: Vec<u32>,
    /// The direction that the reader faces, drawn as up: N, NE, … or degrees; default: the board file's, or
    /// out of the compound
    #[arg(long, value_name = "DIRECTION", value_parser = circle_print::parse_direction, conflicts_with = "north_up")]
    pub(crate) faces: Option<f64>,
    /// North is up
    #[arg(long)]
    pub(crate) north_up: bool,
    /// The page's address, for the QR code
    #[arg(long, value_name = "URL")]
    pub(crate) address: Option<String>,
    /// Also make boards of inferred gates; such a board states it
    #[arg(long)]
    pub(crate) inferred: bool,
    /// Resolution of a PNG, in dots per inch
    #[arg(long, default_value_t = 150, value_parser = clap::value_parser!(u32).range(20..=600))]
    pub(crate) dpi: u32,
    /// File to write (.pdf, .svg or .png), or the folder for several
    #[arg(short, long)]
    pub(crate) output: PathBuf,
    /// Format of the boards in a folder, or of a file whose name has no known ending
    #[arg(long, value_enum)]
    pub(crate) format: Option<BoardFormat>,
}

/// Which gates get a board.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(crate) struct WhichBoards {
    /// A compound: by id or name, else by a part of the name, in characters or pinyin. With a folder as
    /// output, all its gates
    #[arg(long, value_name = "ID_OR_NAME")]
    pub(crate) compound: Option<String>,
    /// All gates of the named compounds of a 街道, 社区 or 区, by id or exact name
    #[arg(long, value_name = "NAME")]
    pub(crate) unit: Option<String>,
    /// All gates of all named compounds
    #[arg(long)]
    pub(crate) all: bool,
}
