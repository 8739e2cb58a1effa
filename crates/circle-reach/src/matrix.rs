//! The walks from many compounds to all facilities within a limit, computed once for a question.

use crate::cancel::Cancelled;
use crate::walk::reach::Reached;
use circle_model::{CompoundId, FacilityId, GateId, Millimetres, Milliseconds};
use rayon::prelude::*;

/// Walks compound × facility for one profile, up to a limit: a sparse matrix in CSR form, one row for each
/// compound, 16 bytes for each pair.
///
/// The row of a compound contains what [`reach`](fn@crate::reach) finds from it within the limit, in the same
/// order. Walks within a smaller limit are the first pairs of the row ([`Matrix::within`]).
#[derive(Debug, Clone)]
pub struct Matrix {
    limit: Milliseconds,
    /// Position in `pairs` of each compound's first pair; the last entry is the count of pairs.
    starts: Vec<usize>,
    /// By compound, whether it was searched from and has a usable gate.
    is_usable: Vec<bool>,
    pairs: Vec<Pair>,
}

/// The walk from a compound to a facility.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair {
    /// The facility.
    pub facility: FacilityId,
    /// Walking time to its nearest access point.
    pub time: Milliseconds,
    /// Length of that walk.
    pub length: Millimetres,
    /// The gate by which the walk leaves the compound.
    pub gate: GateId,
}

impl Matrix {
    /// Builds the rows of `compounds`, out of `all` compounds of the city. `reach` computes one row; `None`
    /// if the compound has no usable gate.
    pub(crate) fn build(
        all: usize,
        compounds: &[CompoundId],
        limit: Milliseconds,
        reach: impl Fn(CompoundId) -> Result<Option<Vec<Reached>>, Cancelled> + Sync,
    ) -> Result<Self, Cancelled> {
        let row = |compound: &CompoundId| -> Result<Option<Vec<Pair>>, Cancelled> {
            Ok(reach(*compound)?.map(|reached| reached.iter().filter_map(pair).collect()))
        };
        let found: Vec<Option<Vec<Pair>>> = compounds.par_iter().map(row).collect::<Result<_, _>>()?;
        let mut rows: Vec<Option<Vec<Pair>>> = vec![None; all];
        for (compound, row) in compounds.iter().zip(found) {
            rows[compound.index()] = row;
        }
        let mut starts = Vec::with_capacity(all + 1);
        let mut pairs = Vec::with_capacity(rows.iter().flatten().map(Vec::len).sum());
        let is_usable = rows.iter().map(Option::is_some).collect();
        for row in rows {
            starts.push(pairs.len());
            pairs.extend(row.into_iter().flatten());
        }
        starts.push(pairs.len());
        Ok(Self { limit, starts, is_usable, pairs })
    }

    /// The longest walk in it.
    pub const fn limit(&self) -> Milliseconds {
        self.limit
    }

    /// The walks from a compound, by time, then by length, then by facility; `None` if it has no usable gate
    /// or the matrix was not built for it.
    pub fn row(&self, compound: CompoundId) -> Option<&[Pair]> {
        let range = self.starts[compound.index()]..self.starts[compound.index() + 1];
        self.is_usable[compound.index()].then(|| &self.pairs[range])
    }

    /// The walks from a compound within `limit`, in the order of [`Matrix::row`]; empty without a row.
    /// Walks beyond [`Matrix::limit`] are not stored.
    pub fn within(&self, compound: CompoundId, limit: Milliseconds) -> &[Pair] {
        let row = self.row(compound).unwrap_or_default();
        &row[..row.partition_point(|pair| pair.time <= limit)]
    }

    /// The walk from a compound to a facility; `None` if it is longer than [`Matrix::limit`] or there is
    /// none.
    pub fn pair(&self, compound: CompoundId, facility: FacilityId) -> Option<&Pair> {
        self.row(compound)?.iter().find(|pair| pair.facility == facility)
    }

    /// The walk from a compound to the nearest of some facilities (ascending), such as those of a category,
    /// within a limit; `None` if there is none.
    pub fn nearest(
        &self,
        compound: CompoundId,
        facilities: &[FacilityId],
        limit: Milliseconds,
    ) -> Option<&Pair> {
        let is_one_of = |pair: &&Pair| facilities.binary_search(&pair.facility).is_ok();
        self.within(compound, limit).iter().find(is_one_of)
    }
}

/// Walks from a compound always start at a gate.
fn pair(reached: &Reached) -> Option<Pair> {
    let &Reached { facility, time, length, gate, .. } = reached;
    Some(Pair { facility, time, length, gate: gate? })
}
