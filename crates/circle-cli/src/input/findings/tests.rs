use super::*;

fn table(header: &[&str], rows: &[&[&str]]) -> TextTable {
    let texts = |cells: &[&str]| cells.iter().map(ToString::to_string).collect::<Vec<_>>();
    TextTable {
        columns: texts(header),
        rows: (2..).zip(rows).map(|(row, cells)| (row, texts(cells))).collect(),
        ..TextTable::default()
    }
}

const HEADER: [&str; 4] = ["条目 line", "结论 verdict", "同类总数 stratum_size", "核查 finding"];

#[test]
fn a_filled_in_audit_is_read() {
    let rows: [&[&str]; 4] = [
        &["公园", "达标 covered", "1,204", "成立 stands"],
        &["公园", "gap", "30", "wrong"],
        &["公园", "缺口", "30", ""],
        &["", "", "", ""],
    ];
    let found = parse(&table(&HEADER, &rows)).unwrap().found;
    assert_eq!(found.len(), 3);
    assert_eq!((found[0].stratum_size, found[0].finding), (1204, Some(AuditFinding::Stands)));
    assert_eq!((found[2].verdict, found[2].finding), (Verdict::Gap, None));
}

#[test]
fn duplicate_rows_are_rejected_with_both_row_numbers() {
    let of = |first: &str, rows: [[&str; 5]; 2]| {
        let header = [first, HEADER[0], HEADER[1], HEADER[2], HEADER[3]];
        parse(&table(&header, &[&rows[0], &rows[1]])).map_err(|error| error.to_string())
    };
    let row = |first, line| [first, line, "gap", "30", "stands"];
    for (first, rows) in [
        ("序号 number", [row("1", "公园"), row("1", "药店")]),
        ("compound_id", [row("7", "公园"), row("7", "公园")]),
        ("小区 compound", [row("甲", "公园"), row("甲", "公园")]),
    ] {
        let error = of(first, rows).unwrap_err();
        assert!(error.contains("rows 2 and 3"), "{error}");
    }
    assert!(of("compound_id", [row("7", "公园"), row("7", "药店")]).is_ok());
    let error = of("序号 number", [row("", "公园"), row("", "公园")]).unwrap_err();
    assert!(error.contains("row 2: number"), "{error}");
}

#[test]
fn invalid_cells_are_rejected_with_their_row() {
    let good: &[&str] = &["公园", "gap", "30", "stands"];
    for (bad, words) in [
        (["公园", "gap", "30", "maybe"], ["row 3", "`maybe`"]),
        (["公园", "fine", "30", "stands"], ["row 3", "`fine`"]),
        (["公园", "gap", "0", "stands"], ["row 3", "stratum_size"]),
        (["公园", "gap", "-3", "stands"], ["row 3", "stratum_size"]),
        (["公园", "covered", "1000000000000", "stands"], ["row 3", "stratum_size"]),
        (["公园", "gap", "31", "stands"], ["row 3", "30"]),
        (["", "gap", "30", "stands"], ["row 3", "line"]),
    ] {
        let error = parse(&table(&HEADER, &[good, &bad])).unwrap_err().to_string();
        assert!(words.iter().all(|word| error.contains(word)), "{error}");
    }
    assert!(parse(&table(&["line", "verdict"], &[good])).unwrap_err().to_string().contains("stratum_size"));
    assert!(parse(&table(&HEADER, &[])).unwrap_err().to_string().contains("no row"));
}

const DRAWN: [&str; 6] = ["number", "line", "verdict", "stratum_size", "stratum_drawn", "finding"];

#[test]
fn missing_rows_are_counted_and_named() {
    let rows: [&[&str]; 3] = [
        &["1", "公园", "gap", "30", "2", "stands"],
        &["5", "卫生室", "gap", "40", "3", "stands"],
        &["7", "学校", "gap", "20", "1", ""],
    ];
    let filled = parse(&table(&DRAWN, &rows)).unwrap();
    assert_eq!((filled.found.len(), filled.missing, filled.warnings.len()), (3, 4, 1));
    let warning = &filled.warnings[0];
    for words in [
        "at least 4 rows of 7 are missing: 公园 gap 1, 卫生室 gap 2",
        "without any row left 1",
        "no number 2 to 4, 6;",
    ] {
        assert!(warning.contains(words), "{warning}");
    }
    let whole: [&[&str]; 1] = [&["1", "公园", "gap", "30", "1", "stands"]];
    let filled = parse(&table(&DRAWN, &whole)).unwrap();
    assert!(filled.missing == 0 && filled.warnings.is_empty(), "{filled:?}");
    // Rows at the end leave no hole in the numbers.
    let cut: [&[&str]; 1] = [&["1", "公园", "gap", "30", "3", "stands"]];
    assert_eq!(parse(&table(&DRAWN, &cut)).unwrap().missing, 2);
}

#[test]
fn inconsistent_figures_of_the_draw_are_rejected() {
    let good: &[&str] = &["1", "公园", "gap", "30", "1", "stands"];
    for (bad, words) in [
        (["2", "公园", "gap", "30", "1", "stands"], ["row 3", "stratum_drawn 1, but 1 rows above"]),
        (["2", "公园", "gap", "30", "2", "stands"], ["row 3", "stratum_drawn 2 is 1"]),
        (["2", "学校", "gap", "30", "9999", "stands"], ["row 3", "stratum_drawn 9999 is more"]),
        (["2", "学校", "gap", "30", "", "stands"], ["row 3", "stratum_drawn"]),
        (["1.5", "学校", "gap", "30", "1", "stands"], ["row 3", "number"]),
        (["01", "学校", "gap", "30", "1", "stands"], ["rows 2 and 3", "number 1"]),
    ] {
        let error = parse(&table(&DRAWN, &[good, &bad])).unwrap_err().to_string();
        assert!(words.iter().all(|word| error.contains(word)), "{error}");
    }
}
