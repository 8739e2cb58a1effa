//! City files: arbitrary bytes, and the same bytes with a valid checksum.
//!
//! A file is rejected, or all queries succeed: no panic, no hang, no memory beyond its size for any content
//! of its rows. Most inputs are built cities with some changed values.

#![no_main]

use circle_fuzz::{change_a_row, scratch, signed, town, walk};
use circle_model::City;
use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};
use std::sync::LazyLock;

/// The cities that are altered; built here, so that no seed is of an older version.
static CITIES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let built = circle_fuzz::TOWNS.iter().filter_map(|drawn| {
        let extract = scratch::write("town.osm.pbf", &town(drawn));
        Some(circle_fuzz::build(&extract, &[]).ok()?.as_bytes().to_vec())
    });
    let cities: Vec<Vec<u8>> = built.collect();
    assert!(!cities.is_empty(), "no town was built");
    cities
});

fuzz_target!(init: circle_fuzz::watch_panics(), |bytes: &[u8]| {
    if let Ok(city) = City::open(&scratch::write("a.circle", bytes)) {
        assert_eq!(city.as_bytes(), bytes);
        walk::walk(&city, circle_fuzz::catalogue());
    }
    let signed = signed(bytes);
    if signed != bytes
        && let Ok(city) = City::open(&scratch::write("b.circle", &signed))
    {
        walk::walk(&city, circle_fuzz::catalogue());
    }
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    let mut state = u64::from(seed);
    let mut below = |end: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % end.max(1)
    };
    // Most of a file are its tables, and random bytes are not a city.
    let city = &CITIES[below(CITIES.len())];
    if data[..size].get(..12) != Some(&city[..12]) && city.len() <= max_size {
        data[..city.len()].copy_from_slice(city);
        return city.len();
    }
    let mut size = size;
    if below(4) == 0 {
        size = fuzzer_mutate(data, size, max_size);
    } else {
        for _ in 0..=below(3) {
            change_a_row(&mut data[..size], &mut below);
        }
    }
    let signed = signed(&data[..size]);
    data[..size].copy_from_slice(&signed);
    size
});
