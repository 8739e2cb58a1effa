//! Row numbers in the city's tables. They never leave the process, so they cannot be displayed: what is written has keys
//! ([`City::key_of`](crate::City::key_of)). OSM ids stay `i64` beside them.

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
    /// The inside of a closed compound, or a set of restricted ways that hang together; 0 is the public network.
    ZoneId,
    /// A part of the network that hangs together; 0 is the largest.
    ComponentId,
    /// A feature of the base map.
    FeatureId,
}

impl ZoneId {
    /// Everybody's network.
    pub const PUBLIC: Self = Self(0);

    /// Whether it is everybody's network.
    #[inline]
    pub const fn is_public(self) -> bool {
        self.0 == 0
    }
}

impl ComponentId {
    /// The part with the most metres of way.
    pub const LARGEST: Self = Self(0);

    /// Whether it is the part with the most metres of way.
    #[inline]
    pub const fn is_largest(self) -> bool {
        self.0 == 0
    }
}
