//! Heights from SRTM tiles (`.hgt`) and `GeoTIFF`.

use crate::error::ImportError;
use circle_model::Point;
use circle_model::files::open_regular;
use std::io::Read;
use std::path::Path;
use tiff::decoder::{Decoder, DecodingResult, Limits};
use tiff::tags::Tag;

/// Limit of heights in a file; more than the finest tiles of one square degree contain.
const MOST_SAMPLES: usize = 60_000_000;

/// Heights on a grid.
#[derive(Debug)]
pub(crate) struct Terrain {
    /// Degrees of the first sample, in the north-west.
    west: f64,
    north: f64,
    /// Degrees between samples.
    step: [f64; 2],
    columns: usize,
    /// Metres, row by row from the north; NaN where unknown.
    heights: Vec<f32>,
}

impl Terrain {
    /// Reads all of `paths`.
    ///
    /// # Errors
    /// As [`Terrain::read`].
    pub(crate) fn read_all(paths: &[&Path]) -> Result<Vec<Self>, ImportError> {
        paths.iter().map(|path| Self::read(path)).collect()
    }

    /// Reads a file: `.hgt` by its name, any other as `GeoTIFF`.
    ///
    /// # Errors
    /// If the file cannot be read, or is not in degrees.
    fn read(path: &Path) -> Result<Self, ImportError> {
        let wrong = |reason: String| ImportError::Elevation { path: path.to_owned(), reason };
        let io = |reason| ImportError::Io { path: path.to_owned(), reason };
        let mut file = open_regular(path).map_err(io)?;
        if path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("hgt")) {
            let size = file.metadata().map_err(io)?.len();
            let stem = path.file_stem().map(|stem| stem.to_string_lossy()).unwrap_or_default();
            let corner = corner_of(&stem).ok_or_else(|| {
                wrong("a tile is named after its south-western corner, such as N45E126.hgt".to_owned())
            })?;
            let side = [1201u64, 3601].into_iter().find(|side| side * side * 2 == size).ok_or_else(|| {
                wrong(format!("{size} bytes; a tile has 1201 x 1201 or 3601 x 3601 heights of two bytes"))
            })? as usize;
            let mut bytes = vec![0; side * side * 2];
            file.read_exact(&mut bytes).map_err(io)?;
            return Ok(Self::hgt(corner, side, &bytes));
        }
        Self::geotiff(std::io::BufReader::new(file)).map_err(wrong)
    }

    fn hgt([west, south]: [f64; 2], side: usize, bytes: &[u8]) -> Self {
        let height = |pair: [u8; 2]| match i16::from_be_bytes(pair) {
            i16::MIN => f32::NAN,
            metres => f32::from(metres),
        };
        let (pairs, _) = bytes.as_chunks::<2>();
        Self {
            west,
            north: south + 1.0,
            step: [1.0 / (side - 1) as f64; 2],
            columns: side,
            heights: pairs.iter().copied().map(height).collect(),
        }
    }

    fn geotiff(file: impl std::io::Read + std::io::Seek) -> Result<Self, String> {
        let mut limits = Limits::default();
        limits.decoding_buffer_size = MOST_SAMPLES * 4;
        let mut tiff = Decoder::new(file).map_err(|error| error.to_string())?.with_limits(limits);
        let (columns, rows) = tiff.dimensions().map_err(|error| error.to_string())?;
        let (columns, rows) = (columns as usize, rows as usize);
        if columns.saturating_mul(rows) > MOST_SAMPLES {
            return Err(format!("{columns} x {rows} heights; the limit is {MOST_SAMPLES}, cut the file"));
        }
        let keys = tiff.get_tag_u16_vec(Tag::GeoKeyDirectoryTag).map_err(|_| NOT_GEO.to_owned())?;
        let key = |id: u16| {
            let entry = keys.as_chunks::<4>().0.iter().skip(1).find(|entry| entry[0] == id);
            entry.map(|entry| entry[3])
        };
        if key(MODEL_TYPE) != Some(GEOGRAPHIC) {
            return Err(NOT_DEGREES.to_owned());
        }
        if !matches!(key(GEODETIC_DATUM), None | Some(4326 | 4979 | 4490 | 32767)) {
            return Err(NOT_DEGREES.to_owned());
        }
        let scale = tiff.get_tag_f64_vec(Tag::ModelPixelScaleTag).map_err(|_| NOT_GEO.to_owned())?;
        let tie = tiff.get_tag_f64_vec(Tag::ModelTiepointTag).map_err(|_| NOT_GEO.to_owned())?;
        let ([x, y, ..], [i, j, _, lon, lat, ..]) = (scale.as_slice(), tie.as_slice()) else {
            return Err(NOT_GEO.to_owned());
        };
        let possible = [*x, *y].iter().all(|step| (1e-7..=1.0).contains(step)) && lon.abs() <= 360.0;
        if !possible || lat.abs() > 90.0 || columns < 2 || rows < 2 {
            return Err(NOT_DEGREES.to_owned());
        }
        // Samples lie in the middle of their cells unless the file declares points.
        let middle = if key(RASTER_TYPE) == Some(2) { 0.0 } else { 0.5 };
        let nothing = tiff.get_tag_ascii_string(Tag::GdalNodata).ok();
        let nothing = nothing.and_then(|text| text.trim_matches(['\0', ' ']).parse::<f64>().ok());
        let metres = |height: f64| {
            let unknown = Some(height) == nothing || !(-1000.0..=10_000.0).contains(&height);
            if unknown { f32::NAN } else { height as f32 }
        };
        let heights: Vec<f32> = match tiff.read_image().map_err(|error| error.to_string())? {
            DecodingResult::I16(values) => values.into_iter().map(|it| metres(f64::from(it))).collect(),
            DecodingResult::U16(values) => values.into_iter().map(|it| metres(f64::from(it))).collect(),
            DecodingResult::I32(values) => values.into_iter().map(|it| metres(f64::from(it))).collect(),
            DecodingResult::F32(values) => values.into_iter().map(|it| metres(f64::from(it))).collect(),
            DecodingResult::F64(values) => values.into_iter().map(metres).collect(),
            _ => return Err("heights must be whole numbers of 16 or 32 bits, or floating point".to_owned()),
        };
        if heights.len() != columns * rows {
            return Err("it has several values in a cell; heights need one value".to_owned());
        }
        Ok(Self {
            west: lon + (middle - i) * x,
            north: lat - (middle - j) * y,
            step: [*x, *y],
            columns,
            heights,
        })
    }

    /// Metres above sea level, interpolated between smoothed samples; `None` outside and in holes.
    pub(super) fn height(&self, point: Point) -> Option<f64> {
        let place = point.lon_lat();
        let column = (place.lon - self.west) / self.step[0];
        let row = (self.north - place.lat) / self.step[1];
        let rows = self.heights.len() / self.columns;
        let inside =
            (0.0..=(self.columns - 1) as f64).contains(&column) && (0.0..=(rows - 1) as f64).contains(&row);
        if !inside {
            return None;
        }
        let (left, upper) = ((column as usize).min(self.columns - 2), (row as usize).min(rows - 2));
        let (right_share, lower_share) = (column - left as f64, row - upper as f64);
        let mut height = 0.0;
        for (down, weight) in [1.0 - lower_share, lower_share].into_iter().enumerate() {
            for (across, share) in [1.0 - right_share, right_share].into_iter().enumerate() {
                if weight * share > 0.0 {
                    height += weight * share * self.smooth(left + across, upper + down)?;
                }
            }
        }
        Some(height)
    }

    /// A sample smoothed with its neighbours, weighted by nearness.
    fn smooth(&self, column: usize, row: usize) -> Option<f64> {
        let rows = self.heights.len() / self.columns;
        let (mut sum, mut weights) = (0.0, 0.0);
        for y in row.saturating_sub(1)..=(row + 1).min(rows - 1) {
            for x in column.saturating_sub(1)..=(column + 1).min(self.columns - 1) {
                let height = f64::from(self.heights[y * self.columns + x]);
                let weight = f64::from(1u8 << (2 - y.abs_diff(row) - x.abs_diff(column)));
                if !height.is_nan() {
                    sum += weight * height;
                    weights += weight;
                }
            }
        }
        (weights > 0.0).then(|| sum / weights)
    }
}

const MODEL_TYPE: u16 = 1024;
const RASTER_TYPE: u16 = 1025;
const GEODETIC_DATUM: u16 = 2048;
const GEOGRAPHIC: u16 = 2;
const NOT_GEO: &str = "it has no georeference; a GeoTIFF with pixel scale and tie point is needed";
const NOT_DEGREES: &str =
    "it is not in degrees, WGS 84; convert it with: gdalwarp -t_srs EPSG:4326 IN.tif OUT.tif";

/// Longitude and latitude of the south-western corner in a tile's name, such as N45E126.
fn corner_of(stem: &str) -> Option<[f64; 2]> {
    let upper = stem.to_uppercase();
    let digits = |range: std::ops::Range<usize>| upper.get(range)?.parse::<u8>().ok().map(f64::from);
    let sign = |at: usize, plus: u8, minus: u8| match upper.as_bytes().get(at)? {
        letter if *letter == plus => Some(1.0),
        letter if *letter == minus => Some(-1.0),
        _ => None,
    };
    let (lat, lon) = (sign(0, b'N', b'S')? * digits(1..3)?, sign(3, b'E', b'W')? * digits(4..7)?);
    (lat.abs() <= 90.0 && lon.abs() <= 180.0).then_some([lon, lat])
}

#[cfg(test)]
mod tests {
    use super::*;
    use circle_model::LonLat;

    /// A plane that rises 100 m for each hundredth of a degree north.
    fn plane() -> Terrain {
        let side = 1201;
        let row = |row: usize| (((side - 1 - row) * 25 / 3) as i16).to_be_bytes();
        let bytes: Vec<u8> = (0..side * side).flat_map(|at| row(at / side)).collect();
        Terrain::hgt([126.0, 45.0], side, &bytes)
    }

    fn at(lon: f64, lat: f64) -> Point {
        LonLat { lon, lat }.point()
    }

    #[test]
    fn tiles_are_named_after_their_south_western_corner() {
        assert_eq!(corner_of("N45E126"), Some([126.0, 45.0]));
        assert_eq!(corner_of("s01w003"), Some([-3.0, -1.0]));
        for name in ["", "N45", "45N126E", "NaaE126", "N99E126", "N45E1", "é45E126"] {
            assert_eq!(corner_of(name), None, "{name}");
        }
    }

    /// Opening a pipe without a writer blocks for ever.
    #[test]
    fn pipes_and_folders_are_rejected() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["N45E126.hgt", "heights.tif"] {
            let pipe = folder.path().join(name);
            assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
            let error = Terrain::read(&pipe).unwrap_err().to_string();
            assert!(error.contains(name) && error.contains("folder, device or pipe"), "{error}");
        }
        assert!(matches!(Terrain::read(folder.path()), Err(ImportError::Io { .. })));
    }

    #[test]
    fn heights_are_interpolated_between_samples() {
        let plane = plane();
        for (lat, metres) in [(45.12, 1200.0), (45.5, 5000.0), (45.123, 1230.0)] {
            let height = plane.height(at(126.3, lat)).unwrap();
            assert!((height - metres).abs() < 1.0, "{lat}: {height}");
        }
        assert!(plane.height(at(125.9, 45.5)).is_none() && plane.height(at(126.5, 46.1)).is_none());
    }

    /// Two rows of three cells of a tenth of a degree, with `keys` for its coordinates.
    fn tiff(keys: &[u16], middle: f32) -> Result<Terrain, String> {
        let mut file = std::io::Cursor::new(Vec::new());
        let mut encoder = tiff::encoder::TiffEncoder::new(&mut file).unwrap();
        let mut image = encoder.new_image::<tiff::encoder::colortype::Gray32Float>(3, 2).unwrap();
        let tags = image.encoder();
        tags.write_tag(Tag::ModelPixelScaleTag, &[0.1, 0.1, 0.0][..]).unwrap();
        tags.write_tag(Tag::ModelTiepointTag, &[0.0, 0.0, 0.0, 126.0, 46.0, 0.0][..]).unwrap();
        tags.write_tag(Tag::GeoKeyDirectoryTag, keys).unwrap();
        tags.write_tag(Tag::GdalNodata, "-9999").unwrap();
        image.write_data(&[10.0, middle, 30.0, 10.0, 20.0, 30.0]).unwrap();
        file.set_position(0);
        Terrain::geotiff(file)
    }

    const WGS84: [u16; 16] = [1, 1, 0, 3, 1024, 0, 1, 2, 1025, 0, 1, 1, 2048, 0, 1, 4326];

    #[test]
    fn a_geotiff_is_placed_by_its_tags() {
        let terrain = tiff(&WGS84, 20.0).unwrap();
        // The middle of its cells: 126.05 is the first, 126.25 the last.
        let height = terrain.height(at(126.15, 45.9)).unwrap();
        assert!((height - 20.0).abs() < 1e-4, "{height}");
        assert!(terrain.height(at(126.04, 45.9)).is_none() && terrain.height(at(126.26, 45.9)).is_none());
        assert!(tiff(&WGS84, -9999.0).unwrap().heights[1].is_nan());
    }

    #[test]
    fn a_geotiff_in_metres_or_without_place_is_rejected_with_advice() {
        let projected = [1, 1, 0, 1, 1024, 0, 1, 1];
        assert!(tiff(&projected, 20.0).unwrap_err().contains("gdalwarp"));
        let other_datum = [1, 1, 0, 2, 1024, 0, 1, 2, 2048, 0, 1, 4267];
        assert!(tiff(&other_datum, 20.0).unwrap_err().contains("gdalwarp"));
        assert!(tiff(&[1, 1, 0, 0], 20.0).is_err());
        assert!(Terrain::geotiff(std::io::Cursor::new(b"II*\0")).is_err());
    }

    #[test]
    fn holes_have_no_height_but_their_neighbours_do() {
        let mut plane = plane();
        plane.heights.fill(f32::NAN);
        plane.heights[0] = 7.0;
        assert!(plane.height(at(126.0, 46.0)).is_some_and(|height| (height - 7.0).abs() < 1e-9));
        assert_eq!(plane.height(at(126.5, 45.5)), None);
    }
}
