//! The supported coordinate reference systems, their names, and the conversion of each to and from WGS 84.

use super::transverse::{FALSE_EASTING, TransverseMercator, ZONE_METRES};
use circle_model::{Bd09, Bd09Mc, Gcj02, LonLat};
use std::fmt::Write;

/// A coordinate reference system: the meaning of the two numbers of a place. Longitude or easting comes
/// first.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Crs {
    /// WGS 84 in degrees.
    Wgs84,
    /// GCJ-02 in degrees: Amap, Tencent and most other Chinese web maps.
    Gcj02,
    /// BD-09 in degrees: Baidu.
    Bd09,
    /// BD-09 in metres: Baidu's Mercator.
    Bd09Mc,
    /// CGCS2000 in degrees. Read as WGS 84: they differ by less than a metre.
    Cgcs2000,
    /// Gauss–Krüger on CGCS2000, or UTM.
    Transverse(TransverseMercator),
    /// Web Mercator, EPSG:3857.
    WebMercator,
}

/// A coordinate reference system that is not supported.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CrsError {
    /// No system has this name.
    #[error("unknown coordinate reference system {name:?}; supported are {known}", known = SUPPORTED)]
    UnknownName {
        /// As given.
        name: String,
    },
    /// A system that exists but is not supported.
    #[error("{name} is not supported; supported are {known}", known = SUPPORTED)]
    Unsupported {
        /// Its EPSG code or its title in WKT.
        name: String,
    },
    /// A system on a datum whose shift is not public.
    #[error("{name} is not supported: {why}", why = UNPUBLISHED)]
    UnpublishedDatum {
        /// Its EPSG code or its title in WKT.
        name: String,
    },
    /// A system on an unknown datum.
    #[error("the datum of {name} is unknown; supported are {known}", known = SUPPORTED)]
    UnknownDatum {
        /// Its title in WKT.
        name: String,
    },
    /// A geographic system in another unit than degrees.
    #[error("its angles are not in degrees")]
    NotDegrees,
    /// A projected system in another unit than metres.
    #[error("{name} is not in metres")]
    NotMetres {
        /// Its title in WKT.
        name: String,
    },
    /// A text that is not WKT.
    #[error("its text is not WKT; supported are {known}", known = SUPPORTED)]
    NotWkt,
}

const SUPPORTED: &str = "wgs84 (GPS), gcj02 (高德, 腾讯), bd09 (百度), bd09mc, cgcs2000 (天地图), EPSG:4326, EPSG:4490, EPSG:4491 to 4554 (CGCS2000 \
                     Gauss–Krüger), EPSG:3857, EPSG:32601 to 32660 (UTM north)";
const UNPUBLISHED: &str = "the shift from Beijing 1954 and Xian 1980 to WGS 84 is not public and differs from place \
                      to place; ask the producer of the file for a version in CGCS2000";

impl Crs {
    /// The system of a name in `OWN.toml`: an English or Chinese name, an EPSG code or a URN, in any case.
    ///
    /// ```
    /// use circle_sheet::datum::Crs;
    /// assert_eq!(Crs::parse("高德"), Ok(Crs::Gcj02));
    /// assert_eq!(Crs::parse("urn:ogc:def:crs:EPSG::4490"), Ok(Crs::Cgcs2000));
    /// assert!(Crs::parse("EPSG:2360").is_err()); // Xian 1980
    /// ```
    ///
    /// # Errors
    /// If there is no such system or it is not supported; the message lists the supported ones.
    pub fn parse(text: &str) -> Result<Self, CrsError> {
        let plain: String =
            text.chars().filter(|c| !matches!(c, '-' | '_' | ' ')).collect::<String>().to_ascii_lowercase();
        Ok(match plain.as_str() {
            "wgs84"
            | "crs84"
            | "ogc:crs84"
            | "urn:ogc:def:crs:ogc:1.3:crs84"
            | "urn:ogc:def:crs:ogc::crs84"
            | "gps"
            | "gps坐标"
            | "地球坐标"
            | "地球坐标系" => Self::Wgs84,
            "gcj02" | "amap" | "tencent" | "高德" | "高德地图" | "腾讯" | "腾讯地图" | "火星"
            | "火星坐标" | "火星坐标系" | "国测局" => Self::Gcj02,
            "bd09" | "bd09ll" | "baidu" | "百度" | "百度地图" => Self::Bd09,
            "bd09mc" | "百度墨卡托" => Self::Bd09Mc,
            "cgcs2000" | "天地图" | "国家2000" | "大地2000" | "2000国家大地坐标系" => {
                Self::Cgcs2000
            }
            _ => {
                let code = plain.strip_prefix("urn:ogc:def:crs:").unwrap_or(&plain).strip_prefix("epsg:");
                let code = code.map(|code| code.rsplit(':').next().unwrap_or(code));
                return match code.unwrap_or(&plain).parse() {
                    Ok(code) => Self::from_epsg(code),
                    Err(_) => Err(CrsError::UnknownName { name: text.to_owned() }),
                };
            }
        })
    }

    /// Whether a word in `OWN.toml` requests detection.
    pub fn requests_detection(word: &str) -> bool {
        matches!(word.trim().to_ascii_lowercase().as_str(), "detect" | "检测" | "自动" | "未知" | "不详")
    }

    /// The system of an EPSG code.
    ///
    /// # Errors
    /// If it is not supported.
    pub fn from_epsg(code: u32) -> Result<Self, CrsError> {
        let kruger = |meridian: u32, zone: Option<u32>| {
            let false_easting = f64::from(zone.unwrap_or(0)) * ZONE_METRES + FALSE_EASTING;
            Self::Transverse(TransverseMercator {
                meridian: f64::from(meridian),
                false_easting,
                ..TransverseMercator::GAUSS_KRUGER
            })
        };
        Ok(match code {
            4326 => Self::Wgs84,
            4490 => Self::Cgcs2000,
            4491..=4501 => kruger((code - 4491) * 6 + 75, Some(code - 4491 + 13)),
            4502..=4512 => kruger((code - 4502) * 6 + 75, None),
            4513..=4533 => kruger((code - 4513) * 3 + 75, Some(code - 4513 + 25)),
            4534..=4554 => kruger((code - 4534) * 3 + 75, None),
            3857 | 3785 | 900_913 | 102_100 => Self::WebMercator,
            32601..=32660 => Self::Transverse(TransverseMercator::utm(code - 32600)),
            2327..=2442 | 4214 | 4555 | 4610 | 21413..=21463 => {
                return Err(CrsError::UnpublishedDatum { name: format!("EPSG:{code}") });
            }
            _ => return Err(CrsError::Unsupported { name: format!("EPSG:{code}") }),
        })
    }

    /// The place in WGS 84; `None` for numbers that cannot be a place in this system.
    pub fn to_wgs84(self, [x, y]: [f64; 2]) -> Option<LonLat> {
        let degrees = LonLat::new(x, y);
        let place = match self {
            Self::Wgs84 | Self::Cgcs2000 => degrees?,
            Self::Gcj02 => degrees.map(|at| Gcj02 { lon: at.lon, lat: at.lat })?.into(),
            Self::Bd09 => degrees.map(|at| Bd09 { lon: at.lon, lat: at.lat })?.into(),
            // Baidu's map ends at 74°.
            Self::Bd09Mc if x.abs() <= 20_037_727.0 && y.abs() <= 12_475_000.0 => Bd09Mc { x, y }.into(),
            Self::WebMercator if x.abs().max(y.abs()) <= WEB_MERCATOR_EDGE => {
                let [lon, lat] = [x / WEB_MERCATOR_RADIUS, (y / WEB_MERCATOR_RADIUS).sinh().atan()];
                LonLat { lon: lon.to_degrees(), lat: lat.to_degrees() }
            }
            Self::Transverse(projection) => projection.unproject([x, y])?,
            Self::Bd09Mc | Self::WebMercator => return None,
        };
        LonLat::new(place.lon, place.lat)
    }

    /// The two numbers of a place in this system: the inverse of [`to_wgs84`](Self::to_wgs84), to less than a
    /// millimetre. `NaN` if the projection is not defined there.
    pub fn coordinates_of(self, place: LonLat) -> [f64; 2] {
        match self {
            Self::Wgs84 | Self::Cgcs2000 => [place.lon, place.lat],
            Self::Gcj02 => {
                let at = Gcj02::of(place);
                [at.lon, at.lat]
            }
            Self::Bd09 => {
                let at = Bd09::of(place);
                [at.lon, at.lat]
            }
            Self::Bd09Mc => {
                let at = Bd09Mc::of(place);
                [at.x, at.y]
            }
            Self::WebMercator => [
                place.lon.to_radians() * WEB_MERCATOR_RADIUS,
                place.lat.to_radians().tan().asinh() * WEB_MERCATOR_RADIUS,
            ],
            Self::Transverse(projection) => projection.project(place).unwrap_or([f64::NAN; 2]),
        }
    }

    /// Its name as in `OWN.toml`; a description if it has none.
    pub fn name(self) -> String {
        match self {
            Self::Wgs84 => "wgs84".to_owned(),
            Self::Gcj02 => "gcj02".to_owned(),
            Self::Bd09 => "bd09".to_owned(),
            Self::Bd09Mc => "bd09mc".to_owned(),
            Self::Cgcs2000 => "cgcs2000".to_owned(),
            Self::WebMercator => "EPSG:3857".to_owned(),
            Self::Transverse(projection) => transverse_name(projection),
        }
    }

    /// Whether the numbers are degrees.
    pub fn in_degrees(self) -> bool {
        matches!(self, Self::Wgs84 | Self::Gcj02 | Self::Bd09 | Self::Cgcs2000)
    }
}

/// Radius of the sphere, in metres.
const WEB_MERCATOR_RADIUS: f64 = 6_378_137.0;
/// Largest coordinate, in metres.
const WEB_MERCATOR_EDGE: f64 = 20_037_508.35;

/// The EPSG code of a projection, else its parameters.
fn transverse_name(projection: TransverseMercator) -> String {
    let code = (4491..=4554)
        .chain(32601..=32660)
        .rev()
        .find(|code| Crs::from_epsg(*code) == Ok(Crs::Transverse(projection)));
    if let Some(code) = code {
        return format!("EPSG:{code}");
    }
    let TransverseMercator { meridian, scale, false_easting, false_northing } = projection;
    let mut name = format!("transverse Mercator at {meridian}° east, false easting {false_easting} m");
    // Writing to a string does not fail.
    if false_northing != 0.0 {
        let _ = write!(name, ", false northing {false_northing} m");
    }
    if (scale - 1.0).abs() > 1e-12 {
        let _ = write!(name, ", scale {scale}");
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn crs(name: &str) -> Crs {
        Crs::parse(name).unwrap()
    }

    /// Computed by PROJ 9.5.1 from degrees in EPSG:4490 (or 4326 for the last two of each city).
    const PROJ: [(&str, [f64; 2], [f64; 2]); 18] = [
        ("EPSG:4530", [42_549_980.053_9, 5_069_244.115_1], HARBIN),
        ("EPSG:4551", [549_980.053_9, 5_069_244.115_1], HARBIN),
        ("EPSG:4500", [22_316_575.027_1, 5_071_747.616_1], HARBIN),
        ("EPSG:4511", [316_575.027_1, 5_071_747.616_1], HARBIN),
        ("EPSG:3857", [14_097_767.480_8, 5_741_445.580_1], HARBIN),
        ("EPSG:32652", [316_648.397_1, 5_069_718.917_2], HARBIN),
        ("EPSG:4525", [37_555_823.615_3, 4_520_794.620_5], HOHHOT),
        ("EPSG:4546", [555_823.615_3, 4_520_794.620_5], HOHHOT),
        ("EPSG:4497", [19_555_823.615_3, 4_520_794.620_5], HOHHOT),
        ("EPSG:4508", [555_823.615_3, 4_520_794.620_5], HOHHOT),
        ("EPSG:3857", [12_430_123.585_1, 4_985_827.848_8], HOHHOT),
        ("EPSG:32649", [555_801.285_8, 4_518_986.302_8], HOHHOT),
        ("EPSG:4523", [35_410_479.423_6, 3_393_319.175_5], CHENGDU),
        ("EPSG:4544", [410_479.423_6, 3_393_319.175_5], CHENGDU),
        ("EPSG:4496", [18_410_479.423_6, 3_393_319.175_5], CHENGDU),
        ("EPSG:4507", [410_479.423_6, 3_393_319.175_5], CHENGDU),
        ("EPSG:3857", [11_584_574.128_9, 3_588_283.722_9], CHENGDU),
        ("EPSG:32648", [410_515.231_8, 3_391_961.847_9], CHENGDU),
    ];
    const HARBIN: [f64; 2] = [126.642_4, 45.756_7];
    const HOHHOT: [f64; 2] = [111.661_7, 40.82];
    const CHENGDU: [f64; 2] = [104.066, 30.657];

    #[test]
    fn plane_coordinates_equal_those_of_proj() {
        for (name, plane, [lon, lat]) in PROJ {
            let place = crs(name).to_wgs84(plane).unwrap();
            let off = ((place.lon - lon) * 78_000.0).hypot((place.lat - lat) * 111_200.0);
            assert!(off < 0.000_2, "{name}: {place:?}, {off} m");
            let [x, y] = crs(name).coordinates_of(LonLat { lon, lat });
            assert!((x - plane[0]).hypot(y - plane[1]) < 0.000_2, "{name}: {x} {y}");
        }
    }

    #[test]
    fn names_codes_and_urns_are_parsed() {
        for (text, crs) in [
            ("WGS84", Crs::Wgs84),
            ("wgs-84", Crs::Wgs84),
            ("epsg:4326", Crs::Wgs84),
            ("urn:ogc:def:crs:OGC:1.3:CRS84", Crs::Wgs84),
            ("urn:ogc:def:crs:EPSG::4490", Crs::Cgcs2000),
            ("GCJ-02", Crs::Gcj02),
            ("BD09", Crs::Bd09),
            ("bd09mc", Crs::Bd09Mc),
            ("3857", Crs::WebMercator),
        ] {
            assert_eq!(Crs::parse(text), Ok(crs), "{text}");
            assert_eq!(Crs::parse(&crs.name()), Ok(crs));
        }
        for code in (4491..=4554).chain(32601..=32660) {
            let crs = Crs::from_epsg(code).unwrap();
            assert_eq!(Crs::parse(&crs.name()), Ok(crs), "EPSG:{code} is {}", crs.name());
        }
        assert!(Crs::parse("mars").unwrap_err().to_string().contains("gcj02"));
        assert!(Crs::parse("EPSG:31467").unwrap_err().to_string().contains("EPSG:4490"));
        assert!(Crs::parse("EPSG:2360").unwrap_err().to_string().contains("Xian"));
        for nothing in ["", "EPSG:", "detect", "99999999999999"] {
            assert!(Crs::parse(nothing).is_err(), "{nothing}");
        }
    }

    #[test]
    fn numbers_outside_the_range_of_a_system_are_rejected() {
        for crs in
            ["wgs84", "gcj02", "bd09", "bd09mc", "cgcs2000", "EPSG:3857", "EPSG:4530", "EPSG:32652"].map(crs)
        {
            for numbers in [[f64::NAN, 45.0], [126.0, f64::INFINITY], [1e9, 1e9], [-1e300, 0.0]] {
                assert_eq!(crs.to_wgs84(numbers), None, "{crs:?} {numbers:?}");
            }
        }
        // An easting without the number of its zone.
        assert_eq!(crs("EPSG:4530").to_wgs84([549_980.0, 5_069_244.0]), None);
        assert_eq!(crs("wgs84").to_wgs84([549_980.0, 5_069_244.0]), None);
    }

    proptest! {
        #[test]
        fn conversions_to_and_from_a_system_are_inverse(lon in 123.0..129.0f64, lat in 18.0..53.0f64) {
            for name in ["EPSG:4551", "EPSG:4530", "EPSG:32651", "EPSG:3857", "bd09", "gcj02"] {
                let back = crs(name).to_wgs84(crs(name).coordinates_of(LonLat { lon, lat })).unwrap();
                prop_assert!((back.lon - lon).abs() < 1e-9 && (back.lat - lat).abs() < 1e-9, "{}: {:?}", name, back);
            }
        }
    }
}
