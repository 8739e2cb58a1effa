//! The listening loop. It replaces `axum::serve`, which has no time limit for headers and no bound on
//! connections.

use super::connections::{Admitted, RequestUnderWay};
use super::end_cause::Cause;
use super::limits::Limits;
use super::slow_client::TimedWriter;
use super::socket::Socket;
use super::traffic::Traffic;
use axum::Router;
use axum::body::{Body, Bytes, HttpBody};
use axum::http::{Request, Response};
use circle_study::Client;
use hyper::body::{Frame, Incoming, SizeHint};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use socket2::SockRef;
use std::io;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};
use tokio::net::{TcpListener, TcpStream};
use tower::ServiceExt;

/// Longest wait for running answers at shutdown.
const SHUTDOWN_WAIT: Duration = Duration::from_secs(10);
/// Longest wait after that for the end of the connections that are closed.
const CLOSING_WAIT: Duration = Duration::from_secs(1);
/// Interval of the checks whether they have ended.
const CLOSING_POLL: Duration = Duration::from_millis(5);
/// Interval of the search for clients that read too slowly.
const SWEEP: Duration = Duration::from_secs(1);
/// Least time between two lines about connections that were not accepted.
const BETWEEN_WARNINGS: Duration = Duration::from_secs(10);
/// Longest time to send the headers on a connection of the reserve.
const RESERVED_HEADER: Duration = Duration::from_secs(5);
/// Most bytes of a request line and headers.
const LARGEST_HEAD: usize = 32 * 1024;
/// Most unsent bytes that the operating system buffers for a client that reads slowly.
const UNSENT: u32 = 32 * 1024;

/// Serves `router` until `shutdown` resolves, then finishes the running answers.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    traffic: Traffic,
    shutdown: impl Future<Output = ()>,
) {
    let graceful = GracefulShutdown::new();
    let mut sweep = tokio::time::interval(SWEEP);
    let mut shutdown = pin!(shutdown);
    let (mut refused, mut warned) = (0_u64, None);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = sweep.tick() => {
                traffic.waiting.close_slow();
                continue;
            }
            () = &mut shutdown => break,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Too many open files, or a client that left before it was accepted: the server goes on.
                refused += 1;
                if warned.is_none_or(|warned: Instant| warned.elapsed() > BETWEEN_WARNINGS) {
                    tracing::warn!(%error, refused, "connections were not accepted");
                    (warned, refused) = (Some(Instant::now()), 0);
                }
                traffic.connections.close_one();
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        let waiting = &traffic.waiting;
        let admitted =
            traffic.connections.admit(Client::new(peer.ip()), |clients| waiting.close_slowest_of(clients));
        tokio::spawn(answer_all(stream, admitted, router.clone(), traffic.limits, graceful.watcher()));
    }
    drop(listener);
    if tokio::time::timeout(SHUTDOWN_WAIT, graceful.shutdown()).await.is_err() {
        traffic.connections.close_all(Cause::Shutdown);
        tracing::warn!("some answers were not finished");
        // Requests are logged when their connections end.
        let ended = async {
            while traffic.connections.load().open > 0 {
                tokio::time::sleep(CLOSING_POLL).await;
            }
        };
        let _ = tokio::time::timeout(CLOSING_WAIT, ended).await;
    }
}

/// Answers the requests of a connection until its end.
async fn answer_all(stream: TcpStream, admitted: Admitted, router: Router, limits: Limits, watcher: Watcher) {
    // Small answers must not wait for the client's acknowledgement.
    let _ = stream.set_nodelay(true);
    // Without this, writes to a slow reader resume only when megabytes of the system's buffer are free.
    #[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
    let _ = SockRef::from(&stream).set_tcp_notsent_lowat(UNSENT);
    let socket = Socket::new(stream);
    let stream = TimedWriter::new(socket.clone(), limits.write, Some(admitted.connection.clone()));
    let connection = admitted.connection.clone();
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(connection.clone());
        answer(router.clone(), request, socket.clone(), connection.begin())
    });
    let header =
        if admitted.connection.is_reserved() { limits.header.min(RESERVED_HEADER) } else { limits.header };
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(header)
        .max_buf_size(LARGEST_HEAD)
        // A client that closed its sending side still gets the answer under way; `answer` detects one
        // that left earlier.
        .half_close(true)
        .serve_connection(TokioIo::new(stream), service);
    tokio::select! {
        served = watcher.watch(served) => if let Err(error) = served {
            tracing::debug!(%error, "a connection ended early");
        },
        () = admitted.connection.closed() => {}
    }
}

/// The answer to a request; cancelled when the client closes its side first.
///
/// # Errors
/// [`io::ErrorKind::ConnectionAborted`] when it is cancelled.
async fn answer(
    router: Router,
    request: Request<Incoming>,
    socket: Socket,
    under_way: RequestUnderWay,
) -> io::Result<Response<AnswerBody>> {
    tokio::select! {
        biased;
        Ok(answer) = router.oneshot(request) => {
            Ok(answer.map(|body| AnswerBody { body, _under_way: under_way }))
        }
        () = socket.closed() => Err(io::ErrorKind::ConnectionAborted.into()),
    }
}

/// A body with the request that ends with it.
struct AnswerBody {
    body: Body,
    _under_way: RequestUnderWay,
}

impl HttpBody for AnswerBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
