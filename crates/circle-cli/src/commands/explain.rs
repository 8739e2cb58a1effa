//! `circle explain`

use crate::failure::Outcome;
use crate::{args, input, output};
use circle_model::Milliseconds;
use circle_reach::{Destination, Network, Origin};

pub(crate) fn run(asked: &args::Explain) -> Outcome {
    let mut inputs = input::files(&asked.walking, None);
    inputs.push(asked.city.clone());
    output::spares(asked.output.as_deref(), &inputs)?;
    let profile = input::profile(&asked.walking.profile)?;
    let city = input::city_for(&asked.city, &asked.walking)?;
    let network = Network::build(&city);
    let limit = Milliseconds::from_minutes(asked.max_minutes);
    let explained = circle_reach::explain(
        &network,
        &profile,
        Origin::Place(asked.from),
        Destination::Place(asked.to),
        limit,
    );
    Ok(output::write(asked.output.as_deref(), &circle_export::explain_geojson(&city, &profile, &explained))?)
}
