//! Keys of gates of own files: the keys of the map's gates that they represent.

use super::street_gates::KeyedGate;
use crate::keys;
use crate::own::OwnGate;
use circle_sheet::OwnLayer;

/// The keys of a compound's own gates. `of_map` are lists of the map's gates, the most certain list first. An
/// own gate within `metres` of one of these takes its key, the nearest pairs first, and each key is taken
/// once. Other own gates get new keys.
pub(super) fn of_own(gates: &[OwnGate], of_map: &[Vec<KeyedGate>], metres: f64) -> Vec<String> {
    let mut keys: Vec<Option<&str>> = vec![None; gates.len()];
    for known in of_map {
        let mut pairs: Vec<(f64, usize, usize)> = Vec::new();
        for (own, gate) in gates.iter().enumerate().filter(|(own, _)| keys[*own].is_none()) {
            for (number, (point, _)) in known.iter().enumerate() {
                let apart = gate.record.point.distance_metres(*point);
                if apart <= metres {
                    pairs.push((apart, own, number));
                }
            }
        }
        let from = |own: usize| (gates[own].record.source, gates[own].record.row);
        pairs.sort_by(|a, b| {
            let (of_a, of_b) = ((from(a.1), &known[a.2].1), (from(b.1), &known[b.2].1));
            a.0.total_cmp(&b.0).then_with(|| of_a.cmp(&of_b))
        });
        let mut taken = vec![false; known.len()];
        for (_, own, number) in pairs {
            if keys[own].is_none() && !taken[number] {
                taken[number] = true;
                keys[own] = Some(&known[number].1);
            }
        }
    }
    let own_key = |gate: &OwnGate| keys::of_record(OwnLayer::Gates, &gate.record);
    keys.into_iter().zip(gates).map(|(key, gate)| key.map_or_else(|| own_key(gate), str::to_owned)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::own::Record;
    use circle_model::identity::{own_key, own_key_by_place};
    use circle_model::{Frame, LonLat, Point};

    fn at(x: f64, y: f64) -> Point {
        Frame::at(LonLat { lon: 126.6, lat: 45.7 }.point()).point([x, y])
    }

    fn gate(row: u32, point: Point, reference: Option<&str>) -> OwnGate {
        let (reference, name) = (reference.map(Into::into), Some("东门".into()));
        let record = Record { source: 1, row, reference, name, point, ..Record::default() };
        OwnGate { record, compound: None, locked: false, hours: None, listed: true }
    }

    fn known(gates: &[(&str, Point)]) -> Vec<KeyedGate> {
        gates.iter().map(|(key, point)| (*point, (*key).to_owned())).collect()
    }

    #[test]
    fn own_gates_take_the_keys_of_the_gates_that_they_represent() {
        let of_map =
            [known(&[("n1", at(0.0, 0.0))]), known(&[("w1.w2", at(0.0, 5.0)), ("w1.w3", at(100.0, 0.0))])];
        let gates =
            [gate(2, at(0.0, 6.0), None), gate(3, at(100.0, 19.0), None), gate(4, at(100.0, 21.0), None)];
        // A mapped gate comes before a crossing, although the crossing is nearer.
        let by_place = own_key_by_place("gates", "东门", at(100.0, 21.0));
        assert_eq!(of_own(&gates, &of_map, 20.0), ["n1", "w1.w3", by_place.as_str()]);
    }

    #[test]
    fn the_nearest_pairs_come_first_and_each_key_is_taken_once() {
        let of_map = [known(&[("n1", at(0.0, 0.0)), ("n2", at(12.0, 0.0))])];
        let gates = [
            gate(2, at(9.0, 0.0), Some("7")),
            gate(3, at(11.0, 0.0), None),
            gate(4, at(13.0, 0.0), Some("9")),
        ];
        // Rows 3 and 4 are about equally far from n2: one of them takes its key, the other gets a new key.
        let keys = of_own(&gates, &of_map, 20.0);
        assert_eq!(keys[0], "n1");
        assert!((keys[1] == "n2") != (keys[2] == "n2"), "{keys:?}");
        let reversed: Vec<OwnGate> = gates.into_iter().rev().collect();
        let again = of_own(&reversed, &of_map, 20.0);
        assert_eq!(again.iter().rev().collect::<Vec<_>>(), keys.iter().collect::<Vec<_>>());
    }

    #[test]
    fn a_gate_far_from_all_others_gets_a_new_key() {
        let gates = [gate(2, at(0.0, 0.0), Some("G-7"))];
        assert_eq!(of_own(&gates, &[known(&[("n1", at(30.0, 0.0))])], 20.0), [own_key("gates", "G-7")]);
    }
}
