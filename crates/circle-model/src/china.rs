//! The coordinate systems of Chinese web maps. They are only read: everything is converted to [`LonLat`].
//!
//! GCJ-02 is WGS 84 displaced by 300 to 700 m in a pattern that changes over kilometres; BD-09 is GCJ-02
//! displaced again, by about a kilometre. The formulas are those that became public. The results of the
//! providers differ from them by up to a metre, so nothing here is more accurate than that.

use crate::LonLat;
use std::f64::consts::PI;

/// A place of Amap, Tencent and others: degrees in GCJ-02.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gcj02 {
    /// Degrees east.
    pub lon: f64,
    /// Degrees north.
    pub lat: f64,
}

/// A place of Baidu: degrees in BD-09.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bd09 {
    /// Degrees east.
    pub lon: f64,
    /// Degrees north.
    pub lat: f64,
}

/// A place of Baidu in the metres of its own Mercator projection, which its services return.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bd09Mc {
    /// Metres east of Greenwich.
    pub x: f64,
    /// Metres north of the equator.
    pub y: f64,
}

impl From<Gcj02> for LonLat {
    fn from(Gcj02 { lon, lat }: Gcj02) -> Self {
        let [lon, lat] = undo([lon, lat], shifted);
        Self { lon, lat }
    }
}

impl From<Bd09> for LonLat {
    fn from(place: Bd09) -> Self {
        Gcj02::from(place).into()
    }
}

impl From<Bd09Mc> for LonLat {
    fn from(place: Bd09Mc) -> Self {
        Bd09::from(place).into()
    }
}

impl Gcj02 {
    /// Converts `place` to GCJ-02.
    pub fn of(place: LonLat) -> Self {
        let [lon, lat] = shifted([place.lon, place.lat]);
        Self { lon, lat }
    }
}

impl Bd09 {
    /// Converts `place` to BD-09.
    pub fn of(place: LonLat) -> Self {
        Gcj02::of(place).into()
    }
}

impl Bd09Mc {
    /// Converts `place` to Baidu's metres.
    pub fn of(place: LonLat) -> Self {
        Bd09::of(place).into()
    }
}

impl From<Gcj02> for Bd09 {
    fn from(Gcj02 { lon, lat }: Gcj02) -> Self {
        let [lon, lat] = shifted_twice([lon, lat]);
        Self { lon, lat }
    }
}

impl From<Bd09> for Gcj02 {
    fn from(Bd09 { lon, lat }: Bd09) -> Self {
        let [lon, lat] = undo([lon, lat], shifted_twice);
        Self { lon, lat }
    }
}

impl From<Bd09> for Bd09Mc {
    fn from(Bd09 { lon, lat }: Bd09) -> Self {
        let band = LATITUDE_BANDS.iter().position(|from| lat.abs() >= *from).unwrap_or(LAST_BAND);
        let [x, y] = polynomial([lon, lat], &TO_METRES[band]);
        Self { x, y }
    }
}

impl From<Bd09Mc> for Bd09 {
    fn from(Bd09Mc { x, y }: Bd09Mc) -> Self {
        let band = NORTHING_BANDS.iter().position(|from| y.abs() >= *from).unwrap_or(LAST_BAND);
        let [lon, lat] = polynomial([x, y], &TO_DEGREES[band]);
        Self { lon, lat }
    }
}

/// The rectangle outside which the providers use WGS 84. It contains Seoul and Ulaanbaatar too, which they do
/// not displace: the true limit is an unpublished border.
fn in_china([lon, lat]: [f64; 2]) -> bool {
    (72.004..=137.8347).contains(&lon) && (0.8293..=55.8271).contains(&lat)
}

/// Krasovsky's ellipsoid.
const A: f64 = 6_378_245.0;
const EE: f64 = 0.006_693_421_622_965_943;

/// Converts WGS 84 to GCJ-02.
fn shifted(place: [f64; 2]) -> [f64; 2] {
    if !in_china(place) {
        return place;
    }
    let [lon, lat] = place;
    let (x, y) = (lon - 105.0, lat - 35.0);
    let wave = |amplitude: f64, argument: f64| amplitude * (argument * PI).sin() * 2.0 / 3.0;
    let ripple = wave(20.0, 6.0 * x) + wave(20.0, 2.0 * x);
    let north = -100.0
        + 2.0 * x
        + 3.0 * y
        + 0.2 * y * y
        + 0.1 * x * y
        + 0.2 * x.abs().sqrt()
        + ripple
        + (wave(20.0, y) + wave(40.0, y / 3.0))
        + (wave(160.0, y / 12.0) + wave(320.0, y / 30.0));
    let east = 300.0
        + x
        + 2.0 * y
        + 0.1 * x * x
        + 0.1 * x * y
        + 0.1 * x.abs().sqrt()
        + ripple
        + (wave(20.0, x) + wave(40.0, x / 3.0))
        + (wave(150.0, x / 12.0) + wave(300.0, x / 30.0));
    let (sin, cos) = lat.to_radians().sin_cos();
    let w2 = 1.0 - EE * sin * sin;
    let meridian = A * (1.0 - EE) / (w2 * w2.sqrt());
    let parallel = A / w2.sqrt() * cos;
    [lon + (east / parallel).to_degrees(), lat + (north / meridian).to_degrees()]
}

/// Radians per degree of Baidu's ripple, whose wavelength is an eighth of a degree.
const RIPPLE: f64 = PI * 3000.0 / 180.0;

/// Converts GCJ-02 to BD-09.
fn shifted_twice(place: [f64; 2]) -> [f64; 2] {
    if !in_china(place) {
        return place;
    }
    let [x, y] = place;
    let radius = x.hypot(y) + 2e-5 * (y * RIPPLE).sin();
    let angle = y.atan2(x) + 3e-6 * (x * RIPPLE).cos();
    [radius * angle.cos() + 0.0065, radius * angle.sin() + 0.006]
}

/// Inverts `shift` by iteration: the place that it moves to `to`. The displacement changes by less than a
/// hundredth of the way, so each step gains two digits; the last ones are below a micrometre.
fn undo(to: [f64; 2], shift: impl Fn([f64; 2]) -> [f64; 2]) -> [f64; 2] {
    if !in_china(to) {
        return to;
    }
    let mut place = to;
    for _ in 0..12 {
        let reached = shift(place);
        let missing = [to[0] - reached[0], to[1] - reached[1]];
        place = [place[0] + missing[0], place[1] + missing[1]];
        if missing[0].abs() + missing[1].abs() < 1e-12 {
            break;
        }
    }
    place
}

/// Baidu's Mercator projection is two tables of polynomials, one row for each band: `x` is linear, `y` of the
/// sixth degree in the latitude over the row's last number. The tables are approximate inverses: there and
/// back differs by 1 cm up to 30° north, 4 cm up to 45° and 30 cm beyond, where the one to metres has a step
/// at 45°.
type Polynomial = [f64; 10];

const LAST_BAND: usize = 5;
const LATITUDE_BANDS: [f64; 6] = [75.0, 60.0, 45.0, 30.0, 15.0, 0.0];
const NORTHING_BANDS: [f64; 6] = [12_890_594.86, 8_362_377.87, 5_591_021.0, 3_481_989.83, 1_678_043.12, 0.0];

fn polynomial([x, y]: [f64; 2], row: &Polynomial) -> [f64; 2] {
    let t = y.abs() / row[9];
    let away = row[2..9].iter().rev().fold(0.0, |sum, factor| sum * t + factor);
    [(row[0] + row[1] * x.abs()).copysign(x), away.copysign(y)]
}

/// To metres: `LL2MC` in Baidu's scripts.
#[rustfmt::skip]
const TO_METRES: [Polynomial; 6] = [
    [-0.001_570_210_244_4, 111_320.702_061_693_9, 1_704_480_524_535_203.0, -10_338_987_376_042_340.0, 26_112_667_856_603_880.0, -35_149_669_176_653_700.0, 26_595_700_718_403_920.0, -10_725_012_454_188_240.0, 1_800_819_912_950_474.0, 82.5],
    [0.000_827_782_451_617_252_6, 111_320.702_046_357_8, 647_795_574.667_160_7, -4_082_003_173.641_316, 10_774_905_663.511_42, -15_171_875_531.515_59, 12_053_065_338.621_67, -5_124_939_663.577_472, 913_311_935.951_203_2, 67.5],
    [0.003_373_987_667_65, 111_320.702_020_216_2, 4_481_351.045_890_365, -23_393_751.199_316_62, 79_682_215.471_864_55, -115_964_993.279_725_3, 97_236_711.156_021_45, -43_661_946.337_528_21, 8_477_230.501_135_234, 52.5],
    [0.002_206_364_962_08, 111_320.702_020_912_8, 51_751.861_128_411_31, 3_796_837.749_470_245, 992_013.739_779_101_3, -1_221_952.217_112_87, 1_340_652.697_009_075, -620_943.699_098_431_2, 144_416.929_380_624_1, 37.5],
    [-0.000_344_196_350_436_839_2, 111_320.702_057_685_6, 278.235_398_077_275_2, 2_485_758.690_035_394, 6_070.750_963_243_378, 54_821.183_453_521_18, 9_540.606_633_304_236, -2_710.553_267_466_45, 1_405.483_844_121_726, 22.5],
    [-0.000_321_813_587_861_313_2, 111_320.702_070_161_5, 0.003_693_834_312_89, 823_725.640_279_571_8, 0.461_049_869_090_93, 2_351.343_141_331_292, 1.580_607_842_981_99, 8.777_385_890_782_84, 0.372_388_842_524_24, 7.45],
];

/// To degrees: `MC2LL` in Baidu's scripts.
#[rustfmt::skip]
const TO_DEGREES: [Polynomial; 6] = [
    [1.410_526_172_116_255e-8, 8.983_055_096_488_72e-6, -1.993_983_381_633_1, 200.982_438_310_679_6, -187.240_370_381_554_7, 91.608_751_666_984_3, -23.387_656_496_033_39, 2.571_213_172_961_98, -0.038_010_033_086_53, 17_337_981.2],
    [-7.435_856_389_565_537e-9, 8.983_055_097_726_239e-6, -0.786_252_018_862_89, 96.326_875_997_598_46, -1.852_047_575_298_26, -59.369_359_054_858_77, 47.400_335_492_967_37, -16.507_419_310_638_87, 2.287_866_746_993_75, 10_260_144.86],
    [-3.030_883_460_898_826e-8, 8.983_055_099_835_78e-6, 0.300_713_162_876_16, 59.742_936_184_422_77, 7.357_984_074_871, -25.383_710_026_647_45, 13.453_805_211_109_08, -3.298_837_672_355_84, 0.327_109_053_634_75, 6_856_817.37],
    [-1.981_981_304_930_552e-8, 8.983_055_099_779_535e-6, 0.032_781_828_525_91, 40.316_785_277_057_44, 0.656_592_986_772_77, -4.442_555_344_774_92, 0.853_419_118_052_63, 0.129_233_479_982_04, -0.046_257_360_075_61, 4_482_777.06],
    [3.091_913_710_684_37e-9, 8.983_055_096_812_155e-6, 0.000_069_957_240_62, 23.109_343_041_449_01, -0.000_236_634_905_11, -0.632_181_781_024_2, -0.006_634_944_672_73, 0.034_300_823_979_53, -0.004_660_438_763_32, 2_555_164.4],
    [2.890_871_144_776_878e-9, 8.983_055_095_805_407e-6, -0.000_000_030_682_98, 7.471_370_254_680_32, -0.000_003_539_379_94, -0.021_451_448_610_37, -0.000_012_344_265_96, 0.000_103_229_527_73, -0.000_003_238_903_64, 826_088.5],
];

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn metres(a: [f64; 2], b: [f64; 2]) -> f64 {
        let north = (a[1] - b[1]) * 111_200.0;
        let east = (a[0] - b[0]) * 111_300.0 * a[1].to_radians().cos();
        north.hypot(east)
    }

    /// The common inverse in one step: the displacement at the wrong place, subtracted.
    fn one_step(place: [f64; 2]) -> [f64; 2] {
        let there = shifted(place);
        [2.0 * place[0] - there[0], 2.0 * place[1] - there[1]]
    }

    fn bd_one_step([lon, lat]: [f64; 2]) -> [f64; 2] {
        let (x, y) = (lon - 0.0065, lat - 0.006);
        let radius = x.hypot(y) - 2e-5 * (y * RIPPLE).sin();
        let angle = y.atan2(x) - 3e-6 * (x * RIPPLE).cos();
        [radius * angle.cos(), radius * angle.sin()]
    }

    fn pair(place: LonLat) -> [f64; 2] {
        [place.lon, place.lat]
    }

    /// Converts with this module, which inverts to the last digit.
    fn converted([lon, lat]: [f64; 2], from: &str, to: &str) -> [f64; 2] {
        match (from, to) {
            ("WGS84", "GCJ02") => shifted([lon, lat]),
            ("WGS84", "BD09") => {
                let place = Bd09::of(LonLat { lon, lat });
                [place.lon, place.lat]
            }
            ("GCJ02", "BD09") => shifted_twice([lon, lat]),
            ("GCJ02", "WGS84") => pair(Gcj02 { lon, lat }.into()),
            ("BD09", "WGS84") => pair(Bd09 { lon, lat }.into()),
            ("BD09", "GCJ02") => {
                let place = Gcj02::from(Bd09 { lon, lat });
                [place.lon, place.lat]
            }
            other => panic!("no such pair: {other:?}"),
        }
    }

    /// Converts in one step, as most programs do.
    fn converted_in_one_step(place: [f64; 2], from: &str, to: &str) -> [f64; 2] {
        match (from, to) {
            ("GCJ02", "WGS84") => one_step(place),
            ("BD09", "WGS84") => one_step(bd_one_step(place)),
            ("BD09", "GCJ02") => bd_one_step(place),
            other => panic!("no such pair: {other:?}"),
        }
    }

    /// Whether both are within `tolerance` degrees, plus a digit for the rounding of published values.
    fn same(a: [f64; 2], b: [f64; 2], tolerance: f64) -> bool {
        (0..2).all(|axis| (a[axis] - b[axis]).abs() <= tolerance + 3e-14)
    }

    #[derive(serde::Deserialize)]
    struct Row {
        id: String,
        kind: String,
        src_crs: String,
        dst_crs: String,
        src_lat: f64,
        src_lon: f64,
        dst_lat: f64,
        dst_lon: f64,
        tol_deg: String,
        status: String,
        note: String,
    }

    #[test]
    fn published_pairs_are_reproduced() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/data/gcj02_vectors.csv");
        let rows: Vec<Row> =
            csv::Reader::from_path(path).unwrap().deserialize().map(Result::unwrap).collect();
        assert_eq!(rows.len(), 33);
        for row in rows {
            let (from, to) = ([row.src_lon, row.src_lat], [row.dst_lon, row.dst_lat]);
            let ours = converted(from, &row.src_crs, &row.dst_crs);
            let stepped = || converted_in_one_step(from, &row.src_crs, &row.dst_crs);
            let tolerance = || row.tol_deg.parse::<f64>().unwrap();
            let id = &row.id;
            match (row.kind.as_str(), row.status.as_str()) {
                ("forward" | "inverse_bisect" | "inverse_iterative" | "identity", _) => {
                    assert!(same(ours, to, tolerance()), "{id}: {ours:?}");
                }
                ("inverse_one_step", "published_KNOWN_BAD") => {
                    let words: Vec<&str> =
                        row.note.split("correct one-step = ").nth(1).unwrap().split("; error ").collect();
                    let (lat, lon) = words[0].split_once(',').unwrap();
                    let right: [f64; 2] = [lon.parse().unwrap(), lat.parse().unwrap()];
                    let error: f64 = words[1].strip_suffix(" m").unwrap().parse().unwrap();
                    assert!(same(stepped(), right, 1e-12), "{id}: {:?}", stepped());
                    assert!((metres(right, to) - error).abs() < 0.1, "{id}: {}", metres(right, to));
                    assert!(metres(ours, right) < 5.0, "{id}: {ours:?}");
                }
                ("inverse_one_step" | "inverse_exact_formula", _) => {
                    assert!(same(stepped(), to, tolerance()), "{id}: {:?}", stepped());
                    // The maximum error of one step anywhere in China.
                    assert!(metres(ours, to) < 5.0, "{id}: {ours:?}");
                }
                // No provider displaces Seoul, but it is in the rectangle.
                ("trap", "rule_needs_polygon_mask") => {
                    assert!((100.0..700.0).contains(&metres(ours, to)), "{id}");
                }
                other => panic!("{id}: {other:?} is not tested"),
            }
        }
    }

    /// Baidu's own example, and pairs from the tests of two other programs.
    #[test]
    fn published_metres_are_reproduced() {
        for (lon, lat, x, y) in [
            (116.404, 39.915, 12_958_175.0, 4_825_923.77),
            (121.499, 31.240, 13_525_353.98, 3_641_593.36),
            (120.0, 35.0, 13_358_484.24, 4_139_145.66),
            (120.0, -35.0, 13_358_484.24, -4_139_145.66),
            (-120.0, 35.0, -13_358_484.24, 4_139_145.66),
        ] {
            let place = Bd09Mc::from(Bd09 { lon, lat });
            assert!((place.x - x).abs() < 0.006 && (place.y - y).abs() < 0.006, "{place:?}");
            let back = Bd09::from(Bd09Mc { x, y });
            assert!(metres([back.lon, back.lat], [lon, lat]) < 0.04, "{back:?}");
        }
    }

    /// A wrong digit in a table would make a step at the edge of its band.
    #[test]
    fn bands_are_continuous() {
        for (limit, gap) in [(15.0, 0.012), (30.0, 0.05), (45.0, 0.45)] {
            let [above, below] = [0.0, 1e-9].map(|less| Bd09Mc::from(Bd09 { lon: 116.0, lat: limit - less }));
            assert!(
                (above.y - below.y).abs() < gap && (above.x - below.x).abs() < 0.002,
                "{limit}: {above:?} {below:?}"
            );
        }
        for limit in &NORTHING_BANDS[1..5] {
            let [above, below] = [0.0, 1e-4].map(|less| Bd09::from(Bd09Mc { x: 1.3e7, y: limit - less }));
            assert!(metres([above.lon, above.lat], [below.lon, below.lat]) < 0.15, "{limit}");
        }
    }

    proptest! {
        #[test]
        fn conversions_are_inverse(lon in 73.0..135.5f64, lat in 3.0..54.0f64) {
            let place = LonLat { lon, lat };
            prop_assert!(metres(pair(Gcj02::of(place).into()), [lon, lat]) < 0.001);
            prop_assert!(metres(pair(Bd09::of(place).into()), [lon, lat]) < 0.001);
            let reachable = match lat { ..29.0 => 0.01, ..44.0 => 0.04, _ => 0.3 };
            prop_assert!(metres(pair(Bd09Mc::of(place).into()), [lon, lat]) < reachable);
        }

        #[test]
        fn places_outside_china_are_unchanged(lon in 138.0..180.0f64, lat in -90.0..90.0f64) {
            let place = LonLat { lon, lat };
            prop_assert_eq!(LonLat::from(Gcj02 { lon, lat }), place);
            prop_assert_eq!(LonLat::from(Bd09 { lon, lat }), place);
        }
    }

    #[test]
    fn nan_stays_nan() {
        let nowhere = LonLat::from(Bd09Mc { x: f64::NAN, y: f64::INFINITY });
        assert!(LonLat::new(nowhere.lon, nowhere.lat).is_none());
    }
}
