//! Draws a page as PNG.

use crate::error::PrintError;
use crate::scene::Scene;
use crate::svg::{Words, svg};
use resvg::{tiny_skia, usvg};

/// Maximum number of pixels: slightly more than A0 at 300 dots per inch.
const MOST_PIXELS: f64 = 160e6;

/// Draws a page at a resolution.
///
/// # Errors
///
/// When the picture would have more than `MOST_PIXELS`.
pub(crate) fn png(scene: &Scene, dots_per_inch: f64) -> Result<Vec<u8>, PrintError> {
    let wrong = |what: String| PrintError::Write { format: "PNG", what };
    let margin = crate::cut::margin(scene);
    let [width, height] = scene.size.map(|side| (side + 2.0 * margin) * dots_per_inch / 25.4);
    if width * height > MOST_PIXELS {
        return Err(wrong(format!(
            "{width:.0} × {height:.0} pixels are too many; ask for fewer dots per inch, or for a PDF"
        )));
    }
    let tree = usvg::Tree::from_str(&svg(scene, Words::Outlines), &usvg::Options::default())
        .map_err(|error| wrong(error.to_string()))?;
    let [wide, high] = [width, height].map(|side| side.round().max(1.0));
    let mut pixels =
        tiny_skia::Pixmap::new(wide as u32, high as u32).ok_or_else(|| wrong("no pixels".to_owned()))?;
    let scale = [wide as f32 / tree.size().width(), high as f32 / tree.size().height()];
    resvg::render(&tree, tiny_skia::Transform::from_scale(scale[0], scale[1]), &mut pixels.as_mut());
    pixels.encode_png().map_err(|error| wrong(error.to_string()))
}
