//! The base map: every drawn thing, and where the walkable runs lie in it.

use crate::areas::{Area, polygons_square_metres};
use crate::describe::{Described, Drawn};
use crate::located::Located;
use crate::scan::Way;
use crate::shapes::Draft;
use crate::streets::Streets;
use circle_model::FeatureId;
use circle_model::city::{MapFeature, MapFeatureFlags, MapKind, OsmKind, Ring, RingRole, Span};
use circle_model::coordinates::Bounds;

/// Where runs ended up.
#[derive(Debug, Default)]
pub(crate) struct RunPlaces {
    /// Line of every run of the streets, in the city's points.
    pub(crate) run_lines: Vec<Span>,
    /// Feature of every run.
    pub(crate) run_features: Vec<FeatureId>,
    /// Multipolygons that do not close.
    pub(crate) not_closed: u64,
}

/// Draws everything.
pub(crate) fn draw(draft: &mut Draft, located: &Located, streets: &Streets, extract: Bounds) -> RunPlaces {
    let mut drawn = RunPlaces {
        run_lines: vec![Span::default(); streets.runs.len()],
        run_features: vec![FeatureId::default(); streets.runs.len()],
        not_closed: 0,
    };
    // Lines across pedestrian areas and outlines come on top.
    let points = located.scan.vertices.len() + streets.crossings.len();
    draft.tables.points.reserve(points + points / 4);
    draft.tables.features.reserve(located.scan.ways.len());
    draft.tables.rings.reserve(located.scan.ways.len());
    // Runs come in the order of their ways.
    let mut runs: Vec<usize> = (0..streets.runs.len()).collect();
    runs.sort_by_key(|number| streets.runs[*number].way);
    let mut runs = runs.as_slice();
    for (number, way) in located.scan.ways.iter().enumerate() {
        let of_way = runs.iter().take_while(|run| streets.runs[**run].way == number).count();
        if of_way > 0 {
            draw_street(draft, way, streets, &runs[..of_way], &mut drawn);
            runs = &runs[of_way..];
            continue;
        }
        let Some(described) = way.described.as_deref() else { continue };
        if described.wall {
            let wall = Drawn {
                kind: MapKind::Barrier,
                class: "wall".into(),
                flags: MapFeatureFlags::OBSTACLE,
                layer: 0,
            };
            draw_lines(draft, located, way, described, &wall);
        }
        let Some(style) = &described.feature else { continue };
        match style.kind {
            MapKind::Way | MapKind::Railway | MapKind::Waterway | MapKind::Barrier | MapKind::Place => {
                draw_lines(draft, located, way, described, style);
            }
            MapKind::Water | MapKind::Green | MapKind::Building | MapKind::Landuse => {
                let area = located.clipped_way_area(way, extract);
                draw_area(draft, way.id, OsmKind::Way, described, style, &area);
            }
        }
    }
    for relation in &located.scan.relations {
        let Some(style) = &relation.described.feature else { continue };
        let area = located.clipped_area(relation, extract);
        if area.polygons.is_empty() {
            drawn.not_closed += 1;
        }
        if style.kind != MapKind::Way {
            draw_area(draft, relation.id, OsmKind::Relation, &relation.described, style, &area);
        }
    }
    draw_places(draft, located);
    drawn
}

fn draw_street(draft: &mut Draft, way: &Way, streets: &Streets, runs: &[usize], drawn: &mut RunPlaces) {
    let outline = Described::default();
    let described = way.described.as_deref().unwrap_or(&outline);
    let plain =
        Drawn { kind: MapKind::Way, class: "pedestrian".into(), flags: MapFeatureFlags::empty(), layer: 0 };
    let style = described.feature.as_ref().unwrap_or(&plain);
    let start = draft.tables.rings.len() as u32;
    for number in runs {
        let run = &streets.runs[*number];
        let start = draft.tables.points.len() as u32;
        draft
            .tables
            .points
            .extend(streets.vertices[run.vertices.clone()].iter().map(|vertex| streets.point(*vertex)));
        let line = Span { start, len: run.vertices.len() as u32 };
        draft.tables.rings.push(Ring { line, role: u32::from(RingRole::Line.code()) });
        drawn.run_lines[*number] = line;
        drawn.run_features[*number] = FeatureId(draft.tables.features.len() as u32);
    }
    let rings = Span { start, len: draft.tables.rings.len() as u32 - start };
    push(draft, way.id, OsmKind::Way, described, style, rings, 0.0);
}

fn draw_lines(draft: &mut Draft, located: &Located, way: &Way, described: &Described, style: &Drawn) {
    let start = draft.tables.rings.len() as u32;
    for run in located.runs(way) {
        draft.ring(&located.points(run), RingRole::Line);
    }
    let rings = Span { start, len: draft.tables.rings.len() as u32 - start };
    if rings.len > 0 {
        push(draft, way.id, OsmKind::Way, described, style, rings, 0.0);
    }
}

fn draw_area(draft: &mut Draft, id: i64, kind: OsmKind, described: &Described, style: &Drawn, area: &Area) {
    if area.polygons.is_empty() {
        return;
    }
    let rings = draft.polygons(area);
    push(draft, id, kind, described, style, rings, polygons_square_metres(&area.polygons));
}

fn push(
    draft: &mut Draft,
    id: i64,
    kind: OsmKind,
    described: &Described,
    style: &Drawn,
    rings: Span,
    square_metres: f64,
) {
    let lines = &draft.tables.rings[rings.range()];
    let bounds = Bounds::of(lines.iter().flat_map(|ring| &draft.tables.points[ring.line.range()]).copied());
    let feature = MapFeature {
        osm_id: id,
        bounds,
        name: draft.texts.add_some(described.name.as_deref()),
        name_en: draft.texts.add_some(described.name_en.as_deref()),
        rings,
        class: draft.texts.add(&style.class),
        area_square_metres: square_metres as f32,
        kind: style.kind.code(),
        osm_kind: kind.code(),
        layer: style.layer,
        flags: style.flags,
    };
    draft.tables.features.push(feature);
}

fn draw_places(draft: &mut Draft, located: &Located) {
    for node in &located.scan.nodes {
        let Some(place) = &node.place else { continue };
        let start = draft.tables.rings.len() as u32;
        draft.ring(&[node.point], RingRole::Point);
        let described =
            Described { name: node.name.clone(), name_en: node.name_en.clone(), ..Described::default() };
        let style =
            Drawn { kind: MapKind::Place, class: place.clone(), flags: MapFeatureFlags::empty(), layer: 0 };
        push(draft, node.id, OsmKind::Node, &described, &style, Span { start, len: 1 }, 0.0);
    }
}
