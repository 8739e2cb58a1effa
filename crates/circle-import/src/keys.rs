//! The keys of rows (`circle_model::identity`): which object names a place, keys of gates, and what tells equal keys
//! apart. No key depends on the order of objects in the extract, on its extent, or on a running number.

use crate::compounds::DraftCompound;
use crate::facilities::{DraftOrigin, osm_object, osm_of};
use crate::own::{Layer, Record};
use crate::shapes::Draft;
use circle_model::Point;
use circle_model::city::{CityTables, FollowedKeys, FormerKey, KeyOf, OsmKind, Span, Text};
use circle_model::identity::{MOST_CHARACTERS, may_be_key, osm_key, own_key, own_key_by_place, place_suffix};
use rustc_hash::{FxHashMap, FxHashSet};

/// The object of the map that names a place; `None` where the map does not have the place.
///
/// The object that was kept (the first one), if it has a name or no object has the place's name; else the one with the
/// place's name, of several the lowest by kind and id. Entrances and parts count only where there is nothing else.
pub(crate) fn naming_object(origins: &[DraftOrigin], name: Option<&str>) -> Option<(OsmKind, i64)> {
    let mapped = || origins.iter().filter(|origin| origin.osm_kind != OsmKind::None);
    let any_whole = mapped().any(|origin| !origin.aside);
    let candidates = || mapped().filter(|origin| !any_whole || !origin.aside);
    let object = |origin: &DraftOrigin| (origin.osm_kind, origin.osm_id);
    let kept = candidates().next()?;
    if kept.name.is_some() || name.is_none() {
        return Some(object(kept));
    }
    let called = candidates().filter(|origin| origin.name.as_deref() == name).map(object);
    Some(called.min_by_key(|(kind, id)| (kind.code(), *id)).unwrap_or_else(|| object(kept)))
}

/// The key of a place: that of the object that names it, else that of its row in an own file.
pub(crate) fn of_place(origins: &[DraftOrigin], object: Option<(OsmKind, i64)>, layer: Layer) -> String {
    object.and_then(|(kind, id)| osm_key(kind, id)).unwrap_or_else(|| {
        origins.first().map_or_else(String::new, |origin| {
            of_row(layer, origin.reference.as_deref(), origin.name.as_deref(), origin.point)
        })
    })
}

/// The key of a record of an own file.
pub(crate) fn of_record(layer: Layer, record: &Record) -> String {
    of_row(layer, record.reference.as_deref(), record.name.as_deref(), record.point)
}

/// The key of a row of an own file: by its own id, else by its name and place.
pub(crate) fn of_row(layer: Layer, id: Option<&str>, name: Option<&str>, place: Point) -> String {
    match id {
        Some(id) => own_key(layer.word(), id),
        None => own_key_by_place(layer.word(), name.unwrap_or_default(), place),
    }
}

/// The key of a gate where a way crosses a compound's outline. `order` counts the crossings of this way from 1.
pub(crate) fn of_crossing(compound: &str, way: i64, order: u32) -> String {
    let way = osm_key(OsmKind::Way, way).unwrap_or_else(|| "w0".to_owned());
    fitting(if order > 1 { format!("{compound}.{way}-{order}") } else { format!("{compound}.{way}") })
}

/// The key of an inferred gate, by its side as [`side_of`](crate::sides::side_of) numbers them.
pub(crate) fn of_side(compound: &str, side: usize) -> String {
    fitting(format!("{compound}.{}", ["e", "w", "n", "s"][side % 4]))
}

/// The key of a gate node; that of the compound goes with it where the node is a gate of several.
pub(crate) fn of_gate_node(node: i64, compound: Option<&str>) -> String {
    let node = osm_key(OsmKind::Node, node).unwrap_or_else(|| "n0".to_owned());
    compound.map_or_else(|| node.clone(), |compound| fitting(format!("{node}.{compound}")))
}

/// A key with the suffix by place that tells it from the same key elsewhere.
pub(crate) fn with_place(key: &str, place: Point) -> String {
    fitting(key.to_owned() + &place_suffix(place))
}

/// A text that is too long for a key becomes a hash of it.
fn fitting(text: String) -> String {
    if text.len() <= MOST_CHARACTERS { text } else { own_key("key", &text) }
}

/// The keys of all compounds, no two the same.
pub(crate) fn of_compounds(compounds: &[DraftCompound]) -> Vec<String> {
    let key_of = |compound: &DraftCompound| {
        let object = naming_object(&compound.origins, compound.name.as_deref());
        of_place(&compound.origins, object, Layer::Compounds)
    };
    let mut keys: Vec<String> = compounds.iter().map(key_of).collect();
    let keyed: Vec<Keyed> = keys
        .iter()
        .zip(compounds)
        .map(|(key, compound)| {
            let from = compound.origins.first().map_or((0, 0), |origin| (origin.source, origin.row));
            Keyed { key: Key::of(key), point: compound.point, from }
        })
        .collect();
    for (number, key) in tell_apart(&keyed) {
        keys[number] = key;
    }
    keys
}

/// What a row stores of its key: nothing where the key is that of the row's own object.
pub(crate) fn stored(draft: &mut Draft, key: &str, object: (OsmKind, i64)) -> Text {
    if osm_key(object.0, object.1).as_deref() == Some(key) { Span::default() } else { draft.texts.add(key) }
}

/// What a row stores of the key of its place.
pub(crate) fn stored_of_origins(
    draft: &mut Draft,
    origins: &[DraftOrigin],
    object: Option<(OsmKind, i64)>,
    layer: Layer,
) -> Text {
    let row = osm_of(origins);
    if object == Some(row) && row.1 != 0 {
        return Span::default();
    }
    stored(draft, &of_place(origins, object, layer), row)
}

/// Disambiguates equal keys of each collection, and gives a key to rows that have neither key nor object.
pub(crate) fn make_unique(draft: &mut Draft) {
    for of in KeyOf::ALL.iter().copied() {
        let mut written: Vec<(usize, String)> = Vec::new();
        let count = count_of(&draft.tables, of);
        let mut keyed = Vec::with_capacity(count);
        for at in 0..count {
            let row = Row::of(&draft.tables, of, at);
            let key = match (draft.texts.text(row.key), row.object.1) {
                ("", 0) => {
                    let key = own_key_by_place(of.word(), draft.texts.text(row.name), row.point);
                    written.push((at, key.clone()));
                    Key::Text(key.into())
                }
                ("", _) => Key::Object(row.object.0, row.object.1),
                (text, _) => Key::of(text),
            };
            keyed.push(Keyed { key, point: row.point, from: row.from });
        }
        written.extend(tell_apart(&keyed));
        for (at, key) in written {
            let text = draft.texts.add(&key);
            *key_mut(&mut draft.tables, of, at) = text;
        }
    }
}

/// Makes keys of an earlier edition that corrections were followed by answer for the rows that they led to: a renamed
/// place is not found by its name again.
pub(crate) fn write_followed(draft: &mut Draft, followed: &FollowedKeys) {
    for of in KeyOf::ALL.iter().copied() {
        let pairs: Vec<(&str, &str)> = followed.pairs(of).collect();
        if pairs.is_empty() {
            continue;
        }
        let mut rows: FxHashMap<Key, (usize, Point)> = FxHashMap::default();
        for at in 0..count_of(&draft.tables, of) {
            let row = Row::of(&draft.tables, of, at);
            let key = match draft.texts.text(row.key) {
                "" => Key::Object(row.object.0, row.object.1),
                text => Key::of(text),
            };
            rows.insert(key, (at, row.point));
        }
        for (former, present) in pairs {
            // A key names one thing only, and the present one has it.
            let found = rows.get(&Key::of(present)).filter(|_| !rows.contains_key(&Key::of(former)));
            if let Some((at, point)) = found.filter(|_| may_be_key(former)) {
                let (text, row) = (draft.texts.add(former), *at as u32);
                let key = FormerKey { text, point: *point, row, of: of.code(), spare: [0; 3] };
                draft.tables.former_keys.push(key);
            }
        }
    }
}

/// A key, cheap where it is that of an object.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    Object(u8, i64),
    Text(Box<str>),
}

impl Key {
    fn of(text: &str) -> Self {
        let object = osm_object(text);
        object.map_or_else(|| Self::Text(text.into()), |(kind, id)| Self::Object(kind.code(), id))
    }

    fn text(&self) -> String {
        match self {
            Self::Object(kind, id) => osm_key(OsmKind::from_code(*kind), *id).unwrap_or_default(),
            Self::Text(text) => text.to_string(),
        }
    }
}

/// A thing with its key, place, and source and row in an own file.
#[derive(Debug)]
struct Keyed {
    key: Key,
    point: Point,
    from: (u32, u32),
}

/// New keys for all things whose key another one has as well: a suffix by place, and `.2`, `.3`, … by source and row
/// where the place is the same too.
fn tell_apart(things: &[Keyed]) -> Vec<(usize, String)> {
    let mut counts: FxHashMap<&Key, u32> = FxHashMap::default();
    counts.reserve(things.len());
    for thing in things {
        *counts.entry(&thing.key).or_default() += 1;
    }
    if counts.len() == things.len() {
        return Vec::new();
    }
    let (alike, alone): (Vec<usize>, Vec<usize>) =
        (0..things.len()).partition(|at| counts[&things[*at].key] > 1);
    let mut taken: FxHashSet<Key> = alone.into_iter().map(|at| things[at].key.clone()).collect();
    let with_place = |at: usize| {
        let Keyed { key, point, from } = &things[at];
        (self::with_place(&key.text(), *point), *from, at)
    };
    let mut alike: Vec<(String, (u32, u32), usize)> = alike.into_iter().map(with_place).collect();
    alike.sort_unstable();
    let mut told = Vec::with_capacity(alike.len());
    for same in alike.chunk_by(|a, b| a.0 == b.0) {
        let mut number = 0;
        for (with_place, _, at) in same {
            let key = loop {
                number += 1;
                let key = match number {
                    1 => with_place.clone(),
                    _ => fitting(format!("{with_place}.{number}")),
                };
                if taken.insert(Key::of(&key)) {
                    break key;
                }
            };
            told.push((*at, key));
        }
    }
    told
}

/// What is needed of a row to know its key.
struct Row {
    key: Text,
    object: (u8, i64),
    name: Text,
    point: Point,
    from: (u32, u32),
}

impl Row {
    fn of(tables: &CityTables, of: KeyOf, at: usize) -> Self {
        let none = (OsmKind::None.code(), 0);
        let first = |origins: Span| {
            let first = tables.origins[origins.range()].first();
            first.map_or((0, 0), |origin| (origin.source, origin.row))
        };
        match of {
            KeyOf::Compound => {
                let row = &tables.compounds[at];
                let object = (row.osm_kind, row.osm_id);
                Self { key: row.key, object, name: row.name, point: row.point, from: first(row.origins) }
            }
            KeyOf::Gate => {
                let row = &tables.gates[at];
                let object = (OsmKind::Node.code(), row.osm_id);
                Self { key: row.key, object, name: row.name, point: row.point, from: (row.source, row.row) }
            }
            KeyOf::Facility => {
                let row = &tables.facilities[at];
                let object = (row.osm_kind, row.osm_id);
                Self { key: row.key, object, name: row.name, point: row.point, from: first(row.origins) }
            }
            KeyOf::Unit => {
                let row = &tables.units[at];
                let object = (row.osm_kind, row.osm_id);
                Self { key: row.key, object, name: row.name, point: row.point, from: (row.source, row.row) }
            }
            KeyOf::Candidate => {
                let row = &tables.candidates[at];
                let from = (row.source, row.row);
                Self { key: row.key, object: none, name: row.name, point: row.point, from }
            }
            KeyOf::Building => {
                let row = &tables.buildings[at];
                let feature = row.feature().and_then(|feature| tables.features.get(feature.index()));
                let object = feature.map_or(none, |feature| (feature.osm_kind, feature.osm_id));
                // Rows of own files stand in their order.
                Self { key: row.key, object, name: row.name, point: row.point, from: (0, 0) }
            }
        }
    }
}

fn count_of(tables: &CityTables, of: KeyOf) -> usize {
    match of {
        KeyOf::Compound => tables.compounds.len(),
        KeyOf::Gate => tables.gates.len(),
        KeyOf::Facility => tables.facilities.len(),
        KeyOf::Unit => tables.units.len(),
        KeyOf::Candidate => tables.candidates.len(),
        KeyOf::Building => tables.buildings.len(),
    }
}

fn key_mut(tables: &mut CityTables, of: KeyOf, at: usize) -> &mut Text {
    match of {
        KeyOf::Compound => &mut tables.compounds[at].key,
        KeyOf::Gate => &mut tables.gates[at].key,
        KeyOf::Facility => &mut tables.facilities[at].key,
        KeyOf::Unit => &mut tables.units[at].key,
        KeyOf::Candidate => &mut tables.candidates[at].key,
        KeyOf::Building => &mut tables.buildings[at].key,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use circle_model::city::{Candidate, Joined};
    use zerocopy::FromZeros;

    const HERE: Point = Point { lon: 1_266_000_000, lat: 457_000_000 };
    const THERE: Point = Point { lon: 1_266_100_000, lat: 457_000_000 };

    fn origin(kind: OsmKind, id: i64, name: &str) -> DraftOrigin {
        DraftOrigin::mapped(kind, id, HERE, Some(name).filter(|name| !name.is_empty()))
    }

    fn own(source: u32, row: u32, reference: Option<&str>) -> DraftOrigin {
        let (reference, name) = (reference.map(Into::into), Some("和平里".into()));
        DraftOrigin::own(&Record { source, row, reference, name, point: HERE, ..Record::default() })
    }

    #[test]
    fn the_kept_object_names_a_place_unless_only_another_one_has_its_name() {
        use OsmKind::{Node, Relation, Way};
        let named_by = |origins: &[DraftOrigin]| naming_object(origins, Some("和平里")).unwrap();
        assert_eq!(named_by(&[origin(Way, 5, "和平里"), origin(Node, 1, "和平里")]), (Way, 5));
        assert_eq!(named_by(&[origin(Way, 5, "和平里南区"), origin(Node, 1, "和平里")]), (Way, 5));
        assert_eq!(named_by(&[origin(Way, 5, ""), origin(Node, 1, "")]), (Way, 5));
        // Of several that carry the name the lowest, in whatever order they were joined.
        let [a, b, c] = [origin(Relation, 1, "和平里"), origin(Node, 9, "和平里"), origin(Node, 7, "和平里")];
        let outline = origin(Way, 5, "");
        assert_eq!(named_by(&[outline.clone(), a.clone(), b.clone(), c.clone()]), (Node, 7));
        assert_eq!(named_by(&[outline, c, b, a]), (Node, 7));
        assert_eq!(naming_object(&[origin(Way, 5, ""), origin(Node, 1, "别的")], None), Some((Way, 5)));
    }

    #[test]
    fn parts_and_entrances_name_a_place_only_where_there_is_nothing_else() {
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
        assert_eq!(of_place(&[row], None, Layer::Facilities), own_key_by_place("facilities", "和平里", HERE));
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

    fn told(things: &[(&str, Point, (u32, u32))]) -> Vec<String> {
        let keyed = |(key, point, from): &(&str, Point, (u32, u32))| Keyed {
            key: Key::of(key),
            point: *point,
            from: *from,
        };
        let mut keys: Vec<String> = things.iter().map(|(key, ..)| (*key).to_owned()).collect();
        for (at, key) in tell_apart(&things.iter().map(keyed).collect::<Vec<_>>()) {
            keys[at] = key;
        }
        keys
    }

    #[test]
    fn all_things_of_one_key_get_a_suffix_by_place_and_no_others() {
        let keys = told(&[
            ("n1", HERE, (0, 0)),
            ("xabc", HERE, (1, 2)),
            ("n2", THERE, (0, 0)),
            ("xabc", THERE, (2, 2)),
        ]);
        assert_eq!([&keys[0], &keys[2]], ["n1", "n2"]);
        assert_eq!(keys[1], format!("xabc{}", place_suffix(HERE)));
        assert_eq!(keys[3], format!("xabc{}", place_suffix(THERE)));
        assert!(told(&[]).is_empty());
    }

    #[test]
    fn things_of_one_key_and_place_are_numbered_by_source_and_row() {
        let suffixed = format!("xabc{}", place_suffix(HERE));
        let keys = told(&[("xabc", HERE, (2, 1)), ("xabc", HERE, (1, 9)), ("xabc", HERE, (1, 3))]);
        assert_eq!(keys, [format!("{suffixed}.3"), format!("{suffixed}.2"), suffixed.clone()]);
        // What another thing is called already is passed over.
        let second = format!("{suffixed}.2");
        let keys = told(&[(second.as_str(), THERE, (0, 0)), ("xabc", HERE, (1, 1)), ("xabc", HERE, (1, 2))]);
        assert_eq!(keys, [second, suffixed.clone(), format!("{suffixed}.3")]);
    }

    #[test]
    fn keys_told_apart_are_still_keys() {
        let long = "w1234567890123.w1234567890123-12";
        assert_eq!(long.len(), MOST_CHARACTERS);
        let keys = told(&[(long, HERE, (0, 0)), (long, THERE, (0, 0)), (long, THERE, (0, 0))]);
        assert!(keys.iter().all(|key| may_be_key(key)), "{keys:?}");
        assert_eq!(keys.iter().collect::<FxHashSet<_>>().len(), 3);
    }

    #[test]
    fn a_row_without_key_and_object_gets_one_by_its_place() {
        let mut draft = Draft::default();
        let name = draft.texts.add("旧锅炉房");
        draft.tables.candidates.push(Candidate { name, point: HERE, ..Candidate::new_zeroed() });
        make_unique(&mut draft);
        let key = draft.texts.text(draft.tables.candidates[0].key);
        assert_eq!(key, own_key_by_place("candidates", "旧锅炉房", HERE));
    }

    #[test]
    fn keys_that_corrections_followed_answer_for_what_they_led_to() {
        let mut draft = Draft::default();
        for key in ["x1", "w5"] {
            let key = draft.texts.add(key);
            draft.tables.candidates.push(Candidate { key, point: HERE, ..Candidate::new_zeroed() });
        }
        let mut followed = FollowedKeys::default();
        for (former, present) in [("w1", "w5"), ("w2", "w6"), ("x1", "w5"), ("不", "w5")] {
            followed.add(KeyOf::Candidate, former, present);
        }
        write_followed(&mut draft, &followed);
        let [only] = draft.tables.former_keys.as_slice() else { panic!("{:?}", draft.tables.former_keys) };
        assert_eq!((draft.texts.text(only.text), only.row, only.point), ("w1", 1, HERE));
    }

    #[test]
    fn compounds_of_one_id_in_two_files_have_two_keys() {
        let compound = |point: Point, source: u32| DraftCompound {
            origins: vec![own(source, 2, Some("7"))],
            name: Some("和平里".into()),
            name_en: None,
            area: crate::areas::Area::default(),
            bounds: circle_model::coordinates::Bounds::of([point]),
            point,
            square_metres: 0.0,
            closed: None,
            population: circle_model::city::Population::NONE,
        };
        let keys = of_compounds(&[compound(HERE, 1), compound(THERE, 2)]);
        let key = own_key("compounds", "7");
        assert_eq!(keys, [HERE, THERE].map(|point| key.clone() + &place_suffix(point)));
        assert_eq!(of_compounds(&[compound(HERE, 1)]), [key]);
    }
}
