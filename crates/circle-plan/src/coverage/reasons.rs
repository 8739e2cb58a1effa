//! The reasons of gaps: what would have to change for a facility to be within the limit.

use super::columns::Column;
use super::table::Coverage;
use super::verdict::{Reason, Verdict};
use super::walks::in_parts;
use circle_model::city::Shut;
use circle_model::coordinates::Bounds;
use circle_model::grid::{SegmentGrid, widened};
use circle_model::rules::Measure;
use circle_model::{CompoundId, FacilityId, Millimetres, Milliseconds, Point, Profile};
use circle_reach::{Cancel, Cancelled, Network, Pair};
use rayon::prelude::*;

/// A compound with its columns whose nearest facility is too far or missing, for no reason found so far.
type Unexplained = (CompoundId, Vec<usize>);

/// Sets the first reason that applies to rows whose nearest facility is too far: closed at the hour of the city; impassable
/// for the profile; reached only through closed compounds or gates. Others keep their reason.
pub(super) fn explain(
    coverage: &mut Coverage,
    network: &Network,
    profile: &Profile,
    cancel: &Cancel,
) -> Result<(), Cancelled> {
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
    if let Some(any_hour) = at_any_hour(network) {
        mark_met(coverage, &mut open, Reason::ClosedAtHour, &any_hour, profile, cancel)?;
    }
    if profile.pace.has_limits() {
        let free = Profile { pace: profile.pace.without_limits(), ..profile.clone() };
        mark_met(coverage, &mut open, Reason::Impassable, network, &free, cancel)?;
    }
    let mut near = near_enough(coverage, &open, network, profile);
    if !near.is_empty() {
        // If no walk leaves the compound, the map bars it. Otherwise a facility without a walk may itself be shut in.
        near.retain(|(compound, _)| network.leads_to_main_streets(*compound));
        let all_open = network.with_compounds_open();
        mark_met(coverage, &mut near, Reason::OnlyThroughClosed, &all_open, profile, cancel)?;
    }
    Ok(())
}

/// Makes gaps unknown where no walk of any length leads to a facility, and where the compound is in an area that no walk
/// leaves: the walk is missing from the map, not the facility.
pub(super) fn mark_disconnected(coverage: &mut Coverage, network: &Network) {
    let width = coverage.columns.len();
    for compound in (0..coverage.compounds() as u32).map(CompoundId) {
        let is_connected = network.leads_to_main_streets(compound);
        let mut components = None;
        for column in 0..width {
            let row = &mut coverage.rows[compound.index() * width + column];
            if (is_connected && row.nearest.is_some()) || row.reason != Some(Reason::Beyond) {
                continue;
            }
            let components = components.get_or_insert_with(|| network.compound_components(compound));
            let joined = |it: &FacilityId| {
                network.facility_components(*it).iter().any(|component| components.contains(component))
            };
            let joined = coverage.columns[column].facilities.iter().any(joined);
            row.verdict = Some(Verdict::Unknown);
            row.reason = Some(if joined { Reason::NoPath } else { Reason::OnIsland });
        }
    }
}

/// Makes gaps unknown where a facility within the limit may meet the line.
pub(super) fn mark_level_unknown(coverage: &mut Coverage) {
    let width = coverage.columns.len();
    for (number, column) in
        coverage.columns.iter().enumerate().filter(|(_, column)| !column.perhaps.is_empty())
    {
        for rows in coverage.rows.chunks_mut(width) {
            let near = |other: &usize| {
                rows[*other].nearest.is_some_and(|nearest| column.is_within(nearest.time, nearest.length))
            };
            if rows[number].verdict == Some(Verdict::Gap) && column.perhaps.iter().any(near) {
                rows[number].verdict = Some(Verdict::Unknown);
                rows[number].reason = Some(Reason::LevelUnknown);
            }
        }
    }
}

/// Sets `reason` on rows that would be covered on another network or for another profile, and removes them from `open`.
fn mark_met(
    coverage: &mut Coverage,
    open: &mut Vec<Unexplained>,
    reason: Reason,
    network: &Network,
    profile: &Profile,
    cancel: &Cancel,
) -> Result<(), Cancelled> {
    let columns = &coverage.columns;
    let limit = open.iter().flat_map(|(_, open)| open).map(|column| columns[*column].limit(profile)).max();
    let Some(limit) = limit else { return Ok(()) };
    network.prepare_facilities();
    let compounds: Vec<CompoundId> = open.iter().map(|(compound, _)| *compound).collect();
    let mut met: Vec<Vec<usize>> = Vec::with_capacity(open.len());
    in_parts(network, profile, &compounds, limit, cancel, |part, walks| {
        let open = &open[met.len()..][..part.len()];
        met.par_extend(open.par_iter().map(|(compound, open)| {
            let walks = walks.row(*compound).unwrap_or_default();
            let is_met = |column: &&usize| walks.iter().any(|it| columns[**column].is_met_by(it));
            open.iter().filter(is_met).copied().collect::<Vec<usize>>()
        }));
    })?;
    let width = columns.len();
    for ((compound, open), met) in open.iter_mut().zip(met) {
        open.retain(|column| !met.contains(column));
        for column in met {
            let row = &mut coverage.rows[compound.index() * width + column];
            (row.verdict, row.reason) = (Some(Verdict::Gap), Some(reason));
        }
    }
    open.retain(|(_, columns)| !columns.is_empty());
    Ok(())
}

/// The rows of `open` with a facility within the limit by straight-line distance. Others stay too far, whatever is opened.
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

/// The network at an hour at which every facility is open; `None` if none is closed now.
fn at_any_hour(network: &Network) -> Option<Network> {
    let city = network.city();
    if !city.shut().facilities.contains(&true) {
        return None;
    }
    let shut = Shut { facilities: Vec::new(), ..city.shut().clone() };
    Some(network.variant(&city.with_shut(shut)))
}

impl Column {
    /// Whether a walk leads to a facility that meets the column, within its limit.
    fn is_met_by(&self, walk: &Pair) -> bool {
        self.facilities.binary_search(&walk.facility).is_ok() && self.is_within(walk.time, walk.length)
    }

    /// Whether a walk is within the limit; `false` if the column is not judged by a walk.
    fn is_within(&self, time: Milliseconds, length: Millimetres) -> bool {
        match self.measure {
            Some(Measure::Minutes(minutes)) => time <= Milliseconds::from_minutes(minutes),
            Some(Measure::Metres(radius)) => length.0 <= radius.saturating_mul(1000),
            Some(Measure::OnePer(_) | Measure::None) | None => false,
        }
    }
}
