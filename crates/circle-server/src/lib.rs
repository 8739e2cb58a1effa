//! The page and the API over HTTP. The only crate that depends on axum.
//!
//! ```text
//! sockets ─ http ─ middleware ─ router ─ api::{isochrones, reach, coverage, …} ─ circle-study
//! ```
//! A handler parses its parameters into a question and passes it to the study. Every error is a
//! `problem::Problem`, which alone builds error answers.

mod api;
mod http;
mod middleware;
mod page;
pub mod repeats;
mod router;
mod served;
mod settings;
mod state;
#[cfg(feature = "testing")]
pub mod testing;

pub use api::routes::openapi_document;
pub use http::limits::Limits;
pub use http::serve::serve;
pub use http::signals::{hung_up, interrupted};
pub use http::traffic::Traffic;
pub use middleware::access_log::AccessLines;
pub use middleware::client::Forwarding;
pub use middleware::rate_limit::RateLimit;
pub use router::{RouterOptions, router, router_with};
pub use served::Served;
