//! The layers of tiles: which features each contains, from which zoom.

use circle_model::{City, city::MapKind};

/// The layers, in the order they are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TileLayer {
    Landuse,
    Green,
    Water,
    Waterways,
    Buildings,
    Railways,
    Ways,
    Barriers,
    Names,
}

/// A property of a feature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Attribute {
    Class,
    Name,
    NameEn,
    /// OSM `layer`, unless it is 0.
    Level,
    Tunnel,
    Bridge,
}

impl TileLayer {
    pub(super) const ALL: [Self; 9] = [
        Self::Landuse,
        Self::Green,
        Self::Water,
        Self::Waterways,
        Self::Buildings,
        Self::Railways,
        Self::Ways,
        Self::Barriers,
        Self::Names,
    ];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Landuse => "landuse",
            Self::Green => "green",
            Self::Water => "water",
            Self::Waterways => "waterways",
            Self::Buildings => "buildings",
            Self::Railways => "railways",
            Self::Ways => "ways",
            Self::Barriers => "barriers",
            Self::Names => "names",
        }
    }

    pub(super) const fn dimension(self) -> u8 {
        match self {
            Self::Names => 0,
            Self::Waterways | Self::Railways | Self::Ways | Self::Barriers => 1,
            Self::Landuse | Self::Green | Self::Water | Self::Buildings => 2,
        }
    }

    pub(super) const fn of(kind: MapKind) -> Self {
        match kind {
            MapKind::Way => Self::Ways,
            MapKind::Railway => Self::Railways,
            MapKind::Waterway => Self::Waterways,
            MapKind::Water => Self::Water,
            MapKind::Green => Self::Green,
            MapKind::Building => Self::Buildings,
            MapKind::Landuse => Self::Landuse,
            MapKind::Barrier => Self::Barriers,
            MapKind::Place => Self::Names,
        }
    }

    pub(super) const fn attributes(self) -> &'static [Attribute] {
        match self {
            Self::Landuse | Self::Barriers => &[Attribute::Class],
            Self::Green | Self::Names => &[Attribute::Class, Attribute::Name, Attribute::NameEn],
            Self::Water => &[Attribute::Name],
            Self::Waterways => &[Attribute::Class, Attribute::Name],
            Self::Buildings => &[Attribute::Level],
            Self::Railways => &[Attribute::Class, Attribute::Tunnel, Attribute::Bridge],
            Self::Ways => {
                &[Attribute::Class, Attribute::Name, Attribute::NameEn, Attribute::Tunnel, Attribute::Bridge]
            }
        }
    }
}

/// Whether feature `row` is drawn at zoom `z`.
pub(super) fn shown(city: &City, row: u32, z: u32) -> bool {
    let feature = &city.features()[row as usize];
    z >= first_zoom(feature.map_kind(), city.text(feature.class))
}

/// The zoom from which a class is drawn.
fn first_zoom(kind: MapKind, class: &str) -> u32 {
    match kind {
        MapKind::Water | MapKind::Green => 8,
        MapKind::Landuse => 10,
        MapKind::Building => 13,
        MapKind::Barrier => 15,
        MapKind::Waterway => match class {
            "river" => 8,
            "canal" => 11,
            _ => 13,
        },
        MapKind::Railway => match class {
            "rail" => 9,
            "subway" | "light_rail" | "monorail" | "narrow_gauge" => 11,
            _ => 13,
        },
        MapKind::Way => match class {
            "motorway" | "trunk" => 8,
            "primary" => 9,
            "secondary" | "motorway_link" | "trunk_link" => 10,
            "tertiary" | "primary_link" | "secondary_link" => 11,
            "tertiary_link" | "unclassified" | "residential" | "living_street" | "pedestrian" | "road" => 12,
            _ => 13,
        },
        MapKind::Place => match class {
            "country" | "state" | "province" | "region" | "city" | "county" | "town" | "district"
            | "borough" => 8,
            "suburb" | "village" | "hamlet" | "subdistrict" => 11,
            "quarter" | "island" => 12,
            _ => 13,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minor_ways_appear_later_and_every_class_at_zoom_15() {
        assert!(first_zoom(MapKind::Way, "footway") > first_zoom(MapKind::Way, "residential"));
        assert!(first_zoom(MapKind::Way, "residential") > first_zoom(MapKind::Way, "primary"));
        for kind in MapKind::ALL {
            assert!(first_zoom(*kind, "anything") <= 15);
            assert!(TileLayer::ALL.contains(&TileLayer::of(*kind)));
        }
    }
}
