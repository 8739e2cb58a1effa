//! `circle info`

use crate::failure::Outcome;
use crate::{args, input, output};
use circle_model::Catalogue;

pub(crate) fn run(info: &args::Info) -> Outcome {
    output::check_output(info.output.as_deref(), &[&info.city])?;
    let city = input::city(&info.city)?;
    let text = circle_export::info(&city, &Catalogue::built_in());
    Ok(output::write(info.output.as_deref(), text.as_bytes())?)
}
