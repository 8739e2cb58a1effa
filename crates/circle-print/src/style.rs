//! Sizes and colours of one page.

use crate::colour::Colour;
use crate::error::PrintError;
use crate::fonts::{Face, Run};
use crate::look::Look;
use crate::path::Xy;
use crate::scene::{Item, Text};
use crate::settings::Settings;
use circle_model::Catalogue;

/// Sizes and colours of one page.
#[derive(Debug)]
pub(crate) struct Style<'a> {
    pub(crate) look: &'static Look,
    pub(crate) settings: &'a Settings,
    pub(crate) catalogue: &'a Catalogue,
    /// Ratio of sizes on this page to sizes at A1.
    pub(crate) scale: f64,
    /// The basic gap in millimetres. Every gap is a multiple of it.
    pub(crate) unit: f64,
    pub(crate) hairline: f64,
    pub(crate) accent: Colour,
    pub(crate) here: Colour,
    pub(crate) text: Colour,
    pub(crate) muted: Colour,
    pub(crate) paper: Colour,
    pub(crate) bands: Vec<Colour>,
}

/// Height of a character, as a share of the em square.
const HEIGHT: f64 = 0.9;
/// Distance from the middle of a text line down to its baseline, as a share of the em square.
const DOWN: f64 = 0.375;

impl<'a> Style<'a> {
    pub(crate) fn of(settings: &'a Settings, catalogue: &'a Catalogue) -> Self {
        let look = Look::built_in();
        let page = settings.paper();
        let scale = page.scale();
        let own = &settings.colours;
        let known = &look.day.band.colours;
        let bands = (0..settings.minutes.len())
            .map(|band| own.bands.get(band).copied().unwrap_or(known[band.min(known.len() - 1)]));
        Self {
            look,
            settings,
            catalogue,
            scale,
            unit: page.width.min(page.height) * look.board.unit,
            hairline: (0.15 * scale).max(0.06),
            accent: own.accent.unwrap_or(look.page("accent")),
            here: own.here.unwrap_or(look.board.here),
            text: look.page("text"),
            muted: look.board.muted,
            paper: look.page("paper"),
            bands: bands.collect(),
        }
    }

    /// Em square, in millimetres, of text whose characters are `height` millimetres high at A1.
    pub(crate) fn em(&self, height: f64) -> f64 {
        (height * self.scale).max(self.look.board.smallest) / HEIGHT
    }

    /// The smallest em square on the page, in millimetres.
    pub(crate) fn smallest(&self) -> f64 {
        self.look.board.smallest / HEIGHT
    }

    pub(crate) fn group(&self, group: usize) -> Colour {
        self.look.group(&self.catalogue.groups[group].id)
    }
}

/// Horizontal anchor of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hung {
    Left,
    Middle,
    Right,
}

/// Sets a run as one horizontal line whose middle is at `y`.
pub(crate) fn set(run: &Run, hung: Hung, [x, y]: Xy, size: f64, colour: Colour) -> Item {
    let width = run.width * size;
    let left = match hung {
        Hung::Left => x,
        Hung::Middle => x - width / 2.0,
        Hung::Right => x - width,
    };
    Item::Text(text_of(run, [left, y + DOWN * size], size, colour, None))
}

/// Sets a run with a halo.
pub(crate) fn set_with_halo(run: &Run, [x, y]: Xy, size: f64, colour: Colour, halo: (Colour, f64)) -> Item {
    Item::Text(text_of(run, [x - run.width * size / 2.0, y + DOWN * size], size, colour, Some(halo)))
}

pub(crate) fn text_of(
    run: &Run,
    baseline: Xy,
    size: f64,
    colour: Colour,
    halo: Option<(Colour, f64)>,
) -> Text {
    Text {
        text: run.text.clone(),
        face: run.face,
        size,
        colour,
        halo,
        glyphs: run.place(baseline, size, 0.0),
        width: run.width * size,
    }
}

/// Distance from the middle of a glyph down to its baseline, in millimetres.
pub(crate) const fn down(size: f64) -> f64 {
    DOWN * size
}

/// A text broken into lines and scaled down to fit.
#[derive(Debug)]
pub(crate) struct Fitted {
    pub(crate) lines: Vec<Run>,
    pub(crate) size: f64,
}

/// Sets a text within a width at the largest size between `size × least` and `size`: on one line if it fits,
/// else on up to `most_lines`. Returns `None` if it does not fit.
///
/// # Errors
///
/// When no font has one of the characters.
pub(crate) fn fit(
    style: &Style<'_>,
    text: &str,
    face: Face,
    size: f64,
    least: f64,
    width: f64,
    most_lines: usize,
) -> Result<Option<Fitted>, PrintError> {
    let run = Run::new(text, face)?;
    let floor = (size * least).max(style.smallest()).min(size);
    if run.width * floor <= width {
        let size = size.min(width / run.width.max(0.01));
        return Ok(Some(Fitted { lines: vec![run], size }));
    }
    let mut size = size;
    loop {
        if let Some(lines) = broken(&run, width / size, most_lines)? {
            return Ok(Some(Fitted { lines, size }));
        }
        if size <= floor {
            return Ok(None);
        }
        size = (size * 0.95).max(floor);
    }
}

/// Characters that may not begin a line, and characters that may not end one (避头尾, CLREQ 3.1.3).
const NOT_FIRST: &str = "）」』】〉》〕、，。！？；：％)]},.!?;:%·";
const NOT_LAST: &str = "（「『【〈《〔([{";

/// Breaks a run into lines of at most `width` ems; `None` if more than `most` lines are needed.
fn broken(run: &Run, width: f64, most: usize) -> Result<Option<Vec<Run>>, PrintError> {
    let glyphs = &run.glyphs;
    let may_break = |at: usize| {
        let (before, after) = (glyphs[at - 1].character, glyphs[at].character);
        // Latin words, numbers and addresses are broken only after a space or hyphen.
        let word = |c: char| !c.is_whitespace() && c.is_ascii() && c != '-';
        !(NOT_FIRST.contains(after) || NOT_LAST.contains(before) || word(before) && word(after))
    };
    let mut lines = Vec::new();
    let mut start = 0;
    while start < glyphs.len() {
        let mut used = 0.0;
        let fitting = glyphs[start..].iter().take_while(|glyph| {
            used += glyph.advance;
            used <= width
        });
        let mut end = start + fitting.count();
        if end < glyphs.len() {
            // A word longer than the line is broken anywhere.
            end = (start + 1..=end).rev().find(|at| may_break(*at)).unwrap_or(end);
        }
        if end == start || lines.len() == most {
            return Ok(None);
        }
        let text = &run.text[glyphs[start].range.start..glyphs[end - 1].range.end];
        lines.push(Run::new(text, run.face)?);
        start = end;
    }
    Ok(Some(lines))
}
