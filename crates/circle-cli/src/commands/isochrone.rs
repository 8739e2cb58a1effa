//! `circle isochrone`

use crate::args::{self, FormArg, TableFormat};
use crate::failure::{Failure, Outcome};
use crate::{input, output};
use circle_export::IsochroneAnswer;
use circle_reach::{Form, Network, Origin};

pub(crate) fn run(asked: &args::Isochrone) -> Outcome {
    if asked.format.is_some_and(|format| format != TableFormat::Geojson) {
        return Err(Failure::Usage("isochrones are written as geojson".to_owned()));
    }
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
            &answer(compound.to_string(), Origin::Compound(compound)),
        )
    } else {
        let point = input::place_in(&city, asked.origin.at.unwrap_or_default())?;
        let at = point.lon_lat();
        circle_export::isochrones(
            &city,
            &profile,
            form,
            &answer(format!("{},{}", at.lon, at.lat), Origin::Place(point)),
        )
    };
    Ok(output::write(asked.output.as_deref(), &bytes)?)
}
