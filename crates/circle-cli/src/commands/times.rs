//! `circle times`

use crate::args::TimesFormat;
use crate::failure::{Failure, Outcome, summarize};
use crate::{args, input, output};
use circle_export::Statement;
use circle_model::{City, Profile};
use circle_reach::Cancel;
use circle_study::question::{TimesQuestion, check_pairs};
use circle_study::times::times_csv;

pub(crate) fn run(times: &args::Times) -> Outcome {
    let TimesFormat::Csv = times.format;
    let inputs = input::files(&times.walking, None, [&times.city, &times.from, &times.to]);
    output::check_output(times.output.as_deref(), &inputs)?;
    let profile = input::profile(&times.walking.profile)?;
    let (from, to) = (input::places(&times.from)?, input::places(&times.to)?);
    check_pairs(from.points.len(), to.points.len()).map_err(Failure::refused)?;
    let study = input::study(&times.city, times.walking.legs.as_deref())?;
    let origins = from.origins(&times.from, study.city())?;
    let (from, to) = ((from.ids.as_slice(), origins.as_slice()), (to.ids.as_slice(), to.points.as_slice()));
    let question = TimesQuestion::new(from, to, &profile, times.max_minutes).map_err(Failure::refused)?;
    let edition = study.edition(times.walking.at_time);
    let table = times_csv(&edition, &question, &Cancel::never())?;
    output::write_csv(times.output.as_deref(), &times.csv, |out| out.write_all(&table))?;
    summarize_conditions(&edition.city, &profile);
    Ok(())
}

/// Prints conditions that differ from the defaults: the table has no column for them.
fn summarize_conditions(city: &City, profile: &Profile) {
    let conditions = city.conditions();
    if conditions.at_time.is_some() || !conditions.legs.departures().is_empty() {
        summarize(&format!("{}\n", Statement::of(city).walked_as(profile)));
    }
}
