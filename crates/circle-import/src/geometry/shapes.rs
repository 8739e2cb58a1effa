//! The pool of points and rings that drawn shapes refer to.

use super::areas::{Area, is_oriented};
use circle_model::Point;
use circle_model::city::{RingRole, Span};

/// Points, and the rings, lines and single points made of them. Shapes refer to it by spans and are only
/// appended.
#[derive(Debug, Default)]
pub(crate) struct Shapes {
    pub(crate) points: Vec<Point>,
    pub(crate) rings: Vec<StoredRing>,
}

/// A ring, line or point in the pool.
#[derive(Debug, Clone, Copy)]
pub(crate) struct StoredRing {
    /// In [`Shapes::points`].
    pub(crate) line: Span,
    pub(crate) role: RingRole,
}

impl Shapes {
    /// Appends points without a ring.
    pub(crate) fn add_line(&mut self, points: impl IntoIterator<Item = Point>) -> Span {
        let start = self.points.len() as u32;
        self.points.extend(points);
        Span { start, len: self.points.len() as u32 - start }
    }

    /// Appends a ring, line or point; the result is its line.
    pub(crate) fn add_ring(&mut self, points: impl IntoIterator<Item = Point>, role: RingRole) -> Span {
        let line = self.add_line(points);
        self.rings.push(StoredRing { line, role });
        line
    }

    /// Appends the polygons of an area, outer rings counter-clockwise and holes clockwise; the result is
    /// their rings.
    pub(crate) fn add_polygons(&mut self, area: &Area) -> Span {
        let start = self.rings.len();
        for polygon in &area.polygons {
            for (number, ring) in polygon.iter().enumerate() {
                let role = if number == 0 { RingRole::Outer } else { RingRole::Inner };
                if is_oriented(ring, number) {
                    self.add_ring(ring.iter().copied(), role);
                } else {
                    self.add_ring(ring.iter().rev().copied(), role);
                }
            }
        }
        self.rings_since(start)
    }

    /// The rings appended since there were `start` of them.
    pub(crate) fn rings_since(&self, start: usize) -> Span {
        Span { start: start as u32, len: (self.rings.len() - start) as u32 }
    }

    /// The points of all `rings`.
    pub(crate) fn points_of(&self, rings: Span) -> impl Iterator<Item = Point> {
        self.rings[rings.range()].iter().flat_map(|ring| &self.points[ring.line.range()]).copied()
    }

    /// The polygons that `rings` were appended from.
    pub(crate) fn area(&self, rings: Span) -> Area {
        let mut area = Area::default();
        for ring in &self.rings[rings.range()] {
            let corners = self.points[ring.line.range()].to_vec();
            match area.polygons.last_mut() {
                Some(polygon) if ring.role == RingRole::Inner => polygon.push(corners),
                _ => area.polygons.push(vec![corners]),
            }
        }
        area
    }
}
