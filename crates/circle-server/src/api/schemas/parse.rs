//! Answers parsed into the types that describe them.

use super::features::{AreaFeature, AreaItem, Page, PointFeature, PointItem};
use super::problem::{GoneProblem, Problem, ReplacedProblem};
use super::properties::{
    AccessPointProperties, BuildingProperties, CandidateProperties, CompoundProperties, FacilityProperties,
    GateProperties, UnitProperties,
};
use super::{coverage, explain, isochrones, names, ogc, quality, reach, settings, tiles, units, verdicts};
use circle_export::Collection;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// The answer of a path, parsed and written again. Problems have the paths `400`, `409` and `410`.
///
/// # Errors
/// What the type does not allow; that no type describes the path.
pub(crate) fn parse(path: &str, body: &[u8]) -> Result<Value, String> {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let by_unit = query.split('&').any(|part| part.starts_with("by=") && part != "by=compound");
    match path {
        "400" => of::<Problem>(body),
        "409" => of::<ReplacedProblem>(body),
        "410" => of::<GoneProblem>(body),
        "/api" => of::<ogc::Landing>(body),
        "/api/conformance" => of::<ogc::Conformance>(body),
        "/api/collections" => of::<ogc::Collections>(body),
        "/api/isochrones" => of::<isochrones::Isochrones>(body),
        "/api/reach" => of::<reach::Reach>(body),
        "/api/explain" => of::<explain::Explanation>(body),
        "/api/coverage" if by_unit => of::<units::UnitsCoverage>(body),
        "/api/coverage" => of::<coverage::CompoundsCoverage>(body),
        "/api/verdicts" => of::<verdicts::Verdicts>(body),
        "/api/names" => of::<names::Names>(body),
        "/api/quality" => of::<quality::Quality>(body),
        "/api/settings" => of::<settings::Settings>(body),
        "/api/tiles" => of::<tiles::TileSets>(body),
        "/api/tiles/WebMercatorQuad" => of::<tiles::TileSet>(body),
        "/api/tileMatrixSets" => of::<tiles::TileMatrixSets>(body),
        "/api/tileMatrixSets/WebMercatorQuad" => of::<tiles::TileMatrixSet>(body),
        _ => of_collection(path, body),
    }
}

fn of<T: DeserializeOwned + Serialize>(body: &[u8]) -> Result<Value, String> {
    let parsed: T = serde_json::from_slice(body).map_err(|error| error.to_string())?;
    serde_json::to_value(parsed).map_err(|error| error.to_string())
}

fn of_collection(path: &str, body: &[u8]) -> Result<Value, String> {
    let none = || format!("no type describes {path}");
    let parts: Vec<&str> = path.strip_prefix("/api/collections/").ok_or_else(none)?.split('/').collect();
    let collection = Collection::find(parts[0]).ok_or_else(none)?;
    match &parts[1..] {
        [] => of::<ogc::Collection>(body),
        ["schema"] | ["schema", "feature"] => of::<ogc::JsonSchema>(body),
        ["items"] => match collection {
            Collection::Compounds => of::<Page<AreaFeature<CompoundProperties>>>(body),
            Collection::CompoundPoints => of::<Page<PointFeature<CompoundProperties>>>(body),
            Collection::Gates => of::<Page<PointFeature<GateProperties>>>(body),
            Collection::Facilities => of::<Page<PointFeature<FacilityProperties>>>(body),
            Collection::Units => of::<Page<AreaFeature<UnitProperties>>>(body),
            Collection::Buildings => of::<Page<AreaFeature<BuildingProperties>>>(body),
            Collection::Candidates => of::<Page<AreaFeature<CandidateProperties>>>(body),
            Collection::CandidatePoints => of::<Page<PointFeature<CandidateProperties>>>(body),
            Collection::AccessPoints => of::<Page<PointFeature<AccessPointProperties>>>(body),
        },
        ["items", _] => match collection {
            Collection::Compounds => of::<AreaItem<CompoundProperties>>(body),
            Collection::CompoundPoints => of::<PointItem<CompoundProperties>>(body),
            Collection::Gates => of::<PointItem<GateProperties>>(body),
            Collection::Facilities => of::<PointItem<FacilityProperties>>(body),
            Collection::Units => of::<AreaItem<UnitProperties>>(body),
            Collection::Buildings => of::<AreaItem<BuildingProperties>>(body),
            Collection::Candidates => of::<AreaItem<CandidateProperties>>(body),
            Collection::CandidatePoints => of::<PointItem<CandidateProperties>>(body),
            Collection::AccessPoints => of::<PointItem<AccessPointProperties>>(body),
        },
        _ => Err(none()),
    }
}
