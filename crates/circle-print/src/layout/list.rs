//! The list: under each heading its places with number, pictogram, name, minutes, metres and the way they lie.

use super::too_small;
use crate::contents::{Contents, Entry, Heading, Listed, Section};
use crate::error::PrintError;
use crate::fonts::{Face, Run};
use crate::map::{label_colour, number, opacity, pattern, symbol};
use crate::scene::{Group, Item, Paint, Path, Shape, Stroke};
use crate::settings::GroupBy;
use crate::style::{Fitted, Hung, Style, fit, set};

/// Columns and rows, before it is known what goes where.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plan {
    /// Left, top, width, height.
    area: [f64; 4],
    columns: usize,
    column_width: f64,
    row: f64,
    heading: f64,
    /// Lines of the whole list, those of headings not counted.
    rows: usize,
    up_degrees: f64,
    /// Most digits of minutes and of metres.
    digits: [usize; 2],
    /// Entries that there is space for.
    pub(crate) most: usize,
}

/// How wide a column is at least, at A1.
const COLUMN: f64 = 128.0;

/// Divides the space, and finds out how many of the entries fit.
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
        // Each takes a row at least.
        most: contents.entries.len().min(columns * rows),
    };
    // Fewer and fewer are tried until what is chosen can be laid out.
    while flow(style, &plan, &chosen(style, contents, plan.most))?.is_none() {
        if plan.most == 0 {
            return Err(too_small(style, "the list"));
        }
        plan.most -= 1;
    }
    Ok(plan)
}

/// Most digits of minutes and of metres; two and four are usual.
fn digits(contents: &Contents) -> [usize; 2] {
    let most = |of: fn(&Entry) -> u32| contents.entries.iter().map(of).max().unwrap_or(0).to_string().len();
    [most(|entry| entry.walk.minutes).max(2), most(|entry| entry.walk.metres).max(4)]
}

fn chosen(style: &Style<'_>, contents: &Contents, most: usize) -> Listed {
    let settings = style.settings;
    crate::contents::listed(
        &contents.entries,
        &settings.wanted,
        settings.minutes.len(),
        settings.group_by,
        most,
    )
}

/// Rows that a list has to be lower by for its bands to share columns.
const LOWER: usize = 3;

impl Plan {
    /// What there is space for.
    pub(crate) fn chosen(&self, style: &Style<'_>, contents: &Contents) -> Listed {
        chosen(style, contents, self.most)
    }

    pub(crate) fn top(&self) -> f64 {
        self.area[1]
    }

    /// As low as it may be without losing an entry.
    pub(crate) fn shrunk(self, style: &Style<'_>, contents: &Contents) -> Result<Self, PrintError> {
        let listed = chosen(style, contents, self.most);
        let bottom = self.area[1] + self.area[3];
        let lower = |rows: usize| {
            let height = self.heading + rows as f64 * self.row;
            let [x, _, width, _] = self.area;
            Self { area: [x, bottom - height, width, height], rows, ..self }
        };
        // A column for each band is easier to read than a list that is lower by a row or two; a long column beside short
        // ones is not.
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
enum Line<'a> {
    Heading(&'a Section, bool),
    Entry(u32, &'a Entry, Fitted),
    More(usize),
    Nothing,
}

fn kind_size(style: &Style<'_>) -> f64 {
    style.em(style.look.board.sizes.list_name * 0.5)
}

/// Widths of what stands to the right of a name, in the order of reading.
struct Figures {
    minutes: f64,
    minute: f64,
    metres: f64,
    metre: f64,
    arrow: f64,
    /// Ems of the most digits that minutes and metres have.
    digits: [f64; 2],
}

/// Width of a digit, in ems: all are of one.
const DIGIT: f64 = 0.59;

impl Figures {
    fn of(style: &Style<'_>, digits: [usize; 2]) -> Self {
        let sizes = &style.look.board.sizes;
        let metres = style.em(sizes.metres);
        Self {
            digits: digits.map(|digits| digits as f64 * DIGIT),
            minutes: style.em(sizes.minutes),
            minute: style.em(sizes.metres * 0.75),
            metres,
            metre: style.em(sizes.metres * 0.75),
            arrow: metres * 1.1,
        }
    }

    /// The minutes' and the metres' columns end so far from the right.
    fn ends(&self) -> [f64; 2] {
        let metres_end = self.arrow * 1.35 + self.metre * 1.1;
        [metres_end + self.metres * (self.digits[1] + 0.24) + self.minute * 1.25, metres_end]
    }

    fn width(&self) -> f64 {
        self.ends()[0] + self.minutes * (self.digits[0] + 0.45)
    }
}

/// Columns of lines; `None` where they do not fit.
fn flow<'a>(
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
    // A column for each heading, where each fits; else they flow.
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

/// Room above a heading that does not begin a column.
fn heading_gap(style: &Style<'_>) -> f64 {
    style.unit * 1.2
}

/// Rows that a line takes.
fn units(style: &Style<'_>, plan: &Plan, line: &Line<'_>) -> usize {
    match line {
        Line::Entry(_, _, name) if name.lines.len() > 1 => {
            let height = name.size * LINE * name.lines.len() as f64 + kind_size(style) * LINE;
            (height / plan.row).ceil() as usize
        }
        Line::Heading(..) => 0,
        _ => 1,
    }
}

/// From a line of a name to the next.
const LINE: f64 = 1.12;
/// Lines of the longest names there are.
const MOST_LINES: usize = 9;

/// How a name is set: smaller where it must be, on more lines where that is not enough.
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

/// Width of marker and pictogram in front of a name.
fn lead(style: &Style<'_>) -> f64 {
    style.em(style.look.board.sizes.list_name) * 2.75
}

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

fn row(
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

/// The kind of place, and its English name or kind where English is asked for.
fn second_line(style: &Style<'_>, entry: &Entry) -> [String; 3] {
    let english = style.settings.has_english();
    let kind = if entry.kind == entry.name { String::new() } else { entry.kind.clone() };
    let named = entry.name_en.clone().filter(|name| *name != entry.name).unwrap_or_default();
    if english { [kind, named, entry.kind_en.clone()] } else { [kind, String::new(), String::new()] }
}

/// As much of it as there is room for, whole words alone: kind and English name, else kind and English kind, else the kind.
fn second_run([kind, named, kind_en]: &[String; 3], width: f64, size: f64) -> Result<Run, PrintError> {
    let join = |a: &str, b: &str| {
        if a.is_empty() || b.is_empty() { format!("{a}{b}") } else { format!("{a} · {b}") }
    };
    for text in [join(kind, named), join(kind, kind_en), kind.clone()] {
        if text.is_empty() || (text == *kind && !named.is_empty()) {
            continue;
        }
        // An English name that no font can write is no reason to have no board.
        let Ok(run) = Run::new(&text, Face::Regular) else { continue };
        if run.width * size <= width {
            return Ok(run);
        }
    }
    let run = Run::new(kind, Face::Regular)?;
    if run.width * size <= width { Ok(run) } else { Run::new("", Face::Regular) }
}

/// An arrow about its middle, turned clockwise from up.
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

/// A swatch of a band: its colour and pattern.
pub(crate) fn swatch(style: &Style<'_>, band: usize, area: [f64; 4]) -> Vec<Item> {
    let path = Path::rounded(area, area[3] * 0.2);
    let colour = style.bands[band];
    let fill = Paint { colour, opacity: opacity(style, band) };
    vec![
        Item::Shape(Shape { path: path.clone(), fill: Some(fill), stroke: None, even_odd: false }),
        Item::Group(Group {
            name: "pattern",
            about: Vec::new(),
            clip: Some(path.clone()),
            items: pattern(style, band, area, colour),
        }),
        Item::Shape(Shape {
            path,
            fill: None,
            stroke: Some(Stroke::solid(label_colour(style, band), 0.4 * style.scale)),
            even_odd: false,
        }),
    ]
}
