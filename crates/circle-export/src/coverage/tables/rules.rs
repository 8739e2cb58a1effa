//! Table of the rule set: what each line requires, its source, and whether the data is complete enough.

use crate::coverage::CoverageReport;
use crate::coverage::rows::TO_CHECK;
use crate::typed::{Cell, Kind, TableColumn, TypedTable};
use circle_model::rules::Measure;

/// A row for each line.
pub(super) fn table(report: &CoverageReport<'_>) -> TypedTable {
    let columns = vec![
        TableColumn::new("line", "条目 line", Kind::Text),
        TableColumn::new("line_en", "条目英文 line in English", Kind::Text),
        TableColumn::new("category", "对应列 column", Kind::Text),
        TableColumn::new("any_of", "满足类别（任一）any of", Kind::Text),
        TableColumn::new("tier", "层级 tier", Kind::Text),
        TableColumn::new("need", "要求 need", Kind::Text),
        TableColumn::new("minutes", "步行 分钟 minutes", Kind::Whole),
        TableColumn::new("radius_metres", "服务半径 米 radius m", Kind::Whole),
        TableColumn::new("one_per", "每单元一处 one per", Kind::Text),
        TableColumn::new("smallest_square_metres", "最小面积 平方米 smallest m²", Kind::Number),
        TableColumn::new("facilities", "数据中的设施 facilities", Kind::Whole),
        TableColumn::new("has_source", "数据足以判断缺口 has source", Kind::Flag),
        TableColumn::new("expected", "全市应有设施 expected", Kind::Number).shown_as("0.0"),
        TableColumn::new("known", "全市已知设施 known", Kind::Whole),
        TableColumn::new("completeness", "数据完整度 completeness", Kind::Number).shown_as("0%"),
        TableColumn::new("department", "责任部门 department", Kind::Text),
        TableColumn::new("source", "出处 source", Kind::Text),
        TableColumn::new("confidence", "可信度 confidence", Kind::Text),
        TableColumn::new("to_check", "待核 to check", Kind::Text),
        TableColumn::new("note", "说明 note", Kind::Text),
    ];
    let mut table = TypedTable::new("rules", "规则集 rules", columns);
    let coverage = report.coverage;
    for number in coverage.judged() {
        let column = &coverage.columns[number];
        let source = column.sources.first().copied().unwrap_or_default();
        let Some(line) = report.line(number) else { continue };
        let (minutes, metres, unit) = match report.rules.measure(line) {
            Measure::Minutes(minutes) => (Some(minutes), None, ""),
            Measure::Metres(metres) => (None, Some(metres), ""),
            Measure::OnePer(unit) => (None, None, unit.zh()),
            Measure::None => (None, None, ""),
        };
        let any_of = line
            .any_of
            .iter()
            .map(|id| {
                report.catalogue.index_of(id).map_or(id.as_str(), |at| &report.catalogue.categories[at].zh)
            })
            .collect::<Vec<_>>()
            .join("、");
        let departments = line.departments(report.catalogue).join("、");
        let mut text = |text: &str| if text.is_empty() { Cell::None } else { table.text(text) };
        let row = [
            text(&line.zh),
            text(&line.en),
            text(&column.name),
            text(&any_of),
            text(line.tier.as_deref().unwrap_or_default()),
            text(line.need.map_or("", circle_model::rules::Need::zh)),
            minutes.into(),
            metres.into(),
            text(unit),
            line.smallest_area().into(),
            (column.facilities.len() as u32).into(),
            column.is_sourced(&coverage.evidence).into(),
            source.expected.into(),
            source.known.into(),
            source.completeness().into(),
            text(&departments),
            text(&line.source),
            text(line.confidence.word()),
            text(if line.needs_check() { TO_CHECK } else { "" }),
            text(&line.note),
        ];
        table.push(&row);
    }
    table
}
