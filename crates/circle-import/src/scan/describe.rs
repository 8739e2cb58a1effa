//! The meanings of the tags of an object: a way to walk, a feature of the base map, a compound, a unit, a
//! facility.

use super::walking::{NotWalked, Walk, hours, is_tunnel, walk};
use crate::classify::{Classified, Classifier};
use crate::tags::Tags;
use circle_model::city::{FacilityFlags, MapFeatureFlags, MapKind};

/// The meanings of the tags of a way or relation.
#[derive(Debug, Clone, Default)]
#[expect(clippy::struct_excessive_bools, reason = "the facts are independent, none is a state")]
pub(crate) struct Described {
    pub(crate) walk: Option<Walk>,
    pub(crate) feature: Option<Drawn>,
    /// A wall or fence along the same line.
    pub(crate) wall: bool,
    /// A pedestrian area, crossed in any direction: `area=yes`, or a multipolygon of a walkable class.
    pub(crate) plaza: bool,
    pub(crate) name: Option<Box<str>>,
    pub(crate) name_en: Option<Box<str>>,
    pub(crate) facility: Option<Box<Classified>>,
    /// `building` is the only tag that describes it.
    pub(crate) of_building: bool,
    /// Its tags allow everybody.
    pub(crate) public: bool,
    pub(crate) compound: Option<CompoundTags>,
    /// `admin_level` of a district unit.
    pub(crate) unit: Option<u8>,
    /// `division_code` of a district unit.
    pub(crate) code: Option<Box<str>>,
    /// `population` of a district unit.
    pub(crate) population: Option<u32>,
    /// Opening hours.
    pub(crate) hours: Option<Box<str>>,
    pub(crate) building: Option<BuildingTags>,
}

/// The tags of a building that concern its residents.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct BuildingTags {
    /// Whether it is residential; `None` for plain `building=yes`.
    pub(crate) residential: Option<bool>,
    /// `building:levels`; 0 if not mapped.
    pub(crate) levels: f32,
    /// `building:flats`; 0 if not mapped.
    pub(crate) flats: f32,
}

/// The style of an object on the base map.
#[derive(Debug, Clone)]
pub(crate) struct Drawn {
    pub(crate) kind: MapKind,
    pub(crate) class: Box<str>,
    pub(crate) flags: MapFeatureFlags,
    pub(crate) layer: i8,
}

/// The tags of a compound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct CompoundTags {
    /// Whether it is closed; `None` if the tags do not state it.
    pub(crate) closed: Option<bool>,
}

/// The reason why an object, or one meaning of it, was skipped; counted in the summary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SkipReason {
    NotWalked,
    Forbidden,
    PrivateFacility,
    NoCategory,
}

/// Describes a way (`closed` if its ends meet) or a multipolygon relation; `None` for an object without any
/// of these meanings.
pub(crate) fn describe(
    tags: Tags<'_>,
    closed: bool,
    relation: bool,
    classifier: &Classifier,
    skip: &mut impl FnMut(SkipReason),
) -> Option<Described> {
    if tags.0.is_empty() {
        return None;
    }
    let mut described = Described::default();
    match walk(tags) {
        Ok(walked) => {
            described.plaza = relation || (closed && tags.is("area", &["yes"]));
            described.walk = Some(walked);
        }
        Err(NotWalked::Class) => skip(SkipReason::NotWalked),
        Err(NotWalked::Forbidden) => skip(SkipReason::Forbidden),
        Err(NotWalked::NoStreet) => {}
    }
    let area = closed || relation;
    described.feature = drawn(tags, area, described.walk.is_some());
    described.wall = tags.is("barrier", &["wall", "fence", "retaining_wall", "city_wall"]);
    let street = tags.has("highway");
    if area && !street {
        described.compound = compound(tags, classifier);
        if tags.is("boundary", &["administrative"]) {
            described.unit = tags.value("admin_level").and_then(|level| level.trim().parse().ok());
            described.code = tags.value("division_code").map(tidy);
            described.population = tags.value("population").and_then(|count| count.trim().parse().ok());
        }
    }
    described.facility = facility(tags, classifier, skip);
    described.of_building = tags.has("building") && !PUBLIC_KEYS.iter().any(|key| tags.has(key));
    described.public = tags.is("access", &["yes", "permissive", "public"]);
    described.building = building(tags).filter(|_| area);
    let is_used = described.walk.is_some()
        || described.feature.is_some()
        || described.wall
        || described.compound.is_some()
        || described.unit.is_some()
        || described.facility.is_some();
    if !is_used {
        return None;
    }
    (described.name, described.name_en) = names(tags);
    described.hours = hours(tags);
    Some(described)
}

/// The local name, and the English name if it differs.
pub(crate) fn names(tags: Tags<'_>) -> (Option<Box<str>>, Option<Box<str>>) {
    let name = tags.value("name").or_else(|| tags.value("name:zh")).map(tidy);
    let english = tags.value("name:en").map(tidy).filter(|english| name.as_ref() != Some(english));
    (name.filter(|name| !name.is_empty()), english.filter(|name| !name.is_empty()))
}

fn tidy(name: &str) -> Box<str> {
    let clean = circle_model::files::clean(name, 200);
    clean.trim().into()
}

/// The facility that the tags describe, unless access is private.
pub(crate) fn facility(
    tags: Tags<'_>,
    classifier: &Classifier,
    skip: &mut impl FnMut(SkipReason),
) -> Option<Box<Classified>> {
    let Some(classified) = classifier.classify(tags) else {
        if Classifier::is_named_place(tags) {
            skip(SkipReason::NoCategory);
        }
        return None;
    };
    if tags.is("access", &["private", "no", "residents", "permit", "employees"]) {
        skip(SkipReason::PrivateFacility);
        return None;
    }
    let flags = FacilityFlags::STATION_ENTRANCE.when(is_station_entrance(tags));
    Some(Box::new(Classified { flags: classified.flags | flags, ..classified }))
}

fn is_station_entrance(tags: Tags<'_>) -> bool {
    tags.is("railway", &["subway_entrance"])
}

/// Areas of the catalogue's compound layer, with or without a name.
pub(crate) fn compound(tags: Tags<'_>, classifier: &Classifier) -> Option<CompoundTags> {
    // A former village or quarter.
    if tags.is("historic", &["yes"]) || tags.has("abandoned:place") {
        return None;
    }
    let unnamed_area =
        (tags.is("landuse", &["residential"]) || tags.has("residential")) && !tags.has("building");
    if !unnamed_area && !classifier.is_compound(tags) {
        return None;
    }
    let closed = if tags.is("residential", &["gated"])
        || tags.is("access", &["private", "residents", "permit", "no"])
        || tags.is("barrier", &["wall", "fence"])
    {
        Some(true)
    } else if tags.is("access", &["yes", "permissive", "public"]) {
        Some(false)
    } else {
        None
    };
    Some(CompoundTags { closed })
}

fn building(tags: Tags<'_>) -> Option<BuildingTags> {
    let value = tags.value("building").filter(|value| *value != "no")?;
    let residential = match value {
        "apartments" | "residential" | "house" | "dormitory" | "terrace" | "detached" | "bungalow"
        | "semidetached_house" => Some(true),
        "yes" if PUBLIC_KEYS.iter().any(|key| tags.has(key)) => Some(false),
        "yes" => None,
        _ => Some(false),
    };
    let number = |key: &str, most: f32| {
        let number = tags.value(key).and_then(|value| value.trim().parse::<f32>().ok());
        number.filter(|number| (0.0..=most).contains(number)).unwrap_or(0.0)
    };
    Some(BuildingTags {
        residential,
        levels: number("building:levels", 200.0),
        flats: number("building:flats", 5_000.0),
    })
}

/// Keys that give a building a non-residential use.
const PUBLIC_KEYS: [&str; 9] =
    ["amenity", "shop", "office", "leisure", "tourism", "healthcare", "industrial", "man_made", "railway"];

fn drawn(tags: Tags<'_>, area: bool, walked: bool) -> Option<Drawn> {
    let layer: i8 = tags.value("layer").and_then(|layer| layer.trim().parse().ok()).unwrap_or(0);
    let bridge = tags.value("bridge").is_some_and(|value| value != "no");
    let tunnel = is_tunnel(tags);
    let level = MapFeatureFlags::BRIDGE.when(bridge) | MapFeatureFlags::TUNNEL.when(tunnel);
    let on_ground = !bridge && !tunnel;
    let obstacle = |stops: bool| level | MapFeatureFlags::OBSTACLE.when(stops && on_ground);
    let make = |kind, class: &str, flags| Some(Drawn { kind, class: class.into(), flags, layer });

    if let Some(class) = tags.value("highway") {
        let planned =
            matches!(class, "construction" | "proposed" | "razed" | "abandoned" | "planned" | "disused");
        let stops = !walked
            && matches!(
                class.trim_end_matches("_link"),
                "motorway" | "trunk" | "primary" | "secondary" | "tertiary"
            );
        return if planned { None } else { make(MapKind::Way, class, obstacle(stops)) };
    }
    if walked {
        return make(MapKind::Way, "platform", level);
    }
    if area && tags.value("building").is_some_and(|value| value != "no") {
        let solid = !tags.is("building", &["roof", "carport"])
            && layer >= 0
            && !tags.is("location", &["underground"]);
        return make(MapKind::Building, "building", obstacle(solid && layer <= 0));
    }
    if let Some(class @ ("rail" | "light_rail" | "subway" | "narrow_gauge" | "tram" | "monorail")) =
        tags.value("railway")
    {
        return make(MapKind::Railway, class, obstacle(layer >= 0 && !matches!(class, "tram" | "monorail")));
    }
    if area
        && (tags.is("natural", &["water"])
            || tags.is("waterway", &["riverbank", "dock"])
            || tags.is("landuse", &["reservoir", "basin"]))
    {
        return make(MapKind::Water, "water", obstacle(!tags.is("intermittent", &["yes"])));
    }
    if let Some(class @ ("river" | "canal" | "stream" | "drain" | "ditch")) = tags.value("waterway") {
        return make(MapKind::Waterway, class, obstacle(matches!(class, "river" | "canal" | "stream")));
    }
    if !area {
        return None;
    }
    if let Some(class) = green(tags) {
        return make(MapKind::Green, class, level);
    }
    landuse(tags).and_then(|class| make(MapKind::Landuse, class, level))
}

fn green(tags: Tags<'_>) -> Option<&'static str> {
    Some(match (tags.value("leisure"), tags.value("landuse"), tags.value("natural")) {
        (Some("park" | "garden" | "nature_reserve" | "golf_course"), _, _) => "park",
        (Some("pitch" | "track" | "playground"), _, _) => "pitch",
        (_, Some("forest"), _) | (_, _, Some("wood")) => "wood",
        (_, Some("grass" | "meadow" | "village_green" | "flowerbed" | "recreation_ground"), _)
        | (_, _, Some("grassland" | "heath")) => "grass",
        (_, Some("farmland" | "orchard" | "vineyard"), _) => "farmland",
        (_, Some("cemetery" | "allotments"), _) | (_, _, Some("scrub" | "wetland" | "sand" | "beach")) => {
            "other"
        }
        _ => return None,
    })
}

fn landuse(tags: Tags<'_>) -> Option<&'static str> {
    Some(match (tags.value("amenity"), tags.value("landuse")) {
        (Some("school" | "kindergarten" | "university" | "college"), _) | (_, Some("education")) => {
            "education"
        }
        (Some("hospital" | "clinic"), _) => "medical",
        (_, Some("residential")) => "residential",
        (_, Some("commercial")) => "commercial",
        (_, Some("industrial")) => "industrial",
        (_, Some("retail")) => "retail",
        (_, Some("railway")) => "railway",
        (_, Some(_)) => "other",
        _ if tags.has("residential") => "residential",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use circle_model::Catalogue;

    fn described(tags: &[(&str, &str)], closed: bool) -> Option<Described> {
        describe(Tags(tags), closed, false, &Classifier::new(&Catalogue::built_in()), &mut |_| {})
    }

    #[test]
    fn residential_areas_without_a_name_are_compounds() {
        assert!(described(&[("landuse", "residential")], true).unwrap().compound.is_some());
        assert!(described(&[("landuse", "residential")], false).is_none_or(|it| it.compound.is_none()));
        assert!(described(&[("highway", "residential")], true).unwrap().compound.is_none());
        let gated = described(&[("residential", "gated"), ("name", "x")], true).unwrap();
        assert_eq!(gated.compound.unwrap().closed, Some(true));
    }

    #[test]
    fn rails_and_water_are_obstacles_on_the_ground_only() {
        let flags = |tags: &[(&str, &str)], closed| described(tags, closed).unwrap().feature.unwrap().flags;
        assert_eq!(flags(&[("railway", "rail")], false), MapFeatureFlags::OBSTACLE);
        assert_eq!(flags(&[("railway", "rail"), ("bridge", "yes")], false), MapFeatureFlags::BRIDGE);
        assert_eq!(flags(&[("railway", "subway"), ("tunnel", "yes")], false), MapFeatureFlags::TUNNEL);
        assert_eq!(flags(&[("natural", "water")], true), MapFeatureFlags::OBSTACLE);
        assert_eq!(flags(&[("building", "roof")], true), MapFeatureFlags::empty());
    }

    #[test]
    fn major_roads_that_are_not_walked_are_obstacles() {
        let flags = |tags: &[(&str, &str)]| described(tags, false).unwrap().feature.unwrap().flags;
        assert_eq!(flags(&[("highway", "motorway")]), MapFeatureFlags::OBSTACLE);
        assert_eq!(flags(&[("highway", "trunk_link"), ("foot", "no")]), MapFeatureFlags::OBSTACLE);
        assert_eq!(flags(&[("highway", "motorway"), ("bridge", "yes")]), MapFeatureFlags::BRIDGE);
        // Major roads that are walked are obstacles by their edge flags.
        assert_eq!(flags(&[("highway", "trunk")]), MapFeatureFlags::empty());
        assert_eq!(flags(&[("highway", "service"), ("access", "no")]), MapFeatureFlags::empty());
    }

    #[test]
    fn entrances_of_stations_are_marked() {
        let marked = |tags: &[(&str, &str)]| {
            let classifier = Classifier::new(&Catalogue::built_in());
            facility(Tags(tags), &classifier, &mut |_| {})
                .unwrap()
                .flags
                .contains(FacilityFlags::STATION_ENTRANCE)
        };
        // node/8302050428 and node/2538010666 of Harbin.
        assert!(marked(&[("railway", "subway_entrance"), ("name", "4")]));
        assert!(!marked(&[("railway", "station"), ("station", "subway"), ("name", "西大桥")]));
    }

    #[test]
    fn private_pitches_are_no_facilities() {
        let mut skipped = Vec::new();
        let classifier = Classifier::new(&Catalogue::built_in());
        let tags = [("leisure", "pitch"), ("access", "private")];
        let found =
            describe(Tags(&tags), true, false, &classifier, &mut |reason| skipped.push(reason)).unwrap();
        assert!(found.facility.is_none());
        assert_eq!(skipped, [SkipReason::PrivateFacility]);
    }
}
