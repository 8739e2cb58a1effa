//! The city that is served at the moment: another may take its place while requests are answered.

use crate::state::State;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use std::convert::Infallible;
use std::sync::{Arc, PoisonError, RwLock};

/// What is served, shared by all requests. Each takes the state as it is when it comes, and keeps it to its end.
#[derive(Debug, Clone)]
pub struct Served(Arc<RwLock<Arc<State>>>);

impl Served {
    /// What is served now.
    pub fn now(&self) -> Arc<State> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Serves another state from the next request on. Counts and the queue go on.
    pub fn replace(&self, state: State) {
        let mut served = self.0.write().unwrap_or_else(PoisonError::into_inner);
        *served = Arc::new(state.following(&served));
    }
}

impl From<Arc<State>> for Served {
    fn from(state: Arc<State>) -> Self {
        Self(Arc::new(RwLock::new(state)))
    }
}

/// The state that one request is answered from, from its first layer to its handler: the one that
/// [`editions::pin`](crate::editions::pin) put beside it.
#[derive(Debug, Clone)]
pub(crate) struct Pinned(pub(crate) Arc<State>);

impl FromRequestParts<Served> for Pinned {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, served: &Served) -> Result<Self, Infallible> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_else(|| Self(served.now())))
    }
}
