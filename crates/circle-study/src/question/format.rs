//! The file format of an answer.

use crate::parameters::Parameters;
use crate::refusal::Refusal;
use circle_export::FileFormat;

/// The format in the parameter `format`; `default` if it is not given.
///
/// # Errors
/// When the format does not exist; the refusal lists the formats.
pub fn file_format(parameters: &Parameters, default: FileFormat) -> Result<FileFormat, Refusal> {
    match parameters.text("format") {
        Some(_) => parameters.word("format", &FileFormat::ALL.map(|format| (format.word(), format))),
        None => Ok(default),
    }
}
