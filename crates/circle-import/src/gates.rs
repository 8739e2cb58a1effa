//! Gates 小区出入口, in the order of `walking.md`: mapped ones, crossings of the outline, else inferred.

use crate::compounds::{Called, DraftCompound, Match};
use crate::facilities::alike::behind_gate;
use crate::facilities::{DraftOrigin, osm_of};
use crate::gate_keys::{self, OfMap};
use crate::hours::OwnHours;
use crate::keys;
use crate::located::Located;
use crate::own::{Action, CorrectionOf, Own, OwnCorrection, OwnGate};
use crate::scan::{TaggedNode, Vertex, Way};
use crate::shapes::Draft;
use crate::sides::{StreetGrid, cluster, cluster_by, side_of};
use crate::streets::{Crossing, Streets};
use crate::tags::Lock;
use circle_model::city::{Gate, GateProvenance, HoursOf, MapKind, NodeFlags, OsmKind, Span};
use circle_model::grid::SegmentGrid;
use circle_model::identity::may_be_key;
use circle_model::{CompoundId, Frame, Point, plane};
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
    let mut crossings = streets.crossings.as_slice();
    let mut hours = Vec::new();
    let mut spans = Vec::with_capacity(compounds.len());
    for (number, compound) in compounds.iter().enumerate() {
        let start = draft.tables.gates.len() as u32;
        let (crossed, of_others) = crossings.split_at(crossings.partition_point(|it| it.compound <= number));
        crossings = of_others;
        let key = compound_keys[number].as_str();
        let by_streets = || derived(compound, key, (crossed, streets), grid);
        let of_compound = of.get(&number).map(Vec::as_slice).unwrap_or_default();
        let own_keys = if of_compound.is_empty() {
            Vec::new()
        } else {
            let nodes = mapped.of[number].iter().map(|node| (node.point, mapped.key(node.id, number, key)));
            gate_keys::of_own(of_compound, &[nodes.collect(), by_streets().0], CLUSTER_METRES)
        };
        for (gate, key) in of_compound.iter().zip(&own_keys) {
            if closings.close(number, gate.record.point, key) {
                own.close(&DraftOrigin::own(&gate.record), "closed by a field correction");
                continue;
            }
            if let Some(text) = &gate.hours {
                let row = draft.tables.gates.len() as u32;
                hours.push(OwnHours { of: HoursOf::Gate, row, text: text.clone() });
            }
            let name = draft.texts.add_some(gate.record.name.as_deref());
            let row = Gate {
                name,
                key: draft.texts.add(key),
                locked: u8::from(gate.locked),
                source: gate.record.source,
                row: gate.record.row,
                ..bare(gate.record.point, number, GateProvenance::Own)
            };
            draft.tables.gates.push(row);
        }
        let listed = of_compound.iter().any(|gate| gate.listed);
        let beside = |point: Point| {
            of_compound.iter().all(|gate| gate.record.point.distance_metres(point) > CLUSTER_METRES)
        };
        if !listed {
            for node in mapped.of[number].iter().filter(|node| beside(node.point)) {
                let node_key = mapped.key(node.id, number, key);
                if closings.close(number, node.point, &node_key) {
                    continue;
                }
                let name = draft.texts.add_some(node.name.as_deref());
                let locked =
                    node.passage.is_some_and(|passage| matches!(passage.lock, Lock::Alone | Lock::Besides));
                let object = (OsmKind::Node, node.id);
                let row = Gate {
                    osm_id: node.id,
                    name,
                    key: keys::stored(draft, &node_key, object),
                    locked: u8::from(locked),
                    ..bare(node.point, number, GateProvenance::Mapped)
                };
                draft.tables.gates.push(row);
            }
            // A compound whose only gate on the map is closed has others that nobody has mapped.
            let is_open = |node: &&TaggedNode| {
                !closings.closed(number, node.point, &mapped.key(node.id, number, key))
            };
            if !mapped.of[number].iter().any(is_open) {
                let (places, provenance) = by_streets();
                for (point, key) in places.into_iter().filter(|(point, _)| beside(*point)) {
                    if !closings.close(number, point, &key) {
                        let key = draft.texts.add(&key);
                        draft.tables.gates.push(Gate { key, ..bare(point, number, provenance) });
                    }
                }
            }
        }
        spans.push(Span { start, len: draft.tables.gates.len() as u32 - start });
    }
    closings.report(own);
    (spans, hours)
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

/// Gates that somebody in the field has found closed for good.
#[derive(Debug, Default)]
struct Closings {
    /// Each with its compound, where it names one, and how many gates it has closed.
    of: Vec<(OwnCorrection, Option<usize>, u32)>,
    /// By cell of some 50 m.
    cells: HashMap<(i32, i32), Vec<usize>>,
    /// By the gate's key.
    by_key: HashMap<Box<str>, usize>,
}

/// 10⁻⁷ degrees, more than [`CLUSTER_METRES`] in both directions below 60° north.
const CELL: i32 = 5_000;

impl Closings {
    fn add(&mut self, correction: OwnCorrection, compound: Option<usize>) {
        let at = correction.record.point;
        let cell = (at.lon.div_euclid(CELL), at.lat.div_euclid(CELL));
        self.cells.entry(cell).or_default().push(self.of.len());
        self.of.push((correction, compound, 0));
    }

    fn add_of_key(&mut self, correction: OwnCorrection, key: Box<str>) {
        self.by_key.insert(key, self.of.len());
        self.of.push((correction, None, 0));
    }

    fn meant(&self, compound: usize, point: Point, key: &str) -> Vec<usize> {
        if self.of.is_empty() {
            return Vec::new();
        }
        if let Some(number) = self.by_key.get(key) {
            return vec![*number];
        }
        let (x, y) = (point.lon.div_euclid(CELL), point.lat.div_euclid(CELL));
        let around = (x - 1..=x + 1).flat_map(|x| (y - 1..=y + 1).map(move |y| (x, y)));
        let near = around.filter_map(|cell| self.cells.get(&cell)).flatten().copied();
        near.filter(|number| {
            let (correction, of, _) = &self.of[*number];
            of.is_none_or(|of| of == compound)
                && correction.record.point.distance_metres(point) <= CLUSTER_METRES
        })
        .collect()
    }

    fn closed(&self, compound: usize, point: Point, key: &str) -> bool {
        !self.meant(compound, point, key).is_empty()
    }

    /// Whether a gate is closed for good; what closes it has done its work.
    fn close(&mut self, compound: usize, point: Point, key: &str) -> bool {
        let meant = self.meant(compound, point, key);
        meant.iter().for_each(|number| self.of[*number].2 += 1);
        !meant.is_empty()
    }

    fn report(self, own: &mut Own) {
        let Self { of, by_key, .. } = self;
        for (correction, _, gates) in of {
            if gates > 0 {
                let said = format!("{gates} gates are closed for good and left out");
                own.applied(&correction, correction.record.point, &said);
            } else {
                let meant = correction.target.as_deref().filter(|key| by_key.contains_key(*key));
                let why = meant.map_or_else(
                    || "no gate within 20 m of there any more".to_owned(),
                    |key| format!("no gate has the key `{}` any more", crate::own::short(key)),
                );
                own.stale(&correction, &why);
            }
        }
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
            let named = correction.compound.clone().or_else(|| correction.target.clone());
            match correction.action {
                Action::NewGate => {
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
                Action::Closed if correction.placed => {
                    let at = Some(correction.record.point);
                    match named.map(|name| called.find(compounds, Some(&name), at)).transpose() {
                        Ok(compound) => result.closings.add(correction, compound),
                        Err(why) => match correction.target.clone().filter(|key| may_be_key(key)) {
                            Some(key) => result.closings.add_of_key(correction, key),
                            None => own.stale(&correction, &why),
                        },
                    }
                }
                Action::Closed if correction.target.as_deref().is_some_and(may_be_key) => {
                    let key = correction.target.clone().unwrap_or_default();
                    result.closings.add_of_key(correction, key);
                }
                _ => own.stale(&correction, "a gate can be closed, by its key or place, or new, with its place"),
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
