//! Lines and curves, in millimetres.

use Segment::{Close, Cubic, Line, Move};

/// A place on the page, millimetres.
pub(crate) type Xy = [f64; 2];

/// Lines and curves.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Path(pub(crate) Vec<Segment>);

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Segment {
    Move(Xy),
    Line(Xy),
    Cubic(Xy, Xy, Xy),
    Close,
}

impl Path {
    pub(crate) fn line(points: &[Xy]) -> Self {
        let mut path = Self::default();
        path.add_line(points);
        path
    }

    pub(crate) fn rectangle([x, y, width, height]: [f64; 4]) -> Self {
        Self::rounded([x, y, width, height], 0.0)
    }

    pub(crate) fn rounded([x, y, width, height]: [f64; 4], radius: f64) -> Self {
        let radius = radius.min(width / 2.0).min(height / 2.0);
        let (right, bottom) = (x + width, y + height);
        if radius <= 0.0 {
            let mut path = Self::default();
            path.add_ring(&[[x, y], [right, y], [right, bottom], [x, bottom]]);
            return path;
        }
        let inner = radius * (1.0 - KAPPA);
        Self(vec![
            Move([x + radius, y]),
            Line([right - radius, y]),
            Cubic([right - inner, y], [right, y + inner], [right, y + radius]),
            Line([right, bottom - radius]),
            Cubic([right, bottom - inner], [right - inner, bottom], [right - radius, bottom]),
            Line([x + radius, bottom]),
            Cubic([x + inner, bottom], [x, bottom - inner], [x, bottom - radius]),
            Line([x, y + radius]),
            Cubic([x, y + inner], [x + inner, y], [x + radius, y]),
            Close,
        ])
    }

    pub(crate) fn circle([x, y]: Xy, radius: f64) -> Self {
        Self::rounded([x - radius, y - radius, radius * 2.0, radius * 2.0], radius)
    }

    /// Adds an open line.
    pub(crate) fn add_line(&mut self, points: &[Xy]) {
        for (number, point) in points.iter().enumerate() {
            self.0.push(if number == 0 { Segment::Move(*point) } else { Segment::Line(*point) });
        }
    }

    /// Adds a ring. The first point is not repeated at the end.
    pub(crate) fn add_ring(&mut self, points: &[Xy]) {
        if points.len() > 2 {
            self.add_line(points);
            self.0.push(Segment::Close);
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Transforms every point.
    pub(crate) fn map(&self, to: impl Fn(Xy) -> Xy) -> Self {
        Self(
            self.0
                .iter()
                .map(|segment| match *segment {
                    Segment::Move(a) => Segment::Move(to(a)),
                    Segment::Line(a) => Segment::Line(to(a)),
                    Segment::Cubic(a, b, c) => Segment::Cubic(to(a), to(b), to(c)),
                    Segment::Close => Segment::Close,
                })
                .collect(),
        )
    }
}

/// Distance of the handles of a quarter circle from its ends, as a share of the radius.
const KAPPA: f64 = 0.552_285;
