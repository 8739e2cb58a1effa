//! Compounds with inferred gates only: a verdict that holds from one gate and not from another is unknown.

use super::table::Coverage;
use super::verdict::{Reason, Verdict};
use circle_model::city::GateProvenance;
use circle_model::rules::Measure;
use circle_model::{City, CompoundId, FacilityId, Milliseconds, Profile};
use circle_reach::{Cancel, Cancelled, Network, Origin, Reached};
use rayon::prelude::*;

/// Positions of the compounds all of whose gates are inferred, ascending.
pub(super) fn with_guessed_gates(city: &City) -> Vec<usize> {
    (0..city.compounds().len()).filter(|number| has_guessed_gates(city, CompoundId(*number as u32))).collect()
}

/// Whether all gates of a compound are inferred: each is the nearest way on one side.
pub fn has_guessed_gates(city: &City, compound: CompoundId) -> bool {
    let gates = &city.gates()[city.compounds()[compound.index()].gates.range()];
    let inferred = |provenance: u8| GateProvenance::from_code(provenance) == GateProvenance::Inferred;
    !gates.is_empty() && gates.iter().all(|gate| inferred(gate.provenance))
}

/// Makes covered verdicts on the `guessed` compounds unknown if they do not hold from every gate.
pub(super) fn mark_gate_unknown(
    coverage: &mut Coverage,
    network: &Network,
    profile: &Profile,
    guessed: &[usize],
    cancel: &Cancel,
) -> Result<(), Cancelled> {
    let width = coverage.columns.len();
    let covered = |coverage: &Coverage, compound: usize, column: usize| {
        coverage.rows[compound * width + column].verdict == Some(Verdict::Covered)
    };
    for (column, of_column) in coverage.columns.iter().enumerate() {
        let Some(Measure::Minutes(minutes)) = of_column.measure else { continue };
        let limit = Milliseconds::from_minutes(minutes);
        for compound in guessed {
            let row = &mut coverage.rows[compound * width + column];
            if row.verdict == Some(Verdict::Covered) && row.worst.is_none_or(|worst| worst > limit) {
                (row.verdict, row.reason) = (Some(Verdict::Unknown), Some(Reason::GateUnknown));
            }
        }
    }
    let by_metres: Vec<(usize, u32)> = (0..width)
        .filter_map(|column| match coverage.columns[column].measure {
            Some(Measure::Metres(radius)) => Some((column, radius.saturating_mul(1000))),
            _ => None,
        })
        .collect();
    let Some(farthest) = by_metres.iter().map(|(column, _)| coverage.columns[*column].limit(profile)).max()
    else {
        return Ok(());
    };
    let failed = guessed
        .par_iter()
        .map(|compound| {
            let open = by_metres.iter().filter(|(column, _)| covered(coverage, *compound, *column));
            let mut open: Vec<(usize, u32)> = open.copied().collect();
            let mut failed = Vec::new();
            for gate in network.gates_to_main_streets(CompoundId(*compound as u32)) {
                if open.is_empty() {
                    break;
                }
                // A gate without a leg is no exit, so it decides nothing.
                let reached = circle_reach::reach(network, profile, Origin::Gate(gate), farthest, cancel)?;
                let Some(reached) = reached else { continue };
                let holds = |column: usize, radius: u32| {
                    let facilities: &[FacilityId] = &coverage.columns[column].facilities;
                    let near = |it: &Reached| it.length.0 <= radius;
                    reached.iter().any(|it| near(it) && facilities.binary_search(&it.facility).is_ok())
                };
                failed.extend(open.iter().filter(|(column, radius)| !holds(*column, *radius)).map(|it| it.0));
                open.retain(|(column, _)| !failed.contains(column));
            }
            Ok((*compound, failed))
        })
        .collect::<Result<Vec<(usize, Vec<usize>)>, Cancelled>>()?;
    for (compound, columns) in failed {
        for column in columns {
            let row = &mut coverage.rows[compound * width + column];
            (row.verdict, row.reason) = (Some(Verdict::Unknown), Some(Reason::GateUnknown));
        }
    }
    Ok(())
}
