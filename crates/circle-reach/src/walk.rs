//! Walks: bounded searches between starts and ends.

pub(crate) mod backwards;
pub(crate) mod ends;
pub(crate) mod entrances;
pub(crate) mod nearest;
pub(crate) mod path;
pub(crate) mod reach;
pub(crate) mod search;
pub(crate) mod starts;
pub(crate) mod times;
pub(crate) mod walker;
