//! What all requests share.

use crate::api::settings;
use crate::metrics::Metrics;
use crate::problem::Problem;
use crate::work::Work;
use circle_export::TileIndex;
use circle_model::{Catalogue, City, Profile, Profiles, RuleSet};
use circle_plan::Coverage;
use circle_reach::Network;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// A city with everything needed to answer for it.
#[derive(Debug)]
pub struct State {
    pub(crate) network: Arc<Network>,
    pub(crate) catalogue: Catalogue,
    pub(crate) profiles: Profiles,
    pub(crate) rule_sets: Vec<RuleSet>,
    pub(crate) work: Work,
    pub(crate) metrics: Metrics,
    /// The answer of `/api/settings`.
    pub(crate) settings: Vec<u8>,
    /// Changes with the data, the version, and whatever the settings name.
    pub(crate) seed: u64,
    tiles: OnceLock<TileIndex>,
    coverage: Mutex<Vec<(CoverageKey, CoverageSlot)>>,
}

/// Rule set, profile, bands.
type CoverageKey = (String, String, Vec<u32>);
/// Filled once; whoever comes meanwhile waits for it.
type CoverageSlot = Arc<OnceLock<Arc<Coverage>>>;

/// Coverage tables kept; one of a large city takes some tens of megabytes.
const KEPT_TABLES: usize = 6;
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
        let settings = settings::document(network.city(), &catalogue, &profiles, &rule_sets);
        let seed = xxhash_rust::xxh3::xxh3_64_with_seed(&settings, network.city().fingerprint());
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self {
            network,
            catalogue,
            profiles,
            rule_sets,
            work: Work::new(cores, WAITING),
            metrics: Metrics::default(),
            settings,
            seed,
            tiles: OnceLock::new(),
            coverage: Mutex::default(),
        }
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

    /// The coverage table, computed once and kept while it is among the last asked for.
    pub(crate) fn coverage(&self, rules: &RuleSet, profile: &Profile, minutes: &[u32]) -> Arc<Coverage> {
        let key = (rules.id.clone(), profile.id.clone(), minutes.to_vec());
        let slot = self.coverage_slot(key);
        let compute =
            || Arc::new(circle_plan::coverage(&self.network, &self.catalogue, profile, rules, minutes));
        slot.get_or_init(compute).clone()
    }

    fn coverage_slot(&self, key: CoverageKey) -> CoverageSlot {
        let mut kept = self.coverage.lock().unwrap_or_else(PoisonError::into_inner);
        let found = kept.iter().position(|(other, _)| *other == key);
        let entry = match found {
            Some(position) => kept.remove(position),
            None => (key, CoverageSlot::default()),
        };
        let slot = entry.1.clone();
        kept.insert(0, entry);
        kept.truncate(KEPT_TABLES);
        slot
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
