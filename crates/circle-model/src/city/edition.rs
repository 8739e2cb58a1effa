//! Conditions of a city, and its edition: a short hash of everything that answers depend on.

use super::columns::City;
use super::conditions::{Conditions, Shut};
use crate::hours::WeekTime;
use crate::ids::{FacilityId, GateId, NodeId};
use crate::legs::LegLimits;
use std::fmt;
use std::sync::Arc;
use xxhash_rust::xxh3::Xxh3;

/// A short hash of facts, conditions and changes. Only answers of one edition can be joined.
///
/// Displayed as 12 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Edition(u64);

impl Edition {
    /// The number, which seeds hashes of answers.
    pub const fn number(self) -> u64 {
        self.0
    }
}

impl fmt::Display for Edition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:012x}", self.0 >> 16)
    }
}

impl City {
    /// The conditions.
    pub const fn conditions(&self) -> &Conditions {
        &self.conditions
    }

    /// The same city with a time in its conditions. [`City::at`] changes what is open too.
    #[must_use]
    pub fn with_time(&self, at_time: Option<WeekTime>) -> Self {
        Self { conditions: Conditions { at_time, ..self.conditions }, ..self.clone() }
    }

    /// The same city with other limits of access legs.
    #[must_use]
    pub fn with_legs(&self, legs: LegLimits) -> Self {
        Self { conditions: Conditions { legs, ..self.conditions }, ..self.clone() }
    }

    /// The same city with exactly these things shut.
    #[must_use]
    pub fn with_shut(&self, shut: Shut) -> Self {
        Self { shut: Arc::new(shut), ..self.clone() }
    }

    /// The things that are shut by opening hours.
    pub fn shut(&self) -> &Shut {
        &self.shut
    }

    /// Whether a junction is shut.
    #[inline]
    pub fn node_is_shut(&self, node: NodeId) -> bool {
        is_set(&self.shut.nodes, node.0)
    }

    /// Whether a gate is shut.
    #[inline]
    pub fn gate_is_shut(&self, gate: GateId) -> bool {
        is_set(&self.shut.gates, gate.0)
    }

    /// Whether a facility is closed.
    #[inline]
    pub fn facility_is_shut(&self, facility: FacilityId) -> bool {
        is_set(&self.shut.facilities, facility.0)
    }

    /// The edition: the hash of facts, conditions and changes.
    pub fn edition(&self) -> Edition {
        let mut hasher = Xxh3::with_seed(self.facts());
        hasher.update(&self.changes.to_le_bytes());
        if self.conditions != Conditions::default() {
            let time = self.conditions.at_time.map(|time| time.to_string()).unwrap_or_default();
            hasher.update(time.as_bytes());
            for (name, value) in self.conditions.legs.departures() {
                hasher.update(name.as_bytes());
                hasher.update(&value.to_bits().to_le_bytes());
            }
        }
        if *self.shut != Shut::default() {
            self.shut.hash_into(&mut hasher);
        }
        Edition(hasher.digest())
    }
}

fn is_set(rows: &[bool], row: u32) -> bool {
    rows.get(row as usize).copied().unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::city::{ChangedTables, CityTables, Meta};

    #[test]
    fn an_edition_depends_exactly_on_facts_conditions_and_changes() {
        let city = |text: &str| {
            let tables = CityTables { texts: text.as_bytes().to_vec(), ..CityTables::default() };
            City::from_tables(tables, &Meta::default()).unwrap()
        };
        let a = city("a");
        let edition = a.edition();
        assert_eq!(edition.to_string().len(), 12);
        assert_eq!(edition, city("a").edition());
        assert_ne!(edition, city("b").edition());
        assert_eq!(edition, a.with_legs(LegLimits::default()).with_time(None).edition());
        let changed = ChangedTables { texts: Some(b"b".to_vec()), ..ChangedTables::default() };
        let others = [
            a.with_time(WeekTime::parse("22:30")),
            a.with_time(WeekTime::parse("22:31")),
            a.with_legs(LegLimits::parse("longest_metres = 60").unwrap()),
            a.with_shut(Shut { gates: vec![true], ..Shut::default() }),
            a.with_shut(Shut { nodes: vec![true], ..Shut::default() }),
            a.changed(changed),
        ];
        let mut editions: Vec<Edition> = others.iter().map(City::edition).chain([edition]).collect();
        editions.sort_unstable();
        editions.dedup();
        assert_eq!(editions.len(), 7, "each is an edition of its own");
    }

    #[test]
    fn a_changed_city_is_written_with_its_changes() {
        let tables = CityTables { texts: b"old".to_vec(), ..CityTables::default() };
        let city = City::from_tables(tables, &Meta::default()).unwrap();
        let changed = ChangedTables { texts: Some(b"renamed".to_vec()), ..ChangedTables::default() };
        let written = city.changed(changed).written().unwrap();
        assert_eq!(written.texts(), b"renamed");
        assert_ne!(written.as_bytes(), city.as_bytes());
    }
}
