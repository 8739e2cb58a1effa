//! Compounds whose gates nobody has mapped: what holds from one side and not from another is unknown (`evidence.md`,
//! section 2).

use super::{Coverage, Reason, Verdict, Wanted};
use circle_model::city::GateProvenance;
use circle_model::rules::Measure;
use circle_model::{City, CompoundId, FacilityId, Milliseconds, Profile};
use circle_reach::{Network, Origin};
use rayon::prelude::*;

/// Positions of the compounds all of whose gates are inferred, ascending.
pub(super) fn with_guessed_gates(city: &City) -> Vec<usize> {
    (0..city.compounds().len()).filter(|number| has_guessed_gates(city, CompoundId(*number as u32))).collect()
}

/// Whether nobody has mapped a gate of a compound: each is the nearest way on a side.
pub fn has_guessed_gates(city: &City, compound: CompoundId) -> bool {
    let gates = &city.gates()[city.compounds()[compound.index()].gates.range()];
    let inferred = |provenance: u8| GateProvenance::from_code(provenance) == GateProvenance::Inferred;
    !gates.is_empty() && gates.iter().all(|gate| inferred(gate.provenance))
}

/// Calls covered verdicts unknown where they do not hold from every gate of the `guessed` compounds.
pub(super) fn doubt(
    coverage: &mut Coverage,
    network: &Network,
    profile: &Profile,
    guessed: &[usize],
    wanted: &Wanted<'_>,
) {
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
    let Some(farthest) = by_metres.iter().map(|(column, _)| coverage.columns[*column].walk(profile)).max()
    else {
        return;
    };
    let doubted: Vec<(usize, Vec<usize>)> = guessed
        .par_iter()
        .map(|compound| {
            let open = by_metres.iter().filter(|(column, _)| covered(coverage, *compound, *column));
            let mut open: Vec<(usize, u32)> = open.copied().collect();
            let mut doubted = Vec::new();
            for gate in network.gates_out(CompoundId(*compound as u32)) {
                if open.is_empty() || !wanted() {
                    break;
                }
                // A gate without a leg is no way out, and says nothing.
                let Ok(reached) = circle_reach::reach(network, profile, Origin::Gate(gate), farthest) else {
                    continue;
                };
                let holds = |column: usize, radius: u32| {
                    let facilities: &[FacilityId] = &coverage.columns[column].facilities;
                    let near = |it: &circle_reach::Reached| it.length.0 <= radius;
                    reached.iter().any(|it| near(it) && facilities.binary_search(&it.facility).is_ok())
                };
                doubted
                    .extend(open.iter().filter(|(column, radius)| !holds(*column, *radius)).map(|it| it.0));
                open.retain(|(column, _)| !doubted.contains(column));
            }
            (*compound, doubted)
        })
        .collect();
    for (compound, columns) in doubted {
        for column in columns {
            let row = &mut coverage.rows[compound * width + column];
            (row.verdict, row.reason) = (Some(Verdict::Unknown), Some(Reason::GateUnknown));
        }
    }
}
