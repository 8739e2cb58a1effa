//! The objects of an extract that the import uses.

use super::describe::{CompoundTags, Described, SkipReason};
use super::walking::Passage;
use crate::classify::Classified;
use circle_model::Point;
use std::ops::Range;

/// The objects of an extract that the import uses.
#[derive(Debug, Default)]
pub(crate) struct Scan {
    pub(crate) ways: Vec<Way>,
    /// Node ids of all ways, end to end.
    pub(crate) refs: Vec<i64>,
    pub(crate) relations: Vec<Relation>,
    pub(crate) nodes: Vec<TaggedNode>,
    /// `refs` as positions in `node_ids`.
    pub(crate) vertices: Vec<Vertex>,
    /// Ids of the nodes that ways refer to, ascending.
    pub(crate) node_ids: Vec<i64>,
    /// The points of these nodes; [`NOWHERE`] for nodes that are missing in the extract.
    pub(crate) points: Vec<Point>,
    pub(crate) counts: Counts,
}

/// Position of a node in [`Scan::node_ids`].
pub(crate) type Vertex = u32;

/// The point of a node that is missing in the extract.
pub(crate) const NOWHERE: Point = Point { lon: i32::MAX, lat: i32::MAX };

#[derive(Debug)]
pub(crate) struct Way {
    pub(crate) id: i64,
    /// In [`Scan::refs`] and [`Scan::vertices`].
    pub(crate) refs: Range<usize>,
    /// `None` for ways that are only members of an area.
    pub(crate) described: Option<Box<Described>>,
}

#[derive(Debug)]
pub(crate) struct Relation {
    pub(crate) id: i64,
    pub(crate) described: Box<Described>,
    /// Ids of its member ways; `true` for the role `inner`.
    pub(crate) members: Vec<(i64, bool)>,
}

#[derive(Debug)]
pub(crate) struct TaggedNode {
    pub(crate) id: i64,
    pub(crate) point: Point,
    pub(crate) passage: Option<Passage>,
    pub(crate) facility: Option<Box<Classified>>,
    pub(crate) compound: Option<CompoundTags>,
    /// Value of `place`, or `station`.
    pub(crate) place: Option<Box<str>>,
    pub(crate) name: Option<Box<str>>,
    pub(crate) name_en: Option<Box<str>>,
    /// Opening hours.
    pub(crate) hours: Option<Box<str>>,
}

/// Counts of objects read, and of objects skipped by reason.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Counts {
    pub(crate) nodes: u64,
    pub(crate) ways: u64,
    pub(crate) relations: u64,
    pub(crate) ways_not_walked: u64,
    pub(crate) ways_forbidden: u64,
    pub(crate) private_facilities: u64,
    pub(crate) no_category: u64,
    pub(crate) impossible_coordinates: u64,
    /// Seconds since 1970.
    pub(crate) newest_timestamp: i64,
}

impl Counts {
    pub(super) fn add(&mut self, other: &Self) {
        self.nodes += other.nodes;
        self.ways += other.ways;
        self.relations += other.relations;
        self.ways_not_walked += other.ways_not_walked;
        self.ways_forbidden += other.ways_forbidden;
        self.private_facilities += other.private_facilities;
        self.no_category += other.no_category;
        self.impossible_coordinates += other.impossible_coordinates;
        self.newest_timestamp = self.newest_timestamp.max(other.newest_timestamp);
    }

    /// Records the time of the last change of an object.
    pub(super) fn changed_at(&mut self, milliseconds: Option<i64>) {
        if let Some(time) = milliseconds {
            self.newest_timestamp = self.newest_timestamp.max(time / 1000);
        }
    }

    pub(super) fn skip(&mut self, reason: SkipReason) {
        match reason {
            SkipReason::NotWalked => self.ways_not_walked += 1,
            SkipReason::Forbidden => self.ways_forbidden += 1,
            SkipReason::PrivateFacility => self.private_facilities += 1,
            SkipReason::NoCategory => self.no_category += 1,
        }
    }
}
