//! Recognises files of another city, in any datum: datums differ by only a few hundred metres.

use crate::datum::ground::GroundRaster;
use crate::quote::with_commas;
use circle_model::LonLat;

/// Smallest distance of another city; nearer places are the surroundings of this city.
const MIN_METRES: f64 = 20_000.0;
/// Places farther apart than this, in degrees, do not belong to one city.
const MAX_DEGREES: f64 = 3.0;

/// The position of the places of a file of another city.
pub(super) struct OtherCity {
    centre: LonLat,
    /// Distance from the bounding box of this city.
    kilometres: f64,
}

impl OtherCity {
    /// From pairs of numbers in degrees, in either order.
    pub(super) fn of_degrees(points: &[[f64; 2]], ground: &GroundRaster) -> Option<Self> {
        let place = |[x, y]: &[f64; 2]| {
            if x.abs() <= 90.0 && y.abs() > 90.0 { LonLat::new(*y, *x) } else { LonLat::new(*x, *y) }
        };
        let places: Vec<LonLat> = points.iter().filter_map(place).collect();
        // Numbers near 0 are not coordinates.
        let is_place = |at: &&LonLat| at.lon.abs() > 1.0 && at.lat.abs() > 1.0;
        let are_degrees = places.iter().filter(is_place).count() * 10 >= points.len() * 9;
        are_degrees.then(|| Self::of_places(places.into_iter(), ground)).flatten()
    }

    /// The median of the places, if most of them lie close together and far from the city.
    pub(super) fn of_places(places: impl Iterator<Item = LonLat>, ground: &GroundRaster) -> Option<Self> {
        let (mut lons, mut lats): (Vec<f64>, Vec<f64>) = places.map(|at| (at.lon, at.lat)).unzip();
        if lons.is_empty() {
            return None;
        }
        lons.sort_unstable_by(f64::total_cmp);
        lats.sort_unstable_by(f64::total_cmp);
        let decile = |sorted: &[f64], tenths: usize| sorted[(sorted.len() - 1) * tenths / 10];
        let is_wide = |sorted: &[f64]| decile(sorted, 9) - decile(sorted, 1) > MAX_DEGREES;
        let centre = LonLat::new(decile(&lons, 5), decile(&lats, 5))?;
        let metres = ground.metres_to(centre.point());
        let is_city = !is_wide(&lons) && !is_wide(&lats) && metres > MIN_METRES;
        is_city.then_some(Self { centre, kilometres: metres / 1_000.0 })
    }

    /// The message, with the advice.
    pub(super) fn words(&self, points: usize) -> String {
        let LonLat { lon, lat } = self.centre;
        let side = |degrees: f64, positive: &str, negative: &str| {
            format!("{:.1} {}", degrees.abs(), if degrees < 0.0 { negative } else { positive })
        };
        format!(
            "its {} points lie around {}, {}, {} km from this city: the file is of another city; \
             remove it from OWN.toml",
            with_commas(points),
            side(lon, "E", "W"),
            side(lat, "N", "S"),
            with_commas(self.kilometres.round() as usize)
        )
    }
}
