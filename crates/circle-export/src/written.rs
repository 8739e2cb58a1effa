//! Writing to memory.

use serde::Serialize;
use std::fmt::Debug;

/// What was written to memory.
///
/// # Panics
/// When writing failed. Memory takes everything, so that is a value of ours that cannot be written: an answer that is
/// empty or cut would be taken for a whole one, while a panic becomes an error for the caller.
#[expect(clippy::expect_used, reason = "memory takes everything, and half an answer is worse than none")]
pub(crate) fn written<T, E: Debug>(result: Result<T, E>) -> T {
    result.expect("a value that can be written")
}

/// A value as JSON, without a line's end.
///
/// # Panics
/// As [`written`]. None of ours does: members have names, and numbers that are not finite are written as `null`.
pub(crate) fn json(value: &impl Serialize) -> Vec<u8> {
    written(serde_json::to_vec(value))
}

/// As [`json`], with a line's end.
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
    fn a_value_that_cannot_be_written_is_no_empty_answer() {
        // Names of members have to be texts.
        json(&BTreeMap::from([([1, 2], "x")]));
    }
}
