//! Walking times between two lists of places.

use crate::edition::CityEdition;
use crate::question::TimesQuestion;
use circle_reach::{Cancel, Cancelled};

/// The times as CSV, a row per pair.
///
/// # Errors
/// [`Cancelled`].
pub fn times_csv(
    edition: &CityEdition,
    question: &TimesQuestion<'_>,
    cancel: &Cancel,
) -> Result<Vec<u8>, Cancelled> {
    let TimesQuestion { from_ids, from, to_ids, to, profile, limit } = *question;
    let walks = circle_reach::times(&edition.network, profile, from, to, limit, cancel)?;
    Ok(circle_export::times_csv(from_ids, to_ids, &walks))
}
