//! `circle completions`

use crate::args::{self, Cli};
use crate::failure::Outcome;
use crate::output;

pub(crate) fn run(asked: &args::Completions) -> Outcome {
    let mut script = Vec::new();
    clap_complete::generate(asked.shell, &mut Cli::described(), "circle", &mut script);
    Ok(output::write(None, &script)?)
}
