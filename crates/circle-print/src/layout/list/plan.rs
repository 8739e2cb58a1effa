//! The grid of the list, and the distribution of its lines over the columns.

use super::figures::Figures;
use crate::contents::{Contents, Entry, Listed, Section};
use crate::error::PrintError;
use crate::fonts::Face;
use crate::layout::too_small::too_small;
use crate::settings::GroupBy;
use crate::style::{Fitted, Style, fit};

/// The grid of the list: its columns and rows, computed before entries are placed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plan {
    /// Left, top, width, height, millimetres.
    pub(super) area: [f64; 4],
    pub(super) columns: usize,
    pub(super) column_width: f64,
    pub(super) row: f64,
    pub(super) heading: f64,
    /// Rows of a column, without those of headings.
    rows: usize,
    pub(super) up_degrees: f64,
    /// Maximum number of digits of minutes and of metres.
    pub(super) digits: [usize; 2],
    /// Number of entries that fit.
    pub(crate) most: usize,
}

/// Minimum width of a column at A1, millimetres.
const COLUMN: f64 = 128.0;

/// Divides the area into columns and rows and computes how many entries fit.
pub(crate) fn plan(style: &Style<'_>, contents: &Contents, area: [f64; 4]) -> Result<Plan, PrintError> {
    let [_, _, width, height] = area;
    let sizes = &style.look.board.sizes;
    let name = style.em(sizes.list_name);
    let gap = style.unit * 2.5;
    let least = COLUMN * style.scale.max(0.37);
    let columns = (((width + gap) / (least + gap)).floor() as usize).clamp(1, 3);
    let column_width = (width - gap * (columns as f64 - 1.0)) / columns as f64;
    let row = name * 1.08 + kind_size(style) * 1.12 + style.unit * 0.42;
    let heading = style.em(sizes.band) * 1.55 + style.unit * 0.9;
    let rows = ((height - heading) / row).floor() as usize;
    if rows < 2 {
        return Err(too_small(style, "the list"));
    }
    let mut plan = Plan {
        area,
        columns,
        column_width,
        row,
        heading,
        rows,
        up_degrees: contents.up_degrees,
        digits: digits(contents),
        // Each entry takes at least one row.
        most: contents.entries.len().min(columns * rows),
    };
    // Long names take several rows, so the number of entries is reduced until the list fits.
    while flow(style, &plan, &chosen(style, contents, plan.most))?.is_none() {
        if plan.most == 0 {
            return Err(too_small(style, "the list"));
        }
        plan.most -= 1;
    }
    Ok(plan)
}

/// Maximum number of digits of minutes and of metres, at least two and four.
fn digits(contents: &Contents) -> [usize; 2] {
    let most = |of: fn(&Entry) -> u32| contents.entries.iter().map(of).max().unwrap_or(0).to_string().len();
    [most(|entry| entry.walk.minutes).max(2), most(|entry| entry.walk.metres).max(4)]
}

fn chosen(style: &Style<'_>, contents: &Contents, most: usize) -> Listed {
    let settings = style.settings;
    crate::contents::listed(
        &contents.entries,
        &settings.requirements,
        settings.minutes.len(),
        settings.group_by,
        most,
    )
}

/// Rows that sharing columns must save before bands share them.
const LOWER: usize = 3;

impl Plan {
    /// Chooses the entries that fit.
    pub(crate) fn chosen(&self, style: &Style<'_>, contents: &Contents) -> Listed {
        chosen(style, contents, self.most)
    }

    pub(crate) fn top(&self) -> f64 {
        self.area[1]
    }

    /// Reduces the height as far as possible without losing an entry.
    pub(crate) fn shrunk(self, style: &Style<'_>, contents: &Contents) -> Result<Self, PrintError> {
        let listed = chosen(style, contents, self.most);
        let bottom = self.area[1] + self.area[3];
        let lower = |rows: usize| {
            let height = self.heading + rows as f64 * self.row;
            let [x, _, width, _] = self.area;
            Self { area: [x, bottom - height, width, height], rows, ..self }
        };
        // A column for each band is easier to read, so bands share columns only where this saves more than
        // `LOWER` rows.
        let tall = |section: &Section| {
            section.entries.len() + usize::from(section.more > 0 || section.entries.is_empty())
        };
        let tallest = listed.sections.iter().map(tall).max().unwrap_or(1);
        let a_column_each = style.settings.group_by == GroupBy::Band && listed.sections.len() <= self.columns;
        for rows in 1..self.rows {
            if flow(style, &lower(rows), &listed)?.is_some() {
                let each = a_column_each && (rows..rows + LOWER).contains(&tallest) && tallest <= self.rows;
                return Ok(lower(if each { tallest } else { rows }));
            }
        }
        Ok(self)
    }
}

/// A line of a column.
pub(super) enum Line<'a> {
    Heading(&'a Section, bool),
    Entry(u32, &'a Entry, Fitted),
    More(usize),
    Nothing,
}

/// Distributes the lines over the columns; `None` if they do not fit.
pub(super) fn flow<'a>(
    style: &Style<'_>,
    plan: &Plan,
    listed: &'a Listed,
) -> Result<Option<Vec<Vec<Line<'a>>>>, PrintError> {
    let mut blocks: Vec<Vec<Line<'a>>> = Vec::new();
    for section in &listed.sections {
        let mut lines = Vec::new();
        for (number, entry) in &section.entries {
            lines.push(Line::Entry(*number, entry, name(style, plan, entry)?));
        }
        if lines.is_empty() && section.more == 0 {
            lines.push(Line::Nothing);
        }
        if section.more > 0 {
            lines.push(Line::More(section.more));
        }
        blocks.push(lines);
    }
    let tall = |lines: &[Line<'_>]| -> usize { lines.iter().map(|line| units(style, plan, line)).sum() };
    // If every heading fits a column of its own, it gets one; else the lines flow from column to column.
    if blocks.len() <= plan.columns
        && style.settings.group_by == GroupBy::Band
        && blocks.iter().all(|it| tall(it) <= plan.rows)
    {
        let columns = blocks.into_iter().zip(&listed.sections);
        return Ok(Some(
            columns
                .map(|(mut lines, section)| {
                    lines.insert(0, Line::Heading(section, false));
                    lines
                })
                .collect(),
        ));
    }
    let height = plan.area[3];
    let of = |line: &Line<'_>| match line {
        Line::Heading(..) => plan.heading,
        other => units(style, plan, other) as f64 * plan.row,
    };
    let mut columns: Vec<Vec<Line<'a>>> = vec![Vec::new()];
    let mut used = 0.0;
    for (lines, section) in blocks.into_iter().zip(&listed.sections) {
        let mut first = true;
        for line in lines {
            let above = if used > 0.0 { heading_gap(style) } else { 0.0 };
            let needed = of(&line) + if first { plan.heading + above } else { 0.0 };
            if used + needed > height {
                columns.push(Vec::new());
                used = 0.0;
                if !first {
                    columns
                        .last_mut()
                        .into_iter()
                        .for_each(|column| column.push(Line::Heading(section, true)));
                    used += plan.heading;
                }
            }
            if columns.len() > plan.columns {
                return Ok(None);
            }
            let Some(column) = columns.last_mut() else { return Ok(None) };
            if first {
                used += plan.heading + if column.is_empty() { 0.0 } else { heading_gap(style) };
                column.push(Line::Heading(section, false));
                first = false;
            }
            used += of(&line);
            column.push(line);
        }
    }
    Ok(Some(columns))
}

/// Space above a heading that is not the first line of its column.
pub(super) fn heading_gap(style: &Style<'_>) -> f64 {
    style.unit * 1.2
}

/// Number of rows that a line takes.
pub(super) fn units(style: &Style<'_>, plan: &Plan, line: &Line<'_>) -> usize {
    match line {
        Line::Entry(_, _, name) if name.lines.len() > 1 => {
            let height = name.size * LINE * name.lines.len() as f64 + kind_size(style) * LINE;
            (height / plan.row).ceil() as usize
        }
        Line::Heading(..) => 0,
        _ => 1,
    }
}

/// Line spacing of a name, in multiples of its size.
pub(super) const LINE: f64 = 1.12;
/// Maximum number of lines of a name.
const MOST_LINES: usize = 9;

/// Sets a name: smaller if it is too wide, on several lines if that is not enough.
fn name(style: &Style<'_>, plan: &Plan, entry: &Entry) -> Result<Fitted, PrintError> {
    let size = style.em(style.look.board.sizes.list_name);
    let width = plan.column_width - lead(style) - Figures::of(style, plan.digits).width();
    for (share, least, lines) in [(1.0, 0.74, 1), (0.74, 0.7, 2), (0.52, 0.8, 3), (0.4, 0.5, MOST_LINES)] {
        if let Some(fitted) = fit(style, &entry.name, Face::Regular, size * share, least, width, lines)?
            && fitted.lines.len() <= lines
        {
            return Ok(fitted);
        }
    }
    Err(too_small(style, &format!("the name `{}`", entry.name)))
}

/// Width of the marker and the pictogram before a name.
pub(super) fn lead(style: &Style<'_>) -> f64 {
    style.em(style.look.board.sizes.list_name) * 2.75
}

/// Size of the text that gives the kind of an entry, millimetres.
pub(super) fn kind_size(style: &Style<'_>) -> f64 {
    style.em(style.look.board.sizes.list_name * 0.5)
}
