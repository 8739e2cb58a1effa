//! The base map: every drawn object, and the positions of the lines of walkable runs in it.

use super::streets::Streets;
use crate::geometry::{Area, Shapes, polygons_square_metres};
use crate::scan::{Described, Located, Way};
use circle_model::FeatureId;
use circle_model::city::{MapFeatureFlags, MapKind, OsmKind, RingRole, Span};
use circle_model::coordinates::Bounds;

/// The drawn objects, ways first, then relations, then place names.
#[derive(Debug, Default)]
pub(crate) struct BaseMap<'a> {
    pub(crate) features: Vec<DraftFeature<'a>>,
    pub(crate) shapes: Shapes,
    /// The line of every run of the streets, in the points of `shapes`.
    pub(super) run_lines: Vec<Span>,
    /// The feature of every run.
    pub(super) run_features: Vec<FeatureId>,
    /// Count of multipolygons that do not close.
    pub(crate) not_closed: u64,
}

/// A drawn object.
#[derive(Debug)]
pub(crate) struct DraftFeature<'a> {
    pub(crate) osm_id: i64,
    pub(crate) osm_kind: OsmKind,
    pub(crate) name: Option<&'a str>,
    pub(crate) name_en: Option<&'a str>,
    pub(crate) style: Style<'a>,
    pub(crate) bounds: Bounds,
    /// In the rings of [`BaseMap::shapes`].
    pub(crate) rings: Span,
    /// 0 for lines.
    pub(crate) square_metres: f64,
}

/// The style of a drawn object.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Style<'a> {
    pub(crate) kind: MapKind,
    pub(crate) class: &'a str,
    pub(crate) flags: MapFeatureFlags,
    pub(crate) layer: i8,
}

impl<'a> Style<'a> {
    const fn plain(kind: MapKind, class: &'a str) -> Self {
        Self { kind, class, flags: MapFeatureFlags::empty(), layer: 0 }
    }

    fn of(described: &'a Described) -> Option<Self> {
        let drawn = described.feature.as_ref()?;
        Some(Self { kind: drawn.kind, class: &drawn.class, flags: drawn.flags, layer: drawn.layer })
    }
}

/// Draws everything. Areas that the extract cut are closed along its box.
pub(crate) fn draw<'a>(located: &'a Located, streets: &Streets, extract: Bounds) -> BaseMap<'a> {
    let mut map = BaseMap {
        run_lines: vec![Span::default(); streets.runs.len()],
        run_features: vec![FeatureId::default(); streets.runs.len()],
        ..BaseMap::default()
    };
    // Lines across pedestrian areas and outlines are added later.
    let points = located.scan.vertices.len() + streets.crossings.len();
    map.shapes.points.reserve(points + points / 4);
    map.shapes.rings.reserve(located.scan.ways.len());
    map.features.reserve(located.scan.ways.len());
    // Runs are taken in the order of their ways.
    let mut runs: Vec<usize> = (0..streets.runs.len()).collect();
    runs.sort_by_key(|number| streets.runs[*number].way);
    let mut runs = runs.as_slice();
    for (number, way) in located.scan.ways.iter().enumerate() {
        let of_way = runs.iter().take_while(|run| streets.runs[**run].way == number).count();
        if of_way > 0 {
            map.add_street(way, streets, &runs[..of_way]);
            runs = &runs[of_way..];
            continue;
        }
        if let Some(described) = way.described.as_deref() {
            map.add_way(way, described, located, extract);
        }
    }
    for relation in &located.scan.relations {
        let Some(style) = Style::of(&relation.described) else { continue };
        let area = located.clipped_area(relation, extract);
        if area.polygons.is_empty() {
            map.not_closed += 1;
        }
        if style.kind != MapKind::Way {
            map.add_area((OsmKind::Relation, relation.id), &relation.described, style, &area);
        }
    }
    map.add_places(located);
    map
}

impl<'a> BaseMap<'a> {
    fn add_street(&mut self, way: &'a Way, streets: &Streets, runs: &[usize]) {
        let described = way.described.as_deref();
        let style = described.and_then(Style::of).unwrap_or(Style::plain(MapKind::Way, "pedestrian"));
        let start = self.shapes.rings.len();
        for number in runs {
            let vertices = &streets.vertices[streets.runs[*number].vertices.clone()];
            let points = vertices.iter().map(|vertex| streets.point(*vertex));
            self.run_lines[*number] = self.shapes.add_ring(points, RingRole::Line);
            self.run_features[*number] = FeatureId(self.features.len() as u32);
        }
        let names = described.map(Names::of).unwrap_or_default();
        self.add_feature((OsmKind::Way, way.id), names, style, start, 0.0);
    }

    /// Adds a way that is not walked.
    fn add_way(&mut self, way: &'a Way, described: &'a Described, located: &Located, extract: Bounds) {
        if described.wall {
            let wall = Style { flags: MapFeatureFlags::OBSTACLE, ..Style::plain(MapKind::Barrier, "wall") };
            self.add_lines(way, described, wall, located);
        }
        let Some(style) = Style::of(described) else { return };
        match style.kind {
            MapKind::Way | MapKind::Railway | MapKind::Waterway | MapKind::Barrier | MapKind::Place => {
                self.add_lines(way, described, style, located);
            }
            MapKind::Water | MapKind::Green | MapKind::Building | MapKind::Landuse => {
                let area = located.clipped_way_area(way, extract);
                self.add_area((OsmKind::Way, way.id), described, style, &area);
            }
        }
    }

    fn add_lines(&mut self, way: &Way, described: &'a Described, style: Style<'a>, located: &Located) {
        let start = self.shapes.rings.len();
        for run in located.runs(way) {
            self.shapes.add_ring(located.points(run), RingRole::Line);
        }
        if self.shapes.rings.len() > start {
            self.add_feature((OsmKind::Way, way.id), Names::of(described), style, start, 0.0);
        }
    }

    fn add_area(&mut self, object: (OsmKind, i64), described: &'a Described, style: Style<'a>, area: &Area) {
        if area.polygons.is_empty() {
            return;
        }
        let start = self.shapes.rings.len();
        self.shapes.add_polygons(area);
        let square_metres = polygons_square_metres(&area.polygons);
        self.add_feature(object, Names::of(described), style, start, square_metres);
    }

    fn add_places(&mut self, located: &'a Located) {
        for node in &located.scan.nodes {
            let Some(place) = &node.place else { continue };
            let start = self.shapes.rings.len();
            self.shapes.add_ring([node.point], RingRole::Point);
            let names = Names { name: node.name.as_deref(), name_en: node.name_en.as_deref() };
            let style = Style::plain(MapKind::Place, place);
            self.add_feature((OsmKind::Node, node.id), names, style, start, 0.0);
        }
    }

    /// Adds a feature whose rings are those since `start`.
    fn add_feature(
        &mut self,
        (osm_kind, osm_id): (OsmKind, i64),
        Names { name, name_en }: Names<'a>,
        style: Style<'a>,
        start: usize,
        square_metres: f64,
    ) {
        let rings = self.shapes.rings_since(start);
        let bounds = Bounds::of(self.shapes.points_of(rings));
        let feature = DraftFeature { osm_id, osm_kind, name, name_en, style, bounds, rings, square_metres };
        self.features.push(feature);
    }
}

/// The names of an object.
#[derive(Debug, Clone, Copy, Default)]
struct Names<'a> {
    name: Option<&'a str>,
    name_en: Option<&'a str>,
}

impl<'a> Names<'a> {
    fn of(described: &'a Described) -> Self {
        Self { name: described.name.as_deref(), name_en: described.name_en.as_deref() }
    }
}
