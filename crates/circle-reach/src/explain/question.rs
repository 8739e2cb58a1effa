//! A question about one walk on one network.

use crate::cancel::Cancelled;
use crate::explain::barriers::barriers;
use crate::explain::explained::{Barred, Barrier, Explained};
use crate::explain::parts::parts_of;
use crate::ground::Ground;
use crate::ground::units::{IMPASSABLE, NO_LIMIT};
use crate::ground::weights::Weights;
use crate::legs::leg::Legs;
use crate::walk::backwards::Backwards;
use crate::walk::ends::{Destination, End};
use crate::walk::path::{Path, path};
use crate::walk::starts::{Origin, Start, are_through_buildings};
use crate::walk::times::{Status, Walk};
use crate::walk::walker::Walker;
use circle_model::Milliseconds;
use std::collections::BTreeSet;

/// A barrier is named only if the walk without it is shorter by at least this.
const LEAST_GAIN: Milliseconds = Milliseconds(1000);

/// The walk from an origin to a destination on one network.
pub(crate) struct Question<'a> {
    pub(crate) walker: Walker<'a>,
    pub(crate) weights: &'a Weights,
    pub(crate) backwards: &'a Backwards<'a>,
    pub(crate) from: Origin,
    pub(crate) to: Destination,
    /// The starts of `from`.
    pub(crate) starts: Vec<Start<'a>>,
    /// The place of `to`, or the access points of its facility, with or without legs.
    pub(crate) ends: Vec<End<'a>>,
}

impl Question<'_> {
    /// The walk up to `limit`, the same as that of [`times`](fn@crate::times) and [`reach`](fn@crate::reach),
    /// without barriers to shorter walks.
    pub(crate) fn explain(&self, limit: Milliseconds) -> Result<Explained, Cancelled> {
        let (walk, path) = self.walk(limit)?;
        let to_facility = matches!(self.to, Destination::Facility(_));
        Ok(Explained {
            walk,
            parts: path.as_ref().map_or_else(Vec::new, |path| parts_of(self.walker, path).0),
            barred: Vec::new(),
            through_buildings: [are_through_buildings(&self.starts), self.ends_are_through_buildings()],
            gate: path.as_ref().and_then(|path| path.gate),
            entered_at: path.as_ref().filter(|_| to_facility).map(|path| path.to),
        })
    }

    /// The barriers of the real city (`ground`) on the walk through this changed city, and the time of that
    /// walk; `None` if it is beyond `limit` or not shorter than `known`, the walk through the real city.
    pub(crate) fn barriers(
        &self,
        ground: &Ground,
        known: Option<Milliseconds>,
        limit: Milliseconds,
    ) -> Result<Option<(Milliseconds, Vec<Barred>)>, Cancelled> {
        let known = known.unwrap_or(IMPASSABLE);
        if known < LEAST_GAIN || self.is_off_network() {
            return Ok(None);
        }
        // Longer walks are not needed.
        let Some(path) = self.path(limit.min(known - LEAST_GAIN))? else { return Ok(None) };
        let (parts, edges) = parts_of(self.walker, &path);
        let time = path.arrival.time;
        let mut met: BTreeSet<Barrier> = BTreeSet::new();
        let barred = barriers(ground, &parts, &edges)
            .into_iter()
            .filter(|(by, _)| met.insert(*by))
            .map(|(by, at)| Barred { by, at, time })
            .collect();
        Ok(Some((time, barred)))
    }

    /// The walk, and its path if it is `Ok`.
    fn walk(&self, limit: Milliseconds) -> Result<(Walk, Option<Path>), Cancelled> {
        let through_buildings = match (self.from, self.to) {
            (Origin::Place(_), Destination::Place(_)) => {
                let is_hidden = |legs: &Legs| legs.through_buildings;
                self.starts.iter().any(|start| is_hidden(&start.legs))
                    || self.ends.iter().any(|end| is_hidden(&end.legs))
            }
            _ => are_through_buildings(&self.starts),
        };
        let none = |status| Ok((Walk::none(status, through_buildings), None));
        if self.is_off_network() {
            return none(Status::OffNetwork);
        }
        if let Some(path) = self.path(limit)? {
            return Ok((Walk::of(path.arrival, through_buildings), Some(path)));
        }
        // The second search distinguishes a walk beyond the limit from no walk.
        none(if self.path(NO_LIMIT)?.is_some() { Status::Beyond } else { Status::NoPath })
    }

    /// The best path within `limit`.
    fn path(&self, limit: Milliseconds) -> Result<Option<Path>, Cancelled> {
        let path = path(self.walker, self.weights, self.backwards, &self.starts, &self.ends, limit)?;
        Ok(path.filter(|path| path.arrival.time <= limit))
    }

    fn is_off_network(&self) -> bool {
        self.starts.is_empty() || self.ends.iter().all(|end| end.legs.legs.is_empty())
    }

    fn ends_are_through_buildings(&self) -> bool {
        let mut usable = self.ends.iter().filter(|end| !end.legs.legs.is_empty()).peekable();
        usable.peek().is_some() && usable.all(|end| end.legs.through_buildings)
    }
}
