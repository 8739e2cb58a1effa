//! The summary of an own file.

use circle_model::city::OwnFile;
use circle_sheet::OwnLayer;

/// An own file that was read.
#[derive(Debug)]
pub(crate) struct FileSummary {
    pub(crate) name: String,
    pub(super) sha256: String,
    pub(super) layer: OwnLayer,
    /// The coordinates that its rows were read in.
    pub(super) crs: String,
    /// Categories that it lists completely, if its rows support the claim.
    pub(super) complete_for: Vec<String>,
    /// Names of the units that it is complete in; empty for the whole city.
    pub(crate) complete_in: Vec<String>,
    pub(super) label: Option<String>,
    pub(super) remarks: Vec<String>,
}

impl From<FileSummary> for OwnFile {
    fn from(file: FileSummary) -> Self {
        Self {
            name: file.name,
            sha256: file.sha256,
            layer: file.layer.word().to_owned(),
            crs: file.crs,
            complete_for: file.complete_for,
            complete_in: file.complete_in,
            label: file.label,
            remarks: file.remarks,
            ..Self::default()
        }
    }
}

#[cfg(test)]
impl FileSummary {
    /// A file of facilities that is complete in some units, for tests.
    pub(crate) fn complete_in(name: &str, units: &[&str]) -> Self {
        Self {
            name: name.to_owned(),
            sha256: String::new(),
            layer: OwnLayer::Facilities,
            crs: String::new(),
            complete_for: Vec::new(),
            complete_in: units.iter().map(|unit| (*unit).to_owned()).collect(),
            label: None,
            remarks: Vec::new(),
        }
    }
}
