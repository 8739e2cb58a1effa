//! A city under changed assumptions.

use super::columns::{ChangedTables, City};
use super::conditions::Shut;
use super::places::{Compound, Gate, HoursOf};
use super::records::{Edge, RingRole};
use super::zones::{Enclosure, Zoned, may_be_inside, middle, zone_compounds};
use crate::coordinates::{Bounds, Point};
use crate::grid::SegmentGrid;
use crate::ids::{CompoundId, GateId};

impl City {
    /// The same city with every compound that has an outline closed.
    pub fn with_compounds_closed(&self) -> Self {
        let outlined: Vec<CompoundId> = (0u32..)
            .zip(self.compounds())
            .filter(|(_, compound)| self.has_outline(compound))
            .map(|(number, _)| CompoundId(number))
            .collect();
        let boxes: Vec<(Point, Point)> = outlined
            .iter()
            .map(|compound| self.rings_bounds(self.compounds()[compound.index()].rings).diagonal())
            .collect();
        let grid = SegmentGrid::build(boxes.iter().copied(), 300.0);
        let around = |point: Point| {
            let mut around = Vec::new();
            grid.visit(&Bounds::of([point]), |entry| {
                let compound = outlined[entry.id as usize];
                if self.rings_contain(self.compounds()[compound.index()].rings, point) {
                    around.push(compound);
                }
                true
            });
            around.sort_unstable();
            around
        };
        let enclosures: Vec<Enclosure> = self
            .compounds()
            .iter()
            .map(|compound| Enclosure {
                closed: self.has_outline(compound),
                square_metres: f64::from(compound.area_square_metres),
                around: around(compound.point),
            })
            .collect();
        let holders = |edge: &Edge| {
            if may_be_inside(edge.flags) { around(middle(self.line(edge.line))) } else { Vec::new() }
        };
        let holders: Vec<Vec<CompoundId>> = self.edges().iter().map(holders).collect();
        let network = Zoned { nodes: self.nodes(), shut: &self.shut().nodes, edges: self.edges() };
        let zoned = zone_compounds(&network, &enclosures, &holders);
        let mut edges = self.edges().to_vec();
        for (edge, zone) in edges.iter_mut().zip(zoned.of_edges) {
            edge.zone = zone;
        }
        let mut compounds = self.compounds().to_vec();
        for ((compound, enclosure), zone) in compounds.iter_mut().zip(&enclosures).zip(zoned.of_compounds) {
            (compound.closed, compound.zone) = (u8::from(enclosure.closed), zone);
        }
        self.changed(ChangedTables {
            edges: Some(edges),
            zones: Some(zoned.zones),
            compounds: Some(compounds),
            ..ChangedTables::default()
        })
    }

    /// The same city with only the gates for which `keep` returns `true`.
    pub fn with_gates(&self, keep: impl Fn(&Gate) -> bool) -> Self {
        let mut rows = vec![None; self.gates().len()];
        let mut gates = Vec::new();
        let (mut compounds, mut hours) = (self.compounds().to_vec(), self.hours().to_vec());
        for compound in &mut compounds {
            let start = gates.len() as u32;
            for row in compound.gates.range() {
                if keep(&self.gates()[row]) {
                    rows[row] = Some(gates.len() as u32);
                    gates.push(self.gates()[row]);
                }
            }
            (compound.gates.start, compound.gates.len) = (start, gates.len() as u32 - start);
        }
        hours.retain_mut(|hours| {
            if HoursOf::from_code(hours.of) != HoursOf::Gate {
                return true;
            }
            let row = rows.get(hours.row as usize).copied().flatten();
            hours.row = row.unwrap_or_default();
            row.is_some()
        });
        let shut = rows.iter().enumerate().filter(|(_, row)| row.is_some());
        let shut = shut.map(|(row, _)| self.gate_is_shut(GateId(row as u32))).collect();
        let shut = Shut { gates: shut, ..self.shut().clone() };
        let changed = self.changed(ChangedTables {
            compounds: Some(compounds),
            gates: Some(gates),
            hours: Some(hours),
            ..ChangedTables::default()
        });
        if *self.shut() == Shut::default() { changed } else { changed.with_shut(shut) }
    }

    fn has_outline(&self, compound: &Compound) -> bool {
        let point = u32::from(RingRole::Point.code());
        self.rings_of(compound.rings).iter().any(|ring| ring.role != point)
    }
}
