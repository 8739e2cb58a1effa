//! Isochrones 等时圈: the shape reached within each band.

use crate::answers::{Form, Isochrone, Isochrones, Origin, Status};
use crate::contour::{self, Polygon};
use crate::field::{Field, jump};
use crate::graph::{Arc, edge_end_milliseconds, edge_milliseconds};
use crate::network::Network;
use crate::search::{Search, UNREACHED};
use crate::walks::{Start, leg_milliseconds};
use circle_model::city::Edge;
use circle_model::{Frame, Milliseconds, Point, Profile, plane};
use geo::BooleanOps;

/// The shapes reached from `origin` within each of `minutes` (ascending).
pub fn isochrones(
    network: &Network,
    profile: &Profile,
    origin: Origin,
    minutes: &[u32],
    form: Form,
) -> Isochrones {
    let starts = network.starts(origin);
    let longest = minutes.iter().copied().max().map_or(0, |minutes| Milliseconds::from_minutes(minutes).0);
    if starts.is_empty() {
        return Isochrones { status: Status::OffNetwork, shapes: Vec::new(), unknown: Vec::new() };
    }
    let mut unknown = Vec::new();
    let shapes = match form {
        Form::Lines => minutes.iter().map(|band| reached_lines(network, profile, &starts, *band)).collect(),
        Form::Discs | Form::Rings => {
            let step = leg_milliseconds(10_000, profile).max(1);
            let bands: Vec<u32> =
                minutes.iter().map(|minutes| Milliseconds::from_minutes(*minutes).0).collect();
            // A little beyond the longest band, so that its rim is drawn as it would be inside a longer one.
            let field = Field::new(network, profile, &starts, &bands, longest.saturating_add(jump(profile)));
            let discs: Vec<Vec<Polygon>> = bands
                .iter()
                .zip(&field.rims)
                .map(|(band, rim)| contour::polygons(&field, &network.lattice, rim, *band, step))
                .collect();
            unknown.extend(
                minutes
                    .iter()
                    .zip(&discs)
                    .filter_map(|(band, disc)| beyond_the_data(&field.exits, profile, *band, disc)),
            );
            if form == Form::Rings {
                rings(minutes, &discs)
            } else {
                minutes.iter().zip(discs).map(|(band, disc)| shape(*band, 0, disc)).collect()
            }
        }
    };
    Isochrones { status: Status::Ok, shapes, unknown }
}

/// What a walk that leaves the data at one of `exits` may reach in time, wherever the ways out there lead: as far as
/// the crow flies, less what is reached anyway. `None` where no walk gets that far.
fn beyond_the_data(
    exits: &[(Point, u32)],
    profile: &Profile,
    minutes: u32,
    reached: &[Polygon],
) -> Option<Isochrone> {
    const SIDES: i32 = 32;
    let limit = Milliseconds::from_minutes(minutes).0;
    let circle = |(place, time): &(Point, u32)| {
        let metres = f64::from(limit.checked_sub(*time)?) / 1000.0 * profile.pace.speed.value();
        let frame = Frame::at(*place);
        let corner = |side: i32| {
            let angle = f64::from(side) * std::f64::consts::TAU / f64::from(SIDES);
            let at = frame.point([metres * angle.cos(), metres * angle.sin()]);
            (f64::from(at.lon), f64::from(at.lat))
        };
        let ring: geo::LineString = (0..SIDES).map(corner).collect();
        (metres >= 1.0).then(|| geo::Polygon::new(ring, Vec::new()))
    };
    let circles: Vec<geo::Polygon> = exits.iter().filter_map(circle).collect();
    if circles.is_empty() {
        return None;
    }
    let ground = geo::unary_union(&circles).difference(&to_geo(reached));
    let unknown = shape(minutes, 0, from_geo(&ground));
    (!unknown.polygons.is_empty()).then_some(unknown)
}

fn shape(minutes: u32, from_minutes: u32, polygons: Vec<Polygon>) -> Isochrone {
    let area = polygons.iter().flatten().map(|ring| contour::signed_square_metres(ring)).sum();
    Isochrone { minutes, from_minutes, polygons, lines: Vec::new(), area_square_metres: area }
}

fn rings(minutes: &[u32], discs: &[Vec<Polygon>]) -> Vec<Isochrone> {
    (0..minutes.len())
        .map(|at| match at.checked_sub(1) {
            None => shape(minutes[at], 0, discs[at].clone()),
            Some(before) => {
                let ring = to_geo(&discs[at]).difference(&to_geo(&discs[before]));
                shape(minutes[at], minutes[before], from_geo(&ring))
            }
        })
        .collect()
}

fn to_geo(polygons: &[Polygon]) -> geo::MultiPolygon {
    let line = |ring: &Vec<Point>| {
        ring.iter().map(|point| (f64::from(point.lon), f64::from(point.lat))).collect::<geo::LineString>()
    };
    polygons
        .iter()
        .map(|polygon| geo::Polygon::new(line(&polygon[0]), polygon[1..].iter().map(line).collect()))
        .collect()
}

fn from_geo(shape: &geo::MultiPolygon) -> Vec<Polygon> {
    let line = |ring: &geo::LineString, counter_clockwise: bool| {
        let mut points: Vec<Point> =
            ring.coords().map(|at| Point { lon: at.x.round() as i32, lat: at.y.round() as i32 }).collect();
        points.dedup();
        if points.len() > 3 && (contour::signed_square_metres(&points) > 0.0) != counter_clockwise {
            points.reverse();
        }
        points
    };
    shape
        .iter()
        .map(|polygon| {
            let holes =
                polygon.interiors().iter().map(|hole| line(hole, false)).filter(|hole| hole.len() > 3);
            std::iter::once(line(polygon.exterior(), true)).chain(holes).collect::<Polygon>()
        })
        .filter(|polygon| polygon[0].len() > 3)
        .collect()
}

/// The parts of ways within a band: from either end as far as the time goes.
fn reached_lines(network: &Network, profile: &Profile, starts: &[Start<'_>], band: u32) -> Isochrone {
    let limit = Milliseconds::from_minutes(band).0;
    let lines = Search::with(|search| {
        network.search(search, profile, starts, limit);
        let mut edges: Vec<u32> = search
            .settled()
            .iter()
            .flat_map(|node| network.graph.row(*node))
            .map(|position| network.graph.arc(position).edge)
            .chain(starts.iter().flat_map(|start| start.legs.legs.iter().map(|leg| leg.edge)))
            .filter(|edge| *edge != Arc::NO_EDGE)
            .collect();
        edges.sort_unstable();
        edges.dedup();
        let mut lines = Vec::new();
        for number in edges {
            let edge = &network.city.edges()[number as usize];
            let whole = edge_milliseconds(edge, edge.length_mm, &profile.pace).max(1);
            let passable = edge_milliseconds(edge, edge.length_mm, &profile.pace) != UNREACHED;
            let share = |time: u32| {
                if passable { f64::from(limit.saturating_sub(time)) / f64::from(whole) } else { 0.0 }
            };
            let best = |end: usize| {
                let [entering, leaving] =
                    [network.graph.entering(number)[end], network.graph.leaving(number)[end]];
                let passed = edge_end_milliseconds(edge, end, &profile.pace);
                search.time(entering).min(search.time(leaving)).saturating_add(passed)
            };
            let mut parts: Vec<[f64; 2]> = Vec::new();
            let ends = [best(0), best(1)];
            if ends[0] != UNREACHED && !edge.has(Edge::NOT_FORWARD) {
                parts.push([0.0, share(ends[0]).min(1.0)]);
            }
            if ends[1] != UNREACHED && !edge.has(Edge::NOT_BACKWARD) {
                parts.push([(1.0 - share(ends[1])).max(0.0), 1.0]);
            }
            for leg in starts.iter().flat_map(|start| &start.legs.legs).filter(|leg| leg.edge == number) {
                let time = leg_milliseconds(leg.length_mm, profile);
                if time <= limit {
                    let at = f64::from(leg.offset_mm) / f64::from(edge.length_mm.max(1));
                    let back = if edge.has(Edge::NOT_BACKWARD) { 0.0 } else { share(time) };
                    let on = if edge.has(Edge::NOT_FORWARD) { 0.0 } else { share(time) };
                    parts.push([(at - back).max(0.0), (at + on).min(1.0)]);
                }
            }
            parts.sort_by(|a, b| a[0].total_cmp(&b[0]));
            let mut joined: Vec<[f64; 2]> = Vec::new();
            for part in parts {
                match joined.last_mut() {
                    Some(last) if part[0] <= last[1] => last[1] = last[1].max(part[1]),
                    _ => joined.push(part),
                }
            }
            let line = network.city.line(edge.line);
            lines.extend(joined.into_iter().map(|part| cut(line, part)).filter(|line| line.len() > 1));
        }
        lines
    });
    Isochrone { minutes: band, from_minutes: 0, polygons: Vec::new(), lines, area_square_metres: 0.0 }
}

/// The part of a line between two shares of its length.
fn cut(line: &[Point], [from, to]: [f64; 2]) -> Vec<Point> {
    let lengths: Vec<f64> = line.windows(2).map(|pair| pair[0].distance_metres(pair[1])).collect();
    let total: f64 = lengths.iter().sum();
    let (from, to) = (from * total, to * total);
    let mut walked = 0.0;
    let mut part = Vec::new();
    for (pair, length) in line.windows(2).zip(lengths) {
        let (start, end) = (walked, walked + length);
        walked = end;
        if end < from || start > to || length == 0.0 {
            continue;
        }
        let frame = Frame::at(pair[0]);
        let at = |metres: f64| {
            frame.point(plane::along(
                [0.0, 0.0],
                frame.local(pair[1]),
                ((metres - start) / length).clamp(0.0, 1.0),
            ))
        };
        part.push(at(from.max(start)));
        part.push(at(to.min(end)));
    }
    part.dedup();
    part
}
