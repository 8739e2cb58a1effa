//! A small HTTP/1.1 client that connects from a chosen address.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpSocket, TcpStream};
use tokio::runtime::{Builder, Runtime};

/// Bytes that the system receives ahead of a slow reader; it doubles them.
const SMALL_BUFFER: u32 = 8 * 1024;

/// A runtime on the calling thread.
///
/// # Panics
/// When the system gives it no file descriptors.
pub(crate) fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().expect("a runtime")
}

/// Runs a future on a runtime of its own.
///
/// # Panics
/// As [`runtime`].
pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    runtime().block_on(future)
}

/// Where requests come from and where they go.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Client {
    from: Ipv4Addr,
    pub(crate) server: SocketAddr,
    receive_buffer: Option<u32>,
}

impl Client {
    pub(crate) const fn new(from: Ipv4Addr, server: SocketAddr) -> Self {
        Self { from, server, receive_buffer: None }
    }

    /// A client for which the system receives little ahead, so that what it does not read waits in the
    /// server.
    pub(crate) const fn with_small_buffer(self) -> Self {
        Self { receive_buffer: Some(SMALL_BUFFER), ..self }
    }

    /// Connects.
    ///
    /// # Errors
    /// When the server does not accept the connection, or no port is free.
    pub(crate) async fn connect(&self) -> io::Result<Connection> {
        let socket = TcpSocket::new_v4()?;
        // Ports of connections that were closed a moment ago may be used again.
        socket.set_reuseaddr(true)?;
        if let Some(bytes) = self.receive_buffer {
            socket.set_recv_buffer_size(bytes)?;
        }
        socket.bind((self.from, 0).into())?;
        let stream = socket.connect(self.server).await?;
        stream.set_nodelay(true)?;
        Ok(Connection { stream: BufReader::new(stream), server: self.server, has_begun: false })
    }

    /// Asks over a connection of its own. `headers` are lines that end with CR LF.
    ///
    /// # Errors
    /// When the connection ends before the answer.
    pub(crate) async fn get(&self, path: &str, headers: &str) -> io::Result<Answer> {
        let mut connection = self.connect().await?;
        connection.send(path, &format!("{headers}Connection: close\r\n")).await?;
        connection.answer().await
    }
}

/// A request without a body.
pub(crate) fn request(server: SocketAddr, path: &str, headers: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: {server}\r\n{headers}\r\n")
}

/// An open connection.
#[derive(Debug)]
pub(crate) struct Connection {
    stream: BufReader<TcpStream>,
    server: SocketAddr,
    /// Whether a part of the answer to the last request has arrived.
    pub(crate) has_begun: bool,
}

/// A whole answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Whether it says when to come back.
    pub(crate) has_retry_after: bool,
    /// Whether the server closes the connection behind it.
    pub(crate) closes: bool,
    pub(crate) body: Vec<u8>,
}

impl Connection {
    /// Sends a request.
    ///
    /// # Errors
    /// When the connection has ended.
    pub(crate) async fn send(&mut self, path: &str, headers: &str) -> io::Result<()> {
        self.has_begun = false;
        let request = request(self.server, path, headers);
        self.stream.get_mut().write_all(request.as_bytes()).await
    }

    /// Sends a request and reads the answer. The connection stays open.
    ///
    /// # Errors
    /// When the connection ends before the answer.
    pub(crate) async fn get(&mut self, path: &str, headers: &str) -> io::Result<Answer> {
        self.send(path, headers).await?;
        self.answer().await
    }

    /// The stream, when nothing was read from it yet.
    pub(crate) fn into_stream(self) -> TcpStream {
        self.stream.into_inner()
    }

    /// Waits for the first byte of an answer; `false` if the connection ends before it.
    pub(crate) async fn begins(&mut self) -> bool {
        self.stream.fill_buf().await.is_ok_and(|bytes| !bytes.is_empty())
    }

    /// Reads the status of the answer to a request.
    ///
    /// # Errors
    /// When the connection ends before it, or the answer is not HTTP.
    pub(crate) async fn status(&mut self) -> io::Result<u16> {
        let line = self.line().await?;
        let status = line.strip_prefix("HTTP/1.1 ").and_then(|rest| rest.get(..3)?.parse().ok());
        status.ok_or_else(|| io::ErrorKind::InvalidData.into())
    }

    /// Reads the answer to a request.
    ///
    /// # Errors
    /// When the connection ends before the answer, or the answer is not HTTP.
    pub(crate) async fn answer(&mut self) -> io::Result<Answer> {
        let status = self.status().await?;
        let mut answer = Answer { status, has_retry_after: false, closes: false, body: Vec::new() };
        let (mut length, mut is_chunked) = (None, false);
        loop {
            let line = self.line().await?;
            let Some((name, value)) = line.split_once(':') else { break };
            match (name.to_ascii_lowercase().as_str(), value.trim()) {
                ("content-length", value) => length = value.parse::<usize>().ok(),
                ("transfer-encoding", value) => is_chunked = value == "chunked",
                ("retry-after", _) => answer.has_retry_after = true,
                ("connection", value) => answer.closes = value.eq_ignore_ascii_case("close"),
                _ => {}
            }
        }
        if is_chunked {
            self.read_chunks(&mut answer.body).await?;
        } else if let Some(length) = length {
            answer.body.resize(length, 0);
            self.stream.read_exact(&mut answer.body).await?;
        } else if status != 204 && status != 304 {
            answer.closes = true;
            self.stream.read_to_end(&mut answer.body).await?;
        }
        Ok(answer)
    }

    async fn read_chunks(&mut self, body: &mut Vec<u8>) -> io::Result<()> {
        loop {
            let line = self.line().await?;
            let length = usize::from_str_radix(line.trim(), 16).map_err(io::Error::other)?;
            let begin = body.len();
            body.resize(begin + length, 0);
            self.stream.read_exact(&mut body[begin..]).await?;
            self.line().await?;
            if length == 0 {
                return Ok(());
            }
        }
    }

    /// A line without its end.
    async fn line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        let read = self.stream.read_line(&mut line).await?;
        self.has_begun |= read > 0;
        if !line.ends_with('\n') {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        line.truncate(line.trim_end().len());
        Ok(line)
    }
}
