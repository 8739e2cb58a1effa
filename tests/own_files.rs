//! Own files in every supported format, and the messages about files that cannot be read.

use crate::drawn::{Drawn, degrees};
use crate::own::{Planner, at};
use crate::run::{finish, write};
use circle_model::City;
use std::path::Path;
use std::process::Command;

const WGS84: &str = "layer = \"facilities\"\ncrs = \"wgs84\"";
const NAMES: [(&str, &str, [i32; 2]); 3] = [
    ("康民诊所", "clinic", [10, 20]),
    ("人和大药房", "pharmacy", [200, 20]),
    ("兆麟小学", "primary_school", [400, 20]),
];

fn csv(separator: char) -> String {
    let row = |(name, category, place): &(&str, &str, [i32; 2])| {
        format!("{name},{category},{}", at(*place)).replace(',', &separator.to_string())
    };
    let rows: Vec<String> = NAMES.iter().map(row).collect();
    format!("{}\n{}\n", "名称,类别,经度,纬度".replace(',', &separator.to_string()), rows.join("\n"))
}

fn geojson() -> String {
    let feature = |(name, category, place): &(&str, &str, [i32; 2])| {
        format!(
            "{{\"type\":\"Feature\",\"properties\":{{\"名称\":\"{name}\",\"类别\":\"{category}\"}},\
             \"geometry\":{{\"type\":\"Point\",\"coordinates\":[{}]}}}}",
            at(*place)
        )
    };
    let features: Vec<String> = NAMES.iter().map(feature).collect();
    format!("{{\"type\":\"FeatureCollection\",\"features\":[{}]}}", features.join(","))
}

fn workbook(path: &Path, formula: bool) {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet();
    for (column, header) in (0..).zip(["名称", "类别", "经度", "纬度"]) {
        sheet.write(0, column, header).unwrap();
    }
    for (row, (name, category, place)) in (1..).zip(NAMES) {
        let [lon, lat] = degrees(place);
        sheet.write(row, 0, name).unwrap();
        sheet.write(row, 1, category).unwrap();
        sheet.write(row, 2, lon).unwrap();
        sheet.write(row, 3, lat).unwrap();
    }
    if formula {
        sheet.write_formula(4, 2, rust_xlsxwriter::Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
        sheet.write(4, 0, "算错的诊所").unwrap();
    }
    workbook.save(path).unwrap();
}

fn ogr2ogr(from: &Path, to: &Path, more: &[&str]) {
    let mut command = Command::new("ogr2ogr");
    finish(command.args(more).arg(to).arg(from)).ok();
}

#[track_caller]
fn all_three(city: &City, how: &str) {
    let mut found: Vec<(&str, [i32; 2])> =
        city.facilities().iter().map(|it| (city.text(it.name), [it.point.lon, it.point.lat])).collect();
    found.sort_unstable();
    let mut expected: Vec<(&str, [i32; 2])> = NAMES
        .iter()
        .map(|(name, _, place)| (*name, degrees(*place).map(|degree| (degree * 1e7).round() as i32)))
        .collect();
    expected.sort_unstable();
    let near = |a: i32, b: i32| (a - b).abs() <= 2;
    assert_eq!(found.len(), 3, "{how}: {found:?}");
    for ((name, [lon, lat]), (other, [x, y])) in found.iter().zip(&expected) {
        assert!(name == other && near(*lon, *x) && near(*lat, *y), "{how}: {found:?} {expected:?}");
    }
}

#[test]
fn every_form_gives_the_same_facilities() {
    let planner = || Planner::new(&Drawn::with_street());
    let gb18030 = encoding_rs::GB18030.encode(&csv(',')).0.into_owned();
    let bom = [b"\xef\xbb\xbf", csv(',').as_bytes()].concat();
    let windows = csv(';').replace('\n', "\r\n");
    for (name, bytes) in [
        ("a.csv", csv(',').into_bytes()),
        ("bom.csv", bom),
        ("gb.csv", gb18030),
        ("semi.csv", windows.into_bytes()),
        ("tab.tsv", csv('\t').into_bytes()),
    ] {
        all_three(&planner().file(name, bytes, WGS84).city(), name);
    }
    all_three(&planner().file("a.geojson", geojson(), "layer = \"facilities\"").city(), "geojson");
    let with_sheet = planner();
    workbook(&with_sheet.path("a.xlsx"), false);
    all_three(&with_sheet.list("a.xlsx", WGS84).city(), "xlsx");
    let with_package = planner().file("a.geojson", geojson(), "layer = \"candidates\"");
    ogr2ogr(&with_package.path("a.geojson"), &with_package.path("a.gpkg"), &["-nln", "places"]);
    let with_package = with_package.list("a.gpkg", "layer = \"facilities\"\nsheet = \"places\"");
    all_three(&with_package.city(), "gpkg");
    let with_shape = planner().file("a.geojson", geojson(), "layer = \"candidates\"");
    ogr2ogr(&with_shape.path("a.geojson"), &with_shape.path("a.shp"), &["-lco", "ENCODING=GBK"]);
    all_three(&with_shape.list("a.shp", "layer = \"facilities\"").city(), "shp");
    // GDAL writes projected coordinates in metres; the program reads them back.
    let with_metres = planner().file("a.geojson", geojson(), "layer = \"candidates\"");
    ogr2ogr(
        &with_metres.path("a.geojson"),
        &with_metres.path("m.gpkg"),
        &["-t_srs", "EPSG:4530", "-nln", "m"],
    );
    all_three(&with_metres.list("m.gpkg", "layer = \"facilities\"").city(), "CGCS2000, 3° zone 42");
}

#[test]
fn unusable_files_are_rejected_with_advice() {
    let planner = || Planner::new(&Drawn::with_street());
    let refused = |planner: &Planner, words: &[&str]| {
        let done = planner.build();
        let line = done.refusal().to_owned();
        for word in words {
            assert!(line.contains(word), "`{word}` in: {line}");
        }
        assert!(!planner.path("town.circle").exists(), "a partial output: {line}");
    };
    refused(&planner().list("none.csv", WGS84), &["none.csv"]);
    refused(&planner().list("none.doc", WGS84), &["none.doc"]);
    refused(
        &planner().file("a.csv", csv(','), "layer = \"shops\""),
        &["OWN.toml", "shops", "facilities (设施), compounds (小区)"],
    );
    refused(
        &planner().file("a.csv", csv(','), "layer = \"facilities\"\ncrs = \"wgs85\""),
        &["a.csv", "wgs85", "gcj02"],
    );
    let named = format!("{WGS84}\nname = \"店名\"");
    refused(&planner().file("a.csv", csv(','), &named), &["a.csv", "店名", "名称"]);
    refused(&planner().file("a.csv", "名称,地址\n甲,某路1号\n", WGS84), &["a.csv", "经度", "名称, 地址"]);
    refused(&planner().file("a.xlsx", "no workbook", WGS84), &["a.xlsx"]);
    let gb18030 = encoding_rs::GB18030.encode(&csv(',')).0.into_owned();
    let wrong = planner().file("a.csv", gb18030, &format!("{WGS84}\nencoding = \"utf-8\""));
    refused(&wrong, &["a.csv", "rows are not in UTF-8, which is given as its encoding"]);
    let wrong = planner().file("a.csv", csv(','), &format!("{WGS84}\nencoding = \"gbk\""));
    refused(&wrong, &["a.csv", "it is in UTF-8, not in GBK, which is given as its encoding"]);
    let wrong = planner().file("a.csv", csv(','), &format!("{WGS84}\nencoding = \"ansi\""));
    refused(&wrong, &["a.csv", "unknown encoding `ansi`", "gb18030"]);
    for row in ["0", "-1"] {
        let wrong = planner().file("a.csv", csv(','), &format!("{WGS84}\nheader_row = {row}"));
        refused(&wrong, &["OWN.toml", "a.csv", "header_row is the number of the row", "from 1", row]);
    }
    let wrong = planner().file("a.csv", csv(','), &format!("{WGS84}\nheader_row = 4000000000"));
    refused(&wrong, &["a.csv", "no headings in row 4000000000, which `header_row` names"]);
    refused(
        &planner().file("a.csv", csv(','), "layer = \"facilities\"\ncrs = -1"),
        &["OWN.toml", "a.csv", "crs is a name such as", "EPSG code", "not -1"],
    );
    let deep = format!("{WGS84}\nname = {}", "[".repeat(100_000));
    refused(&planner().file("a.csv", csv(','), &deep), &["OWN.toml", "line 5", "recurs"]);
    refused(
        &planner().file("a.csv", csv(','), "layer = \"facilities\"\nnome = \"x\""),
        &["`nome`", "name_en"],
    );
    let long = format!("名称,类别,经度,纬度\n{}", "甲,".repeat(1 << 20));
    let planner_of_long = planner().file("a.csv", long, WGS84);
    let done = planner_of_long.build().ok();
    assert!(done.err.contains("a.csv row 2: ") && done.err.contains("longer than 1 MiB"), "{}", done.err);
    let huge = planner().list("a.csv", WGS84);
    std::fs::File::create(huge.path("a.csv")).unwrap().set_len(4 << 30).unwrap();
    refused(&huge, &["a.csv: it has 4096 MiB; files of up to 512 MiB are read; split the file"]);
    let detect = planner().file("a.csv", csv(','), "layer = \"facilities\"\ncrs = \"detect\"");
    refused(&detect, &["a.csv", "OWN.toml"]);
    let with_package = planner().file("a.geojson", geojson(), "layer = \"candidates\"");
    ogr2ogr(&with_package.path("a.geojson"), &with_package.path("a.gpkg"), &["-nln", "places"]);
    let with_package = with_package.list("a.gpkg", "layer = \"facilities\"\nsheet = \"shops\"");
    refused(&with_package, &["a.gpkg", "shops", "places"]);
    let with_shape = planner().file("a.geojson", geojson(), "layer = \"candidates\"");
    ogr2ogr(&with_shape.path("a.geojson"), &with_shape.path("a.shp"), &[]);
    std::fs::remove_file(with_shape.path("a.dbf")).unwrap();
    refused(&with_shape.list("a.shp", "layer = \"facilities\""), &["a.shp", ".dbf"]);
    // The list and the own files are never overwritten.
    let planner = planner().file("a.csv", csv(','), WGS84);
    planner.build().ok();
    let (extract, list) = (planner.path("town.osm.pbf"), planner.path("OWN.toml"));
    let own = planner.path("a.csv");
    for output in [&list, &own] {
        let done = crate::run::circle([
            "build".as_ref(),
            extract.as_os_str(),
            "--own".as_ref(),
            list.as_os_str(),
            "-o".as_ref(),
            output.as_os_str(),
        ]);
        assert_eq!(done.status, 2, "{}", done.err);
    }
}

#[test]
fn a_list_that_is_not_in_utf_8_is_rejected_with_advice() {
    let planner = Planner::new(&Drawn::with_street()).file("诊所.csv", csv(','), WGS84);
    let text = encoding_rs::GB18030.encode("[[source]]\npath = \"诊所.csv\"\nlayer = \"facilities\"\n").0;
    let list = write(&planner.folder, "OWN.toml", &text);
    let (extract, city) = (planner.path("town.osm.pbf"), planner.path("town.circle"));
    let done =
        finish(crate::run::command().arg("build").arg(extract).arg("--own").arg(list).arg("-o").arg(city));
    assert!(done.refusal().contains("OWN.toml: it is not in UTF-8; save it as UTF-8"), "{}", done.err);
}

#[test]
fn empty_forms_are_reported_and_the_other_files_are_read() {
    let planner = Planner::new(&Drawn::with_street())
        .file("none.csv", "", WGS84)
        .file("header.csv", "action,target\n", "layer = \"corrections\"")
        .file("a.csv", csv(','), WGS84);
    let mut workbook = rust_xlsxwriter::Workbook::new();
    workbook.add_worksheet();
    workbook.save(planner.path("empty.xlsx")).unwrap();
    let planner = planner.list("empty.xlsx", "layer = \"gates\"");
    let done = planner.build().ok();
    for name in ["none.csv", "header.csv", "empty.xlsx"] {
        assert!(
            done.err.contains(&format!("{name} (")) && done.err.contains("0 rows"),
            "{name}: {}",
            done.err
        );
    }
    all_three(&City::open(&planner.path("town.circle")).unwrap(), "beside empty ones");
}

#[test]
fn bad_rows_are_reported_and_the_others_are_read() {
    let long = "长".repeat(10_000);
    let [lon, lat] = degrees([300, 20]);
    let rows = format!(
        "名称,类别,经度,纬度\n康民诊所,clinic,{}\n没有数字,clinic,一百,{lat}\n{long},clinic,{lon},{lat}\n\
         =cmd(),clinic,{}\n缺坐标,clinic,,\n纬经,clinic,{lat},{lon}\n无穷,clinic,inf,nan\n多一格,clinic,{lon},{lat},x\n",
        at([0, 20]),
        at([500, 20])
    );
    let planner = Planner::new(&Drawn::with_street()).file("a.csv", rows, WGS84);
    let done = planner.build().ok();
    for words in [
        "a.csv row 3: 经度: `一百` is not a number",
        "a.csv row 6: no coordinates",
        "a.csv row 7: ",
        "swapped",
        "a.csv row 8: 经度: `inf` is not a number",
        "a.csv row 9: ",
    ] {
        assert!(done.err.contains(words), "{words}: {}", done.err);
    }
    let city = City::open(&planner.path("town.circle")).unwrap();
    let mut names: Vec<&str> = city.facilities().iter().map(|it| city.text(it.name)).collect();
    names.sort_unstable();
    assert_eq!(names, ["=cmd()", "康民诊所", &long[..200 * "长".len()]]);
    let own = &city.meta().own[0];
    assert_eq!((own.rows, own.accepted, own.rejected.values().sum()), (8, 3, 5u64));
    let check = crate::run::circle(["check", planner.path("town.circle").to_str().unwrap()]).ok();
    assert!(check.text().contains("a.csv row 4: 名称: 10000 characters, cut to 200"), "{}", check.text());
    assert!(
        !check.text().contains(",=cmd()") && check.text().contains("'=cmd()")
            || !check.text().contains("cmd")
    );
    let with_error = Planner::new(&Drawn::with_street());
    workbook(&with_error.path("a.xlsx"), true);
    let with_error = with_error.list("a.xlsx", WGS84);
    let done = with_error.build().ok();
    assert!(done.err.contains("a.xlsx row 5: 经度: cell C5 is the error #DIV/0!"), "{}", done.err);
}

#[test]
fn twenty_thousand_rows_of_one_place_are_read() {
    let rows = |same: bool| -> String {
        let name =
            |number: u32| if same { "同一个诊所".to_owned() } else { format!("诊所{number}号") };
        let rows: Vec<String> =
            (0..20_000).map(|number| format!("{},clinic,{}", name(number), at([10, 20]))).collect();
        format!("name,category,lon,lat\n{}\n", rows.join("\n"))
    };
    let planner = Planner::new(&Drawn::with_street()).file("a.csv", rows(true), WGS84).file(
        "b.csv",
        rows(false),
        WGS84,
    );
    let city = planner.city();
    let own = &city.meta().own;
    assert_eq!((own[0].accepted, own[0].merged), (1, 19_999));
    assert_eq!((own[1].accepted, own[1].merged), (20_000, 0));
    let (_, rows) = crate::run::circle(["check", planner.path("town.circle").to_str().unwrap()]).ok().csv();
    assert!(rows.iter().any(|row| row[6].contains("as at a geocoder's default place")), "crowded");
}

#[test]
fn self_crossing_outlines_are_split_and_reported() {
    let corners = [[0, 10], [200, 210], [200, 10], [0, 210], [0, 10]];
    let ring: Vec<String> = corners.iter().map(|corner| format!("[{}]", at(*corner))).collect();
    let json = format!(
        "{{\"type\":\"Feature\",\"properties\":{{\"name\":\"结\"}},\"geometry\":{{\"type\":\"Polygon\",\
         \"coordinates\":[[{}]]}}}}",
        ring.join(",")
    );
    let planner = Planner::new(&Drawn::with_street()).file("c.geojson", json, "layer = \"compounds\"");
    let city = planner.city();
    let compound = &city.compounds()[0];
    assert_eq!(compound.rings.len, 2, "two triangles");
    assert!(
        (f64::from(compound.area_square_metres) - 20_000.0).abs() < 50.0,
        "{}",
        compound.area_square_metres
    );
    let mut messages = city.findings().iter().map(|it| city.text(it.message));
    assert!(messages.any(|message| message.contains("crosses itself at")));
}

#[test]
fn the_list_may_name_the_columns() {
    let csv = format!("店,大类,X,Y\n康民,clinic,{}\n", at([10, 20]));
    let settings = format!("{WGS84}\ncategory = \"大类\"\ncolumns = {{ name = \"店\" }}\n");
    let planner = Planner::new(&Drawn::with_street()).file("a.csv", csv, &settings);
    write(&planner.folder, "unused.txt", "");
    let city = planner.city();
    assert_eq!(city.text(city.facilities()[0].name), "康民");
    assert_eq!(city.facilities()[0].confidence_percent, 100);
}

#[test]
fn endless_files_are_rejected_and_long_texts_are_cut() {
    let planner = || Planner::new(&Drawn::with_street());
    for (path, settings) in [("/dev/zero", WGS84), ("/dev/stdin", WGS84)] {
        let planner = planner();
        std::os::unix::fs::symlink(path, planner.path("z.csv")).unwrap();
        let planner = planner.list("z.csv", settings);
        assert!(planner.build().refusal().contains("z.csv: it is no file"), "{path}");
    }
    for name in ["z.csv", "z.xlsx", "z.gpkg", "z.shp"] {
        let planner = planner().list(name, WGS84);
        crate::bad_input::pipe(planner.folder.path(), name);
        let done = planner.build();
        assert!(done.refusal().contains(&format!("{name}: it is no file")), "{}", done.err);
    }
    let header = format!("name({}),lon,lat", "长".repeat(3_000));
    let rows: Vec<String> = (0..500).map(|row| format!("看不出{row},{}", at([10, 20]))).collect();
    let rows = rows.join("\n");
    let done = planner().file("long.csv", format!("{header}\n{rows}"), WGS84).build().ok();
    assert!(done.err.lines().all(|line| line.chars().count() < 700), "{}", done.err);
    let forged =
        planner().file("a.csv", "name(\u{1b}[2J),lon,lat\n\u{202e}甲\u{1b}[31m,x,45.7\n", WGS84).build().ok();
    assert!(!forged.err.contains('\u{1b}') && !forged.err.contains('\u{202e}'), "{:?}", forged.err);
    // `uniqueCount` is an attribute in the XML of workbooks, and may also be the text of a cell.
    let with_word = planner();
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet();
    for (column, cell) in (0..).zip(["name", "category", "lon", "lat"]) {
        sheet.write(0, column, cell).unwrap();
    }
    sheet.write(1, 0, "uniqueCount of clinics").unwrap();
    sheet.write(1, 1, "clinic").unwrap();
    let [lon, lat] = degrees([10, 20]);
    sheet.write(1, 2, lon).unwrap();
    sheet.write(1, 3, lat).unwrap();
    workbook.save(with_word.path("a.xlsx")).unwrap();
    assert_eq!(with_word.list("a.xlsx", WGS84).city().facilities().len(), 1);
}

#[test]
fn corrections_move_nothing_out_of_the_city() {
    let town = Drawn::with_street().tag([100, 20], "shop=supermarket name=联华超市");
    let csv = format!(
        "action,name,lon,lat,new_lon,new_lat\nmoved,联华超市,{0},x,45.7\nmoved,联华超市,{0},0,0\nmoved,联华超市,{0},126.6,\n",
        at([100, 20])
    );
    let planner = Planner::new(&town).file("fix.csv", csv, "layer = \"corrections\"\ncrs = \"wgs84\"");
    let city = planner.city();
    let own = &city.meta().own[0];
    assert_eq!((own.accepted, own.rejected["not_a_number"], own.rejected["outside_the_city"]), (0, 2, 1));
    let [lon, _] = degrees([100, 20]);
    assert!((city.facilities()[0].point.lon_lat().lon - lon).abs() < 1e-6);
}
