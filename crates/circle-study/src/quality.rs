//! The data-quality report 数据质量: missing, doubtful and merged records.

use crate::choices::Choices;
use crate::edition::CityEdition;
use crate::error::StudyError;
use crate::pool::Lane;
use crate::study::Study;
use circle_export::{
    ExportError, FileFormat, Statement, quality_csv, quality_geojson, quality_table, quality_tables,
    table_file,
};
use circle_model::City;
use circle_plan::Remark;
use circle_reach::{Cancel, Cancelled};
use std::sync::Arc;

impl Study {
    /// The report as a file.
    ///
    /// # Errors
    /// As [`Study::search`]; [`StudyError::Failed`] when the file cannot be written.
    pub async fn quality(self: &Arc<Self>, format: FileFormat) -> Result<Vec<u8>, StudyError> {
        self.search(Lane::Dear, move |study, cancel| {
            let edition = study.edition(None);
            let remarks = if let Some(remarks) = study.remarks.get() {
                remarks
            } else {
                let made = quality(&edition, study.choices(), cancel)?;
                study.remarks.get_or_init(|| made)
            };
            quality_file(&edition.city, remarks, format, cancel)
                .map_err(|error| StudyError::unencoded(&error))
        })
        .await
    }
}

/// The report in a file format. A workbook also has the counts by kind.
///
/// # Errors
/// When the file cannot be written.
pub fn quality_file(
    city: &City,
    remarks: &[Remark],
    format: FileFormat,
    cancel: &Cancel,
) -> Result<Vec<u8>, ExportError> {
    match format {
        FileFormat::Csv => Ok(quality_csv(city, remarks)),
        FileFormat::Geojson => Ok(quality_geojson(city, remarks)),
        FileFormat::Xlsx => table_file(&quality_tables(city, remarks), format, &Statement::of(city), cancel),
        FileFormat::Gpkg | FileFormat::Parquet => {
            table_file(&[quality_table(city, remarks)], format, &Statement::of(city), cancel)
        }
    }
}

/// The remarks of the report, errors first.
///
/// # Errors
/// [`Cancelled`].
pub fn quality(edition: &CityEdition, choices: &Choices, cancel: &Cancel) -> Result<Vec<Remark>, Cancelled> {
    circle_plan::quality(&edition.network, &choices.catalogue, cancel)
}
