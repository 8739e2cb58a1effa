//! Builds small extracts from coordinates in metres around 126.6° E, 45.7° N, as PBF of raw blocks.

use crate::pbf::{blob, bytes, field, varint, zigzag};
use crate::run::circle;
use std::collections::BTreeMap;

/// A drawn town.
#[derive(Debug, Default)]
pub(crate) struct Drawn {
    nodes: BTreeMap<[i32; 2], i64>,
    node_tags: BTreeMap<i64, String>,
    ways: Vec<(Vec<i64>, String)>,
    relations: Vec<(Vec<(usize, &'static str)>, String)>,
    /// Nodes that ways refer to and the extract lacks.
    missing: Vec<i64>,
}

/// Longitude and latitude of a place in metres east and north of the origin.
pub(crate) fn degrees([x, y]: [i32; 2]) -> [f64; 2] {
    [126.6 + f64::from(x) / 77_850.0, 45.7 + f64::from(y) / 111_170.0]
}

/// A rectangle from corner to corner.
pub(crate) fn rectangle(west: i32, south: i32, east: i32, north: i32) -> [[i32; 2]; 5] {
    [[west, south], [east, south], [east, north], [west, north], [west, south]]
}

impl Drawn {
    /// A street from 1 km west to 1 km east of 0,0.
    pub(crate) fn with_street() -> Self {
        Self::default()
            .way(&[[-1000, 0], [-500, 0], [0, 0], [500, 0], [1000, 0]], "highway=residential name=Main")
    }

    fn node(&mut self, at: [i32; 2]) -> i64 {
        let next = self.nodes.len() as i64 + 1;
        *self.nodes.entry(at).or_insert(next)
    }

    /// A way with tags `key=value key=value`.
    pub(crate) fn way(mut self, line: &[[i32; 2]], tags: &str) -> Self {
        let nodes = line.iter().map(|at| self.node(*at)).collect();
        self.ways.push((nodes, tags.to_owned()));
        self
    }

    /// Tags a node.
    pub(crate) fn tag(mut self, at: [i32; 2], tags: &str) -> Self {
        let node = self.node(at);
        self.node_tags.insert(node, tags.to_owned());
        self
    }

    /// Leaves a node out of the extract, but not the references to it.
    pub(crate) fn lose(mut self, at: [i32; 2]) -> Self {
        let node = self.node(at);
        self.missing.push(node);
        self
    }

    /// A multipolygon of the ways at these positions.
    pub(crate) fn multipolygon(mut self, members: &[(usize, &'static str)], tags: &str) -> Self {
        self.relations.push((members.to_vec(), format!("type=multipolygon {tags}")));
        self
    }

    /// The extract.
    pub(crate) fn pbf(&self) -> Vec<u8> {
        let mut strings = Strings(vec![String::new()]);
        let mut nodes = Vec::new();
        let mut ids: Vec<([i32; 2], i64)> = self.nodes.iter().map(|(at, id)| (*at, *id)).collect();
        ids.sort_by_key(|(_, id)| *id);
        for (at, id) in ids.into_iter().filter(|(_, id)| !self.missing.contains(id)) {
            let [lon, lat] = degrees(at).map(|degree| (degree * 1e7).round() as i64);
            let mut node = Vec::new();
            field(&mut node, 1, zigzag(id));
            strings.tags(&mut node, self.node_tags.get(&id).map_or("", String::as_str));
            field(&mut node, 8, zigzag(lat));
            field(&mut node, 9, zigzag(lon));
            bytes(&mut nodes, 1, &node);
        }
        let mut ways = Vec::new();
        for (number, (line, text)) in self.ways.iter().enumerate() {
            let (mut way, mut refs, mut last) = (Vec::new(), Vec::new(), 0);
            field(&mut way, 1, number as u64 + 1);
            strings.tags(&mut way, text);
            for id in line {
                varint(&mut refs, zigzag(id - last));
                last = *id;
            }
            bytes(&mut way, 8, &refs);
            bytes(&mut ways, 3, &way);
        }
        let mut relations = Vec::new();
        for (at, (members, text)) in self.relations.iter().enumerate() {
            let (mut relation, mut roles, mut refs, mut last) = (Vec::new(), Vec::new(), Vec::new(), 0);
            field(&mut relation, 1, at as u64 + 1);
            strings.tags(&mut relation, text);
            for (way, role) in members {
                varint(&mut roles, strings.number(role));
                varint(&mut refs, zigzag(*way as i64 + 1 - last));
                last = *way as i64 + 1;
            }
            bytes(&mut relation, 8, &roles);
            bytes(&mut relation, 9, &refs);
            bytes(&mut relation, 10, &vec![1; members.len()]);
            bytes(&mut relations, 4, &relation);
        }
        let mut table = Vec::new();
        strings.0.iter().for_each(|text| bytes(&mut table, 1, text.as_bytes()));
        let mut block = Vec::new();
        bytes(&mut block, 1, &table);
        for group in [nodes, ways, relations].iter().filter(|group| !group.is_empty()) {
            bytes(&mut block, 2, group);
        }
        let mut header = Vec::new();
        bytes(&mut header, 4, b"OsmSchema-V0.6");
        [blob("OSMHeader", &header), blob("OSMData", &block)].concat()
    }

    /// Seconds of the walk of an `adult` between two places, or the status without a walk.
    pub(crate) fn walk(&self, from: [i32; 2], to: [i32; 2]) -> Result<f64, String> {
        self.walk_as("adult", from, to)
    }

    /// The answer of `circle explain` between two places.
    pub(crate) fn explain(&self, from: [i32; 2], to: [i32; 2]) -> serde_json::Value {
        let folder = tempfile::tempdir().unwrap();
        let city = folder.path().join("drawn.osm.pbf");
        std::fs::write(&city, self.pbf()).unwrap();
        let place = |at: [i32; 2]| {
            let [lon, lat] = degrees(at);
            format!("{lon:.7},{lat:.7}")
        };
        circle(["explain", city.to_str().unwrap(), "--from", &place(from), "--to", &place(to)]).ok().json()
    }

    /// As [`Self::walk`], with another profile.
    pub(crate) fn walk_as(&self, profile: &str, from: [i32; 2], to: [i32; 2]) -> Result<f64, String> {
        self.walk_with(&["--profile", profile], from, to)
    }

    /// As [`Self::walk`], with more arguments of `circle times`.
    pub(crate) fn walk_with(&self, more: &[&str], from: [i32; 2], to: [i32; 2]) -> Result<f64, String> {
        let folder = tempfile::tempdir().unwrap();
        let place = |[lon, lat]: [f64; 2]| format!("id,lon,lat\nplace,{lon:.7},{lat:.7}\n");
        let write = |name: &str, bytes: &[u8]| {
            let path = folder.path().join(name);
            std::fs::write(&path, bytes).unwrap();
            path.to_str().unwrap().to_owned()
        };
        let (from, to) =
            (write("a.csv", place(degrees(from)).as_bytes()), write("b.csv", place(degrees(to)).as_bytes()));
        let city = write("drawn.osm.pbf", &self.pbf());
        let args = ["times", &city, "--from", &from, "--to", &to];
        let (_, rows) = circle([&args, more].concat()).ok().csv();
        if rows[0][6] == "ok" { Ok(rows[0][2].parse().unwrap()) } else { Err(rows[0][6].clone()) }
    }
}

/// The string table of a block.
struct Strings(Vec<String>);

impl Strings {
    fn number(&mut self, text: &str) -> u64 {
        let known = self.0.iter().position(|known| known == text);
        known.unwrap_or_else(|| {
            self.0.push(text.to_owned());
            self.0.len() - 1
        }) as u64
    }

    fn tags(&mut self, message: &mut Vec<u8>, text: &str) {
        let (mut keys, mut values) = (Vec::new(), Vec::new());
        for (key, value) in text.split_whitespace().map(|tag| tag.split_once('=').unwrap()) {
            varint(&mut keys, self.number(key));
            varint(&mut values, self.number(value));
        }
        bytes(message, 2, &keys);
        bytes(message, 3, &values);
    }
}
