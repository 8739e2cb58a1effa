//! Common readers open the files: openpyxl, GDAL, `DuckDB`, `GeoPandas`, pyarrow.

use crate::run::{command, finish, harbin, project};
use std::process::Command;

/// The Python with the readers, which `make` installs.
pub(crate) fn python() -> std::path::PathBuf {
    let python = project("target").join("readers/bin/python");
    assert!(python.exists(), "the readers are missing; install them: make target/readers/.installed");
    python
}

#[test]
fn every_format_has_the_same_table() {
    let folder = tempfile::tempdir().unwrap();
    for ending in ["csv", "xlsx", "gpkg", "parquet"] {
        let path = folder.path().join(format!("table.{ending}"));
        let mut run = command();
        run.arg("coverage").arg(harbin()).args(["--sensitivity", "-o"]).arg(&path);
        finish(&mut run).ok();
    }
    let mut read = Command::new(python());
    read.arg(project("tests/readers/read.py")).arg(folder.path());
    let done = finish(&mut read).ok();
    assert!(done.text().ends_with("all readers agree\n"), "{}", done.text());
    let gpkg = folder.path().join("table.gpkg");
    let mut ogrinfo = Command::new("ogrinfo");
    let query = "SELECT COUNT(*) AS gaps FROM coverage WHERE verdict = 'gap'";
    ogrinfo.args(["-ro", "-q", "-sql", query]).arg(&gpkg);
    let (_, rows) = crate::run::table(&std::fs::read(folder.path().join("table.csv")).unwrap());
    let gaps = rows.iter().filter(|row| row[12] == "gap").count();
    let counted = finish(&mut ogrinfo).ok();
    assert!(counted.text().contains(&format!("gaps (Integer) = {gaps}")), "{}", counted.text());
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    for ending in ["xlsx", "gpkg", "parquet"] {
        let files = ["1", "4"].map(|threads| {
            let path = folder.path().join(format!("{threads}.{ending}"));
            let mut run = command();
            run.arg("coverage").arg(harbin()).arg("-o").arg(&path).env("RAYON_NUM_THREADS", threads);
            finish(&mut run).ok();
            std::fs::read(path).unwrap()
        });
        assert!(files[0] == files[1], "{ending}");
    }
}
