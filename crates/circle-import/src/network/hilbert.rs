//! Positions along a Hilbert curve.

use circle_model::Point;
use circle_model::coordinates::Bounds;

/// Position along a Hilbert curve over a box, with 16 bits per axis: half a metre in a city.
pub(super) fn hilbert(bounds: &Bounds, point: Point) -> u32 {
    let widest = (i64::from(bounds.east) - i64::from(bounds.west))
        .max(i64::from(bounds.north) - i64::from(bounds.south)) as u64;
    let shift = u64::BITS.saturating_sub(widest.leading_zeros()).saturating_sub(16);
    let mut x = ((i64::from(point.lon) - i64::from(bounds.west)) >> shift) as u32;
    let mut y = ((i64::from(point.lat) - i64::from(bounds.south)) >> shift) as u32;
    let mut result = 0;
    let mut side = 1u32 << 15;
    while side > 0 {
        let (right, up) = (u32::from(x & side > 0), u32::from(y & side > 0));
        result = result << 2 | (3 * right) ^ up;
        if up == 0 {
            if right == 1 {
                x = !x & 0xffff;
                y = !y & 0xffff;
            }
            std::mem::swap(&mut x, &mut y);
        }
        side >>= 1;
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn consecutive_positions_are_neighbouring_cells() {
        let side = 16i32;
        let bounds = Bounds { west: 0, south: 0, east: side - 1, north: side - 1 };
        let mut cells: Vec<(u32, i32, i32)> = (0..side * side)
            .map(|i| (i % side, i / side))
            .map(|(x, y)| (hilbert(&bounds, Point { lon: x, lat: y }), x, y))
            .collect();
        cells.sort_unstable();
        assert!(
            cells.windows(2).all(|pair| (pair[0].1 - pair[1].1).abs() + (pair[0].2 - pair[1].2).abs() == 1)
        );
    }
}
