//! A walk as `GeoJSON`: a feature for every leg and way, and the barriers to a shorter walk.

use crate::geometry::position;
use crate::number::Thousandths;
use crate::origin::OriginGate;
use crate::statement::Statement;
use crate::written::json_line;
use circle_model::city::{EdgeEndFlags, OsmKind};
use circle_model::{City, FeatureId, Point, Profile};
use circle_reach::{Barred, Barrier, Explained, Part, Status, Surface, Wait};
use geojson::{Geometry, GeometryValue};
use serde::Serialize;

#[derive(Serialize)]
struct Collection<'a> {
    r#type: &'static str,
    features: Vec<Feature<'a>>,
    walk: WalkSummary,
    #[serde(skip_serializing_if = "Option::is_none")]
    barred: Option<Vec<BarredSummary<'a>>>,
    edition: String,
    statement: Statement,
}

#[derive(Serialize)]
struct WalkSummary {
    status: &'static str,
    walk_seconds: Option<Thousandths>,
    walk_metres: Option<Thousandths>,
    from_access_metres: Option<Thousandths>,
    to_access_metres: Option<Thousandths>,
    wait_seconds: Option<Thousandths>,
    from_through_buildings: bool,
    to_through_buildings: bool,
    /// The gate where a walk from a compound begins.
    #[serde(skip_serializing_if = "Option::is_none")]
    gate: Option<OriginGate>,
    /// The access point where a walk to a facility ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    entered_at: Option<[f64; 2]>,
}

#[derive(Serialize)]
struct Feature<'a> {
    r#type: &'static str,
    geometry: Geometry,
    properties: Properties<'a>,
}

#[derive(Serialize)]
struct Properties<'a> {
    number: usize,
    kind: &'static str,
    name: Option<&'a str>,
    class: Option<&'a str>,
    osm_id: Option<String>,
    steps: bool,
    walk_seconds: Thousandths,
    walk_metres: Thousandths,
    waits: Vec<WaitSummary>,
}

#[derive(Serialize)]
struct WaitSummary {
    r#for: &'static str,
    seconds: Thousandths,
    lon: f64,
    lat: f64,
}

#[derive(Serialize)]
struct BarredSummary<'a> {
    reason: &'static str,
    name: Option<&'a str>,
    compound_id: Option<String>,
    osm_id: Option<String>,
    lon: f64,
    lat: f64,
    /// Walking time without the barriers.
    walk_seconds_without: Thousandths,
}

/// Writes a `FeatureCollection` of the walk's parts in order, with `walk`, `barred`, `edition` and `statement`.
///
/// Without `with_barred` the member `barred` is absent: an empty list would say that nothing bars a shorter walk.
pub fn explain_geojson(city: &City, profile: &Profile, explained: &Explained, with_barred: bool) -> Vec<u8> {
    let walk = &explained.walk;
    let figure = |value: Thousandths| (walk.status == Status::Ok).then_some(value);
    let waited = explained.parts.iter().flat_map(|part| &part.waits).map(|wait| wait.time.0).sum::<u32>();
    let [from_through_buildings, to_through_buildings] = explained.through_buildings;
    json_line(&Collection {
        r#type: "FeatureCollection",
        features: explained
            .parts
            .iter()
            .enumerate()
            .map(|(number, part)| feature(city, number, part))
            .collect(),
        walk: WalkSummary {
            status: walk.status.word(),
            walk_seconds: figure(walk.time.into()),
            walk_metres: figure(walk.length.into()),
            from_access_metres: figure(walk.from_access.into()),
            to_access_metres: figure(walk.to_access.into()),
            wait_seconds: figure(circle_model::Milliseconds(waited).into()),
            from_through_buildings,
            to_through_buildings,
            gate: explained.gate.map(|gate| OriginGate::of(city, gate)),
            entered_at: explained.entered_at.map(place).map(|(lon, lat)| [lon, lat]),
        },
        barred: with_barred
            .then(|| explained.barred.iter().map(|barred| barred_summary(city, barred)).collect()),
        edition: city.edition().to_string(),
        statement: Statement::of(city).walked_as(profile),
    })
}

fn feature<'a>(city: &'a City, number: usize, part: &Part) -> Feature<'a> {
    let (kind, way, steps) = match part.surface {
        Surface::Leg => ("leg", None, false),
        Surface::Straight => ("straight", None, false),
        Surface::Way(way, steps) => ("way", city.features().get(way.index()), steps),
    };
    let coordinates = part.line.iter().copied().map(position).collect();
    Feature {
        r#type: "Feature",
        geometry: Geometry::new(GeometryValue::LineString { coordinates }),
        properties: Properties {
            number: number + 1,
            kind,
            name: way.map(|way| city.text(way.name)).filter(|name| !name.is_empty()),
            class: way.map(|way| city.text(way.class)),
            osm_id: way.map(|way| osm_id(way.osm_kind, way.osm_id)),
            steps,
            walk_seconds: part.time.into(),
            walk_metres: part.length.into(),
            waits: part.waits.iter().map(wait_summary).collect(),
        },
    }
}

fn wait_summary(wait: &Wait) -> WaitSummary {
    let what = match wait.what {
        EdgeEndFlags::SIGNALS => "signals",
        EdgeEndFlags::CROSSING => "crossing",
        EdgeEndFlags::LIFT => "lift",
        EdgeEndFlags::GATE => "gate",
        _ => "footbridge",
    };
    let (lon, lat) = place(wait.at);
    WaitSummary { r#for: what, seconds: wait.time.into(), lon, lat }
}

fn barred_summary<'a>(city: &'a City, barred: &Barred) -> BarredSummary<'a> {
    let (lon, lat) = place(barred.at);
    let mut summary = BarredSummary {
        reason: "",
        name: None,
        compound_id: None,
        osm_id: None,
        lon,
        lat,
        walk_seconds_without: barred.time.into(),
    };
    let feature = |id: FeatureId| &city.features()[id.index()];
    match barred.by {
        Barrier::ClosedCompound(id) => {
            let compound = &city.compounds()[id.index()];
            summary.reason = "closed_compound";
            summary.name = Some(city.text(compound.name));
            summary.compound_id = Some(city.compound_key(id).into_owned());
            summary.osm_id = Some(osm_id(compound.osm_kind, compound.osm_id));
        }
        Barrier::RestrictedWay(id) | Barrier::Wall(id) => {
            let walled = matches!(barred.by, Barrier::Wall(_));
            summary.reason = if walled { "wall" } else { "restricted_way" };
            summary.name = Some(city.text(feature(id).name)).filter(|name| !name.is_empty());
            summary.osm_id = Some(osm_id(feature(id).osm_kind, feature(id).osm_id));
        }
        Barrier::LockedGate(node) => {
            summary.reason = "locked_gate";
            summary.osm_id = Some(osm_id(OsmKind::Node.code(), city.nodes()[node.index()].osm_id));
        }
    }
    summary
}

fn place(point: Point) -> (f64, f64) {
    let place = point.lon_lat();
    (place.lon, place.lat)
}

fn osm_id(kind: u8, id: i64) -> String {
    let kind = OsmKind::ALL.iter().find(|known| known.code() == kind).map_or("object", |kind| kind.word());
    format!("{kind}/{id}")
}
