//! Opening hours of what was written to the tables, found again by OSM id.

use crate::areas::Area;
use crate::located::Located;
use crate::outlines::Boxes;
use crate::shapes::Draft;
use crate::tags::Lock;
use circle_model::Point;
use circle_model::city::{EdgeFlags, Hours, HoursOf, MapKind, NodeFlags, OsmKind};
use rustc_hash::FxHashMap;

/// Opening hours that an own file gives.
#[derive(Debug)]
pub(crate) struct OwnHours {
    pub(crate) of: HoursOf,
    pub(crate) row: u32,
    pub(crate) text: Box<str>,
}

/// Writes the table of opening hours: the map's, and those of own files, which go before them. Edges
/// of a class that serves a compound alone serve a park alone as well.
pub(crate) fn write(draft: &mut Draft, located: &Located, own: &[OwnHours]) {
    let said = said(located);
    if said.is_empty() && own.is_empty() {
        return;
    }
    let tables = &draft.tables;
    let mut rows: Vec<(HoursOf, u32, &Said)> = Vec::new();
    let find = |kind: OsmKind, id: i64| said.get(&(kind.code(), id));
    for (row, node) in (0u32..).zip(&tables.nodes) {
        rows.extend(
            find(OsmKind::Node, node.osm_id).filter(|said| said.gate).map(|said| (HoursOf::Node, row, said)),
        );
    }
    let parks = Parks::find(located);
    for (row, edge) in (0u32..).zip(&tables.edges) {
        let way = &tables.features[edge.way.index()];
        let own = || said.get(&(way.osm_kind, way.osm_id)).filter(|said| said.way);
        let around = || {
            let line = &tables.points[edge.line.range()];
            let park = parks.around(line[(line.len() - 1) / 2], line[line.len().div_ceil(2)])?;
            said.get(&park)
        };
        let found = own().or_else(|| if edge.has(EdgeFlags::INTERIOR) { around() } else { None });
        rows.extend(found.map(|said| (HoursOf::Edge, row, said)));
    }
    for (row, gate) in (0u32..).zip(&tables.gates) {
        rows.extend(find(OsmKind::Node, gate.osm_id).map(|said| (HoursOf::Gate, row, said)));
    }
    for (row, facility) in (0u32..).zip(&tables.facilities) {
        let found = said.get(&(facility.osm_kind, facility.osm_id));
        rows.extend(found.map(|said| (HoursOf::Facility, row, said)));
    }
    let mut owned: Vec<(HoursOf, u32)> = own.iter().map(|own| (own.of, own.row)).collect();
    owned.sort_unstable();
    let of_map = rows.into_iter().filter(|(of, row, _)| owned.binary_search(&(*of, *row)).is_err());
    let mut rows: Vec<(HoursOf, u32, Box<str>, bool)> =
        of_map.map(|(of, row, said)| (of, row, said.hours.into(), said.unlocks)).collect();
    rows.extend(own.iter().map(|own| (own.of, own.row, own.text.clone(), false)));
    for (of, row, hours, unlocks) in rows {
        let text = draft.texts.add(&hours);
        draft.tables.hours.push(Hours {
            text,
            row,
            of: of.code(),
            unlocks: u8::from(unlocks && of == HoursOf::Node),
            spare: [0; 2],
        });
    }
}

/// What an OSM object says of its hours.
struct Said<'a> {
    hours: &'a str,
    /// It is a gate.
    gate: bool,
    /// Only its lock keeps people out.
    unlocks: bool,
    /// It is a way to walk.
    way: bool,
}

/// By kind and id.
type Object = (u8, i64);

fn said(located: &Located) -> FxHashMap<Object, Said<'_>> {
    let scan = &located.scan;
    let nodes = scan.nodes.iter().filter_map(|node| {
        let said = Said {
            hours: node.hours.as_deref()?,
            gate: node
                .passage
                .is_some_and(|passage| passage.flags.contains(NodeFlags::GATE) && !passage.entrance),
            unlocks: node.passage.is_some_and(|passage| passage.lock == Lock::Alone),
            way: false,
        };
        Some(((OsmKind::Node.code(), node.id), said))
    });
    let described =
        scan.ways.iter().filter_map(|way| Some((OsmKind::Way, way.id, way.described.as_deref()?))).chain(
            scan.relations.iter().map(|relation| (OsmKind::Relation, relation.id, &*relation.described)),
        );
    let others = described.filter_map(|(kind, id, described)| {
        let way = described.walk.is_some();
        Some((
            (kind.code(), id),
            Said { hours: described.hours.as_deref()?, gate: false, unlocks: false, way },
        ))
    });
    nodes.chain(others).collect()
}

/// Parks and the like that have hours.
struct Parks {
    areas: Vec<(Object, Area)>,
    boxes: Boxes,
}

impl Parks {
    fn find(located: &Located) -> Self {
        let is_park = |described: &crate::describe::Described| {
            described.hours.is_some()
                && described.walk.is_none()
                && described.feature.as_ref().is_some_and(|drawn| drawn.kind == MapKind::Green)
        };
        let ways = located.scan.ways.iter().filter_map(|way| {
            way.described.as_deref().filter(|described| is_park(described))?;
            Some(((OsmKind::Way.code(), way.id), located.way_area(way)))
        });
        let relations = located
            .scan
            .relations
            .iter()
            .filter(|relation| is_park(&relation.described))
            .map(|relation| ((OsmKind::Relation.code(), relation.id), located.relation_area(relation).0));
        let areas: Vec<(Object, Area)> = ways.chain(relations).collect();
        let boxes = Boxes::of(areas.iter().map(|(_, area)| area.bounds()));
        Self { areas, boxes }
    }

    /// The park that holds the middle between two points.
    fn around(&self, a: Point, b: Point) -> Option<Object> {
        let middle = Point {
            lon: i64::midpoint(a.lon.into(), b.lon.into()) as i32,
            lat: i64::midpoint(a.lat.into(), b.lat.into()) as i32,
        };
        self.boxes
            .at(middle)
            .into_iter()
            .map(|number| &self.areas[number as usize])
            .find(|(_, area)| area.contains(middle))
            .map(|(object, _)| *object)
    }
}
