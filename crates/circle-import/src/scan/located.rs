//! A scan with located ways: the lines and areas of its objects.

use super::objects::{NOWHERE, Relation, Scan, Vertex, Way};
use crate::geometry::{Area, assemble, close_along_box};
use circle_model::Point;
use circle_model::coordinates::Bounds;

/// A scan whose references are resolved to vertices.
#[derive(Debug, Default)]
pub(crate) struct Located {
    pub(crate) scan: Scan,
    /// Count of references to nodes that are missing in the extract.
    pub(crate) missing: u64,
}

impl Located {
    pub(crate) fn new(mut scan: Scan) -> Self {
        // Vertices replace the references.
        scan.refs = Vec::new();
        let nowhere = |vertex: &&Vertex| scan.points[**vertex as usize] == NOWHERE;
        let missing = scan.vertices.iter().filter(nowhere).count() as u64;
        Self { scan, missing }
    }

    /// Runs of two or more consecutive nodes of the extract.
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

    /// The area of a closed way, closed along the extract's bounding box if that cuts it.
    pub(crate) fn clipped_way_area(&self, way: &Way, extract: Bounds) -> Area {
        let area = self.way_area(way);
        if area.open.is_empty() { area } else { close_along_box(area, extract, &[], &[]) }
    }

    /// The area of a multipolygon, and the count of its ways that are missing in the extract. Holes of an
    /// outer ring that does not close are not part of the area.
    pub(crate) fn relation_area(&self, relation: &Relation) -> (Area, usize) {
        let (mut area, missing) = self.whole_area(relation);
        if !area.open.is_empty() || missing > 0 {
            area.drop_islands(&self.inner_points(relation));
        }
        (area, missing)
    }

    /// The area of a multipolygon, closed along the extract's bounding box if that cuts it.
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

    /// Points of the members with the role `inner`.
    fn inner_points(&self, relation: &Relation) -> Vec<Point> {
        let inner = relation.members.iter().filter(|(_, inner)| *inner);
        let ways = inner.filter_map(|(id, _)| self.way(*id));
        ways.flat_map(|way| self.runs(way)).flat_map(|run| self.points(run)).collect()
    }
}
