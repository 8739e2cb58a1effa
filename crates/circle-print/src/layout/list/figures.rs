//! The figures to the right of a name: minutes, metres and the arrow.

use crate::style::Style;

/// Positions of the figures to the right of a name, in reading order.
pub(super) struct Figures {
    /// Sizes, millimetres.
    pub(super) minutes: f64,
    pub(super) minute: f64,
    pub(super) metres: f64,
    pub(super) metre: f64,
    pub(super) arrow: f64,
    /// Width of the longest minutes and of the longest metres, ems.
    digits: [f64; 2],
}

/// Width of a digit, ems. Digits of the font have one width.
const DIGIT: f64 = 0.59;

impl Figures {
    pub(super) fn of(style: &Style<'_>, digits: [usize; 2]) -> Self {
        let sizes = &style.look.board.sizes;
        let metres = style.em(sizes.metres);
        Self {
            digits: digits.map(|digits| digits as f64 * DIGIT),
            minutes: style.em(sizes.minutes),
            minute: style.em(sizes.metres * 0.75),
            metres,
            metre: style.em(sizes.metres * 0.75),
            arrow: metres * 1.1,
        }
    }

    /// Distances from the right edge to the right ends of the minutes' and the metres' columns.
    pub(super) fn ends(&self) -> [f64; 2] {
        let metres_end = self.arrow * 1.35 + self.metre * 1.1;
        [metres_end + self.metres * (self.digits[1] + 0.24) + self.minute * 1.25, metres_end]
    }

    pub(super) fn width(&self) -> f64 {
        self.ends()[0] + self.minutes * (self.digits[0] + 0.45)
    }
}
