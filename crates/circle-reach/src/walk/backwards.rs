//! Backward searches, from the ends of walks to their starts.

use crate::cancel::{Cancel, Cancelled};
use crate::ground::graph::Graph;
use crate::ground::weights::Weights;
use crate::walk::search::{Search, Seed};
use circle_model::Milliseconds;
use std::sync::Arc;

/// The graph with every arc reversed, and its weights under a pace.
#[derive(Debug, Clone)]
pub(crate) struct Backwards<'a> {
    pub(crate) graph: &'a Graph,
    pub(crate) weights: Arc<Weights>,
}

impl Backwards<'_> {
    pub(crate) fn search(
        &self,
        search: &mut Search,
        seeds: &[Seed],
        limit: Milliseconds,
        cancel: &Cancel,
    ) -> Result<(), Cancelled> {
        search.run(self.graph, &self.weights, seeds, limit, cancel)
    }
}
