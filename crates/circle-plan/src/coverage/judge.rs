//! The verdicts on one compound, from its walks to facilities.

use super::columns::{Column, InUnit, met_by};
use super::judging::Judging;
use super::table::{CoverageRow, Nearest};
use super::verdict::{Reason, Verdict};
use crate::evidence::{Areas, Evidence};
use circle_model::rules::Measure;
use circle_model::{City, CompoundId, Millimetres, Milliseconds};
use circle_reach::Pair;

/// What the verdicts on all compounds share.
pub(super) struct Judge<'a> {
    pub(super) city: &'a City,
    pub(super) columns: Vec<Column>,
    pub(super) areas: Areas,
    pub(super) minutes: &'a [u32],
    pub(super) evidence: Evidence,
    /// The columns that each facility meets.
    met_by: Vec<Vec<usize>>,
    /// The walk from each compound to the edge of the data.
    edge: Vec<Option<(Milliseconds, Millimetres)>>,
}

impl<'a> Judge<'a> {
    pub(super) fn new(
        city: &'a City,
        judging: &Judging<'a>,
        columns: Vec<Column>,
        areas: Areas,
        edge: Vec<Option<(Milliseconds, Millimetres)>>,
    ) -> Self {
        let &Judging { minutes, evidence, .. } = judging;
        Self { city, met_by: met_by(&columns, city), columns, areas, minutes, evidence, edge }
    }

    /// Fills the rows and counts of a compound from its walks, which ascend by time; `None` if it has no usable gate.
    pub(super) fn judge(
        &self,
        compound: CompoundId,
        walks: Option<&[Pair]>,
        rows: &mut [CoverageRow],
        counts: &mut [u32],
    ) {
        let bands = self.minutes.len();
        for walk in walks.unwrap_or_default() {
            for column in &self.met_by[walk.facility.index()] {
                let row = &mut rows[*column];
                // The quickest walk comes first. A line with a distance needs the shortest, which may be a later one.
                let by_distance = self.columns[*column].distance.is_some();
                if row.nearest.is_none_or(|known| by_distance && walk.length < known.length) {
                    let &Pair { facility, time, length, gate } = walk;
                    row.nearest = Some(Nearest { facility, gate, time, length });
                }
                for (count, minutes) in counts[column * bands..][..bands].iter_mut().zip(self.minutes) {
                    *count += u32::from(walk.time <= Milliseconds::from_minutes(*minutes));
                }
            }
        }
        for (row, column) in rows.iter_mut().zip(&self.columns) {
            (row.verdict, row.reason) = self.verdict(compound, column, row.nearest, walks.is_some());
        }
    }

    /// Whether the data is complete enough for a gap in a column, in the area of a compound.
    pub(super) fn is_sourced(&self, compound: CompoundId, column: &Column) -> bool {
        let source = column.sources.get(self.areas.of_compound(compound));
        source.is_some_and(|source| self.evidence.carries(source))
    }

    /// The first row of the table of verdicts that fits (see ARCHITECTURE.md, circle-plan); later passes refine gaps.
    fn verdict(
        &self,
        compound: CompoundId,
        column: &Column,
        nearest: Option<Nearest>,
        has_gate: bool,
    ) -> (Option<Verdict>, Option<Reason>) {
        let edge = self.edge[compound.index()];
        let unknown = |reason| (Some(Verdict::Unknown), Some(reason));
        let gap = |reason| (Some(Verdict::Gap), Some(reason));
        let covered = match column.measure {
            None => return (None, None),
            Some(Measure::None) => return unknown(Reason::NotMeasured),
            Some(Measure::OnePer(unit)) => {
                return match column.in_unit(self.city, compound, unit) {
                    InUnit::Some => (Some(Verdict::Covered), None),
                    InUnit::NoUnit => unknown(Reason::NoUnit),
                    _ if !self.is_sourced(compound, column) => unknown(Reason::SourceIncomplete),
                    InUnit::Clipped => unknown(Reason::DataEdge),
                    InUnit::None if column.facilities.is_empty() => gap(Reason::NoneInCity),
                    InUnit::None => gap(Reason::NoneInUnit),
                };
            }
            Some(Measure::Minutes(minutes)) => {
                nearest.is_some_and(|it| it.time <= Milliseconds::from_minutes(minutes))
            }
            Some(Measure::Metres(radius)) => {
                nearest.is_some_and(|it| it.length.0 <= radius.saturating_mul(1000))
            }
        };
        let near_edge = match (column.measure, edge) {
            (Some(Measure::Minutes(minutes)), Some((time, _))) => time <= Milliseconds::from_minutes(minutes),
            (Some(Measure::Metres(radius)), Some((_, length))) => length.0 <= radius.saturating_mul(1000),
            _ => false,
        };
        match covered {
            _ if !has_gate => unknown(Reason::NoUsableGate),
            true => (Some(Verdict::Covered), None),
            false if !self.is_sourced(compound, column) => unknown(Reason::SourceIncomplete),
            false if near_edge => unknown(Reason::DataEdge),
            false if column.facilities.is_empty() => gap(Reason::NoneInCity),
            false => gap(Reason::Beyond),
        }
    }
}
