//! Map furniture: the position marker, the north arrow and the scale bar in metres and minutes.

use super::places::{Block, Places};
use super::view::View;
use crate::colour::Colour;
use crate::contents::Contents;
use crate::error::PrintError;
use crate::fonts::{Face, Run};
use crate::path::{Path, Xy};
use crate::scene::{Item, Paint, Shape, Stroke};
use crate::style::{Hung, Style, set};

/// Draws the north arrow and the scale bar at the bottom left.
pub(super) fn draw(view: &View, style: &Style<'_>, places: &mut Places) -> Result<Vec<Item>, PrintError> {
    let [x, y, width, height] = view.area;
    let gap = style.unit * 1.6;
    let mut items = Vec::new();
    let size = style.em(style.look.board.sizes.fine + 0.8);
    let metres_of_minute = style.settings.profile.pace.speed.value() * 60.0;
    let longest = width * 0.3 / view.scale;
    let metres = [2000.0, 1000.0, 500.0, 200.0, 100.0, 50.0, 20.0, 10.0]
        .into_iter()
        .find(|metres| *metres <= longest)
        .unwrap_or(10.0);
    let bar = metres * view.scale;
    let (plate_width, plate_height) = (bar + size * 5.5, size * 4.4);
    let plate = [x + gap, y + height - gap - plate_height, plate_width, plate_height];
    items.push(self::plate(style, plate));
    places.take("scale bar", vec![Block::level(plate)]);
    let (left, middle) = (plate[0] + size * 1.2, plate[1] + plate_height / 2.0);
    let stroke = Stroke { butt: true, ..Stroke::solid(style.text, 0.35 * style.scale) };
    let mut path = Path::line(&[[left, middle], [left + bar, middle]]);
    for share in [0.0, 0.5, 1.0] {
        path.add_line(&[[left + bar * share, middle - size * 0.3], [left + bar * share, middle]]);
    }
    // Minutes are for a straight line; the bands show real walks.
    let minutes = (metres / metres_of_minute).floor() as u32;
    let step = metres_of_minute * view.scale;
    for minute in 0..=minutes {
        let at = left + f64::from(minute) * step;
        path.add_line(&[[at, middle], [at, middle + size * 0.3]]);
    }
    items.push(Item::Shape(Shape { path, fill: None, stroke: Some(stroke), even_odd: false }));
    let above = middle - size * 1.0;
    items.push(set(&Run::new("0", Face::Regular)?, Hung::Middle, [left, above], size, style.text));
    let half = Run::new(&format!("{}", metres / 2.0), Face::Regular)?;
    items.push(set(&half, Hung::Middle, [left + bar / 2.0, above], size, style.text));
    let whole = Run::new(&format!("{metres} 米"), Face::Regular)?;
    items.push(set(&whole, Hung::Middle, [left + bar, above], size, style.text));
    let below = middle + size * 1.0;
    let every = if step >= size * 1.5 { 1 } else { (size * 1.5 / step).ceil() as u32 };
    for minute in (every..=minutes).step_by(every as usize) {
        let at = [left + f64::from(minute) * step, below];
        items.push(set(
            &Run::new(&minute.to_string(), Face::Regular)?,
            Hung::Middle,
            at,
            size * 0.9,
            style.text,
        ));
    }
    let unit = Run::new("分钟", Face::Regular)?;
    let last = left + f64::from(minutes) * step + size * 0.7;
    items.push(set(&unit, Hung::Left, [last.max(left + size), below], size * 0.9, style.muted));
    let radius = size * 2.2;
    let compass = [plate[0] + radius, plate[1] - gap - radius];
    items.extend(north(view, style, compass, radius)?);
    places.take("compass", vec![Block::around(compass, radius)]);
    Ok(items)
}

fn plate(style: &Style<'_>, area: [f64; 4]) -> Item {
    Item::Shape(Shape {
        path: Path::rounded(area, style.unit * 0.5),
        fill: Some(Paint { colour: style.paper, opacity: 0.9 }),
        stroke: None,
        even_odd: false,
    })
}

fn north(view: &View, style: &Style<'_>, at: Xy, radius: f64) -> Result<Vec<Item>, PrintError> {
    let turn = -view.up_degrees;
    let (sin, cos) = turn.to_radians().sin_cos();
    let place = |right: f64, up: f64| {
        let (right, up) = (right * radius, up * radius);
        [at[0] + right * cos + up * sin, at[1] + right * sin - up * cos]
    };
    let mut needle = Path::default();
    needle.add_ring(&[place(0.0, 0.42), place(0.26, -0.72), place(0.0, -0.5), place(-0.26, -0.72)]);
    let letter = place(0.0, 0.72);
    Ok(vec![
        Item::Shape(Shape {
            path: Path::circle(at, radius),
            fill: Some(Paint { colour: style.paper, opacity: 0.92 }),
            stroke: None,
            even_odd: false,
        }),
        Item::Shape(Shape { path: needle, fill: Some(style.text.into()), stroke: None, even_odd: false }),
        set(&Run::new("北", Face::Bold)?, Hung::Middle, letter, radius * 0.44, style.text),
    ])
}

/// Draws the gate where the reader stands, with the direction the reader faces.
pub(super) fn here(
    view: &View,
    style: &Style<'_>,
    contents: &Contents,
    places: &mut Places,
) -> Result<Vec<Item>, PrintError> {
    let radius = 7.0 * style.scale.max(0.5);
    let [x, y] = view.here;
    let white = Stroke::solid(Colour::WHITE, radius * 0.16);
    // The map's up is the direction that the reader faces, unless north is up.
    let (sin, cos) = (contents.faces_degrees - contents.up_degrees).to_radians().sin_cos();
    let turned = |[right, down]: Xy| {
        [x + (right * cos - down * sin) * radius, y + (right * sin + down * cos) * radius]
    };
    let mut arrow = Path::default();
    arrow.add_ring(&[[0.0, -0.62], [0.45, 0.48], [0.0, 0.22], [-0.45, 0.48]].map(turned));
    let mut items = vec![
        Item::Shape(Shape {
            path: Path::circle(view.here, radius),
            fill: Some(style.here.into()),
            stroke: Some(white.clone()),
            even_odd: false,
        }),
        Item::Shape(Shape { path: arrow, fill: Some(Colour::WHITE.into()), stroke: None, even_odd: false }),
    ];
    places.take("you are here", vec![Block::around(view.here, radius)]);
    let size = style.em(style.look.board.sizes.list_name * 0.8);
    let run = Run::new("您在此处", Face::Bold)?;
    let english = style.settings.has_english();
    let second = english.then(|| Run::new("You are here", Face::Regular)).transpose()?;
    let small = (size * style.look.board.english).max(style.smallest());
    let wide = run.width.max(second.as_ref().map_or(0.0, |second| second.width * small / size));
    let half = [
        wide * size / 2.0 + size * 0.5,
        if second.is_some() { size * 0.62 + small * 0.62 } else { size * 0.75 },
    ];
    let offset = radius + half[1] + 1.2 * style.scale;
    let side = radius + half[0] + 1.2 * style.scale;
    // The compound lies behind the reader, so positions to the sides are tried first.
    let candidates = [[x + side, y], [x - side, y], [x, y - offset], [x, y + offset]];
    let at = candidates.into_iter().find(|at| view.holds(*at, half[0].max(half[1]))).unwrap_or(candidates[0]);
    let area = [at[0] - half[0], at[1] - half[1], half[0] * 2.0, half[1] * 2.0];
    places.take("you are here label", vec![Block::level(area)]);
    items.push(Item::Shape(Shape {
        path: Path::rounded(area, size * 0.3),
        fill: Some(style.here.into()),
        stroke: Some(Stroke::solid(Colour::WHITE, white.width * 0.6)),
        even_odd: false,
    }));
    match second {
        None => items.push(set(&run, Hung::Middle, at, size, Colour::WHITE)),
        Some(second) => {
            let lower = half[1] - small * 0.72;
            items.push(set(&run, Hung::Middle, [at[0], at[1] - half[1] + size * 0.66], size, Colour::WHITE));
            items.push(set(&second, Hung::Middle, [at[0], at[1] + lower], small, Colour::WHITE));
        }
    }
    Ok(items)
}
