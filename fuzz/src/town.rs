//! The extract of a small town that a fuzzer's bytes describe. Random bytes alone are never a valid extract.
//!
//! The first byte is the form of the extract, the rest is a list of drawing commands. Every input is a town.

use crate::pbf::{blob, bytes, field, varint, zigzag};

/// Form of the extract: bits of the first byte.
mod form {
    pub(super) const DENSE: u8 = 1;
    pub(super) const LOCATIONS_ON_WAYS: u8 = 2;
    pub(super) const BACKWARDS: u8 = 4;
    pub(super) const BLOCKS: u8 = 8;
    pub(super) const COARSE: u8 = 16;
    pub(super) const BOX: u8 = 32;
    pub(super) const OWN_STREET: u8 = 64;
    pub(super) const TIMES: u8 = 128;
}

/// Tags that the importer reads; two bytes choose one. New tags are appended, because seeds contain
/// positions.
const TAGS: &[&str] = &[
    "highway=residential",
    "highway=footway",
    "highway=service",
    "highway=steps",
    "highway=pedestrian",
    "highway=primary",
    "highway=motorway",
    "highway=path",
    "highway=crossing",
    "highway=traffic_signals",
    "highway=elevator",
    "highway=construction",
    "highway=living_street",
    "highway=cycleway",
    "footway=crossing",
    "service=driveway",
    "service=parking_aisle",
    "area=yes",
    "area=no",
    "access=private",
    "access=no",
    "access=destination",
    "foot=yes",
    "foot=no",
    "foot=designated",
    "oneway=yes",
    "oneway:foot=-1",
    "bridge=yes",
    "tunnel=yes",
    "layer=1",
    "layer=-1",
    "layer=99999999999",
    "level=0;1",
    "incline=up",
    "incline=50%",
    "incline=-1000°",
    "kerb=raised",
    "kerb=flush",
    "barrier=gate",
    "barrier=wall",
    "barrier=fence",
    "barrier=bollard",
    "barrier=entrance",
    "barrier=kerb",
    "barrier=retaining_wall",
    "locked=yes",
    "wheelchair=no",
    "opening_hours=Mo-Fr 08:00-18:00",
    "opening_hours=24/7",
    "opening_hours=PH off; Mo[1] 25:00-26:00",
    "opening_hours=sunrise-sunset",
    "opening_hours=week 1-53/2 Mo 00:00-48:00",
    "entrance=yes",
    "entrance=main",
    "entrance=staircase",
    "door=yes",
    "building=apartments",
    "building=yes",
    "building=house",
    "building:levels=18",
    "building:levels=-3",
    "building:levels=1e309",
    "building:flats=999999999999",
    "height=3",
    "landuse=residential",
    "landuse=commercial",
    "landuse=grass",
    "residential=gated",
    "place=neighbourhood",
    "place=city",
    "place=suburb",
    "place=quarter",
    "boundary=administrative",
    "admin_level=6",
    "admin_level=8",
    "admin_level=10",
    "admin_level=5",
    "admin_level=11",
    "admin_level=-1",
    "type=multipolygon",
    "type=boundary",
    "type=site",
    "type=restriction",
    "natural=water",
    "natural=wood",
    "natural=coastline",
    "waterway=river",
    "waterway=riverbank",
    "leisure=park",
    "leisure=pitch",
    "leisure=fitness_station",
    "leisure=playground",
    "amenity=school",
    "amenity=kindergarten",
    "amenity=pharmacy",
    "amenity=hospital",
    "amenity=clinic",
    "amenity=parking",
    "amenity=toilets",
    "amenity=bank",
    "amenity=restaurant",
    "amenity=marketplace",
    "amenity=community_centre",
    "amenity=social_facility",
    "amenity=library",
    "social_facility=nursing_home",
    "shop=supermarket",
    "shop=convenience",
    "shop=yes",
    "shop=no",
    "office=government",
    "healthcare=doctor",
    "public_transport=platform",
    "railway=station",
    "railway=subway_entrance",
    "railway=rail",
    "station=subway",
    "highway=bus_stop",
    "bus=yes",
    "emergency=defibrillator",
    "tourism=museum",
    "name=人民公园",
    "name=荣耀世纪小区",
    "name=第三十六中学",
    "name=联华超市(道里店)",
    "name=1号楼",
    "name=小区",
    "name=社区卫生服务站",
    "name=幼儿园",
    "name:en=People's Park",
    "name=",
    "name=\u{202e}甲\u{1b}[31m",
    "ref=1",
    "population=12345",
    "note=x",
    "isced:level=1;2",
    "grades=1-6",
    "operator=x",
    "disused:shop=yes",
    "demolished=yes",
    "ramp=yes",
    "width=0.1",
    "maxwidth=0.5",
    "lit=yes",
    "surface=sand",
    "sac_scale=hiking",
    "indoor=yes",
    "room=stairs",
    "conveying=yes",
    "crossing=unmarked",
    "crossing=traffic_signals",
    "crossing:island=yes",
    "sidewalk=both",
    "sidewalk=separate",
    "man_made=pier",
    "man_made=bridge",
    "embankment=yes",
    "covered=yes",
    "start_date=2099",
    "fee=yes",
    "addr:street=中央大街",
    "addr:housenumber=1",
    "ISO3166-2=CN-HL",
    "wikidata=Q42",
    "border_type=subdistrict",
];

/// The objects drawn so far.
#[derive(Default)]
struct Drawing {
    strings: Vec<Vec<u8>>,
    /// Longitude and latitude in 10⁻⁷ degrees, and tags, by id from 1.
    nodes: Vec<([i64; 2], Tags)>,
    /// Node ids and tags, by id from 1.
    ways: Vec<(Vec<i64>, Tags)>,
    /// Members and tags, by id from 1.
    relations: Vec<(Members, Tags)>,
}

/// Positions of key and value in the table of strings.
type Tags = Vec<[u64; 2]>;
/// Type, id and role of each member.
type Members = Vec<(u64, i64, u64)>;

/// A reader of the input; `None` after the last byte.
struct Pen<'a>(&'a [u8]);

impl Pen<'_> {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    fn number<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (first, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*first)
    }

    /// Bytes after a length of one byte.
    fn text(&mut self) -> Option<Vec<u8>> {
        let length = usize::from(self.byte()?).min(self.0.len());
        let (text, rest) = self.0.split_at(length);
        self.0 = rest;
        Some(text.to_vec())
    }
}

/// The extract that `input` describes.
pub(crate) fn extract(input: &[u8]) -> Vec<u8> {
    let mut pen = Pen(input);
    let form = pen.byte().unwrap_or(0);
    let mut drawing = Drawing { strings: vec![Vec::new()], ..Drawing::default() };
    if form & form::OWN_STREET != 0 {
        for x in [-100, -50, 0, 50, 100] {
            drawing.nodes.push((place(x, 0), Vec::new()));
        }
        let street = drawing.tag(b"highway", b"residential");
        drawing.ways.push((vec![1, 2, 3, 4, 5], vec![street]));
    }
    while drawing.draw_next(&mut pen).is_some() {}
    drawing.write(form)
}

/// A place on a lattice of ten metres around 126.6° east, 45.7° north.
fn place(x: i8, y: i8) -> [i64; 2] {
    [1_266_000_000 + i64::from(x) * 1_284, 457_000_000 + i64::from(y) * 900]
}

impl Drawing {
    /// Executes the next drawing command; `None` at the end of the bytes.
    fn draw_next(&mut self, pen: &mut Pen<'_>) -> Option<()> {
        match pen.byte()? % 8 {
            0 | 1 => {
                let [x, y] = pen.number()?;
                self.nodes.push((place(x as i8, y as i8), Vec::new()));
            }
            2 => {
                let [lon, lat] = [pen.number()?, pen.number()?].map(|it| i64::from(i32::from_le_bytes(it)));
                self.nodes.push(([lon, lat], Vec::new()));
            }
            3 => {
                let count = usize::from(pen.byte()? % 40);
                let refs = (0..count).map(|_| Some(i64::from(pen.byte()?) % (self.nodes.len() as i64 + 2)));
                self.ways.push((refs.collect::<Option<_>>()?, Vec::new()));
            }
            4 => {
                let mut members = Vec::new();
                for _ in 0..pen.byte()? % 20 {
                    let [kind, id, role] = pen.number()?;
                    let role: &[u8] =
                        [&b"outer"[..], b"inner", b"", b"label", b"admin_centre"][usize::from(role % 5)];
                    let role = self.string(role);
                    members.push((u64::from(kind % 3), i64::from(id), role));
                }
                self.relations.push((members, Vec::new()));
            }
            // A tag of the last drawn object of a type.
            5 | 6 => {
                let kind = pen.byte()?;
                let tag = TAGS[usize::from(u16::from_le_bytes(pen.number()?)) % TAGS.len()];
                let (key, value) = tag.split_once('=').unwrap_or_default();
                let tag = self.tag(key.as_bytes(), value.as_bytes());
                self.tag_last(kind, tag);
            }
            _ => {
                let kind = pen.byte()?;
                let key = TAGS[usize::from(u16::from_le_bytes(pen.number()?)) % TAGS.len()];
                let value = pen.text()?;
                let tag = self.tag(key.split_once('=').unwrap_or_default().0.as_bytes(), &value);
                self.tag_last(kind, tag);
            }
        }
        Some(())
    }

    fn tag_last(&mut self, kind: u8, tag: [u64; 2]) {
        let last = match kind % 3 {
            0 => self.nodes.last_mut().map(|it| &mut it.1),
            1 => self.ways.last_mut().map(|it| &mut it.1),
            _ => self.relations.last_mut().map(|it| &mut it.1),
        };
        if let Some(tags) = last {
            tags.push(tag);
        }
    }

    fn tag(&mut self, key: &[u8], value: &[u8]) -> [u64; 2] {
        [self.string(key), self.string(value)]
    }

    fn string(&mut self, text: &[u8]) -> u64 {
        let known = self.strings.iter().position(|known| known == text);
        known.unwrap_or_else(|| {
            self.strings.push(text.to_vec());
            self.strings.len() - 1
        }) as u64
    }

    fn write(&self, form: u8) -> Vec<u8> {
        let unit = if form & form::COARSE != 0 { 1_000 } else { 100 };
        let degrees = |it: i64| zigzag(it * 100 / unit);
        let nodes = if form & form::DENSE != 0 { self.dense(degrees) } else { self.plain(degrees) };
        let ways = self.ways(form, degrees);
        let mut groups = vec![nodes, ways, self.relations()];
        groups.retain(|group| !group.is_empty());
        if form & form::BACKWARDS != 0 {
            groups.reverse();
        }
        let mut header = Vec::new();
        if form & form::BOX != 0 {
            let mut edges = Vec::new();
            let ([west, south], [east, north]) = (place(-100, -100), place(100, 100));
            for (number, edge) in [(1, west), (2, east), (3, north), (4, south)] {
                field(&mut edges, number, zigzag(edge * 100));
            }
            bytes(&mut header, 1, &edges);
        }
        bytes(&mut header, 4, b"OsmSchema-V0.6");
        if form & form::DENSE != 0 {
            bytes(&mut header, 4, b"DenseNodes");
        }
        let mut extract = blob("OSMHeader", &header);
        let parts = if form & form::BLOCKS != 0 { groups.chunks(1) } else { groups.chunks(3) };
        for groups in parts {
            let (mut table, mut block) = (Vec::new(), Vec::new());
            self.strings.iter().for_each(|text| bytes(&mut table, 1, text));
            bytes(&mut block, 1, &table);
            groups.iter().for_each(|group| bytes(&mut block, 2, group));
            field(&mut block, 17, unit as u64);
            extract.extend(blob("OSMData", &block));
        }
        extract
    }

    fn dense(&self, degrees: impl Fn(i64) -> u64) -> Vec<u8> {
        let (mut ids, mut lats, mut lons, mut tags) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        // Differences of rounded values, not rounded differences.
        let mut last = [0, 0];
        for ([lon, lat], own) in &self.nodes {
            varint(&mut ids, zigzag(1));
            let now = [unzigzag(degrees(*lon)), unzigzag(degrees(*lat))];
            varint(&mut lons, zigzag(now[0] - last[0]));
            varint(&mut lats, zigzag(now[1] - last[1]));
            last = now;
            own.iter().flatten().for_each(|text| varint(&mut tags, *text));
            varint(&mut tags, 0);
        }
        let (mut dense, mut group) = (Vec::new(), Vec::new());
        for (number, column) in [(1, ids), (8, lats), (9, lons), (10, tags)] {
            bytes(&mut dense, number, &column);
        }
        if !self.nodes.is_empty() {
            bytes(&mut group, 2, &dense);
        }
        group
    }

    fn plain(&self, degrees: impl Fn(i64) -> u64) -> Vec<u8> {
        let mut group = Vec::new();
        for (id, ([lon, lat], tags)) in (1..).zip(&self.nodes) {
            let mut node = Vec::new();
            field(&mut node, 1, zigzag(id));
            write_tags(&mut node, tags);
            field(&mut node, 8, degrees(*lat));
            field(&mut node, 9, degrees(*lon));
            bytes(&mut group, 1, &node);
        }
        group
    }

    fn ways(&self, form: u8, degrees: impl Fn(i64) -> u64) -> Vec<u8> {
        let mut group = Vec::new();
        for (number, (line, tags)) in (1..).zip(&self.ways) {
            let (mut way, mut refs, mut last) = (Vec::new(), Vec::new(), 0);
            field(&mut way, 1, number);
            write_tags(&mut way, tags);
            if form & form::TIMES != 0 {
                let mut info = Vec::new();
                field(&mut info, 2, 1_500_000_000 + number);
                bytes(&mut way, 4, &info);
            }
            for id in line {
                varint(&mut refs, zigzag(id - last));
                last = *id;
            }
            bytes(&mut way, 8, &refs);
            if form & form::LOCATIONS_ON_WAYS != 0 {
                for (number, axis) in [(9, 1), (10, 0)] {
                    let (mut column, mut last) = (Vec::new(), 0);
                    for id in line {
                        let node = usize::try_from(id - 1).ok().and_then(|at| self.nodes.get(at));
                        let now = unzigzag(degrees(node.map_or(0, |(place, _)| place[axis])));
                        varint(&mut column, zigzag(now - last));
                        last = now;
                    }
                    bytes(&mut way, number, &column);
                }
            }
            bytes(&mut group, 3, &way);
        }
        group
    }

    fn relations(&self) -> Vec<u8> {
        let mut group = Vec::new();
        for (number, (members, tags)) in (1..).zip(&self.relations) {
            let (mut relation, mut roles, mut ids, mut kinds, mut last) =
                (Vec::new(), Vec::new(), Vec::new(), Vec::new(), 0);
            field(&mut relation, 1, number);
            write_tags(&mut relation, tags);
            for (kind, id, role) in members {
                varint(&mut roles, *role);
                varint(&mut ids, zigzag(id - last));
                varint(&mut kinds, *kind);
                last = *id;
            }
            for (number, column) in [(8, roles), (9, ids), (10, kinds)] {
                bytes(&mut relation, number, &column);
            }
            bytes(&mut group, 4, &relation);
        }
        group
    }
}

fn unzigzag(number: u64) -> i64 {
    (number >> 1) as i64 ^ -((number & 1) as i64)
}

fn write_tags(message: &mut Vec<u8>, tags: &Tags) {
    for (number, part) in [(2, 0), (3, 1)] {
        let mut column = Vec::new();
        tags.iter().for_each(|tag| varint(&mut column, tag[part]));
        bytes(message, number, &column);
    }
}
