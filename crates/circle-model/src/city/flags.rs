//! Bit flags of rows, with a type for each row, so that they cannot be confused.

use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

macro_rules! flags {
    ($($(#[$doc:meta])* $name:ident: $bits:ty { $($(#[$($flag_doc:tt)*])* $flag:ident = $value:expr),* $(,)? })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, FromBytes, IntoBytes, Immutable, KnownLayout)]
        #[repr(transparent)]
        pub struct $name($bits);

        bitflags::bitflags! {
            impl $name: $bits { $($(#[$($flag_doc)*])* const $flag = $value;)* }
        }

        impl $name {
            /// These flags if `so`, else none.
            #[must_use]
            pub const fn when(self, so: bool) -> Self {
                if so { self } else { Self::empty() }
            }
        }
    )*};
}

flags! {
    /// Features of a junction.
    NodeFlags: u32 {
        /// A gate that only walks which begin or end behind it may pass.
        RESTRICTED = 1,
        /// A pedestrian crossing.
        CROSSING = 2,
        /// Traffic signals.
        SIGNALS = 4,
        /// A barrier that walkers can pass.
        GATE = 8,
        /// `barrier=kerb` with `kerb=raised`.
        RAISED_KERB = 16,
        /// A stile, turnstile or cycle barrier.
        NARROW = 32,
        /// A way continues here beyond the data.
        CUT = 64,
        /// A gate that has to be opened, or a turnstile.
        OPENED = 128,
        /// A lift.
        LIFT = 256,
    }

    /// Properties of an edge.
    EdgeFlags: u16 {
        /// Steps, to which the profile's stairs factor applies.
        STEPS = 1,
        /// On a bridge.
        BRIDGE = 2,
        /// In a tunnel.
        TUNNEL = 4,
        /// Impassable from `from` to `to`.
        NOT_FORWARD = 8,
        /// Impassable from `to` to `from`.
        NOT_BACKWARD = 16,
        /// Of class tertiary or above.
        MAJOR = 32,
        /// `access` or `foot` excludes the public.
        RESTRICTED = 64,
        /// Crosses a pedestrian area.
        AREA = 128,
        /// Named, so it serves more than one compound.
        NAMED = 256,
        /// A street for vehicles, from living streets upwards, which is crossed at its signals.
        ROAD = 512,
        /// A footbridge.
        FOOTBRIDGE = 1024,
        /// Of a class that serves only the compound around it.
        INTERIOR = 2048,
    }

    /// Features at an end of an edge. Half of each road is crossed on the edge before it, half on the one
    /// behind it.
    EdgeEndFlags: u8 {
        /// A crossing with signals.
        SIGNALS = 1,
        /// A crossing without signals, of a way of class tertiary or above.
        CROSSING = 2,
        /// Steps up to a footbridge.
        UP_TO_BRIDGE = 4,
        /// `kerb=raised`.
        RAISED_KERB = 8,
        /// A stile, turnstile or cycle barrier.
        NARROW = 16,
        /// A gate that has to be opened.
        GATE = 32,
        /// A lift.
        LIFT = 64,
    }

    /// Properties of a map feature that matter to walkers.
    MapFeatureFlags: u8 {
        /// On a bridge.
        BRIDGE = 1,
        /// In a tunnel or culvert.
        TUNNEL = 2,
        /// An obstacle to access legs.
        OBSTACLE = 4,
    }

    /// Properties of a facility in addition to its category.
    FacilityFlags: u8 {
        /// Halal 清真.
        HALAL = 1,
        /// A 中学 that may be junior, senior or both.
        LEVEL_UNCERTAIN = 2,
        /// Only while a map is read, never in a city file: an entrance of a station, not the station.
        STATION_ENTRANCE = 128,
    }
}

impl EdgeEndFlags {
    /// Number of combinations of flags.
    pub const COMBINATIONS: usize = 128;
}
