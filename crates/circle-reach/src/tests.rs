//! The rules of `walking.md`, checked on drawn towns whose times follow from arithmetic, and on random ones.

mod along;
mod cancel;
mod compounds;
mod deadlock;
mod facilities;
mod graph_search;
mod hostile;
mod hours;
mod interior;
mod isochrones;
mod legs;
mod matrix;
mod obstacles;
mod profiles;
mod properties;
mod slopes;
mod variants;
mod zones;

use crate::{Cancel, Departures, Destination, Explained, Form, Isochrones, Network, Origin, Reached, Walk};
use circle_model::{FacilityId, Milliseconds, Point, Profile};

/// Settings of property tests: the count of cases, and no regression files beside the sources.
fn cases(cases: u32) -> proptest::prelude::ProptestConfig {
    proptest::prelude::ProptestConfig { cases, failure_persistence: None, ..Default::default() }
}

static NEVER: Cancel = Cancel::never();

fn reach(network: &Network, profile: &Profile, origin: Origin, limit: Milliseconds) -> Option<Vec<Reached>> {
    crate::reach(network, profile, origin, limit, &NEVER).unwrap()
}

fn times<From: Copy + Into<Origin> + Sync>(
    network: &Network,
    profile: &Profile,
    from: &[From],
    to: &[Point],
    limit: Milliseconds,
) -> Vec<Walk> {
    crate::times(network, profile, from, to, limit, &NEVER).unwrap()
}

fn isochrones(
    network: &Network,
    profile: &Profile,
    origin: Origin,
    minutes: &[u32],
    form: Form,
) -> Isochrones {
    crate::isochrones(network, profile, origin, minutes, form, &NEVER).unwrap()
}

fn explain(
    network: &Network,
    profile: &Profile,
    from: Origin,
    to: Destination,
    limit: Milliseconds,
) -> Explained {
    crate::explain(network, profile, from, to, limit, &NEVER).unwrap()
}

fn departures<'a>(
    network: &'a Network,
    profile: &'a Profile,
    origins: impl IntoIterator<Item = Origin>,
) -> Departures<'a> {
    network.departures(profile, origins, &NEVER)
}

/// The nearest of some facilities for one origin, within `limit`.
fn nearest(
    network: &Network,
    profile: &Profile,
    origin: Origin,
    facilities: &[u32],
    limit: Milliseconds,
) -> Option<Reached> {
    let facilities: Vec<FacilityId> = facilities.iter().copied().map(FacilityId).collect();
    departures(network, profile, [origin]).nearest(&facilities, &[0], Milliseconds(0), limit).unwrap()[0]
}
