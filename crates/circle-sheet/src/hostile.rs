//! Properties of all readers: any bytes are read in bounded time and memory, without a panic.

use crate::formats::{geopackage, kml, ods, shapefile, xls, xlsx};
use crate::{ReadOptions, read_sheet};
use proptest::prelude::*;
use proptest::sample::Index;
use std::path::Path;

/// Changes to a file: replaced bytes, a repeated part, a truncation.
#[derive(Debug, Clone)]
struct Changes {
    replaced: Vec<(Index, u8)>,
    repeated: Option<(Index, Index)>,
    truncated: Option<Index>,
}

impl Changes {
    fn apply(&self, bytes: &[u8]) -> Vec<u8> {
        let mut bytes = bytes.to_vec();
        for (at, byte) in &self.replaced {
            let at = at.index(bytes.len());
            bytes[at] = *byte;
        }
        if let Some((a, b)) = &self.repeated {
            let (a, b) = (a.index(bytes.len()), b.index(bytes.len()));
            let part = bytes[a.min(b)..a.max(b)].to_vec();
            bytes.splice(a..a, part);
        }
        if let Some(at) = &self.truncated {
            bytes.truncate(at.index(bytes.len()));
        }
        bytes
    }
}

fn changes() -> impl Strategy<Value = Changes> {
    // Any byte, and those with a meaning in one of the formats.
    let byte = prop_oneof![
        any::<u8>(),
        proptest::sample::select(b"\"\\,;\t\r\n{}[]<>/'=:*\0\x01\x7f\xff0123456789eE-+".as_slice())
    ];
    let replaced = proptest::collection::vec((any::<Index>(), byte), 0..12);
    let repeated = proptest::option::weighted(0.2, any::<(Index, Index)>());
    let truncated = proptest::option::weighted(0.2, any::<Index>());
    (replaced, repeated, truncated).prop_map(|(replaced, repeated, truncated)| Changes {
        replaced,
        repeated,
        truncated,
    })
}

/// Reads a file and all its cells and shapes.
fn read_all(folder: &Path, name: &str) {
    let Ok(sheet) = read_sheet(&folder.join(name), &ReadOptions::default()) else { return };
    for row in 0..sheet.len() {
        let cells = (0..=sheet.columns.len()).map(|column| sheet.cell(row, column).len()).sum::<usize>();
        assert!(cells < 1 << 20 && sheet.number(row) > 0);
    }
    assert!(sheet.shapes.is_empty() || sheet.shapes.len() == sheet.len());
    assert!(sheet.len() + sheet.rejected.len() > 0);
}

fn read_bytes(name: &str, bytes: &[u8]) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(name), bytes).unwrap();
    read_all(folder.path(), name);
}

fn read_shapefile(shapes: &[u8], table: &[u8]) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("own.shp"), shapes).unwrap();
    std::fs::write(folder.path().join("own.dbf"), table).unwrap();
    read_all(folder.path(), "own.shp");
}

const TEXT: &str = "一览表\n名称,lon,\"lat\"\n\"和平\n里\",116.4,39.9\n,,\n东直门;1\n\"a\"\"b\",1,2\n";
const FEATURES: &str = r#"{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"EPSG:4490"}},
"features":[{"type":"Feature","id":1,"properties":{"名称":"甲\n\"","a":[1,{"b":null}],"c":1.5e3},
"geometry":{"type":"Polygon","coordinates":[[[0,0],[1,0.5],[1,1]]]}},
{"type":"Feature","properties":null,"geometry":{"type":"GeometryCollection","geometries":
[{"type":"MultiPoint","coordinates":[[1,2],[3,4,5]]}]}}]}"#;
const SHEET: &str = r#"<worksheet><dimension ref="A1:D9"/><sheetData>
<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><t>lon</t></is></c><c r="C1" t="str"><v>b</v></c></row>
<row r="2"><c r="A2" t="s"><v>1</v></c><c r="B2"><v>116.4</v></c><c r="C2" t="e"><v>#N/A</v></c></row>
<row><c><v>1</v></c><c t="b"><v>1</v></c><c t="d"><v>2024-05-01</v></c></row></sheetData></worksheet>"#;
const TEXTS: &str =
    r#"<sst count="2" uniqueCount="2"><si><t>名称</t></si><si><r><t>和平</t></r><r><t>里</t></r></si></sst>"#;

const BODY: &str = "<table:table table:name=\"a\"><table:table-row><table:table-cell><text:p>名称</text:p></table:table-cell>\
    <table:table-cell><text:p>lon</text:p></table:table-cell></table:table-row><table:table-row table:number-rows-repeated=\"3\">\
    <table:table-cell table:number-columns-repeated=\"2\" office:value-type=\"float\" office:value=\"126.4\"/></table:table-row></table:table>";

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200), format in 0..9usize) {
        let (name, beginning): (&str, &[u8]) = [
            ("own.csv", b"".as_slice()),
            ("own.xlsx", b"PK\x03\x04"),
            ("own.geojson", b"{"),
            ("own.gpkg", b"SQLite format 3\0"),
            ("own.shp", b"\0\0\x27\x0a"),
            ("own.csv", b"\xff\xfe"),
            ("own.ods", b"PK\x03\x04"),
            ("own.kml", b"<kml><Placemark>"),
            ("own.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
        ][format];
        read_bytes(name, &[beginning, &bytes].concat());
        read_shapefile(&[b"\0\0\x27\x0a", [0; 96].as_slice(), &bytes].concat(), &bytes);
    }

    #[test]
    fn changed_text_files_never_panic(changes in changes()) {
        read_bytes("own.csv", &changes.apply(TEXT.as_bytes()));
        read_bytes("own.csv", &changes.apply(&encoding_rs::GB18030.encode(TEXT).0));
        let utf16: Vec<u8> = format!("\u{feff}{TEXT}").encode_utf16().flat_map(u16::to_le_bytes).collect();
        read_bytes("own.csv", &changes.apply(&utf16));
        read_bytes("own.geojson", &changes.apply(FEATURES.as_bytes()));
    }

    #[test]
    fn changed_xlsx_workbooks_never_panic(changes in changes()) {
        let whole = xlsx::tests::workbook(SHEET.as_bytes(), TEXTS.as_bytes());
        read_bytes("own.xlsx", &changes.apply(&whole));
        read_bytes("own.xlsx", &xlsx::tests::workbook(&changes.apply(SHEET.as_bytes()), TEXTS.as_bytes()));
        read_bytes("own.xlsx", &xlsx::tests::workbook(SHEET.as_bytes(), &changes.apply(TEXTS.as_bytes())));
    }

    #[test]
    fn changed_xls_ods_and_kml_files_never_panic(changes in changes()) {
        read_bytes("own.xls", &changes.apply(&xls::tests::small()));
        read_bytes("own.ods", &changes.apply(&ods::tests::workbook(BODY)));
        let body = String::from_utf8_lossy(&changes.apply(BODY.as_bytes())).into_owned();
        read_bytes("own.ods", &ods::tests::workbook(&body));
        read_bytes("own.kml", &changes.apply(kml::tests::MARKS.as_bytes()));
    }

    #[test]
    fn changed_shapefiles_never_panic(changes in changes(), other in changes()) {
        let (shapes, table) = shapefile::tests::pair();
        read_shapefile(&changes.apply(&shapes), &table);
        read_shapefile(&shapes, &changes.apply(&table));
        read_shapefile(&changes.apply(&shapes), &other.apply(&table));
    }
}

/// A separate test, because each database is a file of many pages.
#[test]
fn changed_geopackages_never_panic() {
    let package = geopackage::tests::small();
    let config = ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |(changes in changes())| {
        read_bytes("own.gpkg", &changes.apply(&package));
    });
}
