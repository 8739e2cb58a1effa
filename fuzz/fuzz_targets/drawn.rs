//! The build from towns that the bytes describe: unusual ways, areas, tags and places.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(init: circle_fuzz::watch_panics(), |bytes: &[u8]| {
    let extract = circle_fuzz::scratch::write("a.osm.pbf", &circle_fuzz::town(bytes));
    if let Ok(city) = circle_fuzz::build(&extract, &[]) {
        circle_fuzz::walk::walk(&city, circle_fuzz::catalogue());
    }
});
