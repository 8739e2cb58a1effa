//! The served state. A new city may replace it while requests are answered.

use crate::http::limits::Limits;
use crate::http::traffic::Traffic;
use crate::state::State;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use circle_study::Study;
use std::convert::Infallible;
use std::sync::{Arc, PoisonError, RwLock};

/// The served state, shared by all requests. A request is answered to its end from the state at its arrival.
#[derive(Debug, Clone)]
pub struct Served(Arc<RwLock<Arc<State>>>);

impl Served {
    /// Serves a study.
    pub fn new(study: Study) -> Self {
        Self::within(study, Limits::default())
    }

    /// Serves a study within limits on its clients.
    pub fn within(study: Study, limits: Limits) -> Self {
        Self(Arc::new(RwLock::new(Arc::new(State::new(study, Traffic::new(limits))))))
    }

    /// What the clients hold.
    pub fn traffic(&self) -> Traffic {
        self.now().traffic.clone()
    }

    /// Serves another study from the next request on. The counters and the pool of searches are carried over.
    pub fn replace(&self, study: Study) {
        let before = self.now();
        let state = State::following(study, &before);
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(state);
    }

    /// Shows the number that `lost_lines` returns in `/metrics`, as the lines of the log that were lost.
    pub fn show_lost_lines(&self, lost_lines: impl Fn() -> u64 + Send + Sync + 'static) {
        self.now().counters.show_lost_lines(lost_lines);
    }

    /// The current state.
    pub(crate) fn now(&self) -> Arc<State> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl From<Study> for Served {
    fn from(study: Study) -> Self {
        Self::new(study)
    }
}

/// The state that all layers and the handler of one request use, an extension of the request.
#[derive(Debug, Clone)]
pub(crate) struct Pinned(pub(crate) Arc<State>);

impl FromRequestParts<Served> for Pinned {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, served: &Served) -> Result<Self, Infallible> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_else(|| Self(served.now())))
    }
}
