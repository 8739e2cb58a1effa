//! Bits of rows, a type for each row, so that those of one are not asked of another.

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
            /// These where `so`, else none.
            #[must_use]
            pub const fn when(self, so: bool) -> Self {
                if so { self } else { Self::empty() }
            }
        }
    )*};
}

flags! {
    /// What is at a junction.
    NodeFlags: u32 {
        /// A gate that only those may pass who start or end behind it.
        RESTRICTED = 1,
        /// A pedestrian crossing.
        CROSSING = 2,
        /// Traffic signals.
        SIGNALS = 4,
        /// A barrier that walkers pass.
        GATE = 8,
        /// `barrier=kerb` with `kerb=raised`.
        RAISED_KERB = 16,
        /// A stile, turnstile or cycle barrier.
        NARROW = 32,
        /// A way goes on here beyond the data.
        CUT = 64,
        /// A gate that has to be opened, or a turnstile.
        OPENED = 128,
        /// A lift.
        LIFT = 256,
    }

    /// What a stretch of way is.
    EdgeFlags: u16 {
        /// Steps: the profile's stairs factor holds.
        STEPS = 1,
        /// On a bridge.
        BRIDGE = 2,
        /// In a tunnel.
        TUNNEL = 4,
        /// Not from `from` to `to`.
        NOT_FORWARD = 8,
        /// Not from `to` to `from`.
        NOT_BACKWARD = 16,
        /// Of class tertiary or above.
        MAJOR = 32,
        /// `access` or `foot` keeps strangers out.
        RESTRICTED = 64,
        /// Crosses a pedestrian area.
        AREA = 128,
        /// Named, so it serves more than one compound.
        NAMED = 256,
        /// A street for vehicles, from living streets up: crossed at its signals.
        ROAD = 512,
        /// A bridge for walkers.
        FOOTBRIDGE = 1024,
        /// Of a class that serves a compound alone where it lies inside one.
        INTERIOR = 2048,
    }

    /// What is passed at an end of an edge: half of each road is crossed on the edges before and behind it.
    EdgeEndFlags: u8 {
        /// A crossing with signals.
        SIGNALS = 1,
        /// A crossing without, of a way of class tertiary or above.
        CROSSING = 2,
        /// Steps up to a bridge for walkers.
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

    /// How a feature of the map bears on walkers.
    MapFeatureFlags: u8 {
        /// On a bridge.
        BRIDGE = 1,
        /// In a tunnel or culvert.
        TUNNEL = 2,
        /// Stops access legs.
        OBSTACLE = 4,
    }

    /// What is said of a facility beside its category.
    FacilityFlags: u8 {
        /// Halal 清真.
        HALAL = 1,
        /// A 中学 that may be junior, senior or both.
        LEVEL_UNCERTAIN = 2,
        /// While a map is read, never in a city file: an entrance of a station, not the station.
        STATION_ENTRANCE = 128,
    }
}

impl EdgeEndFlags {
    /// One more than all of them.
    pub const COMBINATIONS: usize = 128;
}
