//! A small decoder of vector tiles, written from the specification, to test the encoder with.

use std::collections::BTreeMap;

/// A decoded layer.
#[derive(Debug, Default)]
pub(super) struct DecodedLayer {
    pub(super) name: String,
    pub(super) version: u64,
    pub(super) extent: u64,
    pub(super) features: Vec<DecodedFeature>,
}

/// A decoded feature.
#[derive(Debug)]
pub(super) struct DecodedFeature {
    /// 1 point, 2 line, 3 polygon.
    pub(super) kind: u64,
    pub(super) tags: BTreeMap<String, String>,
    /// Points, lines or rings; rings without their closing point.
    pub(super) parts: Vec<Vec<[i64; 2]>>,
}

/// The fields of a protobuf message: number, and varint or bytes.
fn fields(mut bytes: &[u8]) -> Vec<(u64, u64, &[u8])> {
    let mut fields = Vec::new();
    while !bytes.is_empty() {
        let key = varint(&mut bytes);
        match key & 7 {
            0 => fields.push((key >> 3, varint(&mut bytes), &bytes[..0])),
            2 => {
                let length = varint(&mut bytes) as usize;
                let (body, rest) = bytes.split_at(length);
                fields.push((key >> 3, 0, body));
                bytes = rest;
            }
            other => panic!("wire type {other}"),
        }
    }
    fields
}

fn varint(bytes: &mut &[u8]) -> u64 {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = bytes.split_first().expect("cut varint");
        *bytes = rest;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return value;
        }
    }
    panic!("varint too long")
}

fn packed(mut bytes: &[u8]) -> Vec<u64> {
    let mut values = Vec::new();
    while !bytes.is_empty() {
        values.push(varint(&mut bytes));
    }
    values
}

/// Decodes a tile; panics if it is invalid.
pub(super) fn decode(bytes: &[u8]) -> Vec<DecodedLayer> {
    fields(bytes)
        .into_iter()
        .map(|(number, _, body)| {
            assert_eq!(number, 3);
            layer(body)
        })
        .collect()
}

fn layer(bytes: &[u8]) -> DecodedLayer {
    let (mut layer, mut keys, mut values, mut raw) =
        (DecodedLayer::default(), Vec::new(), Vec::new(), Vec::new());
    for (number, value, body) in fields(bytes) {
        match number {
            1 => layer.name = String::from_utf8(body.to_vec()).unwrap(),
            2 => raw.push(body),
            3 => keys.push(String::from_utf8(body.to_vec()).unwrap()),
            4 => values.push(text_of(body)),
            5 => layer.extent = value,
            15 => layer.version = value,
            other => panic!("layer field {other}"),
        }
    }
    layer.features = raw.into_iter().map(|body| feature(body, &keys, &values)).collect();
    layer
}

fn text_of(bytes: &[u8]) -> String {
    let (number, value, body) = fields(bytes)[0];
    match number {
        1 => String::from_utf8(body.to_vec()).unwrap(),
        4 | 5 => (value as i64).to_string(),
        7 => (value != 0).to_string(),
        other => panic!("value field {other}"),
    }
}

fn feature(bytes: &[u8], keys: &[String], values: &[String]) -> DecodedFeature {
    let (mut kind, mut tags, mut commands) = (0, Vec::new(), Vec::new());
    for (number, value, body) in fields(bytes) {
        match number {
            2 => tags = packed(body),
            3 => kind = value,
            4 => commands = packed(body),
            other => panic!("feature field {other}"),
        }
    }
    let tags = tags
        .chunks(2)
        .map(|pair| (keys[pair[0] as usize].clone(), values[pair[1] as usize].clone()))
        .collect();
    DecodedFeature { kind, tags, parts: parts(kind, &commands) }
}

fn parts(kind: u64, commands: &[u64]) -> Vec<Vec<[i64; 2]>> {
    let (mut parts, mut cursor, mut at) = (Vec::<Vec<[i64; 2]>>::new(), [0i64; 2], 0);
    let mut closed = true;
    while at < commands.len() {
        let (command, count) = (commands[at] & 7, commands[at] >> 3);
        at += 1;
        if command == 7 {
            assert_eq!((kind, count), (3, 1));
            closed = true;
            continue;
        }
        assert!(count > 0 && (command == 1 || command == 2), "command {command}");
        if command == 1 {
            assert!(kind != 3 || closed, "a ring was not closed");
            parts.push(Vec::new());
            closed = false;
        }
        assert!(!closed, "a line without a start");
        for _ in 0..count {
            for axis in 0..2 {
                let raw = commands[at + axis];
                cursor[axis] += (raw >> 1) as i64 ^ -((raw & 1) as i64);
            }
            at += 2;
            parts.last_mut().unwrap().push(cursor);
        }
    }
    assert!(kind != 3 || closed, "the last ring was not closed");
    parts
}
