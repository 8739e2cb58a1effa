//! The river that an area of water without a name is a part of: maps name the line of a river, not its banks.

use circle_model::City;
use circle_model::city::{MapFeature, MapKind};

/// Points of a river's line that are tried. A river with a bed of its own has most of them in it.
const POINTS: usize = 60;

/// The name of the river whose line has the most points in an area of water; `None` if none has any.
pub(super) fn river_in<'a>(city: &'a City, water: &MapFeature) -> Option<&'a str> {
    let lines = city.features().iter().filter(|feature| {
        feature.map_kind() == MapKind::Waterway
            && matches!(city.text(feature.class), "river" | "canal")
            && feature.bounds.intersects(&water.bounds)
    });
    let named = lines.filter_map(|feature| Some((city.text_or_none(feature.name)?, feature)));
    let inside = named.map(|(name, feature)| (points_in(city, feature, water), name));
    inside.filter(|(count, _)| *count > 0).max().map(|(_, name)| name)
}

/// Number of the tried points of a line that are in an area.
fn points_in(city: &City, line: &MapFeature, water: &MapFeature) -> usize {
    let lines = city.rings_of(line.rings).iter().map(|ring| city.line(ring.line));
    let step = (lines.clone().map(<[_]>::len).sum::<usize>() / POINTS).max(1);
    let points = lines.flatten().step_by(step).filter(|point| water.bounds.contains(**point));
    points.filter(|point| city.rings_contain(water.rings, **point)).count()
}
