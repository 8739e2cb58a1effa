//! The coordinates that planners' files come in, and the way from each to WGS 84.

use circle_model::{Bd09, Bd09Mc, Gcj02, LonLat};
use proj4rs::Proj;
use std::fmt::Write;
use std::sync::LazyLock;

/// What the two numbers of a place mean. They are always longitude or easting first.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Crs {
    Wgs84,
    /// Amap, Tencent and most other Chinese web maps.
    Gcj02,
    /// Baidu in degrees.
    Bd09,
    /// Baidu in metres.
    Bd09Mc,
    /// China's own in degrees. Taken as WGS 84: they differ by less than a metre.
    Cgcs2000,
    /// Gauss–Krüger on CGCS2000, or UTM.
    Transverse(Belt),
    WebMercator,
}

/// A transverse Mercator from the equator.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Belt {
    /// Degrees east.
    pub(crate) meridian: f64,
    /// On the central meridian: 1 in Gauss–Krüger, 0.9996 in UTM.
    pub(crate) scale: f64,
    /// Metres, 10⁶ per zone included where eastings begin with the zone's number.
    pub(crate) false_easting: f64,
    pub(crate) false_northing: f64,
}

/// What there is, for the error message.
const KNOWN: &str = "wgs84 (GPS), gcj02 (高德, 腾讯), bd09 (百度), bd09mc, cgcs2000 (天地图), EPSG:4326, EPSG:4490, EPSG:4491 to 4554 (CGCS2000 \
                     Gauss–Krüger), EPSG:3857, EPSG:32601 to 32660 (UTM north)";
/// Why there is no Beijing 1954 and no Xian 1980.
const SECRET: &str = "how Beijing 1954 and Xian 1980 lie to WGS 84 is not public and differs from place to place: \
                      have the file converted to CGCS2000 by whoever made it";

impl Crs {
    /// The name as in `OWN.toml`, in any case.
    ///
    /// # Errors
    /// A sentence that lists what there is.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
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
                    Err(_) => Err(format!("no coordinates are called {text:?}; there are {KNOWN}")),
                };
            }
        })
    }

    /// Whether a word in `OWN.toml` asks to find out.
    pub(crate) fn is_open(word: &str) -> bool {
        matches!(word.trim().to_ascii_lowercase().as_str(), "detect" | "检测" | "自动" | "未知" | "不详")
    }

    fn from_epsg(code: u32) -> Result<Self, String> {
        let kruger = |meridian: u32, zone: Option<u32>| {
            let false_easting = f64::from(zone.unwrap_or(0)) * ZONE_METRES + HALF_ZONE_METRES;
            Self::Transverse(Belt { meridian: f64::from(meridian), false_easting, ..Belt::KRUGER })
        };
        Ok(match code {
            4326 => Self::Wgs84,
            4490 => Self::Cgcs2000,
            4491..=4501 => kruger((code - 4491) * 6 + 75, Some(code - 4491 + 13)),
            4502..=4512 => kruger((code - 4502) * 6 + 75, None),
            4513..=4533 => kruger((code - 4513) * 3 + 75, Some(code - 4513 + 25)),
            4534..=4554 => kruger((code - 4534) * 3 + 75, None),
            3857 | 3785 | 900_913 | 102_100 => Self::WebMercator,
            32601..=32660 => Self::Transverse(Belt::utm(code - 32600)),
            2327..=2442 | 4214 | 4555 | 4610 | 21413..=21463 => {
                return Err(format!("EPSG:{code} is not read: {SECRET}"));
            }
            _ => return Err(format!("EPSG:{code} is not read; there are {KNOWN}")),
        })
    }

    /// What a `.prj` beside a Shapefile, or a GeoPackage, says: WKT of ESRI or of OGC, first or second edition.
    ///
    /// # Errors
    /// A sentence that says what is not read, and lists what there is.
    pub(crate) fn from_wkt(text: &str) -> Result<Self, String> {
        let root = Wkt::parse(text).ok_or_else(|| format!("this is no WKT; there are {KNOWN}"))?;
        // A compound of a plane and a height.
        let root = if root.is(&["COMPD_CS", "COMPOUNDCRS"]) {
            root.children.iter().find(|child| child.is(PROJECTED) || child.is(GEOGRAPHIC)).unwrap_or(&root)
        } else {
            &root
        };
        let datum = Datum::of(root)?;
        let degree = |unit: Option<f64>| unit.is_none_or(|unit| (unit - 0.017_453_292_519_943).abs() < 1e-9);
        if root.is(GEOGRAPHIC) {
            return match datum {
                _ if !degree(root.unit()) => Err("its angles are not in degrees".to_owned()),
                Datum::Wgs84 => Ok(Self::Wgs84),
                Datum::Cgcs2000 => Ok(Self::Cgcs2000),
            };
        }
        if !root.is(PROJECTED) {
            return Err(format!("{} is not read; there are {KNOWN}", root.keyword));
        }
        if root.unit().is_some_and(|unit| (unit - 1.0).abs() > 1e-9) {
            return Err(format!("{} is not in metres", root.title()));
        }
        let method =
            root.find(&["PROJECTION", "METHOD"]).map(|node| normal(node.title())).unwrap_or_default();
        let number = |names: &[&str]| root.parameter(names);
        let belt = Belt {
            meridian: number(&["centralmeridian", "longitudeofnaturalorigin"]).unwrap_or(0.0),
            scale: number(&["scalefactor", "scalefactoratnaturalorigin"]).unwrap_or(1.0),
            false_easting: number(&["falseeasting"]).unwrap_or(0.0),
            false_northing: number(&["falsenorthing"]).unwrap_or(0.0),
        };
        let origin = number(&["latitudeoforigin", "latitudeofnaturalorigin"]).unwrap_or(0.0);
        let named_web =
            normal(root.title()).contains("pseudomercator") || normal(root.title()).contains("webmercator");
        match method.as_str() {
            "gausskruger" | "transversemercator" if origin == 0.0 && (0.5..1.5).contains(&belt.scale) => {
                Ok(Self::Transverse(belt))
            }
            "mercatorauxiliarysphere" | "popularvisualisationpseudomercator" => Ok(Self::WebMercator),
            "mercator1sp" | "mercator" if named_web => Ok(Self::WebMercator),
            _ => Err(format!("{} is not read; there are {KNOWN}", root.title())),
        }
    }

    /// The place in WGS 84; `None` for numbers that cannot be one in these coordinates.
    pub(crate) fn to_wgs84(self, [x, y]: [f64; 2]) -> Option<LonLat> {
        let degrees = LonLat::new(x, y);
        let place = match self {
            Self::Wgs84 | Self::Cgcs2000 => degrees?,
            Self::Gcj02 => degrees.map(|at| Gcj02 { lon: at.lon, lat: at.lat })?.into(),
            Self::Bd09 => degrees.map(|at| Bd09 { lon: at.lon, lat: at.lat })?.into(),
            // Baidu's map ends at 74°.
            Self::Bd09Mc if x.abs() <= 20_037_727.0 && y.abs() <= 12_475_000.0 => Bd09Mc { x, y }.into(),
            Self::WebMercator if x.abs().max(y.abs()) <= WEB_HALF => {
                let [lon, lat] = [x / WEB_RADIUS, (y / WEB_RADIUS).sinh().atan()];
                LonLat { lon: lon.to_degrees(), lat: lat.to_degrees() }
            }
            Self::Transverse(belt) => belt.to_degrees([x, y])?,
            Self::Bd09Mc | Self::WebMercator => return None,
        };
        LonLat::new(place.lon, place.lat)
    }

    /// The way back.
    #[cfg(test)]
    pub(crate) fn of(self, place: LonLat) -> [f64; 2] {
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
            Self::WebMercator => {
                [place.lon.to_radians() * WEB_RADIUS, place.lat.to_radians().tan().asinh() * WEB_RADIUS]
            }
            Self::Transverse(belt) => belt.of(place),
        }
    }

    /// As `OWN.toml` may say it, where it has a name.
    pub(crate) fn name(self) -> String {
        match self {
            Self::Wgs84 => "wgs84".to_owned(),
            Self::Gcj02 => "gcj02".to_owned(),
            Self::Bd09 => "bd09".to_owned(),
            Self::Bd09Mc => "bd09mc".to_owned(),
            Self::Cgcs2000 => "cgcs2000".to_owned(),
            Self::WebMercator => "EPSG:3857".to_owned(),
            Self::Transverse(belt) => belt.name(),
        }
    }

    /// Whether the numbers are degrees.
    pub(crate) fn in_degrees(self) -> bool {
        matches!(self, Self::Wgs84 | Self::Gcj02 | Self::Bd09 | Self::Cgcs2000)
    }
}

const WEB_RADIUS: f64 = 6_378_137.0;
const WEB_HALF: f64 = 20_037_508.35;

/// Room that a zone's number leaves for eastings.
pub(crate) const ZONE_METRES: f64 = 1_000_000.0;
/// Easting of the central meridian, which keeps eastings positive.
const HALF_ZONE_METRES: f64 = 500_000.0;
/// No belt is used farther from its meridian: 12° on the equator.
const FARTHEST_EASTING: f64 = 1_400_000.0;

/// The belt round Greenwich by the series of Engsager and Poder, exact to less than a millimetre; all others are this
/// one, moved. CGCS2000 and WGS 84 have ellipsoids that differ by a tenth of a millimetre.
static BELT: LazyLock<Option<(Proj, Proj)>> = LazyLock::new(|| {
    let belt = Proj::from_proj_string("+proj=etmerc +ellps=GRS80 +lon_0=0 +lat_0=0 +k=1 +x_0=0 +y_0=0");
    let degrees = Proj::from_proj_string("+proj=longlat +ellps=GRS80");
    Some((belt.ok()?, degrees.ok()?))
});

impl Belt {
    /// A 3° or 6° zone of Gauss–Krüger, its meridian left open and no zone's number in front.
    pub(crate) const KRUGER: Self =
        Self { meridian: 0.0, scale: 1.0, false_easting: HALF_ZONE_METRES, false_northing: 0.0 };

    /// A zone of UTM, 1 to 60.
    pub(crate) fn utm(zone: u32) -> Self {
        Self { meridian: f64::from(zone) * 6.0 - 183.0, scale: 0.999_6, ..Self::KRUGER }
    }

    fn to_degrees(self, [x, y]: [f64; 2]) -> Option<LonLat> {
        let (belt, degrees) = BELT.as_ref()?;
        let (x, y) = ((x - self.false_easting) / self.scale, (y - self.false_northing) / self.scale);
        if x.abs().is_nan() || x.abs() > FARTHEST_EASTING || y.is_nan() || y.abs() > 10_002_000.0 {
            return None;
        }
        let mut place = (x, y, 0.0);
        proj4rs::transform::transform(belt, degrees, &mut place).ok()?;
        let lon = place.0.to_degrees() + self.meridian;
        LonLat::new((lon + 540.0).rem_euclid(360.0) - 180.0, place.1.to_degrees())
    }

    #[cfg(test)]
    fn of(self, place: LonLat) -> [f64; 2] {
        let mut at = ((place.lon - self.meridian).to_radians(), place.lat.to_radians(), 0.0);
        let done = BELT.as_ref().map(|(belt, degrees)| proj4rs::transform::transform(degrees, belt, &mut at));
        if matches!(done, Some(Ok(()))) {
            [at.0 * self.scale + self.false_easting, at.1 * self.scale + self.false_northing]
        } else {
            [f64::NAN; 2]
        }
    }

    /// Its EPSG code, where it has one.
    fn epsg(self) -> Option<u32> {
        (4491..=4554)
            .chain(32601..=32660)
            .rev()
            .find(|code| Crs::from_epsg(*code) == Ok(Crs::Transverse(self)))
    }

    fn name(self) -> String {
        if let Some(code) = self.epsg() {
            return format!("EPSG:{code}");
        }
        let Self { meridian, scale, false_easting, false_northing } = self;
        let mut name = format!("transverse Mercator at {meridian}° east, false easting {false_easting} m");
        if false_northing != 0.0 {
            let _ = write!(name, ", false northing {false_northing} m");
        }
        if (scale - 1.0).abs() > 1e-12 {
            let _ = write!(name, ", scale {scale}");
        }
        name
    }
}

const GEOGRAPHIC: &[&str] = &["GEOGCS", "GEOGCRS", "GEODCRS", "GEODETICCRS", "GEOGRAPHICCRS"];
const PROJECTED: &[&str] = &["PROJCS", "PROJCRS", "PROJECTEDCRS"];

#[derive(Debug, Clone, Copy)]
enum Datum {
    Wgs84,
    Cgcs2000,
}

impl Datum {
    fn of(root: &Wkt<'_>) -> Result<Self, String> {
        let mut names = vec![normal(root.title())];
        root.each(&mut |node| {
            if node.is(GEOGRAPHIC)
                || node.is(&["DATUM", "GEODETICDATUM", "ENSEMBLE", "BASEGEOGCRS", "BASEGEODCRS"])
            {
                names.push(normal(node.title()));
            }
        });
        let any = |words: &[&str]| names.iter().any(|name| words.iter().any(|word| name.contains(word)));
        if any(&["beijing1954", "beijing54", "xian1980", "xian80", "pulkovo"]) {
            Err(format!("{} is not read: {SECRET}", root.title()))
        } else if any(&["cgcs2000", "china2000", "chinageodeticcoordinatesystem2000"]) {
            Ok(Self::Cgcs2000)
        } else if any(&["wgs84", "wgs1984", "worldgeodeticsystem1984"]) {
            Ok(Self::Wgs84)
        } else {
            Err(format!("the datum of {} is not known; there are {KNOWN}", root.title()))
        }
    }
}

/// Letters and digits of a name, in lower case: editions of WKT disagree about all the rest.
fn normal(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase()
}

/// A node of WKT: `KEYWORD["title", number, CHILD[…], …]`.
#[derive(Debug, Default)]
struct Wkt<'a> {
    keyword: &'a str,
    strings: Vec<&'a str>,
    numbers: Vec<f64>,
    children: Vec<Self>,
}

impl<'a> Wkt<'a> {
    /// Real ones are six deep.
    const DEEPEST: usize = 32;

    fn parse(text: &'a str) -> Option<Self> {
        Self::node(text.trim_start_matches('\u{feff}').trim_start(), 0).map(|(node, _)| node)
    }

    /// A node, and what follows it.
    fn node(text: &'a str, depth: usize) -> Option<(Self, &'a str)> {
        let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(|end| *end > 0)?;
        let mut node = Self { keyword: &text[..end], ..Self::default() };
        let mut rest = text[end..].trim_start();
        // A bare word, such as the direction of an axis.
        let Some(inside) = rest.strip_prefix(['[', '(']).filter(|_| depth < Self::DEEPEST) else {
            return Some((node, rest));
        };
        rest = inside.trim_start();
        loop {
            if let Some(quoted) = rest.strip_prefix('"') {
                let (string, after) = quoted.split_once('"')?;
                node.strings.push(string);
                rest = after;
            } else if rest.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.')) {
                let end = rest.find([',', ']', ')', ' ', '\r', '\n'])?;
                node.numbers.push(rest[..end].parse().ok()?);
                rest = &rest[end..];
            } else {
                let (child, after) = Self::node(rest, depth + 1)?;
                node.children.push(child);
                rest = after;
            }
            rest = rest.trim_start();
            match rest.chars().next()? {
                ',' => rest = rest[1..].trim_start(),
                ']' | ')' => return Some((node, &rest[1..])),
                _ => return None,
            }
        }
    }

    fn is(&self, keywords: &[&str]) -> bool {
        keywords.iter().any(|keyword| self.keyword.eq_ignore_ascii_case(keyword))
    }

    fn title(&self) -> &'a str {
        self.strings.first().copied().unwrap_or_default()
    }

    fn each(&self, visit: &mut impl FnMut(&Self)) {
        visit(self);
        self.children.iter().for_each(|child| child.each(visit));
    }

    /// The first of the children, or of the conversion's.
    fn find(&self, keywords: &[&str]) -> Option<&Self> {
        let conversions = self.children.iter().filter(|child| child.is(&["CONVERSION"]));
        let all = self.children.iter().chain(conversions.flat_map(|conversion| &conversion.children));
        let mut found = all.filter(|child| child.is(keywords));
        found.next()
    }

    fn parameter(&self, names: &[&str]) -> Option<f64> {
        let conversions = self.children.iter().filter(|child| child.is(&["CONVERSION"]));
        let mut all = self.children.iter().chain(conversions.flat_map(|conversion| &conversion.children));
        let named =
            |child: &&Self| child.is(&["PARAMETER"]) && names.contains(&normal(child.title()).as_str());
        all.find(named).and_then(|child| child.numbers.first().copied())
    }

    /// Size of its own unit in metres or radians.
    fn unit(&self) -> Option<f64> {
        let unit = self.children.iter().rev().find(|child| child.is(&["UNIT", "LENGTHUNIT", "ANGLEUNIT"]))?;
        unit.numbers.first().copied()
    }
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
    fn plane_coordinates_are_those_of_proj() {
        for (name, plane, [lon, lat]) in PROJ {
            let place = crs(name).to_wgs84(plane).unwrap();
            let off = ((place.lon - lon) * 78_000.0).hypot((place.lat - lat) * 111_200.0);
            assert!(off < 0.000_2, "{name}: {place:?}, {off} m");
            let [x, y] = crs(name).of(LonLat { lon, lat });
            assert!((x - plane[0]).hypot(y - plane[1]) < 0.000_2, "{name}: {x} {y}");
        }
    }

    #[test]
    fn names() {
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
        assert!(Crs::parse("mars").unwrap_err().contains("gcj02"));
        assert!(Crs::parse("EPSG:31467").unwrap_err().contains("EPSG:4490"));
        assert!(Crs::parse("EPSG:2360").unwrap_err().contains("Xian"));
        for nothing in ["", "EPSG:", "detect", "99999999999999"] {
            assert!(Crs::parse(nothing).is_err(), "{nothing}");
        }
    }

    /// As PROJ 9.5.1 writes them in the editions that ESRI, GDAL and QGIS use.
    #[test]
    fn wkt_of_all_editions() {
        let china = r#"GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]"#;
        let kruger = |name: &str, meridian: f64, easting: f64| {
            format!(
                r#"PROJCS["{name}",{china},PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",{easting:.1}],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",{meridian:.1}],PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]"#
            )
        };
        let gdal = r#"PROJCS["CGCS2000 / 3-degree Gauss-Kruger CM 111E",GEOGCS["China Geodetic Coordinate System 2000",DATUM["China_2000",SPHEROID["CGCS2000",6378137,298.257222101,AUTHORITY["EPSG","1024"]],AUTHORITY["EPSG","1043"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AUTHORITY["EPSG","4490"]],PROJECTION["Transverse_Mercator"],PARAMETER["latitude_of_origin",0],PARAMETER["central_meridian",111],PARAMETER["scale_factor",1],PARAMETER["false_easting",500000],PARAMETER["false_northing",0],UNIT["metre",1,AUTHORITY["EPSG","9001"]],AUTHORITY["EPSG","4546"]]"#;
        let second = r#"PROJCRS["CGCS2000 / 3-degree Gauss-Kruger CM 111E",
            BASEGEOGCRS["China Geodetic Coordinate System 2000",DATUM["China 2000",ELLIPSOID["CGCS2000",6378137,298.257222101,LENGTHUNIT["metre",1]]],PRIMEM["Greenwich",0,ANGLEUNIT["degree",0.0174532925199433]],ID["EPSG",4490]],
            CONVERSION["Gauss-Kruger CM 111E",METHOD["Transverse Mercator",ID["EPSG",9807]],PARAMETER["Latitude of natural origin",0,ANGLEUNIT["degree",0.0174532925199433],ID["EPSG",8801]],PARAMETER["Longitude of natural origin",111,ANGLEUNIT["degree",0.0174532925199433],ID["EPSG",8802]],PARAMETER["Scale factor at natural origin",1,SCALEUNIT["unity",1],ID["EPSG",8805]],PARAMETER["False easting",500000,LENGTHUNIT["metre",1],ID["EPSG",8806]],PARAMETER["False northing",0,LENGTHUNIT["metre",1],ID["EPSG",8807]]],
            CS[Cartesian,2],AXIS["northing (X)",north,ORDER[1],LENGTHUNIT["metre",1]],AXIS["easting (Y)",east,ORDER[2],LENGTHUNIT["metre",1]],ID["EPSG",4546]]"#;
        let wgs = r#"GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]"#;
        let web = format!(
            r#"PROJCS["WGS_1984_Web_Mercator_Auxiliary_Sphere",{wgs},PROJECTION["Mercator_Auxiliary_Sphere"],PARAMETER["Central_Meridian",0.0],PARAMETER["Auxiliary_Sphere_Type",0.0],UNIT["Meter",1.0]]"#
        );
        let utm = format!(
            r#"PROJCS["WGS_1984_UTM_Zone_52N",{wgs},PROJECTION["Transverse_Mercator"],PARAMETER["False_Easting",500000.0],PARAMETER["Central_Meridian",129.0],PARAMETER["Scale_Factor",0.9996],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]"#
        );
        for (wkt, expected) in [
            (china, "cgcs2000"),
            (wgs, "wgs84"),
            (&kruger("CGCS2000_3_Degree_GK_Zone_37", 111.0, 37_500_000.0), "EPSG:4525"),
            (&kruger("CGCS2000_3_Degree_GK_CM_111E", 111.0, 500_000.0), "EPSG:4546"),
            (&kruger("CGCS2000_GK_Zone_20", 117.0, 20_500_000.0), "EPSG:4498"),
            (gdal, "EPSG:4546"),
            (second, "EPSG:4546"),
            (&web, "EPSG:3857"),
            (&utm, "EPSG:32652"),
        ] {
            assert_eq!(Crs::from_wkt(wkt).map(Crs::name).as_deref(), Ok(expected));
        }
        // A grid of a city's own has no code, and is read all the same.
        let own = Crs::from_wkt(&kruger("Harbin", 126.5, 40_000.0)).unwrap();
        assert_eq!(own.name(), "transverse Mercator at 126.5° east, false easting 40000 m");
        let xian = china
            .replace("China_Geodetic_Coordinate_System_2000", "Xian_1980")
            .replace("China_2000", "Xian_1980");
        assert!(Crs::from_wkt(&xian).unwrap_err().contains("Xian"));
        let nad = wgs.replace("WGS_1984", "North_American_1983");
        assert!(Crs::from_wkt(&nad).unwrap_err().contains("datum"));
    }

    #[test]
    fn impossible_numbers_are_no_place() {
        for crs in
            ["wgs84", "gcj02", "bd09", "bd09mc", "cgcs2000", "EPSG:3857", "EPSG:4530", "EPSG:32652"].map(crs)
        {
            for numbers in [[f64::NAN, 45.0], [126.0, f64::INFINITY], [1e9, 1e9], [-1e300, 0.0]] {
                assert_eq!(crs.to_wgs84(numbers), None, "{crs:?} {numbers:?}");
            }
        }
        // Without the zone's number.
        assert_eq!(crs("EPSG:4530").to_wgs84([549_980.0, 5_069_244.0]), None);
        assert_eq!(crs("wgs84").to_wgs84([549_980.0, 5_069_244.0]), None);
    }

    proptest! {
        #[test]
        fn no_wkt_is_a_panic(text in "(PROJCS|GEOGCS|DATUM|UNIT|PARAMETER|[a-z\\[\\](),\"0-9. -]|é){0,40}") {
            let _ = Crs::from_wkt(&text);
            let _ = Crs::parse(&text);
        }

        #[test]
        fn there_and_back(lon in 123.0..129.0f64, lat in 18.0..53.0f64) {
            for name in ["EPSG:4551", "EPSG:4530", "EPSG:32651", "EPSG:3857", "bd09", "gcj02"] {
                let back = crs(name).to_wgs84(crs(name).of(LonLat { lon, lat })).unwrap();
                prop_assert!((back.lon - lon).abs() < 1e-9 && (back.lat - lat).abs() < 1e-9, "{}: {:?}", name, back);
            }
        }
    }
}
