//! The projection of the city onto the page.

use crate::contents::Contents;
use crate::path::Xy;
use crate::style::Style;
use circle_model::clip::Window;
use circle_model::coordinates::Bounds;
use circle_model::simplify::simplify;
use circle_model::{Frame, Point};

/// Largest map scale at A1: page millimetres per metre.
const CLOSEST: f64 = 0.7;
/// Space between the longest band and the frame, as a share of the map's shorter side.
const PADDING: f64 = 0.045;

/// A rotated and scaled view of the city.
#[derive(Debug)]
pub(crate) struct View {
    frame: Frame,
    /// Sine and cosine of the direction that points up.
    up: [f64; 2],
    /// Centre of the map, in metres to the right of and above the gate.
    centre: Xy,
    middle: Xy,
    /// Scale: page millimetres per metre.
    pub(crate) scale: f64,
    /// The map's box on the page: left, top, width, height.
    pub(crate) area: [f64; 4],
    /// The gate on the page.
    pub(crate) here: Xy,
    pub(crate) up_degrees: f64,
    /// The clipping window: the map's box with a margin.
    pub(crate) window: Window,
    tolerance: f64,
}

impl View {
    pub(crate) fn of(contents: &Contents, area: [f64; 4], style: &Style<'_>) -> Self {
        let [x, y, width, height] = area;
        let up = contents.up_degrees.to_radians().sin_cos();
        let mut view = Self {
            frame: Frame::at(contents.at),
            up: [up.0, up.1],
            centre: [0.0; 2],
            middle: [x + width / 2.0, y + height / 2.0],
            scale: 1.0,
            area,
            here: [0.0; 2],
            up_degrees: contents.up_degrees,
            window: Window { low: [x - 5.0, y - 5.0], high: [x + width + 5.0, y + height + 5.0] },
            tolerance: (0.12 * style.scale).max(0.04),
        };
        let (mut low, mut high) = ([0.0f64; 2], [0.0f64; 2]);
        let rings =
            contents.bands.iter().flat_map(|band| band.disc.iter().filter_map(|polygon| polygon.first()));
        for point in rings.flatten() {
            let turned = view.turned(*point);
            for axis in 0..2 {
                low[axis] = low[axis].min(turned[axis]);
                high[axis] = high[axis].max(turned[axis]);
            }
        }
        let padding = width.min(height) * PADDING;
        let fits = |axis: usize, space: f64| (space - 2.0 * padding) / (high[axis] - low[axis]).max(1.0);
        view.scale = fits(0, width).min(fits(1, height)).min(CLOSEST * style.scale);
        view.centre = [0, 1].map(|axis| f64::midpoint(low[axis], high[axis]));
        view.here = view.place(contents.at);
        view
    }

    /// Projects to metres to the right of and above the gate.
    fn turned(&self, point: Point) -> Xy {
        let ([east, north], [sin, cos]) = (self.frame.local(point), self.up);
        [east * cos - north * sin, east * sin + north * cos]
    }

    /// Projects a point to the page.
    pub(crate) fn place(&self, point: Point) -> Xy {
        let [right, above] = self.turned(point);
        [
            self.middle[0] + (right - self.centre[0]) * self.scale,
            self.middle[1] - (above - self.centre[1]) * self.scale,
        ]
    }

    /// The point of the city at a place of the page.
    fn point(&self, at: Xy) -> Point {
        let right = (at[0] - self.middle[0]) / self.scale + self.centre[0];
        let above = self.centre[1] - (at[1] - self.middle[1]) / self.scale;
        let [sin, cos] = self.up;
        self.frame.point([right * cos + above * sin, above * cos - right * sin])
    }

    /// Bounding box of everything that may be visible.
    pub(crate) fn bounds(&self) -> Bounds {
        let Window { low, high } = self.window;
        Bounds::of([low, high, [low[0], high[1]], [high[0], low[1]]].map(|corner| self.point(corner)))
    }

    /// Projects a line to the page, simplified and cut into the pieces inside the window.
    pub(crate) fn line(&self, line: &[Point]) -> Vec<Vec<Xy>> {
        self.window.line(&self.simple(line))
    }

    /// Projects a closed ring, as [`View::line`], without its closing point; empty if it is outside the
    /// window.
    pub(crate) fn ring(&self, ring: &[Point]) -> Vec<Xy> {
        self.window.ring(&self.simple(ring))
    }

    fn simple(&self, line: &[Point]) -> Vec<Xy> {
        let placed: Vec<Xy> = line.iter().map(|point| self.place(*point)).collect();
        simplify(&placed, self.tolerance)
    }

    /// Whether a place of the page is on the map, at least `margin` from its frame.
    pub(crate) fn holds(&self, at: Xy, margin: f64) -> bool {
        let [x, y, width, height] = self.area;
        (x + margin..=x + width - margin).contains(&at[0])
            && (y + margin..=y + height - margin).contains(&at[1])
    }
}
