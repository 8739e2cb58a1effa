//! The question of the features of a collection: by page, box and property.

use super::key::row_of_key;
use crate::choices::Choices;
use crate::parameters::Parameters;
use crate::refusal::{KeySlot, Refusal};
use circle_export::Collection;
use circle_model::LonLat;
use circle_model::coordinates::Bounds;
use circle_reach::{Cancel, Cancelled};

/// Features per page if `limit` is not given.
pub const DEFAULT_LIMIT: usize = 10;
/// Most features per page.
pub const LARGEST_LIMIT: usize = 10_000;
/// Rows that are compared before a cancellation is checked.
const ROWS_OF_PART: u32 = 1000;
/// The parameters beside the properties of the collection.
const OWN_PARAMETERS: [&str; 4] = ["limit", "offset", "bbox", "datetime"];
/// Half a turn round the globe, in 10⁻⁷ degrees.
const HALF_TURN: i32 = 1_800_000_000;

/// A page of the features of a collection.
#[derive(Debug, Clone)]
pub struct ItemsQuestion {
    /// The collection.
    pub collection: Collection,
    /// Most features of the page.
    pub limit: usize,
    /// Features to skip.
    pub offset: usize,
    /// Two boxes if the requested one crosses the antimeridian; empty for the whole city.
    boxes: Vec<Bounds>,
    /// Column and value.
    filters: Vec<(usize, String)>,
}

impl ItemsQuestion {
    /// Parses the question.
    ///
    /// # Errors
    /// When a parameter is unknown or invalid, or a category does not exist; as [`row_of_key`] for filters by
    /// a former key.
    pub fn parse(
        choices: &Choices,
        collection: Collection,
        parameters: &Parameters,
    ) -> Result<Self, Refusal> {
        let properties = collection.properties();
        let known: Vec<&str> = OWN_PARAMETERS.iter().chain(properties).copied().collect();
        parameters.expect_only(&known)?;
        let mut filters = Vec::new();
        for (name, value) in parameters.pairs() {
            let Some(column) = properties.iter().position(|property| *property == name) else { continue };
            if name == "category" || name == "categories" {
                choices.check_category(value)?;
            }
            if let Some(of) = keys_in(collection, name) {
                row_of_key(&choices.city, of, value, KeySlot::parameter(name))?;
            }
            filters.push((column, value.to_owned()));
        }
        parameters.text("datetime").map_or(Ok(()), check_datetime)?;
        Ok(Self {
            collection,
            limit: parameters.whole("limit", 1)?.unwrap_or(DEFAULT_LIMIT).min(LARGEST_LIMIT),
            offset: parameters.whole("offset", 0)?.unwrap_or(0),
            boxes: parameters.text("bbox").map_or(Ok(Vec::new()), boxes)?,
            filters,
        })
    }

    /// Whether properties are compared, and not only boxes.
    pub const fn filters_properties(&self) -> bool {
        !self.filters.is_empty()
    }

    /// The rows of all features that match, ascending.
    ///
    /// # Errors
    /// When `cancel` is cancelled.
    pub fn rows(&self, choices: &Choices, cancel: &Cancel) -> Result<Vec<u32>, Cancelled> {
        let mut matched = Vec::new();
        for row in self.collection.rows(&choices.city) {
            if row % ROWS_OF_PART == 0 {
                cancel.pause()?;
            }
            if self.matches(choices, row as usize) {
                matched.push(row);
            }
        }
        Ok(matched)
    }

    fn matches(&self, choices: &Choices, row: usize) -> bool {
        let city = &choices.city;
        if !self.boxes.is_empty() {
            let bounds = self.collection.bounds(city, row);
            if !self.boxes.iter().any(|asked| asked.intersects(&bounds)) {
                return false;
            }
        }
        if self.filters.is_empty() {
            return true;
        }
        let values = self.collection.values(city, &choices.catalogue, row);
        self.filters.iter().all(|(column, text)| values[*column].is(text))
    }
}

/// The collection whose keys a property holds; `None` for other properties.
fn keys_in(collection: Collection, property: &str) -> Option<Collection> {
    match property {
        "id" => Some(collection),
        "compound_id" | "only_for" => Some(Collection::Compounds),
        "facility_id" => Some(Collection::Facilities),
        "district_id" | "subdistrict_id" | "community_id" | "grid_id" | "parent" => Some(Collection::Units),
        _ => None,
    }
}

/// Rejects text that is neither a time nor an interval. Features have no time, so every valid value matches.
fn check_datetime(text: &str) -> Result<(), Refusal> {
    let is_time = |part: &str| {
        let mut bytes = part.bytes();
        bytes.clone().take(4).filter(u8::is_ascii_digit).count() == 4
            && part.len() >= 10
            && bytes.all(|byte| byte.is_ascii_digit() || b"-:.+TtZz".contains(&byte))
    };
    let parts: Vec<&str> = text.split('/').collect();
    let fits = match parts.as_slice() {
        [time] => is_time(time),
        [from, to] => [from, to].into_iter().all(|end| matches!(*end, "" | "..") || is_time(end)),
        _ => false,
    };
    let message = || format!("it takes a time or an interval as in RFC 3339, not `{text}`");
    if fits { Ok(()) } else { Err(Refusal::parameter("datetime", message())) }
}

/// `west,south,east,north`, or with heights; west above east crosses the antimeridian.
fn boxes(text: &str) -> Result<Vec<Bounds>, Refusal> {
    let refuse = || {
        Refusal::parameter("bbox", format!("it takes west,south,east,north in degrees, WGS 84, not `{text}`"))
    };
    let number = |part: &str| part.trim().parse().ok().filter(|number: &f64| number.is_finite());
    let numbers: Option<Vec<f64>> = text.split(',').map(number).collect();
    let [west, south, east, north] = match numbers.as_deref() {
        Some([west, south, east, north] | [west, south, _, east, north, _]) => [*west, *south, *east, *north],
        _ => return Err(refuse()),
    };
    let corner = |lon, lat| LonLat::new(lon, lat).map(LonLat::point).ok_or_else(refuse);
    let (low, high) = (corner(west, south)?, corner(east, north)?);
    if south > north {
        return Err(refuse());
    }
    let bounds = |west, east| Bounds { west, south: low.lat, east, north: high.lat };
    if west <= east {
        return Ok(vec![bounds(low.lon, high.lon)]);
    }
    Ok(vec![bounds(low.lon, HALF_TURN), bounds(-HALF_TURN, high.lon)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_property_that_holds_keys_has_a_collection() {
        // Ids of OSM objects are not keys.
        let not_keys = ["osm_id"];
        for collection in Collection::ALL {
            for property in collection.properties() {
                let holds_keys = *property == "id"
                    || property.ends_with("_id")
                    || ["only_for", "parent"].contains(property);
                let expected = holds_keys && !not_keys.contains(property);
                assert_eq!(keys_in(collection, property).is_some(), expected, "{collection:?} {property}");
            }
        }
    }

    #[test]
    fn a_box_across_the_antimeridian_is_split_in_two() {
        assert_eq!(boxes("1,2,3,4").unwrap().len(), 1);
        let two = boxes("170,-20,-170,-10").unwrap();
        assert!(two[0].west == 1_700_000_000 && two[1].east == -1_700_000_000);
        assert_eq!(boxes("1,2,0,3,4,9").unwrap(), boxes("1,2,3,4").unwrap());
    }

    #[test]
    fn impossible_boxes_are_rejected() {
        for text in
            ["", "1,2,3", "1,2,3,x", "1,5,3,4", "200,0,210,1", "0,0,nan,1", "1,2,3,4,5", "1,2,0,3,4,inf"]
        {
            assert!(boxes(text).is_err(), "{text}");
        }
    }

    #[test]
    fn text_that_is_neither_a_time_nor_an_interval_is_rejected() {
        for text in ["2026-01-01T00:00:00Z", "../2026-01-01T00:00:00Z", "2026-01-01/..", "2026-01-01"] {
            assert!(check_datetime(text).is_ok(), "{text}");
        }
        for text in ["yesterday", "", "a/b/c", "2026"] {
            assert!(check_datetime(text).is_err(), "{text}");
        }
    }
}
