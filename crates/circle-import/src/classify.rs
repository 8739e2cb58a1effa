//! Which categories a place belongs to, by two channels that know nothing of each other: its code (OSM tags, Amap's
//! type codes, Baidu's tags) and its name.

mod amap;
mod beginnings;
mod homes;
mod names;
mod pattern;
#[cfg(test)]
mod real_cases;
mod record;
mod tags;

pub use amap::amap_type;
pub use record::Said;

use circle_model::Catalogue;
use circle_model::catalogue::{Confidence, TagRule, TagTest};
use circle_model::city::{Channel, FacilityFlags};
use homes::NoCompound;
use names::Names;
use record::Codes;
use rustc_hash::FxHashMap;

/// The categories of one facility.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Classified {
    /// Positions in the catalogue, the main one first.
    pub categories: Vec<u8>,
    /// What says so.
    pub channel: Channel,
    /// How sure that is.
    pub confidence_percent: u8,
    /// [`FacilityFlags::HALAL`], [`FacilityFlags::LEVEL_UNCERTAIN`].
    pub flags: FacilityFlags,
}

/// Why a record is no facility of the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoFacility {
    /// Neither name nor code says what it is.
    Unknown,
    /// Its name says that it is not open.
    Closed,
    /// The gate of a compound: Amap's 991400, 991401.
    Gate,
}

/// The catalogue, ready to match.
#[derive(Debug)]
pub struct Classifier {
    rules: FxHashMap<String, Vec<Rule>>,
    codes: Codes,
    names: Names,
    groups: Vec<String>,
    asks_name: Vec<bool>,
    instead_of: Vec<Vec<u8>>,
    tags_not: Vec<Vec<Vec<TagTest>>>,
    closed: Vec<Vec<TagTest>>,
    other_names: Vec<String>,
    former_names: Vec<String>,
    confidence: Confidence,
    unspecific: Option<u8>,
    middle_school: Option<u8>,
    compound: Vec<Vec<TagTest>>,
    no_compound: NoCompound,
}

#[derive(Debug)]
struct Rule {
    category: u8,
    values: Vec<String>,
    rest: Vec<TagTest>,
    /// The name must say so too.
    hint: bool,
}

impl Classifier {
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
            no_compound: NoCompound::new(catalogue),
        }
    }

    /// Whether places of a category are entered at gates: 公园东门.
    pub(crate) fn has_grounds(&self, category: u8) -> bool {
        self.codes.grounds.get(usize::from(category)).copied().unwrap_or(false)
    }

    /// The id of a category.
    pub(crate) fn category_name(&self, category: u8) -> Option<&str> {
        self.codes.ids.get(usize::from(category)).map(String::as_str)
    }

    /// A school whose level is known is not of unknown level as well, nor a special hospital a general one.
    fn drop_unspecific(&self, categories: &mut Vec<u8>) {
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

    fn finish(&self, categories: Vec<u8>, channel: Channel, name: &str, halal: bool) -> Classified {
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
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tags::Tags;

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
        Classifier::new(&Catalogue::built_in()).names.compile();
    }

    #[test]
    fn labelled_names_come_out_as_labelled() {
        let catalogue = Catalogue::built_in();
        let classifier = Classifier::new(&catalogue);
        let samples = include_str!("../../../tests/data/name_samples.csv");
        let mut reader = csv::Reader::from_reader(samples.as_bytes());
        let (mut count, mut wrong) = (0, Vec::new());
        for row in reader.records() {
            let row = row.unwrap();
            let said = Said { name: &row[0], code: &row[1], ..Said::default() };
            let found = classifier.classify_record(said);
            let main = found.as_ref().ok().and_then(|found| classifier.category_name(found.categories[0]));
            count += 1;
            if main.unwrap_or("other") != &row[2] {
                wrong.push(format!("{} {}: {main:?}, not {}", &row[0], &row[1], &row[2]));
            }
        }
        assert!(count >= 88, "{count}");
        for category in &catalogue.categories {
            assert!(samples.contains(&format!(",{},", category.id)), "{} has no sample", category.id);
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    #[test]
    fn channels_and_confidence_are_kept() {
        let classifier = Classifier::new(&Catalogue::built_in());
        let channel = |category, code, kind, name| {
            classifier
                .classify_record(Said { category, code, kind, name })
                .map(|found| (found.channel, found.confidence_percent))
        };
        assert_eq!(channel("clinic", "", "", "东门"), Ok((Channel::User, 100)));
        assert_eq!(channel("诊所", "", "", ""), Ok((Channel::User, 100)));
        assert_eq!(channel("", "141203", "", "兆麟小学"), Ok((Channel::CodeAndName, 95)));
        assert_eq!(channel("", "", "", "兆麟小学"), Ok((Channel::Name, 80)));
        assert_eq!(channel("", "090300", "", "博南口腔(拉薇公园店)"), Ok((Channel::Name, 80)));
        assert_eq!(channel("", "", "购物服务;超级市场;超市", "某某"), Ok((Channel::Code, 70)));
        assert_eq!(channel("", "", "医疗;药店", "某某"), Ok((Channel::Code, 70)));
        assert_eq!(channel("", "991400", "", "塔布板小区(东门)"), Err(NoFacility::Gate));
        assert_eq!(channel("", "060400", "", "家乐超市(已关闭)"), Err(NoFacility::Closed));
        assert_eq!(channel("", "141203", "", "第十三小学家长学校"), Err(NoFacility::Unknown));
    }

    #[test]
    fn traditional_and_full_width_names_are_read() {
        let classifier = Classifier::new(&Catalogue::built_in());
        let main = |name| classifier.classify_record(Said { name, ..Said::default() }).unwrap().categories[0];
        assert_eq!(main("社區衛生服務中心"), main("社区卫生服务中心"));
        assert_eq!(main("７－ＥＬＥＶＥｎ"), main("7-ELEVEn便利店"));
    }

    #[test]
    fn halal_places_and_schools_of_uncertain_level_are_marked() {
        let classifier = Classifier::new(&Catalogue::built_in());
        let flags =
            |code, name| classifier.classify_record(Said { code, name, ..Said::default() }).unwrap().flags;
        assert_eq!(flags("", "清真牛肉面馆"), FacilityFlags::HALAL);
        assert_eq!(flags("050121", "老绥元饭店"), FacilityFlags::HALAL);
        assert_eq!(flags("", "第三十九中学"), FacilityFlags::LEVEL_UNCERTAIN);
        assert_eq!(flags("", "第三十九初级中学"), FacilityFlags::empty());
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
