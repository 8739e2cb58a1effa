//! Isochrones 等时圈: the shape reached within each band.

use crate::answers::{Form, Isochrone, Isochrones, Origin, Status};
use crate::contour::{self, Polygon};
use crate::field::{Field, jump, ticks};
use crate::lines::reached_lines;
use crate::network::Network;
use circle_model::{Frame, Milliseconds, Point, Profile};
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
        return Isochrones {
            status: Status::OffNetwork,
            through_buildings: false,
            shapes: Vec::new(),
            unknown: Vec::new(),
        };
    }
    let mut unknown = Vec::new();
    let shapes = match form {
        Form::Lines => minutes
            .iter()
            .map(|band| {
                let limit = Milliseconds::from_minutes(*band).0;
                Isochrone {
                    lines: reached_lines(network, profile, &starts, limit),
                    ..shape(*band, 0, Vec::new())
                }
            })
            .collect(),
        Form::Discs | Form::Rings => {
            let step = ticks(network.leg_milliseconds(10_000, profile)).max(1);
            let bands: Vec<u32> =
                minutes.iter().map(|minutes| Milliseconds::from_minutes(*minutes).0).collect();
            // A little beyond the longest band, so that its rim is drawn as it would be inside a longer one.
            let field =
                Field::new(network, profile, &starts, &bands, longest.saturating_add(jump(network, profile)));
            let discs = contour::shapes(&field, &network.lattice, step);
            let fastest = network.fastest(profile);
            unknown.extend(
                minutes
                    .iter()
                    .zip(&discs)
                    .filter_map(|(band, (disc, _))| beyond_the_data(&field.exits, fastest, *band, disc)),
            );
            if form == Form::Rings {
                let discs: Vec<Vec<Polygon>> = discs.into_iter().map(|(disc, _)| disc).collect();
                rings(minutes, &discs)
            } else {
                let disc = |(band, (polygons, area)): (&u32, (Vec<Polygon>, f64))| Isochrone {
                    minutes: *band,
                    from_minutes: 0,
                    polygons,
                    lines: Vec::new(),
                    area_square_metres: area,
                };
                minutes.iter().zip(discs).map(disc).collect()
            }
        }
    };
    let through_buildings = starts.iter().all(|start| start.legs.through_buildings);
    Isochrones { status: Status::Ok, through_buildings, shapes, unknown }
}

/// What a walk that leaves the data at one of `exits` may reach in time, wherever the ways out there lead: as far as
/// the crow flies at `fastest` metres a second, less what is reached anyway. `None` where no walk gets that far.
fn beyond_the_data(
    exits: &[(Point, u32)],
    fastest: f64,
    minutes: u32,
    reached: &[Polygon],
) -> Option<Isochrone> {
    const SIDES: i32 = 32;
    let limit = Milliseconds::from_minutes(minutes).0;
    let circle = |(place, time): &(Point, u32)| {
        let metres = f64::from(limit.checked_sub(*time)?) / 1000.0 * fastest;
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
