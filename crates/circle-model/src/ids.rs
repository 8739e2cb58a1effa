//! Row numbers in the city's tables. OSM ids stay `i64` beside them.

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);

        impl $name {
            /// The row as an index.
            #[inline]
            pub const fn index(self) -> usize {
                self.0 as usize
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
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
}

impl ZoneId {
    /// Everybody's network.
    pub const PUBLIC: Self = Self(0);
}
