//! Where walks end: a place, or the access points of a facility.

use crate::legs::leg::Legs;
use circle_model::{FacilityId, Point};
use std::borrow::Cow;

/// Where one walk ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Destination {
    /// A place of the map.
    Place(Point),
    /// A facility, by its best access point.
    Facility(FacilityId),
}

/// One place that a walk may end at.
pub(crate) struct End<'a> {
    pub(crate) point: Point,
    pub(crate) legs: Cow<'a, Legs>,
}
