//! Checks compounds, gates, buildings, facilities, units and candidates.

use super::{At, Check, Checked, InTurn, RowNumber, is_on_globe, rows};
use crate::city::facilities::{AccessKind, Channel, Joined};
use crate::city::findings::{Finding, FindingKind, Severity};
use crate::city::flags::FacilityFlags;
use crate::city::key_records::{FormerKey, KeyOf};
use crate::city::places::{ClosureEvidence, GateProvenance, HoursOf, PopulationFrom};
use crate::city::records::{OsmKind, Zone};
use crate::coordinates::{Frame, Point};
use crate::grid::crosses_antimeridian;
use crate::identity::may_be_key;

/// Maximum distance in metres of a compound's corners and gates from its first corner, or from its point
/// without an outline. The importer skips compounds that are more than 20 km across, and gates are at most
/// 300 m from theirs. A search from all gates of a compound covers the box around them, so they also lie on
/// one side of the antimeridian.
const FARTHEST_METRES: f64 = 21_000.0;
/// Maximum number of gates of a compound; a search numbers them in 16 bits.
const MOST_GATES: u32 = 0xffff;

impl Check<'_> {
    pub(super) fn places(&mut self) -> Checked {
        self.compounds()?;
        self.buildings()?;
        self.facilities()?;
        self.units()?;
        self.candidates()?;
        self.origins()?;
        self.findings()?;
        self.hours()?;
        self.former_keys()
    }

    fn compounds(&mut self) -> Checked {
        let city = self.city;
        let zones = city.zones();
        let mut gates = InTurn::of("gates", city.gates().len());
        for (at, compound) in rows("compounds", city.compounds()) {
            at.point(compound.point)?;
            self.text(at, "name", compound.name)?;
            self.text(at, "name_en", compound.name_en)?;
            self.key(at, compound.key, compound.osm_kind, compound.osm_id)?;
            self.shape(at, compound.rings, None)?;
            let mut corners = city.rings_of(compound.rings).iter().flat_map(|ring| city.line(ring.line));
            let first = corners.next().copied().unwrap_or(compound.point);
            let around = Frame::at(first);
            at.must("rings", corners.all(|corner| is_near(&around, *corner)), "is larger than any compound")?;
            at.must("point", is_near(&around, compound.point), "is far from its outline")?;
            gates.take(at, "gates", compound.gates)?;
            at.must("gates", compound.gates.len <= MOST_GATES, "has more rows than a compound has gates")?;
            for gate in compound.gates.range() {
                self.gate(gate, at.row, &around)?;
                let [one, other] = [compound.gates.start as usize, gate].map(|row| city.gates()[row].point);
                at.must(
                    "gates",
                    !crosses_antimeridian(one, other),
                    "lies on both sides of the antimeridian",
                )?;
            }
            at.number("area_square_metres", compound.area_square_metres)?;
            let zone = at.row_of("zone", "zones", compound.zone, zones.len())?;
            let row = zones[zone].compound.number() as usize;
            let is_own = zone == 0 || (zones[zone].level == Zone::COMPOUND && row == at.row);
            at.must("zone", is_own, "is not its own")?;
            self.held_by(at, compound.units)?;
            self.origins.take(at, "origins", compound.origins)?;
            at.known("osm_kind", OsmKind::try_from_code(compound.osm_kind))?;
            at.known("evidence", ClosureEvidence::try_from_code(compound.evidence))?;
            at.known("population_from", PopulationFrom::try_from_code(compound.population_from))?;
            at.yes_or_no("closed", compound.closed)?;
            at.yes_or_no("generated_name", compound.generated_name)?;
        }
        gates.end("compound")
    }

    /// Checks a gate of the compound of a row, given the frame around that compound.
    fn gate(&mut self, row: usize, compound: usize, around: &Frame) -> Checked {
        let (at, gate) = (At { table: "gates", row }, &self.city.gates()[row]);
        let is_own = gate.compound.number() as usize == compound;
        at.must("compound", is_own, "is not the one that lists the gate")?;
        at.point(gate.point)?;
        at.must("point", is_near(around, gate.point), "is far from its compound")?;
        self.text(at, "name", gate.name)?;
        self.key(at, gate.key, OsmKind::Node.code(), gate.osm_id)?;
        at.known("provenance", GateProvenance::try_from_code(gate.provenance))?;
        at.yes_or_no("locked", gate.locked)?;
        self.source(at, gate.source)
    }

    fn buildings(&mut self) -> Checked {
        let city = self.city;
        let features = city.features();
        for (at, building) in rows("buildings", city.buildings()) {
            at.point(building.point)?;
            self.text(at, "name", building.name)?;
            at.row_or_none("feature", "features", building.feature, features.len())?;
            let feature = building.feature().map(|feature| &features[feature.index()]);
            let (kind, osm_id) = feature.map_or((OsmKind::None.code(), 0), |it| (it.osm_kind, it.osm_id));
            self.key(at, building.key, kind, osm_id)?;
            at.row_or_none("compound", "compounds", building.compound, city.compounds().len())?;
            for (field, value) in [
                ("residents", building.residents),
                ("residents_low", building.residents_low),
                ("residents_high", building.residents_high),
                ("households", building.households),
                ("levels", building.levels),
            ] {
                at.number(field, value)?;
            }
            at.known("population_from", PopulationFrom::try_from_code(building.population_from))?;
            at.yes_or_no("levels_assumed", building.levels_assumed)?;
        }
        Ok(())
    }

    fn facilities(&mut self) -> Checked {
        let city = self.city;
        let known = categories();
        for (at, category) in rows("facility_categories", city.facility_categories()) {
            let fits = usize::from(*category) < known;
            at.must("facility_categories", fits, "is not a position in the catalogue")?;
        }
        for (at, access) in rows("access_points", city.access_points()) {
            at.point(access.point)?;
            at.known("kind", u8::try_from(access.kind).ok().and_then(AccessKind::try_from_code))?;
        }
        let mut access_points = InTurn::of("access_points", city.access_points().len());
        let mut categories = InTurn::of("facility_categories", city.facility_categories().len());
        for (at, facility) in rows("facilities", city.facilities()) {
            at.point(facility.point)?;
            self.text(at, "name", facility.name)?;
            self.text(at, "name_en", facility.name_en)?;
            self.key(at, facility.key, facility.osm_kind, facility.osm_id)?;
            access_points.take(at, "access", facility.access)?;
            categories.take(at, "categories", facility.categories)?;
            at.must("categories", facility.categories.len > 0, "is empty")?;
            self.origins.take(at, "origins", facility.origins)?;
            self.held_by(at, facility.units)?;
            at.number("area_square_metres", facility.area_square_metres)?;
            at.number("capacity", facility.capacity)?;
            let fits = facility.only_for().is_none_or(|compound| compound.index() < city.compounds().len());
            at.must("only_for", fits, "is not a compound")?;
            at.known("osm_kind", OsmKind::try_from_code(facility.osm_kind))?;
            at.must("confidence_percent", facility.confidence_percent <= 100, "is more than 100")?;
            at.known("channel", Channel::try_from_code(facility.channel))?;
            let flags = FacilityFlags::from_bits(facility.flags.bits());
            let flags = flags.filter(|flags| !flags.contains(FacilityFlags::STATION_ENTRANCE));
            at.known("flags", flags)?;
        }
        access_points.end("facility")?;
        categories.end("facility")
    }

    fn units(&mut self) -> Checked {
        let units = self.city.units();
        for (at, unit) in rows("units", units) {
            at.point(unit.point)?;
            for (field, text) in [("name", unit.name), ("name_en", unit.name_en), ("code", unit.code)] {
                self.text(at, field, text)?;
            }
            self.key(at, unit.key, unit.osm_kind, unit.osm_id)?;
            at.must("rings", unit.rings.len > 0, "is empty")?;
            self.shape(at, unit.rings, Some(&unit.bounds))?;
            at.row_or_none("parent", "units", unit.parent, units.len())?;
            // Levels decrease from parent to child, so a chain of parents has no cycle.
            let parent = units.get(unit.parent.number() as usize);
            let fits = parent.is_none_or(|parent| parent.admin_level < unit.admin_level);
            at.must("parent", fits, "is not of a higher level")?;
            at.number("area_square_metres", unit.area_square_metres)?;
            self.source(at, unit.source)?;
            at.yes_or_no("clipped", unit.clipped)?;
            at.known("osm_kind", OsmKind::try_from_code(unit.osm_kind))?;
        }
        Ok(())
    }

    fn candidates(&mut self) -> Checked {
        let city = self.city;
        for (at, candidate) in rows("candidates", city.candidates()) {
            at.point(candidate.point)?;
            self.text(at, "name", candidate.name)?;
            self.text(at, "note", candidate.note)?;
            self.key(at, candidate.key, OsmKind::None.code(), 0)?;
            self.shape(at, candidate.rings, None)?;
            at.number("area_square_metres", candidate.area_square_metres)?;
            self.source(at, candidate.source)?;
            at.row_or_none("compound", "compounds", candidate.compound, city.compounds().len())?;
        }
        Ok(())
    }

    fn origins(&mut self) -> Checked {
        for (at, origin) in rows("origins", self.city.origins()) {
            at.point(origin.point)?;
            self.text(at, "name", origin.name)?;
            self.text(at, "reference", origin.reference)?;
            self.source(at, origin.source)?;
            at.number("distance_metres", origin.distance_metres)?;
            at.known("osm_kind", OsmKind::try_from_code(origin.osm_kind))?;
            at.known("joined", Joined::try_from_code(origin.joined))?;
        }
        Ok(())
    }

    fn findings(&mut self) -> Checked {
        for (at, finding) in rows("findings", self.city.findings()) {
            self.text(at, "name", finding.name)?;
            self.text(at, "message", finding.message)?;
            let fits = finding.point == Finding::NOWHERE || is_on_globe(finding.point);
            at.must("point", fits, "is off the globe")?;
            self.source(at, finding.source)?;
            at.known("severity", Severity::try_from_code(finding.severity))?;
            at.known("kind", FindingKind::try_from_code(finding.kind))?;
        }
        Ok(())
    }

    fn hours(&mut self) -> Checked {
        let city = self.city;
        for (at, hours) in rows("hours", city.hours()) {
            self.text(at, "text", hours.text)?;
            let (table, count) = match at.known("of", HoursOf::try_from_code(hours.of))? {
                HoursOf::Node => ("nodes", city.nodes().len()),
                HoursOf::Edge => ("edges", city.edges().len()),
                HoursOf::Gate => ("gates", city.gates().len()),
                HoursOf::Facility => ("facilities", city.facilities().len()),
            };
            at.row_of("row", table, hours.row, count)?;
            at.yes_or_no("unlocks", hours.unlocks)?;
        }
        Ok(())
    }

    fn former_keys(&mut self) -> Checked {
        let city = self.city;
        for (at, former) in rows("former_keys", city.former_keys()) {
            let key = self.text(at, "text", former.text)?;
            at.must("text", may_be_key(key), "is not a key")?;
            at.point(former.point)?;
            let of = at.known("of", KeyOf::try_from_code(former.of))?;
            if former.row != FormerKey::GONE {
                at.row_of("row", of.word(), former.row, city.count_of(of) as usize)?;
            }
        }
        Ok(())
    }

    /// Checks the units of a compound or facility, by level.
    fn held_by(&self, at: At, units: [impl RowNumber; 4]) -> Checked {
        units.into_iter().try_for_each(|unit| at.row_or_none("units", "units", unit, self.city.units().len()))
    }
}

fn is_near(around: &Frame, point: Point) -> bool {
    let [x, y] = around.local(point);
    x * x + y * y <= FARTHEST_METRES * FARTHEST_METRES
}

/// Number of categories of the built-in catalogue. They are counted, because parsing them takes longer than
/// the whole check.
pub(super) fn categories() -> usize {
    let catalogue = include_str!("../../../../../data/categories.toml");
    catalogue.lines().filter(|line| line.trim() == "[[category]]").count()
}
