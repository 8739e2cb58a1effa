//! The rows of findings of the build: fixed size, little-endian, no padding.

use super::macros::{codes, record};
use super::records::Text;
use crate::coordinates::Point;
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

codes! {
    /// Severity of a finding.
    Severity {
        /// Something is lost or wrong.
        Error = "error",
        /// Something may be wrong.
        Warning = "warning",
        /// Information.
        Info = "info",
    }
}

codes! {
    /// Kind of a finding in the quality report.
    FindingKind {
        /// A rejected row of an own file.
        RejectedRow = "rejected_row",
        /// An accepted row of an own file with something odd about it.
        OddRow = "odd_row",
        /// The coordinates of an own file.
        Coordinates = "coordinates",
        /// A facility whose name and code match no category.
        NoCategory = "no_category",
        /// A field correction that was applied.
        CorrectionApplied = "correction_applied",
        /// A field correction that no longer applies.
        CorrectionStale = "correction_stale",
        /// Records that were joined.
        Merged = "merged",
        /// Facilities that may be the same.
        PossibleDuplicate = "possible_duplicate",
        /// A connected component of the network other than the largest.
        Island = "island",
        /// A compound whose gates lead to an island only.
        CompoundOnIsland = "compound_on_island",
        /// A compound without a mapped gate.
        NoMappedGate = "no_mapped_gate",
        /// A compound without a leg to the network.
        CompoundOffNetwork = "compound_off_network",
        /// A facility without a leg to the network.
        FacilityOffNetwork = "facility_off_network",
        /// A facility whose access points are on an island only.
        FacilityOnIsland = "facility_on_island",
        /// A facility to which closed compounds or locked gates bar every walk.
        FacilityShutIn = "facility_shut_in",
        /// A compound from which other compounds or locked gates bar every walk.
        CompoundShutIn = "compound_shut_in",
        /// A category without any record.
        CategoryWithoutSource = "category_without_source",
        /// A category with too few records for a gap.
        FewRecords = "few_records",
        /// A compound without mapped gates whose verdicts differ between its inferred gates.
        GateToSurvey = "gate_to_survey",
        /// A unit whose boundary was cut by the extract.
        ClippedBoundary = "clipped_boundary",
        /// A compound of unknown population.
        NoPopulation = "no_population",
    }
}

record! {
    /// A finding of the build, for the quality report.
    Finding {
        /// Name of the thing that it is about.
        name: Text,
        /// The problem.
        message: Text,
        /// Its position; [`Finding::NOWHERE`] for none.
        point: Point,
        /// Number of the own file, from 1; 0 for the map.
        source: u32,
        /// Its row in that file; 0 for none.
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
    /// The value of `point` for no position.
    pub const NOWHERE: Point = Point { lon: i32::MAX, lat: i32::MAX };
}
