//! The error of a page that something does not fit on.

use crate::error::PrintError;
use crate::style::Style;

/// `what` does not fit on the page.
pub(super) fn too_small(style: &Style<'_>, what: &str) -> PrintError {
    let page = style.settings.paper();
    PrintError::TooSmall { width: page.width, height: page.height, what: what.to_owned() }
}
