//! The rules of walking, from tags to times, in drawn towns of a few ways.

use crate::drawn::{Drawn, rectangle};
use crate::run::{circle, write};

const STREET: [i32; 2] = [500, 0];

#[test]
fn a_private_drive_leads_out_of_the_compounds_on_it() {
    let town = || {
        Drawn::with_street()
            .way(&rectangle(-150, 80, -20, 380), "landuse=residential name=West")
            .way(&rectangle(20, 80, 150, 380), "landuse=residential name=East")
            .way(&[[0, 0], [0, 200]], "highway=service access=private")
            .way(&[[0, 200], [-100, 200]], "highway=service access=private")
            .way(&[[0, 200], [100, 200]], "highway=service access=private")
    };
    let (west, east) = ([-90, 200], [90, 200]);
    for (from, to, metres) in [(west, STREET, 790.0), (STREET, east, 790.0), (west, east, 180.0)] {
        let seconds = town().walk(from, to).unwrap();
        assert!((seconds - metres / 1.25).abs() < 2.0, "{from:?} to {to:?}: {seconds} s");
    }
    // Strangers cannot walk through it.
    let through = town().way(&[[0, 200], [0, 900], [500, 900]], "highway=residential");
    assert_eq!(through.walk(STREET, [500, 900]), Err("no_path".into()));
}

#[test]
fn a_compound_inside_a_closed_one_is_left_and_entered_through_both() {
    for inner in ["landuse=residential name=Inner", "landuse=residential name=Inner access=private"] {
        let town = Drawn::with_street()
            .way(&rectangle(-250, 60, 250, 560), "landuse=residential name=Outer")
            .way(&rectangle(-50, 250, 50, 350), inner)
            .way(&[[0, 0], [0, 60], [0, 250], [0, 300], [0, 340]], "highway=service");
        for (from, to, metres) in
            [([0, 320], STREET, 820.0), (STREET, [0, 320], 820.0), ([0, 150], [0, 320], 170.0)]
        {
            let seconds =
                town.walk(from, to).unwrap_or_else(|status| panic!("{inner}: {from:?} to {to:?}: {status}"));
            assert!((seconds - metres / 1.25).abs() < 2.0, "{inner}: {from:?} to {to:?}: {seconds} s");
        }
    }
}

#[test]
fn legs_do_not_cross_roads_that_nobody_may_walk_on() {
    let town = |road: &str| {
        Drawn::default()
            .way(&[[-1000, 0], [0, 0], [1000, 0]], "highway=footway")
            .way(&[[-1000, 60], [0, 60], [1000, 60]], "highway=footway")
            .way(&[[-1000, 0], [-1000, 60]], "highway=footway")
            .way(&[[-900, 30], [1000, 30]], road)
    };
    for road in ["highway=motorway", "highway=trunk foot=no", "highway=primary access=no"] {
        assert!(town(road).walk([0, 22], [0, 38]).unwrap() > 1000.0, "{road}");
    }
    for road in ["highway=motorway bridge=yes layer=1", "highway=construction construction=motorway"] {
        assert!(town(road).walk([0, 22], [0, 38]).unwrap() < 30.0, "{road}");
    }
}

#[test]
fn gates_and_lifts_cost_one_wait_of_the_profile() {
    let folder = tempfile::tempdir().unwrap();
    let profile = write(
        &folder,
        "mine.toml",
        "[[profile]]\nid = \"me\"\nzh = \"我\"\nspeed_mps = 1.0\ngate_s = 8\nlift_s = 60\n",
    );
    let town = |tags: &str| {
        Drawn::default().way(&[[-200, 0], [0, 0], [200, 0]], "highway=footway").tag([0, 0], tags)
    };
    for (tags, wait) in [
        ("barrier=gate", 8.0),
        ("barrier=turnstile", 8.0),
        ("highway=elevator", 60.0),
        ("barrier=bollard", 0.0),
    ] {
        let seconds = town(tags).walk_as(profile.to_str().unwrap(), [-100, 0], [100, 0]).unwrap();
        assert!((seconds - 200.0 - wait).abs() < 0.2, "{tags}: {seconds} s");
        let seconds = town(tags).walk_as("planning", [-100, 0], [100, 0]).unwrap();
        assert!((seconds - 180.0).abs() < 0.2, "{tags}: {seconds} s");
    }
}

#[test]
fn a_tunnel_is_as_long_as_all_its_ways() {
    let town = |middle: i32| {
        Drawn::default()
            .way(&[[-500, 0], [0, 0]], "highway=primary")
            .way(&[[0, 0], [middle, 0]], "highway=primary tunnel=yes")
            .way(&[[middle, 0], [2 * middle, 0]], "highway=primary tunnel=yes")
            .way(&[[2 * middle, 0], [1500, 0]], "highway=primary")
    };
    assert!(town(190).walk([-300, 0], [1200, 0]).is_ok());
    assert_eq!(town(210).walk([-300, 0], [1200, 0]), Err("no_path".into()));
}

#[test]
fn a_way_with_a_node_on_the_side_of_an_outline_ends_its_zone_there() {
    let town = Drawn::with_street()
        .way(&rectangle(-150, 80, 150, 380), "landuse=residential name=A")
        .way(&[[0, 0], [0, 80], [0, 300]], "highway=service")
        .way(&[[0, 40], [-400, 40], [-400, 0]], "highway=footway")
        .way(&[[0, 0], [0, 40], [0, 80]], "highway=footway");
    // The part outside the outline is public: strangers walk there.
    let seconds = town.walk([0, 20], [-200, 40]).unwrap();
    assert!((seconds - 220.0 / 1.25).abs() < 2.0, "{seconds} s");
}

#[test]
fn water_cut_by_the_extract_is_closed_around_its_islands() {
    // The southern corners of the river lie outside the extract.
    let town = Drawn::with_street()
        .way(&[[-1000, -50], [1000, -50], [1400, -300], [-1400, -300], [-1000, -50]], "")
        .way(&rectangle(-100, -200, 100, -150), "")
        .multipolygon(&[(1, "outer"), (2, "inner")], "natural=water name=River")
        .lose([1400, -300])
        .lose([-1400, -300])
        .way(&[[-1000, -400], [0, -400], [1000, -400]], "highway=footway")
        .way(&[[-90, -175], [90, -175]], "highway=footway name=Island")
        .way(&[[-1000, -400], [-1000, 0]], "highway=footway bridge=yes layer=1");
    // No leg crosses the river, although the street is near.
    assert!(town.walk([0, -60], STREET).is_err_and(|status| status == "off_network"));
}

#[test]
fn foot_decides_over_access_where_it_restricts_too() {
    let town = Drawn::with_street()
        .way(&[[0, 0], [0, 300]], "highway=service access=no foot=private")
        .way(&[[50, 0], [50, 300]], "highway=bus_stop public_transport=platform");
    let folder = tempfile::tempdir().unwrap();
    let city = folder.path().join("drawn.osm.pbf");
    std::fs::write(&city, town.pbf()).unwrap();
    let network = circle(["info".as_ref(), city.as_os_str()]).ok().json();
    assert!((network["network"]["walkable_km"].as_f64().unwrap() - 2.6).abs() < 0.01, "{network}");
    assert!(network["skipped"].as_object().unwrap().values().all(|count| count == 0), "{network}");
}

#[test]
fn entrances_on_the_outline_are_gates_and_doors_of_houses_are_not() {
    let town = Drawn::with_street()
        .way(&rectangle(-150, 80, 150, 380), "landuse=residential name=A")
        .way(&[[0, 0], [0, 70]], "highway=service")
        .tag([0, 70], "entrance=main")
        .way(&rectangle(30, 88, 60, 120), "building=apartments")
        .tag([30, 88], "entrance=yes");
    let folder = tempfile::tempdir().unwrap();
    let city = folder.path().join("drawn.osm.pbf");
    std::fs::write(&city, town.pbf()).unwrap();
    let gates = &circle(["info".as_ref(), city.as_os_str()]).ok().json()["gates"];
    assert_eq!((&gates["mapped"], &gates["inferred"]), (&1.into(), &0.into()), "{gates}");
}

/// Seconds of waiting on a walk of known length.
#[track_caller]
fn waited(town: &Drawn, profile: &str, speed: f64, from: [i32; 2], to: [i32; 2], metres: f64) -> f64 {
    town.walk_as(profile, from, to).unwrap() - metres / speed
}

#[test]
fn roads_cost_a_wait_by_class_and_signals_one_wait_per_junction() {
    let town = |road: &str, node: &str| {
        let town = Drawn::default()
            .way(&[[0, -200], [0, 0], [0, 200]], "highway=footway")
            .way(&[[-600, 0], [0, 0], [600, 0]], road);
        if node.is_empty() { town } else { town.tag([0, 0], node) }
    };
    let signals = "highway=crossing crossing=traffic_signals";
    for (road, node, wait) in [
        ("highway=primary", signals, 30.0),
        ("highway=residential", signals, 30.0),
        ("highway=primary", "highway=crossing", 5.0),
        ("highway=primary", "", 5.0),
        ("highway=residential", "highway=crossing", 0.0),
        ("highway=primary bridge=yes layer=1", "", 0.0),
    ] {
        let over = waited(&town(road, node), "adult", 1.25, [0, -150], [0, 150], 300.0);
        assert!((over - wait).abs() < 0.3, "over {road}, {node}: {over} s");
        let along = waited(&town(road, node), "adult", 1.25, [-400, 0], [400, 0], 800.0);
        assert!(along.abs() < 0.3, "along {road}, {node}: {along} s");
        let planning = waited(&town(road, node), "planning", 1.0 / 0.9, [0, -150], [0, 150], 300.0);
        assert!(planning.abs() < 0.3, "{planning} s");
    }
    // Signals on two carriageways are one junction.
    let two = Drawn::default()
        .way(&[[0, -200], [0, -9], [0, 9], [0, 200]], "highway=footway")
        .way(&[[-600, -9], [0, -9], [600, -9]], "highway=primary oneway=yes")
        .way(&[[600, 9], [0, 9], [-600, 9]], "highway=primary oneway=yes")
        .tag([0, -9], signals)
        .tag([0, 9], signals);
    let over = waited(&two, "adult", 1.25, [0, -150], [0, 150], 300.0);
    assert!((over - 30.0).abs() < 0.3, "over both: {over} s");
    // Signals at stop lines belong to the junction.
    let stop_lines = Drawn::default()
        .way(&[[0, -300], [0, 0], [0, 300]], "highway=residential name=Side")
        .way(&[[-600, 0], [-15, 0], [0, 0], [15, 0], [600, 0]], "highway=primary")
        .tag([-15, 0], "highway=traffic_signals")
        .tag([15, 0], "highway=traffic_signals");
    let over = waited(&stop_lines, "adult", 1.25, [0, -150], [0, 150], 300.0);
    assert!((over - 30.0).abs() < 0.3, "at stop lines: {over} s");
}

#[test]
fn wheelchairs_go_round_steps_kerbs_and_stiles() {
    let town = |node: &str, way: &str| {
        Drawn::default()
            .way(&[[0, 0], [100, 0]], way)
            .way(&[[-400, 0], [0, 0]], "highway=footway")
            .way(&[[100, 0], [400, 0]], "highway=footway")
            .way(&[[0, 0], [0, 300], [100, 300], [100, 0]], "highway=footway")
            .tag([100, 0], node)
    };
    let direct = |profile: &str, town: &Drawn| town.walk_as(profile, [-200, 0], [300, 0]);
    let plain = town("highway=milestone", "highway=footway");
    assert!((direct("wheelchair", &plain).unwrap() - 500.0).abs() < 1.0);
    let steps = town("highway=milestone", "highway=steps");
    assert!((direct("wheelchair", &steps).unwrap() - 1100.0).abs() < 1.0);
    assert!((direct("adult", &steps).unwrap() - (400.0 + 3.0 * 100.0) / 1.25).abs() < 1.0);
    for node in ["barrier=kerb kerb=raised", "barrier=cycle_barrier", "barrier=stile"] {
        let barred = town(node, "highway=footway");
        assert_eq!(direct("wheelchair", &barred), Err("no_path".into()), "{node}");
        assert!((direct("adult", &barred).unwrap() - 400.0).abs() < 1.0, "{node}");
    }
    assert!(direct("wheelchair", &town("barrier=kerb kerb=lowered", "highway=footway")).is_ok());
}

#[test]
fn a_walk_is_explained_part_by_part_with_the_barriers_of_a_shorter_one() {
    let town = Drawn::with_street()
        .way(&rectangle(-150, 80, 150, 380), "landuse=residential name=Closed access=private")
        .way(&[[0, 0], [0, 80], [0, 380], [0, 460]], "highway=service")
        .way(&[[-1000, 460], [0, 460], [1000, 460]], "highway=residential name=North")
        .way(&[[1000, 0], [1000, 460]], "highway=residential name=East");
    let answer = town.explain([0, 0], [0, 460]);
    assert_eq!(answer["walk"]["status"], "ok");
    let parts = answer["features"].as_array().unwrap();
    let names: Vec<&str> = parts.iter().map(|part| part["properties"]["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["Main", "East", "North"]);
    for figure in ["walk_seconds", "walk_metres"] {
        let sum: f64 = parts.iter().map(|part| part["properties"][figure].as_f64().unwrap()).sum();
        assert!((sum - answer["walk"][figure].as_f64().unwrap()).abs() < 0.01, "{figure}: {sum}");
    }
    let ends = |part: usize, end: usize| {
        let line = parts[part]["geometry"]["coordinates"].as_array().unwrap();
        line[end * (line.len() - 1)].clone()
    };
    assert!(
        (1..3).all(|part| ends(part - 1, 1) == ends(part, 0)),
        "each part starts where the last one ends"
    );
    let barred = answer["barred"].as_array().unwrap();
    assert_eq!((&barred[0]["reason"], &barred[0]["name"]), (&"closed_compound".into(), &"Closed".into()));
    assert!((barred[0]["walk_seconds_without"].as_f64().unwrap() - 460.0 / 1.25).abs() < 1.0, "{barred:?}");
}

#[test]
fn walls_and_locked_gates_are_named_as_barriers() {
    let fenced = Drawn::default()
        .way(&[[-800, 0], [800, 0]], "highway=footway name=South")
        .way(&[[-800, 60], [800, 60]], "highway=footway name=North")
        .way(&[[800, 0], [800, 60]], "highway=footway")
        .way(&[[-900, 30], [790, 30]], "barrier=fence");
    let reasons = |answer: &serde_json::Value| -> Vec<String> {
        let barred = answer["barred"].as_array().unwrap();
        barred.iter().map(|barred| barred["reason"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(reasons(&fenced.explain([0, 25], [0, 35])), ["wall"]);
    let locked = Drawn::with_street()
        .way(&[[0, 0], [0, 200], [0, 400]], "highway=footway")
        .way(&[[1000, 0], [1000, 400], [0, 400]], "highway=residential name=Round")
        .tag([0, 200], "barrier=gate locked=yes");
    assert_eq!(reasons(&locked.explain([0, 100], [0, 300])), ["locked_gate"]);
    assert!(reasons(&locked.explain([-300, 0], [300, 0])).is_empty());
}

#[test]
fn unknown_ground_near_the_edge_of_the_data_is_a_separate_shape() {
    let town = Drawn::default()
        .way(&[[-2000, 0], [0, 0], [500, 0], [900, 0]], "highway=residential")
        .way(&[[0, 0], [0, 300]], "highway=residential")
        .lose([900, 0]);
    let folder = tempfile::tempdir().unwrap();
    let city = folder.path().join("drawn.osm.pbf");
    std::fs::write(&city, town.pbf()).unwrap();
    let isochrone = |x: i32, form: &str| {
        let at = format!("{},45.7", 126.6 + f64::from(x) / 77_850.0);
        circle(["isochrone", city.to_str().unwrap(), "--at", &at, "--form", form]).ok().json()
    };
    // The origin is 300 m from the cut, so 75 m of a walk of 5 minutes lie beyond it, and 450 m of one of 10
    // minutes.
    let near = isochrone(200, "discs");
    let unknown = near["unknown"]["features"].as_array().unwrap();
    let minutes: Vec<u64> =
        unknown.iter().map(|shape| shape["properties"]["minutes"].as_u64().unwrap()).collect();
    assert_eq!(minutes, [5, 10, 15]);
    let area = |shape: &serde_json::Value| shape["properties"]["area_square_metres"].as_f64().unwrap();
    let disc = |metres: f64| metres * metres * std::f64::consts::PI;
    // Most of the smallest disc is open ground that is reached from the known part of the street too.
    assert!((0.2 * disc(75.0)..disc(75.0)).contains(&area(&unknown[0])), "{}", area(&unknown[0]));
    assert!((0.8 * disc(450.0)..disc(450.0)).contains(&area(&unknown[1])), "{}", area(&unknown[1]));
    assert_eq!(near["features"].as_array().unwrap().len(), 3, "the bands are still there");
    assert!(isochrone(-1000, "discs").get("unknown").is_none());
    assert!(isochrone(200, "lines").get("unknown").is_none());
}

#[test]
fn the_parts_of_a_walk_add_up_at_crossings() {
    let town = Drawn::default()
        .way(&[[0, -200], [0, 0], [0, 200]], "highway=footway")
        .way(&[[-600, 0], [0, 0], [600, 0]], "highway=primary")
        .tag([0, 0], "highway=crossing crossing=traffic_signals");
    // Over the crossing, from it, to it, into the road, and without it.
    for (from, to, waited) in [
        ([0, -150], [0, 150], 30.0),
        ([0, 0], [0, 150], 0.0),
        ([0, 150], [0, 0], 0.0),
        ([0, 150], [400, 0], 15.0),
        ([0, 50], [0, 150], 0.0),
    ] {
        let answer = town.explain(from, to);
        let sum = |value: fn(&serde_json::Value) -> f64| -> f64 {
            answer["features"].as_array().unwrap().iter().map(|part| value(&part["properties"])).sum()
        };
        let parts = sum(|part| part["walk_seconds"].as_f64().unwrap());
        let walk = answer["walk"]["walk_seconds"].as_f64().unwrap();
        assert!((parts - walk).abs() < 0.01, "{from:?} to {to:?}: {parts} of {walk} s");
        assert_eq!(answer["walk"]["wait_seconds"].as_f64().unwrap(), waited, "{from:?} to {to:?}");
    }
}
