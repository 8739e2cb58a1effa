//! Compounds with names and keys.

use super::draft::DraftCompound;
use super::found::Compounds;
use super::mapped::SkippedCompounds;
use crate::keys::other_than_object;
use crate::own::osm_of;

/// A compound with its name and key.
#[derive(Debug)]
pub(crate) struct FinishedCompound {
    pub(crate) compound: DraftCompound,
    /// Its own name, or a generated one.
    pub(crate) name: Box<str>,
    pub(crate) is_name_generated: bool,
    /// Its key, unless it is that of its first object on the map.
    pub(crate) key: Option<String>,
}

/// Names compounds without a name. `generated` are names by position.
pub(crate) fn finish(
    compounds: Compounds,
    generated: Vec<Option<String>>,
) -> (Vec<FinishedCompound>, SkippedCompounds) {
    let keyed = compounds.list.into_iter().zip(compounds.keys);
    let finish = |((compound, key), generated): ((DraftCompound, String), Option<String>)| FinishedCompound {
        name: compound.name.clone().or(generated.map(Into::into)).unwrap_or_default(),
        is_name_generated: compound.name.is_none(),
        key: other_than_object(key, osm_of(&compound.origins)),
        compound,
    };
    (keyed.zip(generated).map(finish).collect(), compounds.skipped)
}
