//! The rows of compounds, buildings, gates, units and candidate spaces: fixed size, little-endian, no padding.

use super::macros::{codes, record};
use super::records::{Span, Text, row};
use crate::coordinates::{Bounds, Point};
use crate::ids::{CompoundId, FeatureId, UnitId, ZoneId};
use crate::residents::Residents;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

codes! {
    /// The evidence that a compound is closed or open.
    ClosureEvidence {
        /// Restricted ways, gates, walls or fences.
        Barriers = "barriers",
        /// Its own tags (`access`, `residential=gated`, `barrier`).
        Tags = "tags",
        /// None: the default for a compound of its size in its place.
        Area = "area",
    }
}

record! {
    /// The population of a compound 小区人口; [`Population::UNKNOWN`] for an unknown number.
    Population {
        /// Households 户数.
        households: u32,
        /// Residents 人数.
        residents: u32,
        /// Residents of 60 years and older 老年人.
        elderly: u32,
        /// Residents of 14 years and younger 儿童.
        children: u32,
        /// Lower estimate of the residents.
        residents_low: u32,
        /// Upper estimate of the residents.
        residents_high: u32,
    }
}

impl Population {
    /// An unknown number.
    pub const UNKNOWN: u32 = u32::MAX;
    /// All numbers unknown.
    pub const NONE: Self = Self {
        households: Self::UNKNOWN,
        residents: Self::UNKNOWN,
        elderly: Self::UNKNOWN,
        children: Self::UNKNOWN,
        residents_low: Self::UNKNOWN,
        residents_high: Self::UNKNOWN,
    };

    /// Lower, best and upper estimate of the residents, all equal if they were counted; `None` if they are
    /// not known.
    pub fn residents_range(&self) -> Option<Residents> {
        if self.residents == Self::UNKNOWN {
            return None;
        }
        let or_counted = |bound: u32| u64::from(if bound == Self::UNKNOWN { self.residents } else { bound });
        let likely = u64::from(self.residents);
        Some(Residents {
            low: or_counted(self.residents_low).min(likely),
            likely,
            high: or_counted(self.residents_high).max(likely),
        })
    }
}

codes! {
    /// Source of a compound's population, the most certain first.
    PopulationFrom {
        /// An own file, for the compound.
        Compound = "own_compound",
        /// An own file, summed over the buildings.
        Buildings = "own_buildings",
        /// An estimate from footprint and levels of residential buildings.
        Estimate = "estimate",
        /// None.
        Unknown = "unknown",
    }
}

record! {
    /// A compound 小区.
    Compound {
        /// OSM id.
        osm_id: i64,
        /// Position of its label, inside the outline if there is one.
        point: Point,
        /// Its name, or a generated one.
        name: Text,
        /// English name.
        name_en: Text,
        /// Outline in `rings`; empty if it is not known.
        rings: Span,
        /// Its rows in `gates`.
        gates: Span,
        /// Area of the outline.
        area_square_metres: f32,
        /// Its zone; the public one if it is open.
        zone: ZoneId,
        /// Units that contain its point, by level 区, 街道, 社区, 网格; `u32::MAX` for none.
        units: [u32; 4],
        /// The records that it was made from, the kept one first.
        origins: Span,
        /// Its key, if it is not that of its map object ([`City::compound_key`](super::City::compound_key)).
        key: Text,
        /// Its population.
        population: Population,
        /// An [`OsmKind`](super::OsmKind).
        osm_kind: u8,
        /// 1 if it is closed.
        closed: u8,
        /// An [`ClosureEvidence`].
        evidence: u8,
        /// 1 if the name was generated.
        generated_name: u8,
        /// A [`PopulationFrom`].
        population_from: u8,
        /// Always 0.
        spare: [u8; 3],
    }
}

record! {
    /// A residential building 楼栋.
    Building {
        /// A point inside its outline.
        point: Point,
        /// Its name or number.
        name: Text,
        /// Its key, if it is not that of its map object.
        key: Text,
        /// Row in `features`; `u32::MAX` for one from an own file.
        feature: u32,
        /// Row in `compounds`; `u32::MAX` for none.
        compound: u32,
        /// Residents; negative if unknown.
        residents: f32,
        /// Lower estimate of the residents; negative if unknown.
        residents_low: f32,
        /// Upper estimate of the residents; negative if unknown.
        residents_high: f32,
        /// Households; negative if unknown.
        households: f32,
        /// Levels above ground.
        levels: f32,
        /// A [`PopulationFrom`].
        population_from: u8,
        /// 1 if its levels are not mapped.
        levels_assumed: u8,
        /// Always 0.
        spare: [u8; 2],
    }
}

impl Compound {
    /// Units that contain its point, by level 区, 街道, 社区, 网格.
    pub fn units(&self) -> [Option<UnitId>; 4] {
        self.units.map(|unit| row(unit).map(UnitId))
    }
}

impl Building {
    /// Its map feature; `None` for one from an own file.
    pub fn feature(&self) -> Option<FeatureId> {
        row(self.feature).map(FeatureId)
    }

    /// The compound that contains it.
    pub fn compound(&self) -> Option<CompoundId> {
        row(self.compound).map(CompoundId)
    }
}

codes! {
    /// Source of a gate, the most certain first.
    GateProvenance {
        /// An own file.
        Own = "own",
        /// A gate, entrance or barrier node within 15 m of the outline.
        Mapped = "mapped",
        /// Where a walkable way crosses the outline.
        Crossing = "crossing",
        /// The nearest walkable way on one side.
        Inferred = "inferred",
    }
}

record! {
    /// A gate 小区出入口.
    Gate {
        /// OSM node id; 0 for a derived gate.
        osm_id: i64,
        /// Its position.
        point: Point,
        /// Its name or number.
        name: Text,
        /// Its key, if it is not that of its map object.
        key: Text,
        /// Its compound.
        compound: CompoundId,
        /// A [`GateProvenance`].
        provenance: u8,
        /// 1 if it is locked.
        locked: u8,
        /// Always 0.
        spare: [u8; 2],
        /// Number of its own file, from 1; 0 for the map.
        source: u32,
        /// Its row in that file, from 1.
        row: u32,
    }
}

codes! {
    /// The kind of thing that has opening hours.
    HoursOf {
        /// A gate on a way: a row of `nodes`.
        Node = "node",
        /// A way, possibly in a park: a row of `edges`.
        Edge = "edge",
        /// A gate of a compound.
        Gate = "gate",
        /// A facility.
        Facility = "facility",
    }
}

record! {
    /// Opening hours 开放时间.
    Hours {
        /// The value of OSM's `opening_hours`.
        text: Text,
        /// Row of the table that `of` names. A plain number, because the table differs from row to row.
        row: u32,
        /// An [`HoursOf`].
        of: u8,
        /// 1 if it is locked outside these hours.
        unlocks: u8,
        /// Always 0.
        spare: [u8; 2],
    }
}

record! {
    /// A district unit: 区, 街道, 社区, 网格.
    Unit {
        /// OSM id.
        osm_id: i64,
        /// Its bounding box.
        bounds: Bounds,
        /// Position of its label.
        point: Point,
        /// Name.
        name: Text,
        /// English name.
        name_en: Text,
        /// Its key, if it is not that of its map object.
        key: Text,
        /// Outline in `rings`.
        rings: Span,
        /// Row in `units` of the next larger level; `u32::MAX` for none.
        parent: u32,
        /// Area within the data.
        area_square_metres: f32,
        /// Its official code 行政区划代码.
        code: Text,
        /// Number of its own file, from 1; 0 for the map.
        source: u32,
        /// Its row in that file, from 1.
        row: u32,
        /// Code of its [`County`](crate::census::County) in the census; 0 for none.
        census: u32,
        /// OSM `admin_level`; [`Unit::GRID`] for 网格.
        admin_level: u8,
        /// 1 if the extract cut its boundary.
        clipped: u8,
        /// An [`OsmKind`](super::OsmKind).
        osm_kind: u8,
        /// Always 0.
        spare: u8,
    }
}

impl Unit {
    /// The unit of the next larger level.
    pub fn parent(&self) -> Option<UnitId> {
        row(self.parent).map(UnitId)
    }

    /// 区, 县.
    pub const DISTRICT: u8 = 6;
    /// 街道, 镇.
    pub const SUBDISTRICT: u8 = 8;
    /// 社区, 村.
    pub const COMMUNITY: u8 = 10;
    /// 网格, which OSM does not have.
    pub const GRID: u8 = 12;
}

record! {
    /// A candidate space for a facility 可盘活闲置空间.
    Candidate {
        /// Position of its marker.
        point: Point,
        /// Its name.
        name: Text,
        /// Its key.
        key: Text,
        /// Outline in `rings`; empty for a point.
        rings: Span,
        /// The note in its file.
        note: Text,
        /// Area.
        area_square_metres: f32,
        /// Number of its own file, from 1.
        source: u32,
        /// Its row in that file, from 1.
        row: u32,
        /// Row in `compounds` of the compound that contains it; `u32::MAX` for none.
        compound: u32,
    }
}

impl Candidate {
    /// The compound that contains it.
    pub fn compound(&self) -> Option<CompoundId> {
        row(self.compound).map(CompoundId)
    }
}
