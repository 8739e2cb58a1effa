//! `circle check`

use crate::args::ReportFormat;
use crate::failure::{Failure, Outcome, summarize};
use crate::{args, input, output};
use circle_reach::Cancel;
use circle_study::quality::{quality, quality_file};
use circle_study::question::no_compounds;
use std::path::Path;

pub(crate) fn run(check: &args::Check) -> Outcome {
    let format = format(check)?;
    let path = check.output.as_deref();
    output::check_output(path, &[&check.city])?;
    let study = input::study(&check.city, None)?;
    let (city, remarks) = (study.city(), quality(&study.edition(None), study.choices(), &Cancel::never())?);
    let report = quality_file(city, &remarks, format.into(), &Cancel::never())?;
    if format == ReportFormat::Csv {
        output::write_csv(path, &check.csv, |out| out.write_all(&report))?;
    } else {
        output::write(path, &report)?;
    }
    summarize(&circle_export::quality_summary(city, &remarks));
    if let Some(advice) = no_compounds(city) {
        summarize(&format!("{advice}\n"));
    }
    Ok(())
}

/// The format of `--format`, else that of the file name's ending, else CSV.
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
