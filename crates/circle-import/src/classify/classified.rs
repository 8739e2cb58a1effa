//! The result of a classification.

use circle_model::city::{Channel, FacilityFlags};

/// The categories of one facility.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Classified {
    /// Positions in the catalogue, the main one first.
    pub categories: Vec<u8>,
    /// The channel that decided.
    pub channel: Channel,
    /// Confidence of the main category, in per cent.
    pub confidence_percent: u8,
    /// [`FacilityFlags::HALAL`], [`FacilityFlags::LEVEL_UNCERTAIN`].
    pub flags: FacilityFlags,
}

/// The reason why a record is not a facility of the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoFacility {
    /// Neither name nor code determines a category.
    Unknown,
    /// Its name states that it is closed.
    Closed,
    /// The gate of a compound: Amap's 991400, 991401.
    Gate,
}
