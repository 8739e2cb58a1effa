//! The layout of boards: nothing overlaps, no name lies on a band's line, a list has one size of names and no
//! heading twice, and the width of a page is used.

use crate::boards::{SIX, board, make, texts, town};
use crate::own::at;
use crate::run::{harbin, write};
use circle_model::{Catalogue, City, GateId};
use circle_print::{Board, PageSize, PlacedBox, Settings};
use circle_reach::{Cancel, Network};
use rayon::prelude::*;
use resvg::usvg::roxmltree::{Document, Node};

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

/// A thin box around a piece of a line; `None` if it is a point.
fn thin(from: [f64; 2], to: [f64; 2]) -> Option<Corners> {
    const HALF: f64 = 0.03;
    let along = [to[0] - from[0], to[1] - from[1]];
    let length = along[0].hypot(along[1]);
    let across = [-along[1] / length * HALF, along[0] / length * HALF];
    let corner = |at: [f64; 2], sign: f64| [at[0] + across[0] * sign, at[1] + across[1] * sign];
    (length > 1e-6).then(|| [corner(from, -1.0), corner(to, -1.0), corner(to, 1.0), corner(from, 1.0)])
}

/// Whether the level boxes around two boxes are apart.
fn far(a: &Corners, b: &Corners) -> bool {
    (0..2).any(|axis| {
        let span = |of: &Corners| {
            of.iter().fold((f64::MAX, f64::MIN), |(low, high), at| (low.min(at[axis]), high.max(at[axis])))
        };
        let ((low, high), (other_low, other_high)) = (span(a), span(b));
        low > other_high || other_low > high
    })
}

/// Describes the names of parks, water, buildings and stations that lie on the line of a band.
fn on_lines(board: &Board) -> Vec<String> {
    let pieces = board.band_lines().iter().flat_map(|line| line.windows(2));
    let pieces: Vec<Corners> = pieces.filter_map(|pair| thin(pair[0], pair[1])).collect();
    let placed = board.placed_boxes();
    let names = placed.iter().filter(|it| matches!(it.what, "name" | "station"));
    names
        .filter(|name| pieces.iter().any(|piece| !far(&name.corners, piece) && overlap(&name.corners, piece)))
        .map(|name| format!("{} {:?} lies on the line of a band", name.what, name.corners))
        .collect()
}

/// Describes the boxes that overlap another one, or leave the page or the map.
fn misplaced(board: &Board, page: PageSize) -> Vec<String> {
    let placed = board.placed_boxes();
    let [left, top, width, height] = board.map_area();
    let mut wrong = on_lines(board);
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

/// A text of a board: its place, its size, and what it says.
#[derive(Debug, Clone)]
struct Line {
    x: f64,
    y: f64,
    size: f64,
    text: String,
}

/// The texts of a node in their order.
fn lines(node: Node<'_, '_>) -> Vec<Line> {
    let number = |node: Node<'_, '_>, name: &str| {
        node.attribute(name).and_then(|it| it.parse::<f64>().ok()).unwrap_or(0.0)
    };
    node.descendants()
        .filter(|it| it.has_tag_name("text"))
        .map(|it| Line {
            x: number(it, "x"),
            y: number(it, "y"),
            size: number(it, "font-size"),
            text: it.text().unwrap_or_default().to_owned(),
        })
        .collect()
}

fn group<'a>(svg: &'a Document<'a>, class: &str) -> Node<'a, 'a> {
    svg.descendants().find(|node| node.attribute("class") == Some(class)).unwrap()
}

/// Draws the six boards as SVG with more arguments.
fn six(more: &[&str], mut see: impl FnMut(&str, &Document<'_>)) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("board.svg");
    for (name, compound, categories) in SIX {
        make(compound, categories, more, &path);
        let text = std::fs::read_to_string(&path).unwrap();
        see(name, &Document::parse(&text).unwrap());
    }
}

#[test]
fn a_list_has_one_size_of_names_and_every_heading_once() {
    for more in [&["--size", "A1"][..], &["--size", "A4"], &["--size", "A2", "--landscape"]] {
        six(more, |name, svg| {
            let list = group(svg, "list");
            let entries: Vec<Node<'_, '_>> =
                list.descendants().filter(|node| node.has_attribute("data-facility-id")).collect();
            let mut sizes: Vec<f64> = Vec::new();
            for entry in &entries {
                // The number of the marker, the lines of the name, the line under it, the figures.
                let lines = lines(*entry);
                let of_name = lines[1..].iter().take_while(|line| (line.size - lines[1].size).abs() < 1e-9);
                if of_name.count() <= 4 {
                    sizes.push(lines[1].size);
                }
            }
            sizes.dedup();
            assert!(sizes.len() <= 1, "{name} {more:?}: {sizes:?}");
            let bands: Vec<&str> =
                entries.iter().filter_map(|entry| entry.attribute("data-band-minutes")).collect();
            for minutes in ["5", "10", "15"] {
                let heading = format!("{minutes} 分钟可达");
                let count = texts(list).into_iter().filter(|text| text.starts_with(&heading)).count();
                assert_eq!(count, usize::from(bands.contains(&minutes)), "{name} {more:?}: {heading}");
            }
        });
    }
}

#[test]
fn every_marker_has_a_pictogram() {
    six(&["--size", "A3"], |name, svg| {
        let markers = svg.descendants().filter(|node| node.attribute("class") == Some("marker"));
        for marker in markers {
            let paths = marker.children().filter(|node| node.has_tag_name("path")).count();
            assert_eq!(paths, 2, "{name} {:?}", marker.attribute("data-facility-id"));
        }
    });
}

#[test]
fn a_landscape_page_is_used_to_its_right_margin() {
    six(&["--size", "A1", "--landscape"], |name, svg| {
        let right = lines(group(svg, "list")).iter().map(|line| line.x).fold(0.0, f64::max);
        // The last text of a row is the unit of its metres, before the arrow; a list without rows is narrower.
        let has_entries = svg.descendants().any(|node| node.attribute("class") == Some("entry"));
        assert!(!has_entries || right > 841.0 * 0.93, "{name}: {right}");
    });
}

#[test]
fn the_river_has_its_name_and_streets_of_plans_have_none() {
    six(&[], |name, svg| {
        let map = texts(group(svg, "map"));
        assert!(name != "river" || map.iter().any(|text| text.contains("松花江")), "{map:?}");
        assert!(map.iter().all(|text| !text.starts_with("规划")), "{name}: {map:?}");
    });
}

#[test]
fn the_compound_has_its_name_on_the_map_once() {
    six(&[], |name, svg| {
        let (_, compound, _) = SIX.into_iter().find(|(other, ..)| *other == name).unwrap();
        let count = texts(group(svg, "map")).into_iter().filter(|text| *text == compound).count();
        assert!(count <= 1, "{name}: {count}");
    });
}

#[test]
fn walker_minutes_issuer_and_approval_stand_in_the_head() {
    let (planner, city) = town(&format!("塔布板公园,park,{}\n", at([60, -20])));
    let file = write(
        &planner.folder,
        "board.toml",
        "issuer = \"攸攸板镇人民政府\"\napproval_number = \"蒙S(2026)001号\"\naddress = \"https://example.org\"\n\
         profile = \"elderly\"\nminutes = [10, 20, 30]\n[[board]]\ncompound = \"塔布板小区\"\n\
         name = \"内蒙古自治区呼和浩特市回民区攸攸板镇塔布板村塔布板小区北区一期\"\n",
    );
    for more in [&["--size", "A1"][..], &["--size", "A4", "--landscape"], &["--size", "300x900"]] {
        let path = planner.path("board.svg");
        board(&city, &[&["--board", file.to_str().unwrap()][..], more].concat(), &path).ok();
        let text = std::fs::read_to_string(&path).unwrap();
        let svg = Document::parse(&text).unwrap();
        let width: f64 =
            svg.root_element().attribute("width").unwrap().trim_end_matches("mm").parse().unwrap();
        let head = lines(group(&svg, "head"));
        let find = |text: &str| {
            head.iter().find(|line| line.text.contains(text)).unwrap_or_else(|| panic!("no {text}: {head:?}"))
        };
        find("老年人 · 步行 30 分钟");
        for text in ["攸攸板镇人民政府", "审图号：蒙S(2026)001号"] {
            assert!(find(text).x > width / 2.0, "{more:?} {text}");
            assert!(lines(group(&svg, "foot")).iter().all(|line| !line.text.contains(text)), "{text}");
        }
        // The gate's name never outgrows the title or the compound's name.
        let gate = find("南门").size;
        assert!(gate < head.iter().find(|line| line.text.contains("生活圈")).unwrap().size, "{more:?}");
        assert!(gate < find("内蒙古").size, "{more:?}");
    }
}
