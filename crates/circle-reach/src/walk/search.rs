//! Bounded search: least times from a set of seeds. A label-correcting search with a bucket queue; its state
//! is reused by each thread and stamped, never cleared.

use crate::cancel::{Cancel, Cancelled};
use crate::ground::graph::Graph;
use crate::ground::numbering::NodeIndex;
use crate::ground::units::{NO_LIMIT, packed};
use crate::ground::weights::Weights;
use circle_model::{Millimetres, Milliseconds};
use std::cell::RefCell;

/// A node that a search starts at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seed {
    /// The node.
    pub node: NodeIndex,
    /// Time already walked.
    pub time: Milliseconds,
    /// Length already walked.
    pub length: Millimetres,
    /// A number chosen by the caller to identify this seed.
    pub label: u32,
}

/// The label of a reached node: the best path to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Label {
    /// Least time.
    pub time: Milliseconds,
    /// Length of that path.
    pub length: Millimetres,
    /// The label of the seed that the path starts at.
    pub seed: u32,
}

/// Search state, reused from search to search.
///
/// Nodes wait in buckets by time instead of a heap. Within a bucket the order is arbitrary. A settled node
/// that gets a better label is settled again, so the final labels do not depend on the order.
#[derive(Debug, Default)]
pub struct Search {
    /// The label of each node.
    labels: Vec<Known>,
    stamp: u32,
    /// The next [`BUCKETS`] buckets.
    buckets: Vec<Vec<NodeIndex>>,
    /// Count of nodes in the buckets.
    waiting: usize,
    /// Time at which the first bucket begins.
    begin: Milliseconds,
    /// Nodes beyond the last bucket.
    later: Vec<NodeIndex>,
    settled: Vec<NodeIndex>,
}

/// A label as it is stored.
#[derive(Debug, Clone, Copy, Default)]
struct Known {
    /// Time in the upper half, length in the lower: the smaller number is the better walk.
    walked: u64,
    seed: u32,
    /// The stamp of the search that wrote it, with [`OPEN`] and [`SETTLED`].
    stamp: u32,
}

impl Known {
    #[inline]
    const fn time(&self) -> Milliseconds {
        Milliseconds((self.walked >> 32) as u32)
    }
}

/// Bit of a stamp: the node waits in a bucket.
const OPEN: u32 = 1;
/// Bit of a stamp: the node was settled at least once.
const SETTLED: u32 = 2;
/// Difference between the stamps of two searches, which leaves room for the two bits.
const SEARCH: u32 = 4;
/// A bucket spans 2¹³ milliseconds: a walk along a short edge.
const BUCKET_BITS: u32 = 13;
/// All buckets span 35 minutes.
const BUCKETS: u32 = 256;

thread_local! {
    static STATE: RefCell<Search> = RefCell::default();
}

impl Search {
    /// Calls `work` with this thread's search state.
    pub fn with<T>(work: impl FnOnce(&mut Self) -> T) -> T {
        STATE.with(|search| match search.try_borrow_mut() {
            Ok(mut search) => work(&mut search),
            // A search within a search gets a separate state.
            Err(_) => work(&mut Self::default()),
        })
    }

    /// Finds least times up to `limit`, the limit included. `weights` are those of `graph`.
    ///
    /// # Errors
    /// [`Cancelled`], which is checked at the beginning and at every bucket; the labels are then those of a
    /// part of the search.
    pub fn run(
        &mut self,
        graph: &Graph,
        weights: &Weights,
        seeds: &[Seed],
        limit: Milliseconds,
        cancel: &Cancel,
    ) -> Result<(), Cancelled> {
        cancel.check()?;
        self.clear(graph.len());
        let limit = packed(limit.min(NO_LIMIT), Millimetres(u32::MAX));
        for seed in seeds {
            self.reach(seed.node, packed(seed.time, seed.length), seed.label, limit);
        }
        loop {
            let mut bucket = 0;
            while self.waiting > 0 {
                cancel.check()?;
                while let Some(node) = self.buckets[bucket].pop() {
                    self.waiting -= 1;
                    self.settle(node, graph, weights, limit);
                }
                bucket += 1;
            }
            if !self.refill() {
                return Ok(());
            }
        }
    }

    /// Follows the arcs of a node, unless it was settled since it came into its bucket.
    #[inline]
    fn settle(&mut self, node: NodeIndex, graph: &Graph, weights: &Weights, limit: u64) {
        let known = &mut self.labels[node.index()];
        if known.stamp & OPEN == 0 {
            return;
        }
        let Known { walked, seed, stamp } = *known;
        known.stamp = self.stamp | SETTLED;
        if stamp & SETTLED == 0 {
            self.settled.push(node);
        }
        for step in weights.steps(graph.row(node)) {
            // An impassable step is beyond every limit.
            self.reach(step.to, walked.saturating_add(step.packed()), seed, limit);
        }
    }

    fn clear(&mut self, nodes: usize) {
        if self.labels.len() != nodes || self.stamp >= u32::MAX - 2 * SEARCH {
            self.labels = vec![Known::default(); nodes];
            self.stamp = 0;
        }
        self.stamp += SEARCH;
        self.begin = Milliseconds(0);
        self.settled.clear();
        // Buckets are not empty here only after a cancelled search or a panic.
        if self.buckets.len() != BUCKETS as usize || self.waiting > 0 || !self.later.is_empty() {
            self.buckets = vec![Vec::new(); BUCKETS as usize];
            self.later.clear();
            self.waiting = 0;
        }
    }

    /// Offers a label to a node. Ties go to the shorter path, then to the first seed, so that the result does
    /// not depend on the order.
    #[inline]
    fn reach(&mut self, node: NodeIndex, walked: u64, seed: u32, limit: u64) {
        if walked > limit {
            return;
        }
        let known = &mut self.labels[node.index()];
        let mut settled = 0;
        if known.stamp >= self.stamp {
            if (known.walked, known.seed) <= (walked, seed) {
                return;
            }
            settled = known.stamp & SETTLED;
        }
        *known = Known { walked, seed, stamp: self.stamp | OPEN | settled };
        self.put(node, Milliseconds((walked >> 32) as u32));
    }

    #[inline]
    fn put(&mut self, node: NodeIndex, time: Milliseconds) {
        let bucket = (time - self.begin).0 >> BUCKET_BITS;
        if bucket < BUCKETS {
            self.buckets[bucket as usize].push(node);
            self.waiting += 1;
        } else {
            self.later.push(node);
        }
    }

    /// Advances the buckets to the nodes beyond the last bucket; `false` if there are none.
    fn refill(&mut self) -> bool {
        let later = std::mem::take(&mut self.later);
        let is_open = |node: &NodeIndex| self.labels[node.index()].stamp & OPEN != 0;
        let waiting: Vec<NodeIndex> = later.into_iter().filter(is_open).collect();
        let times = waiting.iter().map(|node| self.labels[node.index()].time());
        let Some(begin) = times.min() else { return false };
        self.begin = begin;
        for node in waiting {
            self.put(node, self.labels[node.index()].time());
        }
        true
    }

    /// The label of a node after [`Search::run`]; `None` if the node is not reached within the limit.
    #[inline]
    pub fn label(&self, node: NodeIndex) -> Option<Label> {
        let known = &self.labels[node.index()];
        (known.stamp >= self.stamp).then(|| Label {
            time: known.time(),
            length: Millimetres(known.walked as u32),
            seed: known.seed,
        })
    }

    /// Least time to a node after [`Search::run`]; `None` if the node is not reached within the limit.
    #[inline]
    pub fn time(&self, node: NodeIndex) -> Option<Milliseconds> {
        let known = &self.labels[node.index()];
        (known.stamp >= self.stamp).then(|| known.time())
    }

    /// Reached nodes, each once, roughly in the order of their times.
    pub fn settled(&self) -> &[NodeIndex] {
        &self.settled
    }
}
