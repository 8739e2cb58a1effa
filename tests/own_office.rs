//! Own files as offices write them: two header rows, instructions first, informal names and numbers.

use crate::drawn::{Drawn, degrees, rectangle};
use crate::own::{Planner, at, facility};
use crate::run::{circle, info, project, write};
use circle_model::City;
use circle_model::city::{FindingKind, GateProvenance};
use rust_xlsxwriter::{Format, Workbook};
use std::path::PathBuf;

const PLACES: [(&str, [i32; 2]); 2] = [("康民诊所", [10, 20]), ("人和诊所", [200, 20])];

/// A test file that another program wrote.
fn office(name: &str) -> PathBuf {
    project(&format!("tests/data/office/{name}"))
}

#[track_caller]
fn both_clinics(city: &City, how: &str) {
    for (name, place) in PLACES {
        let found = facility(city, name).point.lon_lat();
        let [lon, lat] = degrees(place);
        assert!((found.lon - lon).abs() < 2e-7 && (found.lat - lat).abs() < 2e-7, "{how}: {name} {found:?}");
    }
    let own = &city.meta().own[0];
    assert_eq!((own.rows, own.accepted, own.rejected.len()), (2, 2, 0), "{how}: {own:?}");
}

/// Writes a workbook with a sheet of instructions, then a table with a title, a line of remarks and two
/// header rows of merged cells.
fn office_workbook(path: &std::path::Path) {
    let mut book = Workbook::new();
    let instructions = book.add_worksheet().set_name("填表说明").unwrap();
    instructions.write(0, 0, "填表说明").unwrap();
    instructions.write(1, 0, "一、经度、纬度用高德拾取。").unwrap();
    instructions.write_row(3, 0, ["字段", "含义"]).unwrap();
    instructions.write_row(4, 0, ["名称", "全称"]).unwrap();
    let plain = Format::new();
    let data = book.add_worksheet().set_name("数据").unwrap();
    data.merge_range(0, 0, 0, 5, "社区卫生服务站一览表", &plain).unwrap();
    data.write_row(1, 0, ["填报单位：", "某某街道", "", "填报日期：", "2026-05-01"]).unwrap();
    for (column, name) in [(0, "序号"), (1, "名称"), (2, "类别"), (5, "床位数")] {
        data.merge_range(2, column, 3, column, name, &plain).unwrap();
    }
    data.merge_range(2, 3, 2, 4, "坐标位置", &plain).unwrap();
    data.write_row(3, 3, ["经度", "纬度"]).unwrap();
    for (row, (name, place)) in (4..).zip(PLACES) {
        let [lon, lat] = degrees(place);
        data.write(row, 0, row - 3).unwrap();
        data.write_row(row, 1, [name, "clinic"]).unwrap();
        data.write_row(row, 3, [lon, lat]).unwrap();
        data.write(row, 5, "约１，２００张").unwrap();
    }
    book.save(path).unwrap();
}

/// Joins rows, each with a line break.
fn lines(rows: impl Iterator<Item = String>) -> String {
    rows.flat_map(|row| [row, "\n".to_owned()]).collect()
}

#[test]
fn a_workbook_with_instructions_title_and_merged_headings_is_read() {
    let planner = Planner::new(&Drawn::with_street());
    office_workbook(&planner.path("站点.xlsx"));
    let planner = planner.list("站点.xlsx", "layer = \"设施\"\ncrs = \"GPS\"");
    let done = planner.build().ok();
    let city = City::open(&planner.path("town.circle")).unwrap();
    both_clinics(&city, "xlsx");
    assert!((facility(&city, "康民诊所").capacity - 1200.0).abs() < 0.1);
    for words in ["sheet `数据` was read", "there is also `填表说明`", "rows 3 to 4 are the header"] {
        assert!(done.err.contains(words), "{words}: {}", done.err);
    }
}

#[test]
fn a_text_table_may_have_two_rows_of_headings_too() {
    let rows: Vec<String> =
        PLACES.iter().map(|(name, place)| format!("{name},clinic,{},", at(*place))).collect();
    let table = format!("卫生站一览表,,,,\n名称,类别,坐标位置,,备注\n,,经度,纬度,\n{}\n", rows.join("\n"));
    let city =
        Planner::new(&Drawn::with_street()).file("a.csv", table, "layer = \"设施\"\ncrs = \"GPS\"").city();
    both_clinics(&city, "csv");
}

#[test]
fn forms_of_other_programs_are_read() {
    let placemark = |(name, place): &(&str, [i32; 2])| {
        format!(
            "<Placemark><name>{name}</name><ExtendedData><Data name=\"类别\"><value>clinic</value></Data></ExtendedData>\
             <Point><coordinates>{},0</coordinates></Point></Placemark>",
            at(*place)
        )
    };
    let marks: String = PLACES.iter().map(placemark).collect();
    let kml = format!("<?xml version=\"1.0\"?><kml><Document>{marks}</Document></kml>");
    let city = Planner::new(&Drawn::with_street()).file("a.kml", kml, "layer = \"facilities\"").city();
    both_clinics(&city, "kml");
    // The same form, written by xlwt and odfpy.
    for name in ["stations.xls", "stations.ods"] {
        let settings = "layer = \"facilities\"\ncrs = \"wgs84\"";
        let bytes = std::fs::read(office(name)).unwrap();
        let planner = Planner::new(&Drawn::with_street()).file(name, bytes, settings);
        let done = planner.build().ok();
        let city = City::open(&planner.path("town.circle")).unwrap();
        both_clinics(&city, name);
        assert!((facility(&city, "康民诊所").capacity - 12.0).abs() < 0.1);
        assert!(done.err.contains("rows 2 to 3 are the header"), "{}", done.err);
    }
    for separator in ["|", "，"] {
        let row =
            |(name, place): &(&str, _)| format!("{name},clinic,POINT ({})", at(*place).replace(',', " "));
        let rows = lines(PLACES.iter().map(row));
        let table = format!("名称,类别,坐标\n{rows}").replace(',', separator);
        let city = Planner::new(&Drawn::with_street())
            .file("a.csv", table, "layer = \"facilities\"\ncrs = \"GPS\"")
            .city();
        both_clinics(&city, separator);
    }
}

#[test]
fn headings_that_name_a_datum_are_believed_and_contradictions_are_reported() {
    let rows = lines(PLACES.iter().map(|(name, place)| format!("{name},clinic,{}", at(*place))));
    let table = format!("名称,类别,经度(WGS84),纬度(WGS84)\n{rows}");
    let planner = |crs: &str| {
        let settings = format!("layer = \"facilities\"{crs}");
        Planner::new(&Drawn::with_street()).file("a.csv", &table, &settings)
    };
    for crs in ["", "\ncrs = \"detect\""] {
        let city = planner(crs).city();
        both_clinics(&city, crs);
        assert_eq!(city.meta().own[0].crs, "wgs84");
    }
    let against = planner("\ncrs = \"高德\"");
    let done = against.build().ok();
    assert!(done.err.contains("its headings say wgs84 and OWN.toml says gcj02"), "{}", done.err);
}

#[test]
fn formulas_without_values_and_invalid_numbers_are_reported() {
    // Written by openpyxl, which does not evaluate formulas.
    let bytes = std::fs::read(office("formulas.xlsx")).unwrap();
    let planner =
        Planner::new(&Drawn::with_street()).file("a.xlsx", bytes, "layer = \"facilities\"\ncrs = \"wgs84\"");
    let done = planner.build().ok();
    for words in [
        "a.xlsx row 4: no coordinates: cells hold formulas without values: open the file in Excel",
        "床位: 1 cell is not a valid number",
    ] {
        assert!(done.err.contains(words), "{words}: {}", done.err);
    }
    let city = planner.path("town.circle");
    let report = circle(["check".as_ref(), city.as_os_str()]).ok();
    assert!(report.text().contains("床位: `待定` is not a valid number"), "{}", report.text());
    let city = City::open(&city).unwrap();
    assert!((facility(&city, "人和诊所").capacity - 1200.0).abs() < 0.1);
}

#[test]
fn compounds_are_found_by_the_names_that_offices_use() {
    let town = Drawn::with_street()
        .way(&rectangle(0, 10, 200, 210), "landuse=residential name=城东新居-B区")
        .way(&rectangle(400, 10, 600, 210), "landuse=residential name=和平里")
        .way(&rectangle(700, 10, 900, 210), "landuse=residential name=绿景苑");
    let gates = format!(
        "小区,名称,经度,纬度\n城东新居-B区小区,西门,{}\n哈尔滨市南岗区和平里（一期）,西门,{}\n锦绣家园,西门,{}\n",
        at([0, 100]),
        at([400, 100]),
        at([702, 100]),
    );
    let people = "小区,户数,人口\n和平里小区,约500户,\"1,200\"\n绿景苑（二期）,４００,待统计\n南岗区绿景苑小区,一些,许多\n";
    let planner = Planner::new(&town).file("gates.csv", gates, "layer = \"出入口\"\ncrs = \"GPS\"").file(
        "people.csv",
        people,
        "layer = \"人口\"",
    );
    let done = planner.build().ok();
    let city = City::open(&planner.path("town.circle")).unwrap();
    let own = |compound: usize| {
        let gates = &city.gates()[city.compounds()[compound].gates.range()];
        gates.iter().filter(|gate| gate.provenance == GateProvenance::Own.code()).count()
    };
    assert_eq!([own(0), own(1), own(2)], [1, 1, 0]);
    let population = |compound: usize| city.compounds()[compound].population;
    assert_eq!((population(1).households, population(1).residents), (500, 1200));
    assert_eq!((population(2).households, population(2).residents), (400, 1048), "2.62 in a household");
    let messages: Vec<&str> = city.findings().iter().map(|finding| city.text(finding.message)).collect();
    for words in [
        "gates.csv row 2: its compound `城东新居-B区小区` was taken for `城东新居-B区`",
        "gates.csv row 3: its compound `哈尔滨市南岗区和平里（一期）` was taken for `和平里`",
        "gates.csv row 4: no compound `锦绣家园` near there; the place lies in `绿景苑`",
        "people.csv row 3: 人口: `待统计` is not a valid number",
        "people.csv row 4: neither households nor residents: 户数 `一些`, 人口 `许多`",
    ] {
        assert!(messages.iter().any(|message| message.contains(words)), "{words}: {messages:#?}");
    }
    assert!(done.err.contains("人口: 2 cells are not valid numbers"), "{}", done.err);
    for file in info(&planner.path("town.circle")).ok().json()["own"].as_array().unwrap() {
        let number = |key: &str| file[key].as_u64().unwrap();
        let rejected: u64 =
            file["rejected"].as_object().unwrap().values().map(|it| it.as_u64().unwrap()).sum();
        assert_eq!(number("rows"), number("accepted") + number("merged") + rejected, "{file}");
    }
}

#[test]
fn a_file_of_another_city_gives_one_finding() {
    let rows = lines((0..40).map(|at| format!("诊所{at},clinic,108.9{at:02},34.2{at:02}")));
    let table = format!("名称,类别,经度,纬度\n{rows}");
    let planner = Planner::new(&Drawn::with_street()).file(
        "xian.csv",
        &table,
        "layer = \"facilities\"\ncrs = \"gcj02\"",
    );
    planner.build().ok();
    let city = City::open(&planner.path("town.circle")).unwrap();
    let found: Vec<&str> =
        city.findings().iter().filter(|it| it.source == 1).map(|it| city.text(it.message)).collect();
    assert!(found.len() == 1 && found[0].contains("108.9 E, 34.2 N"), "{found:#?}");
    let own = &city.meta().own[0];
    assert_eq!((own.rows, own.accepted, own.rejected["outside_the_city"]), (40, 0, 40));
    assert_eq!(city.findings().iter().filter(|it| it.kind == FindingKind::RejectedRow.code()).count(), 0);
    let detect = Planner::new(&Drawn::with_street()).file("xian.csv", &table, "layer = \"facilities\"");
    let line = detect.build().refusal().to_owned();
    assert!(line.contains("another city") && !line.contains("name its crs"), "{line}");
}

#[test]
fn extracts_in_xml_are_rejected_with_the_command_that_converts_them() {
    let folder = tempfile::tempdir().unwrap();
    let xml = "<?xml version='1.0'?>\n<osm version=\"0.6\"><node id=\"1\" lat=\"45\" lon=\"126\"/></osm>";
    let changes = "<?xml version='1.0'?>\n<osmChange version=\"0.6\"></osmChange>";
    for (name, bytes, command) in [
        ("town.osm", xml.as_bytes(), "osmium cat town.osm -o town.osm.pbf"),
        ("town.osm.gz", b"\x1f\x8b\x08\0\0\0\0\0", "osmium cat town.osm.gz -o town.osm.pbf"),
        ("town.osm.bz2", b"BZh91AY&SY", "osmium cat town.osm.bz2 -o town.osm.pbf"),
        ("day.osc", changes.as_bytes(), "osmium apply-changes OLD.osm.pbf day.osc"),
        ("day.osc.gz", b"\x1f\x8b\x08\0\0\0\0\0", "osmium apply-changes OLD.osm.pbf day.osc.gz"),
    ] {
        let path = write(&folder, name, bytes);
        let done = circle(["info".as_ref(), path.as_os_str()]);
        assert!(done.refusal().contains(command), "{name}: {}", done.err);
    }
}

/// Warnings about a whole file.
fn of_file(city: &City) -> Vec<&str> {
    let of_file = city.findings().iter().filter(|it| it.source > 0 && it.row == 0);
    let odd = of_file.filter(|it| it.kind == FindingKind::OddRow.code());
    odd.map(|it| city.text(it.message)).collect()
}

#[test]
fn complete_for_is_believed_only_if_nine_of_ten_rows_are_accepted() {
    let clinic = |at_metres: i32| format!("诊所{at_metres},clinic,{}", at([at_metres, 20]));
    let good = |count: i32| lines((0..count).map(|number| clinic(number * 40)));
    let settings = "layer = \"facilities\"\ncrs = \"wgs84\"\ncomplete_for = [\"诊所\", \"clinic\"]";
    let header = "名称,类别,经度,纬度\n";
    let complete_for = |table: &str, settings: &str| {
        let planner = Planner::new(&Drawn::with_street()).file("a.csv", table, settings);
        let done = planner.build().ok();
        let city = City::open(&planner.path("town.circle")).unwrap();
        // Remarks that are no faults are in the report only.
        let printed: Vec<&str> = of_file(&city).into_iter().filter(|it| done.err.contains(it)).collect();
        (city.meta().own[0].complete_for.clone(), printed.join("\n"))
    };
    // Two words for one category give its id once.
    let (believed, warning) = complete_for(&format!("{header}{}", good(10)), settings);
    assert_eq!((believed, warning.as_str()), (vec!["clinic".to_owned()], ""));
    // One of ten rows may be wrong, two may not. Closed facilities do not count.
    let wrong = |count: i32| lines((0..count).map(|number| format!("坏{number},clinic,一百,45.7")));
    let closed = lines((0..5).map(|number| format!("诊所{number}(已关闭),clinic,{}", at([number, 20]))));
    let (believed, warning) = complete_for(&format!("{header}{}{}{closed}", good(9), wrong(1)), settings);
    assert_eq!((believed.len(), warning.as_str()), (1, ""));
    let (believed, warning) = complete_for(&format!("{header}{}{}", good(8), wrong(2)), settings);
    assert!(believed.is_empty(), "{believed:?}");
    assert!(
        warning.contains(
            "a.csv: complete_for is ignored for `clinic`: 2 of its 10 rows were rejected for faults"
        ),
        "{warning}"
    );
    // A list without a row of the category is believed. A list without rows, or of another city, is not.
    let park = settings.replace("\"clinic\"", "\"park\"");
    let (believed, warning) = complete_for(&format!("{header}{}", good(3)), &park);
    assert!(believed.iter().any(|id| id == "park") && warning.is_empty(), "{believed:?} {warning}");
    let far = lines((0..30).map(|number| format!("沪{number},clinic,121.47{number:02},31.23")));
    for rows in ["", far.as_str()] {
        let (believed, warning) = complete_for(&format!("{header}{rows}"), settings);
        assert!(believed.is_empty() && warning.contains("complete_for is ignored for `clinic`"), "{warning}");
    }
}

#[test]
fn rejected_claims_and_unread_rows_are_reported_with_quiet_too() {
    let rows = lines(PLACES.iter().map(|(name, place)| format!("{name},clinic,{}", at(*place))));
    let planner = Planner::new(&Drawn::with_street()).file(
        "a.csv",
        format!("名称,类别,经度,纬度\n{rows}"),
        "layer = \"facilities\"\ncrs = \"wgs84\"\ncomplete_for = [\"clinic\", \"park\"]\ncomplete_in = [\"无此区\"]",
    );
    let mut book = Workbook::new();
    for (name, metres) in [("甲街道", 300), ("乙街道", 400), ("丙街道", 500)] {
        let sheet = book.add_worksheet().set_name(name).unwrap();
        sheet.write_row(0, 0, ["名称", "类别", "经度", "纬度"]).unwrap();
        sheet.write_row(1, 0, [&*format!("{name}诊所"), "clinic"]).unwrap();
        sheet.write_row(1, 2, degrees([metres, 20])).unwrap();
    }
    book.save(planner.path("三张表.xlsx")).unwrap();
    let bytes = std::fs::read(office("formulas.xlsx")).unwrap();
    let settings = "layer = \"facilities\"\ncrs = \"wgs84\"";
    let planner = planner.list("三张表.xlsx", settings).file("空式.xlsx", bytes, settings);
    planner.build().ok();
    let (extract, list, city) =
        (planner.path("town.osm.pbf"), planner.path("OWN.toml"), planner.path("town.circle"));
    let done = circle([
        "build".as_ref(),
        extract.as_os_str(),
        "-q".as_ref(),
        "--own".as_ref(),
        list.as_os_str(),
        "-o".as_ref(),
        city.as_os_str(),
    ])
    .ok();
    let report = circle(["check".as_ref(), city.as_os_str()]).ok();
    for words in [
        "a.csv: complete_in names `无此区`",
        "三张表.xlsx: 2 rows on other sheets with the same header were not read: `乙街道`, `丙街道`; only sheet `甲街道` was",
        "cells hold formulas without values: open the file in Excel or WPS and save it (",
    ] {
        assert!(done.err.contains(words), "{words}: {}", done.err);
        assert!(report.text().contains(words), "{words}: {}", report.text());
    }
    // This is no fault, so it is in the report only.
    assert!(
        report.text().contains("a.csv: complete_for names `park`, but no row has this category"),
        "{}",
        report.text()
    );
    let city = City::open(&city).unwrap();
    let own = &city.meta().own[1];
    assert_eq!((own.rows, own.accepted, own.rejected["sheet_not_read"]), (3, 1, 2));
}

#[test]
fn names_in_merged_cells_are_read_and_reported() {
    let planner = Planner::new(&Drawn::with_street());
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write_row(0, 0, ["名称", "类别", "经度", "纬度"]).unwrap();
    sheet.merge_range(1, 0, 2, 0, "合并诊所", &Format::new()).unwrap();
    for (row, (_, place)) in (1..).zip(PLACES) {
        sheet.write(row, 1, "clinic").unwrap();
        sheet.write_row(row, 2, degrees(place)).unwrap();
    }
    book.save(planner.path("a.xlsx")).unwrap();
    let city = planner.list("a.xlsx", "layer = \"facilities\"\ncrs = \"wgs84\"").city();
    let names: Vec<&str> = city.facilities().iter().map(|it| city.text(it.name)).collect();
    assert_eq!(names, ["合并诊所", "合并诊所"]);
    let remarks = &city.meta().own[0].remarks;
    let expected = "texts in cells merged over several rows";
    assert!(remarks.iter().any(|remark| remark.starts_with(expected)), "{remarks:?}");
}
