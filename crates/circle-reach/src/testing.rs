//! Test helpers: towns drawn as text ([`Map`]), towns in metres ([`Town`]), and petgraph's view of the graph.
//!
//! ```
//! use circle_reach::testing::Map;
//!
//! let scene = Map::draw(10.0, "A--p----q--B").open();
//! assert_eq!(scene.walk('p', 'q', "planning").length.metres().round(), 50.0);
//! ```

mod ascii_map;
mod petgraph_view;
mod town;

pub use ascii_map::{HOUR, Map, Scene};
pub use petgraph_view::{ArcReference, Visited};
pub use town::{Estate, Street, Town, profile};
