//! Geometries of rows.

use circle_model::{City, Point, city::Span};
use std::sync::Arc;

/// The geometry of a row. Cheap to clone, because all rows of a compound share one shape.
#[derive(Debug, Clone, PartialEq)]
pub enum TableGeometry {
    /// A point.
    Point(Point),
    /// Polygons: each has its outer ring counter-clockwise, then its holes clockwise, all closed.
    Polygons(Arc<[Vec<Vec<Point>>]>),
}

impl TableGeometry {
    /// The geometry of a record: its polygons, else its point.
    pub fn of(city: &City, rings: Span, point: Point) -> Self {
        let polygons = crate::geometry::polygons(city, rings);
        if polygons.is_empty() { Self::Point(point) } else { Self::Polygons(polygons.into()) }
    }
}
