//! The rows of what people live in, walk to and belong to: compounds, gates, facilities, units. Fixed size, little
//! endian, no padding.

use super::flags::FacilityFlags;
use super::macros::{codes, record};
use super::records::{Span, Text, row};
use crate::coordinates::{Bounds, Point};
use crate::ids::{CompoundId, FeatureId, UnitId, ZoneId};
use crate::residents::Residents;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

codes! {
    /// Why a compound counts as closed or open.
    Evidence {
        /// Restricted ways, gates, walls or fences.
        Barriers = "barriers",
        /// Tags of its own (`access`, `residential=gated`, `barrier`).
        Tags = "tags",
        /// None: the default for a compound of its size and place.
        Area = "area",
    }
}

record! {
    /// Who lives in a compound 小区人口; [`Population::UNKNOWN`] where nobody says.
    Population {
        /// Households 户数.
        households: u32,
        /// Residents 人数.
        residents: u32,
        /// Of these, 60 years and older 老年人.
        elderly: u32,
        /// Of these, 14 years and younger 儿童.
        children: u32,
        /// Residents at the least, of an estimate.
        residents_low: u32,
        /// Residents at the most, of an estimate.
        residents_high: u32,
    }
}

impl Population {
    /// A count that nobody has said.
    pub const UNKNOWN: u32 = u32::MAX;
    /// Nothing is known.
    pub const NONE: Self = Self {
        households: Self::UNKNOWN,
        residents: Self::UNKNOWN,
        elderly: Self::UNKNOWN,
        children: Self::UNKNOWN,
        residents_low: Self::UNKNOWN,
        residents_high: Self::UNKNOWN,
    };

    /// Residents at the least, as the best guess, and at the most; all three are equal where they were counted, and
    /// there are none where nobody knows.
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
    /// Where a compound's population is known from, most certain first.
    PopulationFrom {
        /// The planner's own file, for the compound.
        Compound = "own_compound",
        /// The planner's own file, added up over its buildings.
        Buildings = "own_buildings",
        /// Footprint and levels of its residential buildings.
        Estimate = "estimate",
        /// Nobody says.
        Unknown = "unknown",
    }
}

record! {
    /// A compound 小区.
    Compound {
        /// OSM id.
        osm_id: i64,
        /// Where its label stands, inside the outline where there is one.
        point: Point,
        /// Its name, or a generated label.
        name: Text,
        /// English name.
        name_en: Text,
        /// Outline in `rings`; none where only a point is known.
        rings: Span,
        /// Its rows in `gates`.
        gates: Span,
        /// Area of the outline.
        area_square_metres: f32,
        /// Its zone; the public one when open.
        zone: ZoneId,
        /// Units that hold its point, by level 区, 街道, 社区, 网格; `u32::MAX` for none.
        units: [u32; 4],
        /// The records it is made from, the one that was kept first.
        origins: Span,
        /// Its key, where it is not that of its object on the map ([`City::compound_key`](super::City::compound_key)).
        key: Text,
        /// Who lives there.
        population: Population,
        /// An [`OsmKind`](super::OsmKind).
        osm_kind: u8,
        /// 1 when closed.
        closed: u8,
        /// An [`Evidence`].
        evidence: u8,
        /// 1 when the name was generated.
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
        /// Inside its outline.
        point: Point,
        /// Its name or number.
        name: Text,
        /// Its key, where it is not that of its object on the map.
        key: Text,
        /// Row in `features`; `u32::MAX` for one that only an own file knows.
        feature: u32,
        /// Row in `compounds`; `u32::MAX` for none.
        compound: u32,
        /// Residents; below zero where unknown.
        residents: f32,
        /// Residents at the least, of an estimate; below zero where unknown.
        residents_low: f32,
        /// Residents at the most, of an estimate; below zero where unknown.
        residents_high: f32,
        /// Households; below zero where unknown.
        households: f32,
        /// Levels above ground.
        levels: f32,
        /// A [`PopulationFrom`].
        population_from: u8,
        /// 1 where nobody has mapped its levels.
        levels_assumed: u8,
        /// Always 0.
        spare: [u8; 2],
    }
}

impl Compound {
    /// Units that hold its point, by level 区, 街道, 社区, 网格.
    pub fn units(&self) -> [Option<UnitId>; 4] {
        self.units.map(|unit| row(unit).map(UnitId))
    }
}

impl Building {
    /// What the map draws it as; `None` for one that only an own file knows.
    pub fn feature(&self) -> Option<FeatureId> {
        row(self.feature).map(FeatureId)
    }

    /// The compound that it stands in.
    pub fn compound(&self) -> Option<CompoundId> {
        row(self.compound).map(CompoundId)
    }
}

codes! {
    /// Where a gate is known from, most certain first.
    GateProvenance {
        /// The planner's own file.
        Own = "own",
        /// A gate, entrance or barrier node within 15 m of the outline.
        Mapped = "mapped",
        /// Where a walkable way crosses the outline.
        Crossing = "crossing",
        /// The nearest walkable way on a side.
        Inferred = "inferred",
    }
}

record! {
    /// A gate 小区出入口.
    Gate {
        /// OSM node id; 0 where derived.
        osm_id: i64,
        /// Where it is.
        point: Point,
        /// Its name or number.
        name: Text,
        /// Its key, where it is not that of its object on the map.
        key: Text,
        /// Whose it is.
        compound: CompoundId,
        /// A [`GateProvenance`].
        provenance: u8,
        /// 1 when locked.
        locked: u8,
        /// Always 0.
        spare: [u8; 2],
        /// Number of the own file it is from, from 1; 0 for the map.
        source: u32,
        /// Its row there, as a person counts.
        row: u32,
    }
}

codes! {
    /// What opening hours are of.
    HoursOf {
        /// A gate on a way: a row of the nodes.
        Node = "node",
        /// A way, or one in a park: a row of the edges.
        Edge = "edge",
        /// A compound's gate.
        Gate = "gate",
        /// A facility.
        Facility = "facility",
    }
}

record! {
    /// Opening hours 开放时间.
    Hours {
        /// As OSM's `opening_hours` has them.
        text: Text,
        /// Row of the table that `of` names: a plain number, as it is of another table from row to row.
        row: u32,
        /// An [`HoursOf`].
        of: u8,
        /// 1 where it is locked but for these hours.
        unlocks: u8,
        /// Always 0.
        spare: [u8; 2],
    }
}

codes! {
    /// What is known of an access point, the most certain first.
    AccessKind {
        /// A mapped entrance on the outline.
        Entrance = "entrance",
        /// Where a walkable way crosses the outline.
        Crossing = "crossing",
        /// A point of the outline.
        Outline = "outline",
        /// The facility is a point itself.
        Point = "point",
    }
}

record! {
    /// An access point 出入点 of a facility.
    Access {
        /// Where it is.
        point: Point,
        /// An [`AccessKind`].
        kind: u32,
    }
}

codes! {
    /// How a category was found, the most certain first.
    Channel {
        /// The planner's own file names the category.
        User = "user",
        /// Code and name agree.
        CodeAndName = "code_and_name",
        /// The name alone.
        Name = "name",
        /// The code alone: Amap's, Baidu's.
        Code = "code",
        /// OSM tags alone.
        Osm = "osm",
    }
}

codes! {
    /// Why a record is one of those that a place is made from.
    Joined {
        /// It is the one that was kept.
        Kept = "kept",
        /// The same row again.
        Identical = "identical",
        /// The same name close by.
        SameName = "same_name",
        /// Names alike close by.
        LikeName = "like_name",
        /// Inside the outline, with the same name or none.
        Inside = "inside",
        /// Nearly the same place, and one of them has no name.
        SamePlace = "same_place",
        /// One of its gates: 人民公园东门.
        Entrance = "entrance",
        /// A part of its site: a department of a hospital, the playing field of a school.
        Part = "part",
    }
}

record! {
    /// A record that a facility or compound is made from 来源.
    Origin {
        /// OSM id; 0 for a row of an own file.
        osm_id: i64,
        /// Where it says the place is.
        point: Point,
        /// The name it gives.
        name: Text,
        /// The planner's own id for it.
        reference: Text,
        /// Number of the own file, from 1; 0 for the map.
        source: u32,
        /// Its row there, as a person counts; 0 for the map.
        row: u32,
        /// Metres from the record that was kept.
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
        /// Where its marker stands.
        point: Point,
        /// Name, empty where it has none.
        name: Text,
        /// English name.
        name_en: Text,
        /// Its access points in `access_points`.
        access: Span,
        /// Its categories in `facility_categories`, the main one first.
        categories: Span,
        /// The records it is made from, the one that was kept first.
        origins: Span,
        /// Its key, where it is not that of its object on the map.
        key: Text,
        /// Units that hold its marker, by level 区, 街道, 社区, 网格; `u32::MAX` for none.
        units: [u32; 4],
        /// Area, 0 for points.
        area_square_metres: f32,
        /// Beds, places or seats as its own file gives them; 0 where unknown.
        capacity: f32,
        /// Row in `compounds`, counted from 1, of the closed compound whose residents it serves alone; 0 where it serves
        /// everybody.
        only_for: u32,
        /// An [`OsmKind`](super::OsmKind).
        osm_kind: u8,
        /// How sure the category is, in per cent.
        confidence_percent: u8,
        /// A [`Channel`].
        channel: u8,
        /// What is said of it beside its category.
        flags: FacilityFlags,
        /// Always 0.
        spare: [u8; 8],
    }
}

impl Facility {
    /// Units that hold its marker, by level 区, 街道, 社区, 网格.
    pub fn units(&self) -> [Option<UnitId>; 4] {
        self.units.map(|unit| row(unit).map(UnitId))
    }

    /// Whether any of these flags is set.
    pub const fn has(&self, flags: FacilityFlags) -> bool {
        self.flags.intersects(flags)
    }

    /// The closed compound whose residents it serves alone; `None` where it serves everybody.
    pub fn only_for(&self) -> Option<CompoundId> {
        self.only_for.checked_sub(1).map(CompoundId)
    }
}

record! {
    /// A district unit: 区, 街道, 社区, 网格.
    Unit {
        /// OSM id.
        osm_id: i64,
        /// The box around it.
        bounds: Bounds,
        /// Where its label stands.
        point: Point,
        /// Name.
        name: Text,
        /// English name.
        name_en: Text,
        /// Its key, where it is not that of its object on the map.
        key: Text,
        /// Outline in `rings`.
        rings: Span,
        /// Row in `units` of the next level up; `u32::MAX` for none.
        parent: u32,
        /// Area within the data.
        area_square_metres: f32,
        /// Its official code 行政区划代码.
        code: Text,
        /// Number of the own file it is from, from 1; 0 for the map.
        source: u32,
        /// Its row there, as a person counts.
        row: u32,
        /// Code of the [`County`](crate::census::County) that it is in the census; 0 for none.
        census: u32,
        /// OSM `admin_level`; [`Unit::GRID`] for 网格.
        admin_level: u8,
        /// 1 where the extract cut its boundary.
        clipped: u8,
        /// An [`OsmKind`](super::OsmKind).
        osm_kind: u8,
        /// Always 0.
        spare: u8,
    }
}

impl Unit {
    /// The unit of the next level up.
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
    /// A space that a facility could be put in 可盘活闲置空间.
    Candidate {
        /// Where its marker stands.
        point: Point,
        /// Its name.
        name: Text,
        /// Its key.
        key: Text,
        /// Outline in `rings`; none for points.
        rings: Span,
        /// What its file says of it.
        note: Text,
        /// Area.
        area_square_metres: f32,
        /// Number of the own file it is from, from 1.
        source: u32,
        /// Its row there, as a person counts.
        row: u32,
        /// Row in `compounds` of the one it lies in; `u32::MAX` for none.
        compound: u32,
    }
}

impl Candidate {
    /// The compound that it lies in.
    pub fn compound(&self) -> Option<CompoundId> {
        row(self.compound).map(CompoundId)
    }
}

codes! {
    /// How much a finding matters.
    Severity {
        /// Something is lost or wrong.
        Error = "error",
        /// Something may be wrong.
        Warning = "warning",
        /// Something to know.
        Info = "info",
    }
}

codes! {
    /// What a finding of the quality report is about.
    FindingKind {
        /// A row of an own file that could not be taken.
        RejectedRow = "rejected_row",
        /// A row of an own file that was taken, though something about it is odd.
        OddRow = "odd_row",
        /// What is known of an own file's coordinates.
        Coordinates = "coordinates",
        /// A facility whose name and code say nothing of its category.
        NoCategory = "no_category",
        /// A field correction that was applied.
        CorrectionApplied = "correction_applied",
        /// A field correction that no longer applies.
        CorrectionStale = "correction_stale",
        /// Records taken for one place.
        Merged = "merged",
        /// Places that may be one.
        PossibleDuplicate = "possible_duplicate",
        /// A part of the network that hangs together with nothing else.
        Island = "island",
        /// A compound that is entered from an island alone.
        CompoundOnIsland = "compound_on_island",
        /// A compound whose gates nobody has mapped.
        NoMappedGate = "no_mapped_gate",
        /// A compound that no way leads to.
        CompoundOffNetwork = "compound_off_network",
        /// A facility that no way leads to.
        FacilityOffNetwork = "facility_off_network",
        /// A facility that is entered from an island alone.
        FacilityOnIsland = "facility_on_island",
        /// A facility that closed compounds or locked gates bar every walk to.
        FacilityShutIn = "facility_shut_in",
        /// A compound that others or locked gates bar every walk out of.
        CompoundShutIn = "compound_shut_in",
        /// A category with no record at all.
        CategoryWithoutSource = "category_without_source",
        /// A category with too few records for a gap.
        FewRecords = "few_records",
        /// A compound without mapped gates whose verdicts differ from side to side.
        GateToSurvey = "gate_to_survey",
        /// A unit whose boundary the extract cut.
        ClippedBoundary = "clipped_boundary",
        /// A compound of which nobody knows who lives there.
        NoPopulation = "no_population",
    }
}

record! {
    /// Something that the build found, for the quality report.
    Finding {
        /// What it is about, by name.
        name: Text,
        /// What is the matter.
        message: Text,
        /// Where; [`Finding::NOWHERE`] where it has no place.
        point: Point,
        /// Number of the own file, from 1; 0 for the map.
        source: u32,
        /// Its row there; 0 for none.
        row: u32,
        /// A [`Severity`].
        severity: u8,
        /// A [`FindingKind`].
        kind: u8,
        /// Always 0.
        spare: [u8; 6],
    }
}

impl Finding {
    /// No place.
    pub const NOWHERE: Point = Point { lon: i32::MAX, lat: i32::MAX };
}
