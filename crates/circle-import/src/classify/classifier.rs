//! The catalogue, prepared for matching.

use super::classified::Classified;
use super::codes::Codes;
use super::homes::CompoundRules;
use super::names::Names;
use circle_model::Catalogue;
use circle_model::catalogue::{Confidence, TagRule, TagTest};
use circle_model::city::{Channel, FacilityFlags};
use rustc_hash::FxHashMap;

/// The catalogue, prepared for matching.
#[derive(Debug)]
pub struct Classifier {
    pub(super) rules: FxHashMap<String, Vec<Rule>>,
    pub(super) codes: Codes,
    pub(super) names: Names,
    pub(super) groups: Vec<String>,
    pub(super) asks_name: Vec<bool>,
    pub(super) instead_of: Vec<Vec<u8>>,
    pub(super) tags_not: Vec<Vec<Vec<TagTest>>>,
    pub(super) closed: Vec<Vec<TagTest>>,
    pub(super) other_names: Vec<String>,
    pub(super) former_names: Vec<String>,
    pub(super) confidence: Confidence,
    pub(super) unspecific: Option<u8>,
    pub(super) middle_school: Option<u8>,
    pub(super) compound: Vec<Vec<TagTest>>,
    pub(super) compound_rules: CompoundRules,
}

/// Tags of a category.
#[derive(Debug)]
pub(super) struct Rule {
    pub(super) category: u8,
    /// Accepted values of the key; any value where empty.
    pub(super) values: Vec<String>,
    /// Tests of further tags, all of which must hold.
    pub(super) rest: Vec<TagTest>,
    /// The tags count only if the name agrees.
    pub(super) hint: bool,
}

impl Classifier {
    /// Prepares a catalogue.
    ///
    /// # Panics
    /// Never with the built-in catalogue: a test compiles its patterns.
    pub fn new(catalogue: &Catalogue) -> Self {
        let mut rules: FxHashMap<String, Vec<Rule>> = FxHashMap::default();
        for (number, category) in catalogue.categories.iter().enumerate() {
            let sure = category.osm.iter().map(|alternative| (alternative, false));
            let hints = category.osm_hint.iter().map(|alternative| (alternative, true));
            for (alternative, hint) in sure.chain(hints) {
                if let Some((first, rest)) = alternative.0.split_first() {
                    rules.entry(first.key.clone()).or_default().push(Rule {
                        category: number as u8,
                        values: first.values.clone(),
                        rest: rest.to_vec(),
                        hint,
                    });
                }
            }
        }
        let alternatives =
            |rules: &[TagRule]| -> Vec<Vec<TagTest>> { rules.iter().map(|rule| rule.0.clone()).collect() };
        let positions =
            |ids: &[String]| ids.iter().filter_map(|id| catalogue.index_of(id)).map(|it| it as u8).collect();
        Self {
            rules,
            codes: Codes::new(catalogue),
            names: Names::new(catalogue),
            groups: catalogue.categories.iter().map(|category| category.group.clone()).collect(),
            asks_name: catalogue.categories.iter().map(|category| category.ask_name_osm).collect(),
            instead_of: catalogue.categories.iter().map(|it| positions(&it.instead_of)).collect(),
            tags_not: catalogue.categories.iter().map(|it| alternatives(&it.osm_not)).collect(),
            closed: alternatives(&catalogue.matching.closed_osm),
            other_names: catalogue.matching.other_names.clone(),
            former_names: catalogue.matching.former_names.clone(),
            confidence: catalogue.matching.confidence,
            unspecific: catalogue.index_of("school").map(|number| number as u8),
            middle_school: catalogue.index_of("middle_school").map(|number| number as u8),
            compound: catalogue.layer("compound").map(|layer| alternatives(&layer.osm)).unwrap_or_default(),
            compound_rules: CompoundRules::new(catalogue),
        }
    }

    /// Whether places of a category have grounds with gates, such as 公园东门.
    pub(crate) fn has_grounds(&self, category: u8) -> bool {
        self.codes.grounds.get(usize::from(category)).copied().unwrap_or(false)
    }

    /// The id of a category.
    pub(crate) fn category_name(&self, category: u8) -> Option<&str> {
        self.codes.ids.get(usize::from(category)).map(String::as_str)
    }

    /// The reason why a name is not that of a compound, as the catalogue names it: `planned` for 待建.
    pub(crate) fn compound_exclusion(&self, name: &str) -> Option<&str> {
        self.compound_rules.exclusion(name)
    }

    /// Code and words of an Amap type, given as either, that is not residential: `120201 商务住宅;楼宇;商务写字楼`.
    pub(crate) fn type_without_homes(&self, code: &str, kind: &str) -> Option<String> {
        self.compound_rules.type_without_homes(code, kind)
    }

    /// Drops general categories beside specific ones: a school of known level is not also one of unknown
    /// level.
    pub(super) fn drop_unspecific(&self, categories: &mut Vec<u8>) {
        let gone: Vec<u8> = categories
            .iter()
            .flat_map(|category| &self.instead_of[usize::from(*category)])
            .copied()
            .collect();
        categories.retain(|category| !gone.contains(category));
        let specific = |category: &u8| {
            Some(*category) != self.unspecific && self.groups[usize::from(*category)] == "xue"
        };
        if categories.iter().any(specific) {
            categories.retain(|category| Some(*category) != self.unspecific);
        }
    }

    pub(super) fn finish(
        &self,
        categories: Vec<u8>,
        channel: Channel,
        name: &str,
        halal: bool,
    ) -> Classified {
        let mut flags = FacilityFlags::empty();
        if halal || self.names.is_halal(name) {
            flags |= FacilityFlags::HALAL;
        }
        let middle = categories.first().is_some_and(|main| Some(*main) == self.middle_school);
        if middle && channel != Channel::User && !name.contains('初') && !name.contains("九年") {
            flags |= FacilityFlags::LEVEL_UNCERTAIN;
        }
        Classified { categories, channel, confidence_percent: self.confidence.percent(channel), flags }
    }

    /// Compiles every pattern.
    #[cfg(test)]
    pub(super) fn compile(&self) {
        self.names.compile();
    }
}
