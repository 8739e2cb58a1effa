//! One row of the list: an entry, or the count of the omitted ones.

use super::arrow::arrow;
use super::grid::{Grid, LINE};
use crate::contents::Entry;
use crate::error::PrintError;
use crate::fonts::{Face, Run};
use crate::map::{number, symbol};
use crate::path::Path;
use crate::scene::{Item, Shape};
use crate::style::{Fitted, Hung, Style, set};

/// Draws an entry into a box: left, top, width, height. `up_degrees` is the direction that is up on the map.
pub(super) fn row(
    style: &Style<'_>,
    grid: &Grid,
    up_degrees: f64,
    (entry_number, entry, name): (u32, &Entry, &Fitted),
    [x, y, width, height]: [f64; 4],
) -> Result<Vec<Item>, PrintError> {
    let middle = y + height / 2.0;
    let mut items = Vec::new();
    let colour = style.group(entry.group);
    let radius = grid.name * 0.54;
    items.push(Item::Shape(Shape {
        path: Path::circle([x + radius, middle], radius),
        fill: Some(colour.into()),
        stroke: None,
        even_odd: false,
    }));
    items.push(number(entry_number, [x + radius, middle], radius)?);
    items.push(symbol(&entry.icon, [x + grid.name * 1.88, middle], grid.name * 1.1, colour));
    let left = x + grid.lead();
    let under = line_under(style, entry, width - grid.around_name(), grid.kind)?;
    let step = name.size * LINE;
    // A name without a line under it is centred.
    let mut at = middle - grid.text_height(name, under.is_some()) / 2.0;
    for run in &name.lines {
        items.push(set(run, Hung::Left, [left, at + step / 2.0], name.size, style.text));
        at += step;
    }
    if let Some(run) = under {
        items.push(set(&run, Hung::Left, [left, at + grid.kind_below()], grid.kind, style.muted));
    }
    items.extend(figures(style, grid, entry, [x + width, middle])?);
    let arrow_at = [x + width - grid.figures.arrow * 0.55, middle];
    items.push(arrow(style, entry.bearing_degrees - up_degrees, arrow_at, grid.figures.arrow));
    Ok(items)
}

/// Draws the count of the omitted entries into a box.
pub(super) fn more(
    style: &Style<'_>,
    grid: &Grid,
    count: usize,
    [x, y, _, height]: [f64; 4],
) -> Result<Vec<Item>, PrintError> {
    let run = Run::new(&format!("另有 {count} 处"), Face::Regular)?;
    let at = [x + grid.lead(), y + height / 2.0];
    Ok(vec![set(&run, Hung::Left, at, (grid.name * 0.8).max(style.smallest()), style.muted)])
}

/// The minutes and metres, given the right end of the row's middle.
fn figures(
    style: &Style<'_>,
    grid: &Grid,
    entry: &Entry,
    [right, middle]: [f64; 2],
) -> Result<Vec<Item>, PrintError> {
    let figures = &grid.figures;
    let [minutes_end, metres_end] = figures.ends();
    let low = middle + (figures.minutes - figures.minute) * 0.22;
    let metres_at = middle + (figures.minutes - figures.metres) * 0.22;
    let minutes = Run::new(&entry.walk.minutes.to_string(), Face::Bold)?;
    let metres = Run::new(&entry.walk.metres.to_string(), Face::Regular)?;
    let [minute, metre] = [Run::new("分", Face::Regular)?, Run::new("米", Face::Regular)?];
    let minute_at = right - minutes_end + figures.minute * 0.12;
    let metre_at = right - metres_end + figures.metre * 0.12;
    Ok(vec![
        set(&minutes, Hung::Right, [right - minutes_end, middle], figures.minutes, style.text),
        set(&minute, Hung::Left, [minute_at, low], figures.minute, style.muted),
        set(&metres, Hung::Right, [right - metres_end, metres_at], figures.metres, style.text),
        set(&metre, Hung::Left, [metre_at, low], figures.metre, style.muted),
    ])
}

/// The line under a name, as much of it as fits without truncating a part: the category, 含等灯 where the
/// minutes include waits at signals, and the English name, or else the English category.
fn line_under(style: &Style<'_>, entry: &Entry, width: f64, size: f64) -> Result<Option<Run>, PrintError> {
    let english = style.settings.has_english();
    let kind = if entry.kind == entry.name { "" } else { entry.kind.as_str() };
    let waits = if entry.waits { "含等灯" } else { "" };
    let named = entry.name_en.as_deref().filter(|name| english && *name != entry.name).unwrap_or_default();
    let kind_en = if english { entry.kind_en.as_str() } else { "" };
    let shown: [&[&str]; 5] =
        [&[kind, waits, named], &[kind, waits, kind_en], &[kind, waits], &[kind], &[waits]];
    for parts in shown {
        let parts: Vec<&str> = parts.iter().copied().filter(|part| !part.is_empty()).collect();
        if parts.is_empty() {
            continue;
        }
        // An English name that no font can write is omitted; the board remains valid.
        let run = match Run::new(&parts.join(" · "), Face::Regular) {
            Ok(run) => run,
            Err(_) if english => continue,
            Err(error) => return Err(error),
        };
        if run.width * size <= width {
            return Ok(Some(run));
        }
    }
    Ok(None)
}
