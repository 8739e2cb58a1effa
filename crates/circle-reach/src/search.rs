//! Bounded search: least times from a set of seeds. State is kept per thread and stamped, never cleared.

use crate::graph::{Graph, GraphNode, Weights};
use crate::wanted::check_wanted;
use std::cell::RefCell;

/// Not reached.
pub const UNREACHED: u32 = u32::MAX;

/// A place where a search starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seed {
    /// Where.
    pub node: GraphNode,
    /// Milliseconds already walked.
    pub time: u32,
    /// Millimetres already walked.
    pub length: u32,
    /// What the caller calls this start.
    pub label: u32,
}

/// What is known of a reached node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Label {
    /// Least milliseconds.
    pub time: u32,
    /// Millimetres of that path.
    pub length: u32,
    /// The seed's label.
    pub seed: u32,
}

/// Search state, reused from search to search.
///
/// Nodes wait in buckets by time rather than in a heap. Within a bucket they come in any order, and one that is
/// reached earlier after it was left goes back: the labels are the least ones whatever the order.
#[derive(Debug, Default)]
pub struct Search {
    /// What is known of each node.
    labels: Vec<Known>,
    stamp: u32,
    /// The next [`BUCKETS`] buckets.
    buckets: Vec<Vec<GraphNode>>,
    /// How many nodes are in them.
    waiting: usize,
    /// Time at which the first of them begins.
    begin: u32,
    /// Nodes beyond the last of them.
    later: Vec<GraphNode>,
    settled: Vec<GraphNode>,
}

/// A label as it is kept.
#[derive(Debug, Clone, Copy, Default)]
struct Known {
    /// Time above, length below: the less is the better walk.
    walked: u64,
    seed: u32,
    /// The search's own, with [`OPEN`] and [`LEFT`].
    stamp: u32,
}

impl Known {
    #[inline]
    const fn time(&self) -> u32 {
        (self.walked >> 32) as u32
    }
}

/// Time and length as one number; both are added at once.
#[inline]
pub(crate) const fn walked(time: u32, length: u32) -> u64 {
    (time as u64) << 32 | length as u64
}

/// In a stamp: the node waits to be left.
const OPEN: u32 = 1;
/// In a stamp: the node was left once.
const LEFT: u32 = 2;
/// A search's stamp, without the two.
const SEARCH: u32 = 4;
/// A bucket holds 2¹³ milliseconds: a walk along a short edge.
const BUCKET_BITS: u32 = 13;
/// All of them hold 35 minutes.
const BUCKETS: u32 = 256;

thread_local! {
    static STATE: RefCell<Search> = RefCell::default();
}

impl Search {
    /// Runs `work` with this thread's search state.
    pub fn with<T>(work: impl FnOnce(&mut Self) -> T) -> T {
        STATE.with(|search| match search.try_borrow_mut() {
            Ok(mut search) => work(&mut search),
            // A search within a search gets a state of its own.
            Err(_) => work(&mut Self::default()),
        })
    }

    /// Least times up to `limit` milliseconds, the limit included. `weights` are those of `graph`.
    pub fn run(&mut self, graph: &Graph, weights: &Weights, seeds: &[Seed], limit: u32) {
        self.clear(graph.len());
        let limit = walked(limit.min(UNREACHED - 1), u32::MAX);
        for seed in seeds {
            self.reach(seed.node, walked(seed.time, seed.length), seed.label, limit);
        }
        loop {
            let mut bucket = 0;
            while self.waiting > 0 {
                check_wanted();
                while let Some(node) = self.buckets[bucket].pop() {
                    self.waiting -= 1;
                    self.leave(node, graph, weights, limit);
                }
                bucket += 1;
            }
            if !self.turn() {
                break;
            }
        }
    }

    /// Goes on from a node, unless it was left since it came into its bucket.
    #[inline]
    fn leave(&mut self, node: GraphNode, graph: &Graph, weights: &Weights, limit: u64) {
        let known = &mut self.labels[node as usize];
        if known.stamp & OPEN == 0 {
            return;
        }
        let Known { walked, seed, stamp } = *known;
        known.stamp = self.stamp | LEFT;
        if stamp & LEFT == 0 {
            self.settled.push(node);
        }
        for step in weights.steps(graph.row(node)) {
            // What cannot be passed is beyond every limit.
            self.reach(step.to, walked.saturating_add(step.walked()), seed, limit);
        }
    }

    fn clear(&mut self, nodes: usize) {
        if self.labels.len() != nodes || self.stamp >= u32::MAX - 2 * SEARCH {
            self.labels = vec![Known::default(); nodes];
            self.stamp = 0;
        }
        self.stamp += SEARCH;
        self.begin = 0;
        self.settled.clear();
        // Left as they were only by a panic.
        if self.buckets.len() != BUCKETS as usize || self.waiting > 0 || !self.later.is_empty() {
            self.buckets = vec![Vec::new(); BUCKETS as usize];
            self.later.clear();
            self.waiting = 0;
        }
    }

    /// Equal times go to the shorter path, then to the first seed, so that the answer never depends on order.
    #[inline]
    fn reach(&mut self, node: GraphNode, walked: u64, seed: u32, limit: u64) {
        if walked > limit {
            return;
        }
        let known = &mut self.labels[node as usize];
        let mut left = 0;
        if known.stamp >= self.stamp {
            if (known.walked, known.seed) <= (walked, seed) {
                return;
            }
            left = known.stamp & LEFT;
        }
        *known = Known { walked, seed, stamp: self.stamp | OPEN | left };
        self.put(node, (walked >> 32) as u32);
    }

    #[inline]
    fn put(&mut self, node: GraphNode, time: u32) {
        let bucket = time.saturating_sub(self.begin) >> BUCKET_BITS;
        if bucket < BUCKETS {
            self.buckets[bucket as usize].push(node);
            self.waiting += 1;
        } else {
            self.later.push(node);
        }
    }

    /// Moves the buckets on to the nodes that are later than they reach; false where there are none.
    fn turn(&mut self) -> bool {
        let later = std::mem::take(&mut self.later);
        let open = |node: &GraphNode| self.labels[*node as usize].stamp & OPEN != 0;
        let waiting: Vec<GraphNode> = later.into_iter().filter(open).collect();
        let times = waiting.iter().map(|node| self.labels[*node as usize].time());
        let Some(begin) = times.min() else { return false };
        self.begin = begin;
        for node in waiting {
            self.put(node, self.labels[node as usize].time());
        }
        true
    }

    /// What is known of a node, after [`Search::run`].
    #[inline]
    pub fn label(&self, node: GraphNode) -> Option<Label> {
        let known = &self.labels[node as usize];
        (known.stamp >= self.stamp).then(|| Label {
            time: known.time(),
            length: known.walked as u32,
            seed: known.seed,
        })
    }

    /// Least milliseconds to a node; [`UNREACHED`] beyond the limit.
    #[inline]
    pub fn time(&self, node: GraphNode) -> u32 {
        let known = &self.labels[node as usize];
        if known.stamp >= self.stamp { known.time() } else { UNREACHED }
    }

    /// Reached nodes, each once, about in the order of their times.
    pub fn settled(&self) -> &[GraphNode] {
        &self.settled
    }
}
