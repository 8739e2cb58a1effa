//! The entry points of the engine.

use crate::cancel::{Cancel, Cancelled};
use crate::explain::explained::Explained;
use crate::explain::question::Question;
use crate::ground::what_if::WhatIf;
use crate::matrix::Matrix;
use crate::network::Network;
use crate::shape::isochrone::{Canvas, Form, Isochrones, lines};
use crate::shape::lattice::Cell;
use crate::walk::ends::{Destination, End};
use crate::walk::reach::{self, Reached};
use crate::walk::starts::{Origin, Start};
use crate::walk::times::{self, Status, Walk};
use circle_model::{CompoundId, Milliseconds, Point, Profile};
use rayon::prelude::*;

/// Every facility within `limit` of `origin`, by time, then by length, then by row; `None` if the origin is
/// off the network: it has no access leg. Facilities that serve another compound alone are left out.
///
/// # Errors
/// [`Cancelled`].
///
/// ```
/// use circle_model::Milliseconds;
/// use circle_reach::testing::{Map, profile};
/// use circle_reach::{Cancel, Origin, reach};
///
/// let scene = Map::draw(10.0, "A--p-----f--B").facility("f").open();
/// let (origin, limit) = (Origin::Place(scene.point('p')), Milliseconds::from_minutes(15));
/// let found = reach(&scene.network, &profile("planning"), origin, limit, &Cancel::never())?;
/// let nearest = found.unwrap()[0];
/// assert_eq!(nearest.length.metres().round(), 60.0);
/// # Ok::<(), circle_reach::Cancelled>(())
/// ```
pub fn reach(
    network: &Network,
    profile: &Profile,
    origin: Origin,
    limit: Milliseconds,
    cancel: &Cancel,
) -> Result<Option<Vec<Reached>>, Cancelled> {
    cancel.check()?;
    let starts = network.starts(origin);
    if starts.is_empty() {
        return Ok(None);
    }
    let (walker, weights) = (network.walker(profile, cancel), network.weights(profile));
    reach::reach(walker, &weights, network.entrances(), origin, &starts, limit).map(Some)
}

/// The walk for every pair, row by row: `from.len() × to.len()`. One search for each place of the shorter
/// list.
///
/// # Errors
/// [`Cancelled`].
///
/// ```
/// use circle_model::Milliseconds;
/// use circle_reach::testing::{Map, profile};
/// use circle_reach::{Cancel, Status, times};
///
/// let scene = Map::draw(10.0, "A--p-----q--B").open();
/// let (from, to) = ([scene.point('p')], [scene.point('q'), scene.point('B')]);
/// let limit = Milliseconds::from_minutes(15);
/// let walks = times(&scene.network, &profile("planning"), &from, &to, limit, &Cancel::never())?;
/// assert_eq!(walks[0].status, Status::Ok);
/// // 60 m at 4 km/h.
/// assert_eq!(walks[0].time.seconds().round(), 54.0);
/// # Ok::<(), circle_reach::Cancelled>(())
/// ```
pub fn times<From: Copy + Into<Origin> + Sync>(
    network: &Network,
    profile: &Profile,
    from: &[From],
    to: &[Point],
    limit: Milliseconds,
    cancel: &Cancel,
) -> Result<Vec<Walk>, Cancelled> {
    cancel.check()?;
    let walker = network.walker(profile, cancel);
    let starts = |origin: &From| network.starts((*origin).into());
    let ends: Vec<End<'_>> =
        to.par_iter().flat_map_iter(|point| network.ends(Destination::Place(*point))).collect();
    if to.len() >= from.len() {
        let weights = network.weights(profile);
        let row = |origin: &From| times::from_one(walker, &weights, &starts(origin), &ends, limit);
        let rows: Vec<Vec<Walk>> = from.par_iter().map(row).collect::<Result<_, _>>()?;
        return Ok(rows.concat());
    }
    let backwards = network.backwards(profile);
    let origins: Vec<Vec<Start<'_>>> = from.par_iter().map(starts).collect();
    let column = |end: &End<'_>| times::to_one(walker, &backwards, &origins, end, limit);
    let columns: Vec<Vec<Walk>> = ends.par_iter().map(column).collect::<Result<_, _>>()?;
    Ok((0..from.len()).flat_map(|row| columns.iter().map(move |column| column[row])).collect())
}

/// The shapes reached from `origin` within each of `minutes` (ascending).
///
/// # Errors
/// [`Cancelled`].
///
/// ```
/// use circle_reach::testing::{Map, profile};
/// use circle_reach::{Cancel, Form, Origin, isochrones};
///
/// let scene = Map::draw(50.0, "A---------p---------B").open();
/// let origin = Origin::Place(scene.point('p'));
/// let bands = [3, 5];
/// let found =
///     isochrones(&scene.network, &profile("adult"), origin, &bands, Form::Discs, &Cancel::never())?;
/// let [small, large] = [&found.shapes[0], &found.shapes[1]];
/// assert!(small.area_square_metres < large.area_square_metres);
/// # Ok::<(), circle_reach::Cancelled>(())
/// ```
pub fn isochrones(
    network: &Network,
    profile: &Profile,
    origin: Origin,
    minutes: &[u32],
    form: Form,
    cancel: &Cancel,
) -> Result<Isochrones, Cancelled> {
    cancel.check()?;
    let starts = network.starts(origin);
    if starts.is_empty() {
        return Ok(Isochrones::off_network());
    }
    let (walker, weights) = (network.walker(profile, cancel), network.weights(profile));
    if form == Form::Lines {
        return lines(walker, &weights, &starts, minutes);
    }
    let tiles = |cells: &[Cell]| network.tiles(walker, cells);
    let (lattice, tiles_near) = (&network.lattice, network.tiles_near());
    Canvas { walker, weights: &weights, lattice, tiles_near, tiles: &tiles }.areas(&starts, minutes, form)
}

/// Explains the walk from an origin to a destination, up to `limit`, and the barriers to shorter walks. The
/// walk is the same as that of [`times`](fn@times) and [`reach`](fn@reach).
///
/// Barriers are those on the walk through the city with its compounds open, and on the walk without its walls
/// as well. Only walks shorter than the known one are searched for.
///
/// # Errors
/// [`Cancelled`].
///
/// ```
/// use circle_model::Milliseconds;
/// use circle_reach::testing::{Map, profile};
/// use circle_reach::{Barrier, Cancel, Destination, Origin, explain};
///
/// // A closed compound between two streets.
/// let scene = Map::draw(20.0, "
///     A--p---N-----------B
///     |  1   |      2    |
///     |      |           |
///     |  4   |      3    |
///     C--q---S-----------D");
/// let scene = scene.zone(1, &["NS"]).compound(1, "1234", "NS").open();
/// let (from, to) = (Origin::Place(scene.point('N')), Destination::Place(scene.point('S')));
/// let limit = Milliseconds::from_minutes(60);
/// let found = explain(&scene.network, &profile("planning"), from, to, limit, &Cancel::never())?;
/// assert!(matches!(found.barred[0].by, Barrier::ClosedCompound(_)));
/// # Ok::<(), circle_reach::Cancelled>(())
/// ```
pub fn explain(
    network: &Network,
    profile: &Profile,
    from: Origin,
    to: Destination,
    limit: Milliseconds,
    cancel: &Cancel,
) -> Result<Explained, Cancelled> {
    let mut explained = explain_walk(network, profile, from, to, limit, cancel)?;
    let mut known = Some(explained.walk.time).filter(|_| explained.walk.status == Status::Ok);
    for what_if in WhatIf::ALL {
        let changed = network.what_if(what_if);
        let shorter = ask(&changed, profile, from, to, cancel, |question| {
            question.barriers(&network.ground, known, limit)
        })?;
        if let Some((time, barred)) = shorter {
            known = Some(time);
            explained.barred.extend(barred);
        }
    }
    Ok(explained)
}

/// As [`explain`], without the search for barriers: [`Explained::barred`] is empty.
///
/// # Errors
/// [`Cancelled`].
///
/// ```
/// use circle_model::{FacilityId, Milliseconds};
/// use circle_reach::testing::{Map, profile};
/// use circle_reach::{Cancel, Destination, Origin, explain_walk};
///
/// let scene = Map::draw(10.0, "A--p-----f--B").facility("f").open();
/// let (from, to) = (Origin::Place(scene.point('p')), Destination::Facility(FacilityId(0)));
/// let limit = Milliseconds::from_minutes(15);
/// let found = explain_walk(&scene.network, &profile("adult"), from, to, limit, &Cancel::never())?;
/// assert_eq!(found.parts.len(), 1);
/// # Ok::<(), circle_reach::Cancelled>(())
/// ```
pub fn explain_walk(
    network: &Network,
    profile: &Profile,
    from: Origin,
    to: Destination,
    limit: Milliseconds,
    cancel: &Cancel,
) -> Result<Explained, Cancelled> {
    cancel.check()?;
    ask(network, profile, from, to, cancel, |question| question.explain(limit))
}

fn ask<T>(
    network: &Network,
    profile: &Profile,
    from: Origin,
    to: Destination,
    cancel: &Cancel,
    answer: impl FnOnce(&Question<'_>) -> Result<T, Cancelled>,
) -> Result<T, Cancelled> {
    answer(&Question {
        walker: network.walker(profile, cancel),
        weights: &network.weights(profile),
        backwards: &network.backwards(profile),
        from,
        to,
        starts: network.starts(from),
        ends: network.ends(to),
    })
}

/// The walks from compounds to all facilities within `limit`, as [`reach`](fn@reach) finds them. The
/// compounds are searched from in parallel.
///
/// # Errors
/// [`Cancelled`].
///
/// ```
/// use circle_model::{CompoundId, FacilityId, Milliseconds};
/// use circle_reach::testing::{Map, profile};
/// use circle_reach::{Cancel, matrix};
///
/// let town = "
///     A--g--------f--B
///       1      2
///       4      3";
/// let scene = Map::draw(10.0, town).compound(0, "1234", "g").facility("f").open();
/// let (compound, limit) = (CompoundId(0), Milliseconds::from_minutes(15));
/// let walks = matrix(&scene.network, &profile("adult"), &[compound], limit, &Cancel::never())?;
/// assert_eq!(walks.row(compound).unwrap().len(), 1);
/// let nearest = walks.nearest(compound, &[FacilityId(0)], limit).unwrap();
/// assert_eq!(nearest.length.metres().round(), 90.0);
/// # Ok::<(), circle_reach::Cancelled>(())
/// ```
pub fn matrix(
    network: &Network,
    profile: &Profile,
    compounds: &[CompoundId],
    limit: Milliseconds,
    cancel: &Cancel,
) -> Result<Matrix, Cancelled> {
    cancel.check()?;
    // Computed before the threads start, so that only one thread computes them.
    network.prepare_facilities();
    network.weights(profile);
    let row = |compound| reach(network, profile, Origin::Compound(compound), limit, cancel);
    Matrix::build(network.city().compounds().len(), compounds, limit, row)
}
