//! Table of sensitivity: the number of verdicts that depend on assumptions.

use crate::coverage::CoverageReport;
use crate::typed::{Kind, TableColumn, TypedTable};
use circle_plan::Assumption;

/// A row for each assumption and line of the rule set.
pub(super) fn table(report: &CoverageReport<'_>) -> TypedTable {
    let columns = vec![
        TableColumn::new("assumption", "假设 assumption", Kind::Text),
        TableColumn::new("meaning", "含义 meaning", Kind::Text),
        TableColumn::new("line", "条目 line", Kind::Text),
        TableColumn::new("compounds", "小区 compounds", Kind::Whole),
        TableColumn::new("verdicts_changed", "结论改变 changed", Kind::Whole),
        TableColumn::new("gained", "缺口变达标 gained", Kind::Whole),
        TableColumn::new("lost", "达标变缺口 lost", Kind::Whole),
        TableColumn::new("became_unknown", "变为未知 became unknown", Kind::Whole),
        TableColumn::new("became_known", "由未知变为可判 became known", Kind::Whole),
        TableColumn::new("share_changed", "改变比例 share", Kind::Number).shown_as("0.0%"),
    ];
    let mut table = TypedTable::new("assumptions", "敏感性 assumptions", columns);
    let Some(sensitivity) = report.sensitivity else { return table };
    let coverage = report.coverage;
    for assumption in Assumption::ALL {
        for column in coverage.judged() {
            let changes = sensitivity.changes(coverage, assumption, column, report.compounds());
            let compounds = report.compounds().len();
            let row = [
                table.text(assumption.word()),
                table.text(assumption.zh()),
                table.text(report.title(column)),
                (compounds as u32).into(),
                changes.all.into(),
                changes.gained.into(),
                changes.lost.into(),
                changes.became_unknown.into(),
                changes.became_known.into(),
                (compounds > 0).then(|| f64::from(changes.all) / compounds as f64).into(),
            ];
            table.push(&row);
        }
    }
    table
}
