//! Who asks, for handlers that keep something for a client.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use circle_study::Client;
use std::convert::Infallible;

/// The client of a request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asking(pub(crate) Client);

impl<S: Sync> FromRequestParts<S> for Asking {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(parts.extensions.get::<Client>().copied().unwrap_or(Client::UNKNOWN)))
    }
}
