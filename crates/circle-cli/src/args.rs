//! The command line.

mod examples;
mod formats;
mod minutes;

pub(crate) use formats::{BoardFormat, CoverageFormat, ReportFormat, ShapeFormat, TimesFormat};

use circle_export::Collection;
use circle_model::city::ClosedByDefault;
use circle_model::{LonLat, Point, WeekTime};
use circle_plan::Evidence;
use circle_print::PageSize;
use clap::builder::PossibleValuesParser;
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;

/// 15-minute living circles: who reaches what on foot, compound by compound.
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
    /// The command line as it is described, for completions.
    pub(crate) fn described() -> clap::Command {
        Self::command()
    }
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Read extracts and write the city file
    Build(Build),
    /// Describe a city as JSON
    Info(Info),
    /// The data-quality report: what is missing, doubtful or was joined
    Check(Check),
    /// What the catalogue makes of a file's names and codes, and how often it is right
    Classify(Classify),
    /// Walking times between two lists of places, as CSV
    Times(Times),
    /// The shapes reached within some minutes, as GeoJSON
    Isochrone(Isochrone),
    /// One walk in full, and what kept it from being shorter, as GeoJSON
    Explain(Explain),
    /// Verdicts drawn at random with all that is needed to refute each by hand, and the share that stood
    Audit(Audit),
    /// The coverage table: every compound over every category, units, gaps
    Coverage(Coverage),
    /// What changed between two cities: verdicts gained and lost, with the cause
    Compare(Compare),
    /// A layer of the city as a file: compounds, gates, facilities, units, …
    Export(Export),
    /// The board at the gate, to be printed: one, or all of a compound, a street or the city
    Board(Board),
    /// Serve the map page and the API
    Serve(Serve),
    /// Completions of the command line for a shell
    Completions(Completions),
}

/// How CSV files are written.
#[derive(Debug, Args)]
pub(crate) struct CsvFiles {
    /// CSV files without a byte-order mark, for programs that take it for a part of the first column's name
    #[arg(long)]
    pub(crate) no_bom: bool,
}

/// Who walks, and when.
#[derive(Debug, Args)]
pub(crate) struct Walking {
    /// How one walks: a profile, or a file of your own (FILE.toml, FILE.toml:ID)
    #[arg(long, default_value = circle_model::Profiles::DEFAULT)]
    pub(crate) profile: String,
    /// Honour opening hours at a time: HH:MM, "Sa HH:MM" or YYYY-MM-DDTHH:MM; without it everything is open
    #[arg(long, value_name = "TIME", value_parser = week_time)]
    pub(crate) at_time: Option<WeekTime>,
    /// A file with limits of access legs, such as `longest_metres = 60`
    #[arg(long, value_name = "FILE.toml")]
    pub(crate) legs: Option<PathBuf>,
}

/// `circle build`
#[derive(Debug, Args)]
#[command(after_help = examples::BUILD)]
pub(crate) struct Build {
    /// Extracts in PBF form (.osm.pbf); several are joined
    #[arg(required = true, value_name = "EXTRACT")]
    pub(crate) extracts: Vec<PathBuf>,
    /// A list of the planner's own files (OWN.toml): facilities, compounds, gates, units, population, corrections
    #[arg(long, value_name = "OWN.toml")]
    pub(crate) own: Vec<PathBuf>,
    /// Heights, for slopes: an SRTM tile (N45E126.hgt) or GeoTIFF in degrees; once for each file
    #[arg(long, value_name = "FILE")]
    pub(crate) elevation: Vec<PathBuf>,
    /// Where to treat compounds as closed if neither the map nor an own file says whether they are: in mainland China,
    /// nowhere or everywhere. Applies to named compounds of 2 to 40 ha without a public street through them
    #[arg(long, value_enum, default_value_t, value_name = "WHERE")]
    pub(crate) closed_by_default: ClosedByDefaultArg,
    /// An earlier city file of the same place, whose keys (ids in links, QR codes and tables) go on to be answered: what
    /// is the same thing by the rule of `circle compare` under another key has its old one as an alias. It has to be of
    /// the format that this version writes; the file of --output may be given, and is replaced
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
    /// File to write; standard output without it
    #[arg(short, long)]
    pub(crate) output: Option<PathBuf>,
}

/// `circle check`
#[derive(Debug, Args)]
#[command(after_help = examples::CHECK)]
pub(crate) struct Check {
    /// City file or extract
    pub(crate) city: PathBuf,
    /// File to write: .csv, .xlsx or .geojson; standard output, as CSV, without it
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Format, where the file's name does not say it
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
    /// The column that holds the right category, `other` for none: says how often the catalogue is right
    #[arg(long, value_name = "COLUMN")]
    pub(crate) truth: Option<String>,
    /// File to write the rows to, as CSV; standard output without it, unless the truth is known
    #[arg(short, long, value_name = "FILE.csv")]
    pub(crate) output: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) csv: CsvFiles,
}

/// `circle times`
#[derive(Debug, Args)]
#[command(after_help = examples::TIMES)]
pub(crate) struct Times {
    /// City file or extract
    pub(crate) city: PathBuf,
    /// Where walks start: CSV with the columns id, lon, lat; with `gate_id` as well, a gate as its residents leave by it
    #[arg(long, value_name = "A.csv")]
    pub(crate) from: PathBuf,
    /// Where walks end: CSV with the columns id, lon, lat
    #[arg(long, value_name = "B.csv")]
    pub(crate) to: PathBuf,
    #[command(flatten)]
    pub(crate) walking: Walking,
    /// Walks that take longer are `beyond`
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..=240))]
    pub(crate) max_minutes: u32,
    /// File to write; standard output without it
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
    /// Everything up to each band, each band without the one before, or the reached ways
    #[arg(long, value_enum, default_value_t = FormArg::Discs)]
    pub(crate) form: FormArg,
    /// File to write; standard output without it
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
    /// A walk that takes longer is `beyond`
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..=240))]
    pub(crate) max_minutes: u32,
    /// File to write; standard output without it
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
    /// The compound that it starts from, by its best gate, as in the coverage table: by id or name, else by a part of
    /// the name, in characters, pinyin or its first letters
    #[arg(long, value_name = "ID_OR_NAME")]
    pub(crate) compound: Option<String>,
}

/// Where an explained walk ends.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(crate) struct WalkEnd {
    /// Where it ends, WGS 84
    #[arg(long, value_name = "LON,LAT", value_parser = place, allow_hyphen_values = true)]
    pub(crate) to: Option<Point>,
    /// The facility that it leads to, by id or exact name: by its best entrance, as in the coverage table
    #[arg(long, value_name = "ID_OR_NAME")]
    pub(crate) facility: Option<String>,
}

/// `circle audit`
#[derive(Debug, Args)]
#[command(after_help = AUDITING)]
pub(crate) struct Audit {
    /// City file or extract
    #[arg(required_unless_present = "findings")]
    pub(crate) city: Option<PathBuf>,
    /// How many verdicts to draw
    #[arg(long, value_name = "N", default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(crate) sample: u32,
    /// Seed of the random draw: the same seed draws the same verdicts
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub(crate) seed: u64,
    #[command(flatten)]
    pub(crate) judging: Judging,
    /// File to write: .xlsx and .csv to be filled in, .html to be read and printed, with maps
    #[arg(short, long, value_name = "FILE", required_unless_present = "findings")]
    pub(crate) output: Option<PathBuf>,
    /// A filled-in sheet, to be read back: prints the share of verdicts that stood
    #[arg(long, value_name = "FILE", conflicts_with_all = ["city", "sample", "seed", "rules", "profile", "at_time", "legs", "minutes", "as_mapped", "completeness", "output"])]
    pub(crate) findings: Option<PathBuf>,
}

const AUDITING: &str = "\
Fill in the column `finding` with stands 成立, wrong 错误 or not defensible 站不住, and read the sheet back.

Examples:
  circle audit harbin.circle --sample 60 --seed 17 -o audit.xlsx
  circle audit harbin.circle --sample 60 --seed 17 -o audit.html
  circle audit --findings audit.xlsx";

/// Where an isochrone starts.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(crate) struct IsochroneOrigin {
    /// A place, WGS 84
    #[arg(long, value_name = "LON,LAT", value_parser = place, allow_hyphen_values = true)]
    pub(crate) at: Option<Point>,
    /// A compound, all its gates: by id or name, else by a part of the name, in characters, pinyin or its first letters
    #[arg(long, value_name = "ID_OR_NAME")]
    pub(crate) compound: Option<String>,
    /// Many places: CSV with the columns id, lon, lat
    #[arg(long, value_name = "A.csv")]
    pub(crate) from: Option<PathBuf>,
}

/// Who is judged by what.
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
    /// Judge as if the map held every facility: what is not on it is a gap 按地图所示
    #[arg(long)]
    pub(crate) as_mapped: bool,
    /// How complete the data on a category has to be for a gap: known facilities ÷ expected ones
    #[arg(long, value_name = "SHARE", default_value_t = Evidence::LEAST_COMPLETENESS, value_parser = share)]
    pub(crate) completeness: f64,
}

impl Judging {
    /// The evidence that a gap needs.
    pub(crate) const fn evidence(&self) -> Evidence {
        Evidence { least_completeness: self.completeness, as_mapped: self.as_mapped }
    }
}

fn share(text: &str) -> Result<f64, String> {
    let share = text.parse::<f64>().ok().filter(|share| (0.0..=1.0).contains(share));
    share.ok_or_else(|| "a share is a number from 0 to 1, such as 0.5".to_owned())
}

/// `circle coverage`
#[derive(Debug, Args)]
#[command(after_help = examples::COVERAGE)]
pub(crate) struct Coverage {
    /// City file or extract
    pub(crate) city: PathBuf,
    #[command(flatten)]
    pub(crate) judging: Judging,
    /// Level of the table: compounds one by one, or added up over units
    #[arg(long, value_enum, default_value_t = Level::Compound)]
    pub(crate) by: Level,
    /// Size of the hexagons of `--by h3`, from 5 (250 km²) to 11 (2,000 m²); 8 (0.7 km²) without it
    #[arg(long, value_name = "RESOLUTION", value_parser = clap::value_parser!(u8).range(5..=11))]
    pub(crate) h3: Option<u8>,
    /// One table alone; a workbook or GeoPackage has all of them without it
    #[arg(long, value_enum)]
    pub(crate) table: Option<Table>,
    /// Judge again with all compounds open, all closed, and without derived gates
    #[arg(long)]
    pub(crate) sensitivity: bool,
    /// Only the compounds of a unit, by name or id: a 区, 街道, 社区 or 网格. They are judged as the whole city is
    #[arg(long, value_name = "UNIT")]
    pub(crate) within: Option<String>,
    /// In a workbook, the ledger on a sheet for each of these units
    #[arg(long, value_enum, value_name = "LEVEL")]
    pub(crate) sheets_by: Option<SheetsBy>,
    /// A ledger that was filled in, .xlsx or .csv: measure, responsible, deadline and status are carried on; what is no
    /// gap any more is listed in a table of its own
    #[arg(long, value_name = "FILE")]
    pub(crate) ledger: Option<PathBuf>,
    /// File to write: .csv, .geojson, .xlsx, .gpkg or .parquet; standard output without it
    #[arg(short, long)]
    pub(crate) output: Option<PathBuf>,
    /// Format, where the file's name does not say it
    #[arg(long, value_enum)]
    pub(crate) format: Option<CoverageFormat>,
    #[command(flatten)]
    pub(crate) csv: CsvFiles,
}

/// `circle compare`
#[derive(Debug, Args)]
#[command(after_help = examples::COMPARE)]
pub(crate) struct Compare {
    /// City file or extract, before
    pub(crate) before: PathBuf,
    /// City file or extract, after
    pub(crate) after: PathBuf,
    #[command(flatten)]
    pub(crate) judging: Judging,
    /// File to write: .csv, .geojson, .xlsx, .gpkg or .parquet; standard output without it
    #[arg(short, long)]
    pub(crate) output: Option<PathBuf>,
    /// Format, where the file's name does not say it
    #[arg(long, value_enum)]
    pub(crate) format: Option<CoverageFormat>,
    #[command(flatten)]
    pub(crate) csv: CsvFiles,
}

/// `circle export`
#[derive(Debug, Args)]
#[command(after_help = examples::EXPORT)]
pub(crate) struct Export {
    /// City file or extract
    pub(crate) city: PathBuf,
    /// The layer; without it they are listed
    #[arg(value_parser = PossibleValuesParser::new(Collection::ALL.map(Collection::id)))]
    pub(crate) layer: Option<String>,
    /// File to write: .csv, .geojson, .xlsx, .gpkg or .parquet; standard output, as CSV, without it
    #[arg(short, long, requires = "layer")]
    pub(crate) output: Option<PathBuf>,
    /// Format, where the file's name does not say it
    #[arg(long, value_enum, requires = "layer")]
    pub(crate) format: Option<CoverageFormat>,
    #[command(flatten)]
    pub(crate) csv: CsvFiles,
}

/// `circle completions`
#[derive(Debug, Args)]
#[command(after_help = examples::COMPLETIONS)]
pub(crate) struct Completions {
    /// The shell
    pub(crate) shell: clap_complete::Shell,
}

/// `circle board`
#[derive(Debug, Args)]
#[command(after_help = examples::BOARD)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line, none a state")]
pub(crate) struct Board {
    /// City file or extract
    pub(crate) city: PathBuf,
    #[command(flatten)]
    pub(crate) which: WhichBoards,
    /// Gate, by id or name; the most certain one of the compound without it
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
    /// 3 mm more on every side, to be cut off
    #[arg(long)]
    pub(crate) bleed: bool,
    /// Marks where to cut
    #[arg(long)]
    pub(crate) crop_marks: bool,
    /// Categories to list; the five of the board without it
    #[arg(long, value_delimiter = ',', value_name = "ID")]
    pub(crate) categories: Vec<String>,
    /// How one walks: a profile, or a file of your own (FILE.toml, FILE.toml:ID)
    #[arg(long)]
    pub(crate) profile: Option<String>,
    /// Bands in minutes, at most three: `5 10 15` or `5,10,15`; 5, 10 and 15 unless the board file says otherwise
    #[arg(long, value_delimiter = ',')]
    pub(crate) minutes: Vec<u32>,
    /// The direction that the reader faces, drawn as up: N, NE, … or degrees; out of the compound unless the board file
    /// says otherwise
    #[arg(long, value_name = "DIRECTION", value_parser = circle_print::parse_direction, conflicts_with = "north_up")]
    pub(crate) faces: Option<f64>,
    /// North is up
    #[arg(long)]
    pub(crate) north_up: bool,
    /// The page's address, for the QR code
    #[arg(long, value_name = "URL")]
    pub(crate) address: Option<String>,
    /// Make boards of gates that were only inferred as well; they say so
    #[arg(long)]
    pub(crate) inferred: bool,
    /// Dots an inch of a PNG
    #[arg(long, default_value_t = 150, value_parser = clap::value_parser!(u32).range(20..=600))]
    pub(crate) dpi: u32,
    /// File to write (.pdf, .svg or .png), or the folder for several
    #[arg(short, long)]
    pub(crate) output: PathBuf,
    /// Format of the boards of a folder, or where the file's name does not say it
    #[arg(long, value_enum)]
    pub(crate) format: Option<BoardFormat>,
}

/// Which gates get a board.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(crate) struct WhichBoards {
    /// A compound, into a folder all its gates: by id or name, else by a part of the name, in characters or pinyin
    #[arg(long, value_name = "ID_OR_NAME")]
    pub(crate) compound: Option<String>,
    /// All gates of the named compounds of a 街道, 社区 or 区, by id or exact name
    #[arg(long, value_name = "NAME")]
    pub(crate) unit: Option<String>,
    /// All gates of all named compounds
    #[arg(long)]
    pub(crate) all: bool,
}

/// `circle serve`
#[derive(Debug, Clone, Args)]
#[command(after_help = examples::SERVE)]
pub(crate) struct Serve {
    /// A city file that `circle build` made (.circle), or an extract (.osm.pbf), which takes longer to start
    pub(crate) city: PathBuf,
    /// A file of profiles to offer besides the built-in ones
    #[arg(long, value_name = "FILE.toml")]
    pub(crate) profiles: Option<PathBuf>,
    /// A rule set of your own to offer besides the built-in ones; once for each file
    #[arg(long, value_name = "FILE.toml")]
    pub(crate) rules: Vec<PathBuf>,
    /// How boards are made: title, issuer, languages, colours, logo, categories
    #[arg(long, value_name = "BOARD.toml")]
    pub(crate) board: Option<PathBuf>,
    /// A file with limits of access legs, such as `longest_metres = 60`
    #[arg(long, value_name = "FILE.toml")]
    pub(crate) legs: Option<PathBuf>,
    /// How the log is written
    #[arg(long, value_enum, default_value_t = Log::Text)]
    pub(crate) log: Log,
    /// Address and port to listen on: 0.0.0.0:8080 for other machines, port 0 for one that is free
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8080")]
    pub(crate) listen: SocketAddr,
    /// Most requests a second from one address, ten seconds' worth at once; more get 429. Without it, and for
    /// programs on this machine, there is no limit
    #[arg(long, value_name = "REQUESTS_PER_SECOND")]
    pub(crate) rate_limit: Option<NonZeroU32>,
    /// Count by the address that the proxy before the server appends to X-Forwarded-For
    #[arg(long, requires = "rate_limit")]
    pub(crate) trust_proxy: bool,
}

/// How the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Log {
    /// For people
    Text,
    /// A JSON object a line
    Json,
}

/// How isochrones are cut.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum FormArg {
    /// Everything up to the band
    Discs,
    /// Each band without the one before
    Rings,
    /// The reached ways
    Lines,
}

/// Levels that coverage is given for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Level {
    /// 小区
    Compound,
    /// 网格
    Grid,
    /// 社区
    Community,
    /// 街道
    Subdistrict,
    /// 区
    District,
    /// 全市
    City,
    /// Hexagons of about 0.7 km², or as `--h3` says
    H3,
}

/// Units that the ledger is parted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SheetsBy {
    /// 社区
    Community,
    /// 街道
    Subdistrict,
    /// 区
    District,
}

/// Tables that coverage comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Table {
    /// A row per compound and category
    Coverage,
    /// A row per unit and line of the rule set, all levels
    Units,
    /// A row per compound, the worst-served first
    Compounds,
    /// 问题台账: a row per gap, with the department in charge
    Ledger,
    /// How many verdicts hang on what is assumed
    Assumptions,
    /// Capacity for every 1,000 residents (2SFCA), by compound
    Supply,
    /// The same by facility
    Catchments,
    /// How complete the data is, by line or category and district
    Sources,
    /// Lists that would settle what is unknown
    Bring,
    /// Compounds where knowing the gate decides most people's verdicts
    Survey,
    /// The lines of the rule set with their sources
    Rules,
}

/// Reads the command line; ends the program on `--help` and on wrong usage.
pub(crate) fn parse() -> Cli {
    Cli::parse_from(minutes::joined(std::env::args_os()))
}

fn week_time(text: &str) -> Result<WeekTime, String> {
    WeekTime::parse(text).ok_or_else(|| format!("a time is {}", WeekTime::FORMS))
}

fn place(text: &str) -> Result<Point, String> {
    let (lon, lat) = text.split_once(',').ok_or("a place is LON,LAT, such as 126.63,45.76")?;
    let degrees =
        |text: &str| text.trim().parse::<f64>().map_err(|_| format!("`{}` is not a number", text.trim()));
    let (lon, lat) = (degrees(lon)?, degrees(lat)?);
    LonLat::new(lon, lat).map(LonLat::point).ok_or_else(|| {
        format!("{lon},{lat} is not on the globe: longitude first, -180 to 180, then latitude, -90 to 90")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn places_are_longitude_first() {
        assert_eq!(place("126.63, 45.76").unwrap(), LonLat { lon: 126.63, lat: 45.76 }.point());
        for wrong in ["45.76", "a,b", "45.76,126.63", "nan,1"] {
            assert!(place(wrong).is_err(), "{wrong}");
        }
    }
}
