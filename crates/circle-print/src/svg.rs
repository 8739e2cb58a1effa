//! Writes a page as SVG. Every glyph is an outline, so the page looks the same with no font installed.
//! Invisible text lies over the outlines for search, copying and screen readers.

use crate::colour::Colour;
use crate::fonts::{Face, Glyph, Outlines};
use crate::logo::Image;
use crate::path::{Path, Segment, Xy};
use crate::scene::{Group, Item, Paint, Scene, Shape, Stroke, Text};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::collections::BTreeSet;
use std::fmt::Write;

/// How text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Words {
    /// Outlines, with the invisible text over them.
    Searchable,
    /// Outlines only: the SVG is drawn as a picture.
    Outlines,
}

/// Writes a page as an SVG document.
pub(crate) fn svg(scene: &Scene, words: Words) -> String {
    let margin = crate::cut::margin(scene);
    let [width, height] = scene.size.map(|side| side + 2.0 * margin);
    let mut out =
        Writer { out: String::with_capacity(1 << 20), words, glyphs: BTreeSet::new(), clips: 0, logos: 0 };
    for item in &scene.items {
        out.item(item);
    }
    crate::cut::marks(scene).iter().for_each(|mark| out.shape(mark));
    let body = std::mem::take(&mut out.out);
    let mut svg = String::with_capacity(body.len() + out.glyphs.len() * 400);
    // Writing to a `String` never fails.
    let _ = writeln!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" width=\"{}mm\" height=\"{}mm\" \
         viewBox=\"{} {} {} {}\"><title>{}</title>",
        Number(width),
        Number(height),
        Number(-margin),
        Number(-margin),
        Number(width),
        Number(height),
        Escaped(&scene.title)
    );
    svg.push_str("<defs>\n");
    let mut outlines = Outlines::default();
    for (face, glyph) in &out.glyphs {
        let _ = write!(svg, "<path id=\"{}{glyph}\" d=\"", letter(*face));
        // Glyphs are written in thousandths of an em, so that coordinates are whole numbers.
        data(&outlines.of(*face, *glyph).map(|[x, y]| [x * 1000.0, y * 1000.0]), &mut svg, 0);
        svg.push_str("\"/>\n");
    }
    svg.push_str("</defs>\n");
    svg.push_str(&body);
    svg.push_str("</svg>\n");
    svg
}

struct Writer {
    out: String,
    words: Words,
    glyphs: BTreeSet<(Face, u16)>,
    clips: usize,
    logos: usize,
}

impl Writer {
    fn put(&mut self, text: std::fmt::Arguments<'_>) {
        // Writing to a `String` never fails.
        let _ = self.out.write_fmt(text);
    }

    fn item(&mut self, item: &Item) {
        match item {
            Item::Shape(shape) => self.shape(shape),
            Item::Text(text) => self.text(text),
            Item::Group(group) => self.group(group),
            Item::Logo(logo, place) => self.logo(&logo.image, *place),
        }
    }

    fn group(&mut self, group: &Group) {
        if let Some(clip) = &group.clip {
            self.clips += 1;
            let number = self.clips;
            self.put(format_args!("<clipPath id=\"clip{number}\"><path clip-rule=\"evenodd\" d=\""));
            data(clip, &mut self.out, 3);
            self.put(format_args!(
                "\"/></clipPath>\n<g class=\"{}\" clip-path=\"url(#clip{number})\"",
                group.name
            ));
        } else {
            self.put(format_args!("<g class=\"{}\"", group.name));
        }
        for (key, value) in &group.about {
            self.put(format_args!(" data-{key}=\"{}\"", Escaped(value)));
        }
        self.out.push_str(">\n");
        group.items.iter().for_each(|item| self.item(item));
        self.out.push_str("</g>\n");
    }

    fn shape(&mut self, shape: &Shape) {
        if shape.path.is_empty() {
            return;
        }
        self.out.push_str("<path d=\"");
        data(&shape.path, &mut self.out, 3);
        self.out.push('"');
        self.paint("fill", shape.fill);
        if shape.fill.is_some() && shape.even_odd {
            self.out.push_str(" fill-rule=\"evenodd\"");
        }
        if let Some(stroke) = &shape.stroke {
            self.stroke(stroke);
        }
        self.out.push_str("/>\n");
    }

    fn paint(&mut self, what: &str, paint: Option<Paint>) {
        match paint {
            None => self.put(format_args!(" {what}=\"none\"")),
            Some(Paint { colour, opacity }) => {
                self.put(format_args!(" {what}=\"{colour}\""));
                if opacity < 1.0 {
                    self.put(format_args!(" {what}-opacity=\"{}\"", Number(opacity)));
                }
            }
        }
    }

    fn stroke(&mut self, stroke: &Stroke) {
        self.paint("stroke", Some(stroke.paint));
        self.put(format_args!(" stroke-width=\"{}\"", Number(stroke.width)));
        if !stroke.butt {
            self.out.push_str(" stroke-linecap=\"round\" stroke-linejoin=\"round\"");
        }
        if !stroke.dash.is_empty() {
            self.out.push_str(" stroke-dasharray=\"");
            for (number, length) in stroke.dash.iter().enumerate() {
                self.put(format_args!("{}{}", if number > 0 { " " } else { "" }, Number(*length)));
            }
            self.out.push('"');
        }
    }

    fn text(&mut self, text: &Text) {
        if let Some((colour, width)) = text.halo {
            self.glyph_run(text, colour, Some(width));
        }
        self.glyph_run(text, text.colour, None);
        if self.words == Words::Searchable
            && let Some(first) = text.glyphs.first()
        {
            // Along a street, the invisible text is one straight line from the first letter to the last.
            let last = text.glyphs.last().filter(|_| text.glyphs.len() > 1);
            let angle = last.map_or(first.angle, |last| {
                (last.at[1] - first.at[1]).atan2(last.at[0] - first.at[0]).to_degrees()
            });
            let [x, y] = first.at;
            self.put(format_args!(
                "<text x=\"{}\" y=\"{}\" font-size=\"{}\"",
                Number(x),
                Number(y),
                Number(text.size)
            ));
            if angle.abs() > 0.01 {
                self.put(format_args!(
                    " transform=\"rotate({} {} {})\"",
                    Number(angle),
                    Number(x),
                    Number(y)
                ));
            }
            let (weight, words) = (if text.face == Face::Bold { "700" } else { "400" }, Escaped(&text.text));
            self.put(format_args!(
                " font-family=\"Noto Sans CJK SC, sans-serif\" font-weight=\"{weight}\" textLength=\"{}\" \
                 lengthAdjust=\"spacingAndGlyphs\" fill-opacity=\"0\">{words}</text>\n",
                Number(text.width)
            ));
        }
    }

    fn glyph_run(&mut self, text: &Text, colour: Colour, halo: Option<f64>) {
        self.put(format_args!("<g fill=\"{colour}\" aria-hidden=\"true\""));
        let scale = text.size / 1000.0;
        if let Some(width) = halo {
            self.put(format_args!(
                " stroke=\"{colour}\" stroke-width=\"{}\" stroke-linejoin=\"round\"",
                Number(width * 2.0 / scale)
            ));
        }
        self.out.push('>');
        for Glyph { id, at, angle, .. } in &text.glyphs {
            self.glyphs.insert((text.face, *id));
            let (sin, cos) = angle.to_radians().sin_cos();
            let [a, b] = [cos * scale, sin * scale];
            self.put(format_args!("<use xlink:href=\"#{}{id}\" transform=\"", letter(text.face)));
            if *angle == 0.0 {
                self.put(format_args!(
                    "translate({} {})scale({})",
                    Number(at[0]),
                    Number(at[1]),
                    Fine(scale)
                ));
            } else {
                self.put(format_args!(
                    "matrix({} {} {} {} {} {})",
                    Fine(a),
                    Fine(b),
                    Fine(-b),
                    Fine(a),
                    Number(at[0]),
                    Number(at[1])
                ));
            }
            self.out.push_str("\"/>");
        }
        self.out.push_str("</g>\n");
    }

    fn logo(&mut self, image: &Image, [x, y, width, height]: [f64; 4]) {
        self.logos += 1;
        match image {
            Image::Svg(tree) => {
                let options = resvg::usvg::WriteOptions {
                    id_prefix: Some(format!("logo{}-", self.logos)),
                    ..resvg::usvg::WriteOptions::default()
                };
                let scale = height / f64::from(tree.size().height());
                let across = width / f64::from(tree.size().width());
                self.put(format_args!(
                    "<g class=\"logo\" transform=\"translate({} {})scale({} {})\">{}</g>\n",
                    Number(x),
                    Number(y),
                    Fine(across),
                    Fine(scale),
                    tree.to_string(&options)
                ));
            }
            Image::Png(bytes) => self.put(format_args!(
                "<image class=\"logo\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" \
                 xlink:href=\"data:image/png;base64,{}\"/>\n",
                Number(x),
                Number(y),
                Number(width),
                Number(height),
                STANDARD.encode(bytes)
            )),
        }
    }
}

const fn letter(face: Face) -> char {
    match face {
        Face::Regular => 'r',
        Face::Bold => 'b',
        Face::Mongolian => 'm',
    }
}

/// Writes path data with up to `decimals` decimals.
fn data(path: &Path, out: &mut String, decimals: usize) {
    let mut put = |letter: char, points: &[Xy]| {
        out.push(letter);
        for (number, [x, y]) in points.iter().enumerate() {
            if number > 0 {
                out.push(' ');
            }
            trimmed(*x, decimals, out);
            out.push(' ');
            trimmed(*y, decimals, out);
        }
    };
    for segment in &path.0 {
        match *segment {
            Segment::Move(a) => put('M', &[a]),
            Segment::Line(a) => put('L', &[a]),
            Segment::Cubic(a, b, c) => put('C', &[a, b, c]),
            Segment::Close => put('Z', &[]),
        }
    }
}

/// Writes a number with at most `decimals` decimals and without trailing zeros. A board holds about 100,000
/// numbers.
fn trimmed(value: f64, decimals: usize, out: &mut String) {
    let scale = [1i64, 10, 100, 1000][decimals.min(3)];
    let scaled = (value * scale as f64).round() as i64;
    if scaled < 0 {
        out.push('-');
    }
    let (whole, mut rest) = (scaled.abs() / scale, scaled.abs() % scale);
    let mut digits = [0u8; 20];
    let mut at = digits.len();
    let mut left = whole;
    loop {
        at -= 1;
        digits[at] = b'0' + (left % 10) as u8;
        left /= 10;
        if left == 0 {
            break;
        }
    }
    out.push_str(std::str::from_utf8(&digits[at..]).unwrap_or_default());
    if rest > 0 {
        out.push('.');
        let mut place = scale / 10;
        while rest > 0 {
            out.push(char::from(b'0' + (rest / place) as u8));
            rest %= place;
            place /= 10;
        }
    }
}

/// A number with at most three decimals.
struct Number(f64);

impl std::fmt::Display for Number {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut text = String::new();
        trimmed(self.0, 3, &mut text);
        f.write_str(&text)
    }
}

/// A number with at most six decimals.
struct Fine(f64);

impl std::fmt::Display for Fine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = format!("{:.6}", self.0);
        f.write_str(text.trim_end_matches('0').trim_end_matches('.'))
    }
}

/// Text escaped for element content and attribute values.
struct Escaped<'a>(&'a str);

impl std::fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for character in self.0.chars() {
            match character {
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '&' => f.write_str("&amp;")?,
                '"' => f.write_str("&quot;")?,
                other => f.write_char(other)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_no_trailing_zeros() {
        for (value, text) in
            [(1.0, "1"), (-0.5, "-0.5"), (0.0004, "0"), (12.3456, "12.346"), (100.01, "100.01")]
        {
            assert_eq!(Number(value).to_string(), text);
        }
        assert_eq!(Fine(0.012_345_67).to_string(), "0.012346");
    }
}
