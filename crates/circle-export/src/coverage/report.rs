//! The input of all outputs about coverage, and the selection of its parts.

use super::carried::CarriedLedger;
use crate::statement::Statement;
use circle_model::rules::{Line, Measure};
use circle_model::{Catalogue, City, CompoundId, Profile, RuleSet};
use circle_plan::{Coverage, Rolled, RolledLine, Sensitivity, Within};

/// The input of all outputs about coverage.
#[derive(Debug, Clone, Copy)]
pub struct CoverageReport<'a> {
    /// The city, at the requested time.
    pub city: &'a City,
    /// The catalogue of its facilities.
    pub catalogue: &'a Catalogue,
    /// The walking profile.
    pub profile: &'a Profile,
    /// The rule set.
    pub rules: &'a RuleSet,
    /// The verdicts.
    pub coverage: &'a Coverage,
    /// The verdicts under other assumptions, if requested.
    pub sensitivity: Option<&'a Sensitivity>,
    /// The unit that the report is limited to; the whole city if `None`.
    pub within: Option<&'a Within>,
    /// The contents of an earlier, filled-in ledger.
    pub carried: Option<&'a CarriedLedger>,
}

impl<'a> CoverageReport<'a> {
    /// The line of the rule set that is judged in a column.
    pub(crate) fn line(&self, column: usize) -> Option<&'a Line> {
        self.rules.lines.get(self.coverage.columns[column].line?)
    }

    /// The name of a column: that of its line.
    pub(crate) fn title(&self, column: usize) -> &'a str {
        self.line(column).map_or(self.coverage.columns[column].name.as_str(), |line| line.zh.as_str())
    }

    /// The name of a category's column.
    pub(crate) fn category_name(&self, column: usize) -> &'a str {
        let name = self.coverage.columns[column].name.as_str();
        self.catalogue.index_of(name).map_or(name, |at| self.catalogue.categories[at].zh.as_str())
    }

    /// What the line of a column requires, as text.
    pub(crate) fn asked(&self, column: usize) -> String {
        match self.coverage.columns[column].measure {
            Some(Measure::Minutes(minutes)) => format!("步行 {minutes} 分钟"),
            Some(Measure::Metres(metres)) => format!("服务半径 {metres} 米"),
            Some(Measure::OnePer(unit)) => format!("每个{}一处", unit.zh()),
            Some(Measure::None) | None => String::new(),
        }
    }

    /// The name of a line or of a set of lines.
    pub(crate) fn title_of(&self, line: &RolledLine) -> &'a str {
        match line.of {
            Rolled::Line => line.columns.first().map_or("", |column| self.title(*column)),
            Rolled::All => "全部要求 all",
            Rolled::AllWithSource => "全部有数据的 with data",
        }
    }

    /// The compounds of the report, ascending. Every output goes through this list.
    pub(crate) fn compounds(&self) -> impl ExactSizeIterator<Item = CompoundId> + use<'a> {
        let (within, all) = (self.within, self.coverage.compounds());
        let count = within.map_or(all, |within| within.compounds().len());
        (0..count).map(move |at| within.map_or(CompoundId(at as u32), |within| within.compounds()[at]))
    }

    /// Whether the report covers a compound.
    pub(crate) fn holds(&self, compound: CompoundId) -> bool {
        self.within.is_none_or(|within| within.contains(compound))
    }

    /// The compounds of a selection that the report covers.
    pub(super) fn selected(
        &self,
        selection: CoverageSelection,
    ) -> impl Iterator<Item = CompoundId> + use<'a> {
        self.compounds().filter(move |id| selection.compound.is_none_or(|only| only == *id))
    }

    /// The statement.
    pub fn statement(&self) -> Statement {
        let statement =
            Statement::of(self.city).walked_as(self.profile).judged_by(self.rules, &self.coverage.evidence);
        match self.within {
            Some(within) => statement.within(within.name(self.city)),
            None => statement,
        }
    }
}

/// A selection of the table.
#[derive(Debug, Clone, Copy, Default)]
pub struct CoverageSelection {
    /// Only the lines of the rule set, in its order; else every category.
    pub only_rules: bool,
    /// Only this column; all when `None`.
    pub column: Option<usize>,
    /// Only this compound; all when `None`.
    pub compound: Option<CompoundId>,
}

impl CoverageSelection {
    /// The selected columns of `coverage`.
    pub(super) fn columns(self, coverage: &Coverage) -> Vec<usize> {
        let mut columns =
            if self.only_rules { coverage.judged() } else { (0..coverage.columns.len()).collect() };
        columns.retain(|column| self.column.is_none_or(|only| only == *column));
        columns
    }
}
