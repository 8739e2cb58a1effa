//! Disconnects clients that read their answer too slowly: the unread rest of an answer occupies memory.

use super::connections::Connection;
use super::end_cause::Cause;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep};

/// Least rate of a reader, far below the slowest mobile connection.
const LEAST_BYTES_PER_SECOND: f64 = 1024.0;

/// A stream with a time budget for waiting. Bytes that the reader takes refill the budget in proportion, so a
/// client that reads single bytes now and then is disconnected too.
#[derive(Debug)]
pub(crate) struct TimedWriter<S> {
    stream: S,
    budget: Duration,
    left: Duration,
    /// Start of the current wait.
    since: Option<Instant>,
    alarm: Pin<Box<Sleep>>,
    connection: Option<Connection>,
}

impl<S: Unpin> TimedWriter<S> {
    /// `connection` learns whether bytes wait, and why it is closed; `None` in tests without connections.
    pub(crate) fn new(stream: S, budget: Duration, connection: Option<Connection>) -> Self {
        let alarm = Box::pin(tokio::time::sleep(budget));
        Self { stream, budget, left: budget, since: None, alarm, connection }
    }

    /// # Errors
    /// [`io::ErrorKind::TimedOut`] when the budget is used up.
    fn write(
        &mut self,
        context: &mut Context<'_>,
        write: impl FnOnce(Pin<&mut S>, &mut Context<'_>) -> Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        if let Poll::Ready(written) = write(Pin::new(&mut self.stream), context) {
            let since = self.since.take();
            if let Some(connection) = self.connection.as_ref().filter(|_| since.is_some()) {
                connection.set_sending(false);
            }
            let waited = since.map_or(Duration::ZERO, |since| since.elapsed());
            let bytes = written.as_ref().copied().unwrap_or_default();
            let earned = Duration::from_secs_f64(bytes as f64 / LEAST_BYTES_PER_SECOND);
            self.left = self.left.saturating_sub(waited).saturating_add(earned).min(self.budget);
            return Poll::Ready(written);
        }
        if self.since.is_none() {
            let now = Instant::now();
            self.since = Some(now);
            if let Some(connection) = &self.connection {
                connection.set_sending(true);
            }
            self.alarm.as_mut().reset(now + self.left);
        }
        ready!(self.alarm.as_mut().poll(context));
        if let Some(connection) = &self.connection {
            connection.end_cause().set(Cause::TooSlow);
        }
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for TimedWriter<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for TimedWriter<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.write(context, |stream, context| stream.poll_write(context, bytes))
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.write(context, |stream, context| stream.poll_write_vectored(context, parts))
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    const BUDGET: Duration = Duration::from_secs(30);

    /// The result of sending `length` bytes to a reader that takes `bytes` every `pause`, and the time it
    /// took.
    async fn sent(length: usize, bytes: usize, pause: Duration) -> (io::Result<()>, Duration) {
        let (ours, mut theirs) = tokio::io::duplex(64);
        let reader = tokio::spawn(async move {
            let mut taken = vec![0; bytes];
            loop {
                tokio::time::sleep(pause).await;
                if theirs.read_exact(&mut taken).await.is_err() {
                    break;
                }
            }
        });
        let began = Instant::now();
        let result = TimedWriter::new(ours, BUDGET, None).write_all(&vec![0; length]).await;
        let took = began.elapsed();
        reader.abort();
        (result, took)
    }

    #[tokio::test(start_paused = true)]
    async fn slow_readers_are_served_and_byte_by_byte_readers_disconnected() {
        let (slow, took) = sent(400_000, 64, Duration::from_millis(50)).await;
        slow.unwrap();
        assert!(took > 8 * BUDGET, "{took:?}");
        let (dripping, took) = sent(400_000, 1, Duration::from_secs(20)).await;
        assert_eq!(dripping.unwrap_err().kind(), io::ErrorKind::TimedOut);
        assert!(took < 2 * BUDGET, "{took:?}");
        let (deaf, took) = sent(400_000, 1, Duration::from_hours(1)).await;
        assert_eq!((deaf.unwrap_err().kind(), took), (io::ErrorKind::TimedOut, BUDGET));
    }
}
