//! The rows of the tables of network and base map: fixed size, little-endian, no padding.

use super::flags::{EdgeEndFlags, EdgeFlags, MapFeatureFlags, NodeFlags};
use super::macros::{codes, record};
use crate::coordinates::{Bounds, Point};
use crate::ids::{ComponentId, CompoundId, FeatureId, NodeId, ZoneId};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

/// A range of rows, `start..start + len`, of another table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub struct Span {
    /// First row.
    pub start: u32,
    /// Number of rows.
    pub len: u32,
}

impl Span {
    /// The range of indices.
    #[inline]
    pub const fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.start as usize + self.len as usize
    }
}

/// A span of [`texts`](super::City::texts), UTF-8.
pub type Text = Span;

/// The value of packed rows without a row number.
const NO_ROW: u32 = u32::MAX;

/// Decodes a row number of a packed row, where `u32::MAX` stands for none.
pub(super) fn row(number: u32) -> Option<u32> {
    (number != NO_ROW).then_some(number)
}

record! {
    /// A junction of the pedestrian network.
    Node {
        /// Its position.
        point: Point,
        /// OSM node id; 0 for a junction that was made without one.
        osm_id: i64,
        /// Its flags.
        flags: NodeFlags,
        /// Its connected component, a row of [`component_metres`](super::City::component_metres).
        component: ComponentId,
    }
}

record! {
    /// A piece of way between two junctions. Walkers pass it from `from` to `to` and, unless flagged, back.
    Edge {
        /// The junction where it begins.
        from: NodeId,
        /// The junction where it ends.
        to: NodeId,
        /// Length on the ellipsoid, millimetres.
        length_mm: u32,
        /// The way that it is part of.
        way: FeatureId,
        /// Its zone.
        zone: ZoneId,
        /// Its flags.
        flags: EdgeFlags,
        /// The obstacles and waits at `from` and at `to`.
        ends: [EdgeEndFlags; 2],
        /// Its line in `points`, with both junctions.
        line: Span,
    }
}

impl Edge {
    /// Whether any of these flags is set.
    #[inline]
    pub const fn has(&self, flags: EdgeFlags) -> bool {
        self.flags.intersects(flags)
    }

    /// The obstacles and waits at an end: 0 for `from`, 1 for `to`.
    #[inline]
    pub const fn end(&self, end: usize) -> EdgeEndFlags {
        self.ends[end]
    }
}

record! {
    /// The slope of an edge, computed from heights along it.
    Slope {
        /// Time along it and back, in 4,096ths of the time on level ground (Tobler 1993).
        factors: [u16; 2],
        /// Its steepest part, up or down, in thousandths.
        steepest_permille: u16,
        /// Always 0.
        spare: u16,
    }
}

impl Slope {
    /// Level ground, also used if heights are not known.
    pub const FLAT: Self = Self { factors: [Self::ONE; 2], steepest_permille: 0, spare: 0 };
    /// The unit of `factors`.
    pub const ONE: u16 = 4096;

    /// The slope of consecutive pieces of a way, each given by its horizontal length and its rise, in metres.
    ///
    /// Tobler's hiking function: the speed on a slope `s` is 6 · exp(−3.5 · |s + 0.05|) km/h, here as a share
    /// of the speed on level ground. So a slight descent is faster, an ascent slower.
    pub fn of(parts: &[(f64, f64)]) -> Self {
        let length: f64 = parts.iter().map(|(length, _)| length).sum();
        if length <= 0.0 {
            return Self::FLAT;
        }
        let factor = |sign: f64| {
            let time = |(length, rise): &(f64, f64)| {
                length * (3.5 * ((sign * rise / length + 0.05).abs() - 0.05)).exp()
            };
            let parts = parts.iter().filter(|(length, _)| *length > 0.0);
            let factor = parts.map(time).sum::<f64>() / length;
            (factor * f64::from(Self::ONE)).round().clamp(1.0, f64::from(u16::MAX)) as u16
        };
        let grade = |(length, rise): &(f64, f64)| if *length > 0.0 { (rise / length).abs() } else { 0.0 };
        let steepest = parts.iter().map(grade).fold(0.0, f64::max);
        Self {
            factors: [factor(1.0), factor(-1.0)],
            steepest_permille: (steepest * 1000.0).round().min(f64::from(u16::MAX)) as u16,
            spare: 0,
        }
    }

    /// Ratio of the time to that on level ground, along the edge or `against` it.
    #[inline]
    pub fn time_factor(&self, against: bool) -> f64 {
        f64::from(self.factors[usize::from(against)]) / f64::from(Self::ONE)
    }

    /// The steepest slope, metres up for each metre along.
    #[inline]
    pub fn steepest(&self) -> f64 {
        f64::from(self.steepest_permille) / 1000.0
    }
}

record! {
    /// A zone: the interior of a closed compound, a connected set of restricted ways, or the ways behind
    /// locked gates.
    Zone {
        /// Row in `compounds` of the compound; `u32::MAX` for none.
        compound: u32,
        /// The zone of the closed compound around it; the public one for none.
        parent: ZoneId,
        /// [`Zone::COMPOUND`], [`Zone::RESTRICTED_WAYS`] or [`Zone::BEHIND_GATES`]. Where zones of two levels
        /// meet, the one with the higher level is outside: a private drive leads to the compounds on it.
        level: u32,
    }
}

impl Zone {
    /// The interior of a closed compound.
    pub const COMPOUND: u32 = 0;
    /// A connected set of restricted ways outside every closed compound.
    pub const RESTRICTED_WAYS: u32 = 1;
    /// Ways that are connected with the rest only through locked gates.
    pub const BEHIND_GATES: u32 = 2;

    /// The compound whose interior it is.
    pub fn compound(&self) -> Option<CompoundId> {
        row(self.compound).map(CompoundId)
    }

    /// A zone that lies in no other zone.
    pub fn new(compound: Option<CompoundId>, level: u32) -> Self {
        Self { compound: compound.map_or(NO_ROW, |id| id.0), parent: ZoneId::PUBLIC, level }
    }
}

codes! {
    /// The kind of a map feature.
    MapKind {
        /// A way, walkable or not; `class` is its `highway` value.
        Way = "way",
        /// A railway line; `class` is the `railway` value.
        Railway = "railway",
        /// A river or stream as a line.
        Waterway = "waterway",
        /// Water as an area.
        Water = "water",
        /// Parks, woods, grass.
        Green = "green",
        /// A building.
        Building = "building",
        /// Land use.
        Landuse = "landuse",
        /// A wall or fence.
        Barrier = "barrier",
        /// A place name.
        Place = "place",
    }
}

codes! {
    /// The type of an OSM object.
    OsmKind {
        /// A node.
        Node = "node",
        /// A way.
        Way = "way",
        /// A relation.
        Relation = "relation",
        /// Not an OSM object: from an own file, or derived.
        None = "none",
    }
}

codes! {
    /// The role of a ring in its feature.
    RingRole {
        /// Outer ring of a polygon; its holes follow.
        Outer = "outer",
        /// A hole of the outer ring before it.
        Inner = "inner",
        /// A line that is not closed.
        Line = "line",
        /// A single point.
        Point = "point",
    }
}

record! {
    /// A ring, line or point of a feature.
    Ring {
        /// Span in `points`; rings repeat their first point at the end.
        line: Span,
        /// A [`RingRole`].
        role: u32,
    }
}

record! {
    /// A feature of the base map. Walls, buildings, water and railways are obstacles to access legs too.
    MapFeature {
        /// OSM id.
        osm_id: i64,
        /// Its bounding box.
        bounds: Bounds,
        /// Name in the local language.
        name: Text,
        /// English name.
        name_en: Text,
        /// Span in `rings`.
        rings: Span,
        /// Its class, such as `residential` or `park`.
        class: Text,
        /// Area, 0 for lines.
        area_square_metres: f32,
        /// A [`MapKind`].
        kind: u8,
        /// An [`OsmKind`].
        osm_kind: u8,
        /// OSM `layer`.
        layer: i8,
        /// Its flags.
        flags: MapFeatureFlags,
    }
}

impl MapFeature {
    /// Whether any of these flags is set.
    pub const fn has(&self, flags: MapFeatureFlags) -> bool {
        self.flags.intersects(flags)
    }

    /// Its kind.
    pub fn map_kind(&self) -> MapKind {
        MapKind::from_code(self.kind)
    }
}
