//! Reads OSM extracts: objects with the meanings of their tags, and their places.

mod blocks;
mod describe;
mod extract;
mod ground;
mod located;
mod objects;
mod passes;
mod walking;

#[cfg(test)]
pub(crate) use describe::facility;
pub(crate) use describe::{BuildingTags, Described};
pub(crate) use extract::Extract;
pub(crate) use ground::ground;
pub(crate) use located::Located;
pub(crate) use objects::{NOWHERE, TaggedNode, Vertex, Way};
pub(crate) use passes::{merge, scan};
pub(crate) use walking::{Lock, Passage, Walk};
