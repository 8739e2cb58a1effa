//! Gates 小区出入口, in the order of `walking.md`: mapped ones, crossings of the outline, else inferred.

mod closings;

use crate::compounds::{Called, DraftCompound, Match};
use crate::facilities::alike::behind_gate;
use crate::facilities::{DraftOrigin, osm_of};
use crate::gate_keys::{self, OfMap};
use crate::hours::OwnHours;
use crate::keys;
use crate::located::Located;
use crate::own::{Action, CorrectionOf, Own, OwnGate};
use crate::scan::{TaggedNode, Vertex, Way};
use crate::shapes::Draft;
use crate::sides::{StreetGrid, cluster, cluster_by, side_of};
use crate::streets::{Crossing, Streets};
use crate::tags::Lock;
use circle_model::city::{Gate, GateProvenance, HoursOf, MapKind, NodeFlags, OsmKind, Span};
use circle_model::grid::SegmentGrid;
use circle_model::{CompoundId, Frame, Point, plane};
use closings::Closings;
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
/// Places of a side are as near to a way as each other within steps of this.
const AS_NEAR_METRES: f64 = 10.0;
/// A compound that is only a point is entered from a way within this distance.
const POINT_METRES: f64 = 300.0;

/// The gate nodes of every compound.
#[derive(Debug)]
pub(crate) struct Mapped<'a> {
    of: Vec<Vec<&'a TaggedNode>>,
    /// Nodes and compounds for which the key of the node is not enough.
    shared: HashSet<(i64, usize)>,
}

impl<'a> Mapped<'a> {
    /// Gate, entrance and barrier nodes within 15 m of an outline go to the nearest one (to all that share it).
    pub(crate) fn find(located: &'a Located, compounds: &[DraftCompound]) -> Self {
        let (owner, sides) = sides(compounds);
        let grid = SegmentGrid::build(sides.iter().copied(), 100.0);
        let doors = doors(located);
        let mut of = vec![Vec::new(); compounds.len()];
        let mut shared = HashSet::new();
        for node in &located.scan.nodes {
            let Some(passage) = node.passage.filter(|passage| passage.flags.contains(NodeFlags::GATE)) else {
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
            if owners.len() > 1 {
                let owners = owners.iter().map(|owner| *owner as usize);
                let on_map = |owner: &usize| osm_of(&compounds[*owner].origins).0 != OsmKind::None;
                // Outlines that only own files have do not change the keys of the map's compounds.
                let mut of_map = owners.clone().filter(on_map);
                let alone = of_map.next().filter(|_| of_map.next().is_none());
                shared.extend(owners.filter(|owner| Some(*owner) != alone).map(|owner| (node.id, owner)));
            }
            owners.into_iter().for_each(|owner| of[owner as usize].push(node));
        }
        Self { of, shared }
    }

    /// The key of a gate node of a compound.
    fn key(&self, node: i64, compound: usize, compound_key: &str) -> String {
        keys::of_gate_node(node, self.shared.contains(&(node, compound)).then_some(compound_key))
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
/// in the field has reported come beside what else is known. Gates that were found closed for good are left out.
pub(crate) fn write(
    draft: &mut Draft,
    (compounds, compound_keys): (&[DraftCompound], &[String]),
    mapped: &Mapped<'_>,
    own_gates: OwnGates,
    own: &mut Own,
    streets: &Streets,
    grid: &StreetGrid<'_>,
) -> (Vec<Span>, Vec<OwnHours>) {
    let OwnGates { of, mut closings } = own_gates;
    let sites = Sites { compounds, compound_keys, mapped, of: &of, streets, grid };
    if closings.have_keys() {
        let all = (0..compounds.len()).flat_map(|number| sites.gates_of(number, &closings));
        let keys: HashSet<String> = all.map(|gate| gate.key).collect();
        closings.settle(&keys, own);
    }
    let mut hours = Vec::new();
    let mut spans = Vec::with_capacity(compounds.len());
    for number in 0..compounds.len() {
        let start = draft.tables.gates.len() as u32;
        for gate in sites.gates_of(number, &closings) {
            if closings.close(number, gate.point, &gate.key) {
                if let GateOf::Own(gate) = gate.from {
                    own.close(&DraftOrigin::own(&gate.record), "closed by a field correction");
                }
                continue;
            }
            if let GateOf::Own(OwnGate { hours: Some(text), .. }) = gate.from {
                let row = draft.tables.gates.len() as u32;
                hours.push(OwnHours { of: HoursOf::Gate, row, text: text.clone() });
            }
            let row = gate.row(draft, number);
            draft.tables.gates.push(row);
        }
        spans.push(Span { start, len: draft.tables.gates.len() as u32 - start });
    }
    closings.report(own);
    (spans, hours)
}

/// What the gates of compounds are found by.
struct Sites<'a> {
    compounds: &'a [DraftCompound],
    compound_keys: &'a [String],
    mapped: &'a Mapped<'a>,
    of: &'a HashMap<usize, Vec<OwnGate>>,
    streets: &'a Streets,
    grid: &'a StreetGrid<'a>,
}

/// A gate before it is written.
struct DraftGate<'a> {
    point: Point,
    key: String,
    from: GateOf<'a>,
}

/// What a gate is known from.
enum GateOf<'a> {
    Own(&'a OwnGate),
    Mapped(&'a TaggedNode),
    Streets(GateProvenance),
}

impl<'a> Sites<'a> {
    /// The gates of a compound, closed ones among them.
    fn gates_of(&self, number: usize, closings: &Closings) -> Vec<DraftGate<'a>> {
        let key = self.compound_keys[number].as_str();
        let crossings = &self.streets.crossings;
        let [first, end] =
            [number, number + 1].map(|bound| crossings.partition_point(|it| it.compound < bound));
        let by_streets =
            || derived(&self.compounds[number], key, (&crossings[first..end], self.streets), self.grid);
        let nodes = self.mapped.of[number].as_slice();
        let node_key = |node: &TaggedNode| self.mapped.key(node.id, number, key);
        let own = self.of.get(&number).map(Vec::as_slice).unwrap_or_default();
        let own_keys = if own.is_empty() {
            Vec::new()
        } else {
            let nodes = nodes.iter().map(|node| (node.point, node_key(node)));
            gate_keys::of_own(own, &[nodes.collect(), by_streets().0], CLUSTER_METRES)
        };
        let own_gate = |(gate, key): (&'a OwnGate, String)| DraftGate {
            point: gate.record.point,
            key,
            from: GateOf::Own(gate),
        };
        let mut gates: Vec<DraftGate<'a>> = own.iter().zip(own_keys).map(own_gate).collect();
        if own.iter().any(|gate| gate.listed) {
            return gates;
        }
        let beside =
            |point: Point| own.iter().all(|gate| gate.record.point.distance_metres(point) > CLUSTER_METRES);
        for &node in nodes.iter().filter(|node| beside(node.point)) {
            gates.push(DraftGate { point: node.point, key: node_key(node), from: GateOf::Mapped(node) });
        }
        // A compound whose only gate on the map is closed has others that nobody has mapped.
        let is_open = |node: &&TaggedNode| !closings.closed(number, node.point, &node_key(node));
        if !nodes.iter().any(is_open) {
            let (places, provenance) = by_streets();
            let from_street = |(point, key)| DraftGate { point, key, from: GateOf::Streets(provenance) };
            gates.extend(places.into_iter().filter(|(point, _)| beside(*point)).map(from_street));
        }
        gates
    }
}

impl DraftGate<'_> {
    fn row(&self, draft: &mut Draft, compound: usize) -> Gate {
        match self.from {
            GateOf::Own(gate) => Gate {
                name: draft.texts.add_some(gate.record.name.as_deref()),
                key: draft.texts.add(&self.key),
                locked: u8::from(gate.locked),
                source: gate.record.source,
                row: gate.record.row,
                ..bare(self.point, compound, GateProvenance::Own)
            },
            GateOf::Mapped(node) => {
                let is_locked = |lock: Lock| matches!(lock, Lock::Alone | Lock::Besides);
                Gate {
                    osm_id: node.id,
                    name: draft.texts.add_some(node.name.as_deref()),
                    key: keys::stored(draft, &self.key, (OsmKind::Node, node.id)),
                    locked: u8::from(node.passage.is_some_and(|passage| is_locked(passage.lock))),
                    ..bare(self.point, compound, GateProvenance::Mapped)
                }
            }
            GateOf::Streets(provenance) => {
                Gate { key: draft.texts.add(&self.key), ..bare(self.point, compound, provenance) }
            }
        }
    }
}

fn bare(point: Point, compound: usize, provenance: GateProvenance) -> Gate {
    Gate {
        osm_id: 0,
        point,
        name: Span::default(),
        key: Span::default(),
        compound: CompoundId(compound as u32),
        provenance: provenance.code(),
        locked: 0,
        spare: [0; 2],
        source: 0,
        row: 0,
    }
}

/// Gates of own files by compound, and gates that are closed.
#[derive(Debug, Default)]
pub(crate) struct OwnGates {
    of: HashMap<usize, Vec<OwnGate>>,
    closings: Closings,
}

impl OwnGates {
    /// Gives every own gate to its compound: the one it names, else the nearest outline within 60 m. Rows without one
    /// are rejected, the same gate twice is merged.
    pub(crate) fn find(
        own: &mut Own,
        (compounds, compound_keys): (&[DraftCompound], &[String]),
        mapped: &Mapped<'_>,
    ) -> Self {
        let mut gates = std::mem::take(&mut own.gates);
        let (corrections, others): (Vec<_>, Vec<_>) = std::mem::take(&mut own.corrections)
            .into_iter()
            .partition(|correction| correction.of == CorrectionOf::Gate);
        own.corrections = others;
        let mut result = Self::default();
        if gates.is_empty() && corrections.is_empty() {
            return result;
        }
        let called = Called::of(compounds, compound_keys);
        let outlines = Outlines::of(compounds);
        gates.sort_by_key(|gate| !gate.listed);
        for gate in gates {
            match owner(&gate, compounds, &called, &outlines) {
                Err(why) => own.reject(&gate.record, "no_compound", &why),
                Ok(Match { number, by_likeness }) => {
                    if let Some(name) = gate.compound.as_deref().filter(|_| by_likeness) {
                        own.note_likeness(&gate.record, name, &compounds[number]);
                    }
                    result.take(number, gate, own);
                }
            }
        }
        for correction in corrections {
            match correction.action {
                Action::NewGate => {
                    let target = || {
                        let target = correction.target.clone()?;
                        Some(called.present_key(&target, own).unwrap_or(target))
                    };
                    let named = correction.compound.clone().or_else(target);
                    let gate = OwnGate {
                        record: correction.record.clone(),
                        compound: named,
                        locked: false,
                        hours: None,
                        listed: false,
                    };
                    match owner(&gate, compounds, &called, &outlines).map(|found| found.number) {
                        Ok(number) if result.is_known(number, gate.record.point, mapped) => {
                            own.stale(&correction, "a gate is known there by now");
                        }
                        Ok(number) if result.of.get(&number).is_some_and(|of| of.len() >= MOST_GATES) => {
                            own.stale(&correction, &format!("its compound has {MOST_GATES} gates already"));
                        }
                        Ok(number) => {
                            let name = compounds[number].name.as_deref().unwrap_or_default();
                            own.applied(
                                &correction,
                                gate.record.point,
                                &format!("a gate of `{name}` was added"),
                            );
                            result.of.entry(number).or_default().push(gate);
                        }
                        Err(why) => own.stale(&correction, &why),
                    }
                }
                Action::Closed => result.closings.add(correction, compounds, &called, own),
                _ => own.stale(&correction, NO_GATE),
            }
        }
        result
    }

    fn take(&mut self, number: usize, gate: OwnGate, own: &mut Own) {
        let of = self.of.entry(number).or_default();
        let same = |other: &&OwnGate| {
            let metres = other.record.point.distance_metres(gate.record.point);
            metres <= SAME_METRES || (!gate.listed && metres <= CLUSTER_METRES)
        };
        if let Some(first) = of.iter().find(same) {
            let first = own.label(first.record.source, first.record.row);
            own.merge_into(&gate.record, &format!("the gate of {first}"));
        } else if of.len() >= MOST_GATES {
            own.reject(&gate.record, "crowded", &format!("its compound has {MOST_GATES} gates already"));
        } else {
            of.push(gate);
        }
    }

    fn is_known(&self, number: usize, point: Point, mapped: &Mapped<'_>) -> bool {
        let near = |other: Point| other.distance_metres(point) <= NEW_METRES;
        mapped.of[number].iter().any(|node| near(node.point))
            || self.of.get(&number).is_some_and(|of| of.iter().any(|gate| near(gate.record.point)))
    }
}

/// Why a correction of gates cannot be applied that says none of it.
const NO_GATE: &str = "a gate can be closed, by its key or place, or new, with its place";

/// The compound of an own gate.
fn owner(
    gate: &OwnGate,
    compounds: &[DraftCompound],
    called: &Called,
    outlines: &Outlines,
) -> Result<Match, String> {
    let at = gate.record.point;
    let exactly = |number: usize| Match { number, by_likeness: false };
    if let Some(name) = gate.compound.as_deref() {
        let found = called.find_like(compounds, name, Some(at))?;
        let number = found.number;
        if !outlines.is_near(number, &compounds[number], at) {
            let name = crate::own::short(name);
            return Err(format!("it is more than {NAMED_METRES} m from `{name}`, whose gate it is to be"));
        }
        return Ok(found);
    }
    // 塔布板小区(东门): the name goes before the nearest outline.
    let inside = gate.record.name.as_deref().and_then(behind_gate);
    let named = inside.and_then(|name| called.find(compounds, Some(&name), Some(at)).ok());
    if let Some(number) = named.filter(|number| outlines.is_near(*number, &compounds[*number], at)) {
        return Ok(exactly(number));
    }
    outlines.nearest(at).map(|number| exactly(number as usize)).ok_or_else(|| {
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

    /// Whether a compound's outline, or its point where it has none, is near enough to be its gate's.
    fn is_near(&self, number: usize, compound: &DraftCompound, at: Point) -> bool {
        if compound.area.polygons.is_empty() {
            return compound.point.distance_metres(at) <= NAMED_METRES;
        }
        let frame = Frame::at(at);
        let mut near = false;
        self.grid.visit_near(at, at, NAMED_METRES, |side| {
            near |= self.owner[side.id as usize] as usize == number
                && plane::distance(frame.local(side.a), frame.local(side.b)) <= NAMED_METRES;
            !near
        });
        near
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

/// The gates that streets give to a compound, with their keys: where ways cross its outline, else one on each side.
fn derived(
    compound: &DraftCompound,
    key: &str,
    (crossed, streets): (&[Crossing], &Streets),
    grid: &StreetGrid<'_>,
) -> (Vec<OfMap>, GateProvenance) {
    if !crossed.is_empty() {
        let kept = cluster_by(crossed, CLUSTER_METRES, |crossing| streets.point(crossing.vertex));
        let keyed = |it: &Crossing| (streets.point(it.vertex), keys::of_crossing(key, it.way, it.order));
        return (kept.into_iter().map(keyed).collect(), GateProvenance::Crossing);
    }
    let (centre, places) = if compound.area.polygons.is_empty() {
        let nearest = grid.nearest(compound.point, POINT_METRES).map(|(_, point)| point);
        (compound.point, nearest.into_iter().collect())
    } else {
        let centre = compound.bounds.centre();
        let places = grid.sides(compound.rings(), centre, AS_NEAR_METRES, |_, _| true);
        (centre, cluster(places, CLUSTER_METRES))
    };
    let frame = Frame::at(centre);
    let keyed = |point: Point| (point, keys::of_side(key, side_of(frame.local(point)).0));
    (places.into_iter().map(keyed).collect(), GateProvenance::Inferred)
}
