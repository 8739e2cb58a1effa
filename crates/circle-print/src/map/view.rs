//! The projection of the city onto the page.

use super::crop::{Crop, Sheet, Shown, crop};
use crate::contents::Contents;
use crate::listed::Listed;
use crate::path::Xy;
use crate::style::Style;
use circle_model::city::{MapFeature, MapKind};
use circle_model::clip::Window;
use circle_model::coordinates::Bounds;
use circle_model::simplify::simplify;
use circle_model::{City, Frame, Point};

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
    /// The view of a board: scale and centre are chosen by [`crop`].
    pub(crate) fn of(
        city: &City,
        contents: &Contents,
        listed: &Listed,
        area: [f64; 4],
        style: &Style<'_>,
    ) -> Self {
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
        let sheet =
            Sheet { width, height, padding: width.min(height) * PADDING, closest: CLOSEST * style.scale };
        let Crop { scale, centre } = crop(&view.shown(city, contents, listed), &sheet);
        (view.scale, view.centre) = (scale, centre);
        view.here = view.place(contents.at);
        view
    }

    /// The areas and places that decide about the crop.
    fn shown(&self, city: &City, contents: &Contents, listed: &Listed) -> Shown {
        let turned = |line: &[Point]| -> Vec<Xy> { line.iter().map(|point| self.turned(*point)).collect() };
        let compound: Vec<Vec<Xy>> = city
            .rings_of(city.compounds()[contents.compound.index()].rings)
            .iter()
            .map(|ring| turned(city.line(ring.line)))
            .collect();
        let mut needed: Vec<Xy> = compound.iter().flatten().copied().collect();
        let entries = listed.sections.iter().flat_map(|section| &section.entries);
        needed.extend(entries.map(|(_, entry)| self.turned(entry.at)));
        let longest = contents.bands.last();
        // Holes of the band count as reached: nothing can be cut out of the middle of a map.
        let outer = longest.into_iter().flat_map(|band| &band.disc).filter_map(|rings| rings.first());
        let mut reached: Vec<Vec<Vec<Xy>>> = outer.map(|ring| vec![turned(ring)]).collect();
        reached.push(compound);
        let points = longest.into_iter().flat_map(|band| band.disc.iter().flatten().flatten()).copied();
        let bounds = Bounds::of(points.chain([contents.at]));
        let is_near = |feature: &&MapFeature| {
            feature.map_kind() == MapKind::Water && feature.bounds.intersects(&bounds)
        };
        let rings = |feature: &MapFeature| -> Vec<Vec<Xy>> {
            city.rings_of(feature.rings).iter().map(|ring| turned(city.line(ring.line))).collect()
        };
        let water = city.features().iter().filter(is_near).map(rings).collect();
        Shown { reached, water, needed }
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
