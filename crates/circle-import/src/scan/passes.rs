//! The two passes over an extract: first ways and relations, then the nodes that they need.
//!
//! Extracts contain nodes, then ways, then relations. The first pass therefore goes backwards and stops at
//! the first block of nodes alone, so that each block is decoded once. If the second pass finds a way in a
//! block that should contain only nodes, the file is unsorted, and both passes run again over all blocks.

use super::blocks::{NodeBlock, WayBlock, nodes_of, ways_of};
use super::extract::Extract;
use super::objects::{Counts, NOWHERE, Scan, Vertex, Way};
use crate::classify::Classifier;
use crate::error::ImportError;
use crate::progress::{Progress, Stage};
use circle_model::Point;
use rayon::prelude::*;
use std::collections::HashSet;
use std::ops::Range;

/// Reads an extract.
///
/// # Errors
/// If a block cannot be read or decoded.
pub(crate) fn scan(
    extract: &Extract,
    classifier: &Classifier,
    progress: &dyn Progress,
) -> Result<Scan, ImportError> {
    let mut scan = Scan::default();
    let (first, mixed) = read_ways(extract, classifier, progress, &mut scan)?;
    settle(&mut scan);
    let blocks: Vec<usize> = (0..first).chain(mixed).collect();
    let is_unsorted = read_nodes(extract, &blocks, first, classifier, progress, &mut scan)?;
    if is_unsorted {
        scan = Scan::default();
        let parts = read_blocks(extract, 0..extract.len(), classifier)?;
        parts.into_iter().for_each(|part| append(part, &mut scan));
        settle(&mut scan);
        let blocks: Vec<usize> = (0..extract.len()).collect();
        read_nodes(extract, &blocks, 0, classifier, progress, &mut scan)?;
    }
    sort_nodes(&mut scan);
    Ok(scan)
}

/// Merges the scans of several extracts; an object in several of them counts once.
pub(crate) fn merge(scans: Vec<Scan>) -> Scan {
    let mut scans = scans.into_iter();
    let mut merged = scans.next().unwrap_or_default();
    let more: Vec<Scan> = scans.collect();
    if more.is_empty() {
        return merged;
    }
    let mut located: Vec<(i64, Point)> =
        merged.node_ids.iter().copied().zip(merged.points.iter().copied()).collect();
    for scan in more {
        located.extend(scan.node_ids.iter().copied().zip(scan.points.iter().copied()));
        merged.nodes.extend(scan.nodes);
        let part = WayBlock {
            ways: scan.ways,
            refs: scan.refs,
            relations: scan.relations,
            counts: scan.counts,
            ..WayBlock::default()
        };
        let nodes = part.counts.nodes;
        append(part, &mut merged);
        merged.counts.nodes += nodes;
    }
    located.retain(|(_, point)| *point != NOWHERE);
    (merged.node_ids, merged.points) = located.into_iter().unzip();
    settle(&mut merged);
    sort_nodes(&mut merged);
    merged
}

fn sort_nodes(scan: &mut Scan) {
    scan.nodes.sort_by_key(|node| node.id);
    scan.nodes.dedup_by_key(|node| node.id);
}

/// Reads backwards from the end to a block of nodes alone. Returns the first block with ways, and the later
/// blocks that contain nodes as well.
fn read_ways(
    extract: &Extract,
    classifier: &Classifier,
    progress: &dyn Progress,
    scan: &mut Scan,
) -> Result<(usize, Vec<usize>), ImportError> {
    let mut end = extract.len();
    let mut parts: Vec<(usize, WayBlock)> = Vec::new();
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
    let total = |of: fn(&WayBlock) -> usize| parts.iter().map(|(_, part)| of(part)).sum();
    scan.ways.reserve_exact(total(|part| part.ways.len()));
    scan.refs.reserve_exact(total(|part| part.refs.len()));
    let mut mixed = Vec::new();
    for (number, part) in parts.into_iter().rev() {
        if part.counts.nodes > 0 {
            mixed.push(number);
        }
        append(part, scan);
    }
    Ok((end, mixed))
}

fn read_blocks(
    extract: &Extract,
    blocks: Range<usize>,
    classifier: &Classifier,
) -> Result<Vec<WayBlock>, ImportError> {
    blocks.into_par_iter().map(|number| extract.decode(number, |block| ways_of(block, classifier))).collect()
}

fn append(block: WayBlock, scan: &mut Scan) {
    let offset = scan.refs.len();
    scan.refs.extend(block.refs);
    scan.ways.extend(
        block.ways.into_iter().map(|way| Way { refs: way.refs.start + offset..way.refs.end + offset, ..way }),
    );
    scan.relations.extend(block.relations);
    // The second pass counts the nodes.
    scan.counts.add(&Counts { nodes: 0, ..block.counts });
    // Locations on ways replace nodes that are missing in the file.
    scan.node_ids.extend(block.located.iter().map(|(id, _)| *id));
    scan.points.extend(block.located.iter().map(|(_, point)| *point));
}

/// Drops ways that have no meaning and are members of no used relation, and lists the nodes that the other
/// ways need.
fn settle(scan: &mut Scan) {
    let members: HashSet<i64> =
        scan.relations.iter().flat_map(|relation| &relation.members).map(|(id, _)| *id).collect();
    scan.ways.retain(|way| way.described.is_some() || members.contains(&way.id));
    // The last of several ways with one id is used, as in a file of changes.
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
        std::mem::take(&mut scan.node_ids).into_iter().zip(std::mem::take(&mut scan.points)).collect();
    let mut refs = Vec::with_capacity(scan.ways.iter().map(|way| way.refs.len()).sum());
    for way in &mut scan.ways {
        let start = refs.len();
        refs.extend_from_slice(&scan.refs[way.refs.clone()]);
        way.refs = start..refs.len();
    }
    scan.refs = refs;
    number_nodes(scan);
    scan.points = vec![NOWHERE; scan.node_ids.len()];
    for (id, point) in located {
        if let Ok(at) = scan.node_ids.binary_search(&id) {
            scan.points[at] = point;
        }
    }
}

/// Lists the nodes that ways refer to, and converts every reference to a position in that list.
fn number_nodes(scan: &mut Scan) {
    let mut references: Vec<(i64, u32)> = scan.refs.iter().copied().zip(0u32..).collect();
    radsort::sort_by_key(&mut references, |(id, _)| *id);
    scan.node_ids.clear();
    scan.vertices = vec![0; references.len()];
    for (id, reference) in references {
        if scan.node_ids.last() != Some(&id) {
            scan.node_ids.push(id);
        }
        scan.vertices[reference as usize] = scan.node_ids.len() as Vertex - 1;
    }
}

/// Reads the nodes of `blocks`. Returns whether a block before `first_ways` contains ways or relations.
fn read_nodes(
    extract: &Extract,
    blocks: &[usize],
    first_ways: usize,
    classifier: &Classifier,
    progress: &dyn Progress,
    scan: &mut Scan,
) -> Result<bool, ImportError> {
    let mut is_unsorted = false;
    let mut done = 0;
    // Chunks bound the memory of decoded blocks.
    for chunk in blocks.chunks(4 * rayon::current_num_threads()) {
        let node_ids = &scan.node_ids;
        let parts: Vec<(usize, NodeBlock)> = chunk
            .par_iter()
            .map(|&number| {
                Ok((number, extract.decode(number, |block| nodes_of(block, node_ids, classifier))?))
            })
            .collect::<Result<_, ImportError>>()?;
        for (number, part) in parts {
            is_unsorted |= part.has_ways && number < first_ways;
            part.found.iter().for_each(|(at, point)| scan.points[*at as usize] = *point);
            scan.nodes.extend(part.tagged);
            scan.counts.add(&part.counts);
        }
        done += chunk.len();
        progress.at(Stage::Nodes, done, blocks.len());
    }
    Ok(is_unsorted)
}
