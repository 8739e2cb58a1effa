//! Times close to the starts: walks along the first edge alone, and straight walks to places in sight.
//! The search and the legs of tiles do not contain them.

use crate::cancel::Cancelled;
use crate::ground::units::IMPASSABLE;
use crate::legs::leg::Leg;
use crate::shape::field::{Field, TICK_MILLISECONDS, UNREACHED, ticks};
use crate::shape::lattice::{BLOCK_PLACES, Cell, Lattice, TILE, number_of};
use crate::shape::raster::Raster;
use crate::shape::reached_tiles::margin_metres;
use crate::walk::starts::{Start, StartIndex};
use crate::walk::walker::{StraightEnd, Walker};
use circle_model::coordinates::Bounds;
use circle_model::grid::widened;
use circle_model::{Frame, Millimetres, Milliseconds, Point, plane};

/// Adds the times of walks that pass no junction. Places reached within `settled` (ticks) stay unchanged:
/// they are far inside every band, so no contour passes near them.
pub(crate) fn add_near_starts(
    field: &mut Field,
    raster: &Raster<'_>,
    walker: Walker<'_>,
    lattice: &Lattice,
    starts: &[Start<'_>],
    settled: u32,
) -> Result<(), Cancelled> {
    let (ground, limit) = (walker.ground, raster.limit);
    // Upper bound of the millimetres walked within a time. Two milliseconds cover the rounding of the parts.
    let fastest = walker.fastest();
    let farthest = |time: Milliseconds| ((f64::from(time.0) + 2.0) * fastest) as u32;
    for ((number, start), [low, high]) in
        (0u32..).map(StartIndex).zip(starts).zip(areas_near(walker, lattice, starts))
    {
        let low = [0, 1].map(|axis| low[axis].max(field.corner[axis] + 1));
        let high = [
            high[0].min(field.corner[0] + field.width as i32 - 2),
            high[1].min(field.corner[1] + field.height as i32 - 2),
        ];
        let frame = Frame::at(start.point);
        // A leg to an end of an edge where nothing is passed is covered by the search from the junction.
        let is_within = |leg: &&Leg| {
            let edge = ground.edge(leg.edge);
            !((leg.offset.0 == 0 && edge.end(0).is_empty())
                || (leg.offset.0 == edge.length_mm && edge.end(1).is_empty()))
        };
        let mut first_legs: Vec<Leg> = start.legs.legs.iter().filter(is_within).copied().collect();
        first_legs.sort_by_key(|leg| leg.edge);
        for tile_cell in tiles_between(low, high) {
            let Some(tile) = raster.tile(tile_cell) else { continue };
            walker.cancel.check()?;
            let [west, south] = tile_cell.map(|at| at * TILE);
            let columns = low[0].max(west)..=high[0].min(west + TILE - 1);
            let is_unsettled = |y: i32| {
                let row = field.position([*columns.start(), y]);
                field.times[row..=row + (columns.end() - columns.start()) as usize]
                    .iter()
                    .any(|time| *time > settled)
            };
            if columns.is_empty() || !(low[1].max(south)..=high[1].min(south + TILE - 1)).any(is_unsettled) {
                continue;
            }
            // The first legs to each edge of the tile, and the blocks with legs to any of these edges.
            let from_edge = |edge| {
                let begin = first_legs.partition_point(|leg| leg.edge < edge);
                let on_edge = first_legs[begin..].iter().take_while(|leg| leg.edge == edge);
                &first_legs[begin..begin + on_edge.count()]
            };
            let from_edges: Vec<&[Leg]> = tile.edges.iter().map(|edge| from_edge(*edge)).collect();
            let blocks = from_edges.iter().zip(&tile.edge_blocks).filter(|(from, _)| !from.is_empty());
            let start_blocks = blocks.fold(0, |all, (_, blocks)| all | blocks);
            for y in low[1].max(south)..=high[1].min(south + TILE - 1) {
                for x in columns.clone() {
                    let here = field.position([x, y]);
                    let place = number_of(x - west, y - south);
                    if field.times[here] <= settled || tile.legs(place).is_empty() {
                        continue;
                    }
                    let mut best = match field.times[here] {
                        UNREACHED => IMPASSABLE,
                        time => Milliseconds(time * TICK_MILLISECONDS),
                    };
                    let before = best;
                    if start_blocks >> (place / BLOCK_PLACES) & 1 == 1 {
                        let mut most = farthest(best);
                        for (first, leg) in tile.on_edges(ground, place, &from_edges) {
                            for from in first {
                                let along = leg.offset.0.abs_diff(from.offset.0);
                                let legs_mm = from.length.0.saturating_add(leg.length.0);
                                if along.saturating_add(legs_mm) > most {
                                    continue;
                                }
                                let arrival = walker.arrive_on_edge(number, from, &leg);
                                best = arrival.map_or(best, |arrival| best.min(arrival.time));
                                most = farthest(best);
                            }
                        }
                    }
                    let point = lattice.point([x, y]);
                    let metres = plane::norm(frame.local(point));
                    let straight = Millimetres((metres * 1000.0) as u32);
                    if metres <= ground.limits.longest_metres && walker.leg_time(straight) < best.min(limit) {
                        let (limit_metres, on_major) = tile.limit(place);
                        let end = StraightEnd { point, limit_metres, on_major };
                        let arrival = walker.arrive_straight(number, start, end);
                        best = arrival.map_or(best, |arrival| best.min(arrival.time));
                    }
                    if best <= limit && best < before {
                        field.set(here, ticks(best));
                    }
                }
            }
        }
    }
    Ok(())
}

/// By start, the corners of a rectangle of the lattice that contains all walks along the first edge alone and
/// all straight walks.
fn areas_near(walker: Walker<'_>, lattice: &Lattice, starts: &[Start<'_>]) -> Vec<[Cell; 2]> {
    let ground = walker.ground;
    let edge_points = |leg: &Leg| ground.city.line(ground.edge(leg.edge).line).iter().copied();
    let around = |start: &Start<'_>| {
        let bounds = Bounds::of(start.legs.legs.iter().flat_map(edge_points).chain([start.point]));
        let bounds = widened(&bounds, margin_metres(ground));
        [
            lattice.cell(Point { lon: bounds.west, lat: bounds.south }),
            lattice.cell(Point { lon: bounds.east, lat: bounds.north }),
        ]
    };
    starts.iter().map(around).collect()
}

/// The tiles of a rectangle of the lattice.
fn tiles_between(low: Cell, high: Cell) -> impl Iterator<Item = Cell> {
    let range = move |axis: usize| low[axis].div_euclid(TILE)..=high[axis].div_euclid(TILE);
    range(1).flat_map(move |y| range(0).map(move |x| [x, y]))
}
