//! Numbers of residents.

mod by_unit;

pub use by_unit::ResidentsByUnit;

/// A number of residents: a range if it is estimated, three equal values if it was counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Residents {
    /// Lower estimate.
    pub low: u64,
    /// Best estimate.
    pub likely: u64,
    /// Upper estimate.
    pub high: u64,
}

impl Residents {
    /// A counted number.
    pub const fn counted(count: u64) -> Self {
        Self { low: count, likely: count, high: count }
    }

    const fn plus(self, more: Self) -> Self {
        Self {
            low: self.low.saturating_add(more.low),
            likely: self.likely.saturating_add(more.likely),
            high: self.high.saturating_add(more.high),
        }
    }
}
