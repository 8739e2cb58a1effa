//! The addresses that visitors and attackers ask for.

use super::client::Client;
use super::visitors::Kind;
use serde_json::Value;
use std::f64::consts::PI;
use std::io;

/// A large answer: the outlines of 10,000 buildings.
pub(crate) const BUILDINGS: &str = "/api/collections/buildings/items?limit=10000";
/// Answers of several sizes, which fill what larger ones leave.
pub(crate) const FILLING: [&str; 4] = [
    BUILDINGS,
    "/api/collections/buildings/items?limit=3000",
    "/api/collections/buildings/items?limit=1000",
    "/api/collections/buildings/items?limit=300",
];
/// A large answer that is compressed well.
pub(crate) const COVERAGE: &str = "/api/coverage";
/// A large file.
pub(crate) const GEOPACKAGE: &str = "/api/coverage?format=gpkg";

/// How far from a corner of a compound places are, in degrees.
const NEAR: f64 = 0.002;

/// What can be asked about the served city.
#[derive(Debug)]
pub(crate) struct Questions {
    /// Keys of compounds.
    compounds: Vec<String>,
    /// A corner of each.
    corners: Vec<[f64; 2]>,
    profiles: Vec<String>,
}

/// Reproducible pseudo-random numbers.
#[derive(Debug, Clone)]
pub(crate) struct Random(pub(crate) u64);

impl Random {
    /// The next whole number below `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end
    }

    /// The next number from 0 to 1.
    pub(crate) fn share(&mut self) -> f64 {
        self.below(1 << 30) as f64 / f64::from(1 << 30)
    }

    fn one<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }
}

impl Questions {
    /// Asks the server for the compounds and profiles of its city.
    ///
    /// # Errors
    /// When it does not answer, or not with what is expected.
    pub(crate) async fn learn(client: &Client) -> io::Result<Self> {
        let json = async |path: &str| -> io::Result<Value> {
            Ok(serde_json::from_slice(&client.get(path, "").await?.body)?)
        };
        let compounds = json("/api/collections/compounds/items?limit=10000").await?;
        let settings = json("/api/settings").await?;
        let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
        let word = |value: &Value| value.as_str().map(str::to_owned);
        let compounds = list(&compounds["features"]);
        // The first corner of the first ring of the first polygon.
        let corner = |feature: &Value| {
            let corner = &feature["geometry"]["coordinates"][0][0][0];
            Some([corner[0].as_f64()?, corner[1].as_f64()?])
        };
        let questions = Self {
            corners: compounds.iter().filter_map(corner).collect(),
            compounds: compounds.iter().filter_map(|feature| word(&feature["id"])).collect(),
            profiles: list(&settings["profiles"]).iter().filter_map(|profile| word(&profile["id"])).collect(),
        };
        let is_complete = !(questions.compounds.is_empty()
            || questions.corners.is_empty()
            || questions.profiles.is_empty());
        is_complete
            .then_some(questions)
            .ok_or_else(|| io::Error::other("no compounds or profiles in the answers"))
    }

    /// A question of a visitor: reach, a tile, or an isochrone that is in no cache.
    pub(crate) fn visit(&self, random: &mut Random) -> (Kind, String) {
        match random.below(3) {
            0 => (Kind::Reach, format!("/api/reach?compound={}", random.one(&self.compounds))),
            1 => (Kind::Tile, self.tile(random)),
            _ => (Kind::Isochrone, self.isochrone(random)),
        }
    }

    /// An isochrone at a place that is in no cache.
    pub(crate) fn isochrone(&self, random: &mut Random) -> String {
        let [lon, lat] = self.place(random);
        format!("/api/isochrones?at={lon:.7},{lat:.7}")
    }

    /// An isochrone of two hours.
    pub(crate) fn long_isochrone(&self, random: &mut Random) -> String {
        self.isochrone(random) + "&minutes=120"
    }

    /// The dearest question: a workbook of all sheets, which no cache holds.
    pub(crate) fn workbook(&self, random: &mut Random) -> String {
        self.table(random) + "&format=xlsx"
    }

    /// A coverage table with bands of its own.
    pub(crate) fn table(&self, random: &mut Random) -> String {
        let short = 3 + random.below(12);
        let minutes = [short, short + 1 + random.below(10), short + 11 + random.below(10)];
        let [a, b, c] = minutes;
        format!("/api/coverage?profile={}&minutes={a},{b},{c}", random.one(&self.profiles))
    }

    /// A board as a picture, in a direction of its own.
    pub(crate) fn picture(&self, random: &mut Random, size: &str) -> String {
        self.board(random, "png", size)
    }

    /// A large board to be printed.
    pub(crate) fn print(&self, random: &mut Random) -> String {
        self.board(random, "pdf", "A0")
    }

    fn board(&self, random: &mut Random, ending: &str, size: &str) -> String {
        let faces = 360.0 * random.share();
        let key = random.one(&self.compounds);
        format!("/api/boards/{key}.{ending}?size={size}&faces={faces:.3}&inferred=true")
    }

    fn tile(&self, random: &mut Random) -> String {
        let ([lon, lat], zoom) = (self.place(random), 10 + random.below(6));
        tile_at(lon, lat, zoom)
    }

    /// A place in or near a compound.
    fn place(&self, random: &mut Random) -> [f64; 2] {
        let [lon, lat] = *random.one(&self.corners);
        [lon + NEAR * (random.share() - 0.5), lat + NEAR * (random.share() - 0.5)]
    }
}

/// The tile of the Web Mercator grid with a place.
fn tile_at(lon: f64, lat: f64, zoom: usize) -> String {
    let tiles = f64::from(1_u32 << zoom);
    let x = ((lon + 180.0) / 360.0 * tiles) as u32;
    let y = ((1.0 - lat.to_radians().tan().asinh() / PI) / 2.0 * tiles) as u32;
    format!("/api/tiles/{zoom}/{x}/{y}")
}

#[test]
fn the_tile_of_a_place_is_that_of_the_grid() {
    assert_eq!(tile_at(126.6433, 45.7579, 14), "/api/tiles/14/13955/5844");
}
