//! What OGC API Features and Tiles ask for.

pub(crate) mod collections;
pub(crate) mod items;
pub(crate) mod landing;
pub(crate) mod tile_matrix_sets;
pub(crate) mod tiles;
pub(crate) mod tilesets;
