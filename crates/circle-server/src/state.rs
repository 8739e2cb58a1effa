//! The state that all requests share.

mod readiness;

use self::readiness::Readiness;
use crate::http::counters::Counters;
use crate::http::saturation::{CacheLoad, LaneLoad, Saturation};
use crate::http::traffic::Traffic;
use crate::settings;
use axum::body::Bytes;
use circle_model::City;
use circle_model::city::Edition;
use circle_study::{CacheFigures, Choices, Lane, Study};
use std::sync::Arc;
use xxhash_rust::xxh3::xxh3_64_with_seed;

/// A study, with the values that the server computes once for it.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) study: Arc<Study>,
    pub(crate) counters: Arc<Counters>,
    pub(crate) traffic: Traffic,
    pub(crate) readiness: Readiness,
    /// The answer of `/api/settings`; `None` if serialization failed.
    pub(crate) settings: Option<Bytes>,
    /// The edition with everything open. Answers at a time have other editions.
    pub(crate) edition: Edition,
    /// Seed of all `ETag`s. It changes with the edition, the version and all settings.
    pub(crate) seed: u64,
}

impl State {
    /// The state that serves a study.
    pub(crate) fn new(study: Study, traffic: Traffic) -> Self {
        let edition = study.edition_at(None);
        let settings = settings::document(&study)
            .inspect_err(|error| tracing::error!(%error, "the settings could not be written"))
            .map(Bytes::from)
            .ok();
        let seed = xxh3_64_with_seed(settings.as_deref().unwrap_or_default(), edition.number());
        // The settings document holds some figures of a profile; answers depend on all of them.
        let Choices { profiles, boards, .. } = study.choices();
        let seed = xxh3_64_with_seed(format!("{profiles:?}").as_bytes(), seed);
        let seed = xxh3_64_with_seed(format!("{boards:?}").as_bytes(), seed);
        Self {
            study: Arc::new(study),
            counters: Arc::default(),
            traffic,
            readiness: Readiness::default(),
            settings,
            edition,
            seed,
        }
    }

    /// The state that replaces `before`, with its counters, its traffic and its pool.
    pub(crate) fn following(study: Study, before: &Self) -> Self {
        let study = study.on_pool(before.study.pool().clone());
        Self { counters: before.counters.clone(), ..Self::new(study, before.traffic.clone()) }
    }

    /// What is in use now.
    pub(crate) fn saturation(&self) -> Saturation {
        let lane = |name, lane| {
            let figures = self.study.pool().figures(lane);
            LaneLoad {
                name,
                queued: figures.waiting as u64,
                running: figures.running as u64,
                suspended: figures.paused as u64,
                busy: figures.busy,
            }
        };
        let lanes = vec![lane("cheap", Lane::Cheap), lane("dear", Lane::Dear)];
        let cache = |(name, figures): (&'static str, CacheFigures)| CacheLoad {
            name,
            bytes: figures.bytes,
            entries: figures.entries,
            hits: figures.hits,
            misses: figures.misses,
        };
        Saturation {
            lanes,
            connections: self.traffic.connections.load(),
            waiting: self.traffic.waiting.load(),
            caches: self.study.caches().map(cache).into(),
        }
    }

    pub(crate) fn city(&self) -> &City {
        self.study.city()
    }

    pub(crate) fn choices(&self) -> &Choices {
        self.study.choices()
    }
}
