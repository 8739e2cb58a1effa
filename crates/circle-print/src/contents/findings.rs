//! The check of a board: what stands against printing it.

use super::entry::Entry;
use super::finding::{BoardFinding, BoardFindingKind as Kind};
use crate::settings::{GroupBy, Settings, is_local_address};

/// What a check looks at, beside the settings.
#[derive(Debug)]
pub(super) struct Facts<'a> {
    /// The name of the compound as printed.
    pub(super) compound_name: &'a str,
    /// Whether that is a name of its own, in Chinese where Chinese is written.
    pub(super) is_named: bool,
    /// Why walks from the gate do not get to the main streets, in Chinese and English.
    pub(super) island: Option<[String; 2]>,
    pub(super) is_inferred: bool,
    pub(super) is_at_edge: bool,
    pub(super) entries: &'a [Entry],
}

/// What stands against printing a board, errors first.
pub(super) fn findings(settings: &Settings, facts: &Facts<'_>) -> Vec<BoardFinding> {
    let mut found: Vec<BoardFinding> = Vec::new();
    let mut add = |kind, zh: String, en: String| found.push(BoardFinding::new(kind, zh, en));
    if let Some([zh, en]) = &facts.island {
        add(Kind::Island, zh.clone(), en.clone());
    }
    if facts.entries.is_empty() {
        let minutes = settings.longest_minutes();
        add(
            Kind::NothingToShow,
            format!("步行 {minutes} 分钟内没有可列的设施：请导入自有数据，或改用其他类别、时段"),
            format!(
                "nothing to list within {minutes} minutes; add own files, or choose other categories or bands"
            ),
        );
    } else {
        add_empty_bands(settings, facts.entries, &mut add);
        add_names(facts.entries, &mut add);
    }
    if !facts.is_named {
        add(
            Kind::CompoundName,
            format!(
                "标题“{}”不是小区的中文名称：请在导视图设置的 [[board]] 中写明 name",
                facts.compound_name
            ),
            format!(
                "`{}` in the title is no Chinese name of the compound; give it a name in [[board]] of the board file",
                facts.compound_name
            ),
        );
    }
    if facts.is_inferred {
        add(
            Kind::InferredGate,
            "出入口是推测的，位置待核：请现场核实，或用自有的出入口清单".to_owned(),
            "the gate was inferred; confirm it in the field, or list the gates in an own file".to_owned(),
        );
    }
    if facts.is_at_edge {
        add(
            Kind::EdgeOfData,
            "部分范围超出地图数据边界，所列可能不全：请用更大范围的地图数据".to_owned(),
            "walks lead beyond the map data, so the list may be incomplete; build the city from a larger extract"
                .to_owned(),
        );
    }
    if let Some(said) = settings.wrong_minutes_of_title() {
        let minutes = settings.longest_minutes();
        add(
            Kind::TitleMinutes,
            format!("标题写的是 {said} 分钟，而最长时段是 {minutes} 分钟：请改标题或时段"),
            format!("the title says {said} minutes, and the longest band is {minutes}; change one of them"),
        );
    }
    if settings.issuer.is_none() {
        let zh = "没有写明制作单位（issuer）".to_owned();
        add(Kind::NoIssuer, zh, "no issuer is named (`issuer`)".to_owned());
    }
    match &settings.address {
        None => add(
            Kind::NoAddress,
            "没有网址（address），导视图上没有二维码".to_owned(),
            "no address of the page is given (`address`), so the board has no QR code".to_owned(),
        ),
        Some(address) if is_local_address(address) => add(
            Kind::LocalAddress,
            format!("二维码的网址 {address} 只在本机或本单位网络内能打开：请写公开网址（address）"),
            format!(
                "the QR code leads to {address}, which opens on one machine or network only; give the public address \
                 (`address`)"
            ),
        ),
        Some(_) => {}
    }
    found.sort_by_key(|finding| finding.kind);
    found
}

/// Bands without a place of their own. A board by theme has no columns of bands.
fn add_empty_bands(settings: &Settings, entries: &[Entry], add: &mut impl FnMut(Kind, String, String)) {
    let is_empty = |band: &usize| !entries.iter().any(|entry| entry.band == *band);
    if settings.group_by == GroupBy::Theme {
        return;
    }
    let empty = (0..settings.minutes.len()).filter(is_empty).map(|band| settings.minutes[band].to_string());
    let empty: Vec<String> = empty.collect();
    if !empty.is_empty() {
        add(
            Kind::EmptyBand,
            format!("{} 分钟一栏没有设施：请补充数据，或改用其他时段、类别", empty.join("、")),
            format!(
                "no place in the band of {} minutes; add own files, or choose other bands or categories",
                empty.join(" and ")
            ),
        );
    }
}

/// More than this share of names makes a list useless: one in so many.
const ONE_IN: usize = 3;

fn add_names(entries: &[Entry], add: &mut impl FnMut(Kind, String, String)) {
    let all = entries.len();
    let too_many = |count: usize| count * ONE_IN > all;
    let generic = entries.iter().filter(|entry| !entry.named).count();
    if too_many(generic) {
        add(
            Kind::GenericNames,
            format!("所列 {all} 处设施中有 {generic} 处只有类别、没有名称：请补充名称"),
            format!(
                "{generic} of {all} places have no name but that of their kind; name them in an own file"
            ),
        );
    }
    let latin = entries.iter().filter(|entry| entry.latin).count();
    if too_many(latin) {
        add(
            Kind::LatinNames,
            format!("所列 {all} 处设施中有 {latin} 处在地图上只有外文名称，导视图改写类别：请补充中文名称"),
            format!(
                "{latin} of {all} places have no Chinese name on the map and stand there by their kind; name them in an \
                 own file"
            ),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contents::entry::Walk;
    use circle_model::{Catalogue, Point};

    fn entry(band: usize, named: bool, latin: bool) -> Entry {
        Entry {
            key: String::new(),
            name: "综合超市".to_owned(),
            named,
            latin,
            name_en: None,
            kind: "超市".to_owned(),
            kind_en: "Supermarket".to_owned(),
            group: 0,
            icon: "cart".to_owned(),
            requirement: 0,
            band,
            walk: Walk { minutes: 1, metres: 60 },
            waits: false,
            at: Point::default(),
            bearing_degrees: 0.0,
        }
    }

    fn kinds(settings: &Settings, entries: &[Entry]) -> Vec<Kind> {
        let facts = Facts {
            compound_name: "红专小区",
            is_named: true,
            island: None,
            is_inferred: false,
            is_at_edge: false,
            entries,
        };
        findings(settings, &facts).into_iter().map(|finding| finding.kind).collect()
    }

    fn complete() -> Settings {
        let mut settings = Settings::built_in(&Catalogue::built_in());
        settings.issuer = Some("爱建街道办事处".to_owned());
        settings.with_address("https://circle.example.org").unwrap()
    }

    #[test]
    fn more_than_a_third_of_names_without_names_is_an_error() {
        let named = || (0..3).map(|band| entry(band, true, false));
        let with =
            |more: &[Entry]| kinds(&complete(), &named().chain(more.iter().cloned()).collect::<Vec<_>>());
        assert!(with(&[]).is_empty());
        assert!(with(&[entry(0, false, false)]).is_empty(), "1 of 4");
        assert_eq!(with(&[entry(0, false, false), entry(1, false, false)]), [Kind::GenericNames], "2 of 5");
        let latin = [entry(0, false, true), entry(1, false, true)];
        assert_eq!(with(&latin), [Kind::GenericNames, Kind::LatinNames]);
        assert_eq!(with(&[entry(0, false, true), entry(1, false, false)]), [Kind::GenericNames]);
    }

    #[test]
    fn a_board_by_theme_has_no_empty_bands() {
        let entries = [entry(0, true, false)];
        assert_eq!(kinds(&complete(), &entries), [Kind::EmptyBand]);
        assert!(kinds(&Settings { group_by: GroupBy::Theme, ..complete() }, &entries).is_empty());
    }

    #[test]
    fn texts_that_are_missing_or_wrong_are_warnings() {
        let entries: Vec<Entry> = (0..3).map(|band| entry(band, true, false)).collect();
        let none = Settings { issuer: None, address: None, ..complete() };
        assert_eq!(kinds(&none, &entries), [Kind::NoIssuer, Kind::NoAddress]);
        let local = complete().with_address("http://192.168.1.5:8080").unwrap();
        assert_eq!(kinds(&local, &entries), [Kind::LocalAddress]);
        let titled = complete().with_text(crate::settings::BoardText::Title, "半小时生活圈").unwrap();
        assert_eq!(kinds(&titled, &entries), [Kind::TitleMinutes]);
    }
}
