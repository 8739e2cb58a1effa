//! Boards 一刻钟便民生活圈导视图: what a gate reaches on foot, set on a page.
//!
//! ```text
//! settings → contents (what it says) → layout and map (where it stands) → scene → PDF, SVG, PNG
//! ```
//! Its minutes, metres and bands are the engine's. Fonts come with it, so a board looks the same on any machine.

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
mod pdf;
mod pictograms;
mod png;
mod scene;
mod settings;
mod style;
mod svg;

pub use board::{Board, Format, Standing};
pub use colour::Colour;
pub use error::PrintError;
pub use gates::{boards_of, gate_of};
pub use logo::Logo;
pub use page::PageSize;
pub use settings::{GroupBy, Settings, parse_direction};
