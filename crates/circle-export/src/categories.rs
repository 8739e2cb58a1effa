//! Categories of facilities.

use circle_model::city::Facility;
use circle_model::{Catalogue, Category, City};

/// The categories of a facility, the main one first. Codes that are not in the catalogue are skipped.
pub(crate) fn categories_of<'a>(
    city: &City,
    catalogue: &'a Catalogue,
    facility: &Facility,
) -> Vec<&'a Category> {
    let codes = &city.facility_categories()[facility.categories.range()];
    codes.iter().filter_map(|code| catalogue.categories.get(usize::from(*code))).collect()
}
