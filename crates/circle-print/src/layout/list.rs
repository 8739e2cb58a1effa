//! The list: below each heading its entries with number, pictogram, name, minutes, metres and direction.

mod arrow;
mod beyond;
mod figures;
mod grid;
mod names;
mod plan;
mod row;
mod shelves;

pub(crate) use plan::{Plan, Room, plan};

use crate::error::PrintError;
use crate::fonts::{Face, Run};
use crate::listed::{Heading, Section};
use crate::path::Path;
use crate::scene::{Group, Item, Shape, Stroke};
use crate::style::{Hung, Style, set};
use grid::Grid;
use plan::Part;
use row::{more, row};

/// Draws the list.
pub(crate) fn draw(style: &Style<'_>, plan: &Plan) -> Result<Vec<Item>, PrintError> {
    let mut items = Vec::new();
    for shelf in &plan.shelves {
        for part in &shelf.parts {
            let section = &plan.listed.sections[part.section];
            items.extend(heading(style, &plan.grid, section, [part.left, shelf.top, part.width])?);
            items.extend(section_rows(style, plan, part, shelf.top + plan.grid.heading)?);
        }
    }
    items.extend(plan.beyond.draw(style, &plan.columns, plan.column_width, plan.beyond_top));
    Ok(items)
}

/// Draws the rows of a section below `top`.
fn section_rows(style: &Style<'_>, plan: &Plan, part: &Part, top: f64) -> Result<Vec<Item>, PrintError> {
    let section = &plan.listed.sections[part.section];
    let names = &plan.names[part.section];
    let step = plan.columns.get(1).map_or(0.0, |second| second - plan.columns[0]);
    let mut items = Vec::new();
    for (column, rows) in part.columns.iter().enumerate() {
        let left = part.left + column as f64 * step;
        let mut top = top;
        for (number, (at, units)) in rows.iter().enumerate() {
            if number > 0 {
                items.push(Item::Shape(Shape {
                    path: Path::line(&[[left, top], [left + plan.column_width, top]]),
                    fill: None,
                    stroke: Some(Stroke::solid(style.look.page("line"), style.hairline)),
                    even_odd: false,
                }));
            }
            let area = [left, top, plan.column_width, *units as f64 * plan.grid.unit];
            top += area[3];
            let Some((entry_number, entry)) = section.entries.get(*at) else {
                items.extend(more(style, &plan.grid, section.more, area)?);
                continue;
            };
            let drawn = row(style, &plan.grid, plan.up_degrees, (*entry_number, entry, &names[*at]), area)?;
            let about = vec![
                ("facility-id", entry.key.clone()),
                ("number", entry_number.to_string()),
                ("band-minutes", style.settings.minutes[entry.band].to_string()),
            ];
            items.push(Item::Group(Group { name: "entry", about, clip: None, items: drawn }));
        }
    }
    Ok(items)
}

/// Draws the heading of a section across all its columns: left, top, width.
fn heading(
    style: &Style<'_>,
    grid: &Grid,
    section: &Section,
    [x, y, width]: [f64; 3],
) -> Result<Vec<Item>, PrintError> {
    let size = grid.band;
    let bar = [x, y, width, size * 0.32];
    let (text, english, colour) = match section.heading {
        Heading::Band(band) => {
            let minutes = style.settings.minutes[band];
            (format!("{minutes} 分钟可达"), format!("within {minutes} min"), style.bands[band])
        }
        Heading::Group(group) => {
            (style.catalogue.groups[group].zh.clone(), String::new(), style.group(group))
        }
    };
    let mut items = vec![Item::Shape(Shape {
        path: Path::rectangle(bar),
        fill: Some(colour.into()),
        stroke: None,
        even_odd: false,
    })];
    let middle = y + bar[3] + size * 0.72;
    let run = Run::new(&text, Face::Bold)?;
    items.push(set(&run, Hung::Left, [x, middle], size.min(width / run.width), style.text));
    if style.settings.has_english() && !english.is_empty() {
        let english_size = (size * style.look.board.english).max(style.smallest());
        let run = Run::new(&english, Face::Regular)?;
        let at = [x + width, middle + (size - english_size) * 0.3];
        items.push(set(&run, Hung::Right, at, english_size, style.muted));
    }
    Ok(items)
}
