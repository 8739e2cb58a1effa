//! Writing to memory, which cannot fail.

use serde::Serialize;
use std::fmt::Debug;

/// Unwraps the result of writing to memory.
///
/// # Panics
///
/// When writing failed. As memory accepts everything, the value itself is invalid, which is a bug. A panic
/// becomes an error response; an empty or truncated answer would be taken for a complete one.
#[expect(clippy::expect_used, reason = "memory takes everything, and half an answer is worse than none")]
pub(crate) fn written<T, E: Debug>(result: Result<T, E>) -> T {
    result.expect("a value that can be written")
}

/// Serialises a value as JSON, without a final newline.
///
/// # Panics
///
/// As [`written`]. No value of this crate panics: members have names, and numbers that are not finite are
/// written as `null`.
pub(crate) fn json(value: &impl Serialize) -> Vec<u8> {
    written(serde_json::to_vec(value))
}

/// As [`json`], with a final newline.
pub(crate) fn json_line(value: &impl Serialize) -> Vec<u8> {
    let mut out = json(value);
    out.push(b'\n');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn numbers_that_are_not_finite_are_null() {
        assert_eq!(json_line(&[f64::NAN, f64::INFINITY, 1.5]), b"[null,null,1.5]\n");
    }

    #[test]
    #[should_panic(expected = "a value that can be written")]
    fn a_value_that_cannot_be_serialised_panics() {
        // Names of members have to be strings.
        json(&BTreeMap::from([([1, 2], "x")]));
    }
}
