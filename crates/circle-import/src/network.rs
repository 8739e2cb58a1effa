//! The pedestrian network: streets, their junctions and edges, crossings and barriers on them, and slopes;
//! and the base map, which contains the lines of the edges.

mod base_map;
mod beside;
mod components;
mod draft;
mod edge_ends;
mod graph;
mod hilbert;
mod outline_crossings;
mod passages;
mod plazas;
mod slopes;
mod street_grid;
mod streets;
mod terrain;

pub(crate) use base_map::{BaseMap, draw};
#[cfg(test)]
pub(crate) use base_map::{DraftFeature, Style};
pub(crate) use beside::add_beside_ways;
pub(crate) use draft::{DraftEdge, DraftNode};
pub(crate) use edge_ends::edge_ends;
pub(crate) use graph::{Network, build};
pub(crate) use outline_crossings::OutlineCrossing;
pub(crate) use slopes::{Slopes, slopes};
pub(crate) use street_grid::{StreetGrid, side_of};
pub(crate) use streets::{Streets, lay_out};
pub(crate) use terrain::Terrain;
