//! The rules of `walking.md`, checked on drawn maps whose times follow from arithmetic, and on random ones.

mod along;
mod ascii_map;
mod compounds;
mod deadlock;
mod facilities;
mod graph_search;
mod hostile;
mod isochrones;
mod legs;
mod obstacles;
mod properties;
mod town;
mod zones;
