//! The API as a client sees it, on a made-up city of one street.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod city;
mod client;

mod caching;
mod cancellation;
mod collections;
mod coverage;
mod editions;
mod errors;
mod keys;
mod page;
mod serving;
mod tiles;
mod walking;
