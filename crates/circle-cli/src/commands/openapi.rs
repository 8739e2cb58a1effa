//! `circle openapi`

use crate::failure::Outcome;
use crate::{args, input, output};
use circle_server::openapi_document;
use circle_study::Choices;

pub(crate) fn run(openapi: &args::OpenApi) -> Outcome {
    let inputs: Vec<_> = openapi.city.iter().map(std::path::PathBuf::as_path).collect();
    output::check_output(openapi.output.as_deref(), &inputs)?;
    let choices = match &openapi.city {
        Some(city) => Some(Choices::built_in(input::city(city)?)),
        None => None,
    };
    let mut text = serde_json::to_vec_pretty(&openapi_document(choices.as_ref())?)?;
    text.push(b'\n');
    Ok(output::write(openapi.output.as_deref(), &text)?)
}
