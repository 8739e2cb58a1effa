//! Results in an office: opened in a spreadsheet, printed, filled in and read back.

use crate::run::{Done, campus, circle, command, finish, harbin, table, write};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::io::Read;
use std::path::Path;
use tempfile::TempDir;

const MARK: &[u8] = b"\xef\xbb\xbf";

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Runs `circle` and returns the file that it wrote.
#[track_caller]
fn written(folder: &TempDir, name: &str, args: &[&str]) -> (Done, Vec<u8>) {
    let path = folder.path().join(name);
    let done = circle(args.iter().copied().chain(["-o", text(&path)])).ok();
    (done, std::fs::read(path).unwrap())
}

/// The parts of a workbook by name, unpacked.
fn parts(book: &[u8]) -> BTreeMap<String, String> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(book)).unwrap();
    (0..archive.len())
        .map(|number| {
            let mut file = archive.by_index(number).unwrap();
            let mut text = String::new();
            file.read_to_string(&mut text).unwrap();
            (file.name().unwrap().into_owned(), text)
        })
        .collect()
}

/// Names and cells of all sheets, as text.
fn sheets(path: &Path) -> Vec<(String, Vec<Vec<String>>)> {
    use calamine::{Reader, Xlsx, open_workbook};
    let mut book: Xlsx<_> = open_workbook(path).unwrap();
    book.sheet_names()
        .into_iter()
        .map(|name| {
            let range = book.worksheet_range(&name).unwrap();
            let rows = range.rows().map(|row| row.iter().map(ToString::to_string).collect()).collect();
            (name, rows)
        })
        .collect()
}

fn sheet<'a>(sheets: &'a [(String, Vec<Vec<String>>)], ending: &str) -> &'a [Vec<String>] {
    &sheets.iter().find(|(name, _)| name.ends_with(ending)).unwrap_or_else(|| panic!("no {ending}")).1
}

fn column(rows: &[Vec<String>], ending: &str) -> usize {
    rows[0].iter().position(|heading| heading.ends_with(ending)).unwrap_or_else(|| panic!("no {ending}"))
}

#[test]
fn csv_files_begin_with_a_byte_order_mark_and_streams_do_not() {
    let folder = tempfile::tempdir().unwrap();
    let city = text(campus());
    let places = write(&folder, "a.csv", "id,lon,lat\na,116.352,39.960\n");
    let places = text(&places);
    for args in [
        vec!["coverage", city],
        vec!["coverage", city, "--table", "ledger"],
        vec!["check", city],
        vec!["times", city, "--from", places, "--to", places],
        vec!["classify", text(&crate::run::data("name_samples.csv"))],
        vec!["compare", city, city],
        vec!["export", city, "gates"],
    ] {
        let piped = circle(&args).ok().out;
        assert!(!piped.is_empty() && !piped.starts_with(MARK), "{args:?}");
        let (_, file) = written(&folder, "marked.csv", &args);
        assert!(file == [MARK, &piped].concat(), "{args:?}");
        let (_, plain) = written(&folder, "plain.csv", &[&args[..], &["--no-bom"]].concat());
        assert!(plain == piped, "{args:?}");
        // A pipe that is named as the output has no mark either.
        let named = circle(args.iter().copied().chain(["-o", "/dev/stdout", "--format", "csv"]));
        assert!(args[0] == "classify" || named.ok().out == piped, "{args:?}");
    }
}

#[test]
fn csv_with_a_byte_order_mark_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let rows = "id,lon,lat\na,116.352,39.960\n";
    let [plain, marked] =
        ["", "\u{feff}"].map(|mark| write(&folder, &format!("{}.csv", mark.len()), format!("{mark}{rows}")));
    let times =
        |from: &Path| circle(["times", text(campus()), "--from", text(from), "--to", text(&plain)]).ok().out;
    assert_eq!(times(&marked), times(&plain));
}

#[test]
fn minutes_are_separated_by_spaces_or_commas() {
    let city = text(campus());
    let at = ["isochrone", city, "--at", "116.352,39.960"];
    let commas = circle(at.iter().copied().chain(["--minutes", "5,10"])).ok().out;
    assert_eq!(circle(at.iter().copied().chain(["--minutes", "5", "10"])).ok().out, commas);
    // The list ends at the first word that is not a number.
    let before = circle(["isochrone", "--minutes", "5", "10", city, "--at", "116.352,39.960"]).ok().out;
    assert_eq!(before, commas);
    for command in ["isochrone", "coverage", "compare", "board"] {
        let help = circle([command, "--help"]).ok();
        assert!(help.text().contains("5 10 15") && help.text().contains("5,10,15"), "{command}");
    }
}

#[test]
fn every_command_has_examples_and_lists_only_the_formats_it_writes() {
    for command in [
        "build",
        "info",
        "check",
        "classify",
        "times",
        "isochrone",
        "explain",
        "coverage",
        "compare",
        "export",
        "board",
        "serve",
        "completions",
    ] {
        let help = circle([command, "--help"]).ok();
        assert!(help.text().contains("Examples:\n  circle "), "{command}");
    }
    for (command, formats) in [
        ("times", "[possible values: csv]"),
        ("isochrone", "[possible values: geojson]"),
        ("check", "[possible values: csv, xlsx, geojson]"),
    ] {
        let help = circle([command, "-h"]).ok();
        assert!(help.text().contains(formats), "{command}: {}", help.text());
    }
}

#[test]
fn quiet_prints_only_errors() {
    let folder = tempfile::tempdir().unwrap();
    let city = text(campus());
    for args in
        [vec!["coverage", city, "--table", "units"], vec!["check", city], vec!["export", city, "units"]]
    {
        let (loud, with) = written(&folder, "a.csv", &args);
        let (quiet, without) = written(&folder, "b.csv", &[&args[..], &["-q"]].concat());
        assert!(!loud.err.is_empty() && quiet.err.is_empty(), "{args:?}: {}", quiet.err);
        assert!(with == without, "{args:?}");
    }
    assert!(circle(["-q", "info", "nowhere.circle"]).refusal().contains("nowhere.circle"));
}

#[test]
fn shells_complete_commands() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = circle(["completions", shell]).ok();
        assert!(script.text().contains("coverage") && script.text().contains("sheets-by"), "{shell}");
    }
    assert_eq!(circle(["completions", "dos"]).status, 2);
}

#[test]
fn every_layer_is_exported_in_every_format() {
    let folder = tempfile::tempdir().unwrap();
    let city = text(campus());
    let info = circle(["info", city]).ok().json();
    let list = circle(["export", city]).ok();
    for layer in ["compounds", "gates", "facilities", "units", "buildings", "candidates", "access_points"] {
        let line = list.text().lines().find(|line| line.starts_with(&format!("{layer} "))).unwrap();
        let count: usize = line.split_whitespace().nth(1).unwrap().parse().unwrap();
        let (header, rows) = circle(["export", city, layer]).ok().csv();
        assert_eq!((rows.len(), header[0].as_str()), (count, "id"), "{layer}");
        assert_eq!(header[header.len() - 2..], ["lon", "lat"]);
        let features = circle(["export", city, layer, "--format", "geojson"]).ok().json();
        let features = features["features"].as_array().unwrap();
        assert_eq!(features.len(), count, "{layer}");
        for (feature, row) in features.iter().zip(&rows) {
            assert_eq!(feature["id"].as_str().unwrap(), row[0]);
        }
        for (ending, begin) in [("xlsx", &b"PK\x03\x04"[..]), ("gpkg", b"SQLi"), ("parquet", b"PAR1")] {
            let (_, file) = written(&folder, &format!("{layer}.{ending}"), &["export", city, layer]);
            assert!(file.starts_with(begin), "{layer}.{ending}");
        }
    }
    let (_, compounds) = circle(["export", city, "compounds"]).ok().csv();
    assert_eq!(compounds.len() as u64, info["compounds"].as_u64().unwrap());
    let refused = circle(["export", city, "houses"]);
    assert!(refused.status == 2 && refused.err.contains("access_points"), "{}", refused.err);
}

/// The sheet `summary` counts the findings by kind.
#[test]
fn the_report_as_a_workbook_has_counts_by_kind() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report.xlsx");
    let done = circle(["check", text(harbin()), "-o", text(&path)]).ok();
    assert!(done.err.lines().count() < 30, "{}", done.err);
    assert!(!done.err.contains("1 errors") && !done.err.contains(" 1 warnings"));
    let (_, rows) = circle(["check", text(harbin())]).ok().csv();
    let sheets = sheets(&path);
    let findings = sheet(&sheets, "quality");
    assert_eq!(findings.len() - 1, rows.len());
    for (finding, row) in findings[1..].iter().zip(&rows) {
        assert_eq!(finding[2], row[2]);
        assert!(!finding[0].is_ascii() && !finding[1].is_ascii(), "{finding:?}");
    }
    let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for row in &rows {
        *counts.entry((&row[0], &row[1])).or_default() += 1;
    }
    let summary = sheet(&sheets, "summary");
    let listed: Vec<usize> = summary[1..].iter().map(|row| row[3].parse().unwrap()).collect();
    assert_eq!(listed.iter().sum::<usize>(), rows.len());
    let [mut listed, mut counted] = [listed, counts.into_values().collect()];
    listed.sort_unstable();
    counted.sort_unstable();
    assert_eq!(listed, counted);
}

#[test]
fn a_unit_alone_has_the_verdicts_of_the_whole_city() {
    let city = text(harbin());
    let (header, all) = circle(["coverage", city, "--minutes", "15"]).ok().csv();
    let (of_unit, part) = circle(["coverage", city, "--minutes", "15", "--within", "南岗区"]).ok().csv();
    assert_eq!(header, of_unit);
    let (names, compounds) = circle(["export", city, "compounds"]).ok().csv();
    let district = names.iter().position(|name| name == "district").unwrap();
    let inside: BTreeSet<&str> =
        compounds.iter().filter(|row| row[district] == "南岗区").map(|row| row[0].as_str()).collect();
    assert!(inside.len() > 100);
    let expected: Vec<&Vec<String>> = all.iter().filter(|row| inside.contains(row[0].as_str())).collect();
    assert!(expected == part.iter().collect::<Vec<_>>(), "other rows, or other verdicts");
    // The sums are of these compounds, and larger units around them are left out.
    let units = |args: &[&str]| circle(["coverage", city].iter().chain(args).copied()).ok().csv();
    let (header, rows) = units(&["--table", "units", "--within", "南岗区"]);
    let at = |name: &str| header.iter().position(|column| column == name).unwrap();
    let whole: Vec<&Vec<String>> = rows.iter().filter(|row| row[at("level")] == "city").collect();
    let sum = |row: &[String]| -> usize {
        ["covered", "gap", "unknown"]
            .iter()
            .map(|it| row[at(&format!("compounds_{it}"))].parse::<usize>().unwrap())
            .sum()
    };
    assert!(!whole.is_empty() && whole.iter().all(|row| sum(row) == inside.len()));
    assert!(whole.iter().all(|row| row[at("unit_name")] == "南岗区"));
    let (_, of_city) = units(&["--table", "units"]);
    let district = |rows: &[Vec<String>]| -> Vec<Vec<String>> {
        rows.iter()
            .filter(|row| row[at("level")] == "district" && row[at("unit_name")] == "南岗区")
            .cloned()
            .collect()
    };
    assert_eq!(district(&rows), district(&of_city));
    // A part of the name is enough. An unknown name is rejected with the list of units.
    let (_, by_part) = circle(["coverage", city, "--minutes", "15", "--within", "南岗"]).ok().csv();
    assert!(by_part == part);
    let refused = circle(["coverage", city, "--within", "朝阳区"]);
    assert!(refused.refusal().contains("南岗区"), "{}", refused.err);
    let several = circle(["coverage", city, "--within", "区"]);
    assert!(several.refusal().contains("南岗区") && several.err.contains("by id"), "{}", several.err);
}

#[test]
fn a_compound_is_found_by_a_part_of_its_name_or_pinyin() {
    let isochrone =
        |called: &str| circle(["isochrone", text(harbin()), "--compound", called, "--minutes", "5"]);
    let whole = isochrone("荣耀世纪小区").ok();
    assert!(whole.err.is_empty(), "{}", whole.err);
    for called in ["荣耀世纪", "rongyaoshiji", "rysjxq"] {
        let found = isochrone(called).ok();
        assert!(found.out == whole.out, "{called}");
        assert!(found.err.contains("荣耀世纪小区"), "{}", found.err);
    }
    let close = isochrone("荣耀世记小区");
    assert!(close.refusal().contains("荣耀世纪小区"), "{}", close.err);
    let several = isochrone("花园");
    assert!(
        several.refusal().contains("by id or whole name") && several.err.contains(" at 126."),
        "{}",
        several.err
    );
}

#[test]
fn a_place_in_another_province_is_rejected() {
    let done = circle(["isochrone", text(campus()), "--at", "120,30"]);
    assert!(done.refusal().contains("outside of the city"), "{}", done.err);
}

/// Sheets print in landscape, fitted to the width of the page, with repeated headings.
#[test]
fn workbooks_are_set_up_for_printing() {
    let folder = tempfile::tempdir().unwrap();
    let args = ["coverage", text(harbin()), "--within", "南岗区", "--sheets-by", "subdistrict"];
    let (_, book) = written(&folder, "nangang.xlsx", &args);
    let parts = parts(&book);
    let pages: Vec<&String> = parts
        .iter()
        .filter(|(name, _)| name.starts_with("xl/worksheets/sheet"))
        .map(|(_, text)| text)
        .collect();
    for page in &pages {
        assert!(page.contains("orientation=\"landscape\"") && page.contains("fitToHeight=\"0\""));
        assert!(
            page.contains("<pageSetUpPr fitToPage=\"1\"/>") && page.contains("&amp;P"),
            "{}",
            &page[..500]
        );
    }
    let titles = parts["xl/workbook.xml"].matches("_xlnm.Print_Titles").count();
    // All except the last sheet, which is no table.
    assert_eq!(titles, pages.len() - 1);
    assert!(parts["xl/workbook.xml"].contains("_xlnm.Print_Area"));

    // One sheet per 街道; together they have the rows of the whole ledger.
    let sheets = sheets(&folder.path().join("nangang.xlsx"));
    let (header, ledger) =
        circle(["coverage", text(harbin()), "--within", "南岗区", "--table", "ledger"]).ok().csv();
    let of = header.iter().position(|name| name == "subdistrict").unwrap();
    let streets: BTreeSet<&str> = ledger.iter().map(|row| row[of].as_str()).collect();
    let mut rows = 0;
    for street in &streets {
        let name = if street.is_empty() { "未知单元" } else { street };
        let sheet = sheet(&sheets, name);
        let column = column(sheet, "subdistrict");
        assert!(sheet[1..].iter().all(|row| row[column] == *street), "{street}");
        assert_eq!(sheet[1][0], "1", "{street}: numbers start at 1");
        rows += sheet.len() - 1;
    }
    assert!(streets.len() > 3 && rows == ledger.len());
    for args in [["-o", "x.csv", "--sheets-by", "subdistrict"], ["-o", "x.csv", "--ledger", "x.xlsx"]] {
        let refused = circle(["coverage", text(harbin())].iter().chain(&args).copied());
        assert_eq!(refused.status, 2, "{}", refused.err);
    }
}

/// The next ledger has the cells that were filled in.
#[test]
fn a_filled_in_ledger_is_carried_over() {
    let folder = tempfile::tempdir().unwrap();
    let city = text(harbin());
    let (header, ledger) = circle(["coverage", city, "--table", "ledger"]).ok().csv();
    let at = |name: &str| header.iter().position(|column| column == name).unwrap();
    let (all_header, all) = circle(["coverage", city]).ok().csv();
    let of = |name: &str| all_header.iter().position(|column| column == name).unwrap();
    let row_of = |verdict: &str| all.iter().find(|row| row[of("verdict")] == verdict).unwrap();
    let (covered, unknown) = (row_of("covered"), row_of("unknown"));
    // As an office returns it: columns moved or deleted, a title, an invented row.
    let quoted = |cell: &str| format!("\"{}\"", cell.replace('"', "\"\""));
    let mut filled = String::from("2026年台账,,,,,,\n编号,小区,缺口条目,整改措施,责任人,完成时限,进展\n");
    let mut add = |cells: [&str; 7]| {
        filled.push_str(&cells.map(quoted).join(","));
        filled.push('\n');
    };
    let (first, second) = (&ledger[0], &ledger[1]);
    add(["", &first[at("compound_name")], &first[at("line")], "增设网点", "王主任", "2026/6/30", "进行中"]);
    add(["", &second[at("compound_name")], &second[at("line")], "", "", "年底前", ""]);
    for (row, measure) in [(covered, "已建成"), (unknown, "待查")] {
        add(["", &row[of("compound_name")], &row[of("line")], measure, "", "", ""]);
    }
    add(["", "没有这个小区", "公园", "无", "", "", ""]);
    // This test pairs rows by id, because several compounds share a name.
    let mut lines: Vec<String> = filled.lines().map(str::to_owned).collect();
    lines[1] = lines[1].replace("编号", "小区编号");
    let ids = [
        &first[at("compound_id")],
        &second[at("compound_id")],
        &covered[of("compound_id")],
        &unknown[of("compound_id")],
    ];
    for (line, id) in lines[2..].iter_mut().zip(ids) {
        *line = line.replacen("\"\"", &quoted(id), 1);
    }
    let filled = write(&folder, "filled.csv", lines.join("\n"));
    let path = folder.path().join("next.xlsx");
    let done =
        circle(["coverage", city, "--table", "ledger", "--ledger", text(&filled), "-o", text(&path)]).ok();
    assert!(done.err.contains("5 rows = 2 still gaps + 1 covered now"), "{}", done.err);
    assert!(done.err.contains("年底前") && done.err.contains("没有这个小区"), "{}", done.err);
    let sheets = sheets(&path);
    let next = sheet(&sheets, "ledger");
    assert_eq!(next.len() - 1, ledger.len());
    let cell = |row: usize, ending: &str| next[row][column(next, ending)].as_str();
    assert_eq!(
        (cell(1, "measure"), cell(1, "responsible"), cell(1, "status")),
        ("增设网点", "王主任", "进行中")
    );
    assert_eq!(cell(2, "measure"), "完成时限：年底前");
    assert!(next[3..].iter().all(|row| row[column(next, "measure")].is_empty()));
    let closed = sheet(&sheets, "closed");
    let now: Vec<&str> = closed[1..].iter().map(|row| row[column(closed, "now")].as_str()).collect();
    assert_eq!(now, ["已达标，可销号", "现为未知，未销号"]);
    let unmatched = sheet(&sheets, "unmatched");
    assert!(unmatched.len() == 2 && unmatched[1].contains(&"没有这个小区".to_owned()));

    // The workbook that the program wrote can be read as a filled-in ledger.
    let again = folder.path().join("again.xlsx");
    let done = circle(["coverage", city, "--ledger", text(&path), "-o", text(&again)]).ok();
    let rows = ledger.len();
    assert!(done.err.contains(&format!("{rows} rows = {rows} still gaps + 0 covered")), "{}", done.err);
    let sheets = self::sheets(&again);
    assert!(sheet(&sheets, "ledger") == next);
    let (deadline, date) = (column(next, "deadline"), next[1][column(next, "deadline")].clone());
    assert!(!date.is_empty() && next[2][deadline].is_empty());
}

/// A CSV file holds one table, so rows that are not in the new ledger are written to a file beside it.
#[test]
fn rows_that_are_no_longer_gaps_are_written_beside_a_csv_file() {
    let folder = tempfile::tempdir().unwrap();
    let city = text(harbin());
    let (header, all) = circle(["coverage", city]).ok().csv();
    let of = |name: &str| header.iter().position(|column| column == name).unwrap();
    let covered = all.iter().find(|row| row[of("verdict")] == "covered").unwrap();
    let mut filled = String::from("小区编号,小区,缺口条目,整改措施\n");
    let quoted = |cell: &str| format!("\"{}\"", cell.replace('"', "\"\""));
    for measure in ["已建", "已建成"] {
        let cells = [&covered[of("compound_id")], &covered[of("compound_name")], &covered[of("line")]];
        let cells = cells.map(|cell| quoted(cell)).join(",");
        let _ = writeln!(filled, "{cells},{measure}");
    }
    for number in 0..12 {
        let _ = writeln!(filled, ",没有这个小区,公园,措施{number}");
    }
    let filled = write(&folder, "filled.csv", filled);
    let path = folder.path().join("next.csv");
    let args = ["-q", "coverage", city, "--table", "ledger", "--ledger", text(&filled), "-o", text(&path)];
    // The next run replaces the file of the previous one.
    for _ in 0..2 {
        let done = circle(args).ok();
        assert!(done.err.contains("next-carried.csv: 14 rows"), "{}", done.err);
        let (header, rows) = table(&std::fs::read(folder.path().join("next-carried.csv")).unwrap());
        assert_eq!(rows.len(), 14);
        let cell = |row: usize, name: &str| {
            rows[row][header.iter().position(|column| column.trim_start_matches('\u{feff}') == name).unwrap()]
                .as_str()
        };
        assert_eq!((cell(0, "measure"), cell(0, "now")), ("已建成", "已达标，可销号"));
        assert_eq!((cell(12, "measure"), cell(12, "now")), ("措施11", "未对上"));
        assert_eq!((cell(13, "measure"), cell(13, "place")), ("已建", "row 2"));
    }
    // Another kind of file is never replaced, and rows that cannot be written are reported.
    write(&folder, "next-carried.csv", "mine");
    assert_eq!(circle(args).status, 2);
    assert_eq!(std::fs::read(folder.path().join("next-carried.csv")).unwrap(), b"mine");
    let streamed = circle(&args[..7]).ok();
    assert!(streamed.err.contains("14 rows") && streamed.err.contains("not written"), "{}", streamed.err);
}

#[test]
fn a_file_that_is_no_ledger_is_rejected() {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in
        [("a.csv", &b"compound_name,line\na,b\n"[..]), ("b.xlsx", b"PK\x03\x04damaged"), ("c.xlsx", b"")]
    {
        let path = write(&folder, name, bytes);
        let out = folder.path().join("x.xlsx");
        let done = circle(["coverage", text(campus()), "--ledger", text(&path), "-o", text(&out)]);
        assert!(done.refusal().contains(name), "{}", done.err);
        assert!(!out.exists());
    }
}

#[test]
fn a_city_without_compounds_gets_advice_how_to_add_them() {
    let folder = tempfile::tempdir().unwrap();
    let town = crate::drawn::Drawn::with_street();
    let extract = write(&folder, "town.osm.pbf", town.pbf());
    let extract = text(&extract);
    let out = folder.path().join("x.csv");
    let out = text(&out);
    let boards = folder.path().join("boards");
    for args in [
        vec!["coverage", extract, "-o", out],
        vec!["check", extract, "-o", out],
        vec!["board", extract, "--all", "-o", text(&boards)],
        vec!["isochrone", extract, "--compound", "甲"],
        vec!["coverage", extract, "--by", "district"],
    ] {
        let done = finish(command().args(&args));
        assert!(done.err.contains("layer = \"compounds\""), "{args:?}: {}", done.err);
    }
}

#[test]
fn empty_cells_are_null_in_geojson() {
    let answer = circle(["coverage", text(campus()), "--format", "geojson"]).ok().json();
    let mut judged = 0;
    for feature in answer["features"].as_array().unwrap() {
        for entry in feature["properties"]["coverage"].as_object().unwrap().values() {
            for (name, value) in entry.as_object().unwrap() {
                assert_ne!(value, "", "{name}");
            }
            judged += usize::from(!entry["verdict"].is_null());
        }
    }
    let (header, rows) = table(&circle(["coverage", text(campus())]).ok().out);
    let verdict = header.iter().position(|name| name == "verdict").unwrap();
    assert_eq!(judged, rows.iter().filter(|row| !row[verdict].is_empty()).count());
}
