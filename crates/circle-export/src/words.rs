//! Chinese labels for the words of columns: a workbook says 缺口 where other formats say `gap`.

use crate::typed::{TypedTable, Words};
use circle_model::Catalogue;
use circle_model::rules::Need;
use circle_plan::{Level, Reason, Verdict};
use std::sync::Arc;

/// Sets the Chinese labels for the words of a table's columns, for output that people read. Unknown words are
/// shown unchanged.
pub(crate) fn in_chinese(mut table: TypedTable, catalogue: &Catalogue) -> TypedTable {
    let categories: Arc<Words> =
        Arc::new(catalogue.categories.iter().map(|it| (it.id.clone(), it.zh.clone())).collect());
    let keys: Vec<String> = table.columns().iter().map(|column| column.key.to_string()).collect();
    for key in keys {
        let words = match key.as_str() {
            "category" | "categories" => categories.clone(),
            key => Arc::new(dictionary(&of_column(key))),
        };
        if !words.is_empty() {
            table.set_words(&key, words);
        }
    }
    table
}

/// The value of `basis` if the map was taken as complete.
pub(crate) const AS_MAPPED: &str = "as_mapped";

/// The fixed word lists, by column.
fn of_column(key: &str) -> Vec<(&'static str, &'static str)> {
    let verdicts = || Verdict::ALL.map(|verdict| (verdict.word(), verdict.zh())).to_vec();
    match key {
        "reason" | "reason_before" | "reason_after" => {
            Reason::ALL.map(|reason| (reason.word(), reason.zh())).to_vec()
        }
        "basis" => vec![(AS_MAPPED, "按地图所示")],
        key if key == "verdict" || key.starts_with("verdict_") || key.ends_with("_verdict") => verdicts(),
        "need" => {
            [Need::Must, Need::May, Need::Basic, Need::Quality].map(|need| (need.word(), need.zh())).to_vec()
        }
        "confidence" => MARKS.to_vec(),
        "population_from" => POPULATION_FROM.to_vec(),
        "provenance" | "gate_provenance" => PROVENANCE.to_vec(),
        "level" => [Level::City].into_iter().chain(Level::UNITS).map(|it| (it.word(), it.zh())).collect(),
        _ => Vec::new(),
    }
}

const MARKS: [(&str, &str); 4] =
    [("verified", "已核对"), ("secondary", "转引"), ("derived", "推导"), ("knowledge", "经验")];

const POPULATION_FROM: [(&str, &str); 4] = [
    ("own_compound", "登记（小区）"),
    ("own_buildings", "登记（楼栋）"),
    ("estimate", "估算"),
    ("unknown", "未知"),
];

const PROVENANCE: [(&str, &str); 4] =
    [("own", "自有清单"), ("mapped", "地图标注"), ("crossing", "道路穿越处"), ("inferred", "推断")];

/// Severities of findings.
pub(crate) const SEVERITIES: [(&str, &str); 3] = [("error", "错误"), ("warning", "警告"), ("info", "提示")];

/// Kinds of findings.
pub(crate) const KINDS: [(&str, &str); 21] = [
    ("facility_shut_in", "设施被封闭区域围住"),
    ("compound_shut_in", "小区被封闭区域围住"),
    ("gate_to_survey", "待踏勘的出入口"),
    ("facility_on_island", "设施在孤立路段上"),
    ("rejected_row", "未采用的行"),
    ("odd_row", "存疑的行"),
    ("coordinates", "坐标"),
    ("no_category", "类别不明"),
    ("correction_applied", "已应用的更正"),
    ("correction_stale", "已失效的更正"),
    ("merged", "合并的记录"),
    ("possible_duplicate", "疑似重复"),
    ("island", "孤立路段"),
    ("compound_on_island", "小区在孤立路段上"),
    ("no_mapped_gate", "没有实测出入口"),
    ("compound_off_network", "小区没有路可达"),
    ("facility_off_network", "设施没有路可达"),
    ("category_without_source", "没有数据的类别"),
    ("few_records", "记录过少"),
    ("clipped_boundary", "边界被截断"),
    ("no_population", "人口未知"),
];

/// Converts a list to the words of a column.
pub(crate) fn dictionary(list: &[(&str, &str)]) -> Words {
    list.iter().map(|(word, zh)| ((*word).to_owned(), (*zh).to_owned())).collect()
}

/// The Chinese label of a word in a list.
pub(crate) fn zh<'a>(list: &[(&str, &'a str)], word: &'a str) -> &'a str {
    list.iter().find(|(known, _)| *known == word).map_or(word, |(_, zh)| *zh)
}

#[cfg(test)]
mod tests {
    use super::*;
    use circle_model::city::{FindingKind, GateProvenance, PopulationFrom, Severity};
    use circle_model::rules::Mark;

    fn known(list: &[(&str, &str)], words: &[&str]) {
        for word in words {
            assert!(list.iter().any(|(known, zh)| known == word && !zh.is_ascii()), "{word}");
        }
    }

    #[test]
    fn every_word_of_a_list_has_a_chinese_label() {
        known(&KINDS, &FindingKind::ALL.iter().map(|it| it.word()).collect::<Vec<_>>());
        known(&SEVERITIES, &Severity::ALL.iter().map(|it| it.word()).collect::<Vec<_>>());
        known(&PROVENANCE, &GateProvenance::ALL.iter().map(|it| it.word()).collect::<Vec<_>>());
        known(&POPULATION_FROM, &PopulationFrom::ALL.iter().map(|it| it.word()).collect::<Vec<_>>());
        let marks = [Mark::Verified, Mark::Secondary, Mark::Derived, Mark::Knowledge];
        known(&MARKS, &marks.map(Mark::word));
    }
}
