//! The list: below each heading its entries with number, pictogram, name, minutes, metres and direction.

mod figures;
mod plan;
mod row;

pub(crate) use plan::{Plan, plan};

use super::too_small::too_small;
use crate::contents::{Heading, Listed, Section};
use crate::error::PrintError;
use crate::fonts::{Face, Run};
use crate::path::Path;
use crate::scene::{Group, Item, Shape, Stroke};
use crate::style::{Hung, Style, set};
use plan::{Line, flow, heading_gap, units};
use row::row;

/// Draws the list.
pub(crate) fn draw(style: &Style<'_>, listed: &Listed, plan: &Plan) -> Result<Vec<Item>, PrintError> {
    let Some(columns) = flow(style, plan, listed)? else { return Err(too_small(style, "the list")) };
    let [x, y, width, _] = plan.area;
    let gap = if plan.columns > 1 {
        (width - plan.column_width * plan.columns as f64) / (plan.columns as f64 - 1.0)
    } else {
        0.0
    };
    let mut items = Vec::new();
    for (number, column) in columns.iter().enumerate() {
        let left = x + number as f64 * (plan.column_width + gap);
        let mut top = y;
        for (at, line) in column.iter().enumerate() {
            match line {
                Line::Heading(section, again) => {
                    if at > 0 {
                        top += heading_gap(style);
                    }
                    items.extend(heading(
                        style,
                        section,
                        *again,
                        [left, top, plan.column_width, plan.heading],
                    )?);
                    top += plan.heading;
                }
                other => {
                    let height = plan.row * units(style, plan, other) as f64;
                    let drawn = row(style, plan, other, [left, top, plan.column_width, height])?;
                    let about = match other {
                        Line::Entry(number, entry, _) => vec![
                            ("facility-id", entry.key.clone()),
                            ("number", number.to_string()),
                            ("band-minutes", style.settings.minutes[entry.band].to_string()),
                        ],
                        _ => Vec::new(),
                    };
                    items.push(Item::Group(Group { name: "entry", about, clip: None, items: drawn }));
                    top += height;
                    let more_follow = column
                        .get(at + 1)
                        .is_some_and(|next| matches!(next, Line::Entry(..) | Line::More(_)));
                    if more_follow {
                        items.push(Item::Shape(Shape {
                            path: Path::line(&[[left, top], [left + plan.column_width, top]]),
                            fill: None,
                            stroke: Some(Stroke::solid(style.look.page("line"), style.hairline)),
                            even_odd: false,
                        }));
                    }
                }
            }
        }
    }
    Ok(items)
}

fn heading(
    style: &Style<'_>,
    section: &Section,
    again: bool,
    [x, y, width, _]: [f64; 4],
) -> Result<Vec<Item>, PrintError> {
    let size = style.em(style.look.board.sizes.band);
    let bar = [x, y, width, size * 0.32];
    let english_size = (size * style.look.board.english).max(style.smallest());
    let mut items = Vec::new();
    let (text, english) = match section.heading {
        Heading::Band(band) => {
            let minutes = style.settings.minutes[band];
            let colour = style.bands[band];
            let path = Path::rectangle(bar);
            items.push(Item::Shape(Shape {
                path: path.clone(),
                fill: Some(colour.into()),
                stroke: None,
                even_odd: false,
            }));
            (format!("{minutes} 分钟可达"), format!("within {minutes} min"))
        }
        Heading::Group(group) => {
            let colour = style.group(group);
            items.push(Item::Shape(Shape {
                path: Path::rectangle(bar),
                fill: Some(colour.into()),
                stroke: None,
                even_odd: false,
            }));
            (style.catalogue.groups[group].zh.clone(), String::new())
        }
    };
    let text = if again { format!("{text}（续）") } else { text };
    let middle = y + bar[3] + size * 0.72;
    let run = Run::new(&text, Face::Bold)?;
    items.push(set(&run, Hung::Left, [x, middle], size.min(width / run.width), style.text));
    let has_english = style.settings.has_english();
    if has_english && !english.is_empty() {
        let run = Run::new(&english, Face::Regular)?;
        items.push(set(
            &run,
            Hung::Right,
            [x + width, middle + (size - english_size) * 0.3],
            english_size,
            style.muted,
        ));
    }
    Ok(items)
}
