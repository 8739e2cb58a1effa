//! Judgement: what every compound reaches, category by category, held against a rule set; what hangs on assumptions;
//! and what it comes to for units and people.

mod compare;
mod coverage;
mod levels;
mod quality;
mod roll_up;
mod sensitivity;
mod supply;
mod within;
mod worst;

pub use compare::{Cause, Change, Comparison, Judged, Turn, compare};
pub use coverage::{
    COMPOUNDS_PER_FACILITY, Column, Coverage, Distance, Nearest, Reason, Row, Standing, Verdict, Wanted,
    coverage, coverage_while,
};
pub use h3o::Resolution;
pub use levels::{Group, Key, Level};
pub use quality::{Remark, quality};
pub use roll_up::{Counted, People, RollUp, Rolled, RolledLine, Spread, Tally, Walkers};
pub use sensitivity::{Assumption, Changes, Sensitivity};
pub use supply::{Catchment, Supply, SupplyColumn, supply};
pub use within::Within;
pub use worst::{Served, worst_served};
