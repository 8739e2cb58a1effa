//! The contents of boards in a town with one long street, drawn as text.

use super::{BoardFindingKind, Contents, contents};
use crate::check::{check, places_by_band};
use crate::error::PrintError;
use crate::settings::Settings;
use circle_model::city::{CityTables, EdgeEndFlags, Meta, Ring, RingRole, Span, Text};
use circle_model::{Catalogue, City, GateId};
use circle_reach::testing::Map;
use circle_reach::{Cancel, Network};

/// A gate and places on a street, 150 m apart: `p` and `q` are within 5 minutes, `r` to `t` within 10, `u` and `v` within
/// 15, `w` and `x` beyond.
const STREET: &str = "
    A--g--p--q--r--s--t--u--v--w--x--B
      1    2
      4    3";
const METRES: f64 = 50.0;

/// A place of the map, its category and its name.
type Place<'a> = (&'a str, &'a str, &'a str);

fn text(tables: &mut CityTables, text: &str) -> Text {
    let start = tables.texts.len() as u32;
    tables.texts.extend_from_slice(text.as_bytes());
    Text { start, len: text.len() as u32 }
}

/// The network of a town with a compound 红专小区 and these facilities.
fn town(map: Map, places: &[Place<'_>], change: impl FnOnce(&mut CityTables)) -> Network {
    let catalogue = Catalogue::built_in();
    let map = map.compound(0, "1234", "g");
    let map = places.iter().fold(map, |map, (place, ..)| map.facility(place));
    let mut tables = map.town.tables();
    tables.compounds[0].name = text(&mut tables, "红专小区");
    for (row, (_, category, name)) in places.iter().enumerate() {
        let category = catalogue.index_of(category).unwrap() as u8;
        let start = tables.facility_categories.len() as u32;
        tables.facility_categories.push(category);
        let name = text(&mut tables, name);
        let facility = &mut tables.facilities[row];
        (facility.categories, facility.name) = (Span { start, len: 1 }, name);
    }
    change(&mut tables);
    Network::build(&City::from_tables(tables, &Meta::default()).unwrap())
}

/// Names the street.
fn street(name: &str) -> impl FnOnce(&mut CityTables) {
    move |tables: &mut CityTables| {
        let line = tables.edges[0].line;
        tables.rings.push(Ring { line, role: u32::from(RingRole::Line.code()) });
        let start = tables.rings.len() as u32 - 1;
        let name = text(tables, name);
        let points = line.range().map(|at| tables.points[at]).collect::<Vec<_>>();
        let way = &mut tables.features[0];
        (way.rings, way.name) = (Span { start, len: 1 }, name);
        way.bounds = circle_model::coordinates::Bounds::of(points);
    }
}

fn on_street(places: &[Place<'_>]) -> Network {
    town(Map::draw(METRES, STREET), places, |_| {})
}

/// Default settings that list these categories.
fn listing(categories: &[&str]) -> Settings {
    let catalogue = Catalogue::built_in();
    let ids: Vec<String> = categories.iter().map(|id| (*id).to_owned()).collect();
    Settings::built_in(&catalogue).with_categories(&ids, &catalogue).unwrap()
}

fn drawn(network: &Network, settings: &Settings) -> Result<Contents, PrintError> {
    contents(network, &Catalogue::built_in(), settings, GateId(0), &Cancel::never())
}

/// The names of the rows.
#[track_caller]
fn rows(network: &Network, categories: &[&str]) -> Vec<String> {
    let contents = drawn(network, &listing(categories)).unwrap();
    contents.entries.into_iter().map(|entry| entry.name).collect()
}

/// The kinds of the findings, without those about texts that nobody has given.
fn kinds(contents: &Contents) -> Vec<BoardFindingKind> {
    let of_settings = [BoardFindingKind::NoIssuer, BoardFindingKind::NoAddress];
    let kinds = contents.findings.iter().map(|finding| finding.kind);
    kinds.filter(|kind| !of_settings.contains(kind)).collect()
}

#[test]
fn places_have_clean_chinese_names_or_that_of_their_kind() {
    let network = on_street(&[
        ("p", "library", "。红专书屋 - Hongzhuan Reading Room"),
        ("q", "supermarket", "Mykal Supermarket"),
        ("r", "library", "图书馆"),
        ("s", "supermarket", "某部队超市"),
        ("t", "bus_stop", "102"),
    ]);
    let listed = ["library", "supermarket", "bus_stop"];
    assert_eq!(rows(&network, &listed), ["红专书屋", "综合超市", "图书馆", "公交站"]);
    let contents = drawn(&network, &listing(&listed)).unwrap();
    let english: Vec<Option<&str>> = contents.entries.iter().map(|it| it.name_en.as_deref()).collect();
    assert_eq!(english, [Some("Hongzhuan Reading Room"), Some("Mykal Supermarket"), None, None]);
    let shown: Vec<(bool, bool)> = contents.entries.iter().map(|it| (it.named, it.latin)).collect();
    assert_eq!(shown, [(true, false), (false, true), (false, false), (false, true)]);
}

#[test]
fn a_park_without_a_name_has_that_of_its_street_and_there_is_one_in_a_band() {
    let parks = [("p", "park", ""), ("q", "park", "公园"), ("s", "pocket_park", ""), ("t", "park", "")];
    let named = town(Map::draw(METRES, STREET), &parks, street("河洛街"));
    assert_eq!(rows(&named, &["park", "pocket_park"]), ["河洛街公园", "河洛街绿地"]);
    let of_plan = town(Map::draw(METRES, STREET), &parks, street("规划路294"));
    assert!(rows(&of_plan, &["park", "pocket_park"]).is_empty());
    // What has no street to be called after keeps the name of its kind.
    assert_eq!(rows(&on_street(&[("p", "library", "")]), &["library"]), ["图书馆"]);
}

#[test]
fn one_place_has_one_row() {
    let network = on_street(&[
        ("p", "supermarket", "红博中央公园"),
        ("q", "convenience", "红博中央公园"),
        ("q", "bus_stop", "红博中央公园"),
        ("r", "supermarket", "大润发"),
        ("v", "supermarket", "大润发"),
        ("p", "park", "金河公园"),
        ("u", "park", "金河公园"),
        ("s", "library", "东北林业大学-文法学院"),
        ("t", "library", "东北林业大学图书楼(A座)"),
        ("t", "library", "东北林业大学 (南区)"),
    ]);
    let found = rows(&network, &["supermarket", "convenience", "park", "bus_stop", "library"]);
    let count = |name: &str| found.iter().filter(|found| *found == name).count();
    assert_eq!(count("红博中央公园"), 2, "the supermarket and the stop: {found:?}");
    assert_eq!(count("大润发"), 2, "600 m apart: {found:?}");
    assert_eq!(count("金河公园"), 1, "{found:?}");
    assert_eq!(count("东北林业大学-文法学院"), 1, "{found:?}");
    assert_eq!(count("东北林业大学 (南区)"), 0, "a part of the same site: {found:?}");
    assert_eq!(count("东北林业大学图书楼(A座)"), 1, "{found:?}");
}

#[test]
fn the_nearest_of_a_missing_kind_is_found_beyond_the_bands() {
    let network = on_street(&[
        ("p", "supermarket", "大润发"),
        ("w", "clinic", "红专诊所"),
        ("x", "health_station", "红专卫生室"),
        ("x", "clinic", ""),
    ]);
    let settings = Settings::built_in(&Catalogue::built_in());
    let contents = drawn(&network, &settings).unwrap();
    let [clinic] = contents.beyond.as_slice() else { panic!("{:?}", contents.beyond) };
    assert_eq!((clinic.kind.as_str(), clinic.walk.metres), ("诊所", 1200));
    assert!((16..=17).contains(&clinic.walk.minutes), "{clinic:?}");
    assert!((clinic.bearing_degrees - 90.0).abs() < 1.0, "{clinic:?}");
    // Nothing is missing where the bands have it.
    let within = drawn(&network, &settings.with_minutes(&[5, 20]).unwrap()).unwrap();
    assert!(within.beyond.is_empty(), "{:?}", within.beyond);
}

#[test]
fn a_check_finds_empty_boards_and_empty_bands() {
    let settings = listing(&["supermarket"]);
    let empty = drawn(&on_street(&[]), &settings).unwrap();
    assert_eq!(kinds(&empty), [BoardFindingKind::NothingToShow]);
    assert!(empty.sample);
    let one = on_street(&[("p", "supermarket", "大润发")]);
    let one_board = drawn(&one, &settings).unwrap();
    assert_eq!(kinds(&one_board), [BoardFindingKind::EmptyBand]);
    assert!(one_board.findings[0].message.contains("10、15"), "{:?}", one_board.findings);
    let full = on_street(&[
        ("p", "supermarket", "大润发"),
        ("s", "supermarket", "家得乐超市"),
        ("v", "supermarket", "中央红超市"),
    ]);
    let full_board = drawn(&full, &settings).unwrap();
    assert!(kinds(&full_board).is_empty() && !full_board.sample, "{:?}", full_board.findings);
    let catalogue = Catalogue::built_in();
    let (gate, cancel) = (GateId(0), Cancel::never());
    assert_eq!(check(&full, &catalogue, &settings, gate, &cancel).unwrap(), full_board.findings);
    assert_eq!(places_by_band(&full, &catalogue, &settings, gate, &cancel).unwrap(), [1, 1, 1]);
    assert_eq!(places_by_band(&one, &catalogue, &settings, gate, &cancel).unwrap(), [1, 0, 0]);
}

#[test]
fn a_strict_board_with_errors_is_refused_and_a_sample_is_marked() {
    let network = on_street(&[("p", "supermarket", "大润发")]);
    let mut settings = listing(&["supermarket"]);
    settings.strict = true;
    let refused = drawn(&network, &settings).unwrap_err();
    assert!(matches!(&refused, PrintError::NotPrintable { .. }), "{refused}");
    assert!(refused.to_string().contains("10 and 15 minutes"), "{refused}");
    let settings = listing(&["supermarket"]).with_minutes(&[5]).unwrap();
    assert!(!drawn(&network, &settings).unwrap().sample);
    let sample = Settings { sample: true, strict: true, ..settings };
    assert!(drawn(&network, &sample).unwrap().sample);
}

#[test]
fn a_compound_on_an_island_has_no_board_to_print() {
    let network = town(
        Map::draw(
            METRES,
            "
    A--g--p--q--B
      1    2
      4    3



    C------------------------------------------D",
        ),
        &[("p", "supermarket", "大润发")],
        |_| {},
    );
    let board = drawn(&network, &listing(&["supermarket"]).with_minutes(&[5]).unwrap()).unwrap();
    assert_eq!(kinds(&board), [BoardFindingKind::Island]);
    assert!(board.findings[0].message_en.contains("island of"), "{:?}", board.findings);
}

#[test]
fn the_compound_needs_a_chinese_name_and_an_inferred_gate_is_a_warning() {
    let map = || Map::draw(METRES, STREET);
    let places = [("p", "supermarket", "大润发")];
    let settings = listing(&["supermarket"]).with_minutes(&[5]).unwrap();
    for change in [0, 1] {
        let network = town(map(), &places, |tables| match change {
            0 => tables.compounds[0].name = text(tables, "HengYunHuaYuan"),
            _ => tables.compounds[0].generated_name = 1,
        });
        assert_eq!(kinds(&drawn(&network, &settings).unwrap()), [BoardFindingKind::CompoundName]);
    }
    let inferred = town(map(), &places, |tables| {
        tables.gates[0].provenance = circle_model::city::GateProvenance::Inferred.code();
    });
    assert!(matches!(drawn(&inferred, &settings), Err(PrintError::Inferred { .. })));
    let accepted = Settings { inferred: true, ..settings.clone() };
    let board = drawn(&inferred, &accepted).unwrap();
    assert_eq!(kinds(&board), [BoardFindingKind::InferredGate]);
    assert!(!board.sample, "a warning");
    let found = check(&inferred, &Catalogue::built_in(), &settings, GateId(0), &Cancel::never()).unwrap();
    assert!(found.iter().any(|finding| finding.kind == BoardFindingKind::InferredGate), "{found:?}");
}

#[test]
fn compounds_have_their_names_cleaned_too() {
    let network = town(Map::draw(METRES, STREET), &[], |tables| {
        tables.compounds[0].name = text(tables, "金色莱茵 - Golden Rhine");
    });
    let board = drawn(&network, &listing(&["supermarket"])).unwrap();
    assert_eq!(board.compound_name, "金色莱茵");
    assert_eq!(board.compound_name_en.as_deref(), Some("Golden Rhine"));
}

#[test]
fn walks_with_long_waits_at_signals_are_told_apart() {
    let signals = EdgeEndFlags::SIGNALS;
    let map = Map::draw(
        METRES,
        "
    A--g--C--D--E--p--B
      1    2
      4    3",
    );
    let map = map.passing("AC", 1, signals).passing("CD", 0, signals).passing("CD", 1, signals);
    let map = map.passing("DE", 0, signals).passing("DE", 1, signals).passing("BE", 1, signals);
    let places = [("p", "supermarket", "大润发"), ("D", "supermarket", "家得乐超市")];
    let network = town(map, &places, |_| {});
    let settings = listing(&["supermarket"]);
    let board = drawn(&network, &settings).unwrap();
    let waits: Vec<(&str, bool)> =
        board.entries.iter().map(|entry| (entry.name.as_str(), entry.waits)).collect();
    assert_eq!(waits, [("家得乐超市", false), ("大润发", true)]);
    // The planning convention waits nowhere.
    let planning = Settings { profile: circle_reach::testing::profile("planning"), ..settings };
    assert!(drawn(&network, &planning).unwrap().entries.iter().all(|entry| !entry.waits));
}
