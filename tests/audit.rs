//! `circle audit`, and `circle explain` from a compound to a facility.

use crate::run::{COMPOUND, Numbers, circle, harbin, table, write};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

fn city() -> &'static str {
    harbin().to_str().unwrap()
}

fn audit(folder: &Path, name: &str, more: &[&str]) -> Vec<u8> {
    let path = folder.join(name);
    let args = [&["audit", city(), "-o", path.to_str().unwrap()], more].concat();
    circle(args).ok();
    std::fs::read(path).unwrap()
}

/// The rows of a sheet, each as a map from column to cell.
fn rows(bytes: &[u8]) -> Vec<BTreeMap<String, String>> {
    let (header, rows) = table(bytes);
    rows.into_iter().map(|row| header.iter().cloned().zip(row).collect()).collect()
}

#[test]
fn an_explained_walk_equals_that_of_the_coverage_table() {
    let (header, rows) = circle(["coverage", city()]).ok().csv();
    let column = |key: &str| header.iter().position(|it| it == key).unwrap();
    let [compound, facility, gate, seconds, metres] =
        ["compound_id", "nearest_facility_id", "gate_id", "walk_seconds", "walk_metres"].map(column);
    let walked: Vec<&Vec<String>> = rows.iter().filter(|row| !row[facility].is_empty()).collect();
    let mut numbers = Numbers(17);
    for _ in 0..50 {
        let row = walked[numbers.below(walked.len())];
        let args = ["explain", city(), "--max-minutes", "240", "--compound", &row[compound]];
        let answer = circle([&args[..], &["--facility", &row[facility]]].concat()).ok().json();
        let walk = &answer["walk"];
        assert_eq!(walk["status"], "ok", "{row:?}");
        assert_eq!(walk["walk_seconds"].to_string(), row[seconds], "{row:?}");
        assert_eq!(walk["walk_metres"].to_string(), row[metres], "{row:?}");
        assert_eq!(walk["gate"]["id"], row[gate].as_str(), "{row:?}");
        assert!(walk["entered_at"].is_array(), "{row:?}");
    }
}

#[test]
fn a_walk_has_one_start_and_one_end_and_ambiguous_names_are_listed() {
    for (args, word) in [
        (&["--compound", "1"][..], "--facility"),
        (&["--facility", "1"][..], "--compound"),
        (&["--compound", "1", "--from", "126.6,45.7", "--facility", "1"][..], "--from"),
        (&["--compound", "1", "--facility", "1", "--to", "126.6,45.7"][..], "--to"),
    ] {
        let done = circle([&["explain", city()], args].concat());
        assert!(done.status == 2 && done.err.contains(word), "{}", done.err);
    }
    let explain =
        |facility: &str| circle(["explain", city(), "--compound", COMPOUND, "--facility", facility]);
    assert!(explain("no such place").refusal().contains("no facility `no such place`"));
    assert!(explain("4000000000").refusal().contains("no facility"));
    // Names that several facilities share, and names of one facility.
    let (header, rows) = circle(["coverage", city()]).ok().csv();
    let column = |key: &str| header.iter().position(|it| it == key).unwrap();
    let (id, name) = (column("nearest_facility_id"), column("nearest_facility_name"));
    let mut called: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for row in rows.iter().filter(|row| !row[name].is_empty()) {
        called.entry(&row[name]).or_default().insert(&row[id]);
    }
    let (name, ids) = called.iter().find(|(_, ids)| ids.len() > 1).unwrap();
    let done = explain(name);
    let line = done.refusal();
    assert!(line.contains("ask for one by id") && line.contains(" m away"), "{line}");
    assert!(ids.iter().all(|id| line.contains(&format!("{id} at "))), "{line}");
    let (name, ids) = called.iter().find(|(_, ids)| ids.len() == 1).unwrap();
    let by_name = explain(name);
    if by_name.status == 0 {
        assert_eq!(by_name.out, explain(ids.first().unwrap()).out);
    }
}

#[test]
fn a_sample_is_reproducible_by_seed_and_proportional_to_its_strata() {
    let folder = tempfile::tempdir().unwrap();
    let of_seed = |seed: &str, name: &str| audit(folder.path(), name, &["--sample", "30", "--seed", seed]);
    let first = of_seed("7", "a.csv");
    assert_eq!(first, of_seed("7", "b.csv"));
    assert_ne!(first, of_seed("8", "c.csv"));
    assert!(folder.path().join("a.csv-metadata.json").exists());
    assert_eq!(of_seed("7", "a.xlsx"), of_seed("7", "b.xlsx"));
    let page = of_seed("7", "a.html");
    assert_eq!(page, of_seed("7", "b.html"));
    let page = String::from_utf8(page).unwrap();
    assert_eq!((page.matches("<section").count(), page.matches("<svg").count()), (30, 30));
    // The page loads nothing from outside.
    assert!(
        !page.contains("src=")
            && !page.contains("url(")
            && !page.contains("@import")
            && !page.contains("<script")
    );

    let drawn = rows(&first);
    assert_eq!(drawn.len(), 30);
    let (header, all) = circle(["coverage", city()]).ok().csv();
    let column = |key: &str| header.iter().position(|it| it == key).unwrap();
    let [compound, line, verdict, facility, seconds, metres, gate, reason] = [
        "compound_id",
        "line",
        "verdict",
        "nearest_facility_id",
        "walk_seconds",
        "walk_metres",
        "gate_id",
        "reason",
    ]
    .map(column);
    let mut sizes: BTreeMap<(&str, &str), u32> = BTreeMap::new();
    for row in all.iter().filter(|row| !row[verdict].is_empty()) {
        *sizes.entry((&row[line], &row[verdict])).or_default() += 1;
    }
    let mut seats: BTreeMap<(&str, &str), u32> = BTreeMap::new();
    for row in &drawn {
        let stratum = (row["line"].as_str(), row["verdict"].as_str());
        *seats.entry(stratum).or_default() += 1;
        assert_eq!(row["stratum_size"], sizes[&stratum].to_string());
        let same = |it: &&Vec<String>| it[compound] == row["compound_id"] && it[line] == row["line"];
        let of_table = all.iter().find(same).unwrap();
        for (key, column) in [
            ("verdict", verdict),
            ("reason", reason),
            ("facility_id", facility),
            ("walk_seconds", seconds),
            ("walk_metres", metres),
            ("gate_id", gate),
        ] {
            assert_eq!(row[key], of_table[column], "{key} of {row:?}");
        }
        assert_eq!((row["finding"].as_str(), row["note"].as_str()), ("", ""));
        assert_eq!(row["route"].is_empty(), row["facility_id"].is_empty());
        let number = |key: &str| row[key].parse::<f64>().unwrap_or(0.0);
        assert!(number("straight_metres") <= number("walk_metres") + 0.1, "{row:?}");
        if !row["second_seconds"].is_empty() {
            assert!(number("second_seconds") >= number("walk_seconds"), "{row:?}");
        }
    }
    assert!(sizes.len() <= 30 && seats.keys().eq(sizes.keys()), "one of each: {seats:?} of {sizes:?}");
    let total: u32 = sizes.values().sum();
    for (stratum, seats) in &seats {
        let quota = 30.0 * f64::from(sizes[stratum]) / f64::from(total);
        assert!(f64::from(*seats) < quota + 1.5, "{stratum:?}: {seats} seats, {quota} by size");
    }
}

/// A filled-in sheet, as CSV.
fn filled(header: &str, rows: &[&str]) -> String {
    format!("{header}\n{}\n", rows.join("\n"))
}

const HEADER: &str = "number,line,verdict,stratum_size,finding,note";

#[test]
fn a_filled_in_sheet_gives_the_share_that_stood() {
    let folder = tempfile::tempdir().unwrap();
    let sheet = audit(folder.path(), "a.csv", &["--sample", "20", "--seed", "3"]);
    let (header, rows) = table(&sheet);
    let at = |key: &str| header.iter().position(|it| it == key).unwrap();
    let mut filled_in = csv::Writer::from_writer(Vec::new());
    filled_in.write_record(&header).unwrap();
    for (number, mut row) in rows.into_iter().enumerate() {
        row[at("finding")] = ["stands", "成立", "wrong", "", "站不住 not defensible"][number % 5].to_owned();
        filled_in.write_record(&row).unwrap();
    }
    let path = write(&folder, "filled.csv", filled_in.into_inner().unwrap());
    let done = circle(["audit", "--findings", path.to_str().unwrap()]).ok();
    let text = done.text();
    // 16 of 20 are filled in, and 8 stood. The Clopper-Pearson interval of 8 of 16 is 24.7 % to 75.3 %.
    assert!(text.contains("全部 all: 8 of 16 stood 成立, 4 wrong 错误, 4 not defensible 站不住"), "{text}");
    assert!(text.contains("50.0 % (95 %: 24.7 % to 75.3 %)"), "{text}");
    assert!(text.contains("unfilled 未填写: 4") && text.contains("Clopper–Pearson"), "{text}");

    // 0.9 × 2/2 + 0.1 × 0/1 = 0.9.
    let two = filled(HEADER, &["1,a,covered,900,stands,", "2,a,covered,900,stands,", "3,a,gap,100,wrong,"]);
    let path = write(&folder, "two.csv", two);
    let done = circle(["audit", "--findings", path.to_str().unwrap()]).ok();
    assert!(
        done.text().contains("weighted to 1000 verdicts of the city 按全市结论加权: 90.0 %"),
        "{}",
        done.text()
    );
}

#[test]
fn an_audit_workbook_is_read_back() {
    let folder = tempfile::tempdir().unwrap();
    audit(folder.path(), "a.xlsx", &["--sample", "12", "--seed", "3"]);
    let path = folder.path().join("a.xlsx");
    let done = circle(["audit", "--findings", path.to_str().unwrap()]).ok();
    assert!(
        done.text().contains("nothing filled in") && done.text().contains("unfilled 未填写: 12"),
        "{}",
        done.text()
    );
}

#[test]
fn deleted_rows_are_reported_as_missing() {
    let folder = tempfile::tempdir().unwrap();
    let sheet = audit(folder.path(), "a.csv", &["--sample", "30", "--seed", "3"]);
    let (header, rows) = table(&sheet);
    let at = |key: &str| header.iter().position(|it| it == key).unwrap();
    let read_back = |name: &str, rows: &[Vec<String>]| {
        let mut filled_in = csv::Writer::from_writer(Vec::new());
        filled_in.write_record(&header).unwrap();
        for row in rows {
            let mut row = row.clone();
            row[at("finding")] = "stands".to_owned();
            filled_in.write_record(&row).unwrap();
        }
        let path = write(&folder, name, filled_in.into_inner().unwrap());
        circle(["audit", "--findings", path.to_str().unwrap()])
    };
    let whole = read_back("whole.csv", &rows).ok();
    assert!(whole.err.is_empty() && whole.text().contains("unfilled 未填写: 0"), "{}", whole.err);
    // The last row stays: the loss of a stratum of one row at the end cannot be detected.
    let remaining: Vec<Vec<String>> = rows
        .iter()
        .enumerate()
        .filter(|(at, _)| at % 4 != 1 || at + 1 == rows.len())
        .map(|it| it.1.clone())
        .collect();
    let removed = rows.len() - remaining.len();
    let done = read_back("removed.csv", &remaining).ok();
    let warning = done.one_line();
    assert!(warning.contains(&format!("at least {removed} rows of 30 are missing")), "{warning}");
    assert!(warning.contains("no number 2, 6, 10, 14, 18, 22, 26"), "{warning}");
    assert!(done.text().contains(&format!("unfilled 未填写: {removed}")), "{}", done.text());
    let forged: Vec<Vec<String>> = [rows.clone(), rows.clone()]
        .concat()
        .into_iter()
        .enumerate()
        .map(|(number, mut row)| {
            row[at("number")] = (number + 1).to_string();
            row[at("compound_id")] = number.to_string();
            row
        })
        .collect();
    let line = read_back("forged.csv", &forged).refusal().to_owned();
    assert!(line.contains("row 32") && line.contains("stratum_drawn"), "{line}");
}

#[test]
fn the_audit_sheet_is_found_among_other_sheets_and_below_a_title() {
    use rust_xlsxwriter::Workbook;
    let folder = tempfile::tempdir().unwrap();
    let header = ["序号 number", "条目 line", "结论 verdict", "总数 stratum_size", "核查 finding"];
    let read_back = |name: &str, title: bool| {
        let mut book = Workbook::new();
        book.add_worksheet().set_name("附近").unwrap().write_row(0, 0, ["line", "verdict"]).unwrap();
        let page = book.add_worksheet().set_name("抽查单").unwrap();
        let top = if title { 2 } else { 0 };
        if title {
            page.write_row(0, 0, ["某市抽查", "填报人"]).unwrap();
        }
        page.write_row(top, 0, header).unwrap();
        page.write_row(top + 1, 0, ["1", "公园", "gap", "30", "成立"]).unwrap();
        let path = write(&folder, name, book.save_to_buffer().unwrap());
        circle(["audit", "--findings", path.to_str().unwrap()])
    };
    for (name, title) in [("moved.xlsx", false), ("title.xlsx", true)] {
        let done = read_back(name, title).ok();
        assert!(done.text().contains("全部 all: 1 of 1 stood"), "{name}: {}", done.text());
    }
    let mut book = Workbook::new();
    book.add_worksheet().set_name("甲").unwrap().write_row(0, 0, ["line", "verdict"]).unwrap();
    book.add_worksheet().set_name("乙").unwrap().write_row(0, 0, ["line", "note"]).unwrap();
    for sheet in 0..2 {
        book.worksheet_from_index(sheet).unwrap().write_row(1, 0, ["a", "gap"]).unwrap();
    }
    let path = write(&folder, "none.xlsx", book.save_to_buffer().unwrap());
    let done = circle(["audit", "--findings", path.to_str().unwrap()]);
    assert!(done.refusal().contains("甲, 乙"), "{}", done.err);
}

#[test]
fn a_quiet_audit_prints_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.csv");
    let done = circle(["audit", city(), "-q", "--sample", "5", "-o", path.to_str().unwrap()]).ok();
    assert!(done.err.is_empty(), "{}", done.err);
}

#[test]
fn hostile_findings_are_rejected_with_the_row() {
    let folder = tempfile::tempdir().unwrap();
    let good = "1,a,covered,900,stands,";
    for (name, text, words) in [
        ("word.csv", filled(HEADER, &[good, "2,a,gap,9,perhaps,"]), ["row 3", "`perhaps`"]),
        ("verdict.csv", filled(HEADER, &[good, "2,a,good,9,stands,"]), ["row 3", "`good`"]),
        ("size.csv", filled(HEADER, &[good, "2,a,gap,1e9,stands,"]), ["row 3", "stratum_size"]),
        ("sizes.csv", filled(HEADER, &[good, "2,a,covered,901,stands,"]), ["row 3", "900"]),
        (
            "columns.csv",
            filled("number,line,verdict,finding", &["1,a,gap,stands"]),
            ["no column", "stratum_size"],
        ),
        (
            "twice.csv",
            filled("line,verdict,stratum_size,finding,x finding", &["a,gap,1,stands,"]),
            ["two columns", "finding"],
        ),
        ("empty.csv", String::new(), ["empty.csv", ""]),
        ("control.csv", filled(HEADER, &["1,a,gap,9,\u{1b}[31mred\u{7},"]), ["row 2", "finding"]),
        ("binary.xlsx", "PK\u{3}\u{4}nothing".to_owned(), ["binary.xlsx", ""]),
    ] {
        let path = write(&folder, name, text);
        let done = circle(["audit", "--findings", path.to_str().unwrap()]);
        let line = done.refusal();
        assert!(line.contains(name) && words.iter().all(|word| line.contains(word)), "{name}: {line}");
        assert!(!line.contains('\u{1b}'), "{name}");
    }
}

#[test]
fn an_audit_without_city_or_output_is_rejected() {
    for (args, word) in [
        (&["audit"][..], "CITY"),
        (&["audit", city()][..], "--output"),
        (&["audit", city(), "-o", "a.gpkg"][..], ".xlsx, .csv or .html"),
        (&["audit", city(), "-o", "a.csv", "--sample", "0"][..], "--sample"),
        (&["audit", city(), "--findings", "a.csv"][..], "--findings"),
    ] {
        let done = circle(args.iter().copied());
        assert!(done.status == 2 && done.err.contains(word), "{args:?}: {}", done.err);
    }
}
