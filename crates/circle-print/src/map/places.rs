//! Occupied areas of the page: rotated boxes that no other item may touch.

use crate::path::Xy;
use std::collections::HashMap;

/// A rotated box, given by its centre.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Block {
    pub(crate) middle: Xy,
    /// Half of its width and height.
    pub(crate) half: Xy,
    /// Clockwise rotation, degrees.
    pub(crate) angle: f64,
}

impl Block {
    pub(crate) fn level([x, y, width, height]: [f64; 4]) -> Self {
        Self { middle: [x + width / 2.0, y + height / 2.0], half: [width / 2.0, height / 2.0], angle: 0.0 }
    }

    pub(crate) fn around(middle: Xy, radius: f64) -> Self {
        Self { middle, half: [radius; 2], angle: 0.0 }
    }

    pub(crate) fn grown(mut self, by: f64) -> Self {
        self.half = self.half.map(|half| half + by);
        self
    }

    /// Unit vectors along its two sides.
    fn axes(&self) -> [Xy; 2] {
        let (sin, cos) = self.angle.to_radians().sin_cos();
        [[cos, sin], [-sin, cos]]
    }

    pub(crate) fn corners(&self) -> [Xy; 4] {
        let [along, across] = self.axes();
        [[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]].map(|[right, down]| {
            let [dx, dy] = [right * self.half[0], down * self.half[1]];
            [0, 1].map(|axis| self.middle[axis] + dx * along[axis] + dy * across[axis])
        })
    }

    /// Whether two boxes touch (separating axis theorem).
    pub(crate) fn touches(&self, other: &Self) -> bool {
        let between = [other.middle[0] - self.middle[0], other.middle[1] - self.middle[1]];
        let reach = |of: &Self, axis: Xy| {
            let [along, across] = of.axes();
            of.half[0] * dot(along, axis).abs() + of.half[1] * dot(across, axis).abs()
        };
        let [a, b] = [self.axes(), other.axes()];
        a.into_iter().chain(b).all(|axis| dot(between, axis).abs() < reach(self, axis) + reach(other, axis))
    }
}

fn dot(a: Xy, b: Xy) -> f64 {
    a[0] * b[0] + a[1] * b[1]
}

/// Cell size of the grid that finds boxes, millimetres.
const SQUARE: f64 = 12.0;

/// A placed item with its boxes.
#[derive(Debug)]
pub(crate) struct Placed {
    /// Kind of item, for the tests of layouts.
    pub(crate) what: &'static str,
    pub(crate) blocks: Vec<Block>,
}

/// All placed items and reserved boxes.
#[derive(Debug, Default)]
pub(crate) struct Places {
    pub(crate) placed: Vec<Placed>,
    squares: HashMap<[i32; 2], Vec<(u32, u32)>>,
    /// Boxes that stay free of labels; nothing is drawn there yet.
    reserved: Vec<Block>,
}

impl Places {
    /// Whether boxes touch no item and no reserved box.
    pub(crate) fn free(&self, blocks: &[Block]) -> bool {
        let reserved = |block: &Block| self.reserved.iter().any(|other| other.touches(block));
        self.free_of_things(blocks) && !blocks.iter().any(reserved)
    }

    /// Whether boxes touch no item. Reserved boxes are allowed.
    pub(crate) fn free_of_things(&self, blocks: &[Block]) -> bool {
        blocks.iter().all(|block| {
            squares(block).all(|square| {
                let there = self.squares.get(&square).map(Vec::as_slice).unwrap_or_default();
                there
                    .iter()
                    .all(|(thing, part)| !self.placed[*thing as usize].blocks[*part as usize].touches(block))
            })
        })
    }

    /// Adds an item.
    pub(crate) fn take(&mut self, what: &'static str, blocks: Vec<Block>) {
        let thing = self.placed.len() as u32;
        for (part, block) in (0u32..).zip(&blocks) {
            for square in squares(block) {
                self.squares.entry(square).or_default().push((thing, part));
            }
        }
        self.placed.push(Placed { what, blocks });
    }

    /// Reserves a box until [`Places::release`].
    pub(crate) fn reserve(&mut self, block: Block) {
        self.reserved.push(block);
    }

    pub(crate) fn release(&mut self) {
        self.reserved.clear();
    }
}

fn squares(block: &Block) -> impl Iterator<Item = [i32; 2]> + use<> {
    let corners = block.corners();
    let span = |axis: usize| {
        let ends = corners.iter().map(|corner| corner[axis]);
        let (low, high) = ends.fold((f64::MAX, f64::MIN), |(low, high), end| (low.min(end), high.max(end)));
        ((low / SQUARE).floor() as i32)..=((high / SQUARE).floor() as i32)
    };
    let down = span(1);
    span(0).flat_map(move |x| down.clone().map(move |y| [x, y]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turned_boxes_touch_where_their_corners_do() {
        let level = Block::level([0.0, 0.0, 10.0, 10.0]);
        let turned = |x: f64| Block { middle: [x, 5.0], half: [5.0, 5.0], angle: 45.0 };
        assert!(level.touches(&turned(17.0)));
        assert!(!level.touches(&turned(17.2)));
        assert!(!level.touches(&Block::level([10.0, 0.0, 5.0, 5.0])));
    }

    #[test]
    fn a_taken_place_is_not_free() {
        let mut places = Places::default();
        places.take("a", vec![Block::level([0.0, 0.0, 40.0, 4.0])]);
        assert!(!places.free(&[Block::around([38.0, 5.0], 2.0)]));
        assert!(places.free(&[Block::around([43.0, 5.0], 2.0)]));
        places.reserve(Block::around([100.0, 100.0], 1.0));
        assert!(!places.free(&[Block::around([101.0, 100.0], 1.0)]));
        assert!(places.free_of_things(&[Block::around([101.0, 100.0], 1.0)]));
        places.release();
        assert!(places.free(&[Block::around([101.0, 100.0], 1.0)]));
    }
}
