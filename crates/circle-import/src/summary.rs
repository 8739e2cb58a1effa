//! What a city was made from, and what was left out.

use crate::blobs::Extract;
use crate::error::ImportError;
use crate::features::RunPlaces;
use crate::located::Located;
use crate::network::Made;
use crate::shapes::Draft;
use crate::streets::Streets;
use crate::{compounds, facilities};
use circle_model::Catalogue;
use circle_model::city::{EdgeFlags, Input, Meta, NetworkSummary, Skipped};
use circle_model::coordinates::Bounds;
use std::path::Path;

/// Names and hashes of the extracts, and of the files of heights.
pub(crate) fn inputs(
    extracts: &[Extract],
    elevation: &[&Path],
) -> Result<(Vec<Input>, Vec<Input>), ImportError> {
    let of_extract = |extract: &Extract| Ok(Input { name: extract.name(), sha256: extract.sha256()? });
    let of_heights = |path: &&Path| {
        let bytes =
            std::fs::read(path).map_err(|reason| ImportError::Io { path: path.to_path_buf(), reason })?;
        Ok(Input::of(path, &bytes))
    };
    let extracts = extracts.iter().map(of_extract).collect::<Result<_, ImportError>>()?;
    Ok((extracts, elevation.iter().map(of_heights).collect::<Result<_, ImportError>>()?))
}

pub(crate) fn nothing_to_walk(extracts: &[Extract], located: &Located) -> ImportError {
    let counts = &located.scan.counts;
    ImportError::NothingToWalk {
        path: extracts.first().map(|extract| extract.path().to_owned()).unwrap_or_default(),
        nodes: counts.nodes,
        ways: counts.ways,
        relations: counts.relations,
    }
}

/// The extracts' own boxes where all have one, else the box around what is walked.
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

pub(crate) fn skipped(
    located: &Located,
    streets: &Streets,
    places: &RunPlaces,
    made: &Made,
    compounds: compounds::Skipped,
    facilities: facilities::Skipped,
    units_without_outline: u64,
) -> Skipped {
    let counts = &located.scan.counts;
    [
        ("compounds_mapped_twice", compounds.duplicates),
        ("compounds_over_20_km_across", compounds.too_large),
        ("compounds_without_outline", compounds.without_outline),
        ("facilities_mapped_twice", facilities.duplicates),
        ("facilities_parts_of_a_site", facilities.parts),
        ("facilities_private", counts.private_facilities),
        ("named_places_without_category", counts.no_category),
        ("facilities_without_shape", facilities.without_shape),
        ("multipolygons_not_closed", places.not_closed),
        ("nodes_off_the_globe", counts.impossible_coordinates),
        ("pedestrian_areas_with_too_many_entries", made.crowded_areas),
        ("references_to_missing_nodes", located.missing),
        ("tunnels_too_long_to_walk", streets.long_tunnels),
        ("units_without_outline", units_without_outline),
        ("ways_forbidden_to_walkers", counts.ways_forbidden),
        ("ways_of_classes_not_walked", counts.ways_not_walked),
    ]
    .into_iter()
    .map(|(reason, count)| (reason.to_owned(), count))
    .chain(compounds.without_homes)
    .collect()
}

pub(crate) fn meta(
    extracts: &[Extract],
    inputs: Vec<Input>,
    located: &Located,
    draft: &Draft,
    bounds: Bounds,
    skipped: Skipped,
    catalogue: &Catalogue,
) -> Meta {
    let tables = &draft.tables;
    // Lines across pedestrian areas are ways to walk, but no kilometres of way.
    let ways = || tables.edges.iter().filter(|edge| !edge.has(EdgeFlags::AREA));
    let metres: f64 = ways().map(|edge| f64::from(edge.length_mm) / 1000.0).sum();
    let in_one_piece = ways().filter(|edge| tables.nodes[edge.from.index()].component.is_largest());
    let largest: f64 = in_one_piece.map(|edge| f64::from(edge.length_mm) / 1000.0).sum();
    let declared = extracts.iter().filter_map(|extract| extract.timestamp).max();
    let newest = declared.or(Some(located.scan.counts.newest_timestamp).filter(|time| *time > 0));
    Meta {
        inputs,
        data_date: newest
            .and_then(|time| jiff::Timestamp::from_second(time).ok())
            .map(|time| time.to_string()),
        bounds: (!bounds.is_empty()).then(|| bounds.degrees()),
        network: NetworkSummary {
            nodes: tables.nodes.len(),
            edges: tables.edges.len(),
            walkable_km: (metres).round() / 1000.0,
            components: tables.component_metres.len(),
            largest_component_share: if metres > 0.0 { (largest / metres * 1e4).round() / 1e4 } else { 0.0 },
        },
        skipped,
        built_by: concat!("living-circle ", env!("CARGO_PKG_VERSION")).to_owned(),
        catalogue: catalogue.fingerprint(),
        ..Meta::default()
    }
}
