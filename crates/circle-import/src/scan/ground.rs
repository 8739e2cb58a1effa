//! The raster of the city, drawn from the extract, with which own files are compared.

use super::located::Located;
use circle_model::city::{MapFeatureFlags, MapKind};
use circle_model::coordinates::Bounds;
use circle_sheet::datum::{GroundFeature, GroundRaster};

/// Draws the raster from the extract alone, before any record of an own file is placed.
pub(crate) fn ground(located: &Located, bounds: Bounds) -> GroundRaster {
    let ways = located.scan.ways.iter().filter_map(|way| {
        let described = way.described.as_deref()?;
        let drawn = described.feature.as_ref()?;
        let lines = || located.runs(way).map(|run| located.points(run)).collect();
        Some(GroundFeature {
            kind: drawn.kind,
            class: &drawn.class,
            is_tunnel: drawn.flags.contains(MapFeatureFlags::TUNNEL),
            lines: match drawn.kind {
                MapKind::Way => lines(),
                _ => located.clipped_way_area(way, bounds).polygons.into_iter().flatten().collect(),
            },
        })
    });
    let relations = located.scan.relations.iter().filter_map(|relation| {
        let drawn = relation.described.feature.as_ref()?;
        Some(GroundFeature {
            kind: drawn.kind,
            class: &drawn.class,
            is_tunnel: false,
            lines: located.clipped_area(relation, bounds).polygons.into_iter().flatten().collect(),
        })
    });
    GroundRaster::draw(&ways.chain(relations).collect::<Vec<_>>(), bounds)
}
