//! The API as a client sees it, on a made-up city of one street.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod city;
mod client;

mod boards;
mod caching;
mod cancellation;
mod changes;
mod collections;
mod corrections;
mod coverage;
mod editions;
mod errors;
mod jobs;
mod keys;
mod landing;
mod page;
mod search;
mod serving;
mod tiles;
mod walking;
