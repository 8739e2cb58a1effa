//! The coverage table 覆盖 and what it comes to, in every format.

mod carried;
mod csv;
mod geojson;
mod rows;
mod summary;
mod tables;
mod verdicts;

pub use carried::{Carried, FilledRow};
pub(crate) use rows::AS_MAPPED;

pub use csv::{coverage_columns, coverage_csv, write_coverage_csv};
pub use geojson::{coverage_geojson, write_coverage_geojson};
pub use summary::coverage_summary;
pub use tables::{CoverageTable, CoverageTables, roll_up_geojson};
pub use verdicts::verdicts_json;

use crate::statement::Statement;
use circle_model::rules::Line;
use circle_model::{Catalogue, City, CompoundId, Profile, RuleSet};
use circle_plan::{Coverage, Rolled, RolledLine, Sensitivity, Within};

/// What outputs about coverage are written from.
#[derive(Debug, Clone, Copy)]
pub struct CoverageReport<'a> {
    /// The city, at the time that was asked for.
    pub city: &'a City,
    /// The catalogue that its facilities are of.
    pub catalogue: &'a Catalogue,
    /// How it was walked.
    pub profile: &'a Profile,
    /// What it was judged by.
    pub rules: &'a RuleSet,
    /// The verdicts.
    pub coverage: &'a Coverage,
    /// The verdicts under other assumptions, where they were asked for.
    pub sensitivity: Option<&'a Sensitivity>,
    /// The unit whose compounds alone it is about; all of the city's when `None`.
    pub within: Option<&'a Within>,
    /// What was written into the ledger of an earlier run.
    pub carried: Option<&'a Carried>,
}

impl<'a> CoverageReport<'a> {
    /// The line of the rule set that is judged in a column.
    pub(crate) fn line(&self, column: usize) -> Option<&'a Line> {
        self.rules.lines.get(self.coverage.columns[column].line?)
    }

    /// What people call a column: its line's name.
    pub(crate) fn title(&self, column: usize) -> &'a str {
        self.line(column).map_or(self.coverage.columns[column].name.as_str(), |line| line.zh.as_str())
    }

    /// What people call a category's column.
    pub(crate) fn category_name(&self, column: usize) -> &'a str {
        let name = self.coverage.columns[column].name.as_str();
        self.catalogue.index_of(name).map_or(name, |at| self.catalogue.categories[at].zh.as_str())
    }

    /// What people call lines that are added up.
    pub(crate) fn title_of(&self, line: &RolledLine) -> &'a str {
        match line.of {
            Rolled::Line => line.columns.first().map_or("", |column| self.title(*column)),
            Rolled::All => "全部要求 all",
            Rolled::AllWithSource => "全部有数据的 with data",
        }
    }

    /// The compounds that it is about, ascending: whatever is written goes through these alone.
    pub(crate) fn compounds(&self) -> impl ExactSizeIterator<Item = CompoundId> + use<'a> {
        let (within, all) = (self.within, self.coverage.compounds());
        let count = within.map_or(all, |within| within.compounds().len());
        (0..count).map(move |at| within.map_or(CompoundId(at as u32), |within| within.compounds()[at]))
    }

    /// Whether it is about a compound.
    pub(crate) fn holds(&self, compound: CompoundId) -> bool {
        self.within.is_none_or(|within| within.contains(compound))
    }

    /// The compounds of a selection that it is about.
    fn selected(&self, selection: CoverageSelection) -> impl Iterator<Item = CompoundId> + use<'a> {
        self.compounds().filter(move |id| selection.compound.is_none_or(|only| only == *id))
    }

    /// What was assumed.
    pub fn statement(&self) -> Statement {
        let statement =
            Statement::of(self.city).walked_as(self.profile).judged_by(self.rules, &self.coverage.evidence);
        match self.within {
            Some(within) => statement.within(within.name(self.city)),
            None => statement,
        }
    }
}

/// Which part of the table is wanted.
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
    /// The columns of `coverage` that are wanted.
    fn columns(self, coverage: &Coverage) -> Vec<usize> {
        let mut columns =
            if self.only_rules { coverage.judged() } else { (0..coverage.columns.len()).collect() };
        columns.retain(|column| self.column.is_none_or(|only| only == *column));
        columns
    }
}
