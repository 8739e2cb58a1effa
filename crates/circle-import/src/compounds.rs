//! Compounds 小区: one for each real place of the map and of own files.

mod corrections;
mod draft;
mod finished;
mod found;
mod join;
mod keys;
mod mapped;
mod name_core;
mod named;
mod similar;
mod unnamed;

pub(crate) use draft::{CompoundIndex, DraftCompound, fill_counts};
pub(crate) use finished::{FinishedCompound, finish};
pub(crate) use found::Compounds;
pub(crate) use mapped::SkippedCompounds;
pub(crate) use named::{CompoundMatch, CompoundNames, note_similarity};
pub(crate) use unnamed::generated_names;

use crate::classify::Classifier;
use crate::own::{OwnCompound, OwnCorrection, Report};
use crate::scan::Located;

/// Finds the compounds of the map, joins own records with them, and applies corrections.
pub(crate) fn find(
    located: &Located,
    own: Vec<OwnCompound>,
    corrections: &[OwnCorrection],
    classifier: &Classifier,
    report: &mut Report<'_>,
) -> Compounds {
    let (mut list, skipped) = mapped::find(located, classifier);
    join::join(&mut list, own, report);
    let keys = keys::keys_of(&list);
    let (list, keys) = corrections::apply(list, keys, corrections, report);
    Compounds { list, keys, skipped }
}
