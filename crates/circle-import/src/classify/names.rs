//! The channel of names.

use circle_model::Catalogue;
use regex::{Regex, RegexSet, RegexSetBuilder};
use rustc_hash::FxHashMap;
use std::borrow::Cow;
use std::sync::OnceLock;
use unicode_normalization::{UnicodeNormalization, is_nfkc};

/// What names say, by the catalogue's patterns.
#[derive(Debug)]
pub(super) struct Names {
    include: RegexSet,
    exclude: Vec<Pattern>,
    also: Vec<Option<(Pattern, Vec<u8>)>>,
    brackets: Regex,
    noise: Regex,
    /// Categories whose names may end like noise.
    keeps_noise: Vec<bool>,
    closed: Regex,
    halal: Regex,
    simplified: FxHashMap<char, char>,
}

/// A pattern of the catalogue, compiled when it is first asked for: most exclusions never are.
#[derive(Debug)]
struct Pattern {
    text: String,
    compiled: OnceLock<Regex>,
}

impl Pattern {
    fn new(text: &str) -> Self {
        Self { text: text.to_owned(), compiled: OnceLock::new() }
    }

    #[expect(clippy::expect_used, reason = "the catalogue is compiled in and a test compiles its patterns")]
    fn is_match(&self, name: &str) -> bool {
        !self.text.is_empty()
            && self.compiled.get_or_init(|| Regex::new(&self.text).expect("pattern")).is_match(name)
    }
}

/// Names are read this far: longer ones are no names, and patterns take their time.
const LONGEST: usize = 300;

impl Names {
    #[expect(clippy::expect_used, reason = "the catalogue is compiled in and a test compiles its patterns")]
    pub(super) fn new(catalogue: &Catalogue) -> Self {
        let regex = |text: &str| Regex::new(text).expect("pattern");
        let positions =
            |ids: &[String]| ids.iter().filter_map(|id| catalogue.index_of(id)).map(|i| i as u8).collect();
        let categories = &catalogue.categories;
        let matching = &catalogue.matching;
        Self {
            include: RegexSetBuilder::new(categories.iter().map(|category| &category.name_include))
                .case_insensitive(true)
                .build()
                .expect("name_include"),
            exclude: categories.iter().map(|category| Pattern::new(&category.name_exclude)).collect(),
            also: categories
                .iter()
                .map(|category| {
                    category.also.as_ref().map(|also| (Pattern::new(&also.regex), positions(&also.ids)))
                })
                .collect(),
            brackets: regex(&matching.strip_brackets),
            noise: regex(&matching.noise_suffix),
            keeps_noise: categories.iter().map(|category| !category.strip_noise_suffix).collect(),
            closed: regex(&matching.noise_any),
            halal: regex(&matching.halal),
            simplified: matching.traditional.chars().zip(matching.simplified.chars()).collect(),
        }
    }

    /// Positions of the categories that a name belongs to, in the order of the catalogue.
    pub(super) fn categories(&self, name: &str) -> Vec<u8> {
        if name.is_empty() {
            return Vec::new();
        }
        let name = self.plain(name);
        let noise = self.noise.is_match(&name);
        let fits =
            |number: &usize| (!noise || self.keeps_noise[*number]) && !self.exclude[*number].is_match(&name);
        let mut found: Vec<u8> =
            self.include.matches(&name).into_iter().filter(fits).map(|number| number as u8).collect();
        for number in found.clone() {
            if let Some((pattern, ids)) = &self.also[usize::from(number)]
                && pattern.is_match(&name)
            {
                ids.iter().for_each(|id| {
                    if !found.contains(id) {
                        found.push(*id);
                    }
                });
            }
        }
        found
    }

    /// Whether a name speaks against a category: 第十三小学家长学校 is no school, whatever its code.
    pub(super) fn denies(&self, name: &str, category: u8) -> bool {
        if name.is_empty() {
            return false;
        }
        let name = self.plain(name);
        let number = usize::from(category);
        (self.noise.is_match(&name) && !self.keeps_noise[number]) || self.exclude[number].is_match(&name)
    }

    /// Whether a name says that the place is not open.
    pub(super) fn is_closed(&self, name: &str) -> bool {
        !name.is_empty() && self.closed.is_match(&self.normal(name))
    }

    pub(super) fn is_halal(&self, name: &str) -> bool {
        self.halal.is_match(name)
    }

    /// Full width to half, traditional to simplified.
    fn normal<'a>(&self, name: &'a str) -> Cow<'a, str> {
        let end = name.char_indices().nth(LONGEST).map_or(name.len(), |(at, _)| at);
        let name = name[..end].trim();
        if is_nfkc(name) && !name.chars().any(|c| self.simplified.contains_key(&c)) {
            return Cow::Borrowed(name);
        }
        Cow::Owned(name.nfkc().map(|c| self.simplified.get(&c).copied().unwrap_or(c)).collect())
    }

    /// The same without bracketed branches: 博南口腔(拉薇公园店) is no park.
    fn plain<'a>(&self, name: &'a str) -> Cow<'a, str> {
        let name = self.normal(name);
        if !name.contains(['(', '（', '【', '[']) {
            return name;
        }
        Cow::Owned(self.brackets.replace_all(&name, "").trim().to_owned())
    }

    /// Compiles every pattern.
    #[cfg(test)]
    pub(super) fn compile(&self) {
        let also = self.also.iter().flatten().map(|(pattern, _)| pattern);
        self.exclude.iter().chain(also).for_each(|pattern| {
            pattern.is_match("");
        });
    }
}
