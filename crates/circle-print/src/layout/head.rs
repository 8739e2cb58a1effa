//! The head: title, compound and gate, in the order of the languages.

use super::too_small::too_small;
use crate::contents::Contents;
use crate::error::PrintError;
use crate::fonts::{Face, Glyph, Run};
use crate::scene::{Item, Text};
use crate::settings::Language;
use crate::style::{Hung, Style, down, fit, set};

/// Draws the head from a position (left, top, width) downwards and returns the position of its end.
pub(crate) fn draw(
    style: &Style<'_>,
    contents: &Contents,
    [x, y, width]: [f64; 3],
) -> Result<(Vec<Item>, f64), PrintError> {
    let sizes = &style.look.board.sizes;
    let languages = &style.settings.languages;
    let zh = languages.iter().position(|language| language.code == "zh").unwrap_or(0);
    let mut items = Vec::new();
    let gap = style.unit * 1.2;
    let title_size = style.em(sizes.title);
    let height = lines_height(style);
    // Vertical scripts are columns before or after the horizontal lines, in the order of the languages.
    let (mut left, mut right) = (x, x + width);
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
    if let Some(logo) = &style.settings.logo {
        let most = (right - left) * 0.26;
        let logo_height = (title_size * 1.5).min(most / logo.aspect);
        let logo_width = logo_height * logo.aspect;
        items.push(Item::Logo(logo.clone(), [right - logo_width, y, logo_width, logo_height]));
        right -= logo_width + gap * 2.0;
    }
    let mut top = y;
    for language in languages.iter().filter(|language| !language.is_vertical()) {
        let chinese = language.code == "zh";
        let size = if chinese { title_size } else { title_size * style.look.board.english };
        let face = if chinese { Face::Bold } else { Face::Regular };
        let colour = if chinese { style.text } else { style.muted };
        let title = match &contents.label {
            Some(label) if top <= y => format!("{}（{label}）", language.title),
            _ => language.title.clone(),
        };
        let Some(line) = fit(style, &title, face, size, 0.4, right - left, 1)? else {
            return Err(too_small(style, &format!("the title `{}`", language.title)));
        };
        items.push(set(&line.lines[0], Hung::Left, [left, top + size * 0.55], line.size, colour));
        top += size * 1.2;
    }
    top += gap * 0.6;
    let space = x + width - left;
    top = place_name(style, contents, [left, top, space], &mut items)?;
    Ok((items, top.max(y + height)))
}

/// The compound's name, and beside it the gate's name above the English names of both.
fn place_name(
    style: &Style<'_>,
    contents: &Contents,
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
        let other_size = gate_size * style.look.board.english;
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
