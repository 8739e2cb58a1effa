//! Why a compound lacks what lies beyond its band: what would have to change for it to be reached.

use super::{Column, CompoundId, FacilityId, Measure, Milliseconds, Network, Origin, Profile, Reached, Row};
use circle_model::City;
use std::sync::OnceLock;

/// The city as it would be otherwise, made when it is first asked for.
pub(super) struct Reasons<'a> {
    network: &'a Network,
    profile: &'a Profile,
    farthest: Milliseconds,
    /// With what is closed at this hour open.
    any_hour: OnceLock<Option<Network>>,
}

impl<'a> Reasons<'a> {
    pub(super) fn new(network: &'a Network, profile: &'a Profile, farthest: Milliseconds) -> Self {
        Self { network, profile, farthest, any_hour: OnceLock::new() }
    }

    /// Gives rows whose nearest is too far, or nowhere, the first reason that holds: it is closed at this hour; the
    /// profile cannot pass what lies between; only a closed compound or gate lies between; the compound is on an
    /// island; else it is simply beyond.
    pub(super) fn explain(&self, compound: CompoundId, columns: &[Column], gaps: &[usize], rows: &mut [Row]) {
        if gaps.is_empty() {
            return;
        }
        let mut open: Vec<usize> = gaps.to_vec();
        let mut settle = |reason: &'static str, reached: Vec<Reached>| {
            open.retain(|number| {
                let met = reached.iter().any(|it| columns[*number].is_met_by(it));
                if met {
                    rows[*number].reason = reason;
                    rows[*number].beyond = None;
                }
                !met
            });
            open.is_empty()
        };
        let origin = Origin::Compound(compound);
        let reach = |network: &Network, profile: &Profile| {
            circle_reach::reach(network, profile, origin, self.farthest).unwrap_or_default()
        };
        if let Some(any_hour) = self.any_hour()
            && settle("closed_at_hour", reach(any_hour, self.profile))
        {
            return;
        }
        if self.profile.pace.has_limits() {
            let free = Profile { pace: self.profile.pace.without_limits(), ..self.profile.clone() };
            if settle("impassable", reach(self.network, &free)) {
                return;
            }
        }
        if settle("only_through_closed", reach(self.network.with_compounds_open(), self.profile)) {
            return;
        }
        let parts = self.network.compound_parts(compound);
        let joined =
            |it: &FacilityId| self.network.facility_parts(*it).iter().any(|part| parts.contains(part));
        open.retain(|number| rows[*number].nearest.is_none());
        for number in open {
            let joined = columns[number].facilities.iter().any(joined);
            rows[number].reason = if joined { "no_path" } else { "on_island" };
        }
    }

    fn any_hour(&self) -> Option<&Network> {
        let city = self.network.city();
        let make = || {
            city.meta().at_time.as_ref()?;
            if city.facilities().iter().all(|facility| facility.closed == 0) {
                return None;
            }
            let mut tables = city.tables();
            tables.facilities.iter_mut().for_each(|facility| facility.closed = 0);
            City::from_tables(tables, city.meta()).ok().map(|city| Network::build(&city))
        };
        self.any_hour.get_or_init(make).as_ref()
    }
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
