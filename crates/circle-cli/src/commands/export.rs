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
    tabular::check_output(asked.output.as_deref(), format, std::slice::from_ref(&asked.city))?;
    let city = input::city(&asked.city)?;
    let statement = Statement::of(&city);
    let written = encode(collection, &city, format, &statement)?;
    tabular::write(asked.output.as_deref(), written, &asked.csv, &statement)?;
    if asked.output.is_some() {
        let features = circle_export::counted(collection.len(&city), "feature");
        summarize(&format!("{}: {features}\n", collection.title()));
    }
    Ok(())
}

/// The features of a layer in a format.
fn encode(
    collection: Collection,
    city: &City,
    format: CoverageFormat,
    statement: &Statement,
) -> anyhow::Result<Written<'static>> {
    let catalogue = Catalogue::built_in();
    let rows: Vec<u32> = collection.rows(city).collect();
    if format == CoverageFormat::Geojson {
        let features = collection.features_json(city, &catalogue, &rows, circle_export::JsonObject::new());
        return Ok(Written::whole(features));
    }
    let table = collection.table(city, &catalogue);
    // Formats with geometry need no columns of coordinates.
    let has_geometry = matches!(format, CoverageFormat::Gpkg | CoverageFormat::Parquet);
    let table = if has_geometry {
        table
    } else {
        table.with_coordinates(|row| Some(collection.point(city, rows[row] as usize)))
    };
    tabular::encode(&[table], format, statement)
}

/// The layers with their numbers of features and titles.
fn list(city: &City) -> String {
    let mut text = String::new();
    for collection in Collection::ALL {
        let _ = writeln!(text, "{:<14}{:>9}  {}", collection.id(), collection.len(city), collection.title());
    }
    text
}
