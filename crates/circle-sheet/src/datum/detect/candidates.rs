//! The readings that put a sample of points into the city.

use super::odds::{CLASSES, Counts};
use crate::datum::crs::Crs;
use crate::datum::ground::{GroundClass, GroundRaster};
use crate::datum::notation::AngleNotation;
use crate::datum::reading::Reading;
use crate::datum::transverse::{TransverseMercator, ZONE_METRES};

/// Limit of evaluated points.
const MAX_POINTS: usize = 2_000;

/// Pairs of numbers, taken evenly from the whole file.
pub(super) struct Sample {
    pub(super) numbers: Vec<[f64; 2]>,
    /// Their positions in the file.
    pub(super) positions: Vec<usize>,
}

impl Sample {
    pub(super) fn of(points: &[[f64; 2]]) -> Self {
        let is_finite = |at: &usize| points[*at].iter().all(|number| number.is_finite());
        let finite: Vec<usize> = (0..points.len()).filter(is_finite).collect();
        let count = finite.len().min(MAX_POINTS);
        let positions: Vec<usize> = (0..count).map(|at| finite[at * finite.len() / count]).collect();
        Self { numbers: positions.iter().map(|at| points[*at]).collect(), positions }
    }
}

/// A reading that puts points into the city.
pub(super) struct Candidate {
    pub(super) reading: Reading,
    /// Cell of each point of the sample; `None` outside the city.
    pub(super) cells: Vec<Option<[i32; 2]>>,
    /// Count of points inside the city.
    pub(super) inside: usize,
}

impl Candidate {
    fn new(reading: Reading, sample: &Sample, ground: &GroundRaster) -> Self {
        let cell = |numbers: &[f64; 2]| {
            let point = reading.place(*numbers)?.point();
            ground.contains(point).then(|| ground.cell(point))
        };
        let cells: Vec<_> = sample.numbers.iter().map(cell).collect();
        let inside = cells.iter().flatten().count();
        Self { reading, cells, inside }
    }

    /// The weighted counts of classes under the points, all shifted by some cells.
    pub(super) fn count(&self, ground: &GroundRaster, weights: &[f64], shift: [i32; 2]) -> Counts {
        let mut counts = vec![0.0; CLASSES + 1];
        for (cell, weight) in self.cells.iter().zip(weights) {
            let class = cell.and_then(|[x, y]| ground.class([x + shift[0], y + shift[1]]));
            counts[class.map_or(CLASSES, GroundClass::code)] += weight;
        }
        counts
    }

    /// Whether another reading gives the same places within one cell.
    fn is_same(&self, other: &Self) -> bool {
        self.cells.iter().zip(&other.cells).all(|pair| match pair {
            (Some(a), Some(b)) => a[0].abs_diff(b[0]) <= 1 && a[1].abs_diff(b[1]) <= 1,
            (a, b) => a == b,
        })
    }
}

/// The candidates for one file.
pub(super) struct Candidates(pub(super) Vec<Candidate>);

impl Candidates {
    /// All readings that put at least half as many points into the city as the best. Of readings with the
    /// same places only the first is included; `first` precedes all others.
    pub(super) fn new(sample: &Sample, ground: &GroundRaster, first: Option<Reading>) -> Self {
        let mut readings: Vec<Reading> = first.into_iter().collect();
        for notation in AngleNotation::ALL {
            for is_swapped in [false, true] {
                readings.extend([Crs::Wgs84, Crs::Gcj02, Crs::Bd09].map(|crs| Reading {
                    crs,
                    is_swapped,
                    notation,
                }));
            }
        }
        let lon = ground.centre().lon_lat().lon;
        let planes = [Crs::Bd09Mc, Crs::WebMercator].into_iter().chain(transverse_near(lon));
        for crs in planes {
            readings.extend([false, true].map(|is_swapped| Reading { is_swapped, ..Reading::plain(crs) }));
        }
        let mut found: Vec<Candidate> = Vec::new();
        for reading in readings {
            let candidate = Candidate::new(reading, sample, ground);
            if candidate.inside > 0 && !found.iter().any(|other| other.is_same(&candidate)) {
                found.push(candidate);
            }
        }
        let most = found.iter().map(|candidate| candidate.inside).max().unwrap_or(0);
        found.retain(|candidate| candidate.inside * 2 >= most);
        Self(found)
    }

    /// Whether any reading puts more than a tenth of the sample into the city.
    pub(super) fn cover_part_of(&self, sample: &Sample) -> bool {
        self.0.iter().any(|candidate| candidate.inside * 10 > sample.numbers.len())
    }
}

/// Projections in use around a longitude: the nearest three meridians of the 3° zones and those of the 6°
/// zones among them, with and without the number of the zone, and the nearest three zones of UTM.
fn transverse_near(lon: f64) -> impl Iterator<Item = Crs> {
    let nearest = (lon / 3.0).round() as i32;
    let kruger = (nearest - 1..=nearest + 1).flat_map(|zone| {
        let plain = TransverseMercator { meridian: f64::from(zone * 3), ..TransverseMercator::GAUSS_KRUGER };
        let with_zone = |zone: i32| TransverseMercator {
            false_easting: plain.false_easting + f64::from(zone) * ZONE_METRES,
            ..plain
        };
        let wide = (zone % 2 != 0).then(|| with_zone((zone + 1) / 2));
        [plain, with_zone(zone)].into_iter().chain(wide)
    });
    let utm = ((lon + 180.0) / 6.0).floor() as i32 + 1;
    let utm = (utm - 1..=utm + 1)
        .filter(|zone| (1..=60).contains(zone))
        .map(|zone| TransverseMercator::utm(zone as u32));
    kruger.chain(utm).map(Crs::Transverse)
}
