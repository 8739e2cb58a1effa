//! City files: any bytes, and the same with a checksum that fits.
//!
//! Opening never panics. Positions inside the tables are not checked (ARCHITECTURE.md, "The city file": the checksum finds
//! damage, not malice), so using a file that was signed here may panic; it may not hang, eat memory or read past its end.

#![no_main]

use circle_fuzz::{TOLERANT, scratch, signed, town, walk};
use circle_model::City;
use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::LazyLock;
use std::sync::atomic::Ordering;

/// What is altered: the city of this version, so that no seed grows old.
static CITY: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let extract = scratch::write("town.osm.pbf", &town(circle_fuzz::TOWN));
    circle_fuzz::build(&extract, &[]).expect("a town").as_bytes().to_vec()
});

fuzz_target!(init: circle_fuzz::watch_panics(), |bytes: &[u8]| {
    if let Ok(city) = City::open(&scratch::write("a.circle", bytes)) {
        assert_eq!(city.as_bytes(), bytes);
        used(&city);
    }
    let signed = signed(bytes);
    if signed != bytes
        && let Ok(city) = City::open(&scratch::write("b.circle", &signed))
    {
        used(&city);
    }
});

fn used(city: &City) {
    let untouched = city.as_bytes() == *CITY;
    TOLERANT.store(!untouched, Ordering::Relaxed);
    let walked = catch_unwind(AssertUnwindSafe(|| walk::walk(city, circle_fuzz::catalogue())));
    TOLERANT.store(false, Ordering::Relaxed);
    assert!(walked.is_ok() || !untouched, "the city as it was built");
}

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, _seed: u32| {
    // The tables are most of a file, and random bytes are no city.
    if data[..size].get(..8) != Some(&CITY[..8]) && CITY.len() <= max_size {
        data[..CITY.len()].copy_from_slice(&CITY);
        return CITY.len();
    }
    let size = fuzzer_mutate(data, size, max_size);
    let signed = signed(&data[..size]);
    data[..size].copy_from_slice(&signed);
    size
});
