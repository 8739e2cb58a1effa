//! Writes answers in standard formats: `GeoJSON`, CSV, XLSX, `GeoPackage`, GeoParquet, vector tiles. Knows no HTTP and no
//! files.
//!
//! | answer | functions |
//! | --- | --- |
//! | isochrones | [`isochrones`], [`isochrones_from_many`] |
//! | facilities within reach | [`reach_geojson`] |
//! | one walk | [`explain_geojson`] |
//! | the coverage table | [`coverage_geojson`], [`coverage_csv`], [`verdicts_json`], [`CoverageTables`], [`coverage_summary`] |
//! | names for search | [`names_json`], [`find_compounds`], [`find_units`] |
//! | the comparison of two cities | [`ComparisonReport`] |
//! | verdicts to check by hand | [`Audit`] |
//! | walking times | [`times_csv`] |
//! | compounds, gates, facilities, units, buildings, candidates, access points | [`Collection`] |
//! | the data-quality report | [`quality_csv`], [`quality_geojson`], [`quality_summary`] |
//! | the base map | [`TileIndex`] |
//! | figures of a city | [`info`] |
//! | any [`TypedTable`] | [`workbook`], [`geopackage`], [`geoparquet`], [`typed_csv`], [`typed_geojson`], or [`table_file`] |
//!
//! Every `GeoJSON` has a [`Statement`] of its data and assumptions; the same input gives the same bytes. Ids are keys
//! (`docs/identity.md`), never rows; a missing value is `null`.

mod audit;
mod categories;
mod collections;
mod comparison;
mod coordinates;
mod coverage;
mod csvw;
mod error;
mod explain;
mod geometry;
mod geopackage;
mod geoparquet;
mod info;
mod isochrone;
mod look;
mod names;
mod number;
mod origin;
mod quality;
mod reach;
mod statement;
mod table;
mod table_file;
mod tiles;
mod times;
mod typed;
mod typed_csv;
mod typed_geojson;
mod wkb;
mod words;
mod written;
mod xlsx;

pub use audit::Audit;
pub use collections::{Collection, Property, Value};
pub use comparison::ComparisonReport;
pub use coverage::{
    CarriedLedger, CoverageReport, CoverageSelection, CoverageTable, CoverageTables, FilledRow,
    coverage_columns, coverage_csv, coverage_geojson, coverage_summary, roll_up_geojson, verdicts_json,
    write_coverage_csv, write_coverage_geojson,
};
pub use csvw::csv_metadata;
pub use error::ExportError;
pub use explain::explain_geojson;
pub use geojson::JsonObject;
pub use geopackage::geopackage;
pub use geoparquet::geoparquet;
pub use info::{category_counts, info, population_estimate};
pub use isochrone::{IsochroneAnswer, isochrones, isochrones_from_many};
pub use names::{Fit, NameMatches, find_compounds, find_units, names_json};
pub use number::counted;
pub use origin::{OriginGate, OriginSummary};
pub use quality::{
    own_files_summary, quality_csv, quality_geojson, quality_summary, quality_table, quality_tables,
};
pub use reach::{ReachAnswer, reach_geojson};
pub use statement::{Before, Statement};
pub use table::text_cell;
pub use table_file::{FileFormat, table_file};
pub use tiles::TileIndex;
pub use times::times_csv;
pub use typed::{
    Bar, Cell, Kind, MapStyle, PrintForm, StyledBy, StyledWord, TableColumn, TableGeometry, TextId,
    TypedTable,
};
pub use typed_csv::typed_csv;
pub use typed_geojson::typed_geojson;
pub use xlsx::workbook;
