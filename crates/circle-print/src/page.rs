//! Sizes of pages.

use std::fmt;

/// Width and height of a page, millimetres.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PageSize {
    /// Width in millimetres. The shorter side of the named sizes.
    pub width: f64,
    /// Height in millimetres. The longer side of the named sizes.
    pub height: f64,
}

const NAMED: [(&str, f64, f64); 5] = [
    ("A0", 841.0, 1189.0),
    ("A1", 594.0, 841.0),
    ("A2", 420.0, 594.0),
    ("A3", 297.0, 420.0),
    ("A4", 210.0, 297.0),
];
/// Allowed lengths of a side, millimetres.
const SIDES: std::ops::RangeInclusive<f64> = 100.0..=3000.0;

impl PageSize {
    /// 594 × 841 mm.
    pub const A1: Self = Self { width: 594.0, height: 841.0 };

    /// A regular expression (ECMA 262) of exactly the texts that [`PageSize::parse`] accepts, but for pages more
    /// than [`PageSize::LONGEST`] times as long as wide.
    pub const PATTERN: &'static str = concat!(
        "^([Aa][0-4]| *(([1-9][0-9]{2}|[12][0-9]{3})(\\.[0-9]{1,3})?|3000(\\.0{1,3})?) *[xX×]",
        " *(([1-9][0-9]{2}|[12][0-9]{3})(\\.[0-9]{1,3})?|3000(\\.0{1,3})?) *)$"
    );
    /// Maximum ratio of the longer side to the shorter.
    pub const LONGEST: f64 = 4.0;

    /// Parses `A1`, or millimetres such as `800x1200`.
    ///
    /// # Errors
    ///
    /// A message, when the text is neither, or a side is under 100 or over 3,000 mm.
    pub fn parse(text: &str) -> Result<Self, String> {
        if let Some((_, width, height)) = NAMED.iter().find(|(name, ..)| name.eq_ignore_ascii_case(text)) {
            return Ok(Self { width: *width, height: *height });
        }
        let sides = text
            .split_once(['x', 'X', '×'])
            .and_then(|(width, height)| Some([millimetres(width)?, millimetres(height)?]));
        match sides {
            Some([width, height]) if width.max(height) > width.min(height) * Self::LONGEST => {
                Err(format!("`{text}`: one side is more than {} times the other", Self::LONGEST))
            }
            Some([width, height]) if SIDES.contains(&width) && SIDES.contains(&height) => {
                Ok(Self { width, height })
            }
            Some(_) => Err(format!("`{text}`: sides are 100 to 3000 millimetres")),
            None => Err(format!("`{text}` is no size; it is A0 to A4, or millimetres such as 800x1200")),
        }
    }

    /// Turns the page to landscape, unless it is wide already.
    #[must_use]
    pub fn landscape(self) -> Self {
        Self { width: self.width.max(self.height), height: self.width.min(self.height) }
    }

    /// Ratio of sizes on this page to sizes at A1: the square root of the ratio of areas.
    pub(crate) fn scale(self) -> f64 {
        (self.width * self.height / (Self::A1.width * Self::A1.height)).sqrt()
    }
}

/// A decimal number with up to three decimals.
fn millimetres(text: &str) -> Option<f64> {
    let text = text.trim_matches(' ');
    let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
    let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let is_written = (1..=4).contains(&whole.len())
        && !whole.starts_with('0')
        && (1..=3).contains(&decimals.len())
        && are_digits(whole)
        && are_digits(decimals);
    is_written.then(|| text.parse().ok()).flatten()
}

impl fmt::Display for PageSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} × {} mm", self.width, self.height)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_named_or_in_millimetres() {
        assert_eq!(PageSize::parse("a1").unwrap(), PageSize::A1);
        assert_eq!(PageSize::parse("800x1200").unwrap(), PageSize { width: 800.0, height: 1200.0 });
        assert_eq!(PageSize::A1.landscape(), PageSize { width: 841.0, height: 594.0 });
        for wrong in ["A9", "10x10", "800x", "nanxnan", "infx400", "1e9x400"] {
            assert!(PageSize::parse(wrong).is_err(), "{wrong}");
        }
    }
}
