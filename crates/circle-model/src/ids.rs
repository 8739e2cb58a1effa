//! Row numbers of the city's tables. They never leave the process, so they have no `Display`: output has keys
//! ([`City::key_of`](crate::City::key_of)). OSM ids are `i64`.

use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, FromBytes, IntoBytes, Immutable,
            KnownLayout,
        )]
        #[repr(transparent)]
        pub struct $name(pub u32);

        impl $name {
            /// The row as an index.
            #[inline]
            pub const fn index(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

ids! {
    /// A junction of the pedestrian network.
    NodeId,
    /// A stretch of way between two junctions.
    EdgeId,
    /// A compound 小区.
    CompoundId,
    /// A gate 出入口.
    GateId,
    /// A facility 设施.
    FacilityId,
    /// A district unit.
    UnitId,
    /// The interior of a closed compound, or a connected set of restricted ways; 0 is the public network.
    ZoneId,
    /// A connected component of the network; 0 is the largest.
    ComponentId,
    /// A feature of the base map.
    FeatureId,
}

impl ZoneId {
    /// The public network.
    pub const PUBLIC: Self = Self(0);

    /// Whether it is the public network.
    #[inline]
    pub const fn is_public(self) -> bool {
        self.0 == 0
    }
}

impl ComponentId {
    /// The component with the greatest length of ways.
    pub const LARGEST: Self = Self(0);

    /// Whether it is the component with the greatest length of ways.
    #[inline]
    pub const fn is_largest(self) -> bool {
        self.0 == 0
    }
}
