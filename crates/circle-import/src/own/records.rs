//! The records that are read from rows of own files.

use super::store::{CorrectedThing, CorrectionAction};
use crate::classify::Classified;
use crate::geometry::Area;
use circle_model::Point;
use circle_model::city::Population;

/// All records of own files, in WGS 84, by layer and in the order of files and rows.
#[derive(Debug, Default)]
pub(crate) struct OwnRecords {
    pub(crate) facilities: Vec<OwnFacility>,
    pub(crate) compounds: Vec<OwnCompound>,
    pub(crate) gates: Vec<OwnGate>,
    pub(crate) units: Vec<OwnUnit>,
    pub(crate) people: Vec<OwnPeople>,
    pub(crate) candidates: Vec<OwnCandidate>,
    pub(crate) corrections: CorrectionsByThing,
}

/// Corrections by the collection that they correct, each list for one stage.
#[derive(Debug, Default)]
pub(crate) struct CorrectionsByThing {
    pub(crate) compounds: Vec<OwnCorrection>,
    pub(crate) gates: Vec<OwnCorrection>,
    pub(crate) facilities: Vec<OwnCorrection>,
}

/// The fields that every record has.
#[derive(Debug, Clone, Default)]
pub(crate) struct Record {
    /// Number of its file, from 1.
    pub(crate) source: u32,
    /// Row number, from 1.
    pub(crate) row: u32,
    /// The planner's own id.
    pub(crate) reference: Option<Box<str>>,
    pub(crate) name: Option<Box<str>>,
    pub(crate) name_en: Option<Box<str>>,
    pub(crate) point: Point,
    /// Its outline; empty for points.
    pub(crate) area: Area,
}

/// A facility.
#[derive(Debug)]
pub(crate) struct OwnFacility {
    pub(crate) record: Record,
    pub(crate) classified: Classified,
    /// Beds, places or seats; 0 if unknown.
    pub(crate) capacity: f32,
    pub(crate) hours: Option<Box<str>>,
}

/// A compound.
#[derive(Debug)]
pub(crate) struct OwnCompound {
    pub(crate) record: Record,
    pub(crate) closed: Option<bool>,
    pub(crate) population: Population,
}

/// A gate of a compound.
#[derive(Debug)]
pub(crate) struct OwnGate {
    pub(crate) record: Record,
    /// Name or id of its compound, if the row has it.
    pub(crate) compound: Option<Box<str>>,
    pub(crate) locked: bool,
    pub(crate) hours: Option<Box<str>>,
    /// `true` if it is from a list of gates, which counts as complete. Gates in an export of facilities are
    /// added to the gates of the map.
    pub(crate) listed: bool,
}

/// A district unit.
#[derive(Debug)]
pub(crate) struct OwnUnit {
    pub(crate) record: Record,
    /// As OSM's `admin_level`.
    pub(crate) level: u8,
    pub(crate) code: Option<Box<str>>,
    /// The unit above it, by name or code.
    pub(crate) parent: Option<Box<str>>,
}

/// The residents of a compound, or of one of its buildings.
#[derive(Debug)]
pub(crate) struct OwnPeople {
    pub(crate) record: Record,
    /// Whether the row has a place.
    pub(crate) placed: bool,
    pub(crate) compound: Option<Box<str>>,
    pub(crate) building: Option<Box<str>>,
    /// Levels of the building; 0 if unknown.
    pub(crate) levels: f32,
    pub(crate) population: Population,
    /// Hash of all cells; rows with the same cells count once.
    pub(crate) cells: u64,
}

/// A space that could house a facility.
#[derive(Debug)]
pub(crate) struct OwnCandidate {
    pub(crate) record: Record,
    pub(crate) note: Option<Box<str>>,
}

/// A field correction.
#[derive(Debug)]
pub(crate) struct OwnCorrection {
    pub(crate) record: Record,
    /// Whether the row has a place.
    pub(crate) placed: bool,
    pub(crate) action: CorrectionAction,
    pub(crate) of: CorrectedThing,
    /// Id, key or OSM object of the corrected row.
    pub(crate) target: Option<Box<str>>,
    pub(crate) compound: Option<Box<str>>,
    pub(crate) new_name: Option<Box<str>>,
    pub(crate) new_category: Option<u8>,
    pub(crate) new_point: Option<Point>,
    /// Author, date and note, for messages.
    pub(crate) signature: Box<str>,
}
