//! What the engine answers: plain data, no format.

use circle_model::{CompoundId, FacilityId, GateId, Millimetres, Milliseconds, Point};

/// Where a walk starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Origin {
    /// Any place on the map.
    Place(Point),
    /// All gates of a compound; the nearest counts.
    Compound(CompoundId),
    /// One gate of a compound, as its residents leave by it.
    Gate(GateId),
}

impl From<Point> for Origin {
    fn from(place: Point) -> Self {
        Self::Place(place)
    }
}

/// Whether an answer could be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// It was.
    Ok,
    /// There is a path, but it is longer than asked for.
    Beyond,
    /// No walkable way can be reached from the place.
    OffNetwork,
    /// Both places are on the network, and no path joins them.
    NoPath,
}

impl Status {
    /// The word in JSON and CSV.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Beyond => "beyond",
            Self::OffNetwork => "off_network",
            Self::NoPath => "no_path",
        }
    }
}

/// The walk between two places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Walk {
    /// Whether there is one; the figures are 0 unless it is `Ok`.
    pub status: Status,
    /// Walking time, access legs and delays included.
    pub time: Milliseconds,
    /// True length of the path, access legs counted once.
    pub length: Millimetres,
    /// Length of the leg at the start.
    pub from_access: Millimetres,
    /// Length of the leg at the end.
    pub to_access: Millimetres,
    /// Buildings hide every way from one of the ends and were not counted there.
    pub through_buildings: bool,
}

/// A facility within reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reached {
    /// The facility.
    pub facility: FacilityId,
    /// Walking time to its nearest access point.
    pub time: Milliseconds,
    /// Length of that walk.
    pub length: Millimetres,
    /// Length of its two access legs together.
    pub access: Millimetres,
    /// The gate that was used, where the origin is a compound.
    pub gate: Option<GateId>,
    /// The access point that was used.
    pub entered_at: Point,
    /// Buildings hide every way from it and were not counted.
    pub through_buildings: bool,
}

/// How isochrones are cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Form {
    /// Everything up to the band.
    Discs,
    /// From the band before to this one.
    Rings,
    /// The reached lines with times.
    Lines,
}

/// The shape reached within a band.
#[derive(Debug, Clone, PartialEq)]
pub struct Isochrone {
    /// The band, in minutes.
    pub minutes: u32,
    /// 0 for a disc, the band before for a ring.
    pub from_minutes: u32,
    /// Polygons: outer ring counter-clockwise first, then its holes; closed. Empty for [`Form::Lines`].
    pub polygons: Vec<Vec<Vec<Point>>>,
    /// Reached ways, for [`Form::Lines`].
    pub lines: Vec<ReachedLine>,
    /// Area of the polygons.
    pub area_square_metres: f64,
}

/// A stretch of way within a band.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReachedLine {
    /// Its line.
    pub line: Vec<Point>,
    /// Least time at every point of it.
    pub times: Vec<Milliseconds>,
}

/// What one origin reaches in each band.
#[derive(Debug, Clone)]
pub struct Isochrones {
    /// `Ok` or `OffNetwork`.
    pub status: Status,
    /// Buildings hide every way from the origin and were not counted.
    pub through_buildings: bool,
    /// Ascending by band.
    pub shapes: Vec<Isochrone>,
    /// For each band that comes near the edge of the data, the ground that ways beyond it may lead to in time.
    pub unknown: Vec<Isochrone>,
}
