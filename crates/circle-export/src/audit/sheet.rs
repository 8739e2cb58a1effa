//! The sheet to fill in, the full table, and the facilities around each verdict.

use super::{Audit, Checked, words};
use crate::typed::{Cell, Kind, PrintForm, TableColumn, TypedTable};
use circle_model::city::{GateProvenance, OsmKind};
use circle_model::identity::osm_key;
use circle_model::rules::Measure;
use circle_model::{FacilityId, GateId, Point};
use circle_plan::AuditFinding;
use circle_reach::Status;

/// A value of a row, which becomes a cell of a table.
enum Value {
    None,
    Text(String),
    Whole(i64),
    Number(f64),
    Flag(bool),
}

impl Value {
    fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() { Self::None } else { Self::Text(text) }
    }

    fn thousandths(number: Option<u32>) -> Self {
        number.map_or(Self::None, |number| Self::Number(f64::from(number) / 1000.0))
    }

    /// Metres, rounded to the centimetre.
    fn metres(metres: f64) -> Self {
        if metres.is_finite() { Self::Number((metres * 100.0).round() / 100.0) } else { Self::None }
    }

    fn place(point: Option<Point>) -> [Self; 2] {
        point.map_or([Self::None, Self::None], |point| {
            let place = point.lon_lat();
            [Self::Number(place.lon), Self::Number(place.lat)]
        })
    }
}

type Heading = (&'static str, &'static str, Kind);

fn table(name: &str, title: &str, headings: impl IntoIterator<Item = TableColumn>) -> TypedTable {
    TypedTable::new(name, title, headings.into_iter().collect())
}

fn columns(headings: &[Heading]) -> Vec<TableColumn> {
    headings.iter().map(|(key, heading, kind)| TableColumn::new(*key, *heading, *kind)).collect()
}

fn push(table: &mut TypedTable, values: Vec<Value>) {
    let cells: Vec<Cell> = values
        .into_iter()
        .map(|value| match value {
            Value::None => Cell::None,
            Value::Text(text) => table.text(&text),
            Value::Whole(whole) => Cell::Whole(whole),
            Value::Number(number) => Cell::Number(number),
            Value::Flag(flag) => Cell::Flag(flag),
        })
        .collect();
    table.push(&cells);
}

/// The columns before the counts.
const BEFORE_COUNTS: [Heading; 54] = [
    ("number", "序号 number", Kind::Whole),
    ("compound_id", "小区编号 compound_id", Kind::Text),
    ("compound_name", "小区 compound_name", Kind::Text),
    ("compound_osm", "小区 OSM compound_osm", Kind::Text),
    ("unit", "所属单元 unit", Kind::Text),
    ("compound_lon", "小区经度 compound_lon", Kind::Number),
    ("compound_lat", "小区纬度 compound_lat", Kind::Number),
    ("area_square_metres", "占地 平方米 area_square_metres", Kind::Whole),
    ("closed", "封闭 closed", Kind::Flag),
    ("gates", "全部出入口 gates", Kind::Text),
    ("gate_id", "出入口编号 gate_id", Kind::Text),
    ("gate_name", "出入口 gate_name", Kind::Text),
    ("gate_osm", "出入口 OSM gate_osm", Kind::Text),
    ("gate_lon", "出入口经度 gate_lon", Kind::Number),
    ("gate_lat", "出入口纬度 gate_lat", Kind::Number),
    ("gate_provenance", "出入口来源 gate_provenance", Kind::Text),
    ("line", "条目 line", Kind::Text),
    ("categories", "可满足的类别 categories", Kind::Text),
    ("asks", "要求 asks", Kind::Text),
    ("asks_minutes", "要求 分钟 asks_minutes", Kind::Whole),
    ("asks_metres", "要求 米 asks_metres", Kind::Whole),
    ("verdict", "结论 verdict", Kind::Text),
    ("verdict_zh", "结论(中) verdict_zh", Kind::Text),
    ("reason", "原因 reason", Kind::Text),
    ("reason_zh", "原因(中) reason_zh", Kind::Text),
    ("stratum_size", "同条目同结论总数 stratum_size", Kind::Whole),
    ("stratum_drawn", "其中抽取 stratum_drawn", Kind::Whole),
    ("facility_id", "最近设施编号 facility_id", Kind::Text),
    ("facility_name", "最近设施 facility_name", Kind::Text),
    ("facility_category", "最近设施类别 facility_category", Kind::Text),
    ("facility_osm", "最近设施 OSM facility_osm", Kind::Text),
    ("facility_sources", "最近设施来源 facility_sources", Kind::Text),
    ("facility_lon", "最近设施经度 facility_lon", Kind::Number),
    ("facility_lat", "最近设施纬度 facility_lat", Kind::Number),
    ("entered_lon", "进入处经度 entered_lon", Kind::Number),
    ("entered_lat", "进入处纬度 entered_lat", Kind::Number),
    ("walk_seconds", "步行 秒 walk_seconds", Kind::Number),
    ("walk_metres", "步行 米 walk_metres", Kind::Number),
    ("straight_metres", "直线 米 straight_metres", Kind::Number),
    ("second_id", "第二近编号 second_id", Kind::Text),
    ("second_name", "第二近 second_name", Kind::Text),
    ("second_osm", "第二近 OSM second_osm", Kind::Text),
    ("second_seconds", "第二近 秒 second_seconds", Kind::Number),
    ("third_id", "第三近编号 third_id", Kind::Text),
    ("third_name", "第三近 third_name", Kind::Text),
    ("third_osm", "第三近 OSM third_osm", Kind::Text),
    ("third_seconds", "第三近 秒 third_seconds", Kind::Number),
    ("completeness", "数据完整度 completeness", Kind::Number),
    ("known_here", "所在区域已知 known_here", Kind::Whole),
    ("expected_here", "所在区域应有 expected_here", Kind::Number),
    ("area", "判断完整度的区域 area", Kind::Text),
    ("seconds_best", "最好出入口 秒 seconds_best", Kind::Number),
    ("seconds_worst", "最差出入口 秒 seconds_worst", Kind::Number),
    ("known_in_city", "全市已知 known_in_city", Kind::Whole),
];

const AFTER_COUNTS: [Heading; 2] =
    [("route", "路线 route", Kind::Text), ("barred_by", "阻隔 barred_by", Kind::Text)];

/// The columns to fill in.
const TO_FILL: [Heading; 2] = [("finding", "核查 finding", Kind::Text), ("note", "备注 note", Kind::Text)];

const NEARBY: [Heading; 17] = [
    ("number", "序号 number", Kind::Whole),
    ("compound_name", "小区 compound_name", Kind::Text),
    ("line", "条目 line", Kind::Text),
    ("verdict", "结论 verdict", Kind::Text),
    ("facility_id", "设施编号 facility_id", Kind::Text),
    ("facility_name", "设施 facility_name", Kind::Text),
    ("category", "类别 category", Kind::Text),
    ("osm", "OSM osm", Kind::Text),
    ("sources", "来源 sources", Kind::Text),
    ("lon", "经度 lon", Kind::Number),
    ("lat", "纬度 lat", Kind::Number),
    ("straight_metres", "直线 米 straight_metres", Kind::Number),
    ("walk_seconds", "步行 秒 walk_seconds", Kind::Number),
    ("walk_metres", "步行 米 walk_metres", Kind::Number),
    ("gate_id", "出入口编号 gate_id", Kind::Text),
    ("meets", "符合要求 meets", Kind::Flag),
    ("why_not", "走不到的原因 why_not", Kind::Text),
];

/// The printed sheet, with the widths of its columns.
const SHEET: [(Heading, f64); 14] = [
    (("number", "序号 number", Kind::Whole), 8.0),
    (("compound", "小区 compound", Kind::Text), 22.0),
    (("line", "条目 line", Kind::Text), 14.0),
    (("asks", "要求 asks", Kind::Text), 14.0),
    (("verdict", "结论 verdict", Kind::Text), 10.0),
    (("reason", "原因 reason", Kind::Text), 16.0),
    (("gate", "出入口 gate", Kind::Text), 20.0),
    (("nearest", "最近设施 nearest", Kind::Text), 24.0),
    (("walk", "步行 walk", Kind::Text), 14.0),
    (("route", "路线 route", Kind::Text), 52.0),
    (("stratum_size", "同类总数 stratum_size", Kind::Whole), 12.0),
    (("stratum_drawn", "其中抽取 stratum_drawn", Kind::Whole), 12.0),
    (("finding", "核查 finding", Kind::Text), 16.0),
    (("note", "备注 note", Kind::Text), 28.0),
];

impl Audit<'_> {
    /// The sheet to fill in, the facilities around each verdict, and the full table.
    pub fn tables(&self) -> Vec<TypedTable> {
        vec![self.sheet(), self.nearby_table(), self.details("details", "明细 details", &[])]
    }

    /// The full table, with columns to fill in.
    pub fn table(&self) -> TypedTable {
        self.details("audit", "抽查 audit", &TO_FILL)
    }

    fn details(&self, name: &str, title: &str, to_fill: &[Heading]) -> TypedTable {
        let minutes = &self.report.coverage.minutes;
        let counts = minutes.iter().map(|minutes| {
            let heading = format!("{minutes} 分钟内 count_{minutes}min");
            TableColumn::new(format!("count_{minutes}min"), heading, Kind::Whole)
        });
        let headings = columns(&BEFORE_COUNTS).into_iter().chain(counts);
        let headings = headings.chain(columns(&AFTER_COUNTS)).chain(columns(to_fill));
        let mut details = table(name, title, headings);
        for (number, checked) in (1..).zip(&self.checked) {
            let mut values = self.before_counts(number, checked);
            let standing = self.standing(checked.drawn);
            values.extend(standing.counts.iter().map(|count| Value::Whole(i64::from(*count))));
            values.push(Value::text(self.route(checked)));
            values.push(Value::text(self.barred(checked)));
            values.extend(to_fill.iter().map(|_| Value::None));
            push(&mut details, values);
        }
        details
    }

    pub(super) fn route(&self, checked: &Checked) -> String {
        checked.walk.as_ref().map_or_else(String::new, |walk| words::route(self.report.city, walk))
    }

    pub(super) fn barred(&self, checked: &Checked) -> String {
        checked
            .walk
            .as_ref()
            .map_or_else(String::new, |walk| words::barred(self.report.city, &walk.barred).join("; "))
    }

    fn before_counts(&self, number: i64, checked: &Checked) -> Vec<Value> {
        let city = self.report.city;
        let (drawn, stratum) = (checked.drawn, self.stratum(checked.drawn));
        let standing = self.standing(drawn);
        let compound = &city.compounds()[drawn.compound.index()];
        let mut values = vec![
            Value::Whole(number),
            Value::text(city.compound_key(drawn.compound)),
            Value::text(city.text(compound.name)),
            Value::text(words::osm(compound.osm_kind, compound.osm_id)),
            Value::text(self.units(checked)),
        ];
        values.extend(Value::place(Some(compound.point)));
        values.push(Value::Whole(f64::from(compound.area_square_metres).round() as i64));
        values.push(Value::Flag(compound.closed == 1));
        let gates: Vec<String> =
            compound.gates.range().map(|gate| self.gate_in_words(GateId(gate as u32))).collect();
        values.push(Value::text(gates.join("; ")));
        let nearest = standing.row.nearest;
        let gate = nearest.map(|nearest| (nearest.gate, &city.gates()[nearest.gate.index()]));
        values.push(gate.map_or(Value::None, |(id, _)| Value::text(city.gate_key(id))));
        values.push(gate.map_or(Value::None, |(_, gate)| Value::text(city.text(gate.name))));
        let osm = |gate: &circle_model::city::Gate| {
            if gate.osm_id == 0 { String::new() } else { format!("n{}", gate.osm_id) }
        };
        values.push(gate.map_or(Value::None, |(_, gate)| Value::text(osm(gate))));
        values.extend(Value::place(gate.map(|(_, gate)| gate.point)));
        let provenance = |gate: &circle_model::city::Gate| GateProvenance::from_code(gate.provenance).word();
        values.push(gate.map_or(Value::None, |(_, gate)| Value::text(provenance(gate))));
        values.push(Value::text(self.report.title(stratum.column)));
        let line = self.report.line(stratum.column);
        values.push(Value::text(line.map_or_else(String::new, |line| line.any_of.join(" "))));
        values.push(Value::text(words::asks(standing.column.measure)));
        let (minutes, metres) = match standing.column.measure {
            Some(Measure::Minutes(minutes)) => (Value::Whole(i64::from(minutes)), Value::None),
            Some(Measure::Metres(metres)) => (Value::None, Value::Whole(i64::from(metres))),
            _ => (Value::None, Value::None),
        };
        values.extend([minutes, metres]);
        values.push(Value::text(stratum.verdict.word()));
        values.push(Value::text(stratum.verdict.zh()));
        values.push(standing.row.reason.map_or(Value::None, |reason| Value::text(reason.word())));
        values.push(standing.row.reason.map_or(Value::None, |reason| Value::text(reason.zh())));
        values.push(Value::Whole(stratum.size as i64));
        values.push(Value::Whole(stratum.drawn as i64));
        values.extend(self.of_facility(nearest.map(|nearest| nearest.facility)));
        values.extend(Value::place(checked.walk.as_ref().and_then(|walk| walk.entered_at)));
        values.push(Value::thousandths(nearest.map(|nearest| nearest.time.0)));
        values.push(Value::thousandths(nearest.map(|nearest| nearest.length.0)));
        values.push(nearest.map_or(Value::None, |nearest| {
            Value::metres(self.straight_metres(drawn.compound, nearest.facility))
        }));
        for place in 0..2 {
            let next = checked.next.get(place);
            let facility = next.map(|next| &city.facilities()[next.facility.index()]);
            values.push(next.map_or(Value::None, |next| Value::text(city.facility_key(next.facility))));
            values.push(facility.map_or(Value::None, |it| Value::text(city.text(it.name))));
            values.push(facility.map_or(Value::None, |it| Value::text(words::facility_osm(city, it))));
            values.push(Value::thousandths(next.map(|next| next.time.0)));
        }
        let source = standing.source;
        let rounded = |number: f64| Value::Number((number * 1000.0).round() / 1000.0);
        values.push(source.completeness().map_or(Value::None, rounded));
        values.push(Value::Whole(i64::from(source.known)));
        values.push(source.expected.map_or(Value::None, rounded));
        let areas = &self.report.coverage.areas;
        let area = areas.all().get(areas.of_compound(drawn.compound)).and_then(|area| area.unit);
        let unit = area.map(|unit| &city.units()[unit.index()]);
        values.push(Value::text(unit.map_or("全市", |unit| city.text(unit.name))));
        values.push(Value::thousandths(nearest.map(|it| it.time.0)));
        values.push(Value::thousandths(standing.row.worst.map(|it| it.0)));
        values.push(Value::Whole(standing.column.facilities.len() as i64));
        values
    }

    /// Key, name, category, map object, sources and position of a facility.
    fn of_facility(&self, facility: Option<FacilityId>) -> Vec<Value> {
        let city = self.report.city;
        let Some(id) = facility else { return (0..7).map(|_| Value::None).collect() };
        let facility = &city.facilities()[id.index()];
        let mut values = vec![
            Value::text(city.facility_key(id)),
            Value::text(city.text(facility.name)),
            Value::text(words::category(city, self.report.catalogue, facility)),
            Value::text(words::facility_osm(city, facility)),
            Value::text(words::sources(city, facility)),
        ];
        values.extend(Value::place(Some(facility.point)));
        values
    }

    /// The units of a compound, the largest first.
    pub(super) fn units(&self, checked: &Checked) -> String {
        let city = self.report.city;
        let units = city.compounds()[checked.drawn.compound.index()].units();
        let names = units.into_iter().flatten().map(|unit| city.units()[unit.index()].name);
        names.map(|name| city.text(name)).collect::<Vec<&str>>().join(" / ")
    }

    /// Key, name, source and position of a gate.
    pub(super) fn gate_in_words(&self, id: GateId) -> String {
        let gate = &self.report.city.gates()[id.index()];
        let (name, place) = (self.report.city.text(gate.name), gate.point.lon_lat());
        let provenance = GateProvenance::from_code(gate.provenance).word();
        let shut = if self.report.city.gate_is_shut(id) { " shut" } else { "" };
        let name = if name.is_empty() { String::new() } else { format!(" {name}") };
        let key = self.report.city.gate_key(id);
        // The key of a mapped gate is its node; another gate may be at a node too.
        let node = osm_key(OsmKind::Node, gate.osm_id).filter(|node| *node != key);
        let node = node.map(|node| format!(" {node}")).unwrap_or_default();
        format!("{key}{name} {provenance}{shut}{node} {:.6},{:.6}", place.lon, place.lat)
    }

    /// The facilities around each verdict.
    fn nearby_table(&self) -> TypedTable {
        let city = self.report.city;
        let mut nearby = table("nearby", "附近设施 nearby", columns(&NEARBY));
        for (number, checked) in (1..).zip(&self.checked) {
            let stratum = self.stratum(checked.drawn);
            let standing = self.standing(checked.drawn);
            let compound = &city.compounds()[checked.drawn.compound.index()];
            for it in &checked.nearby {
                let mut values = vec![
                    Value::Whole(number),
                    Value::text(city.text(compound.name)),
                    Value::text(self.report.title(stratum.column)),
                    Value::text(stratum.verdict.word()),
                ];
                values.extend(self.of_facility(Some(it.facility)));
                values.push(Value::metres(it.straight_metres));
                let walk = it.walk.ok();
                values.push(Value::thousandths(walk.map(|walk| walk.time.0)));
                values.push(Value::thousandths(walk.map(|walk| walk.length.0)));
                let gate = walk.and_then(|walk| walk.gate);
                values.push(gate.map_or(Value::None, |gate| Value::text(city.gate_key(gate))));
                let meets = match standing.column.measure {
                    Some(Measure::Minutes(minutes)) => walk
                        .is_some_and(|walk| walk.time <= circle_model::Milliseconds::from_minutes(minutes)),
                    Some(Measure::Metres(metres)) => {
                        walk.is_some_and(|walk| walk.length.0 <= metres.saturating_mul(1000))
                    }
                    _ => it.in_unit,
                };
                values.push(Value::Flag(meets));
                values.push(Value::text(self.why_not(it)));
                push(&mut nearby, values);
            }
        }
        nearby
    }

    pub(super) fn why_not(&self, it: &super::Nearby) -> String {
        let Err(status) = it.walk else { return String::new() };
        let closed = self.report.city.facility_is_shut(it.facility);
        let mut why: Vec<String> = Vec::new();
        if closed {
            why.push("该时刻不开放 closed at that hour".to_owned());
        } else if status != Status::Ok {
            why.push(words::status(status).to_owned());
        }
        why.extend(it.barred.iter().cloned());
        why.join("; ")
    }

    fn sheet(&self) -> TypedTable {
        let city = self.report.city;
        let headings: Vec<Heading> = SHEET.iter().map(|(heading, _)| *heading).collect();
        let finding = SHEET.iter().position(|((key, ..), _)| *key == "finding").unwrap_or(0);
        let choices = AuditFinding::ALL.map(|it| format!("{} {}", it.zh(), it.word())).to_vec();
        let form = PrintForm {
            widths: SHEET.iter().map(|(_, width)| *width).collect(),
            choices: (finding, choices),
        };
        let mut sheet = table("audit", "抽查单 audit", columns(&headings)).as_form(form);
        for (number, checked) in (1..).zip(&self.checked) {
            let (drawn, stratum) = (checked.drawn, self.stratum(checked.drawn));
            let standing = self.standing(drawn);
            let compound = &city.compounds()[drawn.compound.index()];
            let place = compound.point.lon_lat();
            let osm = words::osm(compound.osm_kind, compound.osm_id);
            let lines = [
                city.text(compound.name).to_owned(),
                key_and_object(&city.compound_key(drawn.compound), &osm),
                self.units(checked),
                format!("{:.6},{:.6}", place.lon, place.lat),
            ];
            let nearest = standing.row.nearest;
            let facility = nearest.map_or_else(String::new, |nearest| {
                let facility = &city.facilities()[nearest.facility.index()];
                let place = facility.point.lon_lat();
                let lines = [
                    city.text(facility.name).to_owned(),
                    words::category(city, self.report.catalogue, facility).to_owned(),
                    key_and_object(&city.facility_key(nearest.facility), &words::sources(city, facility)),
                    format!("{:.6},{:.6}", place.lon, place.lat),
                ];
                joined(&lines)
            });
            let walk = nearest.map_or_else(String::new, |nearest| {
                let straight = self.straight_metres(drawn.compound, nearest.facility);
                let (seconds, metres) =
                    (f64::from(nearest.time.0) / 1000.0, f64::from(nearest.length.0) / 1000.0);
                format!("{seconds:.0} s\n{metres:.0} m\n直线 {straight:.0} m")
            });
            let reason = standing.row.reason;
            let mut route = self.route(checked);
            let barred = self.barred(checked);
            if !barred.is_empty() {
                route.push_str("\n阻隔 barred by: ");
                route.push_str(&barred);
            }
            let values = vec![
                Value::Whole(number),
                Value::text(joined(&lines)),
                Value::text(self.report.title(stratum.column)),
                Value::text(words::asks(standing.column.measure)),
                Value::text(format!("{} {}", stratum.verdict.zh(), stratum.verdict.word())),
                Value::text(reason.map_or_else(String::new, |it| format!("{} {}", it.zh(), it.word()))),
                Value::text(nearest.map_or_else(String::new, |it| self.gate_in_words(it.gate))),
                Value::text(facility),
                Value::text(walk),
                Value::text(route),
                Value::Whole(stratum.size as i64),
                Value::Whole(stratum.drawn as i64),
                Value::None,
                Value::None,
            ];
            push(&mut sheet, values);
        }
        sheet
    }
}

/// A key with the map object or the records behind it, written once if they are equal.
fn key_and_object(key: &str, object: &str) -> String {
    if object == key { key.to_owned() } else { format!("{key} {object}").trim_end().to_owned() }
}

/// Joins the lines that are not empty.
fn joined(lines: &[String]) -> String {
    lines.iter().map(|line| line.trim()).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}
