//! The reader of `.osm.pbf` and the build, on arbitrary bytes.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(init: circle_fuzz::watch_panics(), |bytes: &[u8]| {
    let extract = circle_fuzz::scratch::write("a.osm.pbf", bytes);
    if let Ok(city) = circle_fuzz::build(&extract, &[]) {
        circle_fuzz::walk::walk(&city, circle_fuzz::catalogue());
    }
});
