//! The lines at the end of the list: the nearest of each kind that lies beyond the longest band.

use super::arrow::arrow;
use super::grid::Grid;
use crate::contents::Contents;
use crate::error::PrintError;
use crate::fonts::{Face, Run};
use crate::layout::too_small::too_small;
use crate::path::Path;
use crate::scene::{Item, Shape, Stroke};
use crate::style::{Hung, Style, set};

/// The lines, all at one size, in columns of equal height.
#[derive(Debug, Default)]
pub(super) struct BeyondLines {
    /// Each with the direction of its place, degrees clockwise from up.
    lines: Vec<(Run, Option<f64>)>,
    size: f64,
    rows: usize,
    /// Distance to what is above.
    gap: f64,
}

/// Line spacing, in multiples of the size.
const LINE: f64 = 1.5;
/// Width of an arrow with its distance to the text, in multiples of the size.
const ARROW: f64 = 1.5;

impl BeyondLines {
    /// Sets the lines in columns of a width. A list without an entry begins with a sentence that says so.
    ///
    /// # Errors
    ///
    /// When no font has one of the characters, or a line is too long.
    pub(super) fn of(
        style: &Style<'_>,
        contents: &Contents,
        grid: &Grid,
        columns: usize,
        column_width: f64,
    ) -> Result<Self, PrintError> {
        let mut lines = Vec::new();
        if contents.entries.is_empty() {
            let minutes = style.settings.minutes.iter().max().copied().unwrap_or(0);
            let none = format!("步行 {minutes} 分钟内暂未收录所列设施");
            lines.push((Run::new(&none, Face::Regular)?, None));
        }
        for place in &contents.beyond {
            let metres = thousands(place.walk.metres);
            let text = format!("最近的{}：{} 分钟 {metres} 米", place.kind, place.walk.minutes);
            let direction = place.bearing_degrees - contents.up_degrees;
            lines.push((Run::new(&text, Face::Regular)?, Some(direction)));
        }
        if lines.is_empty() {
            return Ok(Self::default());
        }
        let largest = if contents.entries.is_empty() { grid.name } else { grid.name * 0.85 };
        let most = |(run, arrow): &(Run, Option<f64>)| {
            column_width / (run.width + if arrow.is_some() { ARROW } else { 0.0 })
        };
        let size = lines.iter().map(most).fold(largest.max(style.smallest()), f64::min);
        if size < style.smallest() * 0.999 {
            return Err(too_small(style, &format!("`{}`", lines[0].0.text)));
        }
        let rows = lines.len().div_ceil(columns);
        let gap = if contents.entries.is_empty() { 0.0 } else { style.unit * 1.4 };
        Ok(Self { lines, size, rows, gap })
    }

    /// Height of the lines with the distance to what is above; 0 without lines.
    pub(super) fn height(&self) -> f64 {
        self.gap + self.rows as f64 * self.size * LINE
    }

    /// Draws the lines below `top`, with columns of a width at the left ends `columns`.
    pub(super) fn draw(&self, style: &Style<'_>, columns: &[f64], column_width: f64, top: f64) -> Vec<Item> {
        let mut items = Vec::new();
        let top = top + self.gap;
        let step = self.size * LINE;
        for (at, (run, direction)) in self.lines.iter().enumerate() {
            let left = columns[at / self.rows];
            let middle = top + step * ((at % self.rows) as f64 + 0.5);
            items.push(set(run, Hung::Left, [left, middle], self.size, style.text));
            if let Some(direction) = direction {
                let arrow_at = [left + (run.width + ARROW * 0.6) * self.size, middle];
                items.push(arrow(style, *direction, arrow_at, self.size * 0.8));
            }
        }
        if let (Some(left), Some(right), true) = (columns.first(), columns.last(), self.gap > 0.0) {
            let line = top - self.gap * 0.4;
            items.push(Item::Shape(Shape {
                path: Path::line(&[[*left, line], [right + column_width, line]]),
                fill: None,
                stroke: Some(Stroke::solid(style.look.page("line"), style.hairline * 2.0)),
                even_odd: false,
            }));
        }
        items
    }
}

/// Writes a number with commas between thousands.
fn thousands(number: u32) -> String {
    let digits = number.to_string();
    let mut written = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            written.push(',');
        }
        written.push(digit);
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_separated() {
        for (number, written) in
            [(0, "0"), (999, "999"), (1560, "1,560"), (12_345, "12,345"), (1_000_000, "1,000,000")]
        {
            assert_eq!(thousands(number), written);
        }
    }
}
