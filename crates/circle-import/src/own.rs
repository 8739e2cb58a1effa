//! The planner's own files and records. Each row is accepted, merged or rejected, and the report gives the reason.
//!
//! `OWN.toml` → sheets (`circle_sheet`) → coordinates → records by layer.

mod error;
mod fates;
mod files;
mod findings;
mod layers;
mod list;
mod locate;
mod open;
mod origin;
mod place;
mod records;
mod report;
mod rows;
mod source;
mod store;

pub use error::OwnError;
pub use list::own_files;
pub use source::OwnSource;
pub use store::{CorrectedThing, CorrectionAction, Corrections, FieldCorrection};

pub(crate) use fates::RejectReason;
pub(crate) use files::FileSummary;
pub(crate) use findings::DraftFinding;
pub(crate) use open::{OpenedFiles, open};
pub(crate) use origin::{DraftOrigin, osm_object, osm_of};
pub(crate) use place::place;
pub(crate) use records::{
    OwnCandidate, OwnCompound, OwnCorrection, OwnFacility, OwnGate, OwnPeople, OwnRecords, OwnUnit, Record,
};
pub(crate) use report::Report;
