//! The listening loop: `axum::serve` has no time limit for headers and no bound on connections.

use crate::patience::Patient;
use crate::rate_limit::Peer;
use crate::socket::Socket;
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
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tower::ServiceExt;

/// How long answers under way are waited for when the server stops.
const LAST_WORDS: Duration = Duration::from_secs(10);
/// Bytes of a request before its body.
const LARGEST_HEAD: usize = 32 * 1024;

/// Bytes that may wait in the system for a reader.
const UNSENT: u32 = 32 * 1024;

/// What clients may take of the server.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// How long a client may take over its headers, and an idle connection may stay open.
    pub header: Duration,
    /// How long a client may take nothing of its answer; who takes less than 1 KiB a second uses it up.
    pub write: Duration,
    /// Connections open at a time; more wait.
    pub connections: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { header: Duration::from_secs(20), write: Duration::from_secs(30), connections: 1024 }
    }
}

/// Serves `router` until `shutdown` resolves, then finishes the answers under way.
///
/// # Errors
/// None at present; that the listener is gone would be one.
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
                // Too many open files, or a client that left in the queue: neither ends the server.
                tracing::warn!(%error, "a connection was not accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        // Small answers must not wait for the client's acknowledgement.
        let _ = stream.set_nodelay(true);
        // Else a slow reader is seen to take something only when megabytes of the system's buffer are free.
        #[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
        let _ = SockRef::from(&stream).set_tcp_notsent_lowat(UNSENT);
        let socket = Socket::new(stream);
        let stream = Patient::new(socket.clone(), limits.write);
        let router = router.clone();
        let service = service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(Peer(peer));
            answered(router.clone(), request, socket.clone())
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(limits.header)
            .max_buf_size(LARGEST_HEAD)
            // What is ready is sent to who asks for no more; who leaves before is seen by `answered`.
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
    if tokio::time::timeout(LAST_WORDS, graceful.shutdown()).await.is_err() {
        tracing::warn!("some answers were not finished");
    }
    Ok(())
}

/// The answer to a request, which is given up when the client closes its side before it is there.
///
/// # Errors
/// [`io::ErrorKind::ConnectionAborted`] then.
async fn answered(router: Router, request: Request<Incoming>, socket: Socket) -> io::Result<Response> {
    tokio::select! {
        biased;
        Ok(answer) = router.oneshot(request) => Ok(answer),
        () = socket.closed() => Err(io::ErrorKind::ConnectionAborted.into()),
    }
}

/// Resolves when the process is asked to stop: ctrl-c, or SIGTERM.
///
/// Signals are listened for from the call on, not from the first poll: who stops a program that has just said where it
/// listens must not meet the system's own handler.
#[cfg(unix)]
pub fn interrupted() -> impl Future<Output = ()> {
    use tokio::signal::unix::{SignalKind, signal};
    let signals = [SignalKind::interrupt(), SignalKind::terminate()].map(|kind| signal(kind).ok());
    async move {
        let waits = signals.map(|listening| async move {
            match listening {
                Some(mut listening) => {
                    listening.recv().await;
                }
                None => std::future::pending().await,
            }
        });
        let [interrupt, terminate] = waits;
        tokio::select! {
            () = interrupt => {}
            () = terminate => {}
        }
    }
}

/// Ends when the program is told to stop.
#[cfg(not(unix))]
pub async fn interrupted() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// Calls `again` whenever the process is told to read its files anew (SIGHUP), listened for from the call on.
#[cfg(unix)]
pub fn hung_up(mut again: impl FnMut()) -> impl Future<Output = ()> {
    use tokio::signal::unix::{SignalKind, signal};
    let hangup = signal(SignalKind::hangup()).ok();
    async move {
        let Some(mut hangup) = hangup else { return };
        while hangup.recv().await.is_some() {
            again();
        }
    }
}

/// Systems without that signal never tell.
#[cfg(not(unix))]
pub async fn hung_up(_again: impl FnMut()) {}
