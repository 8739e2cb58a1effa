//! The worked example: boards of Harbin with made-up lists, as a district would hang them.

use crate::run::{command, finish, harbin_extract, project};

/// The city of `DEMO.toml` with the board file of its made-up district. On the map alone, the first has an empty band, the
/// second is an island, and the third has a name in pinyin.
#[test]
fn boards_of_the_worked_example_can_be_printed() {
    let folder = tempfile::tempdir().unwrap();
    let city = folder.path().join("demo.circle");
    let mut build = command();
    build.arg("build").arg(harbin_extract()).arg("--own").arg(project("data/own/harbin/DEMO.toml"));
    finish(build.arg("-o").arg(&city)).ok();
    let settings = project("data/boards/harbin-demo.toml");
    for compound in ["红专小区", "泰鑫国典", "HengYunHuaYuan"] {
        let mut check = command();
        check.arg("board").arg(&city).args(["--compound", compound, "--check", "--board"]).arg(&settings);
        let done = finish(&mut check);
        let (_, rows) = done.csv();
        let errors: Vec<&Vec<String>> = rows.iter().filter(|row| row[3] == "error").collect();
        assert!(errors.is_empty(), "{compound}: {errors:?}");
        assert_eq!(done.status, 0, "{compound}: {}", done.err);
    }
}
