//! Isochrones 等时圈: the shape reached within each band.

use crate::cancel::Cancelled;
use crate::ground::weights::Weights;
use crate::shape::contour::{self, Polygon};
use crate::shape::field::{Field, ticks};
use crate::shape::lattice::Lattice;
use crate::shape::lines::{ReachedLine, reached_lines};
use crate::shape::near_starts::add_near_starts;
use crate::shape::raster::{Raster, TileSource};
use crate::shape::reached_tiles::{TilesNear, reached_tiles};
use crate::walk::search::Search;
use crate::walk::starts::{Start, are_through_buildings};
use crate::walk::times::Status;
use crate::walk::walker::Walker;
use circle_model::city::NodeFlags;
use circle_model::{Frame, Millimetres, Milliseconds, Point};
use geo::BooleanOps;

/// The form of isochrones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Form {
    /// Everything up to the band.
    Discs,
    /// From the band before to this one.
    Rings,
    /// The reached ways with times.
    Lines,
}

/// The shape reached within a band.
#[derive(Debug, Clone, PartialEq)]
pub struct Isochrone {
    /// The band, in minutes.
    pub minutes: u32,
    /// 0 for a disc, the band before for a ring.
    pub from_minutes: u32,
    /// Polygons: outer ring counter-clockwise first, then its holes; closed. Empty for [`Form::Lines`].
    pub polygons: Vec<Vec<Vec<Point>>>,
    /// Reached ways, for [`Form::Lines`].
    pub lines: Vec<ReachedLine>,
    /// Area of the polygons.
    pub area_square_metres: f64,
}

/// The isochrones of one origin.
#[derive(Debug, Clone)]
pub struct Isochrones {
    /// [`Status::Ok`] or [`Status::OffNetwork`].
    pub status: Status,
    /// Buildings hide every way from the origin, so they were not counted as obstacles.
    pub through_buildings: bool,
    /// Ascending by band.
    pub shapes: Vec<Isochrone>,
    /// For each band that comes near the edge of the data, the area that ways beyond it may lead to in time.
    pub unknown: Vec<Isochrone>,
}

impl Isochrones {
    /// The answer for an origin without a leg.
    pub(crate) const fn off_network() -> Self {
        Self { status: Status::OffNetwork, through_buildings: false, shapes: Vec::new(), unknown: Vec::new() }
    }

    /// The answer for the starts of an origin, of which there is at least one.
    pub(crate) fn of(starts: &[Start<'_>], shapes: Vec<Isochrone>, unknown: Vec<Isochrone>) -> Self {
        Self { status: Status::Ok, through_buildings: are_through_buildings(starts), shapes, unknown }
    }
}

/// The ways reached within each of `minutes`.
pub(crate) fn lines(
    walker: Walker<'_>,
    weights: &Weights,
    starts: &[Start<'_>],
    minutes: &[u32],
) -> Result<Isochrones, Cancelled> {
    let reached = |band: &u32| {
        let lines = reached_lines(walker, weights, starts, Milliseconds::from_minutes(*band))?;
        Ok(Isochrone { lines, ..shape(*band, 0, Vec::new()) })
    };
    let shapes = minutes.iter().map(reached).collect::<Result<_, _>>()?;
    Ok(Isochrones::of(starts, shapes, Vec::new()))
}

/// The inputs that areas are drawn from.
pub(crate) struct Canvas<'a> {
    pub(crate) walker: Walker<'a>,
    pub(crate) weights: &'a Weights,
    pub(crate) lattice: &'a Lattice,
    pub(crate) tiles_near: &'a TilesNear,
    pub(crate) tiles: &'a TileSource<'a>,
}

impl Canvas<'_> {
    /// The areas reached within each of `minutes` (ascending), as discs or as rings.
    pub(crate) fn areas(
        &self,
        starts: &[Start<'_>],
        minutes: &[u32],
        form: Form,
    ) -> Result<Isochrones, Cancelled> {
        let step = ticks(self.walker.leg_time(STEP)).max(1);
        let bands: Vec<Milliseconds> = minutes.iter().map(|it| Milliseconds::from_minutes(*it)).collect();
        let field = self.field(starts, &bands)?;
        let discs = contour::shapes(&field, self.lattice, step, self.walker.cancel)?;
        let fastest = self.walker.fastest();
        let unknown = minutes
            .iter()
            .zip(&discs)
            .filter_map(|(band, (disc, _))| beyond_the_data(&field.exits, fastest, *band, disc))
            .collect();
        let shapes = if form == Form::Rings {
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
        };
        Ok(Isochrones::of(starts, shapes, unknown))
    }

    /// The time field for shapes of `bands` (ascending). The shape of a band does not depend on the other
    /// bands.
    fn field(&self, starts: &[Start<'_>], bands: &[Milliseconds]) -> Result<Field, Cancelled> {
        let &Self { walker, weights, lattice, tiles_near, tiles } = self;
        let jump = jump(walker);
        // Slightly beyond the longest band, so that its contour is drawn as it is inside a longer one.
        let limit = bands.iter().copied().max().unwrap_or_default() + jump;
        Search::with(|search| {
            walker.search(search, weights, starts, limit)?;
            let cells = reached_tiles(tiles_near, walker, lattice, search, starts, limit);
            let mut field = Field::around(&cells, bands);
            field.exits = exits(walker, search);
            let raster = Raster::new(walker, search, tiles, &cells, limit)?;
            raster.fill(&mut field, &cells)?;
            let settled = bands.first().map_or(Milliseconds(0), |band| *band - jump);
            add_near_starts(&mut field, &raster, walker, lattice, starts, ticks(settled))?;
            Ok(field)
        })
    }
}

/// The step of the lattice, rounded up, for comparisons with the times of neighbours.
const STEP: Millimetres = Millimetres(10_000);

/// The time for a step over open ground and a quarter: neighbours whose times differ by more have a barrier
/// between them.
fn jump(walker: Walker<'_>) -> Milliseconds {
    let step = walker.leg_time(STEP).0.max(1);
    Milliseconds(step + step / 4)
}

/// Junctions where reached ways continue beyond the data, and their times.
fn exits(walker: Walker<'_>, search: &Search) -> Vec<(Point, Milliseconds)> {
    let ground = walker.ground;
    let exit = |node| {
        let junction = &ground.city.nodes()[ground.graph.junction(node).index()];
        let time = search.time(node).filter(|_| junction.flags.contains(NodeFlags::CUT))?;
        Some((junction.point, time))
    };
    let mut exits: Vec<(Point, Milliseconds)> =
        search.settled().iter().filter_map(|node| exit(*node)).collect();
    exits.sort_unstable();
    exits.dedup_by_key(|(point, _)| *point);
    exits
}

/// The area that a walk may reach in time after it left the data at one of `exits`, wherever the ways beyond
/// lead: circles by straight-line distance at `fastest` metres a second, without what is `reached` inside the
/// data. `None` if no walk leaves the data in time.
fn beyond_the_data(
    exits: &[(Point, Milliseconds)],
    fastest: f64,
    minutes: u32,
    reached: &[Polygon],
) -> Option<Isochrone> {
    const SIDES: i32 = 32;
    let limit = Milliseconds::from_minutes(minutes);
    let circle = |(place, time): &(Point, Milliseconds)| {
        if *time > limit {
            return None;
        }
        let metres = (limit - *time).seconds() * fastest;
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
