//! What all requests share.

use crate::answer_cache::AnswerCache;
use crate::api::settings;
use crate::api::tiles::Tile;
use crate::kept::Kept;
use crate::metrics::Metrics;
use crate::problem::Problem;
use crate::work::Work;
use axum::body::Bytes;
use circle_export::{
    CoverageReport, CoverageSelection, CoverageTables, FileFormat, Statement, TileIndex, coverage_csv,
    coverage_geojson, names_json, quality_csv, quality_geojson, quality_table, quality_tables,
    roll_up_geojson, table_file, verdicts_json,
};
use circle_model::city::Edition;
use circle_model::{Catalogue, City, CompoundId, Profile, Profiles, RuleSet, WeekTime};
use circle_plan::{Coverage, Evidence, Judging, Level, Remark, RollUp, Source, Supply, Walkers};
use circle_print::Settings;
use circle_reach::{Form, Network, Origin};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use xxhash_rust::xxh3::xxh3_64_with_seed;

/// A city with everything needed to answer for it.
#[derive(Debug)]
pub struct State {
    pub(crate) network: Arc<Network>,
    pub(crate) catalogue: Catalogue,
    pub(crate) profiles: Profiles,
    pub(crate) rule_sets: Vec<RuleSet>,
    /// How boards are made unless a request says otherwise.
    pub(crate) boards: Settings,
    pub(crate) work: Arc<Work>,
    pub(crate) metrics: Arc<Metrics>,
    /// The answer of `/api/settings`; `None` where it could not be written.
    pub(crate) settings: Option<Bytes>,
    /// Of the city and what it is served under; answers at a time are of editions of their own.
    pub(crate) edition: Edition,
    /// Changes with the edition, the version, and whatever the settings name.
    pub(crate) seed: u64,
    tiles: OnceLock<TileIndex>,
    pub(crate) tile_cache: AnswerCache<(Edition, Tile)>,
    /// Of walks from one place.
    pub(crate) walks: AnswerCache<WalksAsked>,
    /// The city as it is at the times last asked for, by what is open then.
    at_times: Mutex<VecDeque<(Vec<bool>, MadeOnce)>>,
    coverage: Kept<CoverageKey, Arc<Coverage>>,
    /// Coverage as sent, so that many who read slowly share it.
    written: Kept<(CoverageKey, CoveragePart), Bytes>,
    names: OnceLock<Bytes>,
    /// The data-quality report.
    quality: OnceLock<Vec<Remark>>,
    /// How complete each category is.
    sources: Vec<Source>,
}

type MadeOnce = Arc<OnceLock<Arc<Network>>>;

/// What a coverage table is asked for.
#[derive(Debug, Clone)]
pub(crate) struct CoverageAsked {
    pub(crate) rules: RuleSet,
    pub(crate) profile: Profile,
    pub(crate) minutes: Vec<u32>,
    pub(crate) at_time: Option<WeekTime>,
    /// The city's at that time.
    pub(crate) edition: Edition,
    /// As if the map were complete.
    pub(crate) as_mapped: bool,
}

/// What walks from one place are asked for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct WalksAsked {
    pub(crate) origin: Origin,
    pub(crate) minutes: Vec<u32>,
    pub(crate) profile: String,
    /// The city's at the time asked for.
    pub(crate) edition: Edition,
    /// The shapes; what is in reach when `None`.
    pub(crate) form: Option<Form>,
}

/// Edition, rule set, profile, bands, as mapped.
type CoverageKey = (Edition, String, String, Vec<u32>, bool);

impl CoverageAsked {
    fn key(&self) -> CoverageKey {
        let (rules, profile) = (self.rules.id.clone(), self.profile.id.clone());
        (self.edition, rules, profile, self.minutes.clone(), self.as_mapped)
    }

    pub(crate) fn evidence(&self) -> Evidence {
        if self.as_mapped { Evidence::AS_MAPPED } else { Evidence::default() }
    }
}

/// Which part of what coverage comes to is sent, and as what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum CoveragePart {
    /// The verdicts by column, for a map.
    Verdicts,
    /// A row or feature per compound and category.
    Compounds {
        /// The rule set's lines alone.
        only_rules: bool,
        /// One category or line alone.
        line: Option<String>,
        compound: Option<CompoundId>,
        format: FileFormat,
    },
    /// A row or feature per unit.
    Units { level: Level, line: Option<String>, format: FileFormat },
}

impl CoveragePart {
    /// Whether it adds up units, which the tables of the elderly and of children are for.
    fn needs_units(&self) -> bool {
        match self {
            Self::Verdicts => false,
            Self::Units { .. } => true,
            Self::Compounds { only_rules, line, format, .. } => {
                format.holds_several() && line.is_none() && !only_rules
            }
        }
    }
}

/// Networks kept besides the one where everything is open.
const KEPT_TIMES: usize = 2;
/// Coverage tables and answers kept, and the bytes of each; a table of a large city takes some tens of megabytes.
const KEPT_TABLES: usize = 24;
const TABLE_BYTES: usize = 256 << 20;
const WRITTEN_BYTES: usize = 128 << 20;
/// Bytes of tiles kept; those of a large city's zooms take some tens of megabytes.
const TILE_BYTES: usize = 64 << 20;
/// Bytes of isochrones and of what is in reach: those of all compounds of Harbin are 105 and 17 MiB.
const WALK_BYTES: usize = 128 << 20;
/// Requests that may wait for a core; more are turned away.
const WAITING: usize = 256;

impl State {
    /// The state to serve the city of `network` with.
    ///
    /// `rule_sets` begins with the default one. Nothing is computed before it is asked for.
    pub fn new(
        network: Arc<Network>,
        catalogue: Catalogue,
        profiles: Profiles,
        rule_sets: Vec<RuleSet>,
    ) -> Self {
        let boards = Settings::built_in(&catalogue);
        let sources = circle_plan::category_sources(network.city(), &catalogue);
        let edition = network.city().edition();
        let settings = settings::document(network.city(), &catalogue, &profiles, &rule_sets, &sources);
        let settings = settings
            .inspect_err(|error| tracing::error!(%error, "the settings could not be written"))
            .map(Bytes::from)
            .ok();
        let seed = xxh3_64_with_seed(settings.as_deref().unwrap_or_default(), edition.number());
        // The settings say the usual figures of a profile; all of them count.
        let seed = xxh3_64_with_seed(format!("{profiles:?}").as_bytes(), seed);
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self {
            network,
            catalogue,
            profiles,
            rule_sets,
            boards,
            work: Arc::new(Work::new(cores, WAITING)),
            metrics: Arc::default(),
            settings,
            edition,
            seed,
            tiles: OnceLock::new(),
            tile_cache: AnswerCache::new(TILE_BYTES),
            walks: AnswerCache::new(WALK_BYTES),
            at_times: Mutex::default(),
            coverage: Kept::new(KEPT_TABLES, TABLE_BYTES, |coverage: &Arc<Coverage>| coverage.bytes()),
            written: Kept::new(KEPT_TABLES, WRITTEN_BYTES, Bytes::len),
            names: OnceLock::new(),
            quality: OnceLock::new(),
            sources,
        }
    }

    /// With the counts and the queue of the state that it follows.
    pub(crate) fn following(mut self, before: &Self) -> Self {
        self.work = before.work.clone();
        self.metrics = before.metrics.clone();
        self
    }

    /// Makes boards as a board file says.
    #[must_use]
    pub fn with_boards(mut self, boards: Settings) -> Self {
        self.seed = xxh3_64_with_seed(format!("{boards:?}").as_bytes(), self.seed);
        self.boards = boards;
        self
    }

    pub(crate) fn city(&self) -> &City {
        self.network.city()
    }

    /// The edition of answers at a time.
    pub(crate) fn edition_at(&self, time: Option<WeekTime>) -> Edition {
        time.map_or(self.edition, |time| self.city().said_at(Some(time)).edition())
    }

    /// Runs a search on a worker thread.
    ///
    /// # Errors
    /// As [`Work::run`].
    pub(crate) async fn search<T: Send + 'static>(
        self: &Arc<Self>,
        job: impl FnOnce(&Self) -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let state = self.clone();
        self.work.run(move || job(&state)).await
    }

    /// The answer about walks from one place: as it was kept, else made by `search`.
    pub(crate) async fn walks(
        self: &Arc<Self>,
        asked: WalksAsked,
        search: impl FnOnce(&Self) -> Vec<u8> + Send + 'static,
    ) -> Result<Bytes, Problem> {
        if let Some(kept) = self.walks.find(&asked) {
            return Ok(kept);
        }
        let made = Bytes::from(self.search(search).await?);
        self.walks.keep(asked, made.clone());
        Ok(made)
    }

    /// The base map, indexed at the first call.
    pub(crate) fn tiles(&self) -> &TileIndex {
        self.tiles.get_or_init(|| TileIndex::build(self.city()))
    }

    /// The network as it is at a time, and its city that says so.
    pub(crate) fn at(&self, time: Option<WeekTime>) -> (Arc<Network>, City) {
        let Some(time) = time else { return (self.network.clone(), self.city().clone()) };
        if self.city().hours().is_empty() {
            return (self.network.clone(), self.city().said_at(Some(time)));
        }
        let open = self.city().open_at(time);
        let mut kept = self.at_times.lock().unwrap_or_else(PoisonError::into_inner);
        let known = kept.iter().position(|(other, _)| *other == open).and_then(|at| kept.remove(at));
        let (open, network) = known.unwrap_or_else(|| (open, Arc::default()));
        kept.push_front((open, network.clone()));
        // One that is being made stays, or it would be made again beside itself.
        while kept.len() > KEPT_TIMES && kept.back().is_some_and(|(_, network)| network.get().is_some()) {
            kept.pop_back();
        }
        drop(kept);
        let network = network.get_or_init(|| Arc::new(Network::build(&self.city().at(time)).small()));
        (network.clone(), network.city().said_at(Some(time)))
    }

    /// The coverage table, computed once and kept while it is among the last asked for.
    async fn coverage(self: &Arc<Self>, asked: &CoverageAsked) -> Result<Arc<Coverage>, Problem> {
        let of = asked.clone();
        let state = self.clone();
        let compute = async move {
            let judge = move |state: &Self| {
                let (network, _) = state.at(of.at_time);
                let judging = Judging {
                    catalogue: &state.catalogue,
                    profile: &of.profile,
                    rules: &of.rules,
                    minutes: &of.minutes,
                    evidence: of.evidence(),
                };
                circle_plan::coverage_while(&network, &judging, &*circle_reach::wanted())
            };
            // There is none only where nobody waits for it.
            state.search(judge).await?.map(Arc::new).ok_or(Problem::Internal)
        };
        self.coverage.get_or_make(&asked.key(), compute).await
    }

    /// Names of compounds as they are searched for.
    pub(crate) fn names(&self) -> Bytes {
        self.names.get_or_init(|| names_json(self.city()).into()).clone()
    }

    /// How complete each category of the catalogue is in the whole city.
    pub(crate) fn sources(&self) -> &[Source] {
        &self.sources
    }

    /// The data-quality report as a file.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(crate) fn quality(&self, format: FileFormat) -> Result<Vec<u8>, Problem> {
        let remarks = self.quality.get_or_init(|| circle_plan::quality(&self.network, &self.catalogue));
        match format {
            FileFormat::Csv => Ok(quality_csv(self.city(), remarks)),
            FileFormat::Geojson => Ok(quality_geojson(self.city(), remarks)),
            FileFormat::Xlsx => {
                file(&quality_tables(self.city(), remarks), format, &Statement::of(self.city()))
            }
            _ => file(&[quality_table(self.city(), remarks)], format, &Statement::of(self.city())),
        }
    }

    /// A part of what coverage comes to, as it is sent; kept as long. Who waits for a table that another asked for takes
    /// nobody's place.
    ///
    /// # Errors
    /// When there is no such line, or the file cannot be written; as [`Work::run`].
    pub(crate) async fn written_coverage(
        self: &Arc<Self>,
        asked: CoverageAsked,
        part: CoveragePart,
    ) -> Result<Bytes, Problem> {
        let key = (asked.key(), part.clone());
        // Of single compounds there are too many, and they are quickly written.
        let quick = matches!(part, CoveragePart::Compounds { compound: Some(_), .. });
        let state = self.clone();
        let write = async move {
            let everyone = state.coverage(&asked).await?;
            let (elderly, children) = if part.needs_units() {
                (
                    state.walked_as(&asked, Profiles::ELDERLY).await?,
                    state.walked_as(&asked, Profiles::CHILDREN).await?,
                )
            } else {
                (None, None)
            };
            let write = move |state: &Self| {
                let walkers = Walkers {
                    everyone: &everyone,
                    elderly: elderly.as_deref(),
                    children: children.as_deref(),
                };
                state.write_coverage(&asked, &part, walkers).map(Bytes::from)
            };
            state.search(write).await?
        };
        if quick {
            return write.await;
        }
        self.written.get_or_make(&key, write).await
    }

    /// The table of others who walk, where there is such a profile.
    async fn walked_as(
        self: &Arc<Self>,
        asked: &CoverageAsked,
        id: &str,
    ) -> Result<Option<Arc<Coverage>>, Problem> {
        let Some(profile) = self.profiles.find(id) else { return Ok(None) };
        self.coverage(&CoverageAsked { profile: profile.clone(), ..asked.clone() }).await.map(Some)
    }

    fn write_coverage(
        &self,
        asked: &CoverageAsked,
        part: &CoveragePart,
        walkers: Walkers<'_>,
    ) -> Result<Vec<u8>, Problem> {
        let coverage = walkers.everyone;
        let (_, city) = self.at(asked.at_time);
        let report = self.report(asked, &city, coverage);
        match part {
            CoveragePart::Verdicts => Ok(verdicts_json(&report)),
            CoveragePart::Compounds { only_rules, line, compound, format } => {
                let names = || coverage.columns.iter().map(|column| column.name.as_str());
                let column = match line {
                    Some(line) => Some(found(line, names)?),
                    None => None,
                };
                let selection = CoverageSelection { only_rules: *only_rules, column, compound: *compound };
                match (format, line.is_some() || *only_rules) {
                    (FileFormat::Csv, _) => Ok(coverage_csv(&report, selection)),
                    (FileFormat::Geojson, _) => Ok(coverage_geojson(&report, selection)),
                    (_, true) => self.tables(asked, walkers, &[], |tables| {
                        let table = tables.coverage_of(selection);
                        file(&[table], *format, &tables.statement())
                    }),
                    (_, false) => {
                        let all = [Level::City].into_iter().chain(Level::UNITS);
                        let levels: Vec<Level> = all.filter(|_| format.holds_several()).collect();
                        self.tables(asked, walkers, &levels, |tables| {
                            file(&tables.of_file(*format), *format, &tables.statement())
                        })
                    }
                }
            }
            CoveragePart::Units { level, line, format } => self.tables(asked, walkers, &[*level], |tables| {
                if let (Some(line), Some(level)) = (line, tables.levels.first()) {
                    found(line, || level.lines.iter().map(|it| it.word(coverage)))?;
                }
                if *format == FileFormat::Geojson {
                    return Ok(roll_up_geojson(tables, *level, line.as_deref()));
                }
                let table = tables.of_level(*level);
                let table = match line {
                    Some(line) => table.only("category", line),
                    None => table,
                };
                file(&[table], *format, &tables.statement())
            }),
        }
    }

    /// Hands over what the tables of some levels are written from.
    fn tables<T>(
        &self,
        asked: &CoverageAsked,
        walkers: Walkers<'_>,
        levels: &[Level],
        write: impl FnOnce(&CoverageTables<'_>) -> T,
    ) -> T {
        // Who walks otherwise is worked out where it is said.
        let other_profiles = if levels.is_empty() { Vec::new() } else { self.other_profiles() };
        let (network, city) = self.at(asked.at_time);
        let levels: Vec<RollUp> =
            levels.iter().map(|level| RollUp::of(&city, &asked.rules, walkers, *level)).collect();
        let report = self.report(asked, &city, walkers.everyone);
        // Who shares what is only in files of all tables.
        let supply = if levels.len() > 1 {
            circle_plan::supply(&network, &asked.profile, walkers.everyone)
        } else {
            Supply::default()
        };
        write(&CoverageTables {
            report,
            walkers,
            levels,
            supply: &supply,
            other_profiles: &other_profiles,
            ledger_by: None,
        })
    }

    /// What a table says was assumed, of units with the other profiles.
    pub(crate) fn statement(&self, asked: &CoverageAsked, of_units: bool) -> Statement {
        let (_, city) = self.at(asked.at_time);
        let statement =
            Statement::of(&city).walked_as(&asked.profile).judged_by(&asked.rules, &asked.evidence());
        if of_units {
            statement.and_walked_as(&self.other_profiles()).counting_people(&city)
        } else {
            statement
        }
    }

    /// The profiles of the elderly and of children.
    fn other_profiles(&self) -> Vec<&Profile> {
        [Profiles::ELDERLY, Profiles::CHILDREN].iter().filter_map(|id| self.profiles.find(id)).collect()
    }

    fn report<'a>(
        &'a self,
        asked: &'a CoverageAsked,
        city: &'a City,
        coverage: &'a Coverage,
    ) -> CoverageReport<'a> {
        CoverageReport {
            city,
            catalogue: &self.catalogue,
            profile: &asked.profile,
            rules: &asked.rules,
            coverage,
            sensitivity: None,
            within: None,
            carried: None,
        }
    }

    /// The profile asked for, or the default.
    ///
    /// # Errors
    /// When there is none of that id.
    pub(crate) fn profile(&self, id: Option<&str>) -> Result<&Profile, Problem> {
        let id = id.unwrap_or(Profiles::DEFAULT);
        self.profiles.find(id).ok_or_else(|| Problem::NoSuch {
            what: "profile",
            asked: id.to_owned(),
            choices: self.profiles.iter().map(|profile| profile.id.clone()).collect(),
        })
    }

    /// The rule set asked for, or the default, which is the first.
    ///
    /// # Errors
    /// When there is none of that id.
    pub(crate) fn rules(&self, id: Option<&str>) -> Result<&RuleSet, Problem> {
        let found = match id {
            None => self.rule_sets.first(),
            Some(id) => self.rule_sets.iter().find(|rules| rules.id == id),
        };
        found.ok_or_else(|| Problem::NoSuch {
            what: "rule set",
            asked: id.unwrap_or_default().to_owned(),
            choices: self.rule_sets.iter().map(|rules| rules.id.clone()).collect(),
        })
    }
}

/// The place of a line among those that there are.
fn found<'a, I: Iterator<Item = &'a str>>(line: &str, lines: impl Fn() -> I) -> Result<usize, Problem> {
    lines().position(|other| other == line).ok_or_else(|| Problem::NoSuch {
        what: "line",
        asked: line.to_owned(),
        choices: lines().map(str::to_owned).collect(),
    })
}

fn file(
    tables: &[circle_export::TypedTable],
    format: FileFormat,
    statement: &Statement,
) -> Result<Vec<u8>, Problem> {
    table_file(tables, format, statement).map_err(|error| {
        tracing::error!(%error, "a table could not be written");
        Problem::Internal
    })
}
