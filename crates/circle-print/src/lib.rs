//! Boards 一刻钟便民生活圈导视图: printed pages with the facilities within reach of a gate.
//!
//! ```text
//! settings → contents → layout and map → scene → PDF, SVG, PNG
//! ```
//!
//! Minutes, metres and bands are those of circle-reach. Fonts are built in, so a board looks the same on any machine.

mod board;
mod colour;
mod contents;
mod cut;
mod error;
mod fonts;
mod gates;
mod layout;
mod logo;
mod look;
mod map;
mod page;
mod path;
mod pdf;
mod pictograms;
mod png;
mod scene;
mod settings;
mod style;
mod svg;

pub use board::{Board, Format, PlacedBox};
pub use colour::Colour;
pub use error::PrintError;
pub use gates::{boards_of, gate_of};
pub use logo::Logo;
pub use page::PageSize;
pub use settings::{
    ADDRESS_PATTERN, DIRECTION_PATTERN, GroupBy, MOST_BANDS, NOT_SHOWN, Settings, parse_direction,
};
