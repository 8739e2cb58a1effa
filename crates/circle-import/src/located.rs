//! A scan whose ways know where their nodes are.

use crate::areas::{Area, assemble};
use crate::scan::{NOWHERE, Relation, Scan, Way};
use circle_model::Point;
use rayon::prelude::*;

/// Number of a node among [`Scan::wanted`].
pub(crate) type Vertex = u32;

/// The scan, and for every reference of a way the number of its node.
#[derive(Debug)]
pub(crate) struct Located {
    pub(crate) scan: Scan,
    vertices: Vec<Vertex>,
    /// References to nodes that the extract lacks.
    pub(crate) missing: u64,
}

impl Located {
    pub(crate) fn new(scan: Scan) -> Self {
        let finder = Finder::new(&scan.wanted);
        let vertices: Vec<Vertex> = scan
            .refs
            .par_chunks(4096)
            .flat_map_iter(|refs| {
                let mut at = 0;
                refs.iter().map({
                    let finder = &finder;
                    move |id| {
                        at = finder.position(*id, at + 1);
                        at as Vertex
                    }
                })
            })
            .collect();
        let missing =
            vertices.iter().filter(|vertex| scan.points[**vertex as usize] == NOWHERE).count() as u64;
        Self { scan, vertices, missing }
    }

    /// Runs of two or more nodes that are there.
    pub(crate) fn runs<'a>(&'a self, way: &Way) -> impl Iterator<Item = &'a [Vertex]> {
        let known = |vertex: &Vertex| self.scan.points[*vertex as usize] != NOWHERE;
        self.vertices[way.refs.clone()]
            .chunk_by(move |a, b| known(a) && known(b))
            .filter(move |run| run.len() > 1)
    }

    pub(crate) fn points(&self, run: &[Vertex]) -> Vec<Point> {
        run.iter().map(|vertex| self.scan.points[*vertex as usize]).collect()
    }

    pub(crate) fn way(&self, id: i64) -> Option<&Way> {
        self.scan.ways.binary_search_by_key(&id, |way| way.id).ok().map(|at| &self.scan.ways[at])
    }

    /// The area of a closed way.
    pub(crate) fn way_area(&self, way: &Way) -> Area {
        let lines: Vec<_> = self.runs(way).map(|run| self.points(run)).collect();
        assemble(lines)
    }

    /// The area of a multipolygon, and how many of its ways the extract lacks.
    pub(crate) fn relation_area(&self, relation: &Relation) -> (Area, usize) {
        let mut missing = 0;
        let mut lines = Vec::new();
        for (id, _) in &relation.members {
            match self.way(*id) {
                Some(way) => lines.extend(self.runs(way).map(|run| self.points(run))),
                None => missing += 1,
            }
        }
        (assemble(lines), missing)
    }
}

/// Finds ids in an ascending list: a table says where each stretch of ids begins.
struct Finder<'a> {
    ids: &'a [i64],
    first: i64,
    shift: u32,
    begins: Vec<u32>,
}

impl<'a> Finder<'a> {
    fn new(ids: &'a [i64]) -> Self {
        let (first, last) = (ids.first().copied().unwrap_or(0), ids.last().copied().unwrap_or(0));
        let range = last.wrapping_sub(first) as u64;
        let mut shift = 0;
        while (range >> shift) as usize > 2 * ids.len() {
            shift += 1;
        }
        let mut begins = vec![0u32; (range >> shift) as usize + 2];
        for id in ids {
            begins[(id.wrapping_sub(first) as u64 >> shift) as usize + 1] += 1;
        }
        for at in 1..begins.len() {
            begins[at] += begins[at - 1];
        }
        Self { ids, first, shift, begins }
    }

    /// The position of an id that is in the list. Neighbours on a way were often drawn one after the other, so
    /// `guess` comes first.
    fn position(&self, id: i64, guess: usize) -> usize {
        if self.ids.get(guess) == Some(&id) {
            return guess;
        }
        let stretch = (id.wrapping_sub(self.first) as u64 >> self.shift) as usize;
        let (start, end) = (self.begins[stretch] as usize, self.begins[stretch + 1] as usize);
        start + self.ids[start..end].partition_point(|other| *other < id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_id_is_found_however_far_apart() {
        let ids = [i64::MIN, -5, 0, 1, 2, 7, 1 << 33, (1 << 33) + 1, i64::MAX];
        let finder = Finder::new(&ids);
        for (at, id) in ids.iter().enumerate() {
            assert_eq!((finder.position(*id, 0), finder.position(*id, at)), (at, at));
        }
    }
}
