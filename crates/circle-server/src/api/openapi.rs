//! `/api/openapi.json`: the API described in OpenAPI 3.1, derived from the types of its parameters and
//! answers.
//!
//! `#[utoipa::path]` at each handler and the types of `schemas` describe nearly all. The files of this folder
//! complete what depends on the city, on circle-export's collections or on the layers before the handlers.

mod choices;
mod collections;
mod layers;
mod members;
#[cfg(test)]
mod tests;

use super::answer::{OPENAPI, typed};
use super::parameters::RequestParameters;
use super::schemas::features::{AreaFeature, AreaItem, Page, PointFeature, PointItem};
use super::schemas::problem::{GoneProblem, Problem as ProblemBody, ReplacedProblem};
use super::schemas::properties::{
    AccessPointProperties, BuildingProperties, CandidateProperties, CompoundProperties, FacilityProperties,
    GateProperties, UnitProperties,
};
use super::schemas::query::values::{
    Anything, Bbox, BoardCategoryId, BoardFile, BoardMinutes, CategoryId, ColumnOrRow, Direction,
    EditionName, FileFormatWord, FormWord, Key, LevelId, Minutes, PageLimit, PageOffset, PageSize, Place,
    PlaceInCity, ProfileId, RuleSetId, Switch, TimeInterval, TimeOfWeek, WebAddress, Zoom,
};
use super::schemas::query::{HeadingsOf, OnlyRules};
use crate::http::base::Base;
use crate::middleware::problem::Problem;
use crate::served::Pinned;
use axum::Extension;
use axum::response::Response;
use circle_study::{Choices, StudyError};
use serde_json::{Value, json};
use std::sync::Arc;

/// The description of the handlers, before it is completed for a city.
#[derive(Clone)]
pub(crate) struct Described(pub(crate) Arc<utoipa::openapi::OpenApi>);

/// The description of the API.
#[utoipa::path(
    get,
    path = "/api/openapi.json",
    operation_id = "openapi",
    tag = "OGC API",
    summary = "This description",
    responses((
        status = 200, description = "Done", body = Anything,
        content_type = "application/vnd.oai.openapi+json;version=3.1",
    )),
)]
pub(crate) async fn openapi(
    Pinned(state): Pinned,
    base: Base,
    Extension(Described(described)): Extension<Described>,
    parameters: RequestParameters,
) -> Result<Response, Problem> {
    parameters.expect_none()?;
    let document = document(&described, Some(state.choices()), &base.0)
        .map_err(|error| StudyError::unwritten("the description of the API", &error))?;
    Ok(typed(OPENAPI, document.to_string()))
}

/// What is described beside the paths.
#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "生活圈 Living Circle",
        description = "What is within a 15-minute walk. Coordinates are WGS 84, longitude first. \
            Errors are problem JSON (RFC 9457). Ids are keys, which outlive a build of the city: a former key is \
            redirected (308), and the key of a thing that no longer exists is answered with 410 and the nearest thing of \
            its kind. Every answer has an ETag, and its header circle-edition names the edition of the city. Do not join \
            answers of two editions; the parameter `edition` asks for one edition alone. The member `edition` names the \
            edition of the answer itself, which differs from the header where `at_time` is given.",
    ),
    components(schemas(
        ProblemBody, GoneProblem, ReplacedProblem,
        Bbox, BoardCategoryId, BoardFile, BoardMinutes, CategoryId, ColumnOrRow, Direction, EditionName, FileFormatWord, FormWord, Key,
        LevelId, Minutes, PageLimit, PageOffset, PageSize, Place, PlaceInCity, ProfileId, RuleSetId,
        Switch, TimeInterval, TimeOfWeek, WebAddress, Zoom, OnlyRules, HeadingsOf,
        AccessPointProperties, BuildingProperties, CandidateProperties, CompoundProperties, FacilityProperties,
        GateProperties, UnitProperties,
        Page<AreaFeature<CompoundProperties>>, AreaItem<CompoundProperties>,
        Page<PointFeature<CompoundProperties>>, PointItem<CompoundProperties>,
        Page<PointFeature<GateProperties>>, PointItem<GateProperties>,
        Page<PointFeature<FacilityProperties>>, PointItem<FacilityProperties>,
        Page<AreaFeature<UnitProperties>>, AreaItem<UnitProperties>,
        Page<AreaFeature<BuildingProperties>>, AreaItem<BuildingProperties>,
        Page<AreaFeature<CandidateProperties>>, AreaItem<CandidateProperties>,
        Page<PointFeature<CandidateProperties>>, PointItem<CandidateProperties>,
        Page<PointFeature<AccessPointProperties>>, PointItem<AccessPointProperties>,
    )),
)]
pub(crate) struct Shared;

/// The whole document. Without `choices` it lists what is built in: profiles, rule sets and all levels.
///
/// # Errors
/// When it cannot be written.
pub(crate) fn document(
    described: &utoipa::openapi::OpenApi,
    choices: Option<&Choices>,
    base: &str,
) -> serde_json::Result<Value> {
    let mut document = serde_json::to_value(described)?;
    if let Some(info) = document["info"].as_object_mut() {
        info.shift_remove("license");
    }
    document["info"]["version"] = env!("CARGO_PKG_VERSION").into();
    document["servers"] = json!([{ "url": if base.is_empty() { "/" } else { base } }]);
    collections::expand(&mut document);
    members::complete(&mut document);
    choices::fill_in(&mut document, choices);
    layers::add(&mut document);
    Ok(document)
}
