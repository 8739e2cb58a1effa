//! One reader for each format.

pub(crate) mod csv;
pub(crate) mod geojson;
pub(crate) mod geopackage;
pub(crate) mod kml;
pub(crate) mod ods;
pub(crate) mod shapefile;
pub(crate) mod xls;
pub(crate) mod xlsx;
