//! Look-up of keys by row, and of rows by key.

use super::columns::City;
use super::key_records::KeyOf;
use super::records::{OsmKind, Text};
use crate::coordinates::Point;
use crate::identity::{may_be_key, osm_key};
use crate::ids::{CompoundId, FacilityId, GateId, UnitId};
use std::borrow::Cow;

/// What a key names in a city.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Named<Id> {
    /// The row with this key.
    Present(Id),
    /// The row that had this key in an earlier edition.
    Alias(Id),
    /// A thing of an earlier edition that is gone.
    Gone(Point),
    /// Nothing.
    Nothing,
}

impl<Id> Named<Id> {
    /// The row, by its present or a former key.
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

/// Kind and id of the map object that a key names.
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
    /// The key of a row. A row with neither an own key nor a map object, which no build writes, has its
    /// number as key.
    ///
    /// # Panics
    ///
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

    /// The parts of a row's key: its own key, else kind and id of its map object.
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

    /// Number of rows of a collection.
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

    /// Position of a row's label or marker.
    ///
    /// # Panics
    ///
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

    /// What a key names in a collection: the row with this key, else the row that had it in an earlier
    /// edition.
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

    /// The row of a collection nearest to a place, with the distance in metres.
    pub fn nearest_row(&self, of: KeyOf, place: Point) -> Option<(u32, f64)> {
        let rows = (0..self.count_of(of)).map(|row| (row, self.point_of(of, row).distance_metres(place)));
        rows.min_by(|a, b| a.1.total_cmp(&b.1))
    }
}
