//! The levels of roll-up 区—街道—社区—网格, and the groups of compounds at each level.

use crate::within::Within;
use circle_model::city::{Compound, NodeFlags};
use circle_model::{City, CompoundId, Point, UnitId};
use h3o::{LatLng, Resolution};
use std::collections::BTreeMap;

/// The kind of group that results are summed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Level {
    /// The whole city.
    City,
    /// 区, 县.
    District,
    /// 街道, 镇.
    Subdistrict,
    /// 社区, 村.
    Community,
    /// 网格.
    Grid,
    /// Hexagonal cells of H3 <https://h3geo.org>, at one of its resolutions.
    H3(Resolution),
}

impl Level {
    /// The administrative levels, the largest first.
    pub const UNITS: [Self; 4] = [Self::District, Self::Subdistrict, Self::Community, Self::Grid];

    /// The word in commands, JSON and CSV.
    pub const fn word(self) -> &'static str {
        match self {
            Self::City => "city",
            Self::District => "district",
            Self::Subdistrict => "subdistrict",
            Self::Community => "community",
            Self::Grid => "grid",
            Self::H3(_) => "h3",
        }
    }

    /// The Chinese label in tables for readers.
    pub const fn zh(self) -> &'static str {
        match self {
            Self::City => "全市",
            Self::District => "区",
            Self::Subdistrict => "街道",
            Self::Community => "社区",
            Self::Grid => "网格",
            Self::H3(_) => "六边形格",
        }
    }

    /// Its position in [`Compound::units`].
    const fn of_units(self) -> Option<usize> {
        match self {
            Self::District => Some(0),
            Self::Subdistrict => Some(1),
            Self::Community => Some(2),
            Self::Grid => Some(3),
            Self::City | Self::H3(_) => None,
        }
    }

    /// The groups of the city's compounds, with those in no unit last; empty if the city has no unit of the
    /// level.
    pub fn groups(self, city: &City) -> Vec<CompoundGroup> {
        let mut groups: BTreeMap<Key, Vec<CompoundId>> = BTreeMap::new();
        for (number, compound) in (0u32..).zip(city.compounds()) {
            groups.entry(self.key(compound)).or_default().push(CompoundId(number));
        }
        if groups.keys().all(|key| *key == Key::Outside) {
            return Vec::new();
        }
        groups.into_iter().map(|(key, compounds)| CompoundGroup::of(city, key, compounds)).collect()
    }

    /// The groups within a unit: those of smaller levels, and the unit itself as the whole. Larger levels
    /// have none, as the unit is only a part of theirs.
    pub fn groups_within(self, city: &City, within: Option<&Within>) -> Vec<CompoundGroup> {
        let Some(within) = within else { return self.groups(city) };
        if self == Self::City {
            return vec![CompoundGroup::of(city, Key::Unit(within.unit_id()), within.compounds().to_vec())];
        }
        if self.of_units().is_some_and(|slot| slot < within.slot()) {
            return Vec::new();
        }
        let mut groups = self.groups(city);
        for group in &mut groups {
            let all = group.compounds.len();
            group.compounds.retain(|compound| within.contains(*compound));
            group.partial |= group.compounds.len() < all && group.key != Key::Outside;
        }
        groups.retain(|group| !group.compounds.is_empty());
        if groups.iter().all(|group| group.key == Key::Outside) { Vec::new() } else { groups }
    }

    fn key(self, compound: &Compound) -> Key {
        let unit = |level: usize| compound.units()[level].map_or(Key::Outside, Key::Unit);
        match self {
            Self::City => Key::City,
            Self::H3(resolution) => {
                let place = compound.point.lon_lat();
                LatLng::new(place.lat, place.lon)
                    .map_or(Key::Outside, |place| Key::Cell(place.to_cell(resolution).into()))
            }
            Self::District | Self::Subdistrict | Self::Community | Self::Grid => {
                self.of_units().map_or(Key::Outside, unit)
            }
        }
    }
}

/// What a group of compounds is. The order is that of the groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// All compounds.
    City,
    /// Row in the city's units.
    Unit(UnitId),
    /// An H3 cell.
    Cell(u64),
    /// Compounds in no unit of the level.
    Outside,
}

/// A group of compounds.
#[derive(Debug, Clone)]
pub struct CompoundGroup {
    /// What it is.
    pub key: Key,
    /// The compounds in it, ascending.
    pub compounds: Vec<CompoundId>,
    /// Whether the data holds only a part of it.
    pub partial: bool,
}

impl CompoundGroup {
    fn of(city: &City, key: Key, compounds: Vec<CompoundId>) -> Self {
        let mut group = Self { key, compounds, partial: false };
        group.partial = match key {
            Key::Unit(unit) => city.units()[unit.index()].clipped == 1,
            // Ways that continue beyond the data show that the city does too.
            Key::City => city.nodes().iter().any(|node| node.flags.contains(NodeFlags::CUT)),
            Key::Cell(_) => city.meta().bounds.is_some_and(|[west, south, east, north]| {
                let corners = group.cell().unwrap_or_default();
                corners.into_iter().map(circle_model::Point::lon_lat).any(|corner| {
                    !(west..=east).contains(&corner.lon) || !(south..=north).contains(&corner.lat)
                })
            }),
            Key::Outside => false,
        };
        group
    }

    /// Its id in tables: the unit's key, the cell's id, else empty.
    pub fn id(&self, city: &City) -> String {
        match self.key {
            Key::Unit(unit) => city.unit_key(unit).into_owned(),
            Key::Cell(cell) => format!("{cell:x}"),
            Key::City | Key::Outside => String::new(),
        }
    }

    /// Its name.
    pub fn name(&self, city: &City) -> String {
        match self.key {
            Key::City => Level::City.zh().to_owned(),
            Key::Unit(unit) => city.text(city.units()[unit.index()].name).to_owned(),
            Key::Cell(cell) => format!("{cell:x}"),
            Key::Outside => "（未划入）".to_owned(),
        }
    }

    /// The outline of an H3 cell, counter-clockwise and closed.
    pub fn cell(&self) -> Option<Vec<Point>> {
        let Key::Cell(cell) = self.key else { return None };
        let corners = h3o::CellIndex::try_from(cell).ok()?.boundary();
        let mut ring: Vec<Point> = corners
            .iter()
            .filter_map(|corner| circle_model::LonLat::new(corner.lng(), corner.lat()))
            .map(circle_model::LonLat::point)
            .collect();
        ring.extend(ring.first().copied());
        Some(ring)
    }
}
