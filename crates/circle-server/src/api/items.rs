//! `/api/collections/{id}/items`: features by page, box and property.

use super::collections::find;
use super::{GEOJSON, JSON, typed};
use crate::editions;
use crate::keys::{self, Slot};
use crate::links::Base;
use crate::parameters::{Parameters, query_without};
use crate::problem::Problem;
use crate::served::Pinned;
use crate::state::State;
use axum::extract::{Path, RawQuery};
use axum::response::Response;
use circle_export::Collection;
use circle_model::{City, LonLat, coordinates::Bounds};
use serde_json::{Map, Value};

pub(crate) const DEFAULT_LIMIT: usize = 10;
pub(crate) const LARGEST_LIMIT: usize = 10_000;
const OWN_PARAMETERS: [&str; 4] = ["limit", "offset", "bbox", "datetime"];

/// What is asked for.
struct Selection {
    limit: usize,
    offset: usize,
    /// Two boxes where the one asked for crosses the antimeridian; none for everywhere.
    boxes: Vec<Bounds>,
    /// Column and value.
    filters: Vec<(usize, String)>,
}

/// A page of features.
pub(crate) async fn items(
    Pinned(state): Pinned,
    Path(id): Path<String>,
    base: Base,
    RawQuery(query): RawQuery,
    parameters: Parameters,
) -> Result<Response, Problem> {
    let collection = find(&id)?;
    let selection = Selection::read(&state, collection, &parameters)?;
    let search = move |state: &State| {
        let matched = selection.rows(state, collection);
        let end = selection.offset.saturating_add(selection.limit).min(matched.len());
        let rows = &matched[selection.offset.min(end)..end];
        let mut foreign = Map::new();
        foreign.insert("numberMatched".into(), matched.len().into());
        foreign.insert("numberReturned".into(), rows.len().into());
        let query = query.unwrap_or_default();
        let edition = state.edition.to_string();
        foreign.insert("links".into(), selection.links(&base, collection, &query, &edition, matched.len()));
        collection.features_json(state.city(), &state.catalogue, rows, foreign)
    };
    Ok(typed(GEOJSON, state.search(search).await?))
}

/// One feature.
pub(crate) async fn item(
    Pinned(state): Pinned,
    Path((id, item)): Path<(String, String)>,
    base: Base,
    parameters: Parameters,
) -> Result<Response, Problem> {
    let collection = find(&id)?;
    parameters.expect_only(&[])?;
    let row = row(state.city(), collection, &item, &parameters)?;
    let path = format!("/api/collections/{id}");
    let key = collection.key(state.city(), row);
    let links = vec![
        base.link("self", GEOJSON, &format!("{path}/items/{key}"), "This feature"),
        base.link("collection", JSON, &path, collection.title()),
    ];
    let mut foreign = Map::new();
    foreign.insert("links".into(), links.into());
    Ok(typed(GEOJSON, collection.feature_json(state.city(), &state.catalogue, row, foreign)))
}

/// The row of a feature by its key.
fn row(city: &City, collection: Collection, item: &str, parameters: &Parameters) -> Result<usize, Problem> {
    let row = keys::row(city, collection, item, Slot::Path(""), parameters)?.map(|row| row as usize);
    if let Some(row) = row.filter(|row| collection.has(city, *row)) {
        return Ok(row);
    }
    let id = collection.id();
    let elsewhere = row.and_then(|row| collection.other_half().filter(|other| other.has(city, row)));
    Err(Problem::NotFound(match elsewhere {
        Some(other) => format!(
            "there is no `{item}` among the {id}; it is at /api/collections/{}/items/{item}",
            other.id()
        ),
        None => format!("there is no `{item}` among the {id}"),
    }))
}

/// The collection whose keys a property holds. A filter by a former key is redirected, one by a key that is gone is 410.
fn keys_in(collection: Collection, property: &str) -> Option<Collection> {
    match property {
        "id" => Some(collection),
        "compound_id" | "only_for" => Some(Collection::Compounds),
        "facility_id" => Some(Collection::Facilities),
        "district_id" | "subdistrict_id" | "community_id" | "grid_id" | "parent" => Some(Collection::Units),
        _ => None,
    }
}

impl Selection {
    fn read(state: &State, collection: Collection, parameters: &Parameters) -> Result<Self, Problem> {
        let properties = collection.properties();
        let known: Vec<&str> = OWN_PARAMETERS.iter().chain(properties).copied().collect();
        parameters.expect_only(&known)?;
        let mut filters = Vec::new();
        for (name, value) in parameters.pairs() {
            let Some(column) = properties.iter().position(|property| *property == name) else { continue };
            if name == "category" || name == "categories" {
                check_category(state, value)?;
            }
            if let Some(of) = keys_in(collection, name) {
                keys::row(state.city(), of, value, Slot::Parameter(name), parameters)?;
            }
            filters.push((column, value.to_owned()));
        }
        parameters.text("datetime").map_or(Ok(()), check_datetime)?;
        Ok(Self {
            limit: parameters.whole("limit", 1)?.unwrap_or(DEFAULT_LIMIT).min(LARGEST_LIMIT),
            offset: parameters.whole("offset", 0)?.unwrap_or(0),
            boxes: parameters.text("bbox").map_or(Ok(Vec::new()), boxes)?,
            filters,
        })
    }

    /// All features that fit, in the order of their ids.
    fn rows(&self, state: &State, collection: Collection) -> Vec<u32> {
        let city = state.city();
        collection.rows(city).filter(|row| self.fits(state, city, collection, *row as usize)).collect()
    }

    fn fits(&self, state: &State, city: &City, collection: Collection, row: usize) -> bool {
        if !self.boxes.is_empty() {
            let bounds = collection.bounds(city, row);
            if !self.boxes.iter().any(|asked| asked.intersects(&bounds)) {
                return false;
            }
        }
        if self.filters.is_empty() {
            return true;
        }
        let values = collection.values(city, &state.catalogue, row);
        self.filters.iter().all(|(column, text)| values[*column].is(text))
    }

    /// Links to this page and the ones beside it, which are of the same edition; `query` is the one of the request.
    fn links(
        &self,
        base: &Base,
        collection: Collection,
        query: &str,
        edition: &str,
        matched: usize,
    ) -> Value {
        let path = format!("/api/collections/{}", collection.id());
        let kept = query_without(query, &["offset", editions::PARAMETER]);
        let page = |rel: &str, offset: usize, title: &str| {
            let mut parts: Vec<String> =
                Some(kept.clone()).filter(|kept| !kept.is_empty()).into_iter().collect();
            if offset > 0 {
                parts.push(format!("offset={offset}"));
            }
            if rel != "self" {
                parts.push(format!("{}={edition}", editions::PARAMETER));
            }
            let mark = if parts.is_empty() { "" } else { "?" };
            base.link(rel, GEOJSON, &format!("{path}/items{mark}{}", parts.join("&")), title)
        };
        let mut links = vec![page("self", self.offset, "This page")];
        let next = self.offset.saturating_add(self.limit);
        if next < matched {
            links.push(page("next", next, "Next page"));
        }
        if self.offset > 0 && self.offset < matched.saturating_add(self.limit) {
            links.push(page("prev", self.offset.saturating_sub(self.limit), "Previous page"));
        }
        links.push(base.link("collection", JSON, &path, collection.title()));
        links.into()
    }
}

fn check_category(state: &State, asked: &str) -> Result<(), Problem> {
    if state.catalogue.index_of(asked).is_some() {
        return Ok(());
    }
    let choices = state.catalogue.categories.iter().map(|category| category.id.clone()).collect();
    Err(Problem::NoSuch { what: "category", asked: asked.to_owned(), choices })
}

/// Features have no time, so that every time fits; what is no time is refused all the same.
fn check_datetime(text: &str) -> Result<(), Problem> {
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
    if fits { Ok(()) } else { Err(Problem::parameter("datetime", message())) }
}

/// `west,south,east,north`, or with heights; west above east crosses the antimeridian.
fn boxes(text: &str) -> Result<Vec<Bounds>, Problem> {
    let refuse = || {
        Problem::parameter("bbox", format!("it takes west,south,east,north in degrees, WGS 84, not `{text}`"))
    };
    let numbers: Option<Vec<f64>> = text.split(',').map(|part| part.trim().parse().ok()).collect();
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
    let half_turn = 1_800_000_000;
    Ok(vec![bounds(low.lon, half_turn), bounds(-half_turn, high.lon)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_property_that_holds_keys_says_of_what() {
        // Ids of OSM, which are no keys.
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
    fn a_box_across_the_antimeridian_is_two() {
        assert_eq!(boxes("1,2,3,4").unwrap().len(), 1);
        let two = boxes("170,-20,-170,-10").unwrap();
        assert!(two[0].west == 1_700_000_000 && two[1].east == -1_700_000_000);
        assert_eq!(boxes("1,2,0,3,4,9").unwrap(), boxes("1,2,3,4").unwrap());
    }

    #[test]
    fn boxes_that_are_none_are_refused() {
        for text in ["", "1,2,3", "1,2,3,x", "1,5,3,4", "200,0,210,1", "0,0,nan,1", "1,2,3,4,5"] {
            assert!(boxes(text).is_err(), "{text}");
        }
    }

    #[test]
    fn times_and_intervals_are_told_from_nonsense() {
        for text in ["2026-01-01T00:00:00Z", "../2026-01-01T00:00:00Z", "2026-01-01/..", "2026-01-01"] {
            assert!(check_datetime(text).is_ok(), "{text}");
        }
        for text in ["yesterday", "", "a/b/c", "2026"] {
            assert!(check_datetime(text).is_err(), "{text}");
        }
    }
}
