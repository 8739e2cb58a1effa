//! `circle coverage`

use super::ledger;
use crate::args::{self, CoverageFormat, Table};
use crate::failure::{Failure, Outcome, summarize, tell};
use crate::input;
use crate::output;
use crate::tabular::{self, Written};
use anyhow::anyhow;
use circle_export::{
    Carried, CoverageReport, CoverageSelection, CoverageTable, CoverageTables, FileFormat, Statement,
    coverage_columns, coverage_summary, roll_up_geojson, write_coverage_csv, write_coverage_geojson,
};
use circle_model::{Catalogue, City, Profile, Profiles};
use circle_plan::{Coverage, Judging, Level, Resolution, RollUp, Sensitivity, Supply, Walkers};
use circle_reach::Network;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

pub(crate) fn run(asked: &args::Coverage) -> Outcome {
    let profile = input::profile(&asked.judging.walking.profile)?;
    let rules = input::rules(&asked.judging.rules)?;
    let minutes = input::bands(&asked.judging.minutes)?;
    let format = tabular::format(asked.format, asked.output.as_deref())?;
    let what = What::of(asked, format)?;
    let mut inputs = input::files(&asked.judging.walking, Some(&asked.judging.rules));
    inputs.push(asked.city.clone());
    inputs.extend(asked.ledger.clone());
    tabular::spares(asked.output.as_deref(), format, &inputs)?;
    let ledger_by = sheets_by(asked, what, format)?;
    let has_room = FileFormat::from(format).holds_several();
    let left_over = left_over_path(asked).filter(|_| !has_room);
    if let Some(path) = &left_over {
        spares_left_over(path, &inputs)?;
    }
    let filled = asked.ledger.as_deref().map(ledger::read).transpose()?;
    let city = input::city_for(&asked.city, &asked.judging.walking)?;
    what.is_in(&city)?;
    let within = asked.within.as_deref().map(|unit| input::within(&city, unit)).transpose()?;
    let catalogue = Catalogue::built_in();
    let network = Network::build(&city);
    let evidence = asked.judging.evidence();
    let judging =
        Judging { catalogue: &catalogue, profile: &profile, rules: &rules, minutes: &minutes, evidence };
    let judge = |profile: &Profile| circle_plan::coverage(&network, &Judging { profile, ..judging });
    let coverage = judge(&profile);
    let sensitivity = if asked.sensitivity || what == What::One(CoverageTable::Assumptions) {
        Some(Sensitivity::of(&network, &judging))
    } else {
        None
    };
    let report = CoverageReport {
        city: &city,
        catalogue: &catalogue,
        profile: &profile,
        rules: &rules,
        coverage: &coverage,
        sensitivity: sensitivity.as_ref(),
        within: within.as_ref(),
        carried: None,
    };
    let carried = filled.map(|filled| Carried::of(&report, filled));
    let report = CoverageReport { carried: carried.as_ref(), ..report };
    let (mut statement, mut nothing_to_supply) = (report.statement(), false);
    let written = match (what, format) {
        // The two that may be larger than memory are written as they are made.
        (What::One(CoverageTable::Coverage), CoverageFormat::Csv) => Written {
            write: Box::new(|out| write_coverage_csv(&report, CoverageSelection::default(), out)),
            beside: Some((coverage_columns(&report), "达标明细 coverage".to_owned())),
        },
        (What::One(CoverageTable::Coverage), CoverageFormat::Geojson) => Written {
            write: Box::new(|out| write_coverage_geojson(&report, CoverageSelection::default(), out)),
            beside: None,
        },
        _ => {
            // Who walks otherwise, and who shares what, is worked out for the tables that say it.
            let others = if what.counts_people() {
                vec![built_in(Profiles::ELDERLY)?, built_in(Profiles::CHILDREN)?]
            } else {
                Vec::new()
            };
            let walked: Vec<Coverage> = others.iter().map(judge).collect();
            let walkers = Walkers { everyone: &coverage, elderly: walked.first(), children: walked.get(1) };
            let supply = if what.is_of_supply() {
                circle_plan::supply(&network, &profile, &coverage)
            } else {
                Supply::default()
            };
            nothing_to_supply = supply.columns.is_empty() && what.is_of_supply() && what != What::All;
            let others: Vec<&Profile> = others.iter().collect();
            let tables = CoverageTables { ledger_by, ..tables(report, walkers, &supply, &others, what) };
            statement = tables.statement();
            write(&tables, what, format)?
        }
    };
    tabular::write(asked.output.as_deref(), written, &asked.csv, &statement)?;
    if asked.output.is_some() && !city.compounds().is_empty() {
        summarize(&coverage_summary(&report));
    }
    if let Some(carried) = &carried {
        summarize(&carried.summary(&report));
        tell(&carried.troubles());
        if !has_room {
            write_left_over(asked, &report, carried, left_over.as_deref(), &statement)?;
        }
    }
    if let Some(what) = input::no_compounds(&city) {
        tell(&format!("没有小区 {what}\n"));
    }
    if nothing_to_supply {
        tell("没有设施给出容量 no facility has a capacity: a column of that kind in an own file gives it\n");
    }
    Ok(())
}

/// The units that have a ledger each; only workbooks have room for several.
fn sheets_by(asked: &args::Coverage, what: What, format: CoverageFormat) -> Result<Option<Level>, Failure> {
    let has_ledger = matches!(what, What::All | What::One(CoverageTable::Ledger));
    if asked.ledger.is_some() && !has_ledger {
        return Err(Failure::Usage(
            "--ledger is carried on in the ledger: write a workbook (-o FILE.xlsx), or ask for --table ledger"
                .to_owned(),
        ));
    }
    let Some(by) = asked.sheets_by else { return Ok(None) };
    if format != CoverageFormat::Xlsx || !has_ledger {
        return Err(Failure::Usage(
            "--sheets-by parts the ledger of a workbook: write -o FILE.xlsx, all tables or --table ledger"
                .to_owned(),
        ));
    }
    Ok(Some(match by {
        args::SheetsBy::Community => Level::Community,
        args::SheetsBy::Subdistrict => Level::Subdistrict,
        args::SheetsBy::District => Level::District,
    }))
}

/// How a file of rows that the next ledger has no more begins.
const LEFT_OVER: &str = "place,compound_id,compound_name,line,now,why,";

/// Where rows of an earlier ledger go that the next one has no more, when its own file has no room for them: beside it.
fn left_over_path(asked: &args::Coverage) -> Option<PathBuf> {
    let path = asked.output.as_deref().filter(|path| asked.ledger.is_some() && !output::is_stream(path))?;
    let mut name = path.file_stem()?.to_owned();
    name.push("-carried.csv");
    Some(path.with_file_name(name))
}

/// The file beside the ledger may replace an earlier one of its kind, and nothing else.
fn spares_left_over(path: &Path, inputs: &[PathBuf]) -> Result<(), Failure> {
    tabular::spares(Some(path), CoverageFormat::Csv, inputs)?;
    let begins_as_ours = || -> std::io::Result<bool> {
        let mut head = Vec::new();
        File::open(path)?.take(200).read_to_end(&mut head)?;
        Ok(String::from_utf8_lossy(&head).trim_start_matches('\u{feff}').starts_with(LEFT_OVER))
    };
    if path.exists() && !begins_as_ours().unwrap_or(false) {
        return Err(Failure::Usage(format!(
            "{}: rows of the earlier ledger that the next one has no more go there, and something else is there; \
             choose another name",
            path.display()
        )));
    }
    Ok(())
}

/// Writes what an earlier ledger had and the next one has not, and says where it is.
fn write_left_over(
    asked: &args::Coverage,
    report: &CoverageReport<'_>,
    carried: &Carried,
    path: Option<&Path>,
    statement: &Statement,
) -> anyhow::Result<()> {
    let table = carried.left_over(report);
    let rows = table.len();
    match path {
        // A file of an earlier run is replaced even where no row is left over.
        Some(path) if rows > 0 || path.exists() => {
            let written = tabular::encode(&[table], CoverageFormat::Csv, statement)?;
            tabular::write(Some(path), written, &asked.csv, statement)?;
            tell(&format!(
                "上期台账余项 {}: {rows} rows of the earlier ledger that this one has no more, each with the reason\n",
                path.display()
            ));
        }
        None if rows > 0 => tell(&format!(
            "上期台账余项 {rows} rows of the earlier ledger that this one has no more are written nowhere: write a file, \
             -o FILE.xlsx, or -o FILE.csv with a FILE-carried.csv beside it\n"
        )),
        Some(_) | None => {}
    }
    Ok(())
}

/// Which tables are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    One(CoverageTable),
    Level(Level),
    All,
}

impl What {
    fn of(asked: &args::Coverage, format: CoverageFormat) -> Result<Self, Failure> {
        let level = match asked.by {
            args::Level::Compound => None,
            args::Level::Grid => Some(Level::Grid),
            args::Level::Community => Some(Level::Community),
            args::Level::Subdistrict => Some(Level::Subdistrict),
            args::Level::District => Some(Level::District),
            args::Level::City => Some(Level::City),
            args::Level::H3 => {
                Some(Level::H3(Resolution::try_from(asked.h3.unwrap_or(8)).map_err(|error| anyhow!(error))?))
            }
        };
        if asked.h3.is_some() && asked.by != args::Level::H3 {
            return Err(Failure::Usage("--h3 is the size of the hexagons of `--by h3`".to_owned()));
        }
        let says_it =
            level.is_none() && matches!(asked.table, None | Some(Table::Coverage | Table::Assumptions));
        if asked.sensitivity && !says_it {
            return Err(Failure::Usage(
                "--sensitivity is said by compound, in the tables coverage and assumptions".to_owned(),
            ));
        }
        match (level, asked.table) {
            (Some(_), Some(_)) => Err(Failure::Usage(
                "--by and --table ask for two tables; leave one out (`--table units` has all levels)"
                    .to_owned(),
            )),
            (Some(level), None) => Ok(Self::Level(level)),
            (None, Some(table)) => {
                let table = match table {
                    Table::Coverage => CoverageTable::Coverage,
                    Table::Units => CoverageTable::Units,
                    Table::Compounds => CoverageTable::Compounds,
                    Table::Ledger => CoverageTable::Ledger,
                    Table::Assumptions => CoverageTable::Assumptions,
                    Table::Supply => CoverageTable::Supply,
                    Table::Catchments => CoverageTable::Catchments,
                    Table::Sources => CoverageTable::Sources,
                    Table::Bring => CoverageTable::Bring,
                    Table::Survey => CoverageTable::Survey,
                    Table::Rules => CoverageTable::Rules,
                };
                if format == CoverageFormat::Geojson && table != CoverageTable::Coverage {
                    return Err(Failure::Usage(
                        "GeoJSON is written of coverage, by compound or by a level; ask for .gpkg, .parquet or .csv \
                         of this table"
                            .to_owned(),
                    ));
                }
                Ok(Self::One(table))
            }
            (None, None) => Ok(match format {
                CoverageFormat::Xlsx | CoverageFormat::Gpkg => Self::All,
                CoverageFormat::Csv | CoverageFormat::Geojson | CoverageFormat::Parquet => {
                    Self::One(CoverageTable::Coverage)
                }
            }),
        }
    }

    /// The elderly and children have columns of their own.
    const fn counts_people(self) -> bool {
        matches!(
            self,
            Self::All | Self::Level(_) | Self::One(CoverageTable::Units | CoverageTable::Compounds)
        )
    }

    const fn is_of_supply(self) -> bool {
        matches!(self, Self::All | Self::One(CoverageTable::Supply | CoverageTable::Catchments))
    }

    /// A level that the city has no unit of is refused before anything is computed.
    fn is_in(self, city: &City) -> anyhow::Result<()> {
        let Self::Level(level) = self else { return Ok(()) };
        if !level.groups(city).is_empty() {
            return Ok(());
        }
        if city.compounds().is_empty() {
            return Err(anyhow!(input::no_compounds(city).unwrap_or_default()));
        }
        let there = Level::UNITS.into_iter().filter(|level| !level.groups(city).is_empty());
        let there: Vec<&str> = there.map(Level::word).chain(["city", "h3"]).collect();
        Err(anyhow!(
            "no {} ({}) of this city holds a compound; there are: {}. Units of your own: `circle build --own`, layer \
             `units`",
            level.word(),
            level.zh(),
            there.join(", ")
        ))
    }
}

fn built_in(id: &str) -> anyhow::Result<Profile> {
    Profiles::built_in().find(id).cloned().ok_or_else(|| anyhow!("no profile {id} is built in"))
}

fn tables<'a>(
    report: CoverageReport<'a>,
    walkers: Walkers<'a>,
    supply: &'a Supply,
    other_profiles: &'a [&'a Profile],
    what: What,
) -> CoverageTables<'a> {
    let levels: Vec<Level> = match what {
        What::Level(level) => vec![level],
        What::One(CoverageTable::Units) | What::All => {
            [Level::City].into_iter().chain(Level::UNITS).collect()
        }
        What::One(_) => Vec::new(),
    };
    let levels = levels
        .into_iter()
        .map(|level| RollUp::within(report.city, report.rules, walkers, level, report.within))
        .collect();
    CoverageTables { report, walkers, levels, supply, other_profiles, ledger_by: None }
}

fn write(
    tables: &CoverageTables<'_>,
    what: What,
    format: CoverageFormat,
) -> anyhow::Result<Written<'static>> {
    if let (What::Level(level), CoverageFormat::Geojson) = (what, format) {
        return Ok(Written::whole(roll_up_geojson(tables, level, None)));
    }
    let tables_wanted = match what {
        What::One(CoverageTable::Ledger) if FileFormat::from(format).holds_several() => tables.ledgers(),
        What::One(table) => vec![tables.table(table)],
        What::Level(level) => vec![tables.of_level(level)],
        What::All => tables.of_file(format.into()),
    };
    tabular::encode(&tables_wanted, format, &tables.statement())
}
