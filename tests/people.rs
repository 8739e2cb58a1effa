//! Population estimates and compounds closed by default, in drawn towns.

use crate::drawn::{Drawn, rectangle};
use crate::own::{Planner, at};
use crate::run::circle;
use circle_model::city::Compound;
use circle_model::{City, ResidentsByUnit, UnitId};

const DISTRICT: &str = "boundary=administrative admin_level=6 name=南岗区";

/// Two compounds and a block of flats outside of both, each with a building of 100 ha, in a district.
fn crowded(district: impl Fn(Drawn) -> Drawn) -> Drawn {
    let town = Drawn::with_street()
        .way(&rectangle(-2500, 100, -1300, 1300), "landuse=residential name=甲小区")
        .way(&rectangle(-2400, 200, -1400, 1200), "building=apartments building:levels=30")
        .way(&rectangle(100, 100, 1300, 1300), "landuse=residential name=乙小区")
        .way(&rectangle(200, 200, 1200, 1200), "building=apartments")
        .way(&rectangle(-500, -2000, 500, -1000), "building=apartments building:levels=15");
    district(town)
}

fn compound<'a>(city: &'a City, name: &str) -> &'a Compound {
    city.compounds().iter().find(|it| city.text(it.name) == name).unwrap()
}

fn close(found: f64, right: f64) -> bool {
    (found / right - 1.0).abs() < 0.002
}

#[test]
fn a_whole_district_has_the_residents_of_its_census() {
    let whole = |town: Drawn| town.way(&rectangle(-4000, -4000, 4000, 4000), DISTRICT);
    let city = Planner::new(&crowded(whole))
        .file("none.csv", "小区,户数\n甲乙丙小区,1\n", "layer = \"population\"")
        .city();
    // 南岗区 2020: 1,390,679 residents, 36.27 m² each, 35.76 % of the homes with a lift. The harmonic mean of
    // 18 levels with a lift and 6 levels without is 7.878. Estimates are in proportion to levels: 30, 7.878
    // and 15.
    let levels = 1.0 / (0.3576 / 18.0 + 0.6424 / 6.0);
    let each = 1_390_679.0 / (30.0 + levels + 15.0);
    let [first, second] = ["甲小区", "乙小区"].map(|name| compound(&city, name).population);
    assert!(close(f64::from(first.residents), each * 30.0), "{first:?}");
    assert!(close(f64::from(second.residents), each * levels), "{second:?}");
    // The range assumes 75 to 95 % occupied homes instead of 85 %, and other levels where none are mapped.
    assert!(close(f64::from(first.residents_low), each * 30.0 * 0.75 / 0.85), "{first:?}");
    assert!(close(f64::from(first.residents_high), each * 30.0 * 0.95 / 0.85), "{first:?}");
    let fewest = 1.0 / (0.3576 / 11.0 + 0.6424 / 5.0);
    assert!(close(f64::from(second.residents_low), each * fewest * 0.75 / 0.85), "{second:?}");
    assert!(
        close(f64::from(first.elderly), f64::from(first.residents) * 267_156.0 / 1_390_679.0),
        "{first:?}"
    );
    assert!(
        close(f64::from(first.children), f64::from(first.residents) * 155_222.0 / 1_390_679.0),
        "{first:?}"
    );
    // Compounds and the block outside of them add up to the census.
    let outside: f64 = city
        .buildings()
        .iter()
        .filter(|building| building.compound().is_none())
        .map(|building| f64::from(building.residents))
        .sum();
    let all = outside + f64::from(first.residents) + f64::from(second.residents);
    assert!((all - 1_390_679.0).abs() < 5.0, "{all}");
    let residents = ResidentsByUnit::of(&city);
    assert_eq!(residents.unit(UnitId(0)).map(|it| [it.low, it.likely, it.high]), Some([1_390_679; 3]));
    assert_eq!(residents.city(), residents.unit(UnitId(0)));
    let scale = 1_390_679.0 / (1_000_000.0 * (45.0 + levels) * 0.9 * 0.85 / 36.27);
    let district = &city.meta().census[0];
    assert!(district.whole && close(district.scaled_by.unwrap(), scale), "{district:?}");
}

#[test]
fn a_district_that_is_cut_or_unknown_is_not_scaled() {
    let by_size = |square_metres_each: f64| 1_000_000.0 * 30.0 * 0.9 * 0.85 / square_metres_each;
    let built = |district: &dyn Fn(Drawn) -> Drawn| {
        Planner::new(&crowded(district))
            .file("none.csv", "小区,户数\n甲乙丙小区,1\n", "layer = \"population\"")
            .city()
    };
    // A corner of the boundary lies outside the extract.
    let cut = built(&|town| {
        let outline = rectangle(-4000, -4000, 4000, 4000);
        town.way(&outline, "source=survey").multipolygon(&[(6, "outer")], DISTRICT).lose([4000, 4000])
    });
    let residents = compound(&cut, "甲小区").population.residents;
    assert!(cut.meta().census.iter().all(|district| district.scaled_by.is_none()), "{:?}", cut.meta().census);
    if cut.units().first().is_some_and(|unit| unit.census > 0) {
        assert!(close(f64::from(residents), by_size(36.27)), "{residents}");
    }
    let elsewhere = built(&|town| town);
    let population = compound(&elsewhere, "甲小区").population;
    assert!(close(f64::from(population.residents), by_size(36.5)), "{population:?}");
    let by_buildings = ResidentsByUnit::of(&elsewhere).city().unwrap();
    // 30 + 6 + 15 levels, the last ones outside of all compounds.
    assert!(close(by_buildings.likely as f64, by_size(36.5) * 51.0 / 30.0), "{by_buildings:?}");
    assert!(by_buildings.low < by_buildings.likely && by_buildings.likely < by_buildings.high);
}

#[test]
fn closed_by_default_is_an_option_and_is_stated() {
    let folder = tempfile::tempdir().unwrap();
    let town = Drawn::with_street()
        .way(&rectangle(0, 10, 200, 210), "landuse=residential name=甲小区")
        .way(&rectangle(300, 10, 500, 210), "landuse=residential");
    let extract = crate::run::write(&folder, "town.osm.pbf", town.pbf());
    let closed = |word: &str| {
        let city = folder.path().join(format!("{word}.circle"));
        let args = ["build", extract.to_str().unwrap(), "-o", city.to_str().unwrap()];
        let more = ["--closed-by-default", word];
        circle(if word.is_empty() { args.to_vec() } else { [&args[..], &more].concat() }).ok();
        let place = at([50, 0]);
        let answer =
            circle(["isochrone", city.to_str().unwrap(), "--at", &place, "--minutes", "5"]).ok().json();
        let city = City::open(&city).unwrap();
        let closed: Vec<u8> = city.compounds().iter().map(|compound| compound.closed).collect();
        (closed, answer["statement"]["closed_by_default"].clone())
    };
    assert_eq!(closed(""), (vec![1, 0], serde_json::Value::Null), "the nameless one is open");
    assert_eq!(closed("never"), (vec![0, 0], "never".into()));
    assert_eq!(closed("always"), (vec![1, 0], "always".into()));
}
