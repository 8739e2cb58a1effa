//! Reads a coordinate reference system from well-known text.

use super::crs::{Crs, CrsError};
use super::transverse::TransverseMercator;
use super::wkt::{WktNode, normalize_name};

const GEOGRAPHIC: &[&str] = &["GEOGCS", "GEOGCRS", "GEODCRS", "GEODETICCRS", "GEOGRAPHICCRS"];
const PROJECTED: &[&str] = &["PROJCS", "PROJCRS", "PROJECTEDCRS"];
/// A degree in radians.
const DEGREE: f64 = 0.017_453_292_519_943;

/// The system in the WKT of a `.prj` or a `GeoPackage`, of ESRI or OGC, first or second edition.
///
/// # Errors
/// If the text is not WKT, or the system is not supported; the message lists the supported ones.
pub(super) fn crs_from_wkt(text: &str) -> Result<Crs, CrsError> {
    let root = WktNode::parse(text).ok_or(CrsError::NotWkt)?;
    // A compound system: a plane or geographic one and a height.
    let root = if root.is(&["COMPD_CS", "COMPOUNDCRS"]) {
        root.children.iter().find(|child| child.is(PROJECTED) || child.is(GEOGRAPHIC)).unwrap_or(&root)
    } else {
        &root
    };
    let name = || root.title().to_owned();
    let datum = WktDatum::of(root)?;
    if root.is(GEOGRAPHIC) {
        return match datum {
            _ if root.unit().is_some_and(|unit| (unit - DEGREE).abs() >= 1e-9) => Err(CrsError::NotDegrees),
            WktDatum::Wgs84 => Ok(Crs::Wgs84),
            WktDatum::Cgcs2000 => Ok(Crs::Cgcs2000),
        };
    }
    if !root.is(PROJECTED) {
        return Err(CrsError::Unsupported { name: root.keyword.to_owned() });
    }
    if root.unit().is_some_and(|unit| (unit - 1.0).abs() > 1e-9) {
        return Err(CrsError::NotMetres { name: name() });
    }
    let method =
        root.find(&["PROJECTION", "METHOD"]).map(|node| normalize_name(node.title())).unwrap_or_default();
    let number = |names: &[&str]| root.parameter(names);
    let projection = TransverseMercator {
        meridian: number(&["centralmeridian", "longitudeofnaturalorigin"]).unwrap_or(0.0),
        scale: number(&["scalefactor", "scalefactoratnaturalorigin"]).unwrap_or(1.0),
        false_easting: number(&["falseeasting"]).unwrap_or(0.0),
        false_northing: number(&["falsenorthing"]).unwrap_or(0.0),
    };
    let origin = number(&["latitudeoforigin", "latitudeofnaturalorigin"]).unwrap_or(0.0);
    let title = normalize_name(root.title());
    let is_web = title.contains("pseudomercator") || title.contains("webmercator");
    match method.as_str() {
        "gausskruger" | "transversemercator" if origin == 0.0 && (0.5..1.5).contains(&projection.scale) => {
            Ok(Crs::Transverse(projection))
        }
        "mercatorauxiliarysphere" | "popularvisualisationpseudomercator" => Ok(Crs::WebMercator),
        "mercator1sp" | "mercator" if is_web => Ok(Crs::WebMercator),
        _ => Err(CrsError::Unsupported { name: name() }),
    }
}

#[derive(Debug, Clone, Copy)]
enum WktDatum {
    Wgs84,
    Cgcs2000,
}

impl WktDatum {
    fn of(root: &WktNode<'_>) -> Result<Self, CrsError> {
        let mut names = vec![normalize_name(root.title())];
        root.each(&mut |node| {
            if node.is(GEOGRAPHIC)
                || node.is(&["DATUM", "GEODETICDATUM", "ENSEMBLE", "BASEGEOGCRS", "BASEGEODCRS"])
            {
                names.push(normalize_name(node.title()));
            }
        });
        let any = |words: &[&str]| names.iter().any(|name| words.iter().any(|word| name.contains(word)));
        let name = || root.title().to_owned();
        if any(&["beijing1954", "beijing54", "xian1980", "xian80", "pulkovo"]) {
            Err(CrsError::UnpublishedDatum { name: name() })
        } else if any(&["cgcs2000", "china2000", "chinageodeticcoordinatesystem2000"]) {
            Ok(Self::Cgcs2000)
        } else if any(&["wgs84", "wgs1984", "worldgeodeticsystem1984"]) {
            Ok(Self::Wgs84)
        } else {
            Err(CrsError::UnknownDatum { name: name() })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// As PROJ 9.5.1 writes them in the editions that ESRI, GDAL and QGIS use.
    #[test]
    fn wkt_of_all_editions_is_read() {
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
            assert_eq!(crs_from_wkt(wkt).map(Crs::name).as_deref(), Ok(expected));
        }
        // The grid of a city has no EPSG code.
        let own = crs_from_wkt(&kruger("Harbin", 126.5, 40_000.0)).unwrap();
        assert_eq!(own.name(), "transverse Mercator at 126.5° east, false easting 40000 m");
        let xian = china
            .replace("China_Geodetic_Coordinate_System_2000", "Xian_1980")
            .replace("China_2000", "Xian_1980");
        assert!(crs_from_wkt(&xian).unwrap_err().to_string().contains("Xian"));
        let nad = wgs.replace("WGS_1984", "North_American_1983");
        assert!(crs_from_wkt(&nad).unwrap_err().to_string().contains("datum"));
    }

    proptest! {
        #[test]
        fn arbitrary_text_never_panics(text in "(PROJCS|GEOGCS|DATUM|UNIT|PARAMETER|[a-z\\[\\](),\"0-9. -]|é){0,40}") {
            let _ = crs_from_wkt(&text);
            let _ = Crs::parse(&text);
        }
    }
}
