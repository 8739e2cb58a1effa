//! CPU time, memory and size of boards: one by the command, one with warm caches, all of Harbin.

use circle_model::{Catalogue, City, CompoundId, GateId};
use circle_print::{Board, Settings};
use circle_reach::{Cancel, Network};
use std::path::Path;
use std::process::Command;

const CIRCLE: &str = env!("CARGO_BIN_EXE_circle");
/// Count of runs whose median is printed.
const RUNS: usize = 9;

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let path = root.join("target/harbin.circle");
    let built =
        Command::new(CIRCLE).arg("build").arg(root.join("data/harbin.osm.pbf")).arg("-o").arg(&path).output();
    assert!(built.is_ok_and(|done| done.status.success()));
    let once = || costs(&path, &["--compound", "红专小区", "-o", "target/board.pdf"], &root);
    println!(
        "{:<56} {:>7.3} s of CPU",
        "circle board CITY.circle, one A1 as PDF",
        median((0..RUNS).map(|_| once()[0]))
    );
    let city = City::open(&path).expect("a city file");
    let catalogue = Catalogue::built_in();
    let settings = Settings::built_in(&catalogue);
    let network = Network::build(&city);
    let named = (0u32..).zip(city.compounds()).filter(|(_, compound)| compound.generated_name == 0);
    let gates: Vec<GateId> =
        named.flat_map(|(row, _)| circle_print::boards_of(&city, CompoundId(row), false)).collect();
    let make = |gate: GateId| {
        Board::draw(&network, &catalogue, &settings, gate, &Cancel::never()).and_then(|board| board.pdf())
    };
    make(gates[0]).expect("a board");
    let (mut largest, mut again) = (0, Vec::new());
    let began = cpu_seconds();
    for gate in &gates {
        largest = largest.max(make(*gate).expect("a board").len());
    }
    let all = cpu_seconds() - began;
    for gate in gates.iter().step_by(gates.len() / 50 + 1) {
        let began = cpu_seconds();
        make(*gate).expect("a board");
        again.push(cpu_seconds() - began);
    }
    println!(
        "{:<56} {:>7.3} s of CPU   target: 0.060 s",
        "one A1 as PDF, with its part of the city cached",
        median(again)
    );
    println!(
        "{:<56} {:>7.1} boards per second of CPU   target: 20",
        format!("all {} gates of Harbin's named compounds, as PDF", gates.len()),
        gates.len() as f64 / all
    );
    println!("{:<56} {:>7.2} MB   target: 1.5 MB", "the largest PDF", largest as f64 / 1e6);
    for (what, unit) in [("26 boards", "康安街道"), ("133 boards", "道里区")] {
        let [_, mebibytes] = costs(&path, &["--unit", unit, "-o", "target/boards"], &root);
        println!("{:<56} {mebibytes:>7.0} MiB", format!("peak memory of {what}, --unit {unit}"));
    }
    let [_, mebibytes] = costs(&path, &["--all", "-o", "target/boards"], &root);
    println!("{:<56} {mebibytes:>7.0} MiB", format!("peak memory of {} boards, --all", gates.len()));
}

/// CPU seconds and peak memory in MiB of one process.
fn costs(city: &Path, args: &[&str], root: &Path) -> [f64; 2] {
    let mut command = Command::new("/usr/bin/time");
    command.args(["-f", "%U %S %M", CIRCLE, "board"]).arg(city).args(args).current_dir(root);
    let done = command.output().expect("GNU time, from Debian's package `time`");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let text = String::from_utf8_lossy(&done.stderr).into_owned();
    let last = text.lines().last().unwrap_or_default();
    let numbers: Vec<f64> = last.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    [numbers[0] + numbers[1], numbers[2] / 1024.0]
}

fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// CPU seconds of all threads of this process.
fn cpu_seconds() -> f64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}
