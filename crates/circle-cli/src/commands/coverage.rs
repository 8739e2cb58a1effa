//! `circle coverage`

use crate::args::{self, TableFormat};
use crate::failure::{Failure, Outcome};
use crate::{input, output};
use circle_export::{CoverageReport, CoverageSelection, Statement};
use circle_model::Catalogue;
use circle_reach::Network;
use std::path::Path;

pub(crate) fn run(asked: &args::Coverage) -> Outcome {
    let profile = input::profile(&asked.walking.profile)?;
    let rules = input::rules(&asked.rules)?;
    let minutes = input::bands(&asked.minutes)?;
    let format = format(asked)?;
    output::spares(asked.output.as_deref(), &[&asked.city])?;
    let args::Level::Compound = asked.by;
    let city = input::city_for(&asked.city, &asked.walking)?;
    let network = Network::build(&city);
    let catalogue = Catalogue::built_in();
    let coverage = circle_plan::coverage(&network, &catalogue, &profile, &rules, &minutes);
    let report = CoverageReport {
        city: &city,
        catalogue: &catalogue,
        profile: &profile,
        rules: &rules,
        coverage: &coverage,
        sensitivity: None,
    };
    let selection = CoverageSelection::default();
    let bytes = match format {
        TableFormat::Csv => circle_export::coverage_csv(&report, selection),
        TableFormat::Geojson => circle_export::coverage_geojson(&report, selection),
    };
    output::write(asked.output.as_deref(), &bytes)?;
    if format == TableFormat::Csv {
        // A table has no place for it, so it goes beside the table.
        eprintln!("{}", Statement::of(&city).walked_as(&profile).judged_by(&rules));
    }
    Ok(())
}

fn format(asked: &args::Coverage) -> Result<TableFormat, Failure> {
    if let Some(format) = asked.format {
        return Ok(format);
    }
    let path = asked.output.as_deref().filter(|path| *path != Path::new("-"));
    let ending = path.and_then(Path::extension).map(|ending| ending.to_string_lossy().to_lowercase());
    match ending.as_deref() {
        Some("geojson" | "json") => Ok(TableFormat::Geojson),
        Some("csv") => Ok(TableFormat::Csv),
        None if path.is_none() => Ok(TableFormat::Csv),
        _ => {
            Err(Failure::Usage("the file's name says no format that is written: .csv or .geojson".to_owned()))
        }
    }
}
