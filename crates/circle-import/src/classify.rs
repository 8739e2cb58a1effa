//! Which categories a place belongs to, by two independent channels: its code (OSM tags, Amap's type codes,
//! Baidu's tags) and its name.

mod amap;
mod classified;
mod classifier;
mod codes;
mod homes;
mod names;
mod objects;
mod pattern;
mod plain_name;
mod prefixes;
#[cfg(test)]
mod real_cases;
mod records;

pub use amap::amap_type;
pub use classified::{Classified, NoFacility};
pub use classifier::Classifier;
pub use records::RecordFields;

pub(crate) use plain_name::{Alike, PlainName, behind_gate};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tags::Tags;
    use circle_model::Catalogue;
    use circle_model::city::{Channel, FacilityFlags};

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
        Classifier::new(&Catalogue::built_in()).compile();
    }

    #[test]
    fn labelled_names_get_their_labels() {
        let catalogue = Catalogue::built_in();
        let classifier = Classifier::new(&catalogue);
        let samples = include_str!("../../../tests/data/name_samples.csv");
        let mut reader = csv::Reader::from_reader(samples.as_bytes());
        let (mut count, mut wrong) = (0, Vec::new());
        for row in reader.records() {
            let row = row.unwrap();
            let fields = RecordFields { name: &row[0], code: &row[1], ..RecordFields::default() };
            let found = classifier.classify_record(fields);
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
    fn channels_have_their_confidence() {
        let classifier = Classifier::new(&Catalogue::built_in());
        let channel = |category, code, kind, name| {
            classifier
                .classify_record(RecordFields { category, code, kind, name })
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
    fn traditional_and_full_width_names_are_normalized() {
        let classifier = Classifier::new(&Catalogue::built_in());
        let main = |name| {
            classifier.classify_record(RecordFields { name, ..RecordFields::default() }).unwrap().categories
                [0]
        };
        assert_eq!(main("社區衛生服務中心"), main("社区卫生服务中心"));
        assert_eq!(main("７－ＥＬＥＶＥｎ"), main("7-ELEVEn便利店"));
    }

    #[test]
    fn halal_places_and_schools_of_uncertain_level_have_flags() {
        let classifier = Classifier::new(&Catalogue::built_in());
        let flags = |code, name| {
            classifier.classify_record(RecordFields { code, name, ..RecordFields::default() }).unwrap().flags
        };
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
    fn names_refine_broad_tags() {
        assert_eq!(ids(&[("amenity", "school"), ("name", "兆麟小学")]), ["primary_school"]);
        assert_eq!(ids(&[("amenity", "school"), ("name", "哈尔滨市第三十九中学")]), ["middle_school"]);
        assert_eq!(ids(&[("amenity", "school")]), ["school"]);
        assert_eq!(ids(&[("shop", "yes"), ("name", "真实生活超市")]), ["supermarket"]);
    }

    #[test]
    fn some_tags_count_only_with_the_name() {
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
    fn closed_places_are_no_facilities() {
        assert!(ids(&[("shop", "supermarket"), ("name", "家乐超市(已关闭)")]).is_empty());
    }
}
