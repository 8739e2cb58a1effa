//! Validation of a city file's tables on opening: afterwards no row number, span or code in a row is out of
//! range, however the file was made.
//!
//! A checksum detects damage, not a crafted file. The check also rejects rows that no build writes and that
//! would multiply work or memory: tables that several rows share, compounds across continents, edges around
//! the globe. It takes a single pass over each table and hashes only keys.

mod keys;
mod network;
mod places;
#[cfg(test)]
mod tests;

use super::columns::City;
use super::flags::MapFeatureFlags;
use super::records::{MapKind, OsmKind, Ring, RingRole, Span, Text};
use crate::coordinates::{Bounds, Point};
use crate::identity::may_be_key;
use crate::ids::{ComponentId, CompoundId, EdgeId, FacilityId, FeatureId, GateId, NodeId, UnitId, ZoneId};
use std::ops::Range;

/// Maximum length of all names that rows refer to, as a multiple of the file's size: many rows may share a
/// name, all rows of a crafted file one.
const MOST_TEXT_FACTOR: u64 = 16;
/// Maximum number of files, districts and reasons in the summary.
const MOST_LISTED: usize = 10_000;
/// Minimum of that maximum length in bytes: small cities may repeat their names more often.
const MOST_TEXT_BYTES: u64 = 1 << 20;
/// Maximum absolute value of a number in a row. All stored figures are far below.
const MOST: f32 = 1e18;

/// A row that no build writes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("table `{table}`, row {row}, `{field}` {what}")]
pub struct BadRow {
    /// The table.
    pub table: &'static str,
    /// The row, from 0.
    pub row: usize,
    /// The field.
    pub field: &'static str,
    /// The problem.
    pub what: String,
}

impl City {
    /// Checks every row of every table, as [`City::open`] does with a file.
    ///
    /// [`City::from_tables`] does not: the tables of a build are valid by construction, and tests use
    /// incomplete cities.
    ///
    /// # Errors
    ///
    /// The first row that no build writes.
    pub fn check(&self) -> Result<(), BadRow> {
        let texts = std::str::from_utf8(self.texts()).map_err(|error| BadRow {
            table: "texts",
            row: error.valid_up_to(),
            field: "texts",
            what: "is not UTF-8".to_owned(),
        })?;
        let mut check = Check {
            city: self,
            texts,
            points: self.points(),
            ring_rows: self.rings(),
            text_bytes: 0,
            rings: Taken::of("rings", self.rings().len()),
            origins: Taken::of("origins", self.origins().len()),
        };
        check.meta()?;
        // Half of the work on each of two threads.
        let (rings, origins) = (Taken::of("rings", 0), Taken::of("origins", 0));
        let beside = Check { rings, origins, ..check };
        let (beside, places) = std::thread::scope(|scope| {
            let beside = scope.spawn(|| (beside.points().and_then(|()| beside.network()), beside.keys()));
            let places = check.ring_lines().and_then(|()| check.features()).and_then(|()| check.places());
            (beside.join(), places)
        });
        let (network, keys) = beside.unwrap_or_else(|fault| std::panic::resume_unwind(fault));
        network.and(places).and(keys)?;
        let most = MOST_TEXT_BYTES + MOST_TEXT_FACTOR * self.as_bytes().len() as u64;
        let at = At { table: "texts", row: 0 };
        at.must("texts", check.text_bytes <= most, "is repeated by more rows than any build writes")
    }
}

type Checked<T = ()> = Result<T, BadRow>;

/// The state of a check.
struct Check<'a> {
    city: &'a City,
    texts: &'a str,
    points: &'a [Point],
    ring_rows: &'a [Ring],
    /// Bytes of all texts that rows refer to.
    text_bytes: u64,
    rings: Taken,
    origins: Taken,
}

impl<'a> Check<'a> {
    fn meta(&self) -> Checked {
        let at = At { table: "summary", row: 0 };
        let meta = self.city.meta();
        let on_globe = |[west, south, east, north]: [f64; 4]| {
            (-180.0..=180.0).contains(&west)
                && (-180.0..=180.0).contains(&east)
                && west <= east
                && -90.0 <= south
                && south <= north
                && north <= 90.0
        };
        at.must("bounds", meta.bounds.is_none_or(on_globe), "is no box on the globe")?;
        // Reports list all of them.
        let lists =
            [meta.inputs.len(), meta.elevation.len(), meta.own.len(), meta.census.len(), meta.skipped.len()];
        at.must("lists", lists.iter().all(|length| *length <= MOST_LISTED), "name more than any build does")
    }

    fn points(&self) -> Checked {
        // Computing the bounding box is faster than testing each point.
        let bounds = Bounds::of(self.points.iter().copied());
        let (south_west, north_east) = bounds.diagonal();
        if bounds.is_empty() || (is_on_globe(south_west) && is_on_globe(north_east)) {
            return Ok(());
        }
        let row = self.points.iter().position(|point| !is_on_globe(*point)).unwrap_or_default();
        At { table: "points", row }.bad("lon, lat", "is off the globe")
    }

    fn ring_lines(&self) -> Checked {
        let mut lines = Taken::of("points", self.points.len());
        for (at, Ring { line, role }) in rows("rings", self.ring_rows) {
            lines.take(at, "line", *line)?;
            let line = &self.points[line.range()];
            let is_closed = line.len() > 3 && line.first() == line.last();
            let fits = match at.known("role", u8::try_from(*role).ok().and_then(RingRole::try_from_code))? {
                RingRole::Outer | RingRole::Inner => is_closed,
                RingRole::Line => line.len() > 1,
                RingRole::Point => line.len() == 1,
            };
            at.must("line", fits, "has too few points for its role, or is not closed")?;
        }
        Ok(())
    }

    fn features(&mut self) -> Checked {
        for (at, feature) in rows("features", self.city.features()) {
            at.must("rings", feature.rings.len > 0, "is empty")?;
            self.shape(at, feature.rings, Some(&feature.bounds))?;
            for (field, text) in
                [("name", feature.name), ("name_en", feature.name_en), ("class", feature.class)]
            {
                self.text(at, field, text)?;
            }
            at.number("area_square_metres", feature.area_square_metres)?;
            at.known("kind", MapKind::try_from_code(feature.kind))?;
            at.known("osm_kind", OsmKind::try_from_code(feature.osm_kind))?;
            at.known("flags", MapFeatureFlags::from_bits(feature.flags.bits()))?;
        }
        Ok(())
    }

    /// Checks rings, which belong to this row alone, and their bounding box if it is stored.
    fn shape(&mut self, at: At, rings: Span, bounds: Option<&Bounds>) -> Checked {
        self.rings.take(at, "rings", rings)?;
        let fits = bounds.is_none_or(|bounds| *bounds == self.bounds_of(rings));
        at.must("bounds", fits, "is not the box around its rings")
    }

    fn bounds_of(&self, rings: Span) -> Bounds {
        let mut bounds = Bounds::EMPTY;
        for Ring { line, .. } in &self.ring_rows[rings.range()] {
            self.points[line.range()].iter().for_each(|point| bounds.include(*point));
        }
        bounds
    }

    fn text(&mut self, at: At, field: &'static str, text: Text) -> Checked<&'a str> {
        self.text_bytes += u64::from(text.len);
        match self.texts.get(text.range()) {
            Some(text) => Ok(text),
            None => at.bad(field, "is not a text of `texts`"),
        }
    }

    /// A row's own key; without one, an object of the map must stand for the row.
    fn key(&mut self, at: At, key: Text, kind: u8, osm_id: i64) -> Checked {
        let key = self.text(at, "key", key)?;
        if key.is_empty() {
            let is_mapped = osm_id != 0 && kind != OsmKind::None.code();
            return at.must("key", is_mapped, "is none, and no object of the map stands for it");
        }
        at.must("key", may_be_key(key), "is not a key")
    }

    /// Checks the number of an own file, 0 for the map.
    fn source(&self, at: At, source: u32) -> Checked {
        let is_there = source as usize <= self.city.meta().own.len();
        at.must("source", is_there, "is the number of no own file")
    }
}

/// A row, for messages.
#[derive(Debug, Clone, Copy)]
struct At {
    table: &'static str,
    row: usize,
}

impl At {
    #[cold]
    fn bad<T>(self, field: &'static str, what: impl Into<String>) -> Checked<T> {
        Err(BadRow { table: self.table, row: self.row, field, what: what.into() })
    }

    #[inline]
    fn must(self, field: &'static str, holds: bool, what: &str) -> Checked {
        if holds { Ok(()) } else { self.bad(field, what) }
    }

    /// Checks a row number of a table of `count` rows and returns it as an index.
    #[inline]
    fn row_of(self, field: &'static str, table: &str, row: impl RowNumber, count: usize) -> Checked<usize> {
        let row = row.number() as usize;
        if row < count {
            Ok(row)
        } else {
            self.bad(field, format!("is {row}, and `{table}` has {count} rows"))
        }
    }

    /// As [`At::row_of`], with `u32::MAX` for none.
    #[inline]
    fn row_or_none(self, field: &'static str, table: &str, row: impl RowNumber, count: usize) -> Checked {
        if row.number() != u32::MAX {
            self.row_of(field, table, row, count)?;
        }
        Ok(())
    }

    /// Checks that a code, flags or an option is defined.
    #[inline]
    fn known<T>(self, field: &'static str, found: Option<T>) -> Checked<T> {
        match found {
            Some(found) => Ok(found),
            None => self.bad(field, "is not a value of its type"),
        }
    }

    #[inline]
    fn yes_or_no(self, field: &'static str, value: u8) -> Checked {
        self.must(field, value <= 1, "is neither 0 nor 1")
    }

    #[inline]
    fn number(self, field: &'static str, value: f32) -> Checked {
        self.must(field, value.abs() <= MOST, "is not a number that is ever written")
    }

    #[inline]
    fn point(self, point: Point) -> Checked {
        self.must("point", is_on_globe(point), "is off the globe")
    }
}

/// The rows of a table that spans refer to, as bits. Each row belongs to at most one span, so that spans
/// cannot multiply a table.
struct Taken {
    table: &'static str,
    count: usize,
    words: Vec<u64>,
}

impl Taken {
    fn of(table: &'static str, count: usize) -> Self {
        Self { table, count, words: vec![0; count.div_ceil(64)] }
    }

    #[inline]
    fn take(&mut self, at: At, field: &'static str, span: Span) -> Checked {
        let Range { start, end } = span.range();
        if end > self.count {
            return at.bad(field, format!("leads out of `{}`", self.table));
        }
        if start == end || self.mark(start, end) {
            return Ok(());
        }
        at.bad(field, format!("shares rows of `{}` with another", self.table))
    }

    /// Marks `start..end`, which is not empty; `false` if any of it was marked.
    #[inline]
    fn mark(&mut self, start: usize, end: usize) -> bool {
        let (first, last) = (start / 64, (end - 1) / 64);
        let (from, to) = (u64::MAX << (start % 64), u64::MAX >> (63 - (end - 1) % 64));
        if first == last {
            return self.mark_word(first, from & to);
        }
        let mut is_free = self.mark_word(first, from) & self.mark_word(last, to);
        for word in first + 1..last {
            is_free &= self.mark_word(word, u64::MAX);
        }
        is_free
    }

    #[inline]
    fn mark_word(&mut self, word: usize, bits: u64) -> bool {
        let word = &mut self.words[word];
        let is_free = *word & bits == 0;
        *word |= bits;
        is_free
    }
}

/// Spans that follow each other from the first row of a table to its last.
struct InTurn {
    table: &'static str,
    count: usize,
    next: usize,
}

impl InTurn {
    const fn of(table: &'static str, count: usize) -> Self {
        Self { table, count, next: 0 }
    }

    fn take(&mut self, at: At, field: &'static str, span: Span) -> Checked {
        let range = span.range();
        if range.start != self.next || range.end > self.count {
            return at.bad(field, format!("does not follow the rows of `{}` before it", self.table));
        }
        self.next = range.end;
        Ok(())
    }

    fn end(&self, owner: &'static str) -> Checked {
        let at = At { table: self.table, row: self.next };
        at.must(owner, self.next == self.count, "is missing: the row belongs to none")
    }
}

/// Row numbers of every type.
trait RowNumber: Copy {
    fn number(self) -> u32;
}

impl RowNumber for u32 {
    #[inline]
    fn number(self) -> u32 {
        self
    }
}

macro_rules! row_numbers {
    ($($id:ident),*) => {$(
        impl RowNumber for $id {
            #[inline]
            fn number(self) -> u32 {
                self.0
            }
        }
    )*};
}

row_numbers!(ComponentId, CompoundId, EdgeId, FacilityId, FeatureId, GateId, NodeId, UnitId, ZoneId);

fn rows<'a, T>(table: &'static str, rows: &'a [T]) -> impl Iterator<Item = (At, &'a T)> {
    rows.iter().enumerate().map(move |(row, it)| (At { table, row }, it))
}

#[inline]
const fn is_on_globe(point: Point) -> bool {
    point.lon.unsigned_abs() <= 1_800_000_000 && point.lat.unsigned_abs() <= 900_000_000
}
