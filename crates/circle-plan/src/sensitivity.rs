//! Sensitivity of verdicts to assumptions: whether compounds are closed, and where their gates are.

use crate::coverage::{Coverage, Judging, Verdict, verdicts};
use circle_model::CompoundId;
use circle_model::city::GateProvenance;
use circle_reach::{Cancel, Cancelled, Network};

/// A changed assumption.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Assumption {
    /// Every compound is open and no gate is locked.
    AllOpen,
    /// Every compound that has an outline is closed.
    AllClosed,
    /// Without inferred gates, which are the nearest way on one side.
    WithoutInferredGates,
    /// Without inferred gates and crossings of the outline: only mapped gates and those of own files remain.
    WithoutDerivedGates,
}

impl Assumption {
    /// All assumptions.
    pub const ALL: [Self; 4] =
        [Self::AllOpen, Self::AllClosed, Self::WithoutInferredGates, Self::WithoutDerivedGates];

    /// The word in JSON and CSV.
    pub const fn word(self) -> &'static str {
        match self {
            Self::AllOpen => "all_open",
            Self::AllClosed => "all_closed",
            Self::WithoutInferredGates => "without_inferred_gates",
            Self::WithoutDerivedGates => "without_derived_gates",
        }
    }

    /// The Chinese label in tables for readers.
    pub const fn zh(self) -> &'static str {
        match self {
            Self::AllOpen => "小区全部开放",
            Self::AllClosed => "小区全部封闭",
            Self::WithoutInferredGates => "不用推断的出入口",
            Self::WithoutDerivedGates => "只用实测的出入口",
        }
    }
}

/// The verdicts under each [`Assumption`].
#[derive(Debug, Clone)]
pub struct Sensitivity {
    width: usize,
    /// By assumption, then `compounds × columns`, grouped by compound.
    verdicts: [Vec<Option<Verdict>>; 4],
}

impl Sensitivity {
    /// Judges the city under every assumption.
    ///
    /// # Errors
    ///
    /// When `cancel` is cancelled.
    pub fn of(network: &Network, judging: &Judging<'_>, cancel: &Cancel) -> Result<Self, Cancelled> {
        let city = network.city();
        let judging = Judging { minutes: &[], ..*judging };
        let judged = |network: &Network| -> Result<_, Cancelled> {
            let coverage = verdicts(network, &judging, cancel)?;
            Ok((coverage.columns.len(), coverage.verdicts()))
        };
        let with_gates = |kept: &[GateProvenance]| {
            city.with_gates(|gate| kept.contains(&GateProvenance::from_code(gate.provenance)))
        };
        let (width, open) = judged(&network.with_compounds_open())?;
        let (_, closed) = judged(&network.variant(&city.with_compounds_closed()))?;
        let mapped = [GateProvenance::Own, GateProvenance::Mapped];
        let (_, without_derived) = judged(&network.variant(&with_gates(&mapped)))?;
        let crossings = [GateProvenance::Own, GateProvenance::Mapped, GateProvenance::Crossing];
        let (_, without_inferred) = judged(&network.variant(&with_gates(&crossings)))?;
        Ok(Self { width, verdicts: [open, closed, without_inferred, without_derived] })
    }

    /// The verdict on a compound in a column of the coverage table, under an assumption.
    pub fn verdict(&self, assumption: Assumption, compound: CompoundId, column: usize) -> Option<Verdict> {
        self.verdicts[assumption as usize].get(compound.index() * self.width + column).copied().flatten()
    }

    /// Counts the verdicts on some compounds in a column that an assumption changes.
    pub fn changes(
        &self,
        coverage: &Coverage,
        assumption: Assumption,
        column: usize,
        compounds: impl IntoIterator<Item = CompoundId>,
    ) -> Changes {
        let mut changes = Changes::default();
        for compound in compounds {
            let before = coverage.at(compound, column).row.verdict;
            let after = self.verdict(assumption, compound, column);
            let (Some(before), Some(after)) = (before, after) else { continue };
            changes.all += u32::from(before != after);
            changes.lost += u32::from(before == Verdict::Covered && after == Verdict::Gap);
            changes.gained += u32::from(before == Verdict::Gap && after == Verdict::Covered);
            changes.became_unknown += u32::from(before != after && after == Verdict::Unknown);
            changes.became_known += u32::from(before == Verdict::Unknown && after != before);
        }
        changes
    }
}

/// Counts of changed verdicts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Changes {
    /// All changes, including those from and to unknown.
    pub all: u32,
    /// From covered to gap.
    pub lost: u32,
    /// From gap to covered.
    pub gained: u32,
    /// To unknown.
    pub became_unknown: u32,
    /// From unknown.
    pub became_known: u32,
}
