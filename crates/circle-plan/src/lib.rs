//! Judgement: what every compound reaches, category by category, held against a rule set.

mod coverage;
mod quality;

pub use coverage::{COMPOUNDS_PER_FACILITY, Coverage, Distance, Nearest, Row, Verdict, coverage};
pub use quality::{Remark, quality};
