//! A server process on a free port, and a small HTTP client.

use crate::run::command;
use crate::siege::client::Client;
use crate::siege::figures::sum_of;
use serde_json::Value;
use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Longest time of an answer.
const LONGEST_ANSWER: Duration = Duration::from_mins(1);

/// `circle serve` on a free port. Dropping it kills the process.
pub(crate) struct Server {
    child: Child,
    /// `127.0.0.1:PORT`
    pub(crate) host: String,
}

impl Server {
    /// Starts a server and waits for the address that it prints.
    #[track_caller]
    pub(crate) fn start(city: &Path) -> Self {
        Self::start_with(city, &[])
    }

    /// As [`Server::start`], with more options.
    #[track_caller]
    pub(crate) fn start_with(city: &Path, options: &[&str]) -> Self {
        Self::run(serve(city, options).env("RUST_LOG", "warn").stderr(Stdio::piped()))
    }

    /// Runs a command of [`serve`] and waits for the address that it prints.
    #[track_caller]
    pub(crate) fn run(command: &mut Command) -> Self {
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let host = line.trim_end().strip_prefix("http://").map(str::to_owned);
        let mut server = Self { child, host: host.unwrap_or_default() };
        assert!(server.host.starts_with("127.0.0.1:"), "first line `{line}`, then {}", server.end());
        server
    }

    /// Sends a signal such as `-TERM`.
    pub(crate) fn signal(&self, signal: &str) {
        let kill = Command::new("kill").args([signal, &self.child.id().to_string()]).status().unwrap();
        assert!(kill.success());
    }

    /// Waits for the end of the process. Returns its status and standard error, if that is a pipe.
    pub(crate) fn wait(&mut self) -> String {
        let mut err = Vec::new();
        if let Some(mut pipe) = self.child.stderr.take() {
            pipe.read_to_end(&mut err).unwrap();
        }
        format!("{}: {}", self.child.wait().unwrap(), String::from_utf8_lossy(&err))
    }

    fn end(&mut self) -> String {
        let _ = self.child.kill();
        self.wait()
    }

    /// The number of the process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// A figure of `/proc/PID/status`, such as `VmHWM`, in MiB.
    #[track_caller]
    pub(crate) fn mebibytes(&self, field: &str) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix(field)?.strip_prefix(':')).unwrap();
        line.trim().strip_suffix(" kB").unwrap().parse::<u64>().unwrap() / 1024
    }

    /// The sum of a metric over its labels; 0 if it is not shown.
    #[track_caller]
    pub(crate) fn metric(&self, name: &str) -> u64 {
        sum_of(&String::from_utf8(self.get("/metrics").body).unwrap(), name)
    }

    /// A client whose address is 127.0.0.N.
    pub(crate) fn client(&self, number: u8) -> Client {
        Client::new(Ipv4Addr::new(127, 0, 0, number), self.host.parse().unwrap())
    }

    /// The log, to be read while the server runs.
    pub(crate) fn log(&mut self) -> std::process::ChildStderr {
        self.child.stderr.take().unwrap()
    }

    /// A connection with time limits.
    pub(crate) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.host).unwrap();
        stream.set_read_timeout(Some(LONGEST_ANSWER)).unwrap();
        stream.set_write_timeout(Some(LONGEST_ANSWER)).unwrap();
        stream
    }

    /// The answer to a request with header lines such as `Accept: text/csv`.
    #[track_caller]
    pub(crate) fn ask(&self, method: &str, path: &str, headers: &[&str]) -> Answer {
        self.ask_as(method, path, &self.host, headers)
    }

    /// As [`Server::ask`], with another `Host`.
    #[track_caller]
    pub(crate) fn ask_as(&self, method: &str, path: &str, host: &str, headers: &[&str]) -> Answer {
        let mut stream = BufReader::new(self.connect());
        request(stream.get_mut(), method, path, host, headers);
        Answer::read(&mut stream, method == "HEAD")
    }

    /// The answer to `GET`.
    #[track_caller]
    pub(crate) fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[])
    }

    /// The JSON at a path or address of this server. Asserts status 200.
    #[track_caller]
    pub(crate) fn json(&self, address: &str) -> Value {
        let base = format!("http://{}", self.host);
        let answer = self.get(address.strip_prefix(&base).unwrap_or(address));
        assert_eq!(answer.status, 200, "{address}: {}", String::from_utf8_lossy(&answer.body));
        answer.json()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// `circle serve CITY` on a free port.
pub(crate) fn serve(city: &Path, options: &[&str]) -> Command {
    let mut command = command();
    command.args([OsStr::new("serve"), city.as_os_str(), "--listen".as_ref(), "127.0.0.1:0".as_ref()]);
    command.args(options);
    command
}

/// Evaluates a condition until it holds. Each evaluation sends a request and waits for the answer, so no sleep is
/// needed.
#[track_caller]
pub(crate) fn until(what: &str, is_met: impl Fn() -> bool) {
    let begun = Instant::now();
    while !is_met() {
        assert!(begun.elapsed() < Duration::from_mins(1), "not within a minute: {what}");
    }
}

/// Sends a request; the connection stays open.
pub(crate) fn request(stream: &mut TcpStream, method: &str, path: &str, host: &str, headers: &[&str]) {
    let mut text = format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\n");
    for header in headers {
        text.extend([header, "\r\n"]);
    }
    stream.write_all((text + "\r\n").as_bytes()).unwrap();
}

/// A complete answer.
#[derive(Debug, PartialEq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// Reads one answer. An answer to HEAD has no body.
    #[track_caller]
    pub(crate) fn read(stream: &mut impl BufRead, head: bool) -> Self {
        let mut line = || {
            let mut line = String::new();
            stream.read_line(&mut line).unwrap();
            assert!(line.ends_with("\r\n"), "the connection ended in `{line}`");
            line.trim_end().to_owned()
        };
        let status = line();
        let status =
            status.strip_prefix("HTTP/1.1 ").and_then(|rest| rest.get(..3)).unwrap().parse().unwrap();
        let mut headers = Vec::new();
        while let Some((name, value)) = line().split_once(": ") {
            headers.push((name.to_lowercase(), value.to_owned()));
        }
        let mut answer = Self { status, headers, body: Vec::new() };
        if !head && status != 304 && status != 204 {
            answer.read_body(stream);
        }
        answer
    }

    fn read_body(&mut self, stream: &mut impl BufRead) {
        if let Some(length) = self.header("content-length") {
            let mut body = vec![0; length.parse().unwrap()];
            stream.read_exact(&mut body).unwrap();
            self.body = body;
            return;
        }
        assert_eq!(self.header("transfer-encoding"), Some("chunked"));
        loop {
            let mut size = String::new();
            stream.read_line(&mut size).unwrap();
            let mut part = vec![0; usize::from_str_radix(size.trim(), 16).unwrap() + 2];
            stream.read_exact(&mut part).unwrap();
            if part.len() == 2 {
                break;
            }
            self.body.extend_from_slice(&part[..part.len() - 2]);
        }
    }

    /// The value of a header; `name` is in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    /// The value of a header. Asserts that the answer has it.
    #[track_caller]
    pub(crate) fn must(&self, name: &str) -> &str {
        self.header(name).unwrap_or_else(|| panic!("no {name} in {:?}", self.headers))
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// The detail of a problem (RFC 9457). Asserts its status.
    #[track_caller]
    pub(crate) fn problem(&self, status: u16) -> String {
        let body = String::from_utf8_lossy(&self.body);
        assert_eq!(self.status, status, "{body}");
        assert_eq!(self.must("content-type"), "application/problem+json", "{body}");
        let problem = self.json();
        assert_eq!(problem["status"], status);
        assert!(problem["title"].as_str().is_some_and(|title| !title.is_empty()), "{body}");
        problem["detail"].as_str().unwrap().to_owned()
    }
}

/// A text, percent-encoded for an address.
pub(crate) fn encoded(text: &str) -> String {
    text.bytes()
        .map(
            |byte| {
                if byte.is_ascii_alphanumeric() {
                    char::from(byte).to_string()
                } else {
                    format!("%{byte:02X}")
                }
            },
        )
        .collect()
}
