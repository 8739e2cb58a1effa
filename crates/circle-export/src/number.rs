//! Numbers as text, with the digits that are known and no more.

use circle_model::{Millimetres, Milliseconds};
use serde::{Serialize, Serializer};
use std::fmt;

/// A count of thousandths: seconds kept as milliseconds, metres kept as millimetres.
///
/// Written with at most three decimals, trailing zeros trimmed: `12`, `12.5`, `0.001`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Thousandths(pub(crate) u32);

impl From<Milliseconds> for Thousandths {
    fn from(time: Milliseconds) -> Self {
        Self(time.0)
    }
}

impl From<Millimetres> for Thousandths {
    fn from(length: Millimetres) -> Self {
        Self(length.0)
    }
}

impl fmt::Display for Thousandths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, rest) = (self.0 / 1000, self.0 % 1000);
        match rest {
            0 => write!(f, "{whole}"),
            _ if rest % 100 == 0 => write!(f, "{whole}.{}", rest / 100),
            _ if rest % 10 == 0 => write!(f, "{whole}.{:02}", rest / 10),
            _ => write!(f, "{whole}.{rest:03}"),
        }
    }
}

impl Serialize for Thousandths {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.is_multiple_of(1000) {
            serializer.serialize_u32(self.0 / 1000)
        } else {
            serializer.serialize_f64(f64::from(self.0) / 1000.0)
        }
    }
}

/// Square metres without decimals; areas are not known better than that.
pub(crate) fn whole_square_metres(area: f64) -> i64 {
    area.round() as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousandths_lose_their_trailing_zeros() {
        for (thousandths, text) in [
            (0, "0"),
            (1, "0.001"),
            (10, "0.01"),
            (100, "0.1"),
            (12_000, "12"),
            (12_345, "12.345"),
            (u32::MAX, "4294967.295"),
        ] {
            assert_eq!(Thousandths(thousandths).to_string(), text);
            assert_eq!(serde_json::to_string(&Thousandths(thousandths)).unwrap(), text);
        }
    }
}
