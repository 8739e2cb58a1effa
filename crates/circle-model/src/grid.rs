//! A grid index of line segments in square cells. It finds what is near a place.

use crate::coordinates::{Bounds, Frame, Point};
use crate::plane;

/// Segments by the cells that their bounding boxes intersect. Building and querying are linear in the number
/// of cells.
#[derive(Debug, Clone, Default)]
pub struct SegmentGrid {
    west: i32,
    south: i32,
    /// Cells per 10⁻⁷ degrees: an integer division would cost more than the rest of a query.
    per_unit: [f64; 2],
    columns: i64,
    rows: i64,
    /// Start of each cell's segments in `entries`, with one more at the end.
    starts: Vec<u32>,
    entries: Vec<Entry>,
    /// Segments too long for cells, which every query tests.
    long: Vec<Entry>,
}

/// A segment with its number.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// One end.
    pub a: Point,
    /// The other end.
    pub b: Point,
    /// Its position among the segments that the grid was built from.
    pub id: u32,
}

/// Maximum number of cells of a segment; longer ones are in `long`.
const MOST_CELLS_PER_SEGMENT: i64 = 512;
const MOST_CELLS: i64 = 1 << 22;
/// Length of the pieces in which a query follows a line, unless that makes too many of them.
const PIECE_METRES: f64 = 100.0;
const MOST_PIECES: f64 = 4096.0;

impl SegmentGrid {
    /// Sorts segments into cells with sides of about `metres`.
    pub fn build(segments: impl Iterator<Item = (Point, Point)> + Clone, metres: f64) -> Self {
        let bounds = Bounds::of(segments.clone().flat_map(|(a, b)| [a, b]));
        if bounds.is_empty() {
            return Self { starts: vec![0, 0], columns: 1, rows: 1, ..Self::default() };
        }
        let frame = Frame::at(bounds.centre());
        let mut cell = [
            ((metres / frame.metres_per_lon.max(1e-6)) as i64).max(1),
            ((metres / frame.metres_per_lat) as i64).max(1),
        ];
        let width = i64::from(bounds.east) - i64::from(bounds.west);
        let height = i64::from(bounds.north) - i64::from(bounds.south);
        while (width / cell[0] + 1) * (height / cell[1] + 1) > MOST_CELLS {
            cell = [cell[0] * 2, cell[1] * 2];
        }
        let (columns, rows) = (width / cell[0] + 1, height / cell[1] + 1);
        let mut grid = Self {
            west: bounds.west,
            south: bounds.south,
            per_unit: cell.map(|cell| 1.0 / cell as f64),
            columns,
            rows,
            ..Self::default()
        };
        let mut counts = vec![0u32; (columns * rows) as usize + 1];
        for (a, b) in segments.clone() {
            let span = grid.span(&Bounds::of([a, b]));
            if span.cells() <= MOST_CELLS_PER_SEGMENT && !crosses_antimeridian(a, b) {
                span.each(columns, |cell| counts[cell + 1] += 1);
            }
        }
        for i in 1..counts.len() {
            counts[i] += counts[i - 1];
        }
        grid.starts.clone_from(&counts);
        let nothing = Entry { a: Point::default(), b: Point::default(), id: 0 };
        grid.entries = vec![nothing; counts.last().map_or(0, |n| *n as usize)];
        for (id, (a, b)) in (0u32..).zip(segments) {
            let span = grid.span(&Bounds::of([a, b]));
            let entry = Entry { a, b, id };
            if span.cells() > MOST_CELLS_PER_SEGMENT || crosses_antimeridian(a, b) {
                grid.long.push(entry);
                continue;
            }
            span.each(columns, |cell| {
                grid.entries[counts[cell] as usize] = entry;
                counts[cell] += 1;
            });
        }
        grid
    }

    /// Calls `visit` once for every segment whose bounding box intersects `area`, until it returns `false`.
    #[inline]
    pub fn visit(&self, area: &Bounds, mut visit: impl FnMut(&Entry) -> bool) {
        let meets = |entry: &Entry| boxes(entry).iter().any(|box_| box_.intersects(area));
        for entry in self.long.iter().filter(|entry| meets(entry)) {
            if !visit(entry) {
                return;
            }
        }
        if self.entries.is_empty() {
            return;
        }
        let asked = self.span(area);
        if asked.cells() > self.entries.len() as i64 {
            self.visit_all(area, visit);
            return;
        }
        for y in asked.south..=asked.north {
            for x in asked.west..=asked.east {
                let cell = (y * self.columns + x) as usize;
                for entry in &self.entries[self.starts[cell] as usize..self.starts[cell + 1] as usize] {
                    let box_ = Bounds::of([entry.a, entry.b]);
                    if !box_.intersects(area) {
                        continue;
                    }
                    // A segment in several cells is reported from the first one that the query reads.
                    if x > asked.west || y > asked.south {
                        let (first_x, first_y) = self.cell_of(box_.west, box_.south);
                        if first_x.max(asked.west) != x || first_y.max(asked.south) != y {
                            continue;
                        }
                    }
                    if !visit(entry) {
                        return;
                    }
                }
            }
        }
    }

    /// As [`Self::visit`], by a loop over all entries in cells. It is used if `area` has more cells than
    /// there are entries, for example between two places that bad data puts on different continents.
    #[cold]
    fn visit_all(&self, area: &Bounds, mut visit: impl FnMut(&Entry) -> bool) {
        for (at, entry) in self.entries.iter().enumerate() {
            let box_ = Bounds::of([entry.a, entry.b]);
            let (x, y) = self.cell_of(box_.west, box_.south);
            let first = (y * self.columns + x) as usize;
            // A segment in several cells is reported from its first one.
            let in_first = (self.starts[first] as usize..self.starts[first + 1] as usize).contains(&at);
            if in_first && box_.intersects(area) && !visit(entry) {
                return;
            }
        }
    }

    /// Calls `visit` once for every segment whose bounding box intersects that of `a` and `b`, widened by
    /// `metres`.
    #[inline]
    pub fn visit_near(&self, a: Point, b: Point, metres: f64, visit: impl FnMut(&Entry) -> bool) {
        self.visit(&widened(&Bounds::of([a, b]), metres), visit);
    }

    /// Calls `visit` for every segment whose bounding box intersects one of the boxes along the line from
    /// `p`, the origin of the frame, to `q`, until it returns `false`. It reports all segments that cross the
    /// line, those near `p` first, some several times. A single box of a long line would contain many
    /// segments far from it.
    #[inline]
    pub fn visit_along(&self, frame: &Frame, p: Point, q: Point, mut visit: impl FnMut(&Entry) -> bool) {
        let end = frame.local(q);
        let pieces = (plane::norm(end) / PIECE_METRES).ceil().clamp(1.0, MOST_PIECES);
        if pieces <= 1.0 {
            return self.visit(&Bounds::of([p, q]), visit);
        }
        let mut from = p;
        for piece in 1..=pieces as u32 {
            let to = frame.point(plane::along([0.0, 0.0], end, f64::from(piece) / pieces));
            let mut goes_on = true;
            // One metre more, because ends are rounded and a frame is inexact far from its origin.
            self.visit_near(from, to, 1.0, |entry| {
                goes_on = visit(entry);
                goes_on
            });
            if !goes_on {
                return;
            }
            from = to;
        }
    }

    #[inline]
    fn cell_of(&self, lon: i32, lat: i32) -> (i64, i64) {
        let x = ((f64::from(lon) - f64::from(self.west)) * self.per_unit[0]) as i64;
        let y = ((f64::from(lat) - f64::from(self.south)) * self.per_unit[1]) as i64;
        (x.clamp(0, self.columns - 1), y.clamp(0, self.rows - 1))
    }

    fn span(&self, bounds: &Bounds) -> CellSpan {
        let (west, south) = self.cell_of(bounds.west, bounds.south);
        let (east, north) = self.cell_of(bounds.east, bounds.north);
        CellSpan { west, south, east, north }
    }
}

/// Whether the short way between two places crosses 180° of longitude.
pub fn crosses_antimeridian(a: Point, b: Point) -> bool {
    (i64::from(a.lon) - i64::from(b.lon)).abs() > 1_800_000_000
}

/// The bounding boxes of a segment: one, or one on each side of the antimeridian.
fn boxes(entry: &Entry) -> [Bounds; 2] {
    let whole = Bounds::of([entry.a, entry.b]);
    if crosses_antimeridian(entry.a, entry.b) {
        [
            Bounds { west: whole.east, east: 1_800_000_000, ..whole },
            Bounds { east: whole.west, west: -1_800_000_000, ..whole },
        ]
    } else {
        [whole, whole]
    }
}

struct CellSpan {
    west: i64,
    south: i64,
    east: i64,
    north: i64,
}

impl CellSpan {
    fn cells(&self) -> i64 {
        (self.east - self.west + 1) * (self.north - self.south + 1)
    }

    fn each(&self, columns: i64, mut visit: impl FnMut(usize)) {
        for y in self.south..=self.north {
            for x in self.west..=self.east {
                visit((y * columns + x) as usize);
            }
        }
    }
}

/// A box widened by `metres` on every side.
#[inline]
pub fn widened(bounds: &Bounds, metres: f64) -> Bounds {
    let frame = Frame::at(bounds.centre());
    let dx = (metres / frame.metres_per_lon.max(1e-6)).min(f64::from(i32::MAX)) as i32;
    let dy = (metres / frame.metres_per_lat) as i32;
    Bounds {
        west: bounds.west.saturating_sub(dx),
        south: bounds.south.saturating_sub(dy),
        east: bounds.east.saturating_add(dx),
        north: bounds.north.saturating_add(dy),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn points() -> impl Strategy<Value = Point> {
        (0..200_000i32, 0..200_000i32).prop_map(|(lon, lat)| Point { lon, lat })
    }

    proptest! {
        #[test]
        fn queries_equal_a_linear_search(
            segments in prop::collection::vec((points(), points()), 0..60), west in 0..200_000i32, south in 0..200_000i32, size in 0..60_000i32,
        ) {
            let grid = SegmentGrid::build(segments.iter().copied(), 64.0);
            let area = Bounds { west, south, east: west + size, north: south + size };
            let mut found = Vec::new();
            grid.visit(&area, |entry| { found.push(entry.id as usize); true });
            found.sort_unstable();
            let truth: Vec<usize> = (0..segments.len())
                .filter(|i| Bounds::of([segments[*i].0, segments[*i].1]).intersects(&area)).collect();
            prop_assert_eq!(found, truth);
        }
    }

    proptest! {
        #[test]
        fn a_query_along_a_line_reports_all_that_cross_it(
            segments in prop::collection::vec((points(), points()), 0..60), p in points(), q in points(),
        ) {
            let (grid, frame) = (SegmentGrid::build(segments.iter().copied(), 64.0), Frame::at(p));
            let mut met = std::collections::BTreeSet::new();
            grid.visit_along(&frame, p, q, |entry| { met.insert(entry.id as usize); true });
            for (number, (a, b)) in segments.into_iter().enumerate() {
                if plane::crossing(frame.local(q), frame.local(a), frame.local(b)).is_some() {
                    prop_assert!(met.contains(&number));
                }
            }
        }
    }

    #[test]
    fn segments_in_a_wide_area_are_reported_once() {
        let short = |at: i32| (Point { lon: at, lat: at }, Point { lon: at + 20_000, lat: at + 20_000 });
        let segments = [short(-890_000_000), short(0), short(890_000_000)];
        let grid = SegmentGrid::build(segments.into_iter(), 64.0);
        assert!(grid.span(&Bounds::of([segments[0].0, segments[2].1])).cells() > grid.entries.len() as i64);
        let found_in = |area: Bounds, most: usize| {
            let mut found = Vec::new();
            grid.visit(&area, |entry| {
                found.push(entry.id);
                found.len() < most
            });
            found
        };
        let all = Bounds::of([segments[0].0, segments[2].1]);
        assert_eq!(found_in(all, 9), [0, 1, 2]);
        assert_eq!(found_in(all, 2), [0, 1], "it ends when told to");
        assert_eq!(found_in(Bounds::of([segments[1].0, segments[2].0]), 9), [1, 2]);
    }

    #[test]
    fn a_segment_around_half_the_globe_takes_no_cells() {
        let ends =
            [(Point { lon: -890_000_000, lat: -890_000_000 }, Point { lon: 890_000_000, lat: 890_000_000 })];
        let grid = SegmentGrid::build(ends.into_iter(), 64.0);
        assert!(grid.starts.len() as i64 <= MOST_CELLS + 1);
        let mut found = 0;
        grid.visit(&Bounds::of([Point::default()]), |_| {
            found += 1;
            true
        });
        assert_eq!(found, 1);
    }
}
