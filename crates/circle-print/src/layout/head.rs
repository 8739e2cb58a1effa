//! The head: title with walker and minutes, compound and gate, in the order of the languages; beside it the
//! corner.

use super::corner::corner;
use super::too_small::too_small;
use crate::contents::Contents;
use crate::error::PrintError;
use crate::fonts::{Face, Glyph, Run};
use crate::scene::{Item, Text};
use crate::settings::Language;
use crate::style::{Hung, Style, down, fit, set};

/// Draws the head from a position (left, top, width) downwards and returns the position of its end. `link` is
/// the content of the QR code, if there is one.
pub(crate) fn draw(
    style: &Style<'_>,
    contents: &Contents,
    link: Option<&str>,
    [x, y, width]: [f64; 3],
) -> Result<(Vec<Item>, f64), PrintError> {
    let languages = &style.settings.languages;
    let zh = languages.iter().position(|language| language.code == "zh").unwrap_or(0);
    let gap = style.unit * 1.2;
    let title_size = style.em(style.look.board.sizes.title);
    let height = lines_height(style);
    let corner = corner(style, link, [x + width, y], width)?;
    let mut items = corner.items;
    // Vertical scripts are columns before or after the horizontal lines, in the order of the languages.
    let (mut left, mut right) = (x, x + width - corner.width - gap * 2.0);
    let vertical = languages.iter().enumerate().filter(|(_, language)| language.is_vertical());
    for (number, language) in vertical {
        let (columns, across) = vertical_columns(style, language, contents, [title_size * 0.7, height])?;
        let start = if number < zh { left } else { right - across };
        items.extend(columns.into_iter().map(|text| moved(text, [start, y])));
        if number < zh {
            left += across + gap * 2.0;
        } else {
            right -= across + gap * 2.0;
        }
    }
    let mut top = y;
    let mut chinese_size = title_size;
    for (number, language) in languages.iter().filter(|language| !language.is_vertical()).enumerate() {
        let (drawn, size, end) = title(style, contents, language, number == 0, [left, top, right - left])?;
        items.extend(drawn);
        if language.code == "zh" {
            chinese_size = size;
        }
        top = end;
    }
    top += gap * 0.6;
    // Under the corner, the names may use the whole width.
    let end = if top >= y + corner.height { x + width } else { right };
    top = place_name(style, contents, chinese_size, [left, top, end - left], &mut items)?;
    Ok((items, top.max(y + height).max(y + corner.height)))
}

/// Size of walker and minutes, as a share of the title's.
const WALKER: f64 = 0.44;

/// The title in a language from a position (left, top, width) downwards, with its size and its end. The
/// Chinese title has walker and minutes beside it, or below it if there is no room.
fn title(
    style: &Style<'_>,
    contents: &Contents,
    language: &Language,
    is_first: bool,
    [left, top, width]: [f64; 3],
) -> Result<(Vec<Item>, f64, f64), PrintError> {
    let chinese = language.code == "zh";
    let title_size = style.em(style.look.board.sizes.title);
    let size = if chinese { title_size } else { title_size * style.look.board.english };
    let (face, colour) = if chinese { (Face::Bold, style.text) } else { (Face::Regular, style.muted) };
    let mut text = style.settings.title_of(language).into_owned();
    if let Some(label) = contents.label.as_ref().filter(|_| is_first) {
        text = format!("{text}（{label}）");
    }
    if language.code == "en" {
        text = format!("{text} · {}", walker_en(contents));
    }
    let least = if chinese { 0.75 } else { 0.6 };
    let Some(lines) = fit(style, &text, face, size, least, width, 2)? else {
        return Err(too_small(style, &format!("the title `{text}`")));
    };
    let mut items = Vec::new();
    let (mut at, mut middle) = (top, top);
    for run in &lines.lines {
        middle = at + size * 0.55;
        items.push(set(run, Hung::Left, [left, middle], lines.size, colour));
        at += if lines.lines.len() == 1 { size } else { lines.size } * 1.2;
    }
    if chinese && let Some(last) = lines.lines.last() {
        let run = Run::new(&walker(contents), Face::Regular)?;
        let walker_size = (size * WALKER).max(style.smallest());
        let beside = left + last.width * lines.size + style.unit * 2.5;
        if beside + run.width * walker_size <= left + width {
            // Both stand on one baseline.
            let at = middle + down(lines.size) - down(walker_size);
            items.push(set(&run, Hung::Left, [beside, at], walker_size, style.text));
        } else {
            let walker_size = walker_size.min(width / run.width);
            items.push(set(&run, Hung::Left, [left, at + walker_size * 0.65], walker_size, style.text));
            at += walker_size * 1.35;
        }
    }
    Ok((items, lines.size, at))
}

/// Walker and minutes as they are read after the Chinese title: 老年人 · 步行 15 分钟.
fn walker(contents: &Contents) -> String {
    let minutes = format!("步行 {} 分钟", longest(contents));
    if contents.walker.is_default { minutes } else { format!("{} · {minutes}", contents.walker.zh) }
}

/// The same after the English title.
fn walker_en(contents: &Contents) -> String {
    let minutes = format!("{} minutes on foot", longest(contents));
    if contents.walker.is_default { minutes } else { format!("{}, {minutes}", contents.walker.en) }
}

fn longest(contents: &Contents) -> u32 {
    contents.minutes.last().copied().unwrap_or(0)
}

/// The compound's name, and beside it the gate's name above the English names of both. The gate's name is
/// smaller than the title and the compound's name.
fn place_name(
    style: &Style<'_>,
    contents: &Contents,
    title_size: f64,
    [left, top, space]: [f64; 3],
    items: &mut Vec<Item>,
) -> Result<f64, PrintError> {
    let size = style.em(style.look.board.sizes.compound);
    let (gate_size, gap) = (size * GATE, style.unit * 2.5);
    let gate = if contents.inferred {
        format!("{}（出入口位置待核）", contents.gate_name)
    } else {
        contents.gate_name.clone()
    };
    let gate_width = (Run::new(&gate, Face::Regular)?.width * gate_size).min(space * 0.36);
    let name_space = space - gate_width - gap;
    let height = size * 1.15;
    let mut name = None;
    for (share, least, lines) in [(1.0, 0.62, 1), (0.54, 0.7, 2), (0.36, 0.2, 3)] {
        name = name.map_or_else(
            || fit(style, &contents.compound_name, Face::Bold, size * share, least, name_space, lines),
            |name| Ok(Some(name)),
        )?;
    }
    let Some(name) = name else {
        return Err(too_small(style, &format!("the name `{}`", contents.compound_name)));
    };
    let gate_size = gate_size.min(name.size * SMALLER).min(title_size * SMALLER).max(style.smallest());
    let step = if name.lines.len() == 1 { height } else { name.size * 1.15 };
    let height = height.max(step * name.lines.len() as f64);
    let mut widest: f64 = 0.0;
    let first = top + height / 2.0 - step * (name.lines.len() as f64 - 1.0) / 2.0;
    for (number, run) in name.lines.iter().enumerate() {
        items.push(set(run, Hung::Left, [left, first + step * number as f64], name.size, style.accent));
        widest = widest.max(run.width * name.size);
    }
    let beside = left + widest + gap;
    let room = left + space - beside;
    let others = others(style, contents);
    let Some(gate_line) =
        fit(style, &gate, Face::Regular, gate_size, 0.4, room, if others.is_empty() { 2 } else { 1 })?
    else {
        return Err(too_small(style, &format!("the gate `{gate}`")));
    };
    let mut other_lines = Vec::new();
    for text in others {
        let other_size = (gate_size * style.look.board.english).max(style.smallest());
        let Some(line) = fit(style, &text, Face::Regular, other_size, 0.4, room, 2)? else {
            return Err(too_small(style, &format!("the name `{text}`")));
        };
        other_lines.extend(line.lines.into_iter().map(|run| (run, line.size)));
    }
    let gate_step = gate_line.size * 1.15;
    let total = gate_step * gate_line.lines.len() as f64
        + other_lines.iter().map(|(_, size)| size * OTHER_LINE).sum::<f64>();
    let height = height.max(total);
    let mut at = top + height * 0.52 - total / 2.0;
    for run in &gate_line.lines {
        items.push(set(run, Hung::Left, [beside, at + gate_step / 2.0], gate_line.size, style.text));
        at += gate_step;
    }
    for (run, size) in other_lines {
        items.push(set(&run, Hung::Left, [beside, at + size * OTHER_LINE / 2.0], size, style.muted));
        at += size * OTHER_LINE;
    }
    Ok(top + height)
}

/// Line spacing of the other languages, in multiples of their size.
const OTHER_LINE: f64 = 1.2;
/// Size of the gate's name as a share of the compound's.
const GATE: f64 = 0.5;
/// Its largest share of the sizes of the title and of the compound's name as they are set.
const SMALLER: f64 = 0.75;

/// Names of compound and gate in the other horizontal languages, in their order.
fn others(style: &Style<'_>, contents: &Contents) -> Vec<String> {
    let level =
        style.settings.languages.iter().filter(|language| !language.is_vertical() && language.code != "zh");
    let names = level.filter_map(|language| {
        if language.code != "en" {
            return contents.other.get(&language.code).cloned();
        }
        let names = [contents.compound_name_en.as_deref(), contents.gate_name_en.as_deref()];
        let names: Vec<&str> = names.into_iter().flatten().collect();
        (!names.is_empty()).then(|| names.join(" · "))
    });
    names.collect()
}

/// Estimated height of the horizontal lines; the vertical columns have the same height.
fn lines_height(style: &Style<'_>) -> f64 {
    let title = style.em(style.look.board.sizes.title);
    let level = style.settings.languages.iter().filter(|language| !language.is_vertical());
    let titles: f64 = level
        .map(|language| if language.code == "zh" { 1.2 } else { 1.2 * style.look.board.english } * title)
        .sum();
    titles + style.unit * 0.72 + style.em(style.look.board.sizes.compound) * 1.15
}

/// The title and the compound's name in a vertical language, in columns from left to right, with their total
/// width.
fn vertical_columns(
    style: &Style<'_>,
    language: &Language,
    contents: &Contents,
    [size, height]: [f64; 2],
) -> Result<(Vec<Text>, f64), PrintError> {
    let mut texts = vec![(language.title.as_str(), style.text)];
    if let Some(name) = contents.other.get(&language.code) {
        texts.push((name.as_str(), style.accent));
    }
    let mut size = size;
    let columns = loop {
        let mut columns = Vec::new();
        for (text, colour) in &texts {
            columns.extend(broken_at_words(text, height / size)?.into_iter().map(|run| (run, *colour)));
        }
        let fits =
            columns.iter().all(|(run, _)| run.width * size <= height) && columns.len() <= 2 * texts.len();
        if fits {
            break columns;
        }
        if size <= style.smallest() {
            return Err(too_small(style, &format!("the title `{}`", language.title)));
        }
        size = (size * 0.92).max(style.smallest());
    };
    let step = size * 1.35;
    let count = columns.len() as f64;
    let texts = columns.into_iter().enumerate().map(|(number, (run, colour))| {
        let baseline = [step * (number as f64 + 0.5) - down(size) * 0.6, 0.0];
        let glyphs = run.place(baseline, size, 90.0);
        Text {
            text: run.text.clone(),
            face: run.face,
            size,
            colour,
            halo: None,
            glyphs,
            width: run.width * size,
        }
    });
    Ok((texts.collect(), step * count))
}

/// Breaks a text at spaces into runs of at most `width` ems. A longer word stays whole.
fn broken_at_words(text: &str, width: f64) -> Result<Vec<Run>, PrintError> {
    let mut runs: Vec<Run> = Vec::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let longer = match runs.last() {
            Some(run) => Run::new(&format!("{} {word}", run.text), Face::Regular)?,
            None => Run::new(word, Face::Regular)?,
        };
        if longer.width <= width && !runs.is_empty() {
            runs.pop();
            runs.push(longer);
        } else {
            runs.push(Run::new(word, Face::Regular)?);
        }
    }
    Ok(runs)
}

fn moved(mut text: Text, [dx, dy]: [f64; 2]) -> Item {
    text.glyphs.iter_mut().for_each(|Glyph { at, .. }| *at = [at[0] + dx, at[1] + dy]);
    Item::Text(text)
}
