//! Cases of real maps and exports that were once misclassified, each with its rule.

use super::amap::Types;
use super::{Classifier, NoFacility, RecordFields};
use crate::tags::Tags;
use circle_model::Catalogue;

fn ids(classifier: &Classifier, categories: &[u8]) -> Vec<String> {
    let name = |category: &u8| classifier.category_name(*category).unwrap_or_default().to_owned();
    categories.iter().map(name).collect()
}

/// Categories of OSM tags, and how sure they are.
fn tagged(tags: &[(&str, &str)]) -> (String, u8) {
    let classifier = Classifier::new(&Catalogue::built_in());
    classifier.classify(Tags(tags)).map_or_else(Default::default, |found| {
        (ids(&classifier, &found.categories).join(" "), found.confidence_percent)
    })
}

fn map(tags: &[(&str, &str)]) -> String {
    tagged(tags).0
}

/// Categories of a name with a code or words of Amap's.
fn row(name: &str, code: &str, kind: &str) -> String {
    let classifier = Classifier::new(&Catalogue::built_in());
    match classifier.classify_record(RecordFields { name, code, kind, category: "" }) {
        Ok(found) => ids(&classifier, &found.categories).join(" "),
        Err(NoFacility::Unknown) => String::new(),
        Err(why) => format!("{why:?}"),
    }
}

/// way/871064066 in Harbin: a ground without a name, drawn from a plan.
#[test]
fn grounds_mapped_as_a_hospital_are_not_a_clinic_as_well() {
    assert_eq!(map(&[("amenity", "hospital"), ("healthcare", "clinic")]), "hospital");
    assert_eq!(map(&[("healthcare", "clinic")]), "clinic");
    assert_eq!(map(&[("amenity", "hospital"), ("name", "王氏诊所")]).split(' ').next(), Some("clinic"));
}

/// Heidelberg's Haus der Jugend (way/89221699) and a practice that is an office there (way/283565246).
#[test]
fn a_youth_centre_is_no_community_centre_and_a_physician_is_a_doctor() {
    let youth =
        [("amenity", "community_centre"), ("community_centre", "youth_centre"), ("name", "Haus der Jugend")];
    assert_eq!(map(&youth), "");
    assert!(map(&youth[..1]).contains("community_office"));
    assert_eq!(map(&[("office", "physician"), ("name", "Praxis Wachter")]), "health_station");
}

/// way/858121329 in Harbin: grounds of a school that is being built.
#[test]
fn places_under_construction_are_no_facilities() {
    assert_eq!(map(&[("amenity", "school"), ("landuse", "construction"), ("name", "某某小学")]), "");
}

/// node/5671638103 in Beijing: a tuck shop inside a compound.
#[test]
fn a_tuck_shop_is_no_supermarket_whatever_its_tag() {
    assert_eq!(map(&[("shop", "supermarket"), ("name", "石科院小卖部")]), "convenience");
    assert!(map(&[("shop", "supermarket"), ("name", "便民超市")]).contains("supermarket"));
}

#[test]
fn malls_count_as_fresh_food_only_by_name() {
    for name in "红星美凯龙 海宁皮革城 哈尔滨服装城 国润家饰城 新吉购物中心 华润万象汇".split(' ')
    {
        assert_eq!(map(&[("shop", "mall"), ("name", name)]), "mall", "{name}");
    }
    assert_eq!(map(&[("shop", "department_store"), ("name", "金龙商厦")]), "mall");
    assert_eq!(map(&[("shop", "mall"), ("name", "大润发")]), "supermarket mall");
    assert_eq!(map(&[("shop", "supermarket;mall")]), "supermarket mall");
    assert_eq!(map(&[("shop", "mall"), ("name", "远大生鲜购物中心")]), "fresh_supermarket mall");
    assert_eq!(map(&[("amenity", "marketplace"), ("name", "黑龙江省农机大市场")]), "");
    assert_eq!(map(&[("amenity", "marketplace"), ("name", "司徒街夜市")]), "");
    assert_eq!(map(&[("amenity", "marketplace"), ("name", "白毛早市")]), "fresh_market");
    // node/4631492189 and its neighbours: no food, whatever the tag says.
    assert_eq!(map(&[("shop", "supermarket"), ("name:en", "cloth(near walmark)")]), "");
    assert_eq!(map(&[("shop", "supermarket"), ("name", "shoe market. 379")]), "");
    assert_eq!(map(&[("shop", "supermarket"), ("name", "electric markets")]), "");
    assert_eq!(map(&[("shop", "supermarket"), ("name", "入口")]), "");
    assert_eq!(map(&[("shop", "supermarket"), ("name", "Carrefour Market")]), "supermarket");
    assert_eq!(row("某某商场", "060100", ""), "mall");
}

#[test]
fn special_hospitals_and_disease_control_are_own_categories() {
    let hospital = |name| map(&[("amenity", "hospital"), ("healthcare", "hospital"), ("name", name)]);
    for name in "黑龙江中德骨科医院 夏氏骨伤科医院 公安医院 和美妇产医院 黑龙江焦视眼科医院 \
         哈尔滨市儿童医院 哈尔滨市第一专科医院 哈尔滨市胸科医院 黑龙江三精肾脏病专科医院 \
         哈尔滨长峰血管瘤医院 黑龙江省康复医院 运动康复中心 哈尔滨市传染病医院"
        .split(' ')
    {
        assert_eq!(hospital(name), "special_hospital", "{name}");
    }
    for name in "哈尔滨市第一医院 香坊区人民医院 黑龙江省中医医院(南岗分院) 北大荒集团总医院 \
         解放军九六二医院"
        .split(' ')
    {
        assert_eq!(hospital(name), "hospital", "{name}");
    }
    assert_eq!(hospital("🏥 省疾控中心"), "disease_control");
    assert_eq!(hospital("爱宠宠物医院"), "pet");
    assert_eq!(row("急诊科", "090100", ""), "");
    assert_eq!(row("哈医大一院急诊科", "090101", ""), "");
    assert_eq!(row("某某", "090206", ""), "special_hospital");
    assert_eq!(row("某某", "090500", ""), "disease_control");
}

#[test]
fn only_schools_for_children_are_schools() {
    let school = |name| map(&[("amenity", "school"), ("name", name)]);
    for name in "黑龙江省税务干部学校 技校 东北工程技术学校 哈尔滨市松北区华埔技工学校 \
         哈尔滨市第一职业高级中学校 黑龙江艺术职业学院(二校区) 哈尔滨航运学校 \
         哈尔滨环境工程技工学校 空军哈尔滨飞行学院 哈尔滨市开放大学 \
         哈尔滨市现代应用技术中等职业学校 哈尔滨市南岗区教师进修学校"
        .split(' ')
    {
        assert_eq!(school(name), "vocational", "{name}");
    }
    for name in
        ["哈尔滨工业大学科技园", "科研教育预留用地", "儿童福利院", "哈尔滨市香坊区中小学生综合实践学校"]
    {
        assert_eq!(school(name), "", "{name}");
    }
    assert_eq!(school("哈尔滨市爱建学校"), "school");
    assert_eq!(school("香坊区九年一贯制学校"), "primary_school middle_school");
    assert_eq!(school("德强学校中小学部"), "primary_school middle_school");
    assert_eq!(school("黑龙江省实验中学高三校区"), "high_school");
    assert_eq!(school("哈尔滨市六九联中"), "middle_school");
    let college = |name| map(&[("amenity", "college"), ("name", name)]);
    assert_eq!(college("黑龙江护理高等专科学校"), "vocational");
    assert_eq!(college("哈铁党校"), "vocational");
    assert_eq!(college("哈尔滨音乐学院"), "higher_education");
    assert_eq!(college("玉米研究所"), "");
    assert_eq!(map(&[("amenity", "university"), ("name", "哈尔滨师范大学艺术学校")]), "vocational");
    assert_eq!(row("某某", "141201", ""), "higher_education");
    assert_eq!(row("哈尔滨市法官学院", "141206", ""), "vocational");
    assert_eq!(row("中共香坊区委党校", "", ""), "vocational");
}

#[test]
fn named_buildings_are_classified_with_less_confidence() {
    assert_eq!(tagged(&[("building", "hospital"), ("name", "远东医院")]), ("hospital".into(), 60));
    assert_eq!(tagged(&[("building", "hospital"), ("name", "骨伤科医院")]), ("special_hospital".into(), 60));
    assert_eq!(tagged(&[("building", "school"), ("name", "群力兆麟小学校")]), ("primary_school".into(), 60));
    assert_eq!(tagged(&[("building", "kindergarten"), ("name", "和兴幼儿园")]), ("kindergarten".into(), 60));
    assert_eq!(map(&[("building", "university"), ("name", "附属逸夫小学")]), "primary_school");
    for (building, name) in [
        ("hospital", "外科楼"),
        ("hospital", "北大荒国际饭店"),
        ("hospital", "图书馆"),
        ("school", "南区第十六公寓"),
        ("school", "科技园"),
        ("school", "锅炉房"),
        ("university", "材料科学与工程学院"),
    ] {
        assert_eq!(map(&[("building", building), ("name", name)]), "", "{name}");
    }
    assert_eq!(map(&[("building", "hospital")]), "");
}

#[test]
fn other_names_are_classified() {
    let hospital = [("alt_name", "铁东街道卫生服务中心"), ("building", "hospital"), ("name", "铁东医院")];
    assert_eq!(tagged(&hospital), ("health_center hospital".into(), 60));
    let tags = [("amenity", "school"), ("name", "风华"), ("official_name", "哈尔滨市风华中学")];
    assert_eq!(tagged(&tags), ("middle_school".into(), 60));
    // A former name counts only where no other name decides.
    let tags = [("amenity", "school"), ("name", "兆麟中学"), ("old_name", "兆麟小学")];
    assert_eq!(tagged(&tags), ("middle_school".into(), 95));
    let tags = [("amenity", "school"), ("name", "兆麟"), ("old_name", "兆麟小学")];
    assert_eq!(tagged(&tags), ("primary_school".into(), 60));
}

#[test]
fn hospitals_of_universities_are_clinics() {
    // way/671105118 and way/316888459
    let tags =
        [("alt_name", "铁东街道卫生服务中心"), ("building", "hospital"), ("name", "东北农业大学校医院")];
    assert_eq!(tagged(&tags), ("clinic".into(), 60));
    let tags = [("amenity", "hospital"), ("healthcare", "hospital"), ("name", "东北林业大学校医院")];
    assert_eq!(map(&tags), "clinic");
    assert_eq!(row("东北林业大学校医院", "090101", ""), "clinic");
    assert_eq!(map(&[("amenity", "hospital"), ("name", "哈尔滨医科大学附属第一医院")]), "hospital");
}

#[test]
fn rooms_buildings_and_courses_are_no_schools() {
    let school = |name| map(&[("amenity", "school"), ("name", name)]);
    // node/5611401486, way/317006880, node/4464720294
    for name in ["源源外语", "逸夫教学楼", "yingpheng room", "教学楼", "第二教学楼"] {
        assert_eq!(school(name), "", "{name}");
    }
    for (name, category) in [
        ("哈尔滨外国语学校", "school"),
        ("爱建学校教学楼", "school"),
        ("yinpeng school", "school"),
        ("外语小学", "primary_school"),
        ("兆麟小学教学楼", "primary_school"),
        ("哈尔滨市外国语中学", "middle_school"),
    ] {
        assert_eq!(school(name), category, "{name}");
    }
    assert_eq!(row("源源外语", "141202", ""), "");
    assert_eq!(row("外语小学", "141203", ""), "primary_school");
}

#[test]
fn closed_and_planned_places_are_no_facilities() {
    for name in
        ["家乐福超市(停业)", "兆麟超市（装修中）", "永辉超市暂停营业", "中央红超市(歇业)", "大润发 待建"]
    {
        assert_eq!(row(name, "060400", ""), "Closed", "{name}");
        assert_eq!(map(&[("shop", "supermarket"), ("name", name)]), "", "{name}");
    }
    assert_eq!(row("规划小学用地", "141203", ""), "Closed");
    assert_eq!(row("哈尔滨市城市规划展览馆", "140200", ""), "");
    assert_eq!(map(&[("shop", "mall"), ("building", "construction"), ("name", "富力广场")]), "");
    assert_eq!(map(&[("amenity", "school"), ("disused", "yes"), ("name", "兆麟小学")]), "");
}

#[test]
fn homes_and_works_named_after_a_facility_are_no_facilities() {
    for name in
        "哈医大一院家属院 兆麟小学宿舍 哈尔滨银行公寓 农垦医院住宅楼 图书馆工业园 人民医院芯片".split(' ')
    {
        assert_eq!(row(name, "", ""), "", "{name}");
    }
    assert_eq!(map(&[("amenity", "hospital"), ("name", "农垦医院家属楼")]), "");
    // Amap's code of a dormitory, of a compound, of an industrial park.
    assert_eq!(row("哈尔滨市第一医院", "120303", ""), "");
    assert_eq!(row("兆麟小学", "120302", ""), "");
    assert_eq!(row("地利生鲜超市", "120100", ""), "");
    assert_eq!(row("地利生鲜超市", "", "商务住宅;产业园区;产业园区"), "");
    assert_eq!(row("夕阳红老年公寓", "", ""), "nursing_home");
    assert_eq!(row("夕阳红老年公寓", "120300", ""), "nursing_home");
    assert_eq!(row("夕阳红老年公寓家属楼", "", ""), "");
    assert_eq!(row("兆麟社区党群服务中心", "120304", ""), "party_service_center community_office");
    let station = "哈尔滨工业大学木兰小区职工住宅社区卫生服务站";
    assert_eq!(row(station, "", ""), "health_station");
    assert_eq!(row(station, "090102", ""), "health_station");
    assert_eq!(row("哈尔滨工业大学医务室", "", ""), "");
}

#[test]
fn codes_of_banks_sports_and_garages() {
    for code in "160101 160102 160103 080106 080109 080113 080115 080116 030100".split(' ') {
        assert_eq!(row("某某", code, ""), "", "{code}");
    }
    assert_eq!(row("某某维修中心", "030200", ""), "");
    assert_eq!(row("某某", "", "汽车维修;大众特约维修;上海大众维修"), "");
    assert_eq!(row("某某", "071200", ""), "repair");
    assert_eq!(
        row("湘湖地铁站C出入口自行车租赁点", "", "交通设施服务;交通服务相关;交通服务相关"),
        "bicycle_parking"
    );
    assert_eq!(row("湘湖地铁站C出入口", "150501", ""), "metro");
    for (kind, category) in [
        ("购物服务;超级市场;家乐福", "supermarket"),
        ("购物服务;超级市场;华润", "supermarket"),
        ("购物服务;超级市场;麦德龙", "supermarket"),
        ("风景名胜;公园广场;城市广场", "square"),
        ("商务住宅;住宅区;社区中心", "community_office"),
        ("政府机构及社会团体;公检法机构;公安警察", "police_station"),
        ("餐饮服务;冷饮店;冷饮店", "cafe"),
        ("餐饮服务;糕饼店;糕饼店", "cafe"),
        ("体育休闲服务;运动场馆;综合体育馆", "sports_hall"),
        ("购物服务;商场;商场|购物服务;超级市场;超市", "mall supermarket"),
    ] {
        assert_eq!(row("某某", "", kind), category, "{kind}");
    }
    assert_eq!(row("某某", "", "通行设施;临街院门;临街院门"), "Gate");
}

#[test]
fn car_parks_are_no_bicycle_parking() {
    assert_eq!(map(&[("amenity", "bicycle_parking")]), "bicycle_parking");
    assert_eq!(row("兆麟街非机动车停车场", "150904", ""), "bicycle_parking");
    assert_eq!(row("兆麟小区自行车棚", "", ""), "bicycle_parking");
    assert_eq!(row("兆麟街停车场", "150904", ""), "parking");
}

/// Words agree with their codes, except for names that two codes share.
#[test]
fn amap_types_in_words_agree_with_their_codes() {
    let classifier = Classifier::new(&Catalogue::built_in());
    let (mut count, mut mapped, mut wrong) = (0, 0, Vec::new());
    for code in Types::all() {
        let words = Types::built_in().words(code).unwrap();
        let main = |fields| {
            let found = classifier.classify_record(fields);
            found.map(|found| ids(&classifier, &found.categories))
        };
        let by_code = main(RecordFields { name: "某某", code, ..RecordFields::default() });
        let by_words = main(RecordFields { name: "某某", kind: &words, ..RecordFields::default() });
        count += 1;
        mapped += usize::from(by_code.is_ok());
        if by_code != by_words {
            wrong.push(format!("{code} {words}: {by_code:?}, in words {by_words:?}"));
        }
    }
    assert_eq!(count, 915, "codes of the table");
    assert!(mapped > 200, "{mapped} codes have a category");
    let share = 100.0 * (count - wrong.len()) as f64 / f64::from(count as u32);
    println!("{share:.1} % of {count} types in words are what their codes are; {mapped} have a category");
    assert!(share > 99.0, "{share:.1} %: {wrong:#?}");
}
