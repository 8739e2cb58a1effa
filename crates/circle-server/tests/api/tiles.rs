use crate::city::WEST;
use crate::client::{get, get_json};

const RELATIONS: &str = "http://www.opengis.net/def/rel/ogc/1.0";

/// Column and row of the tile that holds the west end of the street.
fn tile(z: u32) -> (u32, u32) {
    let (n, place) = (f64::from(1u32 << z), WEST.lon_lat());
    let y = 0.5 - place.lat.to_radians().tan().asinh() / (2.0 * std::f64::consts::PI);
    (((place.lon + 180.0) / 360.0 * n) as u32, (y * n) as u32)
}

#[tokio::test]
async fn a_tile_holds_the_street_and_takes_either_ending() {
    let (x, y) = tile(14);
    let answer = get(&format!("/api/tiles/14/{x}/{y}")).await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("content-type")),
        (200, "application/vnd.mapbox-vector-tile")
    );
    let holds = |word: &str| answer.body.windows(word.len()).any(|bytes| bytes == word.as_bytes());
    assert!(holds("ways") && holds("residential") && holds("中山路"));
    assert!(!answer.header("etag").is_empty());
    for ending in [".mvt", ".pbf"] {
        assert_eq!(get(&format!("/api/tiles/14/{x}/{y}{ending}")).await.body, answer.body);
    }
}

#[tokio::test]
async fn an_empty_tile_has_no_content_and_an_impossible_one_is_a_problem() {
    let answer = get("/api/tiles/10/1/1").await;
    assert_eq!((answer.status.as_u16(), answer.body.len()), (204, 0));
    for path in
        ["7/1/1", "16/1/1", "10/1024/1", "10/1/1024", "10/a/1", "10/-1/1", "10/1/1.png", "10/99999999999/1"]
    {
        get(&format!("/api/tiles/{path}")).await.problem(404);
    }
}

#[tokio::test]
async fn a_tileset_leads_from_the_landing_page_to_its_tiles() {
    let link = |document: &serde_json::Value, rel: &str| -> String {
        let links = document["links"].as_array().unwrap();
        let link =
            links.iter().find(|link| link["rel"] == rel).unwrap_or_else(|| panic!("no {rel}: {document}"));
        link["href"].as_str().unwrap().strip_prefix("http://map.example:8080").unwrap().to_owned()
    };
    let landing = get_json("/api").await;
    let tilesets = get_json(&link(&landing, &format!("{RELATIONS}/tilesets-vector"))).await;
    let listed = &tilesets["tilesets"][0];
    let tileset = get_json(&link(listed, "self")).await;
    for member in ["title", "dataType", "crs", "tileMatrixSetURI"] {
        assert_eq!(tileset[member], listed[member], "{member}");
    }
    assert_eq!(tileset["dataType"], "vector");
    let scheme = get_json(&link(&tileset, &format!("{RELATIONS}/tiling-scheme"))).await;
    assert_eq!((&scheme["uri"], &scheme["crs"]), (&tileset["tileMatrixSetURI"], &tileset["crs"]));
    let schemes = get_json(&link(&landing, &format!("{RELATIONS}/tiling-schemes"))).await;
    assert_eq!(get_json(&link(&schemes["tileMatrixSets"][0], "self")).await, scheme);
    let template = link(&tileset, "item");
    let (x, y) = tile(14);
    let [path, swapped] = [(y, x), (x, y)].map(|(row, column)| {
        let path = template.replace("{tileMatrix}", "14").replace("{tileRow}", &row.to_string());
        path.replace("{tileCol}", &column.to_string())
    });
    let answer = get(&path).await;
    assert_eq!(answer.header("content-type"), "application/vnd.mapbox-vector-tile");
    assert!(answer.body == get(&format!("/api/tiles/14/{x}/{y}")).await.body, "rows come before columns");
    assert_eq!(get(&swapped).await.status, 204);
    let limits = tileset["tileMatrixSetLimits"].as_array().unwrap();
    let zooms: Vec<_> = limits.iter().map(|limits| limits["tileMatrix"].as_str().unwrap()).collect();
    assert_eq!(zooms, ["8", "9", "10", "11", "12", "13", "14", "15"]);
    let within = |least: &str, most: &str, place: u32| {
        (limits[6][least].as_u64().unwrap()..=limits[6][most].as_u64().unwrap()).contains(&u64::from(place))
    };
    assert!(within("minTileRow", "maxTileRow", y) && within("minTileCol", "maxTileCol", x), "{limits:?}");
}

#[tokio::test]
async fn tiles_outside_of_all_matrices_are_problems() {
    for path in ["7/1/1", "16/1/1", "10/1024/1", "10/1/1024", "10/a/1", "10/-1/1", "x/1/1", "10/1/1.mvt"] {
        get(&format!("/api/tiles/WebMercatorQuad/{path}")).await.problem(404);
    }
    get("/api/tiles/WorldCRS84Quad").await.problem(404);
    get("/api/tiles/WebMercatorQuad?f=png").await.problem(400);
}
