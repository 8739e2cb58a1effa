//! Slopes of edges, from heights along them.

use super::base_map::BaseMap;
use super::draft::DraftEdge;
use super::graph::Network;
use super::terrain::Terrain;
use circle_model::Point;
use circle_model::city::{EdgeFlags, Slope};
use circle_model::coordinates::line_metres;
use rayon::prelude::*;

/// Distance between heights along a way. At smaller distances the noise of the heights would appear as
/// slopes.
const PART_METRES: f64 = 60.0;

/// Slopes of edges.
#[derive(Debug, Default)]
pub(crate) struct Slopes {
    /// One for each edge; empty without heights.
    pub(crate) of_edges: Vec<Slope>,
    /// Count of edges whose heights are unknown; they count as flat.
    pub(crate) unknown: u64,
}

/// The slopes of all edges.
pub(crate) fn slopes(network: &Network, map: &BaseMap<'_>, terrains: &[Terrain]) -> Slopes {
    if terrains.is_empty() {
        return Slopes::default();
    }
    let height = |point: Point| terrains.iter().find_map(|terrain| terrain.height(point));
    let slope = |edge: &DraftEdge| {
        let line = network.line(map, edge);
        // Bridges and tunnels do not follow the ground between their ends.
        let above = edge.has(EdgeFlags::BRIDGE) || edge.has(EdgeFlags::TUNNEL);
        let parts = if above { 1 } else { (edge.metres() / PART_METRES) as usize };
        let places = places_along(line, parts.max(1));
        let heights = places.iter().map(|place| height(*place)).collect::<Option<Vec<f64>>>()?;
        let metres = edge.metres() / parts.max(1) as f64;
        let parts: Vec<(f64, f64)> = heights.windows(2).map(|pair| (metres, pair[1] - pair[0])).collect();
        Some(Slope::of(&parts))
    };
    let slopes: Vec<Option<Slope>> = network.edges.par_iter().map(slope).collect();
    let unknown = slopes.iter().filter(|slope| slope.is_none()).count();
    let of_edges = slopes.into_iter().map(|slope| slope.unwrap_or(Slope::FLAT)).collect();
    Slopes { of_edges, unknown: unknown as u64 }
}

/// The ends of a line and the points that divide it into equal parts.
fn places_along(line: &[Point], parts: usize) -> Vec<Point> {
    let part = line_metres(line) / parts as f64;
    let mut places = vec![line[0]];
    let mut walked = 0.0;
    for pair in line.windows(2) {
        let length = pair[0].distance_metres(pair[1]);
        while places.len() < parts && part * places.len() as f64 <= walked + length {
            let share = (part * places.len() as f64 - walked) / length.max(1e-9);
            let between = |a: i32, b: i32| a + (f64::from(b - a) * share).round() as i32;
            places.push(Point {
                lon: between(pair[0].lon, pair[1].lon),
                lat: between(pair[0].lat, pair[1].lat),
            });
        }
        walked += length;
    }
    places.extend(line.last());
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use circle_model::LonLat;

    fn at(lon: f64, lat: f64) -> Point {
        LonLat { lon, lat }.point()
    }

    #[test]
    fn a_line_is_divided_evenly() {
        let line = [at(126.0, 45.0), at(126.0, 45.001), at(126.0, 45.004)];
        let lats: Vec<i32> = places_along(&line, 4).iter().map(|place| place.lat - line[0].lat).collect();
        assert_eq!(lats, [0, 10_000, 20_000, 30_000, 40_000]);
        assert_eq!(places_along(&line, 1), [line[0], line[2]]);
    }
}
