//! Boards 导视图: their figures are those of `circle times`, nothing overlaps, and printers can use the
//! files.

use crate::drawn::{Drawn, rectangle};
use crate::own::{Planner, at};
use crate::recomputed::{Place, csv, places};
use crate::run::{circle, command, finish, harbin, names, project, write};
use crate::server::Server;
use circle_model::{Catalogue, City, GateId};
use circle_print::{Board, PageSize, PlacedBox, Settings};
use circle_reach::{Cancel, Network};
use rayon::prelude::*;
use resvg::usvg::roxmltree::{Document, Node};
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The six boards that are inspected before a release: dense centre, river bank, city edge, a huge compound,
/// nothing near, 80 facilities.
const SIX: [(&str, &str, &str); 6] = [
    ("dense", "红专小区", ""),
    ("river", "滨江花园", ""),
    ("edge", "哈西华府", ""),
    ("huge", "保利水韵长滩-南区", ""),
    ("nothing", "永安城", ""),
    ("eighty", "新人花园", EIGHTY),
];
const EIGHTY: &str = "fresh_supermarket,fresh_market,supermarket,health_center,health_station,hospital,pharmacy,\
                      nursing_home,kindergarten,primary_school,middle_school,school,community_office,culture_center,\
                      library,park,square,fitness_outdoor,bus_stop,metro,bank,post_office,toilet,restaurant";

#[track_caller]
fn make(compound: &str, categories: &str, more: &[&str], output: &Path) {
    let mut run = command();
    run.arg("board").arg(harbin()).args(["--compound", compound]).args(more).arg("-o").arg(output);
    if !categories.is_empty() {
        run.args(["--categories", categories]);
    }
    finish(&mut run).ok();
}

fn texts<'a>(node: Node<'a, 'a>) -> Vec<&'a str> {
    node.descendants().filter(|it| it.has_tag_name("text")).filter_map(|it| it.text()).collect()
}

/// An entry of the list on a board.
#[derive(Debug)]
struct Entry {
    facility: String,
    minutes: u32,
    metres: u32,
    band: u32,
}

fn entries(svg: &Document<'_>) -> Vec<Entry> {
    let entries = svg.descendants().filter(|node| node.attribute("class") == Some("entry"));
    let entry = |node: Node<'_, '_>| {
        let texts: Vec<String> = node
            .descendants()
            .filter(|it| it.has_tag_name("text"))
            .filter_map(|it| it.text())
            .map(str::to_owned)
            .collect();
        let before = |unit: &str| {
            let at = texts
                .iter()
                .position(|text| text == unit)
                .unwrap_or_else(|| panic!("no {unit} in {texts:?}"));
            texts[at - 1].parse().unwrap_or_else(|_| panic!("{texts:?}"))
        };
        Entry {
            facility: node.attribute("data-facility-id").unwrap().to_owned(),
            minutes: before("分"),
            metres: before("米"),
            band: node.attribute("data-band-minutes").unwrap().parse().unwrap(),
        }
    };
    entries.filter(|node| node.has_attribute("data-facility-id")).map(entry).collect()
}

#[test]
fn minutes_metres_and_bands_of_a_board_equal_those_of_circle_times() {
    let server = Server::start(harbin());
    let entrances = places(&server, "access_points", "facility_id");
    let gates = places(&server, "gates", "compound_id");
    let folder = tempfile::tempdir().unwrap();
    let city = City::open(harbin()).unwrap();
    let mut compared = 0;
    for (name, compound, categories) in SIX {
        let path = folder.path().join(format!("{name}.svg"));
        make(compound, categories, &[], &path);
        let text = std::fs::read_to_string(&path).unwrap();
        let svg = Document::parse(&text).unwrap();
        let listing = entries(&svg);
        let compound = city.compounds_called(compound)[0];
        let gate = circle_print::gate_of(&city, compound, None, false).unwrap();
        let gate = city.gate_key(gate);
        let from: Vec<&Place> = gates.iter().filter(|place| place.id == gate).collect();
        let listed: HashSet<&str> = listing.iter().map(|entry| entry.facility.as_str()).collect();
        let to: Vec<&Place> = entrances.iter().filter(|place| listed.contains(place.of.as_str())).collect();
        if to.is_empty() {
            assert_eq!(name, "nothing");
            continue;
        }
        let from = write(&folder, "from.csv", csv(from.into_iter(), true));
        let to_file = write(&folder, "to.csv", csv(to.iter().copied(), false));
        let mut run = command();
        run.arg("times").arg(harbin()).arg("--from").arg(from).arg("--to").arg(to_file);
        let of: HashMap<&str, &str> = to.iter().map(|place| (place.id.as_str(), place.of.as_str())).collect();
        let mut least: HashMap<&str, (f64, f64)> = HashMap::new();
        let (_, rows) = finish(&mut run).ok().csv();
        for row in rows.iter().filter(|row| row[6] == "ok") {
            let walk: (f64, f64) = (row[2].parse().unwrap(), row[3].parse().unwrap());
            let known = least.entry(of[row[1].as_str()]).or_insert(walk);
            if walk < *known {
                *known = walk;
            }
        }
        for entry in &listing {
            let (seconds, metres) = least[entry.facility.as_str()];
            assert_eq!(entry.minutes, (seconds / 60.0).ceil() as u32, "{name} {entry:?} {seconds} s");
            assert!((f64::from(entry.metres) - metres).abs() <= 0.5, "{name} {entry:?} {metres} m");
            let band = [5, 10, 15].into_iter().find(|band| seconds <= f64::from(band * 60)).unwrap();
            assert_eq!(entry.band, band, "{name} {entry:?} {seconds} s");
            compared += 1;
        }
        // Every number of the list is on the map.
        let markers = svg.descendants().filter(|node| node.attribute("class") == Some("marker"));
        let on_map: HashSet<&str> = markers.filter_map(|node| node.attribute("data-facility-id")).collect();
        assert_eq!(on_map, listed, "{name}");
    }
    assert!(compared > 40, "{compared}");
}

type Corners = [[f64; 2]; 4];

/// Whether two rotated boxes overlap by more than 0.02 mm: no side of either separates them.
fn overlap(a: &Corners, b: &Corners) -> bool {
    const TOLERANCE: f64 = 0.02;
    let sides = |of: &Corners| [0, 1].map(|at| [of[at + 1][0] - of[at][0], of[at + 1][1] - of[at][1]]);
    sides(a).into_iter().chain(sides(b)).all(|[x, y]| {
        let length = x.hypot(y).max(1e-9);
        let span = |of: &Corners| {
            let along = of.map(|corner| (corner[0] * x + corner[1] * y) / length);
            along.into_iter().fold((f64::MAX, f64::MIN), |(low, high), at| (low.min(at), high.max(at)))
        };
        let ((low, high), (other_low, other_high)) = (span(a), span(b));
        low + TOLERANCE < other_high && other_low + TOLERANCE < high
    })
}

/// Describes the boxes that overlap another one, or leave the page or the map.
fn misplaced(board: &Board, page: PageSize) -> Vec<String> {
    let placed = board.placed_boxes();
    let [left, top, width, height] = board.map_area();
    let mut wrong = Vec::new();
    let outside = |it: &PlacedBox, [low_x, low_y, high_x, high_y]: [f64; 4]| {
        it.corners.iter().any(|[x, y]| *x < low_x || *x > high_x || *y < low_y || *y > high_y)
    };
    for it in &placed {
        let frame = match it.what {
            "text" => [0.0, 0.0, page.width, page.height],
            _ => [left, top, left + width, top + height],
        };
        if outside(it, frame) {
            wrong.push(format!("{} {:?} leaves its frame", it.what, it.corners));
        }
        if it.what == "text" && !outside(it, [left, top, left + width, top + height]) {
            wrong.push(format!("text {:?} lies on the map", it.corners));
        }
    }
    for (number, a) in placed.iter().enumerate() {
        for b in &placed[number + 1..] {
            if a.thing != b.thing && overlap(&a.corners, &b.corners) {
                wrong.push(format!("{} {:?} on {} {:?}", a.what, a.corners, b.what, b.corners));
            }
        }
    }
    wrong
}

#[test]
fn nothing_overlaps_on_any_board_of_harbin() {
    let city = City::open(harbin()).unwrap();
    let catalogue = Catalogue::built_in();
    let settings = Settings::built_in(&catalogue);
    let network = Network::build(&city);
    let named = (0u32..).zip(city.compounds()).filter(|(_, compound)| compound.generated_name == 0);
    let gates: Vec<GateId> = named
        .flat_map(|(row, _)| circle_print::boards_of(&city, circle_model::CompoundId(row), false))
        .collect();
    assert!(gates.len() > 700, "{}", gates.len());
    let wrong: Vec<String> = gates
        .par_iter()
        .flat_map_iter(|gate| {
            let board = Board::draw(&network, &catalogue, &settings, *gate, &Cancel::never()).unwrap();
            misplaced(&board, settings.paper()).into_iter().map(move |what| format!("gate {gate:?}: {what}"))
        })
        .collect();
    assert!(
        wrong.is_empty(),
        "{} on {} boards:\n{}",
        wrong.len(),
        gates.len(),
        wrong[..wrong.len().min(20)].join("\n")
    );
}

#[test]
fn nothing_overlaps_on_pages_of_other_sizes() {
    let city = City::open(harbin()).unwrap();
    let catalogue = Catalogue::built_in();
    let network = Network::build(&city);
    for (name, compound, categories) in SIX {
        let compound = city.compounds_called(compound)[0];
        let gate = circle_print::gate_of(&city, compound, None, false).unwrap();
        for size in ["A0", "A3", "A4", "800x1200", "300x900"] {
            for landscape in [false, true] {
                let mut settings = Settings::built_in(&catalogue);
                settings.page = PageSize::parse(size).unwrap();
                settings.landscape = landscape;
                if !categories.is_empty() {
                    let ids: Vec<String> = categories.split(',').map(str::to_owned).collect();
                    settings = settings.with_categories(&ids, &catalogue).unwrap();
                }
                let board = Board::draw(&network, &catalogue, &settings, gate, &Cancel::never());
                let board = board.unwrap_or_else(|error| panic!("{name} {size} {landscape}: {error}"));
                let wrong = misplaced(&board, settings.paper());
                assert!(wrong.is_empty(), "{name} {size} {landscape}:\n{}", wrong.join("\n"));
            }
        }
    }
}

fn run(program: &str, args: &[&str]) -> String {
    let there = Command::new(program).arg("-v").output();
    assert!(there.is_ok(), "{program} is missing; install it: apt-get install poppler-utils");
    finish(Command::new(program).args(args)).ok().text().to_owned()
}

#[test]
fn a_pdf_embeds_its_fonts_and_its_names_can_be_searched() {
    let folder = tempfile::tempdir().unwrap();
    for (name, compound, categories) in SIX {
        let (pdf, svg) = (folder.path().join("board.pdf"), folder.path().join("board.svg"));
        make(compound, categories, &["--bleed", "--crop-marks"], &pdf);
        make(compound, categories, &[], &svg);
        let path = pdf.to_str().unwrap();
        let fonts = run("pdffonts", &[path]);
        let rows: Vec<&str> = fonts.lines().skip(2).collect();
        assert!(!rows.is_empty(), "{fonts}");
        for row in rows {
            let cells: Vec<&str> = row.split_whitespace().rev().collect();
            // Columns from the right: object, object, unicode, subset, embedded.
            assert_eq!(cells[2..5], ["yes"; 3], "{row}");
            assert!(row.contains("+Noto"), "{row}");
        }
        let squeezed = |text: &str| text.split_whitespace().collect::<String>();
        let found = squeezed(&run("pdftotext", &["-layout", path, "-"]));
        let text = std::fs::read_to_string(&svg).unwrap();
        let svg = Document::parse(&text).unwrap();
        let with_names = svg
            .descendants()
            .filter(|node| matches!(node.attribute("class"), Some("entry" | "head" | "foot")));
        for text in with_names.flat_map(texts) {
            assert!(found.contains(&squeezed(text)), "{name}: `{text}` is not found in {found}");
        }
        // At least 95 % of the names of streets are found too, although their letters are rotated.
        let raw = squeezed(&run("pdftotext", &["-raw", path, "-"]));
        let map = svg.descendants().find(|node| node.attribute("class") == Some("map")).unwrap();
        let streets: Vec<String> =
            texts(map).into_iter().map(squeezed).filter(|text| text.ends_with('街')).collect();
        let missed: Vec<&String> = streets.iter().filter(|street| !raw.contains(street.as_str())).collect();
        assert!(missed.len() * 20 <= streets.len(), "{name}: {missed:?} of {}", streets.len());
        let info = run("pdfinfo", &["-box", path]);
        let boxed = |name: &str| -> Vec<f64> {
            let line = info.lines().find(|line| line.starts_with(name)).unwrap();
            line.split_whitespace().filter_map(|word| word.parse().ok()).collect()
        };
        let (trim, bleed) = (boxed("TrimBox:"), boxed("BleedBox:"));
        assert!((trim[2] - trim[0] - 594.0 * 72.0 / 25.4).abs() < 0.1, "{trim:?}");
        assert!((trim[0] - bleed[0] - 3.0 * 72.0 / 25.4).abs() < 0.1, "{trim:?} {bleed:?}");
        assert!(std::fs::metadata(&pdf).unwrap().len() < 1_500_000);
    }
}

/// The texts of a board with their places in whole millimetres, one per line. The edition is masked, since it
/// changes with every fact.
fn outline(svg: &str) -> String {
    let edition = City::open(harbin()).unwrap().edition().to_string();
    let svg = Document::parse(svg).unwrap();
    let lines = svg.descendants().filter(|node| node.has_tag_name("text")).map(|node| {
        let number = |name: &str| node.attribute(name).and_then(|it| it.parse::<f64>().ok()).unwrap_or(0.0);
        format!(
            "{:.0} {:.0} {:.1} {}\n",
            number("x"),
            number("y"),
            number("font-size"),
            node.text().unwrap_or("").replace(&edition, "EDITION")
        )
    });
    lines.collect()
}

/// `BLESS=1` rewrites the expected outlines. Inspect `docs/boards` before committing them.
#[test]
fn the_six_boards_equal_the_signed_ones() {
    let folder = tempfile::tempdir().unwrap();
    for (name, compound, categories) in SIX {
        let path = folder.path().join("board.svg");
        make(compound, categories, &["--address", "https://circle.example.org"], &path);
        let outline = outline(&std::fs::read_to_string(&path).unwrap());
        let signed = project("tests/data/boards").join(format!("{name}.txt"));
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(&signed, &outline).unwrap();
        }
        let known = std::fs::read_to_string(&signed).unwrap();
        let changed: Vec<_> =
            known.lines().zip(outline.lines()).filter(|(known, now)| known != now).take(5).collect();
        assert!(known == outline, "{name}: {changed:?}");
    }
}

#[test]
fn a_board_has_the_same_bytes_by_command_and_over_http() {
    let server = Server::start(harbin());
    let folder = tempfile::tempdir().unwrap();
    let city = City::open(harbin()).unwrap();
    let id = city.compound_key(city.compounds_called("红专小区")[0]);
    for kind in ["pdf", "svg", "png"] {
        let path = folder.path().join(format!("a.{kind}"));
        let address = format!("http://{}", server.host);
        make("红专小区", "", &["--size", "A4", "--dpi", "60", "--address", &address], &path);
        let bytes = std::fs::read(&path).unwrap();
        make("红专小区", "", &["--size", "A4", "--dpi", "60", "--address", &address], &path);
        assert!(bytes == std::fs::read(&path).unwrap(), "{kind} twice");
        let answer = server.get(&format!("/api/boards/{id}.{kind}?size=A4&dpi=60"));
        assert_eq!(answer.status, 200);
        assert!(bytes == answer.body, "{kind} over HTTP");
    }
    for (path, status) in [
        (format!("/api/boards/{id}.gif"), 404),
        ("/api/boards/999999.pdf".to_owned(), 404),
        (format!("/api/boards/{id}.pdf?size=A9"), 400),
        (format!("/api/boards/{id}.pdf?categories=police_station"), 400),
        (format!("/api/boards/{id}.pdf?gate=0"), 422),
        (format!("/api/boards/{id}.png?size=3000x3000&dpi=150"), 400),
        (format!("/api/boards/{id}.pdf?address=javascript:1"), 400),
    ] {
        assert_eq!(server.get(&path).status, status, "{path}");
    }
}

#[test]
fn an_inferred_gate_gets_a_board_on_request_and_the_board_states_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("board.svg");
    let args = |more: &[&str]| {
        let mut run = command();
        run.arg("board")
            .arg(harbin())
            .args(["--compound", crate::run::COMPOUND])
            .args(more)
            .arg("-o")
            .arg(&path);
        finish(&mut run)
    };
    let refused = args(&[]);
    assert!(refused.refusal().contains("--inferred"), "{}", refused.err);
    assert!(names(folder.path()).is_empty());
    args(&["--inferred"]).ok();
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.contains("出入口位置待核"));
    assert!(text.contains("示意图"));
}

#[test]
fn a_unit_has_a_board_for_every_known_gate() {
    let folder = tempfile::tempdir().unwrap();
    let into = folder.path().join("boards");
    let mut run = command();
    run.arg("board").arg(harbin()).args(["--unit", "爱建街道", "--size", "A3"]).arg("-o").arg(&into);
    finish(&mut run).ok();
    let written = names(&into);
    assert!(
        written.len() > 3 && written.iter().all(|name| name.split('.').next_back() == Some("pdf")),
        "{written:?}"
    );
    let mut run = command();
    run.arg("board").arg(harbin()).args(["--unit", "没有的街道"]).arg("-o").arg(&into);
    assert!(finish(&mut run).refusal().contains("爱建街道"));
}

/// A compound with one known gate on a street, and own facilities from CSV rows.
pub(crate) fn town(facilities: &str) -> (Planner, PathBuf) {
    let drawn = Drawn::with_street()
        .way(&rectangle(-100, 10, 100, 150), "landuse=residential name=塔布板小区 barrier=fence")
        .tag([0, 10], "barrier=gate name=南门");
    let planner = Planner::new(&drawn)
        .file(
            "facilities.csv",
            format!("名称,类别,经度,纬度\n{facilities}"),
            "layer = \"facilities\"\ncrs = \"wgs84\"",
        )
        .file(
            "gates.csv",
            format!("小区,名称,经度,纬度\n塔布板小区,南门,{}\n", at([0, 10])),
            "layer = \"gates\"\ncrs = \"wgs84\"",
        );
    planner.build().ok();
    let city = planner.path("town.circle");
    (planner, city)
}

#[test]
fn the_error_states_why_no_gate_gets_a_board() {
    let refused = |tags: &str, more: &[&str]| {
        let town = Drawn::with_street().way(&rectangle(-100, 10, 100, 150), tags);
        let planner = Planner::new(&town);
        planner.build().ok();
        let mut run = command();
        run.arg("board").arg(planner.path("town.circle")).args(["--all", "--size", "A4"]).args(more);
        finish(run.arg("-o").arg(planner.path("boards"))).refusal().to_owned()
    };
    for more in [&[][..], &["--inferred"]] {
        let message = refused("landuse=residential", more);
        assert!(message.contains("none of the compounds has a name of its own"), "{message}");
    }
    let message = refused("landuse=residential name=塔布板小区 barrier=fence", &[]);
    assert!(message.contains("all gates are inferred") && message.contains("--inferred"), "{message}");
    let message = refused("natural=wood", &["--inferred"]);
    assert!(message.contains("no compounds"), "{message}");
}

fn board(city: &Path, more: &[&str], output: &Path) -> crate::run::Done {
    let mut run = command();
    run.arg("board").arg(city).args(["--compound", "塔布板小区"]).args(more).arg("-o").arg(output);
    finish(&mut run)
}

#[test]
fn long_names_are_set_in_full() {
    let long = "内蒙古自治区呼和浩特市回民区攸攸板镇塔布板村塔布板小区党群服务中心暨新时代文明实践站便民服务大厅（原村委会办公楼一层东侧）总站";
    assert!(long.chars().count() >= 60);
    let (planner, city) = town(&format!("{long},party_service_center,{}\n", at([60, -20])));
    for size in ["A1", "A4"] {
        let path = planner.path("board.svg");
        board(&city, &["--size", size], &path).ok();
        let text = std::fs::read_to_string(&path).unwrap();
        let svg = Document::parse(&text).unwrap();
        let entry = svg.descendants().find(|node| {
            node.attribute("data-facility-id").is_some_and(|_| node.attribute("class") == Some("entry"))
        });
        let whole: String = texts(entry.unwrap()).concat();
        assert!(whole.contains(long), "{size}: {whole}");
    }
}

#[test]
fn letters_without_a_glyph_are_named_and_emoji_are_left_out() {
    let (planner, city) = town(&format!("🏥塔布板卫生室,health_station,{}\n", at([60, -20])));
    let path = planner.path("board.svg");
    board(&city, &[], &path).ok();
    assert!(std::fs::read_to_string(&path).unwrap().contains(">塔布板卫生室<"));
    let (planner, city) = town(&format!("مستوصف,health_station,{}\n", at([60, -20])));
    let path = planner.path("board.svg");
    let refused = board(&city, &[], &path);
    assert!(refused.refusal().contains("U+0645"), "{}", refused.err);
    assert!(!path.exists());
}

#[test]
fn names_on_a_board_are_text_and_never_markup() {
    let (planner, city) = town(&format!("\"<img onerror=x>&\"\"'</text>\",park,{}\n", at([60, -20])));
    let path = planner.path("board.svg");
    board(&city, &[], &path).ok();
    let text = std::fs::read_to_string(&path).unwrap();
    let svg = Document::parse(&text).unwrap();
    assert!(svg.descendants().all(|node| node.tag_name().name() != "img"));
    assert!(
        svg.descendants()
            .filter_map(|node| node.text())
            .any(|text| text.contains("<img onerror=x>&\"'</text>"))
    );
}

#[test]
fn a_board_file_sets_languages_texts_and_logo() {
    let (planner, city) = town(&format!("塔布板公园,park,{}\n", at([60, -20])));
    write(
        &planner.folder,
        "logo.svg",
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"40\" height=\"20\"><rect width=\"40\" height=\"20\" fill=\"#a00\"/></svg>",
    );
    let file = write(
        &planner.folder,
        "board.toml",
        "issuer = \"攸攸板镇人民政府\"\nhotline = \"12345\"\napproval_number = \"蒙S(2026)001号\"\nlogo = \"logo.svg\"\n\
         address = \"https://example.org/\"\nlanguages = [\"mn\", \"zh\", \"en\"]\n[text.mn]\ntitle = \"ᠠᠷᠪᠠᠨ ᠲᠠᠪᠤᠨ ᠮᠢᠨᠦ᠋ᠲ\"\n\
         [[board]]\ncompound = \"塔布板小区\"\nfaces = \"N\"\nname_en = \"Tabuban\"\nother = { mn = \"ᠲᠠᠪᠤᠪᠠᠨ\" }\n",
    );
    for kind in ["svg", "pdf", "png"] {
        let path = planner.path(&format!("board.{kind}"));
        board(&city, &["--board", file.to_str().unwrap()], &path).ok();
    }
    let text = std::fs::read_to_string(planner.path("board.svg")).unwrap();
    for expected in
        ["攸攸板镇人民政府", "12345", "蒙S(2026)001号", "Tabuban", "class=\"logo\"", "ᠲᠠᠪᠤᠪᠠᠨ", "南门"]
    {
        assert!(text.contains(expected), "{expected}");
    }
    assert!(!text.contains("示意图"));
    let svg = Document::parse(&text).unwrap();
    let mongolian =
        svg.descendants().find(|node| node.text().is_some_and(|text| text.contains("ᠠᠷᠪᠠᠨ"))).unwrap();
    assert!(mongolian.attribute("transform").is_some_and(|it| it.starts_with("rotate(90 ")), "{mongolian:?}");
}

/// Control characters and empty texts of a board file are dropped, and the SVG is well-formed XML.
#[test]
fn texts_of_a_board_file_are_clean() {
    let (planner, city) = town(&format!("塔布板公园,park,{}\n", at([60, -20])));
    let file = write(
        &planner.folder,
        "board.toml",
        "issuer = \"\"\nhotline = \"  \"\napproval_number = \"\"\n[text.zh]\ntitle = \"标\\u0001题\\u202e\"\n\
         [[board]]\ncompound = \"塔布板小区\"\nname = \"A\\u0001B\\u001bC\"\ngate_name = \"\"\n",
    );
    let path = planner.path("board.svg");
    board(&city, &["--board", file.to_str().unwrap()], &path).ok();
    let text = std::fs::read_to_string(&path).unwrap();
    let svg = Document::parse(&text).unwrap();
    assert!(svg.descendants().filter_map(|node| node.text()).any(|text| text == "ABC"));
    for absent in ["审图号", "制作单位", "服务热线"] {
        assert!(!text.contains(absent), "{absent}");
    }
    assert!(text.contains("示意图") && text.contains("标题") && text.contains("南门"));
}

#[test]
fn unusable_board_settings_are_reported_and_nothing_is_written() {
    let (planner, city) = town(&format!("塔布板公园,park,{}\n", at([60, -20])));
    let mut wide = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    wide.extend([10_000u32.to_be_bytes(), 10u32.to_be_bytes()].concat());
    wide.extend([8, 2, 0, 0, 0, 0, 0, 0, 0]);
    write(&planner.folder, "wide.png", &wide);
    write(&planner.folder, "text.svg", "no image at all");
    let secret = write(&planner.folder, "secret.png", "secret");
    let fetches = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" width=\"9\" height=\"9\">\
         <rect width=\"9\" height=\"9\"/><image width=\"9\" height=\"9\" xlink:href=\"{}\"/></svg>",
        secret.display()
    );
    write(&planner.folder, "fetches.svg", fetches);
    for (name, inside) in [
        ("filter.svg", "<filter id=\"a\" width=\"200000\" height=\"200000\"><feTurbulence/></filter>"),
        ("script.svg", "<rect id=\"&lt;script&gt;\" width=\"9\" height=\"9\"/>"),
        ("nothing.svg", "<rect width=\"0\" height=\"9\"/>"),
        ("words.svg", "<s:text xmlns:s=\"http://www.w3.org/2000/svg\">标</s:text>"),
    ] {
        let svg =
            format!("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\">{inside}</svg>");
        write(&planner.folder, name, svg);
    }
    for (line, word) in [
        ("logo = \"wide.png\"", "10000 × 10"),
        ("logo = \"text.svg\"", "neither a PNG nor an SVG"),
        ("logo = \"fetches.svg\"", "nothing is fetched"),
        ("logo = \"nowhere.png\"", "nowhere.png"),
        ("logo = \"filter.svg\"", "`filter`"),
        ("logo = \"board.toml\"", "neither a PNG nor an SVG"),
        ("logo = \"script.svg\"", "`id`"),
        ("logo = \"nothing.svg\"", "anything to be seen"),
        ("logo = \"words.svg\"", "into paths"),
        ("address = \"https://x y\"", "address"),
        ("\n\nissuer = 5", "line 3, `issuer`"),
        ("categories = [\"shop\"]", "no category `shop`"),
        ("title = 5", "title"),
    ] {
        let file = write(&planner.folder, "board.toml", line);
        let path = planner.path("board.pdf");
        let refused = board(&city, &["--board", file.to_str().unwrap()], &path);
        assert!(refused.refusal().contains(word), "{line}: {}", refused.err);
        assert!(!path.exists(), "{line}");
    }
    let path = planner.path("board.pdf");
    let refused = board(&city, &["--size", "100x100"], &path);
    assert!(refused.refusal().contains("too small"), "{}", refused.err);
    let city_name = city.to_str().unwrap();
    assert_eq!(circle(["board", city_name, "--all", "-o", "x", "--size", "A9"]).status, 2);
    assert_eq!(board(&city, &["--categories", "shop"], &path).status, 2);
    assert_eq!(board(&city, &[], &city).status, 2, "the city is not replaced");
    let logo = write(
        &planner.folder,
        "logo.svg",
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"><rect width=\"9\" height=\"9\"/></svg>",
    );
    let file = write(&planner.folder, "board.toml", "logo = \"logo.svg\"");
    let before = std::fs::read(&logo).unwrap();
    assert_eq!(
        board(&city, &["--board", file.to_str().unwrap()], &logo).status,
        2,
        "the logo is not replaced"
    );
    assert_eq!(before, std::fs::read(&logo).unwrap());
}
