//! Names that look like markup or formulas stay text in every output. The page's tests cover the page.

use crate::boards::town;
use crate::own::at;
use crate::readers::python;
use crate::run::{command, finish};
use crate::server::Server;
use resvg::usvg::roxmltree::Document;
use std::process::Command;

const MARKUP: &str = "<img src=x onerror=alert(1)>";
const FORMULA: &str = "=HYPERLINK(\"http://x.example\",\"诊所\")";

#[test]
fn a_name_is_text_over_http() {
    let (_planner, city) = town(&format!("{MARKUP},park,{}\n", at([60, -20])));
    let server = Server::start(&city);
    let all = server.json("/api/collections/compounds/items?limit=1");
    let compound = all["features"][0]["id"].as_str().unwrap().to_owned();
    let reach = format!("/api/reach?compound={compound}&minutes=60");
    for path in [
        "/api/collections/facilities/items",
        "/api/collections/facilities/items?name=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E",
        reach.as_str(),
        "/api/coverage",
    ] {
        let answer = server.get(path);
        assert_eq!(answer.must("content-type"), "application/geo+json", "{path}");
        assert_eq!(answer.must("x-content-type-options"), "nosniff", "{path}");
        assert!(names(&answer.json()).iter().any(|name| name == MARKUP), "{path}: {}", answer.json());
    }
    let refused = server.get("/api/collections/facilities/items?name%3Cscript%3E=1");
    assert!(refused.problem(400).contains("`name<script>`"));
    let board = server.get(&format!("/api/boards/{compound}.svg?minutes=30&categories=park"));
    assert_eq!(board.must("content-type"), "image/svg+xml");
    let text = String::from_utf8(board.body.clone()).unwrap();
    let svg = Document::parse(&text).unwrap();
    assert!(svg.descendants().all(|node| !["img", "script"].contains(&node.tag_name().name())));
    assert!(svg.descendants().all(|node| node.attributes().all(|it| !it.name().starts_with("on"))));
}

/// All names of facilities in a document.
fn names(document: &serde_json::Value) -> Vec<String> {
    match document {
        serde_json::Value::Array(list) => list.iter().flat_map(names).collect(),
        serde_json::Value::Object(members) => {
            let own =
                members.iter().filter(|(name, _)| ["name", "nearest_facility_name"].contains(&name.as_str()));
            let own = own.filter_map(|(_, value)| value.as_str().map(str::to_owned));
            own.chain(members.values().flat_map(names)).collect()
        }
        _ => Vec::new(),
    }
}

/// openpyxl reports for each cell whether it is a text or a formula. Without a folder for temporary files, as
/// in a read-only container, the workbook is the same.
#[test]
fn a_name_is_a_text_in_a_workbook() {
    let quoted = FORMULA.replace('"', "\"\"");
    let (planner, city) =
        town(&format!("{MARKUP},park,{}\n\"{quoted}\",clinic,{}\n", at([60, -20]), at([70, -20])));
    let read = "import openpyxl, sys\n\
        book = openpyxl.load_workbook(sys.argv[1])\n\
        for sheet in book:\n    for row in sheet.iter_rows():\n        for cell in row:\n\
        \x20           if cell.value is not None: print(cell.data_type, cell.hyperlink is not None, cell.value)\n";
    let cells = |name: &str, temporary: Option<&str>| {
        let path = planner.path(name);
        let mut run = command();
        run.arg("coverage").arg(&city).arg("-o").arg(&path).envs(temporary.map(|folder| ("TMPDIR", folder)));
        finish(&mut run).ok();
        let done = finish(Command::new(python()).args(["-c", read]).arg(&path)).ok();
        done.text().lines().map(str::to_owned).collect::<Vec<String>>()
    };
    let known = cells("table.xlsx", None);
    for name in [MARKUP, FORMULA] {
        let text = format!("s False {name}");
        assert!(
            known.contains(&text),
            "{name}: {:?}",
            known.iter().filter(|it| it.contains('x')).collect::<Vec<_>>()
        );
    }
    assert!(known.iter().all(|cell| !cell.starts_with("f ")), "a formula");
    assert!(known == cells("in-memory.xlsx", Some("/nowhere")), "rows in memory differ");
}
