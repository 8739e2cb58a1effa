//! Areas, outlines, and the pool of points that drawn shapes refer to.

mod areas;
mod boxes;
mod clip;
mod cluster;
mod compound_size;
mod outlines;
mod segments;
mod shapes;

pub(crate) use areas::{Area, assemble, label_point, polygons_square_metres};
pub(crate) use boxes::Boxes;
pub(crate) use clip::close_along_box;
pub(crate) use cluster::{cluster, cluster_by};
pub(crate) use compound_size::{MOST_METRES_ACROSS, is_too_large};
pub(crate) use outlines::{mend_outline, project_outline};
pub(crate) use segments::{crossing_share, midpoint};
pub(crate) use shapes::{Shapes, StoredRing};
