//! Names of places, cleaned for a sign: the map's text is written for mappers, not for readers at a gate.

use crate::fonts::{clean, is_han};

/// Cleans a name: the first Chinese name of a list, once, without a date, an English tail, quotes or stray
/// punctuation. Never empty if the text has a Chinese character.
///
/// | on the map | cleaned |
/// | --- | --- |
/// | 海富山水文园2期;海富漫香林 | 海富山水文园2期 |
/// | 华润·熙云府·2021-12 | 华润·熙云府 |
/// | 东辉明珠园东辉明珠园 | 东辉明珠园 |
/// | 金桂园 - Jingui Court | 金桂园 |
pub(crate) fn clean_name(text: &str) -> String {
    const STEPS: [fn(&str) -> &str; 5] =
        [first_of_list, without_english_tail, without_date, once, without_stray_punctuation];
    let mut name = text.to_owned();
    // Every step only shortens a name, so the loop ends.
    loop {
        let before = name.len();
        name = without_spaces_around_dots(&clean(&name));
        for step in STEPS {
            let shorter = step(&name).trim();
            let lost = shorter.is_empty() || (is_chinese(&name) && !is_chinese(shorter));
            if !lost && shorter.len() < name.len() {
                name = shorter.to_owned();
            }
        }
        if name.len() == before {
            return name;
        }
    }
}

/// The English name that follows a Chinese one: `Jingui Court` in `金桂园 - Jingui Court`.
pub(crate) fn english_tail(text: &str) -> Option<&str> {
    split_english(text).map(|(_, english)| english)
}

/// Whether a text has a Chinese character.
pub(crate) fn is_chinese(text: &str) -> bool {
    text.chars().any(is_han)
}

/// Whether a name has no letter but Latin, Greek and Cyrillic ones: `Mykal Supermarket`, `102`.
pub(crate) fn is_latin_only(name: &str) -> bool {
    let is_latin =
        |letter: char| matches!(letter, '\0'..='\u{52f}' | '\u{1e00}'..='\u{1fff}' | '\u{ff21}'..='\u{ff5a}');
    !name.chars().any(|character| character.is_alphabetic() && !is_latin(character))
}

/// The name of the site that a place is a part of: 东北林业大学 for 东北林业大学-文法学院, 卓展购物中心 for
/// 卓展购物中心-B座, 继红小学校 for 继红小学校(同济街).
pub(crate) fn site_of(name: &str) -> &str {
    let site = match name.find(['(', '（', '-', '－', '–', '—', '·', ' ']) {
        Some(at) if name[..at].chars().count() >= LEAST_SITE => &name[..at],
        _ => name,
    };
    let without_number = site.trim_end_matches(|it: char| it.is_ascii_alphanumeric());
    if without_number.chars().count() >= LEAST_SITE { without_number } else { site }
}

/// Fewest characters of the name of a site: a shorter beginning is shared by places that are not one site.
const LEAST_SITE: usize = 4;

/// Names of military places, which public maps do not show (地图管理条例).
const MILITARY: [&str; 13] = [
    "部队",
    "军区",
    "军分区",
    "警备区",
    "武警",
    "武装部",
    "军营",
    "军事",
    "军械",
    "营区",
    "人防",
    "弹药",
    "雷达站",
];

/// Whether a name mentions something military.
pub(crate) fn is_military(name: &str) -> bool {
    MILITARY.iter().any(|word| name.contains(word))
}

/// Whether a name may stand on a street sign: not that of a plan (规划路294), of a part of a road (三环路辅路, 荣进街隧道) or
/// of a path.
pub(crate) fn is_street_sign(name: &str) -> bool {
    const OTHERS: [&str; 13] = [
        "规划",
        "高架",
        "隧道",
        "匝道",
        "匝桥",
        "立交",
        "高速",
        "快速路",
        "辅路",
        "铁路",
        "步道",
        "绿道",
        "跑道",
    ];
    is_chinese(name)
        && (name.ends_with(['路', '街', '道', '巷']) || name.ends_with("胡同"))
        && !OTHERS.iter().any(|word| name.contains(word))
        && !name.chars().any(|character| character.is_ascii_digit())
}

/// Signs between the names of a list.
const LISTS: [char; 2] = [';', '；'];

fn first_of_list(name: &str) -> &str {
    let mut names = name.split(LISTS).map(str::trim).filter(|name| !name.is_empty());
    let first = names.clone().next();
    names.find(|name| is_chinese(name)).or(first).unwrap_or(name)
}

fn without_english_tail(name: &str) -> &str {
    split_english(name).map_or(name, |(chinese, _)| chinese)
}

/// A Chinese name and the English one after it, if a dash, bar or slash stands between them.
fn split_english(text: &str) -> Option<(&str, &str)> {
    let (last, letter) = text.char_indices().rfind(|(_, letter)| is_han(*letter))?;
    let after = &text[last + letter.len_utf8()..];
    let rest = after.trim_start_matches([')', '）', ' ']);
    let english = rest.strip_prefix(['-', '–', '—', '|', '/', '／'])?.trim();
    is_english(english).then(|| (&text[..text.len() - rest.len()], english))
}

/// Whether a text without Chinese characters is English words. The number of a building or phase is none, nor are
/// capitals that belong to a Chinese name: `B`, `Phase 2`, `ONE`.
fn is_english(text: &str) -> bool {
    let long = |word: &&str| word.chars().filter(|it| it.is_alphabetic()).count() > 2;
    let mut words = text.split_whitespace().filter(long);
    let (first, second) = (words.next(), words.next());
    let is_word = |word: &str| word.chars().any(char::is_lowercase);
    second.is_some() || (first.is_some_and(is_word) && !text.chars().any(|it| it.is_ascii_digit()))
}

/// Drops a date of year and month at the end, such as that of completion, with the sign before it.
fn without_date(name: &str) -> &str {
    const SIGNS: [char; 9] = ['·', '•', '-', '–', ' ', '(', '（', '_', '.'];
    let open = name.trim_end_matches([')', '）', '建', '成']);
    let Some(at) = open.rfind(|it: char| !(it.is_ascii_digit() || "-./年月日".contains(it))) else {
        return name;
    };
    let sign = open[at..].chars().next().unwrap_or(' ');
    let date = &open[at + sign.len_utf8()..];
    // A dash belongs to the date if it stands within it: 熙云府-2021-12.
    let (head, date) = if SIGNS.contains(&sign) {
        (&open[..at], date)
    } else {
        match date.strip_prefix(['-', '.']) {
            Some(rest) => (&open[..at + sign.len_utf8()], rest),
            None => return name,
        }
    };
    if is_date(date) { head } else { name }
}

/// Whether a text is a year with a month: 2021-12, 2021.8, 2021年12月; or a year that says so: 2021年.
fn is_date(text: &str) -> bool {
    let mut parts = text.split(['-', '.', '/', '年', '月', '日']).filter(|part| !part.is_empty());
    let is_year = |part: &str| part.len() == 4 && (part.starts_with("19") || part.starts_with("20"));
    let Some(true) = parts.next().map(is_year) else { return false };
    let in_range = |part: Option<&str>, most: u32| {
        part.is_none_or(|part| part.parse::<u32>().is_ok_and(|number| (1..=most).contains(&number)))
    };
    let (month, day) = (parts.next(), parts.next());
    (month.is_some() || text.ends_with('年'))
        && in_range(month, 12)
        && in_range(day, 31)
        && parts.next().is_none()
}

/// The half of a name that is written twice, with or without a sign between.
fn once(name: &str) -> &str {
    let characters: Vec<usize> = name.char_indices().map(|(at, _)| at).chain([name.len()]).collect();
    let count = characters.len() - 1;
    for between in [0, 1] {
        if count < 4 + between || !(count - between).is_multiple_of(2) {
            continue;
        }
        let half = (count - between) / 2;
        let (first, second) = (&name[..characters[half]], &name[characters[half + between]..]);
        let sign = name[characters[half]..characters[half + between]].chars().next();
        let mut letters = first.chars();
        let one = letters.next();
        // 天天天天 is a name of its own.
        let varies = letters.any(|letter| Some(letter) != one);
        if first == second && varies && sign.is_none_or(|sign| !sign.is_alphanumeric()) {
            return first;
        }
    }
    name
}

const QUOTES: [(char, char); 7] =
    [('"', '"'), ('\'', '\''), ('“', '”'), ('‘', '’'), ('「', '」'), ('『', '』'), ('《', '》')];
/// Punctuation that begins and ends no name.
const STRAY: [char; 22] = [
    '。', '，', '、', '；', '：', '？', '！', '·', '•', '.', ',', ';', ':', '?', '!', '-', '–', '—', '|',
    '/', '_', '~',
];
/// Brackets that are stray where the other one is missing.
const BRACKETS: [(char, char); 3] = [('(', ')'), ('（', '）'), ('[', ']')];

fn without_stray_punctuation(name: &str) -> &str {
    let trimmed = name.trim_matches(|it: char| STRAY.contains(&it) || it.is_whitespace());
    let ends = (trimmed.chars().next(), trimmed.chars().next_back());
    for (open, close) in QUOTES {
        let inside = || trimmed.chars().filter(|it| [open, close].contains(it)).count();
        if ends == (Some(open), Some(close)) && inside() == 2 {
            return &trimmed[open.len_utf8()..trimmed.len() - close.len_utf8()];
        }
        // One that is never closed, or was never opened.
        if inside() == 1 && ends.0 == Some(open) {
            return &trimmed[open.len_utf8()..];
        }
        if inside() == 1 && ends.1 == Some(close) {
            return &trimmed[..trimmed.len() - close.len_utf8()];
        }
    }
    for (open, close) in BRACKETS {
        if ends.0 == Some(close) {
            return &trimmed[close.len_utf8()..];
        }
        if ends.1 == Some(open) {
            return &trimmed[..trimmed.len() - open.len_utf8()];
        }
    }
    trimmed
}

/// 万科 · 招商城市之光 is set 万科·招商城市之光.
fn without_spaces_around_dots(name: &str) -> String {
    let mut kept = String::with_capacity(name.len());
    for word in name.split(' ') {
        let joins = kept.ends_with(['·', '•']) || word.starts_with(['·', '•']);
        if !kept.is_empty() && !joins {
            kept.push(' ');
        }
        kept.push_str(word);
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Names of the map of Harbin that stood on boards, and what a sign says.
    const CASES: [(&str, &str); 18] = [
        ("海富山水文园2期;海富漫香林;海富山水文园1期", "海富山水文园2期"),
        ("HaiFu；海富漫香林", "海富漫香林"),
        ("华润·熙云府·2021-12", "华润·熙云府"),
        ("汇龙·拾光里·2021-08", "汇龙·拾光里"),
        ("熙云府（2021年12月建成）", "熙云府"),
        ("熙云府-2021.8", "熙云府"),
        ("东辉明珠园东辉明珠园", "东辉明珠园"),
        ("东辉明珠园 东辉明珠园", "东辉明珠园"),
        ("国际会展名城 - International Conference and Exhibition City", "国际会展名城"),
        ("闽江小学 - Minjiang Kindergarten", "闽江小学"),
        ("。红博中央公园", "红博中央公园"),
        ("“红博广场”", "红博广场"),
        ("\"红博广场", "红博广场"),
        (" 万科 · 招商城市之光\u{3000}", "万科·招商城市之光"),
        ("新松 · 茂樾山•2期", "新松·茂樾山•2期"),
        ("Mykal Supermarket", "Mykal Supermarket"),
        ("。。", "。。"),
        ("", ""),
    ];

    #[test]
    fn names_of_the_map_are_cleaned() {
        for (text, expected) in CASES {
            assert_eq!(clean_name(text), expected, "{text}");
        }
    }

    #[test]
    fn phases_years_numbers_and_brackets_of_a_name_stay() {
        for name in [
            "恒大御景湾1期",
            "恒大珺庭·1期·2期",
            "保利水韵长滩-南区",
            "卓展购物中心-B座",
            "富力中心-T2",
            "融创·四季-ONE",
            "阳光2000",
            "丽兹·2008",
            "公园1955",
            "爱达88",
            "香安电力小区(西区)",
            "哈尔滨工业大学 (二校区)",
            "中艺 和悦府",
            "农业大学/团结街",
            "“红博”广场",
            "天天天天",
            "汇龙北纬45度",
            "F•Lavie",
        ] {
            assert_eq!(clean_name(name), name);
        }
    }

    #[test]
    fn the_english_name_behind_a_dash_is_kept_apart() {
        assert_eq!(english_tail("金桂园 - Jingui Court"), Some("Jingui Court"));
        for none in ["富力中心-T2", "保利城-南区", "Jingui - Court", "金桂园"] {
            assert_eq!(english_tail(none), None, "{none}");
        }
    }

    #[test]
    fn scripts_are_told_apart() {
        for latin in ["Mykal Supermarket", "102", "круглосуточное кафе", "McCafé", "ＫＦＣ"]
        {
            assert!(is_latin_only(latin), "{latin}");
        }
        for other in ["肯德基 KFC", "ᠲᠠᠪᠤᠪᠠᠨ", "مستوصف", "30中学"] {
            assert!(!is_latin_only(other), "{other}");
        }
    }

    #[test]
    fn parts_of_a_site_have_its_name() {
        for (part, site) in [
            ("东北林业大学-文法学院", "东北林业大学"),
            ("继红小学校(同济街)", "继红小学校"),
            ("卓展购物中心-B座", "卓展购物中心"),
            ("富力中心 T2", "富力中心"),
            ("富力中心T3", "富力中心"),
            ("华润·熙云府", "华润·熙云府"),
            ("爱达88", "爱达88"),
            ("30中学", "30中学"),
        ] {
            assert_eq!(site_of(part), site, "{part}");
        }
    }

    #[test]
    fn names_of_plans_and_of_parts_of_roads_are_no_street_signs() {
        for name in ["河洛街", "红旗大街", "群力第一大道", "工友胡同", "铁顺街"] {
            assert!(is_street_sign(name), "{name}");
        }
        for name in
            ["规划路294", "规划崂山路", "荣进街隧道", "三环路辅路", "Chenggong Road", "休闲广场", "江畔绿道"]
        {
            assert!(!is_street_sign(name), "{name}");
        }
    }

    #[test]
    fn military_names_are_told_apart_from_others() {
        for name in ["某部队营区", "武警医院", "省军区幼儿园"] {
            assert!(is_military(name), "{name}");
        }
        for name in ["红军小学", "军乐园", "南岗派出所", "八一公园"] {
            assert!(!is_military(name), "{name}");
        }
    }

    proptest! {
        #[test]
        fn cleaning_twice_changes_nothing(text in "[一二三园区期A-c0-9 ·;；。，\\-/()（）“”\"年月]{0,24}") {
            let cleaned = clean_name(&text);
            prop_assert_eq!(&clean_name(&cleaned), &cleaned);
        }

        #[test]
        fn a_name_with_a_chinese_character_keeps_one(text in "\\PC{0,8}[一-龥]\\PC{0,12}") {
            prop_assert!(is_chinese(&clean_name(&text)));
        }

        #[test]
        fn clean_names_stay(name in "[甲乙丙丁戊己庚辛]{3}[园苑城里府](·[兰梅竹菊]{2}苑)?([1-9]期|[A-F]区|-[东西南北]区|\\([东西]区\\))?") {
            prop_assert_eq!(clean_name(&name), name);
        }
    }
}
