//! The engine: least walking times on a city's pedestrian network, and what is within reach.
//!
//! Pure: no files, no formats, no clock. The rules are those of `docs/walking.md`. A [`Network`] is built
//! from a city; [`reach`], [`times`], [`isochrones`], [`explain`] and [`matrix`] answer questions about it.
//! Each takes a [`Cancel`] token and ends early with [`Cancelled`]; callers that never cancel pass
//! `&Cancel::never()`.
//!
//! The modules are layers, each importing only those above it in this list:
//!
//! - `cancel`: the token
//! - `ground`: graph, weights, zones, streets, obstacles; immutable
//! - `legs`: from a place to the network
//! - `walk`: along the network to places and facilities
//! - `matrix`: walks compound × facility
//! - `shape`: the shape of all places that are reached
//! - `explain`: one walk in full
//! - `network`: the caches, and the entry points that put the layers together
//! - `testing`: towns drawn as text, with the feature `testing`

mod cancel;
mod explain;
mod ground;
mod legs;
mod matrix;
mod network;
mod shape;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
mod walk;

pub use cancel::{Cancel, Cancelled};
pub use explain::explained::{Barred, Barrier, Explained, Part, Surface, Wait};
pub use ground::graph::{Graph, GraphArc};
pub use ground::numbering::NodeIndex;
pub use ground::units::NO_LIMIT;
pub use ground::weights::{Step, Weights};
pub use legs::leg::{Leg, Legs};
pub use matrix::{Matrix, Pair};
pub use network::Network;
pub use network::entry_points::{explain, explain_walk, isochrones, matrix, reach, times};
pub use shape::isochrone::{Form, Isochrone, Isochrones};
pub use shape::lines::ReachedLine;
pub use walk::ends::Destination;
pub use walk::nearest::Departures;
pub use walk::reach::Reached;
pub use walk::search::{Label, Search, Seed};
pub use walk::starts::Origin;
pub use walk::times::{Status, Walk};

#[cfg(test)]
mod tests;
