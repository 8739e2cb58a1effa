//! What is on a page: shapes and set text, in millimetres from its top left corner, y down. Every format draws this.

use crate::colour::Colour;
use crate::fonts::Face;
use crate::logo::Logo;
use Segment::{Close, Cubic, Line, Move};

/// A place on the page, millimetres.
pub(crate) type Xy = [f64; 2];

/// A page.
#[derive(Debug, Default)]
pub(crate) struct Scene {
    /// Width and height of the trimmed page.
    pub(crate) size: Xy,
    /// How far the ground is drawn beyond each edge, to be cut off.
    pub(crate) bleed: f64,
    /// Marks where to cut.
    pub(crate) crop_marks: bool,
    pub(crate) title: String,
    pub(crate) items: Vec<Item>,
}

/// One thing on it.
#[derive(Debug)]
pub(crate) enum Item {
    Shape(Shape),
    Text(Text),
    /// Items that belong together, cut at a path.
    Group(Group),
    /// A logo in a box: left, top, width, height.
    Logo(Logo, [f64; 4]),
}

/// A path with fill and outline.
#[derive(Debug, Default)]
pub(crate) struct Shape {
    pub(crate) path: Path,
    pub(crate) fill: Option<Paint>,
    pub(crate) stroke: Option<Stroke>,
    /// What is inside two rings is outside; else the rings' turns count.
    pub(crate) even_odd: bool,
}

/// A colour and how much of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Paint {
    pub(crate) colour: Colour,
    pub(crate) opacity: f64,
}

impl From<Colour> for Paint {
    fn from(colour: Colour) -> Self {
        Self { colour, opacity: 1.0 }
    }
}

/// An outline; its corners and ends are round unless `butt`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Stroke {
    pub(crate) paint: Paint,
    pub(crate) width: f64,
    /// Lengths of dashes and gaps; none is a solid line.
    pub(crate) dash: Vec<f64>,
    pub(crate) butt: bool,
}

impl Stroke {
    pub(crate) fn solid(paint: impl Into<Paint>, width: f64) -> Self {
        Self { paint: paint.into(), width, dash: Vec::new(), butt: false }
    }

    pub(crate) fn dashed(paint: impl Into<Paint>, width: f64, dash: impl Into<Vec<f64>>) -> Self {
        Self { paint: paint.into(), width, dash: dash.into(), butt: false }
    }
}

/// Set text.
#[derive(Debug, Clone)]
pub(crate) struct Text {
    /// What it says, for search and for who cannot see it.
    pub(crate) text: String,
    pub(crate) face: Face,
    /// Size of the em square.
    pub(crate) size: f64,
    pub(crate) colour: Colour,
    /// A rim in another colour, as wide as said, so that it is read on any ground.
    pub(crate) halo: Option<(Colour, f64)>,
    pub(crate) glyphs: Vec<Glyph>,
    /// From its first glyph to the end of its last, along the line.
    pub(crate) width: f64,
}

/// A glyph in its place.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Glyph {
    pub(crate) id: u16,
    /// Left end of its baseline.
    pub(crate) at: Xy,
    /// Turned clockwise about that place, degrees.
    pub(crate) angle: f64,
    /// Its bytes of the text.
    pub(crate) range: std::ops::Range<usize>,
}

impl Glyph {
    /// Whether it is turned as another is.
    pub(crate) fn lies_along(&self, other: &Self) -> bool {
        (self.angle - other.angle).abs() < 1e-9
    }
}

/// Items that belong together.
#[derive(Debug, Default)]
pub(crate) struct Group {
    /// What they are, as a class of the SVG.
    pub(crate) name: &'static str,
    /// What it is about, as `data-` attributes of the SVG.
    pub(crate) about: Vec<(&'static str, String)>,
    pub(crate) clip: Option<Path>,
    pub(crate) items: Vec<Item>,
}

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

    /// Adds a ring; its first point is not said again.
    pub(crate) fn add_ring(&mut self, points: &[Xy]) {
        if points.len() > 2 {
            self.add_line(points);
            self.0.push(Segment::Close);
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Every point turned into another.
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

/// Where the handles of a quarter circle lie, as a share of its radius.
const KAPPA: f64 = 0.552_285;
