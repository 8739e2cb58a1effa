//! Table of completeness: a row for each line or category and area.

use super::input::CoverageTables;
use crate::typed::{Cell, Kind, TableColumn, TypedTable};
use std::borrow::Cow;

/// Lines of the rule set first, then every other category; for each, the whole city first.
pub(super) fn table(tables: &CoverageTables<'_>) -> TypedTable {
    let columns = vec![
        TableColumn::new("category", "类别 category", Kind::Text),
        TableColumn::new("line", "条目 line", Kind::Text),
        TableColumn::new("unit_id", "单元编号 unit id", Kind::Text),
        TableColumn::new("unit_name", "单元 unit", Kind::Text),
        TableColumn::new("residents", "居民 residents", Kind::Whole),
        TableColumn::new("expected", "应有设施 expected", Kind::Number).shown_as("0.0"),
        TableColumn::new("known", "已知设施 known", Kind::Whole),
        TableColumn::new("completeness", "数据完整度 completeness", Kind::Number).shown_as("0%"),
        TableColumn::new("carries_gaps", "足以判断缺口 carries gaps", Kind::Flag),
    ];
    let mut table = TypedTable::new("sources", "数据完整度 sources", columns);
    let report = &tables.report;
    let (city, coverage) = (report.city, report.coverage);
    let judged = coverage.judged();
    let others = (0..coverage.columns.len()).filter(|column| !judged.contains(column));
    for column in judged.iter().copied().chain(others) {
        let of_column = &coverage.columns[column];
        for (area, source) in coverage.areas.all().iter().zip(&of_column.sources) {
            let unit = area.unit.map(|unit| &city.units()[unit.index()]);
            let name = unit.map_or("全市", |unit| city.text(unit.name));
            let mut text = |text: &str| if text.is_empty() { Cell::None } else { table.text(text) };
            let row = [
                text(&of_column.name),
                text(report.title(column)),
                text(&area.unit.map_or(Cow::Borrowed(""), |unit| city.unit_key(unit))),
                text(name),
                area.residents.map_or(Cell::None, |residents| Cell::Whole(residents.round() as i64)),
                source.expected.map(|expected| (expected * 10.0).round() / 10.0).into(),
                source.known.into(),
                source.completeness().map(|share| (share * 1000.0).round() / 1000.0).into(),
                coverage.evidence.carries(source).into(),
            ];
            table.push(&row);
        }
    }
    table
}

/// The lines that own files would settle, by residents, descending.
pub(super) fn bring(tables: &CoverageTables<'_>) -> TypedTable {
    let columns = vec![
        TableColumn::new("line", "条目 line", Kind::Text),
        TableColumn::new("categories", "需要的名单（类别）categories", Kind::Text),
        TableColumn::new("completeness", "现有数据完整度 completeness", Kind::Number).shown_as("0%"),
        TableColumn::new("compounds_unknown", "因此未知的小区 compounds", Kind::Whole),
        TableColumn::new("residents_unknown", "因此未知的居民 residents", Kind::Whole),
    ];
    let mut table = TypedTable::new("bring", "需要补充的数据 what to bring", columns);
    let report = &tables.report;
    let coverage = report.coverage;
    for it in circle_plan::bring(report.city, coverage, report.rules, report.within) {
        let names: Vec<&str> = it.categories.iter().map(|column| report.category_name(*column)).collect();
        let row = [
            table.text(report.title(it.column)),
            table.text(&names.join("、")),
            it.completeness.map(|share| (share * 1000.0).round() / 1000.0).into(),
            it.compounds.into(),
            Cell::Whole(i64::try_from(it.residents).unwrap_or(i64::MAX)),
        ];
        table.push(&row);
    }
    table
}
