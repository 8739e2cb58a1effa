//! Field corrections of facilities: closed, moved, renamed, of another category.

use super::correction_index::{CorrectionIndex, KeysNeeded};
use super::draft::DraftFacility;
use crate::classify::Classifier;
use crate::geometry::Area;
use crate::own::{CorrectionAction, OwnCorrection, Report};
use circle_model::city::Channel;

/// A facility within this distance of its new place has been moved already.
const DONE_METRES: f64 = 10.0;

/// Applies corrections to the facilities and drops those that are closed. Corrections that no longer apply
/// are reported.
pub(super) fn apply(
    places: &mut Vec<DraftFacility>,
    corrections: &[OwnCorrection],
    classifier: &Classifier,
    report: &mut Report<'_>,
) {
    if corrections.is_empty() {
        return;
    }
    let generic = |name: &str| classifier.category_called(name).is_some();
    let targets = corrections.iter().filter_map(|correction| correction.target.as_deref());
    let index = CorrectionIndex::of(places, KeysNeeded::of(targets, report), generic);
    let mut closed = vec![false; places.len()];
    for correction in corrections {
        let found = index.find(places, &closed, correction, report);
        let outcome = found.and_then(|number| {
            correct(&mut places[number], correction, classifier).map(|change| (number, change))
        });
        match outcome {
            Ok((number, change)) => {
                report.applied(correction, places[number].point, &change);
                if correction.action == CorrectionAction::Closed {
                    closed[number] = true;
                    let by = format!("closed by a field correction ({})", correction.signature);
                    places[number].origins.iter().for_each(|origin| report.close(origin, &by));
                }
            }
            Err(why) => report.stale(correction, &why),
        }
    }
    let mut closed = closed.into_iter();
    places.retain(|_| !closed.next().unwrap_or(false));
}

/// Changes one facility. Returns a description of the change.
///
/// # Errors
/// The reason why there is nothing to change.
fn correct(
    place: &mut DraftFacility,
    correction: &OwnCorrection,
    classifier: &Classifier,
) -> Result<String, String> {
    let name = place.name.clone().unwrap_or_default();
    match correction.action {
        CorrectionAction::Closed => Ok(format!("`{name}` is closed and left out")),
        CorrectionAction::Renamed => {
            let new = correction.new_name.clone().unwrap_or_default();
            if new == name {
                return Err(format!("it is already called `{new}`"));
            }
            place.name = Some(new.clone());
            Ok(format!("`{name}` is called `{new}` now"))
        }
        CorrectionAction::Moved => {
            let new = correction.new_point.unwrap_or(correction.record.point);
            let metres = place.point.distance_metres(new);
            if metres <= DONE_METRES {
                return Err(format!("it is already within {DONE_METRES} m of there"));
            }
            place.point = new;
            place.area = Area::default();
            place.line = Vec::new();
            place.entrances = Vec::new();
            Ok(format!("`{name}` moved by {metres:.0} m"))
        }
        CorrectionAction::WrongCategory => {
            let Some(category) = correction.new_category else { return Err("no category".to_owned()) };
            if place.classified.categories.first() == Some(&category) {
                return Err("it already has that category".to_owned());
            }
            place.classified.categories = vec![category];
            place.classified.channel = Channel::User;
            place.classified.confidence_percent = 100;
            let called = classifier.category_name(category).unwrap_or_default();
            Ok(format!("`{name}` is of the category {called}"))
        }
        CorrectionAction::NewGate => Err("a new gate belongs to a compound, not to a facility".to_owned()),
    }
}
