//! The coordinate reference systems of planners' files, and the detection of the system of a file.

mod crs;
mod crs_from_wkt;
mod detect;
mod ground;
mod notation;
mod reading;
mod resolve;
mod transverse;
mod wkt;

pub use crs::{Crs, CrsError};
pub use detect::{Detection, Mixture, Unclear, Verification, constant_offset, detect, verify};
pub use ground::{GroundFeature, GroundRaster};
pub use notation::{AngleNotation, parse_coordinate};
pub use reading::Reading;
pub use resolve::{DatumError, DatumQuestion, DatumRemark, DatumResolution, resolve};
pub use transverse::TransverseMercator;
