//! `circle isochrone`

use crate::args::{self, ShapeFormat};
use crate::failure::{Failure, Outcome, notify};
use crate::input::Places;
use crate::{input, output};
use circle_model::City;
use circle_reach::{Cancel, Origin};
use circle_study::Study;
use circle_study::isochrones::{isochrones, isochrones_geojson, isochrones_of_many};
use circle_study::question::{ShapesQuestion, place_in_city};
use std::path::Path;

pub(crate) fn run(asked: &args::Isochrone) -> Outcome {
    let ShapeFormat::Geojson = asked.format;
    let others = std::iter::once(&asked.city).chain(&asked.origin.from);
    output::check_output(asked.output.as_deref(), &input::files(&asked.walking, None, others))?;
    let profile = input::profile(&asked.walking.profile)?;
    let shapes = ShapesQuestion::new(&asked.minutes, profile, asked.walking.at_time, asked.form.into());
    let shapes = shapes.map_err(Failure::refused)?;
    let places = asked.origin.from.as_deref().map(input::places).transpose()?;
    let study = input::study(&asked.city, asked.walking.legs.as_deref())?;
    let bytes = match (&places, &asked.origin.from) {
        (Some(places), Some(path)) => of_many(&study, asked, &shapes, places, path)?,
        _ => of_one(&study, asked, &shapes)?,
    };
    Ok(output::write(asked.output.as_deref(), &bytes)?)
}

/// The isochrones of a list of places.
fn of_many(
    study: &Study,
    asked: &args::Isochrone,
    shapes: &ShapesQuestion,
    places: &Places,
    path: &Path,
) -> Result<Vec<u8>, Failure> {
    let origins = places.ids.iter().cloned().zip(places.origins(path, study.city())?);
    Ok(isochrones_of_many(&study.edition(asked.walking.at_time), shapes, origins, &Cancel::never())?)
}

/// The isochrones of the compound or the place of the command line.
fn of_one(study: &Study, asked: &args::Isochrone, shapes: &ShapesQuestion) -> Result<Vec<u8>, Failure> {
    let origin = origin(study.city(), asked)?;
    let edition = study.edition(asked.walking.at_time);
    let answer = isochrones(&edition, shapes, origin, None, &Cancel::never())?;
    if let (Origin::Place(point), true) = (origin, answer.isochrones.shapes.is_empty()) {
        let at = point.lon_lat();
        notify(&format!("no way to walk on is near {},{}: the answer is empty\n", at.lon, at.lat));
    }
    Ok(isochrones_geojson(&edition, shapes, &answer))
}

fn origin(city: &City, asked: &args::Isochrone) -> Result<Origin, Failure> {
    if let Some(compound) = &asked.origin.compound {
        return input::compound(city, compound).map(Origin::Compound);
    }
    let place = place_in_city(city, "at", asked.origin.at.unwrap_or_default());
    place.map(Origin::Place).map_err(Failure::refused)
}
