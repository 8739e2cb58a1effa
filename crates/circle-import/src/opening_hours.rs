//! Opening hours of junctions, edges, gates and facilities, found by OSM object; those of own files take
//! precedence.

use crate::facilities::EnteredFacility;
use crate::gates::DraftGate;
use crate::geometry::{Area, Boxes, midpoint};
use crate::network::{BaseMap, Network};
use crate::own::osm_of;
use crate::scan::{Described, Located, Lock};
use circle_model::Point;
use circle_model::city::{EdgeFlags, HoursOf, MapKind, NodeFlags, OsmKind};
use rustc_hash::FxHashMap;

/// Opening hours of a row.
#[derive(Debug)]
pub(crate) struct DraftHours {
    pub(crate) of: HoursOf,
    /// Position in the collection that `of` names.
    pub(crate) row: u32,
    /// As OSM's `opening_hours`.
    pub(crate) text: Box<str>,
    /// `true` if it is locked outside of these hours.
    pub(crate) unlocks: bool,
}

/// Finds all opening hours: those of the map that own files do not replace, then those of own files. Edges of
/// a class that serves only a compound take the hours of the park around them.
pub(crate) fn find(
    located: &Located,
    map: &BaseMap<'_>,
    network: &Network,
    gates: &[DraftGate],
    facilities: &[EnteredFacility],
) -> Vec<DraftHours> {
    let mapped = mapped_hours(located);
    let own = own_hours(gates, facilities);
    if mapped.is_empty() {
        return own;
    }
    let mut owned: Vec<(HoursOf, u32)> = own.iter().map(|own| (own.of, own.row)).collect();
    owned.sort_unstable();
    let mut rows = Vec::new();
    let mut add = |of: HoursOf, row: u32, mapped: &MappedHours<'_>| {
        if owned.binary_search(&(of, row)).is_err() {
            let unlocks = mapped.unlocks && of == HoursOf::Node;
            rows.push(DraftHours { of, row, text: mapped.hours.into(), unlocks });
        }
    };
    for (row, node) in (0u32..).zip(&network.nodes) {
        if let Some(hours) = mapped.get(&(OsmKind::Node, node.osm_id)).filter(|it| it.gate) {
            add(HoursOf::Node, row, hours);
        }
    }
    let parks = Parks::find(located);
    for (row, edge) in (0u32..).zip(&network.edges) {
        let way = &map.features[edge.way.index()];
        let of_way = mapped.get(&(way.osm_kind, way.osm_id)).filter(|it| it.way);
        let of_park = || {
            let line = network.line(map, edge);
            let park = parks.around(line[(line.len() - 1) / 2], line[line.len().div_ceil(2)])?;
            mapped.get(&park)
        };
        let found = of_way.or_else(|| if edge.has(EdgeFlags::INTERIOR) { of_park() } else { None });
        if let Some(hours) = found {
            add(HoursOf::Edge, row, hours);
        }
    }
    for (row, gate) in (0u32..).zip(gates) {
        if let Some(hours) = mapped.get(&(OsmKind::Node, gate.node)) {
            add(HoursOf::Gate, row, hours);
        }
    }
    for (row, entered) in (0u32..).zip(facilities) {
        if let Some(hours) = mapped.get(&osm_of(&entered.facility.origins)) {
            add(HoursOf::Facility, row, hours);
        }
    }
    rows.extend(own);
    rows
}

/// Opening hours of own files: gates first, then facilities.
fn own_hours(gates: &[DraftGate], facilities: &[EnteredFacility]) -> Vec<DraftHours> {
    let hours = |of: HoursOf, row: u32, text: &Option<Box<str>>| {
        let text = text.clone()?;
        Some(DraftHours { of, row, text, unlocks: false })
    };
    let of_gates = (0u32..).zip(gates).filter_map(|(row, gate)| hours(HoursOf::Gate, row, &gate.hours));
    let of_facilities = (0u32..)
        .zip(facilities)
        .filter_map(|(row, entered)| hours(HoursOf::Facility, row, &entered.facility.hours));
    of_gates.chain(of_facilities).collect()
}

/// The opening hours of an OSM object.
struct MappedHours<'a> {
    hours: &'a str,
    /// It is a gate.
    gate: bool,
    /// It is locked outside of these hours.
    unlocks: bool,
    /// It is a walkable way.
    way: bool,
}

type Object = (OsmKind, i64);

fn mapped_hours(located: &Located) -> FxHashMap<Object, MappedHours<'_>> {
    let scan = &located.scan;
    let nodes = scan.nodes.iter().filter_map(|node| {
        let hours = MappedHours {
            hours: node.hours.as_deref()?,
            gate: node
                .passage
                .is_some_and(|passage| passage.flags.contains(NodeFlags::GATE) && !passage.entrance),
            unlocks: node.passage.is_some_and(|passage| passage.lock == Lock::Alone),
            way: false,
        };
        Some(((OsmKind::Node, node.id), hours))
    });
    let ways = scan.ways.iter().filter_map(|way| Some((OsmKind::Way, way.id, way.described.as_deref()?)));
    let relations =
        scan.relations.iter().map(|relation| (OsmKind::Relation, relation.id, &*relation.described));
    let others = ways.chain(relations).filter_map(|(kind, id, described)| {
        let hours = described.hours.as_deref()?;
        let way = described.walk.is_some();
        Some(((kind, id), MappedHours { hours, gate: false, unlocks: false, way }))
    });
    nodes.chain(others).collect()
}

/// Green areas with opening hours.
struct Parks {
    areas: Vec<(Object, Area)>,
    boxes: Boxes,
}

impl Parks {
    fn find(located: &Located) -> Self {
        let is_park = |described: &Described| {
            described.hours.is_some()
                && described.walk.is_none()
                && described.feature.as_ref().is_some_and(|drawn| drawn.kind == MapKind::Green)
        };
        let ways = located.scan.ways.iter().filter_map(|way| {
            way.described.as_deref().filter(|described| is_park(described))?;
            Some(((OsmKind::Way, way.id), located.way_area(way)))
        });
        let relations = located
            .scan
            .relations
            .iter()
            .filter(|relation| is_park(&relation.described))
            .map(|relation| ((OsmKind::Relation, relation.id), located.relation_area(relation).0));
        let areas: Vec<(Object, Area)> = ways.chain(relations).collect();
        let boxes = Boxes::new(areas.iter().map(|(_, area)| area.bounds()));
        Self { areas, boxes }
    }

    /// The park that contains the middle between two points.
    fn around(&self, a: Point, b: Point) -> Option<Object> {
        let middle = midpoint(a, b);
        let held = self.boxes.at(middle).into_iter().map(|number| &self.areas[number as usize]);
        let mut held = held.filter(|(_, area)| area.contains(middle));
        held.next().map(|(object, _)| *object)
    }
}
