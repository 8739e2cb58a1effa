//! `/api/quality`: what of the data is missing or doubtful.

use super::answer::{as_download, default_format, table};
use super::parameters::RequestParameters;
use super::schemas::quality::Quality;
use super::schemas::query::FileQuery;
use crate::middleware::problem::Problem;
use crate::served::Pinned;
use axum::http::HeaderMap;
use axum::response::Response;
use circle_study::question::file_format;

pub(super) const PARAMETERS: [&str; 2] = ["format", "download"];

/// The findings as features, or as the table of `circle check`.
#[utoipa::path(
    get,
    path = "/api/quality",
    operation_id = "quality",
    tag = "City",
    summary = "数据质量 Data quality: what is missing or doubtful",
    params(FileQuery),
    responses(
        (status = 200, description = "Done", content(
            (Quality = "application/geo+json"),
            ("text/csv; charset=utf-8"),
            ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            ("application/geopackage+sqlite3"),
            ("application/vnd.apache.parquet")
        ))
    ),
)]
pub(crate) async fn quality(
    Pinned(state): Pinned,
    headers: HeaderMap,
    parameters: RequestParameters,
) -> Result<Response, Problem> {
    let format = parameters.question(|values| {
        values.expect_only(&PARAMETERS)?;
        // The answer needs it last, and must not be made for one that is no switch.
        values.switch("download", false)?;
        file_format(values, default_format(&headers))
    })?;
    let bytes = state.study.quality(format).await?;
    let answer = table(bytes.into(), format, &parameters)?;
    as_download(answer, &parameters, &format!("quality.{}", format.word()))
}
