//! The use cases: a question in, an answer out. The crate owns the caches and depends on neither clap nor
//! axum.
//!
//! ```text
//! Parameters ─ question::parse ─▶ …Question ─ Study ─ Cache ─ Pool ─▶ circle-reach, circle-plan ─▶ bytes
//!              (or Refusal)                     │
//!                                               └ CityEdition: a city under conditions, with its network
//! ```
//!
//! - [`question`] parses and rejects questions, in one place for commands and handlers.
//! - [`Study`] holds the current city, provides its editions, and answers: each use case is a file, with a
//!   function that computes on the calling thread and a method of [`Study`] that computes on the [`Pool`],
//!   through the cache.
//! - Answers are cached by edition and question. A computation that several callers wait for runs once; it
//!   continues while one of them waits and is cancelled when the last one leaves.

pub mod audit;
mod base_map;
pub mod boards;
mod cache;
mod cache_keys;
mod choices;
mod client;
pub mod compare;
pub mod coverage;
mod edition;
mod error;
pub mod explain;
mod flight;
pub mod isochrones;
pub mod parameters;
mod pool;
pub mod probe;
pub mod quality;
pub mod question;
pub mod reach;
mod refusal;
mod study;
pub mod times;

pub use cache::CacheFigures;
pub use choices::{Choices, find_profile, find_rules};
pub use client::Client;
pub use edition::CityEdition;
pub use error::{StudyError, panic_message};
pub use parameters::Parameters;
pub use pool::{Budget, Lane, LaneFigures, Pool, run_nicely};
pub use refusal::{KeySlot, NamedCompound, NearestRecord, Refusal};
pub use study::Study;
