//! Which categories an object belongs to: the catalogue's OSM tags, sharpened by its name.

use crate::tags::Tags;
use circle_model::{Catalogue, catalogue::TagTest};
use regex::{Regex, RegexSet};
use rustc_hash::FxHashMap;
use std::sync::OnceLock;

/// The categories of one facility.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Classified {
    /// Positions in the catalogue, the main one first.
    pub(crate) categories: Vec<u8>,
    /// How sure that is.
    pub(crate) confidence_percent: u8,
}

/// The catalogue, ready to match.
#[derive(Debug)]
pub(crate) struct Classifier {
    rules: FxHashMap<String, Vec<Rule>>,
    groups: Vec<String>,
    asks_name: Vec<bool>,
    include: RegexSet,
    exclude: Vec<Pattern>,
    also: Vec<Option<(Pattern, Vec<u8>)>>,
    brackets: Regex,
    noise: RegexSet,
    closed: Regex,
    unspecific: Option<u8>,
    compound: Vec<Vec<TagTest>>,
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

#[derive(Debug)]
struct Rule {
    category: u8,
    values: Vec<String>,
    rest: Vec<TagTest>,
}

/// Keys whose objects may be facilities by their name alone.
const PLACE_KEYS: [&str; 8] =
    ["amenity", "shop", "healthcare", "office", "leisure", "craft", "social_facility", "club"];

impl Classifier {
    /// # Panics
    /// Never with the built-in catalogue: a test compiles it.
    #[expect(clippy::expect_used, reason = "the catalogue is compiled in and a test compiles its patterns")]
    pub(crate) fn new(catalogue: &Catalogue) -> Self {
        let mut rules: FxHashMap<String, Vec<Rule>> = FxHashMap::default();
        for (number, category) in catalogue.categories.iter().enumerate() {
            for alternative in &category.osm {
                if let Some((first, rest)) = alternative.0.split_first() {
                    rules.entry(first.key.clone()).or_default().push(Rule {
                        category: number as u8,
                        values: first.values.clone(),
                        rest: rest.to_vec(),
                    });
                }
            }
        }
        let positions =
            |ids: &[String]| ids.iter().filter_map(|id| catalogue.index_of(id)).map(|i| i as u8).collect();
        Self {
            rules,
            groups: catalogue.categories.iter().map(|category| category.group.clone()).collect(),
            asks_name: catalogue.categories.iter().map(|category| category.ask_name_osm).collect(),
            include: RegexSet::new(catalogue.categories.iter().map(|category| &category.name_include))
                .expect("name_include"),
            exclude: catalogue
                .categories
                .iter()
                .map(|category| Pattern::new(&category.name_exclude))
                .collect(),
            also: catalogue
                .categories
                .iter()
                .map(|category| {
                    category.also.as_ref().map(|also| (Pattern::new(&also.regex), positions(&also.ids)))
                })
                .collect(),
            brackets: Regex::new(&catalogue.matching.strip_brackets).expect("strip_brackets"),
            noise: RegexSet::new([&catalogue.matching.noise_suffix]).expect("noise_suffix"),
            closed: Regex::new(&catalogue.matching.noise_any).expect("noise_any"),
            unspecific: catalogue.index_of("school").map(|i| i as u8),
            compound: catalogue
                .layer("compound")
                .map(|layer| layer.osm.iter().map(|rule| rule.0.clone()).collect())
                .unwrap_or_default(),
        }
    }

    /// Whether the compound layer names these tags.
    pub(crate) fn is_compound(&self, tags: Tags<'_>) -> bool {
        self.compound.iter().any(|rule| rule.iter().all(|test| holds(test, tags)))
    }

    /// `None` where it is no facility.
    pub(crate) fn classify(&self, tags: Tags<'_>) -> Option<Classified> {
        let mut by_tags: Vec<u8> = Vec::new();
        let mut ask_name: Vec<u8> = Vec::new();
        let mut may_be_named = false;
        for (key, value) in tags.0 {
            may_be_named |= PLACE_KEYS.contains(key);
            for rule in self.rules.get(*key).map(Vec::as_slice).unwrap_or_default() {
                let fits = rule.values.is_empty() || rule.values.iter().any(|accepted| accepted == value);
                if fits && rule.rest.iter().all(|test| holds(test, tags)) {
                    let list =
                        if self.asks_name[usize::from(rule.category)] { &mut ask_name } else { &mut by_tags };
                    if !list.contains(&rule.category) {
                        list.push(rule.category);
                    }
                }
            }
        }
        if by_tags.is_empty() && ask_name.is_empty() && !may_be_named {
            return None;
        }
        let name = tags.value("name").or_else(|| tags.value("name:zh")).unwrap_or_default();
        if !name.is_empty() && self.closed.is_match(name) {
            return None;
        }
        by_tags.sort_unstable();
        let by_name = if name.is_empty() { Vec::new() } else { self.by_name(name) };
        self.join(&by_tags, &ask_name, &by_name)
    }

    fn by_name(&self, name: &str) -> Vec<u8> {
        let name = self.brackets.replace_all(name, "");
        let name = name.trim();
        if self.noise.is_match(name) {
            return Vec::new();
        }
        let fits = |number: &usize| !self.exclude[*number].is_match(name);
        let mut found: Vec<u8> =
            self.include.matches(name).into_iter().filter(fits).map(|i| i as u8).collect();
        for number in found.clone() {
            if let Some((pattern, ids)) = &self.also[usize::from(number)]
                && pattern.is_match(name)
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

    /// Tags say what a thing is; its name may sharpen that within the group, and decides alone where
    /// the tags are too broad. A bus stop called after a park stays a bus stop.
    fn join(&self, by_tags: &[u8], ask_name: &[u8], by_name: &[u8]) -> Option<Classified> {
        let group = |category: u8| &self.groups[usize::from(category)];
        let asked = by_name.iter().filter(|category| ask_name.contains(category));
        let sharper = by_name.iter().filter(|category| {
            by_tags.iter().any(|tagged| group(*tagged) == group(**category)) && !is_stop(group(**category))
        });
        let agreed =
            asked.clone().next().is_some() || by_name.iter().any(|category| by_tags.contains(category));
        let mut categories: Vec<u8> = Vec::new();
        let mut add = |category: u8| {
            if !categories.contains(&category) {
                categories.push(category);
            }
        };
        sharper.chain(asked).for_each(|category| add(*category));
        by_tags.iter().for_each(|category| add(*category));
        if by_tags.is_empty() && ask_name.is_empty() {
            by_name.iter().for_each(|category| add(*category));
        }
        if categories.iter().any(|category| Some(*category) != self.unspecific && group(*category) == "xue") {
            categories.retain(|category| Some(*category) != self.unspecific);
        }
        let confidence_percent = match (agreed, by_tags.is_empty()) {
            (true, _) => 95,
            (false, true) => 80,
            (false, false) => 70,
        };
        (!categories.is_empty()).then_some(Classified { categories, confidence_percent })
    }
}

fn is_stop(group: &str) -> bool {
    group == "xing"
}

fn holds(test: &TagTest, tags: Tags<'_>) -> bool {
    tags.value(&test.key)
        .is_some_and(|value| test.values.is_empty() || test.values.iter().any(|accepted| accepted == value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(tags: &[(&str, &str)]) -> Vec<String> {
        let catalogue = Catalogue::built_in();
        let found = Classifier::new(&catalogue)
            .classify(Tags(tags))
            .map(|found| found.categories)
            .unwrap_or_default();
        found.iter().map(|number| catalogue.categories[usize::from(*number)].id.clone()).collect()
    }

    #[test]
    fn every_pattern_compiles() {
        let classifier = Classifier::new(&Catalogue::built_in());
        let also = classifier.also.iter().flatten().map(|(pattern, _)| pattern);
        classifier.exclude.iter().chain(also).for_each(|pattern| {
            pattern.is_match("");
        });
    }

    #[test]
    fn tags_name_the_category() {
        assert_eq!(ids(&[("shop", "supermarket")]), ["supermarket"]);
        assert_eq!(ids(&[("highway", "bus_stop"), ("name", "兆麟公园")]), ["bus_stop"]);
        assert_eq!(ids(&[("landuse", "residential"), ("name", "公园小区")]), Vec::<String>::new());
    }

    #[test]
    fn names_sharpen_what_tags_leave_open() {
        assert_eq!(ids(&[("amenity", "school"), ("name", "兆麟小学")]), ["primary_school"]);
        assert_eq!(ids(&[("amenity", "school"), ("name", "哈尔滨市第三十九中学")]), ["middle_school"]);
        assert_eq!(ids(&[("amenity", "school")]), ["school"]);
        assert_eq!(ids(&[("shop", "yes"), ("name", "真实生活超市")]), ["supermarket"]);
    }

    #[test]
    fn broad_tags_ask_for_the_name() {
        assert!(
            !ids(&[("office", "political_party"), ("name", "某某办公室")])
                .contains(&"party_service_center".into())
        );
        assert!(
            ids(&[("office", "political_party"), ("name", "奔腾社区党群服务中心")])
                .contains(&"party_service_center".into())
        );
    }

    #[test]
    fn places_that_closed_are_no_facilities() {
        assert!(ids(&[("shop", "supermarket"), ("name", "家乐超市(已关闭)")]).is_empty());
    }
}
