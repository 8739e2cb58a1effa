//! The state that all requests share.

use crate::http::counters::Counters;
use crate::settings;
use axum::body::Bytes;
use circle_model::City;
use circle_model::city::Edition;
use circle_study::{Choices, Study};
use std::sync::Arc;
use xxhash_rust::xxh3::xxh3_64_with_seed;

/// A study, with the values that the server computes once for it.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) study: Arc<Study>,
    pub(crate) counters: Arc<Counters>,
    /// The answer of `/api/settings`; `None` if serialization failed.
    pub(crate) settings: Option<Bytes>,
    /// The edition with everything open. Answers at a time have other editions.
    pub(crate) edition: Edition,
    /// Seed of all `ETag`s. It changes with the edition, the version and all settings.
    pub(crate) seed: u64,
}

impl State {
    /// The state that serves a study.
    pub(crate) fn new(study: Study) -> Self {
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
        Self { study: Arc::new(study), counters: Arc::default(), settings, edition, seed }
    }

    /// The state that replaces `before`, with its counters and its pool.
    pub(crate) fn following(study: Study, before: &Self) -> Self {
        let study = study.on_pool(before.study.pool().clone());
        Self { counters: before.counters.clone(), ..Self::new(study) }
    }

    pub(crate) fn city(&self) -> &City {
        self.study.city()
    }

    pub(crate) fn choices(&self) -> &Choices {
        self.study.choices()
    }
}
