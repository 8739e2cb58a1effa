//! One interpretation of the numbers of a file as places.

use super::crs::Crs;
use super::notation::AngleNotation;
use circle_model::LonLat;
use std::fmt::Write;

/// An interpretation of the pairs of numbers of a file as places.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reading {
    /// The coordinate reference system.
    pub crs: Crs,
    /// Whether latitude or northing comes first; surveyors call northing X.
    pub is_swapped: bool,
    /// The notation of angles.
    pub notation: AngleNotation,
}

impl Reading {
    /// Longitude or easting first, angles in decimal degrees.
    pub fn plain(crs: Crs) -> Self {
        Self { crs, is_swapped: false, notation: AngleNotation::Decimal }
    }

    /// The place of a pair of numbers in WGS 84; `None` if the numbers are invalid in this reading.
    pub fn place(&self, [x, y]: [f64; 2]) -> Option<LonLat> {
        let [x, y] = if self.is_swapped { [y, x] } else { [x, y] };
        self.crs.to_wgs84([self.notation.degrees(x)?, self.notation.degrees(y)?])
    }

    /// Its description in messages.
    pub fn words(&self) -> String {
        let mut words = self.crs.name();
        if self.is_swapped {
            words += if self.crs.in_degrees() { ", latitude first" } else { ", northing first" };
        }
        if self.notation != AngleNotation::Decimal {
            // Writing to a string does not fail.
            let _ = write!(words, ", in {}", self.notation.words());
        }
        words
    }
}
