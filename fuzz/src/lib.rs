//! What the fuzz targets share. `town`, `own`, `rows`, `signed` and `walk` are also used by the tests that replay their
//! corpora on stable.

mod own;
#[path = "../../tests/pbf.rs"]
mod pbf;
mod rows;
pub mod scratch;
mod signed;
mod town;
pub mod walk;

use circle_import::{ImportError, Silent, Sources};
use circle_model::{Catalogue, City};
use std::path::Path;
use std::sync::LazyLock;

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(Catalogue::built_in);

/// The catalogue, read once.
pub fn catalogue() -> &'static Catalogue {
    &CATALOGUE
}

/// Ends the process at every panic of the project's code, also one that is caught further up.
///
/// A panic of a decoder that damaged bytes were given to is let go: two readers catch it and make an error of it. One
/// that nobody catches ends the run all the same.
pub fn watch_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let ours = panic.location().is_some_and(|at| at.file().contains("crates/circle-"));
        eprintln!("{panic}");
        if ours {
            eprintln!("{}", std::backtrace::Backtrace::force_capture());
            std::process::abort();
        }
    }));
}

/// Builds a city of an extract and the planner's own files.
pub fn build(extract: &Path, own: &[&Path]) -> Result<City, ImportError> {
    circle_import::read(&Sources { extracts: &[extract], own, ..Sources::default() }, catalogue(), &Silent)
}

/// The extract of the town that `input` draws.
pub fn town(input: &[u8]) -> Vec<u8> {
    town::extract(input)
}

/// The planner's own files that `input` stands for, by name, `OWN.toml` among them.
pub fn own_files(input: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    own::files(input)
}

/// A city file whose checksum fits.
pub fn signed(bytes: &[u8]) -> Vec<u8> {
    signed::signed(bytes)
}

/// Changes one value of one table of a city file; `below` draws a number below another.
pub fn change_a_row(bytes: &mut [u8], below: impl FnMut(usize) -> usize) {
    rows::change(bytes, below);
}

/// A street, a compound with a gate beside it, and a few facilities, as [`town`] draws it.
pub const TOWN: &[u8] = include_bytes!("../seeds/drawn/town");

/// Towns with other things in them, as [`town`] draws them.
pub const TOWNS: [&[u8]; 5] = [
    TOWN,
    include_bytes!("../seeds/drawn/barriers"),
    include_bytes!("../seeds/drawn/blocks"),
    include_bytes!("../seeds/drawn/plaza"),
    include_bytes!("../seeds/drawn/stairs"),
];
