//! CPU time and memory of coverage: Harbin, 4 × 4 copies of Harbin, and the writing of each format.

#[path = "../tests/pbf.rs"]
mod pbf;
mod tiled;

use circle_export::{
    CoverageReport, CoverageSelection, CoverageTable, CoverageTables, coverage_csv, coverage_geojson,
    geopackage, geoparquet, workbook,
};
use circle_model::coordinates::Bounds;
use circle_model::{Catalogue, City, Profiles, RuleSet};
use circle_plan::{Evidence, Judging, RollUp, Supply, Walkers};
use circle_reach::{Cancel, Network};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;
use tiled::Tile;

const CIRCLE: &str = env!("CARGO_BIN_EXE_circle");
/// Copies of Harbin along each side of the large city.
const SIDE: i32 = 4;
/// Gap between adjacent copies in 10⁻⁷ degrees, longer than a walk.
const GAP: i32 = 300_000;
/// Count of runs whose median is printed.
const RUNS: usize = 9;

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let harbin = root.join("data/harbin.osm.pbf");
    let city = build(&harbin, &root.join("target/harbin.circle"));
    println!("CPU seconds and peak MiB of `circle coverage CITY.circle -o table.csv`, medians of {RUNS}");
    let one = costs(&city, &root);
    println!(
        "{:<44} {:>7.3} s {:>6.0} MiB   target: 0.150 s",
        "Harbin, every category, board", one[0], one[1]
    );
    let [east, north] = extent(&city);
    let single = tiles(&harbin, &Tile::square(1, [0, 0]), &root.join("target/harbin-1.osm.pbf"));
    let single = costs(&build(&single, &root.join("target/harbin-1.circle")), &root);
    let many = Tile::square(SIDE, [east + GAP, north + GAP]);
    let many = tiles(&harbin, &many, &root.join("target/harbin-16.osm.pbf"));
    let many = costs(&build(&many, &root.join("target/harbin-16.circle")), &root);
    println!("{:<44} {:>7.3} s {:>6.0} MiB", "Harbin without relations", single[0], single[1]);
    println!(
        "{:<44} {:>7.3} s {:>6.0} MiB   {:.1} times; target: under 16 times, 600 MiB",
        "4 x 4 copies of it",
        many[0],
        many[1],
        many[0] / single[0]
    );
    formats(&city);
}

fn build(extract: &Path, city: &Path) -> PathBuf {
    let done = Command::new(CIRCLE).arg("build").arg(extract).arg("-o").arg(city).output();
    assert!(done.is_ok_and(|done| done.status.success()), "{}", extract.display());
    city.to_owned()
}

fn tiles(extract: &Path, tiles: &[Tile], path: &Path) -> PathBuf {
    tiled::write(extract, tiles, path).expect("a folder for the extract");
    path.to_owned()
}

fn extent(city: &Path) -> [i32; 2] {
    let city = City::open(city).expect("a city file");
    let bounds = Bounds::of(city.points().iter().copied());
    [bounds.east - bounds.west, bounds.north - bounds.south]
}

/// Median CPU seconds and largest peak memory in MiB of the whole process.
fn costs(city: &Path, root: &Path) -> [f64; 2] {
    let out = root.join("target/coverage.csv");
    let mut runs: Vec<[f64; 2]> = (0..RUNS)
        .map(|_| {
            let mut time = Command::new("/usr/bin/time");
            time.args(["-q", "-f", "%U %S %M", CIRCLE, "coverage"]).arg(city).arg("-o").arg(&out);
            let output = String::from_utf8(time.output().expect("time").stderr).expect("text");
            let figures: Vec<f64> = output
                .lines()
                .last()
                .unwrap_or_default()
                .split(' ')
                .map(|figure| figure.parse().unwrap_or(f64::NAN))
                .collect();
            [figures[0] + figures[1], figures[2] / 1024.0]
        })
        .collect();
    runs.sort_by(|a, b| a[0].total_cmp(&b[0]));
    let most = runs.iter().map(|run| run[1]).fold(0.0, f64::max);
    [runs[RUNS / 2][0], most]
}

/// Measures the writing of the coverage table of Harbin in each format.
fn formats(city: &Path) {
    let city = City::open(city).expect("a city file");
    let (catalogue, rules) = (Catalogue::built_in(), &RuleSet::built_in()[0]);
    let profiles = Profiles::built_in();
    let profile = profiles.find(Profiles::DEFAULT).expect("the default profile");
    let evidence = Evidence::default();
    let judging = Judging { catalogue: &catalogue, profile, rules, minutes: &[5, 10, 15], evidence };
    let coverage = circle_plan::coverage(&Network::build(&city), &judging, &Cancel::never());
    let coverage = coverage.expect("never cancelled");
    let report = CoverageReport {
        city: &city,
        catalogue: &catalogue,
        profile,
        rules,
        coverage: &coverage,
        sensitivity: None,
        within: None,
        carried: None,
    };
    let supply = Supply::default();
    let tables = CoverageTables {
        report,
        walkers: Walkers::alone(&coverage),
        levels: Vec::<RollUp>::new(),
        supply: &supply,
        other_profiles: &[],
        ledger_by: None,
    };
    let table = tables.table(CoverageTable::Coverage);
    let lines = report.statement().lines();
    println!(
        "the long table of Harbin, {} rows of {} columns, on one core",
        table.len(),
        table.columns().len()
    );
    let csv = coverage_csv(&report, CoverageSelection::default()).len();
    let one = std::slice::from_ref(&table);
    for (name, write) in [
        ("csv", &(|| coverage_csv(&report, CoverageSelection::default()).len()) as &dyn Fn() -> usize),
        ("geojson", &|| coverage_geojson(&report, CoverageSelection::default()).len()),
        ("parquet", &|| geoparquet(&table, &lines).expect("a table").len()),
        ("gpkg", &|| geopackage(one, &lines).expect("a table").len()),
        ("xlsx", &|| workbook(one, &lines, &Cancel::never()).expect("a table").len()),
    ] {
        let mut runs: Vec<(f64, usize)> = (0..5)
            .map(|_| {
                let begun = Instant::now();
                let bytes = write();
                (begun.elapsed().as_secs_f64(), bytes)
            })
            .collect();
        runs.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (seconds, bytes) = runs[2];
        println!(
            "{name:<10} {:>6.1} MB in {:>5.0} ms: {:>5.0} MB/s, of the table as CSV {:>4.0} MB/s   target: 50 MB/s",
            bytes as f64 / 1e6,
            seconds * 1e3,
            bytes as f64 / 1e6 / seconds,
            csv as f64 / 1e6 / seconds
        );
    }
}
