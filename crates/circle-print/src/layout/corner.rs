//! The upper right of the page: logo and QR code, below them the issuer and the map approval.

use super::qr;
use super::too_small::too_small;
use crate::error::PrintError;
use crate::fonts::Face;
use crate::scene::Item;
use crate::style::{Hung, Style, fit, set};

/// The drawn corner with its width and height, millimetres.
#[derive(Debug)]
pub(super) struct Corner {
    pub(super) items: Vec<Item>,
    pub(super) width: f64,
    pub(super) height: f64,
}

/// Line spacing, in multiples of the text's size.
const LINE: f64 = 1.35;
/// Largest share of the page's width for the logo, and for the lines below it.
const LOGO_SHARE: f64 = 0.2;
const TEXT_SHARE: f64 = 0.3;

/// Draws the corner from its upper right end: x, y. `link` is the content of the QR code, if there is one.
///
/// # Errors
///
/// When a font lacks a character of a text, the link is too long, or a line does not fit.
pub(super) fn corner(
    style: &Style<'_>,
    link: Option<&str>,
    [right, top]: [f64; 2],
    page_width: f64,
) -> Result<Corner, PrintError> {
    let settings = style.settings;
    let gap = style.unit;
    let mut items = Vec::new();
    let (mut width, mut height) = (0.0, 0.0);
    if let Some(link) = link {
        let side = qr::side(style);
        items.push(qr::qr(link, [right - side, top, side], style)?);
        (width, height) = (side, side);
    }
    if let Some(logo) = &settings.logo {
        let tallest = style.em(style.look.board.sizes.title) * 1.5;
        let logo_height = tallest.min(page_width * LOGO_SHARE / logo.aspect);
        let logo_width = logo_height * logo.aspect;
        let left = right - width - if width > 0.0 { gap } else { 0.0 } - logo_width;
        items.push(Item::Logo(logo.clone(), [left, top, logo_width, logo_height]));
        width = right - left;
        height = f64::max(height, logo_height);
    }
    let sizes = &style.look.board.sizes;
    let approval = match &settings.approval_number {
        Some(number) => format!("审图号：{number}"),
        None => "示意图".to_owned(),
    };
    let issuer =
        settings.issuer.iter().map(|issuer| (issuer.as_str(), style.em(sizes.metres * 0.85), style.text));
    let lines = issuer.chain([(approval.as_str(), style.em(sizes.metres * 0.7), style.muted)]);
    let mut at = top + height + if height > 0.0 { gap * 0.5 } else { 0.0 };
    for (text, size, colour) in lines {
        let Some(fitted) = fit(style, text, Face::Regular, size, 0.6, page_width * TEXT_SHARE, 3)? else {
            return Err(too_small(style, &format!("`{text}`")));
        };
        for run in &fitted.lines {
            let step = fitted.size * LINE;
            items.push(set(run, Hung::Right, [right, at + step / 2.0], fitted.size, colour));
            width = f64::max(width, run.width * fitted.size);
            at += step;
        }
    }
    Ok(Corner { items, width, height: at - top })
}
