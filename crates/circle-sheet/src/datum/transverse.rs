//! Transverse Mercator projections: the zones of Gauss–Krüger and UTM.

use circle_model::LonLat;
use proj4rs::Proj;
use std::sync::LazyLock;

/// A transverse Mercator projection whose origin lies on the equator.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TransverseMercator {
    /// Longitude of the central meridian, in degrees.
    pub meridian: f64,
    /// Scale on the central meridian: 1 for Gauss–Krüger, 0.9996 for UTM.
    pub scale: f64,
    /// In metres. It includes 10⁶ times the number of the zone if eastings begin with that number.
    pub false_easting: f64,
    /// In metres.
    pub false_northing: f64,
}

/// Increase of the easting for each number of a zone, in metres.
pub(super) const ZONE_METRES: f64 = 1_000_000.0;
/// Easting of the central meridian, so that eastings are positive, in metres.
pub(super) const FALSE_EASTING: f64 = 500_000.0;
/// Largest accepted distance from the central meridian, in metres: 12° on the equator.
const MAX_EASTING: f64 = 1_400_000.0;
/// Largest distance from the equator, in metres: the pole.
const MAX_NORTHING: f64 = 10_002_000.0;

/// The projection around Greenwich by the series of Engsager and Poder, exact to less than a millimetre. All
/// others are shifted and scaled from it. The ellipsoids of CGCS2000 and WGS 84 differ by a tenth of a
/// millimetre.
static GREENWICH: LazyLock<Option<(Proj, Proj)>> = LazyLock::new(|| {
    let plane = Proj::from_proj_string("+proj=etmerc +ellps=GRS80 +lon_0=0 +lat_0=0 +k=1 +x_0=0 +y_0=0");
    let degrees = Proj::from_proj_string("+proj=longlat +ellps=GRS80");
    Some((plane.ok()?, degrees.ok()?))
});

impl TransverseMercator {
    /// A 3° or 6° zone of Gauss–Krüger around Greenwich, without the number of a zone in its eastings.
    pub const GAUSS_KRUGER: Self =
        Self { meridian: 0.0, scale: 1.0, false_easting: FALSE_EASTING, false_northing: 0.0 };

    /// A zone of UTM on the northern hemisphere, 1 to 60.
    pub fn utm(zone: u32) -> Self {
        Self { meridian: f64::from(zone) * 6.0 - 183.0, scale: 0.999_6, ..Self::GAUSS_KRUGER }
    }

    /// The place of an easting and northing in metres; `None` for numbers outside the range of the
    /// projection.
    pub fn unproject(self, [x, y]: [f64; 2]) -> Option<LonLat> {
        let (plane, degrees) = GREENWICH.as_ref()?;
        let (x, y) = ((x - self.false_easting) / self.scale, (y - self.false_northing) / self.scale);
        if x.abs().is_nan() || x.abs() > MAX_EASTING || y.is_nan() || y.abs() > MAX_NORTHING {
            return None;
        }
        let mut place = (x, y, 0.0);
        proj4rs::transform::transform(plane, degrees, &mut place).ok()?;
        let lon = place.0.to_degrees() + self.meridian;
        LonLat::new((lon + 540.0).rem_euclid(360.0) - 180.0, place.1.to_degrees())
    }

    /// The easting and northing of a place in metres; `None` if the projection is not defined there.
    pub fn project(self, place: LonLat) -> Option<[f64; 2]> {
        let (plane, degrees) = GREENWICH.as_ref()?;
        let mut at = ((place.lon - self.meridian).to_radians(), place.lat.to_radians(), 0.0);
        proj4rs::transform::transform(degrees, plane, &mut at).ok()?;
        Some([at.0 * self.scale + self.false_easting, at.1 * self.scale + self.false_northing])
    }
}
