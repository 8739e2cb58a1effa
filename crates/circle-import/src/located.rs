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
        let wanted = &scan.wanted;
        let vertices: Vec<Vertex> = scan
            .refs
            .par_chunks(4096)
            .flat_map_iter(|refs| {
                let mut at = 0;
                refs.iter().map(move |id| {
                    // Neighbours on a way were often drawn one after the other.
                    if wanted.get(at + 1) == Some(id) {
                        at += 1;
                    } else {
                        at = wanted.partition_point(|wanted| wanted < id);
                    }
                    at as Vertex
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
