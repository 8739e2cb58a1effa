//! The tags of one object.

/// Keys and values.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tags<'a>(pub(crate) &'a [(&'a str, &'a str)]);

impl<'a> Tags<'a> {
    pub(crate) fn value(self, key: &str) -> Option<&'a str> {
        self.0.iter().find(|(k, _)| *k == key).map(|(_, value)| *value)
    }

    /// Whether the key has one of `values`.
    pub(crate) fn is(self, key: &str, values: &[&str]) -> bool {
        self.value(key).is_some_and(|value| values.contains(&value))
    }

    pub(crate) fn has(self, key: &str) -> bool {
        self.value(key).is_some()
    }
}
