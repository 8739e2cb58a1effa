//! Locates the rows of an own file: determines the coordinates of the file and the place of every row.

use super::fates::RejectReason;
use super::layers::new_coordinates;
use super::rows::{Placement, Rows};
use crate::geometry::{Area, label_point, mend_outline, project_outline};
use circle_model::LonLat;
use circle_model::city::{FindingKind, Severity};
use circle_sheet::datum::{self, GroundRaster};
use circle_sheet::{OwnLayer, RowCoordinates, Shape, check_coordinates, row_coordinates};
use std::ops::Deref;

impl Rows<'_, '_> {
    /// Resolves the coordinates of the file and locates every row. The raster of the city is drawn only if it
    /// is needed.
    ///
    /// # Errors
    /// If the file has no coordinates, or their datum cannot be determined.
    pub(super) fn locate(&mut self, ground: &dyn Deref<Target = GroundRaster>) -> Result<(), String> {
        let (sheet, columns) = (self.sheet, self.columns);
        if !matches!(self.listed.layer, OwnLayer::Population | OwnLayer::Corrections) {
            check_coordinates(sheet, columns).map_err(|error| error.to_string())?;
        }
        let coordinates: Vec<RowCoordinates> =
            (0..sheet.len()).map(|row| row_coordinates(sheet, columns, row)).collect();
        let (mut rows, mut points) = (Vec::new(), Vec::new());
        for (row, coordinates) in coordinates.iter().enumerate() {
            if let RowCoordinates::At(at) = coordinates {
                rows.push(sheet.number(row));
                points.push(*at);
            }
        }
        // New places of corrections are in the same coordinates.
        points.extend((0..sheet.len()).filter_map(|row| new_coordinates(self, row)?.ok()));
        let question = datum::DatumQuestion {
            sheet,
            columns,
            listed: self.listed.crs.as_deref(),
            is_geojson: self.listed.is_geojson(),
            rows: &rows,
            points: &points,
        };
        let resolved = datum::resolve(&question, ground).map_err(|error| error.to_string())?;
        self.file.crs = resolved.name;
        for remark in resolved.remarks {
            let severity = if remark.is_warning { Severity::Warning } else { Severity::Info };
            let message = format!("{}: {}", self.file.name, remark.text);
            self.report.on_file(self.source, severity, FindingKind::Coordinates, &message);
            self.file.remarks.push(remark.text);
        }
        self.is_elsewhere = resolved.is_elsewhere;
        self.reading = Some(resolved.reading);
        for (row, coordinates) in coordinates.into_iter().enumerate() {
            let placement = self.placement(row, coordinates, resolved.reading);
            self.placements.push(placement);
        }
        Ok(())
    }

    fn placement(&mut self, row: usize, coordinates: RowCoordinates, reading: datum::Reading) -> Placement {
        let at = match coordinates {
            RowCoordinates::Missing => return Placement::Missing,
            RowCoordinates::Invalid(error) => {
                return Placement::Invalid(RejectReason::NotANumber, error.to_string());
            }
            RowCoordinates::At(at) => at,
        };
        let wgs84 = |at: [f64; 2]| reading.place(at).map(LonLat::point);
        let impossible = |[x, y]: [f64; 2]| {
            let what = format!("{x}, {y} is not a place in {}", reading.words());
            Placement::Invalid(RejectReason::OffTheGlobe, what)
        };
        if let Shape::Polygons(polygons) = self.sheet.shape(row) {
            return match project_outline(polygons, &wgs84) {
                Some(area) => self.outline(row, area),
                None => impossible(at),
            };
        }
        let point = wgs84(at);
        let [x, y] = at;
        let is_inside = |at: [f64; 2]| wgs84(at).is_some_and(|point| self.bounds.contains(point));
        if !is_inside(at) && is_inside([y, x]) {
            let what = format!("{x}, {y} lies in the city with latitude and longitude swapped");
            return Placement::Invalid(RejectReason::SwappedCoordinates, what);
        }
        point.map_or_else(|| impossible(at), |point| Placement::At(point, None))
    }

    /// Cuts an outline that crosses itself into its parts, and reports it.
    fn outline(&mut self, row: usize, area: Area) -> Placement {
        let number = self.sheet.number(row);
        let (area, crossing) = match mend_outline(area) {
            Ok(mended) => mended,
            Err(what) => {
                return Placement::Invalid(RejectReason::OutlineTooCrooked, format!("geometry: {what}"));
            }
        };
        if let Some(at) = crossing {
            let at = at.lon_lat();
            let what = format!(
                "geometry: its outline crosses itself at {:.6},{:.6}; it was cut there into its parts",
                at.lon, at.lat
            );
            self.warn_of_row(number, "", &what);
        }
        match label_point(&area.polygons) {
            Some(point) => Placement::At(point, Some(Box::new(area))),
            None => {
                Placement::Invalid(RejectReason::NoArea, "geometry: its outline encloses nothing".to_owned())
            }
        }
    }
}
