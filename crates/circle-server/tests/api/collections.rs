use crate::client::{ask, get, get_json, server};
use serde_json::{Value, json};

fn link<'a>(document: &'a Value, rel: &str) -> Option<&'a str> {
    let links = document["links"].as_array().unwrap();
    links.iter().find(|link| link["rel"] == rel).map(|link| link["href"].as_str().unwrap())
}

fn ids(page: &Value) -> Vec<&str> {
    page["features"].as_array().unwrap().iter().map(|feature| feature["id"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn the_landing_page_leads_everywhere() {
    let server = server();
    let landing = ask(&server, "/api", &[]).await.json();
    for rel in ["self", "service-desc", "conformance", "data"] {
        let href = link(&landing, rel).unwrap_or_else(|| panic!("no {rel}"));
        let path = href.strip_prefix("http://map.example:8080").expect("the host that was asked");
        assert_eq!(ask(&server, path, &[]).await.status, 200, "{href}");
    }
    assert!(landing["statement"]["version"].as_str().unwrap().starts_with("circle "));
}

#[tokio::test]
async fn core_and_geojson_are_declared() {
    let classes = get_json("/api/conformance").await["conformsTo"].to_string();
    for class in ["/conf/core", "/conf/geojson", "ogcapi-features-5/1.0/conf/schemas"] {
        assert!(classes.contains(class), "{class}: {classes}");
    }
}

#[tokio::test]
async fn all_collections_are_listed_and_can_be_followed() {
    let server = server();
    let listed = ask(&server, "/api/collections", &[]).await.json();
    let collections = listed["collections"].as_array().unwrap();
    let names: Vec<_> = collections.iter().map(|each| each["id"].as_str().unwrap()).collect();
    assert_eq!(
        names,
        [
            "compounds",
            "compound_points",
            "gates",
            "facilities",
            "units",
            "buildings",
            "candidates",
            "candidate_points",
            "access_points"
        ]
    );
    for collection in collections {
        assert_eq!(collection["extent"]["spatial"]["bbox"], json!([[126.6, 45.7, 126.7, 45.8]]));
        let items = link(collection, "items").unwrap().strip_prefix("http://map.example:8080").unwrap();
        let answer = ask(&server, items, &[]).await;
        assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, "application/geo+json"));
        assert_eq!(answer.json()["numberMatched"], collection["numberOfItems"]);
        let schema = link(collection, "http://www.opengis.net/def/rel/ogc/1.0/schema").unwrap();
        let answer = ask(&server, schema.strip_prefix("http://map.example:8080").unwrap(), &[]).await;
        assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, "application/schema+json"));
        assert_eq!(answer.json()["$id"], schema);
        let alone =
            ask(&server, &format!("/api/collections/{}", collection["id"].as_str().unwrap()), &[]).await;
        assert_eq!(alone.json(), *collection);
    }
}

#[tokio::test]
async fn next_links_lead_through_all_features() {
    let server = server();
    let mut path = "/api/collections/facilities/items?limit=5".to_owned();
    let mut seen = Vec::new();
    let mut pages = 0;
    loop {
        let page = ask(&server, &path, &[]).await.json();
        assert_eq!(page["numberMatched"], 12);
        assert_eq!(page["numberReturned"], ids(&page).len());
        assert!(page.get("timeStamp").is_none());
        seen.extend(ids(&page).iter().map(ToString::to_string));
        pages += 1;
        let Some(next) = link(&page, "next") else {
            assert!(link(&page, "prev").unwrap().contains("offset=5"), "{page}");
            break;
        };
        path = next.strip_prefix("http://map.example:8080").unwrap().to_owned();
    }
    assert_eq!((pages, seen.len()), (3, 12));
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), 12);
}

#[tokio::test]
async fn the_limit_has_a_default_and_a_ceiling() {
    assert_eq!(get_json("/api/collections/facilities/items").await["numberReturned"], 10);
    assert_eq!(get_json("/api/collections/facilities/items?limit=99999999").await["numberReturned"], 12);
    let beyond = get_json("/api/collections/facilities/items?offset=500").await;
    assert_eq!((&beyond["numberReturned"], &beyond["numberMatched"]), (&0.into(), &12.into()));
    for limit in ["0", "-1", "x", ""] {
        get(&format!("/api/collections/facilities/items?limit={limit}")).await.problem(400);
    }
}

#[tokio::test]
async fn filters_hold_for_properties_together() {
    let clinics = get_json("/api/collections/facilities/items?category=clinic").await;
    assert_eq!(clinics["numberMatched"], 6);
    let one = get_json("/api/collections/facilities/items?category=clinic&name=%E8%AF%8A%E6%89%803").await;
    assert_eq!(one["features"][0]["properties"]["name"], "诊所3");
    assert_eq!(one["numberMatched"], 1);
    let links = get_json("/api/collections/facilities/items?category=clinic&limit=2").await;
    assert!(link(&links, "next").unwrap().contains("category=clinic"), "{links}");
    assert_eq!(get_json("/api/collections/gates/items?compound_id=w500").await["numberMatched"], 2);
    assert_eq!(get_json("/api/collections/compounds/items?closed=true").await["numberMatched"], 0);
    assert_eq!(get_json("/api/collections/units/items?admin_level=6").await["numberMatched"], 1);
}

#[tokio::test]
async fn an_unknown_choice_is_refused_with_those_that_exist() {
    let problem = get("/api/collections/facilities/items?colour=red").await.problem(400);
    assert!(problem["choices"].as_array().unwrap().contains(&"category".into()), "{problem}");
    let problem = get("/api/collections/facilities/items?category=casino").await.problem(400);
    assert!(problem["choices"].as_array().unwrap().contains(&"clinic".into()), "{problem}");
    let problem = get("/api/collections/casinos/items").await.problem(404);
    assert!(problem["detail"].as_str().unwrap().contains("facilities"), "{problem}");
    get("/api/collections/casinos").await.problem(404);
    get("/api/collections/gates/items?datetime=yesterday").await.problem(400);
    assert_eq!(
        get_json("/api/collections/gates/items?datetime=2026-01-01T00:00:00Z/..").await["numberMatched"],
        4
    );
}

#[tokio::test]
async fn a_box_selects_and_may_cross_the_antimeridian() {
    let west_half = get_json("/api/collections/facilities/items?bbox=126.63,45.7,126.6470,45.8").await;
    assert_eq!(west_half["numberMatched"], 6, "{west_half}");
    let across = get_json("/api/collections/facilities/items?bbox=126.6470,-90,100,90&limit=50").await;
    assert_eq!(across["numberMatched"], 6);
    let outline = get_json("/api/collections/compounds/items?bbox=126.6388,45.7501,126.6391,45.7502").await;
    assert_eq!(outline["numberMatched"], 0);
    let touched = get_json("/api/collections/compounds/items?bbox=126.6412,45.7500,126.6414,45.7502").await;
    assert_eq!(ids(&touched), ["w500"], "the box touches the outline, not the label");
    for bbox in ["1,2,3", "1,5,2,4", "a,b,c,d", "0,0,400,1"] {
        get(&format!("/api/collections/gates/items?bbox={bbox}")).await.problem(400);
    }
}

#[tokio::test]
async fn one_feature_has_its_own_address() {
    let feature = get_json("/api/collections/compounds/items/w500").await;
    assert_eq!((&feature["type"], &feature["id"]), (&"Feature".into(), &"w500".into()));
    assert_eq!(feature["geometry"]["type"], "MultiPolygon");
    let properties = &feature["properties"];
    assert_eq!((&properties["name"], &properties["district"]), (&"甲小区".into(), &"道里区".into()));
    assert_eq!(
        link(&feature, "self").unwrap(),
        "http://map.example:8080/api/collections/compounds/items/w500"
    );
    assert!(link(&feature, "collection").is_some() && feature["statement"]["attribution"].is_string());
    for id in ["0", "99", "x", "-1", "n500", "W500"] {
        get(&format!("/api/collections/compounds/items/{id}")).await.problem(404);
    }
}

#[tokio::test]
async fn every_route_is_described() {
    let openapi = get_json("/api/openapi.json").await;
    assert_eq!(openapi["openapi"], "3.1.0");
    let paths = openapi["paths"].as_object().unwrap();
    for path in [
        "/api",
        "/api/conformance",
        "/api/openapi.json",
        "/api/collections",
        "/api/collections/compounds",
        "/api/collections/facilities/items",
        "/api/collections/gates/items/{id}",
        "/api/isochrones",
        "/api/reach",
        "/api/coverage",
        "/api/settings",
        "/api/tiles/{z}/{x}/{y}",
        "/healthz",
        "/metrics",
    ] {
        assert!(paths.contains_key(path), "{path}");
    }
    // Every reference has a target.
    let text = openapi.to_string();
    for reference in text.split("\"$ref\":\"#").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        assert!(openapi.pointer(reference).is_some(), "{reference}");
    }
    let limit = &openapi["components"]["schemas"]["PageLimit"];
    assert_eq!((&limit["minimum"], &limit["default"]), (&1.into(), &10.into()));
    // Larger numbers are accepted, as OGC API Features requires.
    assert!(limit["maximum"].is_null());
    let parameters = paths["/api/collections/compounds/items"]["get"]["parameters"].as_array().unwrap();
    let limit = parameters.iter().find(|parameter| parameter["name"] == "limit").unwrap();
    assert!(limit["description"].as_str().unwrap().contains("10,000"), "{limit}");
}
