//! Lengths, times and speeds. Sums along the network are whole numbers, so they never depend on the order of
//! addition.

use serde::{Deserialize, Serialize};
use std::ops::{Add, AddAssign, Sub};

macro_rules! whole {
    ($($(#[$doc:meta])* $name:ident),*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub u32);

        impl Add for $name {
            type Output = Self;
            #[inline]
            fn add(self, other: Self) -> Self {
                Self(self.0.saturating_add(other.0))
            }
        }

        impl AddAssign for $name {
            #[inline]
            fn add_assign(&mut self, other: Self) {
                *self = *self + other;
            }
        }

        impl Sub for $name {
            type Output = Self;
            #[inline]
            fn sub(self, other: Self) -> Self {
                Self(self.0.saturating_sub(other.0))
            }
        }
    )*};
}

whole! {
    /// A length along the network, in whole millimetres.
    Millimetres,
    /// A walking time, in whole milliseconds.
    Milliseconds
}

/// A walking speed; finite and within 0.2 to 3 m/s.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize)]
#[serde(transparent)]
pub struct MetresPerSecond(f64);

impl Millimetres {
    /// Rounds to whole millimetres.
    pub fn from_metres(metres: f64) -> Self {
        Self((metres * 1000.0).round().clamp(0.0, f64::from(u32::MAX)) as u32)
    }

    /// The length in metres.
    pub fn metres(self) -> f64 {
        f64::from(self.0) / 1000.0
    }
}

impl Milliseconds {
    /// Converts whole minutes.
    pub const fn from_minutes(minutes: u32) -> Self {
        Self(minutes.saturating_mul(60_000))
    }

    /// The time in seconds.
    pub fn seconds(self) -> f64 {
        f64::from(self.0) / 1000.0
    }
}

impl MetresPerSecond {
    /// `None` unless `speed` is between 0.2 and 3 m/s, from shuffling to running.
    pub fn new(speed: f64) -> Option<Self> {
        (0.2..=3.0).contains(&speed).then_some(Self(speed))
    }

    /// The speed in m/s.
    pub const fn value(self) -> f64 {
        self.0
    }

    /// The speed in km/h.
    pub fn kilometres_per_hour(self) -> f64 {
        self.0 * 3.6
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn impossible_speeds_are_rejected() {
        for speed in [0.0, -1.0, f64::NAN, f64::INFINITY, 50.0] {
            assert!(MetresPerSecond::new(speed).is_none(), "{speed}");
        }
    }

    #[test]
    fn sums_saturate() {
        assert_eq!(Milliseconds(u32::MAX) + Milliseconds(1), Milliseconds(u32::MAX));
        assert_eq!(Millimetres(1) - Millimetres(2), Millimetres(0));
    }
}
