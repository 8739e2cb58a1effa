//! The rows of the network's and the base map's tables. Fixed size, little endian, no padding.

use super::flags::{EdgeEndFlags, EdgeFlags, MapFeatureFlags, NodeFlags};
use super::macros::{codes, record};
use crate::coordinates::{Bounds, Point};
use crate::ids::{ComponentId, CompoundId, FeatureId, NodeId, ZoneId};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

/// `start..start + len` of another table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, FromBytes, IntoBytes, Immutable, KnownLayout)]
#[repr(C)]
pub struct Span {
    /// First row.
    pub start: u32,
    /// Number of rows.
    pub len: u32,
}

impl Span {
    /// As a range of indices.
    #[inline]
    pub const fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.start as usize + self.len as usize
    }
}

/// A stretch of [`texts`](super::City::texts), UTF-8.
pub type Text = Span;

/// What packed rows hold where there is no row number.
const NO_ROW: u32 = u32::MAX;

/// A row number, which is `u32::MAX` in packed rows where there is none.
pub(super) fn row(number: u32) -> Option<u32> {
    (number != NO_ROW).then_some(number)
}

record! {
    /// A junction of the pedestrian network.
    Node {
        /// Where it is.
        point: Point,
        /// OSM node id; 0 where two ways were joined without one.
        osm_id: i64,
        /// What is here.
        flags: NodeFlags,
        /// The part of the network it hangs together with, a row of [`component_metres`](super::City::component_metres).
        component: ComponentId,
    }
}

record! {
    /// A stretch of way between two junctions, walked from `from` to `to` and, unless flagged, back.
    Edge {
        /// Where it begins.
        from: NodeId,
        /// Where it ends.
        to: NodeId,
        /// Length on the ellipsoid.
        length_mm: u32,
        /// The way it is part of.
        way: FeatureId,
        /// Whose it is.
        zone: ZoneId,
        /// What it is.
        flags: EdgeFlags,
        /// What is passed at `from` and at `to`.
        ends: [EdgeEndFlags; 2],
        /// Its line in `points`, both junctions included.
        line: Span,
    }
}

impl Edge {
    /// Whether any of these flags is set.
    #[inline]
    pub const fn has(&self, flags: EdgeFlags) -> bool {
        self.flags.intersects(flags)
    }

    /// What is passed at an end: 0 for `from`, 1 for `to`.
    #[inline]
    pub const fn end(&self, end: usize) -> EdgeEndFlags {
        self.ends[end]
    }
}

record! {
    /// How an edge rises, from heights along it.
    Slope {
        /// Time along it and back, in 4,096ths of the time on the flat (Tobler 1993).
        factors: [u16; 2],
        /// The steepest part of it, up or down, in thousandths.
        steepest_permille: u16,
        /// Always 0.
        spare: u16,
    }
}

impl Slope {
    /// Level, or not known to be anything else.
    pub const FLAT: Self = Self { factors: [Self::ONE; 2], steepest_permille: 0, spare: 0 };
    /// What factors are stored in.
    pub const ONE: u16 = 4096;

    /// The slope of parts of a way, each with its length along the ground and its rise, in metres.
    ///
    /// Tobler's hiking function: the speed at a slope `s` is 6 · exp(−3.5 · |s + 0.05|) km/h, here as a share of the
    /// speed on the flat. So going down a little is faster, going up slower.
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

    /// How many times as long as on the flat it takes, along the edge or `against` it.
    #[inline]
    pub fn time_factor(&self, against: bool) -> f64 {
        f64::from(self.factors[usize::from(against)]) / f64::from(Self::ONE)
    }

    /// Metres up for each metre along, where it is steepest.
    #[inline]
    pub fn steepest(&self) -> f64 {
        f64::from(self.steepest_permille) / 1000.0
    }
}

record! {
    /// A closed compound's inside, restricted ways that hang together, or what lies behind locked gates.
    Zone {
        /// Row in `compounds` of the one whose inside it is; `u32::MAX` for none.
        compound: u32,
        /// The closed compound's zone that this one lies inside; the public one for none.
        parent: ZoneId,
        /// [`Zone::COMPOUND`], [`Zone::RESTRICTED_WAYS`] or [`Zone::BEHIND_GATES`]. Where zones of two levels
        /// meet, the higher one lies around the lower: a private drive leads to the compounds on it.
        level: u32,
    }
}

impl Zone {
    /// The inside of a closed compound.
    pub const COMPOUND: u32 = 0;
    /// Restricted ways that hang together outside every closed compound.
    pub const RESTRICTED_WAYS: u32 = 1;
    /// Ways that hang together with the rest only through locked gates.
    pub const BEHIND_GATES: u32 = 2;

    /// The compound whose inside it is.
    pub fn compound(&self) -> Option<CompoundId> {
        row(self.compound).map(CompoundId)
    }

    /// The inside of a compound, or ways outside of all; it lies in no other zone.
    pub fn new(compound: Option<CompoundId>, level: u32) -> Self {
        Self { compound: compound.map_or(NO_ROW, |id| id.0), parent: ZoneId::PUBLIC, level }
    }
}

codes! {
    /// What a map feature is.
    MapKind {
        /// A way of the streets, walkable or not; `class` is its `highway` value.
        Way = "way",
        /// Rails; `class` is the `railway` value.
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
    /// OSM's three kinds of object, and what is not from OSM.
    OsmKind {
        /// A node.
        Node = "node",
        /// A way.
        Way = "way",
        /// A relation.
        Relation = "relation",
        /// From a file of the planner's own, or derived.
        None = "none",
    }
}

codes! {
    /// How a ring belongs to its feature.
    RingRole {
        /// Outside of a polygon; its holes follow.
        Outer = "outer",
        /// A hole of the outer ring before it.
        Inner = "inner",
        /// Not closed.
        Line = "line",
        /// One point.
        Point = "point",
    }
}

record! {
    /// One ring, line or point of a feature.
    Ring {
        /// Where in `points`; rings repeat their first point at the end.
        line: Span,
        /// A [`RingRole`].
        role: u32,
    }
}

record! {
    /// A thing on the base map; walls, buildings, water and rails also stop access legs.
    MapFeature {
        /// OSM id.
        osm_id: i64,
        /// The box around it.
        bounds: Bounds,
        /// Name in the local language.
        name: Text,
        /// English name.
        name_en: Text,
        /// Where in `rings`.
        rings: Span,
        /// Word for its class, such as `residential` or `park`.
        class: Text,
        /// Area, 0 for lines.
        area_square_metres: f32,
        /// A [`MapKind`].
        kind: u8,
        /// An [`OsmKind`].
        osm_kind: u8,
        /// OSM `layer`.
        layer: i8,
        /// How it bears on walkers.
        flags: MapFeatureFlags,
    }
}

impl MapFeature {
    /// Whether any of these flags is set.
    pub const fn has(&self, flags: MapFeatureFlags) -> bool {
        self.flags.intersects(flags)
    }

    /// What it is.
    pub fn map_kind(&self) -> MapKind {
        MapKind::from_code(self.kind)
    }
}
