//! A scan whose ways know where their nodes are.

use crate::areas::{Area, assemble};
use crate::clip::close_along_box;
pub(crate) use crate::scan::Vertex;
use crate::scan::{NOWHERE, Relation, Scan, Way};
use circle_model::Point;
use circle_model::coordinates::Bounds;

/// The scan, and for every reference of a way the number of its node.
#[derive(Debug)]
pub(crate) struct Located {
    pub(crate) scan: Scan,
    /// References to nodes that the extract lacks.
    pub(crate) missing: u64,
}

impl Located {
    pub(crate) fn new(mut scan: Scan) -> Self {
        // From here on nodes go by number.
        scan.refs = Vec::new();
        let nowhere = |vertex: &&Vertex| scan.points[**vertex as usize] == NOWHERE;
        let missing = scan.vertices.iter().filter(nowhere).count() as u64;
        Self { scan, missing }
    }

    /// Runs of two or more nodes that are there.
    pub(crate) fn runs<'a>(&'a self, way: &Way) -> impl Iterator<Item = &'a [Vertex]> {
        let known = |vertex: &Vertex| self.scan.points[*vertex as usize] != NOWHERE;
        self.scan.vertices[way.refs.clone()]
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

    /// The area of a closed way, along the extract's box where that cut it.
    pub(crate) fn clipped_way_area(&self, way: &Way, extract: Bounds) -> Area {
        let area = self.way_area(way);
        if area.open.is_empty() { area } else { close_along_box(area, extract, &[], &[]) }
    }

    /// The area of a multipolygon, and how many of its ways the extract lacks. Where an outer ring does not close,
    /// what lies in its holes is not taken for the area.
    pub(crate) fn relation_area(&self, relation: &Relation) -> (Area, usize) {
        let (mut area, missing) = self.whole_area(relation);
        if !area.open.is_empty() || missing > 0 {
            area.drop_islands(&self.inner_points(relation));
        }
        (area, missing)
    }

    /// The same, where the extract cut it closed along the extract's box.
    pub(crate) fn clipped_area(&self, relation: &Relation, extract: Bounds) -> Area {
        let (mut area, missing) = self.whole_area(relation);
        if !area.open.is_empty() || missing > 0 {
            let inner = self.inner_points(relation);
            area = close_along_box(area, extract, &inner, &[]);
            area.drop_islands(&inner);
        }
        area
    }

    fn whole_area(&self, relation: &Relation) -> (Area, usize) {
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

    /// Places on the members whose role is `inner`.
    fn inner_points(&self, relation: &Relation) -> Vec<Point> {
        let inner = relation.members.iter().filter(|(_, inner)| *inner);
        let ways = inner.filter_map(|(id, _)| self.way(*id));
        ways.flat_map(|way| self.runs(way)).flat_map(|run| self.points(run)).collect()
    }
}
