//! The mark of a board that may not be printed: 样张, large and pale across the page, so that it shows in a
//! black-and-white copy and every figure stays legible.

use crate::colour::Colour;
use crate::error::PrintError;
use crate::fonts::{Face, Run};
use crate::path::Path;
use crate::scene::{Group, Item, Paint, Shape, Stroke};
use crate::style::down;

/// Size of the characters, as a share of the page's shorter side.
const SIZE: f64 = 0.16;
/// Rotation of the words, degrees counter-clockwise.
const RISE: f64 = 30.0;
/// Distances of the words along their line and between lines, in multiples of their size.
const APART: [f64; 2] = [3.4, 2.1];
/// Opacity of the letters' fill and of their outline.
const FILL: f64 = 0.08;
const RIM: f64 = 0.35;
/// Width of the outline, as a share of the size.
const RIM_WIDTH: f64 = 0.006;

/// Draws the mark over a page of a width and a height.
///
/// # Errors
///
/// When the font lacks a character, which the tests exclude.
pub(crate) fn draw([width, height]: [f64; 2]) -> Result<Item, PrintError> {
    let size = width.min(height) * SIZE;
    let word = word(size)?;
    let (sin, cos) = (-RISE).to_radians().sin_cos();
    let across = width.hypot(height);
    let mut path = Path::default();
    let [along, between] = APART.map(|apart| apart * size);
    let (words, lines) = ((across / along / 2.0).ceil() as i32, (across / between / 2.0).ceil() as i32);
    for line in -lines..=lines {
        // Every second line is shifted, so that no strip of the page is free of the mark.
        let shift = if line % 2 == 0 { 0.0 } else { along / 2.0 };
        for number in -words..=words {
            let [right, below] = [f64::from(number) * along + shift, f64::from(line) * between];
            let middle = [width / 2.0 + right * cos - below * sin, height / 2.0 + right * sin + below * cos];
            let inside =
                (-size..width + size).contains(&middle[0]) && (-size..height + size).contains(&middle[1]);
            if inside {
                let placed =
                    word.map(|[x, y]| [middle[0] + x * cos - y * sin, middle[1] + x * sin + y * cos]);
                path.0.extend(placed.0);
            }
        }
    }
    let ink = Colour([0; 3]);
    let shape = Shape {
        path,
        fill: Some(Paint { colour: ink, opacity: FILL }),
        stroke: Some(Stroke::solid(Paint { colour: ink, opacity: RIM }, size * RIM_WIDTH)),
        even_odd: false,
    };
    let page = Path::rectangle([0.0, 0.0, width, height]);
    let about = vec![("sample", "样张".to_owned())];
    Ok(Item::Group(Group { name: "sample", about, clip: Some(page), items: vec![Item::Shape(shape)] }))
}

/// The outlines of the word, around its middle.
fn word(size: f64) -> Result<Path, PrintError> {
    let run = Run::new("样张", Face::Bold)?;
    let baseline = [-run.width * size / 2.0, down(size)];
    let mut path = Path::default();
    for glyph in run.place(baseline, size, 0.0) {
        let outline = run.face.outline(glyph.id);
        path.0.extend(outline.map(|[x, y]| [glyph.at[0] + x * size, glyph.at[1] + y * size]).0);
    }
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::path::Segment;

    #[test]
    fn the_mark_lies_over_every_part_of_the_page() {
        for page in [[594.0, 841.0], [420.0, 297.0]] {
            let Item::Group(group) = draw(page).unwrap() else { panic!("no group") };
            let Item::Shape(shape) = &group.items[0] else { panic!("no shape") };
            let points: Vec<[f64; 2]> = shape
                .path
                .0
                .iter()
                .filter_map(|segment| match *segment {
                    Segment::Move(at) | Segment::Line(at) | Segment::Cubic(_, _, at) => Some(at),
                    Segment::Close => None,
                })
                .collect();
            // Every ninth of the page has a part of the mark.
            for cell in 0..9 {
                let low = [page[0] / 3.0 * f64::from(cell % 3), page[1] / 3.0 * f64::from(cell / 3)];
                let inside = |at: &&[f64; 2]| {
                    [0, 1]
                        .iter()
                        .all(|axis| (low[*axis]..low[*axis] + page[*axis] / 3.0).contains(&at[*axis]))
                };
                assert!(points.iter().filter(inside).count() > 10, "{page:?} {cell}");
            }
            // The letters are pale: text under them keeps its contrast.
            assert!(shape.fill.is_some_and(|fill| fill.opacity < 0.1));
            assert!(shape.stroke.as_ref().is_some_and(|stroke| stroke.paint.opacity < 0.4));
        }
    }
}
