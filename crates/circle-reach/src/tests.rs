//! The rules of `walking.md`, checked on drawn maps whose times follow from arithmetic, and on random ones.

mod along;
mod ascii_map;
mod compounds;
mod deadlock;
mod facilities;
mod graph_search;
mod hostile;
mod hours;
mod inside;
mod isochrones;
mod legs;
mod obstacles;
mod profiles;
mod properties;
mod slopes;
mod town;
mod wanted;
mod zones;

/// So many cases, and no files of failed ones beside the sources.
fn cases(cases: u32) -> proptest::prelude::ProptestConfig {
    proptest::prelude::ProptestConfig { cases, failure_persistence: None, ..Default::default() }
}
