//! Opens or builds a city.

use super::files::legs;
use crate::failure::Failure;
use crate::progress::Bar;
use anyhow::anyhow;
use circle_import::Sources;
use circle_model::{Catalogue, City};
use circle_study::{Choices, Study};
use std::io::Read;
use std::path::Path;

/// Opens a city file; anything else is read as an extract.
pub(crate) fn city(path: &Path) -> Result<City, Failure> {
    let mut begin = [0; 6];
    // Files only: opening a pipe would block until it has a writer.
    let is_city = path.is_file()
        && std::fs::File::open(path).and_then(|mut file| file.read_exact(&mut begin)).is_ok()
        && &begin == b"CIRCLE";
    if is_city || path.extension().is_some_and(|extension| extension == "circle") {
        let city = City::open(path)?;
        if city.meta().catalogue != Catalogue::built_in().fingerprint() {
            return Err(anyhow!(
                "{}: built with another catalogue of facilities; build it again with `circle build`",
                path.display()
            )
            .into());
        }
        return Ok(city);
    }
    sources(&Sources { extracts: &[path], ..Sources::default() })
}

/// A study of a city, with limits of access legs from a file if one is given.
pub(crate) fn study(path: &Path, limits: Option<&Path>) -> Result<Study, Failure> {
    let limits = legs(limits)?;
    Ok(Study::new(Choices::built_in(city(path)?.with_legs(limits))))
}

/// Reads sources into one city, with a progress bar on a terminal.
pub(crate) fn sources(sources: &Sources<'_>) -> Result<City, Failure> {
    let bar = Bar::new();
    let city = circle_import::read(sources, &Catalogue::built_in(), &bar)?;
    bar.finish();
    Ok(city)
}
