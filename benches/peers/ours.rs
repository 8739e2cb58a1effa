//! Our part of the comparison with other engines: `ours TASK CITY ARGS` prints one JSON object.
//!
//! CPU time is that of the whole process, because other threads compute parts of the city. A first pass fills
//! the caches; its time is `warm_seconds`.

#[path = "../whole_network.rs"]
mod whole_network;

use circle_export::IsochroneAnswer;
use circle_model::city::{Edge, EdgeFlags, NodeFlags};
use circle_model::{City, FeatureId, Frame, LonLat, Milliseconds, Point, Profiles};
use circle_reach::{Cancel, Form, Label, Network, NodeIndex, Origin, Status};
use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::time::Instant;

/// The allocator of the binary `circle`.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    let [task, city, rest @ ..] = args.as_slice() else {
        eprintln!(
            "ours TASK CITY.circle ARGS: origins COUNT [dense], isochrones ORIGINS.csv [ROUNDS], \
              pairs COUNT [streets|all [NEAR FAR]], distances PAIRS.csv, graph OUT, within METRES, \
              nearest OUT [ROUNDS], resident"
        );
        std::process::exit(2);
    };
    let city = City::open(Path::new(city)).expect("a city file");
    let opened = resident_mebibytes();
    let network = Network::build(&city);
    match task.as_str() {
        "origins" => origins_of(&city, rest),
        "pairs" => pairs_of(&city, rest),
        "distances" => distances(&network, rest),
        "isochrones" => isochrones(&city, &network, rest),
        "graph" => graph(&network, rest),
        "within" => within(&network, rest),
        "nearest" => nearest(&network, rest),
        "resident" => resident(&network, opened),
        other => panic!("no task `{other}`"),
    }
}

/// Isochrones of 5, 10 and 15 minutes of every origin as `GeoJSON`.
fn isochrones(city: &City, network: &Network, args: &[String]) {
    let origins = origins(&args[0]);
    let rounds: usize = args.get(1).map_or(3, |rounds| rounds.parse().expect("a number of rounds"));
    let adult = Profiles::built_in().find(Profiles::DEFAULT).expect("the default profile").clone();
    let ask = |point: &Point| {
        let origin = Origin::Place(*point);
        let isochrones =
            circle_reach::isochrones(network, &adult, origin, &[5, 10, 15], Form::Discs, &Cancel::never())
                .expect("never cancelled");
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

/// Random junctions of the largest connected component, always the same ones: of the whole city or of its
/// densest square kilometre.
fn origins_of(city: &City, args: &[String]) {
    let count: usize = args[0].parse().expect("a count");
    let largest = city.nodes().iter().filter(|node| node.component.is_largest());
    let mut nodes: Vec<Point> = largest.map(|node| node.point).collect();
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

/// Pairs of places on public ways of the largest connected component, with a straight-line distance in a
/// range of metres, as `from_lon,from_lat,to_lon,to_lat`: on `streets` (roads and pedestrian streets), or on
/// `all` ways (also steps, forest tracks and the outlines of squares).
fn pairs_of(city: &City, args: &[String]) {
    let count: usize = args[0].parse().expect("a count");
    let metres =
        |at: usize, otherwise: f64| args.get(at).map_or(otherwise, |text| text.parse().expect("metres"));
    let range = metres(2, 200.0)..metres(3, 1500.0);
    // Access and squares are subject to different rules of the engines, so they are excluded.
    let plain = |edge: &&Edge| edge.zone.is_public() && !edge.has(EdgeFlags::AREA | EdgeFlags::RESTRICTED);
    let joined = |edge: &&Edge| city.nodes()[edge.from.index()].component.is_largest();
    // Only ways that both engines have: Valhalla omits squares and ways that the extract cuts off.
    let cut = |edge: &&Edge| {
        [edge.from, edge.to].iter().any(|end| city.nodes()[end.index()].flags.contains(NodeFlags::CUT))
    };
    let cut: HashSet<FeatureId> = city.edges().iter().filter(cut).map(|edge| edge.way).collect();
    let street = |edge: &&Edge| {
        let way = city.features()[edge.way.index()];
        let outline = |line: &[Point]| line.first() == line.last();
        let square = city.rings_of(way.rings).iter().any(|ring| outline(city.line(ring.line)));
        let walkers = city.text(way.class) == "pedestrian" && !square;
        (edge.has(EdgeFlags::ROAD) || walkers) && !cut.contains(&edge.way)
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

/// `walk_metres` of every pair under `planning`, one per line; an empty line if there is no walk.
fn distances(network: &Network, args: &[String]) {
    let planning = Profiles::built_in().find("planning").expect("planning").clone();
    let text = std::fs::read_to_string(&args[0]).expect("a CSV of pairs");
    for line in text.lines().skip(1) {
        let degrees: Vec<f64> = line.split(',').map(|field| field.parse().expect("degrees")).collect();
        let place = |at: usize| LonLat::new(degrees[at], degrees[at + 1]).expect("a place").point();
        let limit = Milliseconds::from_minutes(240);
        let walk = circle_reach::times(network, &planning, &[place(0)], &[place(2)], limit, &Cancel::never());
        let walk = walk.expect("never cancelled")[0];
        if walk.status == Status::Ok { println!("{}", f64::from(walk.length.0) / 1000.0) } else { println!() }
    }
}

/// Writes the graph and the facilities as little-endian `u32`: the counts of nodes and arcs; for each arc its
/// two nodes and millimetres; for each category the count of facilities and their nodes.
fn graph(network: &Network, args: &[String]) {
    let (graph, edges) = (network.graph(), network.city().edges());
    let mut words = vec![graph.len() as u32, graph.arcs().len() as u32];
    for node in graph.nodes() {
        for arc in graph.row(node).map(|position| graph.arc(position)) {
            let length = arc.edge().map_or(0, |edge| edges[edge.index()].length_mm);
            words.extend([node.0, arc.to.0, length]);
        }
    }
    for facilities in whole_network::facility_nodes(network) {
        words.push(facilities.len() as u32);
        words.extend(facilities.iter().map(|node| node.0));
    }
    write_words(&args[0], words);
}

/// The nodes within `METRES` of every node, row by row.
fn within(network: &Network, args: &[String]) {
    /// One of this many rows is compared with other engines.
    const SAMPLED: u32 = 100;
    let limit = Milliseconds(1000 * args[0].parse::<u32>().expect("metres"));
    let weights = network.weights(&whole_network::one_metre_per_second());
    let mut row = Vec::new();
    whole_network::within(network, &weights, NodeIndex(0), limit, &mut row);
    let (mut pairs, mut millimetres, mut sampled) = (0, 0, 0);
    let begun = cpu_seconds();
    for node in network.graph().nodes() {
        whole_network::within(network, &weights, node, limit, &mut row);
        let sum: u64 = row.iter().map(|(_, length)| u64::from(length.0)).sum();
        pairs += row.len();
        millimetres += sum;
        sampled += if node.0 % SAMPLED == 0 { sum } else { 0 };
    }
    let seconds = cpu_seconds() - begun;
    println!(
        r#"{{"seconds":{seconds:.4},"nodes":{},"pairs":{pairs},"millimetres":{millimetres},"sampled_millimetres":{sampled}}}"#,
        network.graph().len(),
    );
}

/// The nearest facility of six categories from every node; writes the distances in millimetres to `OUT`,
/// category by category.
fn nearest(network: &Network, args: &[String]) {
    let rounds: usize = args.get(1).map_or(5, |rounds| rounds.parse().expect("a number of rounds"));
    let profile = whole_network::one_metre_per_second();
    let categories = whole_network::facility_nodes(network);
    let mut rows = vec![Vec::new(); categories.len()];
    let mut round = || {
        let begun = cpu_seconds();
        for (facilities, row) in categories.iter().zip(&mut rows) {
            whole_network::nearest(network, &profile, facilities, row);
        }
        cpu_seconds() - begun
    };
    round();
    let mut seconds: Vec<f64> = (0..rounds).map(|_| round()).collect();
    seconds.sort_by(f64::total_cmp);
    let length = |label: &Option<Label>| label.map_or(u32::MAX, |label| label.length.0);
    write_words(&args[0], rows.iter().flatten().map(length).collect());
    println!(
        r#"{{"seconds":{:.5},"nodes":{},"facilities":{}}}"#,
        seconds[rounds / 2],
        network.graph().len(),
        categories.iter().map(Vec::len).sum::<usize>(),
    );
}

/// Resident memory after opening the file, building the network, and a search of 15 minutes from its middle
/// node.
fn resident(network: &Network, opened: f64) {
    let built = resident_mebibytes();
    let node = NodeIndex(network.graph().len() as u32 / 2);
    whole_network::within(
        network,
        &network.weights(&whole_network::one_metre_per_second()),
        node,
        Milliseconds(1_125_000),
        &mut Vec::new(),
    );
    let searched = resident_mebibytes();
    println!(r#"{{"opened_mib":{opened:.1},"built_mib":{built:.1},"searched_mib":{searched:.1}}}"#);
}

fn resident_mebibytes() -> f64 {
    let text = std::fs::read_to_string("/proc/self/status").expect("the status of this process");
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("its resident memory");
    line.trim().trim_end_matches(" kB").parse::<f64>().expect("kibibytes") / 1024.0
}

fn write_words(path: &str, words: Vec<u32>) {
    let bytes: Vec<u8> = words.into_iter().flat_map(u32::to_le_bytes).collect();
    std::fs::write(path, bytes).expect("a file to write to");
}

fn origins(path: &str) -> Vec<Point> {
    let text = std::fs::read_to_string(path).expect("a CSV of id,lon,lat");
    let place = |line: &str| {
        let mut fields = line.split(',').skip(1).map(|field| field.trim().parse::<f64>());
        LonLat::new(fields.next()?.ok()?, fields.next()?.ok()?).map(LonLat::point)
    };
    text.lines().skip(1).filter_map(place).collect()
}

/// CPU seconds of all threads of this process.
fn cpu_seconds() -> f64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 * 1e-9
}
