//! A result as the body of an answer, read from the disk as the client reads it.

use super::archive::StoredFile;
use axum::body::{Bytes, HttpBody};
use hyper::body::Frame;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use tokio::task::JoinHandle;

/// Bytes of a part. No more than one is in memory for a client.
const PART: usize = 64 * 1024;

/// A body that streams a file. Its length is in a header alone: its bytes wait on the disk, not in memory.
pub(crate) struct Download {
    file: Arc<StoredFile>,
    sent: u64,
    reading: Option<JoinHandle<io::Result<Bytes>>>,
}

impl Download {
    /// The body of a file.
    pub(crate) const fn new(file: Arc<StoredFile>) -> Self {
        Self { file, sent: 0, reading: None }
    }
}

impl HttpBody for Download {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let this = &mut *self;
        if this.sent >= this.file.length {
            return Poll::Ready(None);
        }
        let reading = this.reading.get_or_insert_with(|| {
            let (file, from) = (this.file.clone(), this.sent);
            tokio::task::spawn_blocking(move || file.read(from, PART))
        });
        let read = ready!(Pin::new(reading).poll(context));
        this.reading = None;
        let read = read.unwrap_or_else(|error| Err(io::Error::other(error)));
        Poll::Ready(Some(read.map(|bytes| {
            this.sent += bytes.len() as u64;
            Frame::data(bytes)
        })))
    }

    fn is_end_stream(&self) -> bool {
        self.sent >= self.file.length
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jobs::archive::Archive;
    use axum::body::{Body, to_bytes};

    #[tokio::test]
    async fn a_file_is_sent_whole_in_parts() {
        let mut archive = Archive::new().unwrap();
        archive.add("large", &vec![7; 3 * PART]).unwrap();
        let file = Arc::new(archive.finish().unwrap());
        let body = Body::new(Download::new(file.clone()));
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        assert_eq!(bytes.len() as u64, file.length);
        assert_eq!(bytes, file.read(0, usize::MAX).unwrap());
    }
}
