//! Determines the coordinate reference system of a file: the one in the list, else the declared one, else the
//! detected one.

use super::crs::{Crs, CrsError};
use super::crs_from_wkt::crs_from_wkt;
use super::detect::{Mixture, describe_offset, detect, verify};
use super::ground::GroundRaster;
use super::reading::Reading;
use crate::columns::Columns;
use crate::quote::row_ranges;
use crate::sheet::{DeclaredCrs, Sheet};
use std::ops::Deref;

/// A file whose coordinate reference system is to be determined.
#[derive(Debug, Clone, Copy)]
pub struct DatumQuestion<'a> {
    /// The file as read.
    pub sheet: &'a Sheet,
    /// Its columns.
    pub columns: &'a Columns,
    /// The `crs` of its source in `OWN.toml`.
    pub listed: Option<&'a str>,
    /// Whether it is `GeoJSON`, which is in WGS 84 unless it declares another system (RFC 7946).
    pub is_geojson: bool,
    /// The numbers of the rows with coordinates, in their order.
    pub rows: &'a [u32],
    /// The coordinates of these rows; further ones, such as those of corrections, may follow.
    pub points: &'a [[f64; 2]],
}

/// The determined coordinate reference system.
#[derive(Debug)]
pub struct DatumResolution {
    /// The reading of the numbers.
    pub reading: Reading,
    /// The name of the reading in reports, with `(detected)` if it was detected.
    pub name: String,
    /// The remarks, in the order of the checks.
    pub remarks: Vec<DatumRemark>,
    /// Whether the places lie in another city.
    pub is_elsewhere: bool,
}

/// A remark on the coordinates of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatumRemark {
    /// Whether it is a doubt; otherwise it is information.
    pub is_warning: bool,
    /// One or several sentences.
    pub text: String,
}

/// A file whose coordinate reference system cannot be determined.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DatumError {
    /// The system that the list names is not supported.
    #[error(transparent)]
    Crs(#[from] CrsError),
    /// The places lie in another city.
    #[error("{evidence}")]
    Elsewhere {
        /// Their position, and the advice.
        evidence: String,
    },
    /// No reading is clearly the best.
    #[error("its coordinate reference system cannot be determined: {evidence}")]
    Undetected {
        /// The figures, and the advice.
        evidence: String,
    },
}

/// Determines the reading of the numbers of a file. `ground` is dereferenced only if points are compared with
/// it.
///
/// # Errors
/// If the list names a system that is not supported, or no system is named and the detection is unclear.
pub fn resolve(
    question: &DatumQuestion<'_>,
    ground: &dyn Deref<Target = GroundRaster>,
) -> Result<DatumResolution, DatumError> {
    let points = question.points;
    let mut remarks = Remarks::default();
    let declared = match &question.sheet.declared_crs {
        Some(DeclaredCrs::Epsg(code)) => Some(Crs::from_epsg(*code)),
        Some(DeclaredCrs::Wkt(text)) => Some(crs_from_wkt(text)),
        None => None,
    };
    let of_headings = crs_of_headings(question, &mut remarks);
    let declared = match declared {
        Some(Err(why)) if question.listed.is_none() => {
            remarks.warn(format!("its declared coordinate reference system was ignored: {why}"));
            None
        }
        declared => declared.and_then(Result::ok),
    };
    let named = match question.listed {
        Some(word) if Crs::requests_detection(word) => of_headings,
        Some(word) => {
            let named = Crs::parse(word)?;
            if let Some(headed) = of_headings.filter(|headed| headed.in_degrees() && named != *headed) {
                remarks.warn(format!(
                    "its headings say {} and OWN.toml says {}, which was used; correct the wrong one",
                    headed.name(),
                    named.name()
                ));
            }
            Some(named)
        }
        None if question.is_geojson => Some(declared.unwrap_or(Crs::Wgs84)),
        None => of_headings.or(declared),
    };
    if let Some(crs) = named.or(points.is_empty().then_some(Crs::Wgs84)) {
        let reading = Reading::plain(crs);
        let mut is_elsewhere = false;
        if !points.is_empty() {
            let verification = verify(points, crs, ground);
            is_elsewhere = verification.is_elsewhere;
            verification.doubts.into_iter().for_each(|doubt| remarks.warn(doubt));
            remarks.warn_of_mixture(verification.mixture.as_ref(), reading, question.rows);
        }
        return Ok(DatumResolution { reading, name: crs.name(), remarks: remarks.0, is_elsewhere });
    }
    match detect(points, ground) {
        Ok(detection) => {
            let reading = detection.reading;
            remarks.inform(detection.evidence);
            if let Some(offset) = detection.offset {
                remarks.warn(format!("all points seem to lie {} off", describe_offset(offset)));
            }
            remarks.warn_of_mixture(detection.mixture.as_ref(), reading, question.rows);
            let name = format!("{} (detected)", reading.words());
            Ok(DatumResolution { reading, name, remarks: remarks.0, is_elsewhere: false })
        }
        Err(unclear) if unclear.is_elsewhere => Err(DatumError::Elsewhere { evidence: unclear.evidence }),
        Err(unclear) => Err(DatumError::Undetected { evidence: unclear.evidence }),
    }
}

/// The datum in the headings of coordinates, if they agree and the numbers are degrees.
fn crs_of_headings(question: &DatumQuestion<'_>, remarks: &mut Remarks) -> Option<Crs> {
    if !question.sheet.shapes.is_empty() {
        return None;
    }
    let headings = question.columns.datums(question.sheet);
    let (first, crs) = *headings.first()?;
    if let Some((other, _)) = headings.iter().find(|(_, other)| *other != crs) {
        remarks.warn(format!(
            "its headings `{first}` and `{other}` name different coordinates, so both are ignored"
        ));
        return None;
    }
    // CGCS2000 is also the datum of many projections: its name does not identify the system of numbers in
    // metres.
    let degrees = question.points.iter().filter(|[x, y]| x.abs() <= 180.0 && y.abs() <= 180.0).count();
    if crs.in_degrees() && degrees * 2 < question.points.len() {
        return None;
    }
    if question.listed.is_none_or(Crs::requests_detection) {
        remarks.inform(format!("its coordinates are {} as the heading `{first}` says", crs.name()));
    }
    Some(crs)
}

/// The remarks collected so far.
#[derive(Default)]
struct Remarks(Vec<DatumRemark>);

impl Remarks {
    fn inform(&mut self, text: String) {
        self.0.push(DatumRemark { is_warning: false, text });
    }

    fn warn(&mut self, text: String) {
        self.0.push(DatumRemark { is_warning: true, text });
    }

    /// Lists the rows that fit a second reading better.
    fn warn_of_mixture(&mut self, mixture: Option<&Mixture>, reading: Reading, rows: &[u32]) {
        const MAX_LISTED: usize = 200;
        let Some(mixture) = mixture else { return };
        let others: Vec<u32> = mixture.points.iter().filter_map(|point| rows.get(*point).copied()).collect();
        let listed = row_ranges(&others[..others.len().min(MAX_LISTED)]);
        let more = others.len().saturating_sub(MAX_LISTED);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        self.warn(format!(
            "two kinds of coordinates seem to be mixed in it: about {:.0} % of its points fit {} and the others {} ({}). \
             All are read as {}. Split the file in two, each with its crs; rows that fit {} better: {listed}{more}",
            100.0 * (1.0 - mixture.share),
            reading.words(),
            mixture.other.words(),
            mixture.evidence,
            reading.words(),
            mixture.other.words(),
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layer::OwnLayer;
    use circle_model::coordinates::Bounds;
    use std::collections::BTreeMap;

    #[expect(clippy::unnecessary_box_returns, reason = "callers pass a raster behind a pointer")]
    fn ground() -> Box<GroundRaster> {
        Box::new(GroundRaster::draw(&[], Bounds::EMPTY))
    }

    fn sheet(columns: &[&str]) -> Sheet {
        Sheet { columns: columns.iter().map(|name| (*name).to_owned()).collect(), ..Sheet::default() }
    }

    fn question<'a>(sheet: &'a Sheet, columns: &'a Columns, listed: Option<&'a str>) -> DatumQuestion<'a> {
        DatumQuestion { sheet, columns, listed, is_geojson: false, rows: &[], points: &[] }
    }

    #[test]
    fn the_datum_in_headings_is_used_unless_the_list_names_one() {
        let sheet = sheet(&["经度_gcj02", "纬度_gcj02"]);
        let columns = Columns::find(&sheet, OwnLayer::Facilities, &BTreeMap::new()).unwrap();
        let resolved = resolve(&question(&sheet, &columns, Some("detect")), &ground()).unwrap();
        assert_eq!((resolved.name.as_str(), resolved.remarks.len()), ("gcj02", 1));
        assert!(!resolved.remarks[0].is_warning, "{:?}", resolved.remarks);
        let resolved = resolve(&question(&sheet, &columns, Some("bd09")), &ground()).unwrap();
        assert_eq!((resolved.name.as_str(), resolved.remarks.len()), ("bd09", 1));
        assert!(resolved.remarks[0].is_warning, "{:?}", resolved.remarks);
    }

    #[test]
    fn headings_that_contradict_each_other_are_ignored() {
        let sheet = sheet(&["经度_gcj02", "纬度_bd09"]);
        let columns = Columns::find(&sheet, OwnLayer::Facilities, &BTreeMap::new()).unwrap();
        let resolved = resolve(&question(&sheet, &columns, None), &ground()).unwrap();
        assert_eq!(resolved.reading, Reading::plain(Crs::Wgs84));
        assert!(resolved.remarks[0].is_warning && resolved.remarks[0].text.contains("both are ignored"));
    }

    #[test]
    fn unsupported_declarations_are_reported_and_unsupported_names_rejected() {
        let mut sheet = sheet(&[]);
        sheet.declared_crs = Some(DeclaredCrs::Epsg(2360));
        let columns = Columns::default();
        let resolved = resolve(&question(&sheet, &columns, None), &ground()).unwrap();
        assert!(resolved.remarks[0].text.contains("Xian 1980"), "{:?}", resolved.remarks);
        let error = resolve(&question(&sheet, &columns, Some("EPSG:2360")), &ground()).unwrap_err();
        assert!(matches!(error, DatumError::Crs(_)), "{error}");
    }
}
