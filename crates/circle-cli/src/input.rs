//! Inputs of commands: cities, files of the user, lists of places.

mod city;
mod files;
mod findings;
mod ledger;
mod places;
mod resolve;

pub(crate) use city::{city, sources, study};
pub(crate) use files::{boards, coverage_question, files, legs, profile, profile_path, profiles, rule_sets};
pub(crate) use findings::findings;
pub(crate) use ledger::ledger;
pub(crate) use places::{Places, places};
pub(crate) use resolve::{accept, bands, compound, row_of_key};
