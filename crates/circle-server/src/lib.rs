//! The page and the API over HTTP. The only crate that knows axum.
//!
//! ```text
//! listener ─ serve ─ router ─ layers ─ api::{isochrones, reach, coverage, …} ─ circle-export
//!                                          │
//!                                        State ─ Work (threads for searches) ─ circle-reach, circle-plan
//! ```
//! A handler reads its parameters, hands the search to [`State`]'s worker threads and returns bytes;
//! whatever goes wrong is a `problem::Problem`, turned into an answer in that one place.

mod answer_cache;
mod api;
mod editions;
mod etag;
mod in_flight;
mod kept;
mod keys;
mod layers;
mod links;
mod metrics;
mod page;
mod parameters;
mod patience;
mod problem;
mod rate_limit;
mod router;
mod serve;
mod served;
mod socket;
mod state;
mod work;

pub use rate_limit::RateLimit;
pub use router::{limited_router, router};
pub use serve::{Limits, hung_up, interrupted, serve};
pub use served::Served;
pub use state::State;
