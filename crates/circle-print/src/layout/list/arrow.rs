//! The arrow of a row: the direction of the place, as the reader sees the map.

use crate::path::Path;
use crate::scene::{Item, Shape};
use crate::style::Style;

/// An arrow around a centre, rotated clockwise from up.
pub(super) fn arrow(style: &Style<'_>, degrees: f64, at: [f64; 2], size: f64) -> Item {
    let (sin, cos) = degrees.to_radians().sin_cos();
    let place = |right: f64, up: f64| {
        let (right, up) = (right * size, up * size);
        [at[0] + right * cos + up * sin, at[1] + right * sin - up * cos]
    };
    let mut path = Path::default();
    path.add_ring(&[place(0.0, 0.5), place(0.36, -0.42), place(0.0, -0.2), place(-0.36, -0.42)]);
    Item::Shape(Shape { path, fill: Some(style.muted.into()), stroke: None, even_odd: false })
}
