//! The foot: legend, profile, sources, publisher and QR code.

use super::too_small::too_small;
use crate::colour::Colour;
use crate::contents::{Contents, Listed, data_date};
use crate::error::PrintError;
use crate::fonts::{Face, Run};
use crate::map::{label_colour, opacity, pattern};
use crate::path::Path;
use crate::scene::{Group, Item, Paint, Shape, Stroke};
use crate::style::{Hung, Style, fit, set};
use circle_model::{City, GateId, Point};
use fast_qr::qr::{QRBuilder, QRCode};

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
    needed += lines(style, city, contents, text_width(style, width))?
        .iter()
        .map(|(_, size, _)| size * LINE)
        .sum::<f64>();
    Ok(needed.max(share).max(qr_side(style)))
}

fn legend_height(style: &Style<'_>) -> f64 {
    style.em(style.look.board.sizes.metres * 0.9) * 2.0
}

/// Side of the QR code on the smallest pages, millimetres, with its quiet zone.
const SMALLEST_QR: f64 = 24.0;

/// Side of the QR code's square, millimetres, with its quiet zone; 0 without an address.
fn qr_side(style: &Style<'_>) -> f64 {
    if style.settings.address.is_some() { (56.0 * style.scale).max(SMALLEST_QR) } else { 0.0 }
}

/// Width of the text beside the QR code.
fn text_width(style: &Style<'_>, width: f64) -> f64 {
    match qr_side(style) {
        0.0 => width,
        side => width - side - style.unit * 2.0,
    }
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
    answers.push(match &settings.approval_number {
        Some(number) => format!("审图号：{number}"),
        None => "示意图".to_owned(),
    });
    if let Some(issuer) = &settings.issuer {
        answers.push(format!("制作单位：{issuer}"));
    }
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
    sentences.push((answers.join(" · "), style.em(sizes.metres * 0.85), false));
    sentences
}

/// Draws the foot into a box: left, top, width, height.
///
/// # Errors
///
/// When a font lacks a character of a text, or the address is too long for a QR code.
pub(crate) fn draw(
    style: &Style<'_>,
    city: &City,
    contents: &Contents,
    listed: &Listed,
    [x, y, width, height]: [f64; 4],
    gate: GateId,
) -> Result<Vec<Item>, PrintError> {
    let mut items = vec![Item::Shape(Shape {
        path: Path::line(&[[x, y], [x + width, y]]),
        fill: None,
        stroke: Some(Stroke::solid(style.look.page("line"), style.hairline * 2.0)),
        even_odd: false,
    })];
    let gap = style.unit;
    let space = text_width(style, width);
    if let Some(address) = &style.settings.address {
        let side = qr_side(style);
        let link = link(address, &city.gate_key(gate), contents.at);
        items.push(qr(&link, [x + width - side, y + (height - side) / 2.0, side], style)?);
    }
    let legend = legend_height(style);
    items.extend(self::legend(style, listed, [x, y + gap * 0.5, space, legend])?);
    let lines = lines(style, city, contents, space)?;
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

/// Content of the QR code: the key of the gate and its position to about 10 m, which remains valid when the
/// key does not. The text is short because more characters make smaller modules.
fn link(address: &str, key: &str, at: Point) -> String {
    let at = at.lon_lat();
    format!("{address}/#gate={key}&at={:.4},{:.4}", at.lon, at.lat)
}

/// Width of the quiet zone of a QR code, modules (ISO/IEC 18004).
const QUIET: f64 = 4.0;

/// Draws a QR code in a square: left, top, side.
fn qr(link: &str, [x, y, side]: [f64; 3], style: &Style<'_>) -> Result<Item, PrintError> {
    let code: QRCode = QRBuilder::new(link).ecl(fast_qr::ECL::M).build().map_err(|error| {
        PrintError::Address { what: format!("`{link}` does not fit a QR code: {error:?}") }
    })?;
    let module = side / (code.size as f64 + 2.0 * QUIET);
    let [x, y] = [x + QUIET * module, y + QUIET * module];
    let mut path = Path::default();
    for row in 0..code.size {
        let dark = |column: usize| code[row][column].value();
        let mut column = 0;
        while column < code.size {
            let start = column;
            while column < code.size && dark(column) {
                column += 1;
            }
            if column > start {
                let (left, top) = (x + start as f64 * module, y + row as f64 * module);
                let right = x + column as f64 * module;
                path.add_ring(&[[left, top], [right, top], [right, top + module], [left, top + module]]);
            }
            column += 1;
        }
    }
    Ok(Item::Shape(Shape { path, fill: Some(style.text.into()), stroke: None, even_odd: false }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_qr_code_holds_the_key_and_the_position_of_the_gate() {
        let at = Point { lon: 1_266_433_011, lat: 457_578_990 };
        assert_eq!(
            link("https://circle.example.org", "n456", at),
            "https://circle.example.org/#gate=n456&at=126.6433,45.7579"
        );
    }

    /// The longest key with an address of 60 characters needs a code with 45 modules per side (version 7), a
    /// typical one 37 (version 5). Phones read modules of 0.3 mm.
    #[test]
    fn qr_modules_on_the_smallest_page_are_at_least_0_3_mm() {
        let module = |address: usize, key: usize| {
            let at = Point { lon: -1_266_433_011, lat: -457_578_990 };
            let link = link(&"x".repeat(address), &"k".repeat(key), at);
            let code = QRBuilder::new(link).ecl(fast_qr::ECL::M).build().unwrap();
            SMALLEST_QR / (code.size as f64 + 2.0 * QUIET)
        };
        assert!(module(60, 32) > 0.4, "{}", module(60, 32));
        assert!(module(28, 10) > 0.5, "{}", module(28, 10));
    }
}
