//! Facilities: parks by size, one facility per site, parks for residents only, unreachable facilities.

use crate::drawn::{Drawn, degrees, rectangle};
use crate::own::{Planner, at, facility};
use crate::run::{circle, harbin};
use circle_model::city::{AccessKind, Facility, FindingKind, Joined};
use circle_model::{Catalogue, City, ComponentId, CompoundId, FacilityId};
use std::collections::BTreeMap;

const FACILITIES: &str = "layer = \"facilities\"\ncrs = \"wgs84\"";

/// Categories and names of all facilities, sorted.
fn all(city: &City) -> Vec<(String, String)> {
    let catalogue = Catalogue::built_in();
    let of = |it: &Facility| {
        let main = city.facility_categories()[it.categories.start as usize];
        (catalogue.categories[usize::from(main)].id.clone(), city.text(it.name).to_owned())
    };
    let mut all: Vec<_> = city.facilities().iter().map(of).collect();
    all.sort();
    all
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(category, name)| ((*category).to_owned(), (*name).to_owned())).collect()
}

fn joined(city: &City, name: &str) -> Vec<Joined> {
    let origins = &city.origins()[facility(city, name).origins.range()];
    origins.iter().map(|it| Joined::from_code(it.joined)).collect()
}

#[test]
fn parks_are_sorted_by_size_and_width() {
    // 4,096 m²; 3,969 m²; 24 × 300 m; 26 × 300 m; a strip of 10 m around a lake of 200 × 200 m; a point.
    let city = Planner::new(
        &Drawn::with_street()
            .way(&rectangle(0, 10, 64, 74), "leisure=park name=甲")
            .way(&rectangle(100, 10, 163, 73), "leisure=park name=乙")
            .way(&rectangle(200, 10, 500, 34), "leisure=park name=丙")
            .way(&rectangle(200, 60, 500, 86), "leisure=park name=丁")
            .way(&rectangle(-320, 10, -100, 230), "")
            .way(&rectangle(-310, 20, -110, 220), "")
            .multipolygon(&[(5, "outer"), (6, "inner")], "leisure=park name=戊")
            .tag([600, 10], "leisure=park name=己"),
    )
    .city();
    let expected = [
        ("greenway", "丙"),
        ("greenway", "戊"),
        ("park", "丁"),
        // A park without an outline cannot be measured.
        ("park", "己"),
        ("park", "甲"),
        ("pocket_park", "乙"),
    ];
    assert_eq!(all(&city), pairs(&expected));
}

#[test]
fn an_own_category_overrides_the_size_of_a_park() {
    let town = Drawn::with_street().way(&rectangle(100, 10, 163, 73), "leisure=park name=乙");
    let csv = format!("name,category,lon,lat\n乙,公园,{}\n", at([130, 40]));
    let city = Planner::new(&town).file("parks.csv", csv, FACILITIES).city();
    assert_eq!(all(&city), pairs(&[("park", "乙")]));
    assert!(facility(&city, "乙").area_square_metres > 3_900.0);
}

#[test]
fn departments_of_a_hospital_are_merged_with_it() {
    let town = Drawn::with_street().way(&rectangle(0, 10, 120, 110), "amenity=hospital name=某市第一医院");
    let row = |name: &str, beds: &str, place| format!("{name},医院,{beds},{}\n", at(place));
    // Three departments on its ground, one 100 m away; a branch, and one too far away to be the same
    // hospital.
    let csv = format!(
        "name,category,床位数,lon,lat\n{}{}{}{}{}{}",
        row("第一医院急诊科", "20", [20, 30]),
        row("某市第一医院-门诊部", "", [60, 50]),
        row("某市第一医院(住院部)", "300", [220, 60]),
        row("放射科", "", [100, 100]),
        row("某市第一医院江北院区", "", [150, 60]),
        row("某市第一医院住院处", "", [900, 60])
    );
    let planner = Planner::new(&town).file("hospitals.csv", csv, FACILITIES);
    let city = planner.city();
    let expected = [
        ("hospital", "某市第一医院"),
        ("hospital", "某市第一医院住院处"),
        ("hospital", "某市第一医院江北院区"),
    ];
    assert_eq!(all(&city), pairs(&expected));
    let hospital = facility(&city, "某市第一医院");
    assert_eq!(joined(&city, "某市第一医院"), [[Joined::Kept].as_slice(), &[Joined::Part; 4]].concat());
    assert!((hospital.area_square_metres - 12_000.0).abs() < 100.0, "its area is that of its outline");
    assert!((hospital.capacity - 320.0).abs() < 1e-6, "it has the beds of its departments");
    let own = &city.meta().own[0];
    assert_eq!((own.rows, own.accepted, own.merged), (6, 2, 4));
    assert_eq!(city.meta().skipped["facilities_parts_of_a_site"], 4);
    let check = circle(["check", planner.path("town.circle").to_str().unwrap()]).ok();
    let (_, rows) = check.csv();
    assert!(
        rows.iter().any(|row| row[1] == "merged"
            && row[6].starts_with("parts of a site")
            && row[6].ends_with(": 4"))
    );
}

#[test]
fn parts_without_their_site_are_merged_to_one_place() {
    let row = |name: &str, place| format!("{name},小学,{}\n", at(place));
    let csv = format!(
        "name,category,lon,lat\n{}{}{}",
        row("某某小学-操场", [0, 20]),
        row("某某小学-教学楼", [60, 20]),
        row("另一小学教学楼", [90, 20])
    );
    let city = Planner::new(&Drawn::with_street()).file("schools.csv", csv, FACILITIES).city();
    assert_eq!(all(&city), pairs(&[("primary_school", "另一小学教学楼"), ("primary_school", "某某小学")]));
}

#[test]
fn a_nameless_outline_gets_the_name_of_the_place_in_it() {
    let town = Drawn::with_street()
        // An outline with one school, one with two schools, a hospital in its building, a supermarket.
        .way(&rectangle(0, 10, 100, 110), "amenity=school")
        .tag([50, 50], "amenity=school name=兆麟小学 name:en=Zhaolin")
        .way(&rectangle(200, 10, 300, 110), "amenity=school")
        .tag([220, 50], "amenity=school name=第三中学")
        .tag([280, 50], "amenity=school name=第五小学")
        .way(&rectangle(400, 10, 440, 50), "building=hospital")
        .tag([420, 30], "amenity=hospital name=某医院")
        .way(&rectangle(500, 10, 520, 30), "shop=supermarket")
        .tag([510, 20], "shop=supermarket name=联华超市")
        .tag([515, 25], "shop=supermarket");
    let city = Planner::new(&town).city();
    let expected = [
        ("hospital", "某医院"),
        ("middle_school", "第三中学"),
        ("primary_school", "兆麟小学"),
        ("primary_school", "第五小学"),
        ("supermarket", "联华超市"),
    ];
    assert_eq!(all(&city), pairs(&expected));
    let school = facility(&city, "兆麟小学");
    assert_eq!(city.text(school.name_en), "Zhaolin");
    assert!((school.area_square_metres - 10_000.0).abs() < 100.0);
    assert_eq!(joined(&city, "兆麟小学"), [Joined::Kept, Joined::Inside]);
    assert_eq!(joined(&city, "联华超市").len(), 3);
}

#[test]
fn gates_known_only_by_name_belong_to_their_park() {
    let town = Drawn::with_street().way(&rectangle(0, 10, 100, 110), "leisure=park name=靖宇公园");
    let csv = format!(
        "name,typecode,lon,lat\n靖宇公园-东门,991000,{}\n兆麟公园(南门),,{}\n某某大厦-东门,991000,{}\n",
        at([100, 60]),
        at([500, 10]),
        at([700, 10])
    );
    let city = Planner::new(&town).file("gates.csv", csv, FACILITIES).city();
    assert_eq!(all(&city), pairs(&[("park", "兆麟公园"), ("park", "靖宇公园")]));
    assert_eq!(joined(&city, "靖宇公园"), [Joined::Kept, Joined::Entrance]);
    let [lon, _] = degrees([100, 60]);
    let access = &city.access_points()[facility(&city, "靖宇公园").access.range()];
    assert!(access.iter().any(|it| (it.point.lon_lat().lon - lon).abs() < 1e-6));
    assert_eq!(city.meta().own[0].rejected["no_category"], 1);
}

#[test]
fn a_park_in_a_closed_compound_serves_its_residents() {
    let town = |access: &str| {
        Drawn::with_street()
            .way(&rectangle(0, 10, 300, 310), "landuse=residential name=甲小区 residential=gated")
            .way(&rectangle(50, 50, 150, 150), &format!("leisure=park name=园 {access}"))
            .way(&[[0, 0], [0, 60], [100, 60]], "highway=service")
            .way(&rectangle(400, 10, 500, 110), "landuse=residential name=乙小区 access=yes")
            .way(&rectangle(420, 20, 490, 90), "leisure=park name=街")
            // This park extends beyond the compound, so others can visit it.
            .way(&rectangle(200, -100, 290, 100), "leisure=park name=边")
    };
    let planner = Planner::new(&town(""));
    let city = planner.city();
    let row = |name: &str| {
        let at = city.facilities().iter().position(|it| city.text(it.name) == name).unwrap();
        FacilityId(at as u32)
    };
    let only = |name: &str| facility(&city, name).only_for();
    assert_eq!(only("园"), Some(CompoundId(0)));
    assert_eq!((only("街"), only("边")), (None, None));
    assert!(city.serves(row("园"), CompoundId(0)) && !city.serves(row("园"), CompoundId(1)));
    let path = planner.path("town.circle");
    let check = circle(["check", path.to_str().unwrap()]).ok();
    let message = "parks inside closed compounds, which serve their residents alone: 1";
    assert!(check.csv().1.iter().any(|row| row[1] == "merged" && row[6] == message));
    // Tags of public access take precedence.
    let city = Planner::new(&town("access=yes")).city();
    assert_eq!(facility(&city, "园").only_for(), None);
}

#[test]
fn a_park_whose_paths_are_an_island_is_entered_from_the_street() {
    // Two connected paths of 300 m cross the park and do not reach the street, which is 20 m from its
    // outline.
    let path = [[100, 100], [100, 400]];
    let town = Drawn::with_street()
        .way(&rectangle(0, 20, 200, 220), "leisure=park name=园")
        .way(&path, "highway=footway")
        .way(&[[90, 400], [100, 400], [400, 400]], "highway=footway");
    let planner = Planner::new(&town);
    let city = planner.city();
    let park = facility(&city, "园");
    let access = &city.access_points()[park.access.range()];
    let kind = |kind: AccessKind| access.iter().filter(|it| it.kind == u32::from(kind.code())).count();
    assert_eq!(kind(AccessKind::Crossing), 1);
    assert!(kind(AccessKind::Outline) > 0, "{access:?}");
    let check = circle(["check", planner.path("town.circle").to_str().unwrap()]).ok();
    assert!(!check.text().contains("facility_on_island"), "{}", check.text());
}

/// Places on public main streets of the largest component, spread over the table of edges.
fn streets_all_over(city: &City) -> Vec<circle_model::Point> {
    let public = |edge: &&circle_model::city::Edge| {
        let component = city.nodes()[edge.from.index()].component;
        edge.zone.is_public() && component.is_largest() && edge.has(circle_model::city::EdgeFlags::MAJOR)
    };
    let edges: Vec<_> = city.edges().iter().filter(public).collect();
    let step = edges.len() / 3;
    edges.iter().step_by(step).map(|edge| city.line(edge.line)[0]).collect()
}

#[test]
fn the_report_lists_exactly_the_unreachable_facilities() {
    let path = harbin();
    let city = City::open(path).unwrap();
    let network = circle_reach::Network::build(&city);
    let key = |number: usize| city.facility_key(FacilityId(number as u32)).into_owned();
    let mut expected: BTreeMap<String, &str> = BTreeMap::new();
    let mut joined = Vec::new();
    for (number, it) in city.facilities().iter().enumerate() {
        let legs: Vec<ComponentId> = city.access_points()[it.access.range()]
            .iter()
            .flat_map(|access| network.legs(access.point).legs)
            .map(|leg| city.nodes()[city.edges()[leg.edge.index()].from.index()].component)
            .collect();
        if legs.is_empty() {
            expected.insert(key(number), FindingKind::FacilityOffNetwork.word());
        } else if !legs.contains(&ComponentId::LARGEST) {
            expected.insert(key(number), FindingKind::FacilityOnIsland.word());
        } else {
            joined.push(number);
        }
    }
    // Of the others, those without a walk from any of several main streets far apart.
    let from = streets_all_over(&city);
    let profile = circle_model::Profiles::built_in().find("adult").unwrap().clone();
    for number in joined {
        let access = &city.access_points()[city.facilities()[number].access.range()];
        let to: Vec<_> = access.iter().map(|access| access.point).collect();
        let far = circle_model::Milliseconds::from_minutes(600);
        let walks =
            circle_reach::times(&network, &profile, &from, &to, far, &circle_reach::Cancel::never()).unwrap();
        if walks.iter().all(|walk| walk.status != circle_reach::Status::Ok) {
            expected.insert(key(number), FindingKind::FacilityShutIn.word());
        }
    }
    assert!(expected.len() > 20, "{}", expected.len());
    let (_, rows) = circle(["check", path.to_str().unwrap()]).ok().csv();
    let kinds = [FindingKind::FacilityOffNetwork, FindingKind::FacilityOnIsland, FindingKind::FacilityShutIn];
    let kinds = kinds.map(FindingKind::word);
    let listed: Vec<_> = rows.iter().filter(|row| kinds.contains(&row[1].as_str())).collect();
    for row in &listed {
        let it = &city.facilities()[city.facility_named(&row[2]).found().unwrap().index()];
        assert_eq!(row[3], city.text(it.name));
        assert!(!row[4].is_empty() && !row[5].is_empty(), "{row:?}");
    }
    let found: BTreeMap<String, &str> = listed.iter().map(|row| (row[2].clone(), row[1].as_str())).collect();
    assert_eq!(listed.len(), found.len(), "one finding per facility");
    assert_eq!(found, expected);
}
