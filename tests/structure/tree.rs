//! The module tree of a crate, with the imports and paths of each module.

use super::tokens::{Token, tokens};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The modules of a crate, without those compiled for tests only. The first is the root.
#[derive(Debug)]
pub(super) struct Tree {
    pub(super) modules: Vec<Module>,
}

/// A module, in its own file or inline in the file of its parent.
#[derive(Debug, Default)]
pub(super) struct Module {
    pub(super) file: PathBuf,
    pub(super) parent: Option<usize>,
    /// Names from the root.
    pub(super) path: Vec<String>,
    pub(super) children: BTreeMap<String, usize>,
    pub(super) imports: Vec<Import>,
    /// Names of the items that the module defines.
    pub(super) definitions: BTreeSet<String>,
    /// Paths of two names or more outside imports.
    pub(super) paths: Vec<(Vec<String>, usize)>,
    /// All words outside imports, except names of fields and methods.
    pub(super) words: BTreeSet<String>,
}

/// A path of a `use`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Import {
    /// Begins with an empty name if the path begins with `::`.
    pub(super) path: Vec<String>,
    /// The imported name; `None` for `*`.
    pub(super) name: Option<String>,
    pub(super) line: usize,
    /// A re-export, `pub` with any restriction.
    pub(super) is_public: bool,
}

impl Tree {
    /// Reads a crate from the folder of its root file.
    pub(super) fn read(folder: &Path) -> Self {
        let root = ["lib.rs", "main.rs"].map(|name| folder.join(name)).into_iter().find(|file| file.exists());
        let root = root.unwrap_or_else(|| panic!("no root file in {}", folder.display()));
        let mut tree = Self { modules: Vec::new() };
        tree.add_file(root, None, Vec::new(), folder);
        tree
    }

    /// Whether `module` is `outer` or nested in it.
    pub(super) fn is_within(&self, module: usize, outer: usize) -> bool {
        module == outer || self.modules[module].parent.is_some_and(|parent| self.is_within(parent, outer))
    }

    fn add_file(&mut self, file: PathBuf, parent: Option<usize>, path: Vec<String>, folder: &Path) -> usize {
        let source = fs::read_to_string(&file).unwrap();
        let module = self.add(file, parent, path);
        self.add_items(&tokens(&source), module, folder);
        module
    }

    fn add(&mut self, file: PathBuf, parent: Option<usize>, path: Vec<String>) -> usize {
        self.modules.push(Module { file, parent, path, ..Module::default() });
        self.modules.len() - 1
    }

    /// Adds the items of a module; `folder` holds the files of its children.
    fn add_items(&mut self, tokens: &[Token], module: usize, folder: &Path) {
        let mut at = 0;
        let mut is_test = false;
        while at < tokens.len() {
            if let Some((end, is_for_tests)) = attribute(&tokens[at..]) {
                is_test |= is_for_tests;
                at += end;
                continue;
            }
            let (visibility, word) = beginning(&tokens[at..]);
            let item = &tokens[at..at + item_length(&tokens[at..], word)];
            at += item.len();
            if !std::mem::take(&mut is_test) {
                self.add_item(item, word, visibility > 0, module, folder);
            }
        }
    }

    /// Adds an item whose keyword is at `word`.
    fn add_item(&mut self, item: &[Token], word: usize, is_public: bool, module: usize, folder: &Path) {
        let text = |at: usize| item.get(at).map_or("", |token| token.text.as_str());
        match text(word) {
            "mod" => self.add_child(item, word + 1, module, folder),
            "use" => {
                use_tree(&item[word + 1..], &[], is_public, &mut self.modules[module].imports);
            }
            keyword => {
                let name = match keyword {
                    "static" if text(word + 1) == "mut" => text(word + 2),
                    "fn" | "struct" | "enum" | "union" | "trait" | "type" | "const" | "static" => {
                        text(word + 1)
                    }
                    "macro_rules" => text(word + 2),
                    _ => "",
                };
                let of = &mut self.modules[module];
                of.definitions.extend((!name.is_empty()).then(|| name.to_owned()));
                of.add_code(item);
            }
        }
    }

    fn add_child(&mut self, item: &[Token], name: usize, module: usize, folder: &Path) {
        let Some(name_token) = item.get(name) else { return };
        let mut path = self.modules[module].path.clone();
        path.push(name_token.text.clone());
        let inner = folder.join(&name_token.text);
        let child = if item.get(name + 1).is_some_and(|token| token.text == "{") {
            let child = self.add(self.modules[module].file.clone(), Some(module), path);
            self.add_items(&item[name + 2..item.len() - 1], child, &inner);
            child
        } else {
            let files = [inner.with_extension("rs"), inner.join("mod.rs")];
            let file = files.into_iter().find(|file| file.exists());
            let file = file.unwrap_or_else(|| panic!("no file of the module {}", path.join("::")));
            self.add_file(file, Some(module), path, &inner)
        };
        self.modules[module].children.insert(name_token.text.clone(), child);
    }
}

impl Module {
    /// Adds the imports, paths and words of a body.
    fn add_code(&mut self, code: &[Token]) {
        let text = |at: usize| code.get(at).map_or("", |token| token.text.as_str());
        let mut at = 0;
        while at < code.len() {
            if let Some((end, is_for_tests)) = attribute(&code[at..]) {
                at += end;
                if is_for_tests {
                    while let Some((end, _)) = attribute(&code[at..]) {
                        at += end;
                    }
                    at += item_length(&code[at..], beginning(&code[at..]).1);
                }
                continue;
            }
            let before = if at == 0 { "" } else { text(at - 1) };
            // `+ use<'a>` in a type is no import.
            if text(at) == "use" && text(at + 1) != "<" {
                at += 1 + use_tree(&code[at + 1..], &[], false, &mut self.imports);
                continue;
            }
            if code[at].is_word() && before != "." && before != "::" {
                let mut path = vec![code[at].text.clone()];
                let mut end = at;
                while text(end + 1) == "::" && code.get(end + 2).is_some_and(Token::is_word) {
                    path.push(code[end + 2].text.clone());
                    end += 2;
                }
                if text(at + 1) != ":" {
                    self.words.insert(code[at].text.clone());
                }
                if path.len() > 1 {
                    self.paths.push((path, code[at].line));
                }
            }
            at += 1;
        }
    }
}

/// Length of the attribute at the start, and whether it marks the next item as test code.
fn attribute(tokens: &[Token]) -> Option<(usize, bool)> {
    let is_inner = tokens.get(1).is_some_and(|token| token.text == "!");
    let open = if is_inner { 2 } else { 1 };
    if tokens.first()?.text != "#" || tokens.get(open)?.text != "[" {
        return None;
    }
    let end = open + bracketed(&tokens[open..]);
    let words: String = tokens[open + 1..end - 1].iter().map(|token| token.text.as_str()).collect();
    let is_for_tests = words == "test" || words == "cfg(test)" || words.starts_with("cfg(all(test");
    Some((end, is_for_tests && !is_inner))
}

/// Length of the visibility at the start, and position of the item's keyword.
fn beginning(tokens: &[Token]) -> (usize, usize) {
    let text = |at: usize| tokens.get(at).map_or("", |token| token.text.as_str());
    let visibility = match (text(0), text(1)) {
        ("pub", "(") => 1 + bracketed(&tokens[1..]),
        ("pub", _) => 1,
        _ => 0,
    };
    let mut word = visibility;
    loop {
        word += match (text(word), text(word + 1)) {
            ("unsafe" | "async" | "default", _)
            | ("const" | "extern", "fn" | "unsafe" | "async" | "extern") => 1,
            ("extern", "\"") => 2,
            _ => return (visibility, word),
        };
    }
}

/// Length of the item at the start, whose keyword is at `word`.
fn item_length(tokens: &[Token], word: usize) -> usize {
    let keyword = tokens.get(word).map_or("", |token| token.text.as_str());
    let ends_with_semicolon = matches!(keyword, "use" | "const" | "static" | "type" | "let");
    let mut at = word;
    while let Some(token) = tokens.get(at) {
        match token.text.as_str() {
            ";" => return at + 1,
            "{" if !ends_with_semicolon => return at + bracketed(&tokens[at..]),
            "(" | "[" | "{" => at += bracketed(&tokens[at..]),
            // The end of the enclosing body.
            ")" | "]" | "}" => return at.max(1),
            _ => at += 1,
        }
    }
    tokens.len()
}

/// Length of the bracketed group at the start.
fn bracketed(tokens: &[Token]) -> usize {
    let mut depth = 0;
    for (at, token) in tokens.iter().enumerate() {
        match token.text.as_str() {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at + 1;
        }
    }
    tokens.len()
}

/// Adds the imports of a use tree below `prefix`; returns its length.
fn use_tree(tokens: &[Token], prefix: &[String], is_public: bool, imports: &mut Vec<Import>) -> usize {
    let text = |at: usize| tokens.get(at).map_or("", |token| token.text.as_str());
    let mut path = prefix.to_vec();
    let mut at = 0;
    loop {
        match text(at) {
            "::" => {
                if path.is_empty() {
                    path.push(String::new());
                }
                at += 1;
            }
            "{" => {
                at += 1;
                while !matches!(text(at), "}" | "") {
                    at += use_tree(&tokens[at..], &path, is_public, imports).max(1);
                    at += usize::from(text(at) == ",");
                }
                return at + 1;
            }
            "*" => {
                imports.push(Import { path, name: None, line: tokens[at].line, is_public });
                return at + 1;
            }
            "" | ";" | "}" => return at,
            word => {
                if word != "self" || path.is_empty() {
                    path.push(word.to_owned());
                }
                at += 1;
                let name = match (text(at), text(at + 1)) {
                    ("::", _) => continue,
                    ("as", alias) => alias,
                    _ => path.last().map_or("", String::as_str),
                };
                let name = Some(name.to_owned());
                let end = if text(at) == "as" { at + 2 } else { at };
                imports.push(Import { path, name, line: tokens[at - 1].line, is_public });
                return end;
            }
        }
    }
}
