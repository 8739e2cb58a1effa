//! The gates that boards are made for, and the compounds that get none.

use circle_model::city::GateProvenance;
use circle_model::{City, CompoundId, GateId};

/// Height of a strip of the city, in 10⁻⁷ degrees of latitude: about 2.2 km.
const STRIP: i32 = 200_000;

/// The gates of some compounds that boards are made for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BoardSelection {
    /// Neighbouring gates follow each other, so that a batch searches one part of the city at a time and finds its cached
    /// tiles.
    pub gates: Vec<GateId>,
    /// The compounds without such a gate.
    pub left_out: Vec<LeftOutBoard>,
}

/// A compound that gets no board, or a gate whose board could not be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOutBoard {
    /// The compound.
    pub compound: CompoundId,
    /// The gate, if one alone is left out.
    pub gate: Option<GateId>,
    /// The reason.
    pub reason: LeftOutReason,
    /// The fault of a board that could not be made.
    pub message: Option<String>,
}

/// Why a compound gets no board.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LeftOutReason {
    /// It has no name of its own.
    Unnamed,
    /// No gate is known.
    NoGate,
    /// All its gates are inferred: nobody has mapped them.
    InferredOnly,
    /// All its gates are locked or shut.
    Locked,
    /// The board could not be made.
    Failed,
}

impl LeftOutReason {
    /// All reasons.
    pub const ALL: [Self; 5] = [Self::Unnamed, Self::NoGate, Self::InferredOnly, Self::Locked, Self::Failed];

    /// The word in JSON and CSV.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Unnamed => "unnamed",
            Self::NoGate => "no_gate",
            Self::InferredOnly => "inferred_only",
            Self::Locked => "locked",
            Self::Failed => "failed",
        }
    }

    /// What it means, and what to do.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Unnamed => {
                "without a name of its own 没有名称; a board at one of them is made with --compound ID"
            }
            Self::NoGate => "without a known gate 没有出入口",
            Self::InferredOnly => {
                "with inferred gates only, nobody has mapped them 出入口位置待核; they get boards with --inferred"
            }
            Self::Locked => "with locked gates only 出入口常闭",
            Self::Failed => "whose board could not be made 无法制作",
        }
    }
}

impl BoardSelection {
    /// The gates of `compounds`. Compounds without a name of their own are left out unless they are `named` by whoever
    /// asks; inferred gates unless `inferred`.
    pub fn of(city: &City, compounds: &[CompoundId], named: bool, inferred: bool) -> Self {
        let mut selection = Self::default();
        for &compound in compounds {
            let gates = circle_print::boards_of(city, compound, inferred);
            let reason = if !named && city.compounds()[compound.index()].generated_name != 0 {
                Some(LeftOutReason::Unnamed)
            } else if gates.is_empty() {
                Some(without_gates(city, compound))
            } else {
                None
            };
            match reason {
                None => selection.gates.extend(gates),
                Some(reason) => {
                    selection.left_out.push(LeftOutBoard { compound, gate: None, reason, message: None });
                }
            }
        }
        selection.gates.sort_by_key(|gate| {
            let at = city.gates()[gate.index()].point;
            let strip = at.lat.div_euclid(STRIP);
            (strip, if strip % 2 == 0 { at.lon } else { -at.lon })
        });
        selection
    }

    /// One line for each reason, with the number of compounds: why there is no board at all.
    pub fn reasons(&self) -> String {
        let count = |reason| self.left_out.iter().filter(|it| it.reason == reason).count();
        let line = |reason: LeftOutReason| {
            let count = count(reason);
            (count > 0)
                .then(|| format!("{} {}", circle_export::counted(count, "compound"), reason.sentence()))
        };
        let lines: Vec<String> = LeftOutReason::ALL.into_iter().filter_map(line).collect();
        if lines.is_empty() { "there are no compounds".to_owned() } else { lines.join("; ") }
    }
}

/// Why a compound has no gate that a board is made for.
fn without_gates(city: &City, compound: CompoundId) -> LeftOutReason {
    let gates = city.compounds()[compound.index()].gates.range();
    let is_open = |row: usize| city.gates()[row].locked == 0 && !city.gate_is_shut(GateId(row as u32));
    let is_inferred =
        |row: usize| GateProvenance::from_code(city.gates()[row].provenance) == GateProvenance::Inferred;
    if gates.is_empty() {
        LeftOutReason::NoGate
    } else if gates.clone().any(|row| is_open(row) && is_inferred(row)) {
        LeftOutReason::InferredOnly
    } else {
        LeftOutReason::Locked
    }
}

/// All compounds, or those of `units`.
pub fn compounds_within(city: &City, units: Option<&[u32]>) -> Vec<CompoundId> {
    let inside = |of: &[u32; 4]| units.is_none_or(|units| of.iter().any(|unit| units.contains(unit)));
    let within = (0..).zip(city.compounds()).filter(|(_, compound)| inside(&compound.units));
    within.map(|(row, _)| CompoundId(row)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use circle_model::city::{CityTables, Compound, Gate, Meta, Span};
    use zerocopy::FromZeros;

    /// A city with a compound for each list of gates: provenance, and whether it is locked. The last has no name.
    fn city(compounds: &[&[(GateProvenance, bool)]]) -> City {
        let mut tables = CityTables::default();
        for (row, gates) in (0..).zip(compounds) {
            let span = Span { start: tables.gates.len() as u32, len: gates.len() as u32 };
            let generated_name = u8::from(row as usize + 1 == compounds.len());
            tables.compounds.push(Compound { gates: span, generated_name, ..Compound::new_zeroed() });
            for (provenance, locked) in *gates {
                let (provenance, locked) = (provenance.code(), u8::from(*locked));
                tables.gates.push(Gate {
                    compound: CompoundId(row),
                    provenance,
                    locked,
                    ..Gate::new_zeroed()
                });
            }
        }
        City::from_tables(tables, &Meta::default()).unwrap()
    }

    #[test]
    fn every_compound_without_a_board_has_a_reason() {
        use GateProvenance::{Inferred, Mapped};
        let city = city(&[
            &[(Mapped, false), (Inferred, false)],
            &[],
            &[(Inferred, false), (Mapped, true)],
            &[(Mapped, true)],
            &[(Mapped, false)],
        ]);
        let all = compounds_within(&city, None);
        let selection = BoardSelection::of(&city, &all, false, false);
        assert_eq!(selection.gates, [GateId(0)]);
        let reasons: Vec<(u32, &str)> =
            selection.left_out.iter().map(|it| (it.compound.0, it.reason.word())).collect();
        assert_eq!(reasons, [(1, "no_gate"), (2, "inferred_only"), (3, "locked"), (4, "unnamed")]);
        assert!(selection.reasons().contains("1 compound with locked gates only"), "{}", selection.reasons());
        let inferred = BoardSelection::of(&city, &all, true, true);
        assert_eq!((inferred.gates.len(), inferred.left_out.len()), (4, 2));
        assert!(compounds_within(&city, Some(&[7])).is_empty());
    }
}
