//! The base map: land, green, water, buildings, railways and streets, in pale colours so that the bands stand
//! out.

use super::view::View;
use crate::colour::Colour;
use crate::path::{Path, Xy};
use crate::scene::{Item, Paint, Shape, Stroke};
use crate::style::Style;
use circle_model::city::{MapFeature, MapFeatureFlags, MapKind, RingRole};
use circle_model::{City, CompoundId};

/// What is drawn under the bands and over them.
#[derive(Debug, Default)]
pub(crate) struct Ground {
    pub(crate) below: Vec<Item>,
    pub(crate) streets: Vec<Item>,
    /// The map area without water. Bands are clipped to it: nobody walks on water, even where a pier widens a
    /// band.
    pub(crate) land: Path,
    /// Streets with a name.
    pub(crate) named: Vec<NamedStreet>,
}

/// A piece of a named street on the page.
#[derive(Debug)]
pub(crate) struct NamedStreet {
    pub(crate) name: String,
    /// Importance; larger is more important.
    pub(crate) rank: u8,
    pub(crate) line: Vec<Xy>,
}

/// A class of ways, the least important first.
struct Streets {
    classes: &'static [&'static str],
    rank: u8,
    /// Width on the ground in metres; the next field is the minimum width at A1 in millimetres.
    metres: f64,
    least: f64,
}

const STREETS: [Streets; 6] = [
    Streets { classes: &["service", "track"], rank: 1, metres: 5.0, least: 0.7 },
    Streets {
        classes: &["residential", "unclassified", "living_street", "pedestrian", "road"],
        rank: 2,
        metres: 9.0,
        least: 1.3,
    },
    Streets { classes: &["tertiary", "tertiary_link"], rank: 3, metres: 13.0, least: 1.9 },
    Streets {
        classes: &["secondary", "secondary_link", "primary_link", "trunk_link", "motorway_link"],
        rank: 4,
        metres: 16.0,
        least: 2.4,
    },
    Streets { classes: &["primary"], rank: 5, metres: 20.0, least: 3.0 },
    Streets { classes: &["trunk", "motorway"], rank: 6, metres: 22.0, least: 3.2 },
];
/// Classes of ways for pedestrians only.
const PATHS: [&str; 5] = ["footway", "path", "steps", "cycleway", "bridleway"];

pub(super) fn draw(city: &City, view: &View, style: &Style<'_>) -> Ground {
    let colour = |name: &str| style.look.map(name);
    let bounds = view.bounds();
    let mut areas: [Path; 8] = Default::default();
    let [block, block_work, block_school, green, wood, farmland, water, building] = &mut areas;
    let (mut waterways, mut railways, mut paths) = (Path::default(), Path::default(), Path::default());
    let mut streets: [Path; STREETS.len()] = Default::default();
    let mut named = Vec::new();
    let tiny = 0.4 * style.scale * style.scale;
    for feature in city.features() {
        if !feature.bounds.intersects(&bounds) {
            continue;
        }
        let class = city.text(feature.class);
        match feature.map_kind() {
            MapKind::Landuse => match class {
                "industrial" | "railway" | "commercial" | "retail" => {
                    area(city, view, feature, tiny, block_work);
                }
                "education" | "medical" => area(city, view, feature, tiny, block_school),
                "residential" => area(city, view, feature, tiny, block),
                // Other kinds of features are not drawn.
                _ => {}
            },
            MapKind::Green => match class {
                "wood" => area(city, view, feature, tiny, wood),
                "farmland" => area(city, view, feature, tiny, farmland),
                _ => area(city, view, feature, tiny, green),
            },
            MapKind::Water => area(city, view, feature, tiny, water),
            MapKind::Building => area(city, view, feature, tiny, building),
            MapKind::Waterway => {
                if !feature.has(MapFeatureFlags::TUNNEL) {
                    lines(city, view, feature, |line| waterways.add_line(&line));
                }
            }
            MapKind::Railway => {
                if !feature.has(MapFeatureFlags::TUNNEL) && class != "subway" {
                    lines(city, view, feature, |line| railways.add_line(&line));
                }
            }
            MapKind::Way => {
                if feature.has(MapFeatureFlags::TUNNEL) {
                    continue;
                }
                if PATHS.contains(&class) {
                    lines(city, view, feature, |line| paths.add_line(&line));
                    continue;
                }
                let Some(at) = STREETS.iter().position(|street| street.classes.contains(&class)) else {
                    continue;
                };
                let name = city.text_or_none(feature.name).filter(|_| !class.ends_with("_link"));
                lines(city, view, feature, |line| {
                    streets[at].add_line(&line);
                    if let Some(name) = name {
                        named.push(NamedStreet { name: name.to_owned(), rank: STREETS[at].rank, line });
                    }
                });
            }
            MapKind::Barrier | MapKind::Place => {}
        }
    }
    let mut land = Path::rectangle(view.area);
    land.0.extend_from_slice(&water.0);
    let mut below = vec![fill(Path::rectangle(view.area), colour("ground"))];
    let names = ["block", "block_work", "block_school", "green", "wood", "farmland", "water", "building"];
    let mut filled: Vec<Item> =
        areas.into_iter().zip(names).map(|(path, name)| fill(path, colour(name))).collect();
    if let Some(Item::Shape(buildings)) = filled.last_mut() {
        buildings.stroke = Some(Stroke::solid(colour("building_line"), style.hairline));
    }
    let buildings = filled.pop();
    below.extend(filled);
    below.push(stroke(waterways, Stroke::solid(colour("water"), (6.0 * view.scale).max(0.8 * style.scale))));
    below.extend(buildings);
    let mut over = Vec::new();
    let width = |street: &Streets| (street.metres * view.scale).max(street.least * style.scale);
    for (path, street) in streets.iter().zip(&STREETS) {
        let casing = width(street) + style.hairline * 3.0;
        over.push(stroke(path.clone(), Stroke::solid(colour("casing"), casing)));
    }
    over.push(stroke(
        paths,
        Stroke::dashed(colour("path"), 0.45 * style.scale, [1.6 * style.scale, 1.2 * style.scale]),
    ));
    for (path, street) in streets.into_iter().zip(&STREETS) {
        over.push(stroke(path, Stroke::solid(colour("street"), width(street))));
    }
    let rail = 0.9 * style.scale;
    over.push(stroke(railways.clone(), Stroke::solid(colour("railway"), rail)));
    let dash =
        Stroke { butt: true, ..Stroke::dashed(colour("ground"), rail * 0.6, [rail * 2.6, rail * 2.6]) };
    over.push(stroke(railways, dash));
    Ground { below, streets: over, land, named }
}

/// Draws the board's compound.
pub(super) fn compound(city: &City, view: &View, style: &Style<'_>, compound: CompoundId) -> Vec<Item> {
    let mut path = Path::default();
    for ring in city.rings_of(city.compounds()[compound.index()].rings) {
        path.add_ring(&view.ring(city.line(ring.line)));
    }
    vec![Item::Shape(Shape {
        path,
        fill: Some(Paint { colour: style.here, opacity: 0.16 }),
        stroke: Some(Stroke::solid(style.here, 0.8 * style.scale)),
        even_odd: false,
    })]
}

fn fill(path: Path, colour: Colour) -> Item {
    Item::Shape(Shape { path, fill: Some(colour.into()), stroke: None, even_odd: false })
}

fn stroke(path: Path, stroke: Stroke) -> Item {
    Item::Shape(Shape { path, fill: None, stroke: Some(stroke), even_odd: false })
}

/// Adds the rings of an area, without those too small to be seen.
fn area(city: &City, view: &View, feature: &MapFeature, tiny: f64, path: &mut Path) {
    for ring in city.rings_of(feature.rings) {
        if matches!(RingRole::from_code(ring.role as u8), RingRole::Line | RingRole::Point) {
            continue;
        }
        // Outer rings and holes have opposite orientation, so that overlapping areas stay filled.
        let is_hole = RingRole::from_code(ring.role as u8) == RingRole::Inner;
        let mut ring = view.ring(city.line(ring.line));
        let square = square(&ring);
        if ring.len() > 2 && square.abs() > tiny {
            if (square < 0.0) != is_hole {
                ring.reverse();
            }
            path.add_ring(&ring);
        }
    }
}

fn square(ring: &[Xy]) -> f64 {
    let pairs = ring.iter().zip(ring.iter().cycle().skip(1));
    pairs.map(|(a, b)| a[0] * b[1] - b[0] * a[1]).sum::<f64>() / 2.0
}

fn lines(city: &City, view: &View, feature: &MapFeature, mut add: impl FnMut(Vec<Xy>)) {
    for ring in city.rings_of(feature.rings) {
        if RingRole::from_code(ring.role as u8) != RingRole::Point {
            view.line(city.line(ring.line)).into_iter().for_each(&mut add);
        }
    }
}
