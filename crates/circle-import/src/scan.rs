//! The two passes over an extract: first ways and relations, then the nodes they need.
//!
//! Extracts put nodes first, then ways, then relations, so the first pass goes backwards and stops at the
//! first block of nodes alone; each block is decoded once. When the second pass meets a way in the blocks
//! that should hold nodes alone, the file is not in order, and both are run again over all of it.

use crate::blobs::Extract;
use crate::classify::{Classified, Classifier};
use crate::describe::{CompoundTags, Described, Left, compound, describe, facility, names};
use crate::error::ImportError;
use crate::progress::{Progress, Stage};
use crate::tags::{Passage, Tags, hours, passage};
use circle_model::Point;
use osmpbf::PrimitiveBlock;
use rayon::prelude::*;
use std::collections::HashSet;
use std::ops::Range;

/// What was kept of an extract.
#[derive(Debug, Default)]
pub(crate) struct Scan {
    pub(crate) ways: Vec<Way>,
    /// Node ids of all ways, end to end.
    pub(crate) refs: Vec<i64>,
    pub(crate) relations: Vec<Relation>,
    pub(crate) nodes: Vec<TaggedNode>,
    /// The same as positions in `wanted`.
    pub(crate) vertices: Vec<Vertex>,
    /// Ids of the nodes that ways refer to, ascending.
    pub(crate) wanted: Vec<i64>,
    /// Where they are; [`NOWHERE`] for those the extract lacks.
    pub(crate) points: Vec<Point>,
    pub(crate) counts: Counts,
}

/// Number of a node among [`Scan::wanted`].
pub(crate) type Vertex = u32;

/// A node that the extract lacks.
pub(crate) const NOWHERE: Point = Point { lon: i32::MAX, lat: i32::MAX };

/// Objects read, and what was left out.
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
    pub(crate) newest_timestamp: i64,
}

impl Counts {
    fn add(&mut self, other: &Self) {
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

    /// Notes when an object was last changed.
    fn changed_at(&mut self, milliseconds: Option<i64>) {
        if let Some(time) = milliseconds {
            self.newest_timestamp = self.newest_timestamp.max(time / 1000);
        }
    }

    fn leave(&mut self, reason: Left) {
        match reason {
            Left::NotWalked => self.ways_not_walked += 1,
            Left::Forbidden => self.ways_forbidden += 1,
            Left::PrivateFacility => self.private_facilities += 1,
            Left::NoCategory => self.no_category += 1,
        }
    }
}

#[derive(Debug)]
pub(crate) struct Way {
    pub(crate) id: i64,
    /// In [`Scan::refs`].
    pub(crate) refs: Range<usize>,
    /// `None` for ways that only carry an area.
    pub(crate) described: Option<Box<Described>>,
}

#[derive(Debug)]
pub(crate) struct Relation {
    pub(crate) id: i64,
    pub(crate) described: Box<Described>,
    /// Ids of its member ways, and whether each is an inner one.
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
    /// When it is open.
    pub(crate) hours: Option<Box<str>>,
}

/// Reads an extract.
pub(crate) fn scan(
    extract: &Extract,
    classifier: &Classifier,
    progress: &dyn Progress,
) -> Result<Scan, ImportError> {
    let mut scan = Scan::default();
    let (first, mixed) = read_ways(extract, classifier, progress, &mut scan)?;
    settle(&mut scan);
    let blocks: Vec<usize> = (0..first).chain(mixed).collect();
    let strays = read_nodes(extract, &blocks, first, classifier, progress, &mut scan)?;
    if strays {
        scan = Scan::default();
        let parts = read_blocks(extract, 0..extract.len(), classifier)?;
        parts.into_iter().for_each(|part| part.join(&mut scan));
        settle(&mut scan);
        let blocks: Vec<usize> = (0..extract.len()).collect();
        read_nodes(extract, &blocks, 0, classifier, progress, &mut scan)?;
    }
    scan.nodes.sort_by_key(|node| node.id);
    scan.nodes.dedup_by_key(|node| node.id);
    Ok(scan)
}

/// Backwards from the end until a block of nodes alone; says which block the ways begin in, and which
/// blocks from there on hold nodes as well.
fn read_ways(
    extract: &Extract,
    classifier: &Classifier,
    progress: &dyn Progress,
    scan: &mut Scan,
) -> Result<(usize, Vec<usize>), ImportError> {
    let mut end = extract.len();
    let mut parts: Vec<(usize, Part)> = Vec::new();
    let mut found = false;
    while end > 0 && !found {
        let start = end.saturating_sub(rayon::current_num_threads());
        let chunk = read_blocks(extract, start..end, classifier)?;
        for (number, part) in (start..end).zip(chunk).rev() {
            if part.counts.ways + part.counts.relations == 0 && part.counts.nodes > 0 {
                found = true;
                break;
            }
            end = number;
            parts.push((number, part));
        }
        progress.at(Stage::Ways, extract.len() - end, extract.len());
    }
    let total = |of: fn(&Part) -> usize| parts.iter().map(|(_, part)| of(part)).sum();
    scan.ways.reserve_exact(total(|part| part.ways.len()));
    scan.refs.reserve_exact(total(|part| part.refs.len()));
    let mut mixed = Vec::new();
    for (number, part) in parts.into_iter().rev() {
        if part.counts.nodes > 0 {
            mixed.push(number);
        }
        part.join(scan);
    }
    Ok((end, mixed))
}

fn read_blocks(
    extract: &Extract,
    blocks: Range<usize>,
    classifier: &Classifier,
) -> Result<Vec<Part>, ImportError> {
    blocks.into_par_iter().map(|number| extract.decode(number, |block| ways_of(block, classifier))).collect()
}

/// Ways and relations of one block.
#[derive(Debug, Default)]
struct Part {
    ways: Vec<Way>,
    refs: Vec<i64>,
    located: Vec<(i64, Point)>,
    relations: Vec<Relation>,
    counts: Counts,
}

impl Part {
    fn join(self, scan: &mut Scan) {
        let offset = scan.refs.len();
        scan.refs.extend(self.refs);
        scan.ways.extend(
            self.ways
                .into_iter()
                .map(|way| Way { refs: way.refs.start + offset..way.refs.end + offset, ..way }),
        );
        scan.relations.extend(self.relations);
        // Nodes are counted in the pass that reads them.
        scan.counts.add(&Counts { nodes: 0, ..self.counts });
        // Locations on ways stand in for nodes that the file leaves out.
        scan.wanted.extend(self.located.iter().map(|(id, _)| *id));
        scan.points.extend(self.located.iter().map(|(_, point)| *point));
    }
}

fn ways_of(block: &PrimitiveBlock, classifier: &Classifier) -> Part {
    let mut part = Part::default();
    let mut pairs: Vec<(&str, &str)> = Vec::new();
    for group in block.groups() {
        part.counts.nodes += (group.nodes().len() + group.dense_nodes().len()) as u64;
        for way in group.ways() {
            part.counts.ways += 1;
            part.counts.changed_at(way.info().milli_timestamp());
            let start = part.refs.len();
            part.refs.extend(way.refs());
            part.refs.dedup_by_tail(start);
            let refs = start..part.refs.len();
            for (id, place) in way.refs().zip(way.node_locations()) {
                if let Some(point) = point(place.nano_lon() / 100, place.nano_lat() / 100) {
                    part.located.push((id, point));
                }
            }
            pairs.clear();
            pairs.extend(way.tags());
            let closed = refs.len() > 3 && part.refs[refs.start] == part.refs[refs.end - 1];
            let counts = &mut part.counts;
            let described =
                describe(Tags(&pairs), closed, false, classifier, &mut |reason| counts.leave(reason));
            part.ways.push(Way { id: way.id(), refs, described: described.map(Box::new) });
        }
        for relation in group.relations() {
            part.counts.relations += 1;
            part.counts.changed_at(relation.info().milli_timestamp());
            pairs.clear();
            pairs.extend(relation.tags());
            let tags = Tags(&pairs);
            if !tags.is("type", &["multipolygon", "boundary"]) {
                continue;
            }
            let counts = &mut part.counts;
            if let Some(described) =
                describe(tags, true, true, classifier, &mut |reason| counts.leave(reason))
            {
                let members = relation
                    .members()
                    .filter(|member| member.member_type == osmpbf::RelMemberType::Way)
                    .map(|member| (member.member_id, member.role().is_ok_and(|role| role == "inner")))
                    .collect();
                part.relations.push(Relation { id: relation.id(), described: Box::new(described), members });
            }
        }
    }
    part
}

trait DedupTail {
    /// Drops repeats of the same id in a row from `start` on.
    fn dedup_by_tail(&mut self, start: usize);
}

impl DedupTail for Vec<i64> {
    fn dedup_by_tail(&mut self, start: usize) {
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

/// Drops the ways that neither tags nor relations ask for, and lists the nodes that the rest need.
fn settle(scan: &mut Scan) {
    let members: HashSet<i64> =
        scan.relations.iter().flat_map(|relation| &relation.members).map(|(id, _)| *id).collect();
    scan.ways.retain(|way| way.described.is_some() || members.contains(&way.id));
    // An id that comes twice counts once: the later one, as in a file of changes.
    if !scan.ways.is_sorted_by(|a, b| a.id < b.id) {
        scan.ways.sort_by_key(|way| way.id);
        scan.ways.reverse();
        scan.ways.dedup_by_key(|way| way.id);
        scan.ways.reverse();
    }
    if !scan.relations.is_sorted_by(|a, b| a.id < b.id) {
        scan.relations.sort_by_key(|relation| relation.id);
        scan.relations.dedup_by_key(|relation| relation.id);
    }
    let located: Vec<(i64, Point)> =
        std::mem::take(&mut scan.wanted).into_iter().zip(std::mem::take(&mut scan.points)).collect();
    let mut refs = Vec::with_capacity(scan.ways.iter().map(|way| way.refs.len()).sum());
    for way in &mut scan.ways {
        let start = refs.len();
        refs.extend_from_slice(&scan.refs[way.refs.clone()]);
        way.refs = start..refs.len();
    }
    scan.refs = refs;
    number_nodes(scan);
    scan.points = vec![NOWHERE; scan.wanted.len()];
    for (id, point) in located {
        if let Ok(at) = scan.wanted.binary_search(&id) {
            scan.points[at] = point;
        }
    }
}

/// Lists the nodes that ways refer to, and turns every reference into a position in that list.
fn number_nodes(scan: &mut Scan) {
    let mut references: Vec<(i64, u32)> = scan.refs.iter().copied().zip(0u32..).collect();
    radsort::sort_by_key(&mut references, |(id, _)| *id);
    scan.wanted.clear();
    scan.vertices = vec![0; references.len()];
    for (id, reference) in references {
        if scan.wanted.last() != Some(&id) {
            scan.wanted.push(id);
        }
        scan.vertices[reference as usize] = scan.wanted.len() as Vertex - 1;
    }
}

/// Nodes of one block.
#[derive(Debug, Default)]
struct Places {
    found: Vec<(u32, Point)>,
    tagged: Vec<TaggedNode>,
    counts: Counts,
}

/// Says whether a block before `first_ways` held ways or relations after all.
fn read_nodes(
    extract: &Extract,
    blocks: &[usize],
    first_ways: usize,
    classifier: &Classifier,
    progress: &dyn Progress,
    scan: &mut Scan,
) -> Result<bool, ImportError> {
    let mut strays = false;
    let mut done = 0;
    // A handful of blocks at a time, so that what was read of them does not pile up.
    for some in blocks.chunks(4 * rayon::current_num_threads()) {
        let wanted = &scan.wanted;
        let parts: Vec<(Places, bool)> = some
            .par_iter()
            .map(|&number| {
                let (places, stray) = extract.decode(number, |block| nodes_of(block, wanted, classifier))?;
                Ok((places, stray && number < first_ways))
            })
            .collect::<Result<_, ImportError>>()?;
        for (part, stray) in parts {
            strays |= stray;
            part.found.iter().for_each(|(at, point)| scan.points[*at as usize] = *point);
            scan.nodes.extend(part.tagged);
            scan.counts.add(&part.counts);
        }
        done += some.len();
        progress.at(Stage::Nodes, done, blocks.len());
    }
    Ok(strays)
}

fn nodes_of(block: &PrimitiveBlock, wanted: &[i64], classifier: &Classifier) -> (Places, bool) {
    let mut places = Places::default();
    let mut strays = false;
    let mut pairs: Vec<(&str, &str)> = Vec::new();
    // Ids ascend in most files, so the next one is looked for just behind the last.
    let mut at = 0;
    let mut last = i64::MIN;
    let mut visit = |id: i64, lon: i64, lat: i64, pairs: &[(&str, &str)], changed: Option<i64>| {
        places.counts.nodes += 1;
        places.counts.changed_at(changed);
        let Some(point) = point(lon, lat) else {
            places.counts.impossible_coordinates += 1;
            return;
        };
        if id < last || at == 0 {
            at = wanted.partition_point(|wanted| *wanted < id);
        }
        last = id;
        while at < wanted.len() && wanted[at] < id {
            at += 1;
        }
        if wanted.get(at) == Some(&id) {
            places.found.push((at as u32, point));
        }
        if !pairs.is_empty()
            && let Some(node) = tagged(id, point, Tags(pairs), classifier, &mut places.counts)
        {
            places.tagged.push(node);
        }
    };
    for group in block.groups() {
        strays |= group.ways().next().is_some() || group.relations().next().is_some();
        for node in group.dense_nodes() {
            pairs.clear();
            pairs.extend(node.tags());
            let changed = node.info().map(osmpbf::DenseNodeInfo::milli_timestamp);
            visit(node.id(), node.nano_lon() / 100, node.nano_lat() / 100, &pairs, changed);
        }
        for node in group.nodes() {
            pairs.clear();
            pairs.extend(node.tags());
            let changed = node.info().milli_timestamp();
            visit(node.id(), node.nano_lon() / 100, node.nano_lat() / 100, &pairs, changed);
        }
    }
    (places, strays)
}

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
        facility: facility(tags, classifier, &mut |reason| counts.leave(reason)),
        compound: compound(tags, classifier).filter(|_| tags.has("name")),
        place,
        name: None,
        name_en: None,
        hours: None,
    };
    let kept =
        node.passage.is_some() || node.facility.is_some() || node.compound.is_some() || node.place.is_some();
    kept.then(|| {
        let (name, name_en) = names(tags);
        TaggedNode { name, name_en, hours: hours(tags), ..node }
    })
}

/// One scan of several extracts; an object that is in more than one counts once.
pub(crate) fn merge(scans: Vec<Scan>) -> Scan {
    let mut scans = scans.into_iter();
    let mut merged = scans.next().unwrap_or_default();
    let more: Vec<Scan> = scans.collect();
    if more.is_empty() {
        return merged;
    }
    let mut located: Vec<(i64, Point)> =
        merged.wanted.iter().copied().zip(merged.points.iter().copied()).collect();
    for scan in more {
        located.extend(scan.wanted.iter().copied().zip(scan.points.iter().copied()));
        merged.nodes.extend(scan.nodes);
        let part = Part {
            ways: scan.ways,
            refs: scan.refs,
            relations: scan.relations,
            counts: scan.counts,
            ..Part::default()
        };
        let nodes = part.counts.nodes;
        part.join(&mut merged);
        merged.counts.nodes += nodes;
    }
    located.retain(|(_, point)| *point != NOWHERE);
    (merged.wanted, merged.points) = located.into_iter().unzip();
    settle(&mut merged);
    merged.nodes.sort_by_key(|node| node.id);
    merged.nodes.dedup_by_key(|node| node.id);
    merged
}
