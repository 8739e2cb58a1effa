//! Bounds the bytes of large answers in memory: an answer stays there until its client has read it.

use axum::body::{Body, Bytes, HttpBody};
use axum::response::Response;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

const KIBIBYTE: u64 = 1024;
/// Memory for all large answers together.
const MOST_KIBIBYTES: u32 = 512 * 1024;
/// Smallest large answer. Smaller answers are bounded by the number of connections.
const LARGE: u64 = 256 * KIBIBYTE;

/// Memory for large answers, in KiB.
#[derive(Debug, Clone)]
pub(crate) struct AnswerBudget(Arc<Semaphore>);

impl Default for AnswerBudget {
    fn default() -> Self {
        Self::of(MOST_KIBIBYTES)
    }
}

impl AnswerBudget {
    pub(crate) fn of(kibibytes: u32) -> Self {
        Self(Arc::new(Semaphore::new(kibibytes as usize)))
    }

    /// Reserves memory for an answer until it is sent or dropped; `None` if too little is left. An answer
    /// larger than the whole budget reserves all of it.
    pub(crate) fn reserve(&self, response: Response) -> Option<Response> {
        let bytes = response.body().size_hint().exact().unwrap_or_default();
        if bytes < LARGE {
            return Some(response);
        }
        let kibibytes = u32::try_from(bytes / KIBIBYTE).unwrap_or(MOST_KIBIBYTES).min(MOST_KIBIBYTES);
        let permit = self.0.clone().try_acquire_many_owned(kibibytes).ok()?;
        Some(response.map(|body| Body::new(ReservedBody { body, _permit: permit })))
    }
}

/// A body with its reservation, which ends when the body is dropped.
struct ReservedBody {
    body: Body,
    _permit: OwnedSemaphorePermit,
}

impl HttpBody for ReservedBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<hyper::body::Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> hyper::body::SizeHint {
        self.body.size_hint()
    }
}
