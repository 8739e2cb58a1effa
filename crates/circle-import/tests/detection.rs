//! Trials of the detection of coordinate reference systems, on the facilities of Harbin written in other
//! systems.
//!
//! These tests are not in circle-sheet because they need a city that is read from an extract.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed")]

use circle_import::{Silent, Sources};
use circle_model::city::{MapFeature, MapFeatureFlags, OsmKind};
use circle_model::coordinates::Bounds;
use circle_model::{Catalogue, LonLat};
use circle_sheet::datum::{
    AngleNotation, Crs, GroundFeature, GroundRaster, Reading, constant_offset, detect, verify,
};
use std::path::Path;
use std::sync::LazyLock;

static HARBIN: LazyLock<Town> = LazyLock::new(|| {
    Town::read(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/harbin.osm.pbf")))
});

struct Town {
    ground: GroundRaster,
    /// West, south, east, north.
    bounds: [f64; 4],
    /// Shops and services, and stops: nodes, which are not in the raster. Schools and other grounds, and open
    /// spaces: the centres of areas, which are in the raster.
    kinds: [(&'static str, Vec<LonLat>); 4],
}

impl Town {
    fn read(path: &Path) -> Self {
        let catalogue = Catalogue::built_in();
        let city =
            circle_import::read(&Sources { extracts: &[path], ..Sources::default() }, &catalogue, &Silent)
                .unwrap();
        let degrees = city.meta().bounds.unwrap();
        let [west, south, east, north] = degrees;
        let bounds = Bounds::of([[west, south], [east, north]].map(|[lon, lat]| LonLat { lon, lat }.point()));
        let feature = |feature: &MapFeature| GroundFeature {
            kind: feature.map_kind(),
            class: city.text(feature.class),
            is_tunnel: feature.has(MapFeatureFlags::TUNNEL),
            lines: city.rings_of(feature.rings).iter().map(|ring| city.line(ring.line).to_vec()).collect(),
        };
        let features: Vec<GroundFeature<'_>> = city.features().iter().map(feature).collect();
        let ground = GroundRaster::draw(&features, bounds);
        let mut kinds = ["shops", "stops", "grounds", "open"].map(|name| (name, Vec::new()));
        for facility in city.facilities().iter().filter(|facility| bounds.contains(facility.point)) {
            let category = city.facility_categories()[facility.categories.range()][0];
            let node = facility.osm_kind == OsmKind::Node.code();
            let kind = match catalogue.categories[usize::from(category)].id.as_str() {
                "bus_stop" | "metro" | "parking" | "charging" => 1,
                "park" | "square" | "playground" | "fitness_outdoor" => 3,
                _ if node => 0,
                _ => 2,
            };
            if node || kind >= 2 {
                kinds[kind].1.push(facility.point.lon_lat());
            }
        }
        Self { ground, bounds: degrees, kinds }
    }

    /// `count` places of a kind, from the whole city or close together, each with normal noise in metres,
    /// written in `reading`.
    fn source(
        &self,
        kind: usize,
        count: usize,
        noise: f64,
        is_crowded: bool,
        reading: &Reading,
        dice: &mut Dice,
    ) -> Vec<[f64; 2]> {
        let mut pool = self.kinds[kind].1.clone();
        if is_crowded {
            let centre = pool[dice.below(pool.len())];
            let far = |at: &LonLat| (at.lon - centre.lon).hypot((at.lat - centre.lat) * 1.4);
            pool.sort_by(|a, b| far(a).total_cmp(&far(b)));
            pool.truncate(2 * count);
        }
        let mut source = Vec::new();
        while source.len() < count && !pool.is_empty() {
            let at = pool.swap_remove(dice.below(pool.len()));
            let [east, north] = [dice.normal() * noise, dice.normal() * noise];
            let parallel = 111_320.0 * at.lat.to_radians().cos();
            let [x, y] = reading
                .crs
                .coordinates_of(LonLat { lon: at.lon + east / parallel, lat: at.lat + north / 111_170.0 });
            source.push(if reading.is_swapped { [y, x] } else { [x, y] });
        }
        source
    }

    /// Systems in degrees and metres, in both orders.
    fn readings() -> Vec<Reading> {
        ["wgs84", "gcj02", "bd09", "bd09mc", "EPSG:4551", "EPSG:4530", "EPSG:4500", "EPSG:3857", "EPSG:32652"]
            .into_iter()
            .flat_map(|name| [false, true].map(|is_swapped| (name, is_swapped)))
            .map(|(name, is_swapped)| Reading { is_swapped, ..Reading::plain(Crs::parse(name).unwrap()) })
            .collect()
    }
}

/// A random generator with a fixed seed (`SplitMix64`).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn share(&mut self) -> f64 {
        self.next() as f64 / u64::MAX as f64
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }

    fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.share()).sum::<f64>() - 6.0
    }
}

/// Count of detections among the trials. A wrong detection fails the test.
fn count_detected(kind: usize, count: usize, noise: f64, trials: usize) -> usize {
    let town = &*HARBIN;
    let mut dice = Dice(count as u64 * 1000 + noise as u64);
    let readings = Town::readings();
    let mut detected_trials = 0;
    for trial in 0..trials {
        let truth = readings[trial % readings.len()];
        let source = town.source(kind, count, noise, trial % 2 == 1, &truth, &mut dice);
        match detect(&source, &town.ground) {
            Ok(detected) => {
                assert_eq!(detected.reading, truth, "{}", detected.evidence);
                detected_trials += 1;
            }
            Err(unclear) => assert!(unclear.evidence.contains("OWN.toml"), "{}", unclear.evidence),
        }
    }
    detected_trials
}

#[test]
fn a_hundred_places_suffice_to_detect_their_system() {
    for kind in 0..HARBIN.kinds.len() {
        for noise in [0.0, 5.0, 10.0] {
            let detected = count_detected(kind, 100, noise, 18);
            assert!(detected >= 17, "{}, {noise} m: {detected} of 18", HARBIN.kinds[kind].0);
        }
    }
}

#[test]
fn few_places_are_never_detected_wrongly() {
    for kind in 0..HARBIN.kinds.len() {
        for (count, noise) in [(1, 0.0), (8, 0.0), (15, 5.0), (30, 0.0), (30, 20.0)] {
            count_detected(kind, count, noise, 36);
        }
    }
}

#[test]
fn random_places_are_not_detected() {
    let town = &*HARBIN;
    let mut dice = Dice(1);
    let [west, south, east, north] = town.bounds;
    for count in [10, 100, 1000, 3000] {
        for _ in 0..25 {
            let mut within = |low: f64, high: f64| low + (high - low) * dice.share();
            let points: Vec<[f64; 2]> =
                (0..count).map(|_| [within(west, east), within(south, north)]).collect();
            assert!(detect(&points, &town.ground).is_err(), "{count}");
        }
    }
    assert!(detect(&[], &town.ground).is_err());
    assert!(
        detect(&[[f64::NAN, 45.0], [2.0, 48.0]], &town.ground)
            .unwrap_err()
            .evidence
            .contains("no supported coordinate reference system")
    );
}

#[test]
fn notations_of_angles_are_detected() {
    let town = &*HARBIN;
    let mut dice = Dice(2);
    let source = town.source(0, 100, 0.0, false, &Reading::plain(Crs::Gcj02), &mut dice);
    let write = |degrees: f64, notation| {
        let (whole, minutes) = (degrees.floor(), degrees.fract() * 60.0);
        match notation {
            AngleNotation::Decimal => degrees,
            AngleNotation::DegreesMinutes => whole * 100.0 + minutes,
            AngleNotation::SexagesimalDigits => whole + minutes.floor() / 100.0 + minutes.fract() * 0.006,
            AngleNotation::DegreesMinutesSeconds => {
                whole * 10_000.0 + minutes.floor() * 100.0 + minutes.fract() * 60.0
            }
        }
    };
    for notation in AngleNotation::ALL {
        let written: Vec<[f64; 2]> =
            source.iter().map(|at| at.map(|degrees| write(degrees, notation))).collect();
        let detected =
            detect(&written, &town.ground).unwrap_or_else(|unclear| panic!("{}", unclear.evidence));
        assert_eq!(detected.reading, Reading { notation, ..Reading::plain(Crs::Gcj02) });
        let doubts = verify(&written, Crs::Gcj02, &town.ground).doubts;
        assert_eq!(doubts.is_empty(), notation == AngleNotation::Decimal, "{doubts:?}");
        assert!(
            doubts.is_empty() || doubts.iter().any(|doubt| doubt.contains(notation.words())),
            "{doubts:?}"
        );
    }
}

#[test]
fn doubts_about_the_named_system_are_reported() {
    let town = &*HARBIN;
    let source = |reading: Reading| town.source(0, 200, 5.0, false, &reading, &mut Dice(3));
    let doubts = |points: &[[f64; 2]], name: &str| {
        verify(points, Crs::parse(name).unwrap(), &town.ground).doubts.join(". ")
    };
    let plain = |name: &str| Reading::plain(Crs::parse(name).unwrap());
    for name in
        ["wgs84", "cgcs2000", "gcj02", "bd09", "bd09mc", "EPSG:4551", "EPSG:4530", "EPSG:3857", "EPSG:32652"]
    {
        assert_eq!(doubts(&source(plain(name)), name), "");
        let swapped = Reading { is_swapped: true, ..plain(name) };
        let against = doubts(&source(swapped), name);
        assert!(against.contains("first") || against.contains("swapped"), "{name}: {against}");
    }
    assert!(doubts(&source(plain("gcj02")), "wgs84").contains("gcj02 fits clearly better than wgs84"));
    assert!(doubts(&source(plain("EPSG:4551")), "EPSG:4530").contains("read as EPSG:4551"));
    let mut far = source(plain("wgs84"));
    far.extend([[2.35, 48.85]; 7]);
    assert_eq!(doubts(&far, "wgs84"), "7 of 207 points lie outside the city");
    far.push([f64::NAN, 45.0]);
    assert!(doubts(&far, "wgs84").contains("1 of 208 points cannot be in wgs84"));
}

#[test]
fn a_constant_offset_is_found() {
    let town = &*HARBIN;
    for (kind, [east, north]) in
        [(0, [90.0, -60.0]), (1, [-40.0, 0.0]), (2, [250.0, 200.0]), (3, [0.0, 120.0])]
    {
        let frame = |at: &[f64; 2]| 111_320.0 * at[1].to_radians().cos();
        let moved: Vec<[f64; 2]> = town
            .source(kind, 200, 3.0, false, &Reading::plain(Crs::Wgs84), &mut Dice(4))
            .iter()
            .map(|at| [at[0] + east / frame(at), at[1] + north / 111_170.0])
            .collect();
        let found = constant_offset(&moved, Crs::Wgs84, &town.ground).unwrap_or_default();
        assert!((found[0] - east).hypot(found[1] - north) < 20.0, "{east} {north}: {found:?}");
    }
}

/// Places in two datums, in two runs or shuffled; `true` for places in the second.
fn mixture(
    kind: usize,
    counts: [usize; 2],
    names: [&str; 2],
    in_runs: bool,
    seed: u64,
) -> (Vec<[f64; 2]>, Vec<bool>) {
    let town = &*HARBIN;
    let mut dice = Dice(seed);
    let readings = names.map(|name| Reading::plain(Crs::parse(name).unwrap()));
    let mut places: Vec<([f64; 2], bool)> = Vec::new();
    for (at, reading) in readings.iter().enumerate() {
        let source = town.source(kind, counts[at], 5.0, false, reading, &mut dice);
        places.extend(source.into_iter().map(|numbers| (numbers, at == 1)));
    }
    if !in_runs {
        for at in (1..places.len()).rev() {
            places.swap(at, dice.below(at + 1));
        }
    }
    places.into_iter().unzip()
}

#[test]
fn two_lists_in_two_datums_are_found_with_their_rows() {
    let town = &*HARBIN;
    for (counts, names) in [
        ([100, 100], ["gcj02", "wgs84"]),
        ([140, 60], ["gcj02", "wgs84"]),
        ([60, 140], ["wgs84", "bd09"]),
        ([300, 300], ["bd09", "gcj02"]),
    ] {
        for seed in 0..3 {
            let (points, others) = mixture(0, counts, names, true, seed);
            let first = usize::from(counts[1] > counts[0]);
            let verification = verify(&points, Crs::parse(names[first]).unwrap(), &town.ground);
            let mixture =
                verification.mixture.unwrap_or_else(|| panic!("{counts:?} {names:?} {seed}: not found"));
            assert_eq!(mixture.other, Reading::plain(Crs::parse(names[1 - first]).unwrap()));
            let theirs = |at: &usize| others[*at] == (first == 0);
            let right = mixture.points.iter().filter(|at| theirs(at)).count();
            let all = (0..points.len()).filter(theirs).count();
            // The boundary between the lists is found to within a few rows.
            assert!(
                right * 10 >= all * 8 && right * 10 >= mixture.points.len() * 8,
                "{right} {all} {}",
                mixture.points.len()
            );
            match detect(&points, &town.ground) {
                Ok(detected) => assert!(detected.mixture.is_some(), "{counts:?} {names:?} {seed}"),
                Err(unclear) => assert!(unclear.evidence.contains("mixed"), "{}", unclear.evidence),
            }
        }
    }
}

#[test]
fn shuffled_rows_in_two_datums_are_found() {
    let town = &*HARBIN;
    let mut found = 0;
    for seed in 0..6 {
        let (points, _) = mixture(0, [200, 200], ["gcj02", "wgs84"], false, seed);
        let verification = verify(&points, Crs::Gcj02, &town.ground);
        if let Some(mixture) = verification.mixture {
            assert_eq!(mixture.other, Reading::plain(Crs::Wgs84));
            assert!((0.25..0.75).contains(&mixture.share), "{}", mixture.share);
            found += 1;
        }
    }
    assert!(found >= 5, "{found} of 6");
}

#[test]
fn one_datum_is_no_mixture() {
    let town = &*HARBIN;
    let mut dice = Dice(7);
    for kind in 0..town.kinds.len() {
        for trial in 0..12 {
            let crs = [Crs::Wgs84, Crs::Gcj02, Crs::Bd09][trial % 3];
            let count = [60, 200, 400, 800][trial % 4];
            let noise = [0.0, 5.0, 20.0][trial / 4];
            let source = town.source(kind, count, noise, trial % 2 == 1, &Reading::plain(crs), &mut dice);
            let mixture = verify(&source, crs, &town.ground).mixture;
            assert!(mixture.is_none(), "{} {count} {noise}: {mixture:?}", town.kinds[kind].0);
        }
    }
}

#[test]
fn files_of_another_city_are_recognised() {
    let town = &*HARBIN;
    let mut dice = Dice(8);
    // Around the middle of Xi'an, 108.9° E and 34.2° N.
    let points: Vec<[f64; 2]> =
        (0..50).map(|_| [108.9 + 0.1 * dice.normal(), 34.2 + 0.1 * dice.normal()]).collect();
    let swapped: Vec<[f64; 2]> = points.iter().map(|[x, y]| [*y, *x]).collect();
    for points in [&points, &swapped] {
        let unclear = detect(points, &town.ground).unwrap_err();
        assert!(unclear.is_elsewhere && unclear.evidence.contains("108.9 E, 34.2 N"), "{}", unclear.evidence);
        assert!(!unclear.evidence.contains("name its crs"), "{}", unclear.evidence);
    }
    for crs in [Crs::Wgs84, Crs::Gcj02] {
        let verification = verify(&points, crs, &town.ground);
        assert!(verification.is_elsewhere && verification.doubts.len() == 1, "{:?}", verification.doubts);
        assert!(verification.doubts[0].contains("another city"), "{:?}", verification.doubts);
    }
    // Suburbs are not another city, nor are places all over the country.
    let [_, south, east, _] = town.bounds;
    let suburbs: Vec<[f64; 2]> = (0..20).map(|at| [east + 0.05, south + 0.001 * f64::from(at)]).collect();
    let country: Vec<[f64; 2]> = (0..20).map(|at| [100.0 + f64::from(at), 30.0]).collect();
    for points in [&suburbs, &country] {
        assert!(!verify(points, Crs::Wgs84, &town.ground).is_elsewhere);
    }
}
