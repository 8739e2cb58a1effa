//! From rows to keys and back.

use super::columns::City;
use super::macros::{codes, record};
use super::records::{OsmKind, Text};
use crate::coordinates::Point;
use crate::identity::{may_be_key, osm_key};
use crate::ids::{CompoundId, FacilityId, GateId, UnitId};
use std::borrow::Cow;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

codes! {
    /// The collections whose things have keys.
    KeyOf {
        /// Compounds 小区.
        Compound = "compounds",
        /// Gates 出入口.
        Gate = "gates",
        /// Facilities 设施.
        Facility = "facilities",
        /// District units.
        Unit = "units",
        /// Spaces that a facility could be put in.
        Candidate = "candidates",
        /// Residential buildings.
        Building = "buildings",
    }
}

record! {
    /// A key that an earlier edition had, and this one has not.
    FormerKey {
        /// The key.
        text: Text,
        /// Where the thing was.
        point: Point,
        /// Row of the same thing under its present key, in the collection that `of` names, so a plain number;
        /// [`FormerKey::GONE`] where it is gone.
        row: u32,
        /// A [`KeyOf`].
        of: u8,
        /// Always 0.
        spare: [u8; 3],
    }
}

impl FormerKey {
    /// The thing is there no more.
    pub const GONE: u32 = u32::MAX;

    /// Row of the same thing under its present key; `None` where it is gone.
    pub fn row(&self) -> Option<u32> {
        (self.row != Self::GONE).then_some(self.row)
    }
}

/// What a key names in this city.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Named<Id> {
    /// It is the key of this row.
    Present(Id),
    /// An earlier edition called this row so.
    Alias(Id),
    /// It was here in an earlier edition, and is gone.
    Gone(Point),
    /// Nothing is known of it.
    Nothing,
}

impl<Id> Named<Id> {
    /// The row, under its present key or an alias.
    pub fn found(self) -> Option<Id> {
        match self {
            Self::Present(id) | Self::Alias(id) => Some(id),
            Self::Gone(_) | Self::Nothing => None,
        }
    }

    fn map<Other>(self, to: impl FnOnce(Id) -> Other) -> Named<Other> {
        match self {
            Self::Present(id) => Named::Present(to(id)),
            Self::Alias(id) => Named::Alias(to(id)),
            Self::Gone(point) => Named::Gone(point),
            Self::Nothing => Named::Nothing,
        }
    }
}

/// Kind and id of the object that a key of the map names.
pub(super) fn osm_object(key: &str) -> Option<(OsmKind, i64)> {
    let kind = match key.as_bytes().first()? {
        b'n' => OsmKind::Node,
        b'w' => OsmKind::Way,
        b'r' => OsmKind::Relation,
        _ => return None,
    };
    let id = key.get(1..)?.parse::<i64>().ok()?;
    (osm_key(kind, id)? == key).then_some((kind, id))
}

impl City {
    /// The key of a row. One that has neither a key of its own nor an object on the map, which no build writes, has
    /// its number.
    ///
    /// # Panics
    /// When the collection has no such row.
    pub fn key_of(&self, of: KeyOf, row: u32) -> Cow<'_, str> {
        let (text, kind, osm_id) = self.key_parts(of, row);
        match self.text(text) {
            "" => {
                Cow::Owned(osm_key(OsmKind::from_code(kind), osm_id).unwrap_or_else(|| format!("row-{row}")))
            }
            key => Cow::Borrowed(key),
        }
    }

    /// What the key of a row is made from: its own key, else kind and id of its object on the map.
    fn key_parts(&self, of: KeyOf, row: u32) -> (Text, u8, i64) {
        let at = row as usize;
        match of {
            KeyOf::Compound => {
                let row = &self.compounds()[at];
                (row.key, row.osm_kind, row.osm_id)
            }
            KeyOf::Gate => {
                let row = &self.gates()[at];
                (row.key, OsmKind::Node.code(), row.osm_id)
            }
            KeyOf::Facility => {
                let row = &self.facilities()[at];
                (row.key, row.osm_kind, row.osm_id)
            }
            KeyOf::Unit => {
                let row = &self.units()[at];
                (row.key, row.osm_kind, row.osm_id)
            }
            KeyOf::Candidate => (self.candidates()[at].key, OsmKind::None.code(), 0),
            KeyOf::Building => {
                let row = &self.buildings()[at];
                let feature = row.feature().and_then(|feature| self.features().get(feature.index()));
                let none = (row.key, OsmKind::None.code(), 0);
                feature.map_or(none, |feature| (row.key, feature.osm_kind, feature.osm_id))
            }
        }
    }

    /// The key of a compound.
    pub fn compound_key(&self, id: CompoundId) -> Cow<'_, str> {
        self.key_of(KeyOf::Compound, id.0)
    }

    /// The key of a gate.
    pub fn gate_key(&self, id: GateId) -> Cow<'_, str> {
        self.key_of(KeyOf::Gate, id.0)
    }

    /// The key of a facility.
    pub fn facility_key(&self, id: FacilityId) -> Cow<'_, str> {
        self.key_of(KeyOf::Facility, id.0)
    }

    /// The key of a unit.
    pub fn unit_key(&self, id: UnitId) -> Cow<'_, str> {
        self.key_of(KeyOf::Unit, id.0)
    }

    /// Rows of a collection whose things have keys.
    pub fn count_of(&self, of: KeyOf) -> u32 {
        let count = match of {
            KeyOf::Compound => self.compounds().len(),
            KeyOf::Gate => self.gates().len(),
            KeyOf::Facility => self.facilities().len(),
            KeyOf::Unit => self.units().len(),
            KeyOf::Candidate => self.candidates().len(),
            KeyOf::Building => self.buildings().len(),
        };
        count as u32
    }

    /// Where a row's label or marker stands.
    ///
    /// # Panics
    /// When the collection has no such row.
    pub fn point_of(&self, of: KeyOf, row: u32) -> Point {
        let at = row as usize;
        match of {
            KeyOf::Compound => self.compounds()[at].point,
            KeyOf::Gate => self.gates()[at].point,
            KeyOf::Facility => self.facilities()[at].point,
            KeyOf::Unit => self.units()[at].point,
            KeyOf::Candidate => self.candidates()[at].point,
            KeyOf::Building => self.buildings()[at].point,
        }
    }

    /// What a key names in a collection: a row under its present key, else one that an earlier edition called so.
    pub fn named(&self, of: KeyOf, key: &str) -> Named<u32> {
        if !may_be_key(key) {
            return Named::Nothing;
        }
        let object = osm_object(key);
        let is = |row: &u32| {
            let (text, kind, osm_id) = self.key_parts(of, *row);
            match (text.len, osm_id) {
                (0, 0) => key == format!("row-{row}"),
                (0, _) => object == Some((OsmKind::from_code(kind), osm_id)),
                _ => self.text(text) == key,
            }
        };
        if let Some(row) = (0..self.count_of(of)).find(is) {
            return Named::Present(row);
        }
        let former =
            self.former_keys().iter().find(|former| former.of == of.code() && self.text(former.text) == key);
        let Some(former) = former else { return Named::Nothing };
        former.row().map_or(Named::Gone(former.point), Named::Alias)
    }

    /// As [`City::named`], of compounds.
    pub fn compound_named(&self, key: &str) -> Named<CompoundId> {
        self.named(KeyOf::Compound, key).map(CompoundId)
    }

    /// As [`City::named`], of gates.
    pub fn gate_named(&self, key: &str) -> Named<GateId> {
        self.named(KeyOf::Gate, key).map(GateId)
    }

    /// As [`City::named`], of facilities.
    pub fn facility_named(&self, key: &str) -> Named<FacilityId> {
        self.named(KeyOf::Facility, key).map(FacilityId)
    }

    /// The row of a collection that is nearest to a place, and how many metres away.
    pub fn nearest_row(&self, of: KeyOf, place: Point) -> Option<(u32, f64)> {
        let rows = (0..self.count_of(of)).map(|row| (row, self.point_of(of, row).distance_metres(place)));
        rows.min_by(|a, b| a.1.total_cmp(&b.1))
    }
}
