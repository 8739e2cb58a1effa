//! Reclassifies outlines too small or too narrow for their category: pocket parks and greenways.

use super::draft::DraftFacility;
use super::kinds::Kinds;
use crate::geometry::{Area, polygons_square_metres};
use circle_model::Point;
use circle_model::city::Channel;

/// Gives outlines below the least size of their category the category of smaller or narrower places. A category that the
/// planner names is kept.
pub(super) fn reclassify(places: &mut [DraftFacility], kinds: &Kinds) {
    for place in places {
        if !place.has_outline() || place.classified.channel == Channel::User {
            continue;
        }
        let categories = &mut place.classified.categories;
        for category in categories.iter_mut() {
            let Some(size) = &kinds.sizes[usize::from(*category)] else { continue };
            if polygons_square_metres(&place.area.polygons) < size.smallest_square_metres {
                *category = size.smaller;
            } else if mean_width_metres(&place.area) < size.least_mean_width_metres {
                *category = size.narrower;
            }
        }
        let mut known = Vec::new();
        categories.retain(|category| {
            let first = !known.contains(category);
            known.push(*category);
            first
        });
    }
}

/// Mean width of an area: the shorter side of the rectangle with its area A and the perimeter P of all its rings,
/// (P/2 − √(P²/4 − 4A)) / 2; for areas rounder than a square, √A. For several polygons, the mean weighted by area.
///
/// For a strip of constant width, bent or closed around a lake, it is the width. A ragged outline makes it smaller.
fn mean_width_metres(area: &Area) -> f64 {
    let (mut weighted, mut all) = (0.0, 0.0);
    for polygon in &area.polygons {
        let square_metres = polygons_square_metres(std::slice::from_ref(polygon));
        let half = polygon.iter().map(|ring| perimeter_metres(ring)).sum::<f64>() / 2.0;
        let excess = half * half - 4.0 * square_metres;
        let width = if excess > 0.0 { (half - excess.sqrt()) / 2.0 } else { square_metres.max(0.0).sqrt() };
        weighted += width * square_metres;
        all += square_metres;
    }
    if all > 0.0 { weighted / all } else { 0.0 }
}

fn perimeter_metres(ring: &[Point]) -> f64 {
    ring.windows(2).map(|side| side[0].distance_metres(side[1])).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::assemble;
    use circle_model::{Frame, LonLat};

    fn ring(corners: &[[f64; 2]]) -> Vec<Point> {
        let frame = Frame::at(LonLat { lon: 126.6, lat: 45.7 }.point());
        corners.iter().chain([&corners[0]]).map(|corner| frame.point(*corner)).collect()
    }

    fn width(rings: &[&[[f64; 2]]]) -> f64 {
        mean_width_metres(&assemble(rings.iter().map(|corners| ring(corners)).collect()))
    }

    #[test]
    fn the_mean_width_of_a_strip_is_its_width() {
        let near = |found: f64, expected: f64| assert!((found - expected).abs() < 0.3, "{found} {expected}");
        near(width(&[&[[0.0, 0.0], [300.0, 0.0], [300.0, 24.0], [0.0, 24.0]]]), 24.0);
        near(width(&[&[[0.0, 0.0], [160.0, 0.0], [160.0, 26.0], [0.0, 26.0]]]), 26.0);
        near(width(&[&[[0.0, 0.0], [70.0, 0.0], [70.0, 70.0], [0.0, 70.0]]]), 70.0);
        // An L of 20 m, each arm 200 m along its outer side: as a strip of 380 m, 20 m wide.
        let bent = [[0.0, 0.0], [200.0, 0.0], [200.0, 20.0], [20.0, 20.0], [20.0, 200.0], [0.0, 200.0]];
        near(width(&[&bent]), 20.0);
        // 20 m around a lake of 360 m by 360 m: 4 · 380 · 20 m², 20 m wide except for the ends in the formula.
        let outer = [[0.0, 0.0], [400.0, 0.0], [400.0, 400.0], [0.0, 400.0]];
        let inner = [[20.0, 20.0], [380.0, 20.0], [380.0, 380.0], [20.0, 380.0]];
        near(width(&[&outer, &inner]), 20.3);
    }

    #[test]
    fn the_mean_width_of_a_circle_is_that_of_a_square_of_its_area() {
        let corner = |step: i32| {
            let angle = f64::from(step) * std::f64::consts::TAU / 90.0;
            [50.0 * angle.cos(), 50.0 * angle.sin()]
        };
        let circle: Vec<[f64; 2]> = (0..90).map(corner).collect();
        let found = width(&[&circle]);
        assert!((found - 88.6).abs() < 0.3, "{found}");
    }
}
