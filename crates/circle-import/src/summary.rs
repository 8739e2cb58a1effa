//! The summary of a city: its inputs, its extent, its network in figures, and counts of what was skipped.

use crate::compounds::SkippedCompounds;
use crate::error::ImportError;
use crate::facilities::SkippedFacilities;
use crate::network::{DraftEdge, Network};
use crate::scan::{Extract, Located};
use circle_model::city::{EdgeFlags, Input, Meta, NetworkSummary, Skipped};
use circle_model::coordinates::Bounds;
use std::path::Path;

/// Names and hashes of the extracts, and of the elevation files.
///
/// # Errors
/// If a file cannot be read.
pub(crate) fn inputs(
    extracts: &[Extract],
    elevation: &[&Path],
) -> Result<(Vec<Input>, Vec<Input>), ImportError> {
    let of_extract = |extract: &Extract| Ok(Input { name: extract.name(), sha256: extract.sha256()? });
    let of_heights = |path: &&Path| {
        Input::of_file(path).map_err(|reason| ImportError::Io { path: path.to_path_buf(), reason })
    };
    let extracts = extracts.iter().map(of_extract).collect::<Result<_, ImportError>>()?;
    Ok((extracts, elevation.iter().map(of_heights).collect::<Result<_, ImportError>>()?))
}

/// The error for extracts without any walkable way.
pub(crate) fn nothing_to_walk(extracts: &[Extract], located: &Located) -> ImportError {
    let counts = &located.scan.counts;
    ImportError::NothingToWalk {
        path: extracts.first().map(|extract| extract.path().to_owned()).unwrap_or_default(),
        nodes: counts.nodes,
        ways: counts.ways,
        relations: counts.relations,
    }
}

/// The bounding boxes of the extracts if all have one, else the box around walkable ways.
pub(crate) fn bounds(extracts: &[Extract], located: &Located) -> Bounds {
    let declared: Option<Vec<[f64; 4]>> = extracts.iter().map(|extract| extract.bounds).collect();
    let mut bounds = Bounds::EMPTY;
    for [west, south, east, north] in declared.unwrap_or_default() {
        for (lon, lat) in [(west, south), (east, north)] {
            if let Some(corner) = circle_model::LonLat::new(lon, lat) {
                bounds.include(corner.point());
            }
        }
    }
    if bounds.is_empty() || bounds.west == bounds.east || bounds.south == bounds.north {
        let walked = located
            .scan
            .ways
            .iter()
            .filter(|way| way.described.as_deref().is_some_and(|described| described.walk.is_some()));
        bounds = Bounds::of(walked.flat_map(|way| located.runs(way)).flat_map(|run| located.points(run)));
    }
    bounds
}

/// The metadata from the extracts and the network: date, extent, figures, and counts of skipped objects.
pub(crate) fn meta(
    extracts: &[Extract],
    located: &Located,
    bounds: Bounds,
    network: &Network,
    by_stage: SkippedByStage,
) -> Meta {
    Meta {
        data_date: data_date(extracts, located),
        bounds: (!bounds.is_empty()).then(|| bounds.degrees()),
        network: network_summary(network),
        skipped: skipped(located, by_stage),
        built_by: concat!("living-circle ", env!("CARGO_PKG_VERSION")).to_owned(),
        ..Meta::default()
    }
}

/// The date of the data: the one in the headers, else the newest timestamp of an object.
fn data_date(extracts: &[Extract], located: &Located) -> Option<String> {
    let declared = extracts.iter().filter_map(|extract| extract.timestamp).max();
    let newest = Some(located.scan.counts.newest_timestamp).filter(|time| *time > 0);
    let time = jiff::Timestamp::from_second(declared.or(newest)?).ok()?;
    Some(time.to_string())
}

/// The network in figures.
fn network_summary(network: &Network) -> NetworkSummary {
    // Lines across pedestrian areas are edges, but do not count as ways.
    let ways = || network.edges.iter().filter(|edge| !edge.has(EdgeFlags::AREA));
    let metres: f64 = ways().map(DraftEdge::metres).sum();
    let of_largest = ways().filter(|edge| network.component(edge).is_largest());
    let largest: f64 = of_largest.map(DraftEdge::metres).sum();
    NetworkSummary {
        nodes: network.nodes.len(),
        edges: network.edges.len(),
        walkable_km: (metres).round() / 1000.0,
        components: network.component_metres.len(),
        largest_component_share: if metres > 0.0 { (largest / metres * 1e4).round() / 1e4 } else { 0.0 },
    }
}

/// Counts of skipped objects by stage.
#[derive(Debug)]
pub(crate) struct SkippedByStage {
    pub(crate) compounds: SkippedCompounds,
    pub(crate) facilities: SkippedFacilities,
    pub(crate) long_tunnels: u64,
    pub(crate) multipolygons_not_closed: u64,
    pub(crate) crowded_plazas: u64,
    pub(crate) edges_without_height: u64,
    pub(crate) units_without_outline: u64,
}

/// Counts of skipped objects by reason.
fn skipped(located: &Located, by_stage: SkippedByStage) -> Skipped {
    let counts = &located.scan.counts;
    let SkippedByStage { compounds, facilities, .. } = by_stage;
    [
        ("compounds_mapped_twice", compounds.duplicates),
        ("compounds_over_20_km_across", compounds.too_large),
        ("compounds_without_outline", compounds.without_outline),
        ("edges_without_height", by_stage.edges_without_height),
        ("facilities_mapped_twice", facilities.duplicates),
        ("facilities_parts_of_a_site", facilities.parts),
        ("facilities_private", counts.private_facilities),
        ("named_places_without_category", counts.no_category),
        ("facilities_without_shape", facilities.without_shape),
        ("multipolygons_not_closed", by_stage.multipolygons_not_closed),
        ("nodes_off_the_globe", counts.impossible_coordinates),
        ("pedestrian_areas_with_too_many_entries", by_stage.crowded_plazas),
        ("references_to_missing_nodes", located.missing),
        ("tunnels_too_long_to_walk", by_stage.long_tunnels),
        ("units_without_outline", by_stage.units_without_outline),
        ("ways_forbidden_to_walkers", counts.ways_forbidden),
        ("ways_of_classes_not_walked", counts.ways_not_walked),
    ]
    .into_iter()
    .map(|(reason, count)| (reason.to_owned(), count))
    .chain(compounds.without_homes)
    .collect()
}
