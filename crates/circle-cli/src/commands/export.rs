//! `circle export`

use crate::args::CoverageFormat;
use crate::failure::{Outcome, summarize};
use crate::tabular::{self, Written};
use crate::{args, input, output};
use circle_export::{Collection, Statement};
use circle_model::{Catalogue, City};
use std::fmt::Write;

pub(crate) fn run(asked: &args::Export) -> Outcome {
    let Some(collection) = asked.layer.as_deref().and_then(Collection::find) else {
        let city = input::city(&asked.city)?;
        return Ok(output::write(None, list(&city).as_bytes())?);
    };
    let format = tabular::format(asked.format, asked.output.as_deref())?;
    tabular::spares(asked.output.as_deref(), format, std::slice::from_ref(&asked.city))?;
    let city = input::city(&asked.city)?;
    let (catalogue, statement) = (Catalogue::built_in(), Statement::of(&city));
    let written = if format == CoverageFormat::Geojson {
        let rows: Vec<u32> = collection.rows(&city).collect();
        Written::whole(collection.features_json(&city, &catalogue, &rows, circle_export::JsonObject::new()))
    } else {
        let table = collection.table(&city, &catalogue);
        let rows: Vec<u32> = collection.rows(&city).collect();
        // A map has the place itself.
        let is_map = matches!(format, CoverageFormat::Gpkg | CoverageFormat::Parquet);
        tabular::encode(
            &[if is_map {
                table
            } else {
                table.with_coordinates(|row| Some(collection.point(&city, rows[row] as usize)))
            }],
            format,
            &statement,
        )?
    };
    tabular::write(asked.output.as_deref(), written, &asked.csv, &statement)?;
    if asked.output.is_some() {
        let features = circle_export::counted(collection.len(&city), "feature");
        summarize(&format!("{}: {features}\n", collection.title()));
    }
    Ok(())
}

/// The layers, their numbers of features, and what they are.
fn list(city: &City) -> String {
    let mut text = String::new();
    for collection in Collection::ALL {
        let _ = writeln!(text, "{:<14}{:>9}  {}", collection.id(), collection.len(city), collection.title());
    }
    text
}
