//! Writes the facilities within reach as `GeoJSON` points, nearest first.

use crate::categories::categories_of;
use crate::geometry::position;
use crate::number::Thousandths;
use crate::origin::{OriginSummary, point_of};
use crate::statement::Statement;
use crate::written::json_line;
use circle_model::{Catalogue, City, Milliseconds, Profile};
use circle_plan::Source;
use circle_reach::{Origin, Reached, Status};
use geojson::{Geometry, GeometryValue};
use serde::Serialize;
use std::collections::BTreeMap;

/// The facilities that one origin reaches.
#[derive(Debug, Clone, Copy)]
pub struct ReachAnswer<'a> {
    /// The origin.
    pub origin: Origin,
    /// Whether the origin is on the network.
    pub status: Status,
    /// Whether buildings hide every way from the origin, so that they were ignored.
    pub through_buildings: bool,
    /// The bands, in minutes, ascending.
    pub bands: &'a [u32],
    /// The facilities, nearest first.
    pub reached: &'a [Reached],
    /// Completeness of each category of the catalogue.
    pub sources: &'a [Source],
}

#[derive(Serialize)]
struct Collection<'a> {
    r#type: &'static str,
    features: Vec<Feature<'a>>,
    origin: OriginSummary,
    /// Share of the expected facilities of the city that are known, by category; `null` if the expected
    /// number is not known.
    completeness: BTreeMap<&'a str, Option<f64>>,
    edition: String,
    statement: Statement,
}

#[derive(Serialize)]
struct Feature<'a> {
    r#type: &'static str,
    id: String,
    geometry: Geometry,
    properties: Properties<'a>,
}

#[derive(Serialize)]
struct Properties<'a> {
    id: String,
    name: Option<&'a str>,
    name_en: Option<&'a str>,
    category: Option<&'a str>,
    categories: Vec<&'a str>,
    group: Option<&'a str>,
    band_minutes: Option<u32>,
    walk_seconds: Thousandths,
    walk_metres: Thousandths,
    access_metres: Thousandths,
    through_buildings: bool,
    direction_degrees: f64,
    gate_id: Option<String>,
}

/// Writes a `FeatureCollection` of facilities in the given order, with `origin`, `edition` and `statement`.
///
/// `direction_degrees` is the bearing from the gate where the walk begins, else from the origin: clockwise
/// from north, one decimal. `band_minutes` is the shortest band that contains the walk.
pub fn reach_geojson(
    city: &City,
    catalogue: &Catalogue,
    profile: &Profile,
    answer: &ReachAnswer<'_>,
) -> Vec<u8> {
    json_line(&Collection {
        r#type: "FeatureCollection",
        features: answer.reached.iter().map(|reached| feature(city, catalogue, answer, reached)).collect(),
        origin: OriginSummary::of(city, answer.origin, answer.status, answer.through_buildings),
        completeness: catalogue
            .categories
            .iter()
            .zip(answer.sources)
            .map(|(category, source)| {
                (category.id.as_str(), source.completeness().map(|share| (share * 1000.0).round() / 1000.0))
            })
            .collect(),
        edition: city.edition().to_string(),
        statement: Statement::of(city).walked_as(profile),
    })
}

fn feature<'a>(
    city: &'a City,
    catalogue: &'a Catalogue,
    answer: &ReachAnswer<'_>,
    reached: &Reached,
) -> Feature<'a> {
    let facility = &city.facilities()[reached.facility.index()];
    let id = city.facility_key(reached.facility).into_owned();
    let categories = categories_of(city, catalogue, facility);
    let start =
        reached.gate.map_or_else(|| point_of(city, answer.origin), |gate| city.gates()[gate.index()].point);
    let direction = (start.bearing_degrees(facility.point) * 10.0).round() / 10.0;
    let band = answer.bands.iter().find(|band| reached.time <= Milliseconds::from_minutes(**band));
    Feature {
        r#type: "Feature",
        id: id.clone(),
        geometry: Geometry::new(GeometryValue::new_point(position(facility.point))),
        properties: Properties {
            id,
            name: city.text_or_none(facility.name),
            name_en: city.text_or_none(facility.name_en),
            category: categories.first().map(|category| category.id.as_str()),
            group: categories.first().map(|category| category.group.as_str()),
            categories: categories.iter().map(|category| category.id.as_str()).collect(),
            band_minutes: band.copied(),
            walk_seconds: reached.time.into(),
            walk_metres: reached.length.into(),
            access_metres: reached.access.into(),
            through_buildings: reached.through_buildings,
            direction_degrees: if direction >= 360.0 { 0.0 } else { direction },
            gate_id: reached.gate.map(|gate| city.gate_key(gate).into_owned()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use circle_model::{
        FacilityId, GateId, Millimetres, Point, Profiles,
        city::{CityTables, Compound, Facility, Gate, Meta, Span},
    };
    use zerocopy::FromZeros;

    fn city() -> City {
        let mut tables = CityTables::default();
        tables.texts.extend_from_slice("一小".as_bytes());
        let text = Span { start: 0, len: 6 };
        let east = Point { lon: 1_266_400_000, lat: 457_500_000 };
        tables.facility_categories = vec![3, 0];
        tables.facilities.push(Facility {
            point: east,
            osm_id: 77,
            name: text,
            categories: Span { start: 0, len: 2 },
            ..Facility::new_zeroed()
        });
        let west = Point { lon: east.lon - 10_000, ..east };
        tables.gates.push(Gate { point: west, osm_id: 8, ..Gate::new_zeroed() });
        tables.compounds.push(Compound { gates: Span { start: 0, len: 1 }, ..Compound::new_zeroed() });
        City::from_tables(tables, &Meta::default()).unwrap()
    }

    #[test]
    fn a_facility_has_its_walk_and_its_direction() {
        let (city, catalogue, profiles) = (city(), Catalogue::built_in(), Profiles::built_in());
        let reached = [Reached {
            facility: FacilityId(0),
            time: Milliseconds(300_001),
            length: Millimetres(375_500),
            access: Millimetres(10_000),
            gate: Some(GateId(0)),
            entered_at: Point::default(),
            through_buildings: true,
        }];
        let answer = ReachAnswer {
            origin: Origin::Compound(circle_model::CompoundId(0)),
            status: Status::Ok,
            through_buildings: false,
            bands: &[5, 10],
            reached: &reached,
            sources: &[],
        };
        let bytes = reach_geojson(&city, &catalogue, profiles.find("adult").unwrap(), &answer);
        let text = String::from_utf8(bytes).unwrap();
        let collection =
            geojson::FeatureCollection::try_from(text.parse::<geojson::GeoJson>().unwrap()).unwrap();
        let properties = collection.features[0].properties.as_ref().unwrap();
        let (main, other) = (&catalogue.categories[3], &catalogue.categories[0]);
        let expected = serde_json::json!({
            "id": "n77", "name": "一小", "name_en": null,
            "category": main.id, "categories": [main.id, other.id], "group": main.group,
            "band_minutes": 10, "walk_seconds": 300.001, "walk_metres": 375.5, "access_metres": 10,
            "through_buildings": true,
            "direction_degrees": 90.0, "gate_id": "n8"
        });
        assert_eq!(serde_json::Value::from(properties.clone()), expected);
        let foreign = collection.foreign_members.unwrap();
        let gate = &foreign["origin"]["gates"][0];
        assert_eq!((&gate["id"], &gate["provenance"]), (&"n8".into(), &"own".into()));
        assert_eq!(foreign["edition"], city.edition().to_string());
    }
}
