//! The objects of an extract: read, shuffle, cut to a box, write.

use crate::pbf::{blob, bytes, field, varint, zigzag};
use crate::run::Numbers;
use circle_import::pbf::{Blob, BlobKind, DataBlock, MemberKind};
use std::collections::{HashMap, HashSet};
use std::path::Path;

/// An OSM object with the data that the import reads.
#[derive(Debug, Clone)]
pub(crate) struct Object {
    pub(crate) id: i64,
    pub(crate) tags: Vec<(String, String)>,
    pub(crate) what: What,
}

/// The contents of an object, by kind.
#[derive(Debug, Clone)]
pub(crate) enum What {
    /// Longitude and latitude in 10⁻⁷ degrees.
    Node([i64; 2]),
    /// Ids of its nodes.
    Way(Vec<i64>),
    /// Kind (0 node, 1 way, 2 relation), id and role of its members.
    Relation(Vec<(u64, i64, String)>),
}

impl Object {
    pub(crate) fn new(id: i64, tags: &[(&str, &str)], what: What) -> Self {
        Self { id, tags: owned(tags.iter().copied()), what }
    }

    /// The field number of the object in a primitive group.
    fn field(&self) -> u64 {
        match self.what {
            What::Node(_) => 1,
            What::Way(_) => 3,
            What::Relation(_) => 4,
        }
    }

    fn is(&self, key: &str, values: &[&str]) -> bool {
        self.tags.iter().any(|(known, value)| known == key && values.contains(&value.as_str()))
    }
}

fn owned<'a>(tags: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<(String, String)> {
    tags.map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
}

/// All objects of an extract, in its order.
pub(crate) fn read(extract: &Path) -> Vec<Object> {
    let file = std::fs::read(extract).unwrap();
    let (mut rest, mut objects) = (file.as_slice(), Vec::new());
    while !rest.is_empty() {
        let (blob, after) = Blob::read(rest).unwrap();
        if blob.kind == BlobKind::Data {
            let contents = blob.contents().unwrap();
            objects.extend(objects_of(&DataBlock::decode(&contents).unwrap()));
        }
        rest = after;
    }
    objects
}

fn objects_of(block: &DataBlock<'_>) -> Vec<Object> {
    let nodes = block.nodes().map(|node| Object {
        id: node.id(),
        tags: owned(node.tags()),
        what: What::Node(node.place()),
    });
    let ways = block.ways().map(|way| Object {
        id: way.id(),
        tags: owned(way.tags()),
        what: What::Way(way.refs().to_vec()),
    });
    let relations = block.relations().map(|relation| {
        let members = relation.members().map(|member| {
            let kind = match member.kind {
                MemberKind::Node => 0,
                MemberKind::Way => 1,
                MemberKind::Relation => 2,
            };
            (kind, member.id, member.role.unwrap_or_default().to_owned())
        });
        Object { id: relation.id(), tags: owned(relation.tags()), what: What::Relation(members.collect()) }
    });
    nodes.chain(ways).chain(relations).collect()
}

/// The objects in pseudo-random order, with nodes, ways and relations mixed.
pub(crate) fn shuffled(mut objects: Vec<Object>, seed: u64) -> Vec<Object> {
    let mut numbers = Numbers(seed);
    for last in (1..objects.len()).rev() {
        objects.swap(last, numbers.below(last + 1));
    }
    objects
}

/// The objects in a box (west, south, east, north, in degrees), completed: ways with all their nodes, areas
/// with all their ways.
pub(crate) fn cut(objects: &[Object], bounds: [f64; 4]) -> Vec<Object> {
    let [west, south, east, north] = bounds.map(|degrees| (degrees * 1e7).round() as i64);
    let inside = |[lon, lat]: [i64; 2]| (west..=east).contains(&lon) && (south..=north).contains(&lat);
    let mut nodes: HashSet<i64> = HashSet::new();
    for object in objects {
        if matches!(object.what, What::Node(at) if inside(at)) {
            nodes.insert(object.id);
        }
    }
    let mut ways: HashSet<i64> = HashSet::new();
    for object in objects {
        if matches!(&object.what, What::Way(refs) if refs.iter().any(|id| nodes.contains(id))) {
            ways.insert(object.id);
        }
    }
    let mut relations: HashSet<i64> = HashSet::new();
    let mut members_of_areas: HashSet<i64> = HashSet::new();
    for object in objects.iter().filter(|object| object.is("type", &["multipolygon", "boundary"])) {
        let What::Relation(members) = &object.what else { continue };
        let of_way = || members.iter().filter(|(kind, ..)| *kind == 1).map(|(_, id, _)| *id);
        if of_way().any(|id| ways.contains(&id)) {
            relations.insert(object.id);
            members_of_areas.extend(of_way());
        }
    }
    ways.extend(members_of_areas);
    for object in objects.iter().filter(|object| ways.contains(&object.id)) {
        if let What::Way(refs) = &object.what {
            nodes.extend(refs);
        }
    }
    let is_inside = |object: &&Object| match object.what {
        What::Node(_) => nodes.contains(&object.id),
        What::Way(_) => ways.contains(&object.id),
        What::Relation(_) => relations.contains(&object.id),
    };
    objects.iter().filter(is_inside).cloned().collect()
}

/// An extract of the objects, in this order.
pub(crate) fn written(objects: &[Object]) -> Vec<u8> {
    let mut header = Vec::new();
    bytes(&mut header, 4, b"OsmSchema-V0.6");
    let mut extract = blob("OSMHeader", &header);
    for some in objects.chunks(8_000) {
        extract.extend(blob("OSMData", &block(some)));
    }
    extract
}

fn block(objects: &[Object]) -> Vec<u8> {
    let mut strings = Strings::default();
    strings.number("");
    let mut groups = Vec::new();
    for of_kind in objects.chunk_by(|a, b| a.field() == b.field()) {
        let mut group = Vec::new();
        for object in of_kind {
            let message = strings.message(object);
            bytes(&mut group, object.field(), &message);
        }
        groups.push(group);
    }
    let (mut table, mut block) = (Vec::new(), Vec::new());
    strings.texts.iter().for_each(|text| bytes(&mut table, 1, text.as_bytes()));
    bytes(&mut block, 1, &table);
    groups.iter().for_each(|group| bytes(&mut block, 2, group));
    block
}

/// The string table of a block.
#[derive(Default)]
struct Strings {
    texts: Vec<String>,
    known: HashMap<String, u64>,
}

impl Strings {
    fn number(&mut self, text: &str) -> u64 {
        if let Some(number) = self.known.get(text) {
            return *number;
        }
        let number = self.texts.len() as u64;
        self.texts.push(text.to_owned());
        self.known.insert(text.to_owned(), number);
        number
    }

    fn message(&mut self, object: &Object) -> Vec<u8> {
        let (mut message, mut keys, mut values) = (Vec::new(), Vec::new(), Vec::new());
        let is_node = matches!(object.what, What::Node(_));
        field(&mut message, 1, if is_node { zigzag(object.id) } else { object.id as u64 });
        for (key, value) in &object.tags {
            varint(&mut keys, self.number(key));
            varint(&mut values, self.number(value));
        }
        bytes(&mut message, 2, &keys);
        bytes(&mut message, 3, &values);
        let deltas = |ids: &mut dyn Iterator<Item = i64>| {
            let (mut deltas, mut last) = (Vec::new(), 0);
            for id in ids {
                varint(&mut deltas, zigzag(id - last));
                last = id;
            }
            deltas
        };
        match &object.what {
            What::Node([lon, lat]) => {
                field(&mut message, 8, zigzag(*lat));
                field(&mut message, 9, zigzag(*lon));
            }
            What::Way(refs) => bytes(&mut message, 8, &deltas(&mut refs.iter().copied())),
            What::Relation(members) => {
                let (mut roles, mut kinds) = (Vec::new(), Vec::new());
                for (kind, _, role) in members {
                    varint(&mut roles, self.number(role));
                    varint(&mut kinds, *kind);
                }
                bytes(&mut message, 8, &roles);
                bytes(&mut message, 9, &deltas(&mut members.iter().map(|(_, id, _)| *id)));
                bytes(&mut message, 10, &kinds);
            }
        }
        message
    }
}
