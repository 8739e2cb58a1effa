//! What all requests share.

use crate::api::settings;
use crate::kept::Kept;
use crate::metrics::Metrics;
use crate::problem::Problem;
use crate::tile_cache::TileCache;
use crate::work::Work;
use axum::body::Bytes;
use circle_export::{
    CoverageReport, CoverageSelection, CoverageTables, Statement, TileIndex, roll_up_geojson, typed_csv,
};
use circle_model::{Catalogue, City, Profile, Profiles, RuleSet, WeekTime};
use circle_plan::{Coverage, Level, RollUp, Supply, Walkers};
use circle_print::Settings;
use circle_reach::Network;
use std::sync::{Arc, OnceLock};

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
    /// The answer of `/api/settings`.
    pub(crate) settings: Vec<u8>,
    /// Changes with the data, the version, and whatever the settings name.
    pub(crate) seed: u64,
    tiles: OnceLock<TileIndex>,
    pub(crate) tile_cache: TileCache,
    /// The city as it is at times asked for, by what is open then.
    at_times: Kept<Vec<bool>, Arc<Network>>,
    coverage: Kept<CoverageKey, Arc<Coverage>>,
    /// Coverage as sent, by key and form, so that many who read slowly share it.
    written: Kept<(CoverageKey, CoverageForm), Bytes>,
    /// Coverage added up, by key, level and whether it is CSV.
    rolled_up: Kept<(CoverageKey, Level, bool), Bytes>,
}

/// What a coverage table is asked for.
#[derive(Debug, Clone)]
pub(crate) struct CoverageAsked {
    pub(crate) rules: RuleSet,
    pub(crate) profile: Profile,
    pub(crate) minutes: Vec<u32>,
    pub(crate) at_time: Option<WeekTime>,
}

/// Rule set, profile, bands, time.
type CoverageKey = (String, String, Vec<u32>, Option<String>);

impl CoverageAsked {
    fn key(&self) -> CoverageKey {
        let time = self.at_time.map(|time| time.to_string());
        (self.rules.id.clone(), self.profile.id.clone(), self.minutes.clone(), time)
    }
}

/// How the table of all compounds is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct CoverageForm {
    /// As CSV, not `GeoJSON`.
    pub(crate) csv: bool,
    /// The rule set's lines alone.
    pub(crate) only_rules: bool,
}

/// Networks kept besides the one where everything is open.
const KEPT_TIMES: usize = 2;
/// Coverage tables kept; one of a large city takes some tens of megabytes.
const KEPT_TABLES: usize = 6;
/// Bytes of tiles kept; those of a large city's zooms take some tens of megabytes.
const TILE_BYTES: usize = 64 << 20;
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
        let settings = settings::document(network.city(), &catalogue, &profiles, &rule_sets);
        let seed = xxhash_rust::xxh3::xxh3_64_with_seed(&settings, network.city().fingerprint());
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
            seed,
            tiles: OnceLock::new(),
            tile_cache: TileCache::new(TILE_BYTES),
            at_times: Kept::new(KEPT_TIMES),
            coverage: Kept::new(KEPT_TABLES),
            written: Kept::new(KEPT_TABLES),
            rolled_up: Kept::new(KEPT_TABLES),
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
        self.boards = boards;
        self
    }

    pub(crate) fn city(&self) -> &City {
        self.network.city()
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
        let network = self.at_times.get_or_make(self.city().open_at(time), || {
            Arc::new(Network::build(&self.city().at(time)).small())
        });
        let city = network.city().said_at(Some(time));
        (network, city)
    }

    /// The coverage table, computed once and kept while it is among the last asked for.
    pub(crate) fn coverage(&self, asked: &CoverageAsked) -> Arc<Coverage> {
        let CoverageAsked { rules, profile, minutes, at_time } = asked;
        let compute = || {
            let (network, _) = self.at(*at_time);
            Arc::new(circle_plan::coverage(&network, &self.catalogue, profile, rules, minutes))
        };
        self.coverage.get_or_make(asked.key(), compute)
    }

    /// The table of all compounds as it is sent, kept as long.
    pub(crate) fn written_coverage(&self, asked: &CoverageAsked, form: CoverageForm) -> Bytes {
        self.written.get_or_make((asked.key(), form), || {
            let selection = CoverageSelection { only_rules: form.only_rules, compound: None };
            Bytes::from(self.write_coverage(asked, form.csv, selection))
        })
    }

    /// The verdicts added up over units, as CSV or `GeoJSON`, kept as long.
    pub(crate) fn written_roll_up(&self, asked: &CoverageAsked, level: Level, csv: bool) -> Bytes {
        self.rolled_up.get_or_make((asked.key(), level, csv), || {
            let of = |id: &str| match self.profiles.find(id) {
                Some(profile) => self.coverage(&CoverageAsked { profile: profile.clone(), ..asked.clone() }),
                None => self.coverage(asked),
            };
            let (everyone, elderly, children) =
                (self.coverage(asked), of(Profiles::ELDERLY), of(Profiles::CHILDREN));
            let (_, city) = self.at(asked.at_time);
            let walkers = Walkers { everyone: &everyone, elderly: Some(&elderly), children: Some(&children) };
            let levels = vec![RollUp::of(&city, &asked.rules, walkers, level)];
            let report = self.report(asked, &city, &everyone);
            let supply = Supply::default();
            let others = self.other_profiles();
            let tables = CoverageTables { report, walkers, levels, supply: &supply, other_profiles: &others };
            Bytes::from(if csv {
                typed_csv(&tables.of_level(level))
            } else {
                roll_up_geojson(&tables, level)
            })
        })
    }

    /// What a table says was assumed, of units with the other profiles.
    pub(crate) fn statement(&self, asked: &CoverageAsked, of_units: bool) -> Statement {
        let city = self.city().said_at(asked.at_time);
        let statement = Statement::of(&city).walked_as(&asked.profile).judged_by(&asked.rules);
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
        }
    }

    /// Some or all of a table as CSV or `GeoJSON`.
    pub(crate) fn write_coverage(
        &self,
        asked: &CoverageAsked,
        csv: bool,
        selection: CoverageSelection,
    ) -> Vec<u8> {
        let table = self.coverage(asked);
        let (_, city) = self.at(asked.at_time);
        let report = self.report(asked, &city, &table);
        if csv {
            circle_export::coverage_csv(&report, selection)
        } else {
            circle_export::coverage_geojson(&report, selection)
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
