//! `circle check`

use crate::args::TableFormat;
use crate::failure::{Failure, Outcome, tell};
use crate::{args, input, output};
use circle_model::Catalogue;
use circle_reach::Network;

pub(crate) fn run(check: &args::Check) -> Outcome {
    if check.format.is_some_and(|format| format != TableFormat::Csv) {
        return Err(Failure::Usage("the report is written as csv".to_owned()));
    }
    output::spares(check.output.as_deref(), &[&check.city])?;
    let city = input::city(&check.city)?;
    let remarks = circle_plan::quality(&Network::build(&city), &Catalogue::built_in());
    output::write(check.output.as_deref(), &circle_export::quality_csv(&remarks))?;
    tell(&circle_export::quality_summary(&city, &remarks));
    Ok(())
}
