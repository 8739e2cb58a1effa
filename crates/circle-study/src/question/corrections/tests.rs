use super::*;
use circle_model::city::{CityTables, Compound, Facility, Meta, OsmKind, Ring, RingRole, Span};
use circle_model::{Frame, LonLat};
use serde_json::json;
use zerocopy::FromZeros;

/// A place in metres east and north of the origin.
fn at(x: f64, y: f64) -> Point {
    Frame::at(LonLat { lon: 126.6, lat: 45.7 }.point()).point([x, y])
}

fn text(tables: &mut CityTables, text: &str) -> Span {
    let start = tables.texts.len() as u32;
    tables.texts.extend_from_slice(text.as_bytes());
    Span { start, len: text.len() as u32 }
}

/// A compound `w5` of 100 × 100 m with a mapped gate `n7` at 0,0 and an inferred one at 100,0; a clinic `n9` at 300,0.
fn choices() -> Choices {
    let catalogue = circle_model::Catalogue::built_in();
    let mut tables = CityTables::default();
    let outline = [(0.0, 0.0), (100.0, 0.0), (100.0, 100.0), (0.0, 100.0), (0.0, 0.0)];
    tables.points = outline.map(|(x, y)| at(x, y)).into();
    let line = Span { start: 0, len: tables.points.len() as u32 };
    tables.rings.push(Ring { line, role: u32::from(RingRole::Outer.code()) });
    let name = text(&mut tables, "甲小区");
    tables.compounds.push(Compound {
        osm_id: 5,
        osm_kind: OsmKind::Way.code(),
        name,
        point: at(50.0, 50.0),
        rings: Span { start: 0, len: 1 },
        gates: Span { start: 0, len: 2 },
        ..Compound::new_zeroed()
    });
    for (osm_id, x, provenance) in [(7, 0.0, GateProvenance::Mapped), (0, 100.0, GateProvenance::Inferred)] {
        let (point, provenance) = (at(x, 0.0), provenance.code());
        tables.gates.push(Gate { osm_id, point, provenance, ..Gate::new_zeroed() });
    }
    let name = text(&mut tables, "某诊所");
    tables.facility_categories.push(catalogue.index_of("clinic").unwrap() as u8);
    tables.facilities.push(Facility {
        osm_id: 9,
        osm_kind: OsmKind::Node.code(),
        name,
        point: at(300.0, 0.0),
        categories: Span { start: 0, len: 1 },
        ..Facility::new_zeroed()
    });
    let meta = Meta { bounds: Some([126.5, 45.6, 126.7, 45.8]), ..Meta::default() };
    Choices::built_in(City::from_tables(tables, &meta).unwrap())
}

/// A correction with a place.
fn placed(x: f64, y: f64, members: &[(&str, &str)]) -> Value {
    let place = at(x, y).lon_lat();
    let mut correction = json!({ "lon": place.lon, "lat": place.lat });
    for (name, value) in members {
        correction[*name] = (*value).into();
    }
    correction
}

fn parse(corrections: &[Value]) -> CorrectionsQuestion {
    let body = json!({ "corrections": corrections }).to_string();
    CorrectionsQuestion::parse(&choices(), body.as_bytes()).unwrap()
}

/// The only change of a correction that is applied.
fn changes(correction: Value) -> FieldChanges {
    let question = parse(&[correction]);
    assert!(question.refused.is_empty(), "{:?}", question.refused);
    question.changes
}

/// The reason why a correction is refused.
fn refusal(correction: Value) -> String {
    let question = parse(&[correction]);
    assert_eq!(question.changes, FieldChanges::default());
    question.refused.into_iter().next().unwrap().message
}

#[test]
fn facilities_are_found_by_key_object_name_and_place() {
    let closed = |members: &[(&str, &str)]| {
        let mut correction = json!({ "action": "closed" });
        members.iter().for_each(|(name, value)| correction[*name] = (*value).into());
        changes(correction).closed_facilities
    };
    assert_eq!(closed(&[("target", "n9")]), [FacilityId(0)]);
    assert_eq!(closed(&[("name", "某诊所")]), [FacilityId(0)]);
    let near = placed(310.0, 5.0, &[("action", "closed")]);
    assert_eq!(changes(near).closed_facilities, [FacilityId(0)]);
    assert!(refusal(placed(400.0, 0.0, &[("action", "closed")])).contains("matches nothing"));
    assert!(refusal(json!({ "action": "closed", "target": "n10" })).contains("matches nothing"));
}

#[test]
fn facilities_move_change_their_category_and_are_added() {
    let to = at(500.0, 0.0).lon_lat();
    let moved =
        json!({ "action": "已搬迁", "target": "n9", "new_lon": to.lon, "new_lat": to.lat.to_string() });
    assert_eq!(changes(moved).moved_facilities, [(FacilityId(0), at(500.0, 0.0))]);
    let park = circle_model::Catalogue::built_in().index_of("park").unwrap() as u8;
    let other = json!({ "action": "wrong_category", "target": "n9", "new_category": "公园" });
    assert_eq!(changes(other).recategorised, [(FacilityId(0), park)]);
    let new = placed(600.0, 0.0, &[("action", "new_facility"), ("name", "新园"), ("new_category", "park")]);
    assert_eq!(changes(new).new_facilities, [(at(600.0, 0.0), park)]);
    let known =
        placed(310.0, 0.0, &[("action", "new_facility"), ("name", "某诊所"), ("new_category", "clinic")]);
    assert!(refusal(known).contains("already known"));
    let same = json!({ "action": "wrong_category", "target": "n9", "new_category": "clinic" });
    assert!(refusal(same).contains("already has"));
    let unknown = json!({ "action": "wrong_category", "target": "n9", "new_category": "casino" });
    assert!(refusal(unknown).contains("casino"));
}

#[test]
fn gates_are_added_confirmed_moved_and_closed() {
    let gate = |x, y, action| placed(x, y, &[("action", action), ("of", "gate")]);
    assert_eq!(changes(gate(50.0, 100.0, "new_gate")).new_gates, [(CompoundId(0), at(50.0, 100.0))]);
    let confirmed = gate(101.0, 0.0, "new_gate");
    assert_eq!(changes(confirmed).new_gates, [(CompoundId(0), at(101.0, 0.0))]);
    assert!(refusal(gate(1.0, 0.0, "new_gate")).contains("already known"));
    assert!(refusal(gate(50.0, 200.0, "new_gate")).contains("60 m"));
    let mut moved = gate(0.0, 50.0, "moved");
    moved["target"] = "n7".into();
    assert_eq!(changes(moved).moved_gates, [(GateId(0), at(0.0, 50.0))]);
    assert_eq!(changes(gate(95.0, 0.0, "closed")).closed_gates, [GateId(1)]);
    let only_mapped = json!({ "action": "closed", "of": "gate", "target": "n7" });
    assert!(refusal(only_mapped).contains("only mapped gate"));
}

#[test]
fn corrections_build_on_one_another_and_refusals_name_the_row() {
    let closed = json!({ "action": "closed", "target": "n9" });
    let gate = placed(50.0, 100.0, &[("action", "new_gate"), ("author", "王"), ("date", "2026-10-01")]);
    let question = parse(&[closed.clone(), closed, gate.clone(), gate, json!({}), json!({ "action": "x" })]);
    assert_eq!(question.refused.iter().map(|it| it.row).collect::<Vec<_>>(), [2, 4, 5, 6]);
    assert_eq!((question.changes.closed_facilities.len(), question.changes.new_gates.len()), (1, 1));
    assert!(question.refused[3].message.contains("new_facility"), "{:?}", question.refused);
    let far = json!({ "action": "new_gate", "lon": 120, "lat": 30 });
    assert!(refusal(far).contains("outside of the city"));
    assert!(refusal(json!({ "action": "new_gate", "lon": 126.6 })).contains("`lat`"));
}

#[test]
fn a_body_of_another_form_is_refused_and_the_member_is_named() {
    for (body, named) in [
        (json!({ "corrections": {} }), "`corrections`"),
        (json!({ "corrections": [1] }), "`corrections`"),
        (json!({ "profile": "adult" }), "`corrections`"),
        (json!({ "corrections": [{ "colour": "red" }] }), "`colour`"),
        (json!({ "corrections": [{ "lon": [] }] }), "`lon`"),
        (json!({ "corrections": [{ "lon": null }] }), "`lon`"),
        (json!({ "corrections": [], "profile": "nobody" }), "nobody"),
        (json!({ "corrections": [], "rules": 5 }), "`rules`"),
        (json!({ "corrections": vec![json!({}); 501] }), "501"),
    ] {
        let refused = CorrectionsQuestion::parse(&choices(), body.to_string().as_bytes()).unwrap_err();
        assert!(refused.to_string().contains(named), "{refused}");
    }
}
