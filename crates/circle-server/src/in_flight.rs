//! Bounds the bytes of large answers that are on their way: a client that reads slowly, or nothing, keeps its answer in
//! memory.

use crate::problem::Problem;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

const KIBIBYTE: u64 = 1024;
/// Of all large answers together.
const MOST_KIBIBYTES: u32 = 512 * 1024;
/// Smaller answers are bounded by the number of connections.
const LARGE: u64 = 256 * KIBIBYTE;

/// Room for answers, in KiB.
#[derive(Debug, Clone)]
pub(crate) struct Room(Arc<Semaphore>);

impl Default for Room {
    fn default() -> Self {
        Self::of(MOST_KIBIBYTES)
    }
}

impl Room {
    fn of(kibibytes: u32) -> Self {
        Self(Arc::new(Semaphore::new(kibibytes as usize)))
    }
}

/// Sends large answers while there is room for them; asks to come again when there is none. One that is larger than all
/// takes all.
pub(crate) async fn in_flight(State(room): State<Room>, request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let bytes = response.body().size_hint().exact().unwrap_or_default();
    if bytes < LARGE {
        return response;
    }
    let wanted = u32::try_from(bytes / KIBIBYTE).unwrap_or(MOST_KIBIBYTES).min(MOST_KIBIBYTES);
    match room.0.try_acquire_many_owned(wanted) {
        Ok(room) => response.map(|body| Body::new(Held { body, _room: room })),
        Err(_) => Problem::Busy.into_response(),
    }
}

/// A body that has its room until it is sent or given up.
struct Held {
    body: Body,
    _room: OwnedSemaphorePermit,
}

impl HttpBody for Held {
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

#[cfg(test)]
mod tests {
    use super::*;
    use axum::Router;
    use axum::http::StatusCode;
    use axum::middleware::from_fn_with_state;
    use axum::routing::get;
    use tower::ServiceExt;

    #[tokio::test]
    async fn answers_that_nobody_reads_leave_no_room_for_more() {
        let router = Router::new()
            .route("/large", get(|| async { vec![0_u8; 600 << 10] }))
            .route("/small", get(|| async { "small" }))
            .layer(from_fn_with_state(Room::of(1024), in_flight));
        let ask = |path: &str| {
            let request = Request::builder().uri(path).body(Body::empty()).unwrap();
            router.clone().oneshot(request)
        };
        let first = ask("/large").await.unwrap();
        assert_eq!(first.status(), StatusCode::OK);
        let second = ask("/large").await.unwrap();
        assert_eq!(second.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(ask("/small").await.unwrap().status(), StatusCode::OK);
        drop(first);
        assert_eq!(ask("/large").await.unwrap().status(), StatusCode::OK);
    }
}
