//! The codes and words of the catalogue's categories.

use circle_model::Catalogue;
use rustc_hash::FxHashMap;

/// The catalogue's codes and words.
#[derive(Debug)]
pub(super) struct Codes {
    /// Prefixes of Amap's codes, each with its category and whether the name must agree.
    amap: Vec<(String, u8, bool)>,
    amap_not: Vec<(String, u8)>,
    /// Prefixes of codes that overrule a name, each for one category.
    amap_never: Vec<(String, u8)>,
    /// Prefixes of codes that overrule a name for every category.
    veto: Vec<String>,
    baidu: Vec<(String, u8, bool)>,
    /// Ids and names in lower case.
    words: FxHashMap<String, u8>,
    pub(super) gates: Vec<String>,
    pub(super) ids: Vec<String>,
    pub(super) grounds: Vec<bool>,
}

/// Amap's codes of gates on the street. 991000 and 991001 are doors of buildings.
const GATES: [&str; 2] = ["991400", "991401"];

impl Codes {
    pub(super) fn new(catalogue: &Catalogue) -> Self {
        let numbered = || (0u8..).zip(&catalogue.categories);
        let stem = |code: &String| code.trim_end_matches('*').to_owned();
        let mut words = FxHashMap::default();
        // Ids come before names; a name that two categories share belongs to the first.
        for (number, category) in numbered() {
            words.entry(category.id.to_lowercase()).or_insert(number);
        }
        for (number, category) in numbered() {
            let bare = category.zh.split(['(', '（']).next().unwrap_or_default();
            for word in [&category.zh, bare, &category.short, &category.en] {
                words.entry(word.to_lowercase()).or_insert(number);
            }
            for part in category.zh.split('/') {
                words.entry(part.to_lowercase()).or_insert(number);
            }
        }
        let list = |codes: fn(&circle_model::Category) -> (&[String], &[String])| {
            numbered()
                .flat_map(|(number, category)| {
                    let (codes, ask) = codes(category);
                    codes.iter().map(move |code| (stem(code), number, ask.contains(code)))
                })
                .collect::<Vec<_>>()
        };
        let gates = catalogue.layer("compound_gate").map(|layer| layer.amap.clone()).unwrap_or_default();
        Self {
            amap: list(|category| (&category.amap, &category.ask_name_amap)),
            baidu: list(|category| (&category.baidu, &category.ask_name_baidu)),
            amap_not: numbered()
                .flat_map(|(number, category)| {
                    category.amap_not.iter().map(move |code| (code.clone(), number))
                })
                .collect(),
            amap_never: numbered()
                .flat_map(|(number, category)| {
                    category.amap_never.iter().map(move |code| (stem(code), number))
                })
                .collect(),
            veto: catalogue.matching.veto_amap.iter().map(stem).collect(),
            words,
            grounds: catalogue.categories.iter().map(|category| category.grounds).collect(),
            ids: catalogue.categories.iter().map(|category| category.id.clone()).collect(),
            gates: gates.into_iter().filter(|code| GATES.contains(&code.as_str())).collect(),
        }
    }

    /// Whether a code excludes a category that the name suggests.
    pub(super) fn denies(&self, code: &str, category: u8) -> bool {
        self.veto.iter().any(|stem| code.starts_with(stem.as_str()))
            || self.amap_never.iter().any(|(stem, of)| *of == category && code.starts_with(stem.as_str()))
    }

    /// The categories of a code, and whether the name has to agree. Longer prefixes come first.
    pub(super) fn amap(&self, code: &str) -> Vec<(u8, bool)> {
        let fits = |stem: &str| !stem.is_empty() && code.starts_with(stem);
        let denied = |category: u8| self.amap_not.iter().any(|(not, of)| *of == category && not == code);
        let mut found: Vec<&(String, u8, bool)> =
            self.amap.iter().filter(|(stem, category, _)| fits(stem) && !denied(*category)).collect();
        found.sort_by_key(|(stem, category, _)| (std::cmp::Reverse(stem.len()), *category));
        found.into_iter().map(|(_, category, ask)| (*category, *ask)).collect()
    }

    /// The categories of a tag of Baidu's, and whether the name has to agree.
    pub(super) fn baidu(&self, tag: &str) -> Vec<(u8, bool)> {
        let fits = |known: &str| {
            tag.strip_prefix(known).is_some_and(|rest| rest.is_empty() || rest.starts_with([';', '；']))
        };
        self.baidu
            .iter()
            .filter(|(tag, _, _)| fits(tag))
            .map(|(_, category, ask)| (*category, *ask))
            .collect()
    }

    /// The category of an id or name.
    pub(super) fn word(&self, word: &str) -> Option<u8> {
        self.words.get(&word.trim().to_lowercase()).copied()
    }
}
