//! `circle explain`

use crate::failure::Outcome;
use crate::{args, input, output};
use circle_model::{CompoundId, Milliseconds};
use circle_reach::{Destination, Network, Origin};

pub(crate) fn run(asked: &args::Explain) -> Outcome {
    let mut inputs = input::files(&asked.walking, None);
    inputs.push(asked.city.clone());
    output::spares(asked.output.as_deref(), &inputs)?;
    let profile = input::profile(&asked.walking.profile)?;
    let city = input::city_for(&asked.city, &asked.walking)?;
    let network = Network::build(&city);
    let limit = Milliseconds::from_minutes(asked.max_minutes);
    let compound =
        asked.start.compound.as_deref().map(|compound| input::compound(&city, compound)).transpose()?;
    let place = |compound: CompoundId| city.compounds()[compound.index()].point;
    let near = compound.map(place).or(asked.start.from).unwrap_or_default();
    let from = compound.map_or(Origin::Place(near), Origin::Compound);
    let to = match (&asked.end.facility, asked.end.to) {
        (Some(facility), _) => Destination::Facility(input::facility(&city, facility, near)?),
        (None, to) => Destination::Place(to.unwrap_or_default()),
    };
    let explained = circle_reach::explain(&network, &profile, from, to, limit);
    Ok(output::write(asked.output.as_deref(), &circle_export::explain_geojson(&city, &profile, &explained))?)
}
