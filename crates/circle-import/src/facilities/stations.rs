//! Entrances of stations 地铁出入口: access points of their station, not stations themselves.

use super::draft::DraftFacility;
use super::kinds::Kinds;
use super::merge::{merge, metres_to};
use circle_model::Point;
use circle_model::city::Joined;
use circle_model::coordinates::Bounds;
use circle_model::grid::widened;
use rstar::primitives::GeomWithData;
use rstar::{AABB, RTree};

/// An entrance belongs to the nearest station within this distance. The farthest of 98 in inner Harbin is 305
/// m away.
const STATION_METRES: f64 = 400.0;
/// Entrances of an unmapped station are one place within this distance of the first entrance.
const APART_METRES: f64 = 250.0;

/// Merges the map's entrances into their stations, or into each other if there is no station. Returns their
/// count.
///
/// Rows of own files are never merged here, but stations of own files take the map's entrances.
pub(super) fn fold(places: &mut [DraftFacility], gone: &mut [bool], kinds: &Kinds) -> u64 {
    let Some(metro) = kinds.metro else { return 0 };
    let is_metro = |place: &DraftFacility| place.classified.categories.contains(&metro);
    let of_metro = |entrance: bool| {
        let numbers = (0..places.len()).filter(|number| !gone[*number]);
        let numbers = numbers.filter(|number| is_metro(&places[*number]));
        numbers.filter(|number| places[*number].station_entrance == entrance).collect::<Vec<usize>>()
    };
    let (entrances, stations) = (of_metro(true), of_metro(false));
    let stations = RTree::bulk_load(stations.iter().map(|number| entry(places, *number)).collect());
    let mut alone: RTree<Entry> = RTree::new();
    let mut folded = 0;
    for number in entrances {
        let point = places[number].point;
        let station = nearest(&stations, places, point, STATION_METRES);
        let keeper = station.or_else(|| nearest(&alone, places, point, APART_METRES));
        let Some((keeper, metres)) = keeper else {
            // The first entrance represents an unmapped station.
            places[number].entrances.push(point);
            alone.insert(entry(places, number));
            continue;
        };
        places[keeper].entrances.push(point);
        merge(places, gone, keeper, number, Joined::Entrance, metres);
        folded += 1;
    }
    folded
}

type Entry = GeomWithData<[f64; 2], usize>;

fn entry(places: &[DraftFacility], number: usize) -> Entry {
    let point = places[number].point;
    GeomWithData::new([f64::from(point.lon), f64::from(point.lat)], number)
}

/// The nearest facility of a tree within `metres`, and its distance.
fn nearest(of: &RTree<Entry>, places: &[DraftFacility], point: Point, metres: f64) -> Option<(usize, f64)> {
    let around = widened(&Bounds::of([point]), metres);
    let envelope = AABB::from_corners(
        [f64::from(around.west), f64::from(around.south)],
        [f64::from(around.east), f64::from(around.north)],
    );
    let near = of.locate_in_envelope(&envelope).map(|entry| entry.data);
    near.map(|number| (number, metres_to(&places[number], point)))
        .filter(|(_, apart)| *apart <= metres)
        .min_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)))
}

#[cfg(test)]
mod tests {
    use crate::classify::Classifier;
    use crate::facilities::draft::{DraftFacility, SkippedFacilities};
    use crate::facilities::{Kinds, join::join};
    use crate::own::{DraftOrigin, Report};
    use crate::scan::facility;
    use crate::tags::Tags;
    use circle_model::city::FacilityFlags;
    use circle_model::city::{Joined, OsmKind};
    use circle_model::{Catalogue, Frame, LonLat};

    const STATION: [(&str, &str); 2] = [("railway", "station"), ("station", "subway")];
    const ENTRANCE: [(&str, &str); 1] = [("railway", "subway_entrance")];

    fn place(tags: &[(&str, &str)], name: &str, east: f64) -> DraftFacility {
        let point = Frame::at(LonLat { lon: 126.6, lat: 45.7 }.point()).point([east, 0.0]);
        let name = Some(name).filter(|name| !name.is_empty());
        let classifier = Classifier::new(&Catalogue::built_in());
        let classified = facility(Tags(tags), &classifier, &mut |_| {}).unwrap();
        let source = DraftOrigin::mapped(OsmKind::Node, east as i64 + 1, point, name);
        DraftFacility::mapped(source, None, &classified)
    }

    fn joined(mut places: Vec<DraftFacility>) -> (Vec<DraftFacility>, SkippedFacilities) {
        let catalogue = Catalogue::built_in();
        let (classifier, kinds) = (Classifier::new(&catalogue), Kinds::new(&catalogue));
        let skipped = join(&mut places, 0, &mut Report::empty(), &classifier, &kinds);
        (places, skipped)
    }

    #[test]
    fn a_station_is_entered_at_its_entrances_and_counts_once() {
        // As 西大桥 of Harbin; one entrance has the name of the station, as node/9719685641.
        let (places, skipped) = joined(vec![
            place(&ENTRANCE, "西大桥", 22.0),
            place(&STATION, "西大桥", 0.0),
            place(&ENTRANCE, "", 305.0),
            place(&ENTRANCE, "2a", 61.0),
        ]);
        let [station] = places.as_slice() else { panic!("{places:?}") };
        assert_eq!(station.name.as_deref(), Some("西大桥"));
        assert_eq!((station.entrances.len(), station.classified.flags), (3, FacilityFlags::empty()));
        let joined: Vec<Joined> = station.origins.iter().map(|origin| origin.joined).collect();
        assert_eq!(joined, [Joined::Kept, Joined::Entrance, Joined::Entrance, Joined::Entrance]);
        assert!((station.origins[2].distance_metres - 305.0).abs() < 1.0);
        assert_eq!((skipped.parts, skipped.duplicates), (3, 0));
    }

    #[test]
    fn an_entrance_belongs_to_the_nearest_station() {
        let (places, _) = joined(vec![
            place(&STATION, "博物馆", 0.0),
            place(&STATION, "医大一院", 500.0),
            place(&ENTRANCE, "1", 200.0),
            place(&ENTRANCE, "2", 300.0),
            place(&ENTRANCE, "3", 480.0),
        ]);
        let entrances: Vec<usize> = places.iter().map(|place| place.entrances.len()).collect();
        assert_eq!(entrances, [1, 2]);
    }

    #[test]
    fn entrances_of_an_unmapped_station_are_one_place() {
        let (places, skipped) = joined(vec![
            place(&ENTRANCE, "", 0.0),
            place(&ENTRANCE, "", 100.0),
            place(&ENTRANCE, "", 200.0),
            place(&ENTRANCE, "", 900.0),
        ]);
        let entrances: Vec<usize> = places.iter().map(|place| place.entrances.len()).collect();
        assert_eq!((entrances, skipped.parts), (vec![3, 1], 2));
    }
}
