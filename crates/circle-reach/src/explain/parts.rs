//! The parts of a walk: legs, ways and waits.

use crate::explain::explained::{Part, Surface, Wait};
use crate::ground::line::{part_of, place_on};
use crate::ground::weights::{edge_end_time, edge_time};
use crate::legs::leg::Leg;
use crate::walk::path::{Path, Way};
use crate::walk::walker::Walker;
use circle_model::city::{EdgeEndFlags, EdgeFlags};
use circle_model::{EdgeId, Millimetres, Milliseconds, Point};

/// The parts of a path in order, and the edges that they go along.
pub(crate) fn parts_of(walker: Walker<'_>, path: &Path) -> (Vec<Part>, Vec<EdgeId>) {
    let mut drawing = Drawing { walker, parts: Vec::new(), edges: Vec::new() };
    match &path.way {
        Way::Straight => {
            drawing.open_ground(Surface::Straight, path.from, path.to, path.arrival.length);
        }
        Way::OneEdge { first, last } => {
            drawing.leg(path.from, first, true);
            drawing.stretch(first.edge, first.offset, last.offset, [false; 2]);
            drawing.leg(path.to, last, false);
        }
        Way::Edges { first, edges, last } => {
            drawing.leg(path.from, first, true);
            let passed_end = |leg: &Leg| [leg.end == 0, leg.end == 1];
            let none = Millimetres(0);
            let end_of = |leg: &Leg| match leg.end {
                0 => none,
                _ => Millimetres(walker.ground.edge(leg.edge).length_mm),
            };
            drawing.stretch(first.edge, first.offset, end_of(first), passed_end(first));
            for (edge, backward) in edges {
                let length = Millimetres(walker.ground.edge(*edge).length_mm);
                let (begin, end) = if *backward { (length, none) } else { (none, length) };
                drawing.stretch(*edge, begin, end, [true; 2]);
            }
            drawing.stretch(last.edge, end_of(last), last.offset, passed_end(last));
            drawing.leg(path.to, last, false);
        }
    }
    (drawing.parts, drawing.edges)
}

/// Collects the parts; consecutive stretches of one way become one part.
struct Drawing<'a> {
    walker: Walker<'a>,
    parts: Vec<Part>,
    edges: Vec<EdgeId>,
}

impl Drawing<'_> {
    fn open_ground(&mut self, surface: Surface, from: Point, to: Point, length: Millimetres) {
        if length > Millimetres(0) {
            self.parts.push(Part {
                surface,
                line: vec![from, to],
                time: self.walker.leg_time(length),
                length,
                waits: Vec::new(),
            });
        }
    }

    /// Adds the leg between a place and a way; an `outward` leg leads away from the place.
    fn leg(&mut self, place: Point, leg: &Leg, outward: bool) {
        let ground = self.walker.ground;
        let foot = place_on(ground.city.line(ground.edge(leg.edge).line), leg.offset);
        let (from, to) = if outward { (place, foot) } else { (foot, place) };
        self.open_ground(Surface::Leg, from, to, leg.length);
    }

    /// Adds the stretch of an edge between two offsets. `passed` marks the ends of the edge that the walk
    /// passes; an end where the walk starts or ends is not passed.
    fn stretch(&mut self, id: EdgeId, from: Millimetres, to: Millimetres, passed: [bool; 2]) {
        let (ground, pace) = (self.walker.ground, &self.walker.profile.pace);
        let edge = *ground.edge(id);
        let line = part_of(ground.city.line(edge.line), from, to);
        let length = Millimetres(from.0.abs_diff(to.0));
        let mut time = edge_time(&ground.city, id, to < from, length, pace);
        let mut waits = Vec::new();
        for end in [0, 1].into_iter().filter(|end| passed[*end]) {
            let wait = edge_end_time(&edge, end, pace);
            if wait > Milliseconds(0) {
                let node = [edge.from, edge.to][end];
                let at = ground.city.nodes()[node.index()].point;
                let what = [
                    EdgeEndFlags::SIGNALS,
                    EdgeEndFlags::CROSSING,
                    EdgeEndFlags::UP_TO_BRIDGE,
                    EdgeEndFlags::LIFT,
                    EdgeEndFlags::GATE,
                ];
                let what = what.into_iter().find(|what| edge.end(end).contains(*what)).unwrap_or_default();
                waits.push(Wait { what, time: wait, at });
                time += wait;
            }
        }
        if length == Millimetres(0) && waits.is_empty() {
            return;
        }
        self.edges.push(id);
        let surface = Surface::Way(edge.way, edge.has(EdgeFlags::STEPS));
        match self.parts.last_mut().filter(|part| part.surface == surface) {
            Some(part) => {
                part.line.extend(line.into_iter().skip(1));
                part.time += time;
                part.length += length;
                part.waits.extend(waits);
            }
            None => self.parts.push(Part { surface, line, time, length, waits }),
        }
    }
}
