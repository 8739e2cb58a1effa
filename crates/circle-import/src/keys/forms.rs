//! The forms of keys: by the object that names a place, by rows of own files, and of gates.

use crate::own::{DraftOrigin, Record};
use circle_model::Point;
use circle_model::city::OsmKind;
use circle_model::identity::{MOST_CHARACTERS, osm_key, own_key, own_key_by_place, place_suffix};
use circle_sheet::OwnLayer;

/// The object of the map that names a place; `None` if the map does not contain the place.
///
/// It is the first object, if it has a name or no object has the place's name; else the object with the
/// place's name, of several the lowest by kind and id. Entrances and parts count only if there are no other
/// objects.
pub(crate) fn naming_object(origins: &[DraftOrigin], name: Option<&str>) -> Option<(OsmKind, i64)> {
    let mapped = || origins.iter().filter(|origin| origin.osm_kind != OsmKind::None);
    let any_whole = mapped().any(|origin| !origin.aside);
    let candidates = || mapped().filter(|origin| !any_whole || !origin.aside);
    let object = |origin: &DraftOrigin| (origin.osm_kind, origin.osm_id);
    let first = candidates().next()?;
    if first.name.is_some() || name.is_none() {
        return Some(object(first));
    }
    let same_name = candidates().filter(|origin| origin.name.as_deref() == name).map(object);
    Some(same_name.min_by_key(|(kind, id)| (kind.code(), *id)).unwrap_or_else(|| object(first)))
}

/// The key of a place: that of the object that names it, else that of its first record.
pub(crate) fn of_place(origins: &[DraftOrigin], object: Option<(OsmKind, i64)>, layer: OwnLayer) -> String {
    object.and_then(|(kind, id)| osm_key(kind, id)).unwrap_or_else(|| {
        origins.first().map_or_else(String::new, |origin| {
            of_row(layer, origin.reference.as_deref(), origin.name.as_deref(), origin.point)
        })
    })
}

/// The key of a record of an own file.
pub(crate) fn of_record(layer: OwnLayer, record: &Record) -> String {
    of_row(layer, record.reference.as_deref(), record.name.as_deref(), record.point)
}

/// The key of a row of an own file: by its own id, else by its name and place.
pub(crate) fn of_row(layer: OwnLayer, id: Option<&str>, name: Option<&str>, place: Point) -> String {
    match id {
        Some(id) => own_key(layer.word(), id),
        None => own_key_by_place(layer.word(), name.unwrap_or_default(), place),
    }
}

/// The key of a gate where a way crosses the outline of a compound. `order` numbers the crossings of the way
/// from 1.
pub(crate) fn of_crossing(compound: &str, way: i64, order: u32) -> String {
    let way = osm_key(OsmKind::Way, way).unwrap_or_else(|| "w0".to_owned());
    fitting(if order > 1 { format!("{compound}.{way}-{order}") } else { format!("{compound}.{way}") })
}

/// The key of an inferred gate, by the number of its side from [`side_of`](crate::network::side_of).
pub(crate) fn of_side(compound: &str, side: usize) -> String {
    fitting(format!("{compound}.{}", ["e", "w", "n", "s"][side % 4]))
}

/// The key of a gate node; with the key of the compound if the node is a gate of several compounds.
pub(crate) fn of_gate_node(node: i64, compound: Option<&str>) -> String {
    let node = osm_key(OsmKind::Node, node).unwrap_or_else(|| "n0".to_owned());
    compound.map_or_else(|| node.clone(), |compound| fitting(format!("{node}.{compound}")))
}

/// A key with a suffix by place, which distinguishes it from the same key elsewhere.
pub(crate) fn with_place(key: &str, place: Point) -> String {
    fitting(key.to_owned() + &place_suffix(place))
}

/// The text, or its hash if it is too long for a key.
pub(super) fn fitting(text: String) -> String {
    if text.len() <= MOST_CHARACTERS { text } else { own_key("key", &text) }
}

/// The key, unless it is that of the row's own object, which the row does not store.
pub(crate) fn other_than_object(key: String, object: (OsmKind, i64)) -> Option<String> {
    let is_of_object = osm_key(object.0, object.1).as_deref() == Some(&key);
    (!is_of_object && !key.is_empty()).then_some(key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use circle_model::city::Joined;
    use circle_model::identity::may_be_key;

    const HERE: Point = Point { lon: 1_266_000_000, lat: 457_000_000 };

    fn origin(kind: OsmKind, id: i64, name: &str) -> DraftOrigin {
        DraftOrigin::mapped(kind, id, HERE, Some(name).filter(|name| !name.is_empty()))
    }

    fn own(source: u32, row: u32, reference: Option<&str>) -> DraftOrigin {
        let (reference, name) = (reference.map(Into::into), Some("和平里".into()));
        DraftOrigin::own(&Record { source, row, reference, name, point: HERE, ..Record::default() })
    }
    #[test]
    fn the_first_object_names_a_place_unless_only_another_one_has_its_name() {
        use OsmKind::{Node, Relation, Way};
        let named_by = |origins: &[DraftOrigin]| naming_object(origins, Some("和平里")).unwrap();
        assert_eq!(named_by(&[origin(Way, 5, "和平里"), origin(Node, 1, "和平里")]), (Way, 5));
        assert_eq!(named_by(&[origin(Way, 5, "和平里南区"), origin(Node, 1, "和平里")]), (Way, 5));
        assert_eq!(named_by(&[origin(Way, 5, ""), origin(Node, 1, "")]), (Way, 5));
        // The lowest of several objects with the name is taken, in any order.
        let [a, b, c] = [origin(Relation, 1, "和平里"), origin(Node, 9, "和平里"), origin(Node, 7, "和平里")];
        let outline = origin(Way, 5, "");
        assert_eq!(named_by(&[outline.clone(), a.clone(), b.clone(), c.clone()]), (Node, 7));
        assert_eq!(named_by(&[outline, c, b, a]), (Node, 7));
        assert_eq!(naming_object(&[origin(Way, 5, ""), origin(Node, 1, "别的")], None), Some((Way, 5)));
    }

    #[test]
    fn parts_and_entrances_name_a_place_only_without_other_objects() {
        let part = |id: i64| DraftOrigin {
            joined: Joined::Part,
            aside: true,
            ..origin(OsmKind::Node, id, "急诊科")
        };
        let row = own(1, 2, None);
        let outline = origin(OsmKind::Way, 5, "");
        let named_by = |origins: &[DraftOrigin]| naming_object(origins, Some("急诊科"));
        assert_eq!(named_by(&[row.clone(), part(3), outline]), Some((OsmKind::Way, 5)));
        assert_eq!(named_by(&[row.clone(), part(4), part(3)]), Some((OsmKind::Node, 4)));
        assert_eq!(named_by(std::slice::from_ref(&row)), None);
        assert_eq!(
            of_place(&[row], None, OwnLayer::Facilities),
            own_key_by_place("facilities", "和平里", HERE)
        );
    }

    #[test]
    fn keys_of_gates() {
        assert_eq!(of_crossing("w1", 7, 1), "w1.w7");
        assert_eq!(of_crossing("w1", 7, 2), "w1.w7-2");
        assert_eq!([0, 1, 2, 3].map(|side| of_side("w1", side)), ["w1.e", "w1.w", "w1.n", "w1.s"]);
        assert_eq!(of_gate_node(4, None), "n4");
        assert_eq!(of_gate_node(4, Some("w1")), "n4.w1");
        let [long, other] = [1, 2].map(|order| of_crossing("r-9223372036854775808", i64::MIN, order));
        assert!(may_be_key(&long) && long.starts_with('x') && long != other, "{long} {other}");
    }

    #[test]
    fn rows_do_not_store_the_keys_of_their_objects() {
        let stored = |key: &str, object| other_than_object(key.to_owned(), object);
        assert_eq!(stored("n4", (OsmKind::Node, 4)), None);
        assert_eq!(stored("n4.w1", (OsmKind::Node, 4)).as_deref(), Some("n4.w1"));
        assert_eq!(stored("n4", (OsmKind::None, 0)).as_deref(), Some("n4"));
        assert_eq!(stored("", (OsmKind::None, 0)), None);
    }
}
