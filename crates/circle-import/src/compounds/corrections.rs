//! Field corrections of compounds: renamed, or closed for good.

use super::draft::DraftCompound;
use super::named::CompoundNames;
use crate::own::{CorrectionAction, OwnCorrection, Report};

/// Applies corrections to the compounds and drops those that are closed, with their keys.
pub(super) fn apply(
    mut found: Vec<DraftCompound>,
    mut keys: Vec<String>,
    corrections: &[OwnCorrection],
    report: &mut Report<'_>,
) -> (Vec<DraftCompound>, Vec<String>) {
    if corrections.is_empty() {
        return (found, keys);
    }
    let named = CompoundNames::of(&found, &keys);
    let mut gone = vec![false; found.len()];
    for correction in corrections {
        let target = correction.target.as_deref().or(correction.compound.as_deref());
        let at = correction.placed.then_some(correction.record.point);
        let meant = match target {
            Some(target) => named.find_target(&found, target, at, report),
            None => named.find(&found, correction.record.name.as_deref(), at),
        };
        let number = match meant {
            Ok(number) if !gone[number] => number,
            Ok(_) => {
                report.stale(correction, "another correction removed it");
                continue;
            }
            Err(why) => {
                report.stale(correction, &why);
                continue;
            }
        };
        let compound = &mut found[number];
        let called = compound.name.clone().unwrap_or_default();
        match (correction.action, &correction.new_name) {
            (CorrectionAction::Renamed, Some(new)) if *new != called => {
                compound.name = Some(new.clone());
                report.applied(correction, compound.point, &format!("`{called}` is called `{new}` now"));
            }
            (CorrectionAction::Renamed, _) => {
                report.stale(correction, &format!("it is already called `{called}`"));
            }
            (CorrectionAction::Closed, _) => {
                report.applied(correction, compound.point, &format!("`{called}` is gone and left out"));
                gone[number] = true;
                for origin in &compound.origins {
                    report
                        .close(origin, &format!("left out by a field correction ({})", correction.signature));
                }
            }
            _ => report.stale(correction, "a compound can be renamed or closed"),
        }
    }
    let mut of_keys = gone.iter();
    keys.retain(|_| of_keys.next() != Some(&true));
    let mut gone = gone.into_iter();
    found.retain(|_| !gone.next().unwrap_or(false));
    (found, keys)
}
