//! How fast each format is written, for the curious: `cargo test --release -p circle-export speed -- --ignored --nocapture`.

use crate::{Cell, Column, Kind, TableGeometry, TypedTable, geopackage, geoparquet, workbook};
use circle_model::Point;
use rustix::time::{ClockId, clock_gettime};

/// A coverage table of 1,600 compounds and 60 categories; every row with a point when `placed`.
fn coverage(placed: bool) -> TypedTable {
    let columns = [
        ("compound_id", Kind::Text),
        ("compound_name", Kind::Text),
        ("category", Kind::Text),
        ("tier", Kind::Whole),
        ("nearest_facility_id", Kind::Text),
        ("nearest_facility_name", Kind::Text),
        ("gate_id", Kind::Text),
        ("walk_seconds", Kind::Number),
        ("walk_metres", Kind::Number),
        ("count_5min", Kind::Whole),
        ("count_10min", Kind::Whole),
        ("count_15min", Kind::Whole),
        ("verdict", Kind::Text),
        ("reason", Kind::Text),
    ];
    let columns = columns.map(|(key, kind)| Column::new(key, format!("表头 {key}"), kind)).to_vec();
    let mut table = TypedTable::new("coverage", "覆盖表 coverage", columns);
    if placed {
        table = table.with_places();
    }
    table.reserve(96_000);
    let verdicts = ["covered", "gap", "unknown"].map(|word| table.text(word));
    let reason = table.text("nearest is beyond by 312 s");
    let categories: Vec<Cell> = (0..60).map(|category| table.text(&format!("category_{category}"))).collect();
    for compound in 0..1600_u32 {
        let id = table.text(&compound.to_string());
        let name = table.text(&format!("滨江花园小区{compound}期"));
        for (category, &category_id) in (0..).zip(&categories) {
            let mixed = (compound * 60 + category).wrapping_mul(2_654_435_761);
            let facility = table.text(&format!("{}", mixed % 9000));
            let facility_name = table.text(&format!("社区卫生服务站第{}分站", mixed % 9000));
            let verdict = mixed as usize % 3;
            let gate = table.text(&format!("{}", compound * 3 + mixed % 3));
            let cells = [
                id,
                name,
                category_id,
                Cell::Whole(i64::from(mixed % 3)),
                facility,
                facility_name,
                gate,
                Cell::Number(f64::from(mixed % 1_800_000) / 1000.0),
                Cell::Number(f64::from(mixed % 2_200_000) / 1000.0),
                Cell::from(mixed % 5),
                Cell::from(mixed % 17),
                Cell::from(mixed % 41),
                verdicts[verdict],
                if verdict == 1 { reason } else { Cell::None },
            ];
            let at = Point {
                lon: 1_265_000_000 + (mixed % 4_000_000) as i32,
                lat: 457_000_000 + (mixed / 1600 % 2_000_000) as i32,
            };
            if placed { table.push_at(TableGeometry::Point(at), &cells) } else { table.push(&cells) }
        }
    }
    table
}

/// A layer of 20,000 outlines of 40 points.
fn outlines() -> TypedTable {
    let columns = vec![
        Column::new("compound_name", "小区", Kind::Text),
        Column::new("residents", "居民 人", Kind::Whole),
        Column::new("verdict", "结论", Kind::Text),
    ];
    let mut table = TypedTable::new("compounds", "小区 compounds", columns).with_places();
    let verdicts = ["covered", "gap", "unknown"].map(|word| table.text(word));
    for row in 0..20_000_i32 {
        let corner = |step: i32| {
            let angle = f64::from(step % 39) / 39.0 * std::f64::consts::TAU;
            Point {
                lon: 1_265_000_000 + row % 200 * 20_000 + (angle.cos() * 9000.0) as i32,
                lat: 457_000_000 + row / 200 * 20_000 + (angle.sin() * 9000.0) as i32,
            }
        };
        let ring: Vec<Point> = (0..40).map(corner).collect();
        let cells = [table.text(&format!("小区{row}")), Cell::Whole(row.into()), verdicts[row as usize % 3]];
        table.push_at(TableGeometry::Polygons(vec![vec![ring]].into()), &cells);
    }
    table
}

/// Prints output bytes per second of CPU time of this process, threads and all.
fn timed<T>(what: &str, size: impl Fn(&T) -> usize, make: impl Fn() -> T) -> T {
    let now = || {
        let time = clock_gettime(ClockId::ProcessCPUTime);
        time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
    };
    let from = now();
    let made = make();
    let (seconds, megabytes) = (now() - from, size(&made) as f64 / 1e6);
    println!("{what:28} {megabytes:6.1} MB in {seconds:5.3} s: {:5.0} MB/s", megabytes / seconds);
    made
}

#[test]
#[ignore = "a measurement"]
fn speed() {
    let statement = ["数据 data 2024-11-01".to_owned()];
    let cells = |table: &TypedTable| table.len() * table.columns().len() * size_of::<Cell>();
    let tables = [
        timed("table, 96,000 rows", cells, || coverage(false)),
        timed("table, 96,000 points", cells, || coverage(true)),
        timed("table, 20,000 outlines", cells, outlines),
    ];
    for (table, what) in tables.iter().zip(["rows", "points", "outlines"]) {
        let one = std::slice::from_ref(table);
        let files = [
            (
                "gpkg",
                timed(&format!("GeoPackage, {what}"), Vec::len, || geopackage(one, &statement).unwrap()),
            ),
            (
                "parquet",
                timed(&format!("GeoParquet, {what}"), Vec::len, || geoparquet(table, &statement).unwrap()),
            ),
            ("xlsx", timed(&format!("XLSX, {what}"), Vec::len, || workbook(one, &statement).unwrap())),
        ];
        if let Some(folder) = std::env::var_os("SPEED_FOLDER") {
            for (extension, bytes) in files {
                let path = std::path::Path::new(&folder).join(format!("{what}.{extension}"));
                std::fs::write(path, bytes).unwrap();
            }
        }
    }
}
