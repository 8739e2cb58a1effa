//! Decodes the objects of one block.

use super::describe::{compound, describe, facility, names};
use super::objects::{Counts, Relation, TaggedNode, Way};
use super::walking::{hours, passage};
use crate::classify::Classifier;
use crate::pbf::{DataBlock, MemberKind};
use crate::tags::Tags;
use circle_model::Point;

/// Ways and relations of one block.
#[derive(Debug, Default)]
pub(super) struct WayBlock {
    pub(super) ways: Vec<Way>,
    pub(super) refs: Vec<i64>,
    /// Nodes whose coordinates are stored in the ways ("locations on ways").
    pub(super) located: Vec<(i64, Point)>,
    pub(super) relations: Vec<Relation>,
    pub(super) counts: Counts,
}

/// Decodes the ways and relations of a block; its nodes are only counted.
pub(super) fn ways_of(block: &DataBlock<'_>, classifier: &Classifier) -> WayBlock {
    let mut found = WayBlock::default();
    let mut pairs: Vec<(&str, &str)> = Vec::new();
    found.counts.nodes += block.nodes().len() as u64;
    for way in block.ways() {
        found.counts.ways += 1;
        found.counts.changed_at(way.changed());
        let start = found.refs.len();
        found.refs.extend(way.refs());
        found.refs.dedup_from(start);
        let refs = start..found.refs.len();
        for (id, [lon, lat]) in way.refs().iter().zip(way.places()) {
            if let Some(point) = point(lon, lat) {
                found.located.push((*id, point));
            }
        }
        pairs.clear();
        pairs.extend(way.tags());
        let closed = refs.len() > 3 && found.refs[refs.start] == found.refs[refs.end - 1];
        let counts = &mut found.counts;
        let described = describe(Tags(&pairs), closed, false, classifier, &mut |reason| counts.skip(reason));
        found.ways.push(Way { id: way.id(), refs, described: described.map(Box::new) });
    }
    for relation in block.relations() {
        found.counts.relations += 1;
        found.counts.changed_at(relation.changed());
        pairs.clear();
        pairs.extend(relation.tags());
        let tags = Tags(&pairs);
        if !tags.is("type", &["multipolygon", "boundary"]) {
            continue;
        }
        let counts = &mut found.counts;
        if let Some(described) = describe(tags, true, true, classifier, &mut |reason| counts.skip(reason)) {
            let members = relation
                .members()
                .filter(|member| member.kind == MemberKind::Way)
                .map(|member| (member.id, member.role == Some("inner")))
                .collect();
            found.relations.push(Relation { id: relation.id(), described: Box::new(described), members });
        }
    }
    found
}

trait DedupFrom {
    /// Drops consecutive repeats after position `start`.
    fn dedup_from(&mut self, start: usize);
}

impl DedupFrom for Vec<i64> {
    fn dedup_from(&mut self, start: usize) {
        let mut write = start;
        for read in start..self.len() {
            if write == start || self[write - 1] != self[read] {
                self[write] = self[read];
                write += 1;
            }
        }
        self.truncate(write);
    }
}

/// Nodes of one block.
#[derive(Debug, Default)]
pub(super) struct NodeBlock {
    /// Nodes that ways refer to, by their positions in [`Scan::node_ids`](super::objects::Scan::node_ids).
    pub(super) found: Vec<(u32, Point)>,
    pub(super) tagged: Vec<TaggedNode>,
    pub(super) counts: Counts,
    /// Whether the block contains ways or relations as well.
    pub(super) has_ways: bool,
}

/// Decodes the nodes of a block: those in `node_ids` (ascending), and those with tags.
pub(super) fn nodes_of(block: &DataBlock<'_>, node_ids: &[i64], classifier: &Classifier) -> NodeBlock {
    let mut found = NodeBlock::default();
    let mut pairs: Vec<(&str, &str)> = Vec::new();
    // Ids ascend in most files, so the search for the next id starts at the last position.
    let mut at = 0;
    let mut last = i64::MIN;
    let mut visit = |id: i64, lon: i64, lat: i64, pairs: &[(&str, &str)], changed: Option<i64>| {
        found.counts.nodes += 1;
        found.counts.changed_at(changed);
        let Some(point) = point(lon, lat) else {
            found.counts.impossible_coordinates += 1;
            return;
        };
        if id < last || at == 0 {
            at = node_ids.partition_point(|other| *other < id);
        }
        last = id;
        while at < node_ids.len() && node_ids[at] < id {
            at += 1;
        }
        if node_ids.get(at) == Some(&id) {
            found.found.push((at as u32, point));
        }
        if !pairs.is_empty()
            && let Some(node) = tagged(id, point, Tags(pairs), classifier, &mut found.counts)
        {
            found.tagged.push(node);
        }
    };
    for node in block.nodes() {
        pairs.clear();
        pairs.extend(node.tags());
        let [lon, lat] = node.place();
        visit(node.id(), lon, lat, &pairs, node.changed());
    }
    let has_ways = block.ways().len() + block.relations().len() > 0;
    NodeBlock { has_ways, ..found }
}

/// A point on the globe from coordinates in 10⁻⁷ degrees.
fn point(lon: i64, lat: i64) -> Option<Point> {
    let on_globe = lon.abs() <= 1_800_000_000 && lat.abs() <= 900_000_000;
    on_globe.then_some(Point { lon: lon as i32, lat: lat as i32 })
}

fn tagged(
    id: i64,
    point: Point,
    tags: Tags<'_>,
    classifier: &Classifier,
    counts: &mut Counts,
) -> Option<TaggedNode> {
    let place = match tags.value("place") {
        Some(place) if tags.has("name") => Some(place.into()),
        _ if tags.is("railway", &["station"]) && tags.has("name") => Some("station".into()),
        _ => None,
    };
    let node = TaggedNode {
        id,
        point,
        passage: passage(tags),
        facility: facility(tags, classifier, &mut |reason| counts.skip(reason)),
        compound: compound(tags, classifier).filter(|_| tags.has("name")),
        place,
        name: None,
        name_en: None,
        hours: None,
    };
    let is_used =
        node.passage.is_some() || node.facility.is_some() || node.compound.is_some() || node.place.is_some();
    is_used.then(|| {
        let (name, name_en) = names(tags);
        TaggedNode { name, name_en, hours: hours(tags), ..node }
    })
}
