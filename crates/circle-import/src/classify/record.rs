//! Records of planners' files: a category of their own, a code of Amap's or Baidu's, a name.

use super::amap::Types;
use super::{Classified, Classifier, NoFacility};
use circle_model::Catalogue;
use circle_model::city::Channel;
use rustc_hash::FxHashMap;

/// What a record says of its category; empty where it does not.
#[derive(Debug, Clone, Copy, Default)]
pub struct Said<'a> {
    /// A category by its id or name.
    pub category: &'a str,
    /// Amap's `typecode`; several are parted by `|`.
    pub code: &'a str,
    /// A kind in words: Amap's `type`, Baidu's tag, or the planner's own 类型.
    pub kind: &'a str,
    /// The name.
    pub name: &'a str,
}

/// The catalogue's codes and words.
#[derive(Debug)]
pub(super) struct Codes {
    /// By the digits that a code begins with: category, whether the name must agree.
    amap: Vec<(String, u8, bool)>,
    amap_not: Vec<(String, u8)>,
    /// Beginnings of codes that overrule a name, for one category.
    amap_never: Vec<(String, u8)>,
    /// The same for all.
    veto: Vec<String>,
    baidu: Vec<(String, u8, bool)>,
    /// Ids and names in lower case.
    words: FxHashMap<String, u8>,
    gates: Vec<String>,
    pub(super) ids: Vec<String>,
    pub(super) grounds: Vec<bool>,
}

/// Amap's codes of gates on the street; 991000 and 991001 are doors of buildings.
const GATES: [&str; 2] = ["991400", "991401"];
const HALAL: &str = "050121";

impl Codes {
    pub(super) fn new(catalogue: &Catalogue) -> Self {
        let numbered = || (0u8..).zip(&catalogue.categories);
        let stem = |code: &String| code.trim_end_matches('*').to_owned();
        let mut words = FxHashMap::default();
        // Ids first, then names: a name that two categories share stays with the first.
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

    /// Whether a code speaks against a category that the name names.
    fn denies(&self, code: &str, category: u8) -> bool {
        self.veto.iter().any(|stem| code.starts_with(stem.as_str()))
            || self.amap_never.iter().any(|(stem, of)| *of == category && code.starts_with(stem.as_str()))
    }

    /// Categories that a code names, and whether the name has to agree. A whole code goes before the beginning of one.
    fn amap(&self, code: &str) -> Vec<(u8, bool)> {
        let fits = |stem: &str| !stem.is_empty() && code.starts_with(stem);
        let denied = |category: u8| self.amap_not.iter().any(|(not, of)| *of == category && not == code);
        let mut found: Vec<&(String, u8, bool)> =
            self.amap.iter().filter(|(stem, category, _)| fits(stem) && !denied(*category)).collect();
        found.sort_by_key(|(stem, category, _)| (std::cmp::Reverse(stem.len()), *category));
        found.into_iter().map(|(_, category, ask)| (*category, *ask)).collect()
    }

    fn baidu(&self, tag: &str) -> Vec<(u8, bool)> {
        let fits = |known: &str| {
            tag.strip_prefix(known).is_some_and(|rest| rest.is_empty() || rest.starts_with([';', '；']))
        };
        self.baidu
            .iter()
            .filter(|(tag, _, _)| fits(tag))
            .map(|(_, category, ask)| (*category, *ask))
            .collect()
    }

    fn word(&self, word: &str) -> Option<u8> {
        self.words.get(&word.trim().to_lowercase()).copied()
    }
}

impl Classifier {
    /// The category that a word names: an id, a Chinese or English name.
    pub fn category_called(&self, word: &str) -> Option<u8> {
        self.codes.word(word)
    }

    /// The categories of a record, surest channel first: its own category; code and name where they agree; the name;
    /// the code alone, unless that is too broad or the name speaks against it.
    ///
    /// # Errors
    /// Where it is no facility of the catalogue.
    pub fn classify_record(&self, said: Said<'_>) -> Result<Classified, NoFacility> {
        let (codes, tagged) = self.codes_and_tags(said);
        let codes = || codes.iter().map(String::as_str);
        if codes().any(|code| self.codes.gates.iter().any(|gate| gate == code)) {
            return Err(NoFacility::Gate);
        }
        if self.names.is_closed(said.name) {
            return Err(NoFacility::Closed);
        }
        let halal = codes().any(|code| code == HALAL);
        let finish = |categories: Vec<u8>, channel| Ok(self.finish(categories, channel, said.name, halal));
        if let Some(category) = self.codes.word(said.category).or_else(|| self.codes.word(said.kind)) {
            return finish(vec![category], Channel::User);
        }
        let mut by_code: Vec<(u8, bool)> = codes().flat_map(|code| self.codes.amap(code)).collect();
        by_code.extend(tagged);
        let coded = |category: &u8| by_code.iter().any(|(code, _)| code == category);
        let mut by_name = self.names.categories(said.name);
        by_name.retain(|category| coded(category) || !codes().any(|code| self.codes.denies(code, *category)));
        self.drop_unspecific(&mut by_name);
        if by_name.iter().any(coded) {
            let (agreed, rest): (Vec<u8>, Vec<u8>) = by_name.iter().partition(|category| coded(category));
            return finish([agreed, rest].concat(), Channel::CodeAndName);
        }
        if !by_name.is_empty() {
            return finish(by_name, Channel::Name);
        }
        let mut alone: Vec<u8> = Vec::new();
        for (category, ask) in by_code {
            if !ask && !self.names.denies(said.name, category) && !alone.contains(&category) {
                alone.push(category);
            }
        }
        self.drop_unspecific(&mut alone);
        if alone.is_empty() { Err(NoFacility::Unknown) } else { finish(alone, Channel::Code) }
    }

    /// Amap's codes of a record, given as such or in words, and the categories of its other kinds.
    fn codes_and_tags(&self, said: Said<'_>) -> (Vec<String>, Vec<(u8, bool)>) {
        let given = said.code.split(['|', ',', ';']).map(str::trim).filter(|code| !code.is_empty());
        let mut codes: Vec<String> = given.map(str::to_owned).collect();
        let coded = !codes.is_empty();
        let mut tagged = Vec::new();
        let kinds = [said.category, said.kind];
        for kind in kinds.into_iter().flat_map(|kind| kind.split('|')).map(str::trim) {
            if kind.is_empty() {
                continue;
            }
            if kind.len() == 6 && kind.bytes().all(|byte| byte.is_ascii_digit()) {
                codes.push(kind.to_owned());
                continue;
            }
            let found = Types::built_in().find(kind);
            if let Some(found) = found.as_ref().filter(|found| found.whole) {
                codes.push(found.code.clone());
                continue;
            }
            let baidu = self.codes.baidu(kind);
            match found {
                _ if !baidu.is_empty() => tagged.extend(baidu),
                // Beside a code, a class above the small one says nothing more.
                Some(_) if coded => {}
                Some(found) => codes.push(found.code),
                None => match Types::built_in().find_word(kind) {
                    Some(code) => codes.push(code),
                    None => tagged.extend(self.by_words(kind)),
                },
            }
        }
        (codes, tagged)
    }

    /// Words of a planner's own: the last part that the catalogue knows.
    fn by_words(&self, kind: &str) -> Vec<(u8, bool)> {
        for part in kind.rsplit([';', '；', '-', '/', '>', ':', '：']).map(str::trim) {
            if let Some(category) = self.codes.word(part) {
                return vec![(category, false)];
            }
            if let Some(code) = Types::built_in().find_word(part) {
                return self.codes.amap(&code);
            }
            let named = self.names.categories(part);
            if !named.is_empty() {
                return named.into_iter().map(|category| (category, false)).collect();
            }
        }
        Vec::new()
    }
}
