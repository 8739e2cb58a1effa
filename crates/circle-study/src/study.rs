//! The current city, its editions, and the caches of all answers about it.

use crate::cache::{Cache, CacheFigures};
use crate::cache_keys::{BoardKey, CoverageKey, TileKey, WalksKey, WrittenKey};
use crate::choices::Choices;
use crate::edition::CityEdition;
use crate::error::StudyError;
use crate::pool::{Lane, Pool};
use bytes::Bytes;
use circle_export::TileIndex;
use circle_model::city::Edition;
use circle_model::{City, WeekTime};
use circle_plan::{Coverage, Remark, Source, Supply};
use circle_reach::{Cancel, Network};
use std::convert::Infallible;
use std::sync::{Arc, OnceLock};

/// Most cached networks at a time of day, beside the network with everything open.
const NETWORKS: usize = 2;
/// Most bytes of cached coverage tables. The table of a large city takes some tens of megabytes.
const TABLE_BYTES: usize = 256 << 20;
/// Most bytes of cached coverage responses.
const WRITTEN_BYTES: usize = 128 << 20;
/// Most bytes of cached isochrones and reach answers: those of all compounds of Harbin take 105 and 17 MiB.
const WALK_BYTES: usize = 128 << 20;
/// Most bytes of cached boards: a PNG for a screen takes 0.5 MiB.
const BOARD_BYTES: usize = 64 << 20;
/// Most bytes of cached tiles: all tiles of a large city take some tens of megabytes.
const TILE_BYTES: usize = 64 << 20;

/// A city with the networks and caches that answer questions about it.
///
/// Everything is computed at the first request for it. All threads share one study.
///
/// ```
/// use circle_model::City;
/// use circle_model::city::{CityTables, Meta};
/// use circle_study::{Choices, Parameters, Study, question::CoverageQuestion};
///
/// let city = City::from_tables(CityTables::default(), &Meta::default())?;
/// let study = Study::new(Choices::built_in(city));
/// let parameters = Parameters::new(vec![("profile".into(), "elderly".into())]);
/// let question = CoverageQuestion::parse(study.choices(), &parameters)?;
/// assert_eq!((question.profile.id.as_str(), question.minutes.as_slice()), ("elderly", [5, 10, 15].as_slice()));
/// assert_eq!(study.edition(question.at_time).network.city().compounds().len(), 0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Study {
    choices: Choices,
    edition: Edition,
    network: OnceLock<Arc<Network>>,
    small_tile_cache: bool,
    /// Keyed by the things that are open: two times with the same things open have the same network.
    networks_at_times: quick_cache::sync::Cache<Vec<bool>, Arc<Network>>,
    pub(crate) pool: Arc<Pool>,
    pub(crate) tables: Cache<CoverageKey, Arc<(Coverage, Supply)>>,
    pub(crate) written: Cache<WrittenKey, Bytes>,
    pub(crate) walks: Cache<WalksKey, Bytes>,
    pub(crate) boards: Cache<BoardKey, Bytes>,
    /// Nothing is stored: callers at once share one answer.
    pub(crate) ready: Cache<(), ()>,
    /// `None` if the zoom, column or row is out of range.
    pub(crate) tiles: Cache<TileKey, Option<Bytes>>,
    pub(crate) tile_index: OnceLock<TileIndex>,
    pub(crate) names: OnceLock<Bytes>,
    pub(crate) remarks: OnceLock<Vec<Remark>>,
    sources: OnceLock<Vec<Source>>,
}

impl Study {
    /// A study of a city, with its own pool.
    pub fn new(choices: Choices) -> Self {
        Self {
            edition: choices.city.edition(),
            choices,
            network: OnceLock::new(),
            small_tile_cache: false,
            networks_at_times: quick_cache::sync::Cache::new(NETWORKS),
            pool: Arc::default(),
            tables: Cache::new(TABLE_BYTES, 24, |table| table.0.bytes() + table.1.bytes()),
            written: Cache::new(WRITTEN_BYTES, 24, Bytes::len),
            walks: Cache::new(WALK_BYTES, 1024, Bytes::len),
            boards: Cache::new(BOARD_BYTES, 256, Bytes::len),
            ready: Cache::new(1, 1, |()| 1),
            tiles: Cache::new(TILE_BYTES, 4096, |tile: &Option<Bytes>| tile.as_ref().map_or(0, Bytes::len)),
            tile_index: OnceLock::new(),
            names: OnceLock::new(),
            remarks: OnceLock::new(),
            sources: OnceLock::new(),
        }
    }

    /// The study with its searches on `pool`, the pool of the study that it replaces.
    #[must_use]
    pub fn on_pool(self, pool: Arc<Pool>) -> Self {
        Self { pool, ..self }
    }

    /// The study with a network that caches few tiles, for commands that visit each part of the city once.
    #[must_use]
    pub fn with_small_tile_cache(self) -> Self {
        Self { small_tile_cache: true, ..self }
    }

    /// The values that questions may choose from.
    pub const fn choices(&self) -> &Choices {
        &self.choices
    }

    /// The city with everything open.
    pub const fn city(&self) -> &City {
        &self.choices.city
    }

    /// The pool that searches run on.
    pub const fn pool(&self) -> &Arc<Pool> {
        &self.pool
    }

    /// The city at a time of the week, or with everything open if `None`, and its network.
    ///
    /// Blocks while the network is built. The base network and two networks at a time are cached; a network
    /// that several callers request at the same time is built once.
    pub fn edition(&self, at_time: Option<WeekTime>) -> CityEdition {
        let edition = self.edition_at(at_time);
        let Some(time) = at_time else {
            return CityEdition { edition, city: self.city().clone(), network: self.network() };
        };
        if self.city().hours().is_empty() {
            return CityEdition { edition, city: self.city().with_time(at_time), network: self.network() };
        }
        let network = self.network_at(time);
        CityEdition { edition, city: network.city().with_time(at_time), network }
    }

    /// The edition at a time, without building its network.
    pub fn edition_at(&self, at_time: Option<WeekTime>) -> Edition {
        at_time.map_or(self.edition, |time| self.city().with_time(Some(time)).edition())
    }

    /// The completeness of each category of the catalogue in the whole city.
    pub fn sources(&self) -> &[Source] {
        self.sources.get_or_init(|| circle_plan::category_sources(self.city(), &self.choices.catalogue))
    }

    /// The figures of the caches of answers, by name.
    pub fn caches(&self) -> [(&'static str, CacheFigures); 5] {
        [
            ("tables", self.tables.figures()),
            ("coverage", self.written.figures()),
            ("walks", self.walks.figures()),
            ("boards", self.boards.figures()),
            ("tiles", self.tiles.figures()),
        ]
    }

    /// Runs a search on a lane of the pool.
    ///
    /// # Errors
    /// As [`Pool::run`].
    pub async fn search<T: Send + 'static>(
        self: &Arc<Self>,
        lane: Lane,
        search: impl FnOnce(&Self, &Cancel) -> Result<T, StudyError> + Send + 'static,
    ) -> Result<T, StudyError> {
        let study = self.clone();
        self.pool.run(lane, move |cancel| search(&study, cancel)).await
    }

    /// The lane of a search that is cheap once its network is built.
    pub(crate) fn lane_at(&self, at_time: Option<WeekTime>, lane: Lane) -> Lane {
        let is_unbuilt = |time| {
            let city = self.city();
            !city.hours().is_empty() && self.networks_at_times.peek(&city.open_at(time)).is_none()
        };
        if at_time.is_some_and(is_unbuilt) { Lane::Dear } else { lane }
    }

    fn network(&self) -> Arc<Network> {
        let build = || {
            let network = Network::build(self.city());
            Arc::new(if self.small_tile_cache { network.with_small_tile_cache() } else { network })
        };
        self.network.get_or_init(build).clone()
    }

    fn network_at(&self, time: WeekTime) -> Arc<Network> {
        let build = || -> Result<_, Infallible> {
            let city = self.city().at(time);
            // A variant shares the streets of the base network. A command for one time has built no base
            // network.
            Ok(Arc::new(match self.network.get() {
                Some(base) => base.variant(&city),
                None => Network::build(&city),
            }))
        };
        let Ok(network) = self.networks_at_times.get_or_insert_with(&self.city().open_at(time), build);
        network
    }
}

#[cfg(test)]
mod tests;
