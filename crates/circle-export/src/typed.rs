//! Tables with typed columns, from which workbooks, `GeoPackage`s and Parquet files are written.

mod reshape;

use crate::words::Words;
use circle_model::{City, Point, city::Span};
use jiff::civil::Date;
use rustc_hash::FxHashMap;
use std::borrow::Cow;
use std::sync::Arc;

/// A table in memory: a sheet of a workbook, a layer of a `GeoPackage`, a Parquet file.
///
/// A hundred thousand rows are usual, so a cell is 16 bytes and each text is kept once.
#[derive(Debug, Clone)]
pub struct TypedTable {
    name: String,
    title: String,
    description: String,
    columns: Vec<Column>,
    cells: Vec<Cell>,
    texts: Texts,
    rows: usize,
    places: Option<Vec<Option<TableGeometry>>>,
    bars: Vec<Bar>,
    printed: Option<usize>,
    form: Option<Form>,
    styles: Vec<MapStyle>,
    label: Option<&'static str>,
}

/// How a workbook lays out a table that is printed and filled in: A4 across, texts wrapped, the heading on each page.
#[derive(Debug, Clone)]
pub struct Form {
    /// Widths of the columns, in characters.
    pub widths: Vec<f64>,
    /// Position of a column that takes one of a few words, and the words.
    pub choices: (usize, Vec<String>),
}

/// A way to show a layer on a map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MapStyle {
    /// What people choose it by, Chinese first.
    pub name: String,
    /// What decides on the colour.
    pub by: StyledBy,
}

/// What decides on the colour of a feature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StyledBy {
    /// The column of that key, which holds words of verdicts.
    Verdict(String),
    /// The column of that key, which holds shares from 0 to 1.
    Share(String),
    /// The column of that key, which holds one of some words.
    Words(String, Vec<StyledWord>),
}

/// A word of a column and how it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StyledWord {
    /// The word in the column.
    pub word: String,
    /// What people call it, Chinese first.
    pub label: String,
    /// sRGB as `#RRGGBB`.
    pub colour: String,
    /// Drawn as an outline only: not observed, but taken to be so.
    pub hollow: bool,
}

/// A part of the bar that a workbook draws for each row.
#[derive(Debug, Clone)]
pub struct Bar {
    /// Position of the column that it is as long as.
    pub column: usize,
    /// sRGB as `#RRGGBB`.
    pub colour: String,
}

/// A column: what programs and people call it, and what it holds.
#[derive(Debug, Clone)]
pub struct Column {
    /// Name of the field, in snake case with its unit: `walk_seconds`.
    pub key: Cow<'static, str>,
    /// Heading for people, Chinese first.
    pub heading: String,
    /// What its cells hold.
    pub kind: Kind,
    /// How a spreadsheet shows its numbers, in the code of spreadsheets (`0.0%`); by kind when `None`.
    pub shown_as: Option<&'static str>,
    /// What people read instead of the words of programs.
    words: Option<Arc<Words>>,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Words, and ids, whose digits must all survive.
    Text,
    /// Whole numbers.
    Whole,
    /// Any finite numbers.
    Number,
    /// Yes or no.
    Flag,
    /// Days.
    Date,
}

/// A cell. Texts are made by [`TypedTable::text`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cell {
    /// There is nothing to say.
    None,
    /// A text of the same table.
    Text(TextId),
    /// A whole number.
    Whole(i64),
    /// Any number; what is not finite counts as nothing.
    Number(f64),
    /// Yes or no.
    Flag(bool),
    /// A day.
    Date(Date),
}

/// A text of one table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextId(pub(crate) u32);

/// Where a row lies. Cheap to clone: all rows of a compound share one shape.
#[derive(Debug, Clone, PartialEq)]
pub enum TableGeometry {
    /// A point.
    Point(Point),
    /// Polygons: each the outer ring counter-clockwise, then its holes clockwise, all closed.
    Polygons(Arc<[Vec<Vec<Point>>]>),
}

impl Column {
    /// A column shown as its kind is.
    pub fn new(key: impl Into<Cow<'static, str>>, heading: impl Into<String>, kind: Kind) -> Self {
        Self { key: key.into(), heading: heading.into(), kind, shown_as: None, words: None }
    }

    /// A text of the column as people read it.
    pub(crate) fn shown<'a>(&'a self, word: &'a str) -> &'a str {
        self.words.as_ref().and_then(|words| words.get(word)).map_or(word, String::as_str)
    }

    /// With a spreadsheet's code for how to show numbers.
    pub fn shown_as(mut self, code: &'static str) -> Self {
        self.shown_as = Some(code);
        self
    }
}

/// Names that the formats use themselves.
const RESERVED: [&str; 3] = ["fid", "geom", "geometry"];

fn check_keys(columns: &[Column]) {
    for (index, column) in columns.iter().enumerate() {
        // SQLite does not tell `A` from `a`.
        let same = |other: &str| column.key.eq_ignore_ascii_case(other);
        assert!(!RESERVED.iter().any(|name| same(name)), "{} is taken", column.key);
        assert!(!columns[..index].iter().any(|other| same(&other.key)), "two columns {}", column.key);
    }
}

impl TypedTable {
    /// An empty table. `name` names the sheet and the layer, `title` says what it is, Chinese first.
    ///
    /// # Panics
    /// When two columns have the same key, or one is `fid`, `geom` or `geometry`.
    pub fn new(name: impl Into<String>, title: impl Into<String>, columns: Vec<Column>) -> Self {
        check_keys(&columns);
        Self {
            name: name.into(),
            title: title.into(),
            description: String::new(),
            columns,
            cells: Vec::new(),
            texts: Texts::default(),
            rows: 0,
            places: None,
            bars: Vec::new(),
            form: None,
            printed: None,
            styles: Vec::new(),
            label: None,
        }
    }

    /// The same table, of which a workbook prints the first columns alone, ruled as a form.
    pub fn with_printed_columns(self, columns: usize) -> Self {
        Self { printed: Some(columns.min(self.columns.len())), ..self }
    }

    /// How many columns a workbook prints, where not all.
    pub fn printed_columns(&self) -> Option<usize> {
        self.printed
    }

    /// The same table under another title.
    pub fn with_title(self, title: impl Into<String>) -> Self {
        Self { title: title.into(), ..self }
    }

    /// Says what people read instead of the words of a column.
    pub(crate) fn set_words(&mut self, key: &str, words: Arc<Words>) {
        if let Some(column) = self.columns.iter_mut().find(|column| column.key == key) {
            column.words = Some(words);
        }
    }

    /// As a form in workbooks.
    pub fn as_form(self, form: Form) -> Self {
        Self { form: Some(form), ..self }
    }

    /// The layout of a form; `None` for what is no form.
    pub fn form(&self) -> Option<&Form> {
        self.form.as_ref()
    }

    /// With what its title has no room for.
    pub fn with_description(self, description: impl Into<String>) -> Self {
        Self { description: description.into(), ..self }
    }

    /// With ways to show it on a map; programs open it with the first.
    pub fn with_styles(self, styles: Vec<MapStyle>) -> Self {
        Self { styles, ..self }
    }

    /// With the column of that key as labels on a map.
    pub fn labelled(self, key: &'static str) -> Self {
        Self { label: Some(key), ..self }
    }

    /// With more columns on the right; `cells` says what stands in them, row by row.
    ///
    /// # Panics
    /// When two columns have the same key, or a row's cells do not fit the columns.
    pub fn with_columns(
        mut self,
        columns: Vec<Column>,
        mut cells: impl FnMut(&mut Self, &[Cell]) -> Vec<Cell>,
    ) -> Self {
        let more = columns.len();
        let (before, places) = (std::mem::take(&mut self.cells), self.places.take());
        let (width, rows) = (self.columns.len(), std::mem::take(&mut self.rows));
        self.columns.extend(columns);
        check_keys(&self.columns);
        self.reserve(rows);
        for row in 0..rows {
            let row = &before[row * width..(row + 1) * width];
            let added = cells(&mut self, row);
            assert_eq!(added.len(), more, "{}: cells of a row", self.name);
            self.push(&[row, &added].concat());
        }
        self.places = places;
        self
    }

    /// With a bar for each row in workbooks, named by the first column.
    pub fn with_bars(self, bars: Vec<Bar>) -> Self {
        Self { bars, ..self }
    }

    /// The parts of each row's bar, from left to right; none where no bars are drawn.
    pub fn bars(&self) -> &[Bar] {
        &self.bars
    }

    /// The same table as a layer of a map: its rows may have places.
    pub fn with_places(mut self) -> Self {
        self.places.get_or_insert_with(|| vec![None; self.rows]);
        self
    }

    /// The same table without its places.
    pub fn without_places(self) -> Self {
        Self { places: None, ..self }
    }

    /// The same table with those rows alone whose cell of the column `key` is `word`.
    pub fn only(mut self, key: &str, word: &str) -> Self {
        let Some(column) = self.columns.iter().position(|column| column.key == key) else { return self };
        let width = self.columns.len();
        let wanted = self.texts.ids.get(word).map(|&id| Cell::Text(TextId(id)));
        let keep: Vec<bool> = self.rows().map(|row| Some(row[column]) == wanted).collect();
        let mut row = keep.iter();
        if let Some(places) = &mut self.places {
            places.retain(|_| *row.next().unwrap_or(&false));
        }
        let cells = self.cells.chunks_exact(width).zip(&keep).filter(|(_, keep)| **keep);
        self.cells = cells.flat_map(|(row, _)| row.iter().copied()).collect();
        self.rows = keep.into_iter().filter(|keep| *keep).count();
        self
    }

    /// Makes room, so that growing does not copy.
    pub fn reserve(&mut self, rows: usize) {
        self.cells.reserve(rows * self.columns.len());
    }

    /// A text as a cell. Asking once for what many rows repeat saves looking it up.
    pub fn text(&mut self, text: &str) -> Cell {
        Cell::Text(self.texts.id(text))
    }

    /// Adds a row without a place.
    ///
    /// # Panics
    /// When there are not as many cells as columns, or one is not of its column's kind.
    pub fn push(&mut self, cells: &[Cell]) {
        assert_eq!(cells.len(), self.columns.len(), "{}: cells of a row", self.name);
        for (&cell, column) in cells.iter().zip(&self.columns) {
            let cell = match cell {
                Cell::Number(number) if !number.is_finite() => Cell::None,
                cell => cell,
            };
            let kind = cell.kind();
            assert!(kind.is_none_or(|kind| kind == column.kind), "{}: {cell:?}", column.key);
            self.cells.push(cell);
        }
        self.rows += 1;
        if let Some(places) = &mut self.places {
            places.push(None);
        }
    }

    /// Adds a row that lies somewhere.
    ///
    /// # Panics
    /// As [`TypedTable::push`], and when the table is not [`TypedTable::with_places`].
    pub fn push_at(&mut self, place: TableGeometry, cells: &[Cell]) {
        self.push(cells);
        let last = self.places.as_mut().and_then(|places| places.last_mut());
        *last.expect("a table with places") = Some(place);
    }

    /// Name of the sheet and the layer.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it is, Chinese first.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// What its title has no room for; empty where that is nothing.
    pub fn description(&self) -> &str {
        &self.description
    }

    /// Ways to show it on a map.
    pub fn styles(&self) -> &[MapStyle] {
        &self.styles
    }

    /// The column that labels it on a map.
    pub fn label(&self) -> Option<&'static str> {
        self.label
    }

    /// The words of the cell of `row` in the column `key`.
    pub fn words_at<'a>(&'a self, row: &[Cell], key: &str) -> Option<&'a str> {
        let column = self.columns.iter().position(|column| column.key == key)?;
        match row.get(column)? {
            Cell::Text(text) => Some(self.words(*text)),
            _ => None,
        }
    }

    /// Its columns.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.rows
    }

    /// Whether it has no rows.
    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// Its rows, as they were added.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = &[Cell]> {
        let width = self.columns.len();
        (0..self.rows).map(move |row| &self.cells[row * width..(row + 1) * width])
    }

    /// The words of a text of this table.
    ///
    /// # Panics
    /// When another, longer table made it.
    pub fn words(&self, text: TextId) -> &str {
        &self.texts.words[text.0 as usize]
    }

    /// All texts, each once, by id.
    pub(crate) fn texts(&self) -> &[Arc<str>] {
        &self.texts.words
    }

    /// Whether its rows may have places.
    pub fn is_layer(&self) -> bool {
        self.places.is_some()
    }

    /// The place of a row.
    pub fn place(&self, row: usize) -> Option<&TableGeometry> {
        self.places.as_ref()?[row].as_ref()
    }
}

impl Cell {
    fn kind(self) -> Option<Kind> {
        Some(match self {
            Self::None => return None,
            Self::Text(_) => Kind::Text,
            Self::Whole(_) => Kind::Whole,
            Self::Number(_) => Kind::Number,
            Self::Flag(_) => Kind::Flag,
            Self::Date(_) => Kind::Date,
        })
    }
}

impl From<i64> for Cell {
    fn from(whole: i64) -> Self {
        Self::Whole(whole)
    }
}

impl From<u32> for Cell {
    fn from(whole: u32) -> Self {
        Self::Whole(whole.into())
    }
}

impl From<f64> for Cell {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl From<bool> for Cell {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

impl From<Date> for Cell {
    fn from(date: Date) -> Self {
        Self::Date(date)
    }
}

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::None, Into::into)
    }
}

impl TableGeometry {
    /// The shape of a record: its polygons, else the point that stands for it.
    pub fn of(city: &City, rings: Span, point: Point) -> Self {
        let polygons = crate::geometry::polygons(city, rings);
        if polygons.is_empty() { Self::Point(point) } else { Self::Polygons(polygons.into()) }
    }
}

/// Texts, each once. The map and the list share the words.
#[derive(Debug, Clone, Default)]
struct Texts {
    words: Vec<Arc<str>>,
    ids: FxHashMap<Arc<str>, u32>,
}

impl Texts {
    fn id(&mut self, text: &str) -> TextId {
        if let Some(&id) = self.ids.get(text) {
            return TextId(id);
        }
        let id = self.words.len() as u32;
        let words: Arc<str> = text.into();
        self.words.push(Arc::clone(&words));
        self.ids.insert(words, id);
        TextId(id)
    }
}

/// Days since 1970-01-01.
pub(crate) fn days(date: Date) -> i32 {
    date.duration_since(jiff::civil::date(1970, 1, 1)).as_hours() as i32 / 24
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use jiff::civil::date;

    /// A layer of three compounds, the last without a place.
    pub(crate) fn compounds() -> TypedTable {
        let columns = vec![
            Column::new("compound_name", "小区", Kind::Text),
            Column::new("residents", "居民 人", Kind::Whole),
            Column::new("walk_seconds", "步行 秒", Kind::Number),
            Column::new("covered_share", "达标 比例", Kind::Number).shown_as("0.0%"),
            Column::new("closed", "封闭", Kind::Flag),
            Column::new("since", "自", Kind::Date),
            Column::new("verdict", "结论", Kind::Text),
        ];
        let mut table = TypedTable::new("compounds", "小区结论 compounds", columns).with_places();
        let at = |lon: i32, lat: i32| Point { lon: 1_260_000_000 + lon, lat: 450_000_000 + lat };
        let ring = |from: i32, to: i32| vec![at(from, from), at(to, from), at(to, to), at(from, from)];
        let hole = vec![at(70_000, 20_000), at(70_000, 30_000), at(80_000, 30_000), at(70_000, 20_000)];
        let shape = TableGeometry::Polygons(vec![vec![ring(0, 100_000), hole]].into());
        let (covered, gap) = (table.text("covered"), table.text("gap"));
        let row = [
            table.text("=HYPERLINK(\"x\",\"y\")"),
            Cell::Whole(1204),
            Cell::Number(412.5),
            Cell::Number(0.75),
            Cell::Flag(true),
            Cell::Date(date(2024, 11, 1)),
            covered,
        ];
        table.push_at(shape, &row);
        let row = [
            table.text("滨江小区"),
            Cell::Whole(0),
            Cell::Number(f64::NAN),
            Cell::None,
            Cell::Flag(false),
            Cell::None,
            gap,
        ];
        table.push_at(TableGeometry::Point(at(-50_000, 200_000)), &row);
        table.push(&[Cell::None; 7]);
        table
    }

    #[test]
    fn a_text_is_kept_once_and_comes_back() {
        let mut table = compounds();
        assert_eq!(table.text("gap"), Cell::Text(TextId(1)));
        assert_eq!(table.texts().len(), 4);
        assert_eq!(table.words(TextId(3)), "滨江小区");
        assert_eq!(size_of::<Cell>(), 16);
    }

    #[test]
    fn rows_come_back_as_they_were_added() {
        let table = compounds();
        assert_eq!((table.len(), table.rows().len()), (3, 3));
        let row = table.rows().nth(1).unwrap();
        assert_eq!(row[1..5], [Cell::Whole(0), Cell::None, Cell::None, Cell::Flag(false)]);
        assert!(table.place(1).is_some() && table.place(2).is_none());
    }

    #[test]
    fn columns_are_added_beside_the_rows_they_are_of() {
        let more = vec![Column::new("double", "两倍", Kind::Whole), Column::new("word", "词", Kind::Text)];
        let table = compounds().with_columns(more, |table, row| {
            let double = match row[1] {
                Cell::Whole(residents) => Cell::Whole(2 * residents),
                _ => Cell::None,
            };
            let word = table.words_at(row, "verdict").map(|word| format!("is {word}"));
            vec![double, word.map_or(Cell::None, |word| table.text(&word))]
        });
        let rows: Vec<&[Cell]> = table.rows().collect();
        assert_eq!((rows.len(), rows[0][7], rows[2][7]), (3, Cell::Whole(2408), Cell::None));
        assert_eq!(table.words_at(rows[1], "word"), Some("is gap"));
        assert!(table.place(0).is_some() && table.place(1).is_some() && table.place(2).is_none());
    }

    #[test]
    #[should_panic(expected = "residents: Flag(true)")]
    fn a_cell_of_another_kind_is_a_mistake() {
        let mut table = TypedTable::new("t", "t", vec![Column::new("residents", "居民", Kind::Whole)]);
        table.push(&[Cell::Flag(true)]);
    }

    #[test]
    #[should_panic(expected = "two columns Name")]
    fn two_columns_of_one_key_are_a_mistake() {
        let column = |key: &'static str| Column::new(key, key, Kind::Text);
        TypedTable::new("t", "t", vec![column("name"), column("Name")]);
    }

    #[test]
    fn days_are_counted_from_1970() {
        assert_eq!(days(date(1970, 1, 1)), 0);
        assert_eq!(days(date(2024, 2, 29)), 19_782);
        assert_eq!(days(date(1969, 12, 31)), -1);
    }
}
