//! The compounds of one unit, which a report of a 区 or 街道 covers.

use circle_model::{City, CompoundId, UnitId};

/// The compounds of a unit. Coverage is always computed for the whole city; a report leaves out the other
/// compounds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Within {
    unit: UnitId,
    slot: usize,
    compounds: Vec<CompoundId>,
    held: Vec<bool>,
}

impl Within {
    /// The compounds of a unit; `None` if it has none.
    pub fn unit(city: &City, unit: UnitId) -> Option<Self> {
        let slot_of = |compound: &circle_model::city::Compound| {
            compound.units().iter().position(|held| *held == Some(unit))
        };
        let slot = city.compounds().iter().find_map(slot_of)?;
        let held: Vec<bool> =
            city.compounds().iter().map(|compound| compound.units()[slot] == Some(unit)).collect();
        let compounds =
            (0u32..).zip(&held).filter(|(_, held)| **held).map(|(id, _)| CompoundId(id)).collect();
        Some(Self { unit, slot, compounds, held })
    }

    /// The unit.
    pub const fn unit_id(&self) -> UnitId {
        self.unit
    }

    /// Its name.
    pub fn name<'a>(&self, city: &'a City) -> &'a str {
        city.text(city.units()[self.unit.index()].name)
    }

    /// Its level, as a position in the units of a compound: 0 is 区.
    pub(crate) const fn slot(&self) -> usize {
        self.slot
    }

    /// Whether it holds a compound.
    pub fn contains(&self, compound: CompoundId) -> bool {
        self.held.get(compound.index()).copied().unwrap_or(false)
    }

    /// Its compounds, ascending.
    pub fn compounds(&self) -> &[CompoundId] {
        &self.compounds
    }
}
