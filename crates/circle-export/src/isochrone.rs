//! Isochrones 等时圈 as `GeoJSON`, written in one pass.

use crate::coordinates::CoordinateWriter;
use crate::number::{Thousandths, whole_square_metres};
use crate::origin::OriginSummary;
use crate::statement::Statement;
use crate::written::written;
use circle_model::{City, Profile};
use circle_reach::{Form, Isochrone, Isochrones, Origin, ReachedLine};
use serde::Serialize;
use std::io::Write;

/// The isochrones of one origin.
#[derive(Debug, Clone)]
pub struct IsochroneAnswer {
    /// Id of the origin: the key of a compound or gate, the id of a row in the user's file, or the
    /// coordinates.
    pub id: String,
    /// The origin.
    pub origin: Origin,
    /// The shapes.
    pub isochrones: Isochrones,
}

#[derive(Serialize)]
struct Properties<'a> {
    origin_id: &'a str,
    minutes: u32,
    from_minutes: u32,
    profile: &'a str,
    area_square_metres: i64,
    /// For lines: seconds at every point of every line, in the order of the coordinates.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    line_walk_seconds: Vec<Vec<Thousandths>>,
}

/// Writes the isochrones of one origin as a `FeatureCollection`, a feature for each band, with `origin`,
/// `edition` and `statement`.
///
/// Geometries are `MultiPolygon`, or `MultiLineString` for [`Form::Lines`], so that a layer has one geometry
/// type.
///
/// ```
/// use circle_export::{IsochroneAnswer, isochrones};
/// use circle_reach::testing::{Map, profile};
/// use circle_reach::{Cancel, Form, Origin};
///
/// let scene = Map::draw(50.0, "A---------p---------B").open();
/// let (profile, origin) = (profile("planning"), Origin::Place(scene.point('p')));
/// let cancel = Cancel::never();
/// let found = circle_reach::isochrones(&scene.network, &profile, origin, &[3, 5], Form::Discs, &cancel)?;
/// let answer = IsochroneAnswer { id: "p".to_owned(), origin, isochrones: found };
/// let json = isochrones(scene.network.city(), &profile, Form::Discs, &answer);
///
/// let collection: serde_json::Value = serde_json::from_slice(&json)?;
/// assert_eq!(collection["features"][1]["properties"]["minutes"], 5);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn isochrones(city: &City, profile: &Profile, form: Form, answer: &IsochroneAnswer) -> Vec<u8> {
    let mut out = Vec::with_capacity(64 * 1024);
    let mut separator = begin(&mut out);
    features(&mut out, &mut separator, profile, form, &answer.id, &answer.isochrones.shapes);
    let origin = origin_of(city, answer);
    let mut unknown = Vec::new();
    features(&mut unknown, &mut b"".as_slice(), profile, form, &answer.id, &answer.isochrones.unknown);
    end(out, "origin", &origin, &unknown, city, profile)
}

/// Writes the isochrones of many origins as one `FeatureCollection`, with `origins` (in the order of
/// `answers`, each with its `origin_id`), `edition` and `statement`.
///
/// Answers are taken one by one, so they may be computed while they are written.
pub fn isochrones_from_many(
    city: &City,
    profile: &Profile,
    form: Form,
    answers: impl IntoIterator<Item = IsochroneAnswer>,
) -> Vec<u8> {
    #[derive(Serialize)]
    struct Numbered {
        origin_id: String,
        #[serde(flatten)]
        origin: OriginSummary,
    }
    let mut out = Vec::with_capacity(1024 * 1024);
    let mut separator = begin(&mut out);
    let mut origins = Vec::new();
    let (mut unknown, mut unknown_separator) = (Vec::new(), b"".as_slice());
    for answer in answers {
        features(&mut out, &mut separator, profile, form, &answer.id, &answer.isochrones.shapes);
        features(&mut unknown, &mut unknown_separator, profile, form, &answer.id, &answer.isochrones.unknown);
        let origin = origin_of(city, &answer);
        origins.push(Numbered { origin_id: answer.id, origin });
    }
    end(out, "origins", &origins, &unknown, city, profile)
}

fn origin_of(city: &City, answer: &IsochroneAnswer) -> OriginSummary {
    let isochrones = &answer.isochrones;
    OriginSummary::of(city, answer.origin, isochrones.status, isochrones.through_buildings)
}

fn begin(out: &mut Vec<u8>) -> &'static [u8] {
    out.extend_from_slice(br#"{"type":"FeatureCollection","features":["#);
    b""
}

fn features(
    out: &mut Vec<u8>,
    separator: &mut &'static [u8],
    profile: &Profile,
    form: Form,
    origin_id: &str,
    shapes: &[Isochrone],
) {
    for shape in shapes {
        out.extend_from_slice(separator);
        *separator = b",";
        out.extend_from_slice(br#"{"type":"Feature","properties":"#);
        let properties = Properties {
            origin_id,
            minutes: shape.minutes,
            from_minutes: shape.from_minutes,
            profile: &profile.id,
            area_square_metres: whole_square_metres(shape.area_square_metres),
            line_walk_seconds: shape.lines.iter().map(line_walk_seconds).collect(),
        };
        json(out, &properties);
        out.extend_from_slice(br#","geometry":"#);
        geometry(out, form, shape);
        out.push(b'}');
    }
}

fn line_walk_seconds(line: &ReachedLine) -> Vec<Thousandths> {
    line.times.iter().map(|time| (*time).into()).collect()
}

fn geometry(out: &mut Vec<u8>, form: Form, shape: &Isochrone) {
    if form == Form::Lines {
        out.extend_from_slice(br#"{"type":"MultiLineString","coordinates":"#);
        CoordinateWriter::new(out).lines(&shape.lines);
    } else {
        out.extend_from_slice(br#"{"type":"MultiPolygon","coordinates":"#);
        CoordinateWriter::new(out).polygons(&shape.polygons);
    }
    out.push(b'}');
}

/// Writes the end of a collection. `unknown` is the ground that ways beyond the data may lead to, as
/// features; the member exists only if there is any.
fn end(
    mut out: Vec<u8>,
    member: &str,
    origin: &impl Serialize,
    unknown: &[u8],
    city: &City,
    profile: &Profile,
) -> Vec<u8> {
    written(write!(out, r#"],"{member}":"#));
    json(&mut out, origin);
    if !unknown.is_empty() {
        out.extend_from_slice(br#","unknown":{"type":"FeatureCollection","features":["#);
        out.extend_from_slice(unknown);
        out.extend_from_slice(b"]}");
    }
    out.extend_from_slice(br#","edition":"#);
    json(&mut out, &city.edition().to_string());
    out.extend_from_slice(br#","statement":"#);
    json(&mut out, &Statement::of(city).walked_as(profile));
    out.extend_from_slice(b"}\n");
    out
}

fn json(out: &mut Vec<u8>, value: &impl Serialize) {
    written(serde_json::to_writer(out, value));
}

#[cfg(test)]
mod tests {
    use super::*;
    use circle_model::{
        Point, Profiles,
        city::{CityTables, Meta},
    };
    use circle_reach::Status;
    use geojson::{FeatureCollection, GeometryValue};

    fn square(side: i32) -> Vec<Vec<Point>> {
        let at = |lon, lat| Point { lon, lat };
        vec![vec![at(0, 0), at(side, 0), at(side, side), at(0, side), at(0, 0)]]
    }

    fn answer(id: &str) -> IsochroneAnswer {
        let shape = |minutes, from_minutes| Isochrone {
            minutes,
            from_minutes,
            polygons: vec![square(minutes as i32 * 10_000)],
            lines: Vec::new(),
            area_square_metres: 1234.5678,
        };
        IsochroneAnswer {
            id: id.into(),
            origin: Origin::Place(Point { lon: 5_000_000, lat: 0 }),
            isochrones: Isochrones {
                status: Status::Ok,
                through_buildings: false,
                shapes: vec![shape(5, 0), shape(10, 5)],
                unknown: vec![],
            },
        }
    }

    fn city() -> City {
        City::from_tables(CityTables::default(), &Meta::default()).unwrap()
    }

    fn parse(bytes: Vec<u8>) -> FeatureCollection {
        FeatureCollection::try_from(String::from_utf8(bytes).unwrap().parse::<geojson::GeoJson>().unwrap())
            .unwrap()
    }

    #[test]
    fn a_collection_has_exactly_the_documented_properties() {
        let profiles = Profiles::built_in();
        let collection =
            parse(isochrones(&city(), profiles.find("adult").unwrap(), Form::Rings, &answer("\"七号\"")));
        assert_eq!(collection.features.len(), 2);
        let properties = collection.features[1].properties.as_ref().unwrap();
        let names: Vec<&str> = properties.keys().map(String::as_str).collect();
        assert_eq!(names, ["origin_id", "minutes", "from_minutes", "profile", "area_square_metres"]);
        assert_eq!(properties["origin_id"], "\"七号\"");
        assert_eq!((&properties["minutes"], &properties["from_minutes"]), (&10.into(), &5.into()));
        assert_eq!(properties["area_square_metres"], 1235);
        let GeometryValue::MultiPolygon { coordinates } =
            &collection.features[1].geometry.as_ref().unwrap().value
        else {
            panic!("not polygons")
        };
        assert_eq!(coordinates[0][0][2].as_slice(), [0.01, 0.01]);
        let foreign = collection.foreign_members.unwrap();
        assert_eq!(foreign["origin"]["status"], "ok");
        assert_eq!(foreign["origin"]["lon"], 0.5);
        assert_eq!(foreign["edition"], city().edition().to_string());
        assert!(foreign["statement"]["profile"].as_str().unwrap().contains("4.5 km/h"));
    }

    #[test]
    fn lines_have_a_time_at_every_point() {
        let profiles = Profiles::built_in();
        let mut answer = answer("a");
        let line = square(70)[0][..2].to_vec();
        let times = [1500, 60_000].map(circle_model::Milliseconds).to_vec();
        answer.isochrones.shapes[0].lines = vec![ReachedLine { line, times }];
        let collection = parse(isochrones(&city(), profiles.find("adult").unwrap(), Form::Lines, &answer));
        assert_eq!(
            collection.features[0].property("line_walk_seconds").unwrap(),
            &serde_json::json!([[1.5, 60]])
        );
        assert_eq!(collection.features[0].geometry.as_ref().unwrap().value.type_name(), "MultiLineString");
    }

    #[test]
    fn many_origins_are_written_as_one_collection() {
        let profiles = Profiles::built_in();
        let off = IsochroneAnswer {
            isochrones: Isochrones {
                status: Status::OffNetwork,
                through_buildings: false,
                shapes: vec![],
                unknown: vec![],
            },
            ..answer("b")
        };
        let answers = [answer("a"), off, answer("c")];
        let collection =
            parse(isochrones_from_many(&city(), profiles.find("adult").unwrap(), Form::Discs, answers));
        let ids: Vec<_> = collection
            .features
            .iter()
            .map(|feature| feature.property("origin_id").unwrap().clone())
            .collect();
        assert_eq!(ids, ["a", "a", "c", "c"]);
        let origins = &collection.foreign_members.unwrap()["origins"];
        assert_eq!(origins[1]["origin_id"], "b");
        assert_eq!(origins[1]["status"], "off_network");
    }
}
