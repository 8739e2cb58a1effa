//! `circle isochrone`

use crate::args::{self, FormArg, ShapeFormat};
use crate::failure::{Outcome, tell};
use crate::{input, output};
use circle_export::IsochroneAnswer;
use circle_reach::{Form, Network, Origin};

pub(crate) fn run(asked: &args::Isochrone) -> Outcome {
    let ShapeFormat::Geojson = asked.format;
    let mut inputs = input::files(&asked.walking, None);
    inputs.extend(std::iter::once(asked.city.clone()).chain(asked.origin.from.clone()));
    output::spares(asked.output.as_deref(), &inputs)?;
    let profile = input::profile(&asked.walking.profile)?;
    let minutes = input::bands(&asked.minutes)?;
    let form = match asked.form {
        FormArg::Discs => Form::Discs,
        FormArg::Rings => Form::Rings,
        FormArg::Lines => Form::Lines,
    };
    let many = asked.origin.from.as_deref().map(input::places).transpose()?;
    let city = input::city_for(&asked.city, &asked.walking)?;
    let network = Network::build(&city);
    let answer = |id: String, origin: Origin| IsochroneAnswer {
        id,
        origin,
        isochrones: circle_reach::isochrones(&network, &profile, origin, &minutes, form),
    };
    let bytes = if let (Some(places), Some(path)) = (many, &asked.origin.from) {
        let origins = places.origins(path, &city)?;
        let answers = places.ids.into_iter().zip(origins).map(|(id, origin)| answer(id, origin));
        circle_export::isochrones_from_many(&city, &profile, form, answers)
    } else if let Some(called) = &asked.origin.compound {
        let compound = input::compound(&city, called)?;
        circle_export::isochrones(
            &city,
            &profile,
            form,
            &answer(city.compound_key(compound).into_owned(), Origin::Compound(compound)),
        )
    } else {
        let point = input::place_in(&city, asked.origin.at.unwrap_or_default())?;
        let at = point.lon_lat();
        let answer = answer(format!("{},{}", at.lon, at.lat), Origin::Place(point));
        if answer.isochrones.shapes.is_empty() {
            tell(&format!("no way to walk on is near {},{}: the answer is empty\n", at.lon, at.lat));
        }
        circle_export::isochrones(&city, &profile, form, &answer)
    };
    Ok(output::write(asked.output.as_deref(), &bytes)?)
}
