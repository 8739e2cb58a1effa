//! The coverage table 覆盖 and its summaries, in every format.

mod carried;
mod csv;
mod geojson;
mod match_ledger;
mod report;
mod rows;
mod summary;
mod tables;
mod verdicts;

pub use carried::{CarriedLedger, FilledRow};
pub use csv::{coverage_columns, coverage_csv, write_coverage_csv};
pub use geojson::{coverage_geojson, write_coverage_geojson};
pub use report::{CoverageReport, CoverageSelection};
pub use summary::coverage_summary;
pub use tables::{CoverageTable, CoverageTables, roll_up_geojson};
pub use verdicts::verdicts_json;
