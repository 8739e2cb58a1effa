//! Locates all own files on the city and reads their records.

use super::error::OwnError;
use super::files::FileSummary;
use super::layers;
use super::open::{LONGEST_REMARK, OpenedFile, OpenedFiles};
use super::records::OwnRecords;
use super::report::Report;
use super::rows::{Rows, unread_rows};
use crate::classify::Classifier;
use circle_model::coordinates::Bounds;
use circle_model::files::clean;
use circle_sheet::datum::GroundRaster;
use std::collections::BTreeMap;
use std::ops::Deref;

/// Locates every row and reads its record. The raster of the city is drawn when the first file needs it.
///
/// # Errors
/// If a file lacks a column that its layer needs, or its datum cannot be determined.
pub(crate) fn place(
    opened: OpenedFiles,
    classifier: &Classifier,
    ground: &dyn Deref<Target = GroundRaster>,
    bounds: Bounds,
    report: &mut Report<'_>,
) -> Result<(Vec<FileSummary>, OwnRecords), OwnError> {
    let (mut files, mut records) = (Vec::new(), OwnRecords::default());
    for (source, opened) in (1u32..).zip(opened.files) {
        let OpenedFile { listed, sheet, columns, input } = opened;
        let mut file = FileSummary {
            name: input.name,
            sha256: input.sha256,
            layer: listed.layer,
            crs: String::new(),
            complete_for: listed.complete_for.clone(),
            complete_in: listed.complete_in.clone(),
            label: listed.label.clone(),
            remarks: sheet.remarks.clone(),
        };
        let not_read = unread_rows(&sheet);
        report.add_file(source, (sheet.len() + sheet.rejected.len()) as u64 + not_read, not_read);
        let mut rows = Rows {
            source,
            listed: &listed,
            sheet: &sheet,
            columns: &columns,
            classifier,
            bounds,
            placements: Vec::with_capacity(sheet.len()),
            reading: None,
            unread: BTreeMap::new(),
            is_elsewhere: false,
            file: &mut file,
            report,
        };
        rows.reject_unreadable();
        rows.warn_of_losses();
        if sheet.is_empty() {
            rows.warn_of_no_rows();
            layers::check_claims_without_rows(&mut rows);
        } else {
            rows.remark_unused_columns();
            let fault = |what: String| OwnError::File { path: listed.path.clone(), what };
            rows.locate(ground).map_err(fault)?;
            layers::read(&mut rows, &mut records).map_err(fault)?;
            rows.remark_unread_cells();
        }
        for remark in &mut file.remarks {
            *remark = clean(remark, LONGEST_REMARK);
        }
        files.push(file);
    }
    Ok((files, records))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::own::open::open;
    use crate::own::records::{OwnCorrection, Record};
    use crate::own::source::OwnSource;
    use crate::own::store::{CorrectedThing, CorrectionAction, Corrections, FieldCorrection};
    use crate::scan::{Located, ground};
    use circle_model::city::{FollowedKeys, OwnFile};
    use circle_model::{Catalogue, LonLat};
    use std::cell::LazyCell;

    /// The corrections of a source in a city around 126.63° E 45.75° N, without file and row, and the fates
    /// of its rows.
    fn placed(source: OwnSource<'_>) -> (Vec<OwnCorrection>, OwnFile) {
        let classifier = Classifier::new(&Catalogue::built_in());
        let opened = open(&[source], &classifier).unwrap();
        let corner = |lon: f64, lat: f64| LonLat { lon, lat }.point();
        let bounds = Bounds::of([corner(126.6, 45.7), corner(126.7, 45.8)]);
        let ground = LazyCell::new(|| ground(&Located::default(), bounds));
        let (names, keys) = (opened.names(), FollowedKeys::default());
        let mut report = Report::new(&names, &keys);
        let (files, records) = place(opened, &classifier, &ground, bounds, &mut report).unwrap();
        let of_row =
            |it: OwnCorrection| OwnCorrection { record: Record { source: 0, row: 0, ..it.record }, ..it };
        let all = records.corrections;
        let all = all.compounds.into_iter().chain(all.gates).chain(all.facilities).map(of_row);
        let mut reported = report.finish(files.into_iter().map(Into::into));
        (all.collect(), reported.files.remove(0))
    }

    #[test]
    fn corrections_in_memory_are_read_like_those_of_a_file() {
        let place = Some(LonLat { lon: 126.63, lat: 45.75 });
        let closed = FieldCorrection {
            action: CorrectionAction::Closed,
            of: CorrectedThing::Gate,
            target: Some("n77".to_owned()),
            name: None,
            compound: None,
            place,
            new_name: None,
            new_category: None,
            new_place: None,
            author: "王".to_owned(),
            date: "2026-03-01".to_owned(),
            note: String::new(),
        };
        let moved = FieldCorrection {
            action: CorrectionAction::Moved,
            of: CorrectedThing::Facility,
            target: None,
            name: Some("滨江药店".to_owned()),
            new_place: Some(LonLat { lon: 126.64, lat: 45.76 }),
            ..closed.clone()
        };
        // Neither target nor name nor place.
        let incomplete = FieldCorrection { name: None, place: None, new_place: None, ..moved.clone() };
        let corrections = Corrections { name: "store".to_owned(), records: vec![closed, moved, incomplete] };
        let folder = tempfile::tempdir().unwrap();
        let list = folder.path().join("OWN.toml");
        std::fs::write(&list, "[[source]]\npath = 'a.csv'\nlayer = 'corrections'\ncrs = 'wgs84'\n").unwrap();
        let csv = "action,of,target,name,lon,lat,new_lon,new_lat,author,date\n\
                   closed,gate,n77,,126.63,45.75,,,王,2026-03-01\n\
                   moved,facility,,滨江药店,126.63,45.75,126.64,45.76,王,2026-03-01\n\
                   moved,facility,,,,,,,王,2026-03-01\n";
        std::fs::write(folder.path().join("a.csv"), csv).unwrap();

        let (of_file, file) = placed(OwnSource::List(&list));
        let (in_memory, store) = placed(OwnSource::Corrections(&corrections));
        assert_eq!(in_memory.len(), 2);
        assert_eq!(format!("{in_memory:?}"), format!("{of_file:?}"));
        let counts = |file: &OwnFile| (file.rows, file.accepted, file.merged, file.rejected.clone());
        assert_eq!(counts(&store), counts(&file));
        assert_eq!((store.name.as_str(), store.sha256.len()), ("store", 64));
    }
}
