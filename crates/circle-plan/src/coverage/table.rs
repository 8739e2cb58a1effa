//! The coverage table 覆盖 and its accessors.

use super::columns::{Column, Distance};
use super::verdict::{Reason, Verdict};
use crate::evidence::{Areas, Evidence, Source};
use circle_model::rules::Measure;
use circle_model::{CompoundId, FacilityId, GateId, Millimetres, Milliseconds};

/// The coverage table of all compounds.
#[derive(Debug, Clone)]
pub struct Coverage {
    /// The evidence that its gaps are based on.
    pub evidence: Evidence,
    /// The areas in which completeness is computed.
    pub areas: Areas,
    /// The bands, in minutes, ascending.
    pub minutes: Vec<u32>,
    /// One for each category of the catalogue, then one for each line of the rule set that no category stands for.
    pub columns: Vec<Column>,
    /// `compounds × columns`, grouped by compound.
    pub(super) rows: Vec<CoverageRow>,
    /// `compounds × columns × bands`.
    pub(super) counts: Vec<u32>,
    /// `compounds × columns judged by distance`.
    pub(super) distances: Vec<Distance>,
}

/// Nearest facility and verdict of one compound in one column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CoverageRow {
    /// The nearest facility with its walk; `None` if no facility can be walked to.
    pub nearest: Option<Nearest>,
    /// The longest of the walks from each gate to its nearest facility, if all gates are inferred; else the walk of
    /// `nearest`. `None` if a gate leads to none, and in columns that are not judged by a walk.
    pub worst: Option<Milliseconds>,
    /// The verdict; `None` if the rule set has no line for the category.
    pub verdict: Option<Verdict>,
    /// The reason of the verdict, unless it is covered.
    pub reason: Option<Reason>,
}

/// The shortest walk from any gate of a compound to any facility of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Nearest {
    /// The facility.
    pub facility: FacilityId,
    /// The gate where the walk begins.
    pub gate: GateId,
    /// Walking time.
    pub time: Milliseconds,
    /// Length of the walk.
    pub length: Millimetres,
}

/// One compound in one column: its row, its counts and the completeness of the data.
#[derive(Debug, Clone, Copy)]
pub struct Standing<'a> {
    /// The column.
    pub column: &'a Column,
    /// Nearest facility and verdict.
    pub row: &'a CoverageRow,
    /// Number of distinct facilities within each band of [`Coverage::minutes`].
    pub counts: &'a [u32],
    /// Straight-line distance and verdict, if the column is judged by distance.
    pub distance: Option<Distance>,
    /// Completeness of the column in the area of the compound.
    pub source: Source,
}

impl Standing<'_> {
    /// The limit in minutes; `None` if the column is not judged by time.
    pub const fn tier(&self) -> Option<u32> {
        match self.column.measure {
            Some(Measure::Minutes(minutes)) => Some(minutes),
            _ => None,
        }
    }

    /// Excess of the nearest walk over the limit, if that is the reason of a gap and the column is judged by distance.
    pub fn beyond_metres(&self) -> Option<Millimetres> {
        let Some(Measure::Metres(radius)) = self.column.measure else { return None };
        let nearest = self.row.nearest.filter(|_| self.row.reason == Some(Reason::Beyond))?;
        Some(Millimetres(nearest.length.0.saturating_sub(radius.saturating_mul(1000))))
    }

    /// Excess of the nearest walk over the limit, if that is the reason of a gap and the column is judged by time.
    pub fn beyond(&self) -> Option<Milliseconds> {
        let tier = self.tier().filter(|_| self.row.reason == Some(Reason::Beyond))?;
        let over = |it: Nearest| it.time.0.saturating_sub(Milliseconds::from_minutes(tier).0);
        self.row.nearest.map(over).map(Milliseconds)
    }
}

impl Coverage {
    /// One compound in one column.
    pub fn at(&self, compound: CompoundId, column: usize) -> Standing<'_> {
        let (width, bands) = (self.columns.len(), self.minutes.len());
        let cell = compound.index() * width + column;
        let of_column = &self.columns[column];
        let distance = of_column.distance.map(|place| {
            let by_distance = self.distances.len() / self.compounds();
            self.distances[compound.index() * by_distance + place]
        });
        Standing {
            column: of_column,
            row: &self.rows[cell],
            counts: &self.counts[cell * bands..][..bands],
            distance,
            source: of_column.sources.get(self.areas.of_compound(compound)).copied().unwrap_or_default(),
        }
    }

    /// The nearest facility of the columns that are named beside a line and do not meet it.
    pub fn beside(&self, compound: CompoundId, column: usize) -> Option<Nearest> {
        let beside = self.columns[column].beside.iter();
        beside.filter_map(|other| self.at(compound, *other).row.nearest).min_by_key(|nearest| nearest.time)
    }

    /// All verdicts, `compounds × columns`, grouped by compound.
    pub(crate) fn verdicts(&self) -> Vec<Option<Verdict>> {
        self.rows.iter().map(|row| row.verdict).collect()
    }

    /// Number of compounds.
    pub fn compounds(&self) -> usize {
        self.rows.len() / self.columns.len().max(1)
    }

    /// Memory of the table, in bytes.
    pub fn bytes(&self) -> usize {
        size_of_val(&*self.rows)
            + size_of_val(&*self.counts)
            + size_of_val(&*self.distances)
            + self.areas.bytes()
    }

    /// The columns that the lines of the rule set are judged in, in the order of the lines.
    pub fn judged(&self) -> Vec<usize> {
        let mut judged: Vec<(usize, usize)> =
            (0..self.columns.len()).filter_map(|column| Some((self.columns[column].line?, column))).collect();
        judged.sort_unstable();
        judged.into_iter().map(|(_, column)| column).collect()
    }
}
