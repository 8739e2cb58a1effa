//! One row of the list: an entry, or a note.

use super::figures::Figures;
use super::plan::{LINE, Line, Plan, kind_size, lead};
use crate::contents::Entry;
use crate::error::PrintError;
use crate::fonts::{Face, Run};
use crate::map::{number, symbol};
use crate::path::Path;
use crate::scene::{Item, Shape};
use crate::style::{Hung, Style, set};

/// Draws a row into a box: left, top, width, height.
pub(super) fn row(
    style: &Style<'_>,
    plan: &Plan,
    line: &Line<'_>,
    [x, y, width, height]: [f64; 4],
) -> Result<Vec<Item>, PrintError> {
    let name_size = style.em(style.look.board.sizes.list_name);
    let kind = kind_size(style);
    let middle = y + height / 2.0;
    let mut items = Vec::new();
    let (entry_number, entry, fitted) = match line {
        Line::Entry(number, entry, fitted) => (*number, *entry, fitted),
        Line::More(count) => {
            let run = Run::new(&format!("另有 {count} 处"), Face::Regular)?;
            return Ok(vec![set(&run, Hung::Left, [x + lead(style), middle], name_size * 0.8, style.muted)]);
        }
        Line::Nothing => {
            let run = Run::new("地图数据中没有所列设施", Face::Regular)?;
            let size = (name_size * 0.8).min((width - style.unit) / run.width);
            return Ok(vec![set(&run, Hung::Left, [x, middle], size, style.muted)]);
        }
        Line::Heading(..) => return Ok(items),
    };
    let colour = style.group(entry.group);
    let radius = name_size * 0.54;
    items.push(Item::Shape(Shape {
        path: Path::circle([x + radius, middle], radius),
        fill: Some(colour.into()),
        stroke: None,
        even_odd: false,
    }));
    items.push(number(entry_number, [x + radius, middle], radius)?);
    items.push(symbol(&entry.icon, [x + name_size * 1.88, middle], name_size * 1.1, colour));
    let left = x + lead(style);
    let second = second_line(style, entry);
    let figures = Figures::of(style, plan.digits);
    let space = width - lead(style) - figures.width();
    let step = fitted.size * LINE;
    let total = step * fitted.lines.len() as f64 + kind * LINE;
    let mut at = middle - total / 2.0 + step / 2.0;
    for run in &fitted.lines {
        items.push(set(run, Hung::Left, [left, at], fitted.size, style.text));
        at += step;
    }
    let run = second_run(&second, space, kind)?;
    items.push(set(&run, Hung::Left, [left, at - step / 2.0 + kind * 0.56], kind, style.muted));
    let right = x + width;
    let [minutes_end, metres_end] = figures.ends();
    let minutes = Run::new(&entry.walk.minutes.to_string(), Face::Bold)?;
    items.push(set(&minutes, Hung::Right, [right - minutes_end, middle], figures.minutes, style.text));
    let low = middle + (figures.minutes - figures.minute) * 0.22;
    let unit = Run::new("分", Face::Regular)?;
    items.push(set(
        &unit,
        Hung::Left,
        [right - minutes_end + figures.minute * 0.12, low],
        figures.minute,
        style.muted,
    ));
    let metres = Run::new(&entry.walk.metres.to_string(), Face::Regular)?;
    let metres_at = middle + (figures.minutes - figures.metres) * 0.22;
    items.push(set(&metres, Hung::Right, [right - metres_end, metres_at], figures.metres, style.text));
    let metre = Run::new("米", Face::Regular)?;
    items.push(set(
        &metre,
        Hung::Left,
        [right - metres_end + figures.metre * 0.12, low],
        figures.metre,
        style.muted,
    ));
    let arrow_at = [right - figures.arrow * 0.55, middle];
    items.push(arrow(entry.bearing_degrees - plan.up_degrees, arrow_at, figures.arrow, style));
    Ok(items)
}

/// The category, the English name and the English category; the latter two are empty unless English is a
/// language.
fn second_line(style: &Style<'_>, entry: &Entry) -> [String; 3] {
    let english = style.settings.has_english();
    let kind = if entry.kind == entry.name { String::new() } else { entry.kind.clone() };
    let named = entry.name_en.clone().filter(|name| *name != entry.name).unwrap_or_default();
    if english { [kind, named, entry.kind_en.clone()] } else { [kind, String::new(), String::new()] }
}

/// Joins as many of them as fit, without truncating any: category and English name, else category and English
/// category, else the category.
fn second_run([kind, named, kind_en]: &[String; 3], width: f64, size: f64) -> Result<Run, PrintError> {
    let join = |a: &str, b: &str| {
        if a.is_empty() || b.is_empty() { format!("{a}{b}") } else { format!("{a} · {b}") }
    };
    for text in [join(kind, named), join(kind, kind_en), kind.clone()] {
        if text.is_empty() || (text == *kind && !named.is_empty()) {
            continue;
        }
        // An English name that no font can write is omitted; the board remains valid.
        let Ok(run) = Run::new(&text, Face::Regular) else { continue };
        if run.width * size <= width {
            return Ok(run);
        }
    }
    let run = Run::new(kind, Face::Regular)?;
    if run.width * size <= width { Ok(run) } else { Run::new("", Face::Regular) }
}

/// An arrow around a centre, rotated clockwise from up.
fn arrow(degrees: f64, at: [f64; 2], size: f64, style: &Style<'_>) -> Item {
    let (sin, cos) = degrees.to_radians().sin_cos();
    let place = |right: f64, up: f64| {
        let (right, up) = (right * size, up * size);
        [at[0] + right * cos + up * sin, at[1] + right * sin - up * cos]
    };
    let mut path = Path::default();
    path.add_ring(&[place(0.0, 0.5), place(0.36, -0.42), place(0.0, -0.2), place(-0.36, -0.42)]);
    Item::Shape(Shape { path, fill: Some(style.muted.into()), stroke: None, even_odd: false })
}
