//! The QR code, which opens the gate on the page.

use crate::error::PrintError;
use crate::path::Path;
use crate::scene::{Item, Shape};
use crate::style::Style;
use circle_model::Point;
use fast_qr::qr::{QRBuilder, QRCode};

/// Side of the QR code on the smallest pages, millimetres, with its quiet zone.
const SMALLEST: f64 = 24.0;

/// Side of the QR code's square, millimetres, with its quiet zone.
pub(super) fn side(style: &Style<'_>) -> f64 {
    (56.0 * style.scale).max(SMALLEST)
}

/// Content of the QR code: the key of the gate and its position to about 10 m, which remains valid when the
/// key does not. The text is short because more characters make smaller modules.
pub(super) fn link(address: &str, key: &str, at: Point) -> String {
    let at = at.lon_lat();
    format!("{address}/#gate={key}&at={:.4},{:.4}", at.lon, at.lat)
}

/// Width of the quiet zone of a QR code, modules (ISO/IEC 18004).
const QUIET: f64 = 4.0;

/// Draws a QR code in a square: left, top, side.
///
/// # Errors
///
/// When the text is too long for a QR code.
pub(super) fn qr(link: &str, [x, y, side]: [f64; 3], style: &Style<'_>) -> Result<Item, PrintError> {
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
            SMALLEST / (code.size as f64 + 2.0 * QUIET)
        };
        assert!(module(60, 32) > 0.4, "{}", module(60, 32));
        assert!(module(28, 10) > 0.5, "{}", module(28, 10));
    }
}
