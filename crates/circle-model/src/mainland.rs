//! The approximate area of mainland China, where map providers shift coordinates to GCJ-02 and compounds are
//! closed by custom.

use crate::coordinates::LonLat;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Sides of the outline in `data/mainland_china.csv`, in degrees, by the whole degrees of latitude that they
/// intersect.
static SIDES: LazyLock<BTreeMap<i32, Vec<[[f64; 2]; 2]>>> = LazyLock::new(|| {
    let corner = |line: &str| {
        let (lon, lat) = line.split_once(',')?;
        Some([lon.parse().ok()?, lat.parse().ok()?])
    };
    let text = include_str!("../../../data/mainland_china.csv");
    let corners: Vec<[f64; 2]> = text.lines().filter_map(corner).collect();
    let mut sides: BTreeMap<i32, Vec<[[f64; 2]; 2]>> = BTreeMap::new();
    for (a, b) in corners.iter().zip(corners.iter().skip(1).chain(&corners)) {
        let [south, north] = [a[1].min(b[1]), a[1].max(b[1])].map(|lat| lat.floor() as i32);
        (south..=north).for_each(|degree| sides.entry(degree).or_default().push([*a, *b]));
    }
    sides
});

/// Whether a place is in mainland China, accurate to 5 km at its borders and 15 km at its coast.
pub fn in_mainland_china(place: LonLat) -> bool {
    let sides = SIDES.get(&(place.lat.floor() as i32)).map(Vec::as_slice).unwrap_or_default();
    let crossed = sides.iter().filter(|[a, b]| {
        let meets = (a[1] > place.lat) != (b[1] > place.lat);
        meets && place.lon < a[0] + (place.lat - a[1]) / (b[1] - a[1]) * (b[0] - a[0])
    });
    crossed.count() % 2 == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cities_on_both_sides_of_the_border_are_distinguished() {
        let inside = |lon: f64, lat: f64| in_mainland_china(LonLat { lon, lat });
        for (city, lon, lat) in [
            ("Harbin", 126.63, 45.75),
            ("Shenzhen", 114.06, 22.54),
            ("Heihe", 127.50, 50.24),
            ("Dandong", 124.39, 40.12),
            ("Sanya", 109.51, 18.25),
            ("Xiamen", 118.08, 24.46),
            ("Shanghai, Chongming", 121.40, 31.63),
            ("Kashgar", 75.99, 39.47),
            ("Lhasa", 91.10, 29.65),
        ] {
            assert!(inside(lon, lat), "{city}");
        }
        for (city, lon, lat) in [
            ("Hong Kong", 114.17, 22.32),
            ("Taipei", 121.50, 25.04),
            ("Seoul", 127.00, 37.56),
            ("Ulaanbaatar", 106.90, 47.90),
            ("Hanoi", 105.85, 21.03),
            ("Blagoveshchensk", 127.53, 50.28),
            ("Sinuiju", 124.40, 40.09),
            ("Almaty", 76.90, 43.25),
            ("Osaka", 135.50, 34.70),
            ("Baltimore", -76.61, 39.29),
            ("Heidelberg", 8.69, 49.41),
        ] {
            assert!(!inside(lon, lat), "{city}");
        }
    }
}
