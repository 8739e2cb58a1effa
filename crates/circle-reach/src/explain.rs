//! Explanations: one walk in full, and the barriers to shorter walks.

pub(crate) mod barriers;
pub(crate) mod explained;
pub(crate) mod parts;
pub(crate) mod question;
