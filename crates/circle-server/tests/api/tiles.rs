use crate::city::WEST;
use crate::client::get;

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
