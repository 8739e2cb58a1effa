//! stub
pub mod answers;
pub mod network;
pub use answers::{Form, Isochrone, Isochrones, Origin, Reached, Status, Walk, isochrones, reach, times};
pub use network::Network;
