//! The objects of a block.

use std::ops::Range;

/// A block of nodes, ways and relations.
#[derive(Debug, Default)]
pub struct DataBlock<'a> {
    /// `None` where the bytes are not UTF-8.
    pub(super) texts: Vec<Option<&'a str>>,
    pub(super) nodes: Vec<NodeRow>,
    pub(super) ways: Vec<WayRow>,
    pub(super) relations: Vec<RelationRow>,
    /// Keys and values of all objects, as positions in `texts`.
    pub(super) tags: Vec<[u32; 2]>,
    /// Node ids of all ways.
    pub(super) refs: Vec<i64>,
    /// Longitudes and latitudes along all ways, in units of `scale`.
    pub(super) places: Vec<[i64; 2]>,
    pub(super) members: Vec<MemberRow>,
    pub(super) scale: Scale,
}

#[derive(Debug)]
pub(super) struct NodeRow {
    pub(super) id: i64,
    pub(super) place: [i64; 2],
    pub(super) timestamp: Option<i64>,
    pub(super) tags: Range<u32>,
}

#[derive(Debug)]
pub(super) struct WayRow {
    pub(super) id: i64,
    pub(super) timestamp: Option<i64>,
    pub(super) tags: Range<u32>,
    pub(super) refs: Range<u32>,
    pub(super) places: Range<u32>,
}

#[derive(Debug)]
pub(super) struct RelationRow {
    pub(super) id: i64,
    pub(super) timestamp: Option<i64>,
    pub(super) tags: Range<u32>,
    pub(super) members: Range<u32>,
}

#[derive(Debug)]
pub(super) struct MemberRow {
    pub(super) kind: MemberKind,
    pub(super) id: i64,
    /// Position in the texts.
    pub(super) role: u32,
}

/// The units of the numbers of a block. They follow the objects in the file.
#[derive(Debug)]
pub(super) struct Scale {
    /// 10⁻⁹ degrees in a unit.
    pub(super) granularity: i64,
    /// Longitude and latitude of zero, in 10⁻⁹ degrees.
    pub(super) offset: [i64; 2],
    /// Milliseconds in a unit of time.
    pub(super) milliseconds: i64,
}

impl Default for Scale {
    fn default() -> Self {
        Self { granularity: 100, offset: [0; 2], milliseconds: 1000 }
    }
}

impl Scale {
    /// Longitude and latitude in 10⁻⁷ degrees. Numbers that no file has end at the ends of the type.
    fn place(&self, place: [i64; 2]) -> [i64; 2] {
        [0, 1]
            .map(|axis| self.offset[axis].saturating_add(place[axis].saturating_mul(self.granularity)) / 100)
    }

    fn time(&self, timestamp: Option<i64>) -> Option<i64> {
        timestamp.map(|units| units.saturating_mul(self.milliseconds))
    }
}

impl DataBlock<'_> {
    /// The texts that tags and roles refer to; empty where the bytes are not UTF-8.
    pub fn texts(&self) -> impl ExactSizeIterator<Item = &str> {
        self.texts.iter().map(|text| text.unwrap_or_default())
    }

    /// The nodes, dense or not.
    pub fn nodes(&self) -> impl ExactSizeIterator<Item = OsmNode<'_>> {
        self.nodes.iter().map(move |row| OsmNode { block: self, row })
    }

    /// The ways.
    pub fn ways(&self) -> impl ExactSizeIterator<Item = OsmWay<'_>> {
        self.ways.iter().map(move |row| OsmWay { block: self, row })
    }

    /// The relations.
    pub fn relations(&self) -> impl ExactSizeIterator<Item = OsmRelation<'_>> {
        self.relations.iter().map(move |row| OsmRelation { block: self, row })
    }

    /// Tags up to the first that refers to no text, as other readers do.
    fn tags(&self, tags: &Range<u32>) -> impl Iterator<Item = (&str, &str)> {
        part(&self.tags, tags)
            .iter()
            .map_while(move |[key, value]| Some((self.text(*key)?, self.text(*value)?)))
    }

    fn text(&self, number: u32) -> Option<&str> {
        *self.texts.get(number as usize)?
    }
}

fn part<'b, T>(all: &'b [T], range: &Range<u32>) -> &'b [T] {
    &all[range.start as usize..range.end as usize]
}

/// A node.
#[derive(Debug, Clone, Copy)]
pub struct OsmNode<'b> {
    block: &'b DataBlock<'b>,
    row: &'b NodeRow,
}

impl<'b> OsmNode<'b> {
    /// The id.
    pub fn id(self) -> i64 {
        self.row.id
    }

    /// Longitude and latitude in 10⁻⁷ degrees. They may be off the globe.
    pub fn place(self) -> [i64; 2] {
        self.block.scale.place(self.row.place)
    }

    /// The time of the last change, in milliseconds since 1970.
    pub fn changed(self) -> Option<i64> {
        self.block.scale.time(self.row.timestamp)
    }

    /// Keys and values.
    pub fn tags(self) -> impl Iterator<Item = (&'b str, &'b str)> {
        self.block.tags(&self.row.tags)
    }

    /// Keys and values as positions in the texts of the block.
    pub fn tag_numbers(self) -> &'b [[u32; 2]] {
        part(&self.block.tags, &self.row.tags)
    }
}

/// A way.
#[derive(Debug, Clone, Copy)]
pub struct OsmWay<'b> {
    block: &'b DataBlock<'b>,
    row: &'b WayRow,
}

impl<'b> OsmWay<'b> {
    /// The id.
    pub fn id(self) -> i64 {
        self.row.id
    }

    /// The time of the last change, in milliseconds since 1970.
    pub fn changed(self) -> Option<i64> {
        self.block.scale.time(self.row.timestamp)
    }

    /// Keys and values.
    pub fn tags(self) -> impl Iterator<Item = (&'b str, &'b str)> {
        self.block.tags(&self.row.tags)
    }

    /// Keys and values as positions in the texts of the block.
    pub fn tag_numbers(self) -> &'b [[u32; 2]] {
        part(&self.block.tags, &self.row.tags)
    }

    /// The ids of its nodes.
    pub fn refs(self) -> &'b [i64] {
        part(&self.block.refs, &self.row.refs)
    }

    /// Longitudes and latitudes of its nodes in 10⁻⁷ degrees, in files that store locations on ways.
    pub fn places(self) -> impl ExactSizeIterator<Item = [i64; 2]> {
        part(&self.block.places, &self.row.places).iter().map(move |place| self.block.scale.place(*place))
    }
}

/// A relation.
#[derive(Debug, Clone, Copy)]
pub struct OsmRelation<'b> {
    block: &'b DataBlock<'b>,
    row: &'b RelationRow,
}

impl<'b> OsmRelation<'b> {
    /// The id.
    pub fn id(self) -> i64 {
        self.row.id
    }

    /// The time of the last change, in milliseconds since 1970.
    pub fn changed(self) -> Option<i64> {
        self.block.scale.time(self.row.timestamp)
    }

    /// Keys and values.
    pub fn tags(self) -> impl Iterator<Item = (&'b str, &'b str)> {
        self.block.tags(&self.row.tags)
    }

    /// The members, in their order.
    pub fn members(self) -> impl ExactSizeIterator<Item = OsmMember<'b>> {
        part(&self.block.members, &self.row.members).iter().map(move |row| OsmMember {
            kind: row.kind,
            id: row.id,
            role: self.block.text(row.role),
        })
    }
}

/// A member of a relation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OsmMember<'b> {
    /// Its kind.
    pub kind: MemberKind,
    /// Its id.
    pub id: i64,
    /// `None` if the role refers to no text.
    pub role: Option<&'b str>,
}

/// The kind of a member of a relation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MemberKind {
    /// A node.
    Node,
    /// A way.
    Way,
    /// A relation.
    Relation,
}
