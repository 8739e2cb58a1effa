//! Every kind of bad row is rejected, and the error names it.

mod town;

use super::*;
use crate::city::findings::Finding;
use crate::city::flags::{EdgeEndFlags, EdgeFlags, FacilityFlags, NodeFlags};
use crate::city::places::Building;
use crate::city::records::{Edge, Node, Slope};
use crate::city::{CityTables, Meta};
use crate::coordinates::line_metres;
use crate::units::Millimetres;
use town::{NONE, at, span, town};

fn checked(tables: CityTables) -> Checked {
    City::from_tables(tables, &Meta::default()).unwrap().check()
}

/// A field, and a change that makes it invalid.
type Wrong<'a> = (&'a str, fn(&mut CityTables));

/// Applies each change to a copy of the town, which must be rejected for that table and field.
fn rejected(table: &str, changes: &[Wrong<'_>]) {
    for (number, (field, change)) in changes.iter().enumerate() {
        let mut tables = town();
        change(&mut tables);
        let bad = checked(tables).unwrap_err();
        assert_eq!((bad.table, bad.field), (table, *field), "change {number} of `{field}`: {bad}");
    }
}

#[test]
fn a_valid_town_passes() {
    assert_eq!(checked(town()), Ok(()));
    assert_eq!(checked(CityTables::default()), Ok(()));
}

#[test]
fn a_row_is_taken_once_wherever_words_of_the_bitmap_end() {
    let at = At { table: "points", row: 0 };
    for start in [0, 1, 62, 63, 64, 65, 127, 128] {
        for len in [1, 2, 63, 64, 65, 66, 128, 129, 193] {
            for (other, other_len) in (0..400).flat_map(|other| [1, 64, 70].map(|len| (other, len))) {
                let mut taken = Taken::of("rings", 500);
                taken.take(at, "rings", Span { start, len }).unwrap();
                let is_free = other + other_len <= start || start + len <= other;
                let again = taken.take(at, "rings", Span { start: other, len: other_len });
                assert_eq!(again.is_ok(), is_free, "{start} {len} {other} {other_len}");
            }
        }
    }
    let mut taken = Taken::of("rings", 64);
    assert!(taken.take(at, "rings", Span { start: 0, len: 65 }).is_err());
    assert!(taken.take(at, "rings", Span { start: u32::MAX, len: u32::MAX }).is_err());
    assert!(taken.take(at, "rings", Span { start: 64, len: 0 }).is_ok());
}

#[test]
fn the_counted_categories_are_those_of_the_catalogue() {
    assert_eq!(places::categories(), crate::Catalogue::built_in().categories.len());
}

#[test]
fn the_least_slope_factor_is_that_of_the_fastest_slope() {
    let best = Slope::of(&[(100.0, -5.0)]).factors[0];
    assert_eq!(best, network::LEAST_FACTOR);
}

#[test]
fn texts_points_and_rings_are_checked() {
    rejected("texts", &[("texts", |it| it.texts[1] = b'x')]);
    rejected(
        "points",
        &[
            ("lon, lat", |it| it.points[4].lon = 1_800_000_001),
            ("lon, lat", |it| it.points[4].lat = i32::MIN),
        ],
    );
    rejected(
        "rings",
        &[
            ("line", |it| it.rings[1].line.start = u32::MAX),
            ("line", |it| it.rings[1].line.len = u32::MAX),
            ("line", |it| it.rings[2].line = it.rings[1].line),
            ("line", |it| it.rings[1].line.len = 4),
            ("line", |it| it.rings[0].line.len = 1),
            ("line", |it| it.rings[1].role = 3),
            ("role", |it| it.rings[1].role = 4),
            ("role", |it| it.rings[1].role = 256),
        ],
    );
    rejected(
        "features",
        &[
            ("rings", |it| it.features[0].rings.len = 0),
            ("rings", |it| it.features[0].rings.start = 3),
            ("bounds", |it| it.features[0].bounds.east += 1),
            ("name", |it| it.features[0].name.len = 5),
            ("name", |it| it.features[0].name.start = 1),
            ("class", |it| it.features[0].class = span(0, 9)),
            ("area_square_metres", |it| it.features[0].area_square_metres = f32::NAN),
            ("kind", |it| it.features[0].kind = 9),
            ("osm_kind", |it| it.features[0].osm_kind = 4),
            ("flags", |it| it.features[0].flags = MapFeatureFlags::from_bits_retain(8)),
        ],
    );
}

#[test]
fn the_network_is_checked() {
    rejected(
        "nodes",
        &[
            ("point", |it| it.nodes[1].point.lat = 900_000_001),
            ("flags", |it| it.nodes[1].flags = NodeFlags::from_bits_retain(1 << 31)),
            ("component", |it| it.nodes[1].component = ComponentId(1)),
        ],
    );
    rejected("component_metres", &[("component_metres", |it| it.component_metres = vec![u32::MAX; 2])]);
    rejected(
        "edges",
        &[
            ("from", |it| it.edges[1].from = NodeId(3)),
            ("to", |it| it.edges[1].to = NodeId(u32::MAX)),
            ("way", |it| it.edges[1].way = FeatureId(1)),
            ("zone", |it| it.edges[1].zone = ZoneId(3)),
            ("flags", |it| it.edges[1].flags = EdgeFlags::from_bits_retain(1 << 15)),
            ("ends", |it| it.edges[1].ends[1] = EdgeEndFlags::from_bits_retain(128)),
            ("line", |it| it.edges[1].line.len = 1),
            ("line", |it| it.edges[1].line = it.edges[0].line),
            ("line", |it| it.edges[1].line.start = 12),
            ("line", |it| it.edges[1].line.start = u32::MAX),
            ("line", |it| it.edges[1].to = NodeId(0)),
            ("length_mm", |it| it.edges[1].length_mm += 2_000),
            ("length_mm", |it| it.edges[1].length_mm = u32::MAX),
        ],
    );
    rejected(
        "slopes",
        &[
            ("slopes", |it| it.slopes.truncate(1)),
            ("factors", |it| it.slopes[1].factors[0] = network::LEAST_FACTOR - 1),
        ],
    );
    rejected(
        "zones",
        &[
            ("compound", |it| it.zones[0].compound = 0),
            ("compound", |it| it.zones[1].compound = 1),
            ("compound", |it| it.zones[2].compound = 0),
            ("compound", |it| it.zones[2].parent = ZoneId(1)),
            ("level", |it| it.zones[1].level = 3),
            ("level", |it| it.zones.swap(1, 2)),
            ("parent", |it| it.zones[1].parent = ZoneId(3)),
            ("parent", |it| it.zones[1].parent = ZoneId(2)),
            ("parent", |it| it.zones[1].parent = ZoneId(1)),
        ],
    );
}

#[test]
fn compounds_and_gates_are_checked() {
    rejected(
        "compounds",
        &[
            ("point", |it| it.compounds[0].point.lat = i32::MAX),
            ("name", |it| it.compounds[0].name.len = 1),
            ("key", |it| it.compounds[0].key = span(0, 6)),
            ("rings", |it| it.compounds[0].rings.start = 0),
            // 0.3 degrees are 23 km.
            ("rings", |it| it.points[5].lon += 3_000_000),
            ("gates", |it| it.compounds[0].gates.len = 2),
            ("gates", |it| it.compounds[0].gates.start = 1),
            ("zone", |it| it.compounds[0].zone = ZoneId(3)),
            ("zone", |it| it.compounds[0].zone = ZoneId(2)),
            ("units", |it| it.compounds[0].units[3] = 1),
            ("origins", |it| it.compounds[0].origins.start = 2),
            ("osm_kind", |it| it.compounds[0].osm_kind = 4),
            ("evidence", |it| it.compounds[0].evidence = 3),
            ("population_from", |it| it.compounds[0].population_from = 4),
            ("closed", |it| it.compounds[0].closed = 2),
            ("generated_name", |it| it.compounds[0].generated_name = 255),
        ],
    );
    rejected(
        "gates",
        &[
            ("compound", |it| it.gates[0].compound = CompoundId(1)),
            ("compound", |it| it.gates.push(it.gates[0])),
            ("point", |it| it.gates[0].point = at(3_000, 0)),
            ("key", |it| it.gates[0].key = span(0, 3)),
            ("provenance", |it| it.gates[0].provenance = 4),
            ("locked", |it| it.gates[0].locked = 2),
            ("source", |it| it.gates[0].source = 1),
        ],
    );
    rejected(
        "buildings",
        &[
            ("feature", |it| it.buildings[0].feature = 1),
            ("compound", |it| it.buildings[0].compound = 1),
            ("residents", |it| it.buildings[0].residents = f32::INFINITY),
            ("levels", |it| it.buildings[0].levels = f32::NAN),
            ("levels_assumed", |it| it.buildings[0].levels_assumed = 2),
        ],
    );
}

#[test]
fn facilities_units_and_records_are_checked() {
    rejected(
        "facilities",
        &[
            ("access", |it| it.facilities[0].access.len = 2),
            ("categories", |it| it.facilities[0].categories.start = 1),
            ("categories", |it| it.facilities[0].categories.len = 0),
            ("origins", |it| it.facilities[0].origins.start = 0),
            ("units", |it| it.facilities[0].units[0] = 1),
            ("capacity", |it| it.facilities[0].capacity = f32::NEG_INFINITY),
            ("only_for", |it| it.facilities[0].only_for = 2),
            ("confidence_percent", |it| it.facilities[0].confidence_percent = 101),
            ("channel", |it| it.facilities[0].channel = 5),
            ("flags", |it| it.facilities[0].flags = FacilityFlags::STATION_ENTRANCE),
            ("flags", |it| it.facilities[0].flags = FacilityFlags::from_bits_retain(64)),
        ],
    );
    rejected(
        "access_points",
        &[
            ("kind", |it| it.access_points[0].kind = 4),
            ("facility", |it| it.access_points.push(it.access_points[0])),
        ],
    );
    rejected(
        "facility_categories",
        &[
            ("facility_categories", |it| it.facility_categories[0] = u8::MAX),
            ("facility", |it| it.facility_categories.push(0)),
        ],
    );
    rejected(
        "units",
        &[
            ("bounds", |it| it.units[0].bounds = Bounds::EMPTY),
            ("rings", |it| it.units[0].rings.start = 1),
            ("parent", |it| it.units[0].parent = 0),
            ("parent", |it| it.units[0].parent = 1),
            ("code", |it| it.units[0].code = span(8, 1)),
            ("clipped", |it| it.units[0].clipped = 2),
        ],
    );
    rejected("candidates", &[("compound", |it| it.candidates[0].compound = 1)]);
    rejected(
        "origins",
        &[("joined", |it| it.origins[1].joined = 8), ("source", |it| it.origins[1].source = 1)],
    );
    rejected(
        "findings",
        &[
            ("kind", |it| it.findings[0].kind = 200),
            ("severity", |it| it.findings[0].severity = 3),
            ("point", |it| it.findings[0].point.lat = 0),
        ],
    );
    rejected("hours", &[("of", |it| it.hours[0].of = 4), ("row", |it| it.hours[0].row = 1)]);
    rejected(
        "former_keys",
        &[
            ("text", |it| it.former_keys[0].text = NONE),
            ("row", |it| it.former_keys[0].row = 1),
            ("of", |it| it.former_keys[0].of = 6),
        ],
    );
}

#[test]
fn two_rows_with_one_key_are_rejected() {
    rejected(
        "gates",
        &[("key", |it| {
            it.gates.push(it.gates[0]);
            it.compounds[0].gates.len = 2;
        })],
    );
    rejected("candidates", &[("key", |it| it.candidates.push(it.candidates[0]))]);
    // One has the own key `w1`, the other is way 1.
    let way = |it: &mut CityTables| it.buildings.push(Building { key: NONE, feature: 0, ..it.buildings[0] });
    rejected("buildings", &[("key", way)]);
    // Another kind is another object, and each collection has its own keys.
    let mut tables = town();
    way(&mut tables);
    tables.features[0].osm_kind = OsmKind::Relation.code();
    assert_eq!(checked(tables), Ok(()));
}

/// Rows that are each in range but whose processing would cost more than the file is large.
#[test]
fn rows_with_excessive_cost_are_rejected() {
    // Every row of a long table refers to the same long name.
    let mut tables = town();
    tables.texts = vec![b'x'; 1 << 16];
    tables.compounds[0].key = NONE;
    tables.former_keys.clear();
    tables.findings = vec![Finding { message: span(0, 1 << 16), ..tables.findings[0] }; 400];
    let bad = checked(tables).unwrap_err();
    assert_eq!(bad.field, "texts", "{bad}");

    // A street that runs to and fro across the globe.
    let mut tables = town();
    let ends = [Point { lon: 0, lat: 0 }, Point { lon: 1_700_000_000, lat: 0 }];
    let start = tables.points.len() as u32;
    tables.points.extend((0..13).map(|number| ends[number % 2]));
    tables.nodes.extend(ends.map(|point| Node { point, ..tables.nodes[0] }));
    let length_mm = Millimetres::from_metres(line_metres(&ends)).0;
    for number in 0..12u32 {
        let (from, to) = (NodeId(3 + number % 2), NodeId(4 - number % 2));
        let edge = Edge { from, to, length_mm, line: span(start + number, 2), ..tables.edges[0] };
        tables.edges.push(edge);
    }
    tables.slopes.clear();
    let bad = checked(tables).unwrap_err();
    assert_eq!((bad.table, bad.field), ("edges", "line"), "{bad}");
    assert!(bad.what.contains("longer than any network"), "{bad}");

    // So many edges meet at a junction that comparing all pairs would not end.
    let mut tables = town();
    let start = tables.points.len() as u32;
    let count = 6_000;
    tables.points.extend((0..=count).map(|number| at(10 * (1 - number % 2), 0)));
    for number in 0..count as u32 {
        let (from, to) = (NodeId(1 - number % 2), NodeId(number % 2));
        tables.edges.push(Edge { from, to, line: span(start + number, 2), ..tables.edges[0] });
    }
    tables.slopes.clear();
    let bad = checked(tables).unwrap_err();
    assert!(bad.what.contains("more edges than any network"), "{bad}");
}
