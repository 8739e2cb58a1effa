//! Geometries in `GeoPackage` binary: a header and well-known binary.

use crate::build::shape_parts::ShapeParts;
use geozero::GeomProcessor;
use geozero::error::{GeozeroError, Result as GeoResult};
use geozero::wkb::process_gpkg_geom;
use rusqlite::types::ValueRef;

/// Limit of nested collections.
const MAX_DEPTH: usize = 8;

/// The parts of a value in `GeoPackage` binary.
///
/// # Errors
/// If it is not a geometry or contains curves.
pub(super) fn parts_of(value: ValueRef<'_>) -> Result<ShapeParts, String> {
    match value {
        ValueRef::Null => Ok(ShapeParts::default()),
        ValueRef::Blob(mut bytes) => {
            let mut collector = PartCollector::default();
            process_gpkg_geom(&mut bytes, &mut collector).map_err(|error| error.to_string())?;
            Ok(collector.parts)
        }
        _ => Err("it is not a geometry".to_owned()),
    }
}

/// Collects the parts of a geometry. Reserves no memory for the counts in the file, which are not trusted.
#[derive(Default)]
struct PartCollector {
    parts: ShapeParts,
    /// Points of the current line or ring.
    line: Vec<[f64; 2]>,
    rings: Vec<Vec<[f64; 2]>>,
    inside: Inside,
    /// Depth of nested collections.
    depth: usize,
}

/// The geometry that the next points belong to.
#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Inside {
    #[default]
    Nothing,
    Line,
    Polygon,
    Ring,
}

impl PartCollector {
    fn reject_curves() -> GeoResult<()> {
        Err(GeozeroError::Geometry("curves are not supported; convert them to straight segments".to_owned()))
    }
}

impl GeomProcessor for PartCollector {
    fn xy(&mut self, x: f64, y: f64, _: usize) -> GeoResult<()> {
        let points = if self.inside == Inside::Nothing { &mut self.parts.points } else { &mut self.line };
        points.push([x, y]);
        Ok(())
    }

    fn empty_point(&mut self, _: usize) -> GeoResult<()> {
        Ok(())
    }

    fn linestring_begin(&mut self, _: bool, _: usize, _: usize) -> GeoResult<()> {
        self.inside = if self.inside == Inside::Polygon { Inside::Ring } else { Inside::Line };
        Ok(())
    }

    fn linestring_end(&mut self, _: bool, _: usize) -> GeoResult<()> {
        let line = std::mem::take(&mut self.line);
        if self.inside == Inside::Ring {
            self.rings.push(line);
            self.inside = Inside::Polygon;
        } else {
            self.parts.lines.push(line);
            self.inside = Inside::Nothing;
        }
        Ok(())
    }

    fn polygon_begin(&mut self, _: bool, _: usize, _: usize) -> GeoResult<()> {
        self.inside = Inside::Polygon;
        Ok(())
    }

    fn polygon_end(&mut self, _: bool, _: usize) -> GeoResult<()> {
        self.parts.polygons.push(std::mem::take(&mut self.rings));
        self.inside = Inside::Nothing;
        Ok(())
    }

    fn triangle_begin(&mut self, tagged: bool, size: usize, idx: usize) -> GeoResult<()> {
        self.polygon_begin(tagged, size, idx)
    }

    fn triangle_end(&mut self, tagged: bool, idx: usize) -> GeoResult<()> {
        self.polygon_end(tagged, idx)
    }

    fn geometrycollection_begin(&mut self, _: usize, _: usize) -> GeoResult<()> {
        // Each level is one call deeper in the reader.
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(GeozeroError::Geometry("its collections are nested too deeply".to_owned()));
        }
        Ok(())
    }

    fn geometrycollection_end(&mut self, _: usize) -> GeoResult<()> {
        self.depth -= 1;
        Ok(())
    }

    fn circularstring_begin(&mut self, _: usize, _: usize) -> GeoResult<()> {
        Self::reject_curves()
    }

    fn compoundcurve_begin(&mut self, _: usize, _: usize) -> GeoResult<()> {
        Self::reject_curves()
    }
}
