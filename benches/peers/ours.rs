//! Our side of the runs against other engines: `ours TASK CITY ARGS`, one JSON object on standard output.
//!
//! CPU time is of the whole process, read before and after each question: parts of the city are made on other threads.
//! What is made once and kept is asked for in a first pass and said as `warm_seconds`.

use circle_export::IsochroneAnswer;
use circle_model::city::{Edge, Node};
use circle_model::{City, Frame, LonLat, Milliseconds, Point, Profiles};
use circle_reach::{Form, Network, Origin, Status};
use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::time::Instant;

/// As in the binary.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    let [task, city, rest @ ..] = args.as_slice() else {
        eprintln!(
            "ours TASK CITY.circle ARGS: origins COUNT [dense], isochrones ORIGINS.csv [ROUNDS], pairs COUNT [streets|all [NEAR FAR]], distances PAIRS.csv"
        );
        std::process::exit(2);
    };
    let city = City::open(Path::new(city)).expect("a city file");
    let network = Network::build(&city);
    match task.as_str() {
        "origins" => origins_of(&city, rest),
        "pairs" => pairs_of(&city, rest),
        "distances" => distances(&network, rest),
        "isochrones" => isochrones(&city, &network, rest),
        other => panic!("no task `{other}`"),
    }
}

/// 5, 10 and 15 minutes of every origin as `GeoJSON` text.
fn isochrones(city: &City, network: &Network, args: &[String]) {
    let origins = origins(&args[0]);
    let rounds: usize = args.get(1).map_or(3, |rounds| rounds.parse().expect("a number of rounds"));
    let adult = Profiles::built_in().find(Profiles::DEFAULT).expect("the default profile").clone();
    let ask = |point: &Point| {
        let origin = Origin::Place(*point);
        let isochrones = circle_reach::isochrones(network, &adult, origin, &[5, 10, 15], Form::Discs);
        let answer = IsochroneAnswer { id: String::new(), origin, isochrones };
        circle_export::isochrones(city, &adult, Form::Discs, &answer).len()
    };
    let begun = Instant::now();
    let bytes: usize = origins.iter().map(ask).sum();
    let warm = begun.elapsed().as_secs_f64();
    let mut milliseconds: Vec<f64> = Vec::with_capacity(rounds * origins.len());
    for _ in 0..rounds {
        for origin in &origins {
            let begun = cpu_seconds();
            std::hint::black_box(ask(origin));
            milliseconds.push((cpu_seconds() - begun) * 1e3);
        }
    }
    let mean = milliseconds.iter().sum::<f64>() / milliseconds.len() as f64;
    milliseconds.sort_by(f64::total_cmp);
    let quantile = |share: f64| milliseconds[(share * (milliseconds.len() - 1) as f64) as usize];
    println!(
        r#"{{"origins":{},"median_ms":{:.4},"p99_ms":{:.4},"mean_ms":{mean:.4},"bytes":{},"warm_seconds":{warm:.2}}}"#,
        origins.len(),
        quantile(0.5),
        quantile(0.99),
        bytes / origins.len().max(1),
    );
}

/// Junctions of the largest part of the network, drawn at random but the same every time: of the whole city, or of
/// its densest square kilometre.
fn origins_of(city: &City, args: &[String]) {
    let count: usize = args[0].parse().expect("a count");
    let mut nodes: Vec<Point> =
        city.nodes().iter().filter(|node| node.component == 0).map(|node| node.point).collect();
    if args.get(1).is_some_and(|word| word == "dense") {
        let frame = Frame::at(nodes[nodes.len() / 2]);
        let square = |point: &Point| frame.local(*point).map(|metres| (metres / 1000.0).floor() as i32);
        let mut squares: HashMap<[i32; 2], usize> = HashMap::new();
        nodes.iter().for_each(|point| *squares.entry(square(point)).or_default() += 1);
        let densest = squares.into_iter().max_by_key(|(square, nodes)| (*nodes, *square)).expect("nodes").0;
        nodes.retain(|point| square(point) == densest);
    }
    println!("id,lon,lat");
    let mut random = 7u64;
    for id in 0..count {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let place = nodes[(random >> 33) as usize % nodes.len()].lon_lat();
        println!("{id},{},{}", place.lon, place.lat);
    }
}

/// Pairs of places on public ways of the largest part, so many metres apart as the crow flies, as
/// `from_lon,from_lat,to_lon,to_lat`: on `streets`, from pedestrian streets up, or on `all` ways, from steps and forest
/// tracks to the outlines of squares.
fn pairs_of(city: &City, args: &[String]) {
    let count: usize = args[0].parse().expect("a count");
    let metres =
        |at: usize, otherwise: f64| args.get(at).map_or(otherwise, |text| text.parse().expect("metres"));
    let range = metres(2, 200.0)..metres(3, 1500.0);
    // What is behind gates and across squares is told apart by rule, not by length.
    let plain = |edge: &&Edge| edge.zone == 0 && !edge.has(Edge::AREA | Edge::RESTRICTED);
    let joined = |edge: &&Edge| city.nodes()[edge.from as usize].component == 0;
    // Places that both engines have: Valhalla leaves out ways that the extract cuts off, and squares.
    let cut = |edge: &&Edge| {
        [edge.from, edge.to].iter().any(|end| city.nodes()[*end as usize].flags & Node::CUT != 0)
    };
    let cut: HashSet<u32> = city.edges().iter().filter(cut).map(|edge| edge.way).collect();
    let street = |edge: &&Edge| {
        let way = city.features()[edge.way as usize];
        let outline = |line: &[Point]| line.first() == line.last();
        let square = city.rings_of(way.rings).iter().any(|ring| outline(city.line(ring.line)));
        let walkers = city.text(way.class) == "pedestrian" && !square;
        (edge.has(Edge::ROAD) || walkers) && !cut.contains(&edge.way)
    };
    let all = args.get(1).is_some_and(|word| word == "all");
    let edges: Vec<&Edge> =
        city.edges().iter().filter(plain).filter(joined).filter(|edge| all || street(edge)).collect();
    let mut random = 23u64;
    let mut place = || {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let line = city.line(edges[(random >> 33) as usize % edges.len()].line);
        let at = (random >> 20) as usize % (line.len() - 1);
        let frame = Frame::at(line[at]);
        let [x, y] = frame.local(line[at + 1]);
        frame.point([x / 2.0, y / 2.0])
    };
    println!("from_lon,from_lat,to_lon,to_lat");
    let mut found = 0;
    while found < count {
        let (from, to) = (place(), place());
        if range.contains(&from.distance_metres(to)) {
            let (from, to) = (from.lon_lat(), to.lon_lat());
            println!("{},{},{},{}", from.lon, from.lat, to.lon, to.lat);
            found += 1;
        }
    }
}

/// `walk_metres` of every pair under `planning`, a line each; empty where there is no walk.
fn distances(network: &Network, args: &[String]) {
    let planning = Profiles::built_in().find("planning").expect("planning").clone();
    let text = std::fs::read_to_string(&args[0]).expect("a CSV of pairs");
    for line in text.lines().skip(1) {
        let degrees: Vec<f64> = line.split(',').map(|field| field.parse().expect("degrees")).collect();
        let place = |at: usize| LonLat::new(degrees[at], degrees[at + 1]).expect("a place").point();
        let limit = Milliseconds::from_minutes(240);
        let walk = circle_reach::times(network, &planning, &[place(0)], &[place(2)], limit)[0];
        if walk.status == Status::Ok { println!("{}", f64::from(walk.length.0) / 1000.0) } else { println!() }
    }
}

fn origins(path: &str) -> Vec<Point> {
    let text = std::fs::read_to_string(path).expect("a CSV of id,lon,lat");
    let place = |line: &str| {
        let mut fields = line.split(',').skip(1).map(|field| field.trim().parse::<f64>());
        LonLat::new(fields.next()?.ok()?, fields.next()?.ok()?).map(LonLat::point)
    };
    text.lines().skip(1).filter_map(place).collect()
}

/// CPU seconds of this process.
fn cpu_seconds() -> f64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 * 1e-9
}
