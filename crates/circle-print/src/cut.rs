//! What lies outside the trimmed page: the bleed and the marks that show where to cut.

use crate::colour::Colour;
use crate::scene::{Path, Scene, Shape, Stroke};

/// Space for the marks, beyond the bleed.
const MARKS: f64 = 7.0;
/// Their length.
const LENGTH: f64 = 5.0;

/// How far the sheet reaches beyond the trimmed page on every side.
pub(crate) fn margin(scene: &Scene) -> f64 {
    scene.bleed + if scene.crop_marks { MARKS } else { 0.0 }
}

/// Two short lines at every corner.
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
