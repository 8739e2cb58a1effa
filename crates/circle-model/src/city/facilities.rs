//! The rows of facilities, their access points and the records they were made from: fixed size, little-endian, no padding.

use super::flags::FacilityFlags;
use super::macros::{codes, record};
use super::records::{Span, Text, row};
use crate::coordinates::Point;
use crate::ids::{CompoundId, UnitId};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

codes! {
    /// Source of an access point, the most certain first.
    AccessKind {
        /// A mapped entrance on the outline.
        Entrance = "entrance",
        /// Where a walkable way crosses the outline.
        Crossing = "crossing",
        /// A point of the outline.
        Outline = "outline",
        /// The facility itself, which is a point.
        Point = "point",
    }
}

record! {
    /// An access point 出入点 of a facility.
    Access {
        /// Its position.
        point: Point,
        /// An [`AccessKind`].
        kind: u32,
    }
}

codes! {
    /// How a category was found, the most certain first.
    Channel {
        /// An own file names the category.
        User = "user",
        /// Code and name agree.
        CodeAndName = "code_and_name",
        /// The name only.
        Name = "name",
        /// The code only: that of Amap or Baidu.
        Code = "code",
        /// OSM tags only.
        Osm = "osm",
    }
}

codes! {
    /// Why a record belongs to a thing.
    Joined {
        /// The kept record.
        Kept = "kept",
        /// An identical row.
        Identical = "identical",
        /// The same name, nearby.
        SameName = "same_name",
        /// A similar name, nearby.
        LikeName = "like_name",
        /// Inside the outline, with the same name or none.
        Inside = "inside",
        /// Nearly the same position, and one of the two has no name.
        SamePlace = "same_place",
        /// A gate of it: 人民公园东门.
        Entrance = "entrance",
        /// A part of its site: a department of a hospital, the playing field of a school.
        Part = "part",
    }
}

record! {
    /// A record that a facility or compound was made from 来源.
    SourceRecord {
        /// OSM id; 0 for a row of an own file.
        osm_id: i64,
        /// Its position.
        point: Point,
        /// Its name.
        name: Text,
        /// Its id in the own file.
        reference: Text,
        /// Number of the own file, from 1; 0 for the map.
        source: u32,
        /// Its row in that file, from 1; 0 for the map.
        row: u32,
        /// Metres from the kept record.
        distance_metres: f32,
        /// An [`OsmKind`](super::OsmKind).
        osm_kind: u8,
        /// A [`Joined`].
        joined: u8,
        /// Always 0.
        spare: [u8; 2],
    }
}

record! {
    /// A facility 设施.
    Facility {
        /// OSM id.
        osm_id: i64,
        /// Position of its marker.
        point: Point,
        /// Name; empty for none.
        name: Text,
        /// English name.
        name_en: Text,
        /// Span in `access_points`.
        access: Span,
        /// Span in `facility_categories`, the main category first.
        categories: Span,
        /// The records that it was made from, the kept one first.
        origins: Span,
        /// Its key, if it is not that of its map object.
        key: Text,
        /// Units that contain its marker, by level 区, 街道, 社区, 网格; `u32::MAX` for none.
        units: [u32; 4],
        /// Area, 0 for points.
        area_square_metres: f32,
        /// Beds, places or seats, from its own file; 0 if unknown.
        capacity: f32,
        /// Row in `compounds`, from 1, of the closed compound whose residents it serves exclusively; 0 if it
        /// serves everybody.
        only_for: u32,
        /// An [`OsmKind`](super::OsmKind).
        osm_kind: u8,
        /// Confidence of the category, in per cent.
        confidence_percent: u8,
        /// A [`Channel`].
        channel: u8,
        /// Its flags.
        flags: FacilityFlags,
        /// Always 0.
        spare: [u8; 8],
    }
}

impl Facility {
    /// Units that contain its marker, by level 区, 街道, 社区, 网格.
    pub fn units(&self) -> [Option<UnitId>; 4] {
        self.units.map(|unit| row(unit).map(UnitId))
    }

    /// Whether any of these flags is set.
    pub const fn has(&self, flags: FacilityFlags) -> bool {
        self.flags.intersects(flags)
    }

    /// The closed compound whose residents it serves exclusively; `None` if it serves everybody.
    pub fn only_for(&self) -> Option<CompoundId> {
        self.only_for.checked_sub(1).map(CompoundId)
    }
}
