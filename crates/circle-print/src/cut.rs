//! The area outside the trimmed page: bleed and crop marks.

use crate::colour::Colour;
use crate::path::Path;
use crate::scene::{Scene, Shape, Stroke};

/// Width of the margin for crop marks beyond the bleed, millimetres.
const MARKS: f64 = 7.0;
/// Length of a crop mark, millimetres.
const LENGTH: f64 = 5.0;

/// Margin of the sheet around the trimmed page, millimetres.
pub(crate) fn margin(scene: &Scene) -> f64 {
    scene.bleed + if scene.crop_marks { MARKS } else { 0.0 }
}

/// Two crop marks at every corner.
pub(crate) fn marks(scene: &Scene) -> Vec<Shape> {
    if !scene.crop_marks {
        return Vec::new();
    }
    let [width, height] = scene.size;
    let (near, far) = (scene.bleed + MARKS - LENGTH, scene.bleed + MARKS);
    let mut path = Path::default();
    for (x, right) in [(0.0, -1.0), (width, 1.0)] {
        for (y, down) in [(0.0, -1.0), (height, 1.0)] {
            path.add_line(&[[x + right * near, y], [x + right * far, y]]);
            path.add_line(&[[x, y + down * near], [x, y + down * far]]);
        }
    }
    let stroke = Stroke { butt: true, ..Stroke::solid(Colour([0; 3]), 0.1) };
    vec![Shape { path, fill: None, stroke: Some(stroke), even_odd: false }]
}
