//! Where the rows of an own file are: which coordinates it has, and what does not fit.

use super::columns::{Role, list};
use super::corrections;
use super::crs::Crs;
use super::detect::{self, Mixed, Reading};
use super::findings::DraftFinding;
use super::ground::Ground;
use super::list::Layer;
use super::notation::parse_coordinate;
use super::outlines;
use super::rows::Rows;
use super::sheet::{Declared, Shape};
use super::short;
use crate::areas::{Area, label_point};
use circle_model::city::{FindingKind, Severity};
use circle_model::{LonLat, Point};
use std::ops::Deref;

/// Where a row is.
#[derive(Debug)]
pub(super) enum Place {
    /// Its cells are empty.
    Nowhere,
    /// What does not fit: the reason's name, the field, what it holds.
    Wrong(&'static str, String),
    At(Point, Option<Box<Area>>),
}

impl Rows<'_> {
    /// Finds out which coordinates the file has, and where every row is.
    pub(super) fn locate(&mut self, ground: &dyn Deref<Target = Ground>) -> Result<(), String> {
        let raw = self.raw()?;
        let mut numbers: Vec<[f64; 2]> =
            raw.iter().filter_map(|raw| if let Raw::At(at) = raw { Some(*at) } else { None }).collect();
        // Where things moved to is written in the same coordinates.
        numbers.extend((0..self.sheet.len()).filter_map(|row| corrections::new_numbers(self, row)?.ok()));
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
            let of_sheet = sheet.said.iter().find(|said| said.starts_with("sheet `"));
            return Err(format!(
                "no coordinates in it: it needs columns for longitude and latitude (经度, 纬度), or one `location` with \
                 both, and has: {}; name them in OWN.toml as `lon` and `lat`{}",
                list(&sheet.columns),
                of_sheet.map(|said| format!(" ({})", short_remark(said))).unwrap_or_default()
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
        let pair = |pair| self.numbers(pair).map_or_else(Raw::Wrong, Raw::At);
        if cells {
            let (lon, lat) = (columns.cell(sheet, row, Role::Lon), columns.cell(sheet, row, Role::Lat));
            if !lon.is_empty() || !lat.is_empty() {
                if let Some(what) = self.hollow([Role::Lon, Role::Lat], row) {
                    return Raw::Wrong(what);
                }
                return pair([(Role::Lon, lon), (Role::Lat, lat)]);
            }
        }
        let location = columns.cell(sheet, row, Role::Location);
        if location.is_empty() {
            return Raw::Nowhere;
        }
        match two_coordinates(location) {
            Some([lon, lat]) => pair([(Role::Location, lon), (Role::Location, lat)]),
            None => Raw::Wrong(format!(
                "{}: `{}` is not `lng,lat`",
                columns.called(sheet, Role::Location),
                short(location)
            )),
        }
    }

    /// The message for a row that has a formula without a value as a coordinate.
    fn hollow(&self, roles: [Role; 2], row: usize) -> Option<String> {
        let is_hollow =
            |role: &Role| self.columns.at(*role).is_some_and(|column| self.sheet.is_hollow(row, column));
        let role = roles.into_iter().find(is_hollow)?;
        Some(format!(
            "{}: it is a formula without a value; open the file in Excel or WPS and save it",
            self.called(role)
        ))
    }

    /// Two cells as numbers.
    ///
    /// # Errors
    /// Names the column and what it holds.
    pub(super) fn numbers(&self, cells: [(Role, &str); 2]) -> Result<[f64; 2], String> {
        let number = |(role, cell): (Role, &str)| {
            let wrong = || format!("{}: `{}` is not a number", self.called(role), short(cell));
            parse_coordinate(cell).ok_or_else(wrong)
        };
        Ok([number(cells[0])?, number(cells[1])?])
    }

    /// The coordinates as listed, else as the file declares them, else as they lie on the city.
    fn reading(
        &mut self,
        numbers: &[[f64; 2]],
        ground: &dyn Deref<Target = Ground>,
    ) -> Result<Reading, String> {
        let declared = match &self.sheet.declared_crs {
            Some(Declared::Epsg(code)) => Some(Crs::parse(&format!("EPSG:{code}"))),
            Some(Declared::Wkt(text)) => Some(Crs::from_wkt(text)),
            None => None,
        };
        let headed = self.datum_of_headings(numbers);
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
            Some(word) if Crs::is_open(word) => headed,
            Some(word) => {
                let named = Crs::parse(word)?;
                if let Some(headed) = headed.filter(|headed| headed.in_degrees() && named != *headed) {
                    let said = format!(
                        "its headings say {} and OWN.toml says {}, which is what was taken; correct the one that is wrong",
                        headed.name(),
                        named.name()
                    );
                    self.coordinates(Severity::Warning, &said);
                }
                Some(named)
            }
            None if self.listed.is_geojson() => Some(declared.unwrap_or(Crs::Wgs84)),
            None => headed.or(declared),
        };
        if let Some(crs) = named.or(numbers.is_empty().then_some(Crs::Wgs84)) {
            self.file.crs = crs.name();
            if !numbers.is_empty() {
                let verified = detect::verify(numbers, crs, ground);
                self.elsewhere = verified.elsewhere;
                for said in verified.said {
                    self.coordinates(Severity::Warning, &said);
                }
                self.say_mixed(verified.mixed.as_ref(), Reading::plain(crs));
            }
            return Ok(Reading::plain(crs));
        }
        match detect::detect(numbers, ground) {
            Ok(found) => {
                self.file.crs = format!("{} (detected)", found.reading.words());
                self.coordinates(Severity::Info, &found.evidence);
                if let Some([east, north]) = found.offset {
                    let off = detect::direction(east, north);
                    self.coordinates(Severity::Warning, &format!("all points seem to lie {off} off"));
                }
                self.say_mixed(found.mixed.as_ref(), found.reading);
                Ok(found.reading)
            }
            Err(unclear) if unclear.elsewhere => Err(unclear.evidence),
            Err(unclear) => Err(format!("nobody can say which coordinates it has: {}", unclear.evidence)),
        }
    }

    /// The datum that the headings of its coordinates name, where they agree and the numbers are degrees.
    fn datum_of_headings(&mut self, numbers: &[[f64; 2]]) -> Option<Crs> {
        if !self.sheet.shapes.is_empty() {
            return None;
        }
        let said = self.columns.datums(self.sheet);
        let (first, crs) = *said.first()?;
        if let Some((other, _)) = said.iter().find(|(_, other)| *other != crs) {
            let said = format!(
                "its headings `{first}` and `{other}` name different coordinates, so neither is believed"
            );
            self.coordinates(Severity::Warning, &said);
            return None;
        }
        // CGCS2000 is the datum of many projections: metres say no more.
        let degrees = numbers.iter().filter(|[x, y]| x.abs() <= 180.0 && y.abs() <= 180.0).count();
        if crs.in_degrees() && degrees * 2 < numbers.len() {
            return None;
        }
        let said = format!("its coordinates are {} as the heading `{first}` says", crs.name());
        if self.listed.crs.as_deref().is_none_or(Crs::is_open) {
            self.coordinates(Severity::Info, &said);
        }
        Some(crs)
    }

    /// Says which rows are in another datum than the rest.
    fn say_mixed(&mut self, mixed: Option<&Mixed>, reading: Reading) {
        const LISTED: usize = 200;
        let Some(mixed) = mixed else { return };
        // Numbers come in the order of their rows, rows without any left out.
        let rows: Vec<u32> = (0..self.sheet.len())
            .filter(|row| matches!(self.raw_of(*row, self.has_cells()), Raw::At(_)))
            .map(|row| self.sheet.number(row))
            .collect();
        let theirs: Vec<u32> = mixed.points.iter().filter_map(|point| rows.get(*point).copied()).collect();
        let listed = ranges(&theirs[..theirs.len().min(LISTED)]);
        let more = theirs.len().saturating_sub(LISTED);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let said = format!(
            "two kinds of coordinates seem to be mixed in it: about {:.0} % of its points fit {} and the others {} ({}). \
             All are read as {}. Split the file in two, each with its crs; rows that fit {} better: {listed}{more}",
            100.0 * (1.0 - mixed.share),
            reading.words(),
            mixed.other.words(),
            mixed.evidence,
            reading.words(),
            mixed.other.words(),
        );
        self.coordinates(Severity::Warning, &said);
    }

    fn has_cells(&self) -> bool {
        self.columns.has(Role::Lon) && self.columns.has(Role::Lat)
    }

    fn coordinates(&mut self, severity: Severity, said: &str) {
        let message = format!("{}: {said}", self.file.name);
        self.file.said.push(said.to_owned());
        let kind = FindingKind::Coordinates;
        self.findings.push(DraftFinding::of_file(self.source, self.file, severity, kind, &message));
    }
}

/// Two coordinates in one cell: `126.63,45.75`, `126.63/45.75`, `POINT (126.63 45.75)`, `经度：126.63 纬度：45.75`.
fn two_coordinates(cell: &str) -> Option<[&str; 2]> {
    let cell = cell.trim();
    let inside = cell.find(['(', '（']).filter(|at| cell[..*at].to_ascii_uppercase().contains("POINT"));
    let cell = inside.map_or(cell, |at| &cell[at..]);
    let cell =
        cell.trim_matches(|c: char| matches!(c, '(' | ')' | '[' | ']' | '（' | '）') || c.is_whitespace());
    let pairs = [[',', '，'], [';', '；'], ['/', '／'], ['|', '｜'], ['、', '\t'], [' ', '\u{3000}']];
    let pair = |marks: [char; 2]| {
        let mut parts = cell.split(marks).map(str::trim).filter(|part| !part.is_empty());
        let pair = [parts.next()?, parts.next()?];
        // A height may follow.
        let rest = parts.all(|part| part.parse::<f64>().is_ok());
        (rest && pair.iter().all(|part| parse_coordinate(part).is_some())).then_some(pair)
    };
    let first = pairs.into_iter().find_map(pair);
    // What is no pair of numbers is quoted as what stands on both sides.
    first.or_else(|| cell.split_once([',', '，']).map(|(lon, lat)| [lon.trim(), lat.trim()]))
}

/// Rows as people list them: 3–5, 8.
fn ranges(rows: &[u32]) -> String {
    let mut words: Vec<String> = Vec::new();
    for run in rows.chunk_by(|a, b| a.checked_add(1) == Some(*b)) {
        match run {
            [one] => words.push(one.to_string()),
            [first, .., last] => words.push(format!("{first}–{last}")),
            [] => {}
        }
    }
    words.join(", ")
}

fn short_remark(said: &str) -> String {
    circle_model::files::clean(said, 200)
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
