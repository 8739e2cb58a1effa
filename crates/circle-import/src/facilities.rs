//! Facilities 设施: points, lines and areas of the catalogue, of the map and of own files, each real place
//! once, with its access points.

mod access;
mod candidates;
mod cells;
mod correction_index;
mod corrections;
mod draft;
mod duplicates;
mod islands;
mod join;
mod kinds;
mod mapped;
mod merge;
mod residents;
mod sites;
mod sizes;
mod stations;

pub(crate) use candidates::{DraftCandidate, find_candidates};
pub(crate) use draft::{EnteredFacility, SkippedFacilities};
pub(crate) use kinds::Kinds;

use crate::classify::Classifier;
use crate::compounds::DraftCompound;
use crate::keys::{of_place, other_than_object};
use crate::network::{BaseMap, Network, StreetGrid};
use crate::own::{OwnCorrection, OwnFacility, Report, osm_of};
use crate::scan::Located;
use crate::zones::Judged;
use access::{Entrances, access_points};
use circle_sheet::OwnLayer;
use draft::DraftFacility;
use islands::Islands;
use residents::ClosedCompounds;

/// All facilities.
#[derive(Debug, Default)]
pub(crate) struct Facilities {
    pub(crate) list: Vec<EnteredFacility>,
    pub(crate) skipped: SkippedFacilities,
}

/// The inputs that facilities are found in.
#[derive(Clone, Copy)]
pub(crate) struct Surroundings<'a> {
    pub(crate) located: &'a Located,
    pub(crate) compounds: &'a [DraftCompound],
    pub(crate) judged: &'a [Judged],
    pub(crate) network: &'a Network,
    pub(crate) map: &'a BaseMap<'a>,
    pub(crate) grid: &'a StreetGrid<'a>,
}

/// Finds the facilities of the map, joins own rows with them, applies corrections, and finds the access
/// points.
pub(crate) fn find(
    around: Surroundings<'_>,
    (classifier, kinds): (&Classifier, &Kinds),
    (own, corrections): (Vec<OwnFacility>, Vec<OwnCorrection>),
    report: &mut Report<'_>,
) -> Facilities {
    let mut places: Vec<DraftFacility> = own.into_iter().map(DraftFacility::own).collect();
    let own_rows = places.len();
    let without_shape = mapped::find(&mut places, around.located);
    let skipped = join::join(&mut places, own_rows, report, classifier, kinds);
    let skipped = SkippedFacilities { without_shape, ..skipped };
    sizes::reclassify(&mut places, kinds);
    corrections::apply(&mut places, &corrections, classifier, report);
    let entrances = Entrances::find(around.located);
    let islands = Islands::find(around.network, around.map);
    let compounds = ClosedCompounds::new(around.compounds, around.judged);
    let entered = |facility: DraftFacility| {
        let open_ground = kinds.is_open_ground(&facility.classified.categories);
        EnteredFacility {
            access: access_points(&facility, open_ground, &entrances, &islands, around.grid),
            only_for: compounds.only_for(&facility, kinds),
            key: stored_key(&facility),
            facility,
        }
    };
    Facilities { list: places.into_iter().map(entered).collect(), skipped }
}

/// The key of a facility, unless it is that of its first object on the map.
fn stored_key(facility: &DraftFacility) -> Option<String> {
    let first = osm_of(&facility.origins);
    let object = facility.named_by.unwrap_or(first);
    if object == first && first.1 != 0 {
        return None;
    }
    other_than_object(of_place(&facility.origins, Some(object), OwnLayer::Facilities), first)
}
