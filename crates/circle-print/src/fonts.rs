//! The built-in fonts (`data/fonts`, SIL Open Font License) and text setting.

use crate::error::PrintError;
use crate::path::{Path, Segment, Xy};
use harfrust::{Direction, ShapeOptions, ShaperData, UnicodeBuffer};
use skrifa::charmap::Charmap;
use skrifa::instance::{LocationRef, Size};
use skrifa::metrics::GlyphMetrics;
use skrifa::outline::pen::PathStyle;
use skrifa::outline::{DrawSettings, OutlinePen};
use skrifa::{FontRef, GlyphId, MetadataProvider, OutlineGlyphCollection};
use std::collections::HashMap;
use std::sync::OnceLock;

/// A built-in font.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Face {
    Regular,
    Bold,
    Mongolian,
}

impl Face {
    pub(crate) const ALL: [Self; 3] = [Self::Regular, Self::Bold, Self::Mongolian];

    // Every inlined copy of this function holds the fonts: two copies make the program 16 MB larger.
    #[inline(never)]
    pub(crate) fn bytes(self) -> &'static [u8] {
        match self {
            Self::Regular => include_bytes!("../../../data/fonts/NotoSansCJKsc-Regular.otf"),
            Self::Bold => include_bytes!("../../../data/fonts/NotoSansCJKsc-Bold.otf"),
            Self::Mongolian => include_bytes!("../../../data/fonts/NotoSansMongolian-Regular.ttf"),
        }
    }

    fn font(self) -> &'static Font {
        static FONTS: OnceLock<[Font; 3]> = OnceLock::new();
        &FONTS.get_or_init(|| Self::ALL.map(Font::open))[self as usize]
    }

    /// Glyph index of a character.
    fn glyph(self, character: char) -> Option<u16> {
        let glyph = self.font().characters.map(character)?.to_u32();
        u16::try_from(glyph).ok().filter(|glyph| *glyph != 0)
    }

    fn advance(self, glyph: u16) -> f64 {
        let font = self.font();
        f64::from(font.metrics.advance_width(GlyphId::from(glyph)).unwrap_or(0.0)) / font.units
    }

    /// Outline of a glyph in an em square of 1, from its baseline, y downwards.
    pub(crate) fn outline(self, glyph: u16) -> Path {
        let font = self.font();
        let mut pen = Pen { units: font.units, path: Path::default(), at: [0.0; 2] };
        if let Some(outline) = font.outlines.get(GlyphId::from(glyph)) {
            // This style does not round points to a grid.
            let settings = DrawSettings::unhinted(Size::unscaled(), LocationRef::default())
                .with_path_style(PathStyle::HarfBuzz);
            // Only a damaged font fails; the glyph is then as far as it was drawn.
            let _ = outline.draw(settings, &mut pen);
        }
        pen.path
    }
}

/// An open font and the tables that are read for each glyph.
struct Font {
    file: FontRef<'static>,
    /// Font units in an em.
    units: f64,
    characters: Charmap<'static>,
    metrics: GlyphMetrics<'static>,
    outlines: OutlineGlyphCollection<'static>,
}

impl Font {
    #[expect(clippy::expect_used, reason = "the files are compiled in and a test opens them")]
    fn open(face: Face) -> Self {
        let file = FontRef::new(face.bytes()).expect("a font of data/fonts");
        let (size, location) = (Size::unscaled(), LocationRef::default());
        Self {
            units: f64::from(file.metrics(size, location).units_per_em),
            characters: file.charmap(),
            metrics: file.glyph_metrics(size, location),
            outlines: file.outline_glyphs(),
            file,
        }
    }
}

struct Pen {
    units: f64,
    path: Path,
    at: Xy,
}

impl Pen {
    fn place(&self, x: f32, y: f32) -> Xy {
        [f64::from(x) / self.units, -f64::from(y) / self.units]
    }

    fn add(&mut self, segment: Segment, to: Xy) {
        self.path.0.push(segment);
        self.at = to;
    }
}

impl OutlinePen for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        let to = self.place(x, y);
        self.add(Segment::Move(to), to);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let to = self.place(x, y);
        self.add(Segment::Line(to), to);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let (from, handle, to) = (self.at, self.place(x1, y1), self.place(x, y));
        let two_thirds = |end: Xy| [0, 1].map(|axis| end[axis] + (handle[axis] - end[axis]) * 2.0 / 3.0);
        self.add(Segment::Cubic(two_thirds(from), two_thirds(to), to), to);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let to = self.place(x, y);
        self.add(Segment::Cubic(self.place(x1, y1), self.place(x2, y2), to), to);
    }

    fn close(&mut self) {
        self.path.0.push(Segment::Close);
    }
}

/// A line of text in one font: its glyphs with their advances, in an em square of 1.
#[derive(Debug, Clone)]
pub(crate) struct Run {
    pub(crate) text: String,
    pub(crate) face: Face,
    pub(crate) glyphs: Vec<RunGlyph>,
    pub(crate) width: f64,
}

#[derive(Debug, Clone)]
pub(crate) struct RunGlyph {
    pub(crate) id: u16,
    pub(crate) character: char,
    pub(crate) advance: f64,
    pub(crate) offset: Xy,
    pub(crate) range: std::ops::Range<usize>,
}

impl Run {
    /// Cleans a text and looks up its glyphs.
    ///
    /// # Errors
    ///
    /// When the font lacks a character.
    pub(crate) fn new(text: &str, face: Face) -> Result<Self, PrintError> {
        let text = clean(text);
        if text.chars().any(is_mongolian) {
            return Self::mongolian(text);
        }
        let mut glyphs = Vec::with_capacity(text.len());
        for (at, character) in text.char_indices() {
            let id =
                face.glyph(character).ok_or_else(|| PrintError::NoGlyph { character, text: text.clone() })?;
            let range = at..at + character.len_utf8();
            glyphs.push(RunGlyph { id, character, advance: face.advance(id), offset: [0.0; 2], range });
        }
        space_scripts(&mut glyphs);
        let width = glyphs.iter().map(|glyph| glyph.advance).sum();
        Ok(Self { text, face, glyphs, width })
    }

    /// Shapes traditional Mongolian, whose letters are joined. The line is horizontal here; the caller
    /// rotates it.
    fn mongolian(text: String) -> Result<Self, PrintError> {
        let face = Face::Mongolian;
        let font = face.font();
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(&text);
        buffer.set_direction(Direction::LeftToRight);
        // The script follows from the letters.
        buffer.guess_segment_properties();
        let shaped =
            ShaperData::new(&font.file).shaper(&font.file).build().shape(buffer, ShapeOptions::new());
        let starts: Vec<usize> = shaped.glyph_infos().iter().map(|info| info.cluster as usize).collect();
        let mut glyphs = Vec::new();
        for (number, (info, position)) in
            shaped.glyph_infos().iter().zip(shaped.glyph_positions()).enumerate()
        {
            let start = starts[number];
            let end = starts[number + 1..].iter().copied().find(|other| *other > start).unwrap_or(text.len());
            let character = text[start..].chars().next().unwrap_or(' ');
            if info.glyph_id == 0 && face.glyph(character).is_none() {
                return Err(if Face::Regular.glyph(character).is_some() {
                    PrintError::Mixed { text }
                } else {
                    PrintError::NoGlyph { character, text }
                });
            }
            let em = |units: i32| f64::from(units) / font.units;
            glyphs.push(RunGlyph {
                id: info.glyph_id as u16,
                character,
                advance: em(position.x_advance),
                offset: [em(position.x_offset), -em(position.y_offset)],
                range: start..end,
            });
        }
        let width = glyphs.iter().map(|glyph| glyph.advance).sum();
        Ok(Self { text, face, glyphs, width })
    }

    /// Positions the glyphs on a line that starts at `at`, rotated clockwise by `angle` degrees.
    pub(crate) fn place(&self, at: Xy, size: f64, angle: f64) -> Vec<Glyph> {
        let (sin, cos) = angle.to_radians().sin_cos();
        let mut along = 0.0;
        self.glyphs
            .iter()
            .map(|glyph| {
                let [x, y] = [(along + glyph.offset[0]) * size, glyph.offset[1] * size];
                along += glyph.advance;
                let at = [at[0] + x * cos - y * sin, at[1] + x * sin + y * cos];
                Glyph { id: glyph.id, at, angle, range: glyph.range.clone() }
            })
            .collect()
    }
}

/// A positioned glyph.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Glyph {
    pub(crate) id: u16,
    /// Left end of its baseline.
    pub(crate) at: Xy,
    /// Clockwise rotation about `at`, degrees.
    pub(crate) angle: f64,
    /// Byte range of the text that the glyph shows.
    pub(crate) range: std::ops::Range<usize>,
}

impl Glyph {
    /// Whether another glyph has the same rotation and baseline.
    pub(crate) fn lies_along(&self, other: &Self) -> bool {
        (self.angle - other.angle).abs() < 1e-9
    }
}

/// Adds a quarter of an em between Chinese and Latin letters or digits that no space separates (CLREQ,
/// 3.2.4).
fn space_scripts(glyphs: &mut [RunGlyph]) {
    for at in 1..glyphs.len() {
        let [a, b] = [glyphs[at - 1].character, glyphs[at].character];
        if (is_han(a) && b.is_ascii_alphanumeric()) || (a.is_ascii_alphanumeric() && is_han(b)) {
            glyphs[at - 1].advance += 0.18;
        }
    }
}

pub(crate) fn is_han(character: char) -> bool {
    matches!(character, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

pub(crate) fn is_mongolian(character: char) -> bool {
    matches!(character, '\u{1820}'..='\u{18af}')
}

/// Removes control characters and invisible characters, and collapses white space.
pub(crate) fn clean(text: &str) -> String {
    let mongolian = text.chars().any(is_mongolian);
    let kept = |character: &char| match *character {
        // Traditional Mongolian needs joiners and variation selectors.
        '\u{180b}'..='\u{180e}' | '\u{200c}' | '\u{200d}' | '\u{202f}' => mongolian,
        '\u{ad}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e0fff}' => false,
        other => !other.is_control() || other.is_whitespace(),
    };
    let text: String = text.chars().filter(kept).collect();
    if mongolian { text } else { text.split_whitespace().collect::<Vec<_>>().join(" ") }
}

/// Removes the emoji that some map names contain: the board has pictograms of its own.
pub(crate) fn without_emoji(text: &str) -> String {
    let is_emoji = |character: char| matches!(character, '\u{1f000}'..='\u{1faff}' | '\u{2600}'..='\u{27bf}' | '\u{2b00}'..='\u{2bff}' | '\u{20e3}');
    // Some of these characters, such as ★, are in the fonts and stay.
    let kept = |character: &char| !is_emoji(*character) || Face::Regular.glyph(*character).is_some();
    clean(&text.chars().filter(kept).collect::<String>())
}

/// Cache of the outlines of the used glyphs.
#[derive(Debug, Default)]
pub(crate) struct Outlines(HashMap<(Face, u16), Path>);

impl Outlines {
    pub(crate) fn of(&mut self, face: Face, glyph: u16) -> &Path {
        self.0.entry((face, glyph)).or_insert_with(|| face.outline(glyph))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fonts_hold_every_character_that_names_use() {
        let gb2312 = gb2312();
        assert_eq!(gb2312.chars().count(), 6763);
        let table = "塔布板小区一刻钟便民生活圈导视图䶮㑇㙍𫖯𬱖𠅤𨱇";
        for face in [Face::Regular, Face::Bold] {
            for character in gb2312.chars().chain(table.chars()).chain('\u{4e00}'..='\u{9fef}') {
                assert!(face.glyph(character).is_some(), "{face:?} {character} U+{:04X}", character as u32);
            }
        }
        assert!(Face::Mongolian.glyph('\u{1820}').is_some());
    }

    /// The characters of GB 2312, decoded from their byte pairs.
    fn gb2312() -> String {
        let bytes: Vec<u8> =
            (0xb0..=0xf7u8).flat_map(|row| (0xa1..=0xfeu8).flat_map(move |cell| [row, cell])).collect();
        let decoded = encoding_rs::GBK.decode_without_bom_handling(&bytes).0;
        // Five positions of row 55 are unassigned and decode to private characters.
        decoded.chars().filter(|character| is_han(*character)).collect()
    }

    #[test]
    fn outlines_are_closed_and_as_high_as_their_letters() {
        let height = |face: Face, character: char| {
            let Path(segments) = face.outline(face.glyph(character).unwrap());
            let starts = segments.iter().filter(|segment| matches!(segment, Segment::Move(_))).count();
            let ends = segments.iter().filter(|segment| matches!(segment, Segment::Close)).count();
            assert!(starts > 0 && starts == ends, "{character}: {starts} contours, {ends} closed");
            let heights = segments.iter().filter_map(|segment| match *segment {
                Segment::Move(to) | Segment::Line(to) | Segment::Cubic(_, _, to) => Some(-to[1]),
                Segment::Close => None,
            });
            heights.fold(f64::MIN, f64::max)
        };
        // Heights by fontTools, in thousandths of an em.
        let expected = [(Face::Regular, 'H', 733.0), (Face::Regular, '区', 786.0), (Face::Bold, '区', 806.0)];
        for (face, character, thousandths) in expected {
            assert!((height(face, character) * 1000.0 - thousandths).abs() < 0.01, "{face:?} {character}");
        }
        assert!(height(Face::Mongolian, '\u{1820}') > 0.5);
    }

    /// The glyphs and advances are those of `HarfBuzz` 15.0.0 (uharfbuzz) for this file and text.
    #[test]
    fn mongolian_letters_are_joined_as_harfbuzz_joins_them() {
        let run = Run::new("\u{182e}\u{1823}\u{1829}\u{182d}\u{1823}\u{182f}", Face::Regular).unwrap();
        assert_eq!(run.face, Face::Mongolian);
        let glyphs: Vec<_> =
            run.glyphs.iter().map(|glyph| (glyph.id, (glyph.advance * 1000.0).round())).collect();
        let expected = [(204, 492.0), (6, 573.0), (13, 574.0), (934, 568.0), (6, 573.0), (14, 383.0)];
        assert_eq!(glyphs, expected);
        assert!(run.glyphs.iter().all(|glyph| glyph.offset.iter().all(|at| at.abs() < 1e-9)));
        let ranges: Vec<_> = run.glyphs.iter().map(|glyph| glyph.range.clone()).collect();
        assert_eq!(ranges, [0..3, 3..6, 6..9, 9..12, 12..15, 15..18]);
    }

    #[test]
    fn a_character_without_a_glyph_is_an_error_that_names_it() {
        let error = Run::new("店🦄", Face::Regular).unwrap_err().to_string();
        assert!(error.contains("🦄") && error.contains("U+1F984"), "{error}");
    }

    #[test]
    fn invisible_characters_are_removed() {
        assert_eq!(without_emoji("🏥 省疾控中心 ★"), "省疾控中心 ★");
        assert_eq!(clean(" 东\u{202e}门\n\t二 \u{0}"), "东门 二");
    }
}
