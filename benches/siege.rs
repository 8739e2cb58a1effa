//! A siege of the server in its full size (`tests/siege`): `siege [SECONDS]`, 600 by default. Prints the tables of
//! `docs/benchmarks.md`; the exit status is 1 if a figure is not reached.
//!
//! `SIEGE_BASELINE=/path/to/circle` lays siege to an older program, to see what failed before.

#[path = "../tests/siege/mod.rs"]
#[allow(dead_code, reason = "the suite uses more of it")]
mod siege;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// Seconds of the siege.
const SECONDS: u64 = 600;

fn main() {
    let seconds = std::env::args().skip(1).find_map(|arg| arg.parse().ok()).unwrap_or(SECONDS);
    let baseline = std::env::var_os("SIEGE_BASELINE").map(PathBuf::from);
    let circle = baseline.as_deref().unwrap_or(Path::new(env!("CARGO_BIN_EXE_circle")));
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let city = root.join("target/siege.circle");
    let built =
        Command::new(circle).arg("build").arg(root.join("data/harbin.osm.pbf")).arg("-o").arg(&city).output();
    assert!(built.is_ok_and(|done| done.status.success()), "{} does not build Harbin", circle.display());
    let plan = siege::Plan::full(Duration::from_secs(seconds));
    let report = siege::run(&plan, circle, &city, baseline.is_some());
    println!("{report}");
    let faults = report.faults();
    for fault in &faults {
        println!("FAULT {fault}");
    }
    std::process::exit(i32::from(!faults.is_empty()));
}
