//! The records that a place is made from: objects of the map and rows of own files.

use super::records::Record;
use circle_model::Point;
use circle_model::city::{Joined, OsmKind};

/// A record that a place is made from.
#[derive(Debug, Clone)]
pub(crate) struct DraftOrigin {
    pub(crate) osm_kind: OsmKind,
    pub(crate) osm_id: i64,
    pub(crate) source: u32,
    pub(crate) row: u32,
    pub(crate) point: Point,
    pub(crate) name: Option<Box<str>>,
    pub(crate) reference: Option<Box<str>>,
    pub(crate) joined: Joined,
    pub(crate) distance_metres: f64,
    /// It is an entrance or part of the place, or was joined with such a record.
    pub(crate) aside: bool,
}

impl DraftOrigin {
    /// An object of the map.
    pub(crate) fn mapped(osm_kind: OsmKind, osm_id: i64, point: Point, name: Option<&str>) -> Self {
        Self {
            osm_kind,
            osm_id,
            source: 0,
            row: 0,
            point,
            name: name.map(Into::into),
            reference: None,
            joined: Joined::Kept,
            distance_metres: 0.0,
            aside: false,
        }
    }

    /// A row of an own file.
    pub(crate) fn own(record: &Record) -> Self {
        Self {
            osm_kind: OsmKind::None,
            osm_id: 0,
            source: record.source,
            row: record.row,
            point: record.point,
            name: record.name.clone(),
            reference: record.reference.clone(),
            joined: Joined::Kept,
            distance_metres: 0.0,
            aside: false,
        }
    }
}

/// The first object of the map among the records.
pub(crate) fn osm_of(origins: &[DraftOrigin]) -> (OsmKind, i64) {
    origins
        .iter()
        .find(|origin| origin.osm_kind != OsmKind::None)
        .map_or((OsmKind::None, 0), |origin| (origin.osm_kind, origin.osm_id))
}

/// Parses `node/123`, `way/123`, `relation/123`, or `n123`, `w123`, `r123`.
pub(crate) fn osm_object(text: &str) -> Option<(OsmKind, i64)> {
    let (kind, id) = text.split_once('/').or_else(|| text.split_at_checked(1))?;
    let kind = match kind {
        "node" | "n" => OsmKind::Node,
        "way" | "w" => OsmKind::Way,
        "relation" | "r" => OsmKind::Relation,
        _ => return None,
    };
    id.parse().ok().map(|id| (kind, id))
}
