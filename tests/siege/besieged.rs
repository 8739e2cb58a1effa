//! The server process under siege.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

/// Last lines of the log that a report shows.
const LAST_LINES: usize = 20;

/// `circle serve` on a free port, with its log in a file. Dropping it kills the process.
#[derive(Debug)]
pub(crate) struct Besieged {
    child: Child,
    pub(crate) address: SocketAddr,
    pub(crate) log: LogFile,
}

/// The log of a server.
#[derive(Debug)]
pub(crate) struct LogFile(TempDir);

impl Besieged {
    /// Starts a server that keeps to `memory_mib` and logs every request; without it, one with options of the
    /// first house alone.
    ///
    /// # Panics
    /// When it does not print its address.
    pub(crate) fn start(circle: &Path, city: &Path, memory_mib: Option<u64>) -> Self {
        let log = LogFile(TempDir::new().expect("a folder for the log"));
        let mut command = Command::new(circle);
        command.arg("serve").arg(city).args(["--listen", "127.0.0.1:0", "--log", "json"]);
        if let Some(mib) = memory_mib {
            command.args(["--memory", &mib.to_string(), "--access-log", "all"]);
        }
        let file = File::create(log.path()).expect("a file for the log");
        command.env("RUST_LOG", "info").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(file);
        let mut child = command.spawn().expect("a program");
        let mut line = String::new();
        if let Some(out) = &mut child.stdout {
            BufReader::new(out).read_line(&mut line).expect("the first line of the server");
        }
        let address = line.trim_end().strip_prefix("http://").and_then(|address| address.parse().ok());
        let address = address.unwrap_or_else(|| panic!("no address in `{line}`, then {}", log.last_lines()));
        Self { child, address, log }
    }

    /// Resident memory in MiB; 0 when the process has ended.
    pub(crate) fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib = resident.and_then(|rest| rest.trim().strip_suffix(" kB")?.parse::<u64>().ok());
        kib.unwrap_or_default() / 1024
    }

    /// Ends the server with SIGTERM. Returns whether it had ended before.
    pub(crate) fn end(&mut self) -> bool {
        if !matches!(self.child.try_wait(), Ok(None)) {
            return true;
        }
        let _ = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        !self.child.wait().is_ok_and(|status| status.success())
    }
}

impl Drop for Besieged {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl LogFile {
    fn path(&self) -> std::path::PathBuf {
        self.0.path().join("log")
    }

    /// The lines so far.
    pub(crate) fn lines(&self) -> impl Iterator<Item = String> + use<> {
        let file = File::open(self.path()).into_iter();
        file.flat_map(|file| BufReader::new(file).lines()).map_while(Result::ok)
    }

    pub(crate) fn last_lines(&self) -> String {
        let lines: Vec<String> = self.lines().collect();
        lines[lines.len().saturating_sub(LAST_LINES)..].join("\n")
    }
}
