//! The header of a file.

use super::fault::PbfFault;
use super::wire::{Fields, Value, zigzag};

/// The header of a file.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct FileHeader {
    /// West, south, east and north, in degrees.
    pub(crate) bounds: Option<[f64; 4]>,
    /// Features that a reader must support.
    pub(crate) required_features: Vec<String>,
    /// The date of the data, in seconds since 1970.
    pub(crate) timestamp: Option<i64>,
}

impl FileHeader {
    pub(crate) fn decode(message: &[u8]) -> Result<Self, PbfFault> {
        let mut header = Self { bounds: None, required_features: Vec::new(), timestamp: None };
        for field in Fields(message) {
            match field? {
                (1, Value::Bytes(sides)) => header.bounds = Some(bounds(sides)?),
                (4, Value::Bytes(name)) => {
                    header.required_features.push(String::from_utf8_lossy(name).into_owned());
                }
                (32, Value::Number(seconds)) => header.timestamp = Some(seconds as i64),
                _ => {}
            }
        }
        Ok(header)
    }
}

fn bounds(message: &[u8]) -> Result<[f64; 4], PbfFault> {
    let mut sides = [None; 4];
    for field in Fields(message) {
        if let (number @ 1..=4, Value::Number(value)) = field? {
            // The file has left, right, top, bottom, in 10⁻⁹ degrees.
            sides[[0, 2, 3, 1][number as usize - 1]] = Some((zigzag(value) as f64) * 1.0e-9);
        }
    }
    let [Some(west), Some(south), Some(east), Some(north)] = sides else {
        return Err(PbfFault::Missing("a side of the bounding box"));
    };
    Ok([west, south, east, north])
}

#[cfg(test)]
mod tests {
    use super::super::writer::{bytes, field, zigzag};
    use super::*;

    #[test]
    fn bounds_features_and_date_are_read() {
        let (mut header, mut sides) = (Vec::new(), Vec::new());
        for (number, value) in
            [(1, -126_500_000_000), (2, 127_000_000_000), (3, 46_000_000_000), (4, 45_500_000_000)]
        {
            field(&mut sides, number, zigzag(value));
        }
        bytes(&mut header, 1, &sides);
        bytes(&mut header, 4, b"OsmSchema-V0.6");
        bytes(&mut header, 4, b"DenseNodes");
        bytes(&mut header, 16, b"some program");
        field(&mut header, 32, 1_712_345_678);
        let read = FileHeader::decode(&header).unwrap();
        let expected = [-126.5, 45.5, 127.0, 46.0];
        let bounds = read.bounds.unwrap();
        assert!(bounds.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-9), "{bounds:?}");
        assert_eq!(read.required_features, ["OsmSchema-V0.6", "DenseNodes"]);
        assert_eq!(read.timestamp, Some(1_712_345_678));
    }

    #[test]
    fn a_bounding_box_has_four_sides() {
        let (mut header, mut sides) = (Vec::new(), Vec::new());
        field(&mut sides, 1, 5);
        bytes(&mut header, 1, &sides);
        assert!(matches!(FileHeader::decode(&header), Err(PbfFault::Missing(_))));
    }
}
