//! A city with what people found in the field: facilities and gates that are closed, moved or new.

use super::columns::{ChangedTables, City};
use super::conditions::Shut;
use super::facilities::{Access, AccessKind, Channel, Facility};
use super::flags::FacilityFlags;
use super::places::{Compound, Gate, GateProvenance, HoursOf, Unit};
use super::records::{OsmKind, Span};
use crate::coordinates::Point;
use crate::ids::{CompoundId, FacilityId, GateId};
use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

/// Of the gates of a compound, those within this distance of a reported one are the same gate.
pub const SAME_GATE_METRES: f64 = 20.0;

/// What was found in the field. Ids are rows of the city that it changes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldChanges {
    /// Facilities that are closed for good.
    pub closed_facilities: Vec<FacilityId>,
    /// Facilities that are elsewhere, each with its place.
    pub moved_facilities: Vec<(FacilityId, Point)>,
    /// Facilities of another category, each with its position in the catalogue.
    pub recategorised: Vec<(FacilityId, u8)>,
    /// Places of new facilities, each with the position of its category in the catalogue.
    pub new_facilities: Vec<(Point, u8)>,
    /// Gates that are closed for good.
    pub closed_gates: Vec<GateId>,
    /// Gates that are elsewhere, each with its place.
    pub moved_gates: Vec<(GateId, Point)>,
    /// New gates of compounds.
    pub new_gates: Vec<(CompoundId, Point)>,
}

impl City {
    /// The same city with what was found in the field, as a build with these corrections makes it.
    /// `serves_residents` tells whether facilities of a category in a closed compound serve its residents alone.
    ///
    /// A closed facility keeps its row, without categories and access points. Gates have other rows.
    #[must_use]
    pub fn with_field_changes(&self, changes: &FieldChanges, serves_residents: impl Fn(u8) -> bool) -> Self {
        let tables = self.with_changed_gates(changes);
        let ChangedFacilities { facilities, access_points, facility_categories } =
            self.changed_facilities(changes, serves_residents);
        let ChangedGates { tables, shut } = tables;
        let changed = self.changed(ChangedTables {
            facilities: Some(facilities),
            access_points: Some(access_points),
            facility_categories: Some(facility_categories),
            ..tables
        });
        if *self.shut() == Shut::default() { changed } else { changed.with_shut(shut) }
    }

    /// The tables of gates, and what is shut.
    fn with_changed_gates(&self, changes: &FieldChanges) -> ChangedGates {
        let closed: HashSet<GateId> = changes.closed_gates.iter().copied().collect();
        let moved: HashMap<GateId, Point> = changes.moved_gates.iter().copied().collect();
        let mut new: HashMap<CompoundId, Vec<Gate>> = HashMap::new();
        for (gate, point) in &moved {
            let row = self.gates()[gate.index()];
            new.entry(row.compound).or_default().push(Gate {
                key: row.key,
                name: row.name,
                ..own_gate(row.compound, *point)
            });
        }
        for (compound, point) in &changes.new_gates {
            new.entry(*compound).or_default().push(own_gate(*compound, *point));
        }
        let mut rows = vec![None; self.gates().len()];
        let mut gates: Vec<Gate> = Vec::with_capacity(self.gates().len() + changes.new_gates.len());
        let mut compounds = self.compounds().to_vec();
        for (id, compound) in (0..).map(CompoundId).zip(&mut compounds) {
            let start = gates.len() as u32;
            let mut own = new.remove(&id).unwrap_or_default();
            // Independent of the order of the map.
            own.sort_by_key(|gate| gate.point);
            // A reported gate replaces what the map has at its place.
            let is_replaced = |gate: &Gate| {
                let near = |own: &Gate| own.point.distance_metres(gate.point) <= SAME_GATE_METRES;
                gate.provenance != GateProvenance::Own.code() && own.iter().any(near)
            };
            let kept = compound.gates.range().filter(|row| {
                let gate = GateId(*row as u32);
                !closed.contains(&gate) && !moved.contains_key(&gate) && !is_replaced(&self.gates()[*row])
            });
            let kept: Vec<usize> = kept.collect();
            gates.extend_from_slice(&own);
            for row in kept {
                rows[row] = Some(gates.len() as u32);
                gates.push(self.gates()[row]);
            }
            compound.gates = Span { start, len: gates.len() as u32 - start };
        }
        let mut hours = self.hours().to_vec();
        hours.retain_mut(|hours| {
            if HoursOf::from_code(hours.of) != HoursOf::Gate {
                return true;
            }
            let row = rows.get(hours.row as usize).copied().flatten();
            hours.row = row.unwrap_or_default();
            row.is_some()
        });
        let mut shut = vec![false; gates.len()];
        for (before, after) in rows.iter().enumerate() {
            if let Some(after) = after {
                shut[*after as usize] = self.gate_is_shut(GateId(before as u32));
            }
        }
        let shut = Shut { gates: shut, ..self.shut().clone() };
        let tables = ChangedTables {
            compounds: Some(compounds),
            gates: Some(gates),
            hours: Some(hours),
            ..ChangedTables::default()
        };
        ChangedGates { tables, shut }
    }

    fn changed_facilities(
        &self,
        changes: &FieldChanges,
        serves_residents: impl Fn(u8) -> bool,
    ) -> ChangedFacilities {
        let closed: HashSet<FacilityId> = changes.closed_facilities.iter().copied().collect();
        let moved: HashMap<FacilityId, Point> = changes.moved_facilities.iter().copied().collect();
        let categories: HashMap<FacilityId, u8> = changes.recategorised.iter().copied().collect();
        let mut facility_categories = self.facility_categories().to_vec();
        let mut access_points: Vec<Access> = Vec::with_capacity(self.access_points().len());
        let mut facilities = self.facilities().to_vec();
        let only_for = |category: u8, point: Point| {
            let closed = if serves_residents(category) { self.smallest_closed(point) } else { None };
            // Counted from 1.
            closed.map_or(0, |compound| compound.0 + 1)
        };
        let mut one_category = |category: u8| {
            facility_categories.push(category);
            Span { start: facility_categories.len() as u32 - 1, len: 1 }
        };
        for (id, facility) in (0..).map(FacilityId).zip(&mut facilities) {
            let access = &self.access_points()[facility.access.range()];
            facility.access.start = access_points.len() as u32;
            if closed.contains(&id) {
                (facility.categories.len, facility.access.len) = (0, 0);
                continue;
            }
            if let Some(category) = categories.get(&id) {
                facility.categories = one_category(*category);
                facility.only_for = only_for(*category, facility.point);
            }
            let Some(point) = moved.get(&id) else {
                access_points.extend_from_slice(access);
                continue;
            };
            let main = categories.get(&id).copied();
            let main = main
                .or_else(|| self.facility_categories().get(facility.categories.range())?.first().copied());
            access_points.push(Access { point: *point, kind: u32::from(AccessKind::Point.code()) });
            (facility.point, facility.access.len) = (*point, 1);
            facility.area_square_metres = 0.0;
            facility.units = self.units_at(*point);
            facility.only_for = main.map_or(0, |category| only_for(category, *point));
        }
        for (point, category) in &changes.new_facilities {
            let access = Span { start: access_points.len() as u32, len: 1 };
            access_points.push(Access { point: *point, kind: u32::from(AccessKind::Point.code()) });
            facilities.push(Facility {
                osm_id: 0,
                point: *point,
                name: Span::default(),
                name_en: Span::default(),
                access,
                categories: one_category(*category),
                origins: Span::default(),
                key: Span::default(),
                units: self.units_at(*point),
                area_square_metres: 0.0,
                capacity: 0.0,
                only_for: only_for(*category, *point),
                osm_kind: OsmKind::None.code(),
                confidence_percent: 100,
                channel: Channel::User.code(),
                flags: FacilityFlags::empty(),
                spare: [0; 8],
            });
        }
        ChangedFacilities { facilities, access_points, facility_categories }
    }

    /// The smallest closed compound whose outline contains a place.
    fn smallest_closed(&self, point: Point) -> Option<CompoundId> {
        let holds = |compound: &Compound| compound.closed == 1 && self.rings_contain(compound.rings, point);
        let closed = (0..).map(CompoundId).zip(self.compounds()).filter(|(_, compound)| holds(compound));
        let smallest = closed.min_by(|(_, a), (_, b)| a.area_square_metres.total_cmp(&b.area_square_metres));
        smallest.map(|(id, _)| id)
    }

    /// The units that contain a place, by level 区, 街道, 社区, 网格: of each level the lowest and smallest.
    fn units_at(&self, point: Point) -> [u32; 4] {
        const LEVELS: [&[u8]; 4] =
            [&[5, Unit::DISTRICT, 7], &[Unit::SUBDISTRICT], &[9, Unit::COMMUNITY, 11], &[Unit::GRID]];
        let holds = |unit: &Unit| unit.bounds.contains(point) && self.rings_contain(unit.rings, point);
        let held: Vec<(u32, &Unit)> = (0..).zip(self.units()).filter(|(_, unit)| holds(unit)).collect();
        LEVELS.map(|levels| {
            let of_level = held.iter().filter(|(_, unit)| levels.contains(&unit.admin_level));
            let lowest =
                of_level.min_by_key(|(_, unit)| (Reverse(unit.admin_level), unit.area_square_metres as u64));
            lowest.map_or(u32::MAX, |(row, _)| *row)
        })
    }
}

/// The tables of gates that replace those of a city.
struct ChangedGates {
    tables: ChangedTables,
    shut: Shut,
}

/// The tables of facilities that replace those of a city.
struct ChangedFacilities {
    facilities: Vec<Facility>,
    access_points: Vec<Access>,
    facility_categories: Vec<u8>,
}

/// A gate that people reported.
fn own_gate(compound: CompoundId, point: Point) -> Gate {
    Gate {
        osm_id: 0,
        point,
        name: Span::default(),
        key: Span::default(),
        compound,
        provenance: GateProvenance::Own.code(),
        locked: 0,
        spare: [0; 2],
        source: 0,
        row: 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::city::{CityTables, Hours, Meta};
    use zerocopy::FromZeros;

    fn at(lon: i32, lat: i32) -> Point {
        Point { lon, lat }
    }

    /// Two compounds with two gates each and two facilities with two access points each.
    fn city() -> City {
        let mut tables = CityTables::default();
        for compound in 0..2u32 {
            let gates = Span { start: 2 * compound, len: 2 };
            tables.compounds.push(Compound { gates, ..Compound::new_zeroed() });
            for gate in 0..2 {
                let point = at(10_000 * (2 * compound as i32 + gate), 0);
                let provenance = GateProvenance::Mapped.code();
                tables.gates.push(Gate {
                    point,
                    compound: CompoundId(compound),
                    provenance,
                    ..Gate::new_zeroed()
                });
            }
            let access = Span { start: 2 * compound, len: 2 };
            let categories = Span { start: compound, len: 1 };
            tables.facility_categories.push(compound as u8);
            tables.facilities.push(Facility { access, categories, ..Facility::new_zeroed() });
            tables.access_points.extend([0, 1].map(|it| Access { point: at(it, compound as i32), kind: 0 }));
        }
        tables.hours.push(Hours { row: 3, of: HoursOf::Gate.code(), ..Hours::new_zeroed() });
        City::from_tables(tables, &Meta::default()).unwrap()
    }

    /// The longitudes of the gates of each compound.
    fn gates(city: &City) -> Vec<Vec<i32>> {
        let of = |compound: &Compound| {
            city.gates()[compound.gates.range()].iter().map(|it| it.point.lon).collect()
        };
        city.compounds().iter().map(of).collect()
    }

    #[test]
    fn gates_are_closed_moved_and_added_and_keep_their_hours() {
        let changes = FieldChanges {
            closed_gates: vec![GateId(0)],
            moved_gates: vec![(GateId(2), at(25_000, 0))],
            new_gates: vec![(CompoundId(0), at(5_000, 0))],
            ..FieldChanges::default()
        };
        let changed = city().with_field_changes(&changes, |_| false);
        assert_eq!(gates(&changed), [vec![5_000, 10_000], vec![25_000, 30_000]]);
        assert_eq!(changed.gates()[0].provenance, GateProvenance::Own.code());
        assert_eq!((changed.hours().len(), changed.hours()[0].row), (1, 3));
        assert_ne!(changed.edition(), city().edition());
    }

    #[test]
    fn a_reported_gate_replaces_the_mapped_one_at_its_place() {
        // 100 × 10⁻⁷ degrees are a metre.
        let changes =
            FieldChanges { new_gates: vec![(CompoundId(1), at(30_100, 0))], ..FieldChanges::default() };
        let changed = city().with_field_changes(&changes, |_| false);
        assert_eq!(gates(&changed)[1], [30_100, 20_000]);
        assert!(changed.hours().is_empty(), "the hours of the replaced gate");
    }

    #[test]
    fn every_access_point_belongs_to_its_facility() {
        let changes = FieldChanges {
            closed_facilities: vec![FacilityId(0)],
            moved_facilities: vec![(FacilityId(1), at(7, 7))],
            recategorised: vec![(FacilityId(1), 9)],
            new_facilities: vec![(at(8, 8), 5)],
            ..FieldChanges::default()
        };
        let changed = city().with_field_changes(&changes, |_| false);
        let of = |row: usize| {
            let facility = &changed.facilities()[row];
            let access = changed.access_points()[facility.access.range()].iter().map(|it| it.point);
            (access.collect::<Vec<_>>(), changed.facility_categories()[facility.categories.range()].to_vec())
        };
        assert_eq!(of(0), (vec![], vec![]));
        assert_eq!(of(1), (vec![at(7, 7)], vec![9]));
        assert_eq!(of(2), (vec![at(8, 8)], vec![5]));
        assert_eq!(changed.access_points().len(), 2, "none is left over");
    }
}
