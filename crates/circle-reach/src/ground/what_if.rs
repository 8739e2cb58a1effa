//! Variants of a city without barriers.

use circle_model::city::{ChangedTables, MapFeatureFlags, MapKind, NodeFlags, Shut};
use circle_model::{City, ZoneId};

/// The barriers that a variant removes, to find those that bar a walk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WhatIf {
    /// Every compound is open and every gate unlocked.
    CompoundsOpen,
    /// As `CompoundsOpen`, and no wall or fence stops a leg.
    WallsDown,
}

impl WhatIf {
    /// All variants, in the order of their values.
    pub(crate) const ALL: [Self; 2] = [Self::CompoundsOpen, Self::WallsDown];

    /// The changed city. Facilities that opening hours have closed stay closed.
    pub(crate) fn apply(self, city: &City) -> City {
        let (mut nodes, mut edges) = (city.nodes().to_vec(), city.edges().to_vec());
        let mut compounds = city.compounds().to_vec();
        edges.iter_mut().for_each(|edge| edge.zone = ZoneId::PUBLIC);
        nodes.iter_mut().for_each(|node| node.flags.remove(NodeFlags::RESTRICTED));
        for compound in &mut compounds {
            (compound.closed, compound.zone) = (0, ZoneId::PUBLIC);
        }
        let features = (self == Self::WallsDown).then(|| {
            let mut features = city.features().to_vec();
            let walls = features.iter_mut().filter(|feature| feature.map_kind() == MapKind::Barrier);
            walls.for_each(|wall| wall.flags.remove(MapFeatureFlags::OBSTACLE));
            features
        });
        let changed = ChangedTables {
            nodes: Some(nodes),
            edges: Some(edges),
            compounds: Some(compounds),
            zones: Some(city.zones().iter().take(1).copied().collect()),
            features,
            ..ChangedTables::default()
        };
        let shut = Shut { facilities: city.shut().facilities.clone(), ..Shut::default() };
        city.changed(changed).with_shut(shut)
    }
}
