//! Decodes a block.
//!
//! A sum of differences that exceeds 64 bits wraps: ids may be any number, and a place off the globe is
//! counted by the caller.

use super::block::{DataBlock, MemberKind, MemberRow, NodeRow, RelationRow, WayRow};
use super::fault::PbfFault;
use super::wire::{Fields, Value, numbers, zigzag};
use std::ops::Range;

impl<'a> DataBlock<'a> {
    /// Decodes the contents of a blob of kind `Data`.
    ///
    /// # Errors
    /// If the bytes are no such block: a field is cut off, or one is missing that the format requires.
    pub fn decode(contents: &'a [u8]) -> Result<Self, PbfFault> {
        let mut decoder = Decoder::default();
        let mut has_texts = false;
        for field in Fields(contents) {
            let scale = &mut decoder.block.scale;
            match field? {
                (1, Value::Bytes(table)) => {
                    has_texts = true;
                    decoder.texts(table)?;
                }
                (2, Value::Bytes(group)) => decoder.group(group)?,
                (17, Value::Number(number)) => scale.granularity = i64::from(number as i32),
                (18, Value::Number(number)) => scale.milliseconds = i64::from(number as i32),
                (19, Value::Number(number)) => scale.offset[1] = number as i64,
                (20, Value::Number(number)) => scale.offset[0] = number as i64,
                _ => {}
            }
        }
        if has_texts { Ok(decoder.block) } else { Err(PbfFault::Missing("the table of texts")) }
    }
}

/// A block and the columns of the message that is being read, which keep their memory.
#[derive(Debug, Default)]
struct Decoder<'a> {
    block: DataBlock<'a>,
    keys: Vec<u32>,
    values: Vec<u32>,
    lons: Column,
    lats: Column,
    ids: Column,
    times: Column,
    /// Of dense nodes: keys and values of every node, each node ended by 0. Of relations: roles.
    numbers: Vec<u32>,
    kinds: Vec<u64>,
}

/// Numbers that are stored as differences from the one before.
#[derive(Debug, Default)]
struct Column {
    sums: Vec<i64>,
    last: i64,
}

impl Column {
    fn clear(&mut self) {
        self.sums.clear();
        self.last = 0;
    }

    fn add(&mut self, value: Value<'_>) -> Result<(), PbfFault> {
        numbers(value, |number| {
            self.last = self.last.wrapping_add(zigzag(number));
            self.sums.push(self.last);
        })
    }
}

/// A position in a table. One that no table has stays out of range.
fn position(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn add_positions(positions: &mut Vec<u32>, value: Value<'_>) -> Result<(), PbfFault> {
    numbers(value, |number| positions.push(position(number)))
}

/// The rows that were added to a column of the block. Contents below 32 MiB have fewer than 2³² of them.
fn added<T>(start: usize, column: &[T]) -> Range<u32> {
    start as u32..column.len() as u32
}

impl<'a> Decoder<'a> {
    fn texts(&mut self, message: &'a [u8]) -> Result<(), PbfFault> {
        for field in Fields(message) {
            if let (1, Value::Bytes(text)) = field? {
                self.block.texts.push(std::str::from_utf8(text).ok());
            }
        }
        Ok(())
    }

    fn group(&mut self, message: &[u8]) -> Result<(), PbfFault> {
        for field in Fields(message) {
            match field? {
                (1, Value::Bytes(node)) => self.node(node)?,
                (2, Value::Bytes(nodes)) => self.dense_nodes(nodes)?,
                (3, Value::Bytes(way)) => self.way(way)?,
                (4, Value::Bytes(relation)) => self.relation(relation)?,
                _ => {}
            }
        }
        Ok(())
    }

    fn node(&mut self, message: &[u8]) -> Result<(), PbfFault> {
        let (mut id, mut lon, mut lat, mut timestamp) = (None, None, None, None);
        self.keys.clear();
        self.values.clear();
        for field in Fields(message) {
            match field? {
                (1, Value::Number(number)) => id = Some(zigzag(number)),
                (2, keys) => add_positions(&mut self.keys, keys)?,
                (3, values) => add_positions(&mut self.values, values)?,
                (4, Value::Bytes(info)) => timestamp = timestamp_of(info)?,
                (8, Value::Number(number)) => lat = Some(zigzag(number)),
                (9, Value::Number(number)) => lon = Some(zigzag(number)),
                _ => {}
            }
        }
        let id = id.ok_or(PbfFault::Missing("the id of a node"))?;
        let (Some(lon), Some(lat)) = (lon, lat) else {
            return Err(PbfFault::Missing("the place of a node"));
        };
        let tags = self.tags();
        self.block.nodes.push(NodeRow { id, place: [lon, lat], timestamp, tags });
        Ok(())
    }

    fn dense_nodes(&mut self, message: &[u8]) -> Result<(), PbfFault> {
        for column in [&mut self.ids, &mut self.lons, &mut self.lats, &mut self.times] {
            column.clear();
        }
        self.numbers.clear();
        for field in Fields(message) {
            match field? {
                (1, ids) => self.ids.add(ids)?,
                (5, Value::Bytes(info)) => {
                    for field in Fields(info) {
                        if let (2, times) = field? {
                            self.times.add(times)?;
                        }
                    }
                }
                (8, lats) => self.lats.add(lats)?,
                (9, lons) => self.lons.add(lons)?,
                (10, tags) => add_positions(&mut self.numbers, tags)?,
                _ => {}
            }
        }
        let block = &mut self.block;
        let mut rest = self.numbers.as_slice();
        let places = self.lons.sums.iter().zip(&self.lats.sums);
        for (at, (id, (lon, lat))) in self.ids.sums.iter().zip(places).enumerate() {
            let start = block.tags.len();
            while let [key, value, after @ ..] = rest
                && *key != 0
            {
                block.tags.push([*key, *value]);
                rest = after;
            }
            rest = rest.get(1..).unwrap_or_default();
            block.nodes.push(NodeRow {
                id: *id,
                place: [*lon, *lat],
                timestamp: self.times.sums.get(at).copied(),
                tags: added(start, &block.tags),
            });
        }
        Ok(())
    }

    fn way(&mut self, message: &[u8]) -> Result<(), PbfFault> {
        let (mut id, mut timestamp, mut last) = (None, None, 0_i64);
        self.lons.clear();
        self.lats.clear();
        self.keys.clear();
        self.values.clear();
        let refs = self.block.refs.len();
        for field in Fields(message) {
            match field? {
                (1, Value::Number(number)) => id = Some(number as i64),
                (2, keys) => add_positions(&mut self.keys, keys)?,
                (3, values) => add_positions(&mut self.values, values)?,
                (4, Value::Bytes(info)) => timestamp = timestamp_of(info)?,
                (8, differences) => numbers(differences, |number| {
                    last = last.wrapping_add(zigzag(number));
                    self.block.refs.push(last);
                })?,
                (9, lats) => self.lats.add(lats)?,
                (10, lons) => self.lons.add(lons)?,
                _ => {}
            }
        }
        let id = id.ok_or(PbfFault::Missing("the id of a way"))?;
        let tags = self.tags();
        let block = &mut self.block;
        let places = block.places.len();
        block.places.extend(self.lons.sums.iter().zip(&self.lats.sums).map(|(lon, lat)| [*lon, *lat]));
        block.ways.push(WayRow {
            id,
            timestamp,
            tags,
            refs: added(refs, &block.refs),
            places: added(places, &block.places),
        });
        Ok(())
    }

    fn relation(&mut self, message: &[u8]) -> Result<(), PbfFault> {
        let (mut id, mut timestamp) = (None, None);
        self.ids.clear();
        self.keys.clear();
        self.values.clear();
        self.numbers.clear();
        self.kinds.clear();
        for field in Fields(message) {
            match field? {
                (1, Value::Number(number)) => id = Some(number as i64),
                (2, keys) => add_positions(&mut self.keys, keys)?,
                (3, values) => add_positions(&mut self.values, values)?,
                (4, Value::Bytes(info)) => timestamp = timestamp_of(info)?,
                (8, roles) => add_positions(&mut self.numbers, roles)?,
                (9, ids) => self.ids.add(ids)?,
                (10, kinds) => numbers(kinds, |number| self.kinds.push(number))?,
                _ => {}
            }
        }
        let id = id.ok_or(PbfFault::Missing("the id of a relation"))?;
        let tags = self.tags();
        let block = &mut self.block;
        let members = block.members.len();
        for ((role, id), kind) in self.numbers.iter().zip(&self.ids.sums).zip(&self.kinds) {
            let kind = match kind {
                0 => MemberKind::Node,
                1 => MemberKind::Way,
                2 => MemberKind::Relation,
                _ => return Err(PbfFault::MemberKind(*kind)),
            };
            block.members.push(MemberRow { kind, id: *id, role: *role });
        }
        let members = added(members, &block.members);
        block.relations.push(RelationRow { id, timestamp, tags, members });
        Ok(())
    }

    /// Moves the keys and values of an object to the block.
    fn tags(&mut self) -> Range<u32> {
        let start = self.block.tags.len();
        self.block.tags.extend(self.keys.iter().zip(&self.values).map(|(key, value)| [*key, *value]));
        added(start, &self.block.tags)
    }
}

fn timestamp_of(info: &[u8]) -> Result<Option<i64>, PbfFault> {
    let mut timestamp = None;
    for field in Fields(info) {
        if let (2, Value::Number(number)) = field? {
            timestamp = Some(number as i64);
        }
    }
    Ok(timestamp)
}

#[cfg(test)]
mod tests {
    use super::super::block::OsmMember;
    use super::super::writer::{bytes, deltas, field, packed, zigzag};
    use super::*;
    use proptest::prelude::*;

    const TEXTS: [&str; 5] = ["", "highway", "footway", "name", "经纬街"];

    /// A block with the texts above and one group.
    fn block_of(group: &[u8]) -> Vec<u8> {
        let (mut table, mut message) = (Vec::new(), Vec::new());
        TEXTS.iter().for_each(|text| bytes(&mut table, 1, text.as_bytes()));
        bytes(&mut message, 1, &table);
        bytes(&mut message, 2, group);
        message
    }

    /// A group of one object.
    fn group(kind: u64, object: &[u8]) -> Vec<u8> {
        let mut group = Vec::new();
        bytes(&mut group, kind, object);
        group
    }

    fn dense() -> Vec<u8> {
        let (mut nodes, mut info) = (Vec::new(), Vec::new());
        packed(&mut nodes, 1, deltas(&[5_000_000_000, 7, -3]));
        packed(&mut info, 1, [1, 1, 1]);
        packed(&mut info, 2, deltas(&[1_700_000_000, 1_700_000_005, 1_600_000_000]));
        bytes(&mut nodes, 5, &info);
        packed(&mut nodes, 8, deltas(&[457_579_000, 457_580_000, -900_000_001]));
        packed(&mut nodes, 9, deltas(&[1_266_433_000, 1_266_432_000, -1_800_000_000]));
        packed(&mut nodes, 10, [1, 2, 3, 4, 0, 0, 3, 4]);
        group(2, &nodes)
    }

    fn way() -> Vec<u8> {
        let (mut way, mut info) = (Vec::new(), Vec::new());
        field(&mut way, 1, 6_000_000_000);
        packed(&mut way, 2, [1, 3]);
        packed(&mut way, 3, [2, 4]);
        field(&mut info, 2, 1_700_000_001);
        bytes(&mut way, 4, &info);
        packed(&mut way, 8, deltas(&[5_000_000_000, 7, 7, -3]));
        packed(&mut way, 9, deltas(&[10, 20]));
        packed(&mut way, 10, deltas(&[30, -40]));
        group(3, &way)
    }

    fn relation(kinds: &[u64]) -> Vec<u8> {
        let mut relation = Vec::new();
        field(&mut relation, 1, 9);
        packed(&mut relation, 2, [1]);
        packed(&mut relation, 3, [2]);
        packed(&mut relation, 8, [3, 0, 77]);
        packed(&mut relation, 9, deltas(&[8_000_000_000, -2, 3]));
        packed(&mut relation, 10, kinds.iter().copied());
        group(4, &relation)
    }

    fn pairs<'b>(tags: impl Iterator<Item = (&'b str, &'b str)>) -> Vec<(&'b str, &'b str)> {
        tags.collect()
    }

    #[test]
    fn dense_nodes_have_ids_places_times_and_tags() {
        let bytes = block_of(&dense());
        let block = DataBlock::decode(&bytes).unwrap();
        let nodes: Vec<_> = block.nodes().map(|node| (node.id(), node.place(), node.changed())).collect();
        let expected = [
            (5_000_000_000, [1_266_433_000, 457_579_000], Some(1_700_000_000_000)),
            (7, [1_266_432_000, 457_580_000], Some(1_700_000_005_000)),
            (-3, [-1_800_000_000, -900_000_001], Some(1_600_000_000_000)),
        ];
        assert_eq!(nodes, expected);
        let tags: Vec<_> = block.nodes().map(|node| pairs(node.tags())).collect();
        let name = ("name", "经纬街");
        assert_eq!(tags, [vec![("highway", "footway"), name], vec![], vec![name]]);
        assert_eq!(block.texts().collect::<Vec<_>>(), TEXTS);
    }

    #[test]
    fn nodes_have_the_units_of_their_block_which_come_after_them() {
        let mut node = Vec::new();
        field(&mut node, 1, zigzag(-12));
        field(&mut node, 8, zigzag(457_579));
        field(&mut node, 9, zigzag(1_266_433));
        let mut bytes = block_of(&group(1, &node));
        field(&mut bytes, 17, 100_000);
        field(&mut bytes, 19, 5_000);
        field(&mut bytes, 20, -7_050_i64 as u64);
        let block = DataBlock::decode(&bytes).unwrap();
        let node = block.nodes().next().unwrap();
        assert_eq!((node.id(), node.place(), node.changed()), (-12, [1_266_432_929, 457_579_050], None));
        assert_eq!(node.tags().count(), 0);
    }

    #[test]
    fn ways_have_refs_places_and_tags() {
        let bytes = block_of(&way());
        let block = DataBlock::decode(&bytes).unwrap();
        let way = block.ways().next().unwrap();
        assert_eq!((way.id(), way.changed()), (6_000_000_000, Some(1_700_000_001_000)));
        assert_eq!(way.refs(), [5_000_000_000, 7, 7, -3]);
        assert_eq!(way.places().collect::<Vec<_>>(), [[30, 10], [-40, 20]]);
        assert_eq!(pairs(way.tags()), [("highway", "footway"), ("name", "经纬街")]);
        assert_eq!(way.tag_numbers(), [[1, 2], [3, 4]]);
    }

    #[test]
    fn relations_have_members() {
        let bytes = block_of(&relation(&[1, 0, 2]));
        let block = DataBlock::decode(&bytes).unwrap();
        let relation = block.relations().next().unwrap();
        assert_eq!((relation.id(), relation.changed()), (9, None));
        let member = |kind, id, role| OsmMember { kind, id, role };
        let expected = [
            member(MemberKind::Way, 8_000_000_000, Some("name")),
            member(MemberKind::Node, -2, Some("")),
            member(MemberKind::Relation, 3, None),
        ];
        assert_eq!(relation.members().collect::<Vec<_>>(), expected);
        assert_eq!(pairs(relation.tags()), [("highway", "footway")]);
        let odd = block_of(&self::relation(&[1, 0, 3]));
        assert_eq!(DataBlock::decode(&odd).err(), Some(PbfFault::MemberKind(3)));
    }

    #[test]
    fn numbers_may_be_unpacked_and_in_parts() {
        let mut way = Vec::new();
        field(&mut way, 8, zigzag(40));
        field(&mut way, 8, zigzag(2));
        packed(&mut way, 8, [zigzag(-1), zigzag(1)]);
        field(&mut way, 1, 1);
        let bytes = block_of(&group(3, &way));
        let block = DataBlock::decode(&bytes).unwrap();
        assert_eq!(block.ways().next().unwrap().refs(), [40, 42, 41, 42]);
    }

    #[test]
    fn tags_end_at_a_text_that_is_missing_or_is_not_utf_8() {
        let (mut table, mut message, mut way) = (Vec::new(), Vec::new(), Vec::new());
        [&b""[..], b"highway", b"path", b"\xff\xfe"].iter().for_each(|text| bytes(&mut table, 1, text));
        bytes(&mut message, 1, &table);
        field(&mut way, 1, 1);
        packed(&mut way, 2, [1, 3, 1]);
        packed(&mut way, 3, [2, 2, 2]);
        bytes(&mut message, 2, &group(3, &way));
        let block = DataBlock::decode(&message).unwrap();
        assert_eq!(pairs(block.ways().next().unwrap().tags()), [("highway", "path")]);
        let mut way = Vec::new();
        field(&mut way, 1, 1);
        packed(&mut way, 2, [1, 1 << 40]);
        packed(&mut way, 3, [2, 2]);
        let bytes = block_of(&group(3, &way));
        let block = DataBlock::decode(&bytes).unwrap();
        assert_eq!(pairs(block.ways().next().unwrap().tags()), [("highway", "footway")]);
    }

    #[test]
    fn objects_without_what_the_format_requires_are_damage() {
        let missing = |kind| DataBlock::decode(&block_of(&group(kind, &[]))).err();
        for kind in [1, 3, 4] {
            assert!(matches!(missing(kind), Some(PbfFault::Missing(_))), "{kind}");
        }
        let mut node = Vec::new();
        field(&mut node, 1, 2);
        assert!(matches!(DataBlock::decode(&block_of(&group(1, &node))), Err(PbfFault::Missing(_))));
        assert!(matches!(DataBlock::decode(&[]), Err(PbfFault::Missing(_))));
    }

    #[test]
    fn numbers_at_the_ends_of_their_types_are_places_off_the_globe() {
        let mut nodes = Vec::new();
        packed(&mut nodes, 1, [zigzag(i64::MAX), zigzag(i64::MAX)]);
        packed(&mut nodes, 8, [zigzag(i64::MAX), zigzag(1)]);
        packed(&mut nodes, 9, [zigzag(i64::MIN), zigzag(0)]);
        let bytes = block_of(&group(2, &nodes));
        let block = DataBlock::decode(&bytes).unwrap();
        for node in block.nodes() {
            let [lon, lat] = node.place();
            assert!(lon.abs() > 1_800_000_000 && lat.abs() > 900_000_000, "{lon} {lat}");
        }
    }

    /// Everything that can be asked of a block.
    fn read_all(block: &DataBlock<'_>) -> usize {
        let nodes = block.nodes().map(|node| node.tags().count() + node.place().len());
        let ways = block.ways().map(|way| way.tags().count() + way.places().count() + way.refs().len());
        let relations = block.relations().map(|one| one.tags().count() + one.members().count());
        nodes.chain(ways).chain(relations).sum()
    }

    proptest! {
        #[test]
        fn no_bytes_panic(contents in prop::collection::vec(any::<u8>(), 0..300)) {
            if let Ok(block) = DataBlock::decode(&contents) {
                read_all(&block);
            }
        }

        /// Blocks that were valid, with other bytes and a cut.
        #[test]
        fn no_damaged_block_panics(
            changes in prop::collection::vec((0usize..1000, any::<u8>()), 0..4),
            length in 0usize..1000,
        ) {
            let mut contents = block_of(&[dense(), way(), relation(&[1, 0, 2])].concat());
            for (at, byte) in changes {
                let at = at % contents.len();
                contents[at] = byte;
            }
            contents.truncate(length.max(20));
            if let Ok(block) = DataBlock::decode(&contents) {
                read_all(&block);
            }
        }
    }
}
