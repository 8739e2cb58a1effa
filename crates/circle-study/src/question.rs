//! Typed questions: parameters are parsed and rejected here, and nowhere else.
//!
//! A question holds rows, profiles and bands that exist: only `parse`, for the API, and `new`, for commands,
//! make one. A use case only rejects values that need the answer to be checked, such as the name of a line of
//! a table.

mod board;
mod coverage;
mod explain;
mod format;
mod isochrones;
mod items;
mod key;
mod origin;
mod reach;
mod search;
mod times;

pub use board::{BoardOverrides, BoardQuestion};
pub use coverage::{CoveragePart, CoverageQuestion, LEVELS, level_named, levels_of};
pub use explain::ExplainQuestion;
pub use format::file_format;
pub use isochrones::{FORMS, IsochronesQuestion, ShapesQuestion};
pub use items::{DEFAULT_LIMIT, ItemsQuestion, LARGEST_LIMIT};
pub use key::{item_row, row_of_key};
pub use origin::{compound, facility, gate, origin, origin_id, place_in_city};
pub use reach::ReachQuestion;
pub use search::{Resolved, find_compound, find_facility, find_row, find_unit, find_units, no_compounds};
pub use times::{TimesQuestion, check_pairs};
