//! A planner's own files from a fuzzer's bytes: three bytes choose format, layer and settings, the rest is
//! the content.

/// The files by name, including `OWN.toml`.
pub(crate) fn files(input: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let Some(([format, layer, settings], rest)) = input.split_first_chunk::<3>() else {
        return vec![(LIST, input.to_vec())];
    };
    let mut files = match format % 10 {
        0 => vec![("a.csv", rest.to_vec())],
        1 => vec![("a.tsv", rest.to_vec())],
        2 => vec![("a.geojson", rest.to_vec())],
        3 => vec![("a.geojsonl", rest.to_vec())],
        4 => vec![("a.xlsx", rest.to_vec())],
        5 => vec![("a.xlsx", workbook(rest))],
        6 => vec![("a.gpkg", rest.to_vec())],
        7 => {
            let mut parts = parts(rest).into_iter();
            let names = ["a.shp", "a.dbf", "a.prj", "a.cpg"];
            names.into_iter().map_while(|name| Some((name, parts.next()?.to_vec()))).collect()
        }
        // The content is the list itself, with files that it may name.
        8 => {
            let csv = "名称,类别,经度,纬度\n康民诊所,clinic,126.601,45.701\n";
            return vec![(LIST, rest.to_vec()), ("a.csv", csv.into()), ("a.shp", Vec::new())];
        }
        _ => vec![("a.csv", rows(rest))],
    };
    let pick = |words: &[&'static str], by: u8| words[usize::from(by) % words.len()];
    let layer = pick(&LAYERS, *layer);
    let settings = (pick(&CRS, *settings), pick(&OTHER_SETTINGS, settings / CRS.len() as u8));
    let list =
        format!("[[source]]\npath = \"{}\"\nlayer = \"{layer}\"\n{}{}", files[0].0, settings.0, settings.1);
    files.push((LIST, list.into_bytes()));
    files
}

const LIST: &str = "OWN.toml";
const LAYERS: [&str; 7] =
    ["facilities", "compounds", "gates", "units", "population", "candidates", "corrections"];
const CRS: [&str; 8] = [
    "crs = \"wgs84\"\n",
    "",
    "crs = \"detect\"\n",
    "crs = \"gcj02\"\n",
    "crs = \"bd09\"\n",
    "crs = \"bd09mc\"\n",
    "crs = 4526\n",
    "crs = \"EPSG:3857\"\n",
];
const OTHER_SETTINGS: [&str; 8] = [
    "",
    "encoding = \"gb18030\"\n",
    "header_row = 2\n",
    "level = \"community\"\n",
    "category = \"clinic\"\n",
    "sheet = \"Sheet1\"\n",
    "encoding = \"utf-16le\"\n",
    "header_row = 4294967295\n",
];

/// The parts between separators.
fn parts(mut bytes: &[u8]) -> Vec<&[u8]> {
    const SEPARATOR: &[u8] = b"\n--\n";
    let mut parts = Vec::new();
    while let Some(at) = bytes.windows(SEPARATOR.len()).position(|window| window == SEPARATOR) {
        parts.push(&bytes[..at]);
        bytes = &bytes[at + SEPARATOR.len()..];
    }
    parts.push(bytes);
    parts
}

/// A table. The first byte is the count of columns, one byte per column chooses its heading, the rest are the
/// rows.
fn rows(bytes: &[u8]) -> Vec<u8> {
    let (count, rest) = bytes.split_first().unwrap_or((&0, &[]));
    let (columns, rows) = rest.split_at(usize::from(count % 24).min(rest.len()));
    let columns: Vec<&str> = columns.iter().map(|at| COLUMNS[usize::from(*at) % COLUMNS.len()]).collect();
    [columns.join(",").as_bytes(), b"\n", rows].concat()
}

const COLUMNS: [&str; 40] = [
    "id",
    "name",
    "name_en",
    "lon",
    "lat",
    "location",
    "category",
    "typecode",
    "type",
    "capacity",
    "opening_hours",
    "compound",
    "locked",
    "closed",
    "level",
    "code",
    "parent",
    "households",
    "residents",
    "elderly",
    "children",
    "building",
    "levels",
    "note",
    "action",
    "target",
    "of",
    "new_name",
    "new_category",
    "new_lon",
    "new_lat",
    "author",
    "date",
    "名称",
    "经度(GCJ02)",
    "纬度",
    "wkt",
    "geometry",
    "area",
    "人数(人)",
];

/// A workbook of one sheet: the XML of the sheet, then that of the shared texts. Random bytes hardly ever
/// have the valid checksums of a zip archive.
fn workbook(bytes: &[u8]) -> Vec<u8> {
    const TYPES: &str = "<?xml version=\"1.0\"?><Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
        <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
        <Default Extension=\"xml\" ContentType=\"application/xml\"/></Types>";
    const RELS: &str = "<?xml version=\"1.0\"?><Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
        <Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" \
        Target=\"xl/workbook.xml\"/></Relationships>";
    const BOOK: &str = "<?xml version=\"1.0\"?><workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" \
        xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets>\
        <sheet name=\"Sheet1\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>";
    const BOOK_RELS: &str = "<?xml version=\"1.0\"?><Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
        <Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" \
        Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"rId2\" \
        Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings\" Target=\"sharedStrings.xml\"/>\
        </Relationships>";
    let mut files: Vec<(&str, &[u8])> = vec![
        ("[Content_Types].xml", TYPES.as_bytes()),
        ("_rels/.rels", RELS.as_bytes()),
        ("xl/workbook.xml", BOOK.as_bytes()),
        ("xl/_rels/workbook.xml.rels", BOOK_RELS.as_bytes()),
    ];
    let parts = parts(bytes);
    let names = ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml"];
    for (name, part) in names.into_iter().zip(parts) {
        files.retain(|(other, _)| *other != name);
        files.push((name, part));
    }
    zip(&files)
}

/// A zip archive of uncompressed files.
fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut archive, mut directory) = (Vec::new(), Vec::new());
    for (name, bytes) in files {
        let offset = archive.len() as u32;
        let mut common = vec![20, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        let length = (bytes.len() as u32).to_le_bytes();
        common.extend([crc32(bytes).to_le_bytes(), length, length].concat());
        common.extend((name.len() as u16).to_le_bytes());
        common.extend([0, 0]);
        archive.extend(b"PK\x03\x04");
        archive.extend(&common);
        archive.extend(name.as_bytes());
        archive.extend(*bytes);
        directory.extend(b"PK\x01\x02\x14\0");
        directory.extend(&common);
        directory.extend([0; 10]);
        directory.extend(offset.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let count = (files.len() as u16).to_le_bytes();
    let (length, start) = ((directory.len() as u32).to_le_bytes(), (archive.len() as u32).to_le_bytes());
    archive.extend(directory);
    archive.extend(b"PK\x05\x06\0\0\0\0");
    archive.extend([count, count].concat());
    archive.extend([length, start].concat());
    archive.extend([0, 0]);
    archive
}

fn crc32(bytes: &[u8]) -> u32 {
    let mut sum = !0u32;
    for byte in bytes {
        sum ^= u32::from(*byte);
        for _ in 0..8 {
            sum = (sum >> 1) ^ (0xedb8_8320 & 0u32.wrapping_sub(sum & 1));
        }
    }
    !sum
}
