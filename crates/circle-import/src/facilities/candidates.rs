//! Spaces that could house a facility 可盘活闲置空间, from own files.

use crate::compounds::{CompoundIndex, DraftCompound};
use crate::keys::of_record;
use crate::own::{OwnCandidate, Record, Report};
use circle_model::{CompoundId, Point};
use circle_sheet::OwnLayer;
use rustc_hash::FxHashMap;

/// A space, with the compound that it lies in.
#[derive(Debug)]
pub(crate) struct DraftCandidate {
    pub(crate) record: Record,
    pub(crate) note: Option<Box<str>>,
    pub(crate) key: String,
    pub(crate) compound: Option<CompoundId>,
}

/// A point and a name.
type NamedPoint = (Point, Option<Box<str>>);

/// Finds the spaces; repeated rows are merged.
pub(crate) fn find_candidates(
    candidates: Vec<OwnCandidate>,
    compounds: &[DraftCompound],
    report: &mut Report<'_>,
) -> Vec<DraftCandidate> {
    if candidates.is_empty() {
        return Vec::new();
    }
    let index = CompoundIndex::new(compounds);
    let mut known: FxHashMap<NamedPoint, (u32, u32)> = FxHashMap::default();
    let mut found = Vec::with_capacity(candidates.len());
    for OwnCandidate { record, note } in candidates {
        let place = (record.point, record.name.clone());
        if let Some((source, row)) = known.get(&place).copied() {
            let first = report.label(source, row);
            report.merge_into(&record, &format!("the same place and name as {first}"));
            continue;
        }
        known.insert(place, (record.source, record.row));
        found.push(DraftCandidate {
            key: of_record(OwnLayer::Candidates, &record),
            compound: index.smallest_containing(record.point),
            record,
            note,
        });
    }
    found
}
