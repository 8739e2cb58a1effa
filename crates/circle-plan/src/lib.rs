//! Judgement: verdicts on what every compound reaches, by category and by rule set; their sensitivity to assumptions; and
//! their roll-up to units and people.

mod audit;
mod bring;
mod carried_keys;
mod compare;
mod coverage;
#[cfg(test)]
mod drawn;
mod evidence;
mod levels;
mod pairing;
mod quality;
mod roll_up;
mod sensitivity;
mod supply;
mod survey;
mod within;
mod worst;

pub use audit::{
    AuditFinding, AuditedRow, Drawn, Interval, Proportion, Sample, Share, Shares, Stratum, clopper_pearson,
};
pub use bring::{Bring, bring};
pub use carried_keys::carry_keys;
pub use compare::{Cause, Change, Comparison, Judged, Turn, compare};
pub use coverage::{
    Column, Coverage, CoverageRow, Distance, Judging, Nearest, Reason, Standing, Verdict, column_names,
    coverage, has_guessed_gates, line_names,
};
pub use evidence::{Area, Areas, Evidence, RESIDENTS_OF_AN_AREA, Source, category_sources};
pub use h3o::Resolution;
pub use levels::{CompoundGroup, Key, Level};
pub use quality::{Remark, quality};
pub use roll_up::{
    Counted, MOST_UNKNOWN, People, RollUp, Rolled, RolledLine, ShareRange, Spread, Tally, Walkers,
};
pub use sensitivity::{Assumption, Changes, Sensitivity};
pub use supply::{Catchment, Supply, SupplyColumn, coverage_with_supply};
pub use survey::{Survey, survey};
pub use within::Within;
pub use worst::{ServedCompound, worst_served};
