//! Arrows between the files of a crate, their cycles, and arrows against the order of layers.

use super::tree::{Import, Tree};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// Line and name of each use of an item, by the file that uses it and the file that defines it.
pub(super) type Arrows = BTreeMap<(PathBuf, PathBuf), BTreeSet<(usize, String)>>;

/// Modules at the root of a crate, lower layers first; modules of one layer may import each other.
pub(super) type Layers = &'static [&'static [&'static str]];

/// The arrows of a crate; files are relative to `folder`, which holds its root file.
pub(super) fn arrows(tree: &Tree, folder: &Path) -> Arrows {
    let mut arrows = Arrows::new();
    let mut add = |from: usize, meanings: Vec<Meaning>, line: usize| {
        for meaning in meanings {
            let Meaning::Item(to, name) = meaning else { continue };
            let [from, to] = [from, to].map(|module| &tree.modules[module].file);
            if from != to {
                let files = [from, to].map(|file| file.strip_prefix(folder).unwrap().to_owned());
                arrows.entry(files.into()).or_default().insert((line, name));
            }
        }
    };
    for (number, module) in tree.modules.iter().enumerate() {
        for import in &module.imports {
            let mut meanings = tree.resolve(number, &import.path, &mut Vec::new());
            match &import.name {
                Some(name) => {
                    // A parent that only re-exports an item of its child does not use it.
                    let is_used = !import.is_public || module.words.contains(name);
                    meanings.retain(|it| is_used || !tree.is_within(it.module(), number));
                }
                None => meanings = tree.used_through_glob(number, import, &meanings),
            }
            add(number, meanings, import.line);
        }
        for (path, line) in &module.paths {
            add(number, tree.resolve_in_code(number, path), *line);
        }
    }
    arrows
}

/// The meaning of a name.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Meaning {
    Module(usize),
    /// The defining module and the name of an item.
    Item(usize, String),
}

impl Meaning {
    fn module(&self) -> usize {
        match self {
            Self::Module(module) | Self::Item(module, _) => *module,
        }
    }
}

/// Look-ups in progress; imports may form cycles.
type Pending = Vec<(usize, String, bool)>;

impl Tree {
    /// The meanings of a path in a module; empty for items of other crates.
    fn resolve(&self, module: usize, path: &[String], pending: &mut Pending) -> Vec<Meaning> {
        let mut found = vec![Meaning::Module(module)];
        for (at, name) in path.iter().enumerate() {
            let is_last = at + 1 == path.len();
            let mut next = Vec::new();
            for meaning in found {
                let Meaning::Module(here) = meaning else {
                    // A variant or an associated item.
                    next.push(meaning);
                    continue;
                };
                match name.as_str() {
                    "" => return Vec::new(),
                    "crate" => next.push(Meaning::Module(0)),
                    "self" => next.push(Meaning::Module(here)),
                    "super" => next.extend(self.modules[here].parent.map(Meaning::Module)),
                    name => {
                        let meanings = self.look_up(here, name, is_last, pending);
                        // The first name may be another crate. A later name that is missing in its module
                        // comes from a macro.
                        if meanings.is_empty() && at > 0 {
                            next.push(Meaning::Item(here, name.to_owned()));
                        }
                        next.extend(meanings);
                    }
                }
            }
            found = next;
        }
        found
    }

    /// As [`Tree::resolve`], for a path outside imports, whose first name may be another crate.
    fn resolve_in_code(&self, module: usize, path: &[String]) -> Vec<Meaning> {
        let of = &self.modules[module];
        let first = path[0].as_str();
        let is_known = matches!(first, "crate" | "self" | "super")
            || of.children.contains_key(first)
            || of.imports.iter().any(|import| import.name.as_deref() == Some(first));
        if is_known { self.resolve(module, path, &mut Vec::new()) } else { Vec::new() }
    }

    /// The meanings of a name in a module: a child, an item, or an import. The last name of a path may be a
    /// module and an item at once.
    fn look_up(&self, module: usize, name: &str, is_last: bool, pending: &mut Pending) -> Vec<Meaning> {
        let key = (module, name.to_owned(), is_last);
        if pending.contains(&key) {
            return Vec::new();
        }
        pending.push(key);
        let of = &self.modules[module];
        let mut found: Vec<Meaning> =
            of.children.get(name).copied().map(Meaning::Module).into_iter().collect();
        if found.is_empty() || is_last {
            if of.definitions.contains(name) {
                found.push(Meaning::Item(module, name.to_owned()));
            } else {
                for import in of.imports.iter().filter(|import| import.name.as_deref() == Some(name)) {
                    found.extend(self.resolve(module, &import.path, pending));
                }
                if found.is_empty() {
                    for import in of.imports.iter().filter(|import| import.name.is_none()) {
                        for outer in self.resolve(module, &import.path, pending) {
                            if let Meaning::Module(outer) = outer {
                                found.extend(self.look_up(outer, name, is_last, pending));
                            }
                        }
                    }
                }
            }
        }
        pending.pop();
        found
    }

    /// The items of a `*` import that a module uses.
    fn used_through_glob(&self, module: usize, import: &Import, sources: &[Meaning]) -> Vec<Meaning> {
        let mut used = Vec::new();
        for source in sources {
            match source {
                Meaning::Module(source) if import.is_public && self.is_within(*source, module) => {}
                Meaning::Module(source) => {
                    for word in &self.modules[module].words {
                        used.extend(self.look_up(*source, word, true, &mut Vec::new()));
                    }
                }
                // The variants of an enum.
                Meaning::Item(..) => used.push(source.clone()),
            }
        }
        used
    }
}

/// The shortest cycle through each file that is on a cycle, without duplicates.
pub(super) fn cycles(arrows: &Arrows) -> Vec<Vec<PathBuf>> {
    let mut out: BTreeMap<&Path, Vec<&Path>> = BTreeMap::new();
    for (from, to) in arrows.keys() {
        out.entry(from).or_default().push(to);
    }
    let mut cycles = BTreeSet::new();
    for start in out.keys() {
        let mut before: BTreeMap<&Path, &Path> = BTreeMap::new();
        let mut queue = VecDeque::from([*start]);
        while let Some(file) = queue.pop_front() {
            for next in out.get(file).into_iter().flatten().copied() {
                if let Entry::Vacant(entry) = before.entry(next) {
                    entry.insert(file);
                    queue.push_back(next);
                }
            }
        }
        let Some(mut file) = before.get(start).copied() else { continue };
        let mut cycle = vec![file.to_owned()];
        while file != *start {
            file = before[file];
            cycle.push(file.to_owned());
        }
        cycle.reverse();
        let first = (0..cycle.len()).min_by_key(|at| &cycle[*at]).unwrap_or_default();
        cycle.rotate_left(first);
        cycles.insert(cycle);
    }
    cycles.into_iter().collect()
}

/// Describes a cycle: each arrow with up to three names and lines.
pub(super) fn described(cycle: &[PathBuf], arrows: &Arrows) -> String {
    let mut text = String::new();
    for (at, from) in cycle.iter().enumerate() {
        let to = &cycle[(at + 1) % cycle.len()];
        let uses = &arrows[&(from.clone(), to.clone())];
        let uses: Vec<String> =
            uses.iter().take(3).map(|(line, name)| format!("{name} in line {line}")).collect();
        let _ = writeln!(text, "    {} uses {} ({})", from.display(), to.display(), uses.join(", "));
    }
    text
}

/// The arrows against the order of layers, and the modules without a layer. The root file is above all
/// layers.
pub(super) fn against(layers: Layers, arrows: &Arrows) -> Vec<String> {
    let layer_of = |file: &Path| -> Result<usize, String> {
        let first = file.iter().next().unwrap_or_default().to_string_lossy();
        let module = first.strip_suffix(".rs").unwrap_or(&first);
        if matches!(module, "lib" | "main") {
            return Ok(layers.len());
        }
        let layer = layers.iter().position(|modules| modules.contains(&module));
        layer.ok_or_else(|| format!("{module} has no layer"))
    };
    let mut faults = BTreeSet::new();
    for ((from, to), uses) in arrows {
        match (layer_of(from), layer_of(to)) {
            (Ok(above), Ok(below)) if above >= below => {}
            (Ok(_), Ok(_)) => {
                let (line, name) = uses.iter().next().unwrap();
                faults.insert(format!("{}, line {line}, uses {name} of {}", from.display(), to.display()));
            }
            (from, to) => faults.extend([from, to].into_iter().filter_map(Result::err)),
        }
    }
    faults.into_iter().collect()
}
