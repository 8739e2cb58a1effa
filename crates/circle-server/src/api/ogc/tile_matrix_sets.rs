//! `/api/tileMatrixSets`: the definition of the tiling scheme of web maps.

use crate::api::answer::{JSON, typed};
use crate::api::parameters::RequestParameters;
use crate::api::schemas::tiles::{TileMatrixSet, TileMatrixSets};
use crate::http::base::Base;
use crate::middleware::problem::Problem;
use axum::response::Response;
use serde_json::{Value, json};
use std::f64::consts::PI;

pub(super) const ID: &str = "WebMercatorQuad";
pub(super) const PATH: &str = "/api/tileMatrixSets/WebMercatorQuad";
pub(super) const URI: &str = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad";
pub(super) const CRS: &str = "http://www.opengis.net/def/crs/EPSG/0/3857";
/// The relation of a resource to the list of tiling schemes.
pub(super) const SCHEMES: &str = "http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes";
const TITLE: &str = "Google Maps Compatible for the World";

/// The last matrix of the registered definition.
const LAST: u32 = 24;
const TILE_SIDE: u32 = 256;
/// Metres of the equator of the sphere of web maps.
const EQUATOR: f64 = 2.0 * PI * 6_378_137.0;
/// Metres of a pixel in the scales of the OGC.
const PIXEL: f64 = 0.00028;

/// All tiling schemes.
#[utoipa::path(
    get,
    path = "/api/tileMatrixSets",
    operation_id = "tileMatrixSets",
    tag = "Tiles",
    summary = "All tiling schemes",
    responses((status = 200, description = "Done", body = TileMatrixSets, content_type = "application/json")),
)]
pub(crate) async fn tile_matrix_sets(base: Base, parameters: RequestParameters) -> Result<Response, Problem> {
    parameters.expect_none()?;
    let scheme = json!({ "id": ID, "title": TITLE, "uri": URI, "crs": CRS, "links": [base.link("self", JSON, PATH, ID)] });
    let document = json!({
        "links": [base.link("self", JSON, "/api/tileMatrixSets", "This document")],
        "tileMatrixSets": [scheme],
    });
    Ok(typed(JSON, document.to_string()))
}

/// The definition of the tiling scheme.
#[utoipa::path(
    get,
    path = "/api/tileMatrixSets/WebMercatorQuad",
    operation_id = "tileMatrixSet",
    tag = "Tiles",
    summary = "Definition of the tiling scheme",
    responses((status = 200, description = "Done", body = TileMatrixSet, content_type = "application/json")),
)]
pub(crate) async fn tile_matrix_set(parameters: RequestParameters) -> Result<Response, Problem> {
    parameters.expect_none()?;
    let document = json!({
        "id": ID,
        "title": TITLE,
        "uri": URI,
        "crs": CRS,
        "orderedAxes": ["X", "Y"],
        "wellKnownScaleSet": "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible",
        "tileMatrices": (0..=LAST).map(matrix).collect::<Vec<_>>(),
    });
    Ok(typed(JSON, document.to_string()))
}

fn matrix(zoom: u32) -> Value {
    let side = 1u32 << zoom;
    let cell = EQUATOR / f64::from(TILE_SIDE) / f64::from(side);
    json!({
        "id": zoom.to_string(),
        "scaleDenominator": cell / PIXEL,
        "cellSize": cell,
        "cornerOfOrigin": "topLeft",
        "pointOfOrigin": [-EQUATOR / 2.0, EQUATOR / 2.0],
        "tileWidth": TILE_SIDE,
        "tileHeight": TILE_SIDE,
        "matrixWidth": side,
        "matrixHeight": side,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Figures of the registered definition (OGC 17-083r4, annex D.1).
    #[test]
    fn matrices_are_the_registered_ones() {
        for (zoom, scale, cell) in
            [(0, 559_082_264.028_717, 156_543.033_928_041), (12, 136_494.693_366_386, 38.218_514_142_588_1)]
        {
            let matrix = matrix(zoom);
            let close = |name: &str, known: f64| (matrix[name].as_f64().unwrap() / known - 1.0).abs() < 1e-12;
            assert!(close("scaleDenominator", scale) && close("cellSize", cell), "{matrix}");
        }
        assert_eq!(matrix(3)["matrixWidth"], 8);
        assert!((matrix(3)["pointOfOrigin"][0].as_f64().unwrap() + 20_037_508.342_789_2).abs() < 1e-6);
    }
}
