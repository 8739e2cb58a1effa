use super::*;
use crate::drawn::Sketch;

fn same(of: KeyOf, before: &City, after: &City) -> Vec<Option<u32>> {
    same_rows(before, after).into_iter().find(|(collection, _)| *collection == of).unwrap().1
}

/// Pairs the gates of one compound that is another map object in the second city.
fn same_gates_of(before: &[(&str, [i32; 2])], after: &[(&str, [i32; 2])]) -> Vec<Option<u32>> {
    let city = |key: &str, gates| Sketch::default().compound(key, "甲小区", [0, 0], gates).city();
    same(KeyOf::Gate, &city("w1", before), &city("w2", after))
}

#[test]
fn gates_are_paired_by_key_then_nearest_first_and_each_once() {
    // The node moved by 100 m, and another gate is at its place.
    let node = same_gates_of(&[("n5", [0, 0])], &[("w2.n", [0, 1]), ("n5", [100, 0])]);
    assert_eq!(node, [Some(1)]);
    // The second one is nearer to the only gate within 20 m.
    let near = same_gates_of(&[("w1.n", [0, 0]), ("w1.e", [10, 0])], &[("w2.n", [15, 0])]);
    assert_eq!(near, [None, Some(0)]);
    let far = same_gates_of(&[("w1.n", [0, 0])], &[("w2.n", [25, 0])]);
    assert_eq!(far, [None]);
    // Gates of different compounds are different.
    let one = Sketch::default().compound("xa", "甲小区", [0, 0], &[("xa.n", [0, 0])]).city();
    let other = Sketch::default().compound("xb", "乙小区", [0, 0], &[("xb.n", [0, 0])]).city();
    assert_eq!(same(KeyOf::Gate, &one, &other), [None]);
}

#[test]
fn units_are_paired_by_object_then_code_then_name_where_they_overlap() {
    let city = |units: &[(&str, u8, &str, &str, [i32; 2])]| {
        let unit = |sketch: Sketch, (key, level, name, code, place): &(&str, u8, &str, &str, [i32; 2])| {
            sketch.unit(key, *level, name, code, *place)
        };
        units.iter().fold(Sketch::default(), unit).city()
    };
    let before = city(&[
        ("r1", 8, "荣市街道", "", [0, 0]),
        ("r2", 6, "南岗区", "230103", [0, 0]),
        ("r3", 10, "和平社区", "", [0, 0]),
        ("r4", 10, "建国社区", "", [0, 0]),
        ("r5", 10, "新春社区", "", [0, 0]),
    ]);
    let after = city(&[
        ("r1", 8, "荣市", "", [0, 0]),
        ("xown", 6, "南岗", "230103", [0, 0]),
        ("w3", 10, "和平社区", "", [900, 0]),
        // These boxes of 1 km do not overlap.
        ("w4", 10, "建国社区", "", [1100, 0]),
        ("w5", 8, "新春社区", "", [0, 0]),
    ]);
    assert_eq!(same(KeyOf::Unit, &before, &after), [Some(0), Some(1), Some(2), None, None]);
}

#[test]
fn buildings_are_paired_by_object_then_by_name_and_place() {
    let before = Sketch::default()
        .building("w1", "1号楼", [0, 0])
        .building("w2", "", [100, 0])
        .building("w3", "", [200, 0])
        .building("xa", "2号楼", [300, 0])
        .building("xb", "3号楼", [400, 0])
        .city();
    let after = Sketch::default()
        .building("w9", "2号楼", [320, 0])
        .building("w8", "4号楼", [400, 0])
        .building("w7", "", [210, 0])
        .building("w6", "", [103, 0])
        .building("w1", "", [90, 0])
        .city();
    assert_eq!(same(KeyOf::Building, &before, &after), [Some(4), Some(3), None, Some(0), None]);
}

#[test]
fn candidate_spaces_are_paired_by_key_then_by_name_and_place() {
    let before = Sketch::default().candidate("xa", "旧库", [0, 0]).candidate("xb", "锅炉房", [0, 0]).city();
    let after =
        Sketch::default().candidate("xc", "锅炉房", [140, 0]).candidate("xa", "新库", [250, 0]).city();
    assert_eq!(same(KeyOf::Candidate, &before, &after), [Some(1), Some(0)]);
    let far = Sketch::default().candidate("xc", "锅炉房", [160, 0]).city();
    assert_eq!(same(KeyOf::Candidate, &before, &far), [None, None]);
}

#[test]
fn a_reused_key_pairs_nothing_and_leaves_both_things_to_other_pairs() {
    // The first of three spaces is gone, and the list was renumbered.
    let before = Sketch::default()
        .candidate("x1", "旧库", [0, 0])
        .candidate("x2", "锅炉房", [1000, 0])
        .candidate("x3", "车棚", [2000, 0])
        .city();
    let after =
        Sketch::default().candidate("x1", "锅炉房", [1000, 0]).candidate("x2", "车棚", [2000, 0]).city();
    assert_eq!(same(KeyOf::Candidate, &before, &after), [None, Some(0), Some(1)]);
    // With the same name a space may move any distance; nearby it may have another name.
    let moved =
        Sketch::default().candidate("x1", "旧库", [5000, 0]).candidate("x2", "茶炉房", [1200, 0]).city();
    assert_eq!(same(KeyOf::Candidate, &before, &moved), [Some(0), Some(1), None]);
    // A map object stays the same.
    let of_map = |name: &str, x: i32| Sketch::default().building("w1", name, [x, 0]).city();
    assert_eq!(same(KeyOf::Building, &of_map("1号楼", 0), &of_map("2号楼", 900)), [Some(0)]);
}
