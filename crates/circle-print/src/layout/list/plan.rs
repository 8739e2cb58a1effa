//! The plan of the list: its columns, the size of its names, its shelves, and the entries that it has room for.

use super::beyond::BeyondLines;
use super::grid::Grid;
use super::names::{grid_for, set_name};
use super::shelves::{ROW, Shape, Slot, Space, fill, height_of, shapes, shelf_units, split};
use crate::contents::{Contents, Entry};
use crate::error::PrintError;
use crate::fonts::{Face, Run};
use crate::layout::too_small::too_small;
use crate::listed::{Heading, Listed, headings, listed, priority};
use crate::style::{Fitted, Style};
use std::cmp::Reverse;
use std::ops::{Range, RangeInclusive};

/// A planned list. All lengths are millimetres.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(super) grid: Grid,
    pub(super) shelves: Vec<Shelf>,
    /// The chosen entries.
    pub(crate) listed: Listed,
    /// The names of each section's entries.
    pub(super) names: Vec<Vec<Fitted>>,
    pub(super) beyond: BeyondLines,
    /// Top of the lines about what is beyond.
    pub(super) beyond_top: f64,
    /// Left ends of the columns.
    pub(super) columns: Vec<f64>,
    pub(super) column_width: f64,
    pub(super) up_degrees: f64,
    top: f64,
}

/// Sections side by side.
#[derive(Debug)]
pub(super) struct Shelf {
    pub(super) top: f64,
    pub(super) parts: Vec<Part>,
}

/// A section under its heading.
#[derive(Debug)]
pub(super) struct Part {
    /// Row in the sections.
    pub(super) section: usize,
    pub(super) left: f64,
    pub(super) width: f64,
    /// Rows of each column, each with its units. The last row may be the count of the omitted entries.
    pub(super) columns: Vec<Vec<(usize, usize)>>,
}

/// Where the list is on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Room {
    /// Below the map, which gets the height that the list does not need.
    Below,
    /// Beside the map, in one wide column; larger where everything fits.
    Beside,
    /// Beside the map, in as many columns as show the most.
    BesideInColumns,
}

/// Minimum width of a column at A1, millimetres.
const COLUMN: f64 = 128.0;
/// Ratios to the sizes of the look that are tried beside the map, the largest first.
const ZOOMS: [f64; 6] = [1.5, 1.4, 1.3, 1.2, 1.1, 1.0];
/// How much higher than usual rows may be beside the map.
const HIGHEST: f64 = 1.3;
/// Most columns below the map: more would be too narrow for names.
const MOST_COLUMNS: usize = 4;
/// The usual number of columns: one for each band.
const USUAL_COLUMNS: usize = 3;

impl Plan {
    pub(crate) fn top(&self) -> f64 {
        self.top
    }

    /// Number of listed entries.
    pub(crate) fn shown(&self) -> usize {
        self.listed.sections.iter().map(|section| section.entries.len()).sum()
    }

    /// Whether no entry is omitted.
    pub(crate) fn is_complete(&self) -> bool {
        self.listed.sections.iter().all(|section| section.more == 0)
    }
}

/// Plans the list in an area: left, top, width, height.
///
/// # Errors
///
/// When a heading has no room for an entry, or a font lacks a character of a listed name.
pub(crate) fn plan(
    style: &Style<'_>,
    contents: &Contents,
    area: [f64; 4],
    room: Room,
) -> Result<Plan, PrintError> {
    let task = Task::of(style, contents, area);
    let least = COLUMN * style.scale.max(0.37);
    let by_width = (((area[2] + task.gap) / (least + task.gap)).floor() as usize).max(1);
    // More than four headings have too many arrangements for a fourth column.
    let most = if task.headings.len() > MOST_COLUMNS { USUAL_COLUMNS } else { MOST_COLUMNS };
    let (columns, zooms): (RangeInclusive<usize>, &[f64]) = match room {
        Room::Below | Room::BesideInColumns => (1..=by_width.min(most), &[1.0]),
        Room::Beside => (1..=1, &ZOOMS),
    };
    let usual = (*columns.end()).min(USUAL_COLUMNS);
    for zoom in zooms {
        let tried = columns.clone().filter_map(|columns| task.arranged(columns, usual, *zoom));
        // A heading without an entry is no list.
        let Some(best) = tried.min_by_key(|it| it.rank).filter(|it| it.rank.0 == 0) else { continue };
        if *zoom <= 1.0 || best.chosen.iter().all(|chosen| *chosen) {
            return task.planned(best, room);
        }
    }
    Err(too_small(style, "the list"))
}

/// What is to be arranged.
struct Task<'a> {
    style: &'a Style<'a>,
    contents: &'a Contents,
    area: [f64; 4],
    /// Distance between columns.
    gap: f64,
    headings: Vec<Heading>,
    /// Rows of entries that may get room, in the order in which they get it.
    order: Vec<usize>,
    /// Widths of their names, ems.
    ems: Vec<f64>,
    /// Maximum number of digits of minutes and of metres.
    digits: [usize; 2],
}

/// The best arrangement for a number of columns.
struct Arranged {
    columns: usize,
    column_width: f64,
    grid: Grid,
    beyond: BeyondLines,
    shape: Shape,
    chosen: Vec<bool>,
    /// Height of the rows of each section, units.
    units: Vec<usize>,
    space: Space,
    /// The least is the best: headings without an entry, shown entries, cost.
    rank: (usize, Reverse<usize>, i64),
}

impl<'a> Task<'a> {
    fn of(style: &'a Style<'a>, contents: &'a Contents, area: [f64; 4]) -> Self {
        let by = style.settings.group_by;
        let headings = headings(&contents.entries, by);
        // Entries for which no column has room need not be measured.
        let rows = (area[3] / style.smallest()).ceil() as usize * MOST_COLUMNS;
        let mut left = vec![rows; headings.len()];
        let mut order = priority(&contents.entries, by);
        order.retain(|at| {
            let heading = Heading::of(&contents.entries[*at], by);
            let section = headings.iter().position(|other| *other == heading);
            section.is_some_and(|section| {
                let has_room = left[section] > 0;
                left[section] = left[section].saturating_sub(1);
                has_room
            })
        });
        // A name that no font can write is an error only if it is chosen.
        let ems =
            |at: &usize| Run::new(&contents.entries[*at].name, Face::Regular).map_or(0.0, |run| run.width);
        Self {
            ems: order.iter().map(ems).collect(),
            style,
            contents,
            area,
            gap: style.unit * 2.5,
            headings,
            order,
            digits: digits(&contents.entries),
        }
    }

    /// The best shape with a number of columns; `None` if not even the headings fit.
    fn arranged(&self, columns: usize, usual: usize, zoom: f64) -> Option<Arranged> {
        let (style, [_, _, width, height]) = (self.style, self.area);
        let column_width = (width - self.gap * (columns as f64 - 1.0)) / columns as f64;
        let grid = grid_for(style, self.digits, zoom, &self.ems, column_width);
        let beyond = BeyondLines::of(style, self.contents, &grid, columns, column_width).ok()?;
        let space =
            Space { height: height - beyond.height(), unit: grid.unit, heading: grid.heading, gap: grid.gap };
        let slots = self.slots(&grid, column_width);
        let filled = shapes(self.headings.len(), columns).into_iter().filter_map(|shape| {
            let filled = fill(&shape, &slots, &self.order, &space)?;
            let height = height_of(&shape, &filled.units, &space) + beyond.height();
            let rank = self.rank(&filled.chosen, height / grid.unit + cost(&shape, columns, usual));
            Some((shape, filled, rank))
        });
        let (shape, filled, rank) = filled.min_by_key(|(.., rank)| *rank)?;
        let (chosen, units) = (filled.chosen, filled.units);
        Some(Arranged { columns, column_width, grid, beyond, shape, chosen, units, space, rank })
    }

    /// Sections and heights of all entries.
    fn slots(&self, grid: &Grid, column_width: f64) -> Vec<Slot> {
        let by = self.style.settings.group_by;
        let section = |entry: &Entry| {
            self.headings.iter().position(|heading| *heading == Heading::of(entry, by)).unwrap_or(0)
        };
        let mut slots: Vec<Slot> =
            self.contents.entries.iter().map(|entry| Slot { section: section(entry), units: ROW }).collect();
        let width = column_width - grid.around_name();
        for (at, ems) in self.order.iter().zip(&self.ems) {
            if ems * grid.name > width {
                slots[*at].units = match set_name(self.style, grid, &self.contents.entries[*at].name, width) {
                    Ok(name) => grid.units(&name),
                    // It fits nowhere, so it is omitted.
                    Err(PrintError::TooSmall { .. }) => usize::from(u16::MAX),
                    // The error is that of the list if the entry is chosen.
                    Err(_) => ROW,
                };
            }
        }
        slots
    }

    fn rank(&self, chosen: &[bool], cost: f64) -> (usize, Reverse<usize>, i64) {
        let by = self.style.settings.group_by;
        let is_empty = |heading: &&Heading| {
            let mut entries = self.contents.entries.iter().zip(chosen);
            !entries.any(|(entry, chosen)| *chosen && Heading::of(entry, by) == **heading)
        };
        let empty = self.headings.iter().filter(is_empty).count();
        let shown = chosen.iter().filter(|chosen| **chosen).count();
        (empty, Reverse(shown), (cost * 100.0).round() as i64)
    }

    /// Places an arrangement on the page.
    fn planned(&self, arranged: Arranged, room: Room) -> Result<Plan, PrintError> {
        let Arranged { column_width, grid, beyond, shape, chosen, units, mut space, .. } = arranged;
        let [x, y, _, all] = self.area;
        let needed = height_of(&shape, &units, &space) + beyond.height();
        let top = if room == Room::Below { y + all - needed } else { y };
        // Beside the map, spare height makes rows higher, then goes between the shelves.
        if room != Room::Below {
            let rows: usize = shelf_units(&shape, &units).iter().sum();
            let higher = (all - needed) / rows.max(1) as f64;
            space.unit += higher.min(space.unit * (HIGHEST - 1.0));
            let gaps = shape.len().saturating_sub(1).max(1) as f64;
            let spare = all - beyond.height() - height_of(&shape, &units, &space);
            space.gap += (spare / gaps).min(space.gap * 2.0);
        }
        let listed = listed(&self.contents.entries, &chosen, self.style.settings.group_by);
        let width = column_width - grid.around_name();
        let mut names = Vec::new();
        for section in &listed.sections {
            let set = |(_, entry): &(u32, Entry)| set_name(self.style, &grid, &entry.name, width);
            names.push(section.entries.iter().map(set).collect::<Result<Vec<Fitted>, _>>()?);
        }
        let columns: Vec<f64> =
            (0..arranged.columns).map(|column| x + column as f64 * (column_width + self.gap)).collect();
        let mut shelves = Vec::new();
        let (mut shelf_top, mut section) = (top, 0);
        for (of_shelf, tallest) in shape.iter().zip(shelf_units(&shape, &units)) {
            let mut first = 0;
            let mut parts = Vec::new();
            for count in of_shelf {
                let rows = rows(&grid, &listed, &names, section);
                parts.push(Part {
                    section,
                    left: columns[first],
                    width: column_width + (count - 1) as f64 * (column_width + self.gap),
                    columns: divided(&rows, units[section]),
                });
                section += 1;
                first += count;
            }
            shelves.push(Shelf { top: shelf_top, parts });
            shelf_top += space.heading + tallest as f64 * space.unit + space.gap;
        }
        let beyond_top = if shelves.is_empty() { top } else { shelf_top - space.gap };
        let (grid, up_degrees) = (Grid { unit: space.unit, ..grid }, self.contents.up_degrees);
        Ok(Plan { grid, shelves, listed, names, beyond, beyond_top, columns, column_width, up_degrees, top })
    }
}

/// Units of the rows of a section.
fn rows(grid: &Grid, listed: &Listed, names: &[Vec<Fitted>], section: usize) -> Vec<usize> {
    let mut rows: Vec<usize> = names[section].iter().map(|name| grid.units(name)).collect();
    if listed.sections[section].more > 0 {
        rows.push(ROW);
    }
    rows
}

/// Divides rows into columns of at most `height` units; each row with its units.
fn divided(rows: &[usize], height: usize) -> Vec<Vec<(usize, usize)>> {
    let of = |range: Range<usize>| range.map(|at| (at, rows[at])).collect();
    split(rows, height).into_iter().map(of).collect()
}

/// What an arrangement costs beside its height, in units: a section below others reads worse than one beside
/// them, and one across columns worse than one in its own.
fn cost(shape: &[Vec<usize>], columns: usize, usual: usize) -> f64 {
    const SHELF: f64 = 6.0;
    const ACROSS: f64 = 2.0;
    const NARROWER: f64 = 3.0;
    const WIDER: f64 = 2.0;
    let across: usize = shape.iter().flatten().map(|count| count - 1).sum();
    SHELF * shape.len().saturating_sub(1) as f64
        + ACROSS * across as f64
        + NARROWER * columns.saturating_sub(usual) as f64
        + WIDER * usual.saturating_sub(columns) as f64
}

/// Maximum number of digits of minutes and of metres, at least two and four.
fn digits(entries: &[Entry]) -> [usize; 2] {
    let most = |of: fn(&Entry) -> u32| entries.iter().map(of).max().unwrap_or(0).to_string().len();
    [most(|entry| entry.walk.minutes).max(2), most(|entry| entry.walk.metres).max(4)]
}
