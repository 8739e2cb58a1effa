//! `circle explain`

use crate::failure::Outcome;
use crate::{args, input, output};
use circle_model::{City, Point};
use circle_reach::{Cancel, Destination, Origin};
use circle_study::explain::explain_geojson;
use circle_study::question::{ExplainQuestion, find_facility};

pub(crate) fn run(asked: &args::Explain) -> Outcome {
    output::check_output(asked.output.as_deref(), &input::files(&asked.walking, None, [&asked.city]))?;
    let profile = input::profile(&asked.walking.profile)?;
    let study = input::study(&asked.city, asked.walking.legs.as_deref())?;
    let city = study.city();
    let from = match &asked.start.compound {
        Some(compound) => Origin::Compound(input::compound(city, compound)?),
        None => Origin::Place(asked.start.from.unwrap_or_default()),
    };
    let to = match &asked.end.facility {
        Some(facility) => {
            Destination::Facility(input::accept(find_facility(city, facility, point_of(city, from)))?)
        }
        None => Destination::Place(asked.end.to.unwrap_or_default()),
    };
    let at_time = asked.walking.at_time;
    let question = ExplainQuestion::new(from, to, profile, at_time, asked.max_minutes);
    let bytes = explain_geojson(&study.edition(at_time), &question, &Cancel::never())?;
    Ok(output::write(asked.output.as_deref(), &bytes)?)
}

fn point_of(city: &City, origin: Origin) -> Point {
    match origin {
        Origin::Place(point) => point,
        Origin::Compound(compound) => city.compounds()[compound.index()].point,
        Origin::Gate(gate) => city.gates()[gate.index()].point,
    }
}
