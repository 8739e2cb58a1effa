//! Arrows between the files of each crate.
//!
//! An arrow leads from the file that names an item to the file that **defines** it: `use crate::Network` in
//! `walk.rs` is an arrow to `network.rs`, whichever files re-export it. The test reads `use`, and paths such
//! as `super::legs::find` in code. Not counted as arrows:
//! - `mod child;`, and `pub use child::Item` in a parent that does not use `Item` itself: a parent declares
//!   its children;
//! - `use crate::network;`, which names a module: the use of `network::build` is the arrow;
//! - code that is compiled for tests only.
//!
//! So a parent may use items of its children, or the children may use items of the parent's own file, but not
//! both. Items that both need go to a separate child. Method calls are not read: a call of a method is no
//! arrow to the file of its `impl`.

use super::arrows::{Arrows, Layers, against, arrows, cycles, described};
use super::tree::Tree;
use crate::run::project;
use std::fmt::Write;
use std::fs;
use std::path::Path;

/// The layers of every crate, lower ones first. A new module at the root of a crate needs an entry here.
const LAYERS: [(&str, Layers); 10] = [
    (
        "circle-model",
        &[
            &["bands", "census", "coordinates", "files", "hours", "ids", "legs", "plane", "ranges", "units"],
            &["china", "clip", "grid", "mainland", "population", "simplify"],
            &["city", "identity", "residents"],
            &["catalogue", "profile"],
            &["rules"],
            &["density"],
        ],
    ),
    (
        "circle-sheet",
        &[
            &["error", "quote", "number", "layer", "sheet"],
            &["datum", "columns"],
            &["options", "coordinates"],
            &["source"],
            &["build"],
            &["formats"],
            &["read"],
        ],
    ),
    (
        "circle-import",
        &[
            &["progress", "geometry", "tags", "pbf"],
            &["classify"],
            &["own"],
            &["error", "keys", "tables"],
            &["scan"],
            &["compounds", "network", "units"],
            &["zones", "gates", "population"],
            &["facilities"],
            &["opening_hours", "keyed_collections", "summary"],
            &["assemble"],
        ],
    ),
    (
        "circle-reach",
        &[
            &["cancel"],
            &["ground"],
            &["legs"],
            &["walk"],
            &["matrix"],
            &["shape"],
            &["explain"],
            &["network"],
            &["testing"],
        ],
    ),
    (
        "circle-plan",
        &[
            &["evidence", "pairing", "within"],
            &["coverage", "levels", "carried_keys"],
            &["survey", "roll_up", "supply", "sensitivity", "compare", "audit", "bring"],
            &["quality", "worst"],
        ],
    ),
    (
        "circle-export",
        &[
            &["error", "number", "coordinates", "geometry", "written", "look", "origin", "categories"],
            &["info", "table", "typed"],
            &["statement", "words"],
            &["wkb", "typed_csv", "typed_geojson", "geopackage", "geoparquet", "xlsx", "csvw"],
            &["table_file"],
            &[
                "collections",
                "comparison",
                "explain",
                "isochrone",
                "names",
                "quality",
                "reach",
                "tiles",
                "times",
            ],
            &["coverage"],
            &["audit"],
        ],
    ),
    (
        "circle-print",
        &[
            &["error", "path", "colour", "page"],
            &["fonts", "look", "logo", "pictograms", "gates"],
            &["settings", "scene"],
            &["contents", "style", "cut"],
            &["map", "pdf", "svg"],
            &["layout", "png"],
            &["board"],
        ],
    ),
    (
        "circle-study",
        &[
            &["client", "flight", "refusal", "parameters"],
            &["choices"],
            &["question"],
            &["error", "pool", "cache", "cache_keys"],
            &["edition"],
            &["study"],
            &[
                "isochrones",
                "reach",
                "times",
                "explain",
                "coverage",
                "boards",
                "quality",
                "compare",
                "audit",
                "base_map",
            ],
            &["probe"],
        ],
    ),
    (
        "circle-server",
        &[
            &["http", "repeats"],
            &["settings"],
            &["state"],
            &["served"],
            &["middleware"],
            &["api", "page"],
            &["router", "testing"],
        ],
    ),
    (
        "circle-cli",
        &[&["args", "failure"], &["output", "progress", "report"], &["input", "tabular"], &["commands"]],
    ),
];

/// The arrows of a crate; `folder` holds its root file.
fn arrows_of(folder: &Path) -> Arrows {
    arrows(&Tree::read(folder), folder)
}

/// Every crate of the workspace with its arrows.
fn crates() -> Vec<(String, Arrows)> {
    let mut folders: Vec<_> =
        fs::read_dir(project("crates")).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    let named = |folder: std::path::PathBuf| {
        let name = folder.file_name().unwrap().to_str().unwrap().to_owned();
        (name, arrows_of(&folder.join("src")))
    };
    folders.into_iter().map(named).collect()
}

#[test]
fn no_file_imports_a_file_that_imports_it() {
    let mut faults = String::new();
    for (name, arrows) in crates() {
        assert!(arrows.len() > 10, "{name}: {} arrows are too few to be all", arrows.len());
        for cycle in cycles(&arrows) {
            let _ = write!(faults, "{name}:\n{}", described(&cycle, &arrows));
        }
    }
    assert!(faults.is_empty(), "cycles of files\n{faults}");
}

#[test]
fn arrows_between_layers_point_down_only() {
    for (name, arrows) in crates() {
        let layers = LAYERS.into_iter().find(|(known, _)| *known == name);
        let (_, layers) = layers.unwrap_or_else(|| panic!("{name} has no layers"));
        let faults = against(layers, &arrows);
        assert!(faults.is_empty(), "{name}:\n{}", faults.join("\n"));
    }
}

/// The arrows of a crate that is written to a temporary folder.
fn made_up(files: &[(&str, &str)]) -> Arrows {
    let folder = tempfile::tempdir().unwrap();
    for (name, source) in files {
        let file = folder.path().join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, source).unwrap();
    }
    arrows_of(folder.path())
}

/// The arrows of such a crate as text.
fn drawn(files: &[(&str, &str)]) -> Vec<String> {
    made_up(files).keys().map(|(from, to)| format!("{} -> {}", from.display(), to.display())).collect()
}

#[test]
fn a_cycle_through_a_re_export_is_found_and_named() {
    let arrows = made_up(&[
        ("lib.rs", "mod graph; mod network; mod walk; pub use network::Network;"),
        ("graph.rs", "pub struct Graph;"),
        (
            "network.rs",
            "use crate::graph::Graph; use crate::walk; pub struct Network(Graph); fn f() { walk::run() }",
        ),
        ("walk.rs", "pub fn run() -> crate::Network { todo!() }"),
    ]);
    let found = cycles(&arrows);
    assert_eq!(found, [["network.rs", "walk.rs"].map(std::path::PathBuf::from)]);
    let text = described(&found[0], &arrows);
    assert_eq!(
        text,
        "    network.rs uses walk.rs (run in line 1)\n    walk.rs uses network.rs (Network in line 1)\n"
    );
}

#[test]
fn a_parent_and_its_child_are_a_cycle_only_if_both_use_the_other() {
    let child = ("legs/find.rs", "use super::Leg; pub fn find() -> Leg { Leg }");
    let declares = "mod find; pub use find::find; pub struct Leg;";
    let root = ("lib.rs", "mod legs; pub use legs::{Leg, find};");
    let one_way = [root, ("legs.rs", declares), child];
    assert_eq!(drawn(&one_way), ["legs/find.rs -> legs.rs"]);
    let uses = format!("{declares} fn all() -> Leg {{ find() }}");
    let both_ways = made_up(&[root, ("legs.rs", uses.as_str()), child]);
    assert_eq!(cycles(&both_ways).len(), 1);
}

#[test]
fn tests_comments_and_texts_make_no_arrows() {
    let source = "
        // use crate::b::B;
        const TEXT: &str = \"crate::b::B\";
        #[cfg(test)] use crate::b::B;
        fn f() { #[cfg(test)] { crate::b::f(); } }
        #[cfg(test)] mod tests { use crate::b::*; }
    ";
    assert!(drawn(&[("lib.rs", "mod a; mod b;"), ("a.rs", source), ("b.rs", "pub struct B;")]).is_empty());
}

#[test]
fn every_form_of_a_path_makes_an_arrow() {
    let b = ("b.rs", "pub mod inner { pub fn f() {} pub enum E { One } } pub trait T {}");
    let sources = [
        "use crate::b::inner::f;",
        "use crate::{b::{inner::{E as Other}}};",
        "use super::b::inner; fn g() { inner::f() }",
        "use super::b::inner::*; fn g() { f() }",
        "pub use super::b::T;",
        "use crate::b::T as _;",
        "fn g() { crate::b::inner::f() }",
        "fn g() -> super::b::inner::E { super::b::inner::E::One }",
        "fn g() { use crate::b as c; c::inner::f() }",
        "macro_rules! m { () => { $crate::b::inner::f() } }",
        "mod nested { use super::super::b::T; }",
    ];
    for source in sources {
        let found = drawn(&[("lib.rs", "mod a; mod b;"), ("a.rs", source), b]);
        assert_eq!(found, ["a.rs -> b.rs"], "{source}");
    }
}

#[test]
fn an_import_against_the_order_of_layers_is_reported() {
    const BOTH: Layers = &[&["ground"], &["walk"]];
    let root = ("lib.rs", "mod ground; mod walk; pub use ground::Ground;");
    let walk = ("walk.rs", "pub fn run(_: crate::Ground) {}");
    let good = made_up(&[root, ("ground.rs", "pub struct Ground;"), walk]);
    assert!(against(BOTH, &good).is_empty());
    assert_eq!(against(&BOTH[..1], &good), ["walk has no layer"]);
    let bad = [
        ("lib.rs", "mod ground; mod walk;"),
        ("ground.rs", "mod graph;"),
        ("ground/graph.rs", "fn f() { crate::walk::run() }"),
        ("walk.rs", "pub fn run() {}"),
    ];
    assert_eq!(against(BOTH, &made_up(&bad)), ["ground/graph.rs, line 1, uses run of walk.rs"]);
}
