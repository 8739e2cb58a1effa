//! One shape of the parts that a geometry has in its file.

use super::{Builder, Shape};

/// The parts of one geometry, of whatever kinds.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Parts {
    pub(super) points: Vec<[f64; 2]>,
    pub(super) lines: Vec<Vec<[f64; 2]>>,
    /// Polygons of an outer ring and its holes.
    pub(super) polygons: Vec<Vec<Vec<[f64; 2]>>>,
}

impl Parts {
    /// The polygons if there are any, else the lines, else the first point.
    ///
    /// A facility of several points is one facility: it stands at the first of them.
    pub(super) fn into_shape(self, builder: &mut Builder) -> Result<Shape, &'static str> {
        let Self { points, mut lines, mut polygons } = self;
        let rings = polygons.iter().flatten().chain(&lines);
        if !rings.flatten().chain(&points).flatten().all(|coordinate| coordinate.is_finite()) {
            return Err("a coordinate of it is not a number");
        }
        lines.retain(|line| !line.is_empty());
        // Without its outer ring the holes of a polygon mean nothing.
        polygons.retain(|polygon| polygon.first().is_some_and(|outer| !outer.is_empty()));
        for ring in polygons.iter_mut().flatten() {
            if ring.first() != ring.last() {
                ring.extend(ring.first().copied());
            }
        }
        polygons.iter_mut().for_each(|polygon| polygon.retain(|ring| !ring.is_empty()));
        let kinds = [!polygons.is_empty(), !lines.is_empty(), !points.is_empty()];
        if kinds.into_iter().filter(|kind| *kind).count() > 1 {
            builder.say_of_row("of shapes of several kinds the polygons were taken, or else the lines");
        }
        Ok(if !polygons.is_empty() {
            Shape::Polygons(polygons)
        } else if !lines.is_empty() {
            Shape::Lines(lines)
        } else {
            if points.len() > 1 {
                builder.say_of_row("of shapes of several points the first was taken");
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
    fn polygons_go_before_lines_and_lines_before_points() {
        let mut builder = Builder::new(Path::new("x"));
        let ring = vec![[0.0, 0.0], [1.0, 0.0], [1.0, 1.0]];
        let all =
            |polygons: Vec<_>, lines: Vec<_>| Parts { points: vec![[5.0, 5.0], [6.0, 6.0]], lines, polygons };
        let mut closed = ring.clone();
        closed.push(ring[0]);
        let both = all(vec![vec![ring.clone(), vec![]]], vec![ring.clone()]);
        assert_eq!(both.into_shape(&mut builder), Ok(Shape::Polygons(vec![vec![closed]])));
        let lines = all(vec![vec![vec![]], vec![]], vec![ring.clone()]);
        assert_eq!(lines.into_shape(&mut builder), Ok(Shape::Lines(vec![ring])));
        assert_eq!(all(vec![], vec![vec![]]).into_shape(&mut builder), Ok(Shape::Point([5.0, 5.0])));
        assert_eq!(Parts::default().into_shape(&mut builder), Ok(Shape::None));
        let endless = Parts { points: vec![[1.0, f64::INFINITY]], ..Parts::default() };
        assert!(endless.into_shape(&mut builder).is_err());
        builder.reject(1, "", "").unwrap();
        assert_eq!(builder.finish("x").unwrap().said.len(), 2);
    }
}
