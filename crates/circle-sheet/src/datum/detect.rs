//! Detects the coordinate reference system of a file from the position of its places on streets and
//! buildings.
//!
//! In the wrong datum, the places of a city are shifted by 300 to 1,400 m and lie on its streets and
//! buildings like random points. So every reading that puts the places into the city is scored against
//! chance, which is measured with the same places moved by fixed shifts.

mod candidates;
mod mixture;
mod odds;
mod other_city;
mod scores;

pub use mixture::Mixture;

use super::crs::Crs;
use super::ground::GroundRaster;
use super::reading::Reading;
use crate::quote::with_commas;
use candidates::{Candidates, Sample};
use other_city::OtherCity;
use scores::Scores;

/// A reading that is clearly better than all others and than chance.
#[derive(Debug)]
pub struct Detection {
    /// The reading.
    pub reading: Reading,
    /// Constant offset of all places in metres east and north, if there is one. Reported, never corrected.
    pub offset: Option<[f64; 2]>,
    /// A second reading that fits some of the places.
    pub mixture: Option<Mixture>,
    /// The figures that support it, in sentences.
    pub evidence: String,
}

/// No reading is clearly the best.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{evidence}")]
pub struct Unclear {
    /// The figures and the advice, in sentences.
    pub evidence: String,
    /// Whether the places lie in another city.
    pub is_elsewhere: bool,
}

/// The doubts about a coordinate reference system that the caller names.
#[derive(Debug, Default)]
pub struct Verification {
    /// Doubts of one sentence each.
    pub doubts: Vec<String>,
    /// Whether the places lie in another city.
    pub is_elsewhere: bool,
    /// A second reading that fits some of the places.
    pub mixture: Option<Mixture>,
}

const ADVICE: &str = "name its crs in OWN.toml";

/// The reading of `points` that fits streets and buildings best. Fewer than 30 points seldom suffice.
///
/// # Errors
/// If too few points lie in the city, or no reading is clearly better than the next and than chance.
pub fn detect(points: &[[f64; 2]], ground: &GroundRaster) -> Result<Detection, Unclear> {
    let sample = Sample::of(points);
    let candidates = Candidates::new(&sample, ground, None);
    if !candidates.cover_part_of(&sample)
        && let Some(other_city) = OtherCity::of_degrees(points, ground)
    {
        return Err(Unclear { evidence: other_city.words(points.len()), is_elsewhere: true });
    }
    if candidates.0.is_empty() {
        let evidence = format!(
            "no supported coordinate reference system puts the {} points into the city: {ADVICE}",
            with_commas(points.len())
        );
        return Err(Unclear { evidence, is_elsewhere: false });
    }
    let scores = Scores::new(&candidates, ground);
    let evidence = scores.evidence();
    let mixture = scores.mixture(scores.order[0], &sample.positions, ground);
    if !scores.is_clear() {
        let evidence = match mixture {
            Some(mixture) => format!(
                "{evidence} Two kinds of coordinates seem to be mixed in it, about {:.0} % in {} ({}): split the file in two \
                 and list each in OWN.toml with its crs",
                100.0 * mixture.share,
                mixture.other.words(),
                mixture.evidence
            ),
            None => format!("{evidence} That is not clear enough: {ADVICE}"),
        };
        return Err(Unclear { evidence, is_elsewhere: false });
    }
    let best = &scores.candidates.0[scores.order[0]];
    Ok(Detection { reading: best.reading, offset: scores.offset(best, ground), mixture, evidence })
}

/// The doubts about `crs` as the system of `points`.
pub fn verify(points: &[[f64; 2]], crs: Crs, ground: &GroundRaster) -> Verification {
    let mut verification = Verification::default();
    let doubts = &mut verification.doubts;
    let named = Reading::plain(crs);
    let places = points.iter().map(|numbers| named.place(*numbers));
    let (mut impossible, mut outside) = (0, 0);
    for place in places {
        match place {
            None => impossible += 1,
            Some(place) if !ground.contains(place.point()) => outside += 1,
            Some(_) => {}
        }
    }
    let of = with_commas(points.len());
    if impossible > 0 {
        doubts.push(format!("{} of {of} points cannot be in {}", with_commas(impossible), crs.name()));
    }
    let sample = Sample::of(points);
    let candidates = Candidates::new(&sample, ground, Some(named));
    if !candidates.cover_part_of(&sample)
        && let Some(other_city) =
            OtherCity::of_places(points.iter().filter_map(|at| named.place(*at)), ground)
    {
        doubts.push(other_city.words(points.len()));
        verification.is_elsewhere = true;
        return verification;
    }
    if outside > 0 {
        doubts.push(format!("{} of {of} points lie outside the city", with_commas(outside)));
    }
    if candidates.0.is_empty() {
        return verification;
    }
    let is_in_city = candidates.0[0].reading == named;
    let scores = Scores::new(&candidates, ground);
    let best = &candidates.0[scores.order[0]];
    if !is_in_city {
        // The datum is unclear, but all candidates may agree on the order or the notation.
        let first = best.reading;
        let all = |f: fn(&Reading) -> bool| candidates.0.iter().all(|candidate| f(&candidate.reading));
        if scores.is_clear() {
            doubts.push(format!(
                "they lie in the city when read as {}: {}",
                first.words(),
                scores.evidence()
            ));
        } else if all(|reading| reading.is_swapped) {
            doubts.push("they lie in the city with their columns swapped".to_owned());
        } else if candidates.0.iter().all(|candidate| candidate.reading.notation == first.notation) {
            doubts.push(format!("they lie in the city when read as {}", first.words()));
        }
        return verification;
    }
    if best.reading != named && scores.is_clear() {
        doubts.push(format!(
            "{} fits clearly better than {}: {}",
            best.reading.words(),
            crs.name(),
            scores.evidence()
        ));
    } else if let Some(offset) = scores.offset(&candidates.0[0], ground) {
        doubts.push(format!(
            "all points seem to lie {} off: shifted back, they fit the streets and buildings far better",
            describe_offset(offset)
        ));
    }
    verification.mixture = scores.mixture(0, &sample.positions, ground);
    verification
}

/// The constant offset of all points, read as `crs`, in metres east and north. `None` unless the corrected
/// points fit the ground clearly better.
pub fn constant_offset(points: &[[f64; 2]], crs: Crs, ground: &GroundRaster) -> Option<[f64; 2]> {
    let reading = Reading::plain(crs);
    let candidates = Candidates::new(&Sample::of(points), ground, Some(reading));
    let named = candidates.0.first().filter(|candidate| candidate.reading == reading)?;
    Scores::new(&candidates, ground).offset(named, ground)
}

/// An offset for messages: `34 m east and 120 m south`.
pub(super) fn describe_offset([east, north]: [f64; 2]) -> String {
    let axis = |metres: f64, positive: &str, negative: &str| {
        format!("{:.0} m {}", metres.abs(), if metres < 0.0 { negative } else { positive })
    };
    format!("{} and {}", axis(east, "east", "west"), axis(north, "north", "south"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::datum::ground::GroundFeature;
    use circle_model::city::MapKind;
    use circle_model::coordinates::Bounds;
    use circle_model::{Frame, LonLat, Point};

    /// A town of 400 houses scattered over a square of 4 km, each beside its own street; and the centres of
    /// the houses.
    fn town() -> (GroundRaster, Vec<LonLat>) {
        const SIDE: f64 = 4_000.0;
        let frame = Frame::at(LonLat { lon: 126.6, lat: 45.75 }.point());
        let mut state = 1u64;
        let mut random = || {
            // Linear congruential generator of Knuth's MMIX.
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 11) as f64 / (1u64 << 53) as f64
        };
        let (mut features, mut houses) = (Vec::new(), Vec::new());
        for _ in 0..400 {
            let [x, y] = [random() * SIDE, random() * SIDE];
            let line = |corners: &[[f64; 2]]| -> Vec<Point> {
                corners.iter().map(|[dx, dy]| frame.point([x + dx, y + dy])).collect()
            };
            let house = line(&[[-8.0, -8.0], [8.0, -8.0], [8.0, 8.0], [-8.0, 8.0], [-8.0, -8.0]]);
            let street = line(&[[-40.0, -22.0], [40.0, -22.0]]);
            for (kind, class, line) in
                [(MapKind::Building, "building", house), (MapKind::Way, "residential", street)]
            {
                features.push(GroundFeature { kind, class, is_tunnel: false, lines: vec![line] });
            }
            houses.push(frame.point([x, y]).lon_lat());
        }
        let bounds = Bounds::of([frame.point([-50.0, -50.0]), frame.point([SIDE + 50.0, SIDE + 50.0])]);
        (GroundRaster::draw(&features, bounds), houses)
    }

    fn numbers(places: &[LonLat], reading: &Reading) -> Vec<[f64; 2]> {
        let number = |place: &LonLat| {
            let [x, y] = reading.crs.coordinates_of(*place);
            if reading.is_swapped { [y, x] } else { [x, y] }
        };
        places.iter().map(number).collect()
    }

    #[test]
    fn the_system_of_points_in_houses_is_detected() {
        let (ground, houses) = town();
        for name in ["wgs84", "gcj02", "bd09", "EPSG:4551"] {
            for is_swapped in [false, true] {
                let truth = Reading { is_swapped, ..Reading::plain(Crs::parse(name).unwrap()) };
                let found = detect(&numbers(&houses[..100], &truth), &ground);
                assert_eq!(found.unwrap_or_else(|unclear| panic!("{name}: {unclear}")).reading, truth);
            }
        }
    }

    #[test]
    fn only_a_wrong_system_is_doubted() {
        let (ground, houses) = town();
        let points = numbers(&houses[..100], &Reading::plain(Crs::Gcj02));
        assert!(verify(&points, Crs::Gcj02, &ground).doubts.is_empty());
        let doubts = verify(&points, Crs::Wgs84, &ground).doubts;
        let is_named = |doubt: &String| doubt.contains("gcj02 fits clearly better than wgs84");
        assert!(doubts.iter().any(is_named), "{doubts:?}");
    }

    #[test]
    fn too_few_points_are_unclear() {
        let (ground, houses) = town();
        let points = numbers(&houses[..1], &Reading::plain(Crs::Gcj02));
        assert!(detect(&points, &ground).unwrap_err().evidence.contains("not clear enough"));
        assert!(
            detect(&[], &ground).unwrap_err().evidence.contains("no supported coordinate reference system")
        );
    }

    #[test]
    fn offsets_are_described_by_direction() {
        assert_eq!(describe_offset([34.0, -120.0]), "34 m east and 120 m south");
    }
}
