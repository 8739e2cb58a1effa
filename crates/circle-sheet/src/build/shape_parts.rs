//! Reduces the parts of a geometry to one shape.

use super::builder::SheetBuilder;
use crate::sheet::Shape;

/// The parts of one geometry, of any kinds.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct ShapeParts {
    pub(crate) points: Vec<[f64; 2]>,
    pub(crate) lines: Vec<Vec<[f64; 2]>>,
    /// Polygons of an outer ring and its holes.
    pub(crate) polygons: Vec<Vec<Vec<[f64; 2]>>>,
}

impl ShapeParts {
    /// The polygons if there are any, else the lines, else the first point.
    ///
    /// # Errors
    /// If a coordinate is not finite.
    pub(crate) fn into_shape(self, builder: &mut SheetBuilder<'_>) -> Result<Shape, &'static str> {
        let Self { points, mut lines, mut polygons } = self;
        let rings = polygons.iter().flatten().chain(&lines);
        if !rings.flatten().chain(&points).flatten().all(|coordinate| coordinate.is_finite()) {
            return Err("one of its coordinates is not a number");
        }
        lines.retain(|line| !line.is_empty());
        // Holes without an outer ring have no meaning.
        polygons.retain(|polygon| polygon.first().is_some_and(|outer| !outer.is_empty()));
        for ring in polygons.iter_mut().flatten() {
            if ring.first() != ring.last() {
                ring.extend(ring.first().copied());
            }
        }
        polygons.iter_mut().for_each(|polygon| polygon.retain(|ring| !ring.is_empty()));
        let kinds = [!polygons.is_empty(), !lines.is_empty(), !points.is_empty()];
        if kinds.into_iter().filter(|kind| *kind).count() > 1 {
            builder.remark_on_row(
                "of geometries of several types only the polygons were read, or else the lines",
            );
        }
        Ok(if !polygons.is_empty() {
            Shape::Polygons(polygons)
        } else if !lines.is_empty() {
            Shape::Lines(lines)
        } else {
            if points.len() > 1 {
                builder.remark_on_row("of geometries of several points only the first was read");
            }
            points.first().map_or(Shape::None, |point| Shape::Point(*point))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn polygons_take_precedence_over_lines_and_lines_over_points() {
        let mut builder = SheetBuilder::new(Path::new("x"));
        let ring = vec![[0.0, 0.0], [1.0, 0.0], [1.0, 1.0]];
        let all = |polygons: Vec<_>, lines: Vec<_>| ShapeParts {
            points: vec![[5.0, 5.0], [6.0, 6.0]],
            lines,
            polygons,
        };
        let mut closed = ring.clone();
        closed.push(ring[0]);
        let both = all(vec![vec![ring.clone(), vec![]]], vec![ring.clone()]);
        assert_eq!(both.into_shape(&mut builder), Ok(Shape::Polygons(vec![vec![closed]])));
        let lines = all(vec![vec![vec![]], vec![]], vec![ring.clone()]);
        assert_eq!(lines.into_shape(&mut builder), Ok(Shape::Lines(vec![ring])));
        assert_eq!(all(vec![], vec![vec![]]).into_shape(&mut builder), Ok(Shape::Point([5.0, 5.0])));
        assert_eq!(ShapeParts::default().into_shape(&mut builder), Ok(Shape::None));
        let infinite = ShapeParts { points: vec![[1.0, f64::INFINITY]], ..ShapeParts::default() };
        assert!(infinite.into_shape(&mut builder).is_err());
        builder.reject(1, "", "").unwrap();
        assert_eq!(builder.finish("x").unwrap().remarks.len(), 2);
    }
}
