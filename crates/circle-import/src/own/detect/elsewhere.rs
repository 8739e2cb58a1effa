//! Places of another city, whatever their datum: all of them lie a few hundred metres from where they seem to.

use super::with_commas;
use crate::own::ground::Ground;
use circle_model::LonLat;

/// Nearer to the city they are its own surroundings.
const NEAREST_METRES: f64 = 20_000.0;
/// Farther from each other than this, in degrees, places are of no one city.
const WIDEST_DEGREES: f64 = 3.0;

/// Where the places of a file lie when that is not in the city.
pub(super) struct Elsewhere {
    middle: LonLat,
    kilometres: f64,
}

impl Elsewhere {
    /// Of numbers in degrees, in either order.
    pub(super) fn of_degrees(points: &[[f64; 2]], ground: &Ground) -> Option<Self> {
        let place = |[x, y]: &[f64; 2]| {
            if x.abs() <= 90.0 && y.abs() > 90.0 { LonLat::new(*y, *x) } else { LonLat::new(*x, *y) }
        };
        let places: Vec<LonLat> = points.iter().filter_map(place).collect();
        // Whole numbers near nought are no places but something else.
        let some = |at: &&LonLat| at.lon.abs() > 1.0 && at.lat.abs() > 1.0;
        let degrees = places.iter().filter(some).count() * 10 >= points.len() * 9;
        degrees.then(|| Self::of_places(places.into_iter(), ground)).flatten()
    }

    pub(super) fn of_places(places: impl Iterator<Item = LonLat>, ground: &Ground) -> Option<Self> {
        let (mut lons, mut lats): (Vec<f64>, Vec<f64>) = places.map(|at| (at.lon, at.lat)).unzip();
        if lons.is_empty() {
            return None;
        }
        lons.sort_unstable_by(f64::total_cmp);
        lats.sort_unstable_by(f64::total_cmp);
        let share = |sorted: &[f64], tenths: usize| sorted[(sorted.len() - 1) * tenths / 10];
        let wide = |sorted: &[f64]| share(sorted, 9) - share(sorted, 1) > WIDEST_DEGREES;
        let middle = LonLat::new(share(&lons, 5), share(&lats, 5))?;
        let metres = ground.metres_to(middle.point());
        let is_one = !wide(&lons) && !wide(&lats) && metres > NEAREST_METRES;
        is_one.then_some(Self { middle, kilometres: metres / 1_000.0 })
    }

    /// Where they are, and what to do.
    pub(super) fn words(&self, points: usize) -> String {
        let LonLat { lon, lat } = self.middle;
        let side = |degrees: f64, ahead: &str, back: &str| {
            format!("{:.1} {}", degrees.abs(), if degrees < 0.0 { back } else { ahead })
        };
        format!(
            "its {} points lie round {}, {}, {} km from this city: it is a file of another city, which no crs makes one of \
             this; take it out of OWN.toml",
            with_commas(points),
            side(lon, "E", "W"),
            side(lat, "N", "S"),
            with_commas(self.kilometres.round() as usize)
        )
    }
}
