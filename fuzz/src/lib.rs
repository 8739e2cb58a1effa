//! Code shared by the fuzz targets. The tests that replay their corpora on stable also use `town`, `own`,
//! `rows`, `signed` and `walk`.

mod own;
#[path = "../../tests/pbf.rs"]
mod pbf;
mod rows;
pub mod scratch;
mod signed;
mod town;
pub mod walk;

use circle_import::{ImportError, OwnSource, Silent, Sources};
use circle_model::{Catalogue, City};
use std::path::Path;
use std::sync::LazyLock;

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(Catalogue::built_in);

/// The built-in catalogue, parsed once.
pub fn catalogue() -> &'static Catalogue {
    &CATALOGUE
}

/// Aborts the process at every panic in the project's code, including panics that a caller catches.
///
/// A panic in a third-party decoder is ignored here, because two readers catch it and return an error. An
/// uncaught panic ends the run anyway.
pub fn watch_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let is_ours = panic.location().is_some_and(|at| at.file().contains("crates/circle-"));
        eprintln!("{panic}");
        if is_ours {
            eprintln!("{}", std::backtrace::Backtrace::force_capture());
            std::process::abort();
        }
    }));
}

/// Builds a city from an extract and the lists of a planner's own files.
pub fn build(extract: &Path, own: &[&Path]) -> Result<City, ImportError> {
    let own: Vec<OwnSource<'_>> = own.iter().map(|list| OwnSource::List(list)).collect();
    let sources = Sources { extracts: &[extract], own: &own, ..Sources::default() };
    circle_import::read(&sources, catalogue(), &Silent)
}

/// The extract of the town that `input` describes.
pub fn town(input: &[u8]) -> Vec<u8> {
    town::extract(input)
}

/// The planner's own files that `input` describes, by name, including `OWN.toml`.
pub fn own_files(input: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    own::files(input)
}

/// The bytes of a city file with a valid checksum.
pub fn signed(bytes: &[u8]) -> Vec<u8> {
    signed::signed(bytes)
}

/// Changes one value of one table of a city file; `below` returns a random number below its argument.
pub fn change_a_row(bytes: &mut [u8], below: impl FnMut(usize) -> usize) {
    rows::change(bytes, below);
}

/// An input of [`town`]: a street, a compound with a gate beside it, and a few facilities.
pub const TOWN: &[u8] = include_bytes!("../seeds/drawn/town");

/// Inputs of [`town`] with different objects.
pub const TOWNS: [&[u8]; 5] = [
    TOWN,
    include_bytes!("../seeds/drawn/barriers"),
    include_bytes!("../seeds/drawn/blocks"),
    include_bytes!("../seeds/drawn/plaza"),
    include_bytes!("../seeds/drawn/stairs"),
];
