use crate::city::served_city;
use crate::client::server;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::routing::get;
use circle_server::{Forwarding, Limits, RateLimit, RouterOptions, Traffic};
use std::convert::Infallible;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::num::NonZeroU32;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

async fn ask(address: SocketAddr, text: impl Into<String>) -> String {
    let text: String = text.into();
    let ask = move || {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(text.as_bytes()).unwrap();
        let mut answer = Vec::new();
        // A server that closes before it has read everything may reset the connection after its answer.
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8(answer).unwrap()
    };
    tokio::task::spawn_blocking(ask).await.unwrap()
}

#[tokio::test]
async fn a_port_answers_until_the_shutdown() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = tokio::spawn(circle_server::serve(listener, server(), Traffic::default(), async {
        let _ = stopped.await;
    }));
    let answer = ask(address, "GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("\r\n\r\nok"), "{answer}");
    let nonsense = ask(address, "no http\r\n\r\n").await;
    assert!(nonsense.starts_with("HTTP/1.1 400"), "{nonsense}");
    stop.send(()).unwrap();
    tokio::time::timeout(Duration::from_secs(5), serving).await.unwrap().unwrap();
    assert!(TcpStream::connect(address).is_err());
}

/// Serves on a free port until the test ends.
pub(crate) async fn served(router: Router, limits: Limits) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(circle_server::serve(listener, router, Traffic::new(limits), std::future::pending()));
    address
}

/// Short enough for a test, in which nothing sleeps: it waits until the server acts.
const IMPATIENT: Limits = Limits {
    header: Duration::from_millis(200),
    write: Duration::from_millis(200),
    connections: 10,
    connections_of_one: 10,
    waiting_bytes: 1 << 20,
};

#[tokio::test]
async fn a_client_with_slow_headers_is_disconnected() {
    let address = served(server(), IMPATIENT).await;
    for slow in ["GET /healthz HTTP/1.1\r\nhost: x\r\nx-", ""] {
        // It reads until the server closes the connection.
        let answer = tokio::time::timeout(Duration::from_secs(10), ask(address, slow)).await;
        assert!(!answer.expect("it is closed").starts_with("HTTP/1.1 2"));
    }
}

#[tokio::test]
async fn idle_connections_make_room_and_the_operator_is_answered_without_room() {
    let limits = Limits { connections: 2, connections_of_one: 2, ..Limits::default() };
    let endless = async || Body::new(Endless { _dropped: oneshot::channel().0 });
    let address = served(Router::new().route("/endless", get(endless)).merge(server()), limits).await;
    let healthy = "GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    let idle: Vec<TcpStream> = (0..5).map(|_| TcpStream::connect(address).unwrap()).collect();
    assert!(ask(address, healthy).await.starts_with("HTTP/1.1 200"));
    // Two answers that are never read to their end take both places.
    let mut busy = Vec::new();
    for _ in 0..2 {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(b"GET /endless HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
        let first = tokio::task::spawn_blocking(move || {
            let mut status = [0; 12];
            stream.read_exact(&mut status).unwrap();
            (stream, status)
        });
        let (stream, status) = first.await.unwrap();
        assert_eq!(&status, b"HTTP/1.1 200");
        busy.push(stream);
    }
    assert!(ask(address, healthy).await.starts_with("HTTP/1.1 200"));
    let other = ask(address, "GET /api HTTP/1.1\r\nhost: x\r\n\r\n").await;
    assert!(other.starts_with("HTTP/1.1 503") && other.contains("retry-after: 1"), "{other}");
    drop((idle, busy));
}

/// An answer without an end, which reports when it is dropped.
struct Endless {
    _dropped: oneshot::Sender<()>,
}

impl hyper::body::Body for Endless {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<hyper::body::Frame<Bytes>, Infallible>>> {
        Poll::Ready(Some(Ok(hyper::body::Frame::data(Bytes::from_static(&[0; 1 << 13])))))
    }
}

#[tokio::test]
async fn a_client_that_reads_nothing_is_disconnected() {
    let (dropped, was_dropped) = oneshot::channel();
    let dropped = Arc::new(Mutex::new(Some(dropped)));
    let endless = async move || Body::new(Endless { _dropped: dropped.lock().unwrap().take().unwrap() });
    let address = served(Router::new().route("/", get(endless)), IMPATIENT).await;
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
    let end = tokio::time::timeout(Duration::from_secs(10), was_dropped).await;
    assert!(end.expect("the answer is still being sent").is_err());
    drop(stream);
}

#[tokio::test]
async fn a_request_names_its_host_once() {
    let address = served(server(), Limits::default()).await;
    for (head, status) in [
        ("GET /healthz HTTP/1.1\r\n", "400"),
        ("GET /healthz HTTP/1.1\r\nhost: a\r\nhost: b\r\n", "400"),
        ("GET /healthz HTTP/1.1\r\nhost: a b\r\n", "400"),
        ("GET /healthz HTTP/1.1\r\nhost: a@b\r\n", "400"),
        ("GET /healthz HTTP/1.1\r\nhost: [::1]:\r\n", "200"),
        ("GET /healthz HTTP/1.1\r\nhost: a:80\r\n", "200"),
        ("GET /healthz HTTP/1.1\r\nhost:\r\n", "200"),
        ("GET /healthz HTTP/1.0\r\n", "200"),
        ("GET /healthz HTTP/1.0\r\nhost: a\r\nhost: b\r\n", "400"),
        ("OPTIONS /api HTTP/1.1\r\norigin: http://a\r\naccess-control-request-method: GET\r\n", "400"),
    ] {
        let answer = ask(address, format!("{head}connection: close\r\n\r\n")).await;
        let first = answer.lines().next().unwrap_or_default();
        assert_eq!(first.get(9..12), Some(status), "{head}: {answer}");
        assert!(status == "200" || answer.contains("application/problem+json"), "{answer}");
    }
    for refused in ["TRACE /healthz", "DELETE /", "POST /index.html"] {
        let answer =
            ask(address, format!("{refused} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")).await;
        assert!(answer.starts_with("HTTP/1.1 405") && answer.contains("allow: GET,HEAD"), "{answer}");
    }
}

#[tokio::test]
async fn large_headers_are_refused() {
    let address = served(server(), Limits::default()).await;
    let head = |bytes: usize| {
        let filling = "x".repeat(bytes);
        format!("GET /healthz HTTP/1.1\r\nhost: x\r\nx-filling: {filling}\r\nconnection: close\r\n\r\n")
    };
    let answer = ask(address, head(16 * 1024)).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let answer = ask(address, head(80 * 1024)).await;
    assert!(answer.starts_with("HTTP/1.1 431"), "{answer}");
}

#[tokio::test]
async fn a_client_over_the_limit_is_told_when_to_come_back() {
    let rate = Some(RateLimit::new(NonZeroU32::MIN));
    let options = RouterOptions { rate, forwarding: Forwarding::TrustedProxy, ..RouterOptions::default() };
    let router = circle_server::router_with(served_city("2026-11-01T00:00:00Z"), options);
    let from =
        async |client: &str| crate::client::ask(&router, "/healthz", &[("x-forwarded-for", client)]).await;
    for _ in 0..10 {
        assert_eq!(from("192.0.2.1").await.status, 200);
    }
    let refused = from("192.0.2.1").await;
    let problem = refused.problem(429);
    assert!(problem["detail"].as_str().unwrap().contains("1 requests a second"), "{problem}");
    assert_eq!(refused.header("retry-after"), "1");
    assert!(
        !refused.header("x-request-id").is_empty() && !refused.header("content-security-policy").is_empty()
    );
    assert_eq!(from("192.0.2.2").await.status, 200, "others are not turned away");
}

/// The peer's address comes with the connection; this one is the loopback address.
#[tokio::test]
async fn loopback_is_not_limited() {
    let rate = Some(RateLimit::new(NonZeroU32::MIN));
    let options = RouterOptions { rate, ..RouterOptions::default() };
    let router = circle_server::router_with(served_city("2026-11-01T00:00:00Z"), options);
    let address = served(router, Limits::default()).await;
    let request =
        "GET /healthz HTTP/1.1\r\nhost: x\r\nx-forwarded-for: 192.0.2.1\r\nconnection: close\r\n\r\n";
    for _ in 0..30 {
        let answer = ask(address, request).await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }
}
