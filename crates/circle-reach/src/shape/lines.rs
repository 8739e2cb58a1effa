//! The reached ways, with the times along them.

use crate::cancel::Cancelled;
use crate::ground::line::place_on;
use crate::ground::units::IMPASSABLE;
use crate::ground::weights::{Weights, edge_end_time, edge_time};
use crate::walk::search::Search;
use crate::walk::starts::{Start, StartIndex};
use crate::walk::walker::{StraightEnd, Walker};
use circle_model::city::EdgeFlags;
use circle_model::{EdgeId, Frame, Millimetres, Milliseconds, Point, plane};

/// A stretch of a way within a band.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReachedLine {
    /// Its line.
    pub line: Vec<Point>,
    /// Least time at every point of `line`.
    pub times: Vec<Milliseconds>,
}

/// The parts of ways within `limit`. Along each part the time rises or falls linearly: where walks from both
/// ends of a way meet, there are two parts.
pub(crate) fn reached_lines(
    walker: Walker<'_>,
    weights: &Weights,
    starts: &[Start<'_>],
    limit: Milliseconds,
) -> Result<Vec<ReachedLine>, Cancelled> {
    let ground = walker.ground;
    Search::with(|search| {
        walker.search(search, weights, starts, limit)?;
        let mut edges: Vec<EdgeId> = search
            .settled()
            .iter()
            .flat_map(|node| ground.graph.row(*node))
            .filter_map(|position| ground.graph.arc(position).edge())
            .chain(starts.iter().flat_map(|start| start.legs.legs.iter().map(|leg| leg.edge)))
            .collect();
        edges.sort_unstable();
        edges.dedup();
        let lines = edges.into_iter().flat_map(|edge| {
            let walks = walks_along(walker, search, starts, edge);
            let line = ground.city.line(ground.edge(edge).line);
            earliest(&walks, f64::from(limit.0)).into_iter().filter_map(|part| part.draw(line))
        });
        Ok(lines.collect())
    })
}

/// A walk along a stretch of an edge.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Along {
    /// Where it begins and ends, as shares of the edge's length, ascending.
    shares: [f64; 2],
    /// Milliseconds at the two.
    times: [f64; 2],
}

impl Along {
    fn at(&self, share: f64) -> f64 {
        let [from, to] = self.shares;
        if to <= from {
            return self.times[0].min(self.times[1]);
        }
        self.times[0] + (self.times[1] - self.times[0]) * (share - from) / (to - from)
    }

    fn holds(&self, share: f64) -> bool {
        (self.shares[0]..=self.shares[1]).contains(&share)
    }

    /// The share at which two walks take equally long.
    fn meets(&self, other: &Self) -> Option<f64> {
        let slope = |it: &Self| (it.times[1] - it.times[0]) / (it.shares[1] - it.shares[0]).max(1e-12);
        let (a, b) = (slope(self), slope(other));
        let share = (other.at(0.0) - self.at(0.0)) / (a - b);
        (share.is_finite() && self.holds(share) && other.holds(share)).then_some(share)
    }

    /// Its line with the time at every corner; `None` if nothing is left of it.
    fn draw(&self, line: &[Point]) -> Option<ReachedLine> {
        let corners = cut(line, self.shares);
        let time = |(_, share): &(Point, f64)| Milliseconds(self.at(*share).round() as u32);
        let times = corners.iter().map(time).collect();
        let line: Vec<Point> = corners.into_iter().map(|(point, _)| point).collect();
        (line.len() > 1).then_some(ReachedLine { line, times })
    }
}

/// All walks along an edge: from either end, and from the legs that lead to it.
fn walks_along(walker: Walker<'_>, search: &Search, starts: &[Start<'_>], id: EdgeId) -> Vec<Along> {
    let (ground, pace) = (walker.ground, &walker.profile.pace);
    let edge = ground.edge(id);
    let time = |against: bool| {
        let time = edge_time(&ground.city, id, against, Millimetres(edge.length_mm), pace);
        (time != IMPASSABLE).then_some(f64::from(time.0))
    };
    let forward = time(false).filter(|_| !edge.has(EdgeFlags::NOT_FORWARD));
    let backward = time(true).filter(|_| !edge.has(EdgeFlags::NOT_BACKWARD));
    let from_end = |end: usize| {
        let nodes = [ground.graph.entering(id)[end], ground.graph.leaving(id)[end]];
        let reached = nodes.into_iter().filter_map(|node| search.time(node)).min()?;
        let time = reached + edge_end_time(edge, end, pace);
        (time != IMPASSABLE).then_some(f64::from(time.0))
    };
    let mut walks = Vec::new();
    if let (Some(begin), Some(whole)) = (from_end(0), forward) {
        walks.push(Along { shares: [0.0, 1.0], times: [begin, begin + whole] });
    }
    if let (Some(begin), Some(whole)) = (from_end(1), backward) {
        walks.push(Along { shares: [0.0, 1.0], times: [begin + whole, begin] });
    }
    for leg in starts.iter().flat_map(|start| &start.legs.legs).filter(|leg| leg.edge == id) {
        let at = f64::from(leg.offset.0) / f64::from(edge.length_mm.max(1));
        let begin = f64::from(walker.leg_time(leg.length).0);
        walks.extend(
            forward.map(|whole| Along { shares: [at, 1.0], times: [begin, begin + whole * (1.0 - at)] }),
        );
        walks.extend(backward.map(|whole| Along { shares: [0.0, at], times: [begin + whole * at, begin] }));
    }
    walks.extend(starts.iter().flat_map(|start| straight_walks(walker, start, id)));
    walks
}

/// Length of the chords that approximate straight walks. Along a chord the time is interpolated, which is
/// hardly more than the true time.
const CHORD_METRES: f64 = 2.0;

/// Straight walks from a start to places of an edge that it has a leg to.
fn straight_walks(walker: Walker<'_>, start: &Start<'_>, id: EdgeId) -> Vec<Along> {
    if !start.legs.legs.iter().any(|leg| leg.edge == id) {
        return Vec::new();
    }
    let edge = walker.ground.edge(id);
    let line = walker.ground.city.line(edge.line);
    let whole = f64::from(edge.length_mm) / 1000.0;
    let farthest = start.legs.limit_metres;
    let on_major = edge.has(EdgeFlags::MAJOR);
    let straight = |share: f64| {
        let point = place_on(line, Millimetres((share * f64::from(edge.length_mm)) as u32));
        let is_near = start.point.distance_metres(point) <= farthest;
        let end = StraightEnd { point, limit_metres: 0.0, on_major };
        let arrival = is_near.then(|| walker.arrive_straight(StartIndex(0), start, end))??;
        Some((share, f64::from(arrival.time.0)))
    };
    // Straight walks reach no farther along the edge than the longest leg does.
    let at = start.legs.legs.iter().filter(|leg| leg.edge == id).map(|leg| leg.offset.metres());
    let from = at.clone().fold(f64::INFINITY, f64::min) - 2.0 * farthest;
    let to = at.fold(0.0, f64::max) + 2.0 * farthest;
    let (from, to) = (from.max(0.0), to.min(whole));
    let chords = ((to - from) / CHORD_METRES).ceil().max(1.0) as u32;
    let places = (0..=chords).map(|chord| from + (to - from) * f64::from(chord) / f64::from(chords));
    let seen: Vec<Option<(f64, f64)>> = places.map(|metres| straight(metres / whole.max(0.001))).collect();
    let chord = |pair: &[Option<(f64, f64)>]| {
        let (a, b) = (pair[0]?, pair[1]?);
        Some(Along { shares: [a.0, b.0], times: [a.1, b.1] })
    };
    seen.windows(2).filter_map(chord).collect()
}

/// The earliest of several walks on each stretch of the edge, as far as it is within the limit
/// (milliseconds).
fn earliest(walks: &[Along], limit: f64) -> Vec<Along> {
    let mut breaks: Vec<f64> = walks.iter().flat_map(|walk| walk.shares).collect();
    let at_limit = Along { shares: [0.0, 1.0], times: [limit; 2] };
    for (number, walk) in walks.iter().enumerate() {
        breaks.extend(walks[number + 1..].iter().chain([&at_limit]).filter_map(|other| walk.meets(other)));
    }
    breaks.sort_by(f64::total_cmp);
    breaks.dedup();
    let mut parts: Vec<(usize, Along)> = Vec::new();
    for pair in breaks.windows(2) {
        let middle = f64::midpoint(pair[0], pair[1]);
        let holding = walks.iter().enumerate().filter(|(_, walk)| walk.holds(middle));
        let Some((number, walk)) = holding.min_by(|(_, a), (_, b)| a.at(middle).total_cmp(&b.at(middle)))
        else {
            continue;
        };
        if walk.at(middle) > limit {
            continue;
        }
        let part = Along { shares: [pair[0], pair[1]], times: [walk.at(pair[0]), walk.at(pair[1])] };
        match parts.last_mut() {
            Some((last, before)) if *last == number && before.shares[1].total_cmp(&pair[0]).is_eq() => {
                before.shares[1] = pair[1];
                before.times[1] = part.times[1];
            }
            _ => parts.push((number, part)),
        }
    }
    parts.into_iter().map(|(_, part)| part).collect()
}

/// The part of a line between two shares of its length, with the share of every corner.
fn cut(line: &[Point], [from, to]: [f64; 2]) -> Vec<(Point, f64)> {
    let lengths: Vec<f64> = line.windows(2).map(|pair| pair[0].distance_metres(pair[1])).collect();
    let total: f64 = lengths.iter().sum();
    let (from, to) = (from * total, to * total);
    let mut walked = 0.0;
    let mut part: Vec<(Point, f64)> = Vec::new();
    for (pair, length) in line.windows(2).zip(lengths) {
        let (start, end) = (walked, walked + length);
        walked = end;
        if end < from || start > to || length <= 0.0 {
            continue;
        }
        let frame = Frame::at(pair[0]);
        let at = |metres: f64| {
            let share = ((metres - start) / length).clamp(0.0, 1.0);
            (frame.point(plane::along([0.0, 0.0], frame.local(pair[1]), share)), metres / total)
        };
        part.push(at(from.max(start)));
        part.push(at(to.min(end)));
    }
    part.dedup_by_key(|(point, _)| *point);
    part
}

#[cfg(test)]
mod tests {
    use super::*;

    fn along(shares: [f64; 2], times: [f64; 2]) -> Along {
        Along { shares, times }
    }

    #[test]
    fn walks_from_both_ends_meet_in_the_middle() {
        let walks = [along([0.0, 1.0], [0.0, 100.0]), along([0.0, 1.0], [140.0, 40.0])];
        let parts = earliest(&walks, 1000.0);
        assert_eq!(parts, [along([0.0, 0.7], [0.0, 70.0]), along([0.7, 1.0], [70.0, 40.0])]);
        let parts = earliest(&walks, 50.0);
        assert_eq!(parts, [along([0.0, 0.5], [0.0, 50.0]), along([0.9, 1.0], [50.0, 40.0])]);
    }

    #[test]
    fn a_leg_in_the_middle_is_left_in_both_directions() {
        let walks = [along([0.25, 1.0], [10.0, 85.0]), along([0.0, 0.25], [35.0, 10.0])];
        assert_eq!(earliest(&walks, 1000.0), [walks[1], walks[0]]);
        assert!(earliest(&walks, 5.0).is_empty() && earliest(&[], 5.0).is_empty());
    }
}
