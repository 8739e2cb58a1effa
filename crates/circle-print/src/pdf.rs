//! Writes a page as PDF: vectors, with the used glyphs of the fonts embedded.

use crate::colour::Colour;
use crate::error::PrintError;
use crate::fonts::{Face, Glyph};
use crate::logo::Image;
use crate::path::{Path, Segment};
use crate::scene::{self, Group, Item, Scene, Shape, Text};
use krilla::Document;
use krilla::color::rgb;
use krilla::geom::{PathBuilder, Point, Rect, Size, Transform};
use krilla::metadata::{DateTime, Metadata};
use krilla::num::NormalizedF32;
use krilla::page::PageSettings;
use krilla::paint::{Fill, FillRule, LineCap, LineJoin, Stroke, StrokeDash};
use krilla::surface::Surface;
use krilla::tagging::{ContentTag, SpanTag};
use krilla::text::{Font, GlyphId, KrillaGlyph};
use krilla_svg::{SurfaceExt, SvgSettings};
use std::sync::OnceLock;

/// Points per millimetre.
const POINTS: f64 = 72.0 / 25.4;

/// Writes a page. `date` is year, month and day of the data.
///
/// # Errors
///
/// When the PDF library rejects the document.
pub(crate) fn pdf(
    scene: &Scene,
    author: Option<&str>,
    date: Option<[u16; 3]>,
) -> Result<Vec<u8>, PrintError> {
    let wrong = |what: String| PrintError::Write { format: "PDF", what };
    let margin = crate::cut::margin(scene);
    let points = |millimetres: f64| (millimetres * POINTS) as f32;
    let [width, height] = scene.size.map(|side| points(side + 2.0 * margin));
    let inset = |from: f64| {
        let [right, bottom] = scene.size.map(|side| points(side + 2.0 * margin - from));
        Rect::from_ltrb(points(from), points(from), right, bottom)
    };
    let settings =
        PageSettings::from_wh(width, height).ok_or_else(|| wrong(format!("{width} × {height} points")))?;
    let settings = settings.with_trim_box(inset(margin)).with_bleed_box(inset(margin - scene.bleed));
    let mut document = Document::new();
    let mut page = document.start_page_with(settings);
    let mut surface = page.surface();
    let scale = POINTS as f32;
    surface.push_transform(&Transform::from_row(scale, 0.0, 0.0, scale, points(margin), points(margin)));
    for item in &scene.items {
        draw(&mut surface, item);
    }
    crate::cut::marks(scene).iter().for_each(|mark| shape(&mut surface, mark));
    surface.pop();
    surface.finish();
    page.finish();
    let mut metadata = Metadata::new()
        .title(scene.title.clone())
        .language("zh-CN".to_owned())
        .creator(format!("Living Circle {}", env!("CARGO_PKG_VERSION")));
    if let Some(author) = author {
        metadata = metadata.authors(vec![author.to_owned()]);
    }
    // The document has the date of the data, not of today: the same board is the same bytes.
    if let Some([year, month, day]) = date {
        metadata = metadata.creation_date(DateTime::new(year).month(month as u8).day(day as u8));
    }
    document.set_metadata(metadata);
    document.finish().map_err(|error| wrong(format!("{error:?}")))
}

fn font(face: Face) -> Option<Font> {
    static FONTS: OnceLock<[Option<Font>; 3]> = OnceLock::new();
    FONTS.get_or_init(|| Face::ALL.map(|face| Font::new(face.bytes().into(), 0)))[face as usize].clone()
}

fn draw(surface: &mut Surface<'_>, item: &Item) {
    match item {
        Item::Shape(it) => shape(surface, it),
        Item::Text(it) => text(surface, it),
        Item::Group(it) => group(surface, it),
        Item::Logo(logo, place) => image(surface, &logo.image, *place),
    }
}

fn group(surface: &mut Surface<'_>, group: &Group) {
    let clip = group.clip.as_ref().and_then(path);
    if let Some(clip) = &clip {
        surface.push_clip_path(clip, &FillRule::EvenOdd);
    }
    group.items.iter().for_each(|item| draw(surface, item));
    if clip.is_some() {
        surface.pop();
    }
}

fn shape(surface: &mut Surface<'_>, shape: &Shape) {
    let Some(path) = path(&shape.path) else { return };
    if shape.fill.is_none() && shape.stroke.is_none() {
        return;
    }
    surface.set_fill(shape.fill.map(|paint| fill(paint, shape.even_odd)));
    surface.set_stroke(shape.stroke.as_ref().map(stroke));
    surface.draw_path(&path);
}

fn fill(paint: scene::Paint, even_odd: bool) -> Fill {
    let rule = if even_odd { FillRule::EvenOdd } else { FillRule::NonZero };
    Fill { paint: colour(paint.colour).into(), opacity: opacity(paint.opacity), rule }
}

fn stroke(stroke: &scene::Stroke) -> Stroke {
    let (line_cap, line_join) =
        if stroke.butt { (LineCap::Butt, LineJoin::Miter) } else { (LineCap::Round, LineJoin::Round) };
    Stroke {
        paint: colour(stroke.paint.colour).into(),
        width: stroke.width as f32,
        opacity: opacity(stroke.paint.opacity),
        line_cap,
        line_join,
        dash: (!stroke.dash.is_empty())
            .then(|| StrokeDash { array: stroke.dash.iter().map(|it| *it as f32).collect(), offset: 0.0 }),
        ..Stroke::default()
    }
}

fn colour(colour: Colour) -> rgb::Color {
    let [red, green, blue] = colour.0;
    rgb::Color::new(red, green, blue)
}

fn opacity(share: f64) -> NormalizedF32 {
    NormalizedF32::new(share.clamp(0.0, 1.0) as f32).unwrap_or(NormalizedF32::ONE)
}

fn path(path: &Path) -> Option<krilla::geom::Path> {
    let mut builder = PathBuilder::new();
    // 0.01 mm is finer than print resolution and shortens the file.
    let round = |value: f64| (value * 100.0).round() as f32 / 100.0;
    for segment in &path.0 {
        match *segment {
            Segment::Move([x, y]) => builder.move_to(round(x), round(y)),
            Segment::Line([x, y]) => builder.line_to(round(x), round(y)),
            Segment::Cubic([x1, y1], [x2, y2], [x, y]) => {
                builder.cubic_to(round(x1), round(y1), round(x2), round(y2), round(x), round(y));
            }
            Segment::Close => builder.close(),
        }
    }
    builder.finish()
}

fn text(surface: &mut Surface<'_>, text: &Text) {
    let Some(font) = font(text.face) else { return };
    if let Some((halo, width)) = text.halo {
        surface.set_fill(None);
        let rim = scene::Stroke::solid(halo, width * 2.0);
        surface.set_stroke(Some(stroke(&rim)));
        // The halo is drawn as paths; as text, a search would find it twice.
        runs(surface, text, &font, true);
    }
    surface.set_stroke(None);
    surface.set_fill(Some(fill(text.colour.into(), false)));
    let one_line = text.glyphs.windows(2).all(|pair| pair[0].lies_along(&pair[1]));
    if one_line {
        runs(surface, text, &font, false);
    } else {
        // Letters bent along a street are separate runs; `ActualText` makes the word searchable.
        let span = SpanTag { actual_text: Some(text.text.as_str()), ..SpanTag::empty() };
        surface.start_tagged(ContentTag::Span(span));
        runs(surface, text, &font, false);
        surface.end_tagged();
    }
}

/// Draws consecutive glyphs with one baseline as one run.
fn runs(surface: &mut Surface<'_>, text: &Text, font: &Font, outlined: bool) {
    let mut rest = text.glyphs.as_slice();
    while let Some(first) = rest.first() {
        let length = rest.iter().take_while(|glyph| glyph.lies_along(first)).count();
        let (run, after) = rest.split_at(length);
        rest = after;
        let (sin, cos) = first.angle.to_radians().sin_cos();
        let along = |glyph: &Glyph| {
            let [dx, dy] = [glyph.at[0] - first.at[0], glyph.at[1] - first.at[1]];
            [dx * cos + dy * sin, dy * cos - dx * sin]
        };
        let places: Vec<[f64; 2]> = run.iter().map(along).collect();
        let glyphs: Vec<KrillaGlyph> = (0..run.len())
            .map(|number| {
                let next = places.get(number + 1).map_or(places[number][0] + text.size, |next| next[0]);
                let advance = ((next - places[number][0]) / text.size) as f32;
                let rise = -(places[number][1] / text.size) as f32;
                let id = GlyphId::new(u32::from(run[number].id));
                KrillaGlyph::new(id, advance, 0.0, rise, 0.0, run[number].range.clone(), None)
            })
            .collect();
        let (x, y) = (first.at[0] as f32, first.at[1] as f32);
        let turned = first.angle != 0.0;
        if turned {
            let (sin, cos) = (sin as f32, cos as f32);
            surface.push_transform(&Transform::from_row(cos, sin, -sin, cos, x, y));
        }
        let at = if turned { Point::from_xy(0.0, 0.0) } else { Point::from_xy(x, y) };
        surface.draw_glyphs(at, &glyphs, font.clone(), &text.text, text.size as f32, outlined);
        if turned {
            surface.pop();
        }
    }
}

fn image(surface: &mut Surface<'_>, image: &Image, [x, y, width, height]: [f64; 4]) {
    let Some(size) = Size::from_wh(width as f32, height as f32) else { return };
    surface.push_transform(&Transform::from_translate(x as f32, y as f32));
    match image {
        Image::Svg(tree) => {
            surface.draw_svg(tree, size, SvgSettings::default());
        }
        Image::Png(bytes) => {
            if let Ok(image) = krilla::image::Image::from_png(bytes.clone().into(), true) {
                surface.draw_image(image, size);
            }
        }
    }
    surface.pop();
}
