//! The walks of compounds to facilities, for a part of the compounds at a time.

use circle_model::{CompoundId, FacilityId, Milliseconds, Profile};
use circle_reach::{Cancel, Cancelled, Matrix, Network, Pair};

/// Compounds whose walks are held at a time. At 120 minutes a compound of a large city reaches over 10,000 facilities,
/// 16 bytes each: a part takes up to about 200 MB. Small in tests, so that they have several parts.
const COMPOUNDS_AT_A_TIME: usize = if cfg!(test) { 2 } else { 1024 };

/// Computes the walks of `compounds` up to `limit` and passes them to `read` part by part, in order, so that memory stays
/// bounded.
///
/// # Errors
///
/// When `cancel` is cancelled.
pub(super) fn in_parts(
    network: &Network,
    profile: &Profile,
    compounds: &[CompoundId],
    limit: Milliseconds,
    cancel: &Cancel,
    mut read: impl FnMut(&[CompoundId], &Matrix),
) -> Result<(), Cancelled> {
    for part in compounds.chunks(COMPOUNDS_AT_A_TIME) {
        cancel.pause()?;
        read(part, &circle_reach::matrix(network, profile, part, limit, cancel)?);
    }
    Ok(())
}

/// The walks of all compounds to some facilities, within a limit: the part of the walks that is read after judging.
#[derive(Debug)]
pub(crate) struct SelectedWalks {
    /// The longest of them.
    pub(crate) limit: Milliseconds,
    /// By facility of the city.
    is_selected: Vec<bool>,
    /// By compound; `None` without a usable gate. In the order of [`Matrix::row`].
    rows: Vec<Option<Vec<Pair>>>,
}

impl SelectedWalks {
    /// Selects the walks to `facilities` of a city with `facility_count` of them.
    pub(crate) fn to(
        facilities: impl IntoIterator<Item = FacilityId>,
        facility_count: usize,
        limit: Milliseconds,
    ) -> Self {
        let mut is_selected = vec![false; facility_count];
        facilities.into_iter().for_each(|facility| is_selected[facility.index()] = true);
        Self { limit, is_selected, rows: Vec::new() }
    }

    /// Adds the walks of the compounds after those that were added before.
    pub(super) fn add(&mut self, compounds: &[CompoundId], walks: &Matrix) {
        let selected = |compound: &CompoundId| {
            walks.row(*compound)?;
            let near = walks.within(*compound, self.limit).iter();
            Some(near.filter(|walk| self.is_selected[walk.facility.index()]).copied().collect())
        };
        let rows: Vec<Option<Vec<Pair>>> = compounds.iter().map(selected).collect();
        self.rows.extend(rows);
    }

    /// The walks of a compound within `limit`; `None` without a usable gate.
    pub(crate) fn within(&self, compound: CompoundId, limit: Milliseconds) -> Option<&[Pair]> {
        let row = self.rows[compound.index()].as_deref()?;
        Some(&row[..row.partition_point(|walk| walk.time <= limit)])
    }
}
