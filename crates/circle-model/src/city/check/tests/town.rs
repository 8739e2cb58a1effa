//! The valid town that tests change.

use crate::city::facilities::{Access, Facility, SourceRecord};
use crate::city::findings::Finding;
use crate::city::flags::{EdgeEndFlags, EdgeFlags, FacilityFlags, MapFeatureFlags, NodeFlags};
use crate::city::places::{Building, Candidate, Compound, Gate, Hours, HoursOf, Population, Unit};
use crate::city::records::{Edge, MapFeature, MapKind, Node, OsmKind, Ring, RingRole, Slope, Span, Zone};
use crate::city::{CityTables, FormerKey, KeyOf};
use crate::coordinates::{Bounds, Point, line_metres};
use crate::ids::{ComponentId, CompoundId, FeatureId, NodeId, ZoneId};
use crate::units::Millimetres;

pub(super) const NONE: Span = Span { start: 0, len: 0 };

/// A point in steps of about 8 m by 11 m from the town's corner.
pub(super) fn at(x: i32, y: i32) -> Point {
    Point { lon: 1_266_000_000 + 1_000 * x, lat: 457_000_000 + 1_000 * y }
}

pub(super) fn span(start: u32, len: u32) -> Span {
    Span { start, len }
}

/// A street of two edges, a closed compound beside it with a gate, and one row of everything else.
#[expect(clippy::too_many_lines, reason = "a row of every table")]
pub(super) fn town() -> CityTables {
    let square = |x: i32| [at(x, 1), at(x + 4, 1), at(x + 4, 5), at(x, 5), at(x, 1)];
    let street = [at(0, 0), at(10, 0), at(20, 0)];
    let points: Vec<Point> = street.into_iter().chain(square(0)).chain(square(6)).collect();
    let line = |ring: Span| points[ring.range()].iter().copied();
    let outer = u32::from(RingRole::Outer.code());
    let rings = vec![
        Ring { line: span(0, 3), role: u32::from(RingRole::Line.code()) },
        Ring { line: span(3, 5), role: outer },
        Ring { line: span(8, 5), role: outer },
    ];
    let node =
        |x: i32| Node { point: at(x, 0), osm_id: 0, flags: NodeFlags::empty(), component: ComponentId(0) };
    let edge = |from: u32, zone: u32| Edge {
        from: NodeId(from),
        to: NodeId(from + 1),
        length_mm: Millimetres::from_metres(line_metres(&points[from as usize..from as usize + 2])).0,
        way: FeatureId(0),
        zone: ZoneId(zone),
        flags: EdgeFlags::INTERIOR,
        ends: [EdgeEndFlags::empty(); 2],
        line: span(from, 2),
    };
    CityTables {
        texts: "民生w1".as_bytes().to_vec(),
        nodes: vec![node(0), node(10), node(20)],
        edges: vec![edge(0, 0), edge(1, 1)],
        slopes: vec![Slope::FLAT; 2],
        zones: vec![
            Zone::new(None, Zone::RESTRICTED_WAYS),
            Zone::new(Some(CompoundId(0)), Zone::COMPOUND),
            Zone::new(None, Zone::BEHIND_GATES),
        ],
        component_metres: vec![155],
        features: vec![MapFeature {
            osm_id: 1,
            bounds: Bounds::of(line(span(0, 3))),
            name: span(0, 6),
            name_en: NONE,
            rings: span(0, 1),
            class: NONE,
            area_square_metres: 0.0,
            kind: MapKind::Way.code(),
            osm_kind: OsmKind::Way.code(),
            layer: 0,
            flags: MapFeatureFlags::empty(),
        }],
        compounds: vec![Compound {
            osm_id: 1,
            point: at(2, 3),
            name: span(0, 6),
            name_en: NONE,
            rings: span(1, 1),
            gates: span(0, 1),
            area_square_metres: 1_400.0,
            zone: ZoneId(1),
            units: [0, u32::MAX, u32::MAX, u32::MAX],
            origins: span(0, 1),
            key: span(6, 2),
            population: Population::NONE,
            osm_kind: OsmKind::Way.code(),
            closed: 1,
            evidence: 0,
            generated_name: 0,
            population_from: 3,
            spare: [0; 3],
        }],
        gates: vec![Gate {
            osm_id: 1,
            point: at(2, 1),
            name: NONE,
            key: NONE,
            compound: CompoundId(0),
            provenance: 1,
            locked: 0,
            spare: [0; 2],
            source: 0,
            row: 0,
        }],
        buildings: vec![Building {
            point: at(2, 3),
            name: NONE,
            key: span(6, 2),
            feature: u32::MAX,
            compound: 0,
            residents: 60.0,
            residents_low: 50.0,
            residents_high: 70.0,
            households: -1.0,
            levels: 6.0,
            population_from: 2,
            levels_assumed: 1,
            spare: [0; 2],
        }],
        facilities: vec![Facility {
            osm_id: 2,
            point: at(12, 1),
            name: NONE,
            name_en: NONE,
            access: span(0, 1),
            categories: span(0, 1),
            origins: span(1, 1),
            key: NONE,
            units: [u32::MAX; 4],
            area_square_metres: 0.0,
            capacity: 0.0,
            only_for: 1,
            osm_kind: OsmKind::Node.code(),
            confidence_percent: 90,
            channel: 4,
            flags: FacilityFlags::HALAL,
            spare: [0; 8],
        }],
        access_points: vec![Access { point: at(12, 1), kind: 3 }],
        facility_categories: vec![5],
        units: vec![Unit {
            osm_id: 3,
            bounds: Bounds::of(line(span(8, 5))),
            point: at(8, 3),
            name: NONE,
            name_en: NONE,
            key: NONE,
            rings: span(2, 1),
            parent: u32::MAX,
            area_square_metres: 1_400.0,
            code: NONE,
            source: 0,
            row: 0,
            census: 0,
            admin_level: Unit::DISTRICT,
            clipped: 0,
            osm_kind: OsmKind::Relation.code(),
            spare: 0,
        }],
        origins: vec![
            SourceRecord {
                osm_id: 1,
                point: at(2, 3),
                name: NONE,
                reference: NONE,
                source: 0,
                row: 0,
                distance_metres: 0.0,
                osm_kind: OsmKind::Way.code(),
                joined: 0,
                spare: [0; 2],
            };
            2
        ],
        candidates: vec![Candidate {
            point: at(3, 3),
            name: NONE,
            key: span(6, 2),
            rings: NONE,
            note: NONE,
            area_square_metres: 100.0,
            source: 0,
            row: 1,
            compound: 0,
        }],
        findings: vec![Finding {
            name: NONE,
            message: span(0, 3),
            point: Finding::NOWHERE,
            source: 0,
            row: 0,
            severity: 1,
            kind: 3,
            spare: [0; 6],
        }],
        hours: vec![Hours { text: NONE, row: 0, of: HoursOf::Gate.code(), unlocks: 0, spare: [0; 2] }],
        former_keys: vec![FormerKey {
            text: span(6, 2),
            point: at(2, 3),
            row: FormerKey::GONE,
            of: KeyOf::Compound.code(),
            spare: [0; 3],
        }],
        points,
        rings,
    }
}
