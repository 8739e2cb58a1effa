//! A facility before it is written.

use crate::classify::Classified;
use crate::geometry::Area;
use crate::own::{DraftOrigin, OwnFacility};
use circle_model::city::{AccessKind, FacilityFlags, OsmKind};
use circle_model::{CompoundId, Point};

/// A facility of the map or of an own file, while records of one place are joined.
#[derive(Debug)]
pub(crate) struct DraftFacility {
    /// The records it is made from, the primary record first.
    pub(crate) origins: Vec<DraftOrigin>,
    pub(crate) name: Option<Box<str>>,
    pub(crate) name_en: Option<Box<str>>,
    pub(crate) classified: Classified,
    pub(crate) point: Point,
    pub(crate) area: Area,
    pub(crate) line: Vec<Point>,
    /// `building` is the only tag on the map that describes it.
    pub(crate) of_building: bool,
    /// Its tags on the map allow everybody.
    pub(crate) public: bool,
    /// It is an entrance of a station on the map.
    pub(crate) station_entrance: bool,
    /// Entrances of own files, and the map's entrances of a station.
    pub(crate) entrances: Vec<Point>,
    /// Beds, places or seats; 0 where unknown.
    pub(crate) capacity: f32,
    pub(crate) hours: Option<Box<str>>,
    /// The object of the map that names it, independent of own files.
    pub(crate) named_by: Option<(OsmKind, i64)>,
}

/// A facility with its access points.
#[derive(Debug)]
pub(crate) struct EnteredFacility {
    pub(crate) facility: DraftFacility,
    pub(crate) access: Vec<DraftAccess>,
    /// The closed compound, if it serves the residents of that compound alone.
    pub(crate) only_for: Option<CompoundId>,
    /// Its key, unless it is that of its first object on the map.
    pub(crate) key: Option<String>,
}

/// An access point.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DraftAccess {
    pub(crate) point: Point,
    pub(crate) kind: AccessKind,
}

/// Counts of objects of the map that were merged or skipped.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct SkippedFacilities {
    pub(crate) duplicates: u64,
    /// Parts of a site: departments of a hospital, entrances of a station.
    pub(crate) parts: u64,
    pub(crate) without_shape: u64,
}

impl DraftFacility {
    pub(super) fn has_outline(&self) -> bool {
        !self.area.polygons.is_empty()
    }

    pub(super) fn own(facility: OwnFacility) -> Self {
        let OwnFacility { record, classified, capacity, hours } = facility;
        Self {
            origins: vec![DraftOrigin::own(&record)],
            name: record.name,
            name_en: record.name_en,
            classified,
            point: record.point,
            area: record.area,
            line: Vec::new(),
            of_building: false,
            public: false,
            station_entrance: false,
            entrances: Vec::new(),
            capacity,
            hours,
            named_by: None,
        }
    }

    pub(super) fn mapped(origin: DraftOrigin, name_en: Option<&str>, classified: &Classified) -> Self {
        let flags = classified.flags - FacilityFlags::STATION_ENTRANCE;
        Self {
            name: origin.name.clone(),
            name_en: name_en.map(Into::into),
            station_entrance: classified.flags != flags,
            classified: Classified { flags, ..classified.clone() },
            point: origin.point,
            area: Area::default(),
            line: Vec::new(),
            of_building: false,
            public: false,
            entrances: Vec::new(),
            capacity: 0.0,
            hours: None,
            named_by: None,
            origins: vec![origin],
        }
    }
}
