//! Numbered markers: a circle with the number and, if there is room, the pictogram beside it. Markers never
//! overlap. A marker that was moved has a leader line to its facility.

use super::places::{Block, Places};
use super::view::View;
use crate::colour::Colour;
use crate::contents::{Entry, Listed};
use crate::error::PrintError;
use crate::fonts::{Face, Run};
use crate::path::{Path, Xy};
use crate::pictograms::{STROKE, pictogram};
use crate::scene::{Group, Item, Shape, Stroke};
use crate::style::{Hung, Style, set};

/// Maximum displacement of a marker, in radii.
const FARTHEST: f64 = 30.0;

struct Mark<'a> {
    number: u32,
    entry: &'a Entry,
    /// Position of the facility.
    at: Xy,
    /// Position of its marker.
    stands: Xy,
    pill: bool,
}

pub(super) fn radius(style: &Style<'_>) -> f64 {
    (4.6 * style.scale).max(2.3)
}

/// Reserves the positions of the facilities until their markers are placed, so that labels leave them free.
pub(super) fn keep_clear(view: &View, style: &Style<'_>, listed: &Listed, places: &mut Places) {
    for (_, entry) in listed.sections.iter().flat_map(|section| &section.entries) {
        places.reserve(Block::around(view.place(entry.at), radius(style)));
    }
}

pub(super) fn draw(
    view: &View,
    style: &Style<'_>,
    listed: &Listed,
    places: &mut Places,
) -> Result<Vec<Item>, PrintError> {
    places.release();
    let radius = radius(style);
    let gap = 0.35 * style.scale;
    let mut marks: Vec<Mark<'_>> = Vec::new();
    for (number, entry) in listed.sections.iter().flat_map(|section| &section.entries) {
        let at = view.place(entry.at);
        let stands = standing(view, places, at, radius, gap);
        let mut blocks = vec![Block::around(stands, radius + gap)];
        blocks.extend(
            leader_block(at, stands, radius + gap)
                .filter(|block| places.free_of_things(std::slice::from_ref(block))),
        );
        places.take("marker", blocks);
        marks.push(Mark { number: *number, entry, at, stands, pill: false });
    }
    // Circles are placed first; a pictogram is added only where there is room beside its circle.
    for mark in &mut marks {
        let (left, right) = (radius + gap * 1.01, radius * 2.9);
        let middle = [mark.stands[0] + f64::midpoint(left, right), mark.stands[1]];
        let beside = Block { middle, half: [(right - left) / 2.0, radius], angle: 0.0 };
        let room = Block { half: [beside.half[0], radius + gap], ..beside };
        if view.holds(beside.middle, radius * 2.0) && places.free(&[room]) {
            places.take("pictogram", vec![beside]);
            mark.pill = true;
        }
    }
    let mut items: Vec<Item> = marks.iter().flat_map(|mark| leader(style, mark, radius)).collect();
    for mark in &marks {
        let about = vec![("facility-id", mark.entry.key.clone()), ("number", mark.number.to_string())];
        items.push(Item::Group(Group {
            name: "marker",
            about,
            clip: None,
            items: circle(style, mark, radius)?,
        }));
    }
    Ok(items)
}

/// The free position nearest to the facility.
fn standing(view: &View, places: &Places, at: Xy, radius: f64, gap: f64) -> Xy {
    let free = |place: Xy| {
        view.holds(place, radius * 1.3) && places.free_of_things(&[Block::around(place, radius + gap)])
    };
    if free(at) {
        return at;
    }
    // First choice: a position with an unobstructed leader line; second: any free position nearby.
    let clear =
        |place: Xy| leader_block(at, place, radius).is_none_or(|block| places.free_of_things(&[block]));
    let anywhere = |_: Xy| true;
    let nearest = |farthest: f64, accepts: &dyn Fn(Xy) -> bool| {
        let mut distance = radius * 1.25;
        while distance < radius * farthest {
            let steps = (distance / radius * 5.0).ceil().max(12.0);
            for step in 0..(steps as u32) {
                // The search starts at the upper right, where readers look for a marker.
                let angle = (f64::from(step) / steps * 360.0 - 45.0).to_radians();
                let place = [at[0] + distance * angle.cos(), at[1] + distance * angle.sin()];
                if free(place) && accepts(place) {
                    return Some(place);
                }
            }
            distance += radius * 0.5;
        }
        None
    };
    nearest(CLEAR, &clear).or_else(|| nearest(FARTHEST, &anywhere)).unwrap_or(at)
}

/// Maximum displacement of a marker that needs an unobstructed leader line, in radii.
const CLEAR: f64 = 12.0;

/// The box of a leader line, which starts slightly outside the facility's position.
fn leader_block(at: Xy, stands: Xy, radius: f64) -> Option<Block> {
    let [dx, dy] = [stands[0] - at[0], stands[1] - at[1]];
    let length = dx.hypot(dy);
    let seen = length - radius;
    (seen > 0.5).then(|| {
        let middle = [0, 1].map(|axis| at[axis] + [dx, dy][axis] / length * seen / 2.0);
        Block { middle, half: [seen / 2.0, 0.2], angle: dy.atan2(dx).to_degrees() }
    })
}

fn leader(style: &Style<'_>, mark: &Mark<'_>, radius: f64) -> Vec<Item> {
    let moved = (mark.stands[0] - mark.at[0]).hypot(mark.stands[1] - mark.at[1]);
    if moved < radius * 0.5 {
        return Vec::new();
    }
    let colour = style.group(mark.entry.group);
    vec![
        Item::Shape(Shape {
            path: Path::line(&[mark.at, mark.stands]),
            fill: None,
            stroke: Some(Stroke::solid(Colour::WHITE, 1.1 * style.scale)),
            even_odd: false,
        }),
        Item::Shape(Shape {
            path: Path::line(&[mark.at, mark.stands]),
            fill: None,
            stroke: Some(Stroke::solid(colour, 0.45 * style.scale)),
            even_odd: false,
        }),
        Item::Shape(Shape {
            path: Path::circle(mark.at, 0.9 * style.scale),
            fill: Some(colour.into()),
            stroke: Some(Stroke::solid(Colour::WHITE, 0.3 * style.scale)),
            even_odd: false,
        }),
    ]
}

fn circle(style: &Style<'_>, mark: &Mark<'_>, radius: f64) -> Result<Vec<Item>, PrintError> {
    let colour = style.group(mark.entry.group);
    let [x, y] = mark.stands;
    let rim = Stroke::solid(Colour::WHITE, radius * 0.16);
    let width = if mark.pill { radius * 3.8 } else { radius * 2.0 };
    let mut items = vec![Item::Shape(Shape {
        path: Path::rounded([x - radius, y - radius, width, radius * 2.0], radius),
        fill: Some(colour.into()),
        stroke: Some(rim),
        even_odd: false,
    })];
    items.push(number(mark.number, mark.stands, radius)?);
    if mark.pill {
        items.push(symbol(&mark.entry.icon, [x + radius * 1.75, y], radius * 1.25, Colour::WHITE));
    }
    Ok(items)
}

/// A number in a circle.
pub(crate) fn number(number: u32, at: Xy, radius: f64) -> Result<Item, PrintError> {
    let run = Run::new(&number.to_string(), Face::Bold)?;
    let size = if number < 100 { radius * 1.18 } else { radius * 0.9 };
    Ok(set(&run, Hung::Middle, at, size, Colour::WHITE))
}

/// A pictogram, given by its centre.
pub(crate) fn symbol(icon: &str, at: Xy, size: f64, colour: Colour) -> Item {
    let path = pictogram(icon).map(|[x, y]| [at[0] + (x - 0.5) * size, at[1] + (y - 0.5) * size]);
    Item::Shape(Shape {
        path,
        fill: None,
        stroke: Some(Stroke::solid(colour, size * STROKE)),
        even_odd: false,
    })
}
