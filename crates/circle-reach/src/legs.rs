//! Access legs: from a place over open ground to the network (`walking.md`, "From a point to the network").

pub(crate) mod access;
pub(crate) mod ends;
pub(crate) mod interior;
pub(crate) mod leg;
pub(crate) mod surroundings;
pub(crate) mod viewpoint;
