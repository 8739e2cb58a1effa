//! Former keys lead to the present ones; a key that is gone names the nearest thing.

use crate::client::{ask, get, get_json, server};
use serde_json::Value;

#[tokio::test]
async fn a_former_key_is_redirected_and_the_rest_of_the_address_stays() {
    let server = server();
    for (asked, present) in [
        ("/api/collections/compounds/items/w400", "/api/collections/compounds/items/w500"),
        ("/api/collections/gates/items/n600?edition=", "/api/collections/gates/items/n701?edition="),
        ("/api/collections/access_points/items/n800.1", "/api/collections/access_points/items/n903.1"),
        ("/api/collections/units/items/r200", "/api/collections/units/items/r300"),
        ("/api/boards/w400.svg?size=A4&north_up=true", "/api/boards/w500.svg?size=A4&north_up=true"),
        ("/api/boards/w500.pdf?gate=n600&size=A4", "/api/boards/w500.pdf?gate=n701&size=A4"),
        (
            "/api/isochrones?minutes=5,10&compound=w400&form=rings",
            "/api/isochrones?minutes=5,10&compound=w500&form=rings",
        ),
        ("/api/isochrones?gate=n600", "/api/isochrones?gate=n701"),
        ("/api/reach?%63ompound=w400&minutes=5%2C10", "/api/reach?compound=w500&minutes=5%2C10"),
        ("/api/explain?compound=w500&facility=n800", "/api/explain?compound=w500&facility=n903"),
        ("/api/coverage?only=rules&compound=w400", "/api/coverage?only=rules&compound=w500"),
        (
            "/api/collections/gates/items?compound_id=w400&limit=1",
            "/api/collections/gates/items?compound_id=w500&limit=1",
        ),
        (
            "/api/collections/access_points/items?facility_id=n800",
            "/api/collections/access_points/items?facility_id=n903",
        ),
        (
            "/api/collections/facilities/items?only_for=w400&category=park",
            "/api/collections/facilities/items?only_for=w500&category=park",
        ),
        (
            "/api/collections/compounds/items?district_id=r200",
            "/api/collections/compounds/items?district_id=r300",
        ),
        (
            "/api/collections/compounds/items?subdistrict_id=r200",
            "/api/collections/compounds/items?subdistrict_id=r300",
        ),
        (
            "/api/collections/compounds/items?community_id=r200",
            "/api/collections/compounds/items?community_id=r300",
        ),
        ("/api/collections/compounds/items?grid_id=r200", "/api/collections/compounds/items?grid_id=r300"),
        ("/api/collections/units/items?parent=r200", "/api/collections/units/items?parent=r300"),
    ] {
        let edition = ask(&server, "/api", &[]).await.header("circle-edition").to_owned();
        let [asked, present] =
            [asked, present].map(|path| path.replace("edition=", &format!("edition={edition}")));
        let answer = ask(&server, &asked, &[]).await;
        assert_eq!((answer.status.as_u16(), answer.header("location")), (308, present.as_str()), "{asked}");
        assert!(answer.body.is_empty() && answer.header("etag").is_empty(), "{asked}");
        assert_eq!(
            (answer.header("cache-control"), answer.header("circle-edition")),
            ("no-store", &*edition)
        );
        let there = ask(&server, &present, &[]).await;
        assert_eq!(there.status, 200, "{present}: {}", there.text());
    }
}

#[tokio::test]
async fn two_former_keys_take_two_steps() {
    let first = get("/api/explain?compound=w400&facility=n800").await;
    assert_eq!(first.header("location"), "/api/explain?compound=w500&facility=n800");
}

#[tokio::test]
async fn a_key_that_is_gone_names_the_nearest_of_its_kind() {
    for (asked, nearest) in [
        ("/api/collections/compounds/items/w401", "compounds/items/w501"),
        ("/api/isochrones?compound=w401", "compounds/items/w501"),
        ("/api/boards/w401.svg", "compounds/items/w501"),
        ("/api/boards/w500.svg?gate=n601", "gates/items/n702"),
        ("/api/reach?gate=n601", "gates/items/n702"),
        ("/api/explain?compound=w500&facility=n801", "facilities/items/n901"),
        ("/api/collections/facilities/items/n801", "facilities/items/n901"),
        ("/api/collections/gates/items?compound_id=w401", "compounds/items/w501"),
        ("/api/collections/facilities/items?only_for=w401", "compounds/items/w501"),
        ("/api/collections/compounds/items?district_id=r201", "units/items/r300"),
        ("/api/collections/units/items?parent=r201", "units/items/r300"),
    ] {
        let answer = get(asked).await;
        let problem = answer.problem(410);
        let found = &problem["nearest"];
        let href = format!("http://map.example:8080/api/collections/{nearest}");
        assert_eq!(found["href"], href.as_str(), "{asked}: {problem}");
        assert_eq!(found["id"], nearest.rsplit('/').next().unwrap());
        assert!(found["name"].is_string() && found["metres"].as_u64().is_some_and(|metres| metres < 50));
        let path = href.strip_prefix("http://map.example:8080").unwrap();
        assert_eq!(get_json(path).await["properties"]["name"], found["name"]);
        assert!(!answer.header("circle-edition").is_empty() && answer.header("etag").is_empty());
    }
}

#[tokio::test]
async fn a_key_that_never_existed_is_not_found() {
    for path in [
        "/api/collections/compounds/items/w399",
        "/api/collections/gates/items/w400",
        "/api/isochrones?compound=n600",
        "/api/reach?gate=w400",
        "/api/explain?compound=w500&facility=w400",
        "/api/boards/w399.svg",
        "/api/boards/0.svg",
        "/api/coverage?compound=w399",
    ] {
        get(path).await.problem(404);
    }
    for (filter, matched) in [
        ("gates/items?compound_id=w399", 0),
        ("facilities/items?only_for=w399", 0),
        ("compounds/items?district_id=r399", 0),
        ("compounds/items?district_id=r300", 3),
        // Collections without former keys.
        ("compounds/items?subdistrict_id=null", 3),
        ("units/items?parent=null", 1),
        ("units/items?parent=", 1),
    ] {
        let list = get_json(&format!("/api/collections/{filter}")).await;
        assert_eq!(list["numberMatched"], matched, "{filter}");
    }
}

/// No id in an answer is a row number.
#[tokio::test]
async fn ids_are_keys_everywhere() {
    fn check(path: &str, value: &Value) {
        match value {
            Value::Array(list) => list.iter().for_each(|each| check(path, each)),
            Value::Object(members) => {
                for (name, value) in members {
                    let is_id =
                        name == "id" || name.ends_with("_id") && name != "osm_id" && name != "origin_id";
                    if let Some(id) = value.as_str().filter(|_| is_id) {
                        assert!(id.starts_with(['n', 'w', 'r']), "{path}: {name} is {id}");
                    }
                    check(path, value);
                }
            }
            _ => {}
        }
    }
    for collection in ["compounds", "gates", "facilities", "units", "access_points"] {
        let path = format!("/api/collections/{collection}/items");
        check(&path, &get_json(&path).await);
    }
    for path in [
        "/api/isochrones?compound=w500",
        "/api/isochrones?gate=n700",
        "/api/reach?compound=w500",
        "/api/explain?compound=w500&facility=n900",
        "/api/names",
        "/api/coverage",
    ] {
        check(path, &get_json(path).await);
    }
    let board = get("/api/boards/w500.svg?size=A4&download=true").await;
    assert_eq!(board.header("content-disposition"), "attachment; filename=\"board-w500-n700.svg\"");
}

#[tokio::test]
async fn verdicts_name_their_compounds() {
    let verdicts = get_json("/api/verdicts").await;
    let ids: Vec<&str> =
        verdicts["compound_ids"].as_array().unwrap().iter().map(|id| id.as_str().unwrap()).collect();
    assert_eq!(ids, ["w500", "w501", "w502"]);
    assert_eq!(verdicts["edition"], get("/api").await.header("circle-edition"));
}
