//! Facilities 设施: points, lines and areas of the catalogue and the planner's own, each real place once, with its
//! access points.

mod access;
pub(crate) mod alike;
mod corrections;
mod islands;
mod join;
mod kinds;
mod mapped;
mod metro;
mod residents;
mod site;
mod size;

pub(crate) use corrections::osm_object;
pub(crate) use kinds::Kinds;
pub(crate) use residents::Compounds;

use crate::areas::{Area, label_point, polygons_square_metres};
use crate::classify::{Classified, Classifier};
use crate::hours::OwnHours;
use crate::keys;
use crate::located::Located;
use crate::own::{Layer, Own, OwnFacility, Record};
use crate::shapes::Draft;
use crate::sides::StreetGrid;
use access::{Entrances, access_points};
use circle_model::Point;
use circle_model::city::{Facility, FacilityFlags, HoursOf, Joined, Origin, OsmKind, Span};
use islands::Islands;

/// A facility before it is written.
#[derive(Debug)]
struct Place {
    /// The records it is made from, the one that was kept first.
    origins: Vec<DraftOrigin>,
    name: Option<Box<str>>,
    name_en: Option<Box<str>>,
    classified: Classified,
    point: Point,
    area: Area,
    line: Vec<Point>,
    /// On the map `building` alone says what it is.
    of_building: bool,
    /// On the map its tags say that everybody may use it.
    public: bool,
    /// On the map it is an entrance of a station.
    station_entrance: bool,
    /// Entrances that own files name, or that the map has of a station.
    entrances: Vec<Point>,
    capacity: f32,
    hours: Option<Box<str>>,
    /// The object that names it, of those of the map alone: own files do not change it.
    named_by: Option<(OsmKind, i64)>,
}

/// A record that a place is made from.
#[derive(Debug, Clone)]
pub(crate) struct DraftOrigin {
    pub(crate) osm_kind: OsmKind,
    pub(crate) osm_id: i64,
    pub(crate) source: u32,
    pub(crate) row: u32,
    pub(crate) point: Point,
    pub(crate) name: Option<Box<str>>,
    pub(crate) reference: Option<Box<str>>,
    pub(crate) joined: Joined,
    pub(crate) distance_metres: f64,
    /// It is an entrance or part of the place, or was joined with one.
    pub(crate) aside: bool,
}

impl DraftOrigin {
    pub(crate) fn mapped(osm_kind: OsmKind, osm_id: i64, point: Point, name: Option<&str>) -> Self {
        Self {
            osm_kind,
            osm_id,
            source: 0,
            row: 0,
            point,
            name: name.map(Into::into),
            reference: None,
            joined: Joined::Kept,
            distance_metres: 0.0,
            aside: false,
        }
    }

    pub(crate) fn own(record: &Record) -> Self {
        Self {
            osm_kind: OsmKind::None,
            osm_id: 0,
            source: record.source,
            row: record.row,
            point: record.point,
            name: record.name.clone(),
            reference: record.reference.clone(),
            joined: Joined::Kept,
            distance_metres: 0.0,
            aside: false,
        }
    }
}

/// What was merged or left out of the map.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Skipped {
    pub(crate) duplicates: u64,
    /// Parts of a site: departments of a hospital, entrances of a station.
    pub(crate) parts: u64,
    pub(crate) without_shape: u64,
}

/// Writes all facilities.
pub(crate) fn write(
    draft: &mut Draft,
    located: &Located,
    own: &mut Own,
    (classifier, kinds): (&Classifier, &Kinds),
    compounds: &Compounds<'_>,
    grid: &StreetGrid<'_>,
) -> (Skipped, Vec<OwnHours>) {
    let mut places: Vec<Place> = std::mem::take(&mut own.facilities).into_iter().map(Place::own).collect();
    let own_rows = places.len();
    let without_shape = find(&mut places, located);
    let skipped = join::join(&mut places, own_rows, own, classifier, kinds);
    let skipped = Skipped { without_shape, ..skipped };
    size::sort(&mut places, kinds);
    corrections::apply(&mut places, own, classifier);
    let entrances = Entrances::find(located);
    let islands = Islands::find(&draft.tables);
    let mut hours = Vec::new();
    for place in &places {
        let start = draft.tables.access_points.len() as u32;
        let open_ground = kinds.is_open_ground(&place.classified.categories);
        let access = access_points(place, open_ground, &entrances, &islands, grid);
        draft.tables.access_points.extend(access);
        let access = Span { start, len: draft.tables.access_points.len() as u32 - start };
        let start = draft.tables.facility_categories.len() as u32;
        draft.tables.facility_categories.extend_from_slice(&place.classified.categories);
        let categories = Span { start, len: place.classified.categories.len() as u32 };
        let (osm_kind, osm_id) = osm_of(&place.origins);
        if let Some(text) = &place.hours {
            hours.push(OwnHours {
                of: HoursOf::Facility,
                row: draft.tables.facilities.len() as u32,
                text: text.clone(),
            });
        }
        let object = place.named_by.or(Some((osm_kind, osm_id)));
        let row = Facility {
            osm_id,
            point: place.point,
            name: draft.texts.add_some(place.name.as_deref()),
            name_en: draft.texts.add_some(place.name_en.as_deref()),
            key: keys::stored_of_origins(draft, &place.origins, object, Layer::Facilities),
            access,
            categories,
            origins: write_origins(draft, &place.origins),
            // Filled in by `units::hold_facilities`, once the units are known.
            units: [u32::MAX; 4],
            area_square_metres: polygons_square_metres(&place.area.polygons) as f32,
            capacity: place.capacity,
            osm_kind: osm_kind.code(),
            confidence_percent: place.classified.confidence_percent,
            channel: place.classified.channel.code(),
            flags: place.classified.flags,
            only_for: compounds.only_for(place, kinds),
            spare: [0; 8],
        };
        draft.tables.facilities.push(row);
    }
    (skipped, hours)
}

/// The first of the map's objects among the records.
pub(crate) fn osm_of(origins: &[DraftOrigin]) -> (OsmKind, i64) {
    origins
        .iter()
        .find(|origin| origin.osm_kind != OsmKind::None)
        .map_or((OsmKind::None, 0), |origin| (origin.osm_kind, origin.osm_id))
}

/// Writes where a place is known from.
pub(crate) fn write_origins(draft: &mut Draft, origins: &[DraftOrigin]) -> Span {
    let start = draft.tables.origins.len() as u32;
    for origin in origins {
        let row = Origin {
            osm_id: origin.osm_id,
            point: origin.point,
            name: draft.texts.add_some(origin.name.as_deref()),
            reference: draft.texts.add_some(origin.reference.as_deref()),
            source: origin.source,
            row: origin.row,
            distance_metres: origin.distance_metres as f32,
            osm_kind: origin.osm_kind.code(),
            joined: origin.joined.code(),
            spare: [0; 2],
        };
        draft.tables.origins.push(row);
    }
    Span { start, len: origins.len() as u32 }
}

impl Place {
    fn own(facility: OwnFacility) -> Self {
        let OwnFacility { record, classified, capacity, hours } = facility;
        Self {
            origins: vec![DraftOrigin::own(&record)],
            name: record.name,
            name_en: record.name_en,
            classified,
            point: record.point,
            area: record.area,
            line: Vec::new(),
            of_building: false,
            public: false,
            station_entrance: false,
            entrances: Vec::new(),
            capacity,
            hours,
            named_by: None,
        }
    }

    fn mapped(source: DraftOrigin, name_en: Option<&str>, classified: &Classified) -> Self {
        let flags = classified.flags - FacilityFlags::STATION_ENTRANCE;
        Self {
            name: source.name.clone(),
            name_en: name_en.map(Into::into),
            station_entrance: classified.flags != flags,
            classified: Classified { flags, ..classified.clone() },
            point: source.point,
            area: Area::default(),
            line: Vec::new(),
            of_building: false,
            public: false,
            entrances: Vec::new(),
            capacity: 0.0,
            hours: None,
            named_by: None,
            origins: vec![source],
        }
    }
}

/// The map's facilities; says how many have no shape.
fn find(places: &mut Vec<Place>, located: &Located) -> u64 {
    for node in &located.scan.nodes {
        if let Some(classified) = node.facility.as_deref() {
            let source = DraftOrigin::mapped(OsmKind::Node, node.id, node.point, node.name.as_deref());
            places.push(Place::mapped(source, node.name_en.as_deref(), classified));
        }
    }
    let ways = located.scan.ways.iter().filter_map(|way| {
        let described = way.described.as_deref()?;
        let classified = described.facility.as_deref()?;
        let line = located.runs(way).next().map(|run| located.points(run)).unwrap_or_default();
        Some((way.id, OsmKind::Way, described, classified, located.way_area(way), line))
    });
    let relations = located.scan.relations.iter().filter_map(|relation| {
        let classified = relation.described.facility.as_deref()?;
        let area = located.relation_area(relation).0;
        Some((relation.id, OsmKind::Relation, &*relation.described, classified, area, Vec::new()))
    });
    let mut without_shape = 0;
    for (osm_id, osm_kind, described, classified, area, line) in ways.chain(relations) {
        let middle = || line.get(line.len() / 2).copied();
        let Some(point) = label_point(&area.polygons).or_else(middle) else {
            without_shape += 1;
            continue;
        };
        let source = DraftOrigin::mapped(osm_kind, osm_id, point, described.name.as_deref());
        let (of_building, public) = (described.of_building, described.public);
        let place = Place::mapped(source, described.name_en.as_deref(), classified);
        places.push(Place { area, line, of_building, public, ..place });
    }
    without_shape
}
