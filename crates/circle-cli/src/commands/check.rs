//! `circle check`

use crate::args::ReportFormat;
use crate::failure::{Failure, Outcome, summarize};
use crate::{args, input, output};
use circle_export::{FileFormat, Statement, quality_tables};
use circle_model::Catalogue;
use circle_reach::Network;
use std::path::Path;

pub(crate) fn run(check: &args::Check) -> Outcome {
    let format = format(check)?;
    output::spares(check.output.as_deref(), &[&check.city])?;
    let city = input::city(&check.city)?;
    let remarks = circle_plan::quality(&Network::build(&city), &Catalogue::built_in());
    let path = check.output.as_deref();
    match format {
        ReportFormat::Csv => {
            let table = circle_export::quality_csv(&city, &remarks);
            output::write_csv(path, &check.csv, |out| out.write_all(&table))?;
        }
        ReportFormat::Xlsx => {
            let tables = quality_tables(&city, &remarks);
            let book = circle_export::table_file(&tables, FileFormat::Xlsx, &Statement::of(&city))?;
            output::write(path, &book)?;
        }
        ReportFormat::Geojson => output::write(path, &circle_export::quality_geojson(&city, &remarks))?,
    }
    summarize(&circle_export::quality_summary(&city, &remarks));
    if let Some(what) = input::no_compounds(&city) {
        summarize(&format!("{what}\n"));
    }
    Ok(())
}

/// The format asked for, else that of the file's name; CSV of any other name.
fn format(check: &args::Check) -> Result<ReportFormat, Failure> {
    if let Some(format) = check.format {
        return Ok(format);
    }
    let ending = check.output.as_deref().and_then(Path::extension);
    match ending.map(|ending| ending.to_string_lossy().to_lowercase()).as_deref() {
        Some("xlsx") => Ok(ReportFormat::Xlsx),
        Some("geojson" | "json") => Ok(ReportFormat::Geojson),
        Some("gpkg" | "parquet" | "shp") => {
            Err(Failure::Usage("the report is written as .csv, .xlsx or .geojson".to_owned()))
        }
        _ => Ok(ReportFormat::Csv),
    }
}
