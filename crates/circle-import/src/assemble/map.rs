//! Writes the base map and the network.

use super::writer::Writer;
use crate::network::{BaseMap, DraftEdge, DraftNode, Network, Slopes};
use crate::zones::Zones;
use circle_model::ZoneId;
use circle_model::city::{Edge, EdgeEndFlags, MapFeature, Node};

/// Writes the base map. Its points and rings come before all others.
pub(super) fn write_map(writer: &mut Writer, map: BaseMap<'_>) {
    writer.shapes = map.shapes;
    writer.tables.features.reserve(map.features.len());
    for feature in map.features {
        let row = MapFeature {
            osm_id: feature.osm_id,
            bounds: feature.bounds,
            name: writer.texts.add_some(feature.name),
            name_en: writer.texts.add_some(feature.name_en),
            rings: feature.rings,
            class: writer.texts.add(feature.style.class),
            area_square_metres: feature.square_metres as f32,
            kind: feature.style.kind.code(),
            osm_kind: feature.osm_kind.code(),
            layer: feature.style.layer,
            flags: feature.style.flags,
        };
        writer.tables.features.push(row);
    }
}

/// Writes nodes and edges with their ends, slopes and zones. The points of plazas come after those of the base map.
pub(super) fn write_network(
    writer: &mut Writer,
    network: Network,
    ends: &[[EdgeEndFlags; 2]],
    slopes: Slopes,
    zones: &Zones,
) {
    writer.shapes.add_line(network.plaza_points);
    writer.tables.nodes = network.nodes.iter().map(node_row).collect();
    let edges = network.edges.iter().zip(&zones.of_edges).zip(ends);
    writer.tables.edges = edges.map(|((edge, zone), ends)| edge_row(edge, *zone, *ends)).collect();
    writer.tables.slopes = slopes.of_edges;
    writer.tables.zones.clone_from(&zones.zones);
    writer.tables.component_metres = network.component_metres;
}

fn node_row(node: &DraftNode) -> Node {
    Node { point: node.point, osm_id: node.osm_id, flags: node.flags, component: node.component }
}

fn edge_row(edge: &DraftEdge, zone: ZoneId, ends: [EdgeEndFlags; 2]) -> Edge {
    Edge {
        from: edge.from,
        to: edge.to,
        length_mm: edge.length.0,
        way: edge.way,
        zone,
        flags: edge.flags,
        ends,
        line: edge.line,
    }
}
