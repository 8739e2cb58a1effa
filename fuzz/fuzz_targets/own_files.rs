//! A planner's own files in every format, with their list.

#![no_main]

use circle_fuzz::{scratch, walk};
use libfuzzer_sys::fuzz_target;
use std::path::PathBuf;
use std::sync::LazyLock;

/// The extract of the build: a street and a compound beside it.
static TOWN: LazyLock<Vec<u8>> = LazyLock::new(|| circle_fuzz::town(circle_fuzz::TOWN));

fuzz_target!(init: circle_fuzz::watch_panics(), |bytes: &[u8]| {
    scratch::clear();
    let mut list = PathBuf::new();
    for (name, bytes) in circle_fuzz::own_files(bytes) {
        let path = scratch::write(name, &bytes);
        if name == "OWN.toml" {
            list = path;
        }
    }
    let extract = scratch::write("town.osm.pbf", &TOWN);
    if let Ok(city) = circle_fuzz::build(&extract, &[&list]) {
        for file in &city.meta().own {
            let rejected: u64 = file.rejected.values().sum();
            assert_eq!(file.rows, file.accepted + file.merged + rejected, "a row is lost: {file:?}");
        }
        walk::walk(&city, circle_fuzz::catalogue());
    }
});
