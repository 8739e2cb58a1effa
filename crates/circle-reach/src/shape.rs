//! Shapes: the times of walks on a lattice of places, and the isochrones drawn from them.

pub(crate) mod contour;
pub(crate) mod field;
pub(crate) mod isochrone;
pub(crate) mod lattice;
pub(crate) mod lines;
pub(crate) mod near_starts;
pub(crate) mod raster;
pub(crate) mod reached_tiles;
pub(crate) mod remaining_times;
pub(crate) mod tile;
