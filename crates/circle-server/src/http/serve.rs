//! The listening loop. It replaces `axum::serve`, which has no time limit for headers and no bound on
//! connections.

use super::slow_client::TimedWriter;
use super::socket::Socket;
use axum::Router;
use axum::http::Request;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use socket2::SockRef;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tower::ServiceExt;

/// Longest wait for running answers at shutdown.
const SHUTDOWN_WAIT: Duration = Duration::from_secs(10);
/// Most bytes of a request line and headers.
const LARGEST_HEAD: usize = 32 * 1024;
/// Most unsent bytes that the operating system buffers for a client that reads slowly.
const UNSENT: u32 = 32 * 1024;

/// Limits on clients.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Longest time to send the headers, and longest time that an idle connection stays open.
    pub header: Duration,
    /// Longest time without reading the answer. A client that reads less than 1 KiB per second also uses it
    /// up.
    pub write: Duration,
    /// Most open connections; further connections wait.
    pub connections: usize,
}

/// The peer address of a connection, an extension of each request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(pub(crate) SocketAddr);

impl Default for Limits {
    fn default() -> Self {
        Self { header: Duration::from_secs(20), write: Duration::from_secs(30), connections: 1024 }
    }
}

/// Serves `router` until `shutdown` resolves, then finishes the running answers.
///
/// # Errors
/// Never: only a closed semaphore of connections would be an error.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    let graceful = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(limits.connections));
    let mut shutdown = pin!(shutdown);
    loop {
        let place = tokio::select! {
            place = places.clone().acquire_owned() => place.map_err(io::Error::other)?,
            () = &mut shutdown => break,
        };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut shutdown => break,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Too many open files, or a client that left before it was accepted: the server goes on.
                tracing::warn!(%error, "a connection was not accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        // Small answers must not wait for the client's acknowledgement.
        let _ = stream.set_nodelay(true);
        // Without this, writes to a slow reader resume only when megabytes of the system's buffer are free.
        #[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
        let _ = SockRef::from(&stream).set_tcp_notsent_lowat(UNSENT);
        let socket = Socket::new(stream);
        let stream = TimedWriter::new(socket.clone(), limits.write);
        let router = router.clone();
        let service = service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(Peer(peer));
            answer(router.clone(), request, socket.clone())
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(limits.header)
            .max_buf_size(LARGEST_HEAD)
            // A client that closed its sending side still gets the answer under way; `answer` detects one
            // that left earlier.
            .half_close(true)
            .serve_connection(TokioIo::new(stream), service);
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection ended early");
            }
            drop(place);
        });
    }
    drop(listener);
    if tokio::time::timeout(SHUTDOWN_WAIT, graceful.shutdown()).await.is_err() {
        tracing::warn!("some answers were not finished");
    }
    Ok(())
}

/// The answer to a request; cancelled when the client closes its side first.
///
/// # Errors
/// [`io::ErrorKind::ConnectionAborted`] when it is cancelled.
async fn answer(router: Router, request: Request<Incoming>, socket: Socket) -> io::Result<Response> {
    tokio::select! {
        biased;
        Ok(answer) = router.oneshot(request) => Ok(answer),
        () = socket.closed() => Err(io::ErrorKind::ConnectionAborted.into()),
    }
}
