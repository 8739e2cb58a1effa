use crate::city::{along, at, city};
use crate::client::{get, get_json};
use circle_model::{CompoundId, GateId, Milliseconds, Profiles};
use circle_reach::{Cancel, Form, Network, Origin};
use serde_json::{Value, json};

/// A place on the street, 30 m from a junction.
fn home() -> String {
    at(along(3, 0))
}

#[tokio::test]
async fn isochrones_are_the_bands_of_the_engine_in_order() {
    let answer = get(&format!("/api/isochrones?at={}&minutes=10,5,5", home())).await;
    assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, "application/geo+json"));
    let collection = answer.json();
    let network = Network::build(&city("2026-11-01T00:00:00Z"));
    let profiles = Profiles::built_in();
    let engine = circle_reach::isochrones(
        &network,
        profiles.find("adult").unwrap(),
        Origin::Place(along(3, 0)),
        &[5, 10],
        Form::Discs,
        &Cancel::never(),
    )
    .unwrap();
    let features = collection["features"].as_array().unwrap();
    let bands: Vec<_> = features.iter().map(|feature| feature["properties"]["minutes"].clone()).collect();
    assert_eq!(bands, engine.shapes.iter().map(|shape| json!(shape.minutes)).collect::<Vec<_>>());
    assert_eq!(collection["origin"]["status"], engine.status.word());
    assert_eq!(collection["origin"]["gates"], json!([]));
    assert!(collection["origin"].get("compound_id").is_none());
    assert!(collection["statement"]["profile"].as_str().unwrap().contains("4.5 km/h"));
    assert_eq!(collection["statement"]["inputs"][0]["name"], "made-up");
    for feature in features {
        assert_eq!(feature["properties"]["origin_id"], home());
    }
}

#[tokio::test]
async fn off_the_network_is_an_answer_not_an_error() {
    for path in ["isochrones", "reach"] {
        let collection = get_json(&format!("/api/{path}?at=126.69,45.79")).await;
        assert_eq!(collection["features"], json!([]), "{path}");
        assert_eq!(collection["origin"]["status"], "off_network", "{path}");
        assert_eq!(
            (&collection["origin"]["lon"], &collection["origin"]["lat"]),
            (&json!(126.69), &json!(45.79))
        );
        let problem = get(&format!("/api/{path}?at=120,30")).await.problem(400);
        assert!(problem["detail"].as_str().unwrap().contains("outside of the city"), "{problem}");
    }
}

#[tokio::test]
async fn a_compound_is_found_by_id_and_by_name() {
    let by_id = get_json("/api/isochrones?compound=w500").await;
    let by_name = get_json("/api/isochrones?compound=%E7%94%B2%E5%B0%8F%E5%8C%BA").await;
    assert_eq!(by_id, by_name);
    let origin = &by_id["origin"];
    assert_eq!((&origin["compound_id"], &origin["compound_name"]), (&"w500".into(), &"甲小区".into()));
    let gates = origin["gates"].as_array().unwrap();
    assert_eq!(gates.len(), 2);
    assert_eq!(gates[0]["id"], "n700");
    assert_eq!((&gates[0]["name"], &gates[0]["provenance"]), (&"东门".into(), &"mapped".into()));
    assert!(gates[0]["lon"].is_number() && gates[0]["lat"].is_number());
}

#[tokio::test]
async fn a_gate_has_a_circle_of_its_own() {
    let network = Network::build(&city("2026-11-01T00:00:00Z"));
    let profiles = Profiles::built_in();
    let adult = profiles.find("adult").unwrap();
    let engine = circle_reach::isochrones(
        &network,
        adult,
        Origin::Gate(GateId(1)),
        &[5],
        Form::Discs,
        &Cancel::never(),
    )
    .unwrap();
    let collection = get_json("/api/isochrones?gate=n701&minutes=5").await;
    let features = collection["features"].as_array().unwrap();
    assert_eq!(features.len(), engine.shapes.len());
    assert_eq!(features[0]["properties"]["origin_id"], "n701");
    let origin = &collection["origin"];
    assert_eq!((&origin["compound_id"], &origin["status"]), (&"w500".into(), &"ok".into()));
    let gates: Vec<&Value> = origin["gates"].as_array().unwrap().iter().map(|gate| &gate["id"]).collect();
    assert_eq!(gates, ["n701"]);
    // The east gate is 100 m west of the north gate: each has a walk of its own to the westmost facility.
    let seconds = async |gate: &str| {
        let reach = get_json(&format!("/api/reach?gate={gate}&minutes=15")).await;
        let features = reach["features"].as_array().unwrap();
        assert!(features.iter().all(|feature| feature["properties"]["gate_id"] == gate), "{reach}");
        let westmost = features.iter().find(|feature| feature["id"] == "n900").unwrap();
        westmost["properties"]["walk_seconds"].as_f64().unwrap()
    };
    let (east, north) = (seconds("n700").await, seconds("n701").await);
    assert!((north - east - 80.0).abs() < 2.0, "100 m take 80 s: {east} {north}");
    let walk = get_json("/api/explain?gate=n701&facility=n900").await["walk"].clone();
    assert_eq!(walk["walk_seconds"].as_f64(), Some(north));
    for unknown in ["w500", "0", "%E4%B8%9C%E9%97%A8", ""] {
        get(&format!("/api/isochrones?gate={unknown}")).await.problem(404);
    }
}

#[tokio::test]
async fn a_name_of_several_compounds_is_refused_with_the_list() {
    let problem = get("/api/reach?compound=%E5%90%8C%E5%90%8D%E5%B0%8F%E5%8C%BA").await.problem(400);
    let ids: Vec<&Value> = problem["compounds"].as_array().unwrap().iter().map(|each| &each["id"]).collect();
    assert_eq!(ids, ["w501", "w502"]);
    for unknown in ["0", "99", "n500", "nowhere", ""] {
        get(&format!("/api/reach?compound={unknown}")).await.problem(404);
    }
}

#[tokio::test]
async fn reach_lists_what_the_engine_finds_nearest_first() {
    let city = city("2026-11-01T00:00:00Z");
    let network = Network::build(&city);
    let profiles = Profiles::built_in();
    let found = circle_reach::reach(
        &network,
        profiles.find("planning").unwrap(),
        Origin::Compound(CompoundId(0)),
        Milliseconds::from_minutes(15),
        &Cancel::never(),
    )
    .unwrap();
    let collection = get_json("/api/reach?compound=w500&minutes=15&profile=planning").await;
    let features = collection["features"].as_array().unwrap();
    let found = found.unwrap_or_default();
    let names: Vec<&Value> = features.iter().map(|feature| &feature["properties"]["name"]).collect();
    let expected: Vec<&str> =
        found.iter().map(|reached| city.text(city.facilities()[reached.facility.index()].name)).collect();
    assert_eq!(names, expected);
    let seconds: Vec<f64> =
        features.iter().map(|feature| feature["properties"]["walk_seconds"].as_f64().unwrap()).collect();
    assert!(seconds.is_sorted(), "{seconds:?}");
    for feature in features {
        let band = f64::from(feature["properties"]["band_minutes"].as_u64().unwrap() as u32) * 60.0;
        assert!(feature["properties"]["walk_seconds"].as_f64().unwrap() <= band);
    }
    assert_eq!(collection["origin"]["compound_id"], "w500");
}

#[tokio::test]
async fn wrong_parameters_are_refused() {
    for query in [
        "",
        "at=126.64",
        "at=126.64,45.75,3",
        "at=x,y",
        "at=45.75,126.64",
        "at=nan,1",
        "at=126.64,45.75&compound=w500",
        "at=126.64,45.75&gate=n700",
        "compound=w500&gate=n700",
        "at=126.64,45.75&at=1,1",
        "at=126.64,45.75&minutes=0",
        "at=126.64,45.75&minutes=121",
        "at=126.64,45.75&minutes=1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21",
        "at=126.64,45.75&at_time=25:00",
        "at=126.64,45.75&minutes=five",
        "at=126.64,45.75&colour=red",
    ] {
        get(&format!("/api/isochrones?{query}")).await.problem(400);
        get(&format!("/api/reach?{query}")).await.problem(400);
    }
    let problem = get("/api/isochrones?at=126.64,45.75&profile=cyclist").await.problem(400);
    assert!(problem["choices"].as_array().unwrap().contains(&"adult".into()), "{problem}");
    let problem = get("/api/isochrones?at=126.64,45.75&form=blobs").await.problem(400);
    assert_eq!(problem["choices"], json!(["discs", "rings", "lines"]));
    get("/api/reach?at=126.64,45.75&form=discs").await.problem(400);
}

#[tokio::test]
async fn settings_list_what_a_question_may_name() {
    let settings = get_json("/api/settings").await;
    assert_eq!(settings["data_date"], "2026-11-01T00:00:00Z");
    assert_eq!(settings["edition"], city("2026-11-01T00:00:00Z").edition().to_string());
    assert_eq!(settings["bounds"], json!([126.6, 45.7, 126.7, 45.8]));
    assert_eq!(settings["bands"], json!([5, 10, 15]));
    assert_eq!(
        (&settings["default_profile"], &settings["default_rules"]),
        (&"adult".into(), &"board".into())
    );
    let counts = json!({
        "compounds": 3, "compound_points": 0, "facilities": 12, "gates": 4, "units": 1, "buildings": 0,
        "candidates": 0, "candidate_points": 0, "access_points": 12
    });
    assert_eq!(settings["counts"], counts);
    let adult =
        settings["profiles"].as_array().unwrap().iter().find(|profile| profile["id"] == "adult").unwrap();
    assert_eq!(adult["speed_kmh"], 4.5);
    let categories = settings["categories"].as_array().unwrap();
    let clinic = categories.iter().find(|category| category["id"] == "clinic").unwrap();
    assert_eq!((&clinic["facilities"], &clinic["group"]), (&6.into(), &"yi".into()));
    for member in ["zh", "short", "en", "board"] {
        assert!(!clinic[member].is_null(), "{member}");
    }
    assert_eq!(settings["groups"].as_array().unwrap().len(), 8);
    let board = &settings["rule_sets"][0];
    assert_eq!((&board["id"], &board["minutes"]), (&"board".into(), &15.into()));
    assert!(board["lines"][0]["any_of"].as_array().is_some_and(|list| !list.is_empty()));
    assert!(settings["attribution"].as_str().unwrap().contains("OpenStreetMap"));
    assert!(settings["statement"].as_str().unwrap().contains("made-up"));
}

#[tokio::test]
async fn what_bars_a_shorter_walk_can_be_left_out() {
    let address = "/api/explain?compound=w500&facility=n900";
    let (with, without) = (get_json(address).await, get_json(&format!("{address}&barred=false")).await);
    assert!(with["barred"].is_array() && without.get("barred").is_none(), "{without}");
    assert_eq!((&with["walk"], &with["features"]), (&without["walk"], &without["features"]));
    assert_eq!(get(&format!("{address}&barred=true")).await.json(), with);
    assert_eq!(get(&format!("{address}&barred=no")).await.status, 400);
}
