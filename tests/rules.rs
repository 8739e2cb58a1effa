//! The rules of walking from tags to times, on towns of a few ways.

use crate::drawn::{Drawn, rectangle};
use crate::run::circle;

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
    // It stays closed for everybody else.
    let through = town().way(&[[0, 200], [0, 900], [500, 900]], "highway=residential");
    assert_eq!(through.walk(STREET, [500, 900]), Err("no_path".into()));
}

#[test]
fn a_compound_inside_a_closed_one_is_left_and_entered_through_both() {
    for inner in ["landuse=residential name=Inner", "landuse=residential name=Inner access=private"] {
        let town = Drawn::with_street()
            .way(&rectangle(-250, 60, 250, 560), "landuse=residential")
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
    // Before the outline it is public: a stranger walks up it and away.
    let seconds = town.walk([0, 20], [-200, 40]).unwrap();
    assert!((seconds - 220.0 / 1.25).abs() < 2.0, "{seconds} s");
}

#[test]
fn water_whose_rim_the_extract_cut_is_water_around_its_islands() {
    // The river's northern bank and its ends lie beyond the extract.
    let town = Drawn::with_street()
        .way(&[[-1000, -50], [1000, -50], [1400, -300], [-1400, -300], [-1000, -50]], "")
        .way(&rectangle(-100, -200, 100, -150), "")
        .multipolygon(&[(1, "outer"), (2, "inner")], "natural=water name=River")
        .lose([1400, -300])
        .lose([-1400, -300])
        .way(&[[-1000, -400], [0, -400], [1000, -400]], "highway=footway")
        .way(&[[-90, -175], [90, -175]], "highway=footway name=Island")
        .way(&[[-1000, -400], [-1000, 0]], "highway=footway bridge=yes layer=1");
    // From the southern bank no leg leads over the river, however near the street.
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
