//! Why a compound lacks what lies beyond its band: what would have to change for it to be reached.

use super::{Column, Coverage, Reason, Verdict, Wanted};
use circle_model::city::Shut;
use circle_model::coordinates::Bounds;
use circle_model::grid::{SegmentGrid, widened};
use circle_model::rules::Measure;
use circle_model::{City, CompoundId, FacilityId, Milliseconds, Point, Profile};
use circle_reach::{Network, Origin, Reached};
use rayon::prelude::*;

/// A compound and the columns whose nearest is too far, or nowhere, for no reason found so far.
type Unexplained = (CompoundId, Vec<usize>);

/// Gives rows whose nearest is too far the first reason that holds: it is closed at this hour; the profile cannot pass
/// what lies between; only a closed compound or gate lies between; else it is simply beyond, or stays unknown where no
/// walk leads to any.
pub(super) fn explain(coverage: &mut Coverage, network: &Network, profile: &Profile, wanted: &Wanted<'_>) {
    let width = coverage.columns.len();
    let beyond = |compound: u32| {
        let rows = &coverage.rows[compound as usize * width..][..width];
        let columns = (0..width).filter(|column| {
            matches!(rows[*column].reason, Some(Reason::Beyond | Reason::OnIsland | Reason::NoPath))
        });
        (CompoundId(compound), columns.collect::<Vec<usize>>())
    };
    let mut open: Vec<Unexplained> = (0..coverage.compounds() as u32)
        .map(beyond)
        .filter(|(_, columns): &Unexplained| !columns.is_empty())
        .collect();
    if let Some(any_hour) = at_any_hour(network.city()) {
        settle(coverage, &mut open, Reason::ClosedAtHour, &any_hour, profile, wanted);
    }
    if profile.pace.has_limits() {
        let free = Profile { pace: profile.pace.without_limits(), ..profile.clone() };
        settle(coverage, &mut open, Reason::Impassable, network, &free, wanted);
    }
    let mut near = near_enough(coverage, &open, network, profile);
    if !near.is_empty() {
        // Where nobody gets out, the map bars the way; where they do, what no walk leads to may be shut in itself.
        let shared = network.shared_streets();
        near.retain(|(compound, _)| network.is_left(*compound, shared));
        settle(
            coverage,
            &mut near,
            Reason::OnlyThroughClosed,
            network.with_compounds_open(),
            profile,
            wanted,
        );
    }
}

/// Calls unknown what no walk leads to, however far, and what lies too far away within an area that the map lets nobody
/// out of: the walk is missing from the map, not the facility.
pub(super) fn islands(coverage: &mut Coverage, network: &Network) {
    let width = coverage.columns.len();
    let shared = network.shared_streets();
    for compound in (0..coverage.compounds() as u32).map(CompoundId) {
        let is_left = network.is_left(compound, shared);
        let mut parts = None;
        for column in 0..width {
            let row = &mut coverage.rows[compound.index() * width + column];
            if (is_left && row.nearest.is_some()) || row.reason != Some(Reason::Beyond) {
                continue;
            }
            let parts = parts.get_or_insert_with(|| network.compound_parts(compound));
            let joined =
                |it: &FacilityId| network.facility_parts(*it).iter().any(|part| parts.contains(part));
            let joined = coverage.columns[column].facilities.iter().any(joined);
            row.verdict = Some(Verdict::Unknown);
            row.reason = Some(if joined { Reason::NoPath } else { Reason::OnIsland });
        }
    }
}

/// Calls gaps unknown where something is near enough that may meet the line.
pub(super) fn perhaps(coverage: &mut Coverage) {
    let width = coverage.columns.len();
    for (number, column) in
        coverage.columns.iter().enumerate().filter(|(_, column)| !column.perhaps.is_empty())
    {
        for rows in coverage.rows.chunks_mut(width) {
            let near = |other: &usize| {
                rows[*other].nearest.is_some_and(|nearest| match column.measure {
                    Some(Measure::Minutes(minutes)) => nearest.time <= Milliseconds::from_minutes(minutes),
                    Some(Measure::Metres(radius)) => nearest.length.0 <= radius.saturating_mul(1000),
                    Some(Measure::OnePer(_) | Measure::None) | None => false,
                })
            };
            if rows[number].verdict == Some(Verdict::Gap) && column.perhaps.iter().any(near) {
                rows[number].verdict = Some(Verdict::Unknown);
                rows[number].reason = Some(Reason::LevelUnknown);
            }
        }
    }
}

/// Gives `reason` to what would be covered on another network or by another profile, and leaves the rest in `open`.
fn settle(
    coverage: &mut Coverage,
    open: &mut Vec<Unexplained>,
    reason: Reason,
    network: &Network,
    profile: &Profile,
    wanted: &Wanted<'_>,
) {
    if !wanted() {
        return;
    }
    let columns = &coverage.columns;
    let farthest = open.iter().flat_map(|(_, open)| open).map(|column| columns[*column].walk(profile)).max();
    let Some(farthest) = farthest else { return };
    network.prepare_facilities();
    let met: Vec<Vec<usize>> = open
        .par_iter()
        .map(|(compound, open)| {
            if !wanted() {
                return Vec::new();
            }
            let reached = circle_reach::reach(network, profile, Origin::Compound(*compound), farthest);
            let reached = reached.unwrap_or_default();
            let is_met = |column: &&usize| reached.iter().any(|it| columns[**column].is_met_by(it));
            open.iter().filter(is_met).copied().collect()
        })
        .collect();
    let width = columns.len();
    for ((compound, open), met) in open.iter_mut().zip(met) {
        open.retain(|column| !met.contains(column));
        for column in met {
            let row = &mut coverage.rows[compound.index() * width + column];
            (row.verdict, row.reason) = (Some(Verdict::Gap), Some(reason));
        }
    }
    open.retain(|(_, columns)| !columns.is_empty());
}

/// Those of `open` that have a facility near enough as the crow flies: others are beyond whatever is opened.
fn near_enough(
    coverage: &Coverage,
    open: &[Unexplained],
    network: &Network,
    profile: &Profile,
) -> Vec<Unexplained> {
    let city = network.city();
    let fastest = network.fastest(profile);
    let nearby: Vec<Option<(SegmentGrid, f64)>> = coverage
        .columns
        .par_iter()
        .map(|column| {
            let metres = match column.measure? {
                Measure::Minutes(minutes) => f64::from(minutes) * 60.0 * fastest,
                Measure::Metres(radius) => f64::from(radius),
                Measure::OnePer(_) | Measure::None => return None,
            };
            Some((column.access_points(city), metres))
        })
        .collect();
    let is_near = |gate: Point, column: usize| {
        let Some((places, metres)) = &nearby[column] else { return false };
        let mut near = false;
        places.visit(&widened(&Bounds::of([gate]), *metres), |place| {
            near = gate.distance_metres(place.a) <= *metres;
            !near
        });
        near
    };
    open.par_iter()
        .map(|(compound, columns)| {
            let gates = &city.gates()[city.compounds()[compound.index()].gates.range()];
            let near = |column: &&usize| gates.iter().any(|gate| is_near(gate.point, **column));
            (*compound, columns.iter().filter(near).copied().collect::<Vec<usize>>())
        })
        .filter(|(_, columns)| !columns.is_empty())
        .collect()
}

/// The network with what is closed at this hour open; `None` where nothing is.
fn at_any_hour(city: &City) -> Option<Network> {
    if !city.shut().facilities.contains(&true) {
        return None;
    }
    let shut = Shut { facilities: Vec::new(), ..city.shut().clone() };
    Some(Network::build(&city.with_shut(shut)))
}

impl Column {
    /// Whether a facility would meet it by the walk that led there.
    fn is_met_by(&self, it: &Reached) -> bool {
        self.facilities.binary_search(&it.facility).is_ok()
            && match self.measure {
                Some(Measure::Minutes(minutes)) => it.time <= Milliseconds::from_minutes(minutes),
                Some(Measure::Metres(radius)) => it.length.0 <= radius.saturating_mul(1000),
                _ => false,
            }
    }
}
