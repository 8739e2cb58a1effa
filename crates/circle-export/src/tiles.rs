//! Vector tiles (MVT 2.1) of the base map, encoded on request.

mod encode;
mod layers;
mod project;

use circle_model::{City, coordinates::Bounds};
use layers::TileLayer;
use project::TileFrame;
use rstar::{
    AABB, RTree,
    primitives::{GeomWithData, Rectangle},
};
use std::ops::RangeInclusive;

/// A spatial index of features. Building it costs a sort of all features; a tile is then a look-up.
#[derive(Debug)]
pub struct TileIndex {
    city: City,
    tree: RTree<GeomWithData<Rectangle<[f64; 2]>, u32>>,
}

impl TileIndex {
    /// The smallest zoom with tiles.
    pub const FIRST_ZOOM: u32 = 8;
    /// The largest zoom with tiles; clients enlarge these further.
    pub const LAST_ZOOM: u32 = project::LAST_ZOOM;

    /// Builds the index of the base map of `city`.
    pub fn build(city: &City) -> Self {
        let boxes = city.features().iter().zip(0u32..).filter(|(feature, _)| !feature.bounds.is_empty());
        let boxes = boxes.map(|(feature, row)| GeomWithData::new(rectangle(feature.bounds), row)).collect();
        Self { city: city.clone(), tree: RTree::bulk_load(boxes) }
    }

    /// Whether there is a tile at `z`/`x`/`y`: none of the three is out of range.
    pub fn has(z: u32, x: u32, y: u32) -> bool {
        (Self::FIRST_ZOOM..=Self::LAST_ZOOM).contains(&z) && x >> z == 0 && y >> z == 0
    }

    /// The tile at `z`/`x`/`y` (XYZ, y from the north), empty if nothing is drawn in it; `None` if `z`, `x`
    /// or `y` is out of range.
    ///
    /// Layers: `landuse`, `green`, `water`, `waterways`, `buildings`, `railways`, `ways`, `barriers`,
    /// `names`. Extent 4096, buffer 64. The same city gives the same bytes.
    pub fn tile(&self, z: u32, x: u32, y: u32) -> Option<Vec<u8>> {
        if !Self::has(z, x, y) {
            return None;
        }
        let frame = TileFrame::new(z, x, y);
        let mut rows: Vec<u32> = Vec::new();
        for bounds in frame.boxes() {
            let found = self.tree.locate_in_envelope_intersecting(&envelope(bounds)).map(|found| found.data);
            rows.extend(found.filter(|row| layers::shown(&self.city, *row, z)));
        }
        // A feature across the antimeridian is found twice; features with a higher `layer` are drawn last.
        rows.sort_unstable_by_key(|row| (self.city.features()[*row as usize].layer, *row));
        rows.dedup();
        Some(encode::tile(&self.city, &frame, &rows))
    }

    /// The columns and rows of zoom `z` outside which every tile is empty; `None` if nothing is drawn at all.
    pub fn limits(&self, z: u32) -> Option<[RangeInclusive<u32>; 2]> {
        let around = self.tree.root().envelope();
        (self.tree.size() > 0).then(|| project::limits(z, around.lower(), around.upper()))
    }

    /// The layers in the order they are written, each with the dimension of its geometries: 0 for points, 1
    /// for lines, 2 for areas.
    pub fn layers() -> impl Iterator<Item = (&'static str, u8)> {
        TileLayer::ALL.into_iter().map(|layer| (layer.name(), layer.dimension()))
    }
}

fn rectangle(bounds: Bounds) -> Rectangle<[f64; 2]> {
    Rectangle::from_aabb(envelope(bounds))
}

fn envelope(bounds: Bounds) -> AABB<[f64; 2]> {
    AABB::from_corners(
        [f64::from(bounds.west), f64::from(bounds.south)],
        [f64::from(bounds.east), f64::from(bounds.north)],
    )
}

#[cfg(test)]
mod decode;
#[cfg(test)]
mod tests;
