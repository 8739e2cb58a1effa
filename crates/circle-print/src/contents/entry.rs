//! The places on a board.

use circle_model::Point;
use circle_reach::Reached;

/// A place within reach.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    /// The facility's key.
    pub(crate) key: String,
    /// Its cleaned name, or that of its kind.
    pub(crate) name: String,
    /// Whether it has a name, not only that of its category.
    pub(crate) named: bool,
    /// Whether it is called by its category because its name on the map has no Chinese character.
    pub(crate) latin: bool,
    pub(crate) name_en: Option<String>,
    /// Its category.
    pub(crate) kind: String,
    pub(crate) kind_en: String,
    pub(crate) group: usize,
    pub(crate) icon: String,
    /// Row of the requirement that it meets.
    pub(crate) requirement: usize,
    /// Row of the band that its walk falls into.
    pub(crate) band: usize,
    pub(crate) walk: Walk,
    /// Whether the walk waits for more than a minute at signals: it takes longer than its metres suggest.
    pub(crate) waits: bool,
    /// Position of its marker: the facility, or its entrance if the facility is large, because the walk ends
    /// there.
    pub(crate) at: Point,
    /// Bearing from the gate, degrees clockwise from north.
    pub(crate) bearing_degrees: f64,
}

/// The nearest place that meets a requirement, beyond the longest band.
#[derive(Debug, Clone)]
pub(crate) struct Beyond {
    /// What it is: 卫生室.
    pub(crate) kind: String,
    pub(crate) walk: Walk,
    /// Bearing from the gate, degrees clockwise from north.
    pub(crate) bearing_degrees: f64,
}

/// The walk to a facility, as printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Walk {
    /// Whole minutes, rounded up, so that no walk takes longer than printed.
    pub(crate) minutes: u32,
    /// Whole metres.
    pub(crate) metres: u32,
}

impl Walk {
    pub(crate) fn of(reached: &Reached) -> Self {
        Self { minutes: reached.time.0.div_ceil(60_000), metres: (reached.length.0 + 500) / 1000 }
    }
}
