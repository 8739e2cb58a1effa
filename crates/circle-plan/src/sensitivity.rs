//! How many verdicts hang on what is not known for sure: whether compounds are closed, and where their gates are.

use crate::coverage::{ALWAYS, Coverage, Judging, Verdict, judge};
use circle_model::CompoundId;
use circle_model::city::GateProvenance;
use circle_reach::Network;

/// Something assumed otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Assumption {
    /// Every compound is open and no gate is locked.
    AllOpen,
    /// Every compound that has an outline is closed.
    AllClosed,
    /// Without gates that are only the nearest way on a side.
    WithoutInferredGates,
    /// Without those where a way crosses the outline either: mapped ones and the planner's own are left.
    WithoutDerivedGates,
}

impl Assumption {
    /// All of them.
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

    /// What tables for people call it.
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
    /// By assumption, then `compounds × columns`.
    verdicts: [Vec<Option<Verdict>>; 4],
}

impl Sensitivity {
    /// Judges the city again under every assumption.
    pub fn of(network: &Network, judging: &Judging<'_>) -> Self {
        let city = network.city();
        let judging = Judging { minutes: &[], ..*judging };
        let verdicts = |network: &Network| {
            let (coverage, _) = judge(network, &judging, &ALWAYS);
            (coverage.columns.len(), coverage.verdicts())
        };
        let with_gates = |kept: &[GateProvenance]| {
            city.with_gates(|gate| kept.contains(&GateProvenance::from_code(gate.provenance)))
        };
        let (width, open) = verdicts(network.with_compounds_open());
        let (_, closed) = verdicts(&Network::build(&city.with_compounds_closed()));
        let surely = [GateProvenance::Own, GateProvenance::Mapped];
        let (_, mapped) = verdicts(&Network::build(&with_gates(&surely)));
        let likely = [GateProvenance::Own, GateProvenance::Mapped, GateProvenance::Crossing];
        let (_, crossing) = verdicts(&Network::build(&with_gates(&likely)));
        Self { width, verdicts: [open, closed, crossing, mapped] }
    }

    /// The verdict on a compound in a column of the coverage table.
    pub fn verdict(&self, assumption: Assumption, compound: CompoundId, column: usize) -> Option<Verdict> {
        self.verdicts[assumption as usize].get(compound.index() * self.width + column).copied().flatten()
    }

    /// How many verdicts of a column become another one, of some compounds.
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

/// Verdicts that become another one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Changes {
    /// All of them, those that become or were unknown included.
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
