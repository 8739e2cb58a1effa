//! Runs the built binary, and locates test data.

use serde_json::Value;
use std::ffi::OsStr;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{OnceLock, mpsc};
use std::thread;
use std::time::Duration;

/// 荣耀世纪小区, a compound of inner Harbin.
pub(crate) const COMPOUND: &str = "荣耀世纪小区";

/// Longest time of a run.
const LONGEST_RUN: Duration = Duration::from_secs(400);

/// The result of a run.
#[derive(Debug)]
pub(crate) struct Done {
    /// Exit status; 128 + the signal if a signal ended the run, as in shells.
    pub(crate) status: i32,
    pub(crate) out: Vec<u8>,
    pub(crate) err: String,
}

impl Done {
    /// Asserts exit status 0.
    #[track_caller]
    pub(crate) fn ok(self) -> Self {
        assert_eq!(self.status, 0, "{}", self.err);
        self
    }

    /// Standard output as text.
    #[track_caller]
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.out).unwrap()
    }

    /// Standard output as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.out).unwrap()
    }

    /// Header and rows of standard output as CSV.
    #[track_caller]
    pub(crate) fn csv(&self) -> (Vec<String>, Vec<Vec<String>>) {
        table(&self.out)
    }

    /// The line of a run that its input made fail. Asserts status 1, an empty standard output and no trace of
    /// a panic.
    #[track_caller]
    pub(crate) fn refusal(&self) -> &str {
        assert_eq!(self.status, 1, "status of: {}", self.err);
        assert!(self.out.is_empty(), "output of a failed run: {}", String::from_utf8_lossy(&self.out));
        self.one_line()
    }

    /// Standard error. Asserts that it is one line, without a trace of a panic.
    #[track_caller]
    pub(crate) fn one_line(&self) -> &str {
        let line = self.err.strip_suffix('\n').unwrap_or_else(|| panic!("no line in `{}`", self.err));
        assert!(!line.is_empty() && !line.contains('\n'), "not one line: {line}");
        for trace in ["panicked", "RUST_BACKTRACE", "internal error", "stack backtrace"] {
            assert!(!line.contains(trace), "{line}");
        }
        line
    }
}

/// A command for `circle`, with backtraces enabled so that a panic is noticed.
pub(crate) fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_circle"));
    command.env("RUST_BACKTRACE", "1").env_remove("RUST_LOG").stdin(Stdio::null());
    command
}

/// Runs `circle` with `args`.
#[track_caller]
pub(crate) fn circle<S: AsRef<OsStr>>(args: impl IntoIterator<Item = S>) -> Done {
    finish(command().args(args))
}

/// Runs a command to its end and collects its outputs.
#[track_caller]
pub(crate) fn finish(command: &mut Command) -> Done {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let read_all = |mut pipe: Box<dyn Read + Send>| {
        let (sender, receiver) = mpsc::channel();
        thread::spawn(move || {
            let mut bytes = Vec::new();
            let read = pipe.read_to_end(&mut bytes);
            let _ = sender.send(read.map(|_| bytes));
        });
        receiver
    };
    let out = read_all(Box::new(child.stdout.take().unwrap()));
    let err = read_all(Box::new(child.stderr.take().unwrap()));
    let Ok(out) = out.recv_timeout(LONGEST_RUN) else {
        child.kill().unwrap();
        panic!("still running after {LONGEST_RUN:?}: {command:?}");
    };
    let status = child.wait().unwrap();
    let signal = std::os::unix::process::ExitStatusExt::signal(&status);
    Done {
        status: status.code().unwrap_or_else(|| 128 + signal.unwrap_or(0)),
        out: out.unwrap(),
        err: String::from_utf8(err.recv().unwrap().unwrap()).unwrap(),
    }
}

/// Header and rows of a CSV file.
#[track_caller]
pub(crate) fn table(bytes: &[u8]) -> (Vec<String>, Vec<Vec<String>>) {
    // Files begin with a byte-order mark.
    let mut reader = csv::Reader::from_reader(bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes));
    let row = |record: &csv::StringRecord| record.iter().map(str::to_owned).collect::<Vec<_>>();
    let header = row(reader.headers().unwrap());
    let rows = reader.records().map(|record| row(&record.unwrap())).collect();
    (header, rows)
}

/// A file or folder of the project.
pub(crate) fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path).canonicalize().unwrap()
}

/// A file of `tests/data`.
pub(crate) fn data(name: &str) -> PathBuf {
    project("tests/data").join(name)
}

/// Inner Harbin.
pub(crate) fn harbin_extract() -> PathBuf {
    project("data/harbin.osm.pbf")
}

/// The city file of inner Harbin, built once for all tests.
pub(crate) fn harbin() -> &'static Path {
    static CITY: OnceLock<PathBuf> = OnceLock::new();
    CITY.get_or_init(|| built(&harbin_extract(), "harbin.circle"))
}

/// The city file of a campus in Beijing, built once for all tests.
pub(crate) fn campus() -> &'static Path {
    static CITY: OnceLock<PathBuf> = OnceLock::new();
    CITY.get_or_init(|| built(&data("beijing-bupt.osm.pbf"), "campus.circle"))
}

fn built(extract: &Path, name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    circle([OsStr::new("build"), extract.as_os_str(), "-o".as_ref(), path.as_os_str()]).ok();
    path
}

/// Writes a file into `folder`.
pub(crate) fn write(folder: &tempfile::TempDir, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

/// Names of everything in a folder, hidden files too.
pub(crate) fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// `circle build EXTRACT -o CITY`.
#[track_caller]
pub(crate) fn build(extract: &Path, city: &Path) -> Done {
    circle([OsStr::new("build"), extract.as_os_str(), "-o".as_ref(), city.as_os_str()])
}

/// `circle info CITY`.
#[track_caller]
pub(crate) fn info(city: &Path) -> Done {
    circle([OsStr::new("info"), city.as_os_str()])
}

/// Reproducible pseudo-random numbers.
pub(crate) struct Numbers(pub(crate) u64);

impl Numbers {
    /// The next whole number below `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end
    }

    /// The next number from 0 to 1.
    pub(crate) fn share(&mut self) -> f64 {
        self.below(1 << 30) as f64 / f64::from(1 << 30)
    }
}
