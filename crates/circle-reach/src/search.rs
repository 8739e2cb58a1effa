//! Bounded search: least times from a set of seeds. State is kept per thread and stamped, never cleared.

use crate::graph::{Graph, GraphNode, Weights};
use circle_model::City;
use std::cell::RefCell;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

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
#[derive(Debug, Default)]
pub struct Search {
    /// What is known of each node, and in which search it became known.
    labels: Vec<(Label, u32)>,
    stamp: u32,
    queue: BinaryHeap<Reverse<(u32, u32, GraphNode)>>,
    settled: Vec<GraphNode>,
}

thread_local! {
    static SEARCH: RefCell<Search> = RefCell::default();
}

impl Search {
    /// Runs `work` with this thread's search state.
    pub fn with<T>(work: impl FnOnce(&mut Self) -> T) -> T {
        SEARCH.with(|search| match search.try_borrow_mut() {
            Ok(mut search) => work(&mut search),
            // A search within a search gets a state of its own.
            Err(_) => work(&mut Self::default()),
        })
    }

    /// Least times up to `limit` milliseconds, the limit included.
    pub fn run(&mut self, graph: &Graph, weights: &Weights, city: &City, seeds: &[Seed], limit: u32) {
        self.begin(graph.len());
        for seed in seeds {
            self.reach(seed.node, Label { time: seed.time, length: seed.length, seed: seed.label }, limit);
        }
        let edges = city.edges();
        while let Some(Reverse((time, length, node))) = self.queue.pop() {
            let label = self.labels[node as usize].0;
            if (label.time, label.length) != (time, length) {
                continue;
            }
            self.settled.push(node);
            for position in graph.row(node) {
                let arc = graph.arc(position);
                let step = if arc.edge == crate::graph::Arc::NO_EDGE {
                    0
                } else {
                    edges[arc.edge as usize].length_mm
                };
                let reached = Label {
                    time: time.saturating_add(weights.of(arc)),
                    length: length.saturating_add(step),
                    seed: label.seed,
                };
                self.reach(arc.to, reached, limit);
            }
        }
    }

    fn begin(&mut self, nodes: usize) {
        if self.labels.len() != nodes || self.stamp == u32::MAX {
            self.labels = vec![(Label { time: UNREACHED, length: 0, seed: 0 }, 0); nodes];
            self.stamp = 0;
        }
        self.stamp += 1;
        self.queue.clear();
        self.settled.clear();
    }

    /// Equal times go to the shorter path, then to the first seed, so that the answer never depends on order.
    #[inline]
    fn reach(&mut self, node: GraphNode, label: Label, limit: u32) {
        if label.time > limit || label.time == UNREACHED {
            return;
        }
        let (known, stamp) = &mut self.labels[node as usize];
        if *stamp == self.stamp
            && (known.time, known.length, known.seed) <= (label.time, label.length, label.seed)
        {
            return;
        }
        (*known, *stamp) = (label, self.stamp);
        self.queue.push(Reverse((label.time, label.length, node)));
    }

    /// What is known of a node, after [`Search::run`].
    #[inline]
    pub fn label(&self, node: GraphNode) -> Option<Label> {
        let (label, stamp) = self.labels[node as usize];
        (stamp == self.stamp).then_some(label)
    }

    /// Least milliseconds to a node; [`UNREACHED`] beyond the limit.
    #[inline]
    pub fn time(&self, node: GraphNode) -> u32 {
        let (label, stamp) = &self.labels[node as usize];
        if *stamp == self.stamp { label.time } else { UNREACHED }
    }

    /// Reached nodes, nearest first; a node may come twice.
    pub fn settled(&self) -> &[GraphNode] {
        &self.settled
    }
}
