//! The answer to a search by name: what has the name, where it is, and what tells namesakes apart.

use super::index::{NameHit, NameIndex, NamedKind};
use crate::written::json;
use circle_model::city::{Text, Unit};
use circle_model::coordinates::Bounds;
use circle_model::{Catalogue, City, CompoundId, FacilityId, Point, UnitId};
use serde::Serialize;

#[derive(Serialize)]
struct NameResults<'a> {
    edition: String,
    results: Vec<NameResult<'a>>,
}

/// A thing with the name. Members without a value are left out.
#[derive(Serialize)]
struct NameResult<'a> {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name_en: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    category: Option<&'a str>,
    /// Name of the 街道, or else the 区, that it lies in.
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<&'a str>,
    /// Name of the nearest street.
    #[serde(skip_serializing_if = "Option::is_none")]
    street: Option<&'a str>,
    at: [f64; 2],
    #[serde(skip_serializing_if = "Option::is_none")]
    bounds: Option<[f64; 4]>,
    r#match: &'static str,
}

/// Writes the things of some kinds whose name, pinyin or initials have the text, the best match first, as JSON:
/// `edition`; `results`, each with `kind`, `id`, `name`, `name_en`, `category`, `unit`, `street`, `at`, `bounds`,
/// `match`. A street has no `id`. `index` is that of the city.
pub fn search_json(
    city: &City,
    catalogue: &Catalogue,
    index: &NameIndex,
    text: &str,
    kinds: &[NamedKind],
    limit: usize,
) -> Vec<u8> {
    let hits = index.search(text, kinds, limit).into_iter();
    let results = hits.map(|hit| result(city, catalogue, index, hit)).collect();
    json(&NameResults { edition: city.edition().to_string(), results })
}

fn result<'a>(city: &'a City, catalogue: &'a Catalogue, index: &NameIndex, hit: NameHit) -> NameResult<'a> {
    let row = hit.row as usize;
    let street_at = |place: Point| {
        let street = index.nearest_street(place)?;
        city.text_or_none(city.features()[street.way.index()].name)
    };
    let named = |name: Text, name_en: Text, at: Point| {
        let at = at.lon_lat();
        NameResult {
            kind: hit.kind.word(),
            id: None,
            name: city.text(name),
            name_en: city.text_or_none(name_en),
            category: None,
            unit: None,
            street: None,
            at: [at.lon, at.lat],
            bounds: None,
            r#match: hit.by.word(),
        }
    };
    let lies_in = |units: [Option<UnitId>; 4]| name_of(city, units[1].or(units[0]));
    match hit.kind {
        NamedKind::Compound => {
            let compound = &city.compounds()[row];
            let bounds = city.rings_bounds(compound.rings);
            NameResult {
                id: Some(city.compound_key(CompoundId(hit.row)).into_owned()),
                unit: lies_in(compound.units()),
                street: street_at(compound.point),
                bounds: (!bounds.is_empty()).then(|| bounds.degrees()),
                ..named(compound.name, compound.name_en, compound.point)
            }
        }
        NamedKind::Unit => {
            let unit = &city.units()[row];
            NameResult {
                id: Some(city.unit_key(UnitId(hit.row)).into_owned()),
                unit: name_of(city, unit.parent()),
                street: street_at(unit.point),
                bounds: Some(unit.bounds.degrees()),
                ..named(unit.name, unit.name_en, unit.point)
            }
        }
        NamedKind::Street => {
            let street = index.street(hit.row);
            let way = &city.features()[street.way.index()];
            NameResult {
                unit: unit_at(city, street.at),
                bounds: Some(street.bounds.degrees()),
                ..named(way.name, way.name_en, street.at)
            }
        }
        NamedKind::Facility => {
            let facility = &city.facilities()[row];
            let main = city.facility_categories()[facility.categories.range()].first();
            NameResult {
                id: Some(city.facility_key(FacilityId(hit.row)).into_owned()),
                category: main
                    .and_then(|main| catalogue.categories.get(usize::from(*main)))
                    .map(|it| it.id.as_str()),
                unit: lies_in(facility.units()),
                street: street_at(facility.point),
                ..named(facility.name, facility.name_en, facility.point)
            }
        }
    }
}

fn name_of(city: &City, unit: Option<UnitId>) -> Option<&str> {
    unit.and_then(|unit| city.text_or_none(city.units()[unit.index()].name))
}

/// Name of the 街道, or else the 区, that contains a place.
fn unit_at(city: &City, place: Point) -> Option<&str> {
    let holds = |bounds: &Bounds| bounds.contains(place);
    let mut levels = [Unit::SUBDISTRICT, Unit::DISTRICT].into_iter();
    let unit = levels.find_map(|level| {
        let mut units = city.units().iter().filter(|unit| unit.admin_level == level && holds(&unit.bounds));
        units.find(|unit| city.rings_contain(unit.rings, place))
    })?;
    city.text_or_none(unit.name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use circle_model::city::{
        CityTables, Compound, MapFeature, MapKind, Meta, OsmKind, Ring, RingRole, Span,
    };
    use serde_json::{Value, json};
    use zerocopy::FromZeros;

    /// A street from (0, 0) to (1000, 0) in 10⁻⁷ degrees, in a square 街道, with two compounds of one name.
    fn city() -> City {
        let mut tables = CityTables::default();
        let mut text = |text: &str| {
            let start = tables.texts.len() as u32;
            tables.texts.extend_from_slice(text.as_bytes());
            Text { start, len: text.len() as u32 }
        };
        let (street, unit, name) = (text("中央大街"), text("兆麟街道"), text("安埠小区"));
        let at = |lon, lat| Point { lon, lat };
        let square = [at(-500, -500), at(1500, -500), at(1500, 1500), at(-500, 1500), at(-500, -500)];
        tables.points = [at(0, 0), at(1000, 0)].into_iter().chain(square).collect();
        let ring = |start, len, role: RingRole| Ring { line: Span { start, len }, role: role.code().into() };
        tables.rings = vec![ring(0, 2, RingRole::Line), ring(2, 5, RingRole::Outer)];
        tables.features = vec![MapFeature {
            kind: MapKind::Way.code(),
            name: street,
            rings: Span { start: 0, len: 1 },
            ..MapFeature::new_zeroed()
        }];
        tables.units = vec![Unit {
            osm_id: 3,
            osm_kind: OsmKind::Relation.code(),
            name: unit,
            bounds: Bounds::of(square),
            rings: Span { start: 1, len: 1 },
            admin_level: Unit::SUBDISTRICT,
            parent: u32::MAX,
            ..Unit::new_zeroed()
        }];
        let compound = |osm_id, point, units| Compound {
            osm_id,
            osm_kind: OsmKind::Way.code(),
            name,
            point,
            units,
            ..Compound::new_zeroed()
        };
        let (none, far) = (u32::MAX, at(9_000_000, 0));
        tables.compounds = vec![compound(5, at(100, 10), [none, 0, none, none]), compound(6, far, [none; 4])];
        City::from_tables(tables, &Meta::default()).unwrap()
    }

    fn search(text: &str) -> Value {
        let (city, catalogue) = (city(), Catalogue::built_in());
        let index = NameIndex::build(&city);
        let answer = search_json(&city, &catalogue, &index, text, &NamedKind::ALL, 20);
        let mut answer: Value = serde_json::from_slice(&answer).unwrap();
        assert_eq!(answer["edition"], city.edition().to_string());
        answer["results"].take()
    }

    #[test]
    fn namesakes_have_their_street_and_unit() {
        assert_eq!(
            search("安埠"),
            json!([
                {
                    "kind": "compound", "id": "w5", "name": "安埠小区", "unit": "兆麟街道", "street": "中央大街",
                    "at": [0.00001, 0.000001], "match": "name",
                },
                { "kind": "compound", "id": "w6", "name": "安埠小区", "at": [0.9, 0.0], "match": "name" },
            ])
        );
    }

    #[test]
    fn a_street_has_bounds_and_no_id() {
        assert_eq!(
            search("zydj"),
            json!([{
                "kind": "street", "name": "中央大街", "unit": "兆麟街道", "at": [0.0, 0.0],
                "bounds": [0.0, 0.0, 0.0001, 0.0], "match": "initials",
            }])
        );
        assert_eq!(search("兆麟")[0]["bounds"], json!([-0.00005, -0.00005, 0.00015, 0.00015]));
    }
}
