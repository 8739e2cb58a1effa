//! Checks that an isochrone takes no longer in a larger city: Porto against 4 × 4 copies of Porto, with the
//! same origins.

#[path = "../tests/pbf.rs"]
mod pbf;
mod tiled;

use circle_export::IsochroneAnswer;
use circle_import::Sources;
use circle_model::coordinates::Bounds;
use circle_model::{Catalogue, Point, Profile, Profiles};
use circle_reach::{Cancel, Form, Network, Origin};
use std::path::Path;
use tiled::Tile;

/// Copies of Porto along each side of the large city.
const SIDE: i32 = 4;
/// Gap between adjacent copies in 10⁻⁷ degrees, longer than a walk.
const GAP: i32 = 300_000;
const ORIGINS: usize = 500;
/// Count of immediate repetitions whose median is used.
const REPETITIONS: usize = 3;
/// One of this many origins is repeated after all others.
const LATER_STEP: usize = 5;
/// Largest accepted ratio of the costs of immediate repetitions.
const MAX_RATIO: f64 = 1.1;

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let porto = root.join("benches/data/porto.osm.pbf");
    let one = Town::read(&porto);
    let bounds = Bounds::of(one.network.city().points().iter().copied());
    let step = [bounds.east - bounds.west + GAP, bounds.north - bounds.south + GAP];
    let tiles = Tile::square(SIDE, step);
    let path = root.join("target/porto-tiled.osm.pbf");
    tiled::write(&porto, &tiles, &path).expect("a folder for the extract");
    let many = Town::read(&path);

    let mut random = Random(3);
    let nodes = one.network.city().nodes();
    let origins: Vec<Point> = (0..ORIGINS).map(|_| nodes[random.below(nodes.len())].point).collect();
    let copies: Vec<Point> =
        origins.iter().map(|origin| tiles[random.below(tiles.len())].point(*origin)).collect();
    println!(
        "isochrones 5, 10, 15 as GeoJSON, {ORIGINS} places, mean CPU milliseconds; the first run also computes"
    );
    println!("parts of the city, which are cached up to a limit");
    println!(
        "{:<14} {:>9} {:>13} {:>12} {:>10} {:>13} {:>16}",
        "city", "junctions", "CPU s to read", "resident MiB", "first run", "repeated", "repeated later"
    );
    let towns = [("Porto", &one, &origins), ("Porto 4 x 4", &many, &copies)];
    let costs = towns.map(|(name, town, origins)| {
        let costs = town.costs(origins);
        println!(
            "{name:<14} {:>9} {:>13.2} {:>12.0} {:>10.2} {:>13.3} {:>16.3}",
            town.network.city().nodes().len(),
            town.seconds,
            town.mebibytes,
            costs[0],
            costs[1],
            costs[2],
        );
        costs
    });
    let ratios = [0, 1, 2].map(|way| costs[1][way] / costs[0][way]);
    println!("{:<51} {:>10.2} {:>13.2} {:>16.2}", "ratio", ratios[0], ratios[1], ratios[2]);
    println!(
        "target: at most {MAX_RATIO} if repeated; places that lie farther apart share fewer cached parts"
    );
    std::process::exit(i32::from(ratios[1] > MAX_RATIO));
}

/// The network of a city, and the costs of reading it.
struct Town {
    network: Network,
    adult: Profile,
    /// CPU seconds.
    seconds: f64,
    /// Increase of the resident memory.
    mebibytes: f64,
}

impl Town {
    fn read(extract: &Path) -> Self {
        let (seconds, mebibytes) = (cpu_seconds(), resident_mebibytes());
        let city = circle_import::read(
            &Sources { extracts: &[extract], ..Sources::default() },
            &Catalogue::built_in(),
            &circle_import::Silent,
        )
        .expect("an extract");
        let network = Network::build(&city);
        Self {
            network,
            adult: Profiles::built_in().find(Profiles::DEFAULT).expect("the default profile").clone(),
            seconds: cpu_seconds() - seconds,
            mebibytes: resident_mebibytes() - mebibytes,
        }
    }

    /// Mean CPU milliseconds of the isochrones of one origin: first run, immediate repetition, repetition
    /// after all others.
    fn costs(&self, origins: &[Point]) -> [f64; 3] {
        let mean = |costs: &mut dyn Iterator<Item = f64>| {
            let costs: Vec<f64> = costs.collect();
            costs.iter().sum::<f64>() / costs.len() as f64
        };
        let near: Vec<[f64; 2]> = origins
            .iter()
            .map(|origin| {
                [self.isochrones(*origin), median([(); REPETITIONS].map(|()| self.isochrones(*origin)))]
            })
            .collect();
        let mut later = origins.iter().step_by(LATER_STEP).map(|origin| self.isochrones(*origin));
        [
            mean(&mut near.iter().map(|cost| cost[0])),
            mean(&mut near.iter().map(|cost| cost[1])),
            mean(&mut later),
        ]
    }

    /// CPU milliseconds of all threads for the isochrones of one origin.
    fn isochrones(&self, origin: Point) -> f64 {
        let begun = cpu_seconds();
        let place = Origin::Place(origin);
        let isochrones = circle_reach::isochrones(
            &self.network,
            &self.adult,
            place,
            &[5, 10, 15],
            Form::Discs,
            &Cancel::never(),
        )
        .expect("never cancelled");
        let answer = IsochroneAnswer { id: String::new(), origin: place, isochrones };
        let city = self.network.city();
        std::hint::black_box(circle_export::isochrones(city, &self.adult, Form::Discs, &answer));
        (cpu_seconds() - begun) * 1e3
    }
}

fn median(mut values: [f64; REPETITIONS]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[REPETITIONS / 2]
}

/// CPU seconds of all threads of this process.
fn cpu_seconds() -> f64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 * 1e-9
}

fn resident_mebibytes() -> f64 {
    let text = std::fs::read_to_string("/proc/self/status").expect("the status of this process");
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("its resident memory");
    line.trim().trim_end_matches(" kB").parse::<f64>().expect("kibibytes") / 1024.0
}

/// A generator of pseudo-random numbers with a fixed seed.
struct Random(u64);

impl Random {
    /// A number below `end`.
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end
    }
}
