//! The bands: one hue in steps of lightness, a pattern for each, an outline, and a label on the rim. So
//! readers tell them apart in colour, without colour, and in a black-and-white copy.

use super::places::{Block, Places};
use super::view::View;
use crate::colour::Colour;
use crate::contents::Band;
use crate::error::PrintError;
use crate::fonts::{Face, Run};
use crate::path::{Path, Xy};
use crate::scene::{Group, Item, Paint, Shape, Stroke};
use crate::settings::LEAST_CONTRAST;
use crate::style::{Hung, Style, set};
use circle_model::Point;
use circle_model::simplify::simplify;

/// Maximum displacement of a rim by smoothing, metres. Walks are not known more precisely.
const SMOOTHED_METRES: f64 = 3.0;

/// Draws the filled bands with their patterns.
pub(super) fn fill(view: &View, style: &Style<'_>, bands: &[Band]) -> Vec<Item> {
    let mut items = Vec::new();
    for (number, band) in bands.iter().enumerate().rev() {
        // Each disc contains the previous one, so an even–odd path of both is the ring between them.
        let mut path = smooth(view, &band.disc);
        if let Some(inner) = number.checked_sub(1) {
            path.0.extend(smooth(view, &bands[inner].disc).0);
        }
        if path.is_empty() {
            continue;
        }
        let colour = style.bands[number];
        let paint = Paint { colour, opacity: opacity(style, number) };
        items.push(Item::Shape(Shape {
            path: path.clone(),
            fill: Some(paint),
            stroke: None,
            even_odd: true,
        }));
        let lines = pattern(style, number, view.area, colour);
        items.push(Item::Group(Group { name: "pattern", about: Vec::new(), clip: Some(path), items: lines }));
    }
    items
}

/// Opacity of a band's fill: the nearest band is the strongest.
pub(crate) fn opacity(style: &Style<'_>, band: usize) -> f64 {
    style.look.day.band.opacity + if band == 0 { 0.08 } else { 0.0 }
}

/// Draws the pattern of a band over a box.
pub(crate) fn pattern(
    style: &Style<'_>,
    band: usize,
    [x, y, width, height]: [f64; 4],
    colour: Colour,
) -> Vec<Item> {
    let known = &style.look.board.patterns;
    let name = known[band.min(known.len() - 1)].as_str();
    let gap = if name == "dots" { 3.2 } else { 3.6 } * style.scale.max(0.6);
    let mut path = Path::default();
    let mut diagonals = |down: bool| {
        let steps = ((width + height) / gap).ceil() as i32;
        for step in 0..=steps {
            let along = f64::from(step) * gap;
            // Hatching runs from the top or left side to the right or bottom side of the box.
            let (a, b) = (
                (along.min(width), (along - width).max(0.0)),
                ((along - height).max(0.0), along.min(height)),
            );
            let flip = |(dx, dy): (f64, f64)| [x + dx, if down { y + height - dy } else { y + dy }];
            path.add_line(&[flip(a), flip(b)]);
        }
    };
    let paint = Paint { colour, opacity: 0.4 };
    let width_of = 0.16 * style.scale.max(0.6);
    let stroke = match name {
        "cross" => {
            diagonals(false);
            diagonals(true);
            Stroke::solid(paint, width_of)
        }
        "diagonal" => {
            diagonals(false);
            Stroke::solid(paint, width_of)
        }
        _ => {
            let rows = (height / gap).ceil() as i32;
            for row in 0..=rows {
                let (dy, shift) = (f64::from(row) * gap, if row % 2 == 0 { 0.0 } else { gap / 2.0 });
                path.add_line(&[[x + shift, y + dy], [x + width, y + dy]]);
            }
            // A dash of length 0 with round caps is a dot.
            let paint = Paint { colour, opacity: 0.75 };
            Stroke::dashed(paint, width_of * 3.4, [0.001, gap])
        }
    };
    vec![Item::Shape(Shape { path, fill: None, stroke: Some(stroke), even_odd: false })]
}

/// Draws the rims, the nearest the strongest.
pub(super) fn outline(view: &View, style: &Style<'_>, bands: &[Band]) -> Vec<Item> {
    let rim = |(number, band): (usize, &Band)| {
        let colour = label_colour(style, number);
        let width = [1.3, 0.95, 0.75][number.min(2)] * style.scale;
        let dash = if number == 2 { vec![3.0 * style.scale, 1.8 * style.scale] } else { Vec::new() };
        Item::Shape(Shape {
            path: rims(view, style, &band.disc),
            fill: None,
            stroke: Some(Stroke::dashed(colour, width, dash)),
            even_odd: false,
        })
    };
    bands.iter().enumerate().rev().map(rim).collect()
}

/// The band's colour where it carries text or is text.
pub(crate) fn label_colour(style: &Style<'_>, band: usize) -> Colour {
    if style.settings.colours.bands.is_empty() {
        let known = &style.look.day.band.labels;
        known[band.min(known.len() - 1)]
    } else {
        // The contrast must suffice for white text on it and for it on paper.
        style.bands[band].darkened(style.paper, LEAST_CONTRAST)
    }
}

/// Sets a label on every rim that has room for it, as high up as possible.
pub(super) fn labels(
    view: &View,
    style: &Style<'_>,
    bands: &[Band],
    places: &mut Places,
) -> Result<Vec<Item>, PrintError> {
    let mut items = Vec::new();
    let size = style.em(style.look.board.sizes.band) * 0.72;
    for (number, band) in bands.iter().enumerate() {
        let run = Run::new(&format!("{} 分钟", band.minutes), Face::Bold)?;
        let half = [run.width * size / 2.0 + size * 0.45, size * 0.72];
        let mut rim: Vec<Xy> = band
            .disc
            .iter()
            .filter_map(|polygon| polygon.first())
            .flatten()
            .map(|point| view.place(*point))
            .collect();
        rim.sort_by(|a, b| a[1].total_cmp(&b[1]));
        let block = |at: &Xy| Block { middle: *at, half, angle: 0.0 };
        let fits = |at: &&Xy| {
            view.holds(**at, half[0].max(half[1]) + style.unit) && places.free(&[block(at).grown(0.6)])
        };
        let Some(at) = rim.iter().find(fits).copied() else { continue };
        places.take("band label", vec![block(&at)]);
        let [x, y] = at;
        items.push(Item::Shape(Shape {
            path: Path::rounded([x - half[0], y - half[1], half[0] * 2.0, half[1] * 2.0], half[1]),
            fill: Some(label_colour(style, number).into()),
            stroke: Some(Stroke::solid(Colour::WHITE, 0.5 * style.scale)),
            even_odd: false,
        }));
        items.push(set(&run, Hung::Middle, at, size, Colour::WHITE));
    }
    Ok(items)
}

/// The rims long enough for the eye to follow.
fn rims(view: &View, style: &Style<'_>, polygons: &[Vec<Vec<Point>>]) -> Path {
    let least = 90.0 * style.scale * style.scale;
    let large = |ring: &&Vec<Point>| {
        let placed: Vec<Xy> = ring.iter().map(|point| view.place(*point)).collect();
        let pairs = placed.iter().zip(placed.iter().skip(1));
        pairs.map(|(a, b)| a[0] * b[1] - b[0] * a[1]).sum::<f64>().abs() / 2.0 >= least
    };
    let rings: Vec<Vec<Point>> = polygons.iter().flatten().filter(large).cloned().collect();
    smooth(view, &[rings])
}

/// Projects polygons to the page and smooths the lattice steps.
fn smooth(view: &View, polygons: &[Vec<Vec<Point>>]) -> Path {
    let mut path = Path::default();
    for ring in polygons.iter().flatten() {
        let placed: Vec<Xy> = ring.iter().map(|point| view.place(*point)).collect();
        let placed = simplify(&placed, SMOOTHED_METRES * view.scale);
        if placed.len() > 4 {
            path.add_ring(&rounded(&rounded(&placed[..placed.len() - 1])));
        } else {
            path.add_ring(&placed[..placed.len().saturating_sub(1)]);
        }
    }
    path
}

/// Cuts the corners of a ring (Chaikin 1974), with a limit on the cut so that long sides stay straight.
fn rounded(ring: &[Xy]) -> Vec<Xy> {
    let mut cut = Vec::with_capacity(ring.len() * 2);
    for (a, b) in ring.iter().zip(ring.iter().cycle().skip(1)) {
        let length = (b[0] - a[0]).hypot(b[1] - a[1]).max(1e-9);
        let share = (0.25f64).min(4.0 / length);
        cut.push([0, 1].map(|axis| a[axis] + (b[axis] - a[axis]) * share));
        cut.push([0, 1].map(|axis| b[axis] - (b[axis] - a[axis]) * share));
    }
    cut
}
