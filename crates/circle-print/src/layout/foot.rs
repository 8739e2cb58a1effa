//! The foot: the legend, and the fine print with walker, sources and hotline.

use super::too_small::too_small;
use crate::colour::Colour;
use crate::contents::{Contents, data_date};
use crate::error::PrintError;
use crate::fonts::{Face, Run};
use crate::listed::Listed;
use crate::map::{label_colour, opacity, pattern};
use crate::path::Path;
use crate::scene::{Group, Item, Paint, Shape, Stroke};
use crate::style::{Hung, Style, fit, set};
use circle_model::City;

/// Height of the foot, millimetres.
///
/// # Errors
///
/// When a font lacks a character of a text.
pub(crate) fn height(
    style: &Style<'_>,
    city: &City,
    contents: &Contents,
    width: f64,
) -> Result<f64, PrintError> {
    let page = style.settings.paper();
    let share = (page.height.max(page.width) * style.look.board.portrait.foot).min(page.height * 0.12);
    let mut needed = legend_height(style) + style.unit;
    needed += lines(style, city, contents, width)?.iter().map(|(_, size, _)| size * LINE).sum::<f64>();
    Ok(needed.max(share))
}

fn legend_height(style: &Style<'_>) -> f64 {
    style.em(style.look.board.sizes.metres * 0.9) * 2.0
}

/// Line spacing, in multiples of the text's size.
const LINE: f64 = 1.4;

/// Breaks the small print into lines of a width, each with its size and colour.
fn lines(
    style: &Style<'_>,
    city: &City,
    contents: &Contents,
    width: f64,
) -> Result<Vec<(Run, f64, Colour)>, PrintError> {
    let mut lines = Vec::new();
    for (text, size, quiet) in sentences(style, city, contents) {
        let colour = if quiet { style.muted } else { style.text };
        let Some(fitted) = fit(style, &text, Face::Regular, size, 0.5, width, 4)? else {
            return Err(too_small(style, &format!("`{text}`")));
        };
        lines.extend(fitted.lines.into_iter().map(|run| (run, fitted.size, colour)));
    }
    Ok(lines)
}

/// The sentences of the small print, each with its size and whether it is pale.
fn sentences(style: &Style<'_>, city: &City, contents: &Contents) -> Vec<(String, f64, bool)> {
    let settings = style.settings;
    let profile = &settings.profile;
    let sizes = &style.look.board.sizes;
    let english = settings.has_english();
    let speed = profile.pace.speed.kilometres_per_hour();
    let speed = format!("{speed:.1}");
    let speed = speed.strip_suffix(".0").unwrap_or(&speed);
    let mut sentences = vec![(
        format!(
            "按{}步行 {speed} 公里/小时，自本出入口沿实际道路计算（含过街等候），分钟数向上取整。",
            profile.zh
        ),
        style.em(sizes.metres * 0.85),
        false,
    )];
    if english {
        sentences.push((
            format!(
                "{} walking at {speed} km/h from this gate along real ways, waiting at crossings included; minutes are rounded up.",
                profile.en
            ),
            style.em(sizes.fine * 1.1),
            true,
        ));
    }
    let mut source = Vec::new();
    if let Some([year, month, day]) = data_date(city) {
        source.push(format!("数据日期 {year} 年 {month} 月 {day} 日"));
    }
    source.push(format!("版本 {}", city.edition()));
    source.push("地图数据 © OpenStreetMap contributors（ODbL 1.0）".to_owned());
    for own in &city.meta().own {
        source.push(own.name.clone());
    }
    if let Some(input) = city.meta().inputs.first() {
        source.push(format!("数据校验 {}", input.sha256.get(..12).unwrap_or(&input.sha256)));
    }
    source.push(format!("Living Circle {}", env!("CARGO_PKG_VERSION")));
    sentences.push((source.join(" · "), style.em(sizes.fine), true));
    let mut answers = Vec::new();
    if let Some(hotline) = &settings.hotline {
        answers.push(format!("服务热线：{hotline}"));
    }
    if contents.inferred {
        answers.push("出入口位置待核".to_owned());
    }
    if contents.at_edge {
        answers.push("部分范围超出地图数据边界，所列可能不全".to_owned());
    }
    answers.extend(settings.note.clone());
    if !answers.is_empty() {
        sentences.push((answers.join(" · "), style.em(sizes.metres * 0.85), false));
    }
    sentences
}

/// Draws the foot into a box: left, top, width, height.
///
/// # Errors
///
/// When a font lacks a character of a text.
pub(crate) fn draw(
    style: &Style<'_>,
    city: &City,
    contents: &Contents,
    listed: &Listed,
    [x, y, width, height]: [f64; 4],
) -> Result<Vec<Item>, PrintError> {
    let mut items = vec![Item::Shape(Shape {
        path: Path::line(&[[x, y], [x + width, y]]),
        fill: None,
        stroke: Some(Stroke::solid(style.look.page("line"), style.hairline * 2.0)),
        even_odd: false,
    })];
    let gap = style.unit;
    let legend = legend_height(style);
    items.extend(self::legend(style, listed, [x, y + gap * 0.5, width, legend])?);
    let lines = lines(style, city, contents, width)?;
    let mut top = y + gap * 0.5 + legend;
    let needed: f64 = lines.iter().map(|(_, size, _)| size * LINE).sum();
    // Spare height is distributed between the lines.
    let extra = ((y + height - top - needed) / lines.len().max(1) as f64).clamp(0.0, gap * 0.8);
    for (run, size, colour) in lines {
        items.push(set(&run, Hung::Left, [x, top + extra + size * LINE / 2.0], size, colour));
        top += size * LINE + extra;
    }
    Ok(items)
}

/// The bands with their patterns, then the groups on the map.
fn legend(
    style: &Style<'_>,
    listed: &Listed,
    [x, y, width, height]: [f64; 4],
) -> Result<Vec<Item>, PrintError> {
    let mut items = Vec::new();
    let size = style.em(style.look.board.sizes.metres * 0.9);
    let middle = y + height / 2.0;
    let mut left = x;
    for (band, minutes) in style.settings.minutes.iter().enumerate() {
        let area = [left, middle - size * 0.5, size * 1.7, size];
        items.extend(swatch(style, band, area));
        left += area[2] + size * 0.4;
        let run = Run::new(&format!("{minutes} 分钟"), Face::Regular)?;
        items.push(set(&run, Hung::Left, [left, middle], size, style.text));
        left += run.width * size + size * 1.4;
    }
    let mut groups: Vec<usize> =
        listed.sections.iter().flat_map(|section| &section.entries).map(|(_, entry)| entry.group).collect();
    groups.sort_unstable();
    groups.dedup();
    // Names are written in full if they fit, else by their first character 食 医 养 ….
    let short = |name: &str| name.split('·').next().unwrap_or(name).to_owned();
    let names: Vec<String> = groups.iter().map(|group| style.catalogue.groups[*group].zh.clone()).collect();
    let needed = |name: &str| Run::new(name, Face::Regular).map(|run| size * 2.5 + run.width * size);
    let total = names.iter().map(|name| needed(name)).sum::<Result<f64, _>>()?;
    let in_full = left + total <= x + width;
    for (group, name) in groups.into_iter().zip(names) {
        let name = if in_full { name } else { short(&name) };
        let run = Run::new(&name, Face::Regular)?;
        items.push(Item::Shape(Shape {
            path: Path::circle([left + size * 0.45, middle], size * 0.45),
            fill: Some(style.group(group).into()),
            stroke: None,
            even_odd: false,
        }));
        items.push(set(&run, Hung::Left, [left + size * 1.2, middle], size, style.text));
        left += size * if in_full { 2.5 } else { 1.9 } + run.width * size;
    }
    Ok(items)
}

/// A swatch of a band: its colour and pattern.
fn swatch(style: &Style<'_>, band: usize, area: [f64; 4]) -> Vec<Item> {
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
