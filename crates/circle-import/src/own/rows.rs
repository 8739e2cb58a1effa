//! The rows of one own file: where they are, what they say, and why some are left out.

use super::columns::{Columns, Role, list};
use super::crs::Crs;
use super::detect::{self, Reading};
use super::ground::Ground;
use super::list::{Layer, Source};
use super::notation::parse_coordinate;
use super::outlines;
use super::sheet::{Declared, Shape, Sheet};
use super::{
    Action, CorrectionOf, Found, OwnCandidate, OwnCompound, OwnCorrection, OwnGate, OwnPeople, short,
};
use crate::Classifier;
use crate::areas::{Area, label_point};
use circle_model::city::{Finding, FindingKind, OwnFile, Population, Severity};
use circle_model::coordinates::Bounds;
use circle_model::{LonLat, Point};

/// What every row has.
#[derive(Debug, Clone, Default)]
pub(crate) struct Record {
    /// Number of its file, from 1.
    pub(crate) source: u32,
    /// As a person counts.
    pub(crate) row: u32,
    /// The planner's own id.
    pub(crate) reference: Option<Box<str>>,
    pub(crate) name: Option<Box<str>>,
    pub(crate) name_en: Option<Box<str>>,
    pub(crate) point: Point,
    /// Its outline, empty for points.
    pub(crate) area: Area,
}

/// One file while its rows are read.
pub(super) struct Rows<'a> {
    pub(super) source: u32,
    pub(super) listed: &'a Source,
    pub(super) sheet: &'a Sheet,
    pub(super) columns: &'a Columns,
    pub(super) classifier: &'a Classifier,
    pub(super) bounds: Bounds,
    /// Where every row is, WGS 84, as far as it says so.
    pub(super) places: Vec<Place>,
    /// How its numbers are read, once that is known.
    pub(super) reading: Option<Reading>,
    pub(super) file: &'a mut OwnFile,
    pub(super) findings: &'a mut Vec<Found>,
    /// Findings of its rows so far.
    pub(super) said: usize,
}

/// Where a row is.
#[derive(Debug, Clone)]
pub(super) enum Place {
    /// Its cells are empty.
    Nowhere,
    /// What does not fit: the reason's name, the field, what it holds.
    Wrong(&'static str, String),
    At(Point, Option<Box<Area>>),
}

/// So many rows of a file are named one by one; of more, the last finding says how many.
const MOST_SAID: usize = 20_000;
/// The longest name that is kept, in characters.
const LONGEST_NAME: usize = 200;

impl Rows<'_> {
    /// Passes on what the reader could not make out.
    pub(super) fn say_unreadable(&mut self) {
        let sheet = self.sheet;
        for rejected in &sheet.rejected {
            let field =
                if rejected.field.is_empty() { String::new() } else { format!("{}: ", rejected.field) };
            self.reject(rejected.row, "", "unreadable", &format!("{field}{}", rejected.what));
        }
    }

    /// What is beyond those that were named one by one.
    pub(super) fn say_rest(&mut self) {
        if self.said > MOST_SAID {
            let rest = self.said - MOST_SAID;
            self.said = 0;
            let what = format!("and {rest} more findings of this file, which are not listed");
            self.say(0, "", Severity::Warning, FindingKind::OddRow, &what);
        }
    }

    /// A file without rows.
    pub(super) fn say_empty(&mut self) {
        let what = self.file.said.last().cloned().unwrap_or_else(|| "it has no rows".to_owned());
        self.findings.push(Found {
            severity: Severity::Warning,
            kind: FindingKind::OddRow,
            source: self.source,
            row: 0,
            point: Finding::NOWHERE,
            name: self.file.name.clone().into(),
            message: what.into(),
        });
    }

    /// Names the columns that nothing is read from.
    pub(super) fn say_unused(&mut self) {
        let unused: Vec<String> = self.columns.unused(self.sheet).cloned().collect();
        if !unused.is_empty() {
            self.file.said.push(format!("columns not read: {}", list(&unused)));
        }
    }

    /// Finds out which coordinates the file has, and where every row is.
    pub(super) fn locate(&mut self, ground: &Ground) -> Result<(), String> {
        let raw = self.raw()?;
        let mut numbers: Vec<[f64; 2]> =
            raw.iter().filter_map(|raw| if let Raw::At(at) = raw { Some(*at) } else { None }).collect();
        // Where things moved to is written in the same coordinates.
        numbers.extend((0..self.sheet.len()).filter_map(|row| self.new_numbers(row)?.ok()));
        let reading = self.reading(&numbers, ground)?;
        let wgs84 = |at: [f64; 2]| reading.place(at).map(LonLat::point);
        let impossible = |[x, y]: [f64; 2]| {
            Place::Wrong("off_the_globe", format!("{x}, {y} is no place in {}", reading.words()))
        };
        self.reading = Some(reading);
        let mut places = Vec::with_capacity(raw.len());
        for (row, raw) in raw.into_iter().enumerate() {
            places.push(match raw {
                Raw::Nowhere => Place::Nowhere,
                Raw::Wrong(what) => Place::Wrong("not_a_number", what),
                Raw::At(at) => match self.sheet.shape(row) {
                    Shape::Polygons(polygons) => match outlines::project(polygons, &wgs84) {
                        Some(area) => self.outline(row, area),
                        None => impossible(at),
                    },
                    Shape::None | Shape::Point(_) | Shape::Lines(_) => {
                        let point = wgs84(at);
                        let inside =
                            |point: Option<Point>| point.is_some_and(|point| self.bounds.contains(point));
                        let [x, y] = at;
                        if !inside(point) && inside(wgs84([y, x])) {
                            let what =
                                format!("{x}, {y} lies in the city with latitude and longitude swapped");
                            Place::Wrong("swapped_coordinates", what)
                        } else {
                            point.map_or_else(|| impossible(at), |point| Place::At(point, None))
                        }
                    }
                },
            });
        }
        self.places = places;
        Ok(())
    }

    /// Where a correction says that something is now; `None` where it does not say, an error where it is no number.
    fn new_numbers(&self, row: usize) -> Option<Result<[f64; 2], String>> {
        if self.listed.layer != Layer::Corrections {
            return None;
        }
        let cells = [Role::NewLon, Role::NewLat].map(|role| (role, self.cell(row, role)));
        if cells.iter().all(|(_, cell)| cell.is_empty()) {
            return None;
        }
        let number = |(role, cell): (Role, &str)| {
            let wrong = || format!("{}: `{}` is not a number", self.called(role), short(cell));
            parse_coordinate(cell).ok_or_else(wrong)
        };
        Some(number(cells[0]).and_then(|lon| Ok([lon, number(cells[1])?])))
    }

    /// An outline that crosses itself is cut into its parts, and said.
    fn outline(&mut self, row: usize, area: Area) -> Place {
        let number = self.sheet.number(row);
        let (area, crossing) = match outlines::mend(area) {
            Ok(mended) => mended,
            Err(what) => return Place::Wrong("outline_too_crooked", format!("geometry: {what}")),
        };
        if let Some(at) = crossing {
            let at = at.lon_lat();
            let what = format!(
                "geometry: its outline crosses itself at {:.6},{:.6}; it was cut there into its parts",
                at.lon, at.lat
            );
            self.odd(number, "", &what);
        }
        match label_point(&area.polygons) {
            Some(point) => Place::At(point, Some(Box::new(area))),
            None => Place::Wrong("no_area", "geometry: its outline encloses nothing".to_owned()),
        }
    }

    /// Numbers as the file has them.
    fn raw(&self) -> Result<Vec<Raw>, String> {
        let (sheet, columns) = (self.sheet, self.columns);
        let cells = columns.has(Role::Lon) && columns.has(Role::Lat);
        let shapes = (0..sheet.len()).any(|row| !matches!(sheet.shape(row), Shape::None));
        let needed = matches!(self.listed.layer, Layer::Population | Layer::Corrections);
        if !cells && !columns.has(Role::Location) && !shapes && !needed {
            return Err(format!(
                "no coordinates in it: it needs columns for longitude and latitude (经度, 纬度), or one `location` with \
                 both, and has: {}; name them in OWN.toml as `lon` and `lat`",
                list(&sheet.columns)
            ));
        }
        Ok((0..sheet.len()).map(|row| self.raw_of(row, cells)).collect())
    }

    fn raw_of(&self, row: usize, cells: bool) -> Raw {
        let (sheet, columns) = (self.sheet, self.columns);
        match sheet.shape(row) {
            Shape::Point(at) => return Raw::At(*at),
            Shape::Lines(lines) => return Raw::of(lines.first().and_then(|line| line.get(line.len() / 2))),
            Shape::Polygons(polygons) => {
                return Raw::of(
                    polygons.first().and_then(|rings| rings.first()).and_then(|ring| ring.first()),
                );
            }
            Shape::None => {}
        }
        let number = |role: Role, text: &str| {
            parse_coordinate(text)
                .ok_or_else(|| format!("{}: `{}` is not a number", columns.called(sheet, role), short(text)))
        };
        if cells {
            let (lon, lat) = (columns.cell(sheet, row, Role::Lon), columns.cell(sheet, row, Role::Lat));
            if !lon.is_empty() || !lat.is_empty() {
                return match (number(Role::Lon, lon), number(Role::Lat, lat)) {
                    (Ok(lon), Ok(lat)) => Raw::At([lon, lat]),
                    (Err(what), _) | (_, Err(what)) => Raw::Wrong(what),
                };
            }
        }
        let location = columns.cell(sheet, row, Role::Location);
        if location.is_empty() {
            return Raw::Nowhere;
        }
        let pair = location.trim_matches(['(', ')', '[', ']']).split_once([',', '，', ';', ' ']);
        match pair {
            Some((lon, lat)) => {
                match (number(Role::Location, lon.trim()), number(Role::Location, lat.trim())) {
                    (Ok(lon), Ok(lat)) => Raw::At([lon, lat]),
                    (Err(what), _) | (_, Err(what)) => Raw::Wrong(what),
                }
            }
            None => Raw::Wrong(format!(
                "{}: `{}` is not `lng,lat`",
                columns.called(sheet, Role::Location),
                short(location)
            )),
        }
    }

    /// The coordinates as listed, else as the file declares them, else as they lie on the city.
    fn reading(&mut self, numbers: &[[f64; 2]], ground: &Ground) -> Result<Reading, String> {
        let declared = match &self.sheet.declared_crs {
            Some(Declared::Epsg(code)) => Some(Crs::parse(&format!("EPSG:{code}"))),
            Some(Declared::Wkt(text)) => Some(Crs::from_wkt(text)),
            None => None,
        };
        let declared = match declared {
            Some(Err(why)) if self.listed.crs.is_none() => {
                self.coordinates(
                    Severity::Warning,
                    &format!("what it says of its coordinates is not known: {why}"),
                );
                None
            }
            declared => declared.and_then(Result::ok),
        };
        let named = match self.listed.crs.as_deref() {
            Some(word) if word.eq_ignore_ascii_case("detect") => None,
            Some(word) => Some(Crs::parse(word)?),
            None if self.listed.is_geojson() => Some(declared.unwrap_or(Crs::Wgs84)),
            None => declared,
        };
        if let Some(crs) = named {
            self.file.crs = crs.name();
            for said in detect::verify(numbers, crs, ground) {
                self.coordinates(Severity::Warning, &said);
            }
            return Ok(Reading::plain(crs));
        }
        if numbers.is_empty() {
            self.file.crs = Crs::Wgs84.name();
            return Ok(Reading::plain(Crs::Wgs84));
        }
        match detect::detect(numbers, ground) {
            Ok(found) => {
                self.file.crs = format!("{} (detected)", found.reading.words());
                self.coordinates(Severity::Info, &found.evidence);
                if let Some([east, north]) = found.offset {
                    let off = detect::direction(east, north);
                    self.coordinates(Severity::Warning, &format!("all points seem to lie {off} off"));
                }
                Ok(found.reading)
            }
            Err(unclear) => Err(format!("nobody can say which coordinates it has: {}", unclear.evidence)),
        }
    }

    fn coordinates(&mut self, severity: Severity, said: &str) {
        let message = format!("{}: {said}", self.file.name);
        self.file.said.push(said.to_owned());
        self.findings.push(Found {
            severity,
            kind: FindingKind::Coordinates,
            source: self.source,
            row: 0,
            point: Finding::NOWHERE,
            name: self.file.name.clone().into(),
            message: message.into(),
        });
    }

    pub(super) fn cell(&self, row: usize, role: Role) -> &str {
        self.columns.cell(self.sheet, row, role)
    }

    /// Whether a row has a place in the city.
    fn in_city(&self, row: usize) -> bool {
        matches!(&self.places[row], Place::At(point, _) if self.bounds.contains(*point))
    }

    /// A row with its place; `None` where it has to be left out, which is said.
    pub(super) fn record(&mut self, row: usize) -> Option<Record> {
        let number = self.sheet.number(row);
        let name = self.cell(row, Role::Name).to_owned();
        match self.places[row].clone() {
            Place::Nowhere => {
                self.reject(number, &name, "no_position", "no coordinates");
                None
            }
            Place::Wrong(reason, what) => {
                self.reject(number, &name, reason, &what);
                None
            }
            Place::At(point, area) => {
                let extent = area.as_ref().map_or(Bounds::of([point]), |area| {
                    Bounds::of(area.polygons.iter().flatten().flatten().copied())
                });
                // What an outline has beyond the data's edge is not lost: a district is larger than its extract.
                if !self.bounds.intersects(&extent) {
                    let at = point.lon_lat();
                    let what = format!("{:.5},{:.5} lies outside the city", at.lon, at.lat);
                    self.reject(number, &name, "outside_the_city", &what);
                    return None;
                }
                Some(Record { point, area: area.map(|area| *area).unwrap_or_default(), ..self.unplaced(row) })
            }
        }
    }

    /// A row whose place does not matter.
    pub(super) fn unplaced(&mut self, row: usize) -> Record {
        let number = self.sheet.number(row);
        let name = self.cell(row, Role::Name);
        let length = name.chars().nth(LONGEST_NAME).map(|_| name.chars().count());
        let (name, name_en, reference) =
            (text(name), text(self.cell(row, Role::NameEn)), text(self.cell(row, Role::Id)));
        if let Some(length) = length {
            let column = self.columns.called(self.sheet, Role::Name);
            let what = format!("{column}: {length} characters, cut to {LONGEST_NAME}");
            self.odd(number, name.as_deref().unwrap_or_default(), &what);
        }
        self.file.accepted += 1;
        Record {
            source: self.source,
            row: number,
            reference,
            name_en: name_en.filter(|english| name.as_ref() != Some(english)),
            name,
            point: Finding::NOWHERE,
            area: Area::default(),
        }
    }

    /// Says that a row is left out.
    pub(super) fn reject(&mut self, row: u32, name: &str, reason: &str, what: &str) {
        *self.file.rejected.entry(reason.to_owned()).or_default() += 1;
        let kind = match reason {
            "no_category" => FindingKind::NoCategory,
            _ => FindingKind::RejectedRow,
        };
        self.say(row, name, Severity::Error, kind, what);
    }

    /// Takes a row back that was accepted.
    pub(super) fn withdraw(&mut self, record: &Record, reason: &str, what: &str) {
        self.file.accepted = self.file.accepted.saturating_sub(1);
        self.reject(record.row, record.name.as_deref().unwrap_or_default(), reason, what);
    }

    /// Says that something about a row is odd.
    pub(super) fn odd(&mut self, row: u32, name: &str, what: &str) {
        self.say(row, name, Severity::Warning, FindingKind::OddRow, what);
    }

    fn say(&mut self, row: u32, name: &str, severity: Severity, kind: FindingKind, what: &str) {
        self.said += 1;
        if self.said > MOST_SAID {
            return;
        }
        let message = format!("{} row {row}: {what}", self.file.name);
        self.findings.push(Found {
            severity,
            kind,
            source: self.source,
            row,
            point: Finding::NOWHERE,
            name: short(name).into(),
            message: message.into(),
        });
    }

    /// A whole number of people or households.
    fn count(&mut self, row: usize, role: Role) -> u32 {
        let cell = self.cell(row, role);
        if cell.is_empty() {
            return Population::UNKNOWN;
        }
        let number = cell.replace([',', '，'], "").trim_end_matches(['人', '户']).trim().parse::<f64>();
        match number {
            Ok(number) if (0.0..1e7).contains(&number) => number.round() as u32,
            _ => {
                let what =
                    format!("{}: `{}` is not a count", self.columns.called(self.sheet, role), short(cell));
                self.odd(self.sheet.number(row), "", &what);
                Population::UNKNOWN
            }
        }
    }

    fn population(&mut self, row: usize) -> Population {
        let (households, residents) = (self.count(row, Role::Households), self.count(row, Role::Residents));
        let elderly = self.part(row, Role::Elderly, residents);
        let children = self.part(row, Role::Children, residents);
        Population { households, residents, elderly, children }
    }

    /// A part of the residents: a count, or a share as `23%` or `0.23`.
    fn part(&mut self, row: usize, role: Role, residents: u32) -> u32 {
        let cell = self.cell(row, role);
        let number = |text: &str| text.trim().parse::<f64>().ok();
        let share = match cell.strip_suffix(['%', '％']) {
            Some(percent) => number(percent).map(|percent| percent / 100.0),
            None => number(cell).filter(|number| number.fract() != 0.0 && *number < 1.0),
        };
        let part = match share {
            Some(share) if !(0.0..=1.0).contains(&share) || residents == Population::UNKNOWN => {
                Population::UNKNOWN
            }
            Some(share) => (f64::from(residents) * share).round() as u32,
            None => self.count(row, role),
        };
        let wrong = share.is_some() && part == Population::UNKNOWN;
        if wrong || (part != Population::UNKNOWN && residents != Population::UNKNOWN && part > residents) {
            let column = self.columns.called(self.sheet, role);
            let what = format!("{column}: `{}` is no part of the residents", short(self.cell(row, role)));
            self.odd(self.sheet.number(row), "", &what);
            return Population::UNKNOWN;
        }
        part
    }

    /// Yes or no in Chinese or English; `None` where the cell says neither.
    fn flag(&mut self, row: usize, role: Role) -> Option<bool> {
        let cell = self.cell(row, role).to_lowercase();
        match cell.as_str() {
            "" => None,
            "1" | "yes" | "true" | "y" | "是" | "封闭" | "锁闭" | "常闭" => Some(true),
            "0" | "no" | "false" | "n" | "否" | "开放" | "常开" => Some(false),
            other => {
                let column = self.columns.called(self.sheet, role);
                let what = format!("{column}: `{}` is neither 是 nor 否", short(other));
                self.odd(self.sheet.number(row), "", &what);
                None
            }
        }
    }

    pub(super) fn compounds(&mut self) -> Vec<OwnCompound> {
        let mut compounds = Vec::new();
        for row in 0..self.sheet.len() {
            let Some(record) = self.record(row) else { continue };
            if record.name.is_none() && record.area.polygons.is_empty() {
                let what = format!("{}: a compound without outline needs a name", self.called(Role::Name));
                self.withdraw(&record, "no_name", &what);
                continue;
            }
            let closed = self.flag(row, Role::Closed);
            let population = self.population(row);
            compounds.push(OwnCompound { record, closed, population });
        }
        compounds
    }

    pub(super) fn gates(&mut self) -> Vec<OwnGate> {
        let mut gates = Vec::new();
        for row in 0..self.sheet.len() {
            if let Some(record) = self.record(row) {
                gates.push(self.gate(row, record, true));
            }
        }
        gates
    }

    pub(super) fn gate(&mut self, row: usize, record: Record, listed: bool) -> OwnGate {
        OwnGate {
            compound: text(self.cell(row, Role::Compound)),
            locked: self.flag(row, Role::Locked).unwrap_or(false),
            hours: text(self.cell(row, Role::Hours)),
            record,
            listed,
        }
    }

    pub(super) fn people(&mut self) -> Result<Vec<OwnPeople>, String> {
        if !self.columns.has(Role::Households) && !self.columns.has(Role::Residents) {
            return Err(format!(
                "no column for households (户数) or residents (人口); it has: {}",
                list(&self.sheet.columns)
            ));
        }
        let mut people = Vec::new();
        for row in 0..self.sheet.len() {
            let placed = !matches!(self.places[row], Place::Nowhere);
            let compound = text(self.cell(row, Role::Compound));
            let number = self.sheet.number(row);
            if !placed && compound.is_none() {
                let what = format!("{}: neither a compound nor coordinates", self.called(Role::Compound));
                self.reject(number, "", "no_position", &what);
                continue;
            }
            // Who names the compound needs no place.
            let placed = placed && (compound.is_none() || self.in_city(row));
            let record = if placed { self.record(row) } else { Some(self.unplaced(row)) };
            let Some(record) = record else { continue };
            let population = self.population(row);
            if population.households == Population::UNKNOWN && population.residents == Population::UNKNOWN {
                let what = format!("{}: neither households nor residents", self.called(Role::Residents));
                self.withdraw(&record, "no_count", &what);
                continue;
            }
            let levels = self.cell(row, Role::Levels).parse::<f32>().ok();
            people.push(OwnPeople {
                record,
                placed,
                compound,
                building: text(self.cell(row, Role::Building)),
                cells: self.sheet.row_hash(row),
                levels: levels.filter(|levels| (0.0..200.0).contains(levels)).unwrap_or(0.0),
                population,
            });
        }
        Ok(people)
    }

    pub(super) fn candidates(&mut self) -> Vec<OwnCandidate> {
        let mut candidates = Vec::new();
        for row in 0..self.sheet.len() {
            if let Some(record) = self.record(row) {
                candidates.push(OwnCandidate { record, note: text(self.cell(row, Role::Note)) });
            }
        }
        candidates
    }

    pub(super) fn corrections(&mut self) -> Result<Vec<OwnCorrection>, String> {
        if !self.columns.has(Role::Action) {
            return Err(format!(
                "no column `action` (操作) that says what to correct; it has: {}",
                list(&self.sheet.columns)
            ));
        }
        let mut corrections = Vec::new();
        for row in 0..self.sheet.len() {
            if let Some(correction) = self.correction(row) {
                corrections.push(correction);
            }
        }
        Ok(corrections)
    }

    fn correction(&mut self, row: usize) -> Option<OwnCorrection> {
        let number = self.sheet.number(row);
        let name = self.cell(row, Role::Name).to_owned();
        let word = self.cell(row, Role::Action).to_lowercase();
        let Some(action) = Action::called(&word) else {
            let what = format!(
                "{}: `{}` is no correction; there are closed 已关闭, moved 已搬迁, new_gate 新增出入口, renamed 更名, \
                 wrong_category 类别错误",
                self.called(Role::Action),
                short(&word)
            );
            self.reject(number, &name, "no_action", &what);
            return None;
        };
        let of = match self.cell(row, Role::TargetLayer).to_lowercase().as_str() {
            "compound" | "compounds" | "小区" => CorrectionOf::Compound,
            "gate" | "gates" | "出入口" | "大门" => CorrectionOf::Gate,
            _ if action == Action::NewGate => CorrectionOf::Gate,
            _ => CorrectionOf::Facility,
        };
        let placed = !matches!(self.places[row], Place::Nowhere);
        let (target, new_name) = (text(self.cell(row, Role::Target)), text(self.cell(row, Role::NewName)));
        let word = self.cell(row, Role::NewCategory).to_owned();
        let new_category = self.classifier.category_called(&word);
        let missing = match action {
            Action::NewGate if !placed => Some((Role::Lon, "where the new gate is")),
            Action::Renamed if new_name.is_none() => Some((Role::NewName, "the new name")),
            Action::WrongCategory if new_category.is_none() => {
                Some((Role::NewCategory, "the right category, by id or name"))
            }
            _ if target.is_none() && name.is_empty() && !placed => {
                Some((Role::Target, "what it is of: an id such as node/123, a name, or a place"))
            }
            _ => None,
        };
        if let Some((role, what)) = missing {
            let what = format!("{}: missing; it has to say {what}", self.called(role));
            self.reject(number, &name, "incomplete", &what);
            return None;
        }
        let new_point = match self.new_numbers(row) {
            None => None,
            Some(Err(what)) => {
                self.reject(number, &name, "not_a_number", &what);
                return None;
            }
            Some(Ok(at)) => {
                let point = self.reading.and_then(|reading| reading.place(at)).map(LonLat::point);
                if point.is_none_or(|point| !self.bounds.contains(point)) {
                    let what =
                        format!("{}: {}, {} lies outside the city", self.called(Role::NewLon), at[0], at[1]);
                    self.reject(number, &name, "outside_the_city", &what);
                    return None;
                }
                point
            }
        };
        let record = if placed { self.record(row)? } else { self.unplaced(row) };
        if action == Action::Moved
            && new_point.is_none()
            && !(placed && (target.is_some() || record.name.is_some()))
        {
            self.withdraw(
                &record,
                "incomplete",
                "new_lon, new_lat: missing; it has to say where it moved to",
            );
            return None;
        }
        let said = [Role::Author, Role::Date, Role::Note].map(|role| self.cell(row, role));
        let signed: Vec<String> =
            said.iter().filter(|cell| !cell.is_empty()).map(|cell| short(cell)).collect();
        Some(OwnCorrection {
            placed,
            action,
            of,
            target,
            compound: text(self.cell(row, Role::Compound)),
            new_name,
            new_category,
            new_point,
            signed: signed.join(", ").into(),
            record,
        })
    }

    fn called(&self, role: Role) -> &str {
        self.columns.called(self.sheet, role)
    }
}

impl Action {
    fn called(word: &str) -> Option<Self> {
        Some(match word {
            "closed" | "关闭" | "已关闭" | "停业" | "已停业" | "撤销" => Self::Closed,
            "moved" | "移位" | "搬迁" | "已搬迁" | "位置错误" => Self::Moved,
            "new_gate" | "new gate" | "新增出入口" | "新门" | "新增大门" => Self::NewGate,
            "renamed" | "更名" | "已更名" | "名称错误" => Self::Renamed,
            "wrong_category" | "wrong category" | "类别错误" | "分类错误" => Self::WrongCategory,
            _ => return None,
        })
    }

    /// Its name in files and messages.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Moved => "moved",
            Self::NewGate => "new_gate",
            Self::Renamed => "renamed",
            Self::WrongCategory => "wrong_category",
        }
    }
}

/// The coordinates of a row as its file has them.
enum Raw {
    Nowhere,
    Wrong(String),
    At([f64; 2]),
}

impl Raw {
    fn of(at: Option<&[f64; 2]>) -> Self {
        at.map_or(Self::Nowhere, |at| Self::At(*at))
    }
}

/// A name as it is kept: no control characters, no blanks around it, not too long.
pub(crate) fn text(cell: &str) -> Option<Box<str>> {
    let clean = circle_model::files::clean(cell, LONGEST_NAME);
    Some(clean.trim()).filter(|text| !text.is_empty()).map(Into::into)
}
