use super::*;
use crate::drawn::{Sketch, at};
use circle_model::city::Named;

fn carried(city: &City, since: &City) -> City {
    carry_keys(city, since).unwrap().0
}

/// Collection, key, row and position of every former key.
fn former(city: &City) -> Vec<(u8, String, u32, Point)> {
    let rows = city.former_keys().iter();
    rows.map(|it| (it.of, city.text(it.text).to_owned(), it.row, it.point)).collect()
}

fn counts(kept: usize, aliased: usize, new: usize, gone: usize) -> Carried {
    Carried { kept, aliased, new, gone, reused: 0 }
}

/// Collection, key, former and present name of every listed reused key.
fn listed(city: &City) -> Vec<[&str; 4]> {
    let reused = &city.meta().since.as_ref().unwrap().reused;
    let fields = reused.iter().map(|it| [&it.collection, &it.key, &it.name_before, &it.name_after]);
    fields.map(|fields| fields.map(String::as_str)).collect()
}

#[test]
fn a_key_stays_becomes_an_alias_or_is_gone() {
    let old = Sketch::default()
        .compound("w1", "甲小区", [0, 0], &[("n1", [50, 0]), ("w1.ne", [0, 50])])
        .compound("w2", "乙小区", [1000, 0], &[("w2.n", [1000, 50]), ("w2.s", [1000, -50])])
        .compound("w3", "丙小区", [2000, 0], &[("w3.n", [2000, 50])])
        .city();
    // 乙小区 is mapped anew as a relation; one of its gates is 5 m away, the other is missing.
    let new = Sketch::default()
        .compound("w9", "丁小区", [3000, 0], &[])
        .compound("r2", "乙小区", [1020, 0], &[("r2.n", [1000, 55])])
        .compound("w1", "甲小区（一期）", [10, 0], &[("n1", [50, 0]), ("w1.ne", [0, 50]), ("n7", [9, 9])])
        .city();
    let (city, keys) = carry_keys(&new, &old).unwrap();
    assert_eq!(keys.compounds, counts(1, 1, 1, 1));
    assert_eq!(keys.gates, counts(2, 1, 1, 2));
    let since = city.meta().since.as_ref().unwrap();
    assert_eq!((since.edition.as_str(), since.keys), (old.edition().to_string().as_str(), keys));
    assert_eq!(city.compound_named("w1").found().map(|id| id.0), Some(2));
    assert_eq!(city.named(KeyOf::Compound, "w1"), Named::Present(2));
    assert_eq!(city.named(KeyOf::Compound, "w2"), Named::Alias(1));
    assert_eq!(city.named(KeyOf::Compound, "w3"), Named::Gone(at([2000, 0])));
    assert_eq!(city.named(KeyOf::Compound, "w4"), Named::Nothing);
    assert_eq!(city.named(KeyOf::Gate, "n1"), Named::Present(1));
    assert_eq!(city.named(KeyOf::Gate, "w2.n"), Named::Alias(0));
    assert_eq!(city.named(KeyOf::Gate, "w2.s"), Named::Gone(at([1000, -50])));
    assert_eq!(city.named(KeyOf::Gate, "w2"), Named::Nothing, "each collection has keys of its own");
    // Existing texts keep their positions.
    assert_eq!(city.text(city.compounds()[1].name), "乙小区");
}

#[test]
fn an_alias_follows_its_thing_until_the_thing_is_gone() {
    let of = |key: &str, name: &str| Sketch::default().compound(key, name, [0, 0], &[]).city();
    let first = of("w1", "甲小区");
    let second = carried(&of("w2", "甲小区"), &first);
    let third = carried(&of("w3", "甲小区"), &second);
    assert_eq!(
        ["w1", "w2", "w3"].map(|key| third.named(KeyOf::Compound, key)),
        [Named::Alias(0), Named::Alias(0), Named::Present(0)]
    );
    let fourth = carried(&of("w4", "乙小区"), &third);
    assert_eq!(
        ["w1", "w2", "w3"].map(|key| fourth.named(KeyOf::Compound, key)),
        [Named::Gone(at([0, 0])); 3]
    );
    // A key that is gone may return; until then it stays gone.
    let fifth = carried(&of("w2", "丙小区"), &fourth);
    assert_eq!(
        ["w1", "w2", "w3", "w4"].map(|key| fifth.named(KeyOf::Compound, key)),
        [Named::Gone(at([0, 0])), Named::Present(0), Named::Gone(at([0, 0])), Named::Gone(at([0, 0]))]
    );
    assert_eq!(fifth.former_keys().len(), 3);
}

#[test]
fn a_reused_key_names_the_present_thing_and_is_listed() {
    // The own id 1 now belongs to another compound, and 甲小区 has the id 2.
    let old = Sketch::default().compound("xid1", "甲小区", [0, 0], &[("xid1.n", [0, 50])]).city();
    let new = Sketch::default()
        .compound("xid1", "乙小区", [5000, 0], &[("xid1.n", [5000, 50])])
        .compound("xid2", "甲小区", [0, 0], &[("xid2.n", [0, 50])])
        .city();
    let (city, keys) = carry_keys(&new, &old).unwrap();
    // 乙小区 is new; 甲小区 has another key. The key of a gate follows its compound.
    let one_reused = Carried { new: 1, reused: 1, ..Carried::default() };
    assert_eq!([keys.compounds, keys.gates], [one_reused; 2]);
    assert_eq!(city.named(KeyOf::Compound, "xid1"), Named::Present(0));
    assert!(city.former_keys().is_empty());
    let expected = [["compounds", "xid1", "甲小区", "乙小区"], ["gates", "xid1.n", "甲小区", "乙小区"]];
    assert_eq!(listed(&city), expected);
    let metres = city.meta().since.as_ref().unwrap().reused[0].distance_metres;
    assert_eq!(metres, at([0, 0]).distance_metres(at([5000, 0])).round() as u64);
    assert!((4_900..5_100).contains(&metres));
    // The earlier list stays: nothing is reused a second time.
    let (again, keys) = carry_keys(&new, &city).unwrap();
    assert_eq!(keys.compounds, counts(2, 0, 0, 0));
    assert_eq!(again.as_bytes(), city.as_bytes());
}

#[test]
fn a_thing_that_moves_or_is_renamed_keeps_its_key() {
    let old = Sketch::default()
        .facility("xid1", "社区食堂", [0, 0])
        .facility("xid2", "社区食堂", [0, 0])
        .facility("xid3", "", [0, 0])
        .facility("xid4", "", [0, 0])
        .facility("n5", "老药房", [0, 0])
        .city();
    let new = Sketch::default()
        .facility("xid1", "社区食堂", [5000, 0])
        .facility("xid2", "为民食堂", [250, 0])
        .facility("xid3", "", [250, 0])
        // Without a name, nothing identifies it.
        .facility("xid4", "", [5000, 0])
        // The same map object is the same thing.
        .facility("n5", "新药房", [5000, 0])
        .city();
    let (city, keys) = carry_keys(&new, &old).unwrap();
    assert_eq!(keys.facilities, Carried { kept: 4, new: 1, reused: 1, ..Carried::default() });
    assert_eq!(listed(&city), [["facilities", "xid4", "", ""]]);
    // A unit with the same official code is the same, wherever its label is.
    let unit = |name: &str, code: &str, x: i32| Sketch::default().unit("xid1", 8, name, code, [x, 0]).city();
    let units = |code: &str| {
        let [old, new] = [unit("荣市街道", code, 0), unit("荣市", code, 900)];
        carry_keys(&new, &old).unwrap().1.units
    };
    assert_eq!(units("230103001"), counts(1, 0, 0, 0));
    assert_eq!(units(""), Carried { new: 1, reused: 1, ..Carried::default() });
}

#[test]
fn aliases_of_a_thing_do_not_pass_to_the_new_owner_of_its_key() {
    let of = |key: &str, name: &str, x: i32| Sketch::default().compound(key, name, [x, 0], &[]);
    let first = of("w1", "甲小区", 0).city();
    let second = carried(&of("xid1", "甲小区", 0).city(), &first);
    assert_eq!(second.named(KeyOf::Compound, "w1"), Named::Alias(0));
    let third = of("xid1", "乙小区", 5000).compound("xid2", "甲小区", [0, 0], &[]).city();
    assert_eq!(carried(&third, &second).named(KeyOf::Compound, "w1"), Named::Alias(1));
    let gone = carried(&of("xid1", "乙小区", 5000).city(), &second);
    assert_eq!(gone.named(KeyOf::Compound, "w1"), Named::Gone(at([0, 0])));
}

#[test]
fn a_reused_former_key_is_listed_too() {
    let of = |key: &str, name: &str, x: i32| Sketch::default().compound(key, name, [x, 0], &[]);
    let first = of("xid1", "甲小区", 0).city();
    let second = carried(&of("xid2", "甲小区", 0).city(), &first);
    let third = of("xid2", "甲小区", 0).compound("xid1", "乙小区", [5000, 0], &[]).city();
    let (third, keys) = carry_keys(&third, &second).unwrap();
    assert_eq!(keys.compounds, Carried { kept: 1, new: 1, reused: 1, ..Carried::default() });
    assert_eq!(listed(&third), [["compounds", "xid1", "甲小区", "乙小区"]]);
    // The thing may get its former key back.
    let (_, keys) = carry_keys(&first, &second).unwrap();
    assert_eq!(keys.compounds, counts(0, 1, 0, 0));
}

#[test]
fn things_of_all_collections_are_carried_on() {
    let old = Sketch::default()
        .facility("n1", "社区食堂", [0, 0])
        .facility("n2", "", [500, 0])
        .unit("r1", 8, "荣市街道", "", [0, 0])
        .candidate("xspace1", "旧锅炉房", [0, 0])
        .building("w1", "", [0, 0])
        .city();
    let new = Sketch::default()
        .facility("w7", "社区食堂", [40, 0])
        .facility("w8", "", [540, 0])
        .unit("r2", 8, "荣市街道", "", [300, 0])
        .candidate("xspace2", "旧锅炉房", [30, 0])
        .building("w2", "1号楼", [3, 0])
        .city();
    let (city, keys) = carry_keys(&new, &old).unwrap();
    assert_eq!(keys.facilities, counts(0, 1, 1, 1), "40 m are too far without a name");
    for of in [KeyOf::Unit, KeyOf::Candidate, KeyOf::Building] {
        assert_eq!(*keys.of(of), counts(0, 1, 0, 0), "{of:?}");
    }
    assert_eq!(city.named(KeyOf::Facility, "n1"), Named::Alias(0));
    assert_eq!(city.named(KeyOf::Facility, "n2"), Named::Gone(at([500, 0])));
    let order: Vec<_> = former(&city).into_iter().map(|(of, key, ..)| (of, key)).collect();
    let mut sorted = order.clone();
    sorted.sort();
    assert_eq!(order, sorted);
    assert_eq!(order.len(), 5);
}

/// Pseudo-random numbers, the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end
    }

    /// Random numbers below `end`, in any order.
    fn some(&mut self, end: usize) -> Vec<usize> {
        let mut some: Vec<usize> = (0..end).filter(|_| self.below(2) == 0).collect();
        for at in 1..some.len() {
            let other = self.below(at + 1);
            some.swap(at, other);
        }
        some
    }

    /// A random place within some hundred metres, so that things of two towns are often close.
    fn place(&mut self) -> [i32; 2] {
        [self.below(60) as i32 * 7, self.below(4) as i32 * 7]
    }

    fn name(&mut self) -> &'static str {
        ["", "甲", "乙", "丙"][self.below(4)]
    }
}

/// A key of the map or an own key.
fn key(letter: char, id: usize) -> String {
    if id.is_multiple_of(3) { format!("xown{letter}{id}") } else { format!("{letter}{}", id + 1) }
}

/// A small town. Towns of other seeds share some of its keys, names and places.
fn town(seed: u64) -> City {
    let mut numbers = Numbers(seed);
    let mut sketch = Sketch::default();
    let mut gate = numbers.some(24).into_iter();
    for id in numbers.some(8) {
        let (key, name, place @ [x, y]) = (key('w', id), numbers.name(), numbers.place());
        let mut gates = vec![(format!("{key}.ne"), [x + 30, y + 30])];
        for id in gate.by_ref().take(2) {
            gates.push((format!("n{}", id + 1), [x + numbers.below(40) as i32, y]));
        }
        let gates: Vec<(&str, [i32; 2])> = gates.iter().map(|(key, place)| (key.as_str(), *place)).collect();
        sketch = sketch.compound(&key, name, place, &gates);
    }
    for id in numbers.some(8) {
        sketch = sketch.facility(&key('n', id), numbers.name(), numbers.place());
    }
    for id in numbers.some(6) {
        let (level, code) = ([8, 10][numbers.below(2)], ["", "230102", "230103"][numbers.below(3)]);
        sketch = sketch.unit(&key('r', id), level, numbers.name(), code, numbers.place());
    }
    for id in numbers.some(6) {
        sketch = sketch.candidate(&format!("xspace{id}"), numbers.name(), numbers.place());
    }
    for id in numbers.some(10) {
        sketch = sketch.building(&key('w', id), numbers.name(), numbers.place());
    }
    sketch.city()
}

#[test]
fn carrying_keys_twice_equals_carrying_them_once() {
    let (mut aliases, mut reused) = (0, 0);
    for seed in 0..500 {
        let (old, new) = (town(seed), town(seed + 1_000_000));
        let (once, keys) = carry_keys(&new, &old).unwrap();
        reused += KeyOf::ALL.iter().map(|of| keys.of(*of).reused).sum::<usize>();
        let (twice, keys) = carry_keys(&new, &once).unwrap();
        assert_eq!(former(&twice), former(&once), "seed {seed}");
        assert_eq!(former(&carried(&once, &once)), former(&once), "seed {seed}");
        for of in KeyOf::ALL {
            assert_eq!(*keys.of(*of), counts(new.count_of(*of) as usize, 0, 0, 0), "seed {seed}, {of:?}");
        }
        aliases += once.former_keys().iter().filter(|it| it.row != FormerKey::GONE).count();
    }
    assert!(aliases > 100 && reused > 10, "towns with little in common prove nothing: {aliases}, {reused}");
}

#[test]
fn every_key_of_every_earlier_edition_is_answered() {
    for seed in 0..300 {
        let editions = [town(seed), town(seed + 1_000_000), town(seed + 2_000_000)];
        let second = carried(&editions[1], &editions[0]);
        let (third, keys) = carry_keys(&editions[2], &second).unwrap();
        for of in KeyOf::ALL.iter().copied() {
            for (number, edition) in editions.iter().enumerate() {
                for row in 0..edition.count_of(of) {
                    let key = edition.key_of(of, row);
                    let named = third.named(of, &key);
                    assert_ne!(named, Named::Nothing, "seed {seed}, edition {number}, {of:?} {key}");
                    assert!(number < 2 || named == Named::Present(row), "seed {seed}, {of:?} {key}");
                }
            }
            let carried = keys.of(of);
            let all = carried.kept + carried.aliased + carried.gone + carried.reused;
            // Aliases that things have as their keys now may be reused keys, too.
            let returned = second.former_keys().iter().filter(|it| {
                let key = second.text(it.text);
                it.of == of.code() && it.row().is_some() && matches!(third.named(of, key), Named::Present(_))
            });
            let things = second.count_of(of) as usize;
            assert!((things..=things + returned.count()).contains(&all), "seed {seed}, {of:?}");
            assert!(carried.new <= third.count_of(of) as usize);
        }
        let rows = former(&third);
        assert!(rows.is_sorted_by(|a, b| (a.0, &a.1) < (b.0, &b.1)), "seed {seed}: sorted, each once");
        for (of, key, ..) in rows {
            let named = third.named(KeyOf::from_code(of), &key);
            assert!(!matches!(named, Named::Present(_) | Named::Nothing), "seed {seed}: {key}");
        }
    }
}
