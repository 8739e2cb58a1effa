//! Pictograms from `data/pictograms.toml`, which the page uses too.

use crate::path::{Path, Segment};
use resvg::{tiny_skia::PathSegment, usvg};
use std::collections::HashMap;
use std::fmt::Write;
use std::sync::OnceLock;

/// Stroke width on a unit square.
pub(crate) const STROKE: f64 = 1.9 / 24.0;

/// Returns the strokes of a pictogram on a unit square; a small square if the name is unknown.
pub(crate) fn pictogram(name: &str) -> &'static Path {
    static ALL: OnceLock<HashMap<String, Path>> = OnceLock::new();
    static NONE: Path = Path(Vec::new());
    let all = ALL.get_or_init(read);
    all.get(name).or_else(|| all.get("square")).unwrap_or(&NONE)
}

#[expect(clippy::expect_used, reason = "the file is compiled in and a test reads it")]
fn read() -> HashMap<String, Path> {
    let data: HashMap<String, String> =
        toml::from_str(include_str!("../../../data/pictograms.toml")).expect("data/pictograms.toml");
    data.into_iter().map(|(name, path)| (name, parse(&path))).collect()
}

/// Parses SVG path data. usvg reads every command of the path syntax.
fn parse(data: &str) -> Path {
    let mut svg = String::new();
    // Writing to a `String` never fails.
    let _ = write!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"24\" height=\"24\"><path d=\"{data}\" stroke=\"#000\"/></svg>"
    );
    let mut path = Path::default();
    if let Ok(tree) = usvg::Tree::from_str(&svg, &usvg::Options::default()) {
        tree.root().children().iter().for_each(|node| add(node, &mut path));
    }
    path
}

fn add(node: &usvg::Node, path: &mut Path) {
    match node {
        usvg::Node::Group(group) => group.children().iter().for_each(|node| add(node, path)),
        usvg::Node::Path(strokes) => {
            let place = |at: resvg::tiny_skia::Point| [f64::from(at.x) / 24.0, f64::from(at.y) / 24.0];
            let mut from = [0.0; 2];
            for segment in strokes.data().segments() {
                let (segment, to) = match segment {
                    PathSegment::MoveTo(a) => (Segment::Move(place(a)), place(a)),
                    PathSegment::LineTo(a) => (Segment::Line(place(a)), place(a)),
                    PathSegment::QuadTo(a, b) => {
                        let (handle, to) = (place(a), place(b));
                        let third = |end: [f64; 2]| {
                            [0, 1].map(|axis| end[axis] + (handle[axis] - end[axis]) * 2.0 / 3.0)
                        };
                        (Segment::Cubic(third(from), third(to), to), to)
                    }
                    PathSegment::CubicTo(a, b, c) => (Segment::Cubic(place(a), place(b), place(c)), place(c)),
                    PathSegment::Close => (Segment::Close, from),
                };
                path.0.push(segment);
                from = to;
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use circle_model::Catalogue;

    #[test]
    fn every_category_has_its_pictogram() {
        let all = read();
        for category in Catalogue::built_in().categories {
            let path = all.get(&category.icon).unwrap_or_else(|| panic!("no pictogram `{}`", category.icon));
            assert!(!path.is_empty(), "{}", category.icon);
        }
    }
}
