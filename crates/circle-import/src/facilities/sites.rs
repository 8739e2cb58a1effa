//! Merges parts of a site, such as the departments of a hospital, into it.

use super::draft::DraftFacility;
use super::kinds::{Kinds, PartOf};
use super::merge::{merge, metres_to};
use crate::classify::{Alike, PlainName};
use crate::geometry::{Boxes, polygons_square_metres};
use crate::own::Report;
use circle_model::city::Joined;
use circle_model::coordinates::Bounds;
use circle_model::grid::widened;
use rustc_hash::FxHashMap;

/// A part lies on the grounds of its site, or within this distance.
const PART_METRES: f64 = 150.0;
/// Limit of sites of one name, or around one part, that are compared.
const MOST_SITES: usize = 64;

/// Merges parts into their sites. Returns their count.
///
/// A part is named after its site, or lies on the site's grounds with a name that is not that of a whole. A
/// building that only `building` describes and that lies on the grounds is a part, too. Parts of an unknown
/// site are merged into the first part.
pub(super) fn fold(
    places: &mut [DraftFacility],
    gone: &mut [bool],
    report: &mut Report<'_>,
    kinds: &Kinds,
    generic: impl Fn(&str) -> bool,
) -> u64 {
    let mut sites = Sites::of(places, gone, kinds, &generic);
    let mut merged = 0;
    let mut capacities: FxHashMap<usize, f32> = FxHashMap::default();
    for number in 0..places.len() {
        let place = &places[number];
        let (categories, name) = (&place.classified.categories, place.name.as_deref());
        let kind = kinds.site(categories);
        if gone[number] || (kind.is_none() && !place.of_building) {
            continue;
        }
        let part = kinds.part(categories, name);
        let found = match (&part, kind) {
            (Some(PartOf::Named(whole)), Some(kind)) => {
                let called = sites.called(places, gone, number, kind, whole);
                called.or_else(|| place.of_building.then(|| sites.around(places, gone, number)).flatten())
            }
            _ if place.of_building => sites.around(places, gone, number),
            _ if !place.has_outline() && name.is_some() && !kinds.names_whole(categories, name) => {
                sites.around(places, gone, number)
            }
            _ => None,
        };
        if let Some((keeper, metres)) = found {
            if let Some(origin) = place.origins.first() {
                report.merge(origin);
            }
            let capacity = place.capacity;
            if sites.is_site[keeper] && places[keeper].capacity <= 0.0 {
                *capacities.entry(keeper).or_default() += capacity;
            }
            merge(places, gone, keeper, number, Joined::Part, metres);
            if !sites.is_site[keeper] {
                places[keeper].capacity += capacity;
                places[keeper].name = sites.whole_of(keeper).or(places[keeper].name.take());
            }
            merged += 1;
        } else if let (Some(PartOf::Named(whole)), Some(kind)) = (part, kind) {
            // Other parts may be merged into it.
            sites.add(number, kind, whole);
        }
    }
    for (keeper, capacity) in capacities {
        places[keeper].capacity = capacity;
    }
    merged
}

/// Places that may have parts.
struct Sites<'a> {
    kinds: &'a Kinds,
    is_site: Vec<bool>,
    names: Vec<PlainName>,
    boxes: Boxes,
    /// By kind and name.
    called: FxHashMap<(usize, Box<str>), Vec<usize>>,
    /// The names of unknown sites, by the part that represents them.
    wholes: FxHashMap<usize, String>,
}

impl<'a> Sites<'a> {
    fn of(places: &[DraftFacility], gone: &[bool], kinds: &'a Kinds, generic: impl Fn(&str) -> bool) -> Self {
        let is_site: Vec<bool> = (0..places.len())
            .map(|number| {
                let place = &places[number];
                let categories = &place.classified.categories;
                !gone[number]
                    && (kinds.have_grounds(categories) || kinds.site(categories).is_some())
                    && kinds.part(categories, place.name.as_deref()).is_none()
            })
            .collect();
        let name = |(place, is_site): (&DraftFacility, &bool)| {
            PlainName::of(place.name.as_deref().filter(|_| *is_site), &generic)
        };
        let names: Vec<PlainName> = places.iter().zip(&is_site).map(name).collect();
        let bounds = |(place, is_site): (&DraftFacility, &bool)| {
            if *is_site { Bounds::of(place.area.corners().chain([place.point])) } else { Bounds::EMPTY }
        };
        let boxes = Boxes::new(places.iter().zip(&is_site).map(bounds));
        let mut called: FxHashMap<(usize, Box<str>), Vec<usize>> = FxHashMap::default();
        for (number, name) in names.iter().enumerate().filter(|(_, name)| !name.is_none()) {
            let Some(kind) = kinds.site(&places[number].classified.categories) else { continue };
            called.entry((kind, name.stem.clone())).or_default().push(number);
        }
        Self { kinds, is_site, names, boxes, called, wholes: FxHashMap::default() }
    }

    /// Adds a part that represents its unknown site.
    fn add(&mut self, number: usize, kind: usize, whole: String) {
        let stem = PlainName::of(Some(&whole), |_| false).stem;
        self.called.entry((kind, stem)).or_default().push(number);
        self.wholes.insert(number, whole);
    }

    fn whole_of(&self, number: usize) -> Option<Box<str>> {
        self.wholes.get(&number).map(|whole| whole.as_str().into())
    }

    /// The nearest site with the name, or with a similar one.
    fn called(
        &self,
        places: &[DraftFacility],
        gone: &[bool],
        part: usize,
        kind: usize,
        whole: &str,
    ) -> Option<(usize, f64)> {
        let name = PlainName::of(Some(whole), |_| false);
        let near = |site: usize| {
            let metres = metres_to(&places[site], places[part].point);
            let fits = site != part && !gone[site] && metres <= PART_METRES;
            (fits && self.are_related(places, site, part)).then_some((site, metres))
        };
        let namesakes = self.called.get(&(kind, name.stem.clone())).into_iter().flatten().take(MOST_SITES);
        let nearest = |found: &mut dyn Iterator<Item = (usize, f64)>| {
            found.min_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)))
        };
        if let Some(found) = nearest(&mut namesakes.filter_map(|site| near(*site))) {
            return Some(found);
        }
        let around = widened(&Bounds::of([places[part].point]), PART_METRES);
        let sites = self.boxes.some_meeting(&around, MOST_SITES).into_iter().map(|site| site as usize);
        let alike = sites.filter(|site| name.compare(&self.names[*site]) <= Alike::Similar);
        nearest(&mut alike.filter_map(near))
    }

    /// The smallest site on whose grounds a part lies. A building with the name of a whole site is not a part
    /// of nameless grounds, which may contain several sites.
    fn around(&self, places: &[DraftFacility], gone: &[bool], part: usize) -> Option<(usize, f64)> {
        let place = &places[part];
        let categories = &place.classified.categories;
        let whole = self.kinds.names_whole(categories, place.name.as_deref());
        let sites = self.boxes.some_meeting(&Bounds::of([place.point]), MOST_SITES);
        let sites = sites.into_iter().map(|site| site as usize);
        let holds = |site: &usize| {
            let ground = &places[*site];
            let of_kind = if place.of_building {
                self.kinds.houses(&ground.classified.categories, categories)
                    && !(whole && self.names[*site].is_none())
            } else {
                self.are_related(places, *site, part)
            };
            of_kind
                && *site != part
                && !gone[*site]
                && !ground.of_building
                && ground.area.contains(place.point)
        };
        let size = |site: &usize| polygons_square_metres(&places[*site].area.polygons);
        let found = sites.filter(holds).min_by(|a, b| size(a).total_cmp(&size(b)).then(a.cmp(b)))?;
        Some((found, 0.0))
    }

    fn are_related(&self, places: &[DraftFacility], a: usize, b: usize) -> bool {
        self.kinds.are_related(&places[a].classified.categories, &places[b].classified.categories)
    }
}

#[cfg(test)]
mod tests {
    use crate::classify::{Classified, Classifier};
    use crate::facilities::{Kinds, draft::DraftFacility, join::join};
    use crate::geometry::{Area, assemble};
    use crate::own::{DraftOrigin, Report};
    use circle_model::city::FacilityFlags;
    use circle_model::city::{Channel, Joined, OsmKind};
    use circle_model::{Catalogue, Frame, LonLat, Point};

    fn place(
        category: &str,
        name: &str,
        [west, south, east, north]: [f64; 4],
        of_building: bool,
    ) -> DraftFacility {
        let catalogue = Catalogue::built_in();
        let frame = Frame::at(LonLat { lon: 126.6, lat: 45.7 }.point());
        let corners = [[west, south], [east, south], [east, north], [west, north], [west, south]];
        let ring: Vec<Point> = corners.iter().map(|corner| frame.point(*corner)).collect();
        let point = frame.point([f64::midpoint(west, east), f64::midpoint(south, north)]);
        let name = Some(name).filter(|name| !name.is_empty());
        let classified = Classified {
            categories: vec![catalogue.index_of(category).unwrap() as u8],
            channel: Channel::Osm,
            confidence_percent: 70,
            flags: FacilityFlags::empty(),
        };
        let area = if west < east { assemble(vec![ring]) } else { Area::default() };
        let source = DraftOrigin::mapped(OsmKind::Way, 1, point, name);
        DraftFacility { area, of_building, ..DraftFacility::mapped(source, None, &classified) }
    }

    /// Names and joined records of the resulting places.
    fn joined(mut places: Vec<DraftFacility>) -> Vec<(String, Vec<Joined>)> {
        let catalogue = Catalogue::built_in();
        let (classifier, kinds) = (Classifier::new(&catalogue), Kinds::new(&catalogue));
        join(&mut places, 0, &mut Report::empty(), &classifier, &kinds);
        let of = |place: &DraftFacility| {
            let joined = place.origins.iter().map(|origin| origin.joined).collect();
            (place.name.as_deref().unwrap_or_default().to_owned(), joined)
        };
        places.iter().map(of).collect()
    }

    fn names(places: Vec<DraftFacility>) -> Vec<String> {
        joined(places).into_iter().map(|(name, _)| name).collect()
    }

    const GROUND: [f64; 4] = [0.0, 0.0, 200.0, 200.0];
    const WEST: [f64; 4] = [10.0, 10.0, 60.0, 60.0];
    const EAST: [f64; 4] = [110.0, 10.0, 160.0, 60.0];
    const NODE: [f64; 4] = [150.0, 150.0, 150.0, 150.0];

    #[test]
    fn buildings_on_the_grounds_of_a_hospital_are_parts_of_it() {
        // way/705753342 of Harbin and three of the 16 buildings on its ground.
        let found = joined(vec![
            place("hospital", "哈尔滨医科大学附属第二医院", GROUND, false),
            place("hospital", "8 心血管", WEST, true),
            place("hospital", "本科公寓", EAST, true),
            place("hospital", "外科楼", [70.0, 70.0, 90.0, 90.0], true),
        ]);
        let parts = vec![Joined::Kept, Joined::Part, Joined::Part, Joined::Part];
        assert_eq!(found, [("哈尔滨医科大学附属第二医院".to_owned(), parts)]);
    }

    #[test]
    fn two_schools_on_one_ground_stay_separate() {
        // way/1120589498 of Harbin, grounds without a name, and the two buildings on them.
        let ground = || place("school", "", GROUND, false);
        let middle = place("middle_school", "哈尔滨市虹桥中学第二校区", WEST, true);
        let primary = place("primary_school", "哈尔滨市虹桥第二小学", EAST, true);
        let both = ["哈尔滨市虹桥中学第二校区", "哈尔滨市虹桥第二小学"];
        assert_eq!(names(vec![ground(), middle, primary]), both);
        // A school and its teaching block are one.
        let school = place("middle_school", "哈尔滨市第十三中学", WEST, true);
        let block = place("school", "教学楼", EAST, true);
        assert_eq!(names(vec![ground(), school, block]), ["哈尔滨市第十三中学"]);
    }

    #[test]
    fn a_place_on_grounds_is_a_part_unless_its_name_is_that_of_a_whole() {
        // way/1132359244 with node/10558640826, way/1132362174 with node/10558670755, way/861001211 with
        // node/6622279670.
        let on = |category: &str, ground: &str, name: &str| {
            names(vec![place(category, ground, GROUND, false), place(category, name, NODE, false)])
        };
        let hospital = "哈尔滨医科大学附属第一医院（群力院区）";
        assert_eq!(on("hospital", hospital, "综合性创伤救治中心"), [hospital]);
        assert_eq!(on("hospital", "哈医大一院附属伍连德纪念医院", "眼科医院").len(), 2);
        assert_eq!(on("school", "86中", "86中学"), ["86中"]);
        assert_eq!(on("primary_school", "朝鲜小学", "中山路小学").len(), 2);
    }

    #[test]
    fn a_hospital_in_its_building_is_one_place() {
        let found = joined(vec![
            place("hospital", "综合楼", WEST, true),
            place("hospital", "某某医院", [30.0, 30.0, 30.0, 30.0], false),
        ]);
        assert_eq!(found, [("某某医院".to_owned(), vec![Joined::Kept, Joined::Inside])]);
    }

    #[test]
    fn a_library_in_two_buildings_or_mapped_twice_is_one() {
        // way/316888854 and way/316888855 of Harbin, neither in the other; way/705653028 with way/340071593
        // on it.
        let house = |name: &str, at| place("library", name, at, false);
        let houses =
            || vec![house("东北林业大学图书馆 / B楼", WEST), house("东北林业大学图书馆 / A楼", EAST)];
        let parts = vec![Joined::Kept, Joined::Part];
        assert_eq!(joined(houses()), [("东北林业大学图书馆".to_owned(), parts)]);
        let whole = house("东北林业大学图书馆", [70.0, 100.0, 110.0, 140.0]);
        let with_whole = houses().into_iter().chain([whole]).collect();
        assert_eq!(names(with_whole), ["东北林业大学图书馆"]);
        let twice = vec![house("省图书馆", GROUND), house("黑龙江省图书馆", WEST)];
        assert_eq!(joined(twice), [("省图书馆".to_owned(), vec![Joined::Kept, Joined::LikeName])]);
        let two = vec![house("省图书馆", WEST), house("哈尔滨市图书馆太阳岛分馆", EAST)];
        assert_eq!(names(two).len(), 2);
    }

    #[test]
    fn faculties_are_parts_of_their_university_but_its_school_is_not() {
        let found = names(vec![
            place("higher_education", "东北农业大学", GROUND, false),
            place("school", "成栋楼", WEST, true),
            place("primary_school", "东北农业大学附属小学", EAST, true),
        ]);
        assert_eq!(found, ["东北农业大学", "东北农业大学附属小学"]);
    }
}
