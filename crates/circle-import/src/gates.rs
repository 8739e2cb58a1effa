//! Gates 小区出入口, in the order of `walking.md`: mapped ones, crossings of the outline, else inferred.

use crate::compounds::{Called, DraftCompound};
use crate::facilities::Source;
use crate::facilities::alike::behind_gate;
use crate::hours::OwnHours;
use crate::located::Located;
use crate::own::{Action, CorrectionOf, Own, OwnCorrection, OwnGate};
use crate::scan::{TaggedNode, Vertex, Way};
use crate::shapes::Draft;
use crate::sides::{StreetGrid, cluster};
use crate::streets::Streets;
use crate::tags::Lock;
use circle_model::city::{Gate, GateProvenance, HoursOf, MapKind, Node, Span};
use circle_model::grid::SegmentGrid;
use circle_model::{Frame, Point, plane};
use std::collections::{HashMap, HashSet};

/// A gate node belongs to an outline within this distance.
const MAPPED_METRES: f64 = 15.0;
/// The door of a building is no gate unless it stands on the outline.
const DOOR_METRES: f64 = 2.0;
/// Crossings nearer than this to each other are one gate.
const CLUSTER_METRES: f64 = 20.0;
/// An own gate that names no compound belongs to an outline within this distance …
const OWN_METRES: f64 = 60.0;
/// … and one that does, lies within this distance of it.
const NAMED_METRES: f64 = 150.0;
/// Two rows are one gate within this distance.
const SAME_METRES: f64 = 3.0;
/// A reported gate is on the map by now when one is within this distance.
const NEW_METRES: f64 = 8.0;
/// No compound has more gates.
const MOST_GATES: usize = 200;
/// A compound that is only a point is entered from a way within this distance.
const POINT_METRES: f64 = 300.0;

/// The gate nodes of every compound.
#[derive(Debug)]
pub(crate) struct Mapped<'a> {
    of: Vec<Vec<&'a TaggedNode>>,
}

impl<'a> Mapped<'a> {
    /// Gate, entrance and barrier nodes within 15 m of an outline go to the nearest one (to all that share it).
    pub(crate) fn find(located: &'a Located, compounds: &[DraftCompound]) -> Self {
        let (owner, sides) = sides(compounds);
        let grid = SegmentGrid::build(sides.iter().copied(), 100.0);
        let doors = doors(located);
        let mut of = vec![Vec::new(); compounds.len()];
        for node in &located.scan.nodes {
            let Some(passage) = node.passage.filter(|passage| passage.flags & Node::GATE != 0) else {
                continue;
            };
            let door = passage.entrance && doors.contains(&node.id);
            let reach = if door { DOOR_METRES } else { MAPPED_METRES };
            let frame = Frame::at(node.point);
            let mut near: Vec<(f64, u32)> = Vec::new();
            grid.visit_near(node.point, node.point, reach, |side| {
                let distance = plane::distance(frame.local(side.a), frame.local(side.b));
                if distance <= reach {
                    near.push((distance, owner[side.id as usize]));
                }
                true
            });
            let least = near.iter().map(|(distance, _)| *distance).fold(f64::INFINITY, f64::min);
            let mut owners: Vec<u32> = near
                .iter()
                .filter(|(distance, _)| *distance <= least + 1.0)
                .map(|(_, owner)| *owner)
                .collect();
            owners.sort_unstable();
            owners.dedup();
            owners.into_iter().for_each(|owner| of[owner as usize].push(node));
        }
        Self { of }
    }

    /// Which compounds have a gate that speaks for a closed one.
    pub(crate) fn closes(&self) -> Vec<bool> {
        let closes = |node: &&TaggedNode| node.passage.is_some_and(|passage| passage.closes);
        self.of.iter().map(|nodes| nodes.iter().any(closes)).collect()
    }
}

/// Ids of the entrances that are corners of a building.
fn doors(located: &Located) -> HashSet<i64> {
    let scan = &located.scan;
    let is_entrance = |node: &&TaggedNode| node.passage.is_some_and(|passage| passage.entrance);
    let entrances: HashSet<Vertex> = scan
        .nodes
        .iter()
        .filter(is_entrance)
        .filter_map(|node| scan.wanted.binary_search(&node.id).ok())
        .map(|at| at as Vertex)
        .collect();
    if entrances.is_empty() {
        return HashSet::new();
    }
    let is_building = |way: &&Way| {
        way.described
            .as_deref()
            .and_then(|described| described.feature.as_ref())
            .is_some_and(|feature| feature.kind == MapKind::Building)
    };
    let corners = scan.ways.iter().filter(is_building).flat_map(|way| &scan.vertices[way.refs.clone()]);
    corners.filter(|vertex| entrances.contains(vertex)).map(|vertex| scan.wanted[*vertex as usize]).collect()
}

/// Writes the gates of every compound; the result holds their rows.
///
/// A list of gates is complete for the compounds in it; gates among an export's facilities and new ones that somebody
/// in the field has reported come beside the map's.
pub(crate) fn write(
    draft: &mut Draft,
    compounds: &[DraftCompound],
    mapped: &Mapped<'_>,
    own: &OwnGates,
    streets: &Streets,
    grid: &StreetGrid<'_>,
) -> (Vec<Span>, Vec<OwnHours>) {
    let mut crossings = streets.crossings.iter().peekable();
    let mut hours = Vec::new();
    let mut spans = Vec::with_capacity(compounds.len());
    for (number, compound) in compounds.iter().enumerate() {
        let start = draft.tables.gates.len() as u32;
        let mut crossed = Vec::new();
        while let Some((_, vertex)) = crossings.next_if(|(owner, _)| *owner == number) {
            crossed.push(streets.point(*vertex));
        }
        let of_compound = own.of.get(&number).map(Vec::as_slice).unwrap_or_default();
        for gate in of_compound {
            if let Some(text) = &gate.hours {
                let row = draft.tables.gates.len() as u32;
                hours.push(OwnHours { of: HoursOf::Gate, row, text: text.clone() });
            }
            let name = draft.texts.add_some(gate.record.name.as_deref());
            draft.tables.gates.push(Gate {
                osm_id: 0,
                point: gate.record.point,
                name,
                compound: number as u32,
                provenance: GateProvenance::Own.code(),
                locked: u8::from(gate.locked),
                shut: 0,
                spare: 0,
                source: gate.record.source,
                row: gate.record.row,
            });
        }
        let listed = of_compound.iter().any(|gate| gate.listed);
        let beside = |point: Point| {
            of_compound.iter().all(|gate| gate.record.point.distance_metres(point) > CLUSTER_METRES)
        };
        let closed = |point: Point| own.closed.iter().any(|(of, at)| *of == number && *at == point);
        let of_map =
            mapped.of[number].iter().filter(|node| !listed && beside(node.point) && !closed(node.point));
        for node in of_map {
            let name = draft.texts.add_some(node.name.as_deref());
            let locked = u8::from(
                node.passage.is_some_and(|passage| matches!(passage.lock, Lock::Alone | Lock::Besides)),
            );
            draft.tables.gates.push(Gate {
                osm_id: node.id,
                point: node.point,
                name,
                compound: number as u32,
                provenance: GateProvenance::Mapped.code(),
                locked,
                shut: 0,
                spare: 0,
                source: 0,
                row: 0,
            });
        }
        if draft.tables.gates.len() as u32 == start {
            let (places, provenance) = derived(compound, crossed, grid);
            for point in places {
                draft.tables.gates.push(Gate {
                    osm_id: 0,
                    point,
                    name: Span::default(),
                    compound: number as u32,
                    provenance: provenance.code(),
                    locked: 0,
                    shut: 0,
                    spare: 0,
                    source: 0,
                    row: 0,
                });
            }
        }
        spans.push(Span { start, len: draft.tables.gates.len() as u32 - start });
    }
    (spans, hours)
}

/// Gates of own files by compound.
#[derive(Debug, Default)]
pub(crate) struct OwnGates {
    of: HashMap<usize, Vec<OwnGate>>,
    /// Gates of the map that a field correction has closed for good.
    closed: Vec<(usize, Point)>,
}

impl OwnGates {
    /// Gives every own gate to its compound: the one it names, else the nearest outline within 60 m. Rows without one
    /// are rejected, the same gate twice is merged.
    pub(crate) fn find(own: &mut Own, compounds: &[DraftCompound], mapped: &Mapped<'_>) -> Self {
        let mut gates = std::mem::take(&mut own.gates);
        let (corrections, others): (Vec<_>, Vec<_>) = std::mem::take(&mut own.corrections)
            .into_iter()
            .partition(|correction| correction.of == CorrectionOf::Gate);
        own.corrections = others;
        let mut result = Self::default();
        if gates.is_empty() && corrections.is_empty() {
            return result;
        }
        let called = Called::of(compounds);
        let outlines = Outlines::of(compounds);
        let (new, closing): (Vec<_>, Vec<_>) =
            corrections.into_iter().partition(|correction| correction.action == Action::NewGate);
        for correction in &new {
            let gate = OwnGate {
                record: correction.record.clone(),
                compound: correction.compound.clone().or(correction.target.clone()),
                locked: false,
                hours: None,
                listed: false,
            };
            let known = |number: usize| {
                mapped.of[number]
                    .iter()
                    .any(|node| node.point.distance_metres(gate.record.point) <= NEW_METRES)
            };
            match owner(&gate, compounds, &called, &outlines) {
                Ok(number) if known(number) => own.stale(correction, "the map has a gate there by now"),
                Ok(number) => {
                    let name = compounds[number].name.as_deref().unwrap_or_default();
                    own.applied(correction, gate.record.point, &format!("a gate of `{name}` was added"));
                    result.of.entry(number).or_default().push(gate);
                }
                Err(why) => own.stale(correction, &why),
            }
        }
        gates.sort_by_key(|gate| !gate.listed);
        for gate in gates {
            match owner(&gate, compounds, &called, &outlines) {
                Err(why) => own.reject(&gate.record, "no_compound", &why),
                Ok(number) => {
                    let of = result.of.entry(number).or_default();
                    let same = |other: &OwnGate| {
                        let metres = other.record.point.distance_metres(gate.record.point);
                        metres <= SAME_METRES || (!gate.listed && metres <= CLUSTER_METRES)
                    };
                    if of.iter().any(same) {
                        own.merge(gate.record.source);
                    } else if of.len() >= MOST_GATES {
                        own.reject(
                            &gate.record,
                            "crowded",
                            &format!("its compound has {MOST_GATES} gates already"),
                        );
                    } else {
                        of.push(gate);
                    }
                }
            }
        }
        result.close(&closing, own, compounds, mapped);
        result
    }

    /// Gates that somebody in the field has found closed for good.
    fn close(
        &mut self,
        closing: &[OwnCorrection],
        own: &mut Own,
        compounds: &[DraftCompound],
        mapped: &Mapped<'_>,
    ) {
        for correction in closing {
            if correction.action != Action::Closed || !correction.placed {
                own.stale(correction, "a gate can be closed or new, each with its place");
                continue;
            }
            let at = correction.record.point;
            let near = |point: Point| point.distance_metres(at) <= CLUSTER_METRES;
            let mut found = 0;
            for number in 0..compounds.len() {
                let of_map = mapped.of[number].iter().filter(|node| near(node.point));
                let before = self.closed.len();
                self.closed.extend(of_map.map(|node| (number, node.point)));
                found += self.closed.len() - before;
                if let Some(gates) = self.of.get_mut(&number) {
                    let (closed, open): (Vec<_>, Vec<_>) =
                        std::mem::take(gates).into_iter().partition(|gate| near(gate.record.point));
                    *gates = open;
                    found += closed.len();
                    for gate in &closed {
                        own.close(&Source::own(&gate.record), "closed by a field correction");
                    }
                }
            }
            if found > 0 {
                own.applied(correction, at, &format!("{found} gates are closed for good and left out"));
            } else {
                own.stale(correction, "no gate within 20 m of there any more");
            }
        }
    }
}

/// The compound of an own gate.
fn owner(
    gate: &OwnGate,
    compounds: &[DraftCompound],
    called: &Called,
    outlines: &Outlines,
) -> Result<usize, String> {
    let at = gate.record.point;
    if let Some(name) = gate.compound.as_deref() {
        let number = called.find(compounds, Some(name), Some(at))?;
        let metres = metres_from(&compounds[number], at);
        if metres > NAMED_METRES {
            return Err(format!(
                "it is {metres:.0} m from `{}`, whose gate it is to be",
                crate::own::short(name)
            ));
        }
        return Ok(number);
    }
    // 塔布板小区(东门): the name goes before the nearest outline.
    let inside = gate.record.name.as_deref().and_then(behind_gate);
    let named = inside.and_then(|name| called.find(compounds, Some(&name), Some(at)).ok());
    if let Some(number) = named.filter(|number| metres_from(&compounds[*number], at) <= NAMED_METRES) {
        return Ok(number);
    }
    outlines.nearest(at).map(|number| number as usize).ok_or_else(|| {
        format!("no compound's outline within {OWN_METRES} m; name its compound in a column `compound`")
    })
}

/// The sides of all outlines.
struct Outlines {
    grid: SegmentGrid,
    owner: Vec<u32>,
}

impl Outlines {
    fn of(compounds: &[DraftCompound]) -> Self {
        let (owner, sides) = sides(compounds);
        Self { grid: SegmentGrid::build(sides.iter().copied(), 100.0), owner }
    }

    /// The compound whose outline is nearest, within 60 m.
    fn nearest(&self, at: Point) -> Option<u32> {
        let frame = Frame::at(at);
        let mut best: Option<(f64, u32)> = None;
        self.grid.visit_near(at, at, OWN_METRES, |side| {
            let metres = plane::distance(frame.local(side.a), frame.local(side.b));
            let owner = self.owner[side.id as usize];
            if metres <= OWN_METRES && best.is_none_or(|best| (metres, owner) < best) {
                best = Some((metres, owner));
            }
            true
        });
        best.map(|(_, owner)| owner)
    }
}

/// Metres from a compound's outline, or from its point where it has none.
fn metres_from(compound: &DraftCompound, at: Point) -> f64 {
    if compound.area.polygons.is_empty() {
        return compound.point.distance_metres(at);
    }
    let frame = Frame::at(at);
    let sides = compound.rings().flat_map(|ring| ring.windows(2));
    sides
        .map(|side| plane::distance(frame.local(side[0]), frame.local(side[1])))
        .fold(f64::INFINITY, f64::min)
}

/// The sides of all outlines, and whose they are.
fn sides(compounds: &[DraftCompound]) -> (Vec<u32>, Vec<(Point, Point)>) {
    let (mut owner, mut sides) = (Vec::new(), Vec::new());
    for (number, compound) in (0u32..).zip(compounds) {
        for side in compound.rings().flat_map(|ring| ring.windows(2)) {
            sides.push((side[0], side[1]));
            owner.push(number);
        }
    }
    (owner, sides)
}

fn derived(
    compound: &DraftCompound,
    crossed: Vec<Point>,
    grid: &StreetGrid<'_>,
) -> (Vec<Point>, GateProvenance) {
    if !crossed.is_empty() {
        return (cluster(crossed, CLUSTER_METRES), GateProvenance::Crossing);
    }
    let places = if compound.area.polygons.is_empty() {
        grid.nearest(compound.point, POINT_METRES).map(|(_, point)| point).into_iter().collect()
    } else {
        cluster(grid.sides(compound.rings(), compound.bounds.centre()), CLUSTER_METRES)
    };
    (places, GateProvenance::Inferred)
}
