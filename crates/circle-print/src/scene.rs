//! The contents of a page: shapes and set text, in millimetres from its top left corner, y downwards. Every
//! output format draws a scene.

use crate::colour::Colour;
use crate::fonts::{Face, Glyph};
use crate::logo::Logo;
use crate::path::{Path, Xy};

/// A page.
#[derive(Debug, Default)]
pub(crate) struct Scene {
    /// Width and height of the trimmed page.
    pub(crate) size: Xy,
    /// Width of the bleed beyond each edge, millimetres.
    pub(crate) bleed: f64,
    /// Whether crop marks are drawn.
    pub(crate) crop_marks: bool,
    pub(crate) title: String,
    pub(crate) items: Vec<Item>,
}

/// One item of a page.
#[derive(Debug)]
pub(crate) enum Item {
    Shape(Shape),
    Text(Text),
    /// A named group, clipped to a path.
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
    /// Fill rule: even–odd if `true`, else non-zero winding.
    pub(crate) even_odd: bool,
}

/// A colour with its opacity.
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

/// An outline. Joins and caps are round unless `butt`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Stroke {
    pub(crate) paint: Paint,
    pub(crate) width: f64,
    /// Lengths of dashes and gaps; empty for a solid line.
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
    /// The text, for search and screen readers.
    pub(crate) text: String,
    pub(crate) face: Face,
    /// Size of the em square, millimetres.
    pub(crate) size: f64,
    pub(crate) colour: Colour,
    /// Halo: colour and width, so that the text is legible on any ground.
    pub(crate) halo: Option<(Colour, f64)>,
    pub(crate) glyphs: Vec<Glyph>,
    /// Length from the first glyph to the end of the last, along the line.
    pub(crate) width: f64,
}

/// A group of items.
#[derive(Debug, Default)]
pub(crate) struct Group {
    /// Name of the group, written as a class in the SVG.
    pub(crate) name: &'static str,
    /// Attributes of the group, written as `data-*` in the SVG.
    pub(crate) about: Vec<(&'static str, String)>,
    pub(crate) clip: Option<Path>,
    pub(crate) items: Vec<Item>,
}
