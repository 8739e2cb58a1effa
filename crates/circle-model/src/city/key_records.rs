//! The collections with keys, and the rows of former keys.

use super::macros::{codes, record};
use super::records::Text;
use crate::coordinates::Point;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

codes! {
    /// The collections with keys.
    KeyOf {
        /// Compounds 小区.
        Compound = "compounds",
        /// Gates 出入口.
        Gate = "gates",
        /// Facilities 设施.
        Facility = "facilities",
        /// District units.
        Unit = "units",
        /// Candidate spaces.
        Candidate = "candidates",
        /// Residential buildings.
        Building = "buildings",
    }
}

record! {
    /// A key of an earlier edition that this one does not have.
    FormerKey {
        /// The key.
        text: Text,
        /// Last known position of the thing.
        point: Point,
        /// Row of the same thing, in the collection that `of` names, so a plain number; [`FormerKey::GONE`]
        /// if it is gone.
        row: u32,
        /// A [`KeyOf`].
        of: u8,
        /// Always 0.
        spare: [u8; 3],
    }
}

impl FormerKey {
    /// The value of `row` for a thing that is gone.
    pub const GONE: u32 = u32::MAX;

    /// Row of the same thing; `None` if it is gone.
    pub fn row(&self) -> Option<u32> {
        (self.row != Self::GONE).then_some(self.row)
    }
}
