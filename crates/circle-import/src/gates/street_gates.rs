//! Gates derived from streets: where ways cross an outline, else one gate on each side.

use crate::compounds::DraftCompound;
use crate::geometry::{cluster, cluster_by};
use crate::keys;
use crate::network::{OutlineCrossing, StreetGrid, Streets, side_of};
use circle_model::city::GateProvenance;
use circle_model::{Frame, Point};

/// Gates and crossings nearer than this to each other are one gate.
pub(super) const CLUSTER_METRES: f64 = 20.0;
/// Step in which the distances of an outline to a way are compared.
const STEP_METRES: f64 = 10.0;
/// A compound without outline is entered from a way within this distance.
const POINT_METRES: f64 = 300.0;

/// The place and key of a gate.
pub(super) type KeyedGate = (Point, String);

/// The gates of a compound at its `crossings`, else on its sides.
pub(super) fn street_gates(
    compound: &DraftCompound,
    key: &str,
    crossings: &[OutlineCrossing],
    streets: &Streets,
    grid: &StreetGrid<'_>,
) -> (Vec<KeyedGate>, GateProvenance) {
    if !crossings.is_empty() {
        let clusters = cluster_by(crossings, CLUSTER_METRES, |crossing| streets.point(crossing.vertex));
        let keyed =
            |it: &OutlineCrossing| (streets.point(it.vertex), keys::of_crossing(key, it.way, it.order));
        return (clusters.into_iter().map(keyed).collect(), GateProvenance::Crossing);
    }
    let (centre, places) = if compound.has_outline() {
        let centre = compound.bounds.centre();
        let places = grid.sides(compound.rings(), centre, STEP_METRES, |_, _| true);
        (centre, cluster(places, CLUSTER_METRES))
    } else {
        let nearest = grid.nearest(compound.point, POINT_METRES).map(|(_, point)| point);
        (compound.point, nearest.into_iter().collect())
    };
    let frame = Frame::at(centre);
    let keyed = |point: Point| (point, keys::of_side(key, side_of(frame.local(point)).0));
    (places.into_iter().map(keyed).collect(), GateProvenance::Inferred)
}
