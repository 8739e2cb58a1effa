//! Checks isochrones against walking times: the shape of each band against the times of an independent
//! lattice of 10 m. `truth [SHARE]`: 100 origins for each city, or a share of them.
//!
//! A place also counts as correct if a place 3 m away agrees with the shape (`walking.md`: 3 m at the
//! boundary).

use circle_import::Sources;
use circle_model::{Catalogue, City, Frame, Milliseconds, Point, Profiles};
use circle_reach::{Cancel, Form, Network, Origin, Status, isochrones, times};
use rayon::prelude::*;
use std::path::Path;

const CITIES: [(&str, &str); 3] = [
    ("Harbin", "data/harbin.osm.pbf"),
    ("Heidelberg", "benches/data/heidelberg-ors.osm.pbf"),
    ("Liechtenstein", "benches/data/liechtenstein.osm.pbf"),
];
const ORIGINS: f64 = 100.0;
const MINUTES: [u32; 3] = [5, 10, 15];
const STEP_METRES: f64 = 10.0;
/// Offsets of the tolerance, in metres.
const BESIDE: [[f64; 2]; 4] = [[3.0, 0.0], [-3.0, 0.0], [0.0, 3.0], [0.0, -3.0]];

fn main() {
    let share: f64 = std::env::args().skip(1).find_map(|arg| arg.parse().ok()).unwrap_or(1.0);
    let count = (ORIGINS * share).ceil() as usize;
    let mut passed = true;
    println!(
        "{:<14} {:>7} {:>16} {:>16} {:>16}   median / worst twentieth",
        "city", "origins", "5 min", "10 min", "15 min"
    );
    for (name, extract) in CITIES {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(extract);
        let sources = Sources { extracts: &[&path], ..Sources::default() };
        let city = circle_import::read(&sources, &Catalogue::built_in(), &circle_import::Silent)
            .expect("an extract");
        let network = Network::build(&city);
        let origins = origins(&city, count);
        let shares: Vec<[f64; 3]> = origins.par_iter().map(|origin| agreement(&network, *origin)).collect();
        let mut cells = Vec::new();
        for band in 0..3 {
            let mut of_band: Vec<f64> = shares.iter().map(|shares| shares[band]).collect();
            of_band.sort_by(f64::total_cmp);
            let (median, worst) = (of_band[of_band.len() / 2], of_band[of_band.len() / 20]);
            passed &= median >= 0.97 && worst >= 0.94;
            cells.push(format!("{median:.4} / {worst:.4}"));
        }
        println!("{name:<14} {count:>7} {:>16} {:>16} {:>16}", cells[0], cells[1], cells[2]);
    }
    println!("target: at least 0.97 for the median origin, 0.94 for the worst twentieth");
    std::process::exit(i32::from(!passed));
}

/// Places on and beside streets, spread over the largest connected component of the network; always the same
/// ones.
fn origins(city: &City, count: usize) -> Vec<Point> {
    let largest = city.nodes().iter().filter(|node| node.component.is_largest());
    let nodes: Vec<Point> = largest.map(|node| node.point).collect();
    let mut random = 11u64;
    let mut next = |below: usize| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (random >> 33) as usize % below
    };
    (0..count)
        .map(|_| {
            let node = nodes[next(nodes.len())];
            let off = [next(41) as f64 - 20.0, next(41) as f64 - 20.0];
            Frame::at(node).point(off)
        })
        .collect()
}

/// Intersection over union of the shape and the lattice, for each band.
fn agreement(network: &Network, origin: Point) -> [f64; 3] {
    let adult = Profiles::built_in().find(Profiles::DEFAULT).expect("the default profile").clone();
    let shapes = isochrones(network, &adult, Origin::Place(origin), &MINUTES, Form::Discs, &Cancel::never())
        .expect("never cancelled");
    if shapes.status != Status::Ok {
        return [1.0; 3];
    }
    let longest = Milliseconds::from_minutes(15);
    let reach = adult.pace.speed.value() * longest.seconds();
    let steps = (reach / STEP_METRES).ceil() as i32;
    let frame = Frame::at(origin);
    let places: Vec<[f64; 2]> = (-steps..=steps)
        .flat_map(|y| {
            (-steps..=steps)
                .map(move |x| [f64::from(x) * STEP_METRES + 3.7, f64::from(y) * STEP_METRES + 1.3])
        })
        .filter(|[x, y]| x.hypot(*y) <= reach)
        .collect();
    let times_at = |places: &[[f64; 2]]| -> Vec<u32> {
        let points: Vec<Point> = places.iter().map(|place| frame.point(*place)).collect();
        let walks = times(network, &adult, &[origin], &points, longest, &Cancel::never());
        let walks = walks.expect("never cancelled");
        walks.iter().map(|walk| if walk.status == Status::Ok { walk.time.0 } else { u32::MAX }).collect()
    };
    let here = times_at(&places);
    let mut shares = [0.0; 3];
    for ((band, shape), share) in MINUTES.iter().zip(&shapes.shapes).zip(&mut shares) {
        let limit = Milliseconds::from_minutes(*band).0;
        let rows = Rows::of(&shape.polygons);
        let drawn: Vec<bool> = places.iter().map(|place| rows.contain(frame.point(*place))).collect();
        let differ: Vec<usize> =
            (0..places.len()).filter(|place| (here[*place] <= limit) != drawn[*place]).collect();
        // A place at which shape and times differ is correct if it lies within 3 m of the boundary.
        let beside: Vec<[f64; 2]> = differ
            .iter()
            .flat_map(|place| BESIDE.map(|[x, y]| [places[*place][0] + x, places[*place][1] + y]))
            .collect();
        let beside = times_at(&beside);
        let mut wrong = vec![false; places.len()];
        for (place, beside) in differ.iter().zip(beside.chunks_exact(BESIDE.len())) {
            wrong[*place] = beside.iter().all(|time| (*time <= limit) != drawn[*place]);
        }
        let both = drawn.iter().zip(&wrong).filter(|(drawn, wrong)| **drawn && !**wrong).count();
        let either = drawn.iter().zip(&wrong).filter(|(drawn, wrong)| **drawn || **wrong).count();
        *share = if either == 0 { 1.0 } else { both as f64 / either as f64 };
    }
    shares
}

/// The sides of polygons, indexed by bands of latitude.
struct Rows {
    south: i32,
    /// Height of a band in 10⁻⁷ degrees.
    height: i32,
    rows: Vec<Vec<(Point, Point)>>,
}

impl Rows {
    fn of(polygons: &[Vec<Vec<Point>>]) -> Self {
        let sides =
            || polygons.iter().flatten().flat_map(|ring| ring.windows(2)).map(|side| (side[0], side[1]));
        let south = sides().map(|(a, _)| a.lat).min().unwrap_or(0);
        let north = sides().map(|(a, _)| a.lat).max().unwrap_or(0);
        let height = ((north - south) / 256).max(1);
        let mut rows = vec![Vec::new(); ((north - south) / height + 1) as usize];
        for (a, b) in sides() {
            for row in (a.lat.min(b.lat) - south) / height..=(a.lat.max(b.lat) - south) / height {
                rows[row as usize].push((a, b));
            }
        }
        Self { south, height, rows }
    }

    /// Whether the polygons contain the point, by the even–odd rule.
    fn contain(&self, point: Point) -> bool {
        let row = (i64::from(point.lat) - i64::from(self.south)).div_euclid(i64::from(self.height));
        let sides = usize::try_from(row)
            .ok()
            .and_then(|row| self.rows.get(row))
            .map(Vec::as_slice)
            .unwrap_or_default();
        let crossed = sides.iter().filter(|(a, b)| {
            (a.lat > point.lat) != (b.lat > point.lat) && {
                let share = f64::from(point.lat - a.lat) / f64::from(b.lat - a.lat);
                f64::from(point.lon) < f64::from(a.lon) + share * f64::from(b.lon - a.lon)
            }
        });
        crossed.count() % 2 == 1
    }
}
