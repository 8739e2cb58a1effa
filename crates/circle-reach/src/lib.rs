//! The engine: least walking times on a city's pedestrian network, and what is reached in them.
//!
//! Pure: no files, no formats, no clock. The rules are `walking.md`'s; the modules in the order of a walk:
//! [`access`] (from a place to the network), [`graph`] and [`search`] (along it), [`reach`](fn@reach) and
//! [`times`] (to places), [`isochrones`] (to the shape of all places).

pub mod access;
mod answers;
mod contour;
mod entrances;
mod explain;
mod field;
mod filling;
pub mod graph;
mod horizon;
mod inside;
mod isochrone;
mod lattice;
mod lines;
mod nearest;
mod network;
mod obstacles;
mod parts;
mod reach;
mod reached_tiles;
pub mod search;
mod times;
mod walks;
mod wanted;

pub use answers::{Form, Isochrone, Isochrones, Origin, Reached, ReachedLine, Status, Walk};
pub use explain::{Barred, Barrier, Destination, Explained, Ground, Part, Wait, explain};
pub use isochrone::isochrones;
pub use nearest::Departures;
pub use network::Network;
pub use parts::SharedStreets;
pub use reach::reach;
pub use times::times;
pub use wanted::{Wanted, check_wanted, wanted, while_wanted};

#[cfg(test)]
mod tests;
