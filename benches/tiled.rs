//! Builds a larger city: several copies of one extract side by side.

use crate::pbf::{blob, bytes, field, varint, zigzag};
use circle_import::pbf::{Blob, BlobKind, DataBlock, PbfFault};
use circle_model::Point;
use std::borrow::Cow;
use std::io::Write;
use std::path::Path;

/// Difference of the OSM ids of one copy and the next.
const ID_STEP: i64 = 100_000_000_000;

/// The position of a copy.
#[derive(Clone, Copy)]
pub(crate) struct Tile {
    number: i64,
    /// Offset from the original in 10⁻⁷ degrees east and north.
    shift: [i32; 2],
}

impl Tile {
    /// `side` × `side` tiles with offsets of `step`, centred on the original so that the mean length of a
    /// degree of longitude is the same.
    pub(crate) fn square(side: i32, step: [i32; 2]) -> Vec<Self> {
        let at = |number: i32, step: i32| (2 * number + 1 - side) * (step / 2);
        let tile = |number: i32| Self {
            number: number.into(),
            shift: [at(number % side, step[0]), at(number / side, step[1])],
        };
        (0..side * side).map(tile).collect()
    }

    /// A point of the copy.
    pub(crate) fn point(self, original: Point) -> Point {
        Point { lon: original.lon + self.shift[0], lat: original.lat + self.shift[1] }
    }
}

/// Writes the nodes and ways of `extract` once for each tile, without its relations.
pub(crate) fn write(extract: &Path, tiles: &[Tile], path: &Path) -> std::io::Result<()> {
    let file = std::fs::read(extract)?;
    let contents = data(&file).map_err(std::io::Error::other)?;
    let blocks: Result<Vec<_>, _> = contents.iter().map(|contents| DataBlock::decode(contents)).collect();
    let blocks = blocks.map_err(std::io::Error::other)?;
    let mut out = std::io::BufWriter::new(std::fs::File::create(path)?);
    let mut header = Vec::new();
    bytes(&mut header, 4, b"OsmSchema-V0.6");
    bytes(&mut header, 4, b"DenseNodes");
    out.write_all(&blob("OSMHeader", &header))?;
    for group in [nodes, ways] {
        for tile in tiles {
            for block in &blocks {
                let group = group(block, *tile);
                if !group.is_empty() {
                    out.write_all(&blob("OSMData", &with_texts(block, &group)))?;
                }
            }
        }
    }
    out.flush()
}

/// The contents of the blocks of objects.
fn data(file: &[u8]) -> Result<Vec<Cow<'_, [u8]>>, PbfFault> {
    let (mut rest, mut found) = (file, Vec::new());
    while !rest.is_empty() {
        let (blob, after) = Blob::read(rest)?;
        if blob.kind == BlobKind::Data {
            found.push(blob.contents()?);
        }
        rest = after;
    }
    Ok(found)
}

/// A group with the texts of its block.
fn with_texts(block: &DataBlock<'_>, group: &[u8]) -> Vec<u8> {
    let (mut texts, mut message) = (Vec::new(), Vec::new());
    block.texts().for_each(|text| bytes(&mut texts, 1, text.as_bytes()));
    bytes(&mut message, 1, &texts);
    bytes(&mut message, 2, group);
    message
}

/// The nodes of a block as a dense group.
fn nodes(block: &DataBlock<'_>, tile: Tile) -> Vec<u8> {
    let mut columns: [Column; 3] = Default::default();
    let mut tags = Vec::new();
    for node in block.nodes() {
        let [lon, lat] = node.place();
        let point = tile.point(Point { lon: lon as i32, lat: lat as i32 });
        columns[0].push(node.id() + tile.number * ID_STEP);
        columns[1].push(point.lat.into());
        columns[2].push(point.lon.into());
        for number in node.tag_numbers().as_flattened() {
            varint(&mut tags, (*number).into());
        }
        tags.push(0);
    }
    if tags.is_empty() {
        return Vec::new();
    }
    let (mut dense, mut group) = (Vec::new(), Vec::new());
    for (number, column) in [1, 8, 9].into_iter().zip(&columns) {
        bytes(&mut dense, number, &column.bytes);
    }
    bytes(&mut dense, 10, &tags);
    bytes(&mut group, 2, &dense);
    group
}

/// The ways of a block as a group.
fn ways(block: &DataBlock<'_>, tile: Tile) -> Vec<u8> {
    let mut group = Vec::new();
    for original in block.ways() {
        let (mut keys, mut values) = (Vec::new(), Vec::new());
        for [key, value] in original.tag_numbers() {
            varint(&mut keys, (*key).into());
            varint(&mut values, (*value).into());
        }
        let mut refs = Column::default();
        original.refs().iter().for_each(|id| refs.push(id + tile.number * ID_STEP));
        let mut way = Vec::new();
        field(&mut way, 1, (original.id() + tile.number * ID_STEP) as u64);
        bytes(&mut way, 2, &keys);
        bytes(&mut way, 3, &values);
        bytes(&mut way, 8, &refs.bytes);
        bytes(&mut group, 3, &way);
    }
    group
}

/// Packed numbers, each as the difference from the previous one.
#[derive(Default)]
struct Column {
    bytes: Vec<u8>,
    last: i64,
}

impl Column {
    fn push(&mut self, value: i64) {
        varint(&mut self.bytes, zigzag(value - self.last));
        self.last = value;
    }
}
