//! A client that takes its answer too slowly is let go: what it does not take stays in memory.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep};

/// Far below what the slowest line of a phone takes.
const LEAST_BYTES_A_SECOND: f64 = 1024.0;

/// A stream that waits for its reader for a while in all; what is taken earns time to wait again, so that nobody holds
/// a connection by taking a byte now and then.
#[derive(Debug)]
pub(crate) struct Patient<S> {
    stream: S,
    most: Duration,
    left: Duration,
    /// Since when it waits.
    since: Option<Instant>,
    alarm: Pin<Box<Sleep>>,
}

impl<S: Unpin> Patient<S> {
    pub(crate) fn new(stream: S, most: Duration) -> Self {
        Self { stream, most, left: most, since: None, alarm: Box::pin(tokio::time::sleep(most)) }
    }

    /// # Errors
    /// [`io::ErrorKind::TimedOut`] when the reader took too little for too long.
    fn write(
        &mut self,
        context: &mut Context<'_>,
        write: impl FnOnce(Pin<&mut S>, &mut Context<'_>) -> Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        if let Poll::Ready(written) = write(Pin::new(&mut self.stream), context) {
            let waited = self.since.take().map_or(Duration::ZERO, |since| since.elapsed());
            let bytes = written.as_ref().copied().unwrap_or_default();
            let earned = Duration::from_secs_f64(bytes as f64 / LEAST_BYTES_A_SECOND);
            self.left = self.left.saturating_sub(waited).saturating_add(earned).min(self.most);
            return Poll::Ready(written);
        }
        if self.since.is_none() {
            let now = Instant::now();
            self.since = Some(now);
            self.alarm.as_mut().reset(now + self.left);
        }
        ready!(self.alarm.as_mut().poll(context));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Patient<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Patient<S> {
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

    const MOST: Duration = Duration::from_secs(30);

    /// How sending so many bytes ends, and when, for a reader that takes `bytes` every `pause`.
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
        let result = Patient::new(ours, MOST).write_all(&vec![0; length]).await;
        let took = began.elapsed();
        reader.abort();
        (result, took)
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_reader_gets_all_and_one_that_takes_a_byte_now_and_then_is_let_go() {
        let (slow, took) = sent(400_000, 64, Duration::from_millis(50)).await;
        slow.unwrap();
        assert!(took > 8 * MOST, "{took:?}");
        let (dripping, took) = sent(400_000, 1, Duration::from_secs(20)).await;
        assert_eq!(dripping.unwrap_err().kind(), io::ErrorKind::TimedOut);
        assert!(took < 2 * MOST, "{took:?}");
        let (deaf, took) = sent(400_000, 1, Duration::from_hours(1)).await;
        assert_eq!((deaf.unwrap_err().kind(), took), (io::ErrorKind::TimedOut, MOST));
    }
}
