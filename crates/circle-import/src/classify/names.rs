//! Classifies names.

use super::pattern::Pattern;
use super::prefixes::Prefixes;
use circle_model::Catalogue;
use regex::{Match, Regex};
use rustc_hash::FxHashMap;
use std::borrow::Cow;
use unicode_normalization::{UnicodeNormalization, is_nfkc};

/// The catalogue's patterns of names.
#[derive(Debug)]
pub(super) struct Names {
    prefixes: Prefixes,
    include: Vec<Pattern>,
    exclude: Vec<Pattern>,
    always: Vec<Pattern>,
    never: Vec<Pattern>,
    also: Vec<Option<(Pattern, Vec<u8>)>>,
    brackets: Regex,
    noise: Regex,
    /// Categories whose names may end in a noise suffix.
    keeps_noise: Vec<bool>,
    closed: Regex,
    halal: Regex,
    simplified: FxHashMap<char, char>,
}

/// Names are read up to this many characters, which bounds the time of the patterns.
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
            prefixes: Prefixes::of(categories.iter().map(|category| category.name_include.as_str())),
            include: categories.iter().map(|it| Pattern::in_any_case(&it.name_include)).collect(),
            exclude: categories.iter().map(|category| Pattern::new(&category.name_exclude)).collect(),
            always: categories.iter().map(|category| Pattern::new(&category.name_always)).collect(),
            never: categories.iter().map(|category| Pattern::in_any_case(&category.name_never)).collect(),
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

    /// Positions of the categories of a name, in the order of the catalogue.
    pub(super) fn categories(&self, name: &str) -> Vec<u8> {
        if name.is_empty() {
            return Vec::new();
        }
        let name = self.plain(name);
        let noise = self.noise.find(&name);
        let mut found = self.prefixes.candidates(&name);
        found.retain(|it| {
            let number = usize::from(it.pattern);
            (it.unsure == 0 || self.include[number].is_match(&name)) && !self.excludes(&name, noise, number)
        });
        let mut found: Vec<u8> = found.into_iter().map(|it| it.pattern).collect();
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

    /// Whether a name excludes a category: 第十三小学家长学校 is no school, whatever its code.
    pub(super) fn denies(&self, name: &str, category: u8) -> bool {
        if name.is_empty() {
            return false;
        }
        let name = self.plain(name);
        self.excludes(&name, self.noise.find(&name), usize::from(category))
    }

    fn excludes(&self, name: &str, noise: Option<Match<'_>>, number: usize) -> bool {
        let never = || self.is_noise(name, noise, number) || self.never[number].is_match(name);
        !self.always[number].is_match(name) && (never() || self.exclude[number].is_match(name))
    }

    fn is_noise(&self, name: &str, noise: Option<Match<'_>>, number: usize) -> bool {
        let covered = |noise| self.include[number].covers(name, noise);
        noise.is_some_and(|noise| !self.keeps_noise[number] && !covered(noise))
    }

    /// Whether a name overrules a tag, as of a vocational school or a residential block of a hospital. The
    /// noise suffix counts only for places with grounds: a parcel locker is named after the compound where it
    /// stands.
    pub(super) fn overrules_tag(&self, name: &str, category: u8, grounds: bool) -> bool {
        if name.is_empty() {
            return false;
        }
        let name = self.plain(name);
        let number = usize::from(category);
        let noise = || grounds && self.is_noise(&name, self.noise.find(&name), number);
        !self.always[number].is_match(&name) && (self.never[number].is_match(&name) || noise())
    }

    /// Whether a name says that the place is closed.
    pub(super) fn is_closed(&self, name: &str) -> bool {
        !name.is_empty() && self.closed.is_match(&self.normal(name))
    }

    pub(super) fn is_halal(&self, name: &str) -> bool {
        self.halal.is_match(name)
    }

    /// The name in half-width and simplified characters.
    fn normal<'a>(&self, name: &'a str) -> Cow<'a, str> {
        let end = name.char_indices().nth(LONGEST).map_or(name.len(), |(at, _)| at);
        let name = name[..end].trim();
        if is_nfkc(name) && !name.chars().any(|c| self.simplified.contains_key(&c)) {
            return Cow::Borrowed(name);
        }
        Cow::Owned(name.nfkc().map(|c| self.simplified.get(&c).copied().unwrap_or(c)).collect())
    }

    /// The normalized name without branches in brackets: 博南口腔(拉薇公园店) is no park.
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
        let lists = [&self.include, &self.exclude, &self.always, &self.never];
        lists.into_iter().flatten().chain(also).for_each(|pattern| {
            pattern.compile();
        });
    }
}
