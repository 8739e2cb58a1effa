//! `circle times`

use crate::args::TimesFormat;
use crate::failure::{Failure, Outcome, summarize};
use crate::{args, input, output};
use circle_export::Statement;
use circle_model::Milliseconds;
use circle_reach::Network;

/// About a gigabyte of table.
const MOST_PAIRS: usize = 10_000_000;

pub(crate) fn run(times: &args::Times) -> Outcome {
    let TimesFormat::Csv = times.format;
    let mut inputs = input::files(&times.walking, None);
    inputs.extend([times.city.clone(), times.from.clone(), times.to.clone()]);
    output::spares(times.output.as_deref(), &inputs)?;
    let profile = input::profile(&times.walking.profile)?;
    let from = input::places(&times.from)?;
    let to = input::places(&times.to)?;
    let [starts, ends] = [from.points.len(), to.points.len()];
    let pairs = starts.saturating_mul(ends);
    if pairs > MOST_PAIRS {
        return Err(Failure::Usage(format!(
            "{starts} × {ends} places are {pairs} pairs; one run answers at most {MOST_PAIRS}, so part the lists"
        )));
    }
    let city = input::city_for(&times.city, &times.walking)?;
    let origins = from.origins(&times.from, &city)?;
    let network = Network::build(&city);
    let walks = circle_reach::times(
        &network,
        &profile,
        &origins,
        &to.points,
        Milliseconds::from_minutes(times.max_minutes),
    );
    let table = circle_export::times_csv(&from.ids, &to.ids, &walks);
    output::write_csv(times.output.as_deref(), &times.csv, |out| out.write_all(&table))?;
    // A table has no place for what departs from the usual, so it goes beside the table.
    let conditions = city.conditions();
    if conditions.at_time.is_some() || !conditions.legs.departures().is_empty() {
        summarize(&format!("{}\n", Statement::of(&city).walked_as(&profile)));
    }
    Ok(())
}
