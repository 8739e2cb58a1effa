//! Walks that wait long at signals: they take longer than their metres suggest.

use circle_model::city::EdgeEndFlags;
use circle_model::{GateId, Milliseconds, Profile};
use circle_reach::{Cancel, Cancelled, Destination, Network, Origin, Reached, explain_walk};

/// A walk waits long if it waits for more than this.
const LONG: Milliseconds = Milliseconds::from_minutes(1);

/// Whether a walk from a gate waits for more than a minute at signals.
///
/// # Errors
///
/// [`Cancelled`].
pub(super) fn waits_at_signals(
    network: &Network,
    profile: &Profile,
    gate: GateId,
    walk: &Reached,
    cancel: &Cancel,
) -> Result<bool, Cancelled> {
    // Most walks are hardly slower than their length on level ground: no search is needed for them.
    let without_waits = walk.length.metres() / profile.pace.speed.value();
    if walk.time.seconds() - without_waits <= LONG.seconds() {
        return Ok(false);
    }
    let (from, to) = (Origin::Gate(gate), Destination::Facility(walk.facility));
    let explained = explain_walk(network, profile, from, to, walk.time, cancel)?;
    let waits = explained.parts.iter().flat_map(|part| &part.waits);
    let at_signals = waits.filter(|wait| wait.what.contains(EdgeEndFlags::SIGNALS));
    Ok(at_signals.map(|wait| wait.time).fold(Milliseconds(0), |sum, time| sum + time) > LONG)
}
