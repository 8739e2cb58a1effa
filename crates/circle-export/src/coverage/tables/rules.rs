//! The lines of the rule set: what is asked for, where it says so, and whether the data can tell.

use crate::coverage::CoverageReport;
use crate::coverage::rows::TO_CHECK;
use crate::typed::{Cell, Column, Kind, TypedTable};
use circle_model::rules::Measure;

/// A row per line.
pub(super) fn table(report: &CoverageReport<'_>) -> TypedTable {
    let columns = vec![
        Column::new("line", "条目 line", Kind::Text),
        Column::new("line_en", "条目英文 line in English", Kind::Text),
        Column::new("category", "对应列 column", Kind::Text),
        Column::new("any_of", "满足类别（任一）any of", Kind::Text),
        Column::new("tier", "层级 tier", Kind::Text),
        Column::new("need", "要求 need", Kind::Text),
        Column::new("minutes", "步行 分钟 minutes", Kind::Whole),
        Column::new("radius_metres", "服务半径 米 radius m", Kind::Whole),
        Column::new("one_per", "每单元一处 one per", Kind::Text),
        Column::new("smallest_square_metres", "最小面积 平方米 smallest m²", Kind::Number),
        Column::new("facilities", "数据中的设施 facilities", Kind::Whole),
        Column::new("has_source", "数据足以判断缺口 has source", Kind::Flag),
        Column::new("expected", "全市应有设施 expected", Kind::Number).shown_as("0.0"),
        Column::new("known", "全市已知设施 known", Kind::Whole),
        Column::new("completeness", "数据完整度 completeness", Kind::Number).shown_as("0%"),
        Column::new("department", "责任部门 department", Kind::Text),
        Column::new("source", "出处 source", Kind::Text),
        Column::new("confidence", "可信度 confidence", Kind::Text),
        Column::new("to_check", "待核 to check", Kind::Text),
        Column::new("note", "说明 note", Kind::Text),
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
